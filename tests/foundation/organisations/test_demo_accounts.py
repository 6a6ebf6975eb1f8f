"""One demo account a role."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Role, operator
from denggao.foundation.organisations.members.demo import DEMO_PASSWORD, demo_accounts, make_demo_accounts
from denggao.foundation.organisations.queries import grants_of
from denggao.foundation.people.signin.queries import find_account
from tests.cast import Cast


def test_one_account_a_role_in_a_fitting_body(cast: Cast, now: dt.datetime, settings: Any) -> None:
    settings.DEMO = True

    made = make_demo_accounts(actor=operator("demo"), now=now, employer=cast.employer)

    assert [one.role for one in made] == list(Role)
    assert next(one.body for one in made if one.role is Role.HR) == cast.employer.name_zh
    assert next(one.body for one in made if one.role is Role.AUTHORITY) == cast.authority_body.name_zh
    for one in made:
        client = Client()
        assert client.post("/account/login/", {"login": one.email, "password": DEMO_PASSWORD}).status_code == 302
        user = find_account(one.email)
        assert user is not None
        assert {grant.role for grant in grants_of(user, on=now.date())} == ({one.role} - {Role.WORKER})


def test_made_twice_they_are_the_same(cast: Cast, now: dt.datetime, settings: Any) -> None:
    settings.DEMO = True
    make_demo_accounts(actor=operator("demo"), now=now, employer=cast.employer)

    again = make_demo_accounts(actor=operator("demo"), now=now, employer=cast.employer)

    assert again == demo_accounts()
    assert User.objects.filter(is_demo=True).count() == len(Role)


def test_outside_demo_mode_none_is_made(cast: Cast, now: dt.datetime) -> None:
    with pytest.raises(Refused):
        make_demo_accounts(actor=operator("demo"), now=now, employer=cast.employer)
    with pytest.raises(NotAllowed):
        make_demo_accounts(actor=cast.administrator, now=now, employer=cast.employer)


def test_outside_demo_mode_none_signs_in(cast: Cast, now: dt.datetime, settings: Any) -> None:
    settings.DEMO = True
    make_demo_accounts(actor=operator("demo"), now=now, employer=cast.employer)
    settings.DEMO = False

    response = Client().post("/account/login/", {"login": demo_accounts()[0].email, "password": DEMO_PASSWORD})

    assert response.status_code == 422
