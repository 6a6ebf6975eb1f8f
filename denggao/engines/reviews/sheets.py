"""Reads: an expert's queue and sheet, as pages and the device show them. Everything here is the expert's own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from denggao.engines.reviews.models import Assignment, Criterion, RubricVersion, Score, ScoreChange, ScoreEntry
from denggao.engines.reviews.policies import visible_assignments
from denggao.engines.reviews.rules.rubric import Given, missing, needs_comment, plain, weighed
from denggao.foundation.audit.actors import Actor

EARLIER_SHOWN = 5


@dataclass(frozen=True)
class Line:
    """One criterion of a sheet: what stands, what is missing, and earlier texts that no longer stand (newest first)."""

    criterion: Criterion
    number: int
    points: str = ""
    comment: str = ""
    saved_at: dt.datetime | None = None
    earlier: list[ScoreChange] = field(default_factory=list)
    fault: str = ""

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def mark(self) -> str:
        """What stood when the page was made: a form tells by it which fields were touched."""
        return mark_of(self.points, self.comment)

    @property
    def extreme(self) -> bool:
        """Whether these points need a comment."""
        return needs_comment(self.criterion.line, Decimal(self.points) if self.points else None)

    @property
    def share(self) -> float:
        """Points as a share of the most, 0 to 1."""
        return float(Decimal(self.points) / self.criterion.max_points) if self.points else 0


@dataclass(frozen=True)
class Block:
    """Criteria that stand together under one heading."""

    title: str
    lines: list[Line]
    most: Decimal


@dataclass(frozen=True)
class Sheet:
    """A whole sheet. ``total`` is the weighed points so far; ``lacking`` sentences by criterion code."""

    version: RubricVersion
    score: Score | None
    lines: list[Line]
    total: Decimal
    lacking: dict[str, str]

    @property
    def blocks(self) -> list[Block]:
        names = self.version.group_names()
        by_group: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            by_group[line.criterion.group].append(line)
        return [
            Block(names.get(code, ""), lines, sum((line.criterion.most for line in lines), Decimal(0)))
            for code, lines in by_group.items()
        ]

    @property
    def filled(self) -> int:
        return sum(1 for line in self.lines if line.points)

    @property
    def revision(self) -> int:
        return self.score.revision if self.score is not None else 0

    @property
    def saved_at(self) -> dt.datetime | None:
        """When anything was saved last."""
        return max((line.saved_at for line in self.lines if line.saved_at is not None), default=None)


def sheet_of(assignment: Assignment, *, faults: Mapping[str, str] | None = None) -> Sheet:
    """The sheet of an assignment whose ``panel.rubric_version`` is loaded. Four queries, whatever it holds."""
    version = assignment.panel.rubric_version
    criteria = list(version.criteria.all())
    score = Score.objects.filter(assignment=assignment).first()
    entries = {entry.criterion_id: entry for entry in score.entries.all()} if score is not None else {}
    earlier = _earlier(score, entries) if score is not None else {}
    given = {one.code: _given(entries.get(one.pk)) for one in criteria}
    rules = [one.line for one in criteria]
    points = {code: entry.points for code, entry in given.items() if entry.points is not None}
    return Sheet(
        version=version,
        score=score,
        lines=[
            _line(one, number, entries.get(one.pk), earlier.get(one.pk, []), (faults or {}).get(one.code, ""))
            for number, one in enumerate(criteria, start=1)
        ],
        total=weighed(rules, points),
        lacking=missing(rules, given),
    )


def blocks_of(version: RubricVersion) -> list[Block]:
    """A version's criteria without any points, to be read."""
    lines = [Line(one, number) for number, one in enumerate(version.criteria.all(), start=1)]
    return Sheet(version, None, lines, Decimal(0), {}).blocks


def as_data(sheet: Sheet) -> dict[str, Any]:
    """What the device needs: what stands by criterion, with its receipt."""
    return {
        "entries": {
            line.code: {"points": line.points, "comment": line.comment, "saved": clock(line.saved_at), "mark": line.mark}
            for line in sheet.lines
        },
        "total": plain(sheet.total),
        "filled": sheet.filled,
        "lacking": len(sheet.lacking),
    }


def mark_of(points: str, comment: str) -> str:
    """A short hash of what stands for one criterion."""
    return hashlib.sha256(f"{points}\x1f{comment}".encode()).hexdigest()[:16]


def clock(at: dt.datetime | None) -> str:
    """10:32:05 in Shanghai: for receipts. Empty for None."""
    return f"{timezone.localtime(at):%H:%M:%S}" if at is not None else ""


def queue_of(assignments: QuerySet[Assignment]) -> QuerySet[Any]:
    """These assignments with ``filled`` and ``asked_for`` criteria, the ``own_total`` once handed in, and what they are sorted by:
    ``finished`` (0 for what waits) and ``due_first`` (no day comes last)."""
    score = Score.objects.filter(assignment=OuterRef("pk"))
    filled = ScoreEntry.objects.filter(score__assignment=OuterRef("pk"), points__isnull=False)
    counted = filled.order_by().values("score").annotate(count=Count("pk")).values("count")
    wanted = Criterion.objects.filter(version=OuterRef("panel__rubric_version"))
    return assignments.select_related("panel__rubric_version__rubric").annotate(
        filled=Subquery(counted),
        asked_for=Subquery(wanted.order_by().values("version").annotate(count=Count("pk")).values("count")),
        own_total=Subquery(score.values("total")),
        due_on=F("panel__due_on"),
        finished=Case(When(todo(), then=Value(0)), default=Value(1)),
        due_first=Coalesce("panel__due_on", Value(dt.date.max)),
    )


def waiting_count(assignments: QuerySet[Assignment]) -> int:
    """How many of these wait for their expert: to answer, or to hand in."""
    return assignments.filter(todo()).count()


def reviews_to_do(actor: Actor) -> int:
    """How many reviews wait for this actor; one query."""
    return waiting_count(visible_assignments(actor))


def todo() -> Q:
    """Of assignments: what waits for its expert."""
    return Q(state__in=Assignment.PENDING) & ~Q(panel__state="closed")


def _given(entry: ScoreEntry | None) -> Given:
    return Given(entry.points, entry.comment) if entry is not None else Given()


def _line(criterion: Criterion, number: int, entry: ScoreEntry | None, earlier: list[ScoreChange], fault: str) -> Line:
    if entry is None:
        return Line(criterion, number, fault=fault)
    points = "" if entry.points is None else plain(entry.points)
    return Line(criterion, number, points, entry.comment, entry.saved_at, earlier, fault)


def _earlier(score: Score, entries: Mapping[int, ScoreEntry]) -> dict[int, list[ScoreChange]]:
    """Texts that were sent and don't stand, by criterion: each text once, without beginnings of a longer one."""
    found: dict[int, list[ScoreChange]] = defaultdict(list)
    for change in score.changes.exclude(comment=""):
        standing = entries.get(change.criterion_id)
        later = [standing.comment if standing is not None else "", *(one.comment for one in found[change.criterion_id])]
        if len(found[change.criterion_id]) < EARLIER_SHOWN and not any(text.startswith(change.comment) for text in later):
            found[change.criterion_id].append(change)
    return found
