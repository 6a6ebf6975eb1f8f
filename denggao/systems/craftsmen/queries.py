"""Reads that span tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases.models import Case, Correction, Round
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.states import State
from denggao.engines.reviews.parties import Parties
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.naming import PersonUnclear
from denggao.foundation.people.queries import find_by_identity, key_of
from denggao.foundation.people.rules import name_key, read_identity
from denggao.foundation.plans.models import Plan
from denggao.foundation.sheets.kinds import Fault
from denggao.foundation.standards.models import RuleValue
from denggao.foundation.standards.queries import NoRuleInForce, RuleTable
from denggao.systems.craftsmen import rules
from denggao.systems.craftsmen.models import Channel, Craftsman, NamingOrder, Nomination, RoundTerms
from denggao.systems.craftsmen.rules import ChannelTerms

NOMINATION = "craftsman"
"""The code of the procedure."""


# Rounds


@dataclass(frozen=True)
class Terms:
    """What holds in a round. ``inherited`` is the earlier round whose terms they are; None for the own ones or the usual."""

    channels: dict[str, ChannelTerms]
    conditions_least: int
    least_rule: RuleValue | None
    calendar: list[dict[str, str]]
    inherited: Round | None = None
    own: bool = False


def terms_of(round_: Round, on: dt.date) -> Terms:
    """The round's own, else those of the round before it under the plan that has some, else the usual. Two queries."""
    earlier = Q(round__plan_id=round_.plan_id, round__procedure=NOMINATION, round__opens_at__lt=round_.opens_at)
    kept = (
        RoundTerms.objects.filter(Q(round=round_) | earlier)
        .select_related("round")
        .order_by("-round__opens_at", "-round_id")
        .first()
    )
    rule = RuleTable(rules.CONDITIONS_LEAST).rule(rules.CONDITIONS_LEAST, on)
    own = kept is not None and kept.round_id == round_.pk
    return Terms(
        channels=rules.channels_of(kept.channels if kept else {}),
        conditions_least=(kept.conditions_least if kept else None) or int(rule.value),
        least_rule=None if kept and kept.conditions_least else rule,
        calendar=list(kept.calendar) if kept and own else [],
        inherited=kept.round if kept and not own else None,
        own=own,
    )


def made_by(body: Organisation, round_: Round, *, but: Case) -> int:
    """How many nominations of a body stand in a round beside this one."""
    return Nomination.objects.filter(round=round_, nominator=body, stands=True).exclude(case=but).count()


def standing_nomination(person: Person, round_: Round, *, but: Case | None = None) -> Nomination | None:
    """The nomination with which a person stands in a round already."""
    found = Nomination.objects.filter(person=person, round=round_, stands=True)
    return (found.exclude(case=but) if but else found).first()


def in_force(person: Person, plan: Plan) -> Craftsman | None:
    return Craftsman.objects.in_force().filter(person=person, plan=plan).first()


def newest_order(round_: Round) -> NamingOrder | None:
    return NamingOrder.objects.filter(round=round_).order_by("-issued_on", "-pk").first()


# Nominations


def nomination_of(case: Case) -> Nomination | None:
    """One query; none for a case that is just being opened."""
    if case.pk is None:
        return None
    return (
        Nomination.objects.filter(case=case).select_related("person", "nominator", "employer", "industry", "round", "plan").first()
    )


