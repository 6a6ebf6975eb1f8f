"""Mentor and learner: who may record it, when it is in force, how it ends, and who sees it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from denggao.engines.agreements.mentorships import (
    MentorshipRefused,
    confirm_mentorship,
    end_mentorship,
    record_mentorship,
)
from denggao.engines.agreements.models import Mentorship
from denggao.engines.agreements.policies import visible_mentorships
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.people.models import Person
from tests.facts import a_person

pytestmark = pytest.mark.django_db
FROM = dt.date(2022, 3, 1)


def recorded(cast, now, actor=None, **changed):
    given = {"organisation": cast.employer, "from_on": FROM, **changed}
    return record_mentorship(a_person("师傅"), cast.worker_person, actor=actor or cast.hr, now=now, **given)


def test_it_is_in_force_once_both_have_confirmed(cast, now):
    mentorship = recorded(cast, now)
    Person.objects.filter(pk=mentorship.mentor_id).update(account=cast.user("expert"))

    first = confirm_mentorship(Mentorship.objects.get(), actor=cast.worker, now=now)
    half = first.is_confirmed
    both = confirm_mentorship(Mentorship.objects.get(), actor=cast.expert, now=now)
    again = confirm_mentorship(Mentorship.objects.get(), actor=cast.expert, now=now + dt.timedelta(days=1))

    assert (half, both.is_confirmed) == (False, True)
    assert again.confirmed_by_mentor_at == now
    assert Record.objects.filter(action="agreements.mentorship.confirm").count() == 3


def test_who_records_the_own_one_has_confirmed_it(cast, now):
    mentorship = recorded(cast, now, cast.worker)

    assert (mentorship.confirmed_by_learner_at, mentorship.confirmed_by_mentor_at) == (now, None)


@pytest.mark.parametrize("part", ["other_hr", "expert", "auditor", "visitor"])
def test_others_record_and_confirm_nothing(cast, now, part):
    with pytest.raises(NotAllowed):
        recorded(cast, now, getattr(cast, part))
    mentorship = recorded(cast, now)
    with pytest.raises(NotAllowed):
        confirm_mentorship(mentorship, actor=getattr(cast, part), now=now)

    assert Mentorship.objects.count() == 1


def test_nobody_teaches_oneself_and_dates_run_forward(cast, now):
    person = a_person()
    with pytest.raises(MentorshipRefused, match="own mentor"):
        record_mentorship(person, person, from_on=FROM, actor=cast.clerk, now=now)
    with pytest.raises(MentorshipRefused, match="before the first"):
        recorded(cast, now, to_on=FROM - dt.timedelta(days=1))


def test_two_people_have_one_open_mentorship_and_another_once_it_ended(cast, now):
    mentorship = recorded(cast, now)
    with pytest.raises(MentorshipRefused, match="End it first"):
        record_mentorship(mentorship.mentor, mentorship.learner, from_on=FROM, actor=cast.clerk, now=now)

    end_mentorship(mentorship, on=dt.date(2022, 9, 1), reason="调岗", actor=cast.hr, now=now)

    record_mentorship(mentorship.mentor, mentorship.learner, from_on=dt.date(2022, 10, 1), actor=cast.clerk, now=now)
    with pytest.raises(MentorshipRefused, match="already"):
        end_mentorship(mentorship, on=dt.date(2022, 9, 1), reason="再次", actor=cast.hr, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mentorship.objects.filter(pk=mentorship.pk).update(to_on=dt.date(2020, 1, 1))


def test_ending_needs_a_reason_a_day_and_the_right(cast, now):
    mentorship = recorded(cast, now)

    with pytest.raises(MentorshipRefused, match="Reason"):
        end_mentorship(mentorship, on=FROM, reason=" ", actor=cast.hr, now=now)
    with pytest.raises(MentorshipRefused, match="before the first"):
        end_mentorship(mentorship, on=FROM - dt.timedelta(days=1), reason="调岗", actor=cast.hr, now=now)
    with pytest.raises(NotAllowed):
        end_mentorship(mentorship, on=FROM, reason="调岗", actor=cast.other_hr, now=now)


def test_only_the_office_its_body_and_the_two_see_it(cast, now):
    mentorship = recorded(cast, now)

    sees = {part for part in ("clerk", "hr", "worker", "other_hr", "expert", "authority", "visitor")
            if visible_mentorships(getattr(cast, part)).filter(pk=mentorship.pk).exists()}  # fmt: skip

    assert sees == {"clerk", "hr", "worker"}


def test_the_persons_page_shows_it_and_lets_the_person_confirm(cast, now):
    mentorship = recorded(cast, now)
    client = cast.client_of("worker")
    address = f"/signatures/mentorships/{mentorship.public_id}/confirm/"

    shown = client.get(f"/people/{cast.worker_person.public_id}/").content.decode()
    answer = client.post(address)
    mentorship.refresh_from_db()

    assert address in shown
    assert mentorship.mentor.masked_name in shown
    assert answer["Location"] == f"/people/{cast.worker_person.public_id}/"
    assert mentorship.confirmed_by_learner_at is not None
    assert address not in client.get(f"/people/{cast.worker_person.public_id}/").content.decode()
    assert cast.client_of("hr").post(address).status_code == 404
