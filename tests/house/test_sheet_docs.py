"""The page on the sheets' columns names every column, and which of them are needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from denggao.foundation.sheets.kinds import all_kinds

PAGE = Path(__file__).parents[2] / "docs" / "sheets.md"
COLUMNS = [(kind.code, column) for kind in all_kinds() for column in kind.columns]


@pytest.mark.parametrize(("kind", "column"), COLUMNS, ids=[f"{kind}-{column.key}" for kind, column in COLUMNS])
def test_every_column_is_documented(kind, column):
    part = PAGE.read_text().split(f"(`{kind}`)")[1].split("\n## ")[0]

    needed = "✓" if column.required else ""
    assert f"| {column.title_zh} | {column.title_en} | {needed} |" in part
