"""A real browser before a real server: ``visitor.open("/", size="phone", language="en")``.

A window costs more than a page: who has done with one gives it back (``visitor.close(page)``, or ``with visitor.at(…)``), and the
next of the same kind walks on in it, with what the browser keeps of scripts and styles but without cookies and stored texts.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

from denggao.foundation.accounts.models import User
from tests.browsers import find_browser
from tests.cast import Cast, browser_of
from tests.journeys.judging import barriers, sticks_out

__all__ = ["Language", "Size", "Visitor", "barriers", "follow", "look", "sticks_out", "until"]

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
LOOK = os.environ.get("LOOK", "")


class Kind(NamedTuple):
    size: Size
    language: Language
    dark: bool


@dataclass
class Windows:
    """Windows of one browser: those nobody sits at now, by their kind."""

    browser: Browser
    idle: defaultdict[Kind, list[Page]] = field(default_factory=lambda: defaultdict(list))

    def take(self, kind: Kind, address: str) -> Page:
        if self.idle[kind]:
            return self.idle[kind].pop()
        context = self.browser.new_context(
            base_url=address,
            viewport=SIZES[kind.size],  # type: ignore[arg-type]  # width and height
            has_touch=kind.size == "phone",
            color_scheme="dark" if kind.dark else "light",
            reduced_motion="reduce",
            locale="zh-CN" if kind.language == "zh" else "en-GB",
        )
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()

    def give_back(self, kind: Kind, page: Page, address: str) -> None:
        page.goto("about:blank")
        line = page.context.new_cdp_session(page)
        line.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "cookies,local_storage"})
        line.detach()
        self.idle[kind].append(page)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = find_browser()
    assert found, "no Chromium on this machine"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(found), args=_SWITCHES)
        yield started
        started.close()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


@dataclass
class Visitor:
    """Someone with a browser. ``complaints`` are what the browser said against a page: errors, refused scripts or styles."""

    windows: Windows
    address: str
    cast: Cast | None = None
    complaints: list[str] = field(default_factory=list)
    sat_at: dict[Page, Kind] = field(default_factory=dict)

    @property
    def browser(self) -> Browser:
        return self.windows.browser

    def open(
        self, path: str, *, size: Size = "desk", language: Language = "zh", signed_in_as: str | User = "", dark: bool = False
    ) -> Page:
        """A page at ``path`` in a browser window of its own, signed in as one of the cast where named, or by an account."""
        kind = Kind(size, language, dark)
        page = self.windows.take(kind, self.address)
        self.sat_at[page] = kind
        cookies = {settings.LANGUAGE_COOKIE_NAME: "zh-hans" if language == "zh" else "en"}
        if isinstance(signed_in_as, User):
            cookies[settings.SESSION_COOKIE_NAME] = _session_of(browser_of(signed_in_as, ["password"]))
        elif signed_in_as:
            assert self.cast is not None
            cookies[settings.SESSION_COOKIE_NAME] = _session_of(self.cast.client_of(signed_in_as))
        page.context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in cookies.items()])
        page.on("console", self._heard)
        page.on("pageerror", self._failed)
        page.goto(path)
        return page

    def close(self, page: Page) -> None:
        """Leave a window that is as it was opened: on the line, with one tab."""
        page.remove_listener("console", self._heard)
        page.remove_listener("pageerror", self._failed)
        self.windows.give_back(self.sat_at.pop(page), page, self.address)

    @contextmanager
    def at(
        self, path: str, *, size: Size = "desk", language: Language = "zh", signed_in_as: str | User = "", dark: bool = False
    ) -> Iterator[Page]:
        page = self.open(path, size=size, language=language, signed_in_as=signed_in_as, dark=dark)
        yield page
        self.close(page)

    def leave_all(self) -> None:
        for page in self.sat_at:
            page.context.close()
        self.sat_at.clear()

    def _failed(self, error: object) -> None:
        self.complaints.append(str(error))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")


def _session_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def visitor(windows: Windows, live_server, settings) -> Iterator[Visitor]:  # type: ignore[no-untyped-def]  # pytest's fixtures
    """Nobody in particular. The test fails when the browser complained about any page."""
    settings.ALLOWED_HOSTS = ["*"]
    one = Visitor(windows, live_server.url)
    yield one
    one.leave_all()
    assert one.complaints == []


@pytest.fixture
def office(visitor: Visitor, cast: Cast) -> Visitor:
    """Somebody who may sign in as one of the cast."""
    visitor.cast = cast
    return visitor


def look(page: Page, name: str = "") -> Page:
    """No barrier, nothing out of the window. A picture in the folder LOOK, where somebody wants to look."""
    if LOOK:
        name = name or f"{time.time():.0f}-{urlsplit(page.url).path.strip('/').replace('/', '-')[-60:]}"
        Path(LOOK).mkdir(parents=True, exist_ok=True)
        # With the caret hidden Playwright leaves a style on each field, which a page that swaps them is refused.
        page.screenshot(path=Path(LOOK) / f"{name}.png", full_page=True, caret="initial")
    assert sticks_out(page) <= 0, page.url
    assert barriers(page) == [], page.url
    return page


def follow(link: Locator) -> Page:
    """Go where a link or a button leads; back when the next page has arrived. A bare click may come back while the old page still
    stands."""
    with link.page.expect_navigation():
        link.click()
    return link.page


def until(so: Callable[[], bool], page: Page, stands: Callable[[], object] = lambda: "") -> None:
    """Wait for what a page caused and shows nothing of, such as a last word sent while it is left. ``stands`` says how it stands
    where that never came to be."""
    for _turn in range(100):
        if so():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"It never came to be. {stands()}")
