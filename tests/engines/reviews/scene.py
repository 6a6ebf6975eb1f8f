"""A panel with its experts, for tests of scoring: one rubric of two criteria, experts with accounts, who take their seats."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass, field
from typing import Any

from denggao.engines.reviews.actions.assigning import accept_assignment, assign_by_hand
from denggao.engines.reviews.actions.panels import PanelOrder, open_panel
from denggao.engines.reviews.actions.rubrics import load_rubric
from denggao.engines.reviews.actions.scoring import EntryGiven, Receipt, save_entries, submit_score
from denggao.engines.reviews.models import Assignment, Expert, Panel, RubricVersion
from denggao.engines.reviews.parties import Parties
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, account, operator
from tests.cast import ORIGIN, Cast
from tests.engines.reviews.test_rubric_file import SMALL
from tests.facts import a_person

NOW = dt.datetime(2022, 10, 10, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
_serial = itertools.count(1)


def a_rubric(text: str = SMALL) -> RubricVersion:
    return load_rubric(content=text.encode(), actor=operator("test"), now=NOW)


def an_expert(name: str = "", *, user: User | None = None) -> Expert:
    person = a_person(name or f"专家{next(_serial)}")
    person.account = user or User.objects.create_user()
    person.save()
    return Expert.objects.create(person=person, from_on=dt.date(2020, 1, 1), created_at=NOW)


def actor_of(expert: Expert) -> Actor:
    user = expert.person.account
    assert user is not None
    return account(user, [], ORIGIN)


@dataclass
class Scene:
    """``panel`` with ``experts``, all of whom have taken their seats."""

    panel: Panel
    experts: list[Expert] = field(default_factory=list)

    def seat(self, at: int) -> Assignment:
        return Assignment.objects.select_related("panel__rubric_version", "expert__person").get(
            panel=self.panel, expert=self.experts[at]
        )

    def save(
        self, at: int, work: str = "", spirit: str = "", comment: str = "", *, now: dt.datetime = NOW, **given: Any
    ) -> list[Receipt]:
        entries = [
            entry(code, points, comment, **given) for code, points in (("work", work), ("spirit", spirit)) if points or comment
        ]
        return save_entries(self.seat(at), entries=entries, actor=actor_of(self.experts[at]), now=now)

    def hand_in(self, at: int, work: str = "8", spirit: str = "1", *, now: dt.datetime = NOW) -> None:
        self.save(at, work, spirit, "有据可查", now=now)
        submit_score(self.seat(at), actor=actor_of(self.experts[at]), now=now)
        self.panel.refresh_from_db()


def entry(code: str, points: str = "", comment: str = "", *, client_id: uuid.UUID | None = None, age: float = 0) -> EntryGiven:
    return EntryGiven(code, points, comment, client_id or uuid.uuid4(), dt.timedelta(seconds=age))


def a_panel(
    cast: Cast, *, experts: int = 3, seats: int | None = None, user: User | None = None, accepted: bool = True, **order: Any
) -> Scene:
    """``user`` becomes the first expert."""
    rubric = order.pop("rubric_version", None) or a_rubric()
    found = PanelOrder(
        "test", uuid.uuid4(), order.pop("title_zh", "滴水湖基地申报"), rubric, Parties(), seats=seats or experts, **order
    )
    panel = open_panel(found, actor=cast.reviewer, now=NOW)
    people = [an_expert(user=user if at == 0 else None) for at in range(experts)]
    for assignment in assign_by_hand(panel, people, actor=cast.reviewer, now=NOW):
        if accepted:
            accept_assignment(assignment, actor=actor_of(assignment.expert), now=NOW)
    return Scene(panel, people)
