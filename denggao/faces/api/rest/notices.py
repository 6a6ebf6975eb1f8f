"""Public notices, as everybody sees them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.engines.notices import queries
from denggao.engines.notices.models import Notice, NoticeSnapshot
from denggao.engines.notices.policies import get_notice, visible_notices
from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, actor_of, for_anyone

router = Router(tags=["notices"])


class Both(Schema):
    zh: str
    en: str = Field(description=_("Empty where nobody wrote it."))


class ShownLine(Schema):
    """One line that is shown of a name, masked."""

    label: Both
    value: Both


class NoticeItemDetail(Schema):
    """A name on the notice."""

    position: int
    name: Both
    shown: list[ShownLine]
    state: str = Field(description=_("shown, dropped, passed or upheld (an objection was)"))
    settled_at: dt.datetime | None


class PublishedObjection(Schema):
    """The redacted copy of an objection."""

    position: int | None = Field(description=_("Of the name it is against; null for the whole notice."))
    text: str
    state: str = Field(description=_("open, investigating, upheld or dismissed"))
    received_at: dt.datetime
    ruled_at: dt.datetime | None


class NoticeSummary(Schema):
    """A notice in a list."""

    id: uuid.UUID
    number: str
    title: Both
    plan: str | None
    days: int = Field(description=_("Working days, without extensions."))
    extended_days: int
    first_on: dt.date
    last_on: dt.date | None = Field(
        description=_("It ends at 24:00 of this day; null while the year's arrangement of working days is not known.")
    )
    state: str = Field(description=_("open, passed or closed_early"))
    phase: str = Field(description=_("coming, open, waiting (period over, not settled), passed or closed_early"))


class ProofDetail(Schema):
    """A state of the page, frozen."""

    number: int
    cause: str
    shown_from: dt.datetime
    shown_until: dt.datetime | None
    sha256: str
    audit_record: int | None = Field(description=_("Number of its record in the sealed audit; null until it is sealed."))


class NoticeDetail(NoticeSummary):
    body: Both
    issuer: Both
    contact: str
    document: str
    items: list[NoticeItemDetail]
    objections: list[PublishedObjection] = Field(description=_("Those that were made public, redacted."))
    proof: list[ProofDetail] = Field(description=_("What was shown when, the newest first."))


class NoticeQuery(Schema):
    state: Literal["", "open", "passed", "closed_early"] = ""
    plan: str = Field("", max_length=40, description=_("Code of the plan."))
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/notices",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.Page[NoticeSummary], **schemas.problems(401)},
    summary=_("Public notices"),
    description=_("What is and was on public notice, the newest first. Nothing in it is more than the public page shows."),
)
def list_notices(request: HttpRequest, asked: Query[NoticeQuery]) -> schemas.Page[NoticeSummary]:
    wanted = {"state": asked.state, "plan__code": asked.plan}
    found = visible_notices(actor_of(request)).filter(**schemas.narrowed(wanted))
    rows = found.select_related("plan").order_by("-first_on", "-pk")[asked.offset : asked.offset + asked.limit]
    today = timezone.localdate()
    return schemas.Page[NoticeSummary](
        count=found.count(), limit=asked.limit, offset=asked.offset, items=[NoticeSummary(**_summary(row, today)) for row in rows]
    )


@router.get(
    "/notices/{notice}",
    **for_anyone(),
    throttle=READING,
    response={200: NoticeDetail, **schemas.problems(401, 404)},
    summary=_("One public notice"),
    description=_("As it is shown now, masked, with the proof of what was shown when."),
)
def read_notice(request: HttpRequest, notice: uuid.UUID) -> NoticeDetail:
    found = get_notice(notice)
    content = queries.newest_snapshot(found).content
    return NoticeDetail(
        **_summary(found, timezone.localdate()),
        body=content["body"],
        issuer=content["issuer"],
        contact=content["contact"],
        document=content["document"],
        items=content["items"],
        objections=content["objections"],
        proof=[_proof(line.snapshot, line.until, line.record) for line in queries.proof_of(found)],
    )


def _summary(notice: Notice, today: dt.date) -> dict[str, Any]:
    return {
        "id": notice.public_id,
        "number": notice.number,
        "title": Both(zh=notice.title_zh, en=notice.title_en),
        "plan": notice.plan.code if notice.plan else None,
        "days": notice.days,
        "extended_days": notice.extended_days,
        "first_on": notice.first_on,
        "last_on": notice.last_on,
        "state": notice.state,
        "phase": queries.phase_of(notice, today),
    }


def _proof(snapshot: NoticeSnapshot, until: dt.datetime | None, record: int | None) -> ProofDetail:
    return ProofDetail(
        number=snapshot.number,
        cause=snapshot.cause,
        shown_from=snapshot.at,
        shown_until=until,
        sha256=snapshot.content_hash,
        audit_record=record,
    )
