"""Plain facts for tests, without surprises: a plan, employers, people in post, certificates."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from denggao.engines.credentials.models import Credential
from denggao.foundation.organisations.models import Employment, EmploymentStatement, Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Goal, Participation, Plan, PlanIndustry
from denggao.foundation.standards.models import Industry, Occupation
from denggao.systems.assessment.models import LevelCertificate

NOW = dt.datetime(2022, 10, 10, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
_serial = itertools.count(1)


def a_plan(code: str = "lingang-2020", **goal: Any) -> Plan:
    plan = Plan.objects.create(code=code, name_zh="技能登高", first_year=2020, last_year=2022, source_hash="", loaded_at=NOW)
    for position, (industry, name) in enumerate({"ic": "集成电路", "ai": "人工智能"}.items()):
        PlanIndustry.objects.create(
            plan=plan, industry=Industry.objects.get_or_create(code=industry, defaults={"name_zh": name})[0], position=position
        )
    facts = {"code": "upgrades", "target": 100, "unit": "person", "counting_rule": "first_raise", **goal}
    Goal.objects.create(plan=plan, position=1, name_zh="技能等级提升", short_name_zh="等级提升", short_name_en="Raised", **facts)
    return plan


def an_employer(name: str = "沧屿微电子", *, plan: Plan | None = None, industry: str = "ic", **facts: Any) -> Organisation:
    body = Organisation.objects.create(
        name_zh=name,
        name_key=name,
        kind="employer",
        industry=Industry.objects.filter(code=industry).first(),
        created_at=NOW,
        **facts,
    )
    if plan:
        Participation.objects.create(plan=plan, organisation=body)
    return body


def a_person(name: str = "陈晨") -> Person:
    return Person.objects.create(name=name, name_key=name, created_at=NOW)


def in_post(
    person: Person, employer: Organisation, *, hired: str = "2019-01-01", front_line: bool | None = True, left: str | None = None
) -> Employment:
    hired_on, left_on = dt.date.fromisoformat(hired), dt.date.fromisoformat(left) if left else None
    employment = Employment.objects.create(
        person=person,
        employer=employer,
        hired_on=hired_on,
        left_on=left_on,
        known_from=hired_on,
        front_line=front_line,
        last_listed_on=hired_on,
        created_at=NOW,
    )
    EmploymentStatement.objects.create(
        employment=employment, as_of=hired_on, hired_on=hired_on, front_line=front_line, stated_at=NOW
    )
    return employment


def an_occupation(name: str = "车工", code: str = "6-18-01-01") -> Occupation:
    return Occupation.objects.get_or_create(code=code, defaults={"name_zh": name, "name_key": name})[0]


def certified(person: Person, issued: str = "2021-06-01", level: str = "4", **facts: Any) -> LevelCertificate:
    credential = Credential.objects.create(
        number=f"S{next(_serial):021d}",
        kind="skill_level",
        holder=person,
        holder_name=person.name,
        holder_name_key=person.name_key,
        document_kind="resident_id",
        document_number="",
        document_index=b"",
        issued_on=dt.date.fromisoformat(issued),
        registered_at=NOW,
    )
    return LevelCertificate.objects.create(
        credential=credential,
        number_shape="national",
        number_confirmed=True,
        occupation_text="车工",
        level=level,
        occupation=an_occupation(),
        **facts,
    )
