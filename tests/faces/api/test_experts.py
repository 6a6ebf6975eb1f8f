"""The expert register for programs of the office: masked, and never who judges what."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.engines.reviews.facts import an_expert
from tests.faces.api.test_rest import call, issued


def test_a_token_of_the_office_reads_the_register_masked(cast: Cast):
    expert = an_expert("王立新", title="高级工程师", employer_text="某研究院", level="1")
    an_expert("停用人", fields=("ai",), state="paused", state_reason="出国")
    text = issued(cast.employer, "experts").text

    listed = call("/experts", text).json()
    one = call(f"/experts/{expert.public_id}", text).json()

    assert (listed["count"], listed["items"]) == (1, [one])
    assert (one["name"], one["employer_name"], one["fields"][0]["code"], one["signs_in"]) == ("王**", "某研究院", "ic", True)
    assert call("/experts?state=all", text).json()["count"] == 2
    assert call("/experts?state=all&field=ai", text).json()["items"][0]["state"] == "paused"
    assert call("/experts?level=5", text).json()["items"] == []
    assert "王立新" not in str(listed)


@pytest.mark.parametrize("scope", ["persons", "board", "cases"])
def test_another_scope_reads_nothing_of_it(cast: Cast, scope: str):
    expert = an_expert("王立新")
    text = issued(cast.employer, scope).text

    for path in ("/experts", f"/experts/{expert.public_id}"):
        assert call(path, text).status_code == 403
        assert call(path).status_code == 401


def test_a_page_asks_no_more_queries_for_more_experts(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries):
    text = issued(cast.employer, "experts").text
    call("/experts", text)

    for count in (1, 3):
        while len(call("/experts", text).json()["items"]) < count:
            an_expert()
        with django_assert_num_queries(4):
            call("/experts", text)
