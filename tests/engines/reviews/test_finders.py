"""What the platform knows keeps people from judging: each source, on both sides of its limits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.engines.agreements.models import Mentorship
from denggao.engines.reviews.actions.conflicts import look_at_running
from denggao.engines.reviews.finders import recusal_since
from denggao.engines.reviews.finding import find_conflicts
from denggao.engines.reviews.models import Conflict, KinDeclaration
from denggao.engines.reviews.parties import Parties
from denggao.foundation.audit.actors import Role, operator
from denggao.foundation.organisations.models import Appointment, Membership, OrganisationAlias
from tests.engines.reviews.facts import a_panel, an_expert, an_office_account
from tests.facts import NOW, a_person, an_employer, in_post

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def kinds(parties: Parties, person) -> list[str]:
    return [item.kind for item in find_conflicts({1: parties}, {person.pk}, TODAY)[1]]


@pytest.mark.parametrize(
    ("left", "found"),
    [
        (None, ["employer"]),
        ("2022-12-31", ["employer"]),
        ("2022-10-09", ["former_employer"]),
        ("2019-10-10", ["former_employer"]),
        ("2019-10-09", []),
    ],
)
def test_an_employer_counts_now_and_for_three_years(left, found):
    body, expert = an_employer(), an_expert()
    in_post(expert.person, body, hired="2010-01-01", left=left)

    assert kinds(Parties.of(organisations=[body.pk]), expert.person) == found


def test_the_years_are_a_dated_rule():
    assert recusal_since(dt.date(2022, 10, 10)) == dt.date(2019, 10, 10)
    assert recusal_since(dt.date(2024, 2, 29)) == dt.date(2021, 2, 28)


@pytest.mark.parametrize(("to_on", "found"), [(None, ["appointment"]), ("2019-10-10", ["appointment"]), ("2019-10-09", [])])
def test_a_role_in_the_body_counts(to_on, found):
    body, expert = an_employer(), an_expert()
    Membership.objects.create(
        account=expert.person.account, organisation=body, role=Role.HR, from_on=dt.date(2018, 1, 1), to_on=to_on
    )

    assert kinds(Parties.of(organisations=[body.pk]), expert.person) == found


@pytest.mark.parametrize(
    ("to_on", "ended_on", "found"),
    [
        (None, None, ["appointment"]),
        ("2019-10-10", None, ["appointment"]),
        ("2019-10-09", None, []),
        ("2025-01-01", "2019-10-09", []),
    ],
)
def test_an_appointment_counts(to_on, ended_on, found):
    body, expert = an_employer(), an_expert()
    Appointment.objects.create(
        person=expert.person,
        organisation=body,
        role="special_mentor",
        title_zh="特聘导师",
        from_on=dt.date(2018, 1, 1),
        to_on=to_on,
        ended_on=ended_on,
        ended_reason="任满" if ended_on else "",
        created_at=NOW,
    )

    assert kinds(Parties.of(organisations=[body.pk]), expert.person) == found


@pytest.mark.parametrize("text", ["沧屿微电子", " 沧屿 微电子 ", "沧屿"])
def test_the_register_s_word_counts_though_nobody_confirmed_it(text):
    body = an_employer("沧屿微电子")
    OrganisationAlias.objects.create(organisation=body, name="沧屿", name_key="沧屿")
    expert = an_expert(employer_text=text)

    assert kinds(Parties.of(organisations=[body.pk]), expert.person) == ["employer"]
    assert kinds(Parties.of(organisations=[an_employer("别家").pk]), expert.person) == []


def test_colleagues_of_an_applicant_do_not_judge_the_applicant():
    body, expert, applicant = an_employer(), an_expert(), a_person("申报人")
    in_post(expert.person, body)
    in_post(applicant, body, left="2021-01-01")

    assert kinds(Parties.of(persons=[applicant.pk]), expert.person) == ["former_employer"]


def test_whoever_is_named_or_nominated_does_not_judge():
    expert, body = an_expert(), an_employer()
    in_post(expert.person, body)

    assert kinds(Parties.of(persons=[expert.person_id]), expert.person) == ["party"]
    assert kinds(Parties.of(nominator_persons=[expert.person_id]), expert.person) == ["nominator"]
    assert kinds(Parties.of(nominators=[body.pk]), expert.person) == ["nominator"]


@pytest.mark.parametrize("expert_teaches", [True, False])
def test_mentor_and_learner_never_judge_each_other_confirmed_or_not(expert_teaches):
    expert, other = an_expert(), a_person("徒弟")
    mentor, learner = (expert.person, other) if expert_teaches else (other, expert.person)
    Mentorship.objects.create(
        mentor=mentor, learner=learner, from_on=dt.date(2005, 1, 1), to_on=dt.date(2007, 1, 1), created_at=NOW
    )

    assert kinds(Parties.of(persons=[other.pk]), expert.person) == ["mentorship"]


def test_kin_counts_until_taken_back():
    expert, body, relative = an_expert(), an_employer(), a_person("亲属")
    KinDeclaration.objects.create(expert=expert, organisation=body, declared_at=NOW)
    ended = KinDeclaration.objects.create(expert=expert, person=relative, declared_at=NOW)

    assert kinds(Parties.of(organisations=[body.pk]), expert.person) == ["kin"]
    assert kinds(Parties.of(persons=[relative.pk]), expert.person) == ["kin"]

    ended.ended_at = NOW
    ended.save()
    assert kinds(Parties.of(persons=[relative.pk]), expert.person) == []


def test_kin_declared_by_name_is_whoever_fits():
    expert = an_expert()
    relative, namesake, undated, other = a_person("王芳"), a_person("王芳"), a_person("王芳"), a_person("李强")
    for one, year in ((relative, 1990), (namesake, 1955)):
        one.born_on = dt.date(year, 5, 1)
        one.save()
    dated = KinDeclaration.objects.create(expert=expert, name="王芳", born_on=dt.date(1990, 5, 1), declared_at=NOW)

    found = {one.pk: kinds(Parties.of(persons=[one.pk]), expert.person) for one in (relative, namesake, undated, other)}
    assert found == {relative.pk: ["kin"], namesake.pk: [], undated.pk: ["kin"], other.pk: []}
    assert kinds(Parties.of(nominator_persons=[relative.pk]), expert.person) == ["kin"]

    KinDeclaration.objects.filter(pk=dated.pk).update(ended_at=NOW)
    KinDeclaration.objects.create(expert=expert, name="李强", declared_at=NOW)
    assert kinds(Parties.of(persons=[relative.pk]), expert.person) == []
    assert kinds(Parties.of(persons=[other.pk]), expert.person) == ["kin"]
    assert kinds(Parties.of(persons=[expert.person_id]), expert.person) == ["party"]


def test_a_second_record_of_the_same_human_being_does_not_help():
    """OpenReview #301: an author was asked to review, because one of two addresses was not confirmed."""
    body, expert = an_employer(), an_expert("王立新")
    expert.person.born_on = dt.date(1970, 5, 5)
    expert.person.save()
    twin = a_person("王立新")
    twin.born_on = dt.date(1970, 5, 5)
    twin.save()
    in_post(twin, body)
    namesake = a_person("王立新")
    in_post(namesake, an_employer("别家"))

    found = find_conflicts({1: Parties.of(organisations=[body.pk])}, {expert.person_id}, TODAY)[1]

    assert [(item.person_id, item.kind, item.detail["twin"]) for item in found] == [(expert.person_id, "employer", True)]
    assert kinds(Parties.of(persons=[twin.pk]), expert.person) == ["party"]


def test_one_fact_is_written_once_however_often_it_is_found():
    body, expert = an_employer(), an_expert()
    in_post(expert.person, body)
    a_panel(body)

    assert [look_at_running(actor=operator("test"), now=NOW) for _night in range(2)] == [0, 0]
    assert Conflict.objects.count() == 1


def test_office_accounts_are_watched_too():
    body, person = an_employer(), a_person("王科员")
    an_office_account(person=person)
    in_post(person, body)

    a_panel(body)

    assert Conflict.objects.get().person == person


def test_many_panels_ask_no_more_queries_than_one():
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            look_at_running(actor=operator("test"), now=NOW)
        return len(queries)

    for _index in range(3):
        in_post(an_expert().person, an_employer("甲"))
    a_panel(an_employer("乙"))
    once = count()
    for _index in range(4):
        a_panel(an_employer("丙"))

    assert count() == once
