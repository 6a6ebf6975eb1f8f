"""Plans and their board."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Annotated, Any, Literal

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.engines.ledger import queries as ledger
from denggao.engines.ledger.evidence import evidence_of
from denggao.engines.ledger.models import Entry
from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, actor_of, for_anyone, needs
from denggao.faces.api.rest.problems import problem
from denggao.faces.api.rules import Scope
from denggao.foundation.audit.actors import Actor
from denggao.foundation.plans.models import Goal, Plan

router = Router(tags=["plans"])

Dimension = Literal["industry", "occupation", "level", "employer", "month", "proof", "year"]
AsOf = Annotated[dt.date | None, Query(description=_("Heads of events up to this day. Today unless told."))]
KnownOn = Annotated[
    dt.date | None, Query(description=_("As it was known at the end of this day; for tokens with the scope board."))
]


def _plan(code: str) -> Plan:
    plan = Plan.objects.filter(code=code).first()
    if plan is None:
        raise Http404
    return plan


def _goal(code: str, goal: str) -> Goal:
    found = Goal.objects.select_related("plan").filter(plan__code=code, code=goal).first()
    if found is None:
        raise Http404
    return found


@router.get(
    "/plans",
    **for_anyone(),
    throttle=READING,
    response={200: list[schemas.PlanSummary], **schemas.problems(401)},
    summary=_("Plans"),
    description=_("All plans, the newest first."),
)
def list_plans(request: HttpRequest) -> list[schemas.PlanSummary]:
    return [schemas.PlanSummary(**_summary(plan)) for plan in Plan.objects.order_by("-first_year", "code")]


@router.get(
    "/plans/{plan}",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.PlanDetail, **schemas.problems(401, 404)},
    summary=_("One plan"),
    description=_("Goals, targets, industries and who does what."),
)
def read_plan(request: HttpRequest, plan: str) -> schemas.PlanDetail:
    found = _plan(plan)
    goals = found.goals.prefetch_related("yearly_targets", "parts__organisation")
    return schemas.PlanDetail(
        **_summary(found),
        industries=[
            schemas.Named(code=item.code, name_zh=item.name_zh, name_en=item.name_en)
            for item in found.industries.order_by("planindustry__position")
        ],
        goals=[_goal_detail(goal) for goal in goals],
    )


def _summary(plan: Plan) -> dict[str, Any]:
    return {
        "code": plan.code,
        "name_zh": plan.name_zh,
        "name_en": plan.name_en,
        "first_year": plan.first_year,
        "last_year": plan.last_year,
        "region_zh": plan.region_zh,
        "region_en": plan.region_en,
        "demo": plan.is_demo,
    }


def _goal_detail(goal: Goal) -> schemas.GoalDetail:
    return schemas.GoalDetail(
        code=goal.code,
        name_zh=goal.name_zh,
        name_en=goal.name_en,
        unit=goal.unit,
        target=goal.target,
        yearly_targets={str(item.year): item.target for item in goal.yearly_targets.all()},
        counting_rule=goal.counting_rule,
        lowest_proof=goal.lowest_proof,
        parts=[
            schemas.PartDetail(
                role=part.role, organisation=part.organisation.name if part.organisation else None, class_of_bodies=part.class_zh
            )
            for part in goal.parts.all()
        ],
    )


def _time_of(actor: Actor, plan: Plan, as_of: dt.date | None, known_on: dt.date | None) -> tuple[dt.date, bool] | HttpResponse:
    """The day asked for, and whether the answer is the public one; or why not."""
    today = timezone.localdate()
    public = Scope.BOARD not in actor.scopes
    if public and known_on is not None:
        return problem(403, gettext("Earlier knowledge is for tokens with the scope “board”."))
    if (as_of is not None and as_of > today) or (known_on is not None and known_on > today):
        return problem(422, errors=[{"field": "query.as_of", "detail": gettext("The day must not lie in the future.")}])
    if public and as_of not in {None, today} and as_of not in ledger.release_dates(plan, today=today):
        text = gettext("The public board is given for chosen days only; ask /plans/%(plan)s/dates for them.") % {"plan": plan.code}
        return problem(422, errors=[{"field": "query.as_of", "detail": text}])
    return as_of or today, public


def _unchanged(request: HttpRequest, response: HttpResponse, plan: Plan, *parts: object) -> bool:
    """Sets the ETag; true when the reader has that answer already."""
    digest = hashlib.sha256("|".join(map(str, (ledger.version(plan), *parts))).encode()).hexdigest()[:24]
    response["ETag"] = f'W/"{digest}"'
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Authorization"
    asked = request.headers.get("If-None-Match", "")
    return response["ETag"] in {item.strip() for item in asked.split(",")}


def _same(response: HttpResponse) -> HttpResponse:
    same = HttpResponse(status=304)
    for name in ("ETag", "Cache-Control", "Vary"):
        same[name] = response[name]
    return same


@router.get(
    "/plans/{plan}/board",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.BoardDetail, 304: None, **schemas.problems(401, 403, 404)},
    summary=_("The board"),
    description=_(
        "Six numbers against target and by year: public without a token, small numbers withheld; in full with the scope board. "
        "Answers 304 to an ETag that still holds."
    ),
)
def read_board(
    request: HttpRequest, response: HttpResponse, plan: str, as_of: AsOf = None, known_on: KnownOn = None
) -> schemas.BoardDetail | HttpResponse:
    found = _plan(plan)
    time = _time_of(actor_of(request), found, as_of, known_on)
    if isinstance(time, HttpResponse):
        return time
    day, public = time
    if _unchanged(request, response, found, "board", day, known_on, public):
        return _same(response)
    board = ledger.board_of(found, as_of=day, known_on=known_on, public=public)
    return schemas.BoardDetail(
        plan=found.code,
        as_of=board.as_of,
        known_on=board.known_on,
        public=board.public,
        goals={figures.goal.code: _figures(figures) for figures in board.goals},
        distinct_people=board.distinct_people,
        summed_people=board.summed_people,
        last_proven_at=board.last_proven_at,
        demo=found.is_demo,
    )


def _figures(figures: ledger.GoalFigures) -> schemas.GoalFigures:
    forecast = figures.forecast
    return schemas.GoalFigures(
        name_zh=figures.goal.name_zh,
        name_en=figures.goal.name_en,
        unit=figures.goal.unit,
        target=figures.target,
        count=figures.count,
        by_year={str(year): count for year, count in figures.by_year.items()},
        yearly_targets={str(year): target for year, target in figures.yearly_targets.items()},
        forecast=schemas.ForecastDetail(at_end=forecast.at_end, shortfall=forecast.shortfall, pace_a_month=forecast.pace_a_month)
        if forecast
        else None,
    )


@router.get(
    "/plans/{plan}/dates",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.ReleaseDates, **schemas.problems(401, 404)},
    summary=_("Days the public may ask for"),
    description=_("Newest first; today is always among them."),
)
def list_dates(request: HttpRequest, plan: str) -> schemas.ReleaseDates:
    found = _plan(plan)
    return schemas.ReleaseDates(plan=found.code, dates=ledger.release_dates(found, today=timezone.localdate()))


@router.get(
    "/plans/{plan}/goals/{goal}/breakdown",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.BreakdownDetail, 304: None, **schemas.problems(401, 403, 404)},
    summary=_("A goal by one dimension"),
    description=_(
        "By industry, occupation, level, employer, month, proof grade or year; small numbers are withheld from the public so "
        "that they can't be subtracted out."
    ),
)
def read_breakdown(
    request: HttpRequest,
    response: HttpResponse,
    plan: str,
    goal: str,
    by: Dimension,
    as_of: AsOf = None,
    known_on: KnownOn = None,
) -> schemas.BreakdownDetail | HttpResponse:
    found = _goal(plan, goal)
    time = _time_of(actor_of(request), found.plan, as_of, known_on)
    if isinstance(time, HttpResponse):
        return time
    day, public = time
    if _unchanged(request, response, found.plan, goal, by, day, known_on, public):
        return _same(response)
    cells = ledger.breakdown(found, by, as_of=day, known_on=known_on, public=public)
    return schemas.BreakdownDetail(
        plan=plan,
        goal=goal,
        dimension=by,
        as_of=day,
        known_on=known_on,
        public=public,
        cells=[
            schemas.CellDetail(value=cell.value, label_zh=cell.label_zh, label_en=cell.label_en, count=cell.count) for cell in cells
        ],
    )


class HeadFilter(Schema):
    """Which heads, and which part of the list."""

    as_of: dt.date | None = None
    known_on: dt.date | None = None
    industry: str = Field("", max_length=40, description=_("Industry code."))
    occupation: str = Field("", max_length=20, description=_("Occupation code."))
    level: str = Field("", max_length=10)
    employer: uuid.UUID | None = None
    proof: Literal["", "declared", "documented", "confirmed"] = ""
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/plans/{plan}/goals/{goal}/heads",
    **needs(Scope.BOARD),
    throttle=READING,
    response={200: schemas.Page[schemas.HeadDetail], **schemas.problems(401, 403, 404)},
    summary=_("The heads behind a number"),
    description=_("Masked, newest event first. For tokens with the scope board."),
)
def list_heads(
    request: HttpRequest, plan: str, goal: str, asked: Query[HeadFilter]
) -> schemas.Page[schemas.HeadDetail] | HttpResponse:
    found = _goal(plan, goal)
    time = _time_of(actor_of(request), found.plan, asked.as_of, asked.known_on)
    if isinstance(time, HttpResponse):
        return time
    entries = _filtered(ledger.heads(found, as_of=time[0], known_on=asked.known_on), asked)
    page = (
        entries.defer("person__phone")
        .select_related("person", "organisation", "employer", "occupation")
        .order_by("-happened_on", "-id")
    )
    return schemas.Page[schemas.HeadDetail](
        count=_count(entries, found.plan, goal, time[0], asked),
        limit=asked.limit,
        offset=asked.offset,
        items=[_head(entry) for entry in page[asked.offset : asked.offset + asked.limit]],
    )


def _filtered(entries: QuerySet[Entry], asked: HeadFilter) -> QuerySet[Entry]:
    wanted = {
        "industry": asked.industry,
        "occupation__code": asked.occupation,
        "level": asked.level,
        "employer__public_id": asked.employer,
        "proof": asked.proof,
    }
    return entries.filter(**schemas.narrowed(wanted))


def _count(entries: QuerySet[Entry], plan: Plan, goal: str, day: dt.date, asked: HeadFilter) -> int:
    """How many there are, counted once for each state of the ledger."""
    narrowed = asked.model_dump_json(exclude={"limit", "offset", "as_of"})
    key = hashlib.sha256(f"{ledger.version(plan)}|{goal}|{day}|{narrowed}".encode()).hexdigest()
    return int(cache.get_or_set(f"api.heads.{key}", entries.count, 3600) or 0)


def _head(entry: Entry) -> schemas.HeadDetail:
    return schemas.HeadDetail(**_head_facts(entry))


def _head_facts(entry: Entry) -> dict[str, Any]:
    occupation, employer = entry.occupation, entry.employer
    return {
        "id": entry.public_id,
        "name": entry.person.masked_name if entry.person else (entry.organisation.name if entry.organisation else ""),
        "happened_on": entry.happened_on,
        "known_at": entry.known_at,
        "industry": entry.industry,
        "occupation": schemas.Named(code=occupation.code, name_zh=occupation.name_zh, name_en=occupation.name_en)
        if occupation
        else None,
        "level": entry.level,
        "level_before": entry.level_before,
        "employer": schemas.Reference(id=employer.public_id, name_zh=employer.name_zh, name_en=employer.name_en)
        if employer
        else None,
        "proof": entry.proof,
    }


@router.get(
    "/plans/{plan}/goals/{goal}/heads/{head}",
    **needs(Scope.BOARD),
    throttle=READING,
    response={200: schemas.HeadEvidence, **schemas.problems(401, 403, 404)},
    summary=_("One head and its proof"),
    description=_("The chain from the certificate to the sealed record of the count."),
)
def read_head(request: HttpRequest, plan: str, goal: str, head: uuid.UUID) -> schemas.HeadEvidence:
    found = _goal(plan, goal)
    entry = (
        Entry.objects.filter(goal=found, public_id=head)
        .select_related("goal", "person", "organisation", "employer", "occupation")
        .first()
    )
    if entry is None:
        raise Http404
    steps = evidence_of(entry, actor_of(request))
    return schemas.HeadEvidence(
        **_head_facts(entry),
        evidence=[
            schemas.EvidenceLink(
                kind=step.kind, title=str(step.title), state=step.state, lines=[(str(a), str(b)) for a, b in step.lines]
            )
            for step in steps
        ],
    )
