"""Calls for applications."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from denggao.engines.cases import policies, procedures
from denggao.engines.cases.focus import Sought
from denggao.engines.cases.models import SUBJECT_KIND, Case, Round
from denggao.engines.cases.procedures import Procedure, Stage, StageKind
from denggao.engines.cases.refusals import CaseRefused, RoundNotOpen
from denggao.engines.cases.rubrics import newest_of, rubric_of
from denggao.engines.reviews.actions.rubrics import reweigh_rubric
from denggao.engines.reviews.models import Panel, RubricVersion
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.plans.models import Plan


@dataclass(frozen=True)
class RoundGiven:
    """What a call says. ``options`` by stage code: ``{"draft": {"form": 1}, "review": {"rubric": …}, "notice": {"days": 7}}``.
    ``focus`` is what it looks for."""

    procedure: str
    title_zh: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    plan: Plan | None = None
    title_en: str = ""
    call_zh: str = ""
    call_en: str = ""
    document: str = ""
    quota: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    focus: Sequence[Sought] = ()


@action("cases.round.prepare", requires=policies.can_keep_rounds)
def prepare_round(given: RoundGiven, *, actor: Actor, now: dt.datetime) -> Round:
    """Write down a call; nobody sees it before it is opened. Raises CaseRefused."""
    _check(given)
    return Round.objects.create(**_fields(given), created_by=actor.id, created_at=now)


@action("cases.round.change", requires=policies.can_keep_rounds)
def change_round(round_: Round, given: RoundGiven, *, actor: Actor, now: dt.datetime) -> Round:
    """Change a call. An open one keeps its procedure and what it looks for, and ends in the future; one that is judged keeps its
    weights; a closed one stays. Raises CaseRefused."""
    _check(given)
    _must_be_as_seen(round_)
    if round_.state == Round.State.CLOSED:
        raise CaseRefused(_("This call is closed; it stays as it was."))
    if round_.state == Round.State.OPEN and (given.procedure != round_.procedure or given.closes_at <= now):
        raise CaseRefused(_("An open call keeps its procedure, and its end lies in the future. Close it instead."))
    if _weighed(given.options) != _weighed(round_.options):
        _must_not_be_judged(round_)
    fields = _fields(given)
    if round_.state == Round.State.OPEN:
        fields.pop("focus")
    Round.objects.filter(pk=round_.pk).update(**fields)
    round_.refresh_from_db()
    return round_


@action("cases.round.weigh", requires=policies.can_keep_rounds, batch=True)
def weigh_round(
    round_: Round, stage: Stage, *, weights: Mapping[str, Decimal], reason: str, actor: Actor, now: dt.datetime
) -> RubricVersion:
    """Other weights for this call alone, by criterion code: a further version of the rubric, which the call names. Raises
    CaseRefused once an application of the call is judged, and what ``reviews`` refuses."""
    _must_be_as_seen(round_)
    if round_.state == Round.State.CLOSED:
        raise CaseRefused(_("This call is closed; it stays as it was."))
    _must_not_be_judged(round_)
    named = {**stage.options, **(round_.options.get(stage.code) or {})}
    made = reweigh_rubric(rubric_of(named), weights=weights, reason=reason, alone=True, actor=actor, now=now)
    before = snapshot(round_)
    options = {**round_.options, stage.code: {**(round_.options.get(stage.code) or {}), "rubric_version": made.version}}
    Round.objects.filter(pk=round_.pk).update(options=options)
    round_.refresh_from_db()
    note([Line.about("cases.round.weigh", round_, before=before, after=snapshot(round_))])
    return made


def _must_be_as_seen(round_: Round) -> None:
    """Whoever writes has seen what stands. The row is held until the act is done: of two writers one goes first, and the other is
    told."""
    stands = Round.objects.select_for_update().get(pk=round_.pk)
    if (stands.state, stands.options) != (round_.state, round_.options):
        raise CaseRefused(_("This call was changed meanwhile. Look at it again."))


def _weighed(options: Mapping[str, Any]) -> dict[str, Any]:
    return {stage: each["rubric_version"] for stage, each in options.items() if (each or {}).get("rubric_version")}


def _pinned(round_: Round) -> dict[str, Any]:
    """The options, with the own newest version of each rubric where none is named: what other calls change later is theirs."""
    options = {code: dict(each) for code, each in round_.options.items()}
    for stage in procedures.latest(round_.procedure).stages:
        named = options.get(stage.code) or {}
        if "rubric_version" in {**stage.options, **named}:
            continue
        if (version := newest_of(named.get("rubric") or stage.options.get("rubric") or "")) is not None:
            options[stage.code] = {**named, "rubric_version": version.version}
    return options


def _must_not_be_judged(round_: Round) -> None:
    """Applications of one call are judged by the same weights."""
    cases = Case.objects.filter(round=round_).values("public_id")
    if Panel.objects.filter(subject_kind=SUBJECT_KIND, subject_id__in=cases).exists():
        raise CaseRefused(_("An application of this call is judged already: its weights stay, so that all are judged alike."))


@action("cases.round.open", requires=policies.can_keep_rounds)
def open_round(round_: Round, *, actor: Actor, now: dt.datetime) -> Round:
    """Publish a call; applications are taken from its first to its last moment. Raises RoundNotOpen."""
    if round_.closes_at <= now:
        raise RoundNotOpen(_("Closing time: it has passed already. Set a later one."))
    stands = Round.objects.select_for_update().get(pk=round_.pk)
    opened = {"state": Round.State.OPEN, "opened_at": now, "options": _pinned(stands)}
    if not Round.objects.filter(pk=round_.pk, state=Round.State.DRAFT).update(**opened):
        raise RoundNotOpen(_("This call was opened before."))
    round_.refresh_from_db()
    return round_


@action("cases.round.close", requires=policies.can_keep_rounds)
def close_round(round_: Round, *, actor: Actor, now: dt.datetime) -> Round:
    """Take no further applications; those submitted go on. Raises RoundNotOpen."""
    if not Round.objects.filter(pk=round_.pk, state=Round.State.OPEN).update(state=Round.State.CLOSED, closed_at=now):
        raise RoundNotOpen(_("This call is not open."))
    round_.refresh_from_db()
    return round_


def takes_applications(round_: Round, now: dt.datetime) -> str | None:
    """Why the round takes none at this moment: a sentence; None where it does."""
    if round_.state == Round.State.DRAFT or now < round_.opens_at:
        return _("This call is not open yet.")
    if round_.state == Round.State.CLOSED or now >= round_.closes_at:
        return _("This call has closed: applications are no longer taken.")
    return None


def _check(given: RoundGiven) -> None:
    try:
        declared = procedures.latest(given.procedure)
    except KeyError:
        raise CaseRefused(_("Procedure: there is none of this name.")) from None
    if declared.form_of(given.options) is None:
        raise CaseRefused(_("Form: this procedure has no such version."))
    if not given.title_zh.strip():
        raise CaseRefused(_("Title: enter the Chinese title of the call."))
    if given.closes_at <= given.opens_at:
        raise CaseRefused(_("Closing time: it must be later than the opening time."))
    if given.quota is not None and given.quota < 1:
        raise CaseRefused(_("Quota: leave it empty, or enter at least 1."))
    for stage in declared.stages:
        if stage.kind == StageKind.RANK:
            _check_seats(given, declared, given.options.get(stage.code) or {})


def _check_seats(given: RoundGiven, declared: Procedure, options: Mapping[str, Any]) -> None:
    places = options.get("places")
    if places is not None and places < max(given.quota or 1, 1):
        raise CaseRefused(_("Places before the jury: at least as many as the quota of the call, or empty."))
    known = {each.code for each in declared.system.groups(given.plan)}
    for code, seats in (options.get("groups") or {}).items():
        if code not in known or seats < 0:
            raise CaseRefused(_("Seats of a group: name a group of this call, and enter 0 or more."))


def _fields(given: RoundGiven) -> dict[str, Any]:
    return {
        "procedure": given.procedure,
        "plan": given.plan,
        "title_zh": given.title_zh.strip(),
        "title_en": given.title_en.strip(),
        "call_zh": given.call_zh.strip(),
        "call_en": given.call_en.strip(),
        "document": given.document.strip(),
        "opens_at": given.opens_at,
        "closes_at": given.closes_at,
        "quota": given.quota,
        "options": dict(given.options),
        "focus": [each.kept() for each in given.focus],
    }
