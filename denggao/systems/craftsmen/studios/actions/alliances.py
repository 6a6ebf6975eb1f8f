"""Studios that work together: an alliance is founded by one, joined by the yes of both sides, left by either."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import NotAllowed, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.systems.craftsmen.studios import policies
from denggao.systems.craftsmen.studios.models import Alliance, AllianceMembership, Studio
from denggao.systems.craftsmen.studios.telling import tell_alliance_asked

State = AllianceMembership.State


class AllianceRefused(Refused):
    """This can't be done with the alliance; the sentence says why."""


@action("studios.alliance.found", requires=policies.can_found_alliance)
def found_alliance(lead: Studio, *, name_zh: str, name_en: str, charter: str, actor: Actor, now: dt.datetime) -> Alliance:
    """The leading studio founds it, and is its first member. Raises AllianceRefused."""
    name_zh, charter = " ".join(name_zh.split()), charter.strip()
    if not name_zh or not charter:
        raise AllianceRefused(_("Name and charter: an alliance has both."))
    _must_stand(lead)
    try:
        with transaction.atomic():
            alliance = Alliance.objects.create(
                plan=lead.plan,
                lead=lead,
                name_zh=name_zh[:120],
                name_en=" ".join(name_en.split())[:160],
                charter=charter,
                founded_on=localdate(now),
                created_at=now,
            )
    except IntegrityError:
        raise AllianceRefused(_("Name: an alliance of this name exists already.")) from None
    member = AllianceMembership.objects.create(
        alliance=alliance, studio=lead, state=State.MEMBER, from_on=localdate(now), asked_by=actor.id, asked_at=now,
        answered_by=actor.id, answered_at=now,
    )  # fmt: skip
    note([Line.about("studios.alliance.join", member, after=snapshot(member))])
    return alliance


@action("studios.alliance.ask", requires=lambda actor, alliance: actor.user is not None or actor.is_operator)
def ask_alliance(alliance: Alliance, studio: Studio, *, actor: Actor, now: dt.datetime) -> AllianceMembership:
    """A studio asks to join, or the leading studio invites it: who asks has said yes with that. Raises NotAllowed,
    AllianceRefused."""
    own, leads = policies.can_keep(actor, studio), policies.leads_alliance(actor, alliance)
    if not (own or leads):
        raise NotAllowed("studios.alliance.ask")
    _must_stand(studio)
    if studio.plan_id != alliance.plan_id:
        raise AllianceRefused(_("Studio: it stands under another plan."))
    both = own and leads
    try:
        with transaction.atomic():
            member = AllianceMembership.objects.create(
                alliance=alliance,
                studio=studio,
                state=State.MEMBER if both else State.ASKED if own else State.INVITED,
                from_on=localdate(now) if both else None,
                asked_by=actor.id,
                asked_at=now,
                answered_by=actor.id if both else "",
                answered_at=now if both else None,
            )
    except IntegrityError:
        raise AllianceRefused(_("This studio is in the alliance already, or its joining waits for an answer.")) from None
    if not both:
        tell_alliance_asked(member, now=now)
    return member


@action("studios.alliance.answer", requires=policies.can_answer_alliance)
def answer_alliance(
    membership: AllianceMembership, *, yes: bool, reason: str = "", actor: Actor, now: dt.datetime
) -> AllianceMembership:
    """The other side's word. Raises AllianceRefused without a reason for a no, and where it was answered before."""
    reason = " ".join(reason.split())[:300]
    if not yes and not reason:
        raise AllianceRefused(_("Reason: say why not; the other side reads it."))
    if yes:
        _must_stand(membership.studio)
    answered = AllianceMembership.objects.filter(pk=membership.pk, state__in=[State.ASKED, State.INVITED]).update(
        state=State.MEMBER if yes else State.REFUSED,
        from_on=localdate(now) if yes else None,
        reason="" if yes else reason,
        answered_by=actor.id,
        answered_at=now,
    )
    membership.refresh_from_db()
    if not answered:
        raise AllianceRefused(_("This was answered before: %(state)s.") % {"state": membership.get_state_display()})
    return membership


@action("studios.alliance.leave", requires=policies.can_end_alliance)
def leave_alliance(membership: AllianceMembership, *, reason: str, actor: Actor, now: dt.datetime) -> AllianceMembership:
    """A studio leaves; the leading one can't while it leads. Raises AllianceRefused."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise AllianceRefused(_("Reason: say why; the other side reads it."))
    if membership.studio_id == membership.alliance.lead_id:
        raise AllianceRefused(_("The leading studio can’t leave its own alliance."))
    left = AllianceMembership.objects.filter(pk=membership.pk, state=State.MEMBER).update(
        state=State.LEFT, to_on=localdate(now), reason=reason
    )
    membership.refresh_from_db()
    if not left:
        raise AllianceRefused(_("This can’t be done: %(state)s.") % {"state": membership.get_state_display()})
    return membership


def _must_stand(studio: Studio) -> None:
    studio.refresh_from_db(fields=["state"])
    if studio.state != Studio.State.NAMED:
        raise AllianceRefused(_("This can’t be done: the studio is %(state)s.") % {"state": studio.get_state_display()})
