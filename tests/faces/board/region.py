"""A small region with counted heads, for the pages' tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from denggao.engines.ledger.actions import recount
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor, operator
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Participation, Plan
from denggao.foundation.standards.models import Industry
from tests.facts import NOW, a_person, a_plan, certified, in_post


@action("test.count_heads", requires=lambda actor, subject: True, batch=True)
def _count(person_ids: Collection[int], *, actor: Actor, now: dt.datetime, **more: Any) -> int:
    return recount(person_ids, actor=actor, now=now, **more)


def count(*people: Person, now: dt.datetime = NOW, **more: Any) -> None:
    _count([person.pk for person in people], actor=operator("test"), now=now, **more)


def take_part(plan: Plan, employer: Organisation, industry: str = "ic") -> Organisation:
    employer.industry = Industry.objects.get(code=industry)
    employer.save()
    Participation.objects.get_or_create(plan=plan, organisation=employer)
    return employer


def raised(
    employer: Organisation, amount: int, *, name: str = "陈晨", issued: str = "2021-06-01", level: str = "4"
) -> list[Person]:
    """So many people of the employer with a certificate that counts."""
    people = [a_person(name) for _number in range(amount)]
    for person in people:
        in_post(person, employer)
        certified(person, issued, level)
    count(*people)
    return people


def region(employer: Organisation, other: Organisation, *, mine: int = 6, others: int = 7) -> Plan:
    """A plan in which two employers have heads."""
    plan = a_plan()
    raised(take_part(plan, employer, "ic"), mine, name="陈晨")
    raised(take_part(plan, other, "ai"), others, name="欧阳明强", issued="2022-03-01", level="3")
    return plan


def entry_of(employer: Organisation) -> Entry:
    entry = Entry.objects.filter(employer=employer, sign=1).order_by("pk").first()
    assert entry is not None
    return entry
