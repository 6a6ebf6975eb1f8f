"""The core's pages: what each shows to whom, what a form refuses, and that lists ask the same of the database however long."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from denggao.engines.cases import policies as cases
from denggao.systems.craftsmen.actions.revoking import propose_act
from denggao.systems.craftsmen.models import Craftsman, CraftsmanAct, Medal, NamingOrder, Nomination, RoundTerms
from tests.systems.craftsmen.scene import a_nominee, craftsmen_plan, craftsmen_round, named, nominated


def english(cast, part):
    client = cast.client_of(part)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def page(cast, part, address, **query) -> str:
    response = english(cast, part).get(address, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def post(cast, part, address, **data):
    return english(cast, part).post(address, data)


@pytest.fixture
def craftsman(cast, now) -> Craftsman:
    return named(cast, now)


def test_the_office_finds_craftsmen_by_name_state_and_order(cast, now, craftsman):
    other = named(cast, now, round_=craftsman.nomination.round, nominee=a_nominee(cast, "沈听澜"))

    assert other.person.name in page(cast, "clerk", "/craftsmen/")
    assert other.person.name not in page(cast, "clerk", "/craftsmen/", q="周启明")
    assert other.person.name not in page(cast, "clerk", "/craftsmen/", state="revoked")
    assert craftsman.person.name in page(cast, "clerk", "/craftsmen/", order=craftsman.order.number)


def test_an_employer_sees_its_own_and_no_bonus(cast, craftsman):
    assert craftsman.person.name in page(cast, "hr", "/craftsmen/")
    assert craftsman.person.name not in page(cast, "other_hr", "/craftsmen/")
    assert "20,000" not in page(cast, "hr", f"/craftsmen/{craftsman.public_id}/")
    assert "20,000" in page(cast, "finance", f"/craftsmen/{craftsman.public_id}/")
    assert english(cast, "other_hr").get(f"/craftsmen/{craftsman.public_id}/").status_code == 404


def test_an_export_holds_what_is_shown(cast, craftsman):
    response = english(cast, "clerk").get("/craftsmen/", {"export": "csv", "q": "周启明"})

    text = (
        response.content.decode("utf-8-sig") if not response.streaming else b"".join(response.streaming_content).decode("utf-8-sig")
    )
    assert craftsman.certificate.number in text


def test_the_holder_sees_the_own_title_and_bonus_and_who_has_none_how_to_come_to_it(cast, now):
    assert "not a Lingang craftsman yet" in page(cast, "worker", "/craftsmen/mine/")

    craftsman = named(cast, now, nominee=a_nominee(cast, account=True))

    shown = page(cast, "worker", "/craftsmen/mine/")
    assert craftsman.certificate.number in shown
    assert "20,000" in shown
    assert "Propose to revoke" not in shown


def test_a_revocation_goes_through_its_pages(cast, craftsman):
    at = f"/craftsmen/{craftsman.public_id}/acts/revoke/"
    refused = post(cast, "clerk", at, grounds="forged", reason="")
    done = post(cast, "clerk", at, grounds="forged", reason="业绩材料不实。", document="处理决定")
    act = CraftsmanAct.objects.get()

    assert refused.status_code == 422
    assert done.status_code == 302
    assert "业绩材料不实。" in page(cast, "approver", f"/craftsmen/acts/{act.public_id}/")
    assert "Waits for a second person" in page(cast, "clerk", f"/craftsmen/{craftsman.public_id}/")
    assert "业绩材料不实。" not in page(cast, "hr", f"/craftsmen/{craftsman.public_id}/"), (
        "what is only weighed stays with the office"
    )
    assert post(cast, "approver", f"/craftsmen/acts/{act.public_id}/confirm/").status_code == 302
    craftsman.refresh_from_db()
    assert craftsman.state == "revoked"
    assert (
        "withdrawn" in english(cast, "visitor").get(f"/credentials/{craftsman.certificate.public_id}/").content.decode().casefold()
    )


def test_a_revoked_titles_medal_waits_to_be_given_back(cast, now, craftsman):
    medal = Medal.objects.get()
    assert post(cast, "clerk", f"/craftsmen/medals/{medal.public_id}/", state="held", on=localdate().isoformat()).status_code == 302
    late = post(cast, "clerk", f"/craftsmen/medals/{medal.public_id}/", state="lost", remark="")

    assert late.status_code == 422
    assert "how it was lost" in late.content.decode()


def test_the_rounds_page_says_what_holds_and_where_it_comes_from(cast, now):
    round_ = craftsmen_round(cast, now, options={"rank": {"groups": {"ic": 6}}})
    nominated(cast, round_, a_nominee(cast), now)

    shown = page(cast, "clerk", f"/craftsmen/rounds/{round_.public_id}/")

    assert "At least 4 of the four conditions" in shown
    assert "上海工匠选树条件" in shown
    assert "not law" in shown
    assert "2 nominees of one body at most" in shown
    assert "Nobody can be named before it is entered" in shown


def test_terms_and_naming_order_are_entered_on_their_pages(cast, now):
    round_ = craftsmen_round(cast, now)
    at = f"/craftsmen/rounds/{round_.public_id}/"

    none = post(cast, "clerk", f"{at}terms/")
    kept = post(
        cast,
        "clerk",
        f"{at}terms/",
        **{"employer-open": "on", "employer-most": "3", "conditions_least": "2", "day-0-on": "2022-11-01", "day-0-zh": "面试"},
    )
    order = post(cast, "clerk", f"{at}order/", number="沪临工匠〔2022〕018号", title="命名决定", issued_on=localdate().isoformat())

    assert none.status_code == 422
    assert "at least one must be open" in none.content.decode()
    assert (kept.status_code, order.status_code) == (302, 302)
    terms = RoundTerms.objects.get()
    assert (terms.conditions_least, terms.channels["employer"]["most"], terms.calendar[0]["zh"]) == (2, 3, "面试")
    assert NamingOrder.objects.get().number == "沪临工匠〔2022〕018号"


def test_a_body_moves_its_nominees_by_buttons(cast, now):
    round_ = craftsmen_round(cast, now)
    nominated(cast, round_, a_nominee(cast, "周一"), now, place=1)
    second = nominated(cast, round_, a_nominee(cast, "周二"), now, place=2)
    at = f"/craftsmen/rounds/{round_.public_id}/own/"

    assert page(cast, "hr", at).index("周一") < page(cast, "hr", at).index("周二")
    assert post(cast, "hr", at, move=f"{second.public_id}:up").status_code == 302

    assert list(Nomination.objects.order_by("place").values_list("person__name", flat=True)) == ["周二", "周一"]
    assert english(cast, "other_hr").get(at).status_code == 404


def test_a_body_comes_to_its_own_list_from_the_call_and_from_a_nomination(cast, now):
    round_ = craftsmen_round(cast, now)
    call = f"/cases/calls/{round_.public_id}/"
    own = f"/craftsmen/rounds/{round_.public_id}/own/"
    assert own not in page(cast, "hr", call)

    case = nominated(cast, round_, a_nominee(cast), now)

    assert own in page(cast, "hr", call)
    assert own in page(cast, "hr", case.link)
    assert own not in page(cast, "clerk", case.link)
    assert f"/craftsmen/rounds/{round_.public_id}/" in page(cast, "clerk", f"/cases/rounds/{round_.public_id}/")


def test_the_call_tells_the_terms_of_the_round(cast, now):
    shown = page(cast, "hr", f"/cases/calls/{craftsmen_round(cast, now).public_id}/")

    assert "2 nominees of one body at most" in shown
    assert "at least 4 of: distinctive craft" in shown


def test_the_rounds_page_lists_what_is_not_complete_and_whom_it_waits_for(cast, now):
    round_ = craftsmen_round(cast, now)
    at = f"/craftsmen/rounds/{round_.public_id}/"
    assert "Nothing is sent back" in page(cast, "clerk", at)

    case = nominated(cast, round_, a_nominee(cast), now)

    shown = page(cast, "clerk", at)
    assert case.link in shown
    assert "Not agreed to yet" in shown


def test_the_lists_of_the_bodies_are_searched_and_exported(cast, now):
    round_ = craftsmen_round(cast, now)
    nominated(cast, round_, a_nominee(cast, "周一"), now, place=1)
    at = f"/craftsmen/rounds/{round_.public_id}/lists/"

    assert "周一" in page(cast, "clerk", at)
    assert "周一" not in page(cast, "clerk", at, channel="self")
    assert english(cast, "clerk").get(at, {"export": "xlsx"}).status_code == 200


def test_a_conflict_hides_the_craftsman_from_the_office_account(cast, now, craftsman, monkeypatch):
    monkeypatch.setattr(cases, "hidden_cases", lambda actor: {craftsman.case.public_id})

    assert craftsman.person.name not in page(cast, "clerk", "/craftsmen/")
    assert english(cast, "clerk").get(f"/craftsmen/{craftsman.public_id}/").status_code == 404


@pytest.mark.parametrize("address", ["/craftsmen/", "/craftsmen/acts/", "/craftsmen/rounds/{round}/lists/", "/craftsmen/rounds/"])
def test_lists_ask_the_same_however_long(cast, now, address, django_assert_num_queries):
    plan = craftsmen_plan(cast, now)
    round_ = craftsmen_round(cast, now, plan=plan)
    at = address.format(round=round_.public_id)
    client = english(cast, "auditor")

    def one_more(at: int) -> None:
        craftsman = named(cast, now, round_=round_, nominee=a_nominee(cast, f"周{chr(0x4E00 + at)}"))
        propose_act(craftsman, kind="revoke", grounds="forged", reason="不实", actor=cast.clerk, now=now)

    one_more(0)
    client.get(at)
    with CaptureQueriesContext(connection) as counted:
        client.get(at)
    asked = len(counted)
    one_more(1)
    one_more(2)

    with django_assert_num_queries(asked):
        client.get(at)
