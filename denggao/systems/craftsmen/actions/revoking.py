"""A title taken away, or given back: proposed by one person, confirmed by another. Title, certificate, medal, bonus and count
change in one transaction, and with them whatever other rooms rest on the title (``hooks.craftsman_revoked``)."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.credentials.actions import withdraw_issued
from denggao.engines.credentials.models import ReasonClass
from denggao.engines.ledger.actions import recount
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actions import ReasonMissing, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.systems.craftsmen import policies
from denggao.systems.craftsmen.actions.naming import award
from denggao.systems.craftsmen.hooks import craftsman_revoked
from denggao.systems.craftsmen.models import BonusOrder, Craftsman, CraftsmanAct, Medal
from denggao.systems.craftsmen.queries import in_force
from denggao.systems.craftsmen.telling import tell_dismissed, tell_proposed, tell_revoked

Kind, State, Grounds = CraftsmanAct.Kind, CraftsmanAct.State, CraftsmanAct.Grounds
_CLASSES = {Grounds.REQUEST: ReasonClass.REQUEST}


class ActRefused(Refused):
    """This act can't be put to the title, or somebody came first."""


@action("craftsmen.act.propose", requires=policies.can_propose)
def propose_act(
    craftsman: Craftsman,
    *,
    kind: str,
    grounds: str,
    reason: str,
    document: str = "",
    evidence: StoredFile | None = None,
    actor: Actor,
    now: dt.datetime,
) -> CraftsmanAct:
    """Propose to revoke a title, or to give a revoked one back. Nothing changes before a second person confirms.

    Raises ReasonMissing; ActRefused where the title's state does not allow it, or another act waits for its second person.
    """
    reason = _reason(reason)
    craftsman.refresh_from_db(fields=["state"])
    grounds = Grounds.MISTAKE if kind == Kind.REINSTATE else grounds
    if kind not in Kind.values or grounds not in Grounds.values or (kind == Kind.REVOKE and grounds == Grounds.MISTAKE):
        raise ActRefused(_("Grounds: choose one of the list."))
    _must_allow(craftsman, kind)
    try:
        with transaction.atomic():
            act = CraftsmanAct.objects.create(
                craftsman=craftsman,
                kind=kind,
                grounds=grounds,
                reason=reason,
                document=" ".join(document.split())[:200],
                evidence=evidence,
                effective_on=localdate(now),
                proposed_by=actor.id,
                proposed_by_text=actor.text[:120],
                proposed_at=now,
            )
    except IntegrityError:
        raise ActRefused(
            _("Something else is proposed for this craftsman and waits for a second person. Let it be decided first.")
        ) from None
    tell_proposed(act, now=now)
    return act


@action("craftsmen.act.confirm", requires=policies.can_confirm)
def confirm_act(act: CraftsmanAct, *, reason: str = "", actor: Actor, now: dt.datetime) -> CraftsmanAct:
    """Do what was proposed, with effect from today. Raises ActRefused for whoever proposed it, and where it was decided, or the
    title changed, before."""
    if act.proposed_by == actor.id:
        raise ActRefused(_("Whoever proposed this may not confirm it: a second person must."))
    craftsman = _held(act)
    _decide(act, State.DONE, reason, actor, now)
    _must_allow(craftsman, act.kind)
    if act.kind == Kind.REVOKE:
        _revoke(craftsman, act, actor=actor, now=now)
    else:
        order = craftsman.order
        award(craftsman.nomination, craftsman.case, order, named_on=localdate(now), before=craftsman, actor=actor, now=now)
    return act


@action("craftsmen.act.dismiss", requires=policies.can_call_off)
def dismiss_act(act: CraftsmanAct, *, reason: str, actor: Actor, now: dt.datetime) -> CraftsmanAct:
    """Say no to what was proposed, or take it back. The title stays as it is. Raises ReasonMissing, ActRefused."""
    _held(act)
    _decide(act, State.DISMISSED, _reason(reason), actor, now)
    tell_dismissed(act, now=now)
    return act


@action("craftsmen.medal.keep", requires=policies.can_keep_medals)
def keep_medal(medal: Medal, *, state: str, on: dt.date | None = None, remark: str = "", actor: Actor, now: dt.datetime) -> Medal:
    """What became of the thing: handed over, given back, lost. Raises ActRefused for a step that can't follow, or without day or
    word where one is needed."""
    if state not in MEDAL_GOES_TO.get(Medal.State(medal.state), ()):
        raise ActRefused(_("This can’t follow: the medal is %(state)s.") % {"state": medal.get_state_display()})
    remark = " ".join(remark.split())[:300]
    if state == Medal.State.LOST and not remark:
        raise ActRefused(_("Remark: say how it was lost."))
    if state != Medal.State.LOST and on is None:
        raise ActRefused(_("Day: enter the day on which it changed hands."))
    if on is not None and on > localdate(now):
        raise ActRefused(_("Day: it lies ahead."))
    days = {"handed_over_on": on} if state == Medal.State.HELD else {"given_back_on": on} if state == Medal.State.RETURNED else {}
    changed = Medal.objects.filter(pk=medal.pk, state=medal.state).update(
        state=state, note=remark or medal.note, changed_at=now, **days
    )
    medal.refresh_from_db()
    if not changed:
        raise ActRefused(_("Somebody changed this medal meanwhile: it is %(state)s.") % {"state": medal.get_state_display()})
    return medal


