"""What the office does on a case's page and in the worklist."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denggao.engines.cases.actions import pass_check, reassign_case, record_check
from denggao.engines.cases.models import Case, CheckResult, Round, SavedView
from denggao.engines.cases.procedures import StageKind, registered
from denggao.engines.cases.sight import plug_sight
from denggao.foundation.audit.models import Record
from tests.cast import Cast
from tests.engines.cases.procedures import SHORT, a_draft, a_round, a_submitted, stage


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return cast.client_of("clerk")


def checked(case: Case, cast: Cast, now: dt.datetime) -> Case:
    for item in ("papers", "seal"):
        record_check(case, item=item, ok=True, actor=cast.clerk, now=now)
    return pass_check(case, actor=cast.clerk, now=now)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def main(client: Client, address: str) -> str:
    return text(client, address).split("<main")[1].split("</main>")[0]


# The check


def test_the_lines_of_the_check_are_kept_and_open_the_way_on(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    assert f'href="{case.link}pass/"' not in text(clerk, case.link)

    clerk.post(f"{case.link}check/", {"papers": "yes", "seal": "no", "seal-remark": "The seal is another body's."})
    assert set(CheckResult.objects.values_list("item", "ok")) == {("papers", True), ("seal", False)}
    assert f'href="{case.link}pass/"' not in text(clerk, case.link)
    clerk.post(f"{case.link}check/", {"papers": "yes", "seal": "yes"})

    assert f'href="{case.link}pass/"' in text(clerk, case.link)
    assert clerk.post(f"{case.link}pass/", {"lock": Case.objects.get().lock}).status_code == 302
    assert Case.objects.get().stage_kind == "decide"


def test_a_line_not_in_order_without_a_remark_is_refused_in_a_sentence(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)

    response = clerk.post(f"{case.link}check/", {"papers": "no", "seal": "yes"}, follow=True)

    assert "Papers are there" in str([str(message) for message in response.context["messages"]])
    assert list(CheckResult.objects.values_list("item", flat=True)) == ["seal"]


def test_an_application_is_sent_back_by_ticking_fields(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    sent = {"reason": "See the plan.", "field": ["place.area"], "remark-place.area": "1100, says the plan.", "lock": case.lock}

    assert clerk.post(f"{case.link}return/", {**sent, "remark-place.area": ""}).status_code == 422
    assert clerk.post(f"{case.link}return/", sent).status_code == 302

    correction = case.corrections.get()
    assert correction.fields == [{"section": "place", "field": "area", "remark": "1100, says the plan."}]
    assert "1100, says the plan." in text(clerk, case.link)


def test_two_officers_at_once_the_second_is_told_what_happened(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    seen = case.lock
    reviewer = cast.client_of("reviewer")

    first = clerk.post(f"{case.link}reject/", {"reason": "Not of this region.", "lock": seen})
    second = reviewer.post(f"{case.link}reject/", {"reason": "Incomplete.", "lock": seen}, follow=True)

    assert first.status_code == 302
    [told] = second.context["messages"]
    assert told.level_tag == "error"
    assert Case.objects.get().steps.filter(kind="rejected").count() == 1


def test_a_page_that_is_out_of_date_does_nothing_and_says_so(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    for item in ("papers", "seal"):
        record_check(case, item=item, ok=True, actor=cast.clerk, now=now)
    seen = case.lock
    reassign_case(case, to=cast.user("reviewer"), reason="Yours.", actor=cast.reviewer, now=now)

    response = clerk.post(f"{case.link}pass/", {"lock": seen}, follow=True)

    assert response.redirect_chain[-1][0] == case.link
    assert [told.level_tag for told in response.context["messages"]] == ["error"]
    assert Case.objects.get().stage_kind == "check"


# The decision


def test_who_checked_sees_the_decision_greyed_with_its_reason(cast: Cast, now: dt.datetime) -> None:
    case = checked(a_submitted(cast, now), cast, now)
    approver = cast.client_of("approver")

    assert f'href="{case.link}approve/"' in text(approver, case.link)
    assert f'href="{case.link}approve/"' not in text(cast.client_of("clerk"), case.link)
    record_check_by_approver = CheckResult.objects.first()
    assert record_check_by_approver is not None
    CheckResult.objects.filter(pk=record_check_by_approver.pk).update(by=cast.approver.id)

    shown = main(approver, case.link)

    assert f'href="{case.link}approve/"' not in shown
    assert "disabled" in shown


def test_the_decision_to_come_is_shown_with_what_comes_first(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)

    page = clerk.get(case.link, HTTP_ACCEPT_LANGUAGE="en", data={"lang": "en"}).content.decode()

    assert "This can’t be decided yet" in page
    assert "“Check” comes first." in page


@pytest.mark.parametrize(("address", "state"), [("approve", "award"), ("refuse", "decide")])
def test_a_decision_is_taken_with_its_reason(address: str, state: str, cast: Cast, now: dt.datetime) -> None:
    case = checked(a_submitted(cast, now), cast, now)
    approver = cast.client_of("approver")

    assert approver.post(f"{case.link}{address}/", {"lock": case.lock}).status_code == 422
    assert approver.post(f"{case.link}{address}/", {"reason": "As the papers say.", "lock": case.lock}).status_code == 302

    case.refresh_from_db()
    assert case.stage_kind == state
    assert "As the papers say." in text(cast.client_of("base_manager"), case.link)


def test_an_applicant_reads_what_the_office_did_and_not_who(cast: Cast, now: dt.datetime) -> None:
    case = checked(a_submitted(cast, now), cast, now)
    applicant = cast.client_of("base_manager")

    from denggao.foundation.people.models import Person

    Person.objects.create(name="核对人姓名", name_key="核对人姓名", account=cast.user("clerk"), created_at=now)

    assert "核对人姓名" in text(cast.client_of("approver"), case.link)
    assert "核对人姓名" not in text(applicant, case.link)


def test_a_case_is_handed_to_a_colleague(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    to = str(cast.user("reviewer").public_id)

    assert clerk.post(f"{case.link}hand-over/", {"reason": "You know the body.", "lock": case.lock}).status_code == 422
    assert clerk.post(f"{case.link}hand-over/", {"to": to, "reason": "You know the body.", "lock": case.lock}).status_code == 302

    assert Case.objects.get().assignee == to
    assert str(case.number) in main(cast.client_of("reviewer"), "/cases/")
    assert str(case.number) not in main(clerk, "/cases/")
    assert str(case.number) in main(clerk, "/cases/?view=mine")


# A conflict of interest


@pytest.fixture
def in_conflict(monkeypatch: pytest.MonkeyPatch) -> Any:
    from denggao.engines.cases import sight

    def conflict(case: Case) -> None:
        monkeypatch.setitem(sight._KNOWN, "conflicts", lambda actor: {case.public_id})

    assert plug_sight
    return conflict


def test_who_must_step_aside_sees_nothing_before_the_public_does(
    clerk: Client, cast: Cast, now: dt.datetime, in_conflict: Any
) -> None:
    case = a_submitted(cast, now)
    in_conflict(case)

    assert clerk.get(case.link).status_code == 404
    listed = main(clerk, "/cases/?view=all")
    assert str(case.number) not in listed
    assert clerk.get(f"{case.link}snapshots/1/").status_code == 404


NOTICED = dataclasses.replace(
    SHORT,
    code="noticed",
    number="N-{serial}",
    stages=(*SHORT.stages[:2], stage(StageKind.NOTICE, options={"days": 5}), *SHORT.stages[2:]),
)


def test_who_must_step_aside_sees_what_the_public_sees_once_it_is_shown(
    clerk: Client, cast: Cast, now: dt.datetime, in_conflict: Any
) -> None:
    with registered(NOTICED):
        case = checked(a_submitted(cast, now, procedure="noticed"), cast, now)
        assert case.stage_kind == "notice"
        in_conflict(case)

        page = clerk.get(case.link)
        shown = page.content.decode().split("<main")[1]

    assert page.status_code == 200
    assert "滴水湖工坊" not in shown
    assert "Papers are there" not in shown
    assert f"{case.link}return/" not in shown
    assert "dg-note amber" in shown
    assert clerk.get(f"{case.link}return/").status_code == 404


def test_the_decision_to_come_says_when_the_notice_ends(cast: Cast, now: dt.datetime) -> None:
    with registered(NOTICED):
        case = checked(a_submitted(cast, now, procedure="noticed"), cast, now)

        page = cast.client_of("approver").get(f"{case.link}?lang=en").content.decode()

    assert "The public notice runs until" in page
    assert f'href="{case.link}approve/"' not in page


# The worklist


def test_the_worklist_shows_what_waits_and_filters_it(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    other = checked(a_submitted(cast, now, title_zh="另一批"), cast, now)
    draft = a_draft(cast, now, title_zh="草稿批")

    waiting, everything = main(clerk, "/cases/"), main(clerk, "/cases/?view=all")

    assert str(case.number) in waiting
    assert str(other.number) not in waiting
    assert str(case.number) in everything
    assert str(other.number) in everything
    assert str(draft.public_id) not in everything
    for query, found in {
        "stage=check": case, "stage=decide": other, f"q={case.number}": case, f"round={other.round.public_id}": other,
        "assignee=nobody&stage=check": case,
    }.items():  # fmt: skip
        shown = main(clerk, f"/cases/?view=all&{query}")
        left_out = other if found is case else case
        assert found.link in shown, query
        assert left_out.link not in shown, query
    assert case.link not in main(clerk, "/cases/?view=all&state=awarded")


def test_the_list_is_exported_as_it_is_shown(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    a_submitted(cast, now, title_zh="另一批")

    response = clerk.get(f"/cases/?view=all&q={case.number}&export=xlsx")

    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.values)
    assert len(rows) == 2
    assert rows[1][0] == case.number


def test_several_checks_are_passed_at_once_and_each_says_why_it_was_not(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    ready, open_one = a_submitted(cast, now), a_submitted(cast, now, title_zh="另一批")
    for item in ("papers", "seal"):
        record_check(ready, item=item, ok=True, actor=cast.clerk, now=now)
    sent = {"do": "pass", "case": [str(ready.public_id), str(open_one.public_id)]}

    asked = clerk.post("/cases/bulk/", sent)
    assert Case.objects.filter(stage_kind="check").count() == 2
    done = clerk.post("/cases/bulk/", {**sent, "sure": "1"}, follow=True)

    assert asked.status_code == 200
    assert Case.objects.get(pk=ready.pk).stage_kind == "decide"
    assert Case.objects.get(pk=open_one.pk).stage_kind == "check"
    told = [str(message) for message in done.context["messages"]]
    assert any(str(open_one.number) in each for each in told)


def test_several_cases_are_handed_over_at_once(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    cases = [a_submitted(cast, now), a_submitted(cast, now, title_zh="另一批")]
    to = str(cast.user("reviewer").public_id)
    sent = {"do": "hand", "case": [str(case.public_id) for case in cases], "sure": "1", "to": to, "reason": "Away next week."}

    clerk.post("/cases/bulk/", sent)

    assert set(Case.objects.values_list("assignee", flat=True)) == {to}


def test_a_marked_case_of_somebody_elses_stage_is_left_out(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = checked(a_submitted(cast, now), cast, now)

    response = clerk.post("/cases/bulk/", {"do": "pass", "case": [str(case.public_id)], "sure": "1"})

    assert response.status_code == 422
    assert Case.objects.get().stage_kind == "decide"


def test_a_case_knows_the_one_before_and_the_next_in_the_list(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    first = a_submitted(cast, now)
    second = a_submitted(cast, now + dt.timedelta(minutes=5), title_zh="另一批")
    clerk.get("/cases/?sort=number")

    shown = text(clerk, first.link)

    assert f'href="{second.link}" data-next' in shown
    assert "data-previous" not in shown


def cost(client: Client, address: str) -> int:
    """Queries of a page that was looked at before: the frame's own among them."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_own_applications_cost_the_same_queries_with_one_row_and_three(cast: Cast, now: dt.datetime) -> None:
    """And what was submitted is not read for its line; a draft's is, to say how far it is."""
    manager = cast.client_of("base_manager")
    a_submitted(cast, now)
    manager.get("/cases/mine/")
    with CaptureQueriesContext(connection) as queries:
        manager.get("/cases/mine/")
    assert not [each for each in queries.captured_queries if "cases_draft" in each["sql"] or "call_zh" in each["sql"]]
    a_draft(cast, now)
    costs = [cost(manager, "/cases/mine/")]
    a_submitted(cast, now)
    a_draft(cast, now)
    costs.append(cost(manager, "/cases/mine/"))
    assert costs[0] == costs[1] == len(queries.captured_queries) + 1


