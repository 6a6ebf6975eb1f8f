"""A body's own applications, for its programs; nobody else's."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from denggao.engines.cases import actions
from denggao.engines.cases.procedures import registered
from denggao.foundation.audit.actions import NotAllowed
from tests.cast import Cast
from tests.engines.cases.procedures import FULL, SHORT, a_draft, a_round, a_submitted, forget
from tests.faces.api.test_rest import call, issued


@pytest.fixture(autouse=True)
def _trials():
    forget()
    with registered(SHORT, FULL):
        yield


def test_a_token_reads_the_applications_of_its_body(cast: Cast):
    now = timezone.now()
    case = a_submitted(cast, now)
    a_draft(cast, now)
    remark = actions.FieldRemark("place", "name", "写全称")
    actions.return_case(case, reason="名称不全", fields=[remark], actor=cast.clerk, now=now)
    text = issued(cast.base, "cases").text

    listed = call("/cases?state=returned", text).json()
    one = call(f"/cases/{case.public_id}", text).json()

    assert (listed["count"], listed["items"][0]["number"]) == (1, case.number)
    assert call("/cases", text).json()["count"] == 2
    assert [step["kind"] for step in one["steps"]] == ["opened", "submitted", "returned"]
    assert one["to_correct"] == [{"section": "place", "field": "name", "remark": "写全称"}]
    assert one["submissions"][0]["sha256"] == case.snapshots.get().content_hash
    assert (one["waiting"]["whom"], one["stage_name"]) == ("applicant", "Check (yours)")
    assert cast.clerk.id not in str(one)


def test_another_bodys_applications_do_not_exist(cast: Cast):
    case = a_submitted(cast, timezone.now())
    text = issued(cast.employer, "cases").text

    assert call("/cases", text).json()["items"] == []
    assert call(f"/cases/{case.public_id}", text).status_code == 404
    assert call(f"/cases/{uuid.uuid4()}", text).status_code == 404


def test_without_the_scope_nothing_is_read(cast: Cast):
    case = a_submitted(cast, timezone.now())
    text = issued(cast.base, "imports").text

    assert call("/cases", text).status_code == 403
    assert call(f"/cases/{case.public_id}", text).status_code == 403
    assert call("/cases").status_code == 401


def test_a_program_writes_no_application(cast: Cast):
    from denggao.faces.api.queries import actor_of_token

    now = timezone.now()
    case = a_draft(cast, now)
    actor = actor_of_token(issued(cast.base, "cases").token, "api:test")

    for attempt in (
        lambda: actions.open_case(a_round(cast, now), body=cast.base, actor=actor, now=now),
        lambda: actions.submit_case(case, actor=actor, now=now),
        lambda: actions.withdraw_case(case, actor=actor, now=now),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_calls_are_public(cast: Cast):
    now = timezone.now()
    round_ = a_round(cast, now)
    closed = actions.close_round(a_round(cast, now), actor=cast.clerk, now=now)

    ids = [item["id"] for item in call("/calls").json()]

    assert ids == [str(round_.public_id)]
    assert str(closed.public_id) not in ids


def test_a_list_is_constant_in_queries(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries):
    now = timezone.now()
    text = issued(cast.base, "cases").text
    a_submitted(cast, now)
    call("/cases", text)

    for _more in range(2):
        with django_assert_num_queries(3):
            call("/cases", text)
        a_submitted(cast, now)
