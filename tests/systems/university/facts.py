"""Plain facts of the university: a school of the cast's base, whose manager is its dean, and a course with one of each kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from denggao.foundation.standards.models import Industry
from denggao.systems.university.models import Course, CourseVersion, Module, School, SchoolMember, Unit
from tests.cast import Cast


def make_school(cast: Cast, now: dt.datetime, *, body: str = "base", dean: str = "base_manager", **fields: Any) -> School:
    """A school of one of the cast's bodies, led by one of its parts; the one that is there, where a world made it before."""
    known = School.objects.filter(organisation=getattr(cast, body)).first()
    if known is not None:
        return known
    school = School.objects.create(
        organisation=getattr(cast, body),
        name_zh=fields.pop("name_zh", "滴水湖学院"),
        name_en=fields.pop("name_en", "Dishui Lake Academy"),
        opened_on=now.date(),
        created_at=now,
        **fields,
    )
    SchoolMember.objects.create(school=school, account=cast.user(dean), role=SchoolMember.Role.DEAN, from_on=dt.date(2022, 1, 1))
    return school


SETTINGS: dict[str, dict[str, Any]] = {
    "video": {"no_skip": True, "watch_percent": 90},
    "reading": {"min_seconds": 60},
    "check": {
        "pass_percent": 60,
        "questions": [
            {
                "code": "q1",
                "kind": "single",
                "text": "1 + 1 ?",
                "feedback": "",
                "choices": [
                    {"code": "a1", "text": "2", "right": True, "feedback": ""},
                    {"code": "a2", "text": "3", "right": False, "feedback": "Count again."},
                ],
            }
        ],
    },
    "practical": {"steps": [{"code": "s1", "text": "Clamp the part."}], "place": ""},
}


def make_course(school: School, now: dt.datetime, *, units: int = 3, published: bool = True, **fields: Any) -> Course:
    """A course of one module with so many units; published unless told otherwise."""
    industry = Industry.objects.first()
    code = fields.pop("code", "turning-1")
    course = Course.objects.create(
        school=school,
        code=code,
        title_zh=fields.pop("title_zh", "车工基础"),
        title_en=fields.pop("title_en", "Turning basics"),
        industry=industry,
        created_at=now,
        created_by="tests",
        **fields,
    )
    version = CourseVersion.objects.create(course=course, number=1, created_at=now)
    module = Module.objects.create(version=version, title="第一章", position=0)
    kinds = list(SETTINGS)
    Unit.objects.bulk_create(
        Unit(
            version=version,
            module=module,
            kind=kinds[place % len(kinds)],
            title=f"第 {place + 1} 节",
            position=place,
            minutes=10,
            body="<p>车床的结构</p>",
            settings=SETTINGS[kinds[place % len(kinds)]],
        )
        for place in range(units)
    )
    if published:
        CourseVersion.objects.filter(pk=version.pk).update(
            state=CourseVersion.State.PUBLISHED,
            published_at=now,
            published_by="tests",
            content_hash="0" * 64,
            minutes=10 * units,
            units_count=units,
            required_units=units,
        )
        course.current, course.state = version, Course.State.PUBLISHED
        course.save()
    return course
