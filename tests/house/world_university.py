"""A school of the employer with its courses: one published, one lent to another school, a programme, a package handed in."""

from __future__ import annotations

import datetime as dt

from denggao.foundation.files.actions import store_file
from denggao.systems.university import policies
from denggao.systems.university.actions.contents import begin_draft
from denggao.systems.university.models import CourseShare, PackageImport, Programme, ProgrammeCourse, SchoolMember, Unit, UnitFile
from tests.cast import Cast
from tests.house.world import World
from tests.systems.university.facts import make_course, make_school


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    school = make_school(cast, now, body="employer", dean="hr", name_zh="企业学院")
    other = make_school(cast, now, body="base", dean="base_manager", name_zh="基地学院")
    assistant = SchoolMember.objects.create(
        school=school, account=cast.user("expert"), role=SchoolMember.Role.ASSISTANT, from_on=now.date()
    )
    course = make_course(school, now, code="world", title_zh="企业内训课程")
    logo = store_file("logo.png", b"\x89PNG\r\n\x1a\n", kind=policies.LOGO, actor=cast.hr, now=now)
    school.logo = logo
    school.save()
    draft = begin_draft(course, actor=cast.hr, now=now)
    unit = Unit.objects.filter(version=draft).order_by("position")[1]
    stored = store_file("tool.svg", b"<svg/>", kind=policies.UNIT_FILE, actor=cast.hr, now=now)
    file = UnitFile.objects.create(unit=unit, file=stored, role="attachment", path="files/tool.svg")
    programme = Programme.objects.create(
        school=school, title_zh="内训计划", state=Programme.State.PUBLISHED, published_on=now.date(), created_at=now
    )
    ProgrammeCourse.objects.create(programme=programme, course=course, position=0)
    lent = make_course(other, now, code="lent", title_zh="借来的课程")
    share = CourseShare.objects.create(course=lent, school=school, kind=CourseShare.Kind.LENT, asked_by="tests", asked_at=now)
    package = store_file("course.zip", b"PK\x05\x06" + b"\0" * 18, kind=policies.PACKAGE, actor=cast.hr, now=now)
    handed_in = PackageImport.objects.create(
        school=school, file=package, state=PackageImport.State.READY, handed_in_by=cast.hr.id, handed_in_at=now
    )
    world.values |= {
        "courses/": {"public_id": course.public_id},
        "api/v1/courses/": {"course": course.public_id},
        "api/v1/programmes/": {"programme": programme.public_id},
        "courses/schools/": {"public_id": school.public_id},
        "courses/programmes/": {"public_id": programme.public_id},
        "courses/pictures/": {"public_id": logo.public_id},
        "courses/files/": {"public_id": file.public_id},
        "university/courses/": {"public_id": course.public_id, "key": unit.key, "number": 1, "file_id": file.public_id},
        "university/courses/<uuid:public_id>/edit/modules/": {"public_id": course.public_id, "key": unit.module.key},
        "university/packages/": {"public_id": handed_in.public_id},
        "university/shares/": {"public_id": share.public_id},
        "university/programmes/": {"public_id": programme.public_id},
        "university/schools/": {"public_id": school.public_id, "member_id": assistant.public_id},
    }
    world.forms |= {
        "university/shares/<uuid:public_id>/answer/": {"answer": "yes"},
        "university/programmes/<uuid:public_id>/places/": {"do": "remove", "course": str(course.public_id)},
        "university/courses/<uuid:public_id>/edit/<uuid:key>/save/": {"title": "x", "lock": "0"},
        "university/schools/<uuid:public_id>/members/<uuid:member_id>/": {"role": "teacher"},
        "university/schools/<uuid:public_id>/members/<uuid:member_id>/end/": {"on": "2099-01-01"},
    }
