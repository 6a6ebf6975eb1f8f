"""Enrolments from a list: judged row by row, done once."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.models import Record
from denggao.foundation.people.models import IdentityDocument, Person
from denggao.foundation.people.queries import identity_index
from denggao.foundation.sheets.actions import apply_import, check_import, hand_in
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.systems.university.learning.models import Enrolment, Run
from tests.cast import Cast
from tests.facts import a_person, in_post
from tests.systems.university.facts import make_school
from tests.systems.university.learning.facts import a_course, a_run, enrolled, teacher

NUMBERS = ("11010519491231002X", "110101199003070011", "110101199003070038", "110101199003070054")


def document(person: Person, number: str) -> None:
    IdentityDocument.objects.create(
        person=person,
        kind="resident_id",
        number=number,
        number_index=identity_index("resident_id", number),
        created_at=person.created_at,
    )


def handed_in(run: Run, rows: list[tuple[str, ...]], actor: Actor, now: dt.datetime, employer: str = "") -> Import:
    lines = ["姓名,证件号码,学完日期", *(",".join(row) for row in rows)]
    options = {"run": str(run.public_id)} | ({"employer": employer} if employer else {})
    found = hand_in(
        kind_of("enrolments"), "list.csv", "\n".join(lines).encode(), options, as_of=now.date(), actor=actor, now=now,
        in_background=False,
    )  # fmt: skip
    return check_import(found, actor=actor, now=now)


def outcomes(handed: Import) -> list[str]:
    return list(ImportRow.objects.filter(sheet_import=handed).order_by("id").values_list("outcome", flat=True))


def test_an_employers_list_is_judged_applied_and_applied_again_for_nothing(cast: Cast, now: dt.datetime) -> None:
    run = a_run(a_course(make_school(cast, now), now, "reading"), now, seats=2, entry="employer", closes_on=dt.date(2022, 12, 31))
    people = [a_person(name) for name in ("登小甲", "登小乙", "登小丙", "外人")]
    for person, number in zip(people, NUMBERS, strict=True):
        document(person, number)
    for person in people[:3]:
        in_post(person, cast.employer)
    rows = [
        ("登小甲", NUMBERS[0], "2022-11-30"),
        ("登小乙", NUMBERS[1], ""),
        ("登小丙", NUMBERS[2], ""),
        ("外人", NUMBERS[3], ""),
        ("错名", NUMBERS[0], ""),
        ("登小甲", NUMBERS[0], ""),
        ("登小乙", NUMBERS[1], "2023-06-01"),
    ]
    employer = str(cast.employer.public_id)

    first = handed_in(run, rows, cast.hr, now, employer)

    assert outcomes(first) == ["created"] * 3 + ["refused"] * 4
    apply_import(first, actor=cast.hr, now=now)
    states = dict(Enrolment.objects.filter(run=run).values_list("person__name", "state"))
    assert states == {"登小甲": "enrolled", "登小乙": "enrolled", "登小丙": "waiting"}
    mine = Enrolment.objects.get(person=people[0])
    assert (mine.how, mine.employer, mine.due_on) == ("sheet", cast.employer, dt.date(2022, 11, 30))
    assert Enrolment.objects.get(person=people[1]).due_on == run.closes_on
    assert Record.objects.filter(action="learning.enrolment.sheet").count() == 3

    again = handed_in(run, rows[:3], cast.hr, now, employer)

    assert outcomes(again) == ["unchanged"] * 3
    apply_import(again, actor=cast.hr, now=now)
    assert Record.objects.filter(action="learning.enrolment.sheet").count() == 3
    later = handed_in(run, [("登小甲", NUMBERS[0], "2022-12-15")], cast.hr, now, employer)
    assert outcomes(later) == ["updated"]


def test_a_list_is_taken_from_whom_it_may_be(cast: Cast, now: dt.datetime) -> None:
    school = make_school(cast, now)
    run = a_run(a_course(school, now, "reading"), now)
    left = a_person("回来的")
    document(left, NUMBERS[0])
    enrolled(run, left, now, state="left", ended_at=now)

    for actor, employer in ((cast.worker, ""), (cast.hr, ""), (cast.other_hr, str(cast.employer.public_id))):
        with pytest.raises((NotAllowed, Refused)):
            handed_in(run, [("回来的", NUMBERS[0], "")], actor, now, employer)
    found = handed_in(run, [("回来的", NUMBERS[0], ""), ("没有的", NUMBERS[1], "")], teacher(cast), now)

    assert outcomes(found) == ["updated", "refused"]
    apply_import(found, actor=teacher(cast), now=now)
    assert Enrolment.objects.get(person=left).state == "enrolled"
