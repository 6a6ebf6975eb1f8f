"""Doubtful patterns: found, cleared by one, upheld by two; nothing is deleted."""

from __future__ import annotations

import uuid

import pytest

from denggao.engines.hours.actions import (
    beat,
    clear_finding,
    count_hours,
    look_through,
    propose_upholding,
    recall_proposal,
    receive_beats,
    uphold_finding,
)
from denggao.engines.hours.actions.finding import FindingRefused, note_findings
from denggao.engines.hours.actions.folding import Source
from denggao.engines.hours.detectors import Doubt
from denggao.engines.hours.hooks import hours_corrected
from denggao.engines.hours.models import Finding, HourEntry, Sitting
from denggao.engines.hours.queries import explain, hours_of
from denggao.engines.hours.rules import Beat, State
from denggao.engines.hours.tokens import token_of
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import system
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from tests.engines.hours.learning import ENROLMENT, MINUTE, learner, learns, sit

MACHINE = system("test")


def kinds() -> list[str]:
    return sorted(Finding.objects.values_list("kind", flat=True))


def test_a_scripts_rhythm_is_found_when_it_ends_and_once(cast, now):
    honest = learns(cast.worker_person, cast.worker, now - 60 * MINUTE, 30)
    faked = learns(cast.worker_person, cast.worker, now, 30, steady=True)

    finding = Finding.objects.get()
    again = look_through(now.date(), actor=MACHINE, now=now)

    assert (finding.kind, finding.state, list(finding.sittings.all())) == ("rhythm", "open", [faked])
    assert finding.evidence["variation"] == 0
    assert again == 0
    assert Finding.objects.count() == 1
    # A finding changes nothing by itself.
    assert hours_of([cast.worker_person.pk])[cast.worker_person.pk].seconds == honest.seconds + faked.seconds == 3600
    assert Record.objects.filter(action="hours.finding.note").count() == 1