def test_the_worklist_costs_the_same_queries_with_one_row_and_three(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    costs = []
    for number in range(3):
        case = a_submitted(cast, now, title_zh=f"第{number}批")
        reassign_case(case, to=cast.user("clerk"), reason="Yours.", actor=cast.reviewer, now=now)
        costs.append(cost(clerk, "/cases/"))

    assert costs[2] == costs[0]
    assert costs[0] <= 30


def test_a_case_page_costs_the_same_queries_with_one_step_and_three(cast: Cast, now: dt.datetime) -> None:
    case, costs = a_submitted(cast, now), []
    reviewer = cast.client_of("reviewer")
    for number in range(3):
        record_check(case, item="papers", ok=True, remark=str(number), actor=cast.clerk, now=now)
        to = cast.user("reviewer") if number % 2 else cast.user("clerk")
        reassign_case(case, to=to, reason="Yours.", actor=cast.reviewer, now=now)
        costs.append(cost(reviewer, case.link))

    assert costs[2] == costs[0]
    assert costs[0] <= 40


# Calls


def moment(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def test_a_call_is_prepared_from_the_last_opened_changed_and_closed(clerk: Client, cast: Cast) -> None:
    now = dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=8)))
    a_round(cast, now, title_zh="上一批", document="沪人社〔2022〕1号", quota=5)
    assert "沪人社〔2022〕1号" in text(clerk, "/cases/rounds/new/")
    sent = {
        "procedure": "trial_full", "title_zh": "新一批", "opens_at": moment(now), "closes_at": moment(now + dt.timedelta(days=20)),
        "option-notice-days": "7", "option-review-seats": "",
    }  # fmt: skip

    clerk.post("/cases/rounds/new/", sent)
    made = Round.objects.get(title_zh="新一批")
    assert made.options == {"notice": {"days": 7}}
    address = f"/cases/rounds/{made.public_id}/"
    assert cast.client_of("visitor").get(f"/cases/calls/{made.public_id}/").status_code == 404
    clerk.post(f"{address}open/")
    assert cast.client_of("visitor").get(f"/cases/calls/{made.public_id}/").status_code == 200
    clerk.post(f"{address}edit/", {**sent, "title_zh": "新一批（更正）"})
    clerk.post(f"{address}close/")

    made.refresh_from_db()
    assert (made.title_zh, made.state) == ("新一批（更正）", "closed")
    again = clerk.post(f"{address}open/")
    assert again.status_code == 422


