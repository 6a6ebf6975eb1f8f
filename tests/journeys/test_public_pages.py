"""What anyone sees, at phone and desk sizes, in both languages: no barrier, no complaint of the browser, nothing sticks out."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import barriers, sticks_out

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PAGES = ["/", "/verify/", "/rules/", "/privacy/", "/accessibility/", "/help/", "/account/login/"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_public_pages_are_for_everyone(size, language, visitor):
    for path in PAGES:
        page = visitor.open(path, size=size, language=language)

        assert page.locator("html").get_attribute("lang").startswith(language)
        assert page.locator("h1").count() == 1, path
        assert sticks_out(page) <= 0, path
        assert barriers(page) == [], path
        page.context.close()


def test_a_page_that_is_not_there_says_so(visitor):
    page = visitor.open("/no-such-page/")

    assert page.locator("h1").count() == 1
    visitor.complaints.clear()
