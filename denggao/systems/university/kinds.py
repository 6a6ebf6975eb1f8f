"""The kinds of units there are. What a kind is lies here; how it is played lies in the room that plays it. Later systems plug
kinds of their own in ``wiring.py``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denggao.systems.university import unit_settings
from denggao.systems.university.unit_settings import Clean, Settings


class CompletesBy(StrEnum):
    """What makes a unit done."""

    WATCHED = "watched"
    READ = "read"
    ATTENDED = "attended"
    GRADED = "graded"
    SIGNED = "signed"
    PASSED = "passed"


@dataclass(frozen=True)
class UnitKind:
    """``clean`` checks settings and raises ``SettingsWrong``; ``editor`` is the template that asks for them, ``player`` the one
    that shows the unit to a learner. ``main`` names the types of file it shows, none where it needs no file. ``tracks_time``:
    whether learning time is counted in it."""

    code: str
    label: Promise
    icon: str
    completes_by: CompletesBy
    clean: Clean
    editor: str
    player: str
    main: tuple[str, ...] = ()
    tracks_time: bool = True

    def settings(self, raw: object) -> Settings:
        """Clean settings. Raises SettingsWrong."""
        return self.clean(raw)


_KINDS: dict[str, UnitKind] = {}


class UnknownKind(LookupError):
    """No room knows this kind of unit."""


def register(kind: UnitKind) -> None:
    _KINDS[kind.code] = kind


def kind_of(code: str) -> UnitKind:
    """Raises UnknownKind."""
    try:
        return _KINDS[code]
    except KeyError:
        raise UnknownKind(code) from None


def known(code: str) -> bool:
    return code in _KINDS


def all_kinds() -> list[UnitKind]:
    """In the order in which they were registered."""
    return list(_KINDS.values())


_BY = CompletesBy
for _kind in (
    UnitKind("video", _("Video"), "player-play", _BY.WATCHED, unit_settings.played, "played", "video", ("video",)),
    UnitKind("reading", _("Reading"), "book", _BY.READ, unit_settings.read_through, "read", "reading"),
    UnitKind("pdf", _("PDF"), "file-type-pdf", _BY.READ, unit_settings.read_through, "read", "pdf", ("pdf",)),
    UnitKind("office", _("Office file"), "file-text", _BY.READ, unit_settings.read_through, "read", "office", ("office",)),
    UnitKind("audio", _("Audio"), "headphones", _BY.WATCHED, unit_settings.played, "played", "audio", ("audio",)),
    UnitKind("check", _("Self-check"), "help-circle", _BY.PASSED, unit_settings.check, "check", "check"),
    UnitKind("assignment", _("Assignment"), "pencil", _BY.GRADED, unit_settings.assignment, "assignment", "assignment"),
    UnitKind("practical", _("Practical task"), "tool", _BY.SIGNED, unit_settings.practical, "practical", "practical"),
    UnitKind("live", _("Live class"), "broadcast", _BY.ATTENDED, unit_settings.live, "live", "live"),
):
    register(_kind)
