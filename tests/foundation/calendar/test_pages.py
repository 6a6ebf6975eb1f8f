"""A year's page, and entering one: looked at first, then saved."""

from __future__ import annotations

import pytest

from denggao.foundation.calendar.queries import is_known
from tests.cast import Cast
from tests.foundation.calendar.test_rules import WHOLE

pytestmark = pytest.mark.django_db
GIVEN = {"year": "2027", "document": "国办发明电〔2026〕9号", "document_on": "2020-11-05", "lines": WHOLE}


def test_an_unknown_year_says_so_and_offers_to_enter_it(cast: Cast) -> None:
    page = cast.client_of("clerk").get("/calendar/?year=2031&lang=en", follow=True).content.decode()

    assert "is not known" in page
    assert "/calendar/enter/?year=2031" in page
    assert "/calendar/enter/" not in cast.client_of("worker").get("/calendar/?year=2031").content.decode()


def test_a_known_year_names_its_source(cast: Cast) -> None:
    page = cast.client_of("worker").get("/calendar/?year=2022&lang=en", follow=True).content.decode()

    assert "chinesecalendar" in page
    assert "National Day" in page


def test_it_is_looked_at_before_it_is_saved(cast: Cast) -> None:
    clerk = cast.client_of("clerk")

    seen = clerk.post("/calendar/enter/", GIVEN)
    assert (seen.status_code, is_known(2027)) == (200, False)
    assert 'name="save"' in seen.content.decode()

    saved = clerk.post("/calendar/enter/", {**GIVEN, "save": "1"})
    assert saved["Location"] == "/calendar/?year=2027"
    assert is_known(2027)


def test_each_wrong_line_is_named_and_what_was_written_stays(cast: Cast) -> None:
    given = {**GIVEN, "lines": WHOLE + "二月二 春节", "save": "1"}

    refused = cast.client_of("clerk").post("/calendar/enter/?lang=en", given)

    assert refused.status_code == 422
    assert refused.content.decode().count("二月二 春节") >= 2
    assert not is_known(2027)


def test_a_known_year_is_entered_anew_from_what_is_known(cast: Cast) -> None:
    page = cast.client_of("clerk").get("/calendar/enter/?year=2022").content.decode()

    assert "2022-10-01..2022-10-07 国庆节" in page
    assert "2022-10-08..2022-10-09 国庆节补班" in page
