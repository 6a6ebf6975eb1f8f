"""Every page of the cases opens for whom it is, in every stage."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.cases.actions import (
    FieldRemark,
    decide_case,
    pass_check,
    record_check,
    reject_case,
    return_case,
    withdraw_case,
)
from denggao.engines.cases.models import Case
from tests.cast import Cast
from tests.engines.cases.procedures import a_draft, a_round, a_submitted

PARTS = ("base_manager", "clerk", "reviewer", "approver", "auditor")


def checked(case: Case, cast: Cast, now: dt.datetime) -> Case:
    for item in ("papers", "seal"):
        record_check(case, item=item, ok=True, actor=cast.clerk, now=now)
    return case


def in_state(state: str, cast: Cast, now: dt.datetime) -> Case:
    if state == "draft":
        return a_draft(cast, now)
    case = a_submitted(cast, now)
    if state == "check":
        return case
    if state == "returned":
        remark = FieldRemark("place", "area", "The plan of the floor says 1100.")
        return return_case(case, reason="Two figures differ.", fields=[remark], actor=cast.clerk, now=now)
    if state == "rejected":
        return reject_case(case, reason="Not in the region.", actor=cast.clerk, now=now)
    if state == "withdrawn":
        return withdraw_case(case, actor=cast.base_manager, now=now)
    case = pass_check(checked(case, cast, now), actor=cast.clerk, now=now)
    if state == "award":
        return decide_case(case, approve=True, reason="As asked.", actor=cast.approver, now=now)
    return case


STATES = ("draft", "check", "returned", "rejected", "withdrawn", "decide", "award")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("part", PARTS)
def test_the_case_page_opens_in_every_state(state: str, part: str, cast: Cast, now: dt.datetime) -> None:
    case = in_state(state, cast, now)

    response = cast.client_of(part).get(case.link)

    if state == "draft" and part != "base_manager":
        assert response.status_code == 404
    else:
        assert response.status_code == 200


def test_the_pages_of_the_form_open(cast: Cast, now: dt.datetime) -> None:
    case = a_draft(cast, now)
    client = cast.client_of("base_manager")

    for address in ("edit/place/", "edit/plan/", "edit/plan/?check=1", "review/", "withdraw/", "edit/plan/rows/machines/"):
        assert client.get(f"{case.link}{address}").status_code == 200, address
    assert client.get(f"{case.link}edit/").status_code == 302


@pytest.mark.parametrize("part", ["clerk", "other_hr", "expert", "worker"])
def test_a_draft_is_its_writers_own(part: str, cast: Cast, now: dt.datetime) -> None:
    case = a_draft(cast, now)
    client = cast.client_of(part)

    for address in ("", "edit/place/", "review/", "edit/place/watch/", "filed/"):
        assert client.get(f"{case.link}{address}").status_code == 404, address


def test_the_pages_of_what_was_filed_open(cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)

    for part in ("clerk", "base_manager", "auditor"):
        client = cast.client_of(part)
        for address in ("filed/", "snapshots/1/"):
            assert client.get(f"{case.link}{address}").status_code == 200, (part, address)
    assert cast.client_of("other_hr").get(f"{case.link}snapshots/1/").status_code == 404


def test_the_offices_forms_open(cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    client = cast.client_of("clerk")

    for address in ("pass/", "return/", "reject/", "hand-over/"):
        assert client.get(f"{case.link}{address}").status_code == 200, address


def test_lists_and_calls_open(cast: Cast, now: dt.datetime) -> None:
    a_submitted(cast, now)
    round_ = a_round(cast, now, title_zh="又一批")

    for address in ("", "?view=mine", "?view=all", "?view=all&due=overdue&stage=check&q=SY", "rounds/", "rounds/new/"):
        assert cast.client_of("clerk").get(f"/cases/{address}").status_code == 200, address
    for address in (f"rounds/{round_.public_id}/", f"rounds/{round_.public_id}/edit/"):
        assert cast.client_of("clerk").get(f"/cases/{address}").status_code == 200, address
    assert cast.client_of("base_manager").get("/cases/mine/").status_code == 200
    for part in ("visitor", "base_manager", "worker"):
        for address in ("calls/", "calls/?view=past", f"calls/{round_.public_id}/"):
            assert cast.client_of(part).get(f"/cases/{address}").status_code == 200, (part, address)


def test_a_case_of_no_call_opens(cast: Cast, now: dt.datetime) -> None:
    """As a renewal is."""
    case = a_draft(cast, now)
    Case.objects.filter(pk=case.pk).update(round=None)
    manager = cast.client_of("base_manager")

    for path in (case.link, f"{case.link}edit/place/", f"{case.link}review/"):
        assert manager.get(path).status_code == 200, path
