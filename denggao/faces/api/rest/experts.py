"""The expert register: masked, for programs of the office. Who judges what is told by no address of the API."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.engines.reviews.models import Expert
from denggao.engines.reviews.policies import visible_experts
from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, actor_of, needs
from denggao.faces.api.rules import Scope

router = Router(tags=["experts"])


class ExpertDetail(Schema):
    """An entry of the register."""

    id: uuid.UUID
    name: str = Field(description=_("Masked."))
    state: str = Field(description=_("active, paused or left"))
    fields: list[schemas.Named] = Field(description=_("Industries in which the expert can judge."))
    level: str = Field(description=_("Code of the skill level; empty if none."))
    title: str
    employer: uuid.UUID | None = Field(description=_("Null where the platform knows no such body."))
    employer_name: str
    since: dt.date
    signs_in: bool = Field(description=_("Nothing can be asked of an expert without an account."))
    demo: bool


class ExpertFilter(Schema):
    state: Literal["active", "paused", "left", "all"] = Field("active", description=_("Who may be asked, and who not."))
    field: str = Field("", max_length=40, description=_("Code of an industry."))
    level: str = Field("", max_length=10, description=_("Code of a skill level."))
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/experts",
    **needs(Scope.EXPERTS),
    throttle=READING,
    response={200: schemas.Page[ExpertDetail], **schemas.problems(401, 403)},
    summary=_("The expert register"),
    description=_("Masked, in the order in which they were entered."),
)
def list_experts(request: HttpRequest, asked: Query[ExpertFilter]) -> schemas.Page[ExpertDetail]:
    experts = _visible(request)
    if asked.state != "all":
        experts = experts.filter(state=asked.state)
    if asked.field:
        experts = experts.filter(fields__code=asked.field)
    if asked.level:
        experts = experts.filter(level=asked.level)
    page = experts.order_by("pk")[asked.offset : asked.offset + asked.limit]
    return schemas.Page[ExpertDetail](
        count=experts.count(), limit=asked.limit, offset=asked.offset, items=[_expert(expert) for expert in page]
    )


@router.get(
    "/experts/{expert}",
    **needs(Scope.EXPERTS),
    throttle=READING,
    response={200: ExpertDetail, **schemas.problems(401, 403, 404)},
    summary=_("One expert"),
    description=_("An entry of the register, masked."),
)
def read_expert(request: HttpRequest, expert: uuid.UUID) -> ExpertDetail:
    found = _visible(request).filter(public_id=expert).first()
    if found is None:
        raise Http404
    return _expert(found)


def _visible(request: HttpRequest) -> QuerySet[Expert]:
    return visible_experts(actor_of(request)).select_related("person", "employer").prefetch_related("fields")


def _expert(expert: Expert) -> ExpertDetail:
    return ExpertDetail(
        id=expert.public_id,
        name=expert.person.masked_name,
        state=expert.state,
        fields=[schemas.Named(code=field.code, name_zh=field.name_zh, name_en=field.name_en) for field in expert.fields.all()],
        level=expert.level,
        title=expert.title,
        employer=expert.employer.public_id if expert.employer is not None else None,
        employer_name=expert.employer.name_zh if expert.employer is not None else expert.employer_text,
        since=expert.from_on,
        signs_in=expert.person.account_id is not None,
        demo=expert.is_demo,
    )
