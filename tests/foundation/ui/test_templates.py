"""Every template keeps to the house: no inline script or style, only drawings that are built, only components that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from denggao.foundation import ui

PACKAGE = Path(ui.__file__).resolve().parents[2]
ICONS = set((PACKAGE / "foundation/ui/assets/icons.txt").read_text().split())
COMPONENTS = {path.stem for path in (PACKAGE / "foundation/ui/templates/components").glob("*.html")}
TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*.html") if "node_modules" not in path.parts)

pytestmark = pytest.mark.once


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_keeps_to_the_house(path: Path) -> None:
    text = path.read_text()

    assert not re.findall(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on", text), "inline style or script"
    assert not re.findall(r"<script(?![^>]*\ssrc=)", text), "inline script"
    assert not [name for name in re.findall(r"{% icon \"([\w-]+)\"", text) if name not in ICONS]
    assert not [name for name in re.findall(r"<c-icon[^>]*\sname=\"([\w-]+)\"", text) if name not in ICONS]
    assert not [name for name in re.findall(r"<c-[^>]*\sicon=\"([\w-]+)\"", text) if name not in ICONS]
    assert not [
        name
        for name in re.findall(r"<c-([\w-]+)", text)
        if name not in {"slot", "vars"} and name.replace("-", "_") not in COMPONENTS
    ]


def test_icons_are_listed_once_and_in_order() -> None:
    lines = (PACKAGE / "foundation/ui/assets/icons.txt").read_text().split()

    assert lines == sorted(set(lines))
