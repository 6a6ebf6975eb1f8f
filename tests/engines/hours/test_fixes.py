"""Hours put right by hand: one asks, another confirms; what a hand did stays told apart."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, transaction

from denggao.engines.hours.actions import HoursRefused, Missing, Source, answer_fix, ask_fix, count_hours, reverse_entry
from denggao.engines.hours.hooks import hours_corrected
from denggao.engines.hours.models import Fix, HourEntry
from denggao.engines.hours.policies import FIX_FILE
from denggao.engines.hours.queries import explain, hours_by_context, hours_of, lessons, seconds_by_activity
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import system
from denggao.foundation.audit.models import Record
from denggao.foundation.files.actions import store_file
from denggao.foundation.messages.models import Message
from tests.engines.hours.learning import ENROLMENT, MINUTE, UNIT, learns, teacher_of


@pytest.fixture
def paper(cast, now):
    return store_file("签到表.pdf", b"%PDF-1.4\n%%EOF\n", kind=FIX_FILE, actor=cast.clerk, now=now)


def test_added_hours_count_once_a_second_person_has_confirmed(cast, now, paper):
    told = []
    hours_corrected.plug(lambda person, contexts, now: told.append(contexts))
    missing = Missing(ENROLMENT, "classroom", now.date(), 5400)

    fix = ask_fix(cast.worker_person, missing, reason="The sheet was on paper.", file=paper, actor=cast.clerk, now=now)
    assert hours_of([cast.worker_person.pk]) == {}
    for part in ("clerk", "hr", "worker", "finance"):
        with pytest.raises(NotAllowed):
            answer_fix(fix, confirm=True, actor=getattr(cast, part), now=now)
    answer_fix(fix, confirm=True, actor=cast.reviewer, now=now)
    with pytest.raises(HoursRefused, match="answered already"):
        answer_fix(Fix.objects.get(), confirm=False, reason="No.", actor=cast.approver, now=now)

    total = hours_of([cast.worker_person.pk])[cast.worker_person.pk]
    assert (total.seconds, total.by_kind, lessons(total.seconds, now.date())) == (5400, {"classroom": 5400}, 2)
    entry = HourEntry.objects.get()
    assert (entry.source_kind, entry.source_id, entry.reason) == ("fix", fix.public_id, "The sheet was on paper.")
    assert told == [{ENROLMENT}]
    assert Message.objects.filter(code="hours.added", account=cast.user("worker")).count() == 1
    assert set(Record.objects.values_list("action", flat=True)) >= {"hours.fix.ask", "hours.fix.answer", "hours.entry.write"}


def test_an_entry_is_taken_back_once_and_never_changed(cast, now, paper):
    learns(cast.worker_person, cast.worker, now - 60 * MINUTE, 30)
    entry = HourEntry.objects.get()

    fix = ask_fix(cast.worker_person, entry, reason="Another person sat there.", file=paper, actor=cast.reviewer, now=now)
    with pytest.raises(HoursRefused, match="asked to take this entry back"):
        ask_fix(cast.worker_person, entry, reason="Again.", file=paper, actor=cast.clerk, now=now)
    answer_fix(fix, confirm=True, actor=cast.clerk, now=now)

    assert [(why.entry.pk, why.counts, why.sitting is not None) for why in explain(cast.worker_person)] == [(entry.pk, 0, True)]
    assert hours_by_context([ENROLMENT])[ENROLMENT[1]].seconds == 0
    assert seconds_by_activity(ENROLMENT) == {UNIT[1]: 0}
    with pytest.raises(HoursRefused, match="not count any more"):
        ask_fix(cast.worker_person, entry, reason="Again.", file=paper, actor=cast.clerk, now=now)
    with pytest.raises(HoursRefused, match="reversal itself"):
        reverse_entry(entry.reversal, source=Source("test", uuid.uuid4()), reason="x", actor=cast.clerk, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        HourEntry.objects.filter(pk=entry.pk).update(seconds=1)


def test_what_does_not_fit_is_refused_with_a_sentence(cast, now, paper):
    def ask(**told):
        facts = {"context": ENROLMENT, "kind": "classroom", "day": now.date(), "seconds": 60} | told
        return ask_fix(cast.worker_person, Missing(**facts), reason="r", file=paper, actor=cast.clerk, now=now)

    for told, sentence in (
        ({"day": now.date() + dt.timedelta(days=1)}, "Day: it has not come yet"),
        ({"seconds": 0}, "Time: more than nothing"),
        ({"seconds": 86401}, "Time: more than nothing"),
        ({"kind": "asleep"}, "Kind of hours"),
    ):
        with pytest.raises(HoursRefused, match=sentence):
            ask(**told)
    with pytest.raises(HoursRefused, match="Reason"):
        ask_fix(
            cast.worker_person, Missing(ENROLMENT, "classroom", now.date(), 60), reason=" ", file=paper, actor=cast.clerk, now=now
        )
    # Two that fit one by one and not together: the second is refused when it is confirmed.
    first, second = ask(seconds=50_000), ask(seconds=50_000)
    answer_fix(first, confirm=True, actor=cast.approver, now=now)
    with pytest.raises(HoursRefused, match="more than 24 hours"):
        answer_fix(second, confirm=True, actor=cast.approver, now=now)
    second.refresh_from_db()
    assert second.state == "asked"
    answer_fix(second, confirm=False, reason="Twice the same class.", actor=cast.approver, now=now)
    assert HourEntry.objects.count() == 1


def test_a_teacher_puts_right_the_own_school_alone(cast, now, paper):
    teacher = teacher_of(cast.base, cast)
    own = Missing(ENROLMENT, "practical", now.date(), 2700)

    with pytest.raises(HoursRefused, match="own school"):
        ask_fix(cast.worker_person, own, reason="r", file=paper, organisation=cast.employer, actor=teacher, now=now)
    fix = ask_fix(cast.worker_person, own, reason="r", file=paper, organisation=cast.base, actor=teacher, now=now)
    with pytest.raises(NotAllowed):
        answer_fix(fix, confirm=True, actor=teacher_of(cast.employer, cast), now=now)
    answer_fix(fix, confirm=True, actor=cast.clerk, now=now)

    assert HourEntry.objects.get().organisation == cast.base


def test_a_source_counts_once_a_day_and_part(cast, now):
    source = Source("attendance", uuid.UUID(int=9))

    def count(**told):
        return count_hours(
            cast.worker_person, context=ENROLMENT, kind="classroom", day=now.date(), seconds=2700, source=source,
            actor=system("test"), now=now, **told,
        )  # fmt: skip

    assert count() == count()
    assert count(activity=UNIT).activity_id is None
    assert HourEntry.objects.count() == 1
    with pytest.raises(NotAllowed):
        count_hours(
            cast.worker_person, context=ENROLMENT, kind="classroom", day=now.date(), seconds=1, source=source,
            actor=cast.visitor, now=now,
        )  # fmt: skip
