"""The same link opened twice at once, and two administrators who end each other."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Grant, Role, account, visitor
from denggao.foundation.organisations.actions.memberships import accept_invitation, close_account, invite_account
from denggao.foundation.organisations.members.policies import Offer
from denggao.foundation.organisations.models import Invitation, Membership
from denggao.foundation.people.signin.rules import Address, AddressKind
from tests.at_once import at_once
from tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_link_opened_twice_at_once_makes_one_account(now: dt.datetime) -> None:
    cast = make_cast(now)
    address = Address(AddressKind.EMAIL, "new@cast.denggao.example")
    sent = invite_account(Offer(Role.HR, cast.employer), address=address, actor=cast.clerk, now=now)
    before = User.objects.count()

    def accept() -> None:
        invitation = Invitation.objects.get(pk=sent.invitation.pk)
        accept_invitation(invitation, secret=sent.secret, password="Another-ladder-2023", actor=visitor(), now=now)

    outcomes = at_once(accept, accept)

    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "InvitationWorthless", "SignInFirst"}
    assert User.objects.count() == before + 1
    assert Membership.objects.filter(organisation=cast.employer, role=Role.HR).count() == 2


def test_two_administrators_who_close_each_other_leave_one(now: dt.datetime) -> None:
    cast = make_cast(now)
    other = User.objects.create_user()
    Membership.objects.create(account=other, role=Role.ADMINISTRATOR, from_on=dt.date(2020, 1, 1))
    second = account(other, [Grant(Role.ADMINISTRATOR)])
    first = cast.user("administrator")

    outcomes = at_once(
        lambda: close_account(User.objects.get(pk=first.pk), actor=second, now=now),
        lambda: close_account(User.objects.get(pk=other.pk), actor=cast.administrator, now=now),
    )

    assert outcomes == ["LastAdministrator", "done"]
    assert User.objects.filter(pk__in=[first.pk, other.pk], is_active=True).count() == 1
