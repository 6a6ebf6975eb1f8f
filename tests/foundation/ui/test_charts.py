"""Where things stand in a drawing."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.foundation.ui.charts import Ahead, Bar, nice_step, terraces


def quarter(number: int, before: int | None, added: int | None) -> Bar:
    start = dt.date(2022, 3 * number - 2, 1)
    end = (start + dt.timedelta(days=92)).replace(day=1) - dt.timedelta(days=1)
    return Bar(start, end, f"22Q{number}", before, added)


@pytest.mark.parametrize(
    ("highest", "step"), [(1, 1), (4, 1), (5, 2), (10, 5), (812, 250), (1000, 250), (10000, 2500), (10001, 5000)]
)
def test_steps_are_round(highest: int, step: int) -> None:
    assert nice_step(highest) == step


def test_bars_stand_on_the_floor_and_the_new_stands_on_what_was() -> None:
    drawn = terraces([quarter(1, 0, 40), quarter(2, 40, 60)], targets=[], ahead=None)

    first, second = drawn.bars
    assert first.was.height == 0
    assert first.new.y + first.new.height == pytest.approx(drawn.floor)
    assert second.was.y + second.was.height == pytest.approx(drawn.floor)
    assert second.new.y + second.new.height == pytest.approx(second.was.y)
    assert first.new.x + first.new.width < second.new.x


def test_the_target_is_a_line_of_steps_and_the_forecast_stands_on_the_last_bar() -> None:
    year_end = dt.date(2022, 12, 31)
    targets = [(dt.date(2022, 1, 1), dt.date(2022, 6, 30), 50), (dt.date(2022, 7, 1), year_end, 100)]

    drawn = terraces([quarter(1, 0, 40)], targets=targets, ahead=Ahead(dt.date(2022, 4, 1), year_end, "22Q4", 40, 90))

    assert drawn.target.count("H") == 2
    assert drawn.ahead is not None
    assert drawn.ahead.y + drawn.ahead.height == pytest.approx(drawn.bars[0].new.y)
    assert abs(drawn.ahead_y - drawn.target_y) >= 17


def test_a_withheld_bar_has_no_height_of_its_own() -> None:
    drawn = terraces([quarter(1, None, None), quarter(2, 40, 60)], targets=[], ahead=None)

    assert drawn.bars[0].held
    assert drawn.bars[0].new.height == 26
