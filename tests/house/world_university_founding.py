"""A university that the employer leads, with an end that waits for its second person."""

from __future__ import annotations

import datetime as dt

from denggao.systems.university.founding.actions import propose_end
from denggao.systems.university.models import Programme, School, University
from tests.cast import Cast
from tests.house.world import World
from tests.systems.bases.facts import a_case


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    programme = Programme.objects.get(title_zh="内训计划")
    university = University.objects.create(
        plan=world.plan, organisation=cast.employer, case=a_case(world.plan, cast.employer, procedure="university"),
        programme=programme, name_zh="产业网络大学", opened_on=now.date(), founded_on=now.date(), created_at=now,
    )  # fmt: skip
    act = propose_end(university, kind="close", reason="不可泄露的停办理由", actor=cast.clerk, now=now)
    # A second one, of which nothing is proposed yet.
    other = University.objects.create(
        plan=world.plan, organisation=cast.base, case=a_case(world.plan, cast.employer, procedure="university"),
        programme=_another(programme.school, now), name_zh="第二网络大学", opened_on=now.date(), founded_on=now.date(), created_at=now,
    )  # fmt: skip
    world.values |= {
        "university/founding/": {"public_id": university.public_id, "kind": "withdraw"},
        "university/founding/acts/": {"public_id": act.public_id},
        "university/founding/<uuid:public_id>/end/": {"public_id": other.public_id},
    }
    world.forms |= {
        "university/founding/<uuid:public_id>/end/<slug:kind>/": {"reason": "停办。"},
        "university/founding/acts/<uuid:public_id>/dismiss/": {"reason": "继续办学。"},
    }


def _another(school: School, now: dt.datetime) -> Programme:
    return Programme.objects.create(
        school=school, title_zh="另一计划", state=Programme.State.PUBLISHED, published_on=now.date(), created_at=now
    )
