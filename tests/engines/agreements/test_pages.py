"""Signing through the pages: what a signatory sees, what is asked of them, and what a hurried or stale click does."""

from __future__ import annotations

import datetime as dt
import re
import time
import uuid
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denggao.engines.agreements.actions import sign, void_request
from denggao.engines.agreements.models import Refusal, Signature, SigningRequest
from denggao.engines.agreements.panels import panel_for
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.models import Record
from denggao.foundation.people.signin.actions import add_second_factor
from tests.cast import PASSWORD, Cast, browser_of
from tests.engines.agreements.conftest import Three
from tests.engines.agreements.matter import KIND, TEXT, Matter, asked, factor

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(step: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + step))


def secured(actor: Actor, now: dt.datetime) -> list[str]:
    """The account has an app with SECRET; its recovery codes."""
    assert isinstance(actor.user, User)
    return add_second_factor(actor.user, secret=SECRET, actor=actor, now=now)


def client_of(actor: Actor) -> Client:
    assert isinstance(actor.user, User)
    return browser_of(actor.user, ["password"])


def form(request: SigningRequest, three: Three, **changed: Any) -> dict[str, Any]:
    given = {"organisation": three.labour.public_id, "shown_hash": request.content_hash, "read": "on", "proof": code()}
    return given | changed


def page(client: Client, request: SigningRequest) -> str:
    response = client.get(f"/signatures/{request.public_id}/")
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, request: SigningRequest, data: dict[str, Any], act: str = "sign", **more: Any) -> Any:
    return client.post(f"/signatures/{request.public_id}/{act}/", data, **more)


@pytest.fixture
def request_(cast: Cast, three: Three, matter: Matter, now: dt.datetime) -> SigningRequest:
    secured(three.for_labour, now)
    return asked(matter, three.bodies, cast, now)


def test_the_page_shows_the_whole_text_its_hash_and_as_whom_one_signs(three: Three, request_: SigningRequest) -> None:
    shown = page(client_of(three.for_labour), request_)

    for said in ("滴水湖实训基地", "工业机器人系统操作员 · 4级", TEXT["期限"], request_.content_hash, "林人社", "申报单位"):
        assert str(said) in shown
    for body in three.bodies:
        assert body.name_zh in shown


def test_a_code_signs_and_the_page_shows_the_receipt(three: Three, request_: SigningRequest) -> None:
    client = client_of(three.for_labour)

    answer = send(client, request_, form(request_, three), follow=True)

    said = Signature.objects.get()
    shown = answer.content.decode()
    assert (said.second_factor, said.name, said.hash_seen) == ("totp", "林人社", request_.content_hash)
    assert said.origin.startswith("web:")
    assert str(said.public_id) in shown
    assert answer.redirect_chain[-1][0] == f"/signatures/{request_.public_id}/"


def test_a_recovery_code_signs_once(cast: Cast, three: Three, matter: Matter, now: dt.datetime) -> None:
    codes = secured(three.for_labour, now)
    first = asked(matter, three.bodies, cast, now)
    client = client_of(three.for_labour)

    send(client, first, form(first, three, proof=codes[0]))
    second = asked(matter, three.bodies, cast, now, title_zh="改了的文本")
    again = send(client, second, form(second, three, proof=codes[0]))

    assert [said.second_factor for said in Signature.objects.all()] == ["recovery_code"]
    assert again.status_code == 422


def test_wrong_codes_sign_nothing_are_recorded_and_limited(three: Three, request_: SigningRequest) -> None:
    client = client_of(three.for_labour)

    answers = [send(client, request_, form(request_, three, proof="000000")).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]
    assert not Signature.objects.exists()
    assert Record.objects.filter(action="accounts.proof_refused").count() == 6


def test_without_a_second_factor_one_is_led_to_set_it_up_and_back(
    cast: Cast, three: Three, matter: Matter, now: dt.datetime
) -> None:
    request = asked(matter, three.bodies, cast, now)
    client = client_of(three.for_area)

    shown = page(client, request)
    answer = send(client, request, form(request, three, organisation=three.area.public_id, proof="123456"))

    way = f"/account/second-factor/?next=%2Fsignatures%2F{request.public_id}%2F"
    assert way in shown
    assert 'name="proof"' not in shown
    assert answer["Location"] == way
    assert not Signature.objects.exists()


