"""Reads: a panel's scores once they are open, as the chair's page and the subject's page show them.

SECURITY: whoever calls has asked ``sealing.can_see_scores`` (or ``can_see_others``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from denggao.engines.reviews.actions.closing import max_spread_of, wanted
from denggao.engines.reviews.models import Assignment, Criterion, Panel, Score, ScoreChange, Tally
from denggao.engines.reviews.rules.rubric import plain


@dataclass(frozen=True)
class Given:
    """What one expert gave for one criterion."""

    points: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Column:
    """One expert's open scores. ``counts`` is False for scores set aside; ``late`` are the changes after handing in."""

    assignment: Assignment
    name: str
    total: Decimal | None
    submitted_at: dt.datetime | None
    counts: bool
    by_code: dict[str, Given] = field(default_factory=dict)
    late: list[ScoreChange] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One criterion over all experts, in the order of the columns."""

    criterion: Criterion
    given: list[Given]
    mean: str


@dataclass(frozen=True)
class Results:
    """``tallies`` oldest first; ``tally`` is the one that stands. ``sealed`` is how many sheets are handed in and not open
    yet, ``outstanding`` how many seats have not handed in."""

    panel: Panel
    tally: Tally
    tallies: list[Tally]
    columns: list[Column]
    rows: list[Row]
    wanted: int
    outstanding: int
    max_spread: Decimal | None


def results_of(panel: Panel) -> Results | None:
    """None while the scores are sealed. Seven queries, however many experts."""
    tallies = list(panel.tallies.all())
    if not tallies:
        return None
    open_ids = {one["assignment"] for tally in tallies for one in tally.inputs["scores"]}
    seats = list(panel.assignments.select_related("expert__person").order_by("asked_at", "pk"))
    scores = _scores([seat for seat in seats if str(seat.public_id) in open_ids])
    columns = [_column(seat, scores[seat.pk]) for seat in seats if seat.pk in scores]
    return Results(
        panel=panel,
        tally=tallies[-1],
        tallies=tallies,
        columns=columns,
        rows=[_row(criterion, columns) for criterion in panel.rubric_version.criteria.all()],
        wanted=wanted(panel),
        outstanding=sum(1 for seat in seats if seat.state in Assignment.PENDING),
        max_spread=max_spread_of(panel),
    )


def _scores(seats: Sequence[Assignment]) -> dict[int, Score]:
    rows = Score.objects.filter(assignment__in=seats, state=Score.State.SUBMITTED)
    return {score.assignment_id: score for score in rows.prefetch_related("entries__criterion", "changes__criterion")}


def _column(seat: Assignment, score: Score) -> Column:
    return Column(
        assignment=seat,
        name=seat.expert.person.name,
        total=score.total,
        submitted_at=score.submitted_at,
        counts=seat.state == Assignment.State.SUBMITTED,
        by_code={
            entry.criterion.code: Given("" if entry.points is None else plain(entry.points), entry.comment)
            for entry in score.entries.all()
        },
        late=[change for change in score.changes.all() if change.after_submission],
    )


def _row(criterion: Criterion, columns: Sequence[Column]) -> Row:
    given = [column.by_code.get(criterion.code, Given()) for column in columns]
    counted = [Decimal(one.points) for one, column in zip(given, columns, strict=True) if one.points and column.counts]
    mean = plain(round(sum(counted, Decimal(0)) / len(counted), 2)) if counted else ""
    return Row(criterion, given, mean)
