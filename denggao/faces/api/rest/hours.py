"""Learning time: entries with what stands behind them, and totals. For a school's programs: what was earned there; for an
employer's: what its people earned where it enrolled them."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.engines.hours.models import HourEntry
from denggao.engines.hours.policies import visible_entries
from denggao.engines.hours.queries import lessons
from denggao.engines.hours.registry import activity_titles, context_titles
from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, actor_of, needs
from denggao.faces.api.rules import Scope
from denggao.foundation.people.models import Person

router = Router(tags=["hours"])


class Learner(Schema):
    id: uuid.UUID
    name: str = Field(description=_("Masked."))


class Thing(Schema):
    """What time was for, or spent on."""

    kind: str
    id: uuid.UUID
    title: str = Field(description=_("Empty where nothing names it."))


class HourLine(Schema):
    """An entry: seconds of a person on a day. Never changed; one that was taken back stays, beside its reversal."""

    id: uuid.UUID
    person: Learner
    context: Thing
    activity: Thing | None
    kind: str = Field(description=_("online, classroom, practical or workplace"))
    day: dt.date = Field(description=_("In Shanghai."))
    seconds: int = Field(description=_("Negative where it takes another entry back."))
    source: str = Field(description=_("sitting, fix, finding, or what else it was counted by"))
    source_id: uuid.UUID
    reverses: uuid.UUID | None = Field(description=_("The entry that it takes back."))
    reason: str
    rule: str = Field(description=_("By which numbers it was counted."))
    entered_at: dt.datetime


class HourQuery(Schema):
    person: uuid.UUID | None = None
    context: uuid.UUID | None = Field(None, description=_("An enrolment, say."))
    kind: str = Field("", max_length=16)
    from_on: dt.date | None = Field(None, description=_("First day."))
    to_on: dt.date | None = Field(None, description=_("Last day."))
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


class HourTotal(Schema):
    """What a person's entries add up to; what is being learned at this moment is not in it yet."""

    person: Learner
    seconds: int
    lessons: Decimal = Field(description=_("Of 45 minutes, or what the rule in force says; tenths, rounded down."))
    by_kind: dict[str, int]


@router.get(
    "/hours",
    **needs(Scope.HOURS),
    throttle=READING,
    response={200: schemas.Page[HourLine], **schemas.problems(401, 403)},
    summary=_("Learning time, entry by entry"),
    description=_("Oldest first, with reversals. The sum of the seconds is what counts."),
)
def list_hours(request: HttpRequest, asked: Query[HourQuery]) -> schemas.Page[HourLine]:
    entries = _wanted(request, asked)
    rows = list(entries.select_related("person", "reverses").order_by("day", "pk")[asked.offset : asked.offset + asked.limit])
    contexts = context_titles({(row.context_kind, row.context_id) for row in rows})
    activities = activity_titles({(row.activity_kind, row.activity_id) for row in rows if row.activity_id is not None})
    items = [
        HourLine(
            id=row.public_id,
            person=Learner(id=row.person.public_id, name=row.person.masked_name),
            context=Thing(
                kind=row.context_kind,
                id=row.context_id,
                title=contexts[row.context_kind, row.context_id].title if (row.context_kind, row.context_id) in contexts else "",
            ),
            activity=Thing(
                kind=row.activity_kind,
                id=row.activity_id,
                title=(
                    activities[row.activity_kind, row.activity_id].title
                    if (row.activity_kind, row.activity_id) in activities
                    else ""
                ),
            )
            if row.activity_id is not None
            else None,
            kind=row.kind,
            day=row.day,
            seconds=row.seconds,
            source=row.source_kind,
            source_id=row.source_id,
            reverses=row.reverses.public_id if row.reverses is not None else None,
            reason=row.reason,
            rule=row.rule,
            entered_at=row.entered_at,
        )
        for row in rows
    ]
    return schemas.Page[HourLine](count=entries.count(), limit=asked.limit, offset=asked.offset, items=items)


@router.get(
    "/hours/totals",
    **needs(Scope.HOURS),
    throttle=READING,
    response={200: schemas.Page[HourTotal], **schemas.problems(401, 403)},
    summary=_("Learning time by person"),
    description=_("The sum of what counts, by kind of hours, in the order in which people became known."),
)
def hour_totals(request: HttpRequest, asked: Query[HourQuery]) -> schemas.Page[HourTotal]:
    entries = _wanted(request, asked)
    people = entries.order_by("person_id").values_list("person_id", flat=True).distinct()
    shown = list(people[asked.offset : asked.offset + asked.limit])
    sums: dict[int, dict[str, int]] = {}
    learners = {person.pk: Learner(id=person.public_id, name=person.masked_name) for person in Person.objects.filter(pk__in=shown)}
    found = entries.filter(person_id__in=shown).order_by("person_id", "kind").values_list("person_id", "kind")
    for person_id, kind, seconds in found.annotate(total=Sum("seconds")):
        sums.setdefault(person_id, {})[kind] = seconds
    today = timezone.localdate()
    items = [
        HourTotal(person=learners[person], seconds=sum(kinds.values()), lessons=lessons(sum(kinds.values()), today), by_kind=kinds)
        for person, kinds in sums.items()
    ]
    return schemas.Page[HourTotal](count=people.count(), limit=asked.limit, offset=asked.offset, items=items)


def _wanted(request: HttpRequest, asked: HourQuery) -> QuerySet[HourEntry]:
    wanted = {
        "person__public_id": asked.person,
        "context_id": asked.context,
        "kind": asked.kind,
        "day__gte": asked.from_on,
        "day__lte": asked.to_on,
    }
    return visible_entries(actor_of(request)).filter(**schemas.narrowed(wanted))
