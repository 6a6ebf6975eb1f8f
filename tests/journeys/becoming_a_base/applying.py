"""The office calls, a body applies and corrects."""

from __future__ import annotations

import io
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from denggao.engines.cases.actions import save_draft
from denggao.engines.cases.actions.attaching import attach_file
from tests.journeys.becoming_a_base.scene import Scene, go, go_to, shifted
from tests.journeys.conftest import follow, look
from tests.systems.bases.facts import PDF, typed_answers

PAPERS = ("pdf", "png", "jpeg")
NEXT = "[name=go][value=next]"


def calls(scene: Scene) -> None:
    """The clerk writes a call and publishes it."""
    with scene.at("/cases/rounds/", "clerk", size=scene.desk) as page:
        go_to(page, "$='/rounds/new/'")
        _chooses(page, "procedure", value="base")
        _chooses(page, "plan", label=scene.plan.name)
        page.fill("[name=title_zh]", "产业实训基地申报")
        page.fill("[name=title_en]", "Training bases")
        page.fill("[name=opens_at]", shifted(-1))
        page.fill("[name=closes_at]", shifted(30))
        page.fill("[name=call_zh]", "面向院校和培训机构征集。")
        page.fill("[name=call_en]", "For schools and training bodies.")
        go(page)
        page.locator("details.dg-confirm summary").click()
        look(page)
        go(page, "form[action$='/open/']")
    assert scene.round.state == "open"


def _chooses(page: Page, name: str, **option: str) -> None:
    """What else is asked depends on it: the form is drawn again."""
    with page.expect_response(lambda response: "/rounds/new/" in response.url):
        page.select_option(f"[name={name}]", **option)
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def hands_in(scene: Scene) -> None:
    """Begun, two sections written by hand with a file, one table from a sheet, submitted."""
    with scene.at("/cases/calls/", "base_manager") as page:
        go_to(page, f"*='{scene.round.public_id}'")
        go(page, "form[action$='/apply/']")
        answers = answers_of(scene)
        _writes_of_the_body(scene, page, answers["body"])
        _writes_of_the_site(scene, page, answers["site"])
        _takes_a_sheet(scene, page)
        for section in ("teachers", "occupations", "plan", "safety", "finance"):
            given = {"section": section, "answers": answers[section], "base_revision": 0}
            save_draft(scene.case, **given, actor=scene.cast.base_manager, now=timezone.now())
        page.goto(f"{scene.case.link}edit/finance/")
        look(page)
        _submits(page)
    scene.stands("check")


def _writes_of_the_body(scene: Scene, page: Page, answers: dict[str, Any]) -> None:
    page.select_option("[name=kind]", answers["kind"])
    page.select_option("[name=industry]", answers["industry"])
    for code in answers["industries"]:
        page.check(f"[name=industries][value={code}]")
    page.fill("[name=contact]", answers["contact"])
    page.fill("[name=capability]", answers["capability"])
    page.set_input_files("[name=licence-new]", scene.paper("登记证书.pdf"))
    expect(page.locator("[data-field=licence] .dg-file")).to_contain_text("登记证书.pdf")
    look(page)
    look(follow(page.locator(NEXT)))


def _writes_of_the_site(scene: Scene, page: Page, answers: dict[str, Any]) -> None:
    for name, text in answers.items():
        if name not in {"site_right", "site_papers"}:
            page.fill(f"[name={name}]", text)
    page.select_option("[name=site_right]", answers["site_right"])
    page.set_input_files("[name=site_papers-new]", scene.paper("场地产权.pdf"))
    expect(page.locator("[data-field=site_papers] .dg-file")).to_contain_text("场地产权.pdf")
    look(follow(page.locator(NEXT)))


def _takes_a_sheet(scene: Scene, page: Page) -> None:
    sheet = scene.folder / "设备.csv"
    sheet.write_text("设备名称,型号,数量,工位,权属\n数控车床,CK6140,12,24,自有\n钳工台,,16,16,租赁\n", encoding="utf-8")
    go_to(page, "*='/rows/equipment/'")
    page.set_input_files("[name=file]", sheet)
    go(page)
    expect(page.locator("main table")).to_contain_text("数控车床")
    go(page)
    expect(page.locator("[name=equipment-1-name]")).to_have_value("钳工台")


def _submits(page: Page) -> None:
    go_to(page, "$='/review/'")
    page.check("#sure")
    go(page, "form[action$='/submit/']")


def corrects(scene: Scene) -> None:
    """Only the field that was named can be changed."""
    with scene.at("/cases/mine/", "base_manager") as page:
        go_to(page, f"*='{scene.case.link}'")
        expect(page.locator("main")).to_contain_text("请补交上一年度财务报表。")
        go_to(page, "*='/edit/finance/'")
        assert page.locator("[name=invested_yuan]").count() == 0
        page.set_input_files("[name=statement-new]", scene.paper("上一年度财务报表.pdf"))
        expect(page.locator("[data-field=statement]")).to_contain_text("上一年度财务报表.pdf")
        _submits(page)
    scene.stands("check")


def answers_of(scene: Scene) -> dict[str, dict[str, Any]]:
    """The whole application as it is typed, with papers of its own, for the years from now on."""
    case, manager, now = scene.case, scene.cast.base_manager, timezone.now()

    def paper(section: str, name: str) -> list[str]:
        place = {"section": section, "field": name, "taken": PAPERS, "limit": 10_000_000}
        return [str(attach_file(case, f"{name}.pdf", io.BytesIO(PDF), **place, actor=manager, now=now).public_id)]

    answers = typed_answers("")
    answers["safety"] |= {
        "fire": paper("safety", "fire"),
        "safety": paper("safety", "safety"),
        "fire_until": f"{now.year + 3}-12-31",
    }
    answers["finance"] |= {"statement": paper("finance", "statement")}
    for ahead, row in enumerate(answers["plan"]["planned"]):
        row["year"] = str(now.year + ahead)
    return answers
