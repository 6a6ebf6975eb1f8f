"""What the platform itself knows of those an application is about: read-only beside the answers, and frozen with them.

A system declares it (``CaseSystem.known``); it is kept in both languages, as plain JSON:
``[{"section": …, "title": {"zh", "en"}, "lines": [{"label": …, "value": …, "source": …}]}]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from denggao.engines.cases.models import Case
from denggao.foundation.messages.registry import in_both

Kept = list[dict[str, Any]]


@dataclass(frozen=True)
class ShownLine:
    label: str
    value: str
    source: str


@dataclass(frozen=True)
class ShownKnown:
    """What is known under one heading, in the active language; ``section`` is the code of the form's section it stands in."""

    section: str
    title: str
    lines: tuple[ShownLine, ...]


def known_of(case: Case) -> Kept:
    """As it is at this moment. The system is asked once."""
    return [
        {
            "section": each.section,
            "title": _both(each.title),
            "lines": [
                {"label": _both(line.label), "value": _both(line.value), "source": _both(line.source)} for line in each.lines
            ],
        }
        for each in case.declared.system.known(case)
        if each.lines
    ]


def _both(text: Any) -> dict[str, str]:
    return in_both(lambda: text)


def shown_known(kept: Iterable[Mapping[str, Any]] | None) -> list[ShownKnown]:
    return [
        ShownKnown(
            each["section"],
            _said(each["title"]),
            tuple(ShownLine(_said(line["label"]), _said(line["value"]), _said(line["source"])) for line in each["lines"]),
        )
        for each in kept or ()
    ]


def _said(text: Mapping[str, str]) -> str:
    return (text.get("en") if (get_language() or "").startswith("en") else "") or text.get("zh") or ""


def known_in(section: str, known: Sequence[ShownKnown], codes: Sequence[str]) -> list[ShownKnown]:
    """What stands in one section of a form; in its first, what names none of them."""
    return [each for each in known if each.section == section or (each.section not in codes and section == codes[0])]
