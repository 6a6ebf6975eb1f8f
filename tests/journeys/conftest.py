"""A real browser before a real server: ``visitor.open("/", size="phone", language="en")``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

from denggao.foundation.accounts.models import User
from tests.browsers import find_browser
from tests.cast import Cast, browser_of

# Playwright runs an event loop in this thread; the database is used from it all the same, one call after the other.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

Size = Literal["desk", "phone"]
Language = Literal["zh", "en"]
SIZES: dict[Size, dict[str, int]] = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = find_browser()
    assert found, "no Chromium on this machine"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(found), args=_SWITCHES)
        yield started
        started.close()


@dataclass
class Visitor:
    """Someone with a browser. ``complaints`` are what the browser said against a page: errors, refused scripts or styles."""

    browser: Browser
    address: str
    cast: Cast | None = None
    complaints: list[str] = field(default_factory=list)

    def open(
        self, path: str, *, size: Size = "desk", language: Language = "zh", signed_in_as: str | User = "", dark: bool = False
    ) -> Page:
        """A page at ``path`` in a browser window of its own, signed in as one of the cast where named, or by an account."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport=SIZES[size],  # type: ignore[arg-type]  # width and height
            has_touch=size == "phone",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="zh-CN" if language == "zh" else "en-GB",
        )
        context.set_default_timeout(PATIENCE_MS)
        cookies = {settings.LANGUAGE_COOKIE_NAME: "zh-hans" if language == "zh" else "en"}
        if isinstance(signed_in_as, User):
            cookies[settings.SESSION_COOKIE_NAME] = _session_of(browser_of(signed_in_as, ["password"]))
        elif signed_in_as:
            assert self.cast is not None
            cookies[settings.SESSION_COOKIE_NAME] = _session_of(self.cast.client_of(signed_in_as))
        context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in cookies.items()])
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.goto(path)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")


def _session_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def visitor(browser: Browser, live_server, settings) -> Iterator[Visitor]:  # type: ignore[no-untyped-def]  # pytest's fixtures
    """Nobody in particular. The test fails when the browser complained about any page."""
    settings.ALLOWED_HOSTS = ["*"]
    one = Visitor(browser, live_server.url)
    yield one
    for context in browser.contexts:
        context.close()
    assert one.complaints == []


@pytest.fixture
def office(visitor: Visitor, cast: Cast) -> Visitor:
    """Somebody who may sign in as one of the cast."""
    visitor.cast = cast
    return visitor


def barriers(page: Page) -> list[str]:
    """What axe-core finds on a page: rule, and where."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


def sticks_out(page: Page) -> int:
    """Pixels by which a page is wider than its window."""
    return int(page.locator("html").evaluate("html => html.scrollWidth - html.clientWidth"))


def follow(link: Locator) -> None:
    """Go where a link leads; back when the next page has arrived. A bare click may come back while the old page still stands."""
    with link.page.expect_navigation():
        link.click()
