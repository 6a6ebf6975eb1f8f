"""A round of 900 nominations as rows, as the engines would have left them before the experts are asked: who is nominated by whom,
a register of experts some of whom know the nominees, and later the sheets they hand in."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from denggao.engines.agreements.models import Mentorship
from denggao.engines.cases.models import SUBJECT_KIND, Case, Consent, Round, Snapshot, Step
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.rubrics import rubric_of
from denggao.engines.cases.states import State
from denggao.engines.reviews.models import Assignment, Expert, KinDeclaration, Panel, RubricVersion, Score, ScoreEntry, Tally
from denggao.engines.reviews.parties import Parties
from denggao.engines.reviews.rules.statistics import summarise
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.audit.bulk import insert
from denggao.foundation.organisations.models import Employment, Membership, Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import PlanIndustry
from denggao.foundation.standards.models import Industry
from denggao.systems.craftsmen.actions.rubric import RUBRIC
from denggao.systems.craftsmen.models import Deed, Nomination
from denggao.systems.craftsmen.procedures import CRAFTSMAN
from tests.cast import Cast
from tests.systems.craftsmen.scene import answers, craftsmen_plan, craftsmen_round

NOMINATIONS, BODIES, EXPERTS, SEATS, JURORS = 900, 120, 200, 5, 50
TO_JURY, NAMED = 150, 100
_STEPS = ("opened", "submitted", "consented", "passed")


@dataclass
class Stand:
    """The round with everything in it, by kind."""

    round: Round
    cases: list[Case]
    people: list[Person]
    bodies: list[Organisation]
    experts: list[Expert]
    panels: list[Panel] = field(default_factory=list)


def make_round(cast: Cast, chance: random.Random, now: dt.datetime) -> Stand:
    """Four industries, 900 nominees of 120 bodies, each agreed to and passed by the check; 200 experts."""
    plan = craftsmen_plan(cast, now)
    for at, (code, name) in enumerate({"aero": "民用航空", "bio": "生物医药"}.items(), 2):
        industry = Industry.objects.get_or_create(code=code, defaults={"name_zh": name})[0]
        PlanIndustry.objects.create(plan=plan, industry=industry, position=at)
    industries = list(plan.industries.order_by("planindustry__position"))
    options = {
        "rank": {"places": TO_JURY, "groups": {each.code: TO_JURY // 4 + 10 for each in industries}},
        "jury": {"quotas": {each.code: NAMED // 4 + 10 for each in industries}},
    }
    round_ = craftsmen_round(cast, now, plan=plan, quota=NAMED, options=options)
    with transaction.atomic():
        bodies = _bodies(now)
        people = _people("工匠", NOMINATIONS, now)
        cases = [_case(at, people[at], bodies[at % BODIES], round_, now) for at in range(NOMINATIONS)]
        insert(cases)
        insert([step for case in cases for step in _steps(case, cast)])
        insert([_snapshot(case, person, now) for case, person in zip(cases, people, strict=True)])
        insert([_consent(case, person, now) for case, person in zip(cases, people, strict=True)])
        insert([_employment(person, bodies[at % BODIES], now) for at, person in enumerate(people)])
        told = [_nomination(at, cases[at], people[at], bodies[at % BODIES], industries[at % 4], now) for at in range(NOMINATIONS)]
        insert(told)
        insert([Deed(nomination=each, kind="work", position=at, title=f"攻关成果{at}") for each in told for at in (1, 2, 3)])
        stand = Stand(round_, cases, people, bodies, _experts(now, industries))
        _bind(stand, chance, now)
        rubric = rubric_of({"rubric": RUBRIC})
        stand.panels = [_panel(case, person, rubric, now) for case, person in zip(cases, people, strict=True)]
        insert(stand.panels)
    return stand


def _people(name: str, count: int, now: dt.datetime) -> list[Person]:
    """Each with an account."""
    users = User.objects.bulk_create(User(password="") for _at in range(count))
    people = [Person(name=f"{name}{at}", name_key=f"{name}{at}", account=user, created_at=now) for at, user in enumerate(users)]
    insert(people)
    return people


def _bodies(now: dt.datetime) -> list[Organisation]:
    """Each with somebody in HR, who is told of everything."""
    names = [f"推荐单位{at}" for at in range(BODIES)]
    bodies = [Organisation(name_zh=name, name_key=name, kind="employer", created_at=now) for name in names]
    insert(bodies)
    users = User.objects.bulk_create(User(password="") for _body in bodies)
    Membership.objects.bulk_create(
        Membership(account=user, role=Role.HR, organisation=body, from_on=dt.date(2020, 1, 1))
        for user, body in zip(users, bodies, strict=True)
    )
    return bodies


def _case(at: int, person: Person, body: Organisation, round_: Round, now: dt.datetime) -> Case:
    return Case(
        number=f"GJ-2022-{at:04d}",
        procedure=CRAFTSMAN.code,
        version=1,
        form_version=1,
        round=round_,
        plan=round_.plan,
        body=body,
        title=person.name,
        stage="review",
        stage_kind=StageKind.REVIEW,
        state=State.OPEN,
        waits_for="experts",
        stage_since=now,
        waits_since=now,
        opened_by="bench",
        opened_at=now,
        submitted_at=now,
        lock=len(_STEPS),
    )


def _steps(case: Case, cast: Cast) -> Iterator[Step]:
    for number, kind in enumerate(_STEPS, 1):
        by = cast.clerk if kind == "passed" else None
        yield Step(
            case=case,
            number=number,
            kind=kind,
            stage_from="" if number == 1 else "draft",
            stage_to="check",
            state_to=State.OPEN,
            at=case.opened_at,
            actor_kind="account",
            actor_id=by.id if by else "bench",
            actor_text=by.text if by else "bench",
            shown_to="office",
        )


def _snapshot(case: Case, person: Person, now: dt.datetime) -> Snapshot:
    return Snapshot(
        case=case,
        number=1,
        form_version=1,
        answers=answers(person.name, paper=""),
        content_hash="0" * 64,
        submitted_at=now,
        submitted_by="bench",
        submitted_by_text="bench",
    )


def _consent(case: Case, person: Person, now: dt.datetime) -> Consent:
    return Consent(
        case=case,
        snapshot=1,
        content_hash="0" * 64,
        person=person,
        state="agreed",
        asked_at=now,
        answered_at=now,
        answered_by=str(person.account.public_id) if person.account else "bench",
        name=person.name,
        hash_seen="0" * 64,
    )


def _employment(person: Person, body: Organisation, now: dt.datetime) -> Employment:
    start = now.date() - dt.timedelta(days=1500)
    return Employment(
        person=person,
        employer=body,
        hired_on=start,
        known_from=start,
        last_listed_on=start,
        front_line=True,
        created_at=now,
    )


def _nomination(at: int, case: Case, person: Person, body: Organisation, industry: Industry, now: dt.datetime) -> Nomination:
    assert case.round is not None
    assert case.plan is not None
    return Nomination(
        case=case,
        round=case.round,
        plan=case.plan,
        person=person,
        channel="employer",
        nominator=body,
        employer=body,
        industry=industry,
        post="班组长",
        occupation="车工",
        nationality="chinese",
        union_member=True,
        front_line_years=12,
        conditions={"craft": "叶片磨削误差 0.02 mm", "skill": "市赛第一名", "lead": "带徒 6 人", "contribution": "年节约 120 万元"},
        place=at // BODIES + 1,
        submitted_at=now,
    )


def _experts(now: dt.datetime, industries: Sequence[Industry]) -> list[Expert]:
    people = _people("评委", EXPERTS, now)
    experts = [Expert(person=person, from_on=now.date(), created_at=now) for person in people]
    insert(experts)
    through = Expert.fields.through
    through.objects.bulk_create(
        through(expert_id=expert.pk, industry_id=industries[(at + more) % 4].pk)
        for at, expert in enumerate(experts)
        for more in range(1 + at % 2)
    )
    return experts


def _bind(stand: Stand, chance: random.Random, now: dt.datetime) -> None:
    """Three experts in four work for a nominating body, 60 taught a nominee, 40 named kin."""
    working = [expert for at, expert in enumerate(stand.experts) if at % 4]
    insert([_employment(expert.person, chance.choice(stand.bodies), now) for expert in working])
    start = now.date() - dt.timedelta(days=900)
    learners = chance.sample(stand.people, 100)
    insert(
        [
            Mentorship(mentor=stand.experts[at].person, learner=learner, from_on=start, created_at=now)
            for at, learner in enumerate(learners[:60])
        ]
    )
    insert(
        [
            KinDeclaration(expert=expert, name=learner.name_key, declared_at=now)
            for expert, learner in zip(stand.experts[60:100], learners[60:], strict=True)
        ]
    )


def _panel(case: Case, person: Person, rubric: RubricVersion, now: dt.datetime) -> Panel:
    stage = CRAFTSMAN.stage("review")
    return Panel(
        subject_kind=SUBJECT_KIND,
        subject_id=case.public_id,
        title_zh=f"{case.number} {case.title}",
        plan=case.plan,
        rubric_version=rubric,
        seats=SEATS,
        rule=stage.options["rule"],
        parties=Parties.of([case.body_id or 0], [person.pk], [case.body_id or 0]).as_json(),
        opened_at=now,
    )


def hand_all_in(panels: Sequence[Panel], chance: random.Random, now: dt.datetime) -> None:
    """Every expert of every panel has accepted and handed in, close to each other: above the least, apart by less than the most."""
    criteria = list(panels[0].rubric_version.criteria.all())
    worth = {panel.pk: Decimal(chance.randrange(70, 98)) / 100 for panel in panels}
    with transaction.atomic():
        seats = list(Assignment.objects.filter(panel__in=panels))
        Assignment.objects.filter(panel__in=panels).update(state=Assignment.State.SUBMITTED, answered_at=now)
        Panel.objects.filter(pk__in=[panel.pk for panel in panels]).update(state=Panel.State.SCORING)
        sheets, lines = [], []
        for seat in seats:
            share = worth[seat.panel_id] + Decimal(chance.randrange(-2, 3)) / 100
            given = [(each, (each.max_points * share).quantize(Decimal("0.5"))) for each in criteria]
            total = sum((points * each.weight for each, points in given), Decimal(0))
            sheet = Score(assignment=seat, state=Score.State.SUBMITTED, total=total, submitted_at=now, created_at=now)
            sheets.append(sheet)
            lines.append((sheet, given))
        insert(sheets)
        insert(
            [
                ScoreEntry(
                    score=sheet, criterion=each, points=points, client_id=sheet.assignment.public_id, entered_at=now, saved_at=now
                )
                for sheet, given in lines
                for each, points in given
            ]
        )


def judge_as_rows(panels: Sequence[Panel], now: dt.datetime) -> None:
    """As if these panels had been counted and closed, one by one, by hand."""
    sheets: dict[int, list[Score]] = defaultdict(list)
    scores = Score.objects.filter(assignment__panel__in=panels).select_related("assignment")
    for sheet in scores.prefetch_related("entries__criterion"):
        sheets[sheet.assignment.panel_id].append(sheet)
    with transaction.atomic():
        tallies = [_tally(panel, sheets[panel.pk], now) for panel in panels]
        insert(tallies)
        for tally in tallies:
            Panel.objects.filter(pk=tally.panel_id).update(state=Panel.State.CLOSED, closed_at=now, result=tally.result)
        cases = list(Case.objects.filter(public_id__in=[panel.subject_id for panel in panels]))
        insert([_reviewed(case, now) for case in cases])
        Case.objects.filter(pk__in=[case.pk for case in cases]).update(
            stage="rank", stage_kind=StageKind.RANK, waits_for="office", lock=len(_STEPS) + 1
        )


def _tally(panel: Panel, sheets: Sequence[Score], now: dt.datetime) -> Tally:
    totals = [sheet.total or Decimal(0) for sheet in sheets]
    found = summarise(totals)
    parts = [{entry.criterion.code: str(entry.points) for entry in sheet.entries.all()} for sheet in sheets]
    scores = [
        {"assignment": str(sheet.assignment.public_id), "total": str(sheet.total), "parts": given}
        for sheet, given in zip(sheets, parts, strict=True)
    ]
    return Tally(
        panel=panel,
        number=1,
        why=Tally.Why.OPENED,
        at=now,
        inputs={"aggregate": "trimmed", "max_spread": "25.00", "rubric": "", "scores": scores},
        content_hash="0" * 64,
        count=len(totals),
        mean=found.mean,
        median=found.median,
        trimmed=found.trimmed,
        deviation=found.deviation,
        lowest=found.lowest,
        highest=found.highest,
        result=found.trimmed,
        too_wide=False,
    )


def _reviewed(case: Case, now: dt.datetime) -> Step:
    return Step(
        case=case,
        number=len(_STEPS) + 1,
        kind="reviewed",
        stage_from="review",
        stage_to="rank",
        state_to=State.OPEN,
        at=now,
        actor_kind="account",
        actor_id="bench",
        actor_text="bench",
        shown_to="office",
    )