def test_what_is_wrong_with_a_call_is_said(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    a_round(cast, now)
    sent = {"procedure": "trial", "title_zh": "倒着的", "opens_at": "2022-10-10T10:00", "closes_at": "2022-10-09T10:00"}

    response = clerk.post("/cases/rounds/new/", sent)

    assert response.status_code == 422
    assert not Round.objects.filter(title_zh="倒着的").exists()


def test_a_call_counts_only_what_its_reader_may_see(clerk: Client, cast: Cast, now: dt.datetime, in_conflict: Any) -> None:
    case = a_submitted(cast, now)
    address = f"/cases/rounds/{case.round.public_id}/"
    assert "dg-num" in main(clerk, address)

    in_conflict(case)

    assert "dg-num" not in main(clerk, address)


def test_an_application_is_begun_from_the_public_call(cast: Cast) -> None:
    now = dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=8)))
    round_ = a_round(cast, now)
    manager, address = cast.client_of("base_manager"), f"/cases/calls/{round_.public_id}/"
    assert "/apply/" in text(manager, address)
    assert "/apply/" not in text(cast.client_of("worker"), address)

    response = manager.post(f"{address}apply/", {"applicant": str(cast.base.public_id)}, follow=True)

    case = Case.objects.get()
    assert response.redirect_chain[-1][0] == f"{case.link}edit/place/"
    assert case.link in text(manager, address)
    assert "/apply/" not in text(manager, address)
    assert case.link in text(manager, "/cases/mine/").replace("edit/", "")
    again = manager.post(f"{address}apply/", {"applicant": str(cast.base.public_id)})
    assert again.status_code == 422
    assert cast.client_of("other_hr").post(f"{address}apply/", {"applicant": str(cast.base.public_id)}).status_code == 422


