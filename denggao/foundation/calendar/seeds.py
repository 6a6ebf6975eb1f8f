"""The years the holiday library covers (package chinesecalendar, compiled from the State Council's yearly notices). Runs
after every migrate; touches no year that is there already."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from importlib.metadata import version
from typing import Any

from chinese_calendar.constants import holidays, workdays
from django.db import transaction

from denggao.foundation.calendar.models import CalendarDay, CalendarYear

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def load_seeds(**_signal: Any) -> None:
    with transaction.atomic():
        known = set(CalendarYear.objects.values_list("year", flat=True))
        by_year: dict[int, list[tuple[dt.date, bool, str]]] = defaultdict(list)
        for days, is_working in ((holidays, False), (workdays, True)):
            for day, name in days.items():
                by_year[day.year].append((day, is_working, _NAMES.get(name, name)))
        document = f"chinesecalendar {version('chinesecalendar')}"
        fresh = [CalendarYear(year=year, source="library", document=document) for year in sorted(by_year) if year not in known]
        CalendarYear.objects.bulk_create(fresh)
        CalendarDay.objects.bulk_create(
            CalendarDay(year=year, day=day, is_working=is_working, note=note)
            for year in fresh
            for day, is_working, note in sorted(by_year[year.year])
        )
