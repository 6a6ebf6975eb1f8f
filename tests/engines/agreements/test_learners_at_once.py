"""Two at the same moment give one mentor a learner: never more than the rule, never two of one pair on a day."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.agreements.mentorships import record_mentorship
from denggao.engines.agreements.models import Mentorship
from denggao.foundation.people.models import Person
from tests.at_once import at_once
from tests.cast import make_cast
from tests.facts import a_person

pytestmark = pytest.mark.django_db(transaction=True)
FROM = dt.date(2022, 3, 1)


def test_the_last_place_is_given_once(now):
    cast, mentor = make_cast(now), a_person("师傅")
    facts = {"organisation": cast.employer, "from_on": FROM, "actor": cast.hr, "now": now}
    for number in range(7):
        record_mentorship(mentor, a_person(f"学徒{number}"), **facts)
    late = [a_person("迟来甲"), a_person("迟来乙")]

    outcomes = at_once(*(lambda each=each: record_mentorship(Person.objects.get(pk=mentor.pk), each, **facts) for each in late))

    assert sorted(outcomes) == ["MentorshipRefused", "done"]
    assert Mentorship.objects.count() == 8


def test_the_same_pair_is_recorded_once(now):
    cast, mentor, learner = make_cast(now), a_person("师傅"), a_person("学徒")
    facts = {"organisation": cast.employer, "actor": cast.hr, "now": now}
    spans = [(FROM, dt.date(2022, 6, 30)), (dt.date(2022, 6, 30), dt.date(2022, 9, 1))]

    outcomes = at_once(
        *(
            lambda first=first, last=last: record_mentorship(mentor, learner, from_on=first, to_on=last, **facts)
            for first, last in spans
        )
    )

    assert sorted(outcomes) == ["MentorshipRefused", "done"]