# Reminding


def test_the_office_reminds_on_the_page_and_several_at_once_and_reads_what_happened(cast: Cast, now: dt.datetime) -> None:
    reviewer = cast.client_of("reviewer")
    first, second, third = (a_submitted(cast, now, title_zh=title) for title in ("第一批", "第二批", "第三批"))
    for case in (first, second):
        reassign_case(case, to=cast.user("clerk"), reason="Yours.", actor=cast.reviewer, now=now)
    reassign_case(third, to=cast.user("reviewer"), reason="Mine.", actor=cast.clerk, now=now)
    marked = [str(case.public_id) for case in (first, second, third)]
    sent = {"do": "remind", "case": marked, "list": "view=all&page=3&evil=1"}

    assert f'action="{first.link}remind/"' in main(reviewer, first.link)
    assert f'action="{third.link}remind/"' not in main(reviewer, third.link)
    assert reviewer.post(f"{first.link}remind/").status_code == 302
    asked = reviewer.post("/cases/bulk/", sent)
    done = reviewer.post("/cases/bulk/", {**sent, "sure": "1"}, follow=True)

    assert asked.status_code == 200
    assert done.redirect_chain == [("/cases/?view=all", 302)]
    told = [(message.level_tag, str(message)) for message in done.context["messages"]]
    assert [level for level, _text in told] == ["success", "error", "info", "error"]
    assert [str(case.number) in text for case, (_level, text) in zip((first, second, third), told[1:], strict=True)] == [True] * 3
    assert cast.client_of("base_manager").post(f"{first.link}remind/").status_code == 404


