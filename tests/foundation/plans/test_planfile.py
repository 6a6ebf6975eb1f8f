"""The plan file: what it may say, and how its faults are told."""

from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from denggao.foundation.plans.nodes import LIMIT_BYTES
from denggao.foundation.plans.planfile import PlanFileRefused, read_plan_file

SHIPPED = Path(__file__).parents[3] / "plans" / "lingang-2020.yaml"
RULES = {
    "accredited_bases": frozenset[str](),
    "first_raise": frozenset[str](),
    "founded_university": frozenset[str](),
    "named_craftsmen": frozenset[str](),
    "with_parameters": frozenset({"years"}),
}
SMALL = """
plan:
  code: small
  zh: 小计划
  first_year: 2020
  last_year: 2022
industries:
  - {code: ic, zh: 集成电路}
organisations:
  - {code: union, kind: union, zh: 总工会, industry: ic}
goals:
  - code: upgrades
    zh: 等级提升
    short_zh: 提升
    unit: person
    target: 10
    yearly: {2020: 2, 2021: 8}
    counting: {rule: first_raise, lowest_proof: documented}
    parts: {lead: [union, {class: 重点企业}]}
"""


def faults_of(text: str | bytes) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    with translation.override("en"), pytest.raises(PlanFileRefused) as refused:
        read_plan_file(content, rules=RULES)
    return refused.value.faults


def test_the_shipped_plan_says_what_the_article_says():
    plan = read_plan_file(SHIPPED.read_bytes(), rules=RULES)

    assert (plan.code, plan.first_year, plan.last_year) == ("lingang-2020", 2020, 2022)
    assert {goal.code: goal.target for goal in plan.goals} == {
        "university": 1, "bases": 10, "craftsmen": 100, "apprentices": 1000, "upgrades": 10000, "reserve": 10000,
    }  # fmt: skip
    assert [item.code for item in plan.industries] == ["ai", "ic", "biomedicine", "aerospace"]
    assert {goal.code: goal.rule for goal in plan.goals if goal.rule} == {
        "university": "founded_university", "bases": "accredited_bases", "craftsmen": "named_craftsmen",
        "upgrades": "first_raise",
    }  # fmt: skip
    assert all(not goal.yearly for goal in plan.goals)
    assert {goal.code for goal in plan.goals if goal.lowest_proof != "declared"} == {"university", "bases", "craftsmen"}
    assert [part.body for part in plan.parts] == ["sftu", "hrss"]


def test_a_small_plan_is_read_whole():
    goal = read_plan_file(SMALL.encode(), rules=RULES).goals[0]

    assert goal.yearly == {2020: 2, 2021: 8}
    assert [(part.role, part.body, part.class_zh) for part in goal.parts] == [("lead", "union", ""), ("lead", "", "重点企业")]
    assert goal.lowest_proof == "documented"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("target: 10\n", "target: 0\n", "line 16, goals[0].target: must be a whole number ≥ 1."),
        ("target: 10\n", "target: ten\n", "line 16, goals[0].target: must be a whole number ≥ 1."),
        ("target: 10\n", "target: true\n", "line 16, goals[0].target: must be a whole number ≥ 1."),
        ("target: 10\n", "target: 1.5\n", "line 16, goals[0].target: must be a whole number ≥ 1."),
        ("    target: 10\n", "", "line 12, goals[0].target: is missing."),
        ("unit: person", "unit: head", "line 15, goals[0].unit: must be one of: person, body."),
        ("documented", "sworn", "line 18, goals[0].counting.lowest_proof: must be one of: declared, documented, confirmed."),
        (
            "first_raise",
            "magic",
            "there is no counting rule “magic”; known: accredited_bases, first_raise, founded_university, named_craftsmen, with_parameters.",
        ),
        ("[union, ", "[nobody, ", "line 19, goals[0].parts.lead[0]: there is no organisation “nobody” in this file."),
        ("industry: ic", "industry: xx", "line 10, organisations[0].industry: there is no industry “xx” in this file."),
        ("lead:", "sing:", "line 19, goals[0].parts.sing: there is no such role"),
        ("kind: union", "kind: club", "line 10, organisations[0].kind: must be one of"),
        ("2020: 2,", "2019: 2,", "line 17, goals[0].yearly.2019: is not a year of the plan (2020 to 2022)."),
        ("2020: 2,", "2020: -2,", "line 17, goals[0].yearly.2020: must be a whole number ≥ 0."),
        ("last_year: 2022", "last_year: 2019", "line 6, plan.last_year: must not lie before first_year (2020)."),
        ("code: small", "code: Small Plan", "line 3, plan.code: must be a code of small letters"),
        ("  zh: 小计划", "  zh: [小]", "line 4, plan.zh: must be text."),
        ("  zh: 小计划", "  zh: 小计划\n  colour: red", "line 5, plan.colour: there is no such field"),
        ("  zh: 小计划", "  zh: 小计划\n  zh: 大计划", "line 5, plan.zh: stands here twice."),
        ("zh: 集成电路}", "zh: 集成电路}\n  - {code: ic, zh: 芯片}", "line 9, industries[1].code: the code “ic” is taken"),
        ("[union, ", "[union, union, ", "line 19, goals[0].parts.lead[1]: stands here twice."),
        ("goals:", "goals: 5\nx:", "line 11, goals: must be a list."),
        ("rule: first_raise", "rule: with_parameters, parameters: {months: 3}", "takes no such parameter."),
    ],
)
def test_a_fault_names_its_line_and_field(old, new, fault):
    assert SMALL.count(old) == 1

    assert any(fault in told for told in faults_of(SMALL.replace(old, new)))


def test_every_fault_is_told_at_once_in_the_order_of_lines():
    text = SMALL.replace("code: small", "code: S S").replace("target: 10\n", "target: 0\n").replace("documented", "sworn")

    assert [fault.split(",")[0] for fault in faults_of(text)] == ["line 3", "line 16", "line 18"]


@pytest.mark.parametrize(
    "text",
    [
        "", "just text", "- a\n- b", "plan: [", "a: &x 1\nb: *x", "a: !!python/object:os.system {}", "a: 1\n---\nb: 2", "[" * 5000,
        b"\xff\xfe\x00", "a: \x07", "plan: {}\ngoals: []", "? [a]\n: b", "a: {<<: {b: 1}}", "x" * (LIMIT_BYTES + 1),
        "- 1\n" * 60_000,
    ],
)  # fmt: skip
def test_what_is_no_plan_is_refused_with_a_sentence(text):
    assert all(fault.endswith(".") for fault in faults_of(text))


def test_a_billion_laughs_is_refused_before_it_is_built():
    bomb = "a: &a [x, x]\n" + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True))

    assert len(faults_of(bomb)) == 1


def told(content: str) -> list[str]:
    """The faults of a file; none where it is a plan."""
    try:
        read_plan_file(content.encode(), rules=RULES)
    except PlanFileRefused as refused:
        return refused.faults
    return []


@given(st.text(max_size=200))
def test_any_text_is_refused(text):
    assert told(text)


@given(st.integers(0, len(SMALL)), st.integers(0, 30), st.text(max_size=5))
def test_a_damaged_plan_is_read_or_refused_with_sentences(at, length, put):
    assert all(told(SMALL[:at] + put + SMALL[at + length :]))


def test_the_example_in_the_documentation_is_a_plan():
    page = (SHIPPED.parents[1] / "docs" / "plan-file.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n", 1)[1].split("```", 1)[0]

    assert told(example) == []
