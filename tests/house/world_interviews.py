"""A day of interviews that runs: the employer's HR attends the first turn, which is called; and one that is planned."""

from __future__ import annotations

import datetime as dt
import uuid

from denggao.engines.reviews.interviews.actions import DayGiven, call_next, plan_day, publish_day
from tests.cast import Cast
from tests.engines.reviews.interviews.hearing import KIND, a_day, a_hearing, slots_of
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    a_hearing(2)
    planned = plan_day(KIND, uuid.uuid4(), DayGiven("面试答辩二", "会议室", now), actor=cast.reviewer, now=now)
    day = a_day(cast, 4, users=[cast.user("hr")], published=False)
    publish_day(day, actor=cast.reviewer, now=now)
    called = call_next(day, actor=cast.clerk, now=now)
    waiting, other = slots_of(day)[1:3]
    world.values |= {
        "reviews/interviews/": {"public_id": day.public_id, "slot_id": called.public_id},
        "reviews/interviews/<uuid:public_id>/slots/<uuid:slot_id>/move/": {"slot_id": waiting.public_id},
        "reviews/interviews/<uuid:public_id>/slots/<uuid:slot_id>/swap/": {"slot_id": waiting.public_id},
    }
    for page in ("order/", "publish/"):
        world.values[f"reviews/interviews/<uuid:public_id>/{page}"] = {"public_id": planned.public_id}
    world.forms |= {
        "reviews/interviews/new/": {"kind": KIND, "subject": str(uuid.uuid4())},
        "reviews/interviews/<uuid:public_id>/order/": {"order": "lot", "seed": "6-1"},
        "reviews/interviews/<uuid:public_id>/call-off/": {"reason": "停电"},
        "reviews/interviews/<uuid:public_id>/slots/<uuid:slot_id>/move/": {"to": "3"},
        "reviews/interviews/<uuid:public_id>/slots/<uuid:slot_id>/swap/": {"other": str(other.public_id)},
    }
