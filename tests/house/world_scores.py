"""Scores: a panel in which the cast's expert judges, one that is closed with its ranking, a visit, a rubric."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from denggao.engines.reviews.actions.assigning import accept_assignment, assign_by_hand
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.panels import PanelOrder, open_panel
from denggao.engines.reviews.actions.ranking import RankingOrder, make_ranking
from denggao.engines.reviews.actions.rubrics import load_rubric
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.actions.visits import VisitGiven, add_photo, plan_visit
from denggao.engines.reviews.models import Assignment, Expert, Panel
from denggao.engines.reviews.parties import Parties
from denggao.engines.reviews.sealing import PHOTO_KIND
from denggao.foundation.audit.actors import account, operator
from denggao.foundation.files.actions import store_file
from denggao.foundation.people.models import Person
from tests.cast import ORIGIN, Cast
from tests.engines.reviews.test_rubric_file import SMALL
from tests.facts import a_person

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def add(cast: Cast, now: dt.datetime, world: Any) -> None:
    version = load_rubric(content=SMALL.encode(), actor=operator("test"), now=now)
    expert = _expert(cast, now)
    running = _panel(cast, now, version, expert, "滴水湖基地申报")
    seat = running.assignments.get()
    closed = _panel(cast, now, version, expert, "望潮基地申报")
    judged = closed.assignments.get()
    actor = account(cast.user("expert"), [], ORIGIN)
    given = [EntryGiven(code, points, "", uuid.uuid4()) for code, points in (("work", "8"), ("spirit", "1"))]
    save_entries(judged, entries=given, actor=actor, now=now)
    submit_score(judged, actor=actor, now=now)
    close_panel(closed, actor=cast.reviewer, now=now)
    closed.refresh_from_db()
    ranking = make_ranking(RankingOrder("round", uuid.uuid4(), [closed], 1), actor=cast.reviewer, now=now)
    visit = plan_visit(running, given=VisitGiven(now.date(), "滴水湖畔1号"), actor=cast.reviewer, now=now)
    stored = store_file("现场.png", PNG, kind=PHOTO_KIND, actor=cast.reviewer, now=now)
    photo = add_photo(visit, file=stored, caption="车床", actor=cast.reviewer, now=now)
    world.values |= {
        "reviews/<uuid:public_id>/": {"public_id": seat.public_id},
        "reviews/panels/<uuid:public_id>/results/": {"public_id": running.public_id},
        "reviews/panels/<uuid:public_id>/results/<uuid:assignment_id>/": {
            "public_id": closed.public_id,
            "assignment_id": judged.public_id,
        },
        "reviews/panels/<uuid:public_id>/visits/": {"public_id": running.public_id},
        "reviews/rankings/": {"public_id": ranking.public_id},
        "reviews/visits/": {"public_id": visit.public_id, "photo_id": photo.public_id},
        "reviews/rubrics/": {"code": version.rubric.code, "number": version.version},
    }


def _expert(cast: Cast, now: dt.datetime) -> Expert:
    user = cast.user("expert")
    person = Person.objects.filter(account=user).first()
    if person is None:
        person = a_person("专家登高")
        person.account = user
        person.save()
    found, _new = Expert.objects.get_or_create(person=person, defaults={"from_on": dt.date(2020, 1, 1), "created_at": now})
    return found


def _panel(cast: Cast, now: dt.datetime, version: Any, expert: Expert, title: str) -> Panel:
    order = PanelOrder("test", uuid.uuid4(), title, version, Parties.of([cast.employer.pk]), seats=1)
    panel = open_panel(order, actor=cast.reviewer, now=now)
    assignment: Assignment = assign_by_hand(panel, [expert], actor=cast.reviewer, now=now)[0]
    accept_assignment(assignment, actor=account(cast.user("expert"), [], ORIGIN), now=now)
    return panel
