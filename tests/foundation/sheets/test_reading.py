import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from denggao.foundation.sheets import cells
from denggao.foundation.sheets.headers import heading_key
from denggao.foundation.sheets.kinds import Column
from denggao.foundation.sheets.reading import Layout, notes_after, read_book
from denggao.foundation.sheets.safety import SheetRefused
from tests.foundation.sheets import books

COLUMNS = [
    Column("name", "姓名", "Name", cells.person_name, ("员工姓名",), required=True, example="王小明"),
    Column("number", "证件号码", "ID number", cells.code_text, ("身份证号", "身份证"), required=True, example="110101199003070011"),
    Column("hired_on", "入职日期", "Hired on", cells.date_start, ("入厂时间",), example="2020-01-06"),
    Column("job", "职业/工种", "Occupation", cells.text, ("职业", "工种")),
]
ONE = ["王伟", "11010519491231002X", "2022-05-03"]
TWO = ["李四", "440524188001010014", "2022.5"]


def read(data, name="名册.xlsx", **options):
    book = read_book(name, data, COLUMNS, **options)
    return book, [(sheet, list(sheet.rows())) for sheet in book.sheets]


def rows_of(data, name="名册.xlsx", **options):
    _, sheets = read(data, name, **options)
    return [(row.number, {key: cell.text for key, cell in row.cells.items()}) for _, rows in sheets for row in rows]


def notes_of(data, name="名册.xlsx"):
    book, sheets = read(data, name)
    return [str(note.text) % note.values for note in [*book.notes, *(note for sheet, _ in sheets for note in notes_after(sheet))]]


def read_or_refused(reading):
    """Whether it was read; a refusal says why, and nothing else may come out."""
    try:
        reading()
    except SheetRefused as refusal:
        return bool(str(refusal)) or pytest.fail("refused without a word")
    return True


EXPECTED = [(2, {"name": "王伟", "number": "11010519491231002X", "hired_on": "2022-05-03"}),
            (3, {"name": "李四", "number": "440524188001010014", "hired_on": "2022.5"})]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_separator(encoding, delimiter):
    text = books.csv_text([books.HEADINGS, ONE, TWO], delimiter)

    assert rows_of(text.encode(encoding), "名册.csv") == EXPECTED


@pytest.mark.parametrize("make", [books.xlsx, books.xls])
def test_workbooks_old_and_new_are_read_alike(make):
    assert rows_of(make([books.HEADINGS, ONE, TWO]), f"名册.{make.__name__}") == EXPECTED


def test_csv_rows_are_numbered_as_excel_shows_them():
    text = '姓名,证件号码,入职日期\r\n\r\n"王\r\n伟",1,2022-05-03\r\n李四,="00123",\r\n'

    assert [number for number, _ in rows_of(text.encode(), "a.csv")] == [3, 4]
    assert rows_of(text.encode(), "a.csv")[1][1]["number"] == "00123"


def test_csv_says_its_separator_in_the_way_of_excel():
    text = "sep=;\r\n" + books.csv_text([books.HEADINGS, ONE], ";")

    assert rows_of(text.encode(), "a.csv")[0][1]["name"] == "王伟"


@pytest.mark.parametrize(
    "heading",
    [
        ["姓名", "身份证号", "入职日期"],
        ["员工姓名 ", " 身 份 证 号 ", "入职\n日期"],
        ["*姓名", "身份证号（必填）", "入职日期：（如2022-05-03）"],
        ["姓　名＊", "【必填】证件号码", "入厂时间(年/月/日)"],
        ["Name", "ID Number", "HIRED ON"],
        ["name", "number", "hired_on"],
    ],
)
def test_headings_mean_the_same_in_every_spelling(heading):
    assert rows_of(books.xlsx([heading, ONE]))[0][1] == EXPECTED[0][1]


def test_columns_come_in_any_order_and_extra_ones_are_named():
    data = books.xlsx([["序号", "入职日期", "政治面貌", "证件号码", "姓名"], [1, ONE[2], "群众", ONE[1], ONE[0]]])

    assert rows_of(data) == [EXPECTED[0]]
    assert any("序号、政治面貌" in note for note in notes_of(data))


def test_title_rows_above_the_heading_are_passed_over():
    data = books.xlsx([["沧屿微电子 2022 年第三季度名册"], ["填报单位：沧屿", None, "单位：人"], [], books.HEADINGS, ONE])

    assert rows_of(data) == [(5, EXPECTED[0][1])]


def test_a_heading_over_two_merged_rows_is_read():
    def design(workbook, sheet):
        sheet.merge_range("A2:B2", "基本情况")
        sheet.merge_range("C2:C3", "入职日期")
        sheet.merge_range("A1:C1", "名册")

    data = books.xlsx([[], [], ["姓名", "证件号码"], ONE], design=design)

    assert rows_of(data) == [(4, EXPECTED[0][1])]


