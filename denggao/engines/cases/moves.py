"""The one place where a case moves: a conditional update whose count must be 1, then the step.

Whoever comes second, with the case as it was before, changes nothing and is told what happened meanwhile.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from denggao.engines.cases import clock
from denggao.engines.cases.models import Case, Step, StepKind
from denggao.engines.cases.procedures import Audience, Stage
from denggao.engines.cases.refusals import CaseRefused, StageMoved
from denggao.engines.cases.states import STANDING, Act, State, can, whose_turn
from denggao.foundation.audit.actors import Actor

_ACTOR_TEXT = 120


@dataclass(frozen=True)
class Move:
    """What a step does. ``to`` is the stage it leads to, None to stay. ``also`` are further columns of the case."""

    kind: StepKind
    to: Stage | None = None
    state: State | None = None
    reason: str = ""
    shown_to: Audience = Audience.OFFICE
    facts: dict[str, Any] = field(default_factory=dict)
    also: dict[str, Any] = field(default_factory=dict)


P = ParamSpec("P")
R = TypeVar("R")


def undone_whole(function: Callable[Concatenate[Case, P], R]) -> Callable[Concatenate[Case, P], R]:
    """What fails leaves the instance as it was, as the database is: a page can be drawn from it again."""

    @functools.wraps(function)
    def guarded(case: Case, *args: P.args, **kwargs: P.kwargs) -> R:
        kept = dict(case.__dict__)
        try:
            return function(case, *args, **kwargs)
        except BaseException:
            case.__dict__.clear()
            case.__dict__.update(kept)
            raise

    return guarded  # type: ignore[return-value]  # wraps() names the first argument; callers give it by position


def must_allow(case: Case, act: Act, *, seen: int | None = None) -> None:
    """Raises StageMoved where the act is not for a case in this stage and state, or where the page the actor looked at
    (``seen``: the ``lock`` it showed) is older than the case's last step."""
    if not can(act, case.state, case.stage_kind) or (seen is not None and seen != case.lock):
        raise moved(case)


def move(case: Case, given: Move, *, actor: Actor, now: dt.datetime) -> Step:
    """Take one step. Refreshes ``case``. Raises StageMoved where another step was taken since the case was read."""
    stage_from = case.stage
    taken = Case.objects.filter(pk=case.pk, stage=case.stage, state=case.state, lock=case.lock).update(
        **_columns(case, given, now), lock=case.lock + 1
    )
    if taken != 1:
        raise moved(case)
    case.refresh_from_db()
    return write_step(case, given, stage_from=stage_from, actor=actor, now=now)


def write_step(case: Case, given: Move, *, stage_from: str, actor: Actor, now: dt.datetime) -> Step:
    """The row that stands for a step just taken (or for the opening, which is the first)."""
    return Step.objects.create(
        case=case,
        number=case.lock,
        kind=given.kind,
        stage_from=stage_from,
        stage_to=case.stage,
        state_to=case.state,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_text=actor.text[:_ACTOR_TEXT],
        shown_to=given.shown_to,
        reason=given.reason,
        facts=given.facts,
    )


def _columns(case: Case, given: Move, now: dt.datetime) -> dict[str, Any]:
    state = given.state or State(case.state)
    columns: dict[str, Any] = {"state": state}
    kind = case.stage_kind
    if given.to is not None:
        kind = given.to.kind
        columns |= {"stage": given.to.code, "stage_kind": kind}
    if given.to is not None or state != case.state:
        columns |= {"waits_for": whose_turn(state, kind), "waits_since": now, "escalated_at": None}
        columns |= _clock(case, given, state, now)
    if given.to is not None and given.to.code != case.stage:
        # Who had it in the last stage seldom works on the next: it is anybody's there until it is handed over.
        columns |= {"stage_since": now, "assignee": ""}
    if state not in STANDING:
        columns |= {"ended_at": now}
    return {**columns, **given.also}


def _clock(case: Case, given: Move, state: State, now: dt.datetime) -> dict[str, Any]:
    """The clock: stopped by a return, run on where the same stage goes on, started anew by another stage."""
    today = clock.today(now)
    if state == State.RETURNED:
        left = clock.days_left(case.clock_days, case.clock_from_on, today)
        return {"clock_stopped_at": now, "clock_days": left, "clock_from_on": None, "due_on": None}
    if state not in STANDING:
        return {"clock_stopped_at": None, "clock_from_on": None, "due_on": None}
    goes_on = case.state == State.RETURNED and (given.to is None or given.to.code == case.stage)
    days = case.clock_days if goes_on else given.to.days if given.to is not None else case.clock_days
    return {
        "clock_stopped_at": None,
        "clock_days": days,
        "clock_from_on": today if days is not None else None,
        "due_on": clock.due_on(today, days),
    }


def moved(case: Case) -> StageMoved:
    """The sentence for who came too late, from the case as it stands now."""
    current = Case.objects.filter(pk=case.pk).first()
    if current is None:
        return StageMoved(_("This application is no longer there."))
    last = Step.objects.filter(case=current).order_by("-number").first()
    values = {
        "stage": stage_name(current, Audience.OFFICE),
        "state": current.get_state_display(),
        "what": last.get_kind_display() if last else "",
        "at": date_format(localtime(last.at), "DATETIME_FORMAT") if last else "",
        "who": last.actor_text if last else "",
    }
    if current.state == State.OPEN:
        text = _("Nothing was changed. The application is in “%(stage)s”; the last step was “%(what)s” on %(at)s.")
    else:
        text = _("Nothing was changed. The application is %(state)s; the last step was “%(what)s” on %(at)s.")
    return StageMoved(text % values)


def stage_name(case: Case, audience: Audience) -> str:
    """What the case's stage is called; its code where the procedure is not registered (any more)."""
    try:
        return case.at.names.of(audience)
    except KeyError:
        return case.stage


def given_reason(reason: str) -> str:
    """Raises CaseRefused without one."""
    reason = reason.strip()
    if not reason:
        raise CaseRefused(_("Reason: say why. The applicant reads it."))
    return reason[:2000]
