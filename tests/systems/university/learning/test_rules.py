"""Completion, the next step, seats, marks: pure, on both sides of each boundary."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.systems.university.learning.rules import marking
from denggao.systems.university.learning.rules.entry import Door, Hindrance, hindrance, missing_courses, seated, seats_left
from denggao.systems.university.learning.rules.progress import (
    ATTENDED,
    GRADED,
    PASSED,
    READ,
    SIGNED,
    WATCHED,
    Aim,
    Candidate,
    Reached,
    Step,
    UnitState,
    choose,
    next_step,
    opens_next,
    percent_of,
    remind_on,
    state_of,
    tally,
)

pytestmark = pytest.mark.once

NOW = dt.datetime(2022, 10, 10, 10, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
FRESH, STARTED, WAITING, DONE = UnitState.FRESH, UnitState.STARTED, UnitState.WAITING, UnitState.DONE


def test_each_kind_is_done_at_its_boundary_and_not_before() -> None:
    watched, read, steps = Aim(WATCHED, percent=90), Aim(READ, seconds=120), Aim(SIGNED, steps=("a", "b"))
    cases: list[tuple[Aim, Reached, UnitState]] = [
        (watched, Reached(), FRESH),
        (watched, Reached(coverage=0.8996), STARTED),
        (watched, Reached(coverage=0.9), DONE),
        (Aim(WATCHED, percent=0), Reached(), FRESH),
        (read, Reached(seconds=119), STARTED),
        (read, Reached(seconds=120), DONE),
        (Aim(READ), Reached(seconds=9999), STARTED),
        (Aim(READ), Reached(said_read=True), DONE),
        (Aim(ATTENDED, percent=80), Reached(attended=0.79), STARTED),
        (Aim(ATTENDED, percent=80), Reached(attended=0.8), DONE),
        (Aim(ATTENDED, percent=0), Reached(attended=0.0), STARTED),
        (Aim(GRADED, points=60), Reached(handed_in=True), WAITING),
        (Aim(GRADED, points=60), Reached(score=59.5), STARTED),
        (Aim(GRADED, points=60), Reached(score=60), DONE),
        (Aim(GRADED, points=60), Reached(score=60, handed_in=True), WAITING),
        (steps, Reached(signed=frozenset("a")), STARTED),
        (steps, Reached(signed=frozenset("ab")), DONE),
        (Aim(SIGNED), Reached(), FRESH),
        (Aim(PASSED, percent=60), Reached(score=59), STARTED),
        (Aim(PASSED, percent=60), Reached(score=60), DONE),
        (Aim("unknown"), Reached(score=100, coverage=1, seconds=10**6), STARTED),
    ]

    for aim, reached, state in cases:
        assert state_of(aim, reached) is state, (aim, reached)


def test_a_share_is_cut_and_never_rounded_up() -> None:
    assert percent_of(0.89996) == 89.9
    assert percent_of(0.9) == 90.0
    assert percent_of(0.29) == 29.0


def steps(*states: UnitState, optional: frozenset[int] = frozenset()) -> list[Step]:
    return [Step(str(place), place not in optional, state) for place, state in enumerate(states)]


def test_the_next_step_is_where_one_left_off_then_what_follows() -> None:
    course = steps(DONE, STARTED, FRESH, WAITING, FRESH)

    assert key(next_step(course, "1", now=NOW)) == "1"
    assert key(next_step(course, "3", now=NOW)) == "4"
    assert key(next_step(course, "0", now=NOW)) == "1"
    assert key(next_step(course, None, now=NOW)) == "1"
    assert key(next_step(course, "gone", now=NOW)) == "1"
    assert key(next_step(steps(STARTED, DONE), "1", now=NOW)) == "0", "what was left out before comes back"
    assert next_step(steps(DONE, WAITING), "1", now=NOW) is None
    assert key(next_step(steps(FRESH, FRESH, optional=frozenset({0})), None, now=NOW)) == "1"
    assert next_step(steps(DONE, FRESH, optional=frozenset({1})), "0", now=NOW) is None, "nobody is sent to what need not be"
    assert key(next_step(steps(DONE, STARTED, optional=frozenset({1})), "0", now=NOW)) == "1"


def test_what_is_not_open_yet_is_never_next() -> None:
    later, sooner = NOW + dt.timedelta(days=2), NOW + dt.timedelta(days=1)
    course = [Step("a", opens_at=later), Step("b", opens_at=sooner)]

    assert next_step(course, None, now=NOW) is None
    assert key(opens_next(course, now=NOW)) == "b"
    assert key(next_step(course, None, now=sooner)) == "b"
    assert opens_next([Step("a")], now=NOW) is None


def key(step: Step | None) -> str:
    assert step is not None
    return step.key


@given(st.lists(st.tuples(st.sampled_from(UnitState), st.booleans()), max_size=12), st.integers(-1, 12))
def test_the_next_step_is_always_one_the_learner_can_do(made: list[tuple[UnitState, bool]], last: int) -> None:
    course = [Step(str(place), required, state) for place, (state, required) in enumerate(made)]

    found, counted = next_step(course, str(last), now=NOW), tally(course)

    assert found is None or (found in course and found.is_left)
    assert found is not None or not [step for step in course if step.required and step.is_left]
    assert 0 <= counted.share <= 1
    assert counted.is_complete is (counted.required > 0 and all(step.state is DONE for step in course if step.required))


def test_the_course_on_top_is_the_pressing_one_then_the_latest() -> None:
    def course(name: str, due: int | None = None, touched: int | None = None, has_next: bool = True) -> Candidate:
        return Candidate(
            name,
            has_next,
            None if due is None else TODAY + dt.timedelta(days=due),
            None if touched is None else NOW - dt.timedelta(days=touched),
        )

    def top(*courses: Candidate) -> str:
        found = choose(courses, today=TODAY)
        return found.key if found else ""

    assert top(course("a", touched=1), course("b", due=3)) == "b"
    assert top(course("a", touched=1), course("b", due=4)) == "a"
    assert top(course("a", due=2), course("b", due=-5)) == "b"
    assert top(course("a", touched=3), course("b", touched=1)) == "b"
    assert top(course("a", due=30), course("b", due=20), course("c")) == "b"
    assert top(course("a", due=1, has_next=False), course("b")) == "b"
    assert top() == ""
    assert remind_on(TODAY, (1, 7, 1)) == [TODAY - dt.timedelta(days=7), TODAY - dt.timedelta(days=1)]


def test_a_run_says_why_its_door_is_shut() -> None:
    door = Door("open", "open", TODAY - dt.timedelta(days=5), TODAY)

    def asked(how: str = "self", of: Door = door, on: dt.date = TODAY, **facts: Any) -> Hindrance | None:
        return hindrance(of, how=how, today=on, **facts)

    assert asked() is None
    assert asked(on=TODAY + dt.timedelta(days=1)) is Hindrance.OVER
    assert asked(of=Door("closed", "open", TODAY)) is Hindrance.OVER
    assert asked(of=Door("planned", "open", TODAY)) is Hindrance.NOT_OPEN
    assert asked(standing="enrolled") is Hindrance.ALREADY
    assert asked(standing="finished") is Hindrance.ALREADY
    assert asked(standing="left") is None
    assert asked(standing="removed") is Hindrance.REMOVED
    assert asked("employer", standing="removed") is None
    assert asked(missing={1}) is Hindrance.PREREQUISITES
    assert asked("employer", missing={1}) is None
    invited = Door("open", "invited", TODAY)
    assert asked(of=invited) is Hindrance.BY_OTHERS
    assert asked(of=invited, standing="invited") is None
    assert asked("employer", of=invited) is Hindrance.BY_OTHERS
    assert asked("employer", of=Door("open", "employer", TODAY)) is None
    assert missing_courses([1, 2], [2, 3]) == {1}


@given(st.lists(st.integers(), max_size=20), st.none() | st.integers(0, 30), st.integers(0, 30))
def test_seats_are_given_in_order_and_never_twice(asking: list[int], seats: int | None, taken: int) -> None:
    got, wait = seated(asking, seats, taken)

    assert got + wait == asking
    left = seats_left(seats, taken)
    assert (left is None and not wait) or (left is not None and len(got) == min(left, len(asking)))


SINGLE = {
    "code": "1",
    "kind": "single",
    "choices": [
        {"code": "a", "text": "A", "right": True, "feedback": "Yes."},
        {"code": "b", "text": "B", "right": False, "feedback": "Read 3.2 again."},
    ],
}
MULTIPLE = {"code": "2", "kind": "multiple", "choices": [{"code": c, "right": c in "ab"} for c in "abc"]}
NUMBER = {"code": "3", "kind": "number", "answer": 118.4, "tolerance": 0.1}
TEXT = {"code": "4", "kind": "text", "answer": "RTCP|刀尖 跟随"}
TRUE = {"code": "5", "kind": "truefalse", "answer": True}


def test_questions_are_marked_as_people_answer() -> None:
    cases: list[tuple[dict[str, Any], list[str], bool]] = [
        (SINGLE, ["a"], True), (SINGLE, ["b"], False), (SINGLE, ["a", "b"], False), (SINGLE, [], False), (SINGLE, ["zz"], False),
        (MULTIPLE, ["b", "a"], True), (MULTIPLE, ["a"], False), (MULTIPLE, ["a", "b", "c"], False),
        (NUMBER, ["118.5"], True), (NUMBER, ["118.3"], True), (NUMBER, ["118.51"], False), (NUMBER, ["１１８．４"], True),
        (NUMBER, ["118,4"], True), (NUMBER, ["nan"], False), (NUMBER, ["about 118"], False),
        (TEXT, ["rtcp"], True), (TEXT, ["刀尖跟随 "], True), (TEXT, ["刀尖"], False), (TEXT, [" "], False),
        (TRUE, ["true"], True), (TRUE, ["false"], False),
    ]  # fmt: skip

    for question, given_answers, right in cases:
        assert marking.mark_question(question, given_answers).right is right, (question["code"], given_answers)
    assert marking.mark_question(SINGLE, ["b"]).feedback == "Read 3.2 again."
    assert marking.read_number("1,234.5") == 1234.5


def test_a_check_is_marked_as_a_whole() -> None:
    questions = [SINGLE, MULTIPLE, NUMBER]

    marked, percent = marking.mark_check(questions, {"1": ["a"], "2": ["a", "b"], "3": ["1"]})

    assert [item.right for item in marked] == [True, True, False]
    assert percent == 67
    assert marking.mark_check([], {}) == ([], 0)


@given(st.dictionaries(st.sampled_from("12345"), st.lists(st.text(max_size=5), max_size=3)))
def test_no_answer_breaks_a_check(answers: dict[str, list[str]]) -> None:
    marked, percent = marking.mark_check([SINGLE, MULTIPLE, NUMBER, TEXT, TRUE], answers)

    assert len(marked) == 5
    assert 0 <= percent <= 100


def test_a_rubric_wants_every_line_within_its_points() -> None:
    lines: list[dict[str, Any]] = [
        {"code": "size", "title": "Size", "points": 60, "levels": [{"points": 60, "text": "in tolerance"}]},
        {"title": "Surface", "points": "40"},
    ]
    rubric = marking.read_rubric(lines)

    assert [line.code for line in rubric] == ["size", "2"]
    assert marking.most_of(rubric) == 100
    assert marking.faults_of(rubric, {"size": Decimal(61)}) == ["size", "2"]
    marks = {"size": Decimal("55.5"), "2": Decimal(0)}
    assert marking.faults_of(rubric, marks) == []
    assert marking.total_of(rubric, marks) == Decimal("55.5")
    assert marking.attended_share(50, 45) == 1
    assert marking.attended_share(0, 0) == 0
    assert marking.attended_share(30, 60) == 0.5
