"""A teaching standard with a version in force, one retired and a draft that must not leak."""

from __future__ import annotations

import datetime as dt

from denggao.foundation.standards.teaching.actions import Given, begin_draft, write_standard
from denggao.foundation.standards.teaching.rules import Item
from tests.cast import Cast
from tests.foundation.standards.teaching.facts import OPERATOR, a_standard, a_turner
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    version = a_standard(now)
    given = Given("TS-1", a_turner(), "4", "车工四级教学标准")
    write_standard(given, [Item("3", "conduct", "不可泄露的草稿")], actor=OPERATOR, now=now)
    begin_draft(version.standard, actor=OPERATOR, now=now)
    world.values |= {
        "standards/": {"public_id": version.standard.public_id, "code": "2.2"},
        "api/v1/standards/": {"standard": version.standard.public_id},
    }
    world.forms["standards/<uuid:public_id>/put-in-force/"] = {"from_on": "2022-10-11"}
