from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.queries import open_file
from denggao.systems.university import queries
from denggao.systems.university.actions.importing import Outcome, import_package, preview_package
from denggao.systems.university.actions.publishing import publish_draft
from denggao.systems.university.models import Course, Unit, UnitFile, UnitItem
from denggao.systems.university.packages.reading import PackageBroken, read_package
from denggao.systems.university.packages.writing import write_package
from tests.systems.university.facts import make_school
from tests.systems.university.packages import FILES, SUBTITLES, VIDEO, key, manifest, named, packed


@pytest.fixture
def school(cast, now):
    return make_school(cast, now)


def brought(stream, school, cast, now):
    with read_package(stream) as package:
        return import_package(package, school, actor=cast.base_manager, now=now)


def test_a_package_comes_in_clean_goes_out_and_in_again_without_a_change(cast, now, school):
    imported = brought(packed(), school, cast, now)
    course = imported.course

    assert imported.outcome is Outcome.CREATED
    assert (course.code, course.title_zh, course.level, course.state) == ("turning-basics", "车工基础", "5", "draft")
    text = Unit.objects.get(version__course=course, kind="reading").body
    assert '<img src="files/tool.svg"' in text
    assert "script" not in text
    assert "onclick" not in text
    drawing = UnitFile.objects.get(path="files/tool.svg").file
    with open_file(drawing) as stream:
        assert b"script" not in stream.read()
    assert UnitItem.objects.filter(course=course).get().item_code == "1.1"
    assert Record.objects.filter(action="university.package.import").count() == 1

    version = publish_draft(course, actor=cast.base_manager, now=now)
    stored = StoredFile.objects.count()
    with write_package(version) as first, write_package(version) as second:
        out = first.read()
        assert out == second.read()
    again = brought(io.BytesIO(out), school, cast, now)
    assert again.outcome is Outcome.UNCHANGED
    assert brought(packed(), school, cast, now).outcome is Outcome.UNCHANGED
    assert course.versions.count() == 1
    assert StoredFile.objects.count() == stored

    other = make_school(cast, now, body="employer", dean="hr", name_zh="企业学院")
    with read_package(io.BytesIO(out)) as package:
        carried = import_package(package, other, actor=cast.hr, now=now)
    assert carried.outcome is Outcome.CREATED
    assert queries.outline(carried.course.versions.get()).required_keys == queries.outline(version).required_keys


def test_a_changed_package_becomes_the_next_draft_and_says_what_changes(cast, now, school):
    course = brought(packed(), school, cast, now).course
    publish_draft(course, actor=cast.base_manager, now=now)
    said = manifest()
    said["modules"][0]["units"][0]["title"] = "车刀的种类"
    del said["modules"][1]["units"][1]
    said["modules"][1]["units"].append({"key": key(9), "kind": "reading", "title": "复习", "settings": {}})

    with read_package(packed(said)) as package:
        preview = preview_package(package, school)
    assert [change.unit.title for change in preview.difference.changed] == ["车刀的种类"]
    assert [unit.title for unit in preview.difference.added] == ["复习"]
    assert [unit.title for unit in preview.difference.removed] == ["车外圆"]
    assert (preview.outcome, preview.replaces_draft) == (Outcome.UPDATED, False)

    assert brought(packed(said), school, cast, now).outcome is Outcome.UPDATED
    course.refresh_from_db()
    assert [version.number for version in course.versions.all()] == [2, 1]
    assert course.current.number == 1
    assert Unit.objects.filter(version=course.current, title="车刀").exists()


