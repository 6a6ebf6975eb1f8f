"""A studio is evaluated every two years: asked for by its employer, judged by experts, decided; remedied where it falls short."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases.actions.drafting import open_case
from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.engines.cases.procedures import StageKind
from denggao.engines.reviews.models import Panel
from denggao.foundation.audit.actions import ReasonMissing, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.calendar.queries import nth_working_day
from denggao.foundation.standards.queries import RuleTable, rule_value
from denggao.systems.craftsmen.studios import policies, queries, rules
from denggao.systems.craftsmen.studios.actions.acts import Proposal, propose_act
from denggao.systems.craftsmen.studios.models import Evaluation, Studio, StudioAct
from denggao.systems.craftsmen.studios.numbers import Span, frozen, numbers_of
from denggao.systems.craftsmen.studios.telling import tell_evaluated, tell_evaluation_due

Outcome, Grade = Evaluation.Outcome, Evaluation.Grade


class EvaluationRefused(Refused):
    """This evaluation can't begin, or not be decided so; the sentence says why."""


class EvaluationMoved(Refused):
    """It waits for no remedy (any more)."""


def why_not(studio: Studio, on: dt.date) -> str | None:
    """Why the evaluation can't be asked for; None where it can."""
    return rules.why_not_evaluate(
        state=studio.state,
        open_case=queries.open_evaluation(studio),
        remedying=studio.evaluations.filter(outcome=Outcome.REMEDY).exists(),
        due_on=studio.evaluation_due_on,
        window_days=int(rule_value(rules.WINDOW_DAYS, on)),
        today=on,
    )


@action("studios.evaluation.ask", requires=policies.can_ask_evaluation, batch=True)
def ask_evaluation(studio: Studio, *, actor: Actor, now: dt.datetime) -> Case:
    """Open the report; it is then written and submitted like any application. Raises EvaluationRefused; CaseRefused
    where one is being written already."""
    studio.refresh_from_db(fields=["state"])
    if refused := why_not(studio, localdate(now)):
        raise EvaluationRefused(refused)
    return open_case(
        None,
        procedure=queries.STUDIO_EVALUATION,
        plan=studio.plan,
        body=studio.organisation,
        about_id=studio.public_id,
        actor=actor,
        now=now,
    )


def span_of(studio: Studio, last: dt.date) -> Span:
    """What an evaluation is about: since the last one, or since the naming."""
    before = studio.evaluations.order_by("-last_on").values_list("last_on", flat=True).first()
    first = before + dt.timedelta(days=1) if before else studio.named_on
    return Span(min(first, last), last)


def points_of(case: Case) -> Panel | None:
    """The experts' panel that closed with a result, the newest."""
    closed = Panel.objects.filter(
        subject_kind=SUBJECT_KIND, subject_id=case.public_id, state=Panel.State.CLOSED, result__isnull=False
    )
    return closed.order_by("-closed_at", "-pk").first()


def can_conclude(actor: Actor, case: object) -> bool:
    """The engine brings a case here once it is decided."""
    return actor.is_office


@action("studios.evaluation.conclude", requires=can_conclude)
def conclude(case: Case, *, actor: Actor, now: dt.datetime) -> Evaluation:
    """The grade that follows from the experts' points; the next date; and, where the studio falls short, the days to remedy. Called
    again for the same case it changes nothing.

    Raises EvaluationRefused where the case is not at its award, no panel has a result, or the studio stands no more.
    """
    known = Evaluation.objects.filter(case=case).first()
    if known is not None:
        return known
    studio, panel, approval = queries.studio_about(case), points_of(case), queries.approval_of(case)
    if studio is None or panel is None or panel.result is None or approval is None or case.stage_kind != StageKind.AWARD:
        raise EvaluationRefused(_("This evaluation is not judged and decided yet."))
    day = localdate(approval.at)
    table = RuleTable(rules.EXCELLENT, rules.QUALIFIED)
    excellent, qualified = table.value(rules.EXCELLENT, day), table.value(rules.QUALIFIED, day)
    grade = rules.grade_of(panel.result, excellent=excellent, qualified=qualified)
    short = grade == Grade.UNQUALIFIED
    until = remedy_end(day) if short else None
    span = span_of(studio, localdate(case.submitted_at or case.opened_at))
    moved = Studio.objects.filter(pk=studio.pk, state__in=[Studio.State.NAMED, Studio.State.SUSPENDED]).update(
        evaluation_due_on=rules.months_later(day, int(rule_value(rules.EVALUATION_MONTHS, day))),
        remedy_until=until,
        reminded_on=None,
    )
    if not moved:
        raise EvaluationRefused(_("The studio was un-named meanwhile; there is nothing to evaluate."))
    evaluation = Evaluation.objects.create(
        studio=studio,
        case=case,
        first_on=span.first,
        last_on=span.last,
        facts=frozen(numbers_of(studio, span)),
        points=panel.result,
        grade=grade,
        thresholds={"excellent": f"{excellent:.2f}", "qualified": f"{qualified:.2f}"},
        outcome=Outcome.REMEDY if short else Outcome.STAYS,
        remedy_until=until,
        decided_on=day,
        created_at=now,
    )
    tell_evaluated(evaluation, now=now)
    return evaluation


