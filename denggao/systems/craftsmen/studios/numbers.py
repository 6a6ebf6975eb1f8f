"""What a studio has done, counted from its rows: no number is typed, each opens to what it is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from denggao.engines.agreements.models import Mentorship
from denggao.engines.credentials.models import Credential
from denggao.systems.craftsmen.studios.models import Project, Result, Studio, StudioMember, Visit


@dataclass(frozen=True)
class Row:
    """A row behind a number. PRIVACY: of a person the masked name, unless it was agreed."""

    id: str
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Number:
    """``value``, and the rows it is counted from, the newest first."""

    code: str
    label: str
    value: Decimal
    rows: list[Row] = field(default_factory=list)

    @property
    def shown(self) -> str:
        return f"{self.value:,.0f}"


@dataclass(frozen=True)
class Span:
    """From a day to a day, both included."""

    first: dt.date
    last: dt.date


def numbers_of(studio: Studio, span: Span) -> list[Number]:
    """In the order pages show them. A fixed number of queries, however much the studio did."""
    results = list(Result.objects.filter(studio=studio, state=Result.State.CONFIRMED, on__range=(span.first, span.last)))
    ended = Project.objects.filter(studio=studio, from_on__lte=span.last).exclude(to_on__lt=span.first)
    visits = list(Visit.objects.filter(studio=studio, on__range=(span.first, span.last)))
    learners, raised = _learners(studio, span)
    return [
        _counted("projects", _("Projects"), [Row(str(one.public_id), one.title, _project_words(one)) for one in ended]),
        *(_of_kind(kind, label, results) for kind, label in _kinds()),
        Number(
            "saved",
            _("Saved in a year (yuan)"),
            sum((one.amount_yuan for one in results if one.amount_yuan is not None), Decimal(0)),
            [_result_row(one) for one in results if one.amount_yuan is not None],
        ),
        _counted(
            "visits",
            pgettext("of a studio", "Visits"),
            [Row(str(one.public_id), one.visitors, one.on.isoformat()) for one in visits],
        ),
        _counted("learners", _("Learners"), learners),
        _counted("raised", _("Learners with a level certificate since"), raised),
    ]


def _kinds() -> list[tuple[str, str]]:
    return [
        (Result.Kind.PATENT, _("Patents")),
        (Result.Kind.STANDARD, _("Standards and methods")),
        (Result.Kind.COURSE, _("Courses")),
        (Result.Kind.AWARD, _("Awards")),
    ]


def _counted(code: str, label: str, rows: list[Row]) -> Number:
    return Number(code, label, Decimal(len(rows)), rows)


def _of_kind(kind: str, label: str, results: Sequence[Result]) -> Number:
    return _counted(f"{kind}s", label, [_result_row(one) for one in results if one.kind == kind])


def _visit_row(visit: Visit) -> Row:
    return Row(str(visit.public_id), visit.visitors, visit.on.isoformat())


def _result_row(result: Result) -> Row:
    parts = [result.on.isoformat(), result.number, result.amount_shown]
    return Row(str(result.public_id), result.title, " · ".join(filter(None, parts)))


def _project_words(project: Project) -> str:
    until = project.to_on.isoformat() if project.to_on else ""
    return f"{project.get_kind_display()} · {project.from_on.isoformat()} – {until} · {project.get_state_display()}"


def _learners(studio: Studio, span: Span) -> tuple[list[Row], list[Row]]:
    """Who learned in the studio in the span: its confirmed learners, and those whom its leader or a member teaches by a mentorship
    both confirmed; and of these, who was issued a level certificate after the learning began."""
    begun: dict[int, tuple[dt.date, str, str]] = {}
    own = StudioMember.objects.filter(studio=studio, confirmed_at__isnull=False, from_on__lte=span.last)
    own = own.exclude(to_on__lt=span.first).select_related("person")
    mentors: list[int] = []
    for member in own:
        if member.role == StudioMember.Role.LEARNER:
            begun[member.person_id] = (member.from_on, member.public_name, str(member.public_id))
        else:
            mentors.append(member.person_id)
    for pair in _mentorships(mentors, span):
        known = begun.get(pair.learner_id)
        if known is None or pair.from_on < known[0]:
            begun[pair.learner_id] = (pair.from_on, known[1] if known else pair.learner.masked_name, str(pair.public_id))
    earned = _earned(list(begun), span)
    learners = [Row(key, name, since.isoformat()) for since, name, key in begun.values()]
    raised = [
        Row(key, name, day.isoformat())
        for person, (since, name, key) in begun.items()
        if (day := next((one for one in earned.get(person, []) if one >= since), None)) is not None
    ]
    return learners, raised


def _mentorships(mentors: list[int], span: Span) -> QuerySet[Mentorship]:
    lasts = Q(to_on__isnull=True) | Q(to_on__gte=span.first)
    found = Mentorship.objects.standing().filter(
        lasts, mentor__in=mentors, from_on__lte=span.last, confirmed_by_mentor_at__isnull=False
    )
    return found.filter(confirmed_by_learner_at__isnull=False).select_related("learner")


def _earned(persons: list[int], span: Span) -> dict[int, list[dt.date]]:
    found: dict[int, list[dt.date]] = {}
    valid = Credential.objects.filter(
        kind="skill_level", status=Credential.Status.VALID, holder__in=persons, issued_on__lte=span.last
    )
    for holder, day in valid.order_by("issued_on").values_list("holder_id", "issued_on"):
        found.setdefault(holder, []).append(day)
    return found


def frozen(numbers: Sequence[Number]) -> dict[str, Any]:
    """As an evaluation keeps them."""
    return {one.code: {"value": str(one.value), "rows": [row.id for row in one.rows]} for one in numbers}
