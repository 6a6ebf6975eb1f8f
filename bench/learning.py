"""A learner's pages, the teacher's table of 1,000, and 10,000 enrolments by sheet. Pages are measured warm."""

from __future__ import annotations

from bench.stage import cpu_ms, pace, queries, say, seconds, set_stage, tell

asked = set_stage()

import datetime as dt  # noqa: E402
import gzip  # noqa: E402
from collections.abc import Iterator  # noqa: E402

from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.limits import (  # noqa: E402
    COURSE_MS,
    DASHBOARD_MS,
    ENROL_SECONDS,
    ENROLMENTS,
    FIRST_VIEW_KB,
    LEARNERS,
    TABLE_MS,
    UNIT_MS,
    UNITS,
    Measure,
)
from denggao.engines.hours.models import HourEntry  # noqa: E402
from denggao.foundation.audit.actors import operator  # noqa: E402
from denggao.foundation.audit.bulk import insert  # noqa: E402
from denggao.foundation.people.models import IdentityDocument, Person  # noqa: E402
from denggao.foundation.people.queries import identity_index  # noqa: E402
from denggao.foundation.sheets.actions import apply_import, check_import, hand_in  # noqa: E402
from denggao.foundation.sheets.kinds import kind_of  # noqa: E402
from denggao.foundation.sheets.models import Import  # noqa: E402
from denggao.systems.university.learning.models import Enrolment, Run, UnitProgress  # noqa: E402
from denggao.systems.university.queries import outline  # noqa: E402
from tests.cast import Cast, make_cast  # noqa: E402
from tests.systems.university.facts import make_school  # noqa: E402
from tests.systems.university.learning.facts import KINDS, a_course, a_run, enrolled  # noqa: E402

REPEATS = 30
COURSES = 8


def main() -> Iterator[Measure]:
    now = timezone.now()
    cast = make_cast(now)
    took, run = seconds(lambda: make_class(cast, now))
    say(f"{Enrolment.objects.count()} enrolments, {UnitProgress.objects.count()} units begun in {took:.0f} s")
    yield Measure("learning: the machine's pace, a million additions", pace(), "ms")
    mine = Enrolment.objects.get(run=run, person=cast.worker_person)
    worker, dean = cast.client_of("worker"), cast.client_of("base_manager")
    key = next(iter(outline(run.version).by_key))
    yield from _page(f"learning: course page of {UNITS} units", worker, f"/learn/{mine.public_id}/", COURSE_MS)
    yield from _page("learning: a unit's page", worker, f"/learn/{mine.public_id}/{key}/", UNIT_MS)
    yield from _page(f"learning: home, {COURSES} courses", worker, "/learn/", DASHBOARD_MS)
    yield _first_view(worker, f"/learn/{mine.public_id}/")
    yield from _page(f"learning: table of {LEARNERS} learners, a page", dean, f"/classes/{run.public_id}/", TABLE_MS)
    yield from _sheet(cast, run, now)
    yield Measure("learning: the machine's pace afterwards", pace(), "ms")


def _sheet(cast: Cast, run: Run, now: dt.datetime) -> Iterator[Measure]:
    """A school's list of 10,000 people the platform knows, from file to enrolments; and the same once more."""
    actor = operator("bench")
    data = _list(now)
    options = {"run": str(a_run(run.course, now).public_id)}

    def whole() -> Import:
        found = hand_in(
            kind_of("enrolments"),
            "list.csv",
            data,
            options,
            as_of=timezone.localdate(now),
            actor=actor,
            now=now,
            in_background=False,
        )
        check_import(found, actor=actor, now=timezone.now())
        return apply_import(found, actor=actor, now=timezone.now())

    took, applied = seconds(whole)
    say(f"{applied.counts}")
    yield Measure(f"learning: {ENROLMENTS} enrolments by sheet", took, "s", ENROL_SECONDS, took.cpu)
    took, applied = seconds(whole)
    yield Measure("learning: the same list again", took, "s", ENROL_SECONDS, took.cpu)


