import datetime as dt

import pytest

from denggao.foundation.jobs.rules import SHANGHAI, next_tick, wait_before


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 10), (1, 10), (2, 40), (3, 160), (5, 2560), (6, 3600), (400, 3600)])
def test_wait_grows_fourfold_up_to_an_hour(attempts, seconds):
    assert wait_before(attempts) == dt.timedelta(seconds=seconds)


def test_next_tick_is_read_in_shanghai_and_strictly_later():
    eight = dt.datetime(2022, 10, 10, 8, 0, tzinfo=SHANGHAI)

    assert next_tick("0 8 * * *", eight - dt.timedelta(seconds=1)) == eight
    assert next_tick("0 8 * * *", eight.astimezone(dt.UTC)) == eight + dt.timedelta(days=1)
