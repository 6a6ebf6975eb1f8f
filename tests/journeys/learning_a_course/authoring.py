"""A teacher builds a course from nothing and opens a class of it."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from denggao.foundation.files.models import Upload
from denggao.foundation.media.models import Conversion
from denggao.foundation.media.showing import HLS, shown
from denggao.systems.university.learning.models import Run
from denggao.systems.university.models import Unit, UnitFile
from tests.journeys.conftest import follow, look
from tests.journeys.learning_a_course.scene import Scene, works

TITLES = {
    "video": "车床的开机与关机",
    "reading": "夹紧工件的三条规矩",
    "check": "自测：转速与进给",
    "assignment": "作业：车一根光轴的工艺卡",
    "practical": "实操：三爪卡盘装夹",
}


def builds(scene: Scene) -> None:
    with scene.at("/university/", "base_manager") as page:
        look(follow(page.locator("main a[href$='/courses/new/']").first))
        page.fill("[name=title_zh]", "车工入门")
        page.fill("[name=code]", "turning")
        page.fill("[name=summary_zh]", "给第一次站到车床前的人：会开机、会装夹、会量。")
        look(follow(page.locator("main form button[type=submit]")))
        _film(scene, page)
        _reading(page)
        _check(page)
        _assignment(page)
        _practical(page)
        page.goto(f"/university/courses/{scene.course.public_id}/preview/{scene.key('video')}/")
        look(page)
        page.goto(f"/university/courses/{scene.course.public_id}/publish/")
        look(page)
        look(follow(page.locator("main form button[type=submit]")))
    assert scene.course.state == "published"


def _adds(page: Page, kind: str, minutes: int) -> None:
    adding = page.locator("details.dg-oadd")
    if adding.get_attribute("open") is None:
        adding.locator("summary").click()
    adding.locator(f"label:has([value={kind}])").click()
    adding.locator("[name=title]").fill(TITLES[kind])
    follow(adding.locator("button[type=submit]"))
    page.fill("#u-minutes", str(minutes))


def _saved(page: Page) -> None:
    """What is written saves itself."""
    expect(page.locator("[data-receipt]")).to_have_attribute("data-state", "ok")
    look(page)


def _film(scene: Scene, page: Page) -> None:
    """In pieces, as it came from the camera; its subtitles as the subtitling program wrote them."""
    _adds(page, "video", 1)
    _saved(page)
    _hands_in(page, scene.folder / "车床.mp4", "main")
    assert Upload.objects.get().state == "complete"
    expect(page.locator("#files")).to_contain_text("车床.mp4")
    look(page)
    works()
    stored = UnitFile.objects.select_related("file").get(role="main").file
    assert Conversion.objects.get(source=stored).state == "done"
    assert shown(stored).sources[0].type == HLS
    _hands_in(page, scene.folder / "车床.srt", "subtitle", label="中文", language="zh")
    expect(page.locator("#files")).to_contain_text("中文")
    look(page)
    assert UnitFile.objects.get(role="subtitle").file.content_type == "text/vtt"


def _hands_in(page: Page, path: Path, role: str, **more: str) -> None:
    form = page.locator("form[action$='/files/']")
    form.locator("[name=role]").select_option(role)
    form.locator("input[type=file]").set_input_files(path)
    expect(form.locator(".dg-upload-said")).to_contain_text(path.name)
    if more:
        form.locator("[name=label]").fill(more["label"])
        form.locator("[name=language]").select_option(more["language"])
    follow(form.locator("[type=submit]"))


def _reading(page: Page) -> None:
    _adds(page, "reading", 5)
    page.locator(".dg-rich-p").first.click()
    page.keyboard.type("工件夹紧之前，主轴不许转动。卡盘钥匙用完立刻取下。")
    _saved(page)


def _check(page: Page) -> None:
    _adds(page, "check", 3)
    question = page.locator(".dg-crow").first
    question.locator("[name$='-text']").first.fill("卡盘钥匙什么时候取下？")
    for place, text in ((1, "用完立刻取下"), (2, "下班时一起取下")):
        question.locator(f"[name$='-choices-9{place}-text']").fill(text)
    question.locator("[name$='-choices-91-right']").check()
    question.locator("[name$='-choices-92-feedback']").fill("钥匙留在卡盘上，主轴一转就飞出来。")
    _saved(page)


def _assignment(page: Page) -> None:
    _adds(page, "assignment", 30)
    page.locator(".dg-rich-p").first.click()
    page.keyboard.type("写出粗车、精车两步的转速、进给和吃刀量。")
    page.fill("#s-pass", "60")
    page.fill("#r-900-title", "工序完整")
    page.fill("#r-900-points", "100")
    _saved(page)


def _practical(page: Page) -> None:
    _adds(page, "practical", 20)
    page.fill("[name='s-steps-900-text']", "装夹并百分表找正")
    page.fill("#s-place", "一号车间")
    _saved(page)


def opens_a_class(scene: Scene) -> None:
    with scene.at("/classes/new/", "base_manager") as page:
        page.select_option("[name=course]", str(scene.course.public_id))
        page.fill("[name=title]", "秋季夜班")
        page.fill("[name=opens_on]", timezone.localdate().isoformat())
        page.select_option("[name=entry]", "employer")
        look(follow(page.locator("main form button[type=submit]")))
    assert scene.run.state == Run.State.OPEN


def marks(scene: Scene) -> None:
    """The work that was handed in, from the worklist."""
    with scene.at("/classes/marking/", "base_manager") as page:
        look(follow(page.locator("main tbody a").first))
        page.locator("[name^='m-']").fill("85")
        page.fill("[name=feedback]", "转速选得好，吃刀量再小一点。")
        look(follow(page.locator("[name=act][value=mark]")))


def signs(scene: Scene) -> None:
    """On a phone, at the machine."""
    with scene.at(f"/classes/{scene.run.public_id}/sign/", "base_manager", size="phone") as page:
        look(follow(page.locator(f"main a[href$='/practical/{scene.key('practical')}/']").first))
        look(follow(page.locator(f"main a[href*='/learners/{scene.mine.public_id}/practical/']").first))
        page.locator("[name=steps]").check()
        page.fill("[name=minutes]", "20")
        look(follow(page.locator("main form button[type=submit]").first))


def sees_the_class(scene: Scene) -> None:
    with scene.at(f"/classes/{scene.run.public_id}/", "base_manager") as page:
        expect(page.locator("main tbody tr")).to_have_count(2)
        page.goto(f"/classes/learners/{scene.mine.public_id}/")
        look(page)
        assert re.search("5 / 5|5/5", page.locator("main").inner_text())
    assert Unit.objects.filter(version=scene.run.version).count() == len(TITLES)
