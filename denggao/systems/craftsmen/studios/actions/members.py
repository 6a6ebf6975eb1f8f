"""Who works in a studio: asked by its keepers, in it once the person has said yes."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import NotAllowed, Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Employment
from denggao.foundation.organisations.queries import employed_on
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.studios import policies
from denggao.systems.craftsmen.studios.models import Studio, StudioMember
from denggao.systems.craftsmen.studios.telling import tell_asked_member


class MemberRefused(Refused):
    """This person can't be asked so, or the membership is not in a state in which this can be done."""


@action("studios.member.ask", requires=policies.can_keep)
def ask_member(studio: Studio, person: Person, *, role: str, actor: Actor, now: dt.datetime) -> StudioMember:
    """Ask one of the employer's staff to join. Raises MemberRefused where the person does not work there, is in or asked already,
    or the studio stands no more."""
    if role not in {StudioMember.Role.MEMBER, StudioMember.Role.LEARNER}:
        raise MemberRefused(_("Role: a member or a learner. Who leads is changed by two persons."))
    if not Studio.objects.in_force().filter(pk=studio.pk).exists():
        raise MemberRefused(_("The studio was un-named; nobody joins it any more."))
    today = localdate(now)
    staff = employed_on(Employment.objects.filter(employer=studio.organisation_id, person=person), today).first()
    if staff is None:
        raise MemberRefused(_("Person: does not work for the employer by its roster today. Bring the roster up to date."))
    try:
        with transaction.atomic():
            member = StudioMember.objects.create(
                studio=studio, person=person, role=role, post=staff.post, from_on=today, created_at=now
            )
    except IntegrityError:
        raise MemberRefused(_("Person: is in this studio already, or asked to join.")) from None
    tell_asked_member(member, now=now)
    return member


@action("studios.member.confirm", requires=policies.is_self)
def confirm_member(member: StudioMember, *, is_public: bool, actor: Actor, now: dt.datetime) -> StudioMember:
    """The person says yes, and whether everybody may read the name. Said again, only the second changes. Raises MemberRefused for a
    membership that has ended."""
    done = StudioMember.objects.filter(pk=member.pk, to_on__isnull=True)
    done.filter(confirmed_at__isnull=True).update(confirmed_at=now)
    if not done.update(is_public=is_public):
        raise MemberRefused(_("This membership has ended."))
    member.refresh_from_db()
    return member


@action("studios.member.end", requires=policies.can_end_membership)
def end_member(member: StudioMember, *, reason: str, actor: Actor, now: dt.datetime) -> StudioMember:
    """The person leaves, says no, or is taken out. What was done with the person stays. Raises MemberRefused without a reason, for
    the leader, and where it has ended."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise MemberRefused(_("Reason: say why it ends."))
    if member.role == StudioMember.Role.LEADER:
        raise MemberRefused(_("Who leads the studio is changed by two persons: propose another leader."))
    if not (policies.is_self(actor, member) or policies.can_keep(actor, member)):
        raise NotAllowed("studios.member.end")
    today = max(localdate(now), member.from_on)
    ended = StudioMember.objects.filter(pk=member.pk, to_on__isnull=True).update(to_on=today, end_reason=reason)
    member.refresh_from_db()
    if not ended:
        raise MemberRefused(_("This membership has ended."))
    return member
