"""Who may invite, end a role, or close an account; and whose roles are seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.members.rules import CLERK_GIVES, HR_GIVES, INVITED_ROLES, held_rightly
from denggao.foundation.organisations.models import Invitation, Membership, Organisation


@dataclass(frozen=True)
class Offer:
    """A role, and the body in which it would be held (None: the whole installation)."""

    role: Role
    organisation: Organisation | None

    @property
    def organisation_id(self) -> int | None:
        return self.organisation.pk if self.organisation else None


def anyone(actor: Actor, subject: object) -> bool:
    """The secret of the link is the permission; the action checks it."""
    return True


def is_operator(actor: Actor, subject: object) -> bool:
    return actor.is_operator


def _may_give(actor: Actor, role: Role, organisation_id: int | None) -> bool:
    if actor.has(Role.ADMINISTRATOR):
        return True
    if role in CLERK_GIVES and actor.has(Role.CLERK):
        return True
    return role in HR_GIVES and organisation_id is not None and organisation_id in actor.organisations_as(Role.HR)


def can_invite(actor: Actor, offer: object) -> bool:
    """An administrator gives every role, a clerk those within bodies, the HR of a body further HR of the same body."""
    return (
        isinstance(offer, Offer)
        and offer.role in INVITED_ROLES
        and held_rightly(offer.role, has_body=offer.organisation is not None)
        and _may_give(actor, offer.role, offer.organisation_id)
    )


def can_keep_invitation(actor: Actor, invitation: object) -> bool:
    """Send it again or withdraw it: whoever could give that role."""
    return isinstance(invitation, Invitation) and _may_give(actor, Role(invitation.role), invitation.organisation_id)


def can_end_membership(actor: Actor, membership: object) -> bool:
    """Whoever could give the role, but nobody the own: another must see to that."""
    if not isinstance(membership, Membership) or (actor.user is not None and actor.user.pk == membership.account_id):
        return False
    return _may_give(actor, Role(membership.role), membership.organisation_id)


def can_close_account(actor: Actor, account: object) -> bool:
    """Close and open accounts, take off a lost second factor: administrators, never their own."""
    own = actor.user is not None and isinstance(account, User) and actor.user.pk == account.pk
    return isinstance(account, User) and not own and actor.has(Role.ADMINISTRATOR)


def can_see_members(actor: Actor) -> bool:
    return actor.is_office or bool(actor.organisations_as(Role.HR))


def offered_roles(actor: Actor) -> list[Role]:
    """The roles the actor may give somewhere, in the order of the glossary."""
    if actor.has(Role.ADMINISTRATOR):
        return [role for role in Role if role in INVITED_ROLES]
    given = (CLERK_GIVES if actor.has(Role.CLERK) else frozenset()) | (HR_GIVES if actor.organisations_as(Role.HR) else frozenset())
    return [role for role in Role if role in given]


def offered_bodies(actor: Actor) -> QuerySet[Organisation]:
    """The bodies in which the actor may give a role."""
    if actor.has(Role.ADMINISTRATOR, Role.CLERK):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=actor.organisations_as(Role.HR))


def visible_memberships(actor: Actor) -> QuerySet[Membership]:
    """The office sees every role, the HR of a body those of the own body."""
    if actor.is_office:
        return Membership.objects.all()
    return Membership.objects.filter(organisation_id__in=actor.organisations_as(Role.HR))


def visible_invitations(actor: Actor) -> QuerySet[Invitation]:
    """As with roles."""
    if actor.is_office:
        return Invitation.objects.all()
    return Invitation.objects.filter(organisation_id__in=actor.organisations_as(Role.HR))


def require_members(actor: Actor) -> None:
    """Raises PermissionDenied for who has no business with members."""
    if not can_see_members(actor):
        raise PermissionDenied


def get_membership_for(actor: Actor, public_id: UUID) -> Membership:
    """Raises Http404: whether an account acts for another body is nobody's business."""
    found = visible_memberships(actor).select_related("account", "organisation").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_invitation_for(actor: Actor, public_id: UUID) -> Invitation:
    """Raises Http404."""
    found = visible_invitations(actor).select_related("organisation").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def is_administrator(account: User, now: dt.datetime) -> bool:
    """Whether the account holds the role today, open or closed."""
    today = timezone.localdate(now)
    held = Membership.objects.filter(Q(to_on=None) | Q(to_on__gte=today), account=account, from_on__lte=today)
    return held.filter(role=Role.ADMINISTRATOR).exists()
