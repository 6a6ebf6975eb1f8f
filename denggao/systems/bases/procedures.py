"""The two procedures of this room, as data: how a base comes to be, and how its term is renewed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.procedures import CaseForm, Procedure, Rule, Section, Stage, StageKind, StageNames
from denggao.foundation.audit.actors import Role
from denggao.systems.bases.actions.rubric import RUBRIC
from denggao.systems.bases.forms import application as forms
from denggao.systems.bases.rules import REVIEW_MINIMUM
from denggao.systems.bases.system import Accreditation, Renewal

BASE, BASE_RENEWAL = "base", "base_renewal"


def _names(applicant: Any, office: Any, public: Any) -> StageNames:
    return StageNames(applicant, office, public)


FORM_1 = CaseForm(
    1,
    (
        Section("body", _("The body"), forms.BodyForm, _("Who applies, for which industries, and what it has done so far.")),
        Section("site", _("The site"), forms.SiteForm, _("Where the base is. The point on the map becomes public with the base.")),
        Section("equipment", _("Equipment"), forms.EquipmentForm, _("By hand, or from a sheet with the same columns.")),
        Section("teachers", _("Teachers"), forms.TeachersForm, _("By hand, or from a sheet with the same columns.")),
        Section("occupations", _("Occupations and levels"), forms.OccupationsForm, _("What is trained for, and how many a year.")),
        Section("plan", _("Three-year plan"), forms.PlanForm, _("What is to be trained in the next three years.")),
        Section("safety", _("Fire, health and safety"), forms.SafetyForm, _("The papers that allow training at this site.")),
        Section("finance", _("Finance"), forms.FinanceForm, _("In short, with a statement.")),
    ),
)

DRAFT = Stage("draft", StageKind.DRAFT, _names(_("Application"), _("Being written"), _("Application")))
AWARD = Stage("award", StageKind.AWARD, _names(_("Accreditation"), _("Accreditation"), _("Accreditation")))

ACCREDITATION = Procedure(
    code=BASE,
    version=1,
    name=_("Accreditation of a training base"),
    stages=(
        DRAFT,
        Stage(
            "check", StageKind.CHECK, _names(_("Completeness check"), _("Completeness check"), _("Acceptance")), days=10, bulk=False
        ),
        Stage(
            "review",
            StageKind.REVIEW,
            _names(_("Expert review with site visit"), _("Expert review"), _("Expert review")),
            days=30,
            options={
                "rubric": RUBRIC,
                "seats": 3,
                "minimum": Rule(REVIEW_MINIMUM),
                "rule": {"aggregate": "mean", "max_spread": "20.00", "visit_required": True, "extra_seats": 1},
            },
        ),
        Stage(
            "notice",
            StageKind.NOTICE,
            _names(_("Public notice"), _("Public notice"), _("Public notice")),
            options={
                "title_zh": "产业实训基地拟授牌单位公示",
                "title_en": "Bodies to be accredited as training bases",
                "document": "",
            },
        ),
        Stage("decide", StageKind.DECIDE, _names(_("Decision"), _("Decision"), _("Decision")), days=10),
        Stage(
            "cosign",
            StageKind.COSIGN,
            _names(_("Signatures of the authorities"), _("Co-signing"), _("Joint accreditation")),
            days=15,
            options={"role": Role.AUTHORITY.value},
        ),
        AWARD,
    ),
    forms={1: FORM_1},
    system=Accreditation(),
    number="JD-{year}-{serial:03d}",
    applicant="body",
    applicant_roles=frozenset({Role.BASE_MANAGER}),
    sought_at=("occupations", "coverage"),
)

RENEWAL_FORM_1 = CaseForm(
    1,
    (
        Section("results", _("The term that ends"), forms.RenewalForm, _("What was done, and what changed.")),
        Section("plan", _("Three-year plan"), forms.RenewalPlanForm, _("What is to be trained in the next three years.")),
        Section("safety", _("Fire, health and safety"), forms.RenewalSafetyForm, _("The papers as they stand today.")),
    ),
)

RENEWAL = Procedure(
    code=BASE_RENEWAL,
    version=1,
    name=_("Renewal of a training base"),
    stages=(
        DRAFT,
        Stage("check", StageKind.CHECK, _names(_("Completeness check"), _("Completeness check"), _("Acceptance")), days=10),
        Stage("decide", StageKind.DECIDE, _names(_("Decision"), _("Decision"), _("Decision")), days=10),
        Stage(
            "cosign",
            StageKind.COSIGN,
            _names(_("Signatures of the authorities"), _("Co-signing"), _("Joint accreditation")),
            days=15,
            options={"role": Role.AUTHORITY.value},
        ),
        Stage("award", StageKind.AWARD, _names(_("Renewal"), _("Renewal"), _("Renewal"))),
    ),
    forms={1: RENEWAL_FORM_1},
    system=Renewal(),
    number="JX-{year}-{serial:03d}",
    applicant="body",
    applicant_roles=frozenset({Role.BASE_MANAGER}),
)
