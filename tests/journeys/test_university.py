"""An author builds a course from nothing, copies one, carries one out and in; the pages as a browser shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from denggao.foundation.files.actions import store_file
from denggao.systems.university import policies
from denggao.systems.university.actions.contents import begin_draft
from denggao.systems.university.actions.importing import import_package
from denggao.systems.university.actions.publishing import publish_draft
from denggao.systems.university.models import Course, CourseShare, Programme, ProgrammeCourse, Unit
from denggao.systems.university.packages.reading import read_package
from tests.journeys.conftest import Visitor, follow, look
from tests.systems.university.facts import make_course, make_school
from tests.systems.university.packages import packed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def pages(cast, now) -> dict[str, tuple[str, str]]:
    """Name of a page: address, and who looks."""
    school = make_school(cast, now, about="<h2>关于我们</h2><p>面向产业一线，培养技能人才。</p>", colour="jade")
    other = make_school(cast, now, body="employer", dean="hr", name_zh="登高精密制造有限公司企业大学（先进制造与集成电路装备方向）")
    with read_package(packed()) as package:
        course = import_package(package, school, actor=cast.base_manager, now=now).course
    publish_draft(course, actor=cast.base_manager, now=now)
    begin_draft(course, actor=cast.base_manager, now=now)
    lent = make_course(
        other, now, code="lent", title_zh="五轴联动加工中心操作与数控编程（高级工及以上）", title_en="Five-axis machining"
    )
    CourseShare.objects.create(course=lent, school=school, kind="lent", asked_by="tests", asked_at=now)
    programme = Programme.objects.create(
        school=school, title_zh="精密车削高级研修", track="advanced", entry="selected", seats=30, state="published",
        published_on=now.date(), created_at=now, about="<p>三个月，每周两晚。</p>",
    )  # fmt: skip
    ProgrammeCourse.objects.create(programme=programme, course=course, position=0)
    units = {unit.kind: unit.key for unit in Unit.objects.filter(version__course=course, version__state="draft")}
    at = f"/university/courses/{course.public_id}/"
    file = store_file("big.zip", packed().read(), kind=policies.PACKAGE, actor=cast.hr, now=now)
    assert file
    return {
        "catalogue": ("/courses/", "visitor"),
        "nothing": ("/courses/?q=xyz", "visitor"),
        "course-public": (f"/courses/{course.public_id}/", "visitor"),
        "school-public": (f"/courses/schools/{school.public_id}/", "visitor"),
        "schools-public": ("/courses/schools/", "visitor"),
        "programmes-public": ("/courses/programmes/", "visitor"),
        "programme-public": (f"/courses/programmes/{programme.public_id}/", "visitor"),
        "courses": ("/university/", "base_manager"),
        "course": (at, "base_manager"),
        "describe": (f"{at}describe/", "base_manager"),
        "editor": (f"{at}edit/", "base_manager"),
        "edit-reading": (f"{at}edit/{units['reading']}/", "base_manager"),
        "edit-video": (f"{at}edit/{units['video']}/", "base_manager"),
        "edit-check": (f"{at}edit/{units['check']}/", "base_manager"),
        "edit-practical": (f"{at}edit/{units['practical']}/", "base_manager"),
        "preview": (f"{at}preview/", "base_manager"),
        "preview-check": (f"{at}preview/{units['check']}/", "base_manager"),
        "publish": (f"{at}publish/", "base_manager"),
        "version": (f"{at}versions/2/", "base_manager"),
        "copy": (f"{at}copy/", "base_manager"),
        "share": (f"{at}share/", "base_manager"),
        "shares": ("/university/shares/", "base_manager"),
        "packages": ("/university/packages/", "base_manager"),
        "programmes": ("/university/programmes/", "base_manager"),
        "programme": (f"/university/programmes/{programme.public_id}/", "base_manager"),
        "schools": ("/university/schools/", "clerk"),
        "school": (f"/university/schools/{school.public_id}/", "base_manager"),
        "school-describe": (f"/university/schools/{school.public_id}/describe/", "base_manager"),
    }


def test_the_pages_are_clean(office: Visitor, pages: dict[str, tuple[str, str]]) -> None:
    """On a desk in Chinese, on a phone in English; some of them in the dark too."""
    dark = {name: pages[name] for name in ("catalogue", "course-public", "edit-check", "edit-reading")}
    for size, language, at_night, wanted in (
        ("desk", "zh", False, pages),
        ("phone", "en", False, pages),
        ("desk", "zh", True, dark),
    ):
        for name, (address, part) in wanted.items():
            seen_by = "" if part == "visitor" else part
            with office.at(address, signed_in_as=seen_by, size=size, language=language, dark=at_night) as page:
                look(page, f"uni-{name}-{size}-{language}{'-dark' if at_night else ''}")


def test_an_author_builds_a_course_from_nothing_copies_it_and_carries_it_on(office: Visitor, cast, now, tmp_path: Path) -> None:
    make_school(cast, now)
    page = office.open("/university/", signed_in_as="base_manager", language="en")
    follow(page.get_by_role("link", name="Begin a course").first)
    page.get_by_label("Title").first.fill("Turning for beginners")
    page.get_by_label("Code").fill("turning")
    follow(page.get_by_role("button", name="Begin"))

    page.get_by_text("Reading", exact=True).click()
    page.get_by_label("Title").last.fill("The lathe")
    follow(page.locator(".dg-oadd button"))
    page.locator(".dg-rich-p").click()
    page.keyboard.type("A lathe turns the part.")
    page.get_by_label("Length in minutes").fill("5")
    page.locator("[data-receipt][data-state=ok]").wait_for()
    course = Course.objects.get()
    unit = Unit.objects.get()
    assert (unit.minutes, "A lathe turns the part." in unit.body) == (5, True)

    # The line goes: what is written stays, and is saved when the line is back.
    page.context.set_offline(True)
    page.locator("#u-title").fill("The lathe and its parts")
    page.locator("[data-receipt][data-state=bad]").wait_for()
    page.context.set_offline(False)
    page.locator("#u-title").press("End")
    page.get_by_role("button", name="Save").first.click()
    page.locator("[data-receipt][data-state=ok]").wait_for()
    unit.refresh_from_db()
    assert unit.title == "The lathe and its parts"
    office.complaints.clear()

    # Two windows: the second is told, and loses nothing.
    second = office.open(page.url, signed_in_as="base_manager", language="en")
    page.locator("#u-title").fill("First window")
    page.locator("[data-receipt][data-state=wait]").wait_for()
    page.locator("[data-receipt][data-state=ok]").wait_for()
    second.locator("#u-title").fill("Second window")
    second.get_by_text("Saved in another window").wait_for()
    assert second.locator("#u-title").input_value() == "Second window"
    unit.refresh_from_db()
    assert unit.title == "First window"
    office.complaints.clear()
    office.close(second)

    follow(page.get_by_role("link", name="Publish"))
    follow(page.get_by_role("button", name="Publish"))
    look(page)
    course.refresh_from_db()
    assert course.state == "published"

    with page.expect_download() as waiting:
        page.get_by_role("link", name="Export as a package").click()
    carried = tmp_path / "course.zip"
    waiting.value.save_as(carried)
    page.goto("/university/packages/")
    page.locator("input[type=file]").set_input_files(carried)
    page.get_by_text("Arrived:").wait_for()
    follow(page.get_by_role("button", name="Look it through"))
    assert page.get_by_text("The course holds all of this already").first.is_visible()
    look(page)

    page.goto(f"/university/courses/{course.public_id}/")
    follow(page.get_by_role("link", name="Copy"))
    follow(page.get_by_role("button", name="Copy"))
    assert Course.objects.count() == 2
