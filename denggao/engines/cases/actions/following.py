"""What the engines below say, and what follows for the case. Their handlers call these, in their own transaction.

Each says nothing to a case that has moved on meanwhile: an answer that comes too late is kept where it was given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from denggao.engines.cases import policies
from denggao.engines.cases.actions.checking import send_back
from denggao.engines.cases.actions.walking import arrive, called_off, end, hold
from denggao.engines.cases.models import Case, StepKind
from denggao.engines.cases.moves import Move, given_reason, move, must_allow, undone_whole
from denggao.engines.cases.procedures import Audience, Stage, StageKind
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.stages import work_of
from denggao.engines.cases.states import Act, State, WaitsFor
from denggao.engines.cases.telling import stage_words, tell_applicant, tell_office
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor

_GOES_ON = {
    StageKind.CONSENT: (Act.CONSENTED, StepKind.CONSENTED, Audience.APPLICANT),
    StageKind.REVIEW: (Act.REVIEWED, StepKind.REVIEWED, Audience.OFFICE),
    StageKind.RANK: (Act.RANKED, StepKind.RANKED, Audience.OFFICE),
    StageKind.MEETING: (Act.VOTED, StepKind.VOTED, Audience.OFFICE),
    StageKind.NOTICE: (Act.NOTICED, StepKind.NOTICED, Audience.PUBLIC),
    StageKind.COSIGN: (Act.COSIGNED, StepKind.COSIGNED, Audience.PUBLIC),
}


@action("cases.case.go_on", requires=policies.follows_from_an_act)
@undone_whole
def go_on(case: Case, kind: StageKind, *, facts: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Case:
    """The work of a stage is done as it should be: the case goes on. Raises StageMoved."""
    act, step, shown_to = _GOES_ON[kind]
    must_allow(case, act)
    following = case.declared.after(case.stage)
    move(case, Move(step, following, shown_to=shown_to, facts=dict(facts)), actor=actor, now=now)
    tell_applicant(case, "cases.moved", now=now, stage=stage_words(following, "applicant"))
    arrive(case, actor=actor, now=now)
    return case


@action("cases.case.stayed_below", requires=policies.follows_from_an_act)
@undone_whole
def stayed_below(case: Case, *, facts: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Case:
    """The review ended with fewer points than the stage needs: the case stays, and the office rejects it or sends it back.
    Raises StageMoved."""
    must_allow(case, Act.REVIEWED)
    given = Move(
        StepKind.REVIEWED, shown_to=Audience.OFFICE, facts=dict(facts), also={"waits_for": WaitsFor.OFFICE, "waits_since": now}
    )
    move(case, given, actor=actor, now=now)
    tell_office(case, "cases.below", case.at.workers | policies.REJECTORS, now=now)
    return case


@action("cases.case.upheld", requires=policies.follows_from_an_act)
@undone_whole
def objection_upheld(
    case: Case, *, consequence: str, reason: str, facts: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> Case:
    """An objection against the case was found right: ``send_back`` gives it back to its applicant, ``end`` ends it.
    Raises StageMoved."""
    must_allow(case, Act.UPHELD)
    left = case.at
    reason = given_reason(reason)
    if consequence == "send_back":
        send_back(
            case, StepKind.UPHELD, reason=reason, remarks=[], resumes=case.declared.resumes_at(case.stage), days=None,
            actor=actor, now=now,
        )  # fmt: skip
        called_off(case, left, reason=reason, actor=actor, now=now)
        return case
    _ended(case, left, reason, facts, actor, now)
    return case


@action("cases.case.name_dropped", requires=policies.follows_from_an_act)
@undone_whole
def name_dropped(case: Case, *, reason: str, facts: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Case:
    """The office took the case's name off its public notice: it ends, with that reason. Raises StageMoved."""
    must_allow(case, Act.UPHELD)
    _ended(case, case.at, given_reason(reason), facts, actor, now)
    return case


@action("cases.case.fall", requires=policies.follows_from_an_act)
@undone_whole
def ground_fell(case: Case, *, reason: str, facts: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Case:
    """What an application rests on is gone (a title was revoked): at whatever stage it stands, it ends, with that reason.
    Raises StageMoved."""
    must_allow(case, Act.FALL)
    left = case.at
    hold(case)
    _ended(case, left, given_reason(reason), facts, actor, now)
    return case


def _ended(case: Case, left: Stage, reason: str, facts: Mapping[str, Any], actor: Actor, now: dt.datetime) -> None:
    given = Move(StepKind.ENDED, None, State.ENDED, reason=reason, shown_to=Audience.PUBLIC, facts=dict(facts))
    move(case, given, actor=actor, now=now)
    called_off(case, left, reason=reason, actor=actor, now=now)
    end(case, left, actor=actor, now=now)


@action("cases.case.signing_refused", requires=policies.follows_from_an_act)
@undone_whole
def signing_refused(case: Case, *, reason: str, facts: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Case:
    """A body refused to sign: the case stays, and the office sends it back or asks again. Raises StageMoved."""
    must_allow(case, Act.REFUSED)
    given = Move(
        StepKind.SIGNING_REFUSED,
        reason=given_reason(reason),
        shown_to=Audience.OFFICE,
        facts=dict(facts),
        also={"waits_for": WaitsFor.OFFICE, "waits_since": now},
    )
    move(case, given, actor=actor, now=now)
    tell_office(case, "cases.signing_refused", case.at.workers, now=now)
    return case


@action("cases.case.ask_again", requires=policies.can_ask_again)
@undone_whole
def ask_again(case: Case, *, reason: str = "", seen: int | None = None, actor: Actor, now: dt.datetime) -> Case:
    """After a refusal: ask all signers anew, over the text as it is now; earlier signatures are void.
    Raises StageMoved, CaseRefused where no signature was refused."""
    must_allow(case, Act.ASK_AGAIN, seen=seen)
    policies.must_work_on(actor, case, "cases.case.ask_again")
    if case.waits_for != WaitsFor.OFFICE:
        raise CaseRefused(_("Nobody has refused to sign: wait for the signatures, or send the application back."))
    stage = case.at
    given = Move(
        StepKind.ASKED_AGAIN,
        reason=reason.strip()[:2000],
        shown_to=Audience.OFFICE,
        also={"waits_for": WaitsFor.SIGNERS, "waits_since": now},
    )
    move(case, given, actor=actor, now=now)
    work = work_of(stage.kind)
    if work is not None:
        work.enter(case, stage, actor=actor, now=now)
    return case
