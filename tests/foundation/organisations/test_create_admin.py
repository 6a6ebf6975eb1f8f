"""The first administrator, and a lost one's way back."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.commands import WrongUse
from denggao.foundation.audit.models import Record
from denggao.foundation.organisations.models import Membership
from denggao.foundation.people.signin.actions import add_second_factor
from tests.cast import Cast

NEW = "Another-ladder-2023"
EMAIL = "first@cast.denggao.example"


def create(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("create_admin", *arguments, "--json", stdout=out)
    read: dict[str, Any] = json.loads(out.getvalue())
    return read


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DENGGAO_ADMIN_PASSWORD", NEW)


def test_the_first_administrator_is_made_and_recorded(db: None) -> None:
    said = create(EMAIL.upper())

    user = User.objects.get(public_id=said["account"])
    assert user.check_password(NEW)
    assert Membership.objects.get(account=user).role == "administrator"
    assert Client().post("/account/login/", {"login": EMAIL, "password": NEW}).status_code == 302
    assert {record.actor_kind for record in Record.objects.filter(action="accounts.open_account")} == {"operator"}


def test_who_is_one_already_is_refused(db: None) -> None:
    create(EMAIL)

    with pytest.raises(SystemExit) as end:
        create(EMAIL)
    assert end.value.code == 1
    assert User.objects.count() == 1


@pytest.mark.parametrize("given", ["nobody", "13800138000", "a@b"])
def test_what_is_no_address_is_wrong_use(db: None, given: str) -> None:
    with pytest.raises(WrongUse) as refusal:
        create(given)
    assert refusal.value.returncode == 2


@pytest.mark.parametrize("given", ["short", "1234567890", "password12"])
def test_a_poor_password_is_wrong_use(db: None, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("DENGGAO_ADMIN_PASSWORD", given)

    with pytest.raises(WrongUse):
        create(EMAIL)
    assert not User.objects.exists()


def test_without_a_terminal_the_variable_is_asked_for(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DENGGAO_ADMIN_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(WrongUse, match="DENGGAO_ADMIN_PASSWORD"):
        create(EMAIL)


def test_an_account_of_another_role_becomes_one(cast: Cast) -> None:
    create(cast.email("clerk"))

    roles = Membership.objects.filter(account=cast.user("clerk")).values_list("role", flat=True)
    assert set(roles) == {"clerk", "administrator"}


def test_a_lost_administrator_finds_back(cast: Cast, now: dt.datetime) -> None:
    add_second_factor(cast.user("administrator"), secret="JBSWY3DPEHPK3PXP", actor=cast.administrator, now=now)

    create(cast.email("administrator"), "--renew")

    assert not Authenticator.objects.exists()
    assert Client().post("/account/login/", {"login": cast.email("administrator"), "password": NEW}).status_code == 302


def test_renewing_is_for_administrators(cast: Cast) -> None:
    with pytest.raises(WrongUse):
        create(cast.email("clerk"), "--renew")
