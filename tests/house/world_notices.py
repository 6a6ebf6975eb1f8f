"""A notice on show with one name, an objection by name against it, and its receipt."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from denggao.engines.notices.actions import ItemOrder, NoticeOrder, object_to, open_notice
from denggao.engines.notices.registry import NoticeSubject, register_notice_subject
from denggao.foundation.audit.actors import system
from tests.cast import Cast
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    register_notice_subject("world", NoticeSubject())
    # Pages look at the clock; what they show as open must be open today.
    today = timezone.now()
    item = ItemOrder(uuid.uuid4(), {"单位": "登高精密制造有限公司"}, name_zh="程**")
    notice = open_notice(NoticeOrder("world", "拟命名人选公示", [item]), actor=system("test"), now=today)
    named = notice.items.get()
    received = object_to(
        notice,
        named,
        kind="named",
        name="不可泄露",
        contact="021-00000000",
        text="第一发明人应为另一名成员。",
        actor=cast.visitor,
        now=today,
    )
    world.values |= {
        "notices/": {"public_id": notice.public_id, "item_id": named.public_id, "number": 1},
        "api/v1/notices/": {"notice": notice.public_id},
        "notices/objections/": {"public_id": received.objection.public_id, "receipt": received.receipt},
    }
