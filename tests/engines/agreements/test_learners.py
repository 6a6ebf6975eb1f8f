"""How many learners a mentor has at an instant, several at once, declining, handing on, other dates, and what became of them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.engines.agreements import outcomes
from denggao.engines.agreements.mentorships import (
    MentorshipRefused,
    Terms,
    answer_dates,
    ask_dates,
    confirm_mentorship,
    decline_mentorship,
    end_mentorship,
    hand_on,
    record_mentorship,
    record_several,
)
from denggao.engines.agreements.models import DateFix, Mentorship
from denggao.engines.agreements.outcomes import Reached, Success
from denggao.engines.agreements.queries import mentorships_to_answer
from denggao.engines.agreements.rules import busiest, overlap
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.messages.models import Message
from denggao.foundation.people.models import Person
from tests.facts import a_person, in_post

DAY = dt.timedelta(days=1)
FROM, TO = dt.date(2022, 3, 1), dt.date(2022, 8, 31)
_base = dt.date(2022, 1, 1)
_spans = st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 30))).map(
    lambda each: (_base + DAY * each[0], None if each[1] is None else _base + DAY * (each[0] + each[1]))
)


@given(_spans, st.lists(_spans, max_size=12))
def test_the_busiest_day_is_the_one_found_by_counting_every_day(within, others):
    last = within[1] or _base + DAY * 200
    days = [within[0] + DAY * step for step in range((last - within[0]).days + 1)]
    counted = [sum(first <= day <= (end or dt.date.max) for first, end in others) for day in days]

    count, day = busiest(within, others)

    assert count == max(counted)
    assert counted[days.index(day)] == count


@given(_spans, _spans)
def test_two_spans_overlap_where_they_share_a_day(one, other):
    days = {_base + DAY * step for step in range(200)}
    held = [{day for day in days if first <= day <= (last or dt.date.max)} for first, last in (one, other)]

    assert overlap(one, other) is overlap(other, one) is bool(held[0] & held[1])


def taught(cast, now, mentor, name="学徒", **given):
    facts = {"organisation": cast.employer, "from_on": FROM, "to_on": TO, **given}
    return record_mentorship(mentor, a_person(name), actor=facts.pop("actor", cast.hr), now=now, **facts)


@pytest.mark.django_db
def test_a_mentor_has_eight_at_an_instant_counted_by_days(cast, now):
    mentor = a_person("师傅")
    made = [taught(cast, now, mentor, f"学徒{number}") for number in range(8)]
    with pytest.raises(MentorshipRefused, match="8 learners on 2022-03-01"):
        taught(cast, now, mentor)
    with pytest.raises(MentorshipRefused, match="8 at once"):
        taught(cast, now, mentor, from_on=TO, to_on=None)

    taught(cast, now, mentor, from_on=TO + DAY, to_on=None)
    end_mentorship(made[0], on=dt.date(2022, 5, 1), reason="调岗", actor=cast.hr, now=now)
    assert taught(cast, now, mentor, from_on=dt.date(2022, 5, 2)).pk


@pytest.mark.django_db
def test_dated_ones_of_a_pair_never_share_a_day(cast, now):
    mentor, learner = a_person("师傅"), a_person("学徒")
    facts = {"organisation": cast.employer, "actor": cast.hr, "now": now}
    record_mentorship(mentor, learner, from_on=FROM, to_on=TO, **facts)
    for first, last in ((TO, None), (dt.date(2022, 1, 1), FROM), (dt.date(2022, 1, 1), None)):
        with pytest.raises(MentorshipRefused, match="already"):
            record_mentorship(mentor, learner, from_on=first, to_on=last, **facts)

    record_mentorship(mentor, learner, from_on=TO + DAY, to_on=None, **facts)
    record_mentorship(mentor, learner, from_on=dt.date(2022, 1, 1), to_on=FROM - DAY, **facts)


@pytest.mark.django_db
def test_several_are_recorded_or_none(cast, now):
    mentor = a_person("师傅")
    learners = [a_person(f"学徒{number}") for number in range(9)]
    terms = Terms(FROM, TO, organisation=cast.employer)
    with pytest.raises(MentorshipRefused, match="8 at once"):
        record_several(mentor, learners, terms, actor=cast.hr, now=now)
    assert not Mentorship.objects.exists()

    record_several(mentor, learners[:8], terms, actor=cast.hr, now=now)
    assert Mentorship.objects.count() == 8
    with pytest.raises(NotAllowed):
        record_several(mentor, learners[:1], terms, actor=cast.other_hr, now=now)


@pytest.fixture
def pair(cast, now):
    """The expert teaches the worker."""
    mentor = a_person("师傅")
    Person.objects.filter(pk=mentor.pk).update(account=cast.user("expert"))
    record_mentorship(
        Person.objects.get(pk=mentor.pk), cast.worker_person, organisation=cast.employer, from_on=FROM, actor=cast.hr, now=now
    )
    return Mentorship.objects.select_related("mentor", "learner").get()


@pytest.mark.django_db
def test_who_declines_says_why_and_it_never_was(cast, now, pair):
    with pytest.raises(MentorshipRefused, match="Reason"):
        decline_mentorship(pair, reason=" ", actor=cast.worker, now=now)
    decline_mentorship(pair, reason="没有这回事", actor=cast.worker, now=now)

    assert pair.state_on(FROM) == "declined"
    assert Message.objects.filter(account=cast.user("hr"), code="agreements.mentorship.declined").count() == 1
    with pytest.raises(MentorshipRefused, match="declined"):
        confirm_mentorship(pair, actor=cast.expert, now=now)
    record_mentorship(pair.mentor, pair.learner, organisation=cast.employer, from_on=FROM, actor=cast.hr, now=now)


@pytest.mark.django_db
def test_who_has_confirmed_ends_it_instead(cast, now, pair):
    confirm_mentorship(pair, actor=cast.worker, now=now)
    with pytest.raises(MentorshipRefused, match="end it instead"):
        decline_mentorship(pair, reason="x", actor=cast.worker, now=now)


@pytest.mark.django_db
def test_handing_on_keeps_the_chain(cast, now, pair):
    on = dt.date(2022, 10, 11)
    next_ = hand_on(pair, a_person("新师傅"), from_on=on, reason="师傅退休", actor=cast.hr, now=now)
    pair.refresh_from_db()

    assert (pair.to_on, pair.end_reason) == (on - DAY, "师傅退休")
    assert (next_.continues, next_.learner, next_.organisation) == (pair, pair.learner, cast.employer)
    with pytest.raises(MentorshipRefused, match="already"):
        hand_on(pair, a_person("第三人"), from_on=on + DAY, reason="x", actor=cast.hr, now=now)
    with pytest.raises(NotAllowed):
        hand_on(next_, a_person("第四人"), from_on=on + DAY, reason="x", actor=cast.worker, now=now)


@pytest.mark.django_db
def test_other_dates_hold_once_both_agree(cast, now, pair):
    asked = ask_dates(pair, from_on=FROM, to_on=TO, reason="合同到期", actor=cast.worker, now=now)
    waits = mentorships_to_answer(cast.expert)
    with pytest.raises(MentorshipRefused, match="asked for already"):
        ask_dates(pair, from_on=FROM, to_on=TO + DAY, reason="x", actor=cast.hr, now=now)
    pair.refresh_from_db()
    before = pair.to_on
    answer_dates(pair, agree=True, actor=cast.expert, now=now)
    pair.refresh_from_db()

    assert (waits, before, pair.to_on) == (1, None, TO)
    assert asked.before_to_on is None
    with pytest.raises(MentorshipRefused, match="answered before"):
        answer_dates(pair, agree=True, actor=cast.expert, now=now)


@pytest.mark.django_db
def test_hr_asks_and_both_must_agree_one_refusal_is_enough(cast, now, pair):
    ask_dates(pair, from_on=FROM, to_on=TO, reason="合同到期", actor=cast.hr, now=now)
    first = answer_dates(pair, agree=True, actor=cast.expert, now=now).state
    second = answer_dates(pair, agree=False, actor=cast.worker, now=now).state
    pair.refresh_from_db()

    assert (first, second, pair.to_on) == (DateFix.State.ASKED, DateFix.State.REFUSED, None)


@pytest.mark.django_db
def test_what_became_is_told_by_facts_within_the_time(cast, now, pair, monkeypatch):
    pair.to_on = TO
    facts = [Reached("5", FROM - DAY), Reached("4", TO + dt.timedelta(days=90)), Reached("3", TO + dt.timedelta(days=91))]
    monkeypatch.setitem(outcomes._LEVELS, "test", lambda ids: {pair.learner_id: facts})
    monkeypatch.setitem(
        outcomes._SUCCESSES, "test", lambda ids: {pair.learner_id: [Success("市赛一等奖", TO), Success("早", _base)]}
    )

    became = outcomes.became_of([pair])[pair.pk]

    assert (became.then, became.now, became.has_risen) == ("5", "4", True)
    assert [won.text for won in became.successes] == ["市赛一等奖"]


# Pages


@pytest.mark.django_db
def test_several_from_pasted_lines(cast, now):
    for name in ("老师傅", "学徒甲", "学徒乙"):
        in_post(a_person(name), cast.employer)
    hr, where = cast.client_of("hr"), "/signatures/mentorships/several/"
    said = {"mentor": "老师傅", "body": str(cast.employer.public_id), "from_on": "2022-03-01", "kind": "work"}

    wrong = hr.post(where, {**said, "learners": "学徒甲\n没有此人\n学徒甲"})
    right = hr.post(where, {**said, "learners": "学徒甲\n\n学徒乙\n"})

    assert wrong.status_code == 422
    assert right.status_code == 302
    assert Mentorship.objects.count() == 2


@pytest.mark.django_db
def test_ones_own_page_confirms_in_one_tap_and_declines(cast, now, pair):
    worker = cast.client_of("worker")
    page = worker.get("/signatures/mentorships/mine/").content.decode()
    address = f"/signatures/mentorships/{pair.public_id}/"
    done = worker.post(f"{address}confirm/", {"back": "mine"})

    assert f"{address}confirm/" in page
    assert done["Location"] == "/signatures/mentorships/mine/"
    assert worker.get(f"{address}decline/").status_code == 200
    assert cast.client_of("hr").get(f"{address}decline/").status_code == 404
    assert cast.client_of("hr").get(f"{address}hand-on/").status_code == 200
    assert worker.get(f"{address}dates/").status_code == 200
