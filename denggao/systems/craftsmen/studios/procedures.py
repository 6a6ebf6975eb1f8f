"""The procedures of this room, as data: how a studio is named, and how it is evaluated."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.procedures import CaseForm, Procedure, Rule, Section, Stage, StageKind, StageNames
from denggao.foundation.audit.actors import Role
from denggao.systems.craftsmen.studios import rules
from denggao.systems.craftsmen.studios.actions.rubric import RUBRIC
from denggao.systems.craftsmen.studios.forms import application as forms
from denggao.systems.craftsmen.studios.queries import STUDIO, STUDIO_EVALUATION
from denggao.systems.craftsmen.studios.system import Evaluating, Founding

ROLES = frozenset({Role.HR, Role.BASE_MANAGER})


def _names(applicant: Any, office: Any = None, public: Any = None) -> StageNames:
    return StageNames(applicant, office or applicant, public or applicant)


FORM_1 = CaseForm(
    1,
    (
        Section("studio", _("The studio"), forms.StudioForm, _("What it is called, who leads it, where it is.")),
        Section("members", _("Members"), forms.MembersForm, _("By hand, or from a sheet with the same columns.")),
        Section("plan", _("Plan for two years"), forms.PlanForm, _("A studio is built up in two years, then evaluated.")),
        Section("support", _("Support of the employer"), forms.SupportForm, _("Funds, hours, and the promise in writing.")),
    ),
)
DRAFT = Stage("draft", StageKind.DRAFT, _names(_("Application"), _("Being written")))

FOUNDING = Procedure(
    code=STUDIO,
    version=1,
    name=_("Craftsman studio"),
    stages=(
        DRAFT,
        Stage("check", StageKind.CHECK, _names(_("Completeness check"), public=_("Acceptance")), days=10, bulk=False),
        Stage(
            "notice",
            StageKind.NOTICE,
            _names(_("Public notice")),
            options={
                "title_zh": "工匠工作室拟命名名单公示",
                "title_en": "Craftsman studios to be named",
                "document": "",
                "together": True,
            },
        ),
        Stage("decide", StageKind.DECIDE, _names(_("Decision")), days=10),
        Stage("award", StageKind.AWARD, _names(pgettext_lazy("of a studio", "Naming"))),
    ),
    forms={1: FORM_1},
    system=Founding(),
    number="GZS-{year}-{serial:03d}",
    applicant="body",
    applicant_roles=ROLES,
    once=False,
)

EVALUATION = Procedure(
    code=STUDIO_EVALUATION,
    version=1,
    name=_("Evaluation of a craftsman studio"),
    stages=(
        Stage("draft", StageKind.DRAFT, _names(_("Report"), _("Being written"))),
        Stage("check", StageKind.CHECK, _names(_("Completeness check"), public=_("Acceptance")), days=10),
        Stage(
            "review",
            StageKind.REVIEW,
            _names(_("Expert review")),
            days=30,
            options={"rubric": RUBRIC, "seats": Rule(rules.REVIEW_SEATS), "rule": {"aggregate": "mean", "max_spread": "25.00"}},
        ),
        Stage("decide", StageKind.DECIDE, _names(_("Decision")), days=10),
        Stage("award", StageKind.AWARD, _names(pgettext_lazy("of a studio", "Result of the evaluation"))),
    ),
    forms={1: CaseForm(1, (Section("report", _("Report"), forms.ReportForm, _("On the span since the last evaluation.")),))},
    system=Evaluating(),
    number="GZP-{year}-{serial:03d}",
    applicant="body",
    applicant_roles=ROLES,
)
