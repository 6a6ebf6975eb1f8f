"""What a level certificate must satisfy. Pure: no database, no clock.

Sources of the numbers' shapes: the ministry's coding rule for skill-level certificates (22 characters), the older rule for
vocational qualification certificates (16 digits); both as re-told (docs, "Rules and their sources").
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.people.rules import age_on
from denggao.foundation.plans.registry import RuleWords
from denggao.foundation.sheets.kinds import Fault
from denggao.foundation.standards.ladder import BY_CODE
from denggao.systems.assessment.models import LevelCertificate

Shape = LevelCertificate.NumberShape

FIRST_RAISE_IN_WORDS = RuleWords(
    _(
        "A head counts by a certificate of skill level issued within the plan, if no earlier certificate of that person in the "
        "same occupation is of the same or a higher level, and the person worked on that day, in a front-line post, for an "
        "employer that takes part in the plan. It counts once, by the earliest such certificate."
    )
)

# Y or S (employer, social body) · 4 the body, given by the ministry · 2 province · 6 the body or site, given by the
# province · 2 year · 1 level · 6 serial.
_NATIONAL = re.compile(r"[YS]\d{4}\d{2}\d{6}(?P<year>\d{2})(?P<level>\d)\d{6}", re.ASCII)
# 特级技师: the same seven parts in two letters and 20 digits. The rule as re-told does not say where the second letter stands;
# both readings put the year where it is here.
_SPECIAL = (
    re.compile(r"[YS][A-Z]\d{4}\d{2}\d{6}(?P<year>\d{2})\d{6}", re.ASCII),
    re.compile(r"[YS]\d{4}\d{2}\d{6}(?P<year>\d{2})[A-Z]\d{6}", re.ASCII),
)
# 2 year · 2 province (the old list of them: Shanghai is 09) · 2 city · 1 kind of body · 3 serial · 1 level · 5 serial.
# 000 in front is the padding of the old 13 digits, or the year 2000: which of the two, the office says.
_LEGACY = re.compile(r"(?!000)(?P<year>\d{2})\d{8}(?P<level>\d)\d{5}", re.ASCII)


@dataclass(frozen=True)
class NumberRead:
    """What a certificate's number says: two digits of its year, and its level code; both None for another shape."""

    shape: Shape
    year: str | None = None
    level: str | None = None


def read_number(number: str) -> NumberRead:
    """``number`` as cleaned by ``credentials.rules.clean_number``."""
    if found := _NATIONAL.fullmatch(number):
        return NumberRead(Shape.NATIONAL, found["year"], found["level"])
    for pattern in _SPECIAL:
        if found := pattern.fullmatch(number):
            return NumberRead(Shape.NATIONAL, found["year"], "special")
    if found := _LEGACY.fullmatch(number):
        return NumberRead(Shape.LEGACY, found["year"], found["level"])
    return NumberRead(Shape.OTHER)


def number_faults(read: NumberRead, *, level: str | None, issued_on: dt.date | None) -> list[Fault]:
    """Where the number and the rest of the row disagree."""
    faults = []
    if read.level is not None and level is not None and read.level != level:
        said = BY_CODE[read.level].name_zh if read.level in BY_CODE else read.level
        faults.append(
            Fault(
                "number",
                _("Certificate number: its level digit says %(number)s, the level column says %(row)s. Correct the wrong one."),
                {"number": said, "row": BY_CODE[level].name_zh},
            )
        )
    if read.year is not None and issued_on is not None and int(read.year) != issued_on.year % 100:
        faults.append(
            Fault(
                "number",
                _("Certificate number: its year digits are %(number)s, the issue date lies in %(row)s. Correct the wrong one."),
                {"number": read.year, "row": issued_on.year},
            )
        )
    return faults


def issue_faults(issued_on: dt.date, *, today: dt.date, born_on: dt.date | None, least_age: int) -> list[Fault]:
    """An issue date in the future, or before the holder was of age."""
    if issued_on > today:
        return [Fault("issued_on", _("Issue date: %(day)s lies in the future. Correct it."), {"day": issued_on.isoformat()})]
    if born_on is not None and age_on(born_on, issued_on) < least_age:
        return [
            Fault(
                "issued_on",
                _(
                    "Issue date: the holder was under %(age)s on that day, by the birth date of the document. "
                    "Correct the wrong one."
                ),
                {"age": least_age},
            )
        ]
    return []


_PARTS = {"theory_score": _("Theory score"), "skill_score": _("Skill score")}


def score_faults(scores: Mapping[str, Decimal | None], *, pass_mark: Decimal) -> list[Fault]:
    """Each part must reach the pass mark; a part without a score is not known and passes."""
    faults = []
    for column, score in scores.items():
        if score is None:
            continue
        values = {"part": _PARTS[column], "score": f"{score.normalize():f}", "mark": f"{pass_mark.normalize():f}"}
        if not 0 <= score <= 100:
            faults.append(Fault(column, _("%(part)s: %(score)s is no score between 0 and 100. Correct it."), values))
        elif score < pass_mark:
            faults.append(
                Fault(
                    column,
                    _(
                        "%(part)s: %(score)s is under the pass mark %(mark)s, so no certificate stands. "
                        "Correct it or leave the row out."
                    ),
                    values,
                )
            )
    return faults


def disagreeing(given: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """The columns in which a row says something else than what is registered. Nothing given, or nothing known, is no
    disagreement. Of two ways to say an occupation (written, resolved) one that agrees is enough."""
    columns = [
        name
        for name, value in given.items()
        if value not in (None, "") and known.get(name) not in (None, "") and value != known[name]
    ]
    if "occupation" in columns and given.get("occupation_id") and given["occupation_id"] == known.get("occupation_id"):
        columns.remove("occupation")
    return [name for name in columns if name != "occupation_id"]
