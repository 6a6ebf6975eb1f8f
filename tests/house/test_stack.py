"""A loop deep below a request asks the system for no memory, wherever the edges of Python's chunks of stack fall."""

from __future__ import annotations

import resource
from collections.abc import Callable

import pytest

from denggao.stack import with_room

CALLS = 2_000


def _add(one: int, two: int) -> int:
    return one + two


def _loop() -> int:
    """Page faults while a small function is called over and over."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for number in range(CALLS):
        _add(number, 1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _below(depth: int, work: Callable[[], int]) -> int:
    return _below(depth - 1, work) if depth else work()


def test_a_loop_at_any_depth_takes_no_new_memory() -> None:
    faults = [with_room(_below)(depth, _loop) for depth in range(300)]

    assert max(faults) < CALLS / 10


def test_what_is_given_and_raised_goes_through() -> None:
    def divided(by: int, *, of: int) -> float:
        return of / by

    assert with_room(divided)(2, of=8) == 4
    with pytest.raises(ZeroDivisionError):
        with_room(divided)(0, of=8)
