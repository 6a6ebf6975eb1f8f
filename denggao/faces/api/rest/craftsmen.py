"""Craftsmen and their studios, as everybody sees them: a craftsman only with the own page, and of it what was agreed to."""

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
from denggao.systems.craftsmen.hall import policies as hall
from denggao.systems.craftsmen.hall.models import Profile
from denggao.systems.craftsmen.hall.queries import shown_page
from denggao.systems.craftsmen.studios.models import Studio
from denggao.systems.craftsmen.studios.numbers import Span, numbers_of
from denggao.systems.craftsmen.studios.queries import shown_studios
from denggao.systems.craftsmen.studios.views.public import leader_name

router = Router(tags=["craftsmen"])


class CraftsmanSummary(Schema):
    """A craftsman in a list."""

    id: uuid.UUID
    plan: str
    name: str
    trade: str = Field(description=_("What the craft is called, as the craftsman tells it."))
    employer: Both | None = Field(description=_("At the naming."))
    industry: str = Field(description=_("Code of the industry named for."))
    named_on: dt.date
    order_number: str = Field(description=_("Of the document of the naming."))
    page: str = Field(description=_("A path of this site."))


class CountDetail(Schema):
    """A number of the page, counted from rows that the page opens."""

    code: str
    value: int
    unit: str
    says: str


class WorkLine(Schema):
    title: str
    kind: str
    year: int | None
    line: str = Field(description=_("What was reached, in figures."))
    note: str


class LineageCounts(Schema):
    """Of everybody taught; names are told on the page alone, of those who agreed."""

    learners: int
    raised: int = Field(description=_("Of these, who raised a level."))
    further: int = Field(description=_("Learners of learners."))


class CraftsmanDetail(CraftsmanSummary):
    """What the craftsman agreed to; the rest is empty or null."""

    certificate: schemas.IssuedSummary | None
    level: str = Field(description=_("Code of the highest skill level; empty if none is known."))
    headline: str
    motto: str
    story: list[str] = Field(description=_("Its paragraphs."))
    works: list[WorkLine]
    numbers: list[CountDetail]
    lineage: LineageCounts | None


class StudioSummary(Schema):
    """A studio in a list."""

    id: uuid.UUID
    plan: str
    name: Both
    employer: Both
    industry: str
    state: str = Field(description=_("named, suspended or unnamed"))
    leader: str = Field(description=_("Masked once the title is revoked."))
    named_on: dt.date
    ended_on: dt.date | None
    plaque: schemas.IssuedSummary | None
    page: str = Field(description=_("A path of this site."))


class StudioDetail(StudioSummary):
    place: str
    purpose: str
    numbers: dict[str, float] = Field(description=_("What it did since its naming, each counted from rows that its page opens."))


class CraftsmanQuery(Schema):
    plan: str = Field("", max_length=40, description=_("Code of the plan."))
    industry: str = Field("", max_length=40, description=_("Code of the industry."))
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


class StudioQuery(CraftsmanQuery):
    state: Literal["", "named", "suspended", "unnamed"] = ""


@router.get(
    "/craftsmen",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.Page[CraftsmanSummary], **schemas.problems(401)},
    summary=_("Craftsmen"),
    description=_("Those in force who show a page in the hall of fame, in the order of their naming."),
)
def list_craftsmen(request: HttpRequest, asked: Query[CraftsmanQuery]) -> schemas.Page[CraftsmanSummary]:
    wanted = {"craftsman__plan__code": asked.plan, "craftsman__industry__code": asked.industry}
    found = hall.public_profiles().filter(**schemas.narrowed(wanted)).order_by("craftsman__named_on", "craftsman_id")
    items = [CraftsmanSummary(**_craftsman(each)) for each in found[asked.offset : asked.offset + asked.limit]]
    return schemas.Page[CraftsmanSummary](count=found.count(), limit=asked.limit, offset=asked.offset, items=items)


@router.get(
    "/craftsmen/{craftsman}",
    **for_anyone(),
    throttle=READING,
    response={200: CraftsmanDetail, **schemas.problems(401, 404)},
    summary=_("One craftsman"),
    description=_("The page in the hall of fame. A title that was revoked has none."),
)
def read_craftsman(request: HttpRequest, craftsman: uuid.UUID) -> CraftsmanDetail:
    today = timezone.localdate()
    profile = hall.get_shown(craftsman)
    shown = shown_page(profile, today)
    tree = shown.lineage
    return CraftsmanDetail(
        **_craftsman(profile),
        certificate=schemas.issued_summary(profile.craftsman.certificate, today),
        level=shown.level,
        headline=shown.headline,
        motto=shown.motto,
        story=shown.paragraphs,
        works=[WorkLine(title=one.title, kind=one.kind, year=one.year, line=one.line, note=one.note) for one in shown.works],
        numbers=[CountDetail(code=one.code, value=one.value, unit=one.unit, says=one.says) for one in shown.numbers],
        lineage=LineageCounts(learners=tree.in_all, raised=tree.raised, further=tree.further) if tree is not None else None,
    )


@router.get(
    "/studios",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.Page[StudioSummary], **schemas.problems(401)},
    summary=_("Craftsman studios"),
    description=_("Those in force and those that were, in the order of their naming."),
)
def list_studios(request: HttpRequest, asked: Query[StudioQuery]) -> schemas.Page[StudioSummary]:
    wanted = {"plan__code": asked.plan, "industry__code": asked.industry, "state": asked.state}
    found = shown_studios().filter(**schemas.narrowed(wanted)).order_by("named_on", "id")
    today = timezone.localdate()
    items = [StudioSummary(**_studio(each, today)) for each in found[asked.offset : asked.offset + asked.limit]]
    return schemas.Page[StudioSummary](count=found.count(), limit=asked.limit, offset=asked.offset, items=items)


@router.get(
    "/studios/{studio}",
    **for_anyone(),
    throttle=READING,
    response={200: StudioDetail, **schemas.problems(401, 404)},
    summary=_("One craftsman studio"),
    description=_("Where it is, what it is for and what it did."),
)
def read_studio(request: HttpRequest, studio: uuid.UUID) -> StudioDetail:
    today = timezone.localdate()
    found = shown_studios().filter(public_id=studio).first()
    if found is None:
        raise Http404
    span = Span(found.named_on, max(found.ended_on or today, found.named_on))
    return StudioDetail(
        **_studio(found, today),
        place=found.place,
        purpose=found.purpose,
        numbers={one.code: float(one.value) for one in numbers_of(found, span)},
    )


def _craftsman(profile: Profile) -> dict[str, Any]:
    craftsman = profile.craftsman
    return {
        "id": craftsman.public_id,
        "plan": craftsman.plan.code,
        "name": craftsman.person.name,
        "trade": profile.trade,
        "employer": _both(craftsman.employer) if craftsman.employer is not None else None,
        "industry": craftsman.industry.code,
        "named_on": craftsman.named_on,
        "order_number": craftsman.order.number,
        "page": f"/hall/{craftsman.public_id}/",
    }


def _studio(studio: Studio, today: dt.date) -> dict[str, Any]:
    return {
        "id": studio.public_id,
        "plan": studio.plan.code,
        "name": _both(studio),
        "employer": _both(studio.organisation),
        "industry": studio.industry.code,
        "state": studio.state,
        "leader": leader_name(studio),
        "named_on": studio.named_on,
        "ended_on": studio.ended_on,
        "plaque": schemas.issued_summary(studio.plaque, today),
        "page": f"/studios/{studio.public_id}/",
    }


def _both(named: Any) -> Both:
    return Both(zh=named.name_zh, en=named.name_en)
