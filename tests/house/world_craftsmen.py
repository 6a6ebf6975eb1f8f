"""A craftsman of ``cast.employer`` with an act that waits for its second person, and a round with a list of nominees."""

from __future__ import annotations

import datetime as dt

from denggao.engines.cases import actions
from denggao.engines.reviews.actions.rubrics import load_rubric
from denggao.foundation.files.actions import store_file
from denggao.foundation.plans.models import Part
from denggao.systems.craftsmen.actions.revoking import propose_act
from denggao.systems.craftsmen.actions.rubric import _FILE
from denggao.systems.craftsmen.models import Medal
from denggao.systems.craftsmen.policies import EVIDENCE
from tests.cast import Cast
from tests.house.world import World
from tests.systems.craftsmen.scene import WEEK, a_nominee, named, nominated


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    """Today is the machine's own: the pages ask what is open at this moment."""
    today = dt.datetime.now(tz=now.tzinfo)
    Part.objects.create(plan=world.plan, role="guide", organisation=cast.authority_body, position=9)
    load_rubric(content=_FILE.read_bytes(), actor=cast.administrator, now=now)
    given = actions.RoundGiven("craftsman", "不可泄露的批次", plan=world.plan, opens_at=today - WEEK, closes_at=today + WEEK)
    round_ = actions.open_round(actions.prepare_round(given, actor=cast.clerk, now=today), actor=cast.clerk, now=today)
    craftsman = named(cast, today, round_=round_, nominee=a_nominee(cast, "不可泄露的姓名"))
    standing = named(cast, today, round_=round_, nominee=a_nominee(cast, "不可泄露的工匠"))
    later = actions.RoundGiven("craftsman", "下一批次", plan=world.plan, opens_at=today - WEEK, closes_at=today + WEEK)
    next_round = actions.open_round(actions.prepare_round(later, actor=cast.clerk, now=today), actor=cast.clerk, now=today)
    case = nominated(cast, next_round, a_nominee(cast, "不可泄露的被推荐人"), today, place=1)
    scan = store_file("处理决定.pdf", b"%PDF-1.4 decision", kind=EVIDENCE, actor=cast.clerk, now=today)
    act = propose_act(
        craftsman, kind="revoke", grounds="forged", reason="不可泄露的理由", evidence=scan, actor=cast.clerk, now=today
    )
    reason = {"reason": "As the papers say."}
    world.values |= {
        "craftsmen/": {"public_id": standing.public_id, "kind": "revoke"},
        "craftsmen/acts/": {"public_id": act.public_id},
        "craftsmen/rounds/": {"public_id": round_.public_id},
        "craftsmen/rounds/<uuid:public_id>/own/": {"public_id": next_round.public_id},
        "craftsmen/medals/": {"public_id": Medal.objects.get(craftsman=standing).public_id},
    }
    world.forms |= {
        "craftsmen/acts/<uuid:public_id>/dismiss/": reason,
        "craftsmen/<uuid:public_id>/acts/<slug:kind>/": {"grounds": "forged", **reason},
        "craftsmen/medals/<uuid:public_id>/": {"state": "held", "on": today.date().isoformat()},
        "craftsmen/rounds/<uuid:public_id>/terms/": {"employer-open": "on"},
        "craftsmen/rounds/<uuid:public_id>/order/": {"number": "新号", "title": "决定", "issued_on": today.date().isoformat()},
        "craftsmen/rounds/<uuid:public_id>/own/": {"move": f"{case.public_id}:up"},
    }
