"""What the engine of cases asks about the founding of a university."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import Audience, CaseSystem, CheckItem
from denggao.engines.reviews.parties import Parties
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.ui.words import listed
from denggao.systems.university.founding import queries, rules
from denggao.systems.university.founding.actions import found_university, keep_founding, must_be_ready
from denggao.systems.university.models import FoundingApplication, Programme

OFFICIAL = "zh-hans"
CHECKS: tuple[tuple[str, Any, Any], ...] = (
    ("bodies", gettext_lazy("Bodies"), gettext_lazy("Lead, implementers and partners have agreed, and the papers say so.")),
    (
        "statutes",
        gettext_lazy("How it is run"),
        gettext_lazy("Independently, teaching online; who decides and who teaches is clear."),
    ),
    ("programme", gettext_lazy("First programme"), gettext_lazy("It stands in the catalogue, and its courses can be learned.")),
    ("opening", gettext_lazy("Opening"), gettext_lazy("The papers show that it opened on the day named.")),
)


class Founding(CaseSystem):
    """The procedure ``university``: a body asks that the university it has opened be founded."""

    def may_apply(self, actor: Actor, round_: Round, applicant: Organisation | Person) -> str | None:
        if not isinstance(applicant, Organisation) or round_.plan is None:
            return _("A university is founded by a body, under a plan.")
        named = queries.bodies_named((*queries.LEADS, *queries.IMPLEMENTS), round_.plan)
        led = queries.university_led_by(applicant, round_.plan)
        return rules.why_not_apply(
            is_counted=queries.is_counted(round_.plan),
            named=[body.name for body in named],
            is_named=any(body.pk == applicant.pk for body in named),
            led=led.name if led else "",
        )

    def title(self, case: Case) -> str:
        application = queries.application_of(case)
        return application.name_zh if application else case.body.name_zh if case.body else ""

    def checklist(self, case: Case) -> Sequence[CheckItem]:
        return [CheckItem(code, label, help_) for code, label, help_ in CHECKS]

    def facts(self, case: Case, audience: Audience) -> Sequence[tuple[str, str]]:
        application = queries.application_of(case)
        return facts_of(application) if application else ()

    def public_facts(self, case: Case) -> dict[str, str]:
        application = queries.application_of(case)
        with translation.override(OFFICIAL):
            return dict(facts_of(application)) if application else {}

    def parties(self, case: Case) -> Parties:
        return queries.parties_of(case)

    def submission_faults(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[str, str, str]]:
        plan = case.plan
        if plan is None:
            return [("university", "", _("A university is founded under a plan; this application names none."))]
        return list(_faults(plan, answers["university"], answers["opening"]))

    def keep_answers(self, case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> None:
        keep_founding(case, answers, actor=actor, now=now)

    def deciding(self, case: Case, *, approve: bool, actor: Actor, now: dt.datetime) -> None:
        application = queries.application_of(case)
        if approve and application is not None:
            must_be_ready(application, now=now)

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        found_university(case, actor=actor, now=now)

    def ended(self, case: Case, state: str, *, actor: Actor, now: dt.datetime) -> None:
        """Nothing of a university exists before the award: nothing is to be undone."""


def _faults(plan: Plan, said: Mapping[str, Any], opening: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
    """What is wrong across the plan and the catalogue."""
    faults: list[tuple[str, str, str]] = []
    leads = {str(body.public_id): body for body in queries.bodies_named(queries.LEADS, plan)}
    lead = leads.get(said["lead"])
    if lead is None:
        names = {"names": listed(body.name for body in leads.values()) or "—"}
        faults.append(("university", "lead", _("Under this plan the university is led by: %(names)s.") % names))
    elif (led := queries.university_led_by(lead, plan)) is not None:
        text = _("This body leads “%(university)s” under this plan already.") % {"university": led.name}
        faults.append(("university", "lead", text))
    named = {str(body.public_id) for body in queries.bodies_named(queries.IMPLEMENTS, plan)}
    if set(said["implementers"]) - named:
        faults.append(("university", "implementers", _("Choose those that this plan names.")))
    programme = Programme.objects.select_related("school").filter(public_id=opening["programme"]).first()
    why = queries.fault_of(programme, plan) if programme is not None else _("Choose a published programme.")
    if why:
        faults.append(("opening", "programme", why))
    if dt.date.fromisoformat(str(opening["opened_on"])) > localdate():
        text = _("Day of opening: this day lies ahead. Hand the application in on the day the university opens, or later.")
        faults.append(("opening", "opened_on", text))
    return faults


def facts_of(application: FoundingApplication) -> list[tuple[str, str]]:
    """Label and value: bodies and a programme, no person."""
    partners = [*(body.name for body in application.partners.order_by("pk")), *application.other_partners.split("\n")]
    programme = application.programme
    return [
        (_("University"), application.name),
        (_("Leading body"), application.lead.name),
        (_("Implementing bodies"), listed(body.name for body in application.implementers.order_by("pk"))),
        (_("Partners"), listed(filter(None, (name.strip() for name in partners))) or "—"),
        (_("First published programme of study"), f"{programme.title} · {programme.school.name}"),
        (_("Day of opening"), application.opened_on.isoformat()),
    ]