def test_a_heading_split_into_two_words_is_joined():
    def design(workbook, sheet):
        sheet.merge_range("C1:D1", "入职")

    data = books.xlsx([["姓名", "证件号码"], [None, None, "日期", "途径"], [*ONE, "招聘"]], design=design)

    assert rows_of(data) == [(3, EXPECTED[0][1])]


def test_cells_merged_downwards_hold_for_each_row():
    def design(workbook, sheet):
        sheet.merge_range("A2:A3", "王伟")
        sheet.merge_range("B2:B3", ONE[1])

    data = books.xlsx([books.HEADINGS, [None, None, "2020-01-01"], [None, None, "2021-01-01"]], design=design)

    assert [(row["name"], row["hired_on"]) for _, row in rows_of(data)] == [("王伟", "2020-01-01"), ("王伟", "2021-01-01")]
    assert any("taken apart" in note for note in notes_of(data))


@pytest.mark.parametrize(
    "line",
    [
        ["合计", "2 人"],
        ["合 计", None, 2],
        [None, "总计：2人"],
        ["小计"],
        ["共 2 人"],
        ["Total", 2],
        ["示例", "110101199003070011", "2020-01-06"],
        ["（示例）张三", "110101199003070011"],
        ["示例：张三", "110101199003070011"],
        ["例：张三", "110101199003070011"],
        ["王小明", "110101199003070011", "2020-01-06"],
        ["注：身份证号为 18 位。"],
        ["填表说明：1、姓名与证件一致；2、日期写到日"],
        ["备注1：以上人员均已签订合同"],
        ["※注意：请勿改动表头"],
        ["制表人：张三", "审核人：李四", "日期：2022年10月1日"],
        ["单位（盖章）："],
        ["填表日期：2022-10-01"],
        ["2022年10月1日"],
        ["1、请按身份证填写姓名，不得使用曾用名"],
        books.HEADINGS,
        ["员工姓名", "身份证", "入厂时间"],
        [],
        [None, "  ", "\u3000"],
        [None, None, None, None, "序号"],
    ],
)
def test_what_is_no_data_is_neither_read_nor_refused(line):
    data = books.xlsx([[*books.HEADINGS], ONE, line, TWO])

    assert [row["name"] for _, row in rows_of(data)] == ["王伟", "李四"]


@pytest.mark.parametrize("line", [["王伟"], [None, ONE[1]], ["总计划", ONE[1]], ["注册", ONE[1]], ["例外", "1"], ["电话", ONE[1]]])
def test_what_looks_a_little_like_a_remark_is_data_all_the_same(line):
    assert len(rows_of(books.xlsx([books.HEADINGS, line]))) == 1


def test_each_sheet_with_a_heading_is_read_and_the_others_named():
    data = books.xlsx(
        sheets={
            "在职": [books.HEADINGS, ONE],
            "说明": [["姓名", "必填"], ["证件号码", "18 位"]],
            "新进": [["Name", "身份证"], TWO[:2]],
            "空": [],
        }
    )

    _, sheets = read(data)

    assert [sheet.name for sheet, _ in sheets] == ["在职", "新进"]
    assert any("说明" in note and "空" not in note for note in notes_of(data))


def test_hidden_rows_columns_and_sheets_are_read_and_said():
    def design(workbook, sheet):
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        workbook.get_worksheet_by_name("旧").hide()

    data = books.xlsx(sheets={"在职": [books.HEADINGS, ONE, TWO], "旧": [books.HEADINGS, ONE]}, design=design)

    assert len(rows_of(data)) == 3
    notes = " ".join(notes_of(data))
    assert "1 hidden row was read" in notes
    assert "hidden columns were read like the rest: B" in notes
    assert "“旧” is hidden" in notes


def test_hidden_rows_of_an_old_workbook_are_said():
    assert any("1 hidden row" in note for note in notes_of(books.xls([books.HEADINGS, ONE], hidden_rows=[1]), "a.xls"))


def test_a_month_typed_into_excel_stays_a_month():
    def design(workbook, sheet):
        month = workbook.add_format({"num_format": 'yyyy"年"m"月"'})
        sheet.write_datetime("C2", dt.datetime(2022, 5, 1), month)
        sheet.write_datetime("C3", dt.datetime(2022, 5, 3), month)

    assert [row["hired_on"] for _, row in rows_of(books.xlsx([books.HEADINGS, ONE[:2], TWO[:2]], design=design))] == [
        "2022-05",
        "2022-05-03",
    ]
    assert (
        rows_of(books.xls([books.HEADINGS, [*ONE[:2], dt.date(2022, 5, 1)]], months=[(1, 2)]), "a.xls")[0][1]["hired_on"]
        == "2022-05"
    )


