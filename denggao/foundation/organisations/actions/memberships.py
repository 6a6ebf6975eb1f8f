"""Every change of who may act: invitations, roles, and accounts closed and opened by the office."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.members.letters import send_invitation
from denggao.foundation.organisations.members.policies import (
    Offer,
    anyone,
    can_close_account,
    can_end_membership,
    can_invite,
    can_keep_invitation,
    is_operator,
)
from denggao.foundation.organisations.members.rules import expires_at, hash_of
from denggao.foundation.organisations.models import Invitation, Membership
from denggao.foundation.people.models import SignInPhone
from denggao.foundation.people.signin.queries import find_account, phone_index
from denggao.foundation.people.signin.rules import Address, AddressKind
from denggao.foundation.vault.fields import blind_index


class AlreadyInvited(Refused):
    """An invitation to this address for this role is open."""


class AlreadyHeld(Refused):
    """The account holds this role here."""


class InvitationWorthless(Refused):
    """Accepted before, withdrawn, over, or never written."""

    def __init__(self) -> None:
        super().__init__(_("This invitation no longer holds. Ask whoever invited you for a new one."))


class SignInFirst(Refused):
    """The address belongs to an account already: its holder must be signed in to take a further role."""

    def __init__(self) -> None:
        super().__init__(_("There is an account with this address already. Sign in with it, then open the invitation again."))


class LastAdministrator(Refused):
    """Without an administrator nobody could give a role any more."""

    def __init__(self) -> None:
        super().__init__(_("This is the last administrator. Invite another one first."))


@dataclass(frozen=True)
class Sent:
    """An invitation and its link's secret, which is not kept: it can be handed over once."""

    invitation: Invitation
    secret: str


@action("organisations.invite_account", requires=can_invite, batch=True)
def invite_account(
    offer: Offer, *, address: Address, language: str = "", to_on: dt.date | None = None, actor: Actor, now: dt.datetime
) -> Sent:
    """Promise a role to whoever holds this address, and write to them. The link holds for seven days, once.

    Raises AlreadyInvited, AlreadyHeld, and Refused for a role that one would give oneself.
    """
    known = find_account(address)
    if known is not None and actor.user is not None and known.pk == actor.user.pk:
        raise Refused(_("Nobody gives a role to the own account. Ask another administrator."))
    if known is not None and _open_memberships(known, offer, now).exists():
        raise AlreadyHeld(_("An account with this address holds this role already."))
    index = _address_index(address)
    # An invitation that ran out stands in nobody's way.
    Invitation.objects.filter(
        address_index=index,
        role=offer.role,
        organisation=offer.organisation,
        accepted_at=None,
        withdrawn_at=None,
        expires_at__lt=now,
    ).update(withdrawn_at=now)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        kind=address.kind,
        address=address.value,
        address_index=index,
        role=offer.role,
        organisation=offer.organisation,
        to_on=to_on,
        language=language,
        secret_hash=hash_of(secret),
        invited_by=actor.id,
        sent_at=now,
        expires_at=expires_at(now),
        is_demo=actor.user is not None and actor.user.is_demo,
    )
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:
        raise AlreadyInvited(
            _("An invitation to this address for this role is open already. Send that one again instead.")
        ) from None
    note([Line.about("organisations.invite_account", invitation, after=snapshot(invitation))])
    send_invitation(invitation, secret, actor=actor, now=now)
    return Sent(invitation, secret)


@action("organisations.resend_invitation", requires=can_keep_invitation, batch=True)
def resend_invitation(invitation: Invitation, *, actor: Actor, now: dt.datetime) -> Sent:
    """Write once more, with a new link for seven days; the old link is worth nothing. Raises InvitationWorthless once it
    was accepted or withdrawn."""
    secret = secrets.token_urlsafe(32)
    before = snapshot(invitation)
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        secret_hash=hash_of(secret), sent_at=now, expires_at=expires_at(now), invited_by=actor.id
    )
    if changed != 1:
        raise InvitationWorthless
    invitation.refresh_from_db()
    note([Line.about("organisations.resend_invitation", invitation, before=before, after=snapshot(invitation))])
    send_invitation(invitation, secret, actor=actor, now=now)
    return Sent(invitation, secret)


