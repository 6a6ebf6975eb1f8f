"""The pages of the founding and of selection as a browser shows them: clean for axe-core, within the window, on desk and phone,
in both languages, dark too."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from denggao.engines.hours.models import HourEntry
from denggao.systems.university.founding.actions import propose_end
from denggao.systems.university.learning.queries.steps import CONTEXT
from denggao.systems.university.models import Programme, ProgrammeCourse, SchoolMember
from tests.cast import Cast
from tests.facts import a_person
from tests.journeys.conftest import Visitor, look
from tests.systems.university.founding.facts import a_university, drafted
from tests.systems.university.learning.facts import a_course, a_run, enrolled
from tests.systems.university.learning.test_selection import applied, somebody

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def pages(cast: Cast, now: dt.datetime) -> dict[str, tuple[str, str]]:
    """Name of a page: address, and who looks."""
    university = a_university(cast)
    plan, school = university.plan, university.programme.school
    SchoolMember.objects.create(school=school, account=cast.user("expert"), role="teacher", from_on=dt.date(2022, 1, 1))
    course = a_course(school, now, "reading", "video", code="milling-2", title_zh="五轴加工", title_en="Five-axis milling")
    day = timezone.localdate()
    opened = a_run(course, now, title="秋季班", opens_on=day, closes_on=day + dt.timedelta(days=60), seats=40)
    selecting = a_run(
        course, now, title="高级研修班", opens_on=day + dt.timedelta(days=20), entry="selected", seats=2, fee_yuan=1200
    )
    programme = Programme.objects.create(
        school=school, title_zh="高级研修", title_en="Advanced seminar", track="advanced", entry="selected", seats=2,
        state="published", published_on=now.date(), created_at=now,
    )  # fmt: skip
    ProgrammeCourse.objects.create(programme=programme, course=course, position=0)
    for number in range(7):
        learner = enrolled(opened, a_person(f"学员{number}"), now)
        HourEntry.objects.create(
            person=learner.person, context_kind=CONTEXT, context_id=learner.public_id, kind="online", day=timezone.localdate(now),
            seconds=9000, source_kind="sitting", source_id=learner.public_id, rule="test", entered_at=now,
        )  # fmt: skip
    for name in ("钱登高", "孙望潮"):
        applied(selecting, somebody(name)[1], now)
    mine = applied(selecting, cast.worker, now)
    end = propose_end(university, kind="close", reason="并入另一所大学，学员全部转入。", actor=cast.clerk, now=now)
    form = drafted(cast, plan, university.programme, now)
    return {
        "board": (f"/board/{plan.code}/university/", ""),
        "heads": (f"/board/{plan.code}/university/heads/", ""),
        "course": (f"/courses/{course.public_id}/", ""),
        "programme": (f"/courses/programmes/{programme.public_id}/", ""),
        "list": ("/university/founding/", "clerk"),
        "university": (f"/university/founding/{university.public_id}/", "approver"),
        "confirm": (f"/university/founding/acts/{end.public_id}/confirm/", "approver"),
        "form": (f"{form.link}edit/university/", "base_manager"),
        "opening": (f"{form.link}edit/opening/", "base_manager"),
        "enter": (f"/learn/enter/{selecting.public_id}/", "worker"),
        "case": (mine.case.link, "base_manager"),
        "selection": (f"/classes/{selecting.public_id}/selection/", "base_manager"),
    }


def test_the_pages_are_clean(office: Visitor, pages: dict[str, tuple[str, str]]) -> None:
    """On a desk in Chinese, on a phone in English; some of them in the dark too."""
    dark = {name: pages[name] for name in ("board", "university", "selection", "course")}
    for size, language, at_night, wanted in (
        ("desk", "zh", False, pages),
        ("phone", "en", False, pages),
        ("desk", "en", True, dark),
    ):
        for name, (address, part) in wanted.items():
            with office.at(address, signed_in_as=part, size=size, language=language, dark=at_night) as page:  # type: ignore[arg-type]
                look(page, f"founding-{name}-{size}-{language}{'-dark' if at_night else ''}")
