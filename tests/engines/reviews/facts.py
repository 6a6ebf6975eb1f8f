"""Panels, experts and their ties, for tests."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from denggao.engines.reviews.actions.panels import PanelOrder, open_panel
from denggao.engines.reviews.models import Criterion, Expert, Panel, Rubric, RubricVersion
from denggao.engines.reviews.parties import Parties
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Grant, Role, account, operator
from denggao.foundation.organisations.models import Membership, Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.standards.models import Industry
from tests.facts import NOW, a_person, an_employer


def a_rubric_version() -> RubricVersion:
    rubric, _new = Rubric.objects.get_or_create(code="base-test", defaults={"title_zh": "基地评分表", "confidence": "C"})
    version = rubric.versions.first()
    if version is None:
        version = RubricVersion.objects.create(rubric=rubric, version=1, total=100, content_hash="x", created_at=NOW)
        Criterion.objects.create(version=version, code="site", name_zh="场地", max_points=100)
    return version


def an_expert(name: str = "李明", *, fields: tuple[str, ...] = ("ic",), signs_in: bool = True, **facts: Any) -> Expert:
    person = facts.pop("person", None) or a_person(name)
    if signs_in and person.account is None:
        person.account = User.objects.create_user()
        person.save()
    expert = Expert.objects.create(person=person, from_on=dt.date(2020, 1, 1), created_at=NOW, **facts)
    for code in fields:
        expert.fields.add(Industry.objects.get_or_create(code=code, defaults={"name_zh": code})[0])
    return expert


def actor_of_expert(expert: Expert, *grants: Grant) -> Actor:
    assert expert.person.account is not None
    return account(expert.person.account, grants)


def an_office_account(role: Role = Role.CLERK, *, person: Person | None = None) -> Actor:
    user = User.objects.create_user()
    Membership.objects.create(account=user, role=role, from_on=dt.date(2020, 1, 1))
    if person is not None:
        person.account = user
        person.save()
    return account(user, [Grant(role)])


def a_panel(applicant: Organisation | None = None, *, parties: Parties | None = None, **order: Any) -> Panel:
    if parties is None:
        applicant = applicant or an_employer("申报单位")
        parties = Parties.of(organisations=[applicant.pk])
    given = {"subject_kind": "case", "subject_id": uuid.uuid4(), "title_zh": "申报单位实训基地申报", "seats": 3, "fields": ("ic",)}
    panel = PanelOrder(rubric_version=a_rubric_version(), parties=parties, **{**given, **order})
    return open_panel(panel, actor=operator("test"), now=NOW)
