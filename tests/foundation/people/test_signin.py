"""Signing in, from the door to the audit."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axes.models import AccessAttempt
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.models import Record
from denggao.foundation.jobs.work import drain
from denggao.foundation.people.models import SignInPhone
from denggao.foundation.people.signin.actions import add_second_factor
from denggao.foundation.people.signin.queries import phone_index
from tests.cast import PASSWORD, Cast

LOGIN = "/account/login/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def client() -> Client:
    return Client()


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": login, "password": password, **more})


def code_now(secret: str = SECRET, *, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def give_phone(cast: Cast, part: str, phone: str) -> None:
    SignInPhone.objects.create(account=cast.user(part), phone=phone, phone_index=phone_index(phone))


def post() -> list[EmailMessage]:
    """What has been sent so far, the worker having done its round."""
    drain()
    return mail.outbox


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_an_email_address_and_password_open_the_account(cast: Cast, client: Client) -> None:
    response = sign_in(client, cast.email("hr").upper())

    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert signed_in_as(client) == str(cast.user("hr").pk)
    record = Record.objects.get(action="accounts.sign_in")
    assert (record.object_id, record.after) == (str(cast.user("hr").public_id), {"second_factor": False})


def test_a_phone_opens_the_same_account(cast: Cast, client: Client) -> None:
    give_phone(cast, "hr", "13800138000")

    sign_in(client, "+86 138-0013-8000")

    assert signed_in_as(client) == str(cast.user("hr").pk)


def test_the_session_key_changes_at_sign_in(cast: Cast, client: Client) -> None:
    client.get(LOGIN)
    session = client.session
    session["something"] = 1
    session.save()
    before = session.session_key

    sign_in(client, cast.email("hr"))

    assert client.session.session_key != before


@pytest.mark.parametrize("login", ["hr@cast.denggao.example", "nobody@cast.denggao.example", "13800138000", "not an address"])
def test_a_refusal_reads_the_same_whether_or_not_there_is_such_an_account(cast: Cast, client: Client, login: str) -> None:
    response = sign_in(client, login, "wrong-password")

    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode()).replace(login, "")
    other = re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]+"', "", sign_in(client, "x@y.cn", "wrong-password").content.decode()
    ).replace("x@y.cn", "")
    assert response.status_code == 422
    assert page == other
    assert signed_in_as(client) is None


def test_a_closed_account_and_a_demo_account_are_refused_like_a_wrong_password(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.user("hr").pk).update(is_active=False)
    User.objects.filter(pk=cast.user("other_hr").pk).update(is_demo=True)

    for part in ("hr", "other_hr"):
        assert sign_in(client, cast.email(part)).status_code == 422
    assert signed_in_as(client) is None


def test_a_demo_account_opens_in_demo_mode_and_its_session_ends_with_it(cast: Cast, client: Client, settings: Any) -> None:
    User.objects.filter(pk=cast.user("hr").pk).update(is_demo=True)
    settings.DEMO = True
    sign_in(client, cast.email("hr"))
    assert client.get("/account/").status_code == 200

    settings.DEMO = False

    assert client.get("/account/").status_code == 302


def test_closing_an_account_ends_its_open_sessions(cast: Cast) -> None:
    client = cast.client_of("hr")
    assert client.get("/account/").status_code == 200

    User.objects.filter(pk=cast.user("hr").pk).update(is_active=False)

    assert client.get("/account/").status_code == 302


def test_five_failures_lock_for_a_quarter_of_an_hour_even_against_the_right_password(cast: Cast, client: Client) -> None:
    for _ in range(4):
        assert sign_in(client, cast.email("hr"), "wrong").status_code == 422
    fifth = sign_in(client, cast.email("hr"), "wrong")

    right = sign_in(client, cast.email("hr"))

    assert fifth.status_code == right.status_code == 429
    assert right["Retry-After"] == "900"
    assert signed_in_as(client) is None
    AccessAttempt.objects.update(attempt_time=timezone.now() - timezone.timedelta(minutes=15, seconds=1))
    assert sign_in(client, cast.email("hr")).status_code == 302


def test_an_unknown_account_is_locked_just_alike(cast: Cast, client: Client) -> None:
    answers = [sign_in(client, "nobody@cast.denggao.example", "wrong").status_code for _ in range(5)]

    assert answers == [422, 422, 422, 422, 429]


def test_another_place_is_not_locked(cast: Cast, client: Client) -> None:
    for _ in range(5):
        sign_in(client, cast.email("hr"), "wrong")

    elsewhere = client.post(LOGIN, {"login": cast.email("hr"), "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")

    assert elsewhere.status_code == 302


def test_an_address_and_a_phone_typed_in_any_shape_count_together(cast: Cast, client: Client) -> None:
    give_phone(cast, "hr", "13800138000")

    for typed in ("13800138000", "+8613800138000", "138 0013 8000", "１３８００１３８０００"):
        sign_in(client, typed, "wrong")

    assert sign_in(client, "138-0013-8000", "wrong").status_code == 429


def test_success_takes_back_the_failures(cast: Cast, client: Client) -> None:
    for _ in range(4):
        sign_in(client, cast.email("hr"), "wrong")
    sign_in(client, cast.email("hr"))
    client.post("/account/logout/")

    assert sign_in(client, cast.email("hr"), "wrong").status_code == 422


def test_the_lock_out_keeps_nothing_personal(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("hr"), "a-wrong-password")

    attempt = AccessAttempt.objects.get()

    kept = f"{attempt.username} {attempt.get_data} {attempt.post_data}"
    assert "hr@" not in kept
    assert "a-wrong-password" not in kept
    assert cast.email("hr") not in str(list(Record.objects.values()))


def test_a_failure_on_a_known_account_is_recorded(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("hr"), "wrong")

    record = Record.objects.get(action="accounts.sign_in_refused")

    assert record.object_id == str(cast.user("hr").public_id)
    assert record.after == {"step": "password", "locked": False}
    assert (record.actor_kind, record.origin) == ("visitor", "web:127.0.0.1")


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/imports/", "/imports/"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("/\\evil.example", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
    ],
)
def test_only_pages_of_ours_are_led_to(cast: Cast, client: Client, asked: str, led: str) -> None:
    response = sign_in(client, cast.email("hr"), next=asked)

    assert response["Location"] == led


def test_signing_out_needs_a_post(cast: Cast) -> None:
    client = cast.client_of("hr")

    assert client.get("/account/logout/").status_code == 405
    assert client.post("/account/logout/").status_code == 302

    assert signed_in_as(client) is None
    assert Record.objects.filter(action="accounts.sign_out").count() == 1


def test_there_is_no_sign_up(client: Client, db: None) -> None:
    assert client.get("/account/signup/").status_code == 404


# The second factor


def with_factor(cast: Cast, part: str) -> list[str]:
    actor = getattr(cast, part)
    return add_second_factor(cast.user(part), secret=SECRET, actor=actor, now=timezone.now())


def test_an_office_account_is_led_to_its_second_factor_before_anything_else(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("clerk"))

    for url in ("/account/", "/account/sessions/", "/account/password/"):
        response = client.get(url)
        assert (response.status_code, response["Location"]) == (302, f"/account/second-factor/?next={url.replace('/', '%2F')}")
    assert client.post("/account/sessions/end/")["Location"] == "/account/second-factor/"
    assert client.get("/account/second-factor/").status_code == 200


def test_htmx_and_the_api_are_told_in_their_own_way(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("clerk"))

    response = client.get("/account/", headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Redirect"]) == (204, "/account/second-factor/")


@pytest.mark.parametrize("part", ["worker", "hr", "authority", "base_manager", "expert"])
def test_others_need_none(cast: Cast, client: Client, part: str) -> None:
    sign_in(client, cast.email(part))

    assert client.get("/account/").status_code == 200


def test_in_demo_mode_nobody_needs_one(cast: Cast, client: Client, settings: Any) -> None:
    settings.DEMO = True
    sign_in(client, cast.email("clerk"))

    assert client.get("/account/").status_code == 200


def test_setting_up_the_app_opens_the_way_and_shows_ten_codes_once(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("clerk"))
    page = client.get("/account/second-factor/?next=/account/")
    secret = client.session["second_factor_secret"]
    assert b"data:image/svg+xml;base64," in page.content

    done = client.post("/account/second-factor/", {"code": code_now(secret), "next": "/account/"}, follow=True)

    assert done.content.count(b"<li>") >= 10
    assert client.get("/account/second-factor/codes/").status_code == 302
    assert client.get("/account/").status_code == 200
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert Record.objects.filter(action="accounts.add_second_factor").count() == 1


def test_a_wrong_code_sets_nothing_up(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("clerk"))
    client.get("/account/second-factor/")

    response = client.post("/account/second-factor/", {"code": "000000"})

    assert response.status_code == 422
    assert not Authenticator.objects.exists()


def test_password_then_code_opens_the_account(cast: Cast, client: Client) -> None:
    with_factor(cast, "clerk")

    first = sign_in(client, cast.email("clerk"), next="/account/")
    assert first["Location"] == "/account/login/code/"
    assert signed_in_as(client) is None
    second = client.post("/account/login/code/", {"code": code_now()})

    assert second["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert Record.objects.get(action="accounts.sign_in").after == {"second_factor": True}


def test_a_recovery_code_opens_once(cast: Cast, client: Client) -> None:
    code = with_factor(cast, "clerk")[0]
    sign_in(client, cast.email("clerk"))
    client.post("/account/login/code/", {"code": f"{code[:4]} {code[4:]}"})
    assert signed_in_as(client)
    client.post("/account/logout/")

    sign_in(client, cast.email("clerk"))
    again = client.post("/account/login/code/", {"code": code})

    assert again.status_code == 422
    assert signed_in_as(client) is None


def test_a_code_used_is_not_taken_twice(cast: Cast, client: Client) -> None:
    with_factor(cast, "clerk")
    code = code_now()
    sign_in(client, cast.email("clerk"))
    client.post("/account/login/code/", {"code": code})
    client.post("/account/logout/")

    sign_in(client, cast.email("clerk"))

    assert client.post("/account/login/code/", {"code": code}).status_code == 422


def test_codes_can_not_be_guessed_on_and_on(cast: Cast, client: Client) -> None:
    with_factor(cast, "clerk")
    sign_in(client, cast.email("clerk"))
    for _ in range(5):
        assert client.post("/account/login/code/", {"code": "000000"}).status_code == 422

    sixth = client.post("/account/login/code/", {"code": code_now()})

    assert sixth.status_code == 429
    assert int(sixth["Retry-After"]) > 0
    assert signed_in_as(client) is None
    assert Record.objects.filter(action="accounts.sign_in_refused", after__locked=True).count() == 1


def test_the_second_step_without_the_first_leads_back(cast: Cast, client: Client) -> None:
    assert client.get("/account/login/code/")["Location"] == LOGIN


def test_an_office_account_can_not_switch_its_second_factor_off(cast: Cast, client: Client) -> None:
    with_factor(cast, "clerk")
    sign_in(client, cast.email("clerk"))
    client.post("/account/login/code/", {"code": code_now()})

    response = client.post("/account/second-factor/remove/")

    assert response.status_code == 422
    assert Authenticator.objects.count() == 2


def test_an_hr_account_can(cast: Cast, client: Client) -> None:
    with_factor(cast, "hr")
    sign_in(client, cast.email("hr"))
    client.post("/account/login/code/", {"code": code_now()})

    client.post("/account/second-factor/remove/")

    assert not Authenticator.objects.exists()


# Idle time, recent proof


def test_an_office_session_left_alone_ends(cast: Cast) -> None:
    client = cast.client_of("clerk")
    client.get("/account/")
    session = client.session
    session["seen_at"] = int(time.time()) - 1801
    session.save()

    response = client.get("/account/")

    assert response["Location"] == f"{LOGIN}?idle=1&next=%2Faccount%2F"
    assert signed_in_as(client) is None
    assert Record.objects.get(action="accounts.sign_out").after == {"idle": True}


def test_an_hr_session_stays(cast: Cast) -> None:
    client = cast.client_of("hr")
    client.get("/account/")
    session = client.session
    session["seen_at"] = int(time.time()) - 7200
    session.save()

    assert client.get("/account/").status_code == 200


def test_the_password_is_asked_again_after_a_quarter_of_an_hour(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("hr"))
    assert client.get("/account/email/").status_code == 200
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 901
    session.save()

    led = client.get("/account/email/")
    assert led["Location"] == "/account/confirm/?next=%2Faccount%2Femail%2F"
    assert client.post("/account/confirm/", {"password": "wrong", "next": "/account/email/"}).status_code == 422
    back = client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/email/"})

    assert back["Location"] == "/account/email/"
    assert client.get("/account/email/").status_code == 200


def test_the_repeated_password_can_not_be_guessed_on_and_on(cast: Cast) -> None:
    client = cast.client_of("hr")
    for _ in range(5):
        client.post("/account/confirm/", {"password": "wrong"})

    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 429


# The password


NEW = "Another-ladder-2023"


def test_changing_the_password_ends_other_sessions_and_keeps_this_one(cast: Cast, client: Client) -> None:
    other = cast.client_of("hr")
    sign_in(client, cast.email("hr"))

    response = client.post("/account/password/", {"old_password": PASSWORD, "new_password": NEW, "repeated": NEW})

    assert response["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert post()[0].to == [cast.email("hr")]
    assert Record.objects.filter(action="accounts.set_password").count() == 1
    assert NEW not in str(list(Record.objects.values()))


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", NEW, NEW, "old_password"),
        (PASSWORD, "short-pas", "short-pas", "new_password"),
        (PASSWORD, "1234567890", "1234567890", "new_password"),
        (PASSWORD, NEW, NEW + "x", "repeated"),
    ],
)
def test_a_poor_password_is_refused_beside_its_field(cast: Cast, old: str, new: str, again: str, field: str) -> None:
    client = cast.client_of("hr")

    response = client.post("/account/password/", {"old_password": old, "new_password": new, "repeated": again})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert cast.user("hr").check_password(PASSWORD)


def reset_link(client: Client, email: str) -> str:
    client.post("/account/password/forgotten/", {"email": email})
    found = re.search(r"https?://[^/]+(/account/password/new/\S+)", post()[-1].body)
    assert found
    return found[1]


def test_a_forgotten_password_is_replaced_by_a_link(cast: Cast, client: Client) -> None:
    other = cast.client_of("hr")
    link = reset_link(client, cast.email("hr"))

    led = client.get(link)
    assert led["Location"] == "/account/password/new/"
    done = client.post("/account/password/new/", {"new_password": NEW, "repeated": NEW})

    assert done["Location"] == LOGIN
    assert other.get("/account/").status_code == 302
    assert sign_in(client, cast.email("hr"), NEW).status_code == 302
    assert Record.objects.get(action="accounts.set_password").actor_id == str(cast.user("hr").public_id)


def test_a_link_opens_once(cast: Cast, client: Client) -> None:
    link = reset_link(client, cast.email("hr"))
    client.get(link)
    client.post("/account/password/new/", {"new_password": NEW, "repeated": NEW})

    client.get(link)

    assert client.get("/account/password/new/").status_code == 410


def test_a_link_is_worthless_after_an_hour(cast: Cast, client: Client, settings: Any) -> None:
    link = reset_link(client, cast.email("hr"))
    settings.PASSWORD_RESET_TIMEOUT = -1

    client.get(link)

    assert client.get("/account/password/new/").status_code == 410


def test_a_reset_does_not_step_around_the_second_factor(cast: Cast, client: Client) -> None:
    with_factor(cast, "clerk")
    client.get(reset_link(client, cast.email("clerk")))
    client.post("/account/password/new/", {"new_password": NEW, "repeated": NEW})

    assert sign_in(client, cast.email("clerk"), NEW)["Location"] == "/account/login/code/"


def test_asking_for_a_link_tells_nothing(cast: Cast, client: Client) -> None:
    known = client.post("/account/password/forgotten/", {"email": cast.email("hr")})
    unknown = client.post("/account/password/forgotten/", {"email": "nobody@cast.denggao.example"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(post()) == 1


def test_links_can_not_be_asked_for_on_and_on(cast: Cast, client: Client) -> None:
    for _ in range(3):
        client.post("/account/password/forgotten/", {"email": cast.email("hr")})

    fourth = client.post("/account/password/forgotten/", {"email": cast.email("hr")})

    assert fourth.status_code == 429
    assert len(post()) == 3


# Addresses, language, sessions


def test_a_new_email_address_holds_once_its_letter_is_opened(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("hr"))
    client.post("/account/email/", {"email": "New@Cast.denggao.example"})
    found = re.search(r"https?://[^/]+(/account/email/\S+)", post()[-1].body)
    assert found
    assert client.get(found[1]).status_code == 200

    client.post(found[1])

    assert post()[-1].to == [cast.email("hr")]
    assert client.post(found[1]).status_code == 410
    client.post("/account/logout/")
    assert sign_in(client, cast.email("hr")).status_code == 422
    assert sign_in(client, "new@cast.denggao.example").status_code == 302
    record = Record.objects.get(action="accounts.change_email")
    assert "new@" not in str(record.after)


def test_an_address_of_another_account_is_refused(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("hr"))
    client.post("/account/email/", {"email": cast.email("clerk")})
    found = re.search(r"https?://[^/]+(/account/email/\S+)", post()[-1].body)
    assert found

    assert client.post(found[1]).status_code == 422
    assert sign_in(Client(), cast.email("hr")).status_code == 302


def test_a_phone_opens_one_account(cast: Cast) -> None:
    give_phone(cast, "clerk", "13800138000")
    client = Client()
    sign_in(client, cast.email("hr"))

    taken = client.post("/account/phone/", {"phone": "138 0013 8000"})
    free = client.post("/account/phone/", {"phone": "138 0013 8001"})

    assert taken.status_code == 422
    assert free.status_code == 302
    assert SignInPhone.objects.get(account=cast.user("hr")).phone == "13800138001"


def test_the_last_address_can_not_be_taken_away(cast: Cast) -> None:
    give_phone(cast, "hr", "13800138000")
    cast.user("hr").emailaddress_set.all().delete()
    client = Client()
    sign_in(client, "13800138000")

    assert client.post("/account/phone/", {"phone": ""}).status_code == 422
    assert SignInPhone.objects.filter(account=cast.user("hr")).exists()


def test_the_language_is_kept_with_the_account(cast: Cast) -> None:
    client = cast.client_of("hr")

    client.post("/account/language/", {"language": "en"})

    assert User.objects.get(pk=cast.user("hr").pk).language == "en"
    assert "My account" in client.get("/account/").content.decode()


def test_a_session_elsewhere_can_be_ended(cast: Cast, client: Client) -> None:
    elsewhere = Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/110 Mobile MicroMessenger/8.0"})
    sign_in(elsewhere, cast.email("hr"))
    sign_in(client, cast.email("hr"))
    page = client.get("/account/sessions/")
    assert "WeChat · Android" in page.content.decode()
    number = next(browser.number for browser in page.context["browsers"] if not browser.current)

    client.post(f"/account/sessions/{number}/end/")

    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_sessions_of_others_do_not_exist_for_me(cast: Cast, client: Client) -> None:
    sign_in(client, cast.email("hr"))
    number = client.get("/account/sessions/").context["browsers"][0].number
    other = Client()
    sign_in(other, cast.email("other_hr"))

    assert other.post(f"/account/sessions/{number}/end/").status_code == 404
    assert client.get("/account/").status_code == 200
