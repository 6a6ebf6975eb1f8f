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
from denggao.foundation.messages.models import Message
from denggao.foundation.people.models import Person
from tests.facts import a_person, in_post

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
    assert answer["Location"] == f"/signatures/mentorships/{mentorship.public_id}/"
    assert mentorship.confirmed_by_learner_at is not None
    assert address not in client.get(f"/people/{cast.worker_person.public_id}/").content.decode()
    assert cast.client_of("hr").post(address).status_code == 404


# Pages


def test_hr_records_both_are_told_and_confirm_on_their_own_list(cast, now):
    mentor = a_person("登小师傅")
    mentor.account = cast.user("expert")
    mentor.save()
    for person in (mentor, cast.worker_person):
        in_post(person, cast.employer)
    hr, stranger = cast.client_of("hr"), a_person("别家人")
    where = "/signatures/mentorships/"
    body = str(cast.employer.public_id)

    assert "/signatures/mentorships/new/" in hr.get(where).content.decode()
    given = {"mentor": "登小师傅", "learner": "周小登", "body": body, "from_on": "2022-03-01"}
    wrong = (
        {**given, "learner": stranger.name},
        {**given, "learner": "登小师傅"},
        {**given, "to_on": "2022-02-01"},
        {**given, "body": str(cast.other_employer.public_id)},
        {**given, "learner_number": "123"},
    )
    for each in wrong:
        assert hr.post(f"{where}new/", each).status_code == 422
    made = hr.post(f"{where}new/", given)
    mentorship = Mentorship.objects.get()
    assert made["Location"] == f"{where}{mentorship.public_id}/"
    assert hr.post(f"{where}new/", given).status_code == 422
    assert set(Message.objects.filter(code="agreements.mentorship").values_list("account", "link")) == {
        (cast.user(part).pk, f"{where}{mentorship.public_id}/") for part in ("expert", "worker")
    }

    for part in ("worker", "expert"):
        client = cast.client_of(part)
        shown = client.get(where).content.decode()
        assert f"{where}{mentorship.public_id}/confirm/" in shown
        assert "周小登" not in shown.split("<main")[1], "masked, also for the two, until both have confirmed"
        client.post(f"{where}{mentorship.public_id}/confirm/")
        assert f"{where}{mentorship.public_id}/confirm/" not in client.get(where).content.decode()
    mentorship.refresh_from_db()
    assert mentorship.is_confirmed
    for part, named in (("worker", mentorship.mentor), ("expert", mentorship.learner), ("hr", None)):
        for address in (f"{where}mine/", f"{where}{mentorship.public_id}/"):
            shown = cast.client_of(part).get(address).content.decode().split("<main")[1]
            if named is not None:
                assert named.name in shown
            else:
                assert mentorship.mentor.name not in shown


def test_the_list_is_filtered_searched_and_exported_and_shows_others_nothing(cast, now, django_assert_max_num_queries):
    recorded(cast, now)
    clerk, where = cast.client_of("clerk"), "/signatures/mentorships/"
    with django_assert_max_num_queries(30) as asked:
        clerk.get(where)
    over = record_mentorship(
        a_person("老师傅"), a_person("小学徒"), organisation=cast.base, from_on=FROM, to_on=FROM, actor=cast.clerk, now=now
    )
    record_mentorship(a_person("又一位"), a_person("又一人"), organisation=cast.base, from_on=FROM, actor=cast.clerk, now=now)
    with django_assert_max_num_queries(len(asked)):
        clerk.get(where)

    def ids(client, **query) -> set[str]:
        return {str(row.item.public_id) for row in client.get(where, query).context["rows"]}

    assert ids(clerk, state="over") == {str(over.public_id)}
    assert ids(clerk, state="current") == set()
    assert len(ids(clerk, state="waiting")) == 2
    assert ids(clerk, q="老师") == {str(over.public_id)}
    assert len(ids(clerk, q="滴水湖", sort="-until")) == 2
    table = clerk.get(where, {"export": "csv"}).content.decode()
    assert over.mentor.masked_name in table
    assert "老师傅" not in table
    assert ids(cast.client_of("other_hr")) == set()
    assert cast.client_of("other_hr").get(f"{where}{over.public_id}/").status_code == 404
    assert cast.client_of("worker").get(f"{where}new/").status_code == 403
    assert len(ids(cast.client_of("base_manager"))) == 2


def test_one_of_the_two_or_their_body_ends_it_with_a_reason(cast, now):
    mentorship = recorded(cast, now)
    where = f"/signatures/mentorships/{mentorship.public_id}/"
    worker = cast.client_of("worker")

    assert worker.post(f"{where}end/", {"on": "2022-04-01", "reason": ""}).status_code == 422
    assert worker.post(f"{where}end/", {"on": "2021-04-01", "reason": "不合适"}).status_code == 422
    assert cast.client_of("auditor").post(f"{where}end/", {"on": "2022-04-01", "reason": "x"}).status_code == 404
    worker.post(f"{where}end/", {"on": "2022-04-01", "reason": "不合适"})

    page = worker.get(where).content.decode()
    assert "不合适" in page
    assert f"{where}end/" not in page
    mentorship.refresh_from_db()
    assert (mentorship.to_on, mentorship.end_reason) == (dt.date(2022, 4, 1), "不合适")
