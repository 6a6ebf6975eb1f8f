"""What is done to a base that stands: suspended, restored, withdrawn, left, run out. Whatever takes something away is
proposed by one person and confirmed by another; base, plaque and ledger change in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases.models import Case
from denggao.engines.cases.states import STANDING
from denggao.engines.credentials.actions import restore_issued, suspend_issued, withdraw_issued
from denggao.engines.credentials.models import ReasonClass
from denggao.engines.ledger.actions import recount_bodies
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.systems.bases import policies, rules
from denggao.systems.bases.models import Appraisal, Base, BaseAct
from denggao.systems.bases.telling import tell_act_decided, tell_act_proposed, tell_base_ended

Kind = BaseAct.Kind


class BaseMoved(Refused):
    """The base is not in a state in which this can be done; the sentence says in which it is."""


class ActUnderWay(Refused):
    """Another act waits for its second person."""


class TwoPersons(Refused):
    """Whoever proposed an act may not confirm it."""


class ActDecided(Refused):
    """The act was confirmed or dismissed before."""


@action("bases.act.propose", requires=policies.can_propose)
def propose_act(
    base: Base,
    *,
    kind: str,
    reason: str,
    evidence: StoredFile | None = None,
    appraisal: Appraisal | None = None,
    actor: Actor,
    now: dt.datetime,
) -> BaseAct:
    """Propose to suspend, restore or withdraw a base, or that it leaves of its own accord. Nothing changes before a second
    person confirms.

    Raises NotAllowed for a manager who asks for more than leaving, ReasonMissing, BaseMoved, ActUnderWay.
    """
    reason = _reason(reason)
    if kind != Kind.EXIT and not policies.can_propose_any(actor):
        raise NotAllowed("bases.act.propose")
    base.refresh_from_db(fields=["state"])
    if kind not in rules.TWO_PERSONS or kind not in rules.POSSIBLE[base.state]:
        raise _moved(base)
    try:
        with transaction.atomic():
            act = BaseAct.objects.create(
                base=base,
                kind=kind,
                reason=reason,
                evidence=evidence,
                appraisal=appraisal,
                effective_on=localdate(now),
                proposed_by=actor.id,
                proposed_by_text=actor.text[:120],
                proposed_at=now,
            )
    except IntegrityError:
        raise ActUnderWay(
            _("Something else is proposed for this base and waits for a second person. Let it be confirmed or dismissed first.")
        ) from None
    tell_act_proposed(act, now=now)
    return act


@action("bases.act.confirm", requires=policies.can_confirm)
def confirm_act(act: BaseAct, *, reason: str = "", actor: Actor, now: dt.datetime) -> BaseAct:
    """Do what was proposed. Raises TwoPersons, ActDecided, BaseMoved."""
    if act.proposed_by == actor.id:
        raise TwoPersons(_("Whoever proposed this may not confirm it: a second person must."))
    base = _held(act)
    _decide(act, BaseAct.State.DONE, reason, actor, now)
    _move(base, act.kind, localdate(now))
    _change_plaque(base, act, actor=actor, now=now)
    recount_bodies({base.organisation_id}, actor=actor, now=now, reason=_ledger_reason(act.kind))
    tell_act_decided(act, now=now)
    return act


@action("bases.act.dismiss", requires=policies.can_call_off)
def dismiss_act(act: BaseAct, *, reason: str, actor: Actor, now: dt.datetime) -> BaseAct:
    """Say no to what was proposed, or take it back. The base stays as it is. Raises ReasonMissing, ActDecided."""
    _held(act)
    _decide(act, BaseAct.State.DISMISSED, _reason(reason), actor, now)
    tell_act_decided(act, now=now)
    return act


@action("bases.base.expire", requires=lambda actor, _subject: actor.is_operator, batch=True)
def expire_bases(*, actor: Actor, now: dt.datetime) -> int:
    """End the term of every base whose last day is past; how many. One whose renewal is under way stays until that is decided:
    its plaque says meanwhile that it has expired. What waited for a second person is dismissed."""
    today = localdate(now)
    renewing = Case.objects.filter(procedure="base_renewal", state__in=STANDING, number__isnull=False)
    waiting = set(renewing.values_list("body_id", "plan_id"))
    ended: list[Base] = []
    for base in Base.objects.in_force().filter(valid_until__lt=today).order_by("id"):
        if (base.organisation_id, base.plan_id) in waiting:
            continue
        before = snapshot(base)
        day = base.valid_until
        if not Base.objects.filter(pk=base.pk, state=base.state, valid_until=day).update(state=Base.State.EXPIRED, ended_on=day):
            continue
        base.refresh_from_db()
        note([Line.about("bases.base.expire", base, before=before, after=snapshot(base))])
        _dismiss_open(base, actor, now)
        _note_expiry(base, actor, now)
        ended.append(base)
    if ended:
        recount_bodies({base.organisation_id for base in ended}, actor=actor, now=now)
    for base in ended:
        tell_base_ended(base, now=now)
    return len(ended)


def _reason(text: str) -> str:
    reason = " ".join(text.split())[:500]
    if not reason:
        raise ReasonMissing(_("Reason: say why, in a sentence. The base reads it."))
    return reason


def _moved(base: Base) -> BaseMoved:
    return BaseMoved(_("This can’t be done: the base is %(state)s.") % {"state": base.get_state_display()})


def _held(act: BaseAct) -> Base:
    """The base of an act, its row taken before the act's: whoever ends its term takes them in the same order."""
    Base.objects.filter(pk=act.base_id).update(state=F("state"))
    act.base.refresh_from_db()
    return act.base


