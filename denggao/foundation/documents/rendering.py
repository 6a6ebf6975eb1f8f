"""Papers by typst: PDF/A-2a and PDF/UA-1 at once, Chinese fonts embedded, the same bytes for the same data and moment.

A room registers its templates (``.typ`` beside its code). Data go in as JSON and are never parsed as markup. A template
sees files of the product alone, and no font of the machine but those of the operator's own folder, where a character
is missing from the fonts shipped."""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused

ROOT = Path(__file__).resolve().parents[2]
STANDARDS: list[Any] = ["a-2a", "ua-1"]
FONT_ENDINGS = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_MISSING = re.compile(r"could not be displayed|no font|glyph", re.IGNORECASE)

_TEMPLATES: dict[str, Path] = {}


class GlyphMissing(Refused):
    """A character no font at hand can draw; the message says which, and where to put a font that can."""


class TemplateFailed(Exception):
    """A template is wrong, or the data are not those it needs: a defect, never the user's fault."""


def register(name: str, template: Path) -> None:
    """Name a template. Raises ValueError outside the product's own folder: nothing else can be read by it."""
    path = template.resolve()
    if not path.is_relative_to(ROOT):
        raise ValueError(f"{path}: templates lie within the product.")
    _TEMPLATES[name] = path


def render(name: str, data: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """The PDF of a registered template. ``at`` is the moment it carries. Raises KeyError, GlyphMissing, TemplateFailed."""
    template = _TEMPLATES[name]
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    try:
        return _compiled(template, inputs, shipped_fonts(), at)
    except typst.TypstError as error:
        if not _MISSING.search(error.message):
            raise TemplateFailed(f"{name}: {error.message}") from error
        first = error
    try:
        return _compiled(template, inputs, all_fonts(), at)
    except typst.TypstError as error:
        if not _MISSING.search(error.message):
            raise TemplateFailed(f"{name}: {error.message}") from error
        raise GlyphMissing(_missing(inputs["data"], first.message)) from error


def _compiled(template: Path, inputs: dict[str, str], fonts: typst.Fonts, at: dt.datetime) -> bytes:
    compiler = typst.Compiler(template, root=ROOT, font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs)
    made = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=int(at.timestamp()))
    if not isinstance(made, bytes):
        raise TemplateFailed(f"{template.name}: nothing came of it.")
    return made


@functools.cache
def shipped_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_shipped())


def all_fonts() -> typst.Fonts:
    """Those shipped and the operator's. Read anew each time: a font put there helps the next attempt."""
    folder = Path(settings.FONTS_DIR)
    own: list[Any] = [folder] if folder.is_dir() else []
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[*_shipped(), *own])


def _shipped() -> list[Any]:
    return [Path(pylopdf_fonts_zh_cn.serif_path()).parent]


def _missing(told: str, message: str) -> str:
    """The sentence for the operator, naming the characters where they can be told."""
    unknown = sorted({sign for sign in message if ord(sign) > 0x2E80 and sign in told})
    named = "、".join(f"{sign} (U+{ord(sign):04X})" for sign in unknown) or message[:80]
    return _("No font can draw %(characters)s. Put a font that can into %(folder)s, then try again.") % {
        "characters": named,
        "folder": settings.FONTS_DIR,
    }
