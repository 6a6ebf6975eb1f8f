"""Teaching standards in force, as everybody sees them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, for_anyone
from denggao.faces.api.rest.notices import Both
from denggao.foundation.standards.models import StandardVersion, TeachingStandard
from denggao.foundation.standards.teaching.queries import standings, tree

router = Router(tags=["standards"])
_IN_FORCE = StandardVersion.State.IN_FORCE


class StandardSummary(Schema):
    """A standard in a list."""

    id: uuid.UUID
    code: str
    name: Both
    occupation_code: str
    occupation: Both
    level: str
    document: str
    issued_on: dt.date | None
    confidence: str = Field(description=_("A: official text seen; B: second hand; C: own knowledge"))
    items: int = Field(description=_("How many items it asks for, headings not counted."))
    served: int = Field(description=_("How many of them some published course serves."))


class ServedBy(Schema):
    """What serves an item."""

    kind: str
    title: str
    page: str = Field(description=_("A path of this site."))


class ItemLine(Schema):
    """One item; ``3.2`` is a part of ``3``."""

    code: str
    kind: str = Field(description=_("knowledge, skill, safety or conduct"))
    text: Both
    hours: float | None = Field(description=_("Lesson hours."))
    weight: float | None = Field(description=_("Percent."))
    heading: bool
    served_by: list[ServedBy]


class StandardDetail(StandardSummary):
    version: int
    from_on: dt.date | None
    lines: list[ItemLine]


class StandardQuery(Schema):
    occupation: str = Field("", max_length=20, description=_("Code of the occupation."))
    level: Literal["", "5", "4", "3", "2", "1"] = ""
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/standards",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.Page[StandardSummary], **schemas.problems(401)},
    summary=_("Teaching standards"),
    description=_("Those in force, by occupation, from the highest level down."),
)
def list_standards(request: HttpRequest, asked: Query[StandardQuery]) -> schemas.Page[StandardSummary]:
    wanted = {"occupation__code": asked.occupation, "level": asked.level}
    found = TeachingStandard.objects.filter(versions__state=_IN_FORCE, **schemas.narrowed(wanted))
    rows = list(
        found.select_related("occupation").order_by("occupation__code", "level", "code")[asked.offset : asked.offset + asked.limit]
    )
    standing = standings(rows)
    items = [StandardSummary(**_summary(one, standing[one.pk].items, standing[one.pk].covered)) for one in rows]
    return schemas.Page[StandardSummary](count=found.count(), limit=asked.limit, offset=asked.offset, items=items)


@router.get(
    "/standards/{standard}",
    **for_anyone(),
    throttle=READING,
    response={200: StandardDetail, **schemas.problems(401, 404)},
    summary=_("One teaching standard"),
    description=_("The items of the version in force, each with what serves it."),
)
def read_standard(request: HttpRequest, standard: uuid.UUID) -> StandardDetail:
    versions = StandardVersion.objects.filter(state=_IN_FORCE, standard__public_id=standard)
    version = versions.select_related("standard__occupation").first()
    if version is None:
        raise Http404
    lines = tree(version)
    asked = [line for line in lines if not line.is_heading]
    return StandardDetail(
        **_summary(version.standard, len(asked), sum(not line.gap for line in asked)),
        version=version.number,
        from_on=version.from_on,
        lines=[
            ItemLine(
                code=line.item.code,
                kind=line.item.kind,
                text=Both(zh=line.item.text_zh, en=line.item.text_en),
                hours=None if line.item.hours is None else float(line.item.hours),
                weight=None if line.item.weight is None else float(line.item.weight),
                heading=line.is_heading,
                served_by=[ServedBy(kind=str(one.kind), title=one.title, page=one.url) for one in line.served],
            )
            for line in lines
        ],
    )


def _summary(standard: TeachingStandard, items: int, served: int) -> dict[str, Any]:
    return {
        "id": standard.public_id,
        "code": standard.code,
        "name": Both(zh=standard.name_zh, en=standard.name_en),
        "occupation_code": standard.occupation.code,
        "occupation": Both(zh=standard.occupation.name_zh, en=standard.occupation.name_en),
        "level": standard.level,
        "document": standard.document,
        "issued_on": standard.issued_on,
        "confidence": standard.confidence,
        "items": items,
        "served": served,
    }
