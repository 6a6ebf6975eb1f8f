import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Cell, Fault

PARSERS = [
    cells.text,
    cells.code_text,
    cells.person_name,
    cells.yes_no,
    cells.decimal_number,
    cells.date_start,
    cells.date_end,
    cells.date_exact,
]


def cell(value, *, mac=False):
    return Cell(value, cells.text_of(value), mac)


def said(fault):
    assert isinstance(fault, Fault), fault
    return str(fault.text) % {"column": "C", **fault.values}


DAY = dt.date(2022, 5, 3)


@pytest.mark.parametrize(
    "written",
    [
        "2022.5.3", "2022/5/3", "2022-05-03", "20220503", "2022年5月3日", "2022 年 5 月 3 日", "2022年5月3号", "２０２２．５．３",
        "2022.05.03", "2022-5-3 00:00:00", "2022-05-03T10:15:00", "2022-05-03T10:15:00.123Z", "2022-05-03T10:15:00+08:00",
        "2022/5/3 8:05", "2022年5月3日 10时5分", "2022-05-03 下午 3:20", "2022年5月3日星期二",
        "'2022-05-03", "\u200b2022-05-03\u3000",
        "2022.5.3.", "2022、5、3", "44684", "44684.5", "20220503101500", "二〇二二年五月三日", "二零二二年五月三日", "2022\\5\\3",
        44684, 44684.0, 44684.75, 20220503, 20220503.0, dt.date(2022, 5, 3), dt.datetime(2022, 5, 3, 9, 30),
    ],
)  # fmt: skip
@pytest.mark.parametrize("parse", [cells.date_start, cells.date_end, cells.date_exact])
def test_a_day_is_read_in_every_common_shape(parse, written):
    assert parse(cell(written)) == DAY


@pytest.mark.parametrize(
    "written",
    ["2022年5月", "2022.5", "2022-05", "2022/5", "202205", "2022年5月份", "二〇二二年五月", 202205, 202205.0, 2022.5, 2022.05],
)
def test_a_month_is_a_first_day_a_last_day_or_refused(written):
    assert cells.date_start(cell(written)) == dt.date(2022, 5, 1)
    assert cells.date_end(cell(written)) == dt.date(2022, 5, 31)
    assert "names no day" in said(cells.date_exact(cell(written)))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2022-13-05", "no month 13"),
        ("2022.13", "no month 13"),
        ("2022-00-05", "no month 0"),
        ("2023-02-29", "2023-02 has no day 29"),
        ("2022-06-31", "2022-06 has no day 31"),
        ("2022-06-00", "no day 0"),
        ("20220631", "has no day 31"),
        ("2202-05-03", "year 2202"),
        ("1022-05-03", "year 1022"),
        ("2022", "year alone"),
        (2022, "year alone"),
        (2022.0, "year alone"),
        ("03/05/2022", "year first"),
        ("22.5.3", "two digits"),
        ("22-05", "two digits"),
        (2022.1, "January or October"),
        (13800000001.0, "not a date"),
        (-5.0, "not a date"),
        (float("nan"), "not a date"),
        (1e17, "not a date"),
        (12.5, "not a date"),
        ("入职", "not a date"),
        ("12345678901", "not a date"),
        (True, "not a date"),
        (dt.time(10, 0), "not a date"),
        (dt.date(1066, 1, 1), "year 1066"),
    ],
)
def test_an_impossible_date_is_named(written, why):
    assert why in said(cells.date_start(cell(written)))


def test_text_keeps_january_and_october_apart():
    assert cells.date_start(cell("2022.1")) == dt.date(2022, 1, 1)
    assert cells.date_start(cell("2022.10")) == dt.date(2022, 10, 1)
    assert cells.date_start(cell(2022.11)) == dt.date(2022, 11, 1)


def test_serials_are_believed_between_1930_and_2099():
    assert cells.date_start(cell(10959.0)) == dt.date(1930, 1, 1)
    assert cells.date_start(cell(73050.0)) == dt.date(2099, 12, 31)
    assert "not a date" in said(cells.date_start(cell(10958.0)))
    assert "not a date" in said(cells.date_start(cell(73051.0)))


def test_a_workbook_of_a_mac_counts_from_1904():
    assert cells.date_start(cell(43222.0, mac=True)) == DAY
    assert cells.date_start(cell("43222", mac=True)) == DAY


@pytest.mark.parametrize("written", ["至今", "长期", "无固定期限", "在职", "/", "—", "无"])
def test_an_open_end_is_nothing(written):
    assert cells.date_end(cell(written)) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("13800000001", "13800000001"),
        (13800000001.0, "13800000001"),
        (13800000001, "13800000001"),
        ("13800000001.0", "13800000001"),
        ("１３８００００００01", "13800000001"),
        (" 1101 0519 4912 3100 2x ", "11010519491231002X"),
        ("'11010519491231002x", "11010519491231002X"),
        ("＇11010519491231002ｘ", "11010519491231002X"),
        ("\u200e1101\u00a00519\u3000491231002\ufeffX", "11010519491231002X"),
        ("110105 19491231 002X\n", "11010519491231002X"),
        ("Ｓ000131", "S000131"),
        ("00123", "00123"),
        ("1E5", "1E5"),
        (999_999_999_999_999.0, "999999999999999"),
        ("/", None),
        ("无", None),
    ],
)
def test_a_code_stays_text(written, read):
    assert cells.code_text(cell(written)) == read


