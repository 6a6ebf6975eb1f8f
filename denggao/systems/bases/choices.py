"""What a form offers to choose from, and how names people write become rows: industries and occupations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.models import Industry, Occupation
from denggao.foundation.standards.queries import OccupationFinder, Resolution
from denggao.foundation.standards.rules import flat


def industry_choices() -> list[tuple[str, str]]:
    return [(item.code, item.name) for item in Industry.objects.all()]


class IndustryFinder:
    """From what people wrote to the industry meant. One query."""

    def __init__(self) -> None:
        known = list(Industry.objects.all())
        self.by_code = {item.code: item for item in known}
        self.names = "、".join(item.name_zh for item in known)
        self._by_key = {_key(name): item for item in known for name in (item.name_zh, item.name_en, item.code) if name}

    def named(self, text: str) -> Industry | None:
        return self._by_key.get(_key(text))


def _key(text: str) -> str:
    return re.sub("(产业|行业|领域)$", "", flat(text))


def occupation_named(finder: OccupationFinder, text: str) -> tuple[Occupation | None, str]:
    """The occupation a cell means, or the sentence that says why none is."""
    found = finder.resolve(text)
    if found.occupation is not None:
        return found.occupation, ""
    likely = "、".join(item.name_zh for item in finder.candidates(text)[:3])
    if found.state is Resolution.AMBIGUOUS and likely:
        return None, _("“%(text)s” may mean several occupations: write one of %(likely)s.") % {"text": text[:30], "likely": likely}
    if likely:
        return None, _("“%(text)s” is no occupation that is known here; perhaps %(likely)s.") % {
            "text": text[:30],
            "likely": likely,
        }
    return None, _("“%(text)s” is no occupation that is known here. Write its name as in the national taxonomy.") % {
        "text": text[:30]
    }


def checked_names(rows: Sequence[dict[str, Any]]) -> list[ValidationError]:
    """A sentence for each row whose occupation or industry is not known. Rows as ``RowsField`` cleans them."""
    occupations, industries = OccupationFinder(), IndustryFinder()
    faults = []
    for number, row in enumerate(rows, start=1):
        if "occupation" in row:
            _occupation, why = occupation_named(occupations, row["occupation"] or "")
            if why:
                faults.append(_("Row %(row)s: %(fault)s") % {"row": number, "fault": why})
        if row.get("industry") and industries.named(row["industry"]) is None:
            why = _("“%(text)s” is no industry of this platform: write one of %(names)s.") % {
                "text": row["industry"][:30],
                "names": industries.names,
            }
            faults.append(_("Row %(row)s: %(fault)s") % {"row": number, "fault": why})
    return [ValidationError(fault) for fault in faults]


def level_names(codes: str) -> str:
    """``5,4,3`` in words."""
    return "、".join(BY_CODE[code].name for code in codes.split(",") if code in BY_CODE)
