"""How often something may be tried."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from denggao.foundation.accounts.limits import Limit, TooOften, address_of, forget, take

THREE = Limit("three", 3, 60)
START = 60 * 1000.0


def spend(times: int, *, at: float, whose: str = "one") -> None:
    for _ in range(times):
        take(THREE, whose, at=at)


def test_the_limit_itself_still_holds_and_one_more_does_not() -> None:
    spend(3, at=START)

    with pytest.raises(TooOften):
        take(THREE, "one", at=START)


def test_others_are_not_counted_with_me() -> None:
    spend(3, at=START)

    take(THREE, "another", at=START)
    take(Limit("four", 3, 60), "one", at=START)


def test_the_window_slides() -> None:
    spend(3, at=START + 59)

    with pytest.raises(TooOften):
        take(THREE, "one", at=START + 61)
    take(THREE, "one", at=START + 60 + 41)


def test_a_refused_try_is_not_counted() -> None:
    spend(3, at=START)
    for _ in range(5):
        with pytest.raises(TooOften):
            take(THREE, "one", at=START)

    take(THREE, "one", at=START + 60 + 21)


@pytest.mark.parametrize("moment", [0, 1, 17, 30, 59])
@pytest.mark.parametrize("later", [0, 5, 40])
def test_waiting_as_told_is_enough(moment: int, later: int) -> None:
    spend(3, at=START + moment)
    with pytest.raises(TooOften) as refusal:
        take(THREE, "one", at=START + moment)
    wait = refusal.value.retry_after

    take(THREE, "one", at=START + moment + wait + later)

    assert 1 <= wait <= 120


def test_success_takes_the_tries_back() -> None:
    spend(3, at=START)

    forget(THREE, "one", at=START)

    spend(3, at=START)


def test_the_cache_holds_nothing_personal() -> None:
    take(THREE, "clerk@demo.denggao.example", at=START)

    assert not any("clerk" in str(name) for name in cache._cache)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_an_address_is_a_household(given: str, read: str) -> None:
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=given)) == read
