"""What the engine of cases asks about applications for seats; and the procedure, as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import Audience, CaseForm, CaseSystem, Procedure, Section, Stage, StageKind, StageNames
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.ui.templatetags.dg import number
from denggao.systems.university.learning.actions.enrolling import enrol_persons
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.selection.actions import keep_application, must_be_open, must_have_a_seat
from denggao.systems.university.learning.selection.forms import SeatForm
from denggao.systems.university.learning.selection.queries import SELECTION, application_of, run_of_case


class Selection(CaseSystem):
    """The procedure ``course_selection``: a worker asks for one of a class's few seats, its school chooses."""

    def may_apply(self, actor: Actor, round_: Round, applicant: Organisation | Person) -> str | None:
        return _("A seat is applied for at its class, which stands in the catalogue; no call is needed.")

    def title(self, case: Case) -> str:
        run = run_of_case(case)
        return f"{run.course.title_zh} · {run.title}" if run else ""

    def facts(self, case: Case, audience: Audience) -> Sequence[tuple[str, str]]:
        run = run_of_case(case)
        if run is None:
            return ()
        lines = [
            (_("Course"), run.course.title),
            (_("Class"), run.title),
            (_("School"), run.school.name),
            (_("From"), run.opens_on.isoformat()),
            (_("Seats"), number(run.seats) if run.seats else _("as many as come")),
        ]
        if audience == Audience.OFFICE:
            lines.insert(0, (_("Applicant"), case.applicant_name))
        application = application_of(case)
        if audience == Audience.OFFICE and application is not None and application.points is not None:
            lines.append((_("Points"), number(application.points)))
        return lines

    def submission_faults(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[str, str, str]]:
        run = run_of_case(case)
        if run is None or case.person is None:
            return [("application", "", _("The class this application is about is not there any more."))]
        try:
            must_be_open(run, case.person, now=timezone.now())
        except LearningRefused as refused:
            return [("application", "", str(refused))]
        return ()

    def keep_answers(self, case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> None:
        keep_application(case, actor=actor, now=now)

    def deciding(self, case: Case, *, approve: bool, actor: Actor, now: dt.datetime) -> None:
        must_have_a_seat(case, approve=approve, actor=actor, now=now)

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        application = application_of(case)
        if application is None:
            raise LearningRefused(_("The class this application is about is not there any more."))
        enrol_persons(application.run, [application.person], selected=True, actor=actor, now=now)

    def ended(self, case: Case, state: str, *, actor: Actor, now: dt.datetime) -> None:
        """Nobody has a seat before the award: nothing is to be undone."""


def _stage(code: str, kind: StageKind, applicant: Any, office: Any) -> Stage:
    roles = frozenset({Role.TEACHER}) if kind in {StageKind.CHECK, StageKind.DECIDE} else None
    return Stage(code, kind, StageNames(applicant, office, applicant), roles=roles)


COURSE_SELECTION = Procedure(
    code=SELECTION,
    version=1,
    name=gettext_lazy("Application for a seat in a class"),
    stages=(
        _stage("draft", StageKind.DRAFT, gettext_lazy("Application"), gettext_lazy("Being written")),
        _stage("check", StageKind.CHECK, gettext_lazy("Looked through by the school"), gettext_lazy("Looking through")),
        _stage("decide", StageKind.DECIDE, gettext_lazy("Selection"), gettext_lazy("Selection")),
        _stage("award", StageKind.AWARD, gettext_lazy("Seat"), gettext_lazy("Seat")),
    ),
    forms={
        1: CaseForm(
            1,
            (
                Section(
                    "application",
                    gettext_lazy("Your application"),
                    SeatForm,
                    gettext_lazy("The school reads it; your employer does not."),
                ),
            ),
        )
    },
    system=Selection(),
    number="XK-{year}-{serial:04d}",
    applicant="person",
)
