"""A question compiled once gives what its queryset gives, whatever it is asked with."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db.models import F, Q, Value

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.readied import readied
from denggao.foundation.organisations.models import Membership, Organisation
from denggao.foundation.people.models import Person

NOW = dt.datetime(2022, 10, 10, 10, 0, 0, 123456, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> Organisation:
    body = Organisation.objects.create(name_zh="甲厂", name_key="甲厂", kind="employer", created_at=NOW)
    for number in range(3):
        user = User.objects.create_user(created_at=NOW)
        Person.objects.create(name=f"陈{number}", name_key="陈", phone="13800000001", account=user, created_at=NOW)
        Membership.objects.create(
            account=user,
            organisation=body if number else None,
            role="hr" if number else "clerk",
            from_on=dt.date(2022, 1, number + 1),
        )
    return body


def test_values_of_every_kind_are_given_anew_each_time(body):
    held = readied(int, dt.date)(
        lambda pk, on: (
            Membership.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), organisation_id=pk, from_on__lte=on)
            .order_by("from_on")
            .values_list("role", "organisation_id", "from_on", "account__public_id")
        )
    )

    for on, count in [(dt.date(2022, 1, 1), 0), (dt.date(2022, 1, 2), 1), (dt.date(2022, 6, 1), 2)]:
        rows = held.rows(body.pk, on)
        assert rows == list(held.build(body.pk, on))
        assert (len(rows), held.count(body.pk, on), held.column(body.pk, on)) == (count, count, ["hr"] * count)
    assert held.rows(body.pk + 1, dt.date(2022, 6, 1)) == []


def test_uuids_texts_and_moments_go_in_as_each_database_wants_them(body):
    user = User.objects.order_by("pk").first()
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=NOW)
    by_id = readied(uuid.UUID)(lambda public_id: User.objects.filter(public_id=public_id))
    open_at = readied(str, dt.datetime)(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))

    assert by_id.objects(user.public_id) == [user]
    assert by_id.objects(uuid.uuid4()) == []
    assert [len(open_at.objects("k" * 32, NOW + dt.timedelta(microseconds=step))) for step in (-1, 0, 1)] == [1, 0, 0]


def test_objects_come_with_what_was_selected_along_and_without_what_was_not(body, django_assert_num_queries):
    with_account = readied(str)(
        lambda key: Person.objects.filter(name_key=key).select_related("account", "account__sign_in_phone").order_by("pk")
    )
    names = readied(str)(lambda key: Person.objects.filter(name_key=key).only("name").order_by("pk"))

    with django_assert_num_queries(1):
        people = with_account.objects("陈")
        assert [person.account.public_id for person in people]
    assert [(one.pk, one.phone, one.created_at, one.account) for one in people] == [
        (one.pk, one.phone, one.created_at, one.account) for one in with_account.build("陈")
    ]
    with django_assert_num_queries(2):
        first = names.objects("陈")[0]
        assert (first.name, first.phone) == ("陈0", "13800000001")


def test_a_union_is_asked_as_one(body):
    both = readied(int)(
        lambda pk: (
            Membership.objects.filter(organisation_id=pk)
            .order_by()
            .values_list("role", "organisation_id")
            .union(
                Membership.objects.filter(organisation__isnull=True).order_by().annotate(body=Value(0)).values_list("role", "body")
            )
        )
    )

    assert sorted(both.rows(body.pk)) == [("clerk", 0), ("hr", body.pk)]
    assert both.count(body.pk) == 2


@pytest.mark.once
def test_a_value_that_is_not_in_the_question_as_it_was_given_is_refused(body):
    looked_for = readied(str)(lambda text: Person.objects.filter(name__icontains=text))
    worked_on = readied(int)(lambda pk: Person.objects.annotate(one=F("pk")).filter(one=pk + 1))

    for question, value in [(looked_for, "陈"), (worked_on, 1)]:
        with pytest.raises(ValueError, match="not in the question"):
            question.objects(value)