@action("organisations.withdraw_invitation", requires=can_keep_invitation)
def withdraw_invitation(invitation: Invitation, *, actor: Actor, now: dt.datetime) -> Invitation:
    """Take the promise back. Raises InvitationWorthless once it was accepted or withdrawn."""
    if Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now) != 1:
        raise InvitationWorthless
    invitation.refresh_from_db()
    return invitation


@action("organisations.accept_invitation", requires=anyone, batch=True)
def accept_invitation(invitation: Invitation, *, secret: str, password: str = "", actor: Actor, now: dt.datetime) -> User:
    """Take the role that was promised. An unknown address gets an account with this password (which has passed the
    password rules); the holder of a known one must be signed in as it.

    Raises InvitationWorthless, SignInFirst, AlreadyHeld, and Refused for an invitation one wrote oneself.
    """
    address = Address(AddressKind(invitation.kind), invitation.address)
    known = find_account(address)
    if known is not None and (actor.user is None or actor.user.pk != known.pk):
        raise SignInFirst
    if known is not None and invitation.invited_by == actor.id:
        raise Refused(_("Nobody gives a role to the own account. Ask another administrator."))
    account = known or _new_account(invitation, address, password, now)
    taken = Invitation.objects.filter(
        pk=invitation.pk, secret_hash=hash_of(secret), accepted_at=None, withdrawn_at=None, expires_at__gte=now
    ).update(accepted_at=now, accepted_by=str(account.public_id))
    if taken != 1:
        raise InvitationWorthless
    offer = Offer(Role(invitation.role), invitation.organisation)
    membership = _join(account, offer, invitation.to_on, now)
    before = snapshot(invitation)
    invitation.refresh_from_db()
    lines = [Line.about("organisations.accept_invitation", invitation, before=before, after=snapshot(invitation))]
    if known is None:
        lines.append(Line.about("accounts.open_account", account, after=snapshot(account)))
    note([*lines, Line.about("organisations.begin_membership", membership, after=snapshot(membership))])
    return account


def _new_account(invitation: Invitation, address: Address, password: str, now: dt.datetime) -> User:
    account = User.objects.create_user(password, language=invitation.language, is_demo=invitation.is_demo)
    _give_address(account, address)
    return account


def _give_address(account: User, address: Address) -> None:
    try:
        with transaction.atomic():
            if address.kind is AddressKind.EMAIL:
                EmailAddress.objects.create(user=account, email=address.value, verified=True, primary=True)
            else:
                SignInPhone.objects.create(account=account, phone=address.value, phone_index=phone_index(address.value))
    except IntegrityError:
        # Two links to the same address were opened at once; the other was first.
        raise SignInFirst from None


def _join(account: User, offer: Offer, to_on: dt.date | None, now: dt.datetime) -> Membership:
    if _open_memberships(account, offer, now).exists():
        raise AlreadyHeld(_("Your account holds this role already."))
    try:
        with transaction.atomic():
            return Membership.objects.create(
                account=account, organisation=offer.organisation, role=offer.role, from_on=_today(now), to_on=to_on
            )
    except IntegrityError:
        raise AlreadyHeld(_("Your account holds this role already.")) from None


@action("organisations.end_membership", requires=can_end_membership)
def end_membership(membership: Membership, *, actor: Actor, now: dt.datetime) -> Membership:
    """End a role from today on: its last day was yesterday, or its first if it began today.

    Raises LastAdministrator, and Refused for a role that has ended.
    """
    today = _today(now)
    if membership.role == Role.ADMINISTRATOR:
        _keep_an_administrator(membership.account, today)
    if membership.from_on >= today:
        membership.delete()
        return membership
    ended = Membership.objects.filter(Q(to_on=None) | Q(to_on__gte=today), pk=membership.pk).update(
        to_on=today - dt.timedelta(days=1)
    )
    if ended != 1:
        raise Refused(_("This role has ended already."))
    membership.refresh_from_db()
    return membership


