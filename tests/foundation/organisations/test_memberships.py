"""Who may act: invitations, roles, and accounts closed by the office."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, Grant, Role, account, operator, visitor
from denggao.foundation.audit.models import Record
from denggao.foundation.jobs.work import drain
from denggao.foundation.organisations.actions.memberships import (
    AlreadyHeld,
    AlreadyInvited,
    InvitationWorthless,
    LastAdministrator,
    Sent,
    SignInFirst,
    accept_invitation,
    close_account,
    end_membership,
    invite_account,
    open_account_again,
    resend_invitation,
    take_off_second_factor,
    withdraw_invitation,
)
from denggao.foundation.organisations.members.policies import Offer, can_invite
from denggao.foundation.organisations.members.queries import invitation_by
from denggao.foundation.organisations.members.rules import State, held_rightly, state_of
from denggao.foundation.organisations.models import Invitation, Membership
from denggao.foundation.organisations.queries import grants_of
from denggao.foundation.people.signin.actions import add_second_factor
from denggao.foundation.people.signin.rules import Address, read_address
from tests.cast import PASSWORD, Cast, parts

NEW = "Another-ladder-2023"


def address(text: str = "new@cast.denggao.example") -> Address:
    read = read_address(text)
    assert read
    return read


def invited(cast: Cast, now: dt.datetime, *, role: Role = Role.HR, to: str = "new@cast.denggao.example", by: str = "clerk") -> Sent:
    body = None if held_rightly(role, has_body=False) else cast.employer
    return invite_account(Offer(role, body), address=address(to), actor=getattr(cast, by), now=now)


def accepted(sent: Sent, now: dt.datetime, *, password: str = NEW, actor: Actor | None = None) -> User:
    return accept_invitation(sent.invitation, secret=sent.secret, password=password, actor=actor or visitor(), now=now)


# Who may give which role

OFFICE = [Role.ADMINISTRATOR, Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.FINANCE, Role.AUDITOR]
GIVEN_BY: dict[Role, set[str]] = {
    **{role: {"administrator"} for role in OFFICE},
    Role.AUTHORITY: {"administrator"},
    Role.HR: {"administrator", "clerk", "hr"},
    Role.BASE_MANAGER: {"administrator", "clerk"},
    Role.TEACHER: {"administrator", "clerk"},
    Role.EXPERT: set(),
    Role.WORKER: set(),
}
EVERYBODY = parts()


@pytest.mark.parametrize("role", list(Role))
def test_who_may_give_a_role(cast: Cast, role: Role) -> None:
    offer = Offer(role, None if role in OFFICE else cast.employer)

    may = {part for part in EVERYBODY if can_invite(getattr(cast, part), offer)}

    assert may == GIVEN_BY[role]


def test_an_office_role_has_no_body_and_the_others_one(cast: Cast) -> None:
    assert not can_invite(cast.administrator, Offer(Role.CLERK, cast.employer))
    assert not can_invite(cast.administrator, Offer(Role.HR, None))


def test_who_may_not_is_refused_and_nothing_is_written(cast: Cast, now: dt.datetime) -> None:
    for part in ("other_hr", "reviewer", "auditor", "worker"):
        with pytest.raises(NotAllowed):
            invite_account(Offer(Role.HR, cast.employer), address=address(), actor=getattr(cast, part), now=now)

    assert not Invitation.objects.exists()


# Inviting


def test_an_invitation_is_written_sent_and_recorded(cast: Cast, now: dt.datetime) -> None:
    sent = invited(cast, now)

    drain()
    assert mail.outbox[0].to == ["new@cast.denggao.example"]
    assert f"/account/invitation/{sent.secret}/" in mail.outbox[0].body
    record = Record.objects.get(action="organisations.invite_account")
    assert record.after is not None
    assert record.after["role"] == "hr"
    assert sent.secret not in str(list(Record.objects.values()))
    assert "new@cast" not in str(list(Record.objects.values()))
    assert invitation_by(sent.secret, now) == sent.invitation
    assert not User.objects.filter(emailaddress__email="new@cast.denggao.example").exists()


def test_the_same_invitation_is_not_written_twice(cast: Cast, now: dt.datetime) -> None:
    invited(cast, now)

    with pytest.raises(AlreadyInvited):
        invited(cast, now)


def test_an_invitation_that_ran_out_stands_in_nobodys_way(cast: Cast, now: dt.datetime) -> None:
    invited(cast, now)

    again = invited(cast, now + dt.timedelta(days=7, seconds=1))

    assert invitation_by(again.secret, now + dt.timedelta(days=8)) is not None


def test_nobody_invites_the_own_account(cast: Cast, now: dt.datetime) -> None:
    with pytest.raises(Refused):
        invited(cast, now, role=Role.APPROVER, to=cast.email("administrator"), by="administrator")


def test_a_role_held_already_is_not_promised(cast: Cast, now: dt.datetime) -> None:
    with pytest.raises(AlreadyHeld):
        invited(cast, now, to=cast.email("hr"))


# Accepting


@pytest.mark.parametrize("to", ["new@cast.denggao.example", "138 0013 8000"])
def test_accepting_opens_an_account_with_the_role(cast: Cast, now: dt.datetime, to: str) -> None:
    user = accepted(invited(cast, now, to=to), now)

    assert grants_of(user, on=now.date()) == {Grant(Role.HR, cast.employer.pk)}
    client = Client()
    assert client.post("/account/login/", {"login": to, "password": NEW}).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    codes = {"organisations.accept_invitation", "accounts.open_account", "organisations.begin_membership"}
    records = Record.objects.filter(action__in=codes)
    assert len(records) == 3
    assert len({record.act_id for record in records}) == 1


def test_a_link_opens_once(cast: Cast, now: dt.datetime) -> None:
    sent = invited(cast, now)
    user = accepted(sent, now)

    with pytest.raises(InvitationWorthless):
        accepted(sent, now, actor=account(user, ()))
    assert Membership.objects.filter(account=user).count() == 1


@pytest.mark.parametrize(("after", "opens"), [(dt.timedelta(days=7), True), (dt.timedelta(days=7, seconds=1), False)])
def test_a_link_holds_for_seven_days(cast: Cast, now: dt.datetime, after: dt.timedelta, opens: bool) -> None:
    sent = invited(cast, now)

    if opens:
        assert accepted(sent, now + after)
    else:
        with pytest.raises(InvitationWorthless):
            accepted(sent, now + after)
        assert not EmailAddress.objects.filter(email="new@cast.denggao.example").exists()


def test_a_guessed_secret_opens_nothing(cast: Cast, now: dt.datetime) -> None:
    sent = invited(cast, now)

    with pytest.raises(InvitationWorthless):
        accept_invitation(sent.invitation, secret="guessed", password=NEW, actor=visitor(), now=now)


def test_a_withdrawn_invitation_opens_nothing(cast: Cast, now: dt.datetime) -> None:
    sent = invited(cast, now)
    withdraw_invitation(sent.invitation, actor=cast.hr, now=now)

    with pytest.raises(InvitationWorthless):
        accepted(sent, now)
    with pytest.raises(InvitationWorthless):
        resend_invitation(sent.invitation, actor=cast.clerk, now=now)


def test_a_new_link_takes_the_place_of_the_old(cast: Cast, now: dt.datetime) -> None:
    first = invited(cast, now)
    second = resend_invitation(first.invitation, actor=cast.clerk, now=now + dt.timedelta(days=6))

    assert invitation_by(first.secret, now) is None
    with pytest.raises(InvitationWorthless):
        accepted(first, now)
    assert accepted(second, now + dt.timedelta(days=12))


def test_a_known_address_must_be_signed_in(cast: Cast, now: dt.datetime) -> None:
    sent = invited(cast, now, to=cast.email("expert"))

    for other in (visitor(), cast.worker):
        with pytest.raises(SignInFirst):
            accepted(sent, now, actor=other)
    accepted(sent, now, actor=cast.expert)

    assert grants_of(cast.user("expert"), on=now.date()) == {Grant(Role.EXPERT, cast.base.pk), Grant(Role.HR, cast.employer.pk)}
    assert cast.user("expert").check_password(PASSWORD)


def test_who_invited_does_not_accept(cast: Cast, now: dt.datetime) -> None:
    sent = invited(cast, now, role=Role.APPROVER, by="administrator")
    EmailAddress.objects.filter(user=cast.user("administrator")).update(email="new@cast.denggao.example")

    with pytest.raises(Refused):
        accepted(sent, now, actor=cast.administrator)


def test_a_role_may_end_on_a_day(cast: Cast, now: dt.datetime) -> None:
    last = now.date() + dt.timedelta(days=30)
    sent = invite_account(Offer(Role.HR, cast.employer), address=address(), to_on=last, actor=cast.clerk, now=now)

    user = accepted(sent, now)

    assert grants_of(user, on=last)
    assert not grants_of(user, on=last + dt.timedelta(days=1))


# Ending


def membership(cast: Cast, part: str) -> Membership:
    return Membership.objects.get(account=cast.user(part))


@pytest.mark.parametrize(
    ("whose", "who"),
    [("hr", "clerk"), ("hr", "administrator"), ("clerk", "administrator"), ("authority", "administrator")],
)
def test_a_role_ends_today(cast: Cast, now: dt.datetime, whose: str, who: str) -> None:
    end_membership(membership(cast, whose), actor=getattr(cast, who), now=now)

    assert not grants_of(cast.user(whose), on=now.date())
    assert grants_of(cast.user(whose), on=now.date() - dt.timedelta(days=1))
    assert Record.objects.get(action="organisations.end_membership").after == {"to_on": "2022-10-09"}


@pytest.mark.parametrize(
    ("whose", "who"),
    [
        ("hr", "hr"),
        ("hr", "other_hr"),
        ("hr", "reviewer"),
        ("hr", "auditor"),
        ("clerk", "clerk"),
        ("reviewer", "clerk"),
        ("authority", "clerk"),
        ("administrator", "administrator"),
    ],
)
def test_who_may_not_end_a_role(cast: Cast, now: dt.datetime, whose: str, who: str) -> None:
    with pytest.raises(NotAllowed):
        end_membership(membership(cast, whose), actor=getattr(cast, who), now=now)


def test_hr_ends_a_colleagues_role(cast: Cast, now: dt.datetime) -> None:
    user = accepted(invited(cast, now), now)

    end_membership(Membership.objects.get(account=user), actor=cast.hr, now=now)

    assert not grants_of(user, on=now.date())


def test_a_role_ends_once(cast: Cast, now: dt.datetime) -> None:
    end_membership(membership(cast, "hr"), actor=cast.clerk, now=now)

    with pytest.raises(Refused):
        end_membership(membership(cast, "hr"), actor=cast.clerk, now=now)


def another_administrator(cast: Cast, now: dt.datetime) -> Actor:
    user = accepted(invited(cast, now, role=Role.ADMINISTRATOR, by="administrator"), now)
    return account(user, [Grant(Role.ADMINISTRATOR)])


def test_the_last_administrator_stays(cast: Cast, now: dt.datetime) -> None:
    for act in (
        lambda: end_membership(membership(cast, "administrator"), actor=operator("test"), now=now),
        lambda: close_account(cast.user("administrator"), actor=operator("test"), now=now),
    ):
        with pytest.raises(LastAdministrator):
            act()

    other = another_administrator(cast, now)
    end_membership(membership(cast, "administrator"), actor=other, now=now)
    assert not grants_of(cast.user("administrator"), on=now.date())


def test_a_closed_administrator_is_none(cast: Cast, now: dt.datetime) -> None:
    other = another_administrator(cast, now)
    close_account(cast.user("administrator"), actor=other, now=now)

    assert other.user is not None
    with pytest.raises(LastAdministrator):
        close_account(other.user, actor=operator("test"), now=now)


# Accounts


@pytest.mark.parametrize("who", ["hr", "clerk", "reviewer", "auditor", "authority"])
def test_accounts_are_closed_by_administrators_alone(cast: Cast, now: dt.datetime, who: str) -> None:
    for act in (close_account, open_account_again, take_off_second_factor):
        with pytest.raises(NotAllowed):
            act(cast.user("expert"), actor=getattr(cast, who), now=now)


def test_an_administrator_does_not_close_the_own_account(cast: Cast, now: dt.datetime) -> None:
    another_administrator(cast, now)

    with pytest.raises(NotAllowed):
        close_account(cast.user("administrator"), actor=cast.administrator, now=now)


def test_a_closed_account_opens_again(cast: Cast, now: dt.datetime) -> None:
    client = cast.client_of("hr")
    close_account(cast.user("hr"), actor=cast.administrator, now=now)
    assert client.get("/account/").status_code == 302

    open_account_again(cast.user("hr"), actor=cast.administrator, now=now)

    assert client.post("/account/login/", {"login": cast.email("hr"), "password": PASSWORD})["Location"] == "/desk/"
    assert [
        record.after for record in Record.objects.filter(action__startswith="accounts.").exclude(action="accounts.sign_in")
    ] == [
        {"is_active": False},
        {"is_active": True},
    ]


def test_a_lost_second_factor_is_taken_off(cast: Cast, now: dt.datetime) -> None:
    add_second_factor(cast.user("clerk"), secret="JBSWY3DPEHPK3PXP", actor=cast.clerk, now=now)

    take_off_second_factor(cast.user("clerk"), actor=cast.administrator, now=now)

    assert not Authenticator.objects.exists()
    assert Record.objects.filter(action="accounts.take_off_second_factor").count() == 1


@pytest.mark.parametrize(
    ("accepted_at", "withdrawn_at", "seconds", "state"),
    [
        (None, None, 0, State.OPEN),
        (None, None, 1, State.EXPIRED),
        (True, None, 1, State.ACCEPTED),
        (None, True, -1, State.WITHDRAWN),
    ],
)
def test_how_an_invitation_stands(now: dt.datetime, accepted_at: Any, withdrawn_at: Any, seconds: int, state: State) -> None:
    stands = state_of(
        accepted_at=now if accepted_at else None,
        withdrawn_at=now if withdrawn_at else None,
        expires_at=now,
        now=now + dt.timedelta(seconds=seconds),
    )

    assert stands is state


# Pages


def test_the_office_sees_all_and_hr_the_own_body(cast: Cast) -> None:
    office = cast.client_of("clerk").get("/account/members/").content.decode()
    hr = cast.client_of("hr").get("/account/members/").content.decode()

    assert cast.email("other_hr") in office
    assert cast.email("hr") in hr
    assert cast.email("other_hr") not in hr
    assert cast.email("clerk") not in hr


def test_members_of_another_body_do_not_exist_for_hr(cast: Cast, now: dt.datetime) -> None:
    other = membership(cast, "other_hr")
    sent = invite_account(Offer(Role.HR, cast.other_employer), address=address(), actor=cast.clerk, now=now)
    client = cast.client_of("hr")

    for url in (f"/account/members/{other.public_id}/", f"/account/members/invitations/{sent.invitation.public_id}/"):
        assert client.get(url).status_code == 404
    for url in (
        f"/account/members/{other.public_id}/end/",
        f"/account/members/{other.public_id}/close/",
        f"/account/members/invitations/{sent.invitation.public_id}/resend/",
        f"/account/members/invitations/{sent.invitation.public_id}/withdraw/",
    ):
        assert client.post(url).status_code == 404
    assert membership(cast, "other_hr").to_on is None


def test_an_invitation_walks_from_page_to_account(cast: Cast) -> None:
    client = cast.client_of("hr")
    form = {"address": "new@cast.denggao.example", "role": "hr", "organisation": cast.employer.pk, "language": "en"}
    response = client.post("/account/members/invite/", form)
    assert response.status_code == 302
    drain()
    found = re.search(r"https?://[^/]+(/account/invitation/\S+)", mail.outbox[0].body)
    assert found
    newcomer = Client()

    page = newcomer.get(found[1], follow=True)
    assert page.redirect_chain[-1][0] == "/account/invitation/"
    assert newcomer.post("/account/invitation/", {"new_password": "short", "repeated": "short"}).status_code == 422
    done = newcomer.post("/account/invitation/", {"new_password": NEW, "repeated": NEW})

    assert done["Location"] == "/account/login/"
    assert newcomer.post("/account/login/", {"login": "new@cast.denggao.example", "password": NEW}).status_code == 302
    assert newcomer.get("/account/members/").status_code == 200


def test_hr_is_offered_the_own_body_alone(cast: Cast) -> None:
    client = cast.client_of("hr")
    page = client.get("/account/members/invite/").content.decode()
    form = {"address": "new@cast.denggao.example", "role": "hr", "organisation": cast.other_employer.pk, "language": "en"}

    assert cast.other_employer.name_zh not in page
    assert client.post("/account/members/invite/", form).status_code == 422
    assert client.post("/account/members/invite/", {**form, "role": "clerk", "organisation": ""}).status_code == 422
    assert not Invitation.objects.exists()


def test_where_nothing_can_be_sent_the_link_is_handed_over_once(cast: Cast) -> None:
    client = cast.client_of("clerk")
    form = {"address": "13800138000", "role": "hr", "organisation": cast.employer.pk, "language": "zh-hans"}

    page = client.post("/account/members/invite/", form, follow=True)
    url = page.redirect_chain[-1][0]

    assert "/account/invitation/" in page.content.decode()
    assert "/account/invitation/" not in client.get(url).content.decode()


def test_inviting_asks_for_a_recent_password(cast: Cast) -> None:
    client = cast.client_of("hr")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 901}]
    session.save()

    response = client.get("/account/members/invite/")

    assert response["Location"].startswith("/account/confirm/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_alike_however_long(cast: Cast, now: dt.datetime, rows: int, django_assert_num_queries: Any) -> None:
    Membership.objects.exclude(account=cast.user("clerk")).delete()
    for number in range(rows - 1):
        user = User.objects.create_user()
        EmailAddress.objects.create(user=user, email=f"m{number}@cast.denggao.example", verified=True, primary=True)
        Membership.objects.create(account=user, organisation=cast.employer, role=Role.HR, from_on=now.date())
    client = cast.client_of("clerk")
    client.get("/account/members/")

    with django_assert_num_queries(14):
        assert client.get("/account/members/").status_code == 200


def test_the_list_is_handed_out_as_it_is_shown(cast: Cast) -> None:
    response = cast.client_of("clerk").get("/account/members/?role=hr&export=csv")

    text = response.content.decode("utf-8-sig")
    assert cast.email("hr") in text
    assert cast.email("clerk") not in text


def test_who_has_no_business_there_is_told_who_grants_it(cast: Cast) -> None:
    for part in ("worker", "expert", "base_manager"):
        response = cast.client_of(part).get("/account/members/")

        assert response.status_code == 403
        assert "办" in response.content.decode() or "office" in response.content.decode()


def test_the_worthless_link_has_a_page(db: None) -> None:
    client = Client()

    assert client.get("/account/invitation/").status_code == 410
    assert client.get("/account/invitation/guessed/", follow=True).status_code == 410


def test_last_sign_in_is_of_today(cast: Cast) -> None:
    client = Client()
    client.post("/account/login/", {"login": cast.email("hr"), "password": PASSWORD})

    seen = User.objects.get(pk=cast.user("hr").pk).last_login

    assert seen is not None
    assert abs(timezone.now() - seen) < dt.timedelta(minutes=1)
