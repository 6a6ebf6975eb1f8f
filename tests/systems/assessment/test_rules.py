"""What a level certificate must satisfy, on both sides of each boundary."""

import datetime as dt
from decimal import Decimal

import pytest

from denggao.systems.assessment.rules import Shape, disagreeing, issue_faults, number_faults, read_number, score_faults

DAY = dt.date(2022, 5, 3)
TODAY = dt.date(2022, 10, 10)


@pytest.mark.parametrize(
    ("number", "shape", "year", "level"),
    [
        ("S000031000001223000001", Shape.NATIONAL, "22", "3"),
        ("Y000123000001195000001", Shape.NATIONAL, "19", "5"),
        ("ST00003100000122000001", Shape.NATIONAL, "22", "special"),
        ("S00003100000122T000001", Shape.NATIONAL, "22", "special"),
        ("1209003000400123", Shape.LEGACY, "12", "4"),
        ("0009003000412345", Shape.OTHER, None, None),
        ("1209003000123", Shape.OTHER, None, None),
        ("X000031000001223000001", Shape.OTHER, None, None),
        ("S00003100000122300001", Shape.OTHER, None, None),
        ("RN310115001223000012", Shape.OTHER, None, None),
        ("沪人社2020第12号", Shape.OTHER, None, None),
    ],
)
def test_a_number_tells_its_shape_year_and_level(number, shape, year, level):
    read = read_number(number)

    assert (read.shape, read.year, read.level) == (shape, year, level)


@pytest.mark.parametrize(
    ("number", "level", "issued_on", "columns"),
    [
        ("S000031000001223000001", "3", DAY, 0),
        ("S000031000001223000001", "4", DAY, 1),
        ("S000031000001223000001", "3", dt.date(2021, 12, 31), 1),
        ("S000031000001223000001", "4", dt.date(2023, 1, 1), 2),
        ("S000031000001226000001", "3", DAY, 1),
        ("1209003000400123", "4", dt.date(2012, 6, 1), 0),
        ("1209003000400123", "3", dt.date(2012, 6, 1), 1),
        ("ST00003100000122000001", "special", DAY, 0),
        ("ST00003100000122000001", "1", DAY, 1),
        ("1209003000123", "1", DAY, 0),
        ("S000031000001223000001", None, None, 0),
    ],
)
def test_the_number_must_agree_with_level_and_year(number, level, issued_on, columns):
    assert len(number_faults(read_number(number), level=level, issued_on=issued_on)) == columns


@pytest.mark.parametrize(
    ("issued_on", "born_on", "refused"),
    [
        (TODAY, None, False),
        (TODAY + dt.timedelta(days=1), None, True),
        (dt.date(2022, 5, 3), dt.date(2006, 5, 3), False),
        (dt.date(2022, 5, 2), dt.date(2006, 5, 3), True),
        (dt.date(2020, 2, 28), dt.date(2004, 2, 29), True),
        (dt.date(2020, 2, 29), dt.date(2004, 2, 29), False),
    ],
)
def test_issued_up_to_today_and_not_before_sixteen(issued_on, born_on, refused):
    assert bool(issue_faults(issued_on, today=TODAY, born_on=born_on, least_age=16)) is refused


@pytest.mark.parametrize(
    ("score", "refused"),
    [("60", False), ("60.00", False), ("59.99", True), ("59.5", True), ("0", True), ("100", False), ("100.01", True), ("-1", True)],
)
def test_each_part_reaches_the_pass_mark(score, refused):
    faults = score_faults({"theory_score": Decimal(score), "skill_score": None}, pass_mark=Decimal(60))

    assert bool(faults) is refused
    assert all(fault.column == "theory_score" for fault in faults)


def test_two_parts_below_are_two_faults():
    assert len(score_faults({"theory_score": Decimal(59), "skill_score": Decimal(59)}, pass_mark=Decimal(60))) == 2


def test_nothing_said_contradicts_nothing():
    known = {"level": "3", "employer": "甲", "occupation": "钳工", "occupation_id": 5}

    assert disagreeing({"level": "3", "employer": None}, known) == []
    assert disagreeing({"level": "4", "employer": "乙"}, known) == ["level", "employer"]
    assert disagreeing({"occupation": "装配钳工", "occupation_id": 5}, known) == []
    assert disagreeing({"occupation": "装配钳工", "occupation_id": 6}, known) == ["occupation"]
