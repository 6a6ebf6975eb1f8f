"""Two lists that name the same people, applied at the same moment."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from denggao.foundation.audit.actions import Refused
from denggao.foundation.organisations.models import Employment, EmploymentOverlap, EmploymentStatement, Organisation
from denggao.foundation.organisations.sheets.roster import Roster
from denggao.foundation.people.models import IdentityDocument, Person
from tests.foundation.organisations.rosters import OPERATOR, _apply, apply, context_of, id_number, rows_of, standing

pytestmark = pytest.mark.django_db(transaction=True)


def an_employer(name: str, now: dt.datetime) -> Organisation:
    return Organisation.objects.create(name_zh=name, name_key=name, kind="employer", created_at=now)


def at_once(*acts: tuple[Organisation, list[dict[str, str]]], now: dt.datetime) -> list[BaseException]:
    """Judge all, then apply all from the same start, each in a thread and transaction of its own."""
    start, failures = threading.Barrier(len(acts)), []

    def run(employer: Organisation, people: list[dict[str, str]]) -> None:
        context = context_of(employer, "2021-12-31")
        try:
            judgements = Roster().check(rows_of(people), context)
            start.wait(10)
            _apply(judgements, context, actor=OPERATOR, now=now)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


def people(numbers: list[str], **more: str) -> list[dict[str, str]]:
    return [{"name": "陈晓红", "document_number": number, "hired_on": "2019-07-01", **more} for number in numbers]


def test_two_employers_lists_end_with_one_person_each(now: dt.datetime) -> None:
    one, other = an_employer("甲", now), an_employer("乙", now)
    numbers = [id_number("19800101", order=order) for order in range(60)]

    failures = at_once((one, people(numbers[:40])), (other, people(numbers[20:][::-1])), now=now)

    assert failures == []
    assert Person.objects.count() == IdentityDocument.objects.count() == 60
    assert Employment.objects.count() == 80
    # Each saw only its own employments while it worked, so the overlaps are found by whichever came last.
    assert EmploymentOverlap.objects.count() == 20


def test_the_same_list_twice_ends_as_applied_once(now: dt.datetime) -> None:
    employer, clean = an_employer("甲", now), an_employer("丙", now)
    numbers = [id_number("19810101", order=order) for order in range(30)]
    rows = people(numbers, front_line="是")

    failures = at_once((employer, rows), (employer, rows), now=now)
    apply(clean, "2021-12-31", rows, now=now)

    assert [type(failure) for failure in failures if not isinstance(failure, Refused)] == []
    assert standing(employer) == standing(clean)
    assert EmploymentStatement.objects.filter(employment__employer=employer).count() == 30
