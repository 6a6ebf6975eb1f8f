"""What may be typed at the door."""

from __future__ import annotations

import pytest

from denggao.foundation.people.signin.rules import (
    Address,
    AddressKind,
    may_sign_in,
    must_add_second_factor,
    read_address,
    timed_out,
)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("13800138000", "13800138000"),
        (" 138 0013 8000 ", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("+852 5123 4567", "+85251234567"),
        ("0085251234567", "+85251234567"),
    ],
)
def test_a_phone_is_read_however_it_is_typed(typed: str, phone: str) -> None:
    assert read_address(typed) == Address(AddressKind.PHONE, phone)


@pytest.mark.parametrize(
    "typed", ["", " ", "1380013800", "138001380001", "12800138000", "+8612800138000", "abc", "@", "a@b", "a b@c.cn"]
)
def test_neither_phone_nor_address(typed: str) -> None:
    assert read_address(typed) is None


def test_an_address_is_compared_in_lower_case() -> None:
    assert read_address(" Clerk＠Demo.Denggao.Example ") == Address(AddressKind.EMAIL, "clerk@demo.denggao.example")


@pytest.mark.parametrize(
    ("active", "of_the_demo", "demo_mode", "may"),
    [
        (True, False, False, True),
        (True, True, False, False),
        (True, True, True, True),
        (True, False, True, True),
        (False, False, True, False),
    ],
)
def test_who_may_sign_in(active: bool, of_the_demo: bool, demo_mode: bool, may: bool) -> None:
    assert may_sign_in(active=active, of_the_demo=of_the_demo, demo_mode=demo_mode) is may


@pytest.mark.parametrize(
    ("office", "demo_mode", "passed", "must"),
    [(True, False, False, True), (True, False, True, False), (True, True, False, False), (False, False, False, False)],
)
def test_who_must_add_a_second_factor(office: bool, demo_mode: bool, passed: bool, must: bool) -> None:
    assert must_add_second_factor(office=office, demo_mode=demo_mode, passed=passed) is must


@pytest.mark.parametrize(("idle", "out"), [(1800, False), (1800.5, True), (0, False)])
def test_office_sessions_end_after_half_an_hour(idle: float, out: bool) -> None:
    assert timed_out(office=True, idle_seconds=idle, limit_seconds=1800) is out
    assert timed_out(office=False, idle_seconds=idle, limit_seconds=1800) is False