def test_who_does_not_write_for_a_school_brings_nothing_in(cast, now, school):
    for part in ("hr", "worker", "clerk"):
        with read_package(packed()) as package, pytest.raises(NotAllowed):
            import_package(package, school, actor=getattr(cast, part), now=now)

    assert not Course.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_course_of_hundreds_of_units_costs_as_many_queries_as_a_small_one(cast, now, school):
    counts = []
    for size in (2, 60):
        said = manifest() | {"key": key(1000 + size), "code": f"big-{size}"}
        said["modules"] = [
            {
                "key": key(5000 + size * 100),
                "title": "M",
                "units": [
                    {"key": key(10_000 + size * 100 + place), "kind": "reading", "title": f"U{place}", "body": "units/tool.html",
                     "files": [named("files/tool.svg", FILES["files/tool.svg"], "image")]}
                    for place in range(size)
                ],
            }
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            brought(packed(said), school, cast, now)
        counts.append(len(asked))

    # The first stores the drawing as well.
    assert counts[1] <= counts[0]


def _changed(**changes):
    return manifest() | changes


def _unit(**changes):
    said = manifest()
    said["modules"][0]["units"][1] |= changes
    return said


def _entries(*names, **attributes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("course.json", json.dumps(manifest()))
        for name in names:
            info = zipfile.ZipInfo(name)
            info.external_attr = attributes.get("attr", 0)
            archive.writestr(info, b"x")
    out.seek(0)
    return out


def _bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course.json", json.dumps(manifest()))
        archive.writestr("files/clamp.mp4", b"\0" * 20_000_000)
    out.seek(0)
    return out


def _lying_bomb():
    """A header that says less than there is."""
    data = bytearray(packed(files=FILES | {"files/clamp.mp4": VIDEO + b"\0" * 50_000}).getvalue())
    true = (len(VIDEO) + 50_000).to_bytes(4, "little")
    return io.BytesIO(bytes(data.replace(true, (100).to_bytes(4, "little"))))


@pytest.mark.once
def test_broken_packages_are_refused_with_a_sentence():
    whole = packed().getvalue()
    broken = [
        (io.BytesIO(b"no zip"), "no course package"),
        (io.BytesIO(whole[:-200]), "no course package|damaged"),
        (packed("{", {}), "can.t be read"),
        (packed("[" * 100_000, {}), "can.t be read"),
        (packed(json.dumps([]), {}), "format must be"),
        (packed(_changed(format="scorm")), "format must be"),
        (packed(_changed(version=2)), "only version 1"),
        (packed(_changed(key="no")), "key"),
        (packed(_changed(code="../x")), "code"),
        (packed(_changed(title="")), "title"),
        (packed(_changed(level="9")), "level"),
        (packed(_changed(modules=[7])), "Module 1"),
        (packed(_unit(kind="scorm")), "not known: scorm"),
        (packed(_unit(title="")), "needs a title"),
        (packed(_unit(minutes="long")), "minutes"),
        (packed(_unit(key=key(2))), "UUID of its own"),
        (packed(_unit(body="units/none.html")), "not in the package"),
        (packed(_unit(settings={"watch_percent": 900})), "between 1 and 100"),
        (packed(_unit(files=[named("files/none.mp4", b"")])), "not in the package"),
        (packed(_unit(files=[named("files/clamp.mp4", b"other")])), "hash differs"),
        (packed(_unit(files=[named("files/clamp.mp4", VIDEO, "engine")])), "can.t be a file"),
        (packed(_unit(files=[named("files/clamp.zh.vtt", SUBTITLES)])), "is not what its place takes"),
        (packed(_unit(kind="check", settings={"questions": [{"kind": "riddle"}]})), "riddle"),
        (packed(files=FILES | {"units/tool.html": b"\xff\xfe\xfa"}), "not UTF-8"),
        (packed(files=FILES | {"files/tool.svg": b"<svg"}), "hash differs|can.t be read"),
        (_entries("../evil"), "leads out"),
        (_entries("/etc/passwd"), "leads out"),
        (_entries("files\\evil"), "leads out"),
        (_entries("C:/evil"), "leads out"),
        (_entries("files/link", attr=0o120777 << 16), "link"),
        (_bomb(), "swells"),
        (_lying_bomb(), "damaged|swells|hash"),
    ]
    for number, (stream, sentence) in enumerate(broken):
        with translation.override("en"), pytest.raises(PackageBroken) as refused:
            read_package(stream)
        assert re.search(sentence, str(refused.value)), (number, str(refused.value))
