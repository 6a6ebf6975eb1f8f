"""Two at the door at the same moment: nobody is called twice, one is in the room."""

from __future__ import annotations

import pytest

from denggao.engines.reviews.interviews.actions import begin_slot, call_next, end_slot, mark_absent, publish_day, put_at_the_end
from denggao.engines.reviews.interviews.models import Slot
from denggao.foundation.messages.models import Message
from tests.at_once import at_once
from tests.cast import make_cast
from tests.engines.reviews.interviews.hearing import a_day, slots_of
from tests.facts import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return make_cast(NOW)


def test_two_who_call_the_next_call_one(cast):
    day = a_day(cast)

    outcomes = at_once(*[lambda who=who: call_next(day, actor=who, now=NOW) for who in (cast.clerk, cast.reviewer)])

    assert outcomes == ["InterviewRefused", "done"]
    assert Slot.objects.filter(state="called").count() == Message.objects.filter(code="interviews.called").count() == 1


def test_one_of_two_is_let_in(cast):
    day = a_day(cast)
    first, second, _third = slots_of(day)

    outcomes = at_once(
        lambda: begin_slot(first, actor=cast.clerk, now=NOW), lambda: begin_slot(second, actor=cast.reviewer, now=NOW)
    )

    assert outcomes == ["InterviewRefused", "done"]
    assert Slot.objects.filter(state="in_room").count() == 1


def test_missed_and_put_at_the_end_at_once_leaves_one_turn(cast):
    day = a_day(cast)
    slot = call_next(day, actor=cast.clerk, now=NOW)

    at_once(*[lambda: put_at_the_end(slot, actor=cast.clerk, now=NOW)] * 2)
    assert Slot.objects.filter(subject_id=slot.subject_id).exclude(state="moved").count() == 1
    assert Slot.objects.filter(subject_id=slot.subject_id).count() == 2


def test_ended_or_missed_not_both_and_published_once(cast):
    day = a_day(cast, published=False)
    assert at_once(*[lambda: publish_day(day, actor=cast.reviewer, now=NOW)] * 2) == ["InterviewRefused", "done"]
    slot = call_next(day, actor=cast.clerk, now=NOW)

    outcomes = at_once(lambda: begin_slot(slot, actor=cast.clerk, now=NOW), lambda: mark_absent(slot, actor=cast.reviewer, now=NOW))

    assert outcomes.count("done") == 1
    if Slot.objects.get(pk=slot.pk).state == "in_room":
        assert end_slot(slot, actor=cast.clerk, now=NOW).state == "done"
