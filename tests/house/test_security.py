"""What every answer carries, and what no request gets past."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from denggao.foundation.accounts.limits import SIGN_IN, take
from denggao.foundation.accounts.middleware import ClientAddressMiddleware
from denggao.foundation.audit.actions import NotAllowed
from denggao.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.cast import Cast

PAGES = ["/", "/verify/", "/account/login/", "/account/password/forgotten/", "/help/"]
OWN_PAGES = [
    "/account/",
    "/account/password/",
    "/account/email/",
    "/account/phone/",
    "/account/sessions/",
    "/account/second-factor/",
]
OFFICE_PAGES = ["/desk/", "/account/members/", "/account/members/invite/", "/account/members/invitations/"]


class Inline(HTMLParser):
    """Finds what ``script-src 'self'; style-src 'self'`` would not run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")) or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}={value}")


def inline_of(response: HttpResponse) -> list[str]:
    reader = Inline()
    reader.feed(response.content.decode())
    return reader.found


@pytest.mark.parametrize("url", PAGES)
def test_an_answer_carries_its_guards(db: None, url: str) -> None:
    headers = Client().get(url).headers

    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["img-src"] == ["'self'", "data:"]
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("url", PAGES)
def test_no_page_has_script_or_style_inside(db: None, url: str) -> None:
    assert inline_of(Client().get(url)) == []


@pytest.mark.parametrize("url", OWN_PAGES)
def test_no_page_of_ones_own_has(cast: Cast, url: str) -> None:
    assert inline_of(cast.client_of("hr").get(url)) == []


@pytest.mark.parametrize("url", OFFICE_PAGES)
def test_no_office_page_has(cast: Cast, url: str) -> None:
    response = cast.client_of("administrator").get(url)

    assert response.status_code == 200
    assert inline_of(response) == []


def test_pages_of_an_account_are_not_kept_by_caches(cast: Cast) -> None:
    for url in ("/account/login/", "/account/password/", "/account/sessions/", "/account/second-factor/"):
        assert "no-store" in cast.client_of("hr").get(url).headers.get("Cache-Control", "no-store")


def test_another_host_is_refused(db: None) -> None:
    response = Client(raise_request_exception=False).get("/account/login/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_the_session_cookie_is_for_the_browser_alone(cast: Cast) -> None:
    client = Client()
    client.post("/account/login/", {"login": cast.email("hr"), "password": "Climb-the-ladder-2022"})

    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_behind_https_cookies_are_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    code = (
        "from denggao.settings import *; print(SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE, SESSION_COOKIE_NAME,"
        " CSRF_COOKIE_NAME, SECURE_HSTS_SECONDS > 0)"
    )
    environment = {**os.environ, "DENGGAO_BASE_URL": "https://denggao.example", "DENGGAO_DATA_DIR": str(tmp_path)}

    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout

    assert said.split() == ["True", "True", "__Host-dg_session", "__Host-dg_csrf", "True"]


# Whose address


@pytest.mark.parametrize(
    ("proxies", "chain", "seen"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 10.1.1.1", "10.1.1.1"),
        (2, "6.6.6.6, 10.1.1.1, 10.2.2.2", "10.1.1.1"),
        (1, "", "127.0.0.1"),
        (2, "10.1.1.1", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings: Any, proxies: int, chain: str, seen: str) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": chain}, REMOTE_ADDR="127.0.0.1")

    ClientAddressMiddleware(lambda request: HttpResponse())(request)

    assert request.META["REMOTE_ADDR"] == seen


# The door


def test_health_says_that_all_is_well(db: None) -> None:
    response = Client().get("/-/health")

    assert (response.status_code, response.json()) == (200, {"status": "ok", "database": "ok", "keys": "ok"})


def test_health_notices_that_the_keys_are_gone(db: None, settings: Any, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    assert Client().get("/-/health").status_code == 200
    (tmp_path / "keys" / "audit.key").unlink()

    response = Client().get("/-/health")

    assert (response.status_code, response.json()["keys"], response.json()["database"]) == (503, "failing", "ok")
    assert str(tmp_path) not in response.content.decode()


def test_a_visitor_is_led_to_the_sign_in_and_back(db: None) -> None:
    response = Client().get("/account/members/?role=hr")

    assert response["Location"] == "/account/login/?next=/account/members/%3Frole%3Dhr"


def test_what_a_visitor_posts_leads_to_the_sign_in_without_it(db: None) -> None:
    response = Client().post("/account/members/invite/", {"address": "x"})

    assert (response.status_code, response["Location"]) == (303, "/account/login/")


def test_htmx_and_programs_are_told_in_their_own_way(db: None) -> None:
    fragment = Client().get("/account/members/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/"})
    program = Client().get("/account/members/", headers={"Accept": "application/json"})

    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, "/account/login/?next=%2Fdesk%2F")
    assert (program.status_code, program["Content-Type"]) == (401, "application/json")


# Turned away


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret of the machine")


def refuses(request: HttpRequest) -> HttpResponse:
    raise NotAllowed("organisations.secret_code")


fails.login_required = refuses.login_required = False  # type: ignore[attr-defined]  # a mark on the view


class Broken:
    urlpatterns = [path("fails/", fails), path("refuses/", refuses), *urlpatterns]  # noqa: RUF012 -- Django's own attribute
    handler400, handler403, handler404, handler500 = handler400, handler403, handler404, handler500


@pytest.fixture
def broken(settings: Any, db: None) -> Client:
    settings.ROOT_URLCONF = Broken
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("url", "status"), [("/fails/", 500), ("/refuses/", 403), ("/nothing/here/", 404)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_failure_has_a_page_that_tells_no_secret(broken: Client, url: str, status: int, language: str) -> None:
    response = broken.get(f"{url}?lang={language}")

    page = response.content.decode()
    assert response.status_code == status
    assert "secret" not in page
    assert inline_of(response) == []
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page


def test_the_page_of_a_failure_needs_no_database(broken: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise AssertionError("the page asked the database")

    with monkeypatch.context() as without:
        without.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
        status = broken.get("/fails/").status_code

    assert status == 500


def test_too_often_has_a_sentence_and_a_time(db: None) -> None:
    for _ in range(SIGN_IN.amount):
        take(SIGN_IN, "127.0.0.1")

    response = Client().post("/account/login/", {"login": "a@b.cn", "password": "x"})

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 120
    assert response["Retry-After"] in response.content.decode() or "2" in response.content.decode()
    assert Client().post("/account/login/", {"login": "a@b.cn", "password": "x"}, REMOTE_ADDR="10.9.9.9").status_code == 422
    cache.clear()


def test_a_form_without_its_token_says_so(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@b.cn", "password": "x"})

    assert response.status_code == 403
    assert "Cookie" in response.content.decode()
