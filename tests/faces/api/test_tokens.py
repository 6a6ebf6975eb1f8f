"""Tokens: who may issue and revoke them, what is recorded, and what the pages show."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from denggao.faces.api.actions import issue_token, revoke_token
from denggao.faces.api.models import ApiToken
from denggao.faces.api.rules import Scope, may_expire_on, split_token, token_text
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.models import Record
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def last_day(days: int = 30) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.mark.parametrize(("days", "good"), [(-1, False), (0, True), (366, True), (367, False)])
def test_token_holds_for_at_most_a_year(days: int, good: bool) -> None:
    today = dt.date(2022, 10, 10)

    assert may_expire_on(today + dt.timedelta(days=days), today) is good


@pytest.mark.parametrize("text", ["", "dg_", "dg_abc_def", token_text("0" * 10, "a" * 42), token_text("0" * 10, "a" * 44)])
def test_text_that_is_no_token_is_none(text: str) -> None:
    assert split_token(text) is None


def test_hr_issues_for_the_own_organisation_and_it_is_recorded_without_the_secret(cast: Cast) -> None:
    issued = issue_token(
        cast.employer, name="考勤程序甲", scopes=["persons"], expires_on=last_day(), actor=cast.hr, now=timezone.now()
    )

    record = Record.objects.get(action="api.token.issue")
    assert record.object_id == str(issued.token.public_id)
    assert record.after is not None
    assert record.after["scopes"] == ["persons"]
    assert issued.text.rsplit("_", 1)[-1] not in str(record.after)
    assert issued.text not in str(ApiToken.objects.values())


@pytest.mark.parametrize("part", ["other_hr", "worker", "expert", "auditor", "authority", "visitor"])
def test_others_issue_nothing_for_it(cast: Cast, part: str) -> None:
    with pytest.raises(NotAllowed):
        issue_token(
            cast.employer, name="x", scopes=["persons"], expires_on=last_day(), actor=getattr(cast, part), now=timezone.now()
        )


def test_only_the_administrator_grants_the_board(cast: Cast) -> None:
    for actor in (cast.hr, cast.clerk):
        with pytest.raises(NotAllowed):
            issue_token(cast.employer, name="x", scopes=["board"], expires_on=last_day(), actor=actor, now=timezone.now())

    issued = issue_token(
        cast.employer, name="x", scopes=["board"], expires_on=last_day(), actor=cast.administrator, now=timezone.now()
    )

    assert issued.token.scopes == [Scope.BOARD]


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_unknown_and_no_scopes_are_refused(cast: Cast, scopes: list[str]) -> None:
    with pytest.raises(Refused):
        issue_token(cast.employer, name="x", scopes=scopes, expires_on=last_day(), actor=cast.hr, now=timezone.now())


def test_revoking_twice_keeps_the_first_time(cast: Cast, now: dt.datetime) -> None:
    issued = issue_token(cast.employer, name="x", scopes=["persons"], expires_on=last_day(), actor=cast.hr, now=timezone.now())

    revoke_token(issued.token, actor=cast.clerk, now=now)
    revoke_token(ApiToken.objects.get(), actor=cast.hr, now=now + dt.timedelta(days=1))

    assert ApiToken.objects.get().revoked_at == now
    with pytest.raises(NotAllowed):
        revoke_token(issued.token, actor=cast.other_hr, now=now)


def test_pages_issue_show_once_and_revoke(cast: Cast) -> None:
    browser = cast.client_of("hr")
    posted = {"organisation": cast.employer.public_id, "name": "考勤程序甲", "scopes": ["persons"], "expires_on": last_day()}

    answer = browser.post("/account/tokens/new/", posted)

    token = ApiToken.objects.get()
    assert f"dg_{token.prefix}_" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    listed = browser.get("/account/tokens/")
    assert "考勤程序甲" in listed.content.decode()
    assert f"dg_{token.prefix}_" not in listed.content.decode()
    browser.post(f"/account/tokens/{token.public_id}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_pages_hide_the_tokens_of_others(cast: Cast) -> None:
    issued = issue_token(
        cast.employer, name="考勤程序甲", scopes=["persons"], expires_on=last_day(), actor=cast.hr, now=timezone.now()
    )
    other = cast.client_of("other_hr")

    assert "考勤程序甲" not in other.get("/account/tokens/").content.decode()
    assert other.post(f"/account/tokens/{issued.token.public_id}/revoke/").status_code == 404
    posted = {"organisation": cast.employer.public_id, "name": "x", "scopes": ["persons"], "expires_on": last_day()}
    assert other.post("/account/tokens/new/", posted).status_code == 422
    assert cast.client_of("worker").get("/account/tokens/").status_code == 403
    assert ApiToken.objects.count() == 1
