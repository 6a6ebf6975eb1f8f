"""A craftsman with an account, a base in force, and the craftsman appointed there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from denggao.engines.agreements.mentorships import confirm_mentorship, record_mentorship
from denggao.engines.agreements.models import Mentorship
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.mentors.actions.duties import DutyGiven, answer_duty, confirm_duty, propose_duty
from denggao.systems.craftsmen.mentors.actions.sessions import SessionGiven, answer_session, enter_session
from denggao.systems.craftsmen.mentors.models import MentorDuty, MentorSession
from denggao.systems.craftsmen.models import Craftsman
from tests.cast import Cast
from tests.facts import a_person
from tests.systems.bases.facts import a_base
from tests.systems.craftsmen.scene import a_nominee, named

FROM, TO = dt.date(2022, 10, 1), dt.date(2023, 9, 30)


def a_craftsman(cast: Cast, now: dt.datetime) -> Craftsman:
    """Whom the worker's account belongs to."""
    return named(cast, now, nominee=a_nominee(cast, account=True))


def at_base(cast: Cast, craftsman: Craftsman) -> None:
    a_base(craftsman.plan, cast.base, trains="")


def terms(**given: Any) -> DutyGiven:
    return DutyGiven(**{"from_on": FROM, "to_on": TO, "subject": "五轴加工", "hours_a_year": 100, "learners_at_once": 4, **given})


def proposed(cast: Cast, craftsman: Craftsman, now: dt.datetime, **given: Any) -> MentorDuty:
    return propose_duty(craftsman, cast.base, terms(**given), actor=cast.base_manager, now=now)


def appointed(cast: Cast, craftsman: Craftsman, now: dt.datetime, **given: Any) -> MentorDuty:
    duty = proposed(cast, craftsman, now, **given)
    answer_duty(duty, accept=True, actor=cast.worker, now=now)
    return confirm_duty(duty, actor=cast.approver, now=now)


def slot(day: dt.date, starts: str = "09:00", ends: str = "11:00", **given: Any) -> SessionGiven:
    return SessionGiven(
        day,
        dt.time.fromisoformat(starts),
        dt.time.fromisoformat(ends),
        **{"topic": "刀具补偿", "learners": 3, **given},
    )


def entered(cast: Cast, duty: MentorDuty, now: dt.datetime, **given: Any) -> MentorSession:
    day = given.pop("day", dt.date(2022, 10, 8))
    return enter_session(duty, slot(day, **given), actor=cast.worker, now=now)


def confirmed(cast: Cast, duty: MentorDuty, now: dt.datetime, **given: Any) -> MentorSession:
    return answer_session(entered(cast, duty, now, **given), agree=True, actor=cast.base_manager, now=now)


def a_learner(
    cast: Cast, craftsman: Craftsman, now: dt.datetime, *, kind: str = "craftsman", name: str = "学徒一", part: str = "expert"
) -> Mentorship:
    """Confirmed by both; the learner signs in as ``part``."""
    learner = a_person(name)
    Person.objects.filter(account=cast.user(part)).update(account=None)
    Person.objects.filter(pk=learner.pk).update(account=cast.user(part))
    place = cast.base if kind == "craftsman" else None
    made = record_mentorship(
        craftsman.person,
        Person.objects.get(pk=learner.pk),
        organisation=cast.employer,
        place=place,
        kind=kind,
        from_on=FROM,
        to_on=TO,
        actor=cast.clerk,
        now=now,
    )
    for actor in (cast.worker, getattr(cast, part)):
        confirm_mentorship(Mentorship.objects.get(pk=made.pk), actor=actor, now=now)
    return Mentorship.objects.get(pk=made.pk)
