"""The worker is appointed by the employer."""

from __future__ import annotations

import datetime as dt

from denggao.foundation.organisations.actions.appointments import appoint
from tests.cast import Cast
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    made = appoint(
        cast.worker_person, cast.employer, role="adviser", title_zh="顾问", from_on=now.date(), actor=cast.clerk, now=now
    )
    world.values["organisations/appointments/"] = {"public_id": made.public_id}
