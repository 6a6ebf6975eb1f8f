"""What people write into the tables of an application, and what it means."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.foundation.sheets.kinds import Cell, Fault
from denggao.foundation.standards.ladder import LADDER
from denggao.systems.bases import columns


def read(parse: object, text: str) -> object:
    return parse(Cell(text, text))  # type: ignore[operator]  # every column parses


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("五级", "5"), ("三级/高级工", "3"), ("五级至三级", "5,4,3"), ("三级-五级", "5,4,3"), ("5-3", "5,4,3"), ("5,4,3", "5,4,3"),
        ("五级、四级", "5,4"), ("初级工~高级工", "5,4,3"), ("高级工到技师", "3,2"), ("4", "4"),
    ],
)  # fmt: skip
def test_levels_are_one_or_a_span(text: str, codes: str) -> None:
    assert read(columns.levels, text) == codes


@pytest.mark.parametrize("text", ["六级", "五级至六级", "5-3-1"])
def test_what_is_no_level_is_refused(text: str) -> None:
    assert isinstance(read(columns.levels, text), Fault)


@given(st.sampled_from(LADDER), st.sampled_from(LADDER))
def test_a_span_holds_both_ends_whatever_their_order(one: object, other: object) -> None:
    low, high = sorted((one, other), key=lambda level: level.rank)  # type: ignore[attr-defined]  # levels of the ladder

    codes = str(read(columns.levels, f"{one.worker_zh}至{other.worker_zh}")).split(",")  # type: ignore[attr-defined]  # levels of the ladder

    assert codes[0] == low.code  # type: ignore[attr-defined]  # levels of the ladder
    assert codes[-1] == high.code  # type: ignore[attr-defined]  # levels of the ladder
    assert len(codes) == high.rank - low.rank + 1  # type: ignore[attr-defined]  # levels of the ladder


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("12台", 12), ("12 台套", 12), ("１２", 12), ("1,200", 1200), ("40个", 40)],
)
def test_whole_numbers_as_written(text: str, value: int) -> None:
    assert read(columns.whole(1), text) == value


@pytest.mark.parametrize("text", ["0", "-3", "1.5", "许多", "100001"])
def test_other_numbers_are_refused(text: str) -> None:
    assert isinstance(read(columns.whole(1), text), Fault)


@pytest.mark.parametrize(
    ("text", "value"), [("1560000", "1560000.00"), ("156万元", "1560000.00"), ("12.5万", "125000.00"), ("99.90元", "99.90")]
)
def test_amounts_in_yuan(text: str, value: str) -> None:
    assert read(columns.yuan, text) == Decimal(value)


@pytest.mark.parametrize("text", ["-1", "0.001", "十万"])
def test_other_amounts_are_refused(text: str) -> None:
    assert isinstance(read(columns.yuan, text), Fault)


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("ownership", "自有", "own"), ("ownership", "租赁", "leased"), ("ownership", "Shared", "shared"),
        ("kind", "专职", "staff"), ("kind", "特聘导师", "special_mentor"), ("kind", "Special mentor", "special_mentor"), ("kind", "外聘", "guest"),
    ],
)  # fmt: skip
def test_words_for_ownership_and_kind(column: str, text: str, code: str) -> None:
    table = columns.EQUIPMENT if column == "ownership" else columns.TEACHERS
    parse = next(item.parse for item in table if item.key == column)

    assert read(parse, text) == code
    assert isinstance(read(parse, "不知道"), Fault)


@pytest.mark.parametrize("table", [columns.COVERAGE, columns.EQUIPMENT, columns.TEACHERS, columns.PLANNED])
def test_every_example_reads(table: tuple[columns.Column, ...]) -> None:
    for column in table:
        if column.example:
            assert not isinstance(read(column.parse, column.example), Fault), column.key


def test_what_is_personal_of_a_teacher_is_masked() -> None:
    personal = {column.key for column in columns.TEACHERS if column.personal}

    assert personal == {"name", "document_number", "phone", "qualification_number"}