def remedy_end(day: dt.date) -> dt.date:
    """So many working days after the day of the decision; where a year's working days are not known yet, seven days for five."""
    days = int(rule_value(rules.REMEDY_DAYS, day))
    return nth_working_day(day + dt.timedelta(days=1), days) or day + dt.timedelta(days=days * 7 // 5)


@action("studios.evaluation.check_remedy", requires=policies.can_check_remedy)
def check_remedy(evaluation: Evaluation, *, remedied: bool, reason: str, actor: Actor, now: dt.datetime) -> Evaluation:
    """What the check after the remedies found. Remedied, at any time: the studio stays. Not remedied, once the days are over: its
    un-naming is proposed, which a second person confirms. Raises ReasonMissing, EvaluationMoved."""
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise ReasonMissing(_("Reason: say what was found. The employer reads it."))
    today = localdate(now)
    if not remedied and evaluation.remedy_until is not None and today <= evaluation.remedy_until:
        raise EvaluationMoved(
            _("The days to remedy last until %(day)s; only after that can it be un-named.") % {"day": evaluation.remedy_until}
        )
    outcome = Outcome.REMEDIED if remedied else Outcome.UNNAME
    moved = Evaluation.objects.filter(pk=evaluation.pk, outcome=Outcome.REMEDY).update(outcome=outcome, checked_reason=reason)
    evaluation.refresh_from_db()
    if not moved:
        raise EvaluationMoved(_("This was checked before: %(outcome)s.") % {"outcome": evaluation.get_outcome_display()})
    studio = evaluation.studio
    Studio.objects.filter(pk=studio.pk).update(remedy_until=None)
    if not remedied and studio.is_in_force:
        proposal = Proposal(StudioAct.Kind.UNNAME, StudioAct.Grounds.EVALUATION, reason, evaluation=evaluation)
        propose_act(studio, proposal, actor=actor, now=now)
    return evaluation


def can_remind(actor: Actor, _subject: object = None) -> bool:
    """The product's own scheduled work."""
    return actor.is_operator


@action("studios.evaluation.remind", requires=can_remind, batch=True)
def remind_of_evaluations(*, actor: Actor, now: dt.datetime) -> int:
    """Tell every studio whose evaluation may be handed in, and then is overdue; once each. How many were told."""
    today = localdate(now)
    opens = today + dt.timedelta(days=int(rule_value(rules.WINDOW_DAYS, today)))
    due = Studio.objects.filter(state=Studio.State.NAMED, evaluation_due_on__lte=opens)
    told = 0
    for studio in due.select_related("leader__person__account").order_by("pk"):
        overdue_told = studio.reminded_on is not None and studio.reminded_on > studio.evaluation_due_on
        if (
            overdue_told
            or (studio.reminded_on is not None and today <= studio.evaluation_due_on)
            or queries.open_evaluation(studio)
        ):
            continue
        before = snapshot(studio)
        if Studio.objects.filter(pk=studio.pk, reminded_on=studio.reminded_on).update(reminded_on=today):
            note([Line.about("studios.evaluation.remind", studio, before=before, after={"reminded_on": today.isoformat()})])
            tell_evaluation_due(studio, now=now)
            told += 1
    return told
