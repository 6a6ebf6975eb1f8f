"""Plain facts for tests of training bases, without surprises: a plan with its authorities, a whole application, a base."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from denggao.engines.cases.answers import clean
from denggao.engines.cases.models import Case, Round
from denggao.foundation.files.actions import store_file
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import IdentityDocument, Person
from denggao.foundation.people.queries import identity_index
from denggao.foundation.people.rules import check_character
from denggao.foundation.plans.models import Goal, Part, Plan
from denggao.foundation.standards.models import Industry
from denggao.systems.bases.actions.applications import keep_application
from denggao.systems.bases.models import Base, BaseApplication, Coverage, Qualification, Teacher
from denggao.systems.bases.procedures import FORM_1
from tests.facts import NOW, a_person, a_plan, an_occupation

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
# Resident numbers with valid check characters, of nobody.
NUMBERS = tuple(first + check_character(first) for first in ("11010519491231002", "44030819990101001", "31010419800101123"))
_serial = itertools.count(1)


def a_base_plan(authorities: int = 3) -> Plan:
    """The plan with its goal of ten bases and the bodies that accredit them, in their order."""
    plan = a_plan(unit="person")
    goal = Goal.objects.create(
        plan=plan, position=2, code="bases", name_zh="十个产业实训基地", short_name_zh="实训基地", short_name_en="Bases",
        unit="body", target=10, counting_rule="accredited_bases",
    )  # fmt: skip
    for position in range(authorities):
        Part.objects.create(plan=plan, goal=goal, role="accredit", organisation=an_authority(), position=position)
    return plan


def an_authority() -> Organisation:
    name = f"授牌机关{next(_serial)}"
    return Organisation.objects.create(name_zh=name, name_key=name, kind="authority", created_at=NOW)


def a_body(kind: str = "provider", **facts: Any) -> Organisation:
    name = facts.pop("name_zh", f"滴水湖培训学校{next(_serial)}")
    return Organisation.objects.create(name_zh=name, name_key=name, kind=kind, created_at=NOW, **facts)


def a_round(plan: Plan, procedure: str = "base", **facts: Any) -> Round:
    given = {
        "title_zh": "2022年产业实训基地申报",
        "opens_at": NOW - dt.timedelta(days=1),
        "closes_at": NOW + dt.timedelta(days=60),
        "state": "open",
        "opened_at": NOW - dt.timedelta(days=1),
        "created_by": "test",
        "created_at": NOW,
        **facts,
    }
    return Round.objects.create(procedure=procedure, plan=plan, **given)


def a_paper(actor: Any, name: str = "消防验收.pdf", kind: str = "cases.answer") -> str:
    return str(store_file(name, PDF, kind=kind, actor=actor, now=NOW).public_id)


def typed_answers(paper: str) -> dict[str, dict[str, Any]]:
    """A whole application as it is typed: texts, rows of texts, ids of files."""
    an_occupation("车工", "6-18-01-01")
    an_occupation("铣工", "6-18-01-02")
    return {
        "body": {
            "kind": "provider", "industry": "ic", "industries": ["ic", "ai"], "contact": "021-5800 0000",
            "capability": "三年来为上下游企业培训一线职工两千余人次。", "licence": [paper],
        },
        "site": {
            "base_name_zh": "滴水湖集成电路实训基地", "base_name_en": "Dishui Lake IC Training Base", "address": "南汇新城镇环湖西一路1号",
            "longitude": "121.912345", "latitude": "30.901234", "floor_area_m2": "2400", "workstations": "40", "site_right": "own",
            "site_papers": [paper],
        },
        "equipment": {
            "equipment": [
                {"name": "数控车床", "make": "CK6140", "quantity": "12", "workstations": "24", "value_yuan": "156万元", "ownership": "自有"},
                {"name": "钳工台", "quantity": "16", "workstations": "16", "ownership": "租赁"},
            ]
        },
        "teachers": {
            "teachers": [
                {"name": "赵登高", "document_number": NUMBERS[0], "kind": "专职", "qualification": "职业技能等级证书（车工）", "level": "二级",
                 "qualification_number": "S000031000001192000001", "issued_on": "2019-06-18"},
                {"name": "钱望潮", "document_number": NUMBERS[1], "kind": "兼职", "qualification": "高校教师资格", "expires_on": "2021-12-31"},
            ]
        },
        "occupations": {
            "coverage": [
                {"occupation": "车工", "levels": "五级至三级", "industry": "集成电路", "people_a_year": "120"},
                {"occupation": "铣工", "levels": "四级", "industry": "人工智能", "people_a_year": "60"},
            ]
        },
        "plan": {
            "training_plan": "三年内培养高技能人才。",
            "planned": [
                {"year": "2022", "programme": "上岗培训", "occupation": "车工", "level": "五级", "people": "60", "hours": "80"},
                {"year": "2023", "programme": "高师带徒", "occupation": "铣工", "level": "四级", "people": "30", "hours": "120"},
                {"year": "2024", "programme": "技术研修", "occupation": "车工", "level": "三级", "people": "20", "hours": "160"},
            ],
        },
        "safety": {"fire": [paper], "fire_until": "2023-12-31", "safety": [paper], "no_accident": "on"},
        "finance": {
            "invested_yuan": "5600000", "yearly_income_yuan": "1200000.50", "yearly_cost_yuan": "980000", "own_funds_yuan": "3000000",
            "statement": [paper],
        },
    }  # fmt: skip


def a_case(plan: Plan, body: Organisation, *, procedure: str = "base", stage: str = "award", state: str = "awarded") -> Case:
    serial = next(_serial)
    return Case.objects.create(
        number=f"JD-2022-{serial:03d}", procedure=procedure, version=1, form_version=1, plan=plan, body=body, stage=stage,
        stage_kind=stage, state=state, waits_for="nobody", stage_since=NOW, waits_since=NOW, opened_by="test", opened_at=NOW,
        submitted_at=NOW, ended_at=NOW, lock=9,
    )  # fmt: skip


def a_base(
    plan: Plan | None = None,
    body: Organisation | None = None,
    name: str = "",
    *,
    industry: str = "ic",
    trains: str = "4",
    **facts: Any,
) -> Base:
    """A base in force from 1 June 2021 to 31 May 2029, without a plaque. It trains turners to the levels of ``trains``."""
    plan = plan or Plan.objects.first() or a_base_plan()
    body = body or a_body()
    chosen = Industry.objects.get(code=industry)
    given = {
        "name_zh": name or f"{body.name_zh}实训基地",
        "state": "accredited",
        "industry": chosen,
        "address": "环湖西一路1号",
        "longitude": Decimal("121.9"),
        "latitude": Decimal("30.9"),
        "floor_area_m2": Decimal(2400),
        "workstations": 40,
        "accredited_on": dt.date(2021, 6, 1),
        "valid_from": dt.date(2021, 6, 1),
        "valid_until": dt.date(2029, 5, 31),
        "created_at": NOW,
        **facts,
    }
    case = given.pop("case", None) or a_case(plan, body)
    base = Base.objects.create(plan=plan, organisation=body, case=case, **given)
    base.industries.add(chosen)
    if trains:
        covers(base, "车工", *trains, people_a_year=60)
    return base


def covers(base: Base, occupation: str = "车工", *levels: str, code: str = "6-18-01-01", people_a_year: int = 0) -> None:
    for level in levels or ("5", "4"):
        Coverage.objects.create(
            base=base, industry=base.industry, occupation=an_occupation(occupation, code), level=level, people_a_year=people_a_year
        )


def a_teacher(
    home: Organisation,
    name: str = "",
    *,
    person: Person | None = None,
    expires_on: dt.date | None = None,
    qualified: bool = True,
    **facts: Any,
) -> Teacher:
    """On record with a passport, and a qualification unless told otherwise."""
    serial = next(_serial)
    if person is None:
        person = a_person(name or f"师{serial}")
        number = f"E{serial:08d}"
        IdentityDocument.objects.create(
            person=person, kind="passport", number=number, number_index=identity_index("passport", number), created_at=NOW
        )
    given = {"kind": "staff", "from_on": dt.date(2020, 1, 1), "created_at": NOW, **facts}
    teacher = Teacher.objects.create(person=person, home=home, **given)
    if qualified:
        Qualification.objects.create(
            teacher=teacher, kind="技师", number=str(serial), issued_on=dt.date(2019, 1, 1), expires_on=expires_on, created_at=NOW
        )
    return teacher


def kept_application(plan: Plan, body: Organisation, actor: Any) -> BaseApplication:
    """A whole application, kept as typed rows, whose case stands at its award."""
    answers, faults = clean(FORM_1, typed_answers(a_paper(actor)))
    assert not faults, faults
    return keep_application(a_case(plan, body), answers, actor=actor, now=NOW)
