"""Who learns what. For a school's programs: its own learners; for an employer's: those it enrolled. No other learning
is told."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, actor_of, needs
from denggao.faces.api.rest.hours import Learner
from denggao.faces.api.rest.notices import Both
from denggao.faces.api.rules import Scope
from denggao.systems.university.learning.policies import visible_enrolments

router = Router(tags=["enrolments"])


class EnrolmentLine(Schema):
    """A person in a class, and how far it is."""

    id: uuid.UUID
    person: Learner
    course: uuid.UUID
    course_code: str
    course_title: Both
    class_id: uuid.UUID
    class_title: str
    school: uuid.UUID
    employer: uuid.UUID | None = Field(description=_("The body that enrolled, and that follows the progress."))
    state: str = Field(description=_("invited, waiting, enrolled, finished, left or removed"))
    how: str = Field(description=_("self, employer, invited, sheet or selected"))
    enrolled_at: dt.datetime | None
    due_on: dt.date | None
    finished_at: dt.datetime | None
    units_done: int
    units_required: int
    seconds: int = Field(description=_("Learning time credited so far; the hours themselves are told by /hours."))
    last_at: dt.datetime | None


class EnrolmentQuery(Schema):
    person: uuid.UUID | None = None
    course: uuid.UUID | None = None
    class_id: uuid.UUID | None = None
    state: Literal["", "invited", "waiting", "enrolled", "finished", "left", "removed"] = ""
    due_by: dt.date | None = Field(None, description=_("Due on this day or before."))
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/enrolments",
    **needs(Scope.ENROLMENTS),
    throttle=READING,
    response={200: schemas.Page[EnrolmentLine], **schemas.problems(401, 403)},
    summary=_("Enrolments"),
    description=_("In the order in which they were made; names are masked."),
)
def list_enrolments(request: HttpRequest, asked: Query[EnrolmentQuery]) -> schemas.Page[EnrolmentLine]:
    wanted = {
        "person__public_id": asked.person,
        "run__course__public_id": asked.course,
        "run__public_id": asked.class_id,
        "state": asked.state,
        "due_on__lte": asked.due_by,
    }
    found = visible_enrolments(actor_of(request)).filter(**schemas.narrowed(wanted))
    rows = found.select_related("person", "run__course", "run__school", "employer").order_by("pk")
    items = [
        EnrolmentLine(
            id=row.public_id,
            person=Learner(id=row.person.public_id, name=row.person.masked_name),
            course=row.run.course.public_id,
            course_code=row.run.course.code,
            course_title=Both(zh=row.run.course.title_zh, en=row.run.course.title_en),
            class_id=row.run.public_id,
            class_title=row.run.title,
            school=row.run.school.public_id,
            employer=row.employer.public_id if row.employer else None,
            state=row.state,
            how=row.how,
            enrolled_at=row.enrolled_at,
            due_on=row.due_on,
            finished_at=row.finished_at,
            units_done=row.done,
            units_required=row.required,
            seconds=row.seconds,
            last_at=row.last_at,
        )
        for row in rows[asked.offset : asked.offset + asked.limit]
    ]
    return schemas.Page[EnrolmentLine](count=found.count(), limit=asked.limit, offset=asked.offset, items=items)
