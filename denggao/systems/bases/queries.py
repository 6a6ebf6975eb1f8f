"""Reads that span tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.agreements.models import SigningRequest
from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.engines.cases.states import STANDING
from denggao.engines.reviews.parties import Parties
from denggao.foundation.organisations.models import Membership, Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import holders
from denggao.foundation.plans.models import Part, Plan
from denggao.foundation.standards.queries import RuleTable
from denggao.systems.bases import rules
from denggao.systems.bases.models import ApplicationPaper, Appraisal, Base, BaseApplication


def application_of(case: Case) -> BaseApplication | None:
    """What the body said when it last submitted; None while the application is a draft."""
    return BaseApplication.objects.select_related("organisation", "industry", "plan").filter(case_id=case.pk).first()


def base_in_force(body: Organisation, plan: Plan) -> Base | None:
    return Base.objects.in_force().filter(organisation=body, plan=plan).first()


def base_about(case: Case) -> Base | None:
    """The base a renewal is about: the one the body holds in force under the plan, or the one this case renewed."""
    bases = Base.objects.select_related("organisation", "industry", "plan", "plaque")
    if case.about_id is not None:
        return bases.filter(public_id=case.about_id).first()
    return bases.in_force().filter(organisation=case.body, plan=case.plan).first() if case.body and case.plan else None


def last_left(body: Organisation, plan: Plan) -> Mapping[str, Any] | None:
    """State and last day of the base this body had last and has no more."""
    gone = Base.objects.filter(organisation=body, plan=plan, ended_on__isnull=False)
    return gone.order_by("-ended_on", "-id").values("state", "ended_on").first()


def open_case_of(body: Organisation, plan: Plan, procedure: str) -> str:
    """The number of the body's submitted application under way; empty where there is none. A draft is none: the engine
    itself keeps a body from two."""
    cases = Case.objects.filter(body=body, plan=plan, procedure=procedure, state__in=STANDING, number__isnull=False)
    return cases.values_list("number", flat=True).first() or ""


def remedying(base: Base) -> bool:
    """Whether the last appraisal asks for something that is not remedied yet."""
    return base.appraisals.filter(state__in=[Appraisal.State.REMEDY, Appraisal.State.REMEDIED]).exists()


def accrediting_bodies(plan: Plan) -> list[Organisation]:
    """Those whose signatures make a base, in the plan's order."""
    parts = Part.objects.filter(plan=plan, role=Part.Role.ACCREDIT, organisation__isnull=False).select_related("organisation")
    return list(
        {
            part.organisation_id: part.organisation for part in parts.order_by("goal__position", "position") if part.organisation
        }.values()
    )


def signed_on(case: Case) -> dt.date | None:
    """The day on which the last authority signed; None where nothing was signed."""
    done = SigningRequest.objects.filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id, state=SigningRequest.State.COMPLETE)
    at = done.order_by("-ended_at").values_list("ended_at", flat=True).first()
    return localdate(at) if at is not None else None


def parties_of(case: Case) -> Parties:
    """Whom an application for accreditation is about: the body; who acts for it; its teachers, as far as they are known."""
    persons: set[int] = set()
    if case.body_id is not None:
        accounts = Membership.objects.filter(organisation_id=case.body_id, to_on__isnull=True).values("account_id")
        persons |= set(Person.objects.filter(account_id__in=accounts).values_list("pk", flat=True))
    application = application_of(case)
    if application is not None:
        keys = [(kind, bytes(index)) for kind, index in application.teachers.values_list("document_kind", "number_index")]
        persons |= set(holders(keys).values())
    return Parties(frozenset({case.body_id} if case.body_id else ()), frozenset(persons))


def findings_on(application: BaseApplication, today: dt.date) -> dict[str, str]:
    """What the platform sees by itself, for the completeness check: a sentence by item. The least numbers are defaults of
    this platform, and the sentences say so."""
    table = RuleTable(rules.LEAST_TEACHERS, rules.LEAST_FLOOR_AREA, rules.LEAST_WORKSTATIONS)
    teachers = list(application.teachers.values_list("expires_on", flat=True))
    lapsed = sum(1 for day in teachers if day is not None and day < today)
    papers = application.papers.filter(
        kind__in=[ApplicationPaper.Kind.FIRE, ApplicationPaper.Kind.HEALTH, ApplicationPaper.Kind.SAFETY]
    )
    found: dict[str, list[str]] = {"teachers": [], "site": [], "equipment": [], "safety": []}
    found["teachers"].append(
        ngettext("%(count)s teacher is named.", "%(count)s teachers are named.", len(teachers)) % {"count": len(teachers)}
    )
    if lapsed:
        found["teachers"].append(_("Qualifications past their last day: %(count)s.") % {"count": lapsed})
    least = table.value(rules.LEAST_TEACHERS, today)
    if len(teachers) < least:
        found["teachers"].append(_("Fewer than %(least)s (a default, not law).") % {"least": f"{least:.0f}"})
    area = table.value(rules.LEAST_FLOOR_AREA, today)
    if application.floor_area_m2 < area:
        found["site"].append(_("Less than %(least)s m² (a default, not law).") % {"least": f"{area:.0f}"})
    if application.site_right_until is not None and application.site_right_until < today:
        found["site"].append(_("The lease ended on %(day)s.") % {"day": application.site_right_until})
    stations = table.value(rules.LEAST_WORKSTATIONS, today)
    if application.workstations < stations:
        found["equipment"].append(_("Fewer than %(least)s workstations (a default, not law).") % {"least": f"{stations:.0f}"})
    if papers.filter(valid_until__lt=today).exists():
        found["safety"].append(_("A paper is past its last day."))
    return {item: " ".join(sentences) for item, sentences in found.items() if sentences}
