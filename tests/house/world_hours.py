"""A learner's sitting with a finding about it, and a correction that waits for its second person."""

from __future__ import annotations

import datetime as dt
import uuid

from denggao.engines.hours.actions import Missing, ask_fix, receive_beats, start_sitting
from denggao.engines.hours.models import Finding
from denggao.engines.hours.policies import FIX_FILE
from denggao.engines.hours.rules import Beat
from denggao.foundation.files.actions import store_file
from tests.cast import Cast
from tests.house.world import World

UNIT, ENROLMENT = ("world_unit", uuid.UUID(int=11)), ("world_enrolment", uuid.UUID(int=12))


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    began = now - dt.timedelta(hours=2)
    started = start_sitting(cast.worker_person, UNIT, ENROLMENT, device="phone", actor=cast.worker, now=began)
    for number in range(1, 25):
        beat = Beat(number, active=True, acts=6, last_act_ms=3_000, span_ms=60_000)
        receive_beats(started.token, [beat], began + number * dt.timedelta(minutes=1), leaves=number == 24)
    paper = store_file("签到表.pdf", b"%PDF-1.4\n%%EOF\n", kind=FIX_FILE, actor=cast.clerk, now=now)
    fix = ask_fix(
        cast.worker_person,
        Missing(ENROLMENT, "classroom", began.date(), 2700),
        reason="The sign-in sheet was on paper.",
        file=paper,
        actor=cast.clerk,
        now=now,
    )
    world.values |= {
        "hours/": {"public_id": cast.worker_person.public_id},
        "hours/sittings/": {"public_id": started.sitting.public_id},
        "hours/findings/": {"public_id": Finding.objects.get(person=cast.worker_person, kind="rhythm").public_id},
        "hours/corrections/": {"public_id": fix.public_id},
    }
