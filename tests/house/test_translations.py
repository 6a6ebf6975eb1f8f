"""Every text of the product is Chinese too, with the same placeholders, and none is pieced together."""

from __future__ import annotations

import ast
import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.house.rooms import PACKAGE, ROOT, files

pytestmark = pytest.mark.once

CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
_PLAIN = ("_", "gettext", "gettext_lazy", "gettext_noop")
_FUNCTIONS = {*_PLAIN, *(f"{kind}gettext{lazy}" for kind in ("n", "p", "np") for lazy in ("", "_lazy"))}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|{\w*}")

# A text as a catalogue knows it: its context, if any, and its singular.
Key = tuple[str | None, str]


@cache
def written() -> dict[Key, str]:
    """Where each text stands, in code and templates."""
    found: dict[Key, str] = {}
    for path in files(".py"):
        _collect(found, path, path.read_text())
    for path in files(".html"):
        # What Django makes of a template reads like Python, but for its indentation.
        _collect(found, path, re.sub(r"^[ \t]+", "", templatize(path.read_text(), origin=str(path)), flags=re.MULTILINE))
    return found


def _collect(found: dict[Key, str], path: Path, source: str) -> None:
    for line, function, messages, _comments in extract_python(BytesIO(source.encode()), _FUNCTIONS, [], {}):
        parts = [messages] if isinstance(messages, str) else [part for part in messages or () if part]
        if not parts:
            continue
        context, text = (parts[0], parts[1]) if function.lstrip("n").startswith("p") else (None, parts[0])
        found[context, text] = f"{path.relative_to(ROOT)}:{line}"


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as handle:
        return read_po(handle, locale="zh_Hans")


def translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def originals(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_every_text_is_in_the_catalogue():
    known = {(message.context, originals(message)[0]) for message in catalogue()}

    missing = [f"{place}: {text}" for (context, text), place in written().items() if (context, text) not in known]

    assert missing == [], "collect them with: make messages"


def test_every_text_is_translated():
    untranslated = [message.id for message in catalogue() if message.id and not all(map(str.strip, translations(message)))]
    doubtful = [message.id for message in catalogue() if message.id and message.fuzzy]

    assert (untranslated, doubtful) == ([], [])
    assert not catalogue().fuzzy, "the header is marked fuzzy: the catalogue would not be compiled"


def test_a_translation_keeps_its_placeholders():
    differing = []
    for message in catalogue():
        allowed = {frozenset(_PLACEHOLDER.findall(text)) for text in originals(message)}
        for text in translations(message):
            # Chinese has one plural form: it may follow either of the English ones.
            if message.id and text and frozenset(_PLACEHOLDER.findall(text)) not in allowed:
                differing.append(f"{originals(message)[0]} → {text}")

    assert differing == []


@pytest.mark.parametrize("path", files(".py"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_text_is_pieced_together(path):
    """A translator needs the whole sentence: no f-strings, sums or formats inside of the call."""
    pieced = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
            kind = node.func.id.partition("gettext")[0]
            texts = node.args[: {"n": 2, "p": 2, "np": 3}.get(kind, 1)]
            pieced += [node.lineno for part in texts if isinstance(part, ast.JoinedStr | ast.BinOp | ast.Call)]

    assert pieced == []


def test_a_block_to_translate_is_trimmed():
    loose = [
        f"{path.relative_to(ROOT)}: {tag}"
        for path in files(".html")
        for tag in re.findall(r"{%\s*blocktrans(?:late)?\b[^%]*%}", path.read_text())
        if not re.search(r"\btrimmed\b", tag)
    ]

    assert loose == []
