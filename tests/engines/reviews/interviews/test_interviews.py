"""Planning, publishing and running a day of interviews."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from denggao.engines.reviews.interviews import policies
from denggao.engines.reviews.interviews.actions import (
    DayGiven,
    arrange_day,
    begin_slot,
    call_next,
    call_off_day,
    close_day,
    drop_attendee,
    end_slot,
    mark_absent,
    move_slot,
    plan_day,
    publish_day,
    put_at_the_end,
    swap_slots,
)
from denggao.engines.reviews.interviews.models import InterviewDay, Slot
from denggao.engines.reviews.interviews.queries import interviews_ahead, running_order
from denggao.engines.reviews.interviews.refusals import InterviewRefused, SlotMoved
from denggao.engines.reviews.interviews.rules import drawn
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.actors import account, operator
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from tests.engines.reviews.interviews.hearing import KIND, START, a_day, a_hearing, numbers, slots_of
from tests.facts import NOW

pytestmark = pytest.mark.django_db


def later(minutes: int) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


def test_ten_minutes_each_and_breaks_are_dated_rules(cast):
    a_hearing(8)
    day = plan_day(KIND, uuid.uuid4(), DayGiven("日", "室", START), actor=cast.reviewer, now=NOW)

    assert (day.minutes_each, day.break_after, day.break_minutes) == (10, 6, 10)
    assert [int((slot.planned_at - START).total_seconds() // 60) for slot in slots_of(day)] == [0, 10, 20, 30, 40, 50, 70, 80]


def test_the_order_is_by_number_by_group_or_by_a_lot_that_is_kept(cast):
    day = a_day(cast, 4, published=False, groups="baba")
    assert numbers(day) == ["01", "02", "03", "04"]

    arrange_day(day, order="group", actor=cast.reviewer, now=NOW)
    assert numbers(day) == ["02", "04", "01", "03"]
    arranged = arrange_day(day, order="lot", seed="骰子 6-2-5", actor=cast.reviewer, now=NOW)
    assert (arranged.seed, numbers(day)) == ("骰子 6-2-5", drawn(["01", "02", "03", "04"], "骰子 6-2-5"))
    assert arrange_day(day, order="lot", actor=cast.reviewer, now=NOW).seed


def test_only_a_reviewer_plans_and_only_clerks_and_reviewers_run_it(cast):
    day = a_day(cast, published=False)

    for part in ("clerk", "approver", "hr", "expert"):
        with pytest.raises(NotAllowed):
            publish_day(day, actor=getattr(cast, part), now=NOW)
    publish_day(day, actor=cast.reviewer, now=NOW)
    for part in ("approver", "hr", "expert", "auditor"):
        with pytest.raises(NotAllowed):
            call_next(day, actor=getattr(cast, part), now=NOW)
    assert call_next(day, actor=cast.clerk, now=NOW).number == "01"


def test_nobody_stands_on_two_days_at_once(cast):
    day = a_day(cast)
    given = DayGiven("第二天", "室", START)

    with pytest.raises(InterviewRefused):
        plan_day(KIND, day.subject_id, given, actor=cast.reviewer, now=NOW)
    assert InterviewDay.objects.count() == 1


def test_publishing_tells_everybody_heard_and_shows_them_their_own_turn_alone(cast):
    day = a_day(cast, users=[cast.user("hr")], published=False)
    assert policies.own_slots(cast.hr).count() == 0

    publish_day(day, actor=cast.reviewer, now=NOW)

    assert Message.objects.filter(code="interviews.published").count() == 3
    assert [slot.number for slot in policies.own_slots(cast.hr)] == ["01"]
    assert interviews_ahead(cast.hr) == 1
    with pytest.raises(Http404):
        policies.get_own_day(cast.other_hr, day.public_id)
    with pytest.raises(InterviewRefused):
        publish_day(day, actor=cast.reviewer, now=NOW)


def test_a_day_from_the_first_call_to_the_end(cast):
    day = a_day(cast, 2)

    first = call_next(day, actor=cast.clerk, now=later(0))
    assert Message.objects.filter(code="interviews.called").count() == 1
    with pytest.raises(InterviewRefused):
        call_next(day, actor=cast.clerk, now=later(1))
    begin_slot(first, actor=cast.clerk, now=later(2))
    second = call_next(day, actor=cast.clerk, now=later(20))
    with pytest.raises(InterviewRefused):
        begin_slot(second, actor=cast.clerk, now=later(21))
    order = running_order(day, later(21))
    assert (order.late, order.in_room.slot.number, order.called.slot.number) == (10, "01", "02")
    end_slot(first, note_text="材料补一份", actor=cast.clerk, now=later(24))
    begin_slot(second, actor=cast.clerk, now=later(25))
    with pytest.raises(InterviewRefused):
        close_day(day, actor=cast.clerk, now=later(26))
    end_slot(second, actor=cast.clerk, now=later(35))

    assert close_day(day, actor=cast.clerk, now=later(36)).state == "closed"
    assert [(slot.state, slot.note) for slot in slots_of(day)] == [("done", "材料补一份"), ("done", "")]
    with pytest.raises(InterviewRefused):
        call_next(day, actor=cast.clerk, now=later(40))


def test_who_does_not_come_is_passed_over_and_comes_last_after_all(cast):
    day = a_day(cast, 3, users=[cast.user("hr")])
    first = call_next(day, actor=cast.clerk, now=later(0))
    mark_absent(first, actor=cast.clerk, now=later(5))

    again = put_at_the_end(first, reason="堵车", actor=cast.clerk, now=later(8))

    assert (again.number, again.position, again.planned_at) == ("01", 4, later(30))
    first.refresh_from_db()
    assert (first.state, first.note) == ("moved", "堵车")
    assert [slot.position for slot in policies.own_slots(cast.hr)] == [4]
    assert Message.objects.filter(account=cast.user("hr"), code="interviews.changed").count() == 1
    assert call_next(day, actor=cast.clerk, now=later(9)).number == "02"


def test_whoever_was_heard_or_is_in_the_room_is_not_missed_or_moved(cast):
    day = a_day(cast)
    first = call_next(day, actor=cast.clerk, now=later(0))
    begin_slot(first, actor=cast.clerk, now=later(0))

    for act in (
        lambda: mark_absent(first, actor=cast.clerk, now=later(1)),
        lambda: put_at_the_end(first, actor=cast.clerk, now=later(1)),
        lambda: begin_slot(slots_of(day)[1], actor=cast.clerk, now=later(1)),
    ):
        with pytest.raises((SlotMoved, InterviewRefused)):
            act()
    end_slot(first, actor=cast.clerk, now=later(9))
    with pytest.raises(SlotMoved):
        end_slot(first, actor=cast.clerk, now=later(10))
    with pytest.raises(InterviewRefused):
        move_slot(first, to=3, actor=cast.reviewer, now=later(10))


def test_a_published_order_changes_by_single_turns_and_tells_whose_time_changed(cast):
    day = a_day(cast, 4)
    with pytest.raises(InterviewRefused):
        arrange_day(day, order="lot", actor=cast.reviewer, now=NOW)

    changed = move_slot(slots_of(day)[2], to=1, actor=cast.reviewer, now=NOW)

    assert numbers(day) == ["03", "01", "02", "04"]
    assert [slot.planned_at for slot in slots_of(day)] == [later(0), later(10), later(20), later(30)]
    assert len(changed) == Message.objects.filter(code="interviews.changed").count() == 3
    slots = slots_of(day)
    swap_slots(slots[0], slots[3], actor=cast.reviewer, now=NOW)
    assert numbers(day) == ["04", "01", "02", "03"]


def test_a_day_called_off_tells_those_still_waiting(cast):
    day = a_day(cast)
    first = call_next(day, actor=cast.clerk, now=later(0))
    mark_absent(first, actor=cast.clerk, now=later(0))

    with pytest.raises(ReasonMissing):
        call_off_day(day, reason="", actor=cast.reviewer, now=later(1))
    call_off_day(day, reason="停电", actor=cast.reviewer, now=later(1))

    assert Message.objects.filter(code="interviews.called_off").count() == 2


def test_whoever_drops_out_is_waited_for_no_more(cast):
    day = a_day(cast)
    slot = slots_of(day)[1]

    assert drop_attendee("trial_heard", slot.subject_id, reason="已撤回", actor=operator("test"), now=NOW) is not None
    slot.refresh_from_db()
    assert (slot.state, slot.note) == ("absent", "已撤回")
    assert drop_attendee("trial_heard", slot.subject_id, reason="已撤回", actor=operator("test"), now=NOW) is None


def test_the_database_knows_one_in_the_room_and_one_turn_each(cast):
    day = a_day(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(day=day).update(state="in_room", started_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(day=day).update(state="done")
    one = slots_of(day)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(pk=slots_of(day)[1].pk).update(subject_id=one.subject_id)


def test_the_audit_tells_what_happened(cast):
    day = a_day(cast)
    slot = call_next(day, actor=cast.clerk, now=NOW)
    put_at_the_end(slot, actor=cast.clerk, now=NOW)

    told = set(Record.objects.filter(action__startswith="interviews.").values_list("action", flat=True))
    assert {"interviews.day.plan", "interviews.day.publish", "interviews.slot.call", "interviews.slot.to_the_end"} <= told


def test_outsiders_see_no_day(cast):
    a_day(cast)

    for part in ("hr", "expert", "worker", "authority"):
        assert policies.visible_days(getattr(cast, part)).count() == 0
    assert policies.visible_days(account(cast.user("worker"), [])).count() == 0
