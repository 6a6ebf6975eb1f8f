"""What the engine of cases asks about benefits; the procedure ``benefit``: the office forwards, the authority decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import (
    Audience,
    CaseForm,
    CaseSystem,
    CheckItem,
    Procedure,
    Section,
    Stage,
    StageKind,
    StageNames,
)
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.benefits import forms
from denggao.systems.craftsmen.benefits.actions import BENEFIT, hand_over, keep_application
from denggao.systems.craftsmen.benefits.gathering import title_of
from denggao.systems.craftsmen.benefits.models import BenefitApplication

CHECKS: tuple[tuple[str, Any, Any], ...] = (
    ("title", gettext_lazy("Title in force"), gettext_lazy("The naming order, and no revocation under way.")),
    ("work", gettext_lazy("Work in the area"), gettext_lazy("Employments as the rosters say; what is not verified is asked for.")),
    ("home", gettext_lazy("Home in the area and residence permit"), gettext_lazy("Papers for what is only declared.")),
    ("level", gettext_lazy("Level certificate or other ground"), gettext_lazy("Place of issue, match with the post, lists.")),
    ("papers", gettext_lazy("Papers"), gettext_lazy("Legible and complete for the authority.")),
)


def application_of(case: Case) -> BenefitApplication | None:
    return BenefitApplication.objects.filter(case_id=case.pk).select_related("craftsman__order", "person").first()


class Benefits(CaseSystem):
    """The procedure ``benefit``."""

    def may_apply(self, actor: Actor, round_: Round, applicant: Organisation | Person) -> str | None:
        if not isinstance(applicant, Person):
            return _("Benefits are applied for by the craftsman, not by a body.")
        if title_of(applicant) is None:
            return _("Benefits are for Lingang craftsmen whose title is in force; you hold none today.")
        return None

    def title(self, case: Case) -> str:
        application = application_of(case)
        kind = str(application.get_kind_display()) if application else ""
        return " · ".join(filter(None, [case.applicant_name, kind]))

    def checklist(self, case: Case) -> Sequence[CheckItem]:
        return [CheckItem(code, label, help_) for code, label, help_ in CHECKS]

    def facts(self, case: Case, audience: Audience) -> Sequence[tuple[str, str]]:
        application = application_of(case)
        if application is None:
            return ()
        lines = [
            (_("Applied for"), str(application.get_kind_display())),
            (
                pgettext("of a craftsman", "Title"),
                f"{application.craftsman.named_on.isoformat()} · {application.craftsman.order.number}",
            ),
            (_("Outcome"), str(application.get_outcome_display())),
        ]
        if application.reckoned:
            lines.append((_("Reckoned on the day of submission"), str(application.reckoned["headline"])))
        if application.handed_over_on:
            lines.append((_("Handed to the authority on"), application.handed_over_on.isoformat()))
        return lines

    def public_facts(self, case: Case) -> dict[str, str]:
        """Nothing of a benefit is shown publicly."""
        return {}

    def submission_faults(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[str, str, str]]:
        if case.person is None or title_of(case.person) is None:
            return [("benefit", "", _("Benefits are for Lingang craftsmen whose title is in force; you hold none today."))]
        return []

    def keep_answers(self, case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> None:
        keep_application(case, answers, actor=actor, now=now)

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        hand_over(case, actor=actor, now=now)

    def ended(self, case: Case, state: str, *, actor: Actor, now: dt.datetime) -> None:
        """Nothing was made: what was submitted stays as it is."""


def _stage(code: str, kind: StageKind, applicant: Any, office: Any, *, days: int | None = None) -> Stage:
    return Stage(code, kind, StageNames(applicant, office, applicant), days=days)


PROCEDURE = Procedure(
    code=BENEFIT,
    version=1,
    name=gettext_lazy("Benefit of a craftsman"),
    stages=(
        _stage("draft", StageKind.DRAFT, gettext_lazy("Application"), gettext_lazy("Being written")),
        _stage("check", StageKind.CHECK, gettext_lazy("Completeness check"), gettext_lazy("Completeness check"), days=10),
        _stage("decide", StageKind.DECIDE, gettext_lazy("Forwarding"), gettext_lazy("Forward to the authority"), days=10),
        _stage("award", StageKind.AWARD, gettext_lazy("With the authority"), gettext_lazy("Handed to the authority")),
    ),
    forms={
        1: CaseForm(
            1,
            (
                Section("benefit", gettext_lazy("What you apply for"), forms.BenefitForm),
                Section(
                    "declared",
                    gettext_lazy("What you declare"),
                    forms.DeclaredForm,
                    gettext_lazy("Leave out what does not apply. What the platform knows is added by itself."),
                ),
                Section("papers", gettext_lazy("Papers"), forms.PapersForm, gettext_lazy("For what you declare.")),
            ),
        )
    },
    system=Benefits(),
    number="RCZC-{year}-{serial:04d}",
    applicant="person",
    once=False,
)
