"""Who takes part: bodies with their managers, authorities, experts; each acts by the own account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from denggao.demo import numbers
from denggao.demo.region import at
from denggao.demo.training import JUDGES, SITES, Judge, Site
from denggao.demo.training_story.threads import Thread
from denggao.engines.reviews.actions.experts import ExpertDetails, add_expert
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.actions.bodies import Details, keep_organisation
from denggao.foundation.organisations.members.demo import make_demo_account
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.organisations.queries import actor_of_account
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Industry


@dataclass
class People:
    """``office`` gives the office's demo accounts by role, once they are there."""

    operator: Actor
    office: Mapping[Role, str]
    now: dt.datetime
    lot: Random = field(default_factory=lambda: Random("training"))  # noqa: S311 -- the demo draws lots, it keeps no secrets
    bodies: list[Organisation] = field(default_factory=list)
    managers: list[str] = field(default_factory=list)
    experts: dict[int, str] = field(default_factory=dict)
    signatories: dict[int, str] = field(default_factory=dict)
    known: dict[tuple[str, dt.date], Actor] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return Plan.objects.get(code="lingang-2020")

    def _prepare(self) -> Thread:
        yield at(dt.date(2020, 4, 20), 9)
        now = at(dt.date(2020, 4, 20), 9)
        for number, site in enumerate(SITES):
            self.bodies.append(self._body(number, site, now))
            self.managers.append(
                self._account(f"base-manager-{number + 1}" if number else "base-manager", Role.BASE_MANAGER, self.bodies[-1], now)
            )
        names = {0: "authority-union", 1: "authority", 2: "authority-area"}
        for number, body in enumerate(self._authorities()):
            self.signatories[body.pk] = self._account(names.get(number, f"authority-{number}"), Role.AUTHORITY, body, now)
        for number, judge in enumerate(JUDGES):
            self._expert(number, judge, now)

    def _body(self, number: int, site: Site, now: dt.datetime) -> Organisation:
        known = (
            Organisation.objects.filter(name_zh=f"上海{site.name_zh}有限公司（演示）").first() if site.kind == "employer" else None
        )
        if known is not None:
            return known
        details = Details(
            name_zh=site.full_name,
            name_en=f"{site.name_en} (demo)",
            uscc=numbers.uscc(500 + number),
            kind=site.kind,
            industry=Industry.objects.get(code=site.industry),
            address=f"临港新片区演示路{600 + number * 8}号",
            longitude=Decimal(str(site.longitude)),
            latitude=Decimal(str(site.latitude)),
        )
        return keep_organisation(None, details, actor=self.operator, now=now)

    def _account(
        self, local: str, role: Role | None, body: Organisation | None, now: dt.datetime, person: Person | None = None
    ) -> str:
        user = make_demo_account(local, role, body, person=person, actor=self.operator, now=now)
        return str(user.public_id)

    def _authorities(self) -> list[Organisation]:
        parts = self.plan.parts.filter(role="accredit", organisation__isnull=False).select_related("organisation")
        return [part.organisation for part in parts.order_by("position", "id") if part.organisation is not None]

    def _expert(self, number: int, judge: Judge, now: dt.datetime) -> None:
        person = Person.objects.create(name=judge.name, name_key=judge.name, is_demo=True, created_at=now)
        home = next((body for site, body in zip(SITES, self.bodies, strict=True) if site.code == judge.employer), None)
        details = ExpertDetails(
            fields=list(Industry.objects.filter(code__in=judge.fields)),
            title=judge.title,
            employer=home,
            employer_text="" if home else judge.employer,
        )
        expert = add_expert(person, details, from_on=now.date(), is_demo=True, actor=self.operator, now=now)
        self.experts[expert.pk] = self._account("expert" if number == 0 else f"expert-{number + 1}", None, None, now, person)

    def _as(self, account: str, when: dt.datetime) -> Actor:
        key = (account, when.date())
        if key not in self.known:
            self.known[key] = actor_of_account(*key) or self.operator
        return self.known[key]

    def _office(self, role: Role, when: dt.datetime) -> Actor:
        return self._as(self.office[role], when) if role in self.office else self.operator
