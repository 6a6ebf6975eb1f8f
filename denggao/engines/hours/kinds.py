"""Kinds of hours. Those the platform knows from the start are here; a system with another kind registers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

ONLINE, CLASSROOM, PRACTICAL, WORKPLACE = "online", "classroom", "practical", "workplace"


@dataclass(frozen=True)
class HourKind:
    """How hours of one kind are called and shown, in which place."""

    code: str
    label: Any
    position: int
    icon: str


_kinds: dict[str, HourKind] = {}


def register_kind(kind: HourKind) -> None:
    """Raises RuntimeError where the code is taken."""
    if _kinds.setdefault(kind.code, kind) != kind:
        raise RuntimeError(f"The kind of hours {kind.code} is taken.")


def kinds() -> list[HourKind]:
    return sorted(_kinds.values(), key=lambda kind: (kind.position, kind.code))


def kind_label(code: str) -> Any:
    return _kinds[code].label if code in _kinds else code


register_kind(HourKind(ONLINE, _("online"), 10, "device-desktop"))
register_kind(HourKind(CLASSROOM, _("classroom"), 20, "school"))
register_kind(HourKind(PRACTICAL, _("practice"), 30, "tool"))
register_kind(HourKind(WORKPLACE, _("at work"), 40, "building-factory-2"))
