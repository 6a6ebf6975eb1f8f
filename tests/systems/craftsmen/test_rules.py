"""Who may be named, on both sides of each boundary."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.systems.craftsmen import rules
from denggao.systems.craftsmen.rules import ChannelTerms, Facts, channel_of_body, channels_of, counts, eligibility, why_not_nominate

ASKS = {rules.NATIONALITY: 1, rules.UNION_MEMBER: 1, rules.FRONT_LINE: 1}
ALL = ("craft", "skill", "lead", "contribution")


def judged(*, least: int = 4, asks: dict[str, int] | None = None, **facts: object) -> dict[str, bool | None]:
    given = {"nationality": "chinese", "union_member": True, "front_line": True, "conditions": ALL, "industry": "ic", **facts}
    found = eligibility(Facts(**given), asks=ASKS if asks is None else asks, least=least, industries={"ic": "集成电路"})
    assert all(each.sentence for each in found)
    return {each.code: each.ok for each in found}


def test_whoever_meets_all_conditions_is_eligible():
    assert set(judged().values()) == {True}


@pytest.mark.parametrize(
    ("facts", "code", "ok"),
    [
        ({"nationality": "other"}, "nationality", False),
        ({"union_member": False}, "union", False),
        ({"front_line": False}, "front_line", False),
        ({"front_line": None}, "front_line", None),
        ({"conditions": ALL[:3]}, "conditions", False),
        ({"industry": "steel"}, "industry", False),
    ],
)
def test_each_condition_is_found_by_itself(facts, code, ok):
    found = judged(**facts)

    assert found.pop(code) is ok
    assert set(found.values()) == {True}


def test_what_is_not_known_is_no_yes():
    assert judged(front_line=None)["front_line"] is None


@pytest.mark.parametrize(("told", "least", "ok"), [(1, 1, True), (3, 4, False), (4, 4, True), (0, 1, False)])
def test_as_many_of_the_four_conditions_as_the_round_asks(told, least, ok):
    assert judged(conditions=ALL[:told], least=least)["conditions"] is ok


def test_what_no_rule_asks_is_not_found_wanting():
    assert set(judged(asks={}, nationality="other", union_member=False, front_line=None)) == {"conditions", "industry"}


@pytest.mark.parametrize(
    ("kind", "employs", "channel"),
    [
        ("employer", True, "employer"), ("union", True, "employer"), ("union", False, "association"),
        ("school", False, "association"), ("employer", False, ""), ("authority", False, ""),
    ],
)  # fmt: skip
def test_a_body_nominates_its_own_staff_and_associations_others(kind, employs, channel):
    assert channel_of_body(kind, employs=employs) == channel


def refused(**given: object) -> str:
    facts = {"channel": "employer", "terms": ChannelTerms(), "made": 0, "nominated_through": "", "in_force": False, **given}
    return why_not_nominate(**facts)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"channel": ""}, "own staff"),
        ({"terms": None}, "own staff"),
        ({"terms": ChannelTerms(is_open=False)}, "not open"),
        ({"terms": ChannelTerms(most=2), "made": 2}, "2 nominees"),
        ({"in_force": True}, "holds the title"),
        ({"nominated_through": "self-nomination"}, "“self-nomination”"),
    ],
)
def test_a_nomination_is_refused_in_a_sentence(given, word):
    assert word in refused(**given)


def test_one_below_the_most_is_taken():
    assert refused(terms=ChannelTerms(most=2), made=1) == ""


def test_what_a_round_does_not_say_is_as_usual():
    found = channels_of({"association": {"open": False}})

    assert found["association"] == ChannelTerms(is_open=False, most=2)
    assert found["self"] == ChannelTerms(stamp=True)


@pytest.mark.parametrize(
    ("state", "day", "ok"),
    [
        ("named", "2020-01-01", True),
        ("named", "2022-12-31", True),
        ("named", "2023-01-01", False),
        ("revoked", "2021-05-01", False),
    ],
)
def test_a_naming_counts_within_the_plan_while_it_holds(state, day, ok):
    assert counts(state, dt.date.fromisoformat(day), dt.date(2020, 1, 1), dt.date(2022, 12, 31)) is ok
