"""The application form in a browser: saved as it is typed, in two tabs, without a line, and without a script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from denggao.engines.cases.models import Case, Draft, DraftVersion
from denggao.engines.cases.procedures import registered
from tests.engines.cases.procedures import FULL, SHORT, a_draft
from tests.journeys.conftest import Visitor, follow, look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _trial_procedures() -> Iterator[None]:
    with registered(SHORT, FULL):
        yield


@pytest.fixture
def case(office: Visitor) -> Case:
    assert office.cast is not None
    return a_draft(office.cast, timezone.now())


def section(case: Case, code: str) -> dict:  # type: ignore[type-arg]  # answers of any shape
    answers = Draft.objects.get(case=case, section=code).answers
    assert isinstance(answers, dict)
    return answers


def receipt(page: Page, text: str) -> None:
    expect(page.locator("[data-receipt]")).to_contain_text(text)


def saved(page: Page) -> None:
    expect(page.locator("[data-receipt][data-state=ok]")).to_contain_text("Saved")


def test_what_is_typed_is_saved_with_a_receipt(office: Visitor, case: Case) -> None:
    page = office.open(f"{case.link}edit/place/", language="en", signed_in_as="base_manager", size="phone")

    page.fill("[name=name]", "The new workshop by the lake")
    saved(page)

    assert section(case, "place")["name"] == "The new workshop by the lake"
    look(page)


def test_two_tabs_lose_nothing(office: Visitor, case: Case) -> None:
    one = office.open(f"{case.link}edit/place/", language="en", signed_in_as="base_manager")
    other = office.open(f"{case.link}edit/place/", language="en", signed_in_as="base_manager")

    # Different fields come together, and each tab is shown the other's.
    one.fill("[name=name]", "Named in the first tab")
    saved(one)
    other.fill("[name=area]", "1300")
    saved(other)
    expect(other.locator("[name=name]")).to_have_value("Named in the first tab")
    assert section(case, "place") | {} == {"name": "Named in the first tab", "area": "1300", "ready": True}

    # The same field: both texts are kept, and shown beside each other.
    one.fill("[name=area]", "1500")
    receipt(one, "Two texts for one field")
    box = one.locator("[data-conflicts] form")
    expect(box).to_contain_text("1500")
    expect(box).to_contain_text("1300")
    look(one)
    assert section(case, "place")["area"] == "1300"
    assert DraftVersion.objects.filter(outcome="conflict").count() == 1

    # What is typed in other fields meanwhile is saved all the same.
    one.fill("[name=name]", "Named again")
    one.wait_for_function("() => !document.querySelector('[data-field=name]').dataset.inConflict")
    expect(one.locator("[name=name]")).to_have_value("Named again")

    box.locator("input[value=mine]").check()
    box.locator("button").click()
    expect(one.locator("[data-conflicts] form")).to_have_count(0)
    one.wait_for_timeout(1500)
    assert section(case, "place") == {"name": "Named again", "area": "1500", "ready": True}
    assert not DraftVersion.objects.filter(outcome="conflict", settled_at__isnull=True).exists()


def test_a_lost_line_keeps_the_text_on_the_device(office: Visitor, case: Case) -> None:
    page = office.open(f"{case.link}edit/plan/", language="en", signed_in_as="base_manager", size="phone")

    page.route("**/autosave/", lambda route: route.abort())
    page.fill("[name=aim]", "Written where there is no line.")
    receipt(page, "The line is lost")
    assert section(case, "plan")["aim"] != "Written where there is no line."

    # The page is loaded again, still without a line for saving: the text stands there.
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[name=aim]")).to_have_value("Written where there is no line.")

    page.unroute("**/autosave/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page)
    assert section(case, "plan")["aim"] == "Written where there is no line."
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('dg-draft')).length") == 0
    office.complaints.clear()  # The browser says aloud that requests failed.


def test_rows_are_added_and_taken_out(office: Visitor, case: Case) -> None:
    page = office.open(f"{case.link}edit/plan/", language="en", signed_in_as="base_manager")

    before = page.locator("tbody tr").count()
    page.click("[data-add-row]")
    assert page.locator("tbody tr").count() == before + 1
    page.fill(f"[name=machines-{before}-name]", "磨床")
    saved(page)
    page.check("[name=machines-0-remove]")
    page.wait_for_timeout(1500)

    assert section(case, "plan")["machines"] == [{"name": "磨床", "count": ""}]


def test_a_sheet_is_shown_before_it_is_taken(office: Visitor, case: Case, tmp_path: Path) -> None:
    sheet = tmp_path / "machines.csv"
    sheet.write_text("名称,数量\n加工中心,2\n三坐标,1\n", encoding="utf-8")
    page = office.open(f"{case.link}edit/plan/rows/machines/", language="en", signed_in_as="base_manager")

    page.set_input_files("[name=file]", sheet)
    follow(page.locator("main form button[type=submit]"))
    expect(page.locator("main table")).to_contain_text("加工中心")
    assert len(section(case, "plan")["machines"]) == 1
    page.check("[value=append]")
    follow(page.locator("main form button[type=submit]"))
    expect(page.locator("[name=machines-1-name]")).to_have_value("加工中心")

    assert [row["name"] for row in section(case, "plan")["machines"]] == ["数控车床", "加工中心", "三坐标"]


def test_somebody_else_is_seen(office: Visitor, case: Case, now: dt.datetime) -> None:
    from denggao.foundation.audit.actors import Role
    from denggao.foundation.organisations.models import Membership

    cast = office.cast
    assert cast is not None
    Membership.objects.create(account=cast.user("hr"), role=Role.BASE_MANAGER, organisation=cast.base, from_on=now.date())
    office.open(f"{case.link}edit/place/", language="en", signed_in_as="base_manager")

    page = office.open(f"{case.link}edit/place/", language="en", signed_in_as="hr")

    expect(page.locator("[data-company]")).to_contain_text("is editing too")
