"""What a decided and signed case makes: a base with its plaque, or a further term. Each happens in the one transaction in
which the case takes its last step, with the ledger's entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import StageKind
from denggao.engines.credentials.actions import IssueOrder, issue_credential, renew_issued
from denggao.engines.credentials.kinds import PLAQUE
from denggao.engines.ledger.actions import recount_bodies
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.queries import RuleTable
from denggao.systems.bases import rules
from denggao.systems.bases.actions.teachers import join_pool
from denggao.systems.bases.models import Base, BaseAct, BaseApplication, Coverage, Equipment
from denggao.systems.bases.queries import accrediting_bodies, application_of

SUBJECT = "base"
# What a plaque calls its holder, and the line above it.
TITLE_ZH, TITLE_EN = "产业实训基地", "Industry Training Base"


class NotAccredited(Refused):
    """There is nothing that could be accredited or renewed."""


def can_award(actor: Actor, case: Any) -> bool:
    """The engine brings a case here once everything is decided and signed; whoever's act was the last one acts."""
    return actor.is_office or bool(actor.organisations_as(Role.AUTHORITY))


@action("bases.base.accredit", requires=can_award)
def accredit(case: Case, *, signed_on: dt.date, actor: Actor, now: dt.datetime) -> Base:
    """The base a case was about: in force from the day the last authority signed, with its plaque, its teachers in the pool,
    and counted. Called again for the same case it changes nothing.

    Raises NotAccredited where the case is not at its award, or the body holds a base already.
    """
    known = Base.objects.filter(case=case).first()
    if known is not None:
        return known
    application = application_of(case)
    if case.stage_kind != StageKind.AWARD or application is None:
        raise NotAccredited(_("This application is not decided and signed yet."))
    if Base.objects.in_force().filter(organisation=application.organisation, plan=application.plan).exists():
        raise NotAccredited(_("This body holds a training base under this plan already."))
    base = _base_of(application, case, signed_on, now)
    _copy_rows(application, base)
    base.plaque = issue_credential(_plaque_of(base), actor=actor, now=now)
    base.save(update_fields=["plaque"])
    join_pool(base, application, actor=actor, now=now)
    _done(base, BaseAct.Kind.ACCREDIT, _("Accredited by case %(case)s.") % {"case": case.number}, signed_on, actor, now)
    recount_bodies({base.organisation_id}, actor=actor, now=now)
    return base


@action("bases.base.renew", requires=can_award)
def renew(base: Base, *, case: Case, actor: Actor, now: dt.datetime) -> Base:
    """A further term, from the day after the last one; the plaque keeps its number. Called again for the same case it
    changes nothing. Raises NotAccredited where the case is not at its award or the base not in force."""
    reason = _("Renewed by case %(case)s.") % {"case": case.number}
    if BaseAct.objects.filter(base=base, kind=BaseAct.Kind.RENEW, case=case).exists():
        return base
    if case.stage_kind != StageKind.AWARD:
        raise NotAccredited(_("This application is not decided and signed yet."))
    first = base.valid_until + dt.timedelta(days=1)
    until = rules.last_day(first, _term_years(first))
    moved = Base.objects.filter(pk=base.pk, state=Base.State.ACCREDITED, valid_until=base.valid_until).update(valid_until=until)
    base.refresh_from_db()
    if not moved:
        raise NotAccredited(_("Only a base in force can be renewed. One that is suspended must be restored first."))
    if base.plaque is not None:
        renew_issued(base.plaque, valid_until=until, reason=reason, actor=actor, now=now)
    _done(base, BaseAct.Kind.RENEW, reason, first, actor, now, case=case)
    recount_bodies({base.organisation_id}, actor=actor, now=now)
    return base


def _term_years(on: dt.date) -> int:
    return int(RuleTable(rules.TERM_YEARS).value(rules.TERM_YEARS, on))


def _base_of(application: BaseApplication, case: Case, signed_on: dt.date, now: dt.datetime) -> Base:
    base = Base.objects.create(
        plan=application.plan,
        organisation=application.organisation,
        case=case,
        name_zh=application.name_zh,
        name_en=application.name_en,
        state=Base.State.ACCREDITED,
        industry=application.industry,
        address=application.address,
        longitude=application.longitude,
        latitude=application.latitude,
        floor_area_m2=application.floor_area_m2,
        workstations=application.workstations,
        contact=application.contact,
        accredited_on=signed_on,
        valid_from=signed_on,
        valid_until=rules.last_day(signed_on, _term_years(signed_on)),
        created_at=now,
    )
    base.industries.set(application.industries.all())
    return base


def _copy_rows(application: BaseApplication, base: Base) -> None:
    Coverage.objects.bulk_create(
        Coverage(base=base, **{name: getattr(row, name) for name in ("industry_id", "occupation_id", "level", "people_a_year")})
        for row in application.coverage.order_by("id")
    )
    names = ("name", "make", "quantity", "workstations", "bought_on", "value_yuan", "ownership", "room")
    Equipment.objects.bulk_create(
        Equipment(base=base, **{name: getattr(row, name) for name in names}) for row in application.equipment.order_by("id")
    )


def _plaque_of(base: Base) -> IssueOrder:
    return IssueOrder(
        kind=PLAQUE,
        title_zh=TITLE_ZH,
        title_en=TITLE_EN,
        granters=granters_of(accrediting_bodies(base.plan)),
        valid_from=base.valid_from,
        valid_until=base.valid_until,
        issued_on=base.accredited_on,
        subject_kind=SUBJECT,
        subject_id=base.public_id,
        holder_organisation=base.organisation,
        plan=base.plan,
        facts=_printed(base, base.plan),
    )


def _printed(base: Base, plan: Plan) -> dict[str, str]:
    return {
        "place_zh": plan.region_zh,
        "place_en": plan.region_en,
        "detail_zh": f"{base.name_zh} · {base.industry.name_zh}",
        "detail_en": " · ".join(filter(None, [base.name_en, base.industry.name_en])),
    }


def granters_of(bodies: Sequence[Organisation]) -> list[dict[str, str]]:
    return [{"zh": body.name_zh, "en": body.name_en, "code": body.code or str(body.public_id)} for body in bodies]


def _done(
    base: Base, kind: str, reason: str, effective_on: dt.date, actor: Actor, now: dt.datetime, *, case: Case | None = None
) -> None:
    """An act that needs no second person of its own: its case had them."""
    act = BaseAct.objects.create(
        base=base,
        kind=kind,
        state=BaseAct.State.DONE,
        reason=reason,
        case=case,
        effective_on=effective_on,
        proposed_by=actor.id,
        proposed_by_text=actor.text[:120],
        proposed_at=now,
        decided_by=actor.id,
        decided_by_text=actor.text[:120],
        decided_at=now,
    )
    note([Line.about("bases.act.done", act, after=snapshot(act))])
