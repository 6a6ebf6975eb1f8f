"""Tells the region to the product as it would have been told: file by file and deed by deed, each with its own date,
through the same actions as any office and employer uses."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from denggao.demo import region as telling
from denggao.demo.actions import link_bodies, mark_as_demo
from denggao.demo.careers import Worker
from denggao.demo.craftsmen.story import CraftsmenStory
from denggao.demo.region import Deed, Handover, Region
from denggao.demo.scans import scan
from denggao.demo.training_story.story import TrainingStory
from denggao.demo.training_story.threads import merged
from denggao.demo.university.story import UniversityStory
from denggao.demo.workbooks import workbook
from denggao.engines.credentials.actions import compare_scan, confirm_certificate, hand_in_scan, withdraw_certificate
from denggao.engines.credentials.models import Credential
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.files.actions import store_file
from denggao.foundation.organisations.members.demo import email_for, make_demo_accounts
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.organisations.queries import actor_of_account
from denggao.foundation.people.models import Person
from denggao.foundation.plans.actions import load_plan
from denggao.foundation.plans.models import Plan
from denggao.foundation.sheets.actions import apply_import, check_import, hand_in
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.sheets.models import Import
from denggao.foundation.standards.actions import map_occupation_name
from denggao.foundation.standards.models import Occupation, OccupationName

PLAN = "lingang-2020"
PLAN_FILE = settings.BASE_DIR / "plans" / f"{PLAN}.yaml"
# 汐芯: the largest of the region; the demo's HR and worker belong to it.
SHOWN_EMPLOYER = 10
# Up to here the region is loaded in one transaction: all of it or nothing.
AT_ONCE = 20_000

Say = Callable[[str], None]


class NotEmpty(Refused):
    """The database holds something already."""


@dataclass
class Loaded:
    """What came of it. ``rows`` counts the rows of all files by their outcome."""

    workers: int = 0
    files: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    deeds: Counter[str] = field(default_factory=Counter)


def load_region(region: Region, *, actor: Actor, now: dt.datetime, say: Say) -> Loaded:
    """Load a region into an empty database. Raises NotEmpty."""
    if Plan.objects.exists() or Organisation.objects.exists():
        raise NotEmpty(_("This database holds data already; the demo region goes into an empty one."))
    if len(region.workers) > AT_ONCE:
        return _Story(region, actor, say).tell(now)
    with transaction.atomic():
        return _Story(region, actor, say).tell(now)


class _Story:
    """One telling of one region."""

    def __init__(self, region: Region, operator: Actor, say: Say) -> None:
        self.region, self.operator, self.say = region, operator, say
        self.loaded = Loaded(workers=len(region.workers))
        self.accounts: dict[Role, str] = {}
        self.scan = scan()

    def tell(self, now: dt.datetime) -> Loaded:
        load_plan(content=PLAN_FILE.read_bytes(), actor=self.operator, now=telling.PLAN_LOADED_AT, is_demo=True)
        bases = TrainingStory(self.operator, self.accounts, now)
        craftsmen = CraftsmenStory(
            self.operator,
            self.accounts,
            bases.experts,
            now,
            workers=len(self.region.workers),
            hand_over=self._hand_over,
            employers=lambda: self.bodies,
            shown=SHOWN_EMPLOYER,
            managers=bases.managers,
            sites=bases.bodies,
        )
        university = UniversityStory(self.operator, self.accounts, now, craftsmen.people)
        quarter = ""
        for when in merged([self._lists(), *bases.threads(), *university.threads(), *craftsmen.threads()]):
            if quarter != (quarter := f"{when.year} Q{(when.month + 2) // 3}"):
                self.say(quarter)
        mark_as_demo(actor=self.operator, now=now)
        self._leave_something_to_do(now)
        return self.loaded

    def _lists(self) -> Iterator[dt.datetime]:
        """The files that were handed in, and what the office did about them."""
        for event in self.region.timeline():
            yield event.at
            if isinstance(event, Handover):
                self._hand_over(event)
            else:
                self._do(event)

    @cached_property
    def bodies(self) -> dict[int, Organisation]:
        """By the region's own numbering; read when all are known."""
        by_code = {body.uscc: body for body in Organisation.objects.filter(uscc__isnull=False)}
        return {employer.position: by_code[employer.uscc] for employer in self.region.employers if employer.uscc in by_code}

    def _actor(self, role: Role, on: dt.date) -> Actor:
        public_id = self.accounts.get(role)
        return (actor_of_account(public_id, on) if public_id else None) or self.operator

    def _hand_over(self, handover: Handover) -> None:
        self._apply(self._checked(handover))
        if handover.kind == "employers":
            self.__dict__.pop("bodies", None)
            mark_as_demo(actor=self.operator, now=handover.at)
            pairs = [
                (self.bodies[supplier].pk, self.bodies[employer.position].pk)
                for employer in self.region.employers
                for supplier in employer.upstream
                if employer.position in self.bodies and supplier in self.bodies
            ]
            link_bodies(pairs, actor=self.operator, now=handover.at)
        if handover.employer == SHOWN_EMPLOYER and not self.accounts:
            self._open_accounts(handover.at)

    def _checked(self, handover: Handover) -> Import:
        options = {"plan": PLAN} if handover.kind == "employers" else {}
        role = Role.CLERK
        if handover.employer is not None:
            options["employer"] = str(self.bodies[handover.employer].public_id)
            role = Role.HR if handover.employer == SHOWN_EMPLOYER else Role.CLERK
        kind, actor = kind_of(handover.kind), self._actor(role, handover.at.date())
        content = workbook(handover)
        handed_in = hand_in(
            kind, handover.file_name, content, options, as_of=handover.as_of, actor=actor, now=handover.at, in_background=False
        )
        return check_import(handed_in, actor=actor, now=handover.at + dt.timedelta(seconds=40))

    def _apply(self, checked: Import) -> None:
        """By whoever handed it in, a few minutes later."""
        if checked.state != Import.State.CHECKED:
            raise Refused(f"{checked.file_name}: {checked.error}")
        at = checked.created_at + dt.timedelta(minutes=6)
        role = next((role for role, account in self.accounts.items() if account == checked.created_by), None)
        applied = apply_import(checked, actor=self._actor(role, at.date()) if role else self.operator, now=at)
        self.loaded.files += 1
        self.loaded.rows.update({name: applied.counts.get(name, 0) for name in ("created", "updated", "unchanged", "refused")})

    def _open_accounts(self, at: dt.datetime) -> None:
        from allauth.account.models import EmailAddress

        employer = self.bodies[SHOWN_EMPLOYER]
        made = make_demo_accounts(actor=self.operator, now=at, employer=employer, worker=self._who_stays(employer))
        owners = dict(EmailAddress.objects.values_list("email", "user__public_id"))
        self.accounts.update({account.role: str(owners[email_for(account.role)]) for account in made})

    def _who_stays(self, employer: Organisation) -> Person | None:
        """Somebody of the shown employer who never leaves it: the demo's worker."""
        stay = [worker.name for worker in self.region.workers if _stays(worker)]
        there = Person.objects.filter(employments__employer=employer, employments__left_on=None, account=None, name__in=stay)
        return there.order_by("pk").first()

    def _do(self, deed: Deed) -> None:
        if deed.kind == "map_name":
            name = OccupationName.objects.filter(text=deed.subject).first()
            if name is None:
                return
            occupation = Occupation.objects.get(name_zh=deed.text)
            map_occupation_name(name, occupation=occupation, actor=self._actor(Role.CLERK, deed.at.date()), now=deed.at)
        else:
            credential = Credential.objects.filter(number=deed.subject).first()
            if credential is None or credential.status != Credential.Status.VALID:
                return
            {"withdraw": self._withdraw, "confirm": self._confirm, "document": self._document}[deed.kind](credential, deed)
        self.loaded.deeds[deed.kind] += 1

    def _withdraw(self, credential: Credential, deed: Deed) -> None:
        withdraw_certificate(credential, reason=deed.text, actor=self._actor(Role.CLERK, deed.at.date()), now=deed.at)

    def _confirm(self, credential: Credential, deed: Deed) -> None:
        day = deed.at.date()
        asked_by = "职业技能证书全国联网查询 · 审核员（演示）"
        confirm_certificate(
            credential, asked_on=day, asked_by=asked_by, today=day, actor=self._actor(Role.REVIEWER, day), now=deed.at
        )

    def _document(self, credential: Credential, deed: Deed) -> None:
        day = deed.at.date()
        clerk, reviewer = self._actor(Role.CLERK, day), self._actor(Role.REVIEWER, day)
        kept = store_file("证书扫描件.png", self.scan, kind="credentials.scan", actor=clerk, now=deed.at)
        handed_in = hand_in_scan(credential, file=kept, actor=clerk, now=deed.at)
        compare_scan(handed_in, agrees=True, remark="", actor=reviewer, now=deed.at + dt.timedelta(hours=3))

    def _leave_something_to_do(self, now: dt.datetime) -> None:
        """A fresh list, checked and not applied: whoever opens the demo finds a preview."""
        self._checked(telling.fresh_list(self.region, SHOWN_EMPLOYER, now))


def _stays(worker: Worker) -> bool:
    only = worker.spells[0] if len(worker.spells) == 1 else None
    return only is not None and only.employer == SHOWN_EMPLOYER and only.left_on is None and bool(only.front_line[-1][1])
