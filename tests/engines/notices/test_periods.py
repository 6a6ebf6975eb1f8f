"""When a notice ends, with a frozen clock."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.notices.actions import close_due_notices, extend_notice, object_to
from denggao.engines.notices.models import Notice, NoticeItem
from denggao.foundation.audit.actors import operator, visitor
from denggao.foundation.calendar.actions import enter_year
from denggao.foundation.calendar.rules import DayGiven
from tests.engines.notices.conftest import Told, a_notice, at

pytestmark = pytest.mark.django_db
OPERATOR = operator("test")
ARRANGEMENT_2027 = [
    DayGiven(dt.date(2027, month, day), False, name)
    for month, days, name in (
        (1, range(1, 4), "元旦"),
        (2, range(5, 13), "春节"),
        (5, range(1, 6), "劳动节"),
        (10, range(1, 8), "国庆节"),
    )
    for day in days
]


def enter_2027(now: dt.datetime) -> None:
    enter_year(2027, ARRANGEMENT_2027, "国办发明电〔2026〕9号", dt.date(2026, 11, 5), actor=OPERATOR, now=now)


def test_national_day_of_2022_with_its_make_up_days(told: Told) -> None:
    notice = a_notice(at("2022-10-08 09:00"))

    assert (notice.first_on, notice.last_on) == (dt.date(2022, 10, 8), dt.date(2022, 10, 12))
    assert close_due_notices(now=at("2022-10-12 23:59")) == 0
    assert close_due_notices(now=at("2022-10-13 00:00")) == 2
    notice.refresh_from_db()
    assert notice.state == Notice.State.PASSED
    assert [line[0] for line in told.lines] == ["passed", "passed"]


def test_a_notice_over_the_holiday_skips_it(told: Told) -> None:
    notice = a_notice(at("2022-09-29 16:00"))

    # 29 and 30 September, then 8, 9 and 10 October: the first seven days of October are off, 8 and 9 are made up.
    assert notice.last_on == dt.date(2022, 10, 10)


def test_a_notice_that_reaches_an_unknown_year_has_no_end_and_nothing_passes(told: Told) -> None:
    notice = a_notice(at("2026-12-29 09:00"))

    assert notice.last_on is None
    assert close_due_notices(now=at("2027-03-01 09:00")) == 0
    assert told.lines == []


def test_entering_the_year_fixes_the_end(told: Told) -> None:
    notice = a_notice(at("2026-12-29 09:00"))

    enter_2027(at("2026-12-30 10:00"))

    notice.refresh_from_db()
    # 29, 30, 31 December, then 4 and 5 January.
    assert notice.last_on == dt.date(2027, 1, 5)
    assert [item.cause for item in notice.snapshots.all()] == ["opened", "end_fixed"]
    assert close_due_notices(now=at("2027-01-05 23:59")) == 0
    assert close_due_notices(now=at("2027-01-06 00:00")) == 2


def test_an_end_is_never_fixed_in_the_past(told: Told) -> None:
    notice = a_notice(at("2026-12-29 09:00"))

    enter_2027(at("2027-01-20 10:00"))

    notice.refresh_from_db()
    assert notice.last_on == dt.date(2027, 1, 20)


def test_extending_adds_working_days(told: Told) -> None:
    notice = a_notice(at("2022-09-26 09:00"))

    extended = extend_notice(notice, 3, "材料补充", actor=OPERATOR, now=at("2022-09-30 18:00"))

    assert extended.last_on == dt.date(2022, 10, 10)
    assert NoticeItem.objects.filter(notice=notice, state="shown").count() == 2


def test_an_answer_due_in_an_unknown_year_is_fixed_with_it(told: Told) -> None:
    notice = a_notice(at("2026-12-29 09:00"))
    given = {"kind": "named", "name": "甲", "contact": "021", "text": "有异议，请核实。"}
    objection = object_to(notice, None, **given, actor=visitor("web"), now=at("2026-12-30 10:00")).objection
    assert objection.answer_due_on is None

    enter_2027(at("2026-12-31 10:00"))

    objection.refresh_from_db()
    # 31 December, then 4, 5, 6 and 7 January.
    assert objection.answer_due_on == dt.date(2027, 1, 7)


def test_an_end_that_was_shown_is_never_brought_forward(told: Told) -> None:
    notice = a_notice(at("2022-10-08 09:00"))
    lines = [DayGiven(dt.date(2022, month, 1), False) for month in (1, 5, 10)]

    # Entered anew without the week of National Day, and with a weekend worked.
    given = [*lines, *(DayGiven(dt.date(2022, 10, day), True) for day in (8, 9))]
    enter_year(2022, given, "更正", dt.date(2022, 10, 9), actor=OPERATOR, now=at("2022-10-09 10:00"))

    notice.refresh_from_db()
    assert notice.last_on == dt.date(2022, 10, 12)
