"""How an expert's points are read and judged against a rubric's lines. Pure; every refusal is a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denggao.engines.reviews.rules.statistics import rounded

COMMENT_LIMIT = 2000
_PLAIN = re.compile(r"\d{1,6}(?:\.\d{1,4})?")


class PointsRefused(ValueError):
    """What was entered is no points of this criterion. The message may be shown."""


@dataclass(frozen=True)
class ScalePoint:
    """What so many points mean, in words."""

    points: Decimal
    zh: str
    en: str = ""


@dataclass(frozen=True)
class CriterionLine:
    """One criterion: from 0 to ``max_points`` in steps of ``step``, weighed by ``weight``. ``scale`` runs from 0 to the most.
    Points at either end need a comment where ``comment_at_extremes``. ``confidence`` says how well the criterion itself is
    founded, ``scale_confidence`` its descriptions."""

    code: str
    zh: str
    max_points: Decimal
    en: str = ""
    group: str = ""
    weight: Decimal = Decimal(1)
    step: Decimal = Decimal("0.5")
    scale: tuple[ScalePoint, ...] = ()
    comment_at_extremes: bool = True
    confidence: str = "C"
    scale_confidence: str = "C"
    note_zh: str = ""
    note_en: str = ""

    @property
    def most(self) -> Decimal:
        """What the criterion adds to the total at most."""
        return self.max_points * self.weight


@dataclass(frozen=True)
class Group:
    """Criteria that stand together, such as the form's base part."""

    code: str
    zh: str
    en: str = ""
    confidence: str = "C"


@dataclass(frozen=True)
class RubricLines:
    """A whole version as data."""

    code: str
    zh: str
    criteria: tuple[CriterionLine, ...]
    groups: tuple[Group, ...] = ()
    en: str = ""
    document: str = ""
    confidence: str = "C"
    note_zh: str = ""
    note_en: str = ""

    @property
    def total(self) -> Decimal:
        return total_of(self.criteria)


@dataclass(frozen=True)
class Given:
    """What an expert has entered for one criterion; ``points`` None where there is only a comment yet."""

    points: Decimal | None = None
    comment: str = ""


Lines = Iterable[CriterionLine]
_NOTHING = Given()


def total_of(criteria: Lines) -> Decimal:
    """The most points there are."""
    return rounded(sum((line.most for line in criteria), Decimal(0)))


def weighed(criteria: Lines, given: Mapping[str, Decimal]) -> Decimal:
    """The total of points by criterion; one that is missing adds nothing."""
    return rounded(sum((given.get(line.code, Decimal(0)) * line.weight for line in criteria), Decimal(0)))


def read_points(text: str, line: CriterionLine) -> Decimal:
    """Points as written, also in full-width digits. Raises PointsRefused with what is wrong and what would be right."""
    written = unicodedata.normalize("NFKC", text).strip().replace("。", ".")
    if not _PLAIN.fullmatch(written):
        raise PointsRefused(
            _("%(name)s: “%(text)s” is not a number of points. Enter 0 to %(most)s.")
            % {"name": name_of(line), "text": text.strip()[:20], "most": plain(line.max_points)}
        )
    points = Decimal(written)
    if points > line.max_points:
        raise PointsRefused(
            _("%(name)s: %(points)s is more than there is. Enter 0 to %(most)s.")
            % {"name": name_of(line), "points": plain(points), "most": plain(line.max_points)}
        )
    if points % line.step:
        raise PointsRefused(
            _("%(name)s: points go in steps of %(step)s; %(points)s lies between two.")
            % {"name": name_of(line), "step": plain(line.step), "points": plain(points)}
        )
    return points


def needs_comment(line: CriterionLine, points: Decimal | None) -> bool:
    """Nought and the most need a word of why."""
    return points is not None and line.comment_at_extremes and points in {Decimal(0), line.max_points}


def missing(criteria: Lines, given: Mapping[str, Given]) -> dict[str, str]:
    """What stands in the way of handing the sheet in, as sentences by criterion, in the sheet's order. Empty: nothing."""
    found: dict[str, str] = {}
    for line in criteria:
        entry = given.get(line.code, _NOTHING)
        if entry.points is None:
            found[line.code] = _("%(name)s: enter points, 0 to %(most)s.") % {
                "name": name_of(line),
                "most": plain(line.max_points),
            }
        elif needs_comment(line, entry.points) and not entry.comment.strip():
            found[line.code] = _("%(name)s: %(points)s is the end of the scale; say in a comment why.") % {
                "name": name_of(line),
                "points": plain(entry.points),
            }
    return found


def reweighed(rubric: RubricLines, weights: Mapping[str, Decimal]) -> dict[str, str]:
    """What is wrong with new weights, as sentences by criterion; ``""`` for the whole. Empty: nothing."""
    found: dict[str, str] = {}
    lines = {line.code: line for line in rubric.criteria}
    for code, weight in weights.items():
        if code not in lines:
            found[code] = _("There is no criterion “%(code)s” in this rubric.") % {"code": code}
        elif not weight.is_finite() or not 0 <= weight <= 100 or weight != weight.quantize(Decimal("0.001")):
            found[code] = _("%(name)s: a weight lies between 0 and 100 and has at most three decimals.") % {
                "name": name_of(lines[code])
            }
    if not found and not any(weights.get(line.code, line.weight) for line in rubric.criteria):
        found[""] = _("At least one criterion must weigh something.")
    return found


def plain(points: Decimal) -> str:
    """97.5 instead of 97.50, 25 instead of 25.00."""
    return f"{points.normalize():f}"


def name_of(line: CriterionLine) -> str:
    return line.en if line.en and (get_language() or "").startswith("en") else line.zh


def content_of(rubric: RubricLines) -> dict[str, Any]:
    """A version as plain values: what its hash covers."""
    return {
        "code": rubric.code,
        "title": [rubric.zh, rubric.en],
        "document": rubric.document,
        "confidence": rubric.confidence,
        "note": [rubric.note_zh, rubric.note_en],
        "groups": [[group.code, group.zh, group.en, group.confidence] for group in rubric.groups],
        "criteria": [
            {
                "code": line.code,
                "group": line.group,
                "name": [line.zh, line.en],
                "max": plain(line.max_points),
                "weight": plain(line.weight),
                "step": plain(line.step),
                "scale": [[plain(point.points), point.zh, point.en] for point in line.scale],
                "comment": line.comment_at_extremes,
                "confidence": [line.confidence, line.scale_confidence],
                "note": [line.note_zh, line.note_en],
            }
            for line in rubric.criteria
        ],
    }
