"""A matter of no system, that asks for signatures: what tests of signing register and look at."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from denggao.engines.agreements import registry
from denggao.engines.agreements.actions import ask_signatures
from denggao.engines.agreements.models import SigningRequest
from denggao.engines.agreements.registry import Described, SigningSubject, register_signing
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Grant, Role, account
from denggao.foundation.organisations.models import Membership, Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.signin.proofs import Factor, SecondFactorGiven
from tests.cast import MEMBER_SINCE, ORIGIN, Cast

KIND = "test_matter"
TEXT = {"基地": "滴水湖实训基地", "职业与等级": ["工业机器人系统操作员 · 4级"], "期限": "2022-10-10 至 2025-10-09"}


@dataclass
class Matter:
    """What its room was told, and whom it lets see."""

    id: uuid.UUID = field(default_factory=uuid.uuid4)
    told: list[tuple[str, int]] = field(default_factory=list)
    readers: set[str] = field(default_factory=set)
    managers: set[str] = field(default_factory=set)
    office: set[str] = field(default_factory=set)


@contextmanager
def registered(matter: Matter) -> Iterator[Matter]:
    """The matter's handlers, for as long as a test runs."""

    def follows(what: str) -> Any:
        def run(request: SigningRequest, *, actor: Actor, now: dt.datetime) -> None:
            matter.told.append((what, request.round))

        return run

    before = dict(registry._SUBJECTS)
    register_signing(
        KIND,
        SigningSubject(
            on_complete=follows("complete"),
            on_refused=follows("refused"),
            can_see=lambda actor, subject_id: actor.id in matter.readers,
            can_manage=lambda actor, subject_id: actor.id in matter.managers,
            describe=lambda actor, subject_id: Described([("申报单位", "滴水湖实训基地")], []),
            office_of=lambda subject_id: matter.office,
        ),
    )
    try:
        yield matter
    finally:
        registry._SUBJECTS.clear()
        registry._SUBJECTS.update(before)


def an_authority(name: str, now: dt.datetime) -> Organisation:
    return Organisation.objects.create(name_zh=name, name_key=name, kind=Organisation.Kind.AUTHORITY, created_at=now)


def a_signatory(body: Organisation, name: str, now: dt.datetime, role: Role = Role.AUTHORITY) -> Actor:
    user = User.objects.create_user()
    Membership.objects.create(account=user, organisation=body, role=role, from_on=MEMBER_SINCE)
    Person.objects.create(name=name, name_key=name, account=user, created_at=now)
    return account(user, [Grant(role, body.pk)], ORIGIN)


def factor(actor: Actor, now: dt.datetime, kind: Factor = Factor.APP) -> SecondFactorGiven:
    return SecondFactorGiven(actor.id, kind, now)


def asked(matter: Matter, signers: Sequence[Organisation], cast: Cast, now: dt.datetime, **changed: Any) -> SigningRequest:
    given = {"title_zh": "认定滴水湖实训基地", "title_en": "Accrediting Dishui Lake", "content": TEXT, **changed}
    subject_id = given.pop("subject_id", matter.id)
    return ask_signatures(KIND, subject_id, signers=signers, actor=given.pop("actor", cast.approver), now=now, **given)
