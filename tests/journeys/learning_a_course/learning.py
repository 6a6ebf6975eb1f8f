"""HR enrols a team; a worker learns on a phone, loses the line, goes on at a desk and finishes; a colleague lets a script read."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from denggao.engines.hours.models import Finding, HourEntry, Sitting
from denggao.engines.hours.rules import coverage
from denggao.foundation.accounts.models import User
from denggao.systems.university.learning.models import Enrolment, UnitProgress
from tests.journeys.conftest import follow, look, until
from tests.journeys.learning_a_course.scene import SECONDS, Scene, says

AT = "() => document.querySelector('video').currentTime"


def enrols_the_team(scene: Scene) -> None:
    with scene.at("/team/", "hr") as page:
        look(follow(page.locator("main a[href$='/team/enrol/']").first))
        look(follow(page.locator(f"main a[href$='/enrol/{scene.run.public_id}/']")))
        page.locator("[data-tick-all]").check()
        expect(page.locator("[data-ticked]")).to_have_text("2")
        look(follow(page.locator("main form[data-ticks] button[type=submit]")))
        expect(page.locator("main tbody tr")).to_have_count(2)
    assert set(Enrolment.objects.values_list("state", "how")) == {("enrolled", "employer")}


def plays(page: Page, to: float) -> None:
    """The film runs on until a second."""
    page.wait_for_function(f"() => document.querySelector('video').currentTime >= {to}")


def begins_on_a_phone(scene: Scene, *, by_script: bool) -> Page:
    """The film is played for some seconds. ``by_script``: this browser can't play a film in several sizes by itself."""
    phone = scene.open("/learn/", "worker", size="phone")
    look(phone)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    if by_script:
        phone.add_init_script("HTMLMediaElement.prototype.canPlayType = (type) => /mpegurl/.test(type) ? '' : 'maybe'")
    follow(phone.locator(".dg-next a.btn"))
    expect(phone.locator("[data-receipt]")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    look(phone)
    assert not [url for url in asked if "hls.js" in url or "/media/pieces/" in url or url.endswith(".m3u8")]

    phone.locator("[data-do=play]").tap()
    plays(phone, 2)
    phone.locator("[data-do=subtitles]").tap()
    assert phone.evaluate("() => [...document.querySelector('video').textTracks].some((one) => one.mode == 'showing')")
    phone.wait_for_function("() => document.querySelector('video').textTracks[0].activeCues?.length")
    look(phone)
    assert [url for url in asked if url.endswith("/master.m3u8")]
    assert bool([url for url in asked if "hls.js" in url]) is by_script
    return phone


def loses_the_line(scene: Scene, phone: Page) -> None:
    """What was there before plays on and is counted later; the page says so."""
    plays(phone, 3)
    note = phone.locator("dg-sitting [data-note]")
    phone.context.set_offline(True)
    expect(note).to_be_visible()
    plays(phone, 5)
    phone.locator("[data-do=play]").tap()
    before = Sitting.objects.get().last_sequence
    look(phone)
    assert phone.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('dg-sitting:')).length") == 1
    phone.context.set_offline(False)
    expect(note).to_be_hidden()
    until(lambda: coverage(Sitting.objects.get().parts, SECONDS) * SECONDS >= 3.5, phone)
    sitting = Sitting.objects.get()
    assert sitting.last_sequence >= before + 2
    assert sitting.seconds >= 3
    scene.forgive("ERR_INTERNET_DISCONNECTED")