@pytest.mark.parametrize("make", [lambda rows: books.xlsx(rows, date_1904=True), lambda rows: books.xls(rows, mac=True)])
def test_a_workbook_that_counts_from_1904_is_understood(make):
    data = make([books.HEADINGS, [*ONE[:2], 43222]])

    _, [(_, [row])] = read(data, "a.xls")

    assert cells.date_start(row.cells["hired_on"]) == dt.date(2022, 5, 3)


def test_errors_of_formulas_are_shown_and_formulas_are_not_evaluated():
    def design(workbook, sheet):
        sheet.write_formula("A2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B2", '="1"&"2"', None, "cached")

    [(_, row)] = rows_of(books.xlsx([books.HEADINGS], design=design))

    assert row == {"name": "#DIV/0!", "number": "cached"}


def test_rare_characters_survive():
    assert rows_of(books.xlsx([books.HEADINGS, ["𠮷田", "1"]]))[0][1]["name"] == "𠮷田"
    assert rows_of("姓名,证件号码\n𠮷田,1\n".encode("gb18030"), "a.csv")[0][1]["name"] == "𠮷田"


def test_a_changed_layout_is_followed():
    data = books.xlsx([["称呼", "编码", "备用"], ["王伟", "1", "2"]])

    layout = Layout(1, 1, {"A": "name", "C": "number"})

    assert rows_of(data, layouts={"Sheet1": layout}) == [(2, {"name": "王伟", "number": "2"})]


def test_a_record_number_comes_along():
    assert rows_of(books.xlsx([[*books.HEADINGS, "记录编号"], [*ONE, "abc"]]))[0][1]["record_id"] == "abc"


def test_of_two_columns_that_mean_the_same_the_nearer_one_is_read():
    data = books.xlsx([["姓名（曾用）", "姓名", "证件号码"], ["旧名", "王伟", "1"]])

    assert rows_of(data)[0][1]["name"] == "王伟"
    assert any("姓名（曾用）" in note for note in notes_of(data))


def test_a_file_under_a_wrong_name_is_read_for_what_it_is():
    notes = notes_of(books.csv_text([books.HEADINGS, ONE], "\t").encode("gb18030"), "导出.xls")

    assert any("read as csv" in note for note in notes)


@pytest.mark.parametrize("rows", [[["甲", "乙"], ["1", "2"]], [["姓名"], ["王伟"]], [[]], [["姓名", "必填"], ["证件号码", "必填"]]])
def test_a_file_without_headings_is_refused_with_those_that_are_needed(rows):
    with pytest.raises(SheetRefused, match=r"姓名|Name"):
        read(books.xlsx(rows))


@given(
    st.text(st.characters(categories=["Lo", "Nd"]), min_size=1, max_size=10),
    st.sampled_from([" ", "\n", "*", "\u3000", "：", "\u200b"]),
)
def test_a_heading_means_the_same_with_ornament(text, ornament):
    assert heading_key(ornament.join(text) + ornament) == heading_key(text)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(["a.xlsx", "a.xls", "a.csv", "a.docx", "a"]))
@example(b"\xff\xfe" + b"a", "a.csv")
def test_no_bytes_break_the_reader(data, name):
    read_or_refused(lambda: read(data, name))


GOOD = [books.xlsx([books.HEADINGS, ONE, TWO]), books.xls([books.HEADINGS, ONE, TWO])]


@settings(deadline=None)
@given(st.sampled_from(GOOD), st.data())
def test_no_damage_to_a_good_file_breaks_the_reader(good, data):
    damaged = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 40))

    read_or_refused(lambda: read(bytes(damaged[: len(damaged) - cut]), "a.xlsx"))


XML_PARTS = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]


@settings(deadline=None)
@given(st.sampled_from(XML_PARTS), st.data())
def test_no_damage_inside_a_workbook_breaks_the_reader(part, data):
    def damage(content):
        text = bytearray(content)
        for _ in range(data.draw(st.integers(1, 4))):
            text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.sampled_from(list(b'0A9z<>/&" -')))
        return bytes(text)

    read_or_refused(lambda: read(books.tampered(GOOD[0], {part: damage}), "a.xlsx"))


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=12), st.floats(allow_nan=False, allow_infinity=False)), max_size=6),
        max_size=8,
    )
)
def test_any_sheet_is_read_or_refused(rows):
    read_or_refused(lambda: read(books.xlsx([[], *rows])))
    read_or_refused(lambda: read(books.xlsx([books.HEADINGS, *rows])))


def test_a_workbook_of_another_program_in_the_old_format_is_read():
    data = (Path(__file__).parent / "files" / "old.xls").read_bytes()

    assert rows_of(data, "old.xls") == [
        (3, {"name": "王伟", "number": "11010519491231002X", "hired_on": "2022-05-03"}),
        (4, {"name": "𠮷田", "number": "13800000001", "hired_on": "2022-05"}),
    ]
    notes = " ".join(notes_of(data, "old.xls"))
    assert "1 hidden row" in notes
    assert "totals left out: 1" in notes
    assert "说明" in notes