# From what state a medal may come to which; a revocation recalls it.
MEDAL_GOES_TO: dict[Medal.State, tuple[Medal.State, ...]] = {
    Medal.State.MADE: (Medal.State.HELD, Medal.State.LOST),
    Medal.State.HELD: (Medal.State.LOST,),
    Medal.State.RECALLED: (Medal.State.RETURNED, Medal.State.LOST),
}


def _revoke(craftsman: Craftsman, act: CraftsmanAct, *, actor: Actor, now: dt.datetime) -> None:
    today = localdate(now)
    before = snapshot(craftsman)
    moved = Craftsman.objects.filter(pk=craftsman.pk, state=Craftsman.State.NAMED).update(
        state=Craftsman.State.REVOKED, ended_on=today
    )
    craftsman.refresh_from_db()
    if not moved:
        raise _moved(craftsman)
    note([Line.about("craftsmen.craftsman.revoke", craftsman, before=before, after=snapshot(craftsman))])
    if craftsman.certificate is not None:
        reason_class = _CLASSES.get(Grounds(act.grounds), ReasonClass.GRANTERS)
        withdraw_issued(craftsman.certificate, reason=act.reason[:300], reason_class=reason_class, actor=actor, now=now)
    _recall_medals(craftsman, now=now)
    _take_bonus_back(craftsman, act, now=now)
    recount({craftsman.person_id}, actor=actor, now=now, reason=Entry.Reason.WITHDRAWN)
    craftsman_revoked(craftsman, reason=act.reason, on=today, actor=actor, now=now)
    tell_revoked(craftsman, now=now)


def _recall_medals(craftsman: Craftsman, *, now: dt.datetime) -> None:
    for medal in craftsman.medals.filter(state__in=[Medal.State.MADE, Medal.State.HELD]):
        before = snapshot(medal)
        state = Medal.State.RECALLED if medal.state == Medal.State.HELD else Medal.State.RETURNED
        given_back = localdate(now) if state == Medal.State.RETURNED else None
        Medal.objects.filter(pk=medal.pk).update(state=state, given_back_on=given_back, changed_at=now)
        medal.refresh_from_db()
        note([Line.about("craftsmen.medal.recall", medal, before=before, after=snapshot(medal))])


def _take_bonus_back(craftsman: Craftsman, act: CraftsmanAct, *, now: dt.datetime) -> None:
    """What the funds have not taken over is cancelled; what they have is to be claimed back."""
    to = {
        BonusOrder.State.RECORDED: BonusOrder.State.CANCELLED,
        BonusOrder.State.HANDED_OVER: BonusOrder.State.TO_CLAIM_BACK,
    }
    for bonus in BonusOrder.objects.filter(craftsman=craftsman, state__in=list(to)):
        before = snapshot(bonus)
        BonusOrder.objects.filter(pk=bonus.pk, state=bonus.state).update(
            state=to[BonusOrder.State(bonus.state)], reason=act.reason[:300], changed_at=now
        )
        bonus.refresh_from_db()
        note([Line.about("craftsmen.bonus.take_back", bonus, before=before, after=snapshot(bonus))])


def _must_allow(craftsman: Craftsman, kind: str) -> None:
    if kind == Kind.REVOKE and craftsman.state == Craftsman.State.NAMED:
        return
    if kind == Kind.REINSTATE and craftsman.state == Craftsman.State.REVOKED:
        if in_force(craftsman.person, craftsman.plan) is None:
            return
        raise ActRefused(_("This person holds the title again already."))
    raise _moved(craftsman)


def _moved(craftsman: Craftsman) -> ActRefused:
    return ActRefused(_("This can’t be done: the title is %(state)s.") % {"state": craftsman.get_state_display()})


def _reason(text: str) -> str:
    reason = " ".join(text.split())[:500]
    if not reason:
        raise ReasonMissing(_("Reason: say why, in a sentence. The craftsman reads it."))
    return reason


def _held(act: CraftsmanAct) -> Craftsman:
    """The craftsman of an act, the row taken before the act's."""
    Craftsman.objects.filter(pk=act.craftsman_id).update(state=F("state"))
    act.craftsman.refresh_from_db()
    return act.craftsman


def _decide(act: CraftsmanAct, state: str, reason: str, actor: Actor, now: dt.datetime) -> None:
    decided = CraftsmanAct.objects.filter(pk=act.pk, state=State.PROPOSED).update(
        state=state,
        decided_by=actor.id,
        decided_by_text=actor.text[:120],
        decided_at=now,
        decision_reason=" ".join(reason.split())[:500],
        effective_on=localdate(now),
    )
    act.refresh_from_db()
    if not decided:
        raise ActRefused(_("This was decided before: %(state)s.") % {"state": act.get_state_display()})
