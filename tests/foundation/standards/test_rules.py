"""How levels and names of occupations are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.foundation.standards.ladder import LADDER
from denggao.foundation.standards.rules import edition_year, group_names, occupation_key, read_level, read_occupation


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3", "3"), ("３", "3"), ("3.0", "3"), ("3级", "3"), ("三", "3"), ("三级", "3"), (" 三 级 ", "3"), ("高级工", "3"), ("高级", "3"),
        ("三级/高级工", "3"), ("高级工／三级", "3"), ("三级（高级工）", "3"), ("国家职业资格三级", "3"), ("职业技能等级：三级", "3"),
        ("国家职业资格三级(高级技能)", "3"), ("Ⅲ", "3"), ("III级", "3"), ("三级工", "3"), ("Level 3 (senior)", "3"),
        ("五级/初级工", "5"), ("四级", "4"), ("中级工", "4"), ("二级", "2"), ("技师", "2"), ("二级/技师", "2"), ("二级技师", "2"),
        ("一级", "1"), ("高级技师", "1"), ("一级/高级技师", "1"), ("Level 1 (senior technician)", "1"),
        ("特级技师", "special"), ("首席技师", "chief"), ("学徒工", "apprentice"),
    ],
)  # fmt: skip
def test_a_level_is_read_in_every_common_writing(text, code):
    assert read_level(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6",
        "0",
        "六级",
        "八级工",
        "33",
        "1.1",
        "三四级",
        "三级/中级工",
        "技师/高级技师",
        "高级工程师",
        "职业技能等级证书",
        "/",
        "三级以上",
    ],
)
def test_what_is_no_level_or_two_is_not_read(text):
    assert read_level(text) is None


@given(st.text(max_size=12))
def test_reading_a_level_never_fails(text):
    assert read_level(text) in {None, *(level.code for level in LADDER)}


@pytest.mark.parametrize("language_name", [level.name_zh for level in LADDER] + [level.name_en for level in LADDER])
def test_a_level_shown_by_the_platform_is_read_back(language_name):
    assert read_level(language_name) in {level.code for level in LADDER if language_name in {level.name_zh, level.name_en}}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("车工", "车工"), (" 车 工 ", "车工"), ("6-18-01-01 车工", "车工"), ("6－18－01－01车工", "车工"), ("X6-18-01-01 车工", "车工"),
        ("车工L", "车工"), ("车工 S", "车工"), ("车工L/S", "车工"), ("车工★", "车工"), ("车工（S）", "车工"), ("LED封装工", "LED封装工"),
        ("半导体分立器件、集成电路装调工", "半导体分立器件、集成电路装调工"),
    ],
)  # fmt: skip
def test_a_name_is_compared_without_its_code_and_flags(text, key):
    assert occupation_key(text) == key


def test_a_cell_may_hold_two_names():
    assert read_occupation("车工（数控车工）").parts == ("车工", "数控车工")
    assert read_occupation("车工/数控车工").parts == ("车工", "数控车工")
    assert read_occupation("车工（6-18-01-01）").code == "6-18-01-01"


@given(st.text(max_size=30))
def test_reading_an_occupation_never_fails_and_its_key_is_stable(text):
    key = occupation_key(text)

    assert occupation_key(key) == key or key == ""
    read_occupation(text)


def test_rows_of_one_name_or_joined_by_a_move_are_one_occupation():
    rows = [("6-04-01-01", "车工"), ("6-18-01-01", "车工"), ("2-02-10-09", "甲"), ("2-02-38-01", "乙"), ("6-18-01-02", "铣工")]

    assert group_names(rows, [("2-02-10-09", "2-02-38-01")]) == [[0, 1], [2, 3], [4]]
    assert group_names(rows, []) == [[0, 1], [2], [3], [4]]
    assert group_names(rows, [("9-99-99-99", "6-18-01-01")]) == [[0, 1], [2], [3], [4]]


def test_an_edition_begins_with_its_first_year():
    assert edition_year("2015 + 2019 new occupation (recoded in 2022)") == 2015
    assert edition_year("unknown") == 0
