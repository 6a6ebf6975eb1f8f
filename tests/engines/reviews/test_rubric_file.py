"""The rubric file: what is read from it, and what is said of one that is wrong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

import denggao.systems.bases
from denggao.engines.reviews.rules.rubric_file import read_rubric_file
from denggao.foundation.plans.nodes import FileRefused

SHIPPED = Path(denggao.systems.bases.__file__).parent / "rubrics" / "base-city-105.yaml"
SMALL = """rubric: {code: small, zh: 小标准, confidence: C, total: 12}
groups:
  - {code: all, zh: 全部, points: 12}
criteria:
  - code: work
    group: all
    zh: 业绩
    points: 10
    scale:
      - {points: 0, zh: 无}
      - {points: 10, zh: 突出}
  - code: spirit
    group: all
    zh: 精神
    points: 2
    step: 1
    comment_at_extremes: false
    scale: [{points: 0, zh: 无}, {points: 1, zh: 有}, {points: 2, zh: 突出}]
"""


def faults_of(text: str) -> list[str]:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        read_rubric_file(text.encode())
    return refused.value.faults


def test_the_city_form_has_its_ten_headings_and_105_points():
    rubric = read_rubric_file(SHIPPED.read_bytes())

    assert rubric.total == 105
    assert [(line.zh, line.max_points) for line in rubric.criteria] == [
        ("培训培养", 25), ("项目开发", 8), ("评价考核", 15), ("竞赛活动", 8), ("社会责任", 4),
        ("组织建设", 4), ("政府补贴及资助", 16), ("支撑作用", 12), ("开拓创新", 8), ("特色加分", 5),
    ]  # fmt: skip
    by_group = {group.code: sum(line.max_points for line in rubric.criteria if line.group == group.code) for group in rubric.groups}
    assert by_group == {"base": 60, "feature": 45}


def test_the_city_form_says_what_is_ours():
    rubric = read_rubric_file(SHIPPED.read_bytes())

    assert rubric.confidence == "A"
    assert {line.confidence for line in rubric.criteria} == {"A"}
    assert {line.scale_confidence for line in rubric.criteria} == {"C"}
    assert "缺省" in rubric.note_zh
    assert "default" in rubric.note_en
    assert all(line.en and all(point.en for point in line.scale) for line in rubric.criteria)


def test_a_file_without_faults_is_read():
    rubric = read_rubric_file(SMALL.encode())

    work, spirit = rubric.criteria
    assert (work.step, work.weight, work.comment_at_extremes, work.confidence) == (Decimal("0.5"), 1, True, "C")
    assert (spirit.step, spirit.comment_at_extremes, len(spirit.scale)) == (1, False, 3)


@pytest.mark.parametrize(
    ("changed", "into", "said"),
    [
        ("total: 12", "total: 13", "line 1, rubric.total: the criteria come to 12, not to 13."),
        ("zh: 全部, points: 12", "zh: 全部, points: 11", "line 3, groups[0].points: the criteria come to 12, not to 11."),
        ("group: all\n    zh: 业绩", "group: none\n    zh: 业绩", "there is no group “none” in this file."),
        ("points: 10\n", "points: .nan\n", "must be a number, above 0, at most 9999."),
        ("points: 10\n", "points: -10\n", "must be a number, above 0, at most 9999."),
        ("points: 10\n", 'points: "10"\n', "must be a number, above 0, at most 9999."),
        ("points: 10\n", "points: 10.25\n", "must be a multiple of the step 0.5."),
        ("points: 10, zh: 突出", "points: 9, zh: 突出", "line 10, criteria[0].scale: must rise from 0 to 10, each point once."),
        ("{points: 1, zh: 有}", "{points: 0.5, zh: 有}", "must be a multiple of the step 1."),
        ("code: spirit", "code: work", "the code “work” is taken by an earlier one."),
        ("comment_at_extremes: false", "comment_at_extremes: never", "must be true or false."),
        ("confidence: C", "confidence: D", "must be one of: A, B, C."),
        ("step: 1\n", "steps: 1\n", "there is no such field"),
        ("total: 12", "total: 12, zh: 又", "stands here twice. Keep one."),
        ("{points: 0, zh: 无}\n      - {points: 10, zh: 突出}", "[]", "must be"),
        ("zh: 小标准", "zh: &a 小标准", "anchors and aliases"),
    ],
)
def test_a_fault_names_its_line_and_field(changed, into, said):
    assert changed in SMALL

    found = faults_of(SMALL.replace(changed, into))

    assert any(said in fault for fault in found), found


@pytest.mark.parametrize("content", [b"", b"[]", b"rubric: 3", b"\xff\xfe", b"a: [", b"rubric: {}\ncriteria: []"])
def test_what_is_no_rubric_is_refused_in_sentences(content):
    with pytest.raises(FileRefused) as refused:
        read_rubric_file(content)

    assert refused.value.faults
    assert all(fault.strip() for fault in refused.value.faults)
