"""What is done to a studio that stands: suspended, restored, led by another, un-named. Each is proposed by one person and confirmed
by another; studio, people and plaque change in one transaction. A studio whose leader lost the title is suspended with that act."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.credentials.actions.issued import restore_issued, suspend_issued, withdraw_issued
from denggao.engines.credentials.models import Issued, ReasonClass
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios import policies, queries, rules
from denggao.systems.craftsmen.studios.models import AllianceMembership, Evaluation, Studio, StudioAct, StudioMember
from denggao.systems.craftsmen.studios.telling import tell_act_decided, tell_act_proposed, tell_leaderless

Kind, Grounds, State = StudioAct.Kind, StudioAct.Grounds, StudioAct.State


class StudioMoved(Refused):
    """The studio is not in a state in which this can be done; the sentence says in which it is."""


class ActUnderWay(Refused):
    """Another act waits for its second person."""


class TwoPersons(Refused):
    """Whoever proposed an act may not confirm it."""


class ActDecided(Refused):
    """The act was confirmed or dismissed before."""


class ActRefused(Refused):
    """What was asked can't be proposed so."""


@dataclass(frozen=True)
class Proposal:
    """What is proposed, on which grounds. ``leader``: who is to lead, where another leader is proposed."""

    kind: str
    grounds: str
    reason: str
    leader: Craftsman | None = None
    evidence: StoredFile | None = None
    evaluation: Evaluation | None = None


@action("studios.act.propose", requires=policies.can_propose)
def propose_act(studio: Studio, proposal: Proposal, *, actor: Actor, now: dt.datetime) -> StudioAct:
    """Propose something for a studio. Nothing changes before a second person confirms.

    Raises NotAllowed for an employer that asks for more than another leader or its own end; ReasonMissing, ActRefused, StudioMoved,
    ActUnderWay.
    """
    if not policies.may_propose(actor, studio, proposal.kind):
        raise NotAllowed("studios.act.propose")
    reason = given_reason(proposal.reason)
    studio.refresh_from_db(fields=["state", "leader"])
    if proposal.kind not in rules.POSSIBLE[studio.state]:
        raise _moved(studio)
    if proposal.grounds not in rules.GROUNDS[proposal.kind]:
        raise ActRefused(_("Grounds: choose some that fit what is proposed."))
    if proposal.kind == Kind.LEAD:
        _must_lead(studio, proposal.leader, localdate(now))
    elif proposal.kind == Kind.RESTORE and not studio.leader.is_in_force:
        raise ActRefused(_("Its leader holds the title no more: propose another leader instead, or un-name it."))
    try:
        with transaction.atomic():
            act = StudioAct.objects.create(
                studio=studio,
                kind=proposal.kind,
                grounds=proposal.grounds,
                reason=reason,
                evidence=proposal.evidence,
                leader=proposal.leader if proposal.kind == Kind.LEAD else None,
                evaluation=proposal.evaluation,
                effective_on=localdate(now),
                proposed_by=actor.id,
                proposed_by_text=actor.text[:120],
                proposed_at=now,
            )
    except IntegrityError:
        raise ActUnderWay(
            _("Something else is proposed for this studio and waits for a second person. Let it be confirmed or dismissed first.")
        ) from None
    tell_act_proposed(act, now=now)
    return act


@action("studios.act.confirm", requires=policies.can_confirm)
def confirm_act(act: StudioAct, *, reason: str = "", actor: Actor, now: dt.datetime) -> StudioAct:
    """Do what was proposed. Raises TwoPersons, ActDecided, StudioMoved, and ActRefused where who was to lead can't any more."""
    if act.proposed_by == actor.id:
        raise TwoPersons(_("Whoever proposed this may not confirm it: a second person must."))
    studio = _held(act)
    _decide(act, State.DONE, reason, actor, now)
    _do(studio, act, actor=actor, now=now)
    tell_act_decided(act, now=now)
    return act


@action("studios.act.dismiss", requires=policies.can_call_off)
def dismiss_act(act: StudioAct, *, reason: str, actor: Actor, now: dt.datetime) -> StudioAct:
    """Say no to what was proposed, or take it back. The studio stays as it is. Raises ReasonMissing, ActDecided."""
    _held(act)
    _decide(act, State.DISMISSED, given_reason(reason), actor, now)
    tell_act_decided(act, now=now)
    return act