def test_in_demo_mode_the_password_again_signs_and_is_called_so(
    cast: Cast, three: Three, matter: Matter, now: dt.datetime, settings: Any
) -> None:
    settings.DEMO = True
    request = asked(matter, three.bodies, cast, now)
    client = cast.client_of("authority")

    wrong = send(client, request, form(request, three, organisation=three.union.public_id, proof="guessed-it"))
    send(client, request, form(request, three, organisation=three.union.public_id, proof=PASSWORD))

    assert wrong.status_code == 422
    assert Signature.objects.get().second_factor == "password (demo)"


def test_in_demo_mode_an_account_with_an_app_needs_its_code(three: Three, request_: SigningRequest, settings: Any) -> None:
    settings.DEMO = True

    answer = send(client_of(three.for_labour), request_, form(request_, three, proof=PASSWORD[:20]))

    assert answer.status_code == 422
    assert not Signature.objects.exists()


def test_a_second_click_shows_the_first_ones_receipt(three: Three, request_: SigningRequest) -> None:
    client = client_of(three.for_labour)
    sent = form(request_, three)

    first, second = send(client, request_, sent), send(client, request_, sent)

    assert first["Location"] == second["Location"]
    assert Signature.objects.count() == 1
    assert Record.objects.filter(action="agreements.sign").count() == 1
    assert not Record.objects.filter(action="accounts.proof_refused").exists()


def test_a_form_of_a_text_that_was_edited_is_refused_before_its_code_is_taken(
    cast: Cast, three: Three, matter: Matter, request_: SigningRequest, now: dt.datetime
) -> None:
    client = client_of(three.for_labour)
    typed = code()
    newer = asked(matter, three.bodies, cast, now, title_zh="改了的文本")

    old = send(client, request_, form(request_, three, proof=typed))
    new = send(client, newer, form(newer, three, proof=typed))

    assert old.status_code == 422
    assert f"/signatures/{newer.public_id}/" in old.content.decode()
    assert "改了" in newer.title_zh
    assert new.status_code == 302
    assert Signature.objects.get().signer.request == newer


def test_a_form_with_an_old_hash_is_refused_and_a_fresh_one_offered(three: Three, request_: SigningRequest) -> None:
    answer = send(client_of(three.for_labour), request_, form(request_, three, shown_hash="0" * 64))

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "0" * 64 not in shown
    assert f'value="{request_.content_hash}"' in shown


def test_one_must_say_that_one_has_read_it(three: Three, request_: SigningRequest) -> None:
    sent = form(request_, three)
    del sent["read"]

    assert send(client_of(three.for_labour), request_, sent).status_code == 422
    assert not Signature.objects.exists()


def test_a_refusal_needs_a_reason_and_keeps_it(three: Three, matter: Matter, request_: SigningRequest) -> None:
    client = client_of(three.for_labour)
    sent = {"organisation": three.labour.public_id, "shown_hash": request_.content_hash}

    empty = send(client, request_, {**sent, "reason": " "}, "refuse")
    done = send(client, request_, {**sent, "reason": "消防验收文件过期"}, "refuse", follow=True)

    assert empty.status_code == 422
    assert Refusal.objects.get().reason == "消防验收文件过期"
    assert matter.told == [("refused", 1)]
    assert "消防验收文件过期" in done.content.decode()


def test_who_signs_for_none_of_its_bodies_does_not_find_it(cast: Cast, three: Three, request_: SigningRequest) -> None:
    for part in ("hr", "base_manager", "expert", "worker"):
        client = cast.client_of(part)
        assert client.get(f"/signatures/{request_.public_id}/").status_code == 404
        assert send(client, request_, form(request_, three)).status_code == 404
        assert "滴水湖" not in client.get("/signatures/?tab=all").content.decode().partition("<main")[2]


def test_whom_the_matter_lets_see_it_reads_but_is_offered_no_form(
    cast: Cast, three: Three, matter: Matter, request_: SigningRequest
) -> None:
    matter.readers.add(cast.hr.id)
    client = cast.client_of("hr")

    shown = page(client, request_)

    assert request_.content_hash in shown
    assert 'name="proof"' not in shown
    assert send(client, request_, form(request_, three)).status_code == 404


def test_another_bodys_name_in_the_form_signs_nothing(three: Three, request_: SigningRequest) -> None:
    answer = send(client_of(three.for_labour), request_, form(request_, three, organisation=three.area.public_id))

    assert answer.status_code == 422
    assert not Signature.objects.exists()


