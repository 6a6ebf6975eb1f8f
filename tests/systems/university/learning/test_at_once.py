"""The last seat asked for by many, one name twice, a mark by two: what may happen once happens once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from denggao.systems.university.learning.actions import enrolling, working
from denggao.systems.university.learning.models import Enrolment, Run, Submission
from tests.at_once import at_once
from tests.cast import make_cast
from tests.engines.hours.learning import learner
from tests.systems.university.facts import make_school
from tests.systems.university.learning.facts import a_class, a_course, a_run, again, key_of, teacher

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_for_two_seats_two_sit_and_the_rest_wait(now: dt.datetime) -> None:
    cast = make_cast(now)
    run = a_run(a_course(make_school(cast, now), now, "reading"), now, seats=2)
    asking = [learner(f"同时{n}") for n in range(5)]

    def enters(actor: object) -> object:
        fresh = Run.objects.select_related("course", "version__course", "school").get(pk=run.pk)
        return enrolling.enrol_self(fresh, actor=actor, now=now)

    outcomes = at_once(*[lambda actor=actor: enters(actor) for _person, actor in asking], lambda: enters(asking[0][1]))

    # Whoever asks twice at once is told that they are in already, or finds themselves in: in once, either way.
    assert set(outcomes) <= {"done", "LearningRefused"}
    assert outcomes.count("done") >= 5
    states = sorted(Enrolment.objects.filter(run=run).values_list("state", flat=True))
    assert states == ["enrolled", "enrolled", "waiting", "waiting", "waiting"]


def test_a_seat_given_up_while_one_is_asked_for_is_not_lost(now: dt.datetime) -> None:
    cast = make_cast(now)
    run = a_run(a_course(make_school(cast, now), now, "reading"), now, seats=1)
    (_first, leaver), (_second, waiter), (_third, comer) = (learner(f"轮到{n}") for n in range(3))
    held = enrolling.enrol_self(run, actor=leaver, now=now)
    enrolling.enrol_self(run, actor=waiter, now=now)

    def enters() -> object:
        fresh = Run.objects.select_related("course", "version__course", "school").get(pk=run.pk)
        return enrolling.enrol_self(fresh, actor=comer, now=now + dt.timedelta(minutes=1))

    outcomes = at_once(lambda: enrolling.leave(again(held), reason="", actor=leaver, now=now), enters)

    assert outcomes == ["done", "done"]
    seats = dict(Enrolment.objects.filter(run=run).values_list("person__name", "state"))
    assert sorted(seats.values()) == ["enrolled", "left", "waiting"]
    assert Enrolment.objects.get(run=run, state="enrolled").person.account_id == waiter.holder.pk


def test_work_is_marked_by_one_of_two(now: dt.datetime) -> None:
    cast = make_cast(now)
    run, mine = a_class(cast, now, "assignment")
    work = working.hand_in(mine, key_of(run, "assignment"), text="Mine.", actor=cast.worker, now=now)
    marker = teacher(cast)

    def marks(points: int) -> object:
        fresh = Submission.objects.select_related("enrolment__run__school").get(pk=work.pk)
        return working.mark_work(fresh, {"size": Decimal(points), "surface": Decimal(20)}, feedback="", actor=marker, now=now)

    outcomes = at_once(lambda: marks(50), lambda: marks(60))

    assert outcomes == ["LearningRefused", "done"]
    work.refresh_from_db()
    assert work.points in {Decimal(70), Decimal(80)}
    assert again(mine).state == "finished"
