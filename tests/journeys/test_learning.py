"""A learner on a phone, the school at a desk, HR: their pages read well, and a unit is learned in a real browser."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from denggao.engines.hours.models import Sitting
from denggao.foundation.files.actions import store_file
from denggao.foundation.jobs.work import drain
from denggao.foundation.media import programs, rules
from denggao.foundation.media.actions import convert
from denggao.systems.university.learning.actions import talking, working
from denggao.systems.university.learning.models import Enrolment, Note, UnitDate, UnitProgress
from denggao.systems.university.models import Unit, UnitFile
from denggao.systems.university.policies import UNIT_FILE
from tests.facts import a_person, in_post
from tests.foundation.media.films import film
from tests.journeys.conftest import Language, Size, Visitor, follow, look
from tests.systems.university.learning.facts import KINDS, a_class, again, enrolled, key_of, sat, teacher

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TITLES = {
    "video": "五轴对刀与刀长补偿",
    "reading": "阅读：对刀仪使用规程",
    "check": "小测 1",
    "assignment": "作业：薄壁件车削工艺卡",
    "practical": "基地实训：对刀 5 把",
    "live": "直播答疑：摆 B 轴以后",
    "audio": "听一听：听声音判断崩刃",
    "pdf": "图纸识读",
}


def scene(office: Visitor) -> dict[str, list[tuple[str, str]]]:
    """A class in the middle of it. Pages by who reads them."""
    cast = office.cast
    assert cast is not None
    now = timezone.now()
    run, mine = a_class(cast, now, *KINDS, titles=TITLES, title="2026 秋季夜班")
    other = a_person("欧阳晓峰")
    for person in (cast.worker_person, other, a_person("阿不都热依木·买买提")):
        in_post(person, cast.employer)
    enrolled(run, other, now, employer=cast.employer, due_on=now.date() - dt.timedelta(days=2), done=3, seconds=5400, last_at=now)
    Enrolment.objects.filter(pk=mine.pk).update(employer=cast.employer, due_on=now.date() + dt.timedelta(days=2))
    mine = again(mine)
    sat(mine, key_of(run, "video"), 760, cast.worker, now - dt.timedelta(days=1), parts=[(0, 760)], length=1312)
    working.answer_check(again(mine), key_of(run, "check"), {"q1": ["b"], "q2": ["118.4"]}, actor=cast.worker, now=now)
    work = working.hand_in(
        again(mine), key_of(run, "assignment"), text="工艺卡见附页。\n粗车留 0.5 毫米。", actor=cast.worker, now=now
    )
    working.sign_practical(
        again(mine), key_of(run, "practical"), ["s1"], minutes=30, signed_by="周启明", actor=teacher(cast), now=now
    )
    key = key_of(run, "video")
    thread = talking.ask(run, "为什么 Z 向会漂？", "主轴刚开机时量的。", unit_key=key, second=252, actor=cast.worker, now=now)
    talking.accept_reply(
        talking.reply(thread, "先热机 10 分钟，再对刀。", actor=teacher(cast), now=now), actor=cast.worker, now=now
    )
    talking.announce(run, "周四改到二号机房", "请带安全帽。", actor=teacher(cast), now=now)
    talking.write_note(again(mine), key, "对刀前主轴先热机 10 分钟，否则 Z 向漂 0.01。", second=252, actor=cast.worker, now=now)
    UnitDate.objects.create(run=run, unit_key=key_of(run, "pdf"), opens_at=now + dt.timedelta(days=9))
    home, teaching = f"/learn/{mine.public_id}/", f"/classes/{run.public_id}/"
    return {
        "worker": [
            ("home", "/learn/"), ("course", home), *((kind, f"{home}{key_of(run, kind)}/") for kind in KINDS),
            ("check-done", f"{home}{key_of(run, 'check')}/?attempt=1"), ("questions", f"{home}questions/"),
            ("thread", f"/learn/questions/{thread.public_id}/"), ("leave", f"{home}leave/"),
        ],
        "base_manager": [
            ("classes", "/classes/"), ("run", teaching), ("units", f"{teaching}units/"), ("dates", f"{teaching}dates/"),
            ("sign-list", f"{teaching}sign/"), ("practical", f"{teaching}practical/{key_of(run, 'practical')}/"),
            ("sign", f"/classes/learners/{mine.public_id}/practical/{key_of(run, 'practical')}/"),
            ("attendance", f"{teaching}attendance/{key_of(run, 'live')}/"), ("marking", "/classes/marking/"),
            ("mark", f"/classes/marking/{work.public_id}/"), ("announcements", f"{teaching}announcements/"),
            ("class-questions", f"{teaching}questions/"), ("learner", f"/classes/learners/{mine.public_id}/"),
            ("new-class", "/classes/new/"),
        ],
        "hr": [("team", "/team/"), ("choose", "/team/enrol/"), ("enrol", f"/team/enrol/{run.public_id}/")],
        "expert": [("nobody", "/learn/")],
    }  # fmt: skip


def test_the_pages_read_well(office: Visitor) -> None:
    pages = scene(office)
    ways: list[tuple[Size, Language, bool]] = [("phone", "zh", False), ("desk", "en", True)]
    for size, language, dark in ways:
        for part, listed in pages.items():
            with office.at("/desk/", size=size, language=language, signed_in_as=part, dark=dark) as page:
                for name, path in listed:
                    page.goto(path)
                    look(page, f"{name}-{size}-{language}{'-dark' if dark else ''}")
    # What an empty film says to the browser is no fault of the page.
    office.complaints[:] = [said for said in office.complaints if "/files/" not in said]


@pytest.mark.skipif(not programs.ffmpeg(), reason="no ffmpeg on this machine")
@pytest.mark.parametrize("by_script", [False, True])
def test_a_film_that_does_not_load_is_gone_on_with(office: Visitor, monkeypatch: pytest.MonkeyPatch, by_script: bool) -> None:
    """A line that is down, then a list of sizes that is broken: the browser's own player, and the script for those without one."""
    monkeypatch.setattr(rules, "_LIGHT_SIDE", 100)
    cast, now = office.cast, timezone.now()
    assert cast is not None
    run, mine = a_class(cast, now, "video")
    stored = store_file("a.mp4", film("320x180", 4), kind=UNIT_FILE, actor=cast.base_manager, now=now)
    UnitFile.objects.create(unit=Unit.objects.get(version=run.version), file=stored, role="main", path="files/a.mp4")
    convert(stored, kind="video", actor=cast.base_manager, now=now)
    drain(clock=timezone.now)

    page = office.open("/learn/", size="phone", language="en", signed_in_as="worker")
    if by_script:
        page.add_init_script("HTMLMediaElement.prototype.canPlayType = (type) => /mpegurl/.test(type) ? '' : 'maybe'")
    page.route("**/media/**", lambda route: route.abort())
    page.goto(f"/learn/{mine.public_id}/{key_of(run, 'video')}/")
    page.locator("[data-do=play]").tap()
    expect(page.locator(".dg-vmsg")).to_contain_text("does not load")
    look(page, f"film-broken-{by_script}")

    page.unroute("**/media/**")
    page.route("**/master.m3u8", lambda route: route.abort())
    page.locator("[data-do=play]").tap()
    page.wait_for_function("() => document.querySelector('video').currentTime > 1")
    expect(page.locator(".dg-vmsg")).to_be_hidden()
    page.wait_for_function("() => document.querySelector('video').ended")
    office.complaints[:] = [said for said in office.complaints if "/media/" not in said]


