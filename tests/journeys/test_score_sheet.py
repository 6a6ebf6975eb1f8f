"""A score sheet on a poor line: entered offline, the tab reloaded and killed, a second tab, a second device, handed in.

Nothing that was typed is lost, and each entry is receipted with the time the server has.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from denggao.engines.reviews.models import Assignment, Score, ScoreChange, ScoreEntry
from tests.engines.reviews.scene import Scene, a_panel
from tests.journeys.conftest import Visitor, follow, look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SAVED = {"zh": re.compile(r"已保存 \d\d:\d\d:\d\d"), "en": re.compile(r"Saved \d\d:\d\d:\d\d")}


def scene_of(office: Visitor) -> Scene:
    assert office.cast is not None
    return a_panel(office.cast, experts=1, user=office.cast.user("expert"))


def address(scene: Scene) -> str:
    return f"/reviews/{scene.seat(0).public_id}/"


def receipt(page: Page, code: str):
    return page.locator(f"[data-criterion={code}] [data-receipt]")


def standing() -> dict[str, tuple[str, str]]:
    return {
        entry.criterion.code: ("" if entry.points is None else f"{entry.points.normalize():f}", entry.comment)
        for entry in ScoreEntry.objects.select_related("criterion")
    }


def quiet(office: Visitor) -> None:
    """A browser that is off the line says so in its console: that is no fault of the page."""
    office.complaints[:] = [said for said in office.complaints if "ERR_INTERNET_DISCONNECTED" not in said]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_entered_without_a_line_arrives_when_it_is_back(office: Visitor, language):
    scene = scene_of(office)
    page = office.open(address(scene), size="phone", language=language, signed_in_as="expert")
    look(page)
    page.fill("[name=points-work]", "7.5")
    expect(receipt(page, "work")).to_have_text(SAVED[language])

    page.context.set_offline(True)
    page.fill("[name=comment-work]", "没有信号时写的话")
    page.fill("[name=points-spirit]", "1")
    page.locator("button[data-submit]").click()
    expect(page.locator("[data-all]")).to_have_attribute("data-state", "bad")
    assert standing() == {"work": ("7.5", "")}

    # The tab is killed: another one, opened later in the same browser, has what was entered and sends it.
    kept = page.context
    page.close(run_before_unload=False)
    kept.set_offline(False)
    page = kept.new_page()
    page.goto(address(scene))
    expect(page.locator("[name=comment-work]")).to_have_value("没有信号时写的话")
    expect(page.locator("[name=points-spirit]")).to_have_value("1")
    expect(receipt(page, "spirit")).to_have_text(SAVED[language])
    expect(page.locator("[data-all]")).to_have_attribute("data-state", "ok")
    assert standing() == {"work": ("7.5", "没有信号时写的话"), "spirit": ("1", "")}
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('dg-score:')).length") == 0
    look(page)

    # Looked over and handed in.
    look(follow(page.locator("button[data-submit]")))
    follow(page.locator("main form button[type=submit]"))
    assert Score.objects.get().state == "submitted"
    assert scene.seat(0).state == Assignment.State.SUBMITTED
    look(page)
    quiet(office)


def test_the_line_comes_back_under_an_open_page(office: Visitor):
    scene = scene_of(office)
    page = office.open(address(scene), size="phone", signed_in_as="expert")
    page.context.set_offline(True)
    page.locator("[data-criterion=work] details.dg-scale button").last.click()
    page.fill("[name=comment-work]", "突出")
    expect(receipt(page, "work")).to_have_attribute("data-state", "wait")
    page.context.set_offline(False)

    expect(receipt(page, "work")).to_have_text(SAVED["zh"])
    assert standing() == {"work": ("10", "突出")}
    expect(page.locator("[data-total]")).to_have_text("10")
    quiet(office)


def test_a_second_tab_and_a_second_device_lose_no_text(office: Visitor):
    scene = scene_of(office)
    first = office.open(address(scene), signed_in_as="expert")
    context: BrowserContext = first.context
    second = context.new_page()
    second.goto(address(scene))
    device = office.open(address(scene), size="phone", signed_in_as="expert")

    # The other tab shows what this one enters.
    first.fill("[name=comment-work]", "桌面写的")
    expect(receipt(first, "work")).to_have_text(SAVED["zh"])
    expect(second.locator("[name=comment-work]")).to_have_value("桌面写的")

    # The phone, off the line, writes something older than what the desk writes after it.
    device.context.set_offline(True)
    device.fill("[name=comment-work]", "手机先写的")
    device.wait_for_timeout(50)
    second.fill("[name=comment-work]", "桌面后写的")
    expect(receipt(second, "work")).to_have_text(SAVED["zh"])
    expect(first.locator("[name=comment-work]")).to_have_value("桌面后写的")
    device.context.set_offline(False)

    expect(device.locator("[name=comment-work]")).to_have_value("桌面后写的")
    assert standing()["work"] == ("", "桌面后写的")
    assert ("手机先写的", False) in set(ScoreChange.objects.values_list("comment", "stands"))
    device.reload()
    device.locator("details.dg-earlier summary").click()
    expect(device.locator("details.dg-earlier")).to_contain_text("手机先写的")
    quiet(office)


def test_an_entry_that_cannot_be_taken_stays_in_sight(office: Visitor):
    scene = scene_of(office)
    page = office.open(address(scene), language="en", signed_in_as="expert")
    page.fill("[name=comment-work]", "写了很久")
    page.fill("[name=points-work]", "11")

    expect(receipt(page, "work")).to_contain_text("more than there is")
    page.reload()
    expect(page.locator("[name=points-work]")).to_have_value("11")
    expect(page.locator("[name=comment-work]")).to_have_value("写了很久")
    expect(receipt(page, "work")).to_contain_text("more than there is")
    page.fill("[name=points-work]", "9")
    expect(receipt(page, "work")).to_have_text(SAVED["en"])
    assert standing()["work"] == ("9", "写了很久")


def test_the_sheet_works_without_a_script(office: Visitor):
    scene = scene_of(office)
    page = office.open(address(scene), signed_in_as="expert")
    cookies = page.context.cookies()
    plain = office.browser.new_context(base_url=office.address, java_script_enabled=False, locale="zh-CN")
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(address(scene))
    page.fill("[name=points-work]", "8")
    page.fill("[name=points-spirit]", "1")
    follow(page.locator("button[data-submit]"))
    follow(page.locator("main form button[type=submit]"))

    assert Score.objects.get().state == "submitted"
