"""Orders for tests: a plaque with three granting bodies, a letter of appointment."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from denggao.engines.credentials.actions import IssueOrder, issue_credential
from denggao.engines.credentials.models import Issued
from denggao.foundation.audit.actors import Actor, operator
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from tests.facts import NOW

THREE = (
    {"zh": "上海市总工会", "en": "Shanghai Federation of Trade Unions", "code": "union"},
    {"zh": "上海市人力资源和社会保障局", "en": "Shanghai Human Resources and Social Security Bureau", "code": "hr"},
    {"zh": "临港新片区管理委员会", "en": "Lingang New Area Administration", "code": "committee"},
)
OFFICE = operator("test")


def plaque_order(body: Organisation, **given: Any) -> IssueOrder:
    facts: dict[str, Any] = {
        "kind": "plaque",
        "title_zh": "产业实训基地",
        "title_en": "Industrial Training Base",
        "granters": THREE,
        "holder_organisation": body,
        "facts": {
            "place_zh": "中国（上海）自由贸易试验区临港新片区",
            "place_en": "Lingang New Area of China (Shanghai) Pilot Free Trade Zone",
            "detail_zh": "第二实训基地 · 航空航天",
            "detail_en": "Training Base No. 2 · Aerospace",
        },
        "valid_from": dt.date(2022, 6, 18),
        "valid_until": dt.date(2025, 6, 17),
        "subject_kind": "base",
        "subject_id": uuid.uuid4(),
    }
    return IssueOrder(**{**facts, **given})


def letter_order(person: Person, **given: Any) -> IssueOrder:
    facts: dict[str, Any] = {
        "kind": "appointment",
        "title_zh": "聘书",
        "title_en": "Letter of Appointment",
        "granters": [{"zh": "翎川航空制造培训中心", "en": "Lingchuan Aviation Training Centre", "code": "lingchuan"}],
        "holder_person": person,
        "facts": {"role_zh": "特聘导师", "role_en": "Special Mentor"},
        "valid_from": dt.date(2022, 9, 1),
        "valid_until": dt.date(2023, 8, 31),
        "subject_kind": "appointment",
        "subject_id": uuid.uuid4(),
    }
    return IssueOrder(**{**facts, **given})


def issued(order: IssueOrder, *, actor: Actor = OFFICE, now: dt.datetime = NOW) -> Issued:
    return issue_credential(order, actor=actor, now=now)