def _decide(act: BaseAct, state: str, reason: str, actor: Actor, now: dt.datetime) -> None:
    decided = BaseAct.objects.filter(pk=act.pk, state=BaseAct.State.PROPOSED).update(
        state=state,
        decided_by=actor.id,
        decided_by_text=actor.text[:120],
        decided_at=now,
        decision_reason=" ".join(reason.split())[:500],
        effective_on=localdate(now),
    )
    act.refresh_from_db()
    if not decided:
        raise ActDecided(_("This was decided before: %(state)s.") % {"state": act.get_state_display()})


def _move(base: Base, kind: str, today: dt.date) -> None:
    """One conditional update; raises BaseMoved where the base is no longer in a state from which this is possible."""
    to = rules.LEADS_TO[kind]
    ends = to not in {Base.State.ACCREDITED, Base.State.SUSPENDED}
    sources = [state for state, kinds in rules.POSSIBLE.items() if kind in kinds]
    before = snapshot(base)
    moved = Base.objects.filter(pk=base.pk, state__in=sources).update(state=to, ended_on=today if ends else None)
    base.refresh_from_db()
    if not moved:
        raise _moved(base)
    note([Line.about(f"bases.base.{kind}", base, before=before, after=snapshot(base))])


def _change_plaque(base: Base, act: BaseAct, *, actor: Actor, now: dt.datetime) -> None:
    plaque = base.plaque
    if plaque is None:
        return
    change = {Kind.SUSPEND: suspend_issued, Kind.RESTORE: restore_issued}.get(Kind(act.kind), withdraw_issued)
    change(plaque, reason=act.reason[:300], reason_class=_reason_class(act), actor=actor, now=now)


def _reason_class(act: BaseAct) -> str:
    if act.kind == Kind.EXIT:
        return ReasonClass.REQUEST
    return ReasonClass.APPRAISAL if act.appraisal_id else ReasonClass.GRANTERS


def _ledger_reason(kind: str) -> str:
    return Entry.Reason.WITHDRAWN if kind == Kind.WITHDRAW else Entry.Reason.FACTS_CHANGED


def _dismiss_open(base: Base, actor: Actor, now: dt.datetime) -> None:
    for act in _open_acts(base):
        _decide(act, BaseAct.State.DISMISSED, _("The term ended."), actor, now)
        note([Line.about("bases.act.dismiss", act, after=snapshot(act))])


def _open_acts(base: Base) -> Iterable[BaseAct]:
    return BaseAct.objects.filter(base=base, state=BaseAct.State.PROPOSED)


def _note_expiry(base: Base, actor: Actor, now: dt.datetime) -> None:
    BaseAct.objects.create(
        base=base,
        kind=Kind.EXPIRE,
        state=BaseAct.State.DONE,
        reason=_("The term ended on %(day)s.") % {"day": base.valid_until},
        effective_on=base.valid_until,
        proposed_by=actor.id,
        proposed_by_text=actor.text[:120],
        proposed_at=now,
        decided_by=actor.id,
        decided_by_text=actor.text[:120],
        decided_at=now,
    )
