"""What anyone sees, at phone and desk sizes, in both languages: no barrier, no complaint of the browser, nothing sticks out."""

from __future__ import annotations

import itertools

import pytest

from tests.journeys.conftest import Visitor, look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PAGES = ["/", "/verify/", "/rules/", "/privacy/", "/accessibility/", "/help/", "/account/login/"]


def test_public_pages_are_for_everyone(visitor: Visitor) -> None:
    for size, language in itertools.product(("desk", "phone"), ("zh", "en")):
        page = visitor.open("/", size=size, language=language)
        for path in PAGES:
            page.goto(path)
            look(page, f"{path.strip('/').replace('/', '-') or 'board'}-{size}-{language}")
            assert (page.locator("html").get_attribute("lang") or "").startswith(language)
            assert page.locator("h1").count() == 1, path
        visitor.close(page)


def test_a_page_that_is_not_there_says_so(visitor: Visitor) -> None:
    page = visitor.open("/no-such-page/")

    assert page.locator("h1").count() == 1
    visitor.complaints.clear()