def suspend_led_by(craftsman: Craftsman, *, reason: str, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    """When a title is revoked, inside that act: the studio its holder leads is suspended, with its plaque, and the office is told
    that another leader is needed. What waited for a second person is dismissed: it was asked of another state."""
    for studio in Studio.objects.in_force().filter(leader=craftsman).select_related("leader__person", "organisation", "plaque"):
        Studio.objects.filter(pk=studio.pk).update(state=F("state"))
        studio.refresh_from_db(fields=["state"])
        for act in StudioAct.objects.filter(studio=studio, state=State.PROPOSED).exclude(kind=Kind.UNNAME):
            _decide(act, State.DISMISSED, _("The leader lost the title meanwhile."), actor, now)
            note([Line.about("studios.act.dismiss", act, after=snapshot(act))])
        _close_member(studio, craftsman.person_id, _("Lost the title."), on, now)
        if studio.state == Studio.State.NAMED:
            _suspend_now(studio, actor=actor, now=now)
        tell_leaderless(studio, now=now)


def _suspend_now(studio: Studio, *, actor: Actor, now: dt.datetime) -> None:
    act = StudioAct.objects.create(
        studio=studio,
        kind=Kind.SUSPEND,
        grounds=Grounds.LEADER,
        state=State.DONE,
        reason=_("The title of its leader was revoked."),
        effective_on=localdate(now),
        proposed_by=actor.id,
        proposed_by_text=actor.text[:120],
        proposed_at=now,
        decided_by=actor.id,
        decided_by_text=actor.text[:120],
        decided_at=now,
    )
    note([Line.about("studios.act.done", act, after=snapshot(act))])
    _do(studio, act, actor=actor, now=now)


def given_reason(text: str) -> str:
    reason = " ".join(text.split())[:500]
    if not reason:
        raise ReasonMissing(_("Reason: say why, in a sentence. The employer reads it."))
    return reason


def _moved(studio: Studio) -> StudioMoved:
    return StudioMoved(_("This can’t be done: the studio is %(state)s.") % {"state": studio.get_state_display()})


def _held(act: StudioAct) -> Studio:
    """The studio of an act, its row taken before the act's."""
    Studio.objects.filter(pk=act.studio_id).update(state=F("state"))
    act.studio.refresh_from_db()
    return act.studio


def _must_lead(studio: Studio, leader: Craftsman | None, on: dt.date) -> None:
    if leader is not None and leader.pk == studio.leader_id:
        raise ActRefused(_("Leading craftsman: leads this studio already. Choose another."))
    if why := queries.why_not_lead(leader, studio.organisation, studio.plan, on, but=studio):
        raise ActRefused(why)


def _decide(act: StudioAct, state: str, reason: str, actor: Actor, now: dt.datetime) -> None:
    decided = StudioAct.objects.filter(pk=act.pk, state=State.PROPOSED).update(
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


def _do(studio: Studio, act: StudioAct, *, actor: Actor, now: dt.datetime) -> None:
    """Studio, people, plaque and alliances, as the act says. Raises StudioMoved, ActRefused."""
    today = localdate(now)
    to = rules.state_after(act.kind, studio.state, suspended_for=queries.suspended_for(studio) if act.kind == Kind.LEAD else "")
    sources = [state for state, kinds in rules.POSSIBLE.items() if act.kind in kinds]
    changes: dict[str, object] = {"state": to}
    if act.kind == Kind.UNNAME:
        changes["ended_on"] = max(today, studio.named_on)
    if act.kind == Kind.LEAD:
        _must_lead(studio, act.leader, today)
        changes["leader"] = act.leader
    if act.kind == Kind.RESTORE and not studio.leader.is_in_force:
        raise ActRefused(_("Its leader holds the title no more: propose another leader instead, or un-name it."))
    before, was, led = snapshot(studio), studio.state, studio.leader
    try:
        with transaction.atomic():
            moved = Studio.objects.filter(pk=studio.pk, state__in=sources).update(**changes)
    except IntegrityError:
        raise ActRefused(_("Leading craftsman: leads another studio meanwhile; nobody leads two.")) from None
    studio.refresh_from_db()
    if not moved:
        raise _moved(studio)
    note([Line.about(f"studios.studio.{act.kind}", studio, before=before, after=snapshot(studio))])
    if act.kind == Kind.LEAD:
        _change_leader(studio, led, now)
    if act.kind == Kind.UNNAME:
        _end_everything(studio, act.reason, now)
    _change_plaque(studio, act, was, actor=actor, now=now)


def _change_leader(studio: Studio, before: Craftsman, now: dt.datetime) -> None:
    today = localdate(now)
    _close_member(studio, before.person_id, _("Another craftsman leads the studio."), today, now)
    _close_member(studio, studio.leader.person_id, _("Leads the studio from now on."), today, now)
    member = StudioMember.objects.create(
        studio=studio,
        person=studio.leader.person,
        role=StudioMember.Role.LEADER,
        from_on=today,
        confirmed_at=now,
        is_public=True,
        created_at=now,
    )
    note([Line.about("studios.member.lead", member, after=snapshot(member))])


def _close_member(studio: Studio, person_id: int, reason: str, on: dt.date, now: dt.datetime) -> None:
    for member in studio.members.filter(person=person_id, to_on__isnull=True).select_related("person"):
        before = snapshot(member)
        member.to_on, member.end_reason = max(on, member.from_on), reason[:300]
        member.save(update_fields=["to_on", "end_reason"])
        note([Line.about("studios.member.end", member, before=before, after=snapshot(member))])


def _end_everything(studio: Studio, reason: str, now: dt.datetime) -> None:
    """What stands with a studio ends with it: its people, its places in alliances. What it did stays."""
    today = localdate(now)
    for person in list(studio.members.filter(to_on__isnull=True).values_list("person_id", flat=True)):
        _close_member(studio, person, _("The studio was un-named."), today, now)
    places, place, why = AllianceMembership.objects.filter(studio=studio), AllianceMembership.State, _("The studio was un-named.")
    places.filter(state=place.MEMBER).update(state=place.LEFT, to_on=today, reason=why)
    places.filter(state__in=[place.ASKED, place.INVITED]).update(state=place.REFUSED, answered_at=now, reason=why)


def _change_plaque(studio: Studio, act: StudioAct, was: str, *, actor: Actor, now: dt.datetime) -> None:
    """The plaque says what the studio is. An act by the second person of the office changes it; what a revocation brings is the
    product's own."""
    plaque = studio.plaque
    if plaque is None or studio.state == was:
        return
    change = {Studio.State.SUSPENDED: suspend_issued, Studio.State.NAMED: restore_issued}.get(
        Studio.State(studio.state), withdraw_issued
    )
    if plaque.status == Issued.Status.WITHDRAWN:
        return
    change(plaque, reason=act.reason[:300], reason_class=_reason_class(act), actor=actor, now=now)


def _reason_class(act: StudioAct) -> str:
    if act.grounds == Grounds.REQUEST:
        return ReasonClass.REQUEST
    return ReasonClass.APPRAISAL if act.grounds == Grounds.EVALUATION else ReasonClass.GRANTERS
