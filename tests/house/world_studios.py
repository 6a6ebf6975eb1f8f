"""A studio of ``cast.employer`` with people, a project, a result, a visit, an act and an evaluation that wait, and an alliance."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case, Round
from denggao.engines.reviews.actions.rubrics import load_rubric
from denggao.foundation.files.actions import store_file
from denggao.foundation.plans.models import Part, Plan
from denggao.systems.craftsmen.actions.rubric import _FILE
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios.actions.acts import Proposal, propose_act
from denggao.systems.craftsmen.studios.actions.founding import Document, record_order
from denggao.systems.craftsmen.studios.models import (
    Alliance,
    AllianceMembership,
    Evaluation,
    Project,
    Result,
    Studio,
    StudioMember,
    StudioOrder,
    Visit,
)
from denggao.systems.craftsmen.studios.policies import EVIDENCE
from tests.cast import Cast
from tests.facts import a_person
from tests.house.world import World
from tests.systems.craftsmen.scene import WEEK, a_nominee, an_order, named


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    """Today is the machine's own: the pages ask what is open at this moment."""
    today = dt.datetime.now(tz=now.tzinfo)
    craftsmen = _craftsmen(cast, world, today)
    order = _order(cast, world, today)
    studio, other, third, fourth = (_studio(cast, one, order, number, today) for number, one in enumerate(craftsmen))
    scan = store_file("处理意见.pdf", b"%PDF-1.4 secret", kind=EVIDENCE, actor=cast.clerk, now=today)
    proposal = Proposal("suspend", "idle", "不可泄露的理由", evidence=scan)
    act = propose_act(studio, proposal, actor=cast.clerk, now=today)
    member = StudioMember.objects.create(
        studio=studio, person=cast.worker_person, role="member", from_on=studio.named_on, created_at=today
    )
    StudioMember.objects.create(
        studio=studio,
        person=a_person("不可泄露的学员"),
        role="learner",
        from_on=studio.named_on,
        confirmed_at=today,
        created_at=today,
    )
    project = Project.objects.create(
        studio=studio, kind="innovation", title="自适应磨削", from_on=studio.named_on, created_at=today
    )
    result = Result.objects.create(
        studio=studio, kind="award", title="金奖", on=studio.named_on, proof=scan, reported_by="somebody", reported_at=today
    )
    Visit.objects.create(studio=studio, on=studio.named_on, visitors="x", people=3, recorded_by="a", recorded_at=today)
    evaluation = Evaluation.objects.create(
        studio=studio, case=_case(studio.plan, cast, "GZP-1", today), first_on=studio.named_on, last_on=today.date(),
        points=Decimal(50), grade="unqualified", thresholds={}, outcome="remedy", remedy_until=studio.named_on,
        decided_on=today.date(), created_at=today,
    )  # fmt: skip
    alliance = Alliance.objects.create(
        plan=studio.plan, lead=studio, name_zh="工作室联盟", charter="互学。", founded_on=today.date(), created_at=today
    )
    asked = {"alliance": alliance, "asked_by": "a", "asked_at": today}
    place = AllianceMembership.objects.create(studio=other, state="asked", **asked)
    left = AllianceMembership.objects.create(studio=third, state="member", from_on=today.date(), answered_at=today, **asked)
    root = "craftsmen/studios/"
    world.values |= {
        root: {"public_id": studio.public_id, "kind": "unname", "code": "projects"},
        "api/v1/studios/": {"studio": studio.public_id},
        f"{root}acts/": {"public_id": act.public_id},
        f"{root}members/": {"public_id": member.public_id},
        f"{root}projects/": {"public_id": project.public_id},
        f"{root}results/": {"public_id": result.public_id},
        f"{root}evaluations/": {"public_id": evaluation.public_id},
        f"{root}alliances/": {"public_id": alliance.public_id},
        f"{root}alliances/places/<uuid:public_id>/answer/": {"public_id": place.public_id},
        f"{root}alliances/places/<uuid:public_id>/leave/": {"public_id": left.public_id},
        f"{root}<uuid:public_id>/acts/<slug:kind>/": {"public_id": other.public_id, "kind": "unname"},
        f"{root}<uuid:public_id>/evaluation/": {"public_id": other.public_id},
        "studios/": {"public_id": studio.public_id},
        "studios/alliances/": {"public_id": alliance.public_id},
    }
    day, reason = studio.named_on.isoformat(), {"reason": "As the papers say."}
    one = f"{root}<uuid:public_id>"
    world.forms |= {
        f"{root}orders/new/": {"round": str(studio.order.round_id), "number": "20", "title": "通知", "issued_on": day},
        f"{root}acts/<uuid:public_id>/dismiss/": reason,
        f"{root}members/<uuid:public_id>/end/": reason,
        f"{root}projects/<uuid:public_id>/end/": {"finished": "yes", "on": day},
        f"{root}results/<uuid:public_id>/": {"confirmed": "yes"},
        f"{root}evaluations/<uuid:public_id>/check/": {"remedied": "yes", **reason},
        f"{root}alliances/<uuid:public_id>/ask/": {"studio": str(fourth.public_id)},
        f"{root}alliances/places/<uuid:public_id>/answer/": {"yes": "yes"},
        f"{root}alliances/places/<uuid:public_id>/leave/": reason,
        f"{one}/acts/<slug:kind>/": {"grounds": "request", **reason},
        f"{one}/members/": {"name": "登小高0", "role": "member"},
        f"{one}/projects/": {"kind": "other", "title": "x", "from_on": day},
        f"{one}/visits/": {"on": day, "visitors": "x", "people": "3"},
        f"{one}/alliance/": {"name_zh": "又一个联盟", "charter": "x"},
    }


