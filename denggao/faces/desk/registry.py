"""What waits for someone, and what can be searched: sources registered by the roof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.ui.navigation import EVERYONE, holds_any


@dataclass(frozen=True)
class WorkSource:
    """One kind of work. ``count`` says how many items wait for this actor (one query); ``url`` is a route without
    arguments or a path; ``hint`` says what to do about one."""

    code: str
    label: str | Promise
    hint: str | Promise
    icon: str
    roles: frozenset[Role]
    count: Callable[[Actor], int]
    url: str
    query: str = ""
    position: int = 50


@dataclass(frozen=True)
class Work:
    """A source as the desk shows it."""

    code: str
    label: str
    hint: str
    icon: str
    count: int
    url: str


@dataclass(frozen=True)
class Hit:
    """Something found: its name (masked where it is a person's), a line that tells it from others, its page."""

    title: str
    line: str
    url: str


@dataclass(frozen=True)
class SearchSource:
    """``find`` gives at most ``limit`` hits among what the actor may see, the best first."""

    code: str
    label: str | Promise
    icon: str
    find: Callable[[Actor, str, int], list[Hit]]
    roles: frozenset[Role] = EVERYONE
    position: int = 50


_work: dict[str, WorkSource] = {}
_search: dict[str, SearchSource] = {}


def register_work(*sources: WorkSource) -> None:
    for source in sources:
        _work[source.code] = source


def register_search(*sources: SearchSource) -> None:
    for source in sources:
        _search[source.code] = source


def _open_to(actor: Actor, roles: frozenset[Role]) -> bool:
    return roles == EVERYONE or holds_any(actor, roles)


def work_of(actor: Actor) -> list[Work]:
    """Every kind of work this actor's roles do, in order, also those where nothing waits."""
    found = []
    for source in sorted(_work.values(), key=lambda source: (source.position, source.code)):
        address = _address(source.url)
        if address and _open_to(actor, source.roles):
            found.append(
                Work(source.code, str(source.label), str(source.hint), source.icon, source.count(actor), address + source.query)
            )
    return found


def search_sources_of(actor: Actor) -> list[SearchSource]:
    return [
        source
        for source in sorted(_search.values(), key=lambda source: (source.position, source.code))
        if _open_to(actor, source.roles)
    ]


def _address(url: str) -> str:
    if url.startswith("/"):
        return url
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""
