"""Plain facts of learning: a class of a school of the cast's base, with the cast's worker in it."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any
from uuid import UUID

from denggao.engines.hours.actions.sitting import Subject, end_sitting, start_sitting
from denggao.engines.hours.models import Sitting
from denggao.foundation.audit.actors import Actor, Grant, Role, account, operator
from denggao.foundation.people.models import Person
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.learning.queries.steps import ACTIVITY, CONTEXT
from denggao.systems.university.models import Course, CourseVersion, Module, School, SchoolMember, Unit
from tests.cast import Cast
from tests.systems.university.facts import make_course, make_school

_serial = itertools.count(1)

KINDS: dict[str, dict[str, Any]] = {
    "video": {"no_skip": False, "watch_percent": 90},
    "reading": {"min_seconds": 0},
    "check": {
        "pass_percent": 60,
        "questions": [
            {
                "code": "q1",
                "kind": "single",
                "text": "Which way does it turn?",
                "feedback": "See 3.2.",
                "choices": [
                    {"code": "a", "text": "Left", "right": True, "feedback": ""},
                    {"code": "b", "text": "Right", "right": False, "feedback": "Look at the drawing again."},
                ],
            },
            {"code": "q2", "kind": "number", "text": "Length?", "answer": "118.4", "tolerance": "0.1", "feedback": ""},
        ],
    },
    "assignment": {
        "task": "<p>Turn the shaft.</p>",
        "rubric": [
            {"code": "size", "title": "Size", "points": 60, "levels": []},
            {"code": "surface", "title": "Surface", "points": 40, "levels": []},
        ],
        "pass_points": 60,
        "files": True,
    },
    "practical": {"steps": [{"code": "s1", "text": "Clamp the part."}, {"code": "s2", "text": "Set the tool."}], "place": "Bay 7"},
    "live": {"link": "https://live.example/room", "starts_at": "2022-10-12T19:00", "minutes": 60, "attend_percent": 80},
    "audio": {"no_skip": False, "watch_percent": 80},
    "pdf": {"min_seconds": 30},
}


def a_course(
    school: School, now: dt.datetime, *kinds: str, code: str = "lathe-1", titles: dict[str, str] | None = None, **fields: Any
) -> Course:
    """A published course with one unit of each kind named, all required; ``titles`` by kind."""
    course = make_course(school, now, units=0, published=False, code=code, **fields)
    version = CourseVersion.objects.get(course=course)
    module = Module.objects.get(version=version)
    Unit.objects.bulk_create(
        Unit(
            version=version, module=module, kind=kind, title=(titles or {}).get(kind) or f"{kind} {place}", position=place, minutes=10, body="<p>Text</p>",
            settings=KINDS[kind],
        )
        for place, kind in enumerate(kinds)
    )  # fmt: skip
    CourseVersion.objects.filter(pk=version.pk).update(
        state=CourseVersion.State.PUBLISHED,
        published_at=now,
        published_by="tests",
        content_hash=f"{next(_serial):064d}",
        minutes=10 * len(kinds),
        units_count=len(kinds),
        required_units=len(kinds),
    )
    course.current, course.state = version, Course.State.PUBLISHED
    course.save()
    return course


def a_run(course: Course, now: dt.datetime, **fields: Any) -> Run:
    facts: dict[str, Any] = {
        "title": "Autumn 2022",
        "opens_on": dt.date(2022, 9, 1),
        "state": Run.State.OPEN,
        "school": course.school,
        "version": course.current,
        "created_at": now,
    } | fields
    run = Run.objects.create(course=course, **facts)
    return Run.objects.select_related("course", "version__course", "school").get(pk=run.pk)


def enrolled(run: Run, person: Person, now: dt.datetime, **fields: Any) -> Enrolment:
    facts: dict[str, Any] = {"state": "enrolled", "how": "self", "created_at": now, "enrolled_at": now} | fields
    facts.setdefault("required", run.version.required_units)
    facts.setdefault(
        "next_key", Unit.objects.filter(version=run.version).order_by("position").values_list("key", flat=True).first()
    )
    made = Enrolment.objects.create(run=run, person=person, **facts)
    return again(made)


def again(enrolment: Enrolment) -> Enrolment:
    """The enrolment as it stands now."""
    return Enrolment.objects.select_related("run__course", "run__version__course", "run__school", "person").get(pk=enrolment.pk)


def key_of(run: Run, kind: str) -> UUID:
    return Unit.objects.filter(version=run.version, kind=kind).order_by("position").values_list("key", flat=True)[0]


def a_class(
    cast: Cast, now: dt.datetime, *kinds: str, titles: dict[str, str] | None = None, **fields: Any
) -> tuple[Run, Enrolment]:
    """A school, its course, an open class, and the worker in it."""
    school = School.objects.filter(organisation=cast.base).first() or make_school(cast, now)
    run = a_run(a_course(school, now, *kinds, titles=titles), now, **fields)
    return run, enrolled(run, cast.worker_person, now)


def teacher(cast: Cast) -> Actor:
    """The cast's base manager, who is the school's dean and therefore teaches."""
    user = cast.user("base_manager")
    body = SchoolMember.objects.get(account=user).school.organisation_id
    return account(user, [Grant(Role.TEACHER, body), Grant(Role.BASE_MANAGER, body)], "web:127.0.0.1")


def sat(
    enrolment: Enrolment, key: UUID, seconds: int, actor: Actor, now: dt.datetime, *, parts: Any = (), length: float = 0
) -> Sitting:
    """A sitting that earned so many seconds, ended."""
    started = start_sitting(
        enrolment.person,
        Subject(ACTIVITY, key),
        Subject(CONTEXT, enrolment.public_id),
        length=length or None,
        actor=actor,
        now=now,
    ).sitting
    later = now + dt.timedelta(seconds=seconds)
    Sitting.objects.filter(pk=started.pk).update(
        days={now.astimezone(dt.timezone(dt.timedelta(hours=8))).date().isoformat(): seconds * 1000},
        seconds=seconds,
        last_beat_at=later,
        parts=[list(part) for part in parts],
        position_seconds=parts[-1][1] if parts else None,
    )
    return end_sitting(started, actor=operator("tests"), now=later)