@pytest.mark.parametrize(
    "written", [1.1010519491231e17, 1e15, 10**15, "1.1E+17", "1.10105E+17", "１．１Ｅ＋１７", "1.1E17", "1e+17"]
)
def test_lost_digits_are_refused(written):
    assert "lost its last digits" in said(cells.code_text(cell(written)))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("王伟", "王伟"),
        ("王 伟", "王伟"),
        ("王　　伟\n", "王伟"),
        ("\u200b王伟\ufeff", "王伟"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 ・ 买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("𠮷田", "𠮷田"),
        ("䶮", "䶮"),
        ("John  Smith", "John Smith"),
        ("Ｊｏｈｎ Smith", "John Smith"),
        ("J. R. Smith", "J. R. Smith"),
        ("O'Neill", "O'Neill"),
        ("'王伟", "王伟"),
        ("陈*", "陈*"),
        ("/", None),
    ],
)
def test_a_name_is_cleaned(written, read):
    assert cells.person_name(cell(written)) == read


@pytest.mark.parametrize("written", ["123", "……", 44684.0, "王" * 61])
def test_what_is_no_name_is_refused(written):
    assert "C:" in said(cells.person_name(cell(written)))


@pytest.mark.parametrize("written", ["是", "Y", "y", "yes", "1", 1.0, 1, True, "√", "✓", "✔️", "TRUE", " 是 ", "Ｙ", "对"])
def test_yes(written):
    assert cells.yes_no(cell(written)) is True


@pytest.mark.parametrize("written", ["否", "N", "n", "no", "0", 0.0, 0, False, "×", "✗", "x", "X", "FALSE", "不是"])
def test_no(written):
    assert cells.yes_no(cell(written)) is False


@pytest.mark.parametrize("written", ["/", "—", "不详", "未知"])
def test_not_known(written):
    assert cells.yes_no(cell(written)) is None


def test_neither_yes_nor_no_is_refused():
    assert "yes (是) or no (否)" in said(cells.yes_no(cell("也许")))


@pytest.mark.parametrize(
    ("written", "read"),
    [("85", "85"), ("85分", "85"), ("85.5 分", "85.5"), ("８５．５", "85.5"), (85.0, "85"), (85.1, "85.1"), (0.1 + 0.2, "0.3"),
     ("1,234.50", "1234.50"), (60, "60"), (".5", "0.5"), ("-3", "-3"), ("85。5", "85.5")],
)  # fmt: skip
def test_a_number_is_read(written, read):
    assert cells.decimal_number(cell(written)) == Decimal(read)


@pytest.mark.parametrize("written", ["缺考", "85%", "1e5", "nan", "∞", "八十", "1,2"])
def test_what_is_no_number_is_refused(written):
    assert "a number is needed" in said(cells.decimal_number(cell(written)))


@pytest.mark.parametrize("parse", PARSERS)
def test_an_excel_error_is_never_a_value(parse):
    assert isinstance(parse(cell("#REF!")), Fault)


@pytest.mark.parametrize(
    ("written", "read"),
    [("上海（临港）公司", "上海（临港）公司"), ("ＡＢ　１２", "AB 12"), (3.0, "3"), ("a\u3000\u3000b", "a b"), ("=1+1", "=1+1")],
)
def test_text_keeps_its_punctuation(written, read):
    assert cells.text(cell(written)) == read


def test_a_masked_cell_is_recognised_by_the_mask_of_the_value():
    def mask(value):
        return value[:1] + "*"

    assert cells.same_when_masked("陈*", "陈伟", mask)
    assert cells.same_when_masked(" 陈＊ ", "陈伟", mask)
    assert not cells.same_when_masked("王*", "陈伟", mask)
    assert not cells.same_when_masked("陈伟", "陈伟", mask)


anything = st.one_of(
    st.text(max_size=30),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.from_regex(r"[0-9０-９ ./年月日:-]{1,20}", fullmatch=True),
)


@given(anything, st.booleans())
def test_no_cell_breaks_a_parser(value, mac):
    for parse in PARSERS:
        read = parse(cell(value, mac=mac))

        assert not isinstance(read, str) or read
        if isinstance(read, Fault):
            assert said(read)


@given(st.dates(dt.date(1930, 1, 1), dt.date(2099, 12, 31)))
def test_every_shape_of_a_date_is_the_same_date(day):
    shapes = [
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        day.strftime("%Y%m%d"),
        float((day - dt.date(1899, 12, 30)).days),
        str((day - dt.date(1899, 12, 30)).days),
        day,
        dt.datetime.combine(day, dt.time(23, 59)),
    ]

    assert {cells.date_exact(cell(shape)) for shape in shapes} == {day}


@given(st.integers(0, 10**15 - 1))
def test_a_code_survives_being_stored_as_a_float(number):
    assert cells.code_text(cell(float(number))) == str(number)


@given(st.text(st.characters(categories=["Lo"]), min_size=1, max_size=20))
def test_cleaning_a_name_twice_changes_nothing_more(name):
    assume(not cells.says_nothing(name))
    once = cells.person_name(cell(name))

    assert isinstance(once, str)
    assert cells.person_name(cell(once)) == once
