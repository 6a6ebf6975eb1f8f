"""What the product brings, what the office enters, and how it is asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.calendar.actions import ArrangementRefused, enter_year
from denggao.foundation.calendar.hooks import calendar_changed
from denggao.foundation.calendar.models import CalendarDay, CalendarYear
from denggao.foundation.calendar.queries import (
    YearUnknown,
    days_of,
    is_known,
    is_working_day,
    nth_working_day,
    working_days,
    working_days_between,
)
from denggao.foundation.calendar.reading import read_arrangement
from denggao.foundation.calendar.seeds import load_seeds
from tests.cast import Cast
from tests.foundation.calendar.test_rules import WHOLE

pytestmark = pytest.mark.django_db
D = dt.date
DOCUMENT = "国务院办公厅关于2027年部分节假日安排的通知 国办发明电〔2026〕9号"
ENTERED = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def enter(cast: Cast, lines: str = WHOLE, *, year: int = 2027, **more: Any) -> CalendarYear:
    given = {"document": DOCUMENT, "document_on": D(2026, 11, 5), "actor": cast.clerk, **more}
    return enter_year(
        year, read_arrangement(lines, year).days, given.pop("document"), given.pop("document_on"), now=ENTERED, **given
    )


def test_the_library_brings_2004_to_2026_and_says_so() -> None:
    assert [year for year in range(2000, 2030) if is_known(year)] == list(range(2004, 2027))
    assert CalendarYear.objects.get(year=2022).document.startswith("chinesecalendar")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (D(2022, 10, 1), False), (D(2022, 10, 7), False), (D(2022, 10, 8), True), (D(2022, 10, 9), True), (D(2022, 10, 15), False),
        (D(2022, 1, 29), True), (D(2022, 1, 31), False), (D(2018, 12, 29), True), (D(2026, 2, 16), False),
    ],
)  # fmt: skip
def test_days_of_known_years(day: dt.date, works: bool) -> None:
    assert is_working_day(day) is works


def test_a_year_that_is_not_known_gives_none() -> None:
    with pytest.raises(YearUnknown):
        is_working_day(D(2027, 3, 1))
    assert nth_working_day(D(2026, 12, 30), 5) is None
    assert nth_working_day(D(2026, 12, 30), 2) == D(2026, 12, 31)
    assert working_days(D(2027, 1, 4), 1) is None
    assert working_days_between(D(2026, 12, 30), D(2027, 1, 4)) is None
    assert days_of(2027) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda: nth_working_day(D(2022, 9, 30), 30),
        lambda: working_days(D(2022, 12, 30), 5),
        lambda: working_days_between(D(2021, 1, 1), D(2022, 12, 31)),
        lambda: is_working_day(D(2022, 10, 8)),
        lambda: is_known(2022),
    ],
)
def test_asking_is_one_query(ask: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        ask()


def test_what_the_office_enters_is_known_at_once_and_recorded(cast: Cast) -> None:
    year = enter(cast)

    assert nth_working_day(D(2026, 12, 29), 5) == D(2027, 1, 5)
    assert is_working_day(D(2027, 1, 31)) is True
    assert (year.source, year.entered_by) == ("office", cast.clerk.id)
    record = Record.objects.get(action="calendar.year.enter")
    assert record.after["document"] == DOCUMENT
    assert "2027-01-31 + 补班" in record.after["days"]


def test_entering_anew_keeps_what_was_known_in_the_audit(cast: Cast) -> None:
    enter(cast)

    enter(cast, WHOLE.replace("2027-10-09 补班", "2027-10-10 补班"))

    record = Record.objects.filter(action="calendar.year.enter").order_by("id").last()
    assert record is not None
    assert "2027-10-09 + 补班" in record.before["days"]
    assert "2027-10-10 + 补班" in record.after["days"]
    assert CalendarDay.objects.filter(day=D(2027, 10, 9)).count() == 0


def test_the_library_never_overwrites_the_office(cast: Cast) -> None:
    lines = "\n".join(f"2022-{month:02d}-01 {name}" for month, name in ((1, "元旦"), (5, "劳动节"), (10, "国庆节")))
    enter(cast, lines, year=2022, document="更正", document_on=D(2022, 11, 1))

    load_seeds()

    assert len(days_of(2022)) == 3
    assert CalendarYear.objects.get(year=2022).source == "office"


def test_a_later_year_may_change_the_last_days_of_december(cast: Cast) -> None:
    assert is_working_day(D(2026, 12, 31)) is True

    enter(cast, WHOLE + "2026-12-31 元旦\n2026-12-26 补班")

    assert is_working_day(D(2026, 12, 31)) is False
    assert is_working_day(D(2026, 12, 26)) is True


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"document": " "}, "Document"),
        ({"document_on": None}, "Day of the document"),
        ({"document_on": D(2026, 11, 26)}, "future"),
        ({"year": 1999}, "Year"),
        ({"lines": "2027-02-15 补班"}, "weekday"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_kept(cast: Cast, more: dict[str, Any], said: str) -> None:
    with pytest.raises(ArrangementRefused) as refused:
        enter(cast, more.pop("lines", WHOLE), **more)

    assert any(said in fault for fault in refused.value.faults)
    assert not is_known(2027)


@pytest.mark.parametrize("part", ["visitor", "worker", "hr", "reviewer", "approver", "finance", "auditor", "authority", "expert"])
def test_only_clerks_and_administrators_enter(cast: Cast, part: str) -> None:
    with pytest.raises(NotAllowed):
        enter(cast, actor=getattr(cast, part))


def test_whoever_plugged_in_is_told_of_the_year(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[set[int]] = []
    monkeypatch.setattr(calendar_changed, "_handlers", [lambda years, *, actor, now: told.append(years)])

    enter(cast)

    assert told == [{2027}]


def test_an_entered_year_without_its_document_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarYear.objects.create(year=2027, source="office", document="", entered_by="x", entered_at=ENTERED)