def test_where_one_comes_from_is_for_the_office_and_oneself(
    cast: Cast, three: Three, request_: SigningRequest, now: dt.datetime
) -> None:
    sign(
        request_, organisation=three.union, shown_hash=request_.content_hash,
        second_factor=factor(three.for_union, now), actor=three.for_union, now=now,
    )  # fmt: skip

    assert "web:127.0.0.1" not in page(client_of(three.for_labour), request_)
    assert "web:127.0.0.1" in page(cast.client_of("auditor"), request_)
    assert "web:127.0.0.1" in page(cast.client_of("authority"), request_)


def test_the_desk_and_the_navigation_count_what_waits(three: Three, request_: SigningRequest, now: dt.datetime) -> None:
    client = client_of(three.for_labour)

    desk, waiting = client.get("/desk/").content.decode(), client.get("/signatures/").content.decode()
    send(client, request_, form(request_, three))
    after = client.get("/signatures/?tab=waiting").content.decode().partition("<main")[2]

    assert "/signatures/?tab=waiting" in desk
    assert request_.title_zh in waiting
    assert request_.title_zh not in after
    assert request_.title_zh in client.get("/signatures/?tab=all").content.decode()


def test_the_list_is_searched_filtered_and_exported(cast: Cast, matter: Matter, request_: SigningRequest, now: dt.datetime) -> None:
    client = cast.client_of("clerk")
    void_request(request_, reason="单位撤回", actor=cast.clerk, now=now)

    def listed(query: str) -> bool:
        return request_.title_zh in client.get(f"/signatures/?tab=all&{query}").content.decode()

    assert listed("q=滴水湖")
    assert listed("q=人力资源")
    assert not listed("q=没有这个")
    assert listed("state=void")
    assert not listed("state=open")
    exported = client.get("/signatures/?tab=all&export=csv").content.decode("utf-8-sig")
    assert request_.content_hash in exported


def test_the_pages_cost_the_same_with_one_text_and_three(cast: Cast, three: Three, matter: Matter, now: dt.datetime) -> None:
    """What the frame of each page asks is every room's; ours must not grow with the rows."""
    client, costs = cast.client_of("authority"), []
    client.get("/signatures/")
    for _each in range(3):
        last = asked(matter, three.bodies, cast, now, subject_id=uuid.uuid4())
        with CaptureQueriesContext(connection) as listed:
            client.get("/signatures/?tab=waiting")
        with CaptureQueriesContext(connection) as read:
            page(client, last)
        costs.append((len(listed), len(read)))

    assert costs[0] == costs[2]
    assert max(costs[0]) <= 25


def test_the_page_of_a_finished_request_says_since_when_it_counts(
    cast: Cast, three: Three, matter: Matter, now: dt.datetime
) -> None:
    request = asked(matter, [three.union], cast, now)
    sign(
        request, organisation=three.union, shown_hash=request.content_hash,
        second_factor=factor(three.for_union, now), actor=three.for_union, now=now,
    )  # fmt: skip

    shown = page(cast.client_of("authority"), request)

    assert re.search(r"10:00", shown)
    assert 'name="proof"' not in shown


def test_the_panel_of_a_matter_names_the_signers_and_leads_those_who_wait_to_sign(
    cast: Cast, three: Three, matter: Matter, request_: SigningRequest, now: dt.datetime
) -> None:
    sign(
        request_, organisation=three.union, shown_hash=request_.content_hash,
        second_factor=factor(three.for_union, now), actor=three.for_union, now=now,
    )  # fmt: skip
    asked(matter, three.bodies, cast, now, title_zh="改了的文本")

    waits, reads = (panel_for(actor, KIND, matter.id) for actor in (three.for_labour, cast.clerk))

    assert waits is not None
    assert reads is not None
    assert (waits.context["waits_for_me"], reads.context["waits_for_me"]) == (True, False)
    drawn = render_to_string(reads.template, reads.context)
    assert all(body.name in drawn for body in three.bodies)
    assert f"/signatures/{request_.public_id}/" in drawn
    assert panel_for(cast.clerk, KIND, uuid.uuid4()) is None


def test_a_wrong_code_is_not_given_back(three: Three, request_: SigningRequest) -> None:
    answer = send(client_of(three.for_labour), request_, form(request_, three, proof="135791"))

    assert "135791" not in answer.content.decode()


def test_only_who_signs_is_offered_what_waits(cast: Cast, request_: SigningRequest) -> None:
    office, authority = (cast.client_of(part).get("/signatures/").content.decode() for part in ("clerk", "authority"))

    assert "?tab=waiting" not in office.partition("<main")[2]
    assert "?tab=waiting" in authority.partition("<main")[2]
    assert request_.title_zh in office
