"""Calls for applications."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from denggao.engines.cases import policies, procedures
from denggao.engines.cases.models import Round
from denggao.engines.cases.refusals import CaseRefused, RoundNotOpen
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.plans.models import Plan


@dataclass(frozen=True)
class RoundGiven:
    """What a call says. ``options`` by stage code: ``{"review": {"rubric": …}, "notice": {"days": 7}}``."""

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


@action("cases.round.prepare", requires=policies.can_keep_rounds)
def prepare_round(given: RoundGiven, *, actor: Actor, now: dt.datetime) -> Round:
    """Write down a call; nobody sees it before it is opened. Raises CaseRefused."""
    _check(given)
    return Round.objects.create(**_fields(given), created_by=actor.id, created_at=now)


@action("cases.round.change", requires=policies.can_keep_rounds)
def change_round(round_: Round, given: RoundGiven, *, actor: Actor, now: dt.datetime) -> Round:
    """Change a call. An open one keeps its procedure and ends in the future; a closed one stays. Raises CaseRefused."""
    _check(given)
    if round_.state == Round.State.CLOSED:
        raise CaseRefused(_("This call is closed; it stays as it was."))
    if round_.state == Round.State.OPEN and (given.procedure != round_.procedure or given.closes_at <= now):
        raise CaseRefused(_("An open call keeps its procedure, and its end lies in the future. Close it instead."))
    if not Round.objects.filter(pk=round_.pk, state=round_.state).update(**_fields(given)):
        raise CaseRefused(_("This call was opened or closed meanwhile. Look at it again."))
    round_.refresh_from_db()
    return round_


@action("cases.round.open", requires=policies.can_keep_rounds)
def open_round(round_: Round, *, actor: Actor, now: dt.datetime) -> Round:
    """Publish a call; applications are taken from its first to its last moment. Raises RoundNotOpen."""
    if round_.closes_at <= now:
        raise RoundNotOpen(_("Closing time: it has passed already. Set a later one."))
    if not Round.objects.filter(pk=round_.pk, state=Round.State.DRAFT).update(state=Round.State.OPEN, opened_at=now):
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
        procedures.latest(given.procedure)
    except KeyError:
        raise CaseRefused(_("Procedure: there is none of this name.")) from None
    if not given.title_zh.strip():
        raise CaseRefused(_("Title: enter the Chinese title of the call."))
    if given.closes_at <= given.opens_at:
        raise CaseRefused(_("Closing time: it must be later than the opening time."))
    if given.quota is not None and given.quota < 1:
        raise CaseRefused(_("Quota: leave it empty, or enter at least 1."))


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
    }
