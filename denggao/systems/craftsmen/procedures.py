"""The procedure of this room, as data: how somebody becomes a craftsman.

Stages after 上海工匠 as reported for 2023 (资格审查 → 专家复审 → 评审发布 → 市总审定 → 社会公示 → 命名;
rules.md §2, B). The decision stands after the public notice: what is decided has been shown, and objections are answered by then.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.procedures import CaseForm, Procedure, Rule, Section, Stage, StageKind, StageNames
from denggao.foundation.audit.actors import Role
from denggao.systems.craftsmen.actions.rubric import RUBRIC
from denggao.systems.craftsmen.forms import nomination as forms
from denggao.systems.craftsmen.queries import NOMINATION
from denggao.systems.craftsmen.rules import REVIEW_MINIMUM
from denggao.systems.craftsmen.system import Naming

NUMBER = "GJ-{year}-{serial:04d}"


def _names(applicant: Any, office: Any, public: Any) -> StageNames:
    return StageNames(applicant, office, public)


FORM_1 = CaseForm(
    1,
    (
        Section(
            "nominee",
            _("The nominee"),
            forms.NomineeForm,
            _("Who is nominated. The nominee is asked to agree before anybody judges."),
        ),
        Section("conditions", _("The four conditions"), forms.ConditionsForm, _("With figures that can be checked.")),
        Section("deeds", _("Story and deeds"), forms.DeedsForm, _("What was made, and what came of it.")),
        Section("evidence", _("Evidence"), forms.EvidenceForm, _("Papers, pictures, and a film if there is one.")),
        Section(
            "opinion",
            _("Nominating body"),
            forms.OpinionForm,
            _("For bodies that nominate; leave it empty where you nominate yourself."),
        ),
    ),
)

CRAFTSMAN = Procedure(
    code=NOMINATION,
    version=1,
    name=_("Nomination of a Lingang craftsman"),
    stages=(
        Stage("draft", StageKind.DRAFT, _names(_("Nomination"), _("Being written"), _("Nomination"))),
        Stage("consent", StageKind.CONSENT, _names(_("Consent"), _("Consent of the other side"), _("Consent"))),
        Stage(
            "check",
            StageKind.CHECK,
            _names(_("Completeness and eligibility"), _("Completeness and eligibility"), _("Eligibility check")),
            days=10,
        ),
        Stage(
            "review",
            StageKind.REVIEW,
            _names(_("Expert review"), _("Expert review"), _("Expert review")),
            days=30,
            options={
                "rubric": RUBRIC,
                "seats": 5,
                "minimum": Rule(REVIEW_MINIMUM),
                "rule": {"aggregate": "trimmed", "max_spread": "25.00", "visit_required": False, "extra_seats": 1},
            },
        ),
        Stage(
            "rank",
            StageKind.RANK,
            _names(_("Ranking"), _("Ranking"), _("Ranking")),
            days=5,
            options={"ties": "by_criterion:craft"},
        ),
        Stage("jury", StageKind.MEETING, _names(_("Jury"), _("Jury meeting"), _("Jury")), days=15),
        Stage(
            "notice",
            StageKind.NOTICE,
            _names(_("Public notice"), _("Public notice"), _("Public notice")),
            options={
                "together": True,
                "title_zh": "“临港工匠”拟命名人选公示",
                "title_en": "Proposed Lingang craftsmen",
                "document": "",
            },
        ),
        Stage("decide", StageKind.DECIDE, _names(_("Decision"), _("Decision"), _("Decision")), days=10, bulk=True),
        Stage("award", StageKind.AWARD, _names(_("Naming"), _("Naming"), _("Naming"))),
    ),
    forms={1: FORM_1},
    system=Naming(),
    number=NUMBER,
    applicant="either",
    applicant_roles=frozenset({Role.HR, Role.BASE_MANAGER}),
    once="person",
)  # fmt: skip
