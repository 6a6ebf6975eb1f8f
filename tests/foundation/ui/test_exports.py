"""A table handed out holds no formula."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from denggao.foundation.ui.exports import plain, table_response


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1"])
def test_text_that_looks_like_a_formula_is_disarmed(text: str) -> None:
    assert plain(text) == f"'{text}"


def test_numbers_keep_their_sign() -> None:
    assert plain(-5) == "-5"


def test_a_csv_opens_in_excel_as_chinese() -> None:
    response = table_response("名单", ["姓名", "人数"], [["陈*", 3], ["=HYPERLINK()", None]], kind="csv")

    assert response.content.decode("utf-8-sig").splitlines() == ["姓名,人数", "陈*,3", "'=HYPERLINK(),"]
    assert "filename*=UTF-8''%E5%90%8D%E5%8D%95.csv" in response["Content-Disposition"]


def test_a_workbook_holds_text_numbers_and_days_as_they_are() -> None:
    response = table_response("heads", ["姓名", "编号", "日期", "人数"], [["=cmd", "0012", dt.date(2022, 9, 30), 7]], kind="xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[2]] == ["=cmd", "0012", "2022-09-30", 7]
    assert sheet["A2"].data_type == "s"
