"""Roles and invitations, as pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import OFFICE_ROLES, Actor, Grant, Role
from denggao.foundation.audit.readied import Readied, readied
from denggao.foundation.organisations.members.rules import State, hash_of, state_of
from denggao.foundation.organisations.models import Invitation, Membership, Organisation
from denggao.foundation.organisations.queries import derived_roles
from denggao.foundation.people.masks import mask_phone
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import persons_of
from denggao.foundation.people.signin.queries import label_of, labels_of, mask_email
from denggao.foundation.ui.navigation import Identity
from denggao.foundation.ui.templatetags.dg import role_label


@dataclass(frozen=True)
class RoleLine:
    """One role of an account, as its own page shows it; ``body`` is empty for office roles."""

    role: str
    body: str
    from_on: dt.date
    to_on: dt.date | None


@dataclass(frozen=True)
class MemberRow:
    """One role in the list of members. ``label`` is the account's e-mail address or its masked phone."""

    membership: Membership
    label: str
    second_factor: bool
    ended: bool


@dataclass(frozen=True)
class InvitationRow:
    invitation: Invitation
    address: str
    state: State


def holding(memberships: QuerySet[Membership], on: dt.date) -> QuerySet[Membership]:
    """Those that hold on a day."""
    return memberships.filter(Q(to_on=None) | Q(to_on__gte=on), from_on__lte=on)


def holders(*roles: str, bodies: Collection[int] | None = None, but: str = "", on: dt.date) -> list[User]:
    """Accounts in use, each once, that hold one of the roles on a day in one of the bodies, or (None) in the office; all but the
    actor of id ``but``. One query."""
    held = Membership.objects.filter(role__in=roles, account__is_active=True)
    held = held.filter(organisation=None) if bodies is None else held.filter(organisation_id__in=bodies)
    found = holding(held, on).select_related("account").order_by("account_id")
    return list({one.account_id: one.account for one in found if str(one.account.public_id) != but}.values())


def accounts_of(*actor_ids: str) -> list[User]:
    """The accounts in use among actors, by id; operators and programs are none. One query."""
    return list(User.objects.filter(public_id__in=[actor_id for actor_id in actor_ids if _is_uuid(actor_id)], is_active=True))


def roles_of(user: User, on: dt.date) -> list[RoleLine]:
    """The roles an account holds on a day, office roles first, those a register gives last."""
    held = holding(Membership.objects.filter(account=user), on).select_related("organisation").order_by("organisation_id", "pk")
    lines = [RoleLine(one.role, one.organisation.name if one.organisation else "", one.from_on, one.to_on) for one in held]
    given = [RoleLine(role, "", since, None) for rows in derived_roles(user.pk, on) for role, _body, since in rows]
    return sorted(lines, key=lambda line: bool(line.body)) + given


def member_rows(memberships: Iterable[Membership], on: dt.date) -> list[MemberRow]:
    """Rows of one page, whose accounts and bodies are joined. Three queries however many rows."""
    page = list(memberships)
    users = [one.account for one in page]
    labels = labels_of(users)
    secured = set(Authenticator.objects.filter(user__in=users, type=Authenticator.Type.TOTP).values_list("user_id", flat=True))
    return [
        MemberRow(one, labels[one.account_id], one.account_id in secured, one.to_on is not None and one.to_on < on) for one in page
    ]


def with_address(memberships: QuerySet[Membership], text: str) -> QuerySet[Membership]:
    """Memberships whose account's e-mail address, or whose body's name, contains the text."""
    accounts = EmailAddress.objects.filter(email__icontains=text).values("user_id")
    body = Q(organisation__name_zh__icontains=text) | Q(organisation__name_en__icontains=text)
    return memberships.filter(body | Q(account_id__in=accounts))


def invitation_rows(invitations: Iterable[Invitation], now: dt.datetime) -> list[InvitationRow]:
    return [invitation_row(one, now) for one in invitations]


def invitation_row(invitation: Invitation, now: dt.datetime) -> InvitationRow:
    masked = mask_email(invitation.address) if invitation.kind == Invitation.Kind.EMAIL else mask_phone(invitation.address)
    return InvitationRow(invitation, masked, state_on(invitation, now))


def state_on(invitation: Invitation, now: dt.datetime) -> State:
    return state_of(
        accepted_at=invitation.accepted_at, withdrawn_at=invitation.withdrawn_at, expires_at=invitation.expires_at, now=now
    )


def invitation_by(secret: str, now: dt.datetime) -> Invitation | None:
    """The open invitation this secret belongs to."""
    found = Invitation.objects.select_related("organisation").filter(secret_hash=hash_of(secret)).first()
    return found if found is not None and state_on(found, now) is State.OPEN else None


def identity_of_account(actor: Actor) -> Identity:
    """Who is signed in, as the frame of each page shows it to the holder alone: the person's whole name where there is
    one, else the role; beside it the body, none for the office. Two queries."""
    if actor.user is None:
        return Identity(actor.text)
    grant = min(actor.grants, key=_foremost, default=None)
    name = next((name for _pk, name in persons_of(actor)), "")
    body = Organisation.objects.filter(pk=grant.organisation_id).first() if grant and grant.organisation_id else None
    return Identity(name or (role_label(grant.role) if grant else label_of(actor.user)), body.name if body else "")


def _foremost(grant: Grant) -> tuple[bool, bool, int]:
    """An office role, then one held in a body, then what a register gives."""
    return grant.role not in OFFICE_ROLES, grant.organisation_id is None, list(Role).index(grant.role)


def names_of_accounts(public_ids: Collection[str]) -> dict[str, str]:
    """By public id: the person's name where there is one, else the role. Two queries, however many."""
    ids = [public_id for public_id in public_ids if _is_uuid(public_id)]
    people = Person.objects.filter(account__public_id__in=ids).values_list("account__public_id", "name")
    names = {str(public_id): name for public_id, name in people}
    held = (
        Membership.objects.filter(account__public_id__in=ids).order_by("-from_on", "-pk").values_list("account__public_id", "role")
    )
    return {**{str(public_id): str(role_label(Role(role))) for public_id, role in held}, **names}


def office_names(roles: frozenset[Role], on: dt.date) -> dict[str, str]:
    """By public id: what those are called who hold one of these office roles on a day. One query."""
    rows = _office(roles & OFFICE_ROLES).rows(on)
    return {str(public_id): name or str(role_label(Role(role))) for public_id, name, role in rows}


@cache
def _office(roles: frozenset[Role]) -> Readied[[dt.date], Membership, tuple[UUID, str | None, str]]:
    @readied(dt.date)
    def held(on: dt.date) -> QuerySet[Membership, tuple[UUID, str | None, str]]:
        rows = Membership.objects.filter(
            Q(to_on__isnull=True) | Q(to_on__gte=on), organisation__isnull=True, from_on__lte=on,
            role__in=sorted(roles), account__is_active=True,
        )  # fmt: skip
        return rows.order_by("-from_on", "-pk").values_list("account__public_id", "account__person__name", "role")

    return held


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
