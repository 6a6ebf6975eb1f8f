"""Who takes part, and by which account each acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from django.utils import timezone

from denggao.demo import numbers
from denggao.demo.craftsmen.casting import Cast, Nominee
from denggao.demo.craftsmen.facts import Fate
from denggao.demo.craftsmen.rosters import registers, rosters
from denggao.demo.region import Handover, at
from denggao.demo.training_story.threads import Thread
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.actions.bodies import Details, keep_organisation
from denggao.foundation.organisations.members.demo import make_demo_account
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.organisations.queries import actor_of_account
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import find_by_identity, key_of
from denggao.foundation.people.rules import Identity, read_identity
from denggao.foundation.plans.models import Plan

UNION = "东岬产业园区工会联合会（演示）"


@dataclass
class Guild:
    """``office`` gives the office's demo accounts by role; ``experts`` accounts by an expert's database id; ``hand_over`` hands a
    file in as the region does; ``employers`` gives the region's employers by position. ``accounts`` by local name."""

    operator: Actor
    office: Mapping[Role, str]
    experts: Mapping[int, str]
    now: dt.datetime
    workers: int
    hand_over: Callable[[Handover], None]
    employers: Callable[[], Mapping[int, Organisation]]
    shown: int
    lot: Random = field(default_factory=lambda: Random("guild"))  # noqa: S311 -- the demo draws lots, it keeps no secrets
    accounts: dict[str, str] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    known: dict[tuple[str, dt.date], Actor] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    @cached_property
    def cast(self) -> Cast:
        return Cast(self.workers, self.today.year)

    @cached_property
    def plan(self) -> Plan:
        return Plan.objects.get(code="lingang-2020")

    @cached_property
    def union(self) -> Organisation:
        return Organisation.objects.get(name_zh=UNION)

    # Who acts

    def acting(self, account: str, when: dt.datetime) -> Actor:
        key = (account, when.date())
        if key not in self.known:
            self.known[key] = actor_of_account(*key) or self.operator
        return self.known[key]

    def in_office(self, role: Role, when: dt.datetime) -> Actor:
        return self.acting(self.office[role], when) if role in self.office else self.operator

    def named(self, local: str, when: dt.datetime) -> Actor:
        return self.acting(self.accounts[local], when)

    def own(self, nominee: Nominee, when: dt.datetime) -> Actor:
        return self.named(local_of(nominee), when)

    def hr_of(self, position: int, when: dt.datetime) -> Actor:
        """Who puts people forward for an employer."""
        if position == self.shown and Role.HR in self.office:
            return self.in_office(Role.HR, when)
        return self.named(f"nominator-{position}", when)

    def nominator(self, nominee: Nominee, when: dt.datetime) -> tuple[Organisation, Actor]:
        if nominee.channel == "association":
            return self.union, self.named("union", when)
        return self.employers()[nominee.employer], self.hr_of(nominee.employer, when)

    # How they come to be there

    def _people(self) -> Thread:
        """The rosters, the registers of their certificates, and the accounts."""
        told = sorted([*rosters(self.cast), *registers(self.cast)], key=lambda handover: handover.at)
        for handover in told:
            if handover.kind == "certificates" and not self.people:
                when = at(handover.as_of - dt.timedelta(days=1), 9)
                yield when
                self._open_accounts(when)
            yield handover.at
            self.hand_over(handover)

    def _open_accounts(self, when: dt.datetime) -> None:
        details = Details(name_zh=UNION, name_en="Dongjia Federation of Unions (demo)", uscc=numbers.uscc(740), kind="union")
        self._open("union", Role.HR, keep_organisation(None, details, actor=self.operator, now=when), when)
        keys = {nominee.serial: key_of(_identity(nominee)) for nominee in self.cast}
        found = find_by_identity(list(keys.values()))
        for nominee in self.cast:
            person = self.people[nominee.serial] = found[keys[nominee.serial]]
            user = make_demo_account(local_of(nominee), None, None, person=person, actor=self.operator, now=when)
            person.account = user
            self.accounts[local_of(nominee)] = str(user.public_id)
            if nominee.employer != self.shown or Role.HR not in self.office:
                self._open(f"nominator-{nominee.employer}", Role.HR, self.employers()[nominee.employer], when)

    def _open(self, local: str, role: Role, body: Organisation, when: dt.datetime) -> None:
        if local not in self.accounts:
            self.accounts[local] = str(make_demo_account(local, role, body, actor=self.operator, now=when).public_id)

    def until_now(self, walk: Thread) -> Thread:
        """As far as it has come by now."""
        for when in walk:
            if when >= self.now:
                return
            yield when


def local_of(nominee: Nominee) -> str:
    """The part of the address before the @: the first craftsman and the first who is asked to agree have the plain names."""
    if nominee.fate is Fate.NAMED:
        return "craftsman" if nominee.serial == 1 else f"craftsman-{nominee.serial}"
    return "nominee" if nominee.fate is Fate.ASKED and nominee.is_first else f"nominee-{nominee.serial}"


def _identity(nominee: Nominee) -> Identity:
    read = read_identity("居民身份证", nominee.number)
    assert isinstance(read, Identity)
    return read
