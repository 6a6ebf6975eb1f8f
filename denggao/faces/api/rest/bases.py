"""Training bases, as everybody sees them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, for_anyone
from denggao.faces.api.rest.notices import Both
from denggao.systems.bases.layout.records import public_record
from denggao.systems.bases.models import Base

router = Router(tags=["bases"])


class CoverageLine(Schema):
    """An occupation trained for, at one level."""

    industry: str
    occupation_code: str
    occupation: Both
    level: str


class BaseSummary(Schema):
    """A base in a list."""

    id: uuid.UUID
    plan: str
    name: Both
    body: Both
    industry: str = Field(description=_("Code of the industry it stands for."))
    state: str = Field(description=_("accredited, suspended, withdrawn, expired or exited"))
    longitude: float
    latitude: float
    workstations: int
    accredited_on: dt.date
    valid_from: dt.date
    valid_until: dt.date
    plaque: schemas.IssuedSummary | None


class SignatureLine(Schema):
    """A granting body signed. Who signed for it is not told."""

    body: str
    at: dt.datetime


class AppraisalLine(Schema):
    """The grade of a year, once it is confirmed."""

    year: int
    grade: str
    outcome: str


class BaseDetail(BaseSummary):
    address: str
    floor_area_m2: float
    covers: list[CoverageLine]
    signatures: list[SignatureLine]
    notice: uuid.UUID | None = Field(description=_("Of the public notice it passed."))
    appraisals: list[AppraisalLine]


class BaseQuery(Schema):
    plan: str = Field("", max_length=40, description=_("Code of the plan."))
    state: Literal["", "accredited", "suspended", "withdrawn", "expired", "exited"] = ""
    industry: str = Field("", max_length=40, description=_("Code of an industry it trains for."))
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/bases",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.Page[BaseSummary], **schemas.problems(401)},
    summary=_("Training bases"),
    description=_("Those in force and those that were, in the order of their accreditation."),
)
def list_bases(request: HttpRequest, asked: Query[BaseQuery]) -> schemas.Page[BaseSummary]:
    wanted = {"plan__code": asked.plan, "state": asked.state, "industries__code": asked.industry}
    found = Base.objects.filter(**schemas.narrowed(wanted))
    rows = found.select_related("plan", "organisation", "industry", "plaque").order_by("accredited_on", "id")
    today = timezone.localdate()
    items = [BaseSummary(**_summary(base, today)) for base in rows[asked.offset : asked.offset + asked.limit]]
    return schemas.Page[BaseSummary](count=found.count(), limit=asked.limit, offset=asked.offset, items=items)


@router.get(
    "/bases/{base}",
    **for_anyone(),
    throttle=READING,
    response={200: BaseDetail, **schemas.problems(401, 404)},
    summary=_("One training base"),
    description=_("What it trains for, who signed, which notice it passed, how its years were graded."),
)
def read_base(request: HttpRequest, base: uuid.UUID) -> BaseDetail:
    rows = Base.objects.select_related("plan", "organisation", "industry", "plaque", "case")
    found = rows.prefetch_related("coverage__occupation", "coverage__industry").filter(public_id=base).first()
    if found is None:
        raise Http404
    record = public_record(found)
    return BaseDetail(
        **_summary(found, timezone.localdate()),
        address=found.address,
        floor_area_m2=float(found.floor_area_m2),
        covers=[
            CoverageLine(
                industry=item.industry.code,
                occupation_code=item.occupation.code,
                occupation=Both(zh=item.occupation.name_zh, en=item.occupation.name_en),
                level=item.level,
            )
            for item in found.coverage.all()
        ],
        signatures=[SignatureLine(body=item.body, at=item.at) for item in record.signatures],
        notice=record.notice.notice.public_id if record.notice else None,
        appraisals=[AppraisalLine(year=item.cycle.year, grade=item.grade, outcome=item.outcome) for item in record.appraisals],
    )


def _summary(base: Base, today: dt.date) -> dict[str, Any]:
    return {
        "id": base.public_id,
        "plan": base.plan.code,
        "name": Both(zh=base.name_zh, en=base.name_en),
        "body": Both(zh=base.organisation.name_zh, en=base.organisation.name_en),
        "industry": base.industry.code,
        "state": base.state,
        "longitude": float(base.longitude),
        "latitude": float(base.latitude),
        "workstations": base.workstations,
        "accredited_on": base.accredited_on,
        "valid_from": base.valid_from,
        "valid_until": base.valid_until,
        "plaque": schemas.issued_summary(base.plaque, today),
    }
