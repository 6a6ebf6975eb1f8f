"""The hash that is signed, and the reading of what it covers."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from denggao.engines.agreements.reading import lines_of
from denggao.engines.agreements.rules import hash_of

pytestmark = pytest.mark.once
unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
SUBJECT = uuid.UUID(int=1)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=3),
    max_leaves=8,
)
CONTENT = st.dictionaries(st.text(min_size=1, max_size=6), PLAIN, max_size=5)


def hashed(content: dict[str, Any], **changed: Any) -> str:
    told = {"subject_kind": "case", "subject_id": SUBJECT, "title_zh": "认定", "title_en": "", "signers": ["a", "b"], **changed}
    return hash_of(content=content, **told)


@unhurried
@given(CONTENT)
def test_the_order_of_keys_does_not_change_the_hash(content: dict[str, Any]) -> None:
    assert hashed(content) == hashed(dict(reversed(content.items())))


@unhurried
@given(CONTENT, CONTENT)
def test_another_text_has_another_hash(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = repr(sorted(one.items(), key=repr)) == repr(sorted(other.items(), key=repr))

    assert same or one == other or hashed(one) != hashed(other)


@pytest.mark.parametrize(
    "changed",
    [{"title_zh": "认定。"}, {"title_en": "A"}, {"signers": ["b", "a"]}, {"signers": ["a"]}, {"subject_id": uuid.UUID(int=2)}],
)
def test_all_that_a_signer_sees_is_in_the_hash(changed: dict[str, Any]) -> None:
    assert hashed({"基地": "甲"}) != hashed({"基地": "甲"}, **changed)


def test_pairs_stand_as_lines_and_lists_in_one() -> None:
    content = {
        "act": "授牌",
        "facts": [["场地面积", "1260 平方米"], ["工位", 48]],
        "职业": ["装配工", "电工"],
        "安全": {"消防": True, "文件": ""},
        "空": [],
    }

    assert lines_of(content, lambda key: "事项" if key == "act" else key) == [
        ("事项", "授牌"),
        ("场地面积", "1260 平方米"),
        ("工位", "48"),
        ("职业", "装配工；电工"),
        ("安全 · 消防", "yes"),
        ("安全 · 文件", "—"),
        ("空", "—"),
    ]


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in _leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in _leaves(inner)]
    return [value] if isinstance(value, str) and value else []


@unhurried
@given(CONTENT)
def test_nothing_that_is_signed_is_left_unread(content: dict[str, Any]) -> None:
    shown = "\n".join(f"{label}\n{text}" for label, text in lines_of(content))

    assert all(leaf in shown for leaf in _leaves(content))