def _craftsmen(cast: Cast, world: World, now: dt.datetime) -> list[Craftsman]:
    """Four, of the employer: one for each studio."""
    if not Part.objects.filter(plan=world.plan, role="guide").exists():
        Part.objects.create(plan=world.plan, role="guide", organisation=cast.authority_body, position=9)
    load_rubric(content=_FILE.read_bytes(), actor=cast.administrator, now=now)
    given = actions.RoundGiven("craftsman", "领衔人", plan=world.plan, opens_at=now - WEEK, closes_at=now + WEEK)
    round_ = actions.open_round(actions.prepare_round(given, actor=cast.clerk, now=now), actor=cast.clerk, now=now)
    an_order(cast, round_, now, number="沪临工匠〔2021〕099号")
    return [named(cast, now, round_=round_, nominee=a_nominee(cast, f"不可泄露的领衔人{number}")) for number in range(4)]


def _order(cast: Cast, world: World, now: dt.datetime) -> StudioOrder:
    given = {"opens_at": now - WEEK, "closes_at": now + WEEK, "state": "open", "opened_at": now - WEEK, "created_at": now}
    round_ = Round.objects.create(procedure="studio", plan=world.plan, title_zh="工作室申报", created_by="test", **given)
    return record_order(round_, Document("沪临工〔2022〕18号", "通知", now.date()), actor=cast.clerk, now=now)


def _studio(cast: Cast, leader: Craftsman, order: StudioOrder, number: int, now: dt.datetime) -> Studio:
    return Studio.objects.create(
        plan=leader.plan, organisation=cast.employer, leader=leader, case=_case(leader.plan, cast, f"GZS-{number}", now), order=order,
        industry=leader.industry, name_zh=f"工作室{number}", place="1", floor_area_m2=Decimal(60), purpose="攻关。",
        funds_yuan=Decimal(1), hours_a_week=4, named_on=now.date(), evaluation_due_on=now.date(), created_at=now,
    )  # fmt: skip


def _case(plan: Plan, cast: Cast, number: str, now: dt.datetime) -> Case:
    return Case.objects.create(
        number=number, procedure="studio", version=1, form_version=1, plan=plan, body=cast.employer, stage="award", stage_kind="award",
        state="awarded", waits_for="nobody", stage_since=now, waits_since=now, opened_by="test", opened_at=now, submitted_at=now,
        ended_at=now, lock=9,
    )  # fmt: skip
