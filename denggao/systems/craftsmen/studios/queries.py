"""Reads that span tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from denggao.engines.cases.models import Case, Decision
from denggao.engines.cases.states import STANDING
from denggao.engines.reviews.parties import Parties
from denggao.foundation.organisations.models import Employment, Membership, Organisation
from denggao.foundation.organisations.queries import employed_on
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import find_by_identity, key_of
from denggao.foundation.people.rules import Identity, name_key, read_identity
from denggao.foundation.plans.models import Participation, Plan
from denggao.foundation.standards.queries import RuleTable
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios import rules
from denggao.systems.craftsmen.studios.models import (
    Alliance,
    AllianceMembership,
    Studio,
    StudioAct,
    StudioApplication,
    StudioOrder,
)

STUDIO, STUDIO_EVALUATION = "studio", "studio_evaluation"


def application_of(case: Case) -> StudioApplication | None:
    """What the employer said when it last submitted; None while the application is a draft."""
    found = StudioApplication.objects.select_related(
        "plan", "organisation", "leader__person", "leader__industry", "leader__certificate"
    )
    return found.filter(case_id=case.pk).first()


def approval_of(case: Case) -> Decision | None:
    return Decision.objects.filter(case_id=case.pk, approved=True).order_by("pk").first()


def newest_order(case: Case) -> StudioOrder | None:
    """The document on which a naming in this case rests."""
    return StudioOrder.objects.filter(round_id=case.round_id).first() if case.round_id else None


def takes_part(body: Organisation, plan: Plan, on: dt.date) -> bool:
    begun = Q(from_on__isnull=True) | Q(from_on__lte=on)
    lasts = Q(to_on__isnull=True) | Q(to_on__gte=on)
    return Participation.objects.filter(begun, lasts, plan=plan, organisation=body).exists()


def craftsmen_of(body: Organisation, plan: Plan, on: dt.date) -> QuerySet[Craftsman]:
    """Craftsmen in force under a plan who work for a body by its roster that day, with a certificate, by the number of which they
    are named in an application."""
    staff = employed_on(Employment.objects.filter(employer=body), on)
    found = Craftsman.objects.in_force().filter(plan=plan, person__in=staff.values("person_id"), certificate__isnull=False)
    return found.select_related("person", "certificate", "industry").order_by("named_on", "pk")


def free_to_lead(body: Organisation, plan: Plan, on: dt.date) -> list[Craftsman]:
    """Of these, who leads no studio in force. Compared by the person: a reinstated title is another row."""
    leading = Studio.objects.in_force().values("leader__person_id")
    return list(craftsmen_of(body, plan, on).exclude(person__in=leading))


def craftsman_numbered(number: str) -> Craftsman | None:
    found = Craftsman.objects.select_related("person", "plan", "industry", "certificate")
    return found.filter(certificate__number=number.strip()).first()


def why_not_lead(
    craftsman: Craftsman | None, body: Organisation, plan: Plan, on: dt.date, *, but: Studio | None = None
) -> str | None:
    """Why this craftsman may not lead a studio of a body that day; None where it may be. ``but``: the studio in question itself."""
    if craftsman is None:
        return rules.why_no_leader(in_force=False, same_plan=False, employed=False, leads="", again_from=None, today=on)
    staff = employed_on(Employment.objects.filter(employer=body, person=craftsman.person_id), on)
    leading = Studio.objects.in_force().filter(leader__person=craftsman.person_id)
    led = (leading.exclude(pk=but.pk) if but is not None else leading).first()
    return rules.why_no_leader(
        in_force=craftsman.is_in_force,
        same_plan=craftsman.plan_id == plan.pk,
        employed=staff.exists(),
        leads=led.name if led else "",
        again_from=again_from(craftsman.person_id, body, on),
        today=on,
    )


def again_from(person_id: int, body: Organisation, on: dt.date) -> dt.date | None:
    """From which day the same person and the same body may have a studio again; None where none of theirs was un-named."""
    ended = Studio.objects.filter(leader__person=person_id, organisation=body, state=Studio.State.UNNAMED)
    last = ended.order_by("-ended_on").values_list("ended_on", flat=True).first()
    if last is None:
        return None
    return rules.months_later(last, int(RuleTable(rules.REENTRY_MONTHS).value(rules.REENTRY_MONTHS, on)))


class RosterFinder:
    """Who of an employer's staff a row of the members' table means: by the document where one is given, else by a name that one
    alone bears. Two queries."""

    def __init__(self, body: Organisation, rows: Sequence[Mapping[str, Any]], on: dt.date) -> None:
        staff = employed_on(Employment.objects.filter(employer=body), on).select_related("person")
        self._posts = {item.person_id: item.post for item in staff}
        self._named: dict[str, dict[int, Person]] = {}
        for item in staff:
            self._named.setdefault(item.person.name_key, {})[item.person_id] = item.person
        read = {number: read_identity(None, number) for row in rows if (number := row.get("document_number"))}
        keys = {number: key_of(found) for number, found in read.items() if isinstance(found, Identity)}
        known = find_by_identity(list(keys.values()))
        self._by_number = {number: known[key] for number, key in keys.items() if key in known}

    def person(self, row: Mapping[str, Any]) -> Person | None:
        if row.get("document_number"):
            found = self._by_number.get(row["document_number"])
            return found if found is not None and found.pk in self._posts else None
        named = list(self._named.get(name_key(row["name"]), {}).values())
        return named[0] if len(named) == 1 else None

    def post(self, person: Person | None) -> str:
        return self._posts.get(person.pk, "") if person is not None else ""

    def is_several(self, row: Mapping[str, Any]) -> bool:
        return not row.get("document_number") and len(self._named.get(name_key(row["name"]), {})) > 1


def parties_of(case: Case) -> Parties:
    """Whom an application is about: the employer and who acts for it, the leader, the members that are known."""
    persons: set[int] = set()
    if case.body_id is not None:
        accounts = Membership.objects.filter(organisation_id=case.body_id, to_on__isnull=True).values("account_id")
        persons |= set(Person.objects.filter(account_id__in=accounts).values_list("pk", flat=True))
    application = application_of(case)
    if application is not None:
        persons.add(application.leader.person_id)
        persons |= set(application.members.filter(person__isnull=False).values_list("person_id", flat=True))
    if case.procedure == STUDIO_EVALUATION and (studio := studio_about(case)) is not None:
        persons.add(studio.leader.person_id)
        persons |= set(studio.members.values_list("person_id", flat=True))
    return Parties(frozenset({case.body_id} if case.body_id else ()), frozenset(persons))


def studio_about(case: Case) -> Studio | None:
    """The studio an evaluation is about."""
    found = Studio.objects.select_related("organisation", "plan", "industry", "leader__person", "plaque")
    return found.filter(public_id=case.about_id).first() if case.about_id else None


def open_evaluation(studio: Studio) -> str:
    """The number, or where it is a draft the title, of the studio's evaluation under way; empty where there is none."""
    found = Case.objects.filter(procedure=STUDIO_EVALUATION, about_id=studio.public_id, state__in=STANDING)
    case = found.exclude(number__isnull=True).first()
    return case.number or "" if case else ""


def suspended_for(studio: Studio) -> str:
    """The grounds of the suspension that holds; empty where none does."""
    if studio.state != Studio.State.SUSPENDED:
        return ""
    done = StudioAct.objects.filter(studio=studio, state=StudioAct.State.DONE, kind=StudioAct.Kind.SUSPEND)
    return done.order_by("-decided_at", "-pk").values_list("grounds", flat=True).first() or ""


def leaderless() -> QuerySet[Studio]:
    """Studios in force whose leader holds the title no more: another is named, or the studio un-named."""
    return Studio.objects.in_force().filter(leader__state=Craftsman.State.REVOKED)


def shown_studios(plan: Plan | None = None) -> QuerySet[Studio]:
    """What everybody sees: every studio that was ever named."""
    studios = Studio.objects.select_related("organisation", "industry", "plan", "plaque", "leader__person")
    return studios.filter(plan=plan) if plan is not None else studios


def alliances_of(studio: Studio) -> QuerySet[Alliance]:
    """Those in which a studio is a member now."""
    mine = AllianceMembership.objects.filter(studio=studio, state=AllianceMembership.State.MEMBER)
    return Alliance.objects.filter(pk__in=mine.values("alliance_id"))