def _list(now: dt.datetime) -> bytes:
    """People with papers, and a file that names them."""
    people = [Person(name=f"职工{at}", name_key=f"职工{at}", created_at=now) for at in range(ENROLMENTS)]
    numbers = [_resident(at) for at in range(ENROLMENTS)]
    with transaction.atomic():
        insert(people)
        insert(
            [
                IdentityDocument(
                    person=person,
                    kind="resident_id",
                    number=number,
                    number_index=identity_index("resident_id", number),
                    created_at=now,
                )
                for person, number in zip(people, numbers, strict=True)
            ]
        )
    rows = [f"{person.name},{number}" for person, number in zip(people, numbers, strict=True)]
    return "\n".join(["姓名,证件号码", *rows]).encode()


def _resident(at: int) -> str:
    """A number of the right shape with its check digit."""
    body = f"310101{1960 + at % 40}{at % 12 + 1:02d}{at % 28 + 1:02d}{at % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def _page(name: str, client: Client, path: str, limit: float) -> Iterator[Measure]:
    answer = client.get(path)
    if answer.status_code != 200:
        say(f"{name}: {answer.status_code}")
        return
    found = Measure(name, cpu_ms(lambda: client.get(path), REPEATS), "ms", limit, f"{queries(lambda: client.get(path))} q")
    say(f"{name}: {found.value:.1f} ms, {found.note}, {len(answer.content) / 1000:.0f} kB")
    yield found


def _first_view(client: Client, path: str) -> Measure:
    """The page, its style, script and icons, as they go over the wire: packed."""
    from django.conf import settings

    dist = settings.BASE_DIR / "denggao/foundation/ui/static/ui/dist"
    parts = [client.get(path).content, *((dist / name).read_bytes() for name in ("app.css", "app.js", "icons.svg", "logo.svg"))]
    size = sum(len(gzip.compress(part, 6)) for part in parts) / 1000
    return Measure("learning: first view of the course page, packed", size, "kB", FIRST_VIEW_KB)


def make_class(cast: Cast, now: dt.datetime) -> Run:
    """One class of many units and learners, each somewhere on the way; the worker is in some more, with hours this week."""
    school = make_school(cast, now)
    kinds = [kind for kind in KINDS if kind not in {"live"}]
    run = a_run(a_course(school, now, *(kinds[at % len(kinds)] for at in range(UNITS)), code="many"), now)
    for number in range(COURSES - 1):
        other = a_run(a_course(school, now, *kinds, code=f"course-{number}"), now)
        key = next(iter(outline(other.version).by_key))
        enrolled(other, cast.worker_person, now, next_key=key, due_on=now.date() + dt.timedelta(days=number * 5))
    with transaction.atomic():
        people = [Person(name=f"学员{at}", name_key=f"学员{at}", created_at=now) for at in range(LEARNERS - 1)]
        insert(people)
        keys = list(outline(run.version).by_key)
        learners = [
            Enrolment(
                run=run,
                person=person,
                state="enrolled",
                how="employer",
                employer=cast.employer,
                created_at=now,
                enrolled_at=now,
                due_on=now.date() + dt.timedelta(days=at % 60),
                last_at=now - dt.timedelta(hours=at),
                next_key=keys[at % UNITS],
                done=at % UNITS,
                required=UNITS,
                seconds=at * 60,
            )
            for at, person in enumerate([cast.worker_person, *people])
        ]
        learners[0].done = UNITS // 2
        insert(learners)
        insert(
            [
                UnitProgress(
                    enrolment=one,
                    unit_key=key,
                    state="done" if place < one.done else "started",
                    how="read" if place < one.done else "",
                    done_at=now if place < one.done else None,
                    seconds=600,
                    coverage=0.5,
                    started_at=now,
                )
                for one in learners
                for place, key in enumerate(keys[: one.done + 1])
            ]
        )
        insert(
            [
                HourEntry(
                    person=cast.worker_person,
                    context_kind="learning.enrolment",
                    context_id=learners[0].public_id,
                    kind="online",
                    day=timezone.localdate(now) - dt.timedelta(days=at % 7),
                    seconds=600 + at,
                    source_kind="sitting",
                    source_id=learners[0].public_id,
                    part=at,
                    entered_at=now,
                    entered_by="bench",
                )
                for at in range(70)
            ]
        )
    return run


if __name__ == "__main__":
    tell(list(main()))
