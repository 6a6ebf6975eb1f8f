"""Deciding, one by one or many at once, and making what was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from denggao.engines.cases import policies
from denggao.engines.cases.actions.checking import latest_snapshot, pass_check
from denggao.engines.cases.actions.walking import arrive, called_off, end
from denggao.engines.cases.models import Case, Decision, StepKind
from denggao.engines.cases.moves import Move, given_reason, move, must_allow, undone_whole
from denggao.engines.cases.persons import must_be_second
from denggao.engines.cases.procedures import Audience, StageKind
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.states import Act, State
from denggao.engines.cases.telling import stage_words, tell_applicant
from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor


@action("cases.case.decide", requires=policies.can_decide)
@undone_whole
def decide_case(case: Case, *, approve: bool, reason: str, seen: int | None = None, actor: Actor, now: dt.datetime) -> Case:
    """Approve, and the application goes on; or reject, and it ends. Either way with a reason the applicant reads.

    Raises StageMoved, TwoPersons for who checked it or is on the applicant's side, CaseRefused without a reason, and
    what the system raises.
    """
    must_allow(case, Act.DECIDE, seen=seen)
    policies.must_work_on(actor, case, "cases.case.decide")
    must_be_second(case, actor)
    reason = given_reason(reason)
    case.declared.system.deciding(case, approve=approve, actor=actor, now=now)
    left = case.at
    given = (
        Move(StepKind.DECIDED, case.declared.after(case.stage), reason=reason, shown_to=Audience.APPLICANT)
        if approve
        else Move(StepKind.REJECTED, None, State.REJECTED, reason=reason, shown_to=Audience.APPLICANT)
    )
    step = move(case, given, actor=actor, now=now)
    Decision.objects.create(
        case=case,
        step=step,
        snapshot=latest_snapshot(case),
        approved=approve,
        reason=reason,
        by=actor.id,
        by_text=actor.text[:120],
        at=now,
    )
    if not approve:
        called_off(case, left, reason=reason, actor=actor, now=now)
        end(case, left, actor=actor, now=now)
        return case
    tell_applicant(case, "cases.moved", actor=actor, now=now, stage=stage_words(case.at, "applicant"))
    arrive(case, actor=actor, now=now)
    return case


@dataclass(frozen=True)
class Outcome:
    """What became of one case in a bulk step; ``sentence`` says why not, empty where it was done."""

    case: Case
    done: bool
    sentence: str = ""


@action("cases.case.pass_many", requires=policies.can_work_in_bulk, batch=True)
def pass_many(cases: Iterable[Case], *, reason: str = "", actor: Actor, now: dt.datetime) -> list[Outcome]:
    """Take many cases one step on: pass their check, or approve them, where their stage allows it in bulk. Each case goes by
    the rules it would go by alone; one that can't stays where it is and says why, the others go on."""
    return [_pass_one(case, reason, actor, now) for case in cases]


def _pass_one(case: Case, reason: str, actor: Actor, now: dt.datetime) -> Outcome:
    try:
        with transaction.atomic():
            if not case.is_standing or not case.at.bulk:
                raise CaseRefused(_("This stage is not passed in bulk: open the application."))
            if case.stage_kind == StageKind.CHECK:
                pass_check(case, remark=reason, actor=actor, now=now)
            elif case.stage_kind == StageKind.DECIDE:
                decide_case(case, approve=True, reason=reason, actor=actor, now=now)
            else:
                raise CaseRefused(_("This stage is not passed in bulk: open the application."))
    except Refused as refusal:
        return Outcome(Case.objects.with_labels().get(pk=case.pk), done=False, sentence=str(refusal))
    return Outcome(case, done=True)


@action("cases.case.award", requires=policies.can_award)
@undone_whole
def award_case(case: Case, *, actor: Actor, now: dt.datetime) -> Case:
    """Make what was applied for, exactly once: the step and everything the system makes are one transaction. Raises StageMoved
    where it was made before, or the case ended."""
    must_allow(case, Act.AWARD)
    move(case, Move(StepKind.AWARDED, None, State.AWARDED, shown_to=Audience.PUBLIC), actor=actor, now=now)
    case.declared.system.award(case, actor=actor, now=now)
    tell_applicant(case, "cases.awarded", now=now)
    return case
