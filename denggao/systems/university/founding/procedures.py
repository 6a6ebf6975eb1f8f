"""The procedure of this room, as data: how a university comes to be."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.procedures import CaseForm, Procedure, Section, Stage, StageKind, StageNames
from denggao.foundation.audit.actors import Role
from denggao.systems.university.founding.forms import OpeningForm, UniversityForm
from denggao.systems.university.founding.system import Founding

UNIVERSITY = "university"


def _stage(code: str, kind: StageKind, applicant: Any, office: Any, *, days: int | None = None) -> Stage:
    return Stage(code, kind, StageNames(applicant, office, applicant), days=days)


FOUNDING = Procedure(
    code=UNIVERSITY,
    version=1,
    name=_("Founding of the industry online university"),
    stages=(
        _stage("draft", StageKind.DRAFT, _("Application"), _("Being written")),
        _stage("check", StageKind.CHECK, _("Completeness check"), _("Completeness check"), days=10),
        _stage("decide", StageKind.DECIDE, _("Decision"), _("Decision"), days=10),
        _stage("award", StageKind.AWARD, _("Founding"), _("Founding")),
    ),
    forms={
        1: CaseForm(
            1,
            (
                Section("university", _("The university"), UniversityForm, _("What it is called, who leads and carries it.")),
                Section("opening", _("The opening"), OpeningForm, _("With which programme it began, and when.")),
            ),
        )
    },
    system=Founding(),
    number="WD-{year}-{serial:03d}",
    applicant="body",
    applicant_roles=frozenset({Role.HR, Role.BASE_MANAGER}),
)
