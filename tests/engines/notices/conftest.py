"""A subject kind of the tests' own, which remembers what it was told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from denggao.engines.notices import registry
from denggao.engines.notices.actions import ItemOrder, NoticeOrder, open_notice
from denggao.engines.notices.models import Notice
from denggao.engines.notices.registry import NoticeSubject, register_notice_subject
from denggao.foundation.audit.actors import Actor, system

KIND = "test"
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def at(text: str) -> dt.datetime:
    """A moment in Shanghai: ``2022-10-10 09:00``."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


@dataclass
class Told:
    """What the room above was told, in order: (what, subject, more)."""

    lines: list[tuple[Any, ...]] = field(default_factory=list)
    hidden: dict[str, set[UUID]] = field(default_factory=dict)
    fails_for: set[UUID] = field(default_factory=set)

    def passed(self, subject_id: UUID, notice: Notice, *, actor: Actor, now: dt.datetime) -> None:
        if subject_id in self.fails_for:
            raise RuntimeError("the room above failed")
        self.lines.append(("passed", subject_id))

    def upheld(self, subject_id: UUID, objection: Any, *, consequence: str, actor: Actor, now: dt.datetime) -> None:
        self.lines.append(("upheld", subject_id, consequence))

    def dropped(self, subject_id: UUID, notice: Notice, *, reason: str, actor: Actor, now: dt.datetime) -> None:
        self.lines.append(("dropped", subject_id, reason))

    def objection(self, subject_id: UUID, objection: Any, *, actor: Actor, now: dt.datetime) -> None:
        self.lines.append(("objection", subject_id))


@pytest.fixture
def told() -> Iterator[Told]:
    one = Told()
    register_notice_subject(
        KIND,
        NoticeSubject(
            on_passed=one.passed,
            on_upheld=one.upheld,
            on_dropped=one.dropped,
            on_objection=one.objection,
            can_manage=lambda actor, subject_id: subject_id not in one.hidden.get(actor.id, ()),
            hidden_from=lambda actor: one.hidden.get(actor.id, ()),
            url=lambda subject_id: f"/cases/{subject_id}/",
        ),
    )
    yield one
    del registry._SUBJECTS[KIND]


def a_notice(now: dt.datetime, *names: str, actor: Actor | None = None, **more: Any) -> Notice:
    """On notice under an invented title; the default is two names and five days."""
    items = [
        ItemOrder(uuid.uuid4(), {"姓名": name, "单位": "登高精密制造有限公司"}, name_zh=name)
        for name in names or ("程**", "欧阳**")
    ]
    order = NoticeOrder(KIND, "第三批“临港工匠”拟命名人选公示", items, title_en="Third batch of craftsmen", **more)
    return open_notice(order, actor=actor or system("test"), now=now)
