"""A class that selects, with an application whose text must not leak."""

from __future__ import annotations

import datetime as dt

from denggao.foundation.people.models import Person
from denggao.systems.university.learning.models import Run, SeatApplication
from tests.cast import Cast
from tests.facts import a_person
from tests.house.world import World
from tests.systems.bases.facts import a_case
from tests.systems.university.learning.facts import a_run


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    course = Run.objects.filter(school__organisation=cast.base).order_by("pk")[0].course
    run = a_run(course, now, title="高级研修班", entry="selected", seats=2)
    case = a_case(world.plan, cast.base, procedure="course_selection", stage="decide", state="rejected")
    person: Person = a_person("不可泄露的申请人")
    SeatApplication.objects.create(case=case, run=run, person=person, submitted_at=now)
    world.values |= {
        "learn/enter/<uuid:public_id>/apply/": {"public_id": run.public_id},
        "classes/<uuid:public_id>/selection/": {"public_id": run.public_id},
    }
