"""What the engine of cases asks about applications for accreditation, and for renewal."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.functional import lazy
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from denggao.engines.cases.focus import Sought
from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import Audience, CaseSystem, CheckItem
from denggao.engines.reviews.parties import Parties
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.ladder import BY_CODE, rank
from denggao.foundation.standards.queries import RuleTable
from denggao.foundation.ui.words import listed
from denggao.systems.bases import rules
from denggao.systems.bases.actions.accrediting import accredit, renew
from denggao.systems.bases.actions.applications import keep_application, offered_by
from denggao.systems.bases.layout.seeking import sought_under
from denggao.systems.bases.models import Base, BaseApplication
from denggao.systems.bases.queries import (
    accrediting_bodies,
    application_of,
    base_about,
    base_in_force,
    findings_on,
    last_left,
    open_case_of,
    parties_of,
    remedying,
    signed_on,
)
from denggao.systems.bases.showing import plain

OFFICIAL = "zh-hans"


class _Bases(CaseSystem):
    """What accreditation and renewal have in common."""

    def signers(self, case: Case) -> Sequence[Organisation]:
        bodies = accrediting_bodies(_plan_of(case))
        if not bodies:
            raise Refused(_("The plan names no body that accredits training bases. Add the parts “accredit” to its plan file."))
        return bodies

    def ended(self, case: Case, state: str, *, actor: Actor, now: dt.datetime) -> None:
        """Nothing of a base exists before the award: nothing is to be undone."""


class Accreditation(_Bases):
    """The procedure ``base``: a body asks to become a training base."""

    def may_apply(self, actor: Actor, round_: Round, applicant: Organisation | Person) -> str | None:
        if not isinstance(applicant, Organisation) or round_.plan is None:
            return _("Training bases are applied for by a body, under a plan.")
        today = day_of(round_)
        held = base_in_force(applicant, round_.plan)
        return rules.why_not_apply(
            body_kind=applicant.kind,
            in_force=held.name if held else "",
            open_case=open_case_of(applicant, round_.plan, "base"),
            last_left=last_left(applicant, round_.plan),
            reentry_months=int(RuleTable(rules.REENTRY_MONTHS).value(rules.REENTRY_MONTHS, today)),
            today=today,
        )

    def sought(self, plan: Plan | None, on: dt.date) -> Sequence[Sought]:
        return sought_under(plan, on) if plan is not None else ()

    def title(self, case: Case) -> str:
        application = application_of(case)
        return application.name_zh if application else case.body.name_zh if case.body else ""

    def checklist(self, case: Case) -> Sequence[CheckItem]:
        """What the platform itself finds is looked up when a page shows it, once for all lines."""

        @functools.cache
        def found() -> Mapping[str, str]:
            application = application_of(case)
            return findings_on(application, localdate(application.submitted_at)) if application else {}

        def help_with_findings(code: str, help_: Any) -> str:
            return "\n".join(filter(None, [str(help_), found().get(code, "")]))

        shown = lazy(help_with_findings, str)
        return [CheckItem(code, label, shown(code, help_)) for code, label, help_ in CHECKS]

    def facts(self, case: Case, audience: Audience) -> Sequence[tuple[str, str]]:
        application = application_of(case)
        return _facts_of(application) if application else ()

    def public_facts(self, case: Case) -> dict[str, str]:
        """In Chinese whoever presses the button: it is the official text of the notice."""
        application = application_of(case)
        with translation.override(OFFICIAL):
            return dict(_facts_of(application, public=True)) if application else {}

    def parties(self, case: Case) -> Parties:
        return parties_of(case)

    def submission_faults(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[str, str, str]]:
        plan = _plan_of(case)
        named = {item.code: item.name for item in plan.industries.order_by("planindustry__position")}
        return rules.application_faults(offered_by(answers), named, _first_year(case, plan))

    def keep_answers(self, case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> None:
        keep_application(case, answers, actor=actor, now=now)

    def signing_content(self, case: Case) -> dict[str, Any]:
        """What the authorities put their names to."""
        application = application_of(case)
        if application is None:
            return {}
        years = _term_years(case)
        with translation.override(OFFICIAL):
            return {
                "act": "授牌",
                "case": case.number,
                "plan": application.plan.name_zh,
                "body": application.organisation.name_zh,
                "uscc": application.organisation.uscc or "",
                "base": application.name_zh,
                "term_years": years,
                "facts": [list(fact) for fact in _facts_of(application, public=True)],
            }

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        accredit(case, signed_on=signed_on(case) or localdate(now), actor=actor, now=now)


class Renewal(_Bases):
    """The procedure ``base_renewal``: a base asks for a further term."""

    def may_apply(self, actor: Actor, round_: Round, applicant: Organisation | Person) -> str | None:
        if not isinstance(applicant, Organisation) or round_.plan is None:
            return _("Training bases are applied for by a body, under a plan.")
        today = day_of(round_)
        base = base_in_force(applicant, round_.plan)
        return rules.why_not_renew(
            state=base.state if base else "",
            valid_until=base.valid_until if base else None,
            remedying=remedying(base) if base else False,
            open_case=open_case_of(applicant, round_.plan, "base_renewal"),
            window_days=int(RuleTable(rules.RENEWAL_WINDOW_DAYS).value(rules.RENEWAL_WINDOW_DAYS, today)),
            today=today,
        )

    def title(self, case: Case) -> str:
        base = base_about(case)
        return base.name_zh if base else case.body.name_zh if case.body else ""

    def checklist(self, case: Case) -> Sequence[CheckItem]:
        return [CheckItem(code, label, help_) for code, label, help_ in RENEWAL_CHECKS]

    def keep_answers(self, case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> None:
        """The snapshot keeps them; a renewal has no rows of its own."""

    def facts(self, case: Case, audience: Audience) -> Sequence[tuple[str, str]]:
        base = base_about(case)
        return _facts_of_base(base) if base else ()

    def public_facts(self, case: Case) -> dict[str, str]:
        base = base_about(case)
        with translation.override(OFFICIAL):
            return dict(_facts_of_base(base)) if base else {}

    def signing_content(self, case: Case) -> dict[str, Any]:
        base = base_about(case)
        if base is None:
            return {}
        return {
            "act": "续期",
            "case": case.number,
            "plan": base.plan.name_zh,
            "body": base.organisation.name_zh,
            "base": base.name_zh,
            "plaque": base.plaque.number if base.plaque else "",
            "term_ends": base.valid_until.isoformat(),
            "term_years": _term_years(case),
        }

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        base = base_about(case)
        if base is None:
            raise Refused(_("The base this renewal is about is no longer in force. Withdraw the renewal."))
        renew(base, case=case, actor=actor, now=now)


CHECKS: tuple[tuple[str, Any, Any], ...] = (
    ("body", gettext_lazy("Body"), gettext_lazy("The registration certificate names this body and is in force.")),
    ("site", gettext_lazy("Site"), gettext_lazy("Title deed or lease names this address and area, and covers the three years.")),
    ("equipment", gettext_lazy("Equipment"), gettext_lazy("The list is complete; what is leased or shared says so.")),
    ("teachers", gettext_lazy("Teachers"), gettext_lazy("Teachers of its own; each with a qualification in force.")),
    ("occupations", gettext_lazy("Occupations and levels"), gettext_lazy("Each belongs to an industry of the plan.")),
    ("plan", gettext_lazy("Training plan"), gettext_lazy("Three years, with people and hours for each occupation.")),
    ("safety", gettext_lazy("Fire, health and work safety"), gettext_lazy("Papers are legible, name this site and are in force.")),
    ("finance", gettext_lazy("Finance"), gettext_lazy("The statement is of the last year and agrees with the summary.")),
)
RENEWAL_CHECKS: tuple[tuple[str, Any, Any], ...] = (
    ("results", gettext_lazy("Results of the term"), gettext_lazy("Agree with the yearly appraisals.")),
    ("plan", gettext_lazy("Training plan"), gettext_lazy("Three years, with people and hours for each occupation.")),
    ("safety", gettext_lazy("Fire, health and work safety"), gettext_lazy("Papers are legible, name this site and are in force.")),
)


def _plan_of(case: Case) -> Plan:
    if case.plan is None:
        raise Refused(_("Training bases belong to a plan; this application names none."))
    return case.plan


def day_of(round_: Round) -> dt.date:
    """Today; of a call that is over its last day: what is asked of it is asked as it was then."""
    return min(localdate(), localdate(round_.closes_at))


def _first_year(case: Case, plan: Plan) -> int:
    """The first year a training plan may begin in: that of the call, within the plan."""
    return max(plan.first_year, localdate(case.round.opens_at).year if case.round else plan.first_year)


def _term_years(case: Case) -> int:
    return int(RuleTable(rules.TERM_YEARS).value(rules.TERM_YEARS, localdate(case.submitted_at or case.opened_at)))


def _facts_of(application: BaseApplication, *, public: bool = False) -> list[tuple[str, str]]:
    lines = [
        (_("Base"), application.name),
        (_("Body"), application.organisation.name),
        (_("Kind of body"), str(application.get_kind_display())),
        (_("Main industry"), application.industry.name),
        (_("Address"), application.address),
        (_("Floor area"), f"{plain(application.floor_area_m2)} m²"),
        (_("Workstations"), str(application.workstations)),
        (_("Occupations and levels"), coverage_in_words(application)),
    ]
    if not public:
        lines.append((_("Teachers"), str(application.teachers.count())))
    return lines


def coverage_in_words(of: BaseApplication | Base) -> str:
    """车工（五级、四级）；钳工（三级） · Turner (level 5, 4); Fitter (level 3)"""
    found: dict[str, list[str]] = {}
    for row in of.coverage.select_related("occupation").order_by("occupation__code"):
        found.setdefault(row.occupation.name, []).append(row.level)
    ordered = {name: sorted(codes, key=rank) for name, codes in found.items()}
    if (get_language() or "").startswith("en"):
        return "; ".join(f"{name} (level {listed(codes)})" for name, codes in ordered.items())
    return "；".join(f"{name}（{listed([_short_level(code) for code in codes])}）" for name, codes in ordered.items())


def _short_level(code: str) -> str:
    level = BY_CODE[code]
    return level.grade_zh or level.worker_zh


def _facts_of_base(base: Base) -> list[tuple[str, str]]:
    return [
        (_("Base"), base.name),
        (_("Body"), base.organisation.name),
        (_("Plaque"), base.plaque.number if base.plaque else "—"),
        (_("Term"), f"{base.valid_from} – {base.valid_until}"),
        (_("Main industry"), base.industry.name),
        (_("Occupations and levels"), coverage_in_words(base)),
    ]
