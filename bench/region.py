"""A ledger of many heads, made of real facts written in bulk and counted by the real rule."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from django.db import transaction

from bench.stage import say
from denggao.demo import bodies, careers, numbers
from denggao.engines.credentials.models import Credential
from denggao.engines.ledger.actions import rebuild
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import insert
from denggao.foundation.organisations.models import Employment, EmploymentStatement, Organisation
from denggao.foundation.organisations.rules import body_key
from denggao.foundation.people.models import IdentityDocument, Person
from denggao.foundation.people.queries import identity_index
from denggao.foundation.people.rules import name_key
from denggao.foundation.plans.actions import load_plan
from denggao.foundation.plans.models import Participation, Plan
from denggao.foundation.standards.models import Industry, Occupation
from denggao.systems.assessment.models import LevelCertificate

PLAN_FILE = Path(__file__).resolve().parent.parent / "plans/lingang-2020.yaml"
PART = 20_000


def make_plan(actor: Actor, now: dt.datetime) -> Plan:
    return load_plan(content=PLAN_FILE.read_bytes(), actor=actor, now=now, is_demo=True).plan


def make_employers(plan: Plan, now: dt.datetime) -> list[Organisation]:
    firms = bodies.employers(Random(2020))
    industries = {item.code: item for item in Industry.objects.all()}
    made = [
        Organisation(
            name_zh=firm.name_zh,
            name_en=firm.name_en,
            name_key=body_key(firm.name_zh),
            uscc=firm.uscc,
            kind=Organisation.Kind.EMPLOYER,
            industry=industries.get(firm.industry),
            address=firm.address,
            is_demo=True,
            created_at=now,
        )
        for firm in firms
    ]
    Organisation.objects.bulk_create(made)
    Participation.objects.bulk_create([Participation(plan=plan, organisation=body) for body in made])
    return made


def make_heads(plan: Plan, employers: list[Organisation], heads: int, *, actor: Actor, now: dt.datetime) -> None:
    """``heads`` people, each raised once within the plan."""
    lot = Random(heads)
    firms = bodies.employers(Random(2020))
    people = careers.workers(lot, firms, heads)
    occupations = {item.name_zh: item for item in Occupation.objects.all()}
    calendar = careers.Calendar()
    for start in range(0, heads, PART):
        with transaction.atomic():
            _write(people[start : start + PART], start, firms, employers, occupations, calendar, lot, now)
        say(f"{min(start + PART, heads)} people")
    rebuild(plan, actor=actor, now=now)


def _write(
    part: list[careers.Worker],
    start: int,
    firms: list[bodies.Employer],
    employers: list[Organisation],
    occupations: dict[str, Occupation],
    calendar: careers.Calendar,
    lot: Random,
    now: dt.datetime,
) -> None:
    people = [
        Person(name=worker.name, name_key=name_key(worker.name), born_on=worker.born_on, is_demo=True, created_at=now)
        for worker in part
    ]
    insert(people)
    insert(
        [
            IdentityDocument(
                person=person,
                kind="resident_id",
                number=worker.number,
                number_index=identity_index("resident_id", worker.number),
                created_at=now,
            )
            for worker, person in zip(part, people, strict=True)
        ]
    )
    hired_on = dt.date(2019, 6, 1)
    employments, credentials, levels = [], [], []
    for serial, (worker, person) in enumerate(zip(part, people, strict=True), start=start + 1):
        spell = worker.spells[0]
        evaluator = lot.choice(bodies.EVALUATORS_OF[firms[spell.employer].industry])
        issued_on, level = calendar.in_plan(lot, evaluator), lot.choice(("5", "4", "4", "3"))
        occupation = occupations[spell.occupation]
        employments.append(
            Employment(
                person=person,
                employer=employers[spell.employer],
                hired_on=hired_on,
                known_from=hired_on,
                post=spell.post,
                occupation_text=spell.occupation,
                occupation=occupation,
                front_line=True,
                last_listed_on=hired_on,
                created_at=now,
            )
        )
        number = numbers.national_certificate("S", serial // 900_000, issued_on, level, serial % 900_000)
        facts = {"number": number, "kind": "skill_level", "holder": person, "holder_name": worker.name}
        facts |= {"holder_name_key": person.name_key, "document_kind": "resident_id", "document_number": worker.number}
        facts |= {"document_index": identity_index("resident_id", worker.number), "issued_on": issued_on, "registered_at": now}
        credentials.append(Credential(**facts))
        levels.append((occupation, level))
    insert(employments)
    insert(
        [
            EmploymentStatement(employment=item, as_of=hired_on, hired_on=hired_on, front_line=True, stated_at=now)
            for item in employments
        ]
    )
    insert(credentials)
    insert(
        [
            LevelCertificate(
                credential=credential,
                number_shape="national",
                number_confirmed=True,
                occupation_text=occupation.name_zh,
                occupation=occupation,
                level=level,
            )
            for credential, (occupation, level) in zip(credentials, levels, strict=True)
        ]
    )