def test_upheld_by_two_the_entries_are_reversed_and_the_person_told(cast, now):
    told = []
    hours_corrected.plug(lambda person, contexts, now: told.append((person, contexts)))
    sitting = learns(cast.worker_person, cast.worker, now, 30, steady=True)
    finding = Finding.objects.get()

    with pytest.raises(FindingRefused, match="Nobody has proposed"):
        uphold_finding(finding, actor=cast.reviewer, now=now)
    propose_upholding(finding, reason="Every minute six signs.", actor=cast.clerk, now=now)
    finding.refresh_from_db()
    with pytest.raises(NotAllowed):
        uphold_finding(finding, actor=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        uphold_finding(finding, actor=cast.hr, now=now)
    uphold_finding(finding, reason="Seen.", actor=cast.reviewer, now=now)
    with pytest.raises(FindingRefused, match="faster"):
        uphold_finding(Finding.objects.get(), actor=cast.approver, now=now)

    assert hours_of([cast.worker_person.pk])[cast.worker_person.pk].seconds == 0
    assert [(why.entry.seconds, why.counts, why.reversal.reason) for why in explain(cast.worker_person)] == [
        (1800, 0, "Every minute six signs.")
    ]
    assert Message.objects.filter(account=cast.user("worker"), code="hours.upheld").count() == 1
    assert (cast.worker_person, {ENROLMENT}) in told
    # What comes late to a voided sitting counts nothing.
    late = beat(token_of(sitting.public_id), Beat(99, active=True), now + 40 * MINUTE)
    assert (late.state, HourEntry.objects.count()) == (State.ENDED, 2)
    assert set(Record.objects.filter(action__startswith="hours.").values_list("action", flat=True)) >= {
        "hours.entry.reverse", "hours.sitting.void", "hours.finding.propose", "hours.finding.confirm",
    }  # fmt: skip


def test_an_open_sitting_that_is_voided_enters_nothing(cast, now):
    sitting, token = sit(cast, now)
    for n in range(1, 25):
        beat(token, Beat(n, active=True, acts=5, last_act_ms=1000), now + n * MINUTE)
    note_findings([Doubt("rhythm", cast.worker_person.pk, now.date(), (sitting.public_id,))], actor=MACHINE, now=now)
    finding = Finding.objects.get()
    propose_upholding(finding, reason="x", actor=cast.clerk, now=now + 30 * MINUTE)
    uphold_finding(finding, actor=cast.approver, now=now + 30 * MINUTE)

    answer = beat(token, Beat(25, active=True), now + 31 * MINUTE)

    assert answer.state == State.ENDED
    assert hours_of([cast.worker_person.pk]) == {}
    assert Sitting.objects.get().voided_at is not None


def test_one_person_clears_with_a_reason_and_a_proposal_can_be_withdrawn(cast, now):
    learns(cast.worker_person, cast.worker, now, 30, steady=True)
    finding = Finding.objects.get()

    with pytest.raises(FindingRefused, match="Reason"):
        clear_finding(finding, reason="  ", actor=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        clear_finding(finding, reason="mine", actor=cast.hr, now=now)
    propose_upholding(finding, reason="hm", actor=cast.clerk, now=now)
    recall_proposal(finding, reason="The machine in room 7 clicks.", actor=cast.reviewer, now=now)
    finding.refresh_from_db()
    assert (finding.state, finding.is_proposed, finding.answer) == ("open", False, "The machine in room 7 clicks.")
    clear_finding(finding, reason="A foot pedal.", actor=cast.clerk, now=now)
    with pytest.raises(FindingRefused):
        clear_finding(finding, reason="again", actor=cast.clerk, now=now)

    # Settled stays settled; a sitting it did not know opens another one.
    assert look_through(now.date(), actor=MACHINE, now=now) == 0
    learns(cast.worker_person, cast.worker, now + 60 * MINUTE, 30, steady=True)
    assert sorted(Finding.objects.values_list("state", flat=True)) == ["cleared", "open"]
    assert hours_of([cast.worker_person.pk])[cast.worker_person.pk].seconds == 3600


def test_nobody_judges_the_own_hours(cast, now):
    cast.worker_person.account = cast.user("clerk")
    cast.worker_person.save()
    learns(cast.worker_person, cast.clerk, now, 30, steady=True)

    with pytest.raises(NotAllowed):
        clear_finding(Finding.objects.select_related("person").get(), reason="It was me.", actor=cast.clerk, now=now)


def test_the_night_finds_shared_devices_same_rhythms_impossible_days_and_overlaps(cast, now):
    people = [learner(name) for name in ("甲一", "乙二", "丙三")]
    for person, actor in people:
        # One script for three: the same uneven counts, one after the other on one device.
        learns(person, actor, now + people.index((person, actor)) * 60 * MINUTE, 40, device="shared")
    count_hours(
        people[0][0], context=ENROLMENT, kind="classroom", day=now.date(), seconds=3600, source=Source("class", uuid.uuid4()),
        from_at=now, to_at=now + 60 * MINUTE, actor=MACHINE, now=now,
    )  # fmt: skip
    count_hours(
        people[1][0], context=ENROLMENT, kind="workplace", day=now.date(), seconds=17 * 3600,
        source=Source("class", uuid.uuid4()), actor=MACHINE, now=now,
    )  # fmt: skip

    new = look_through(now.date(), actor=MACHINE, now=now)

    assert kinds() == ["device"] * 3 + ["impossible_day", "overlap"] + ["same_rhythm"] * 3
    assert new == 8
    assert look_through(now.date(), actor=MACHINE, now=now) == 0
    device = Finding.objects.filter(kind="device")
    assert len({item.group for item in device}) == 1
    assert device[0].evidence == {"people": 3, "addresses": 0}
    assert Finding.objects.get(kind="overlap").person == people[0][0]


def test_two_devices_that_take_over_again_and_again_and_a_clock_that_moves(cast, now):
    for turn in range(8):
        _sitting, token = sit(cast, now + turn * 5 * MINUTE, device=f"device-{turn % 2}")
        beat(token, Beat(1, active=True, acts=turn + 1), now + turn * 5 * MINUTE + MINUTE)
    Sitting.objects.filter(ended_at__isnull=True).update(clock_swing=3 * 3600)

    look_through(now.date(), actor=MACHINE, now=now)

    assert kinds() == ["clock", "overlap"]
    assert Finding.objects.get(kind="overlap").evidence["takeovers"] == 7


def test_the_cap_is_one_for_all_devices_and_late_beats(cast, now):
    """The phone's queue comes after the desk has gone on: both share the day's eight hours."""
    _phone, first = sit(cast, now)
    beat(first, Beat(1, active=True), now + MINUTE)
    _desk, second = sit(cast, now + 100 * MINUTE, "desk")
    Sitting.objects.filter(ended_at__isnull=True).update(days={"2022-10-10": (480 - 30) * 60_000}, seconds=(480 - 30) * 60)

    receive_beats(first, [Beat(n, active=True, span_ms=60_000) for n in range(2, 80)], now + 101 * MINUTE)
    beat(second, Beat(1, active=True), now + 102 * MINUTE)

    earned = sum(sum(days.values()) for days in Sitting.objects.values_list("days", flat=True))
    assert earned == 480 * 60_000
