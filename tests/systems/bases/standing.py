"""A base in force, without the way there: for tests of what comes after."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from denggao.engines.cases.models import Case
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Industry
from denggao.systems.bases.models import Base, Coverage, Teacher
from tests.facts import NOW, a_person, an_occupation

_numbers = itertools.count(1)


def an_awarded_case(plan: Plan, body: Organisation) -> Case:
    """The row of an application that went all the way, without its steps."""
    return Case.objects.create(
        number=f"TEST-{next(_numbers)}", procedure="base", version=1, form_version=1, plan=plan, body=body, stage="award",
        stage_kind="award", state="awarded", waits_for="nobody", stage_since=NOW, waits_since=NOW, opened_by="test", opened_at=NOW,
        submitted_at=NOW, ended_at=NOW,
    )  # fmt: skip


def a_base(plan: Plan, body: Organisation, name: str = "滴水湖实训基地", *, industry: str = "ic", **facts: Any) -> Base:
    given: dict[str, Any] = {
        "state": Base.State.ACCREDITED,
        "address": "演示路1号",
        "longitude": Decimal("121.928600"),
        "latitude": Decimal("30.901200"),
        "floor_area_m2": Decimal("1200.0"),
        "workstations": 40,
        "accredited_on": dt.date(2021, 6, 18),
        "valid_from": dt.date(2021, 6, 18),
        "valid_until": dt.date(2029, 6, 17),
        **facts,
    }
    chosen = Industry.objects.get(code=industry)
    case = an_awarded_case(plan, body)
    base = Base.objects.create(plan=plan, organisation=body, name_zh=name, industry=chosen, case=case, created_at=NOW, **given)
    base.industries.add(chosen)
    return base


def covers(base: Base, occupation: str = "车工", *levels: str, code: str = "6-18-01-01") -> None:
    for level in levels or ("5", "4"):
        Coverage.objects.create(base=base, industry=base.industry, occupation=an_occupation(occupation, code), level=level)


def a_teacher(home: Organisation, name: str = "沈砚秋", *, person: Person | None = None, **facts: Any) -> Teacher:
    given = {"kind": "staff", "from_on": dt.date(2021, 1, 1), "created_at": NOW, **facts}
    return Teacher.objects.create(person=person or a_person(name), home=home, **given)
