"""Applications of the token's organisation, and what can be applied for."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.engines.cases import procedures, queries
from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.policies import open_calls, own_cases
from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, actor_of, for_anyone, needs
from denggao.faces.api.rules import Scope

router = Router(tags=["cases"])


class CallDetail(Schema):
    """A call that takes applications now."""

    id: uuid.UUID
    procedure: str = Field(description=_("Code of the procedure."))
    title_zh: str
    title_en: str
    plan: str | None
    applicant: str = Field(description=_("Who applies: body, person or either."))
    document: str
    opens_at: dt.datetime
    closes_at: dt.datetime = Field(description=_("From this moment on nothing is taken any more."))
    quota: int | None


class WaitingDetail(Schema):
    """Whose turn it is."""

    whom: str = Field(description=_("applicant, office, consent, experts, notice, signers, platform or nobody"))
    since: dt.datetime
    due_on: dt.date | None = Field(description=_("Null without a limit, or while that year's working days are not known."))
    overdue: bool


class CaseSummary(Schema):
    """An application in a list."""

    id: uuid.UUID
    number: str | None = Field(description=_("Given at the first submission."))
    procedure: str
    title: str
    call: uuid.UUID | None
    plan: str | None
    stage: str = Field(description=_("Code of the stage."))
    stage_name: str
    state: str = Field(description=_("open, returned, withdrawn, rejected, awarded or ended"))
    submitted_at: dt.datetime | None
    waiting: WaitingDetail


class StepDetail(Schema):
    """A step, as its applicant sees it."""

    number: int
    kind: str
    stage: str
    at: dt.datetime
    reason: str


class FieldToCorrect(Schema):
    section: str
    field: str = Field(description=_("Empty: the section as a whole."))
    remark: str


class SubmissionDetail(Schema):
    """What was submitted, frozen; the hash proves it."""

    number: int
    submitted_at: dt.datetime
    sha256: str


class CaseDetail(CaseSummary):
    steps: list[StepDetail]
    submissions: list[SubmissionDetail]
    to_correct: list[FieldToCorrect] = Field(description=_("What was sent back to be corrected; empty otherwise."))


class CaseFilter(Schema):
    state: Literal["", "open", "returned", "withdrawn", "rejected", "awarded", "ended"] = ""
    procedure: str = Field("", max_length=30)
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/calls",
    **for_anyone(),
    throttle=READING,
    response={200: list[CallDetail], **schemas.problems(401)},
    summary=_("Calls that take applications now"),
    description=_("Those that close soonest come first."),
)
def list_calls(request: HttpRequest) -> list[CallDetail]:
    return [_call(each) for each in open_calls(timezone.now()).select_related("plan").order_by("closes_at", "pk")]


@router.get(
    "/cases",
    **needs(Scope.CASES),
    throttle=READING,
    response={200: schemas.Page[CaseSummary], **schemas.problems(401, 403)},
    summary=_("The organisation's applications"),
    description=_("Newest first."),
)
def list_cases(request: HttpRequest, asked: Query[CaseFilter]) -> schemas.Page[CaseSummary]:
    found = own_cases(actor_of(request)).order_by("-opened_at", "-pk")
    wanted = {"state": asked.state, "procedure": asked.procedure}
    found = found.filter(**schemas.narrowed(wanted))
    page = list(found.with_labels()[asked.offset : asked.offset + asked.limit])
    rows = queries.rows(page, actor=actor_of(request), today=timezone.localdate())
    return schemas.Page[CaseSummary](
        count=found.count(), limit=asked.limit, offset=asked.offset, items=[CaseSummary(**_summary(row)) for row in rows]
    )


@router.get(
    "/cases/{case}",
    **needs(Scope.CASES),
    throttle=READING,
    response={200: CaseDetail, **schemas.problems(401, 403, 404)},
    summary=_("One application"),
    description=_("Of the token's organisation, with its steps as the applicant sees them."),
)
def read_case(request: HttpRequest, case: uuid.UUID) -> CaseDetail:
    actor = actor_of(request)
    found: Case | None = own_cases(actor).with_labels().filter(public_id=case).first()
    if found is None:
        raise Http404
    (row,) = queries.rows([found], actor=actor, today=timezone.localdate())
    correction = queries.open_correction(found)
    return CaseDetail(
        **_summary(row),
        steps=[
            StepDetail(number=each.step.number, kind=each.step.kind, stage=each.step.stage_to, at=each.at, reason=each.reason)
            for each in reversed(queries.timeline(actor, found))
        ],
        submissions=[
            SubmissionDetail(number=each.number, submitted_at=each.submitted_at, sha256=each.content_hash)
            for each in found.snapshots.defer("answers")
        ],
        to_correct=[FieldToCorrect(**each) for each in correction.fields] if correction is not None else [],
    )


def _call(round_: Round) -> CallDetail:
    return CallDetail(
        id=round_.public_id,
        procedure=round_.procedure,
        title_zh=round_.title_zh,
        title_en=round_.title_en,
        plan=round_.plan.code if round_.plan else None,
        applicant=_applicant(round_.procedure),
        document=round_.document,
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        quota=round_.quota,
    )


def _applicant(code: str) -> str:
    try:
        return procedures.latest(code).applicant
    except KeyError:
        return "body"


def _summary(row: queries.CaseRow) -> dict[str, Any]:
    case, waits = row.case, row.waiting
    return {
        "id": case.public_id,
        "number": case.number,
        "procedure": case.procedure,
        "title": case.title,
        "call": case.round.public_id if case.round else None,
        "plan": case.plan.code if case.plan else None,
        "stage": case.stage,
        "stage_name": row.stage,
        "state": case.state,
        "submitted_at": case.submitted_at,
        "waiting": WaitingDetail(whom=waits.whom, since=waits.since, due_on=waits.due_on, overdue=waits.overdue),
    }