def nominee_of(case: Case, said: Mapping[str, Any]) -> Person:
    """The person a nomination means: whoever applies for oneself; else who bears name and document number, or the only one of that
    name on the body's own roster. Raises PersonUnclear."""
    key = name_key(str(said.get("name") or ""))
    if case.person is not None:
        if case.person.name_key != key:
            raise PersonUnclear(_("Name of the nominee: you nominate yourself; write your own name as we know it."))
        return case.person
    number = str(said.get("document_number") or "").strip()
    if number:
        return _by_number(key, number)
    staff = Employment.objects.filter(employer=case.body, left_on__isnull=True, person__name_key=key)
    found = list(Person.objects.filter(pk__in=staff.values("person_id"))[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise PersonUnclear(_("Several people of this name are on your roster: write the document number as well."))
    raise PersonUnclear(_("Nobody of this name is on your roster. Write the document number as well, or hand in the roster first."))


def _by_number(key: str, number: str) -> Person:
    identity = read_identity(None, number)
    if isinstance(identity, Fault):
        raise PersonUnclear(str(identity.text) % {"column": _("Document number"), **identity.values})
    found = find_by_identity([key_of(identity)]).get(key_of(identity))
    if found is None or found.name_key != key:
        raise PersonUnclear(
            _(
                "Nobody of this name and document number is known here. Compare both with the document; somebody not known yet is "
                "entered by the employer’s roster first."
            )
        )
    return found


def employment_of(person: Person, on: dt.date) -> Employment | None:
    """Where a person works on a day, as the rosters say; of several the one listed last."""
    standing = Employment.objects.filter(person=person, known_from__lte=on) | Employment.objects.filter(
        person=person, hired_on__lte=on
    )
    held = standing.filter(Q(left_on__isnull=True) | Q(left_on__gte=on)).select_related("employer")
    return held.order_by("-last_listed_on", "-pk").first()


def parties_of(case: Case) -> Parties:
    """Whom the experts must have nothing to do with: nominee and employer, who nominated."""
    return parties_of_cases([case])[case.public_id]


def parties_of_cases(cases: Sequence[Case]) -> dict[UUID, Parties]:
    """The same for many, by public id; of what was never handed in its applicant. One query."""
    rows = Nomination.objects.filter(case__in=[case.pk for case in cases]).order_by()
    told = {row[0]: row[1:] for row in rows.values_list("case_id", "person_id", "employer_id", "nominator_id")}
    found = {}
    for case in cases:
        person_id, employer_id, nominator_id = told.get(case.pk, (case.person_id, case.body_id, None))
        found[case.public_id] = Parties.of(
            organisations=[employer_id] if employer_id else [],
            persons=[person_id] if person_id else [],
            nominators=[nominator_id] if nominator_id else [],
        )
    return found


def findings_on(nomination: Nomination, on: dt.date, *, least: int) -> list[rules.Finding]:
    """What the platform finds on a nominee's eligibility, by the rules of a day."""
    table = RuleTable(*rules.ELIGIBILITY)
    asks = {}
    for key in (rules.NATIONALITY, rules.UNION_MEMBER, rules.FRONT_LINE):
        try:
            asks[key] = int(table.value(key, on))
        except NoRuleInForce:
            asks[key] = 0
    employment = employment_of(nomination.person, on)
    facts = rules.Facts(
        nationality=nomination.nationality,
        union_member=nomination.union_member,
        front_line=employment.front_line if employment else None,
        conditions=list(nomination.conditions),
        industry=nomination.industry.code,
    )
    industries = {item.code: item.name for item in nomination.plan.industries.all()}
    return rules.eligibility(facts, asks=asks, least=least, industries=industries)


@dataclass(frozen=True)
class Filled:
    """One industry of a round: how many stand nominated, how many were named, of how many places (None for no limit)."""

    code: str
    name: str
    nominated: int
    named: int
    quota: int | None


def filled(round_: Round, plan: Plan) -> list[Filled]:
    """By industry of the plan, in its order. Three queries."""
    quotas: Mapping[str, int] = (round_.options.get("rank") or {}).get("groups") or {}
    nominated = dict(Nomination.objects.filter(round=round_).order_by().values_list("industry__code").annotate(count=Count("id")))
    named = dict(
        Craftsman.objects.in_force()
        .filter(nomination__round=round_)
        .order_by()
        .values_list("industry__code")
        .annotate(count=Count("id"))
    )
    industries: Sequence[Any] = list(plan.industries.order_by("planindustry__position"))
    return [
        Filled(item.code, item.name, nominated.get(item.code, 0), named.get(item.code, 0), quotas.get(item.code))
        for item in industries
    ]


def lists_of(round_: Round) -> QuerySet[Nomination]:
    """The nominations of a round that stand, by nominating body and its own order."""
    return (
        Nomination.objects.filter(round=round_, stands=True)
        .select_related("person", "nominator", "employer", "industry", "case")
        .order_by("nominator__name_zh", "place", "submitted_at", "pk")
    )


INCOMPLETE_SHOWN = 30


@dataclass(frozen=True)
class Incomplete:
    """A nomination that does not go on before somebody adds something: whom it waits for, what is missing, and by when."""

    nomination: Nomination
    waits_for: str
    missing: str
    due_on: dt.date | None
    is_late: bool = False


def incomplete_in(round_: Round, seen: QuerySet[Nomination]) -> list[Incomplete]:
    """Of those ``seen``: sent back for correction, with why, or not yet agreed to. The longest waiting first. Two queries."""
    waiting = seen.filter(round=round_).filter(
        Q(case__state=State.RETURNED) | Q(case__state=State.OPEN, case__stage_kind=StageKind.CONSENT)
    )
    rows = list(waiting.select_related("person", "nominator", "case").order_by("case__waits_since", "pk")[:INCOMPLETE_SHOWN])
    asked = Correction.objects.filter(case__in=[each.case_id for each in rows], closed_at=None).select_related("step")
    open_ = {each.case_id: each for each in asked}
    return [_incomplete(each, open_.get(each.case_id)) for each in rows]


def _incomplete(nomination: Nomination, asked: Correction | None) -> Incomplete:
    case = nomination.case
    if asked is None:
        return Incomplete(nomination, str(case.get_waits_for_display()), _("Not agreed to yet"), case.due_on)
    late = asked.due_on is not None and asked.due_on < localdate()
    return Incomplete(nomination, str(case.get_waits_for_display()), asked.step.reason, asked.due_on, late)


def channel_label(code: str) -> str:
    return str(Channel(code).label)
