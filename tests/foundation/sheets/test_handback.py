from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from denggao.foundation.audit.models import ActionKey, Record
from denggao.foundation.sheets import actions, handback
from denggao.foundation.sheets.models import Import
from denggao.foundation.sheets.template import csv_of, export_rows, template_workbook, workbook_of
from tests.foundation.sheets import books
from tests.foundation.sheets.kinds import TOOLS
from tests.foundation.sheets.test_pipeline import GOOD, HEAD, MIXED, TODAY, checked, tools_kept


def workbook(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def taken_back(cast, tools, now, found):
    return actions.take_workbook(found, actor=cast.clerk, now=now)


def handed(cast, tools, now, name, data):
    found = actions.hand_in(tools, name, data, {"employer": str(cast.employer.public_id)}, as_of=TODAY, actor=cast.clerk, now=now)
    return actions.check_import(found, actor=cast.clerk, now=now)


def test_the_very_file_comes_back_with_results_and_marked_cells(cast, tools, now):
    def design(book, sheet):
        sheet.set_column(0, 0, 33)
        book.add_worksheet("说明").write("A1", "请勿改动")

    data = books.xlsx([["工具清单"], *MIXED], design=design)
    found = actions.apply_import(handed(cast, tools, now, "t.xlsx", data), actor=cast.clerk, now=now)

    book = workbook(taken_back(cast, tools, now, found))
    sheet = book["Sheet1"]

    assert book.sheetnames == ["Sheet1", "说明"]
    assert sheet.column_dimensions["A"].width > 30
    assert [cell.value for cell in sheet[2]] == [*HEAD, "Result", "Record ID"]
    assert [sheet[f"E{row}"].value for row in (3, 4)] == ["Created", "Created"]
    assert [sheet[f"F{row}"].value for row in (3, 4, 5)] == ["T1", "T2", None]
    assert sheet["E5"].value == (
        "Refused: Bought on: there is no month 13. Correct the date. In use: write yes (是) or no (否), or leave the cell empty "
        "where it is not known. Number: this tool stands in the list twice. In use: not known."
    )
    assert sheet["C5"].fill.fgColor.rgb.endswith("FDE8E6")
    assert "no month 13" in sheet["C5"].comment.text
    assert sheet["A5"].comment is None
    assert sheet["A6"].comment.text == "Name: the cell is empty. Fill it in."


@pytest.mark.parametrize("name", ["t.xls", "t.csv"])
def test_other_formats_come_back_as_a_new_workbook(cast, tools, now, name):
    rows = [HEAD, ["卡尺", "0012", "2022.13", "是"]]
    data = books.xls(rows) if name == "t.xls" else books.csv_text(rows).encode("gb18030")
    found = handed(cast, tools, now, name, data)

    sheet = workbook(taken_back(cast, tools, now, found)).active

    assert [cell.value for cell in sheet[1]] == [*HEAD, "Result", "Record ID"]
    assert sheet["B2"].value == "0012"
    assert "no month 13" in sheet["E2"].value
    assert "no month 13" in sheet["C2"].comment.text


def test_a_large_file_comes_back_as_a_new_workbook(cast, tools, now, monkeypatch):
    monkeypatch.setattr(handback, "_KEEPS_DESIGN_UP_TO", 1)
    found = checked(cast, tools, now)

    sheet = workbook(taken_back(cast, tools, now, found)).active

    assert "no month 13" in sheet["E4"].value
    assert sheet["C4"].fill.fgColor.rgb.endswith("FDE8E6")


def test_no_formula_comes_back_live(cast, tools, now):
    def design(book, sheet):
        sheet.write_formula("A2", '=HYPERLINK("http://x","y")', None, "卡尺")
        sheet.write_string("B2", "=1+1")
        sheet.write_string("A3", "@SUM(A1)")
        sheet.write_string("B3", "+cmd|' /C calc'!A0")

    found = handed(cast, tools, now, "t.xlsx", books.xlsx([HEAD], design=design))
    for large in (False, True):
        handback_limit = 1 if large else 300_000
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(handback, "_KEEPS_DESIGN_UP_TO", handback_limit)
            data = taken_back(cast, tools, now, found)

        sheet = workbook(data).active
        assert [sheet[place].value for place in ("A2", "B2", "A3", "B3")] == ["卡尺", "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0"]
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


def test_a_handed_back_file_comes_in_again_unchanged(cast, tools, now):
    found = actions.apply_import(checked(cast, tools, now, GOOD), actor=cast.clerk, now=now)
    data = taken_back(cast, tools, now, found)

    again = handed(cast, tools, now, "again.xlsx", data)

    assert (again.counts["unchanged"], again.counts["created"], again.counts["refused"]) == (2, 0, 0)
    assert again.rows.first().cells["record_id"] == "T1"
    assert not any("Result" in note["text_en"] for note in again.notes)
    twice = workbook(taken_back(cast, tools, now, again)).active
    assert [cell.value for cell in twice[1]] == [*HEAD, "Result", "Record ID"]


def test_a_template_explains_itself_and_comes_in_empty(cast, tools, now):
    data = template_workbook(tools)

    book = workbook(data)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Name", "Number", "Bought on", "In use"]
    assert [cell.value for cell in sheet[2]] == ["卡尺", "T-001", "2020-01-06", "是"]
    assert sheet["B2"].number_format == "@"
    assert sheet.column_dimensions["B"].width
    assert [validation.formula1 for validation in sheet.data_validations.dataValidation] == ['"yes,no"']
    found = handed(cast, tools, now, "template.xlsx", data)
    assert found.counts["created"] == found.counts["refused"] == 0
    assert any("example" in note["text_en"] for note in found.notes)


def test_an_export_is_masked_names_its_records_and_holds_no_formula(tools):
    heading, rows = export_rows(tools, [("id-1", {"name": "卡尺", "number": "=1+1"})])
    rows = list(rows)

    assert heading == ["Name", "Number", "Bought on", "In use", "Record ID"]
    assert rows == [["卡*", "=1+1", "", "", "id-1"]]
    assert workbook(workbook_of(heading, rows)).active["B2"].data_type == "s"
    assert csv_of(heading, rows).decode("utf-8-sig").splitlines()[1] == "卡*,'=1+1,,,id-1"
    assert next(iter(export_rows(tools, [("id-1", {"name": "卡尺"})], unmasked=True)[1]))[0] == "卡尺"


# run_import, as commands use it


def run(cast, tools, now, path, **options):
    return actions.run_import(
        tools, path, {"employer": str(cast.employer.public_id)}, as_of=TODAY, actor=cast.clerk, now=now, **options
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tools.xlsx"
    path.write_bytes(books.xlsx(MIXED))
    return path


def test_a_run_applies_the_valid_rows_and_tells_of_every_row(cast, tools, now, file):
    told = run(cast, tools, now, file)

    assert {key: told[key] for key in ("created", "updated", "unchanged", "refused")} == {
        "created": 2, "updated": 0, "unchanged": 0, "refused": 3,
    }  # fmt: skip
    assert told["rows"][0] == {"row": 2, "outcome": "created", "reasons": []}
    assert told["rows"][1] == {"row": 3, "outcome": "created", "reasons": []}
    assert [row["row"] for row in told["rows"]] == [2, 3, 4, 5, 6]
    assert told["rows"][3] == {"row": 5, "outcome": "refused", "reasons": ["Name: the cell is empty. Fill it in."]}
    assert tools_kept() == {"T1": "卡尺", "T2": "锤"}
    assert Import.objects.get().state == "applied"


def test_a_second_run_changes_nothing(cast, tools, now, file):
    run(cast, tools, now, file)

    told = run(cast, tools, now, file)

    assert (told["created"], told["unchanged"], told["refused"]) == (0, 2, 3)


def test_a_dry_run_says_the_same_and_writes_nothing(cast, tools, now, file, tmp_path):
    report = tmp_path / "report.xlsx"
    before = Record.objects.count()

    told = run(cast, tools, now, file, dry_run=True, report=report)

    assert (told["created"], told["refused"]) == (2, 3)
    assert not Import.objects.exists()
    assert not ActionKey.objects.filter(action=TOOLS).exists()
    assert Record.objects.count() == before
    assert "no month 13" in workbook(report.read_bytes()).active["E4"].value
    assert workbook(report.read_bytes()).active["E2"].value == "To be created"


def test_a_report_names_the_records(cast, tools, now, file, tmp_path):
    report = tmp_path / "report.xlsx"

    run(cast, tools, now, file, report=report)

    assert workbook(report.read_bytes()).active["F2"].value == "T1"


def test_rows_of_several_sheets_say_which(cast, tools, now, tmp_path):
    path = tmp_path / "t.xlsx"
    path.write_bytes(books.xlsx(sheets={"一": GOOD, "二": [HEAD, ["锯", "T3"]]}))

    told = run(cast, tools, now, path)

    assert [(row["sheet"], row["row"]) for row in told["rows"]] == [("一", 2), ("一", 3), ("二", 2)]
