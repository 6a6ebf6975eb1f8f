"""A letter of appointment of somebody at ``cast.employer``, with its paper: what must not leak is the name on it."""

from __future__ import annotations

import datetime as dt

from denggao.engines.credentials.actions import keep_paper
from denggao.engines.credentials.paper import paper_of
from denggao.foundation.audit.actors import operator
from tests.cast import Cast
from tests.engines.credentials.issuing import issued, letter_order
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    item = issued(letter_order(cast.worker_person, plan=world.plan), now=now)
    keep_paper(item, paper_of(item), content=item.content_hash, actor=operator("test"), now=now)
    world.values["credentials/"] = {"public_id": item.public_id, "number": 1}
