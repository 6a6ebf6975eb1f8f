"""Bulk inserts write what save() would, with keys nobody else gets."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from denggao.foundation.audit.bulk import insert
from denggao.foundation.people.models import IdentityDocument, Person
from denggao.foundation.standards.models import Industry

NOW = dt.datetime(2022, 10, 10, 10, 0, 0, 123456, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_rows_come_back_as_they_went_in():
    people = [
        Person(name=f"阿依努尔·𠮷{number}", name_key="K", phone="13800000001", born_on=dt.date(1990, 1, 2), created_at=NOW)
        for number in range(3)
    ]

    insert(people)

    stored = list(Person.objects.order_by("pk"))
    assert [person.pk for person in people] == [person.pk for person in stored]
    assert [(person.name, person.phone, person.born_on, person.created_at, person.public_id) for person in stored] == [
        (person.name, "13800000001", dt.date(1990, 1, 2), NOW, person.public_id) for person in people
    ]


@pytest.mark.django_db
def test_keys_go_on_where_others_left_off():
    first = Industry.objects.create(code="a", name_zh="甲")
    rows = [Industry(code="b", name_zh="乙"), Industry(code="c", name_zh="丙")]

    insert(rows)
    last = Industry.objects.create(code="d", name_zh="丁")

    assert first.pk < rows[0].pk < rows[1].pk < last.pk


@pytest.mark.django_db
def test_database_constraints_hold():
    person = Person.objects.create(name="陈", name_key="陈", created_at=NOW)
    twice = [
        IdentityDocument(person=person, kind="passport", number="E1", number_index=b"1" * 16, created_at=NOW) for _ in range(2)
    ]

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(twice)


@pytest.mark.django_db(transaction=True)
def test_a_bulk_insert_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        insert([Industry(code="a", name_zh="甲")])