# Saved views


def test_a_view_is_saved_opened_renamed_and_deleted_by_its_owner_alone(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    address = "/cases/?view=all&stage=check"

    assert "/cases/views/" not in main(clerk, "/cases/")
    assert 'action="/cases/views/"' in main(clerk, address)
    kept = clerk.post("/cases/views/", {"name": "  待  核对 ", "list": "stage=check&page=2&view=all&lang=en"})
    view = SavedView.objects.get()
    assert (view.name, kept.headers["Location"]) == ("待 核对", "/cases/?view=all&stage=check")
    shown = main(clerk, "/cases/")
    assert "待 核对" in shown and 'href="/cases/?view=all&amp;stage=check"' in shown  # noqa: PT018 -- one thing said of a page
    assert f"views/{view.public_id}/delete/" in main(clerk, address)
    assert str(case.number) in main(clerk, address)

    other = cast.client_of("reviewer")
    assert "待 核对" not in main(other, "/cases/")
    for act in ("rename", "delete"):
        assert other.post(f"/cases/views/{view.public_id}/{act}/", {"name": "x"}).status_code == 404
    clerk.post("/cases/views/", {"name": "待 核对", "list": "view=all&due=overdue"})
    assert SavedView.objects.get().query == "view=all&due=overdue"
    clerk.post("/cases/views/", {"name": "已授牌", "list": "view=all&state=awarded"})
    clerk.post(f"/cases/views/{view.public_id}/rename/", {"name": "已授牌"})
    assert SavedView.objects.filter(name="已授牌").count() == 1
    clerk.post(f"/cases/views/{view.public_id}/rename/", {"name": "逾期"})
    clerk.post(f"/cases/views/{view.public_id}/delete/")
    for name, query in (("", "view=all"), ("x" * 31, "view=all"), ("空", "page=2")):
        clerk.post("/cases/views/", {"name": name, "list": query})

    assert list(SavedView.objects.values_list("name", flat=True)) == ["已授牌"]
    codes = {"cases.view.keep", "cases.view.rename", "cases.view.forget"}
    assert set(Record.objects.filter(action__startswith="cases.view.").values_list("action", flat=True)) == codes