@action("accounts.close_account", requires=can_close_account)
def close_account(account: User, *, actor: Actor, now: dt.datetime) -> User:
    """Let nobody sign in to this account any more; what is open ends at once. Raises LastAdministrator."""
    _keep_an_administrator(account, _today(now))
    account.is_active = False
    account.save(update_fields=["is_active"])
    UserSession.objects.filter(user=account).delete()
    return account


@action("accounts.open_account_again", requires=can_close_account)
def open_account_again(account: User, *, actor: Actor, now: dt.datetime) -> User:
    account.is_active = True
    account.save(update_fields=["is_active"])
    return account


@action("accounts.take_off_second_factor", requires=can_close_account, batch=True)
def take_off_second_factor(account: User, *, actor: Actor, now: dt.datetime) -> None:
    """For a holder who lost phone and recovery codes: the password alone opens the account, until a new app is set up."""
    Authenticator.objects.filter(user=account).delete()
    UserSession.objects.filter(user=account).delete()
    note([Line.about("accounts.take_off_second_factor", account)])


@action("organisations.create_administrator", requires=is_operator, batch=True)
def create_administrator(*, email: str, password: str, actor: Actor, now: dt.datetime) -> User:
    """An account with this address and password that is an administrator from today. Raises Refused when the address
    belongs to an account that is one; another account with it gets the role and the password."""
    offer = Offer(Role.ADMINISTRATOR, None)
    account = find_account(Address(AddressKind.EMAIL, email))
    lines = []
    if account is None:
        account = User.objects.create_user(password)
        _give_address(account, Address(AddressKind.EMAIL, email))
        lines.append(Line.about("accounts.open_account", account, after=snapshot(account)))
    elif _open_memberships(account, offer, now).exists():
        raise AlreadyHeld(_("This account is an administrator already."))
    else:
        account.set_password(password)
        account.is_active = True
        account.save(update_fields=["password", "is_active"])
        lines.append(Line.about("accounts.set_password", account))
    membership = _join(account, offer, None, now)
    note([*lines, Line.about("organisations.begin_membership", membership, after=snapshot(membership))])
    return account


@action("accounts.renew_administrator", requires=is_operator, batch=True)
def renew_administrator(account: User, *, password: str, actor: Actor, now: dt.datetime) -> User:
    """For a machine whose only administrator lost password, phone and codes: a new password, no second factor, open."""
    account.set_password(password)
    account.is_active = True
    account.save(update_fields=["password", "is_active"])
    Authenticator.objects.filter(user=account).delete()
    UserSession.objects.filter(user=account).delete()
    note([Line.about("accounts.renew_administrator", account)])
    return account


def _keep_an_administrator(account: User, today: dt.date) -> None:
    """Raises LastAdministrator when no other open account would be one."""
    # Two administrators who end each other at once wait here for one another; on SQLite the write lock does it.
    held = Membership.objects.filter(Q(to_on=None) | Q(to_on__gte=today), role=Role.ADMINISTRATOR, from_on__lte=today)
    administrators = set(held.select_for_update().order_by("pk").values_list("account_id", flat=True))
    if account.pk not in administrators:
        return
    others = User.objects.filter(pk__in=administrators - {account.pk}, is_active=True)
    if not others.select_for_update().exists():
        raise LastAdministrator


def _open_memberships(account: User, offer: Offer, now: dt.datetime) -> QuerySet[Membership]:
    on = _today(now)
    return Membership.objects.filter(
        Q(to_on=None) | Q(to_on__gte=on), account=account, role=offer.role, organisation=offer.organisation
    )


def _address_index(address: Address) -> bytes:
    return blind_index("invitation", f"{address.kind}:{address.value}")


def _today(now: dt.datetime) -> dt.date:
    return timezone.localdate(now)
