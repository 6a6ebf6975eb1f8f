"""What follows from a step, whoever took it: the work of the new stage begins, that of the old is called off, whoever's turn
it is now is told. Called inside the action that took the step."""

from __future__ import annotations

import datetime as dt

from denggao.engines.cases.models import Case, Correction
from denggao.engines.cases.procedures import Stage, StageKind
from denggao.engines.cases.stages import work_of
from denggao.engines.cases.stages.interview import not_heard_any_more
from denggao.engines.cases.states import State
from denggao.engines.cases.telling import stage_words, tell_applicant, tell_office
from denggao.foundation.audit.actors import Actor
from denggao.foundation.jobs.actions import enqueue

AWARD_JOB = "cases.award"


def arrive(case: Case, *, actor: Actor, now: dt.datetime) -> None:
    """The case has just come to its stage: ask the engine below for its work, or the job for the award, and tell the office."""
    stage = case.at
    if stage.kind == StageKind.AWARD:
        ask_for_award(case, actor=actor, now=now)
        return
    work = work_of(stage.kind)
    if work is not None:
        work.enter(case, stage, actor=actor, now=now)
        case.refresh_from_db()
    tell_office(case, "cases.arrived", stage.workers, actor=actor, now=now, stage=stage_words(stage, "office"))


def ask_for_award(case: Case, *, actor: Actor, now: dt.datetime) -> None:
    enqueue(AWARD_JOB, {"case": str(case.public_id)}, key=str(case.public_id), link=case.link, actor=actor, now=now)


def hold(case: Case) -> None:
    """Before a case leaves its stage by another way than the stage's own: take the row of the engine below first."""
    work = work_of(case.stage_kind)
    if work is not None:
        work.hold(case)


def called_off(case: Case, stage: Stage, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """The case left a stage by another way than the stage's own: what was asked for there is called off."""
    work = work_of(stage.kind)
    if work is not None:
        work.leave(case, stage, reason=reason, actor=actor, now=now)
    not_heard_any_more(case, stage, reason=reason, actor=actor, now=now)


def end(case: Case, stage: Stage, *, actor: Actor, now: dt.datetime) -> None:
    """The case has come to its end otherwise than by an award: tell its system, and whoever should know."""
    Correction.objects.filter(case=case, closed_at__isnull=True).update(closed_at=now)
    case.declared.system.ended(case, case.state, actor=actor, now=now)
    if case.state == State.WITHDRAWN:
        if case.submitted_at is not None:
            tell_office(case, "cases.withdrawn", stage.workers, actor=actor, now=now)
        return
    tell_applicant(case, f"cases.{case.state}", actor=actor, now=now)
