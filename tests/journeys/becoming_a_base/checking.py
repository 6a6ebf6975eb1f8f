"""The office's check for completeness."""

from __future__ import annotations

from playwright.sync_api import Page

from denggao.engines.cases.models import Case
from tests.journeys.becoming_a_base.scene import Scene, go, go_to
from tests.journeys.conftest import look


def sends_back(scene: Scene) -> None:
    """For correction of one named field; the clock stands."""
    with scene.at("/cases/", "clerk", size=scene.desk) as page:
        go_to(page, f"*='{scene.case.link}'")
        _checks(scene.case, page, faulty="finance")
        go_to(page, "$='/return/'")
        tick = page.locator("input[name=field][value='finance.statement']")
        section = page.locator("details", has=tick)
        if section.get_attribute("open") is None:
            section.locator("summary").click()
        tick.check()
        page.fill("[name='remark-finance.statement']", "须为上一年度")
        page.fill("[name=reason]", "请补交上一年度财务报表。")
        look(page)
        go(page)
    scene.stands("check", "returned")
    assert scene.case.waits_for == "applicant"


def passes_on(scene: Scene) -> None:
    with scene.at(f"{scene.case.link}snapshots/2/changes/", "clerk", size=scene.desk) as page:
        assert "上一年度财务报表.pdf" in page.inner_text("main")
        page.goto(scene.case.link)
        _checks(scene.case, page)
        go_to(page, "$='/pass/'")
        go(page)
    scene.stands("review")


def _checks(case: Case, page: Page, faulty: str = "") -> None:
    for item in case.declared.system.checklist(case):
        page.check(f"[name={item.code}][value={'no' if item.code == faulty else 'yes'}]")
        if item.code == faulty:
            page.fill(f"[name={item.code}-remark]", "财务报表不是上一年度的。")
    go(page, "form[action$='/check/']")
