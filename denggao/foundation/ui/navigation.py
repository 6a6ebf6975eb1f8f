"""What stands in the navigation. Rooms above are plugged in by the roof; nothing here knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.foundation.audit.actors import OFFICE_ROLES, Actor, Role

# The groups of the side navigation, top to bottom. The first has no heading.
GROUPS: dict[str, str | Promise] = {
    "": "",
    "own": pgettext_lazy("navigation", "About me"),
    "work": _("Programme"),
    "data": _("Data"),
    "system": _("System"),
}

EVERYONE: frozenset[Role] = frozenset(Role)
OFFICE = OFFICE_ROLES
OVERSIGHT = OFFICE_ROLES | {Role.AUTHORITY}
# Who signs in for a body or for the office; everybody else signs in for oneself.
FOR_OTHERS = OVERSIGHT | {Role.HR, Role.BASE_MANAGER}


@dataclass(frozen=True)
class NavItem:
    """``url`` is the name of a route without arguments. Who holds none of ``roles`` in any body doesn't see it, unless it is
    ``personal`` and the account acts for nobody else; what is behind the link guards itself. ``count`` gives the number that
    waits there, 0 for none."""

    code: str
    label: str | Promise
    icon: str
    url: str
    group: str = ""
    position: int = 50
    roles: frozenset[Role] = EVERYONE
    count: Callable[[Actor], int] | None = None
    on_phone: bool = False
    personal: bool = False

    def is_for(self, actor: Actor) -> bool:
        if self.roles == EVERYONE or holds_any(actor, self.roles):
            return True
        return self.personal and actor.user is not None and not holds_any(actor, FOR_OTHERS)


@dataclass(frozen=True)
class NavLink:
    """An item as one page shows it."""

    code: str
    label: str
    icon: str
    url: str
    on: bool
    count: int
    on_phone: bool


@dataclass(frozen=True)
class NavGroup:
    code: str
    label: str
    links: list[NavLink] = field(default_factory=list)


@dataclass(frozen=True)
class PublicItem:
    """``under`` is what the addresses of pages begin with that belong to it beside its own."""

    code: str
    label: str | Promise
    url: str
    position: int = 50
    in_footer: bool = False
    under: str | tuple[str, ...] = ""


@dataclass(frozen=True)
class Identity:
    """Who is signed in, as the frame shows it: a name, and a line such as the role and the body."""

    name: str
    line: str = ""


_items: dict[str, NavItem] = {}
_public: dict[str, PublicItem] = {}
_identify: Callable[[Actor], Identity] | None = None


def register_item(*items: NavItem) -> None:
    for item in items:
        if item.group not in GROUPS:
            raise ValueError(f"{item.code}: there is no group “{item.group}”")
        _items[item.code] = item


def register_public(*items: PublicItem) -> None:
    for item in items:
        _public[item.code] = item


def set_identity(identify: Callable[[Actor], Identity]) -> None:
    """Plugged in by the roof: names lie in ``people``, above this room."""
    global _identify
    _identify = identify


def identity_of(actor: Actor) -> Identity:
    return _identify(actor) if _identify is not None else Identity(actor.text)


def holds_any(actor: Actor, roles: Iterable[Role]) -> bool:
    """Whether one of the roles is held anywhere, in whichever body."""
    wanted = frozenset(roles)
    return actor.is_operator or any(grant.role in wanted for grant in actor.grants)


def links_for(actor: Actor, path: str) -> list[NavGroup]:
    """The side navigation of one actor, grouped, empty groups left out. The link whose address is the longest
    beginning of ``path`` is the one that is on."""
    open_to = [item for item in _items.values() if item.is_for(actor)]
    addresses = {item.code: address for item in open_to if (address := _address(item.url))}
    begun = (code for code, address in addresses.items() if path == address or (address != "/" and path.startswith(address)))
    current = max(begun, key=lambda code: len(addresses[code]), default="")
    groups = {code: NavGroup(code, str(label)) for code, label in GROUPS.items()}
    for item in sorted(open_to, key=lambda item: (item.position, item.code)):
        if item.code in addresses:
            groups[item.group].links.append(
                NavLink(
                    item.code,
                    str(item.label),
                    item.icon,
                    addresses[item.code],
                    item.code == current,
                    item.count(actor) if item.count else 0,
                    item.on_phone,
                )
            )
    return [group for group in groups.values() if group.links]


def public_links(path: str, *, footer: bool = False) -> list[NavLink]:
    chosen = sorted((item for item in _public.values() if item.in_footer is footer), key=lambda item: (item.position, item.code))
    return [
        NavLink(item.code, str(item.label), "", address, _is_on(item, address, path), 0, False)
        for item in chosen
        if (address := _address(item.url))
    ]


def _is_on(item: PublicItem, address: str, path: str) -> bool:
    return path == address or (address != "/" and path.startswith(address)) or (bool(item.under) and path.startswith(item.under))


@cache
def _reversed(name: str) -> str:
    return reverse(name)


def _address(name: str) -> str:
    if name.startswith("/"):
        return name
    try:
        return _reversed(name)
    except NoReverseMatch:
        return ""