def resumes_at_a_desk(scene: Scene, phone: Page) -> Page:
    """At the second where the phone was left; the phone is told."""
    left = phone.evaluate(AT)
    desk = scene.open("/learn/", "worker")
    expect(desk.locator(".dg-next a.btn")).to_contain_text("继续" if scene.language == "zh" else "Go on")
    look(desk)
    follow(desk.locator(".dg-next a.btn"))
    expect(desk.locator("[data-receipt]")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(phone.locator("dg-sitting [data-note]")).to_be_visible()
    expect(phone.locator("dg-sitting [data-here]")).to_be_visible()
    look(phone)
    assert Sitting.objects.order_by("pk")[0].end_reason == "elsewhere"
    scene.office.close(phone)

    desk.locator("[data-do=play]").click()
    desk.wait_for_function("() => !document.querySelector('video').paused && document.querySelector('video').readyState > 2")
    assert left - 1.5 <= desk.evaluate(AT) <= left + 2.5
    look(desk)
    desk.wait_for_function("() => document.querySelector('video').ended")
    until(lambda: _state(scene, "video") == "done", desk, lambda: list(UnitProgress.objects.values("watched", "coverage")))
    return desk


def _state(scene: Scene, kind: str) -> str:
    found = UnitProgress.objects.filter(enrolment=scene.mine, unit_key=scene.key(kind)).first()
    return found.state if found else ""


def reads_answers_and_hands_in(scene: Scene, desk: Page) -> None:
    desk.goto(scene.place("video"))
    look(desk)
    look(follow(desk.locator("a[rel=next]")))
    look(follow(desk.locator("form[action$='/read/'] button")))
    assert _state(scene, "reading") == "done"

    look(follow(desk.locator(f"main a[href='{scene.place('check')}']").first))
    desk.locator(".dg-opt").nth(1).click()
    look(follow(desk.locator("form[action$='/check/'] button[type=submit]")))
    expect(desk.locator(".dg-feed")).to_contain_text("飞出来")
    desk.locator(".dg-opt").nth(0).click()
    look(follow(desk.locator("form[action$='/check/'] button[type=submit]")))
    assert _state(scene, "check") == "done"

    look(follow(desk.locator("a[rel=next]")))
    desk.fill("[name=text]", "粗车 600 转，进给 0.3，吃刀 2 毫米；精车 1000 转，进给 0.1，吃刀 0.3 毫米。")
    look(follow(desk.locator("#hand-in button[type=submit]")))
    assert _state(scene, "assignment") == "waiting"
    scene.office.close(desk)


def has_finished(scene: Scene) -> None:
    """The course is done, and what was learned is explained."""
    assert scene.mine.state == "finished"
    assert not Sitting.objects.filter(person=scene.cast.worker_person, ended_at__isnull=True).exists()
    counted = HourEntry.objects.filter(person=scene.cast.worker_person)
    assert sum(entry.seconds for entry in counted) >= SECONDS
    with scene.at("/learn/", "worker", size="phone") as page:
        page.goto(f"/learn/{scene.mine.public_id}/")
        look(page)
        page.goto(scene.place("assignment"))
        expect(page.locator("main")).to_contain_text("吃刀量再小一点")
        look(page)
        page.goto("/hours/")
        look(page)
        expect(page.locator(".dg-why")).to_contain_text("车床的开机与关机")
        look(follow(page.locator(".dg-why .su a").first))
    with scene.at("/team/", "hr") as page:
        expect(page.locator("main tbody tr")).to_have_count(2)


def lets_a_script_read(scene: Scene) -> None:
    """A hand that moves at every beat the same is none; nothing is taken away for it, but the office is told."""
    says("hours.rhythm_beats", 5)
    account = scene.colleague.account
    assert isinstance(account, User)
    enrolment = Enrolment.objects.get(person=scene.colleague)
    with scene.at(f"/learn/{enrolment.public_id}/{scene.key('reading')}/", account) as page:
        expect(page.locator("[data-receipt]")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
        for place in range(30):
            page.mouse.move(300 + place % 2, 300)
            page.wait_for_timeout(250)
        page.goto("/learn/")
        until(lambda: Finding.objects.exists(), page)
    finding = Finding.objects.get()
    assert (finding.kind, finding.person, finding.state) == ("rhythm", scene.colleague, "open")
    with scene.at("/desk/", "clerk") as page:
        look(follow(page.locator("main a[href^='/hours/findings/']").first))
        look(follow(page.locator(f"main a[href='/hours/findings/{finding.public_id}/']")))
        expect(page.locator("main svg.dg-rhythm, main .dg-rhythm svg").first).to_be_visible()
    assert HourEntry.objects.filter(person=scene.colleague, seconds__gt=0).exists()