def test_a_unit_is_read_noted_asked_about_and_counted(office: Visitor) -> None:
    cast = office.cast
    assert cast is not None
    run, mine = a_class(cast, timezone.now(), "reading", "check")
    key = key_of(run, "reading")
    with office.at("/learn/", size="phone", language="en", signed_in_as="worker") as page:
        follow(page.get_by_role("link", name="Begin"))
        expect(page.locator("dg-sitting [data-receipt]")).to_contain_text("Saved")
        page.get_by_label("New note").fill("Warm up first.")
        page.get_by_role("button", name="Keep the note").click()
        expect(page.locator("#notes-part")).to_contain_text("Warm up first.")
        page.get_by_role("tab", name="Questions").click()
        page.get_by_label("Your question, in one line").fill("Why Z?")
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("#questions-part")).to_contain_text("Why Z?")
        follow(page.get_by_role("button", name="I have read it"))
        expect(page.locator(".dg-next h2")).to_have_text("check 1")
        follow(page.get_by_role("link", name="Begin"))
        page.get_by_label("Left").check()
        page.get_by_label("Your answer").fill("118.4")
        follow(page.get_by_role("button", name="Check my answers"))
        expect(page.locator("#result")).to_contain_text("100% right")
    assert Note.objects.count() == 1
    assert UnitProgress.objects.get(enrolment=mine, unit_key=key).state == "done"
    assert again(mine).state == "finished"
    assert Sitting.objects.filter(person=cast.worker_person).exists()
