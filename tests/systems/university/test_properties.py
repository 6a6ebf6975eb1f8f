"""Whatever is handed in: cleaned or refused with a sentence, nothing else, and cleaning again changes nothing."""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from denggao.systems.university import kinds
from denggao.systems.university.cleaning import clean_html, pictures_in
from denggao.systems.university.forms.settings import settings_from
from denggao.systems.university.learning.rules.marking import mark_question
from denggao.systems.university.packages.reading import PackageBroken, is_safe_path, read_package
from denggao.systems.university.unit_settings import SettingsWrong, question
from tests.systems.university.packages import FILES, manifest, packed

pytestmark = pytest.mark.once

SAYINGS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "questions", "choices", "text", "kind", "answer", "tolerance", "right", "code", "rubric", "points", "levels", "title",
        "steps", "link", "starts_at", "minutes", "attend_percent", "watch_percent", "no_skip", "min_seconds", "pass_percent",
        "pass_points", "task", "files", "feedback", "place", "serves",
    ]
)  # fmt: skip
RAW = st.dictionaries(NAMES, SAYINGS | st.lists(st.dictionaries(NAMES, SAYINGS, max_size=5), max_size=4), max_size=8)


@given(st.sampled_from([kind.code for kind in kinds.all_kinds()]), RAW)
def test_settings_are_cleaned_once_or_refused_in_words(code: str, raw: dict[str, Any]) -> None:
    kind = kinds.kind_of(code)
    clean, said = None, ["cleaned"]
    try:
        clean = kind.settings(raw)
    except SettingsWrong as wrong:
        said = wrong.sentences

    assert said
    assert all(sentence.strip() for sentence in said)
    if clean is not None:
        assert kind.settings(clean) == clean
        assert json.loads(json.dumps(clean)) == clean


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12), min_size=1, max_size=4))
def test_every_wording_an_author_takes_is_right(wordings: list[str]) -> None:
    said = [" ".join(wording.replace("\x00", "").split()) for text in wordings for wording in re.split(r"[\n|]", text)]
    try:
        asked = question({"kind": "text", "text": "?", "answer": "\n".join(wordings)})
    except SettingsWrong:
        assert not any(said)
        return

    assert question(asked) == asked
    assert all(mark_question(asked, [wording]).right for wording in said if wording)


@given(st.text(max_size=300), st.lists(st.sampled_from(
    ["<script>", "</p>", "<img src=x onerror=a()>", '<img src="files/a.svg">', "<svg/onload=a()>", '<a href="javascript:a()">', "<p style=x>",
     "<iframe srcdoc='<script>'>", "<!--", "-->", "<math><mi//xlink:href='data:x,<script>'>", '<img src="files/../../x">', "&lt;script&gt;"]
), max_size=6))  # fmt: skip
def test_a_text_holds_nothing_that_runs_and_is_clean_when_cleaned_again(said: str, bits: list[str]) -> None:
    clean = clean_html("".join([said, *bits, said]))

    assert clean_html(clean) == clean
    lowered = clean.lower()
    for never in ("<script", "<svg", "<iframe", "<math", "<style", 'javascript:a()"', "<!--"):
        assert never not in lowered
    tags = [part.split(">")[0] for part in lowered.split("<")[1:]]
    assert not any(" on" in tag or "style" in tag or "srcdoc" in tag for tag in tags)
    assert all(".." not in path for path in pictures_in(clean))


@given(
    st.dictionaries(
        st.from_regex(r"s(-[a-z0-9]{1,6}){1,8}", fullmatch=True) | st.text(max_size=20), st.text(max_size=20), max_size=12
    )
)
def test_a_form_of_any_names_is_read(data: dict[str, str]) -> None:
    assert isinstance(settings_from(data), dict)


@given(st.text(max_size=60))
def test_no_path_leads_out(name: str) -> None:
    if is_safe_path(name):
        assert not name.startswith("/")
        assert ".." not in name.split("/")
        assert "\\" not in name


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value within a manifest."""
    found = [way] if way else []
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in rows:
        found += places(inner, (*way, step))
    return found


@settings(max_examples=150)
@given(st.data())
def test_a_manifest_with_anything_in_any_place_is_read_or_refused_in_words(data: st.DataObject) -> None:
    said = copy.deepcopy(manifest())
    *way, last = data.draw(st.sampled_from(places(said)))
    at: Any = said
    for step in way:
        at = at[step]
    if data.draw(st.booleans()):
        at[last] = data.draw(SAYINGS)
    else:
        del at[last]

    looked_through(packed(json.dumps(said)))


@settings(max_examples=100)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_a_package_with_bytes_turned_is_read_or_refused_in_words(seed: int, many: int) -> None:
    whole = bytearray(packed().getvalue())
    chance = random.Random(seed)
    for _ in range(many):
        whole[chance.randrange(len(whole))] = chance.randrange(256)
    cut = len(whole) if seed % 2 else chance.randrange(len(whole))

    looked_through(io.BytesIO(bytes(whole[:cut])))


def looked_through(stream: io.BytesIO) -> None:
    said, paths = ["read"], list[str]()
    try:
        with read_package(stream) as package:
            paths = list(package.types)
    except PackageBroken as broken:
        said = broken.sentences

    assert all(sentence.strip() for sentence in said)
    assert all(map(is_safe_path, paths))


def test_a_file_whose_header_lies_about_its_size_fills_no_memory() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course.json", json.dumps(manifest()))
        for name, content in FILES.items():
            archive.writestr(name, content)
        archive.writestr("files/more.txt", b"0" * (40 * 1024 * 1024))
    with pytest.raises(PackageBroken):
        read_package(bomb)
