"""What a decided case makes: a craftsman, with certificate, medal, bonus and count, in one transaction."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import StageKind
from denggao.engines.credentials.actions import IssueOrder, issue_credential
from denggao.engines.credentials.numbers import rule_of_data, take_number
from denggao.engines.ledger.actions import recount
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.foundation.plans.models import Part, Plan
from denggao.foundation.standards.queries import RuleTable
from denggao.systems.craftsmen import policies, rules
from denggao.systems.craftsmen.credentials import CERTIFICATE, MEDAL, TITLE_EN, TITLE_ZH
from denggao.systems.craftsmen.hooks import craftsman_named
from denggao.systems.craftsmen.models import BonusOrder, Craftsman, Medal, NamingOrder, Nomination
from denggao.systems.craftsmen.queries import employment_of, in_force, newest_order, nomination_of
from denggao.systems.craftsmen.telling import tell_named

SUBJECT = "craftsman"


class NotNamed(Refused):
    """There is nobody to be named, or not yet."""


class OrderRefused(Refused):
    """This can't be kept as a naming order."""


@action("craftsmen.order.record", requires=policies.can_record_order)
def record_naming_order(
    round_: Round, *, number: str, title: str, issued_on: dt.date, file: StoredFile | None = None, actor: Actor, now: dt.datetime
) -> NamingOrder:
    """Keep the document by which craftsmen of a round are named; namings decided from now on rest on the newest one. Raises
    OrderRefused for a number that is known already, or a day that lies ahead."""
    number, title = " ".join(number.split())[:60], " ".join(title.split())[:200]
    if not number or not title:
        raise OrderRefused(_("Naming order: enter its number and its title as printed."))
    if issued_on > localdate(now):
        raise OrderRefused(_("Date of the order: it lies ahead. Enter the order once it is issued."))
    try:
        with transaction.atomic():
            return NamingOrder.objects.create(
                round=round_,
                number=number,
                title=title,
                issued_on=issued_on,
                file=file,
                recorded_by=actor.id,
                recorded_by_text=actor.text[:120],
                recorded_at=now,
            )
    except IntegrityError:
        raise OrderRefused(_("Naming order: the number %(number)s is recorded already.") % {"number": number}) from None


def must_have_order(case: Case) -> NamingOrder:
    """Raises NotNamed where the round has no naming order yet."""
    order = newest_order(case.round) if case.round is not None else None
    if order is None:
        raise NotNamed(_("Naming order: enter its number, title and date on the page of the round first; the naming rests on it."))
    return order


@action("craftsmen.craftsman.name", requires=policies.can_name)
def name_craftsman(case: Case, *, actor: Actor, now: dt.datetime) -> Craftsman:
    """The craftsman a case was about: named on the day of the order, with certificate, medal and bonus, and counted. Called again
    for the same case it changes nothing.

    Raises NotNamed where the case is not at its award, the nominee holds the title already, or there is no naming order.
    """
    known = Craftsman.objects.filter(case=case, before__isnull=True).first()
    if known is not None:
        return known
    nomination = nomination_of(case)
    if case.stage_kind != StageKind.AWARD or nomination is None:
        raise NotNamed(_("This nomination is not decided yet."))
    if in_force(nomination.person, nomination.plan) is not None:
        raise NotNamed(_("This person holds the title under this plan already."))
    order = must_have_order(case)
    return award(nomination, case, order, named_on=order.issued_on, before=None, actor=actor, now=now)


def award(
    nomination: Nomination,
    case: Case,
    order: NamingOrder,
    *,
    named_on: dt.date,
    before: Craftsman | None,
    actor: Actor,
    now: dt.datetime,
) -> Craftsman:
    """Title, certificate, medal, bonus, count; told to whoever should know. ``before`` is the revoked title that is given back:
    no second medal then, and no second bonus. Inside an act of this room."""
    employment = employment_of(nomination.person, named_on)
    employer = employment.employer if employment else nomination.employer
    craftsman = Craftsman(
        plan=nomination.plan,
        person=nomination.person,
        case=case,
        nomination=nomination,
        order=order,
        industry=nomination.industry,
        employer=employer,
        post=nomination.post,
        named_on=named_on,
        before=before,
        created_at=now,
    )
    try:
        with transaction.atomic():
            craftsman.save(force_insert=True)
    except IntegrityError:
        raise NotNamed(_("This person holds the title under this plan already.")) from None
    craftsman.certificate = issue_credential(certificate_order(craftsman), actor=actor, now=now)
    craftsman.save(update_fields=["certificate"])
    if before is None:
        _make_medal(craftsman, now=now)
        _record_bonus(craftsman, now=now)
    recount({craftsman.person_id}, actor=actor, now=now)
    craftsman_named(craftsman, actor=actor, now=now)
    tell_named(craftsman, now=now)
    return craftsman


def certificate_order(craftsman: Craftsman) -> IssueOrder:
    """What the certificate prints. It has no last day: the title holds until it is revoked."""
    plan, industry = craftsman.plan, craftsman.industry
    return IssueOrder(
        kind=CERTIFICATE,
        title_zh=TITLE_ZH,
        title_en=TITLE_EN,
        granters=granters_of(plan),
        valid_from=craftsman.named_on,
        issued_on=craftsman.named_on,
        subject_kind=SUBJECT,
        subject_id=craftsman.public_id,
        holder_person=craftsman.person,
        plan=plan,
        facts={
            "order": craftsman.order.number,
            "order_title": craftsman.order.title,
            "industry_zh": industry.name_zh,
            "industry_en": industry.name_en,
            "employer_zh": craftsman.employer.name_zh if craftsman.employer else "",
            "plan_zh": plan.name_zh,
            "plan_en": plan.name_en,
        },
    )


def granters_of(plan: Plan) -> list[dict[str, str]]:
    """Who names: the plan's host and co-host of this goal, else whoever guides the plan."""
    parts = Part.objects.filter(plan=plan, organisation__isnull=False).select_related("organisation").order_by("position", "id")
    goal = [part for part in parts.filter(goal__counting_rule=rules.NAMED_CRAFTSMEN) if part.role in {"host", "co_host"}]
    bodies = [part.organisation for part in goal or parts.filter(goal__isnull=True) if part.organisation is not None]
    if not bodies:
        raise NotNamed(_("The plan names no body that hosts the craftsmen goal. Add the part “host” to its plan file."))
    return [{"zh": body.name_zh, "en": body.name_en, "code": body.code or str(body.public_id)} for body in bodies]


def _make_medal(craftsman: Craftsman, *, now: dt.datetime) -> None:
    number = take_number(rule_of_data(MEDAL), plan=craftsman.plan, on=craftsman.named_on)
    medal = Medal.objects.create(number=number, craftsman=craftsman, changed_at=now)
    note([Line.about("craftsmen.medal.register", medal, after=snapshot(medal))])


def _record_bonus(craftsman: Craftsman, *, now: dt.datetime) -> None:
    rule = RuleTable(rules.BONUS_YUAN).rule(rules.BONUS_YUAN, craftsman.named_on)
    source = {
        "key": rule.key,
        "document": rule.document,
        "clause": rule.clause,
        "valid_from": rule.valid_from.isoformat(),
        "confidence": rule.confidence,
    }
    bonus = BonusOrder.objects.create(craftsman=craftsman, amount_yuan=rule.value, rule=source, recorded_at=now, changed_at=now)
    note([Line.about("craftsmen.bonus.record", bonus, after=snapshot(bonus))])
