"""An arrangement as people type it: a day or a span a line, with its name. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from denggao.foundation.calendar.rules import ONE_DAY, DayGiven

_DATE = r"(?:(?P<year{0}>\d{{4}})[-/年])?(?P<month{0}>\d{{1,2}})[-/月](?P<day{0}>\d{{1,2}})日?"
_LINE = re.compile(
    _DATE.format(1)
    + r"(?:\s*(?:\.\.|…|~|～|—+|–|-{2}|至|到)\s*(?:"
    + _DATE.format(2)
    + r"|(?P<last>\d{1,2})日))?[\s:：,，]*(?P<note>.*)"
)
_WORKED = re.compile(r"补班|上班|make.?up|work", re.IGNORECASE)
_LONGEST = 15


@dataclass(frozen=True)
class Arranged:
    """What was read, in the order of the lines, and a sentence for each line that could not be read."""

    days: list[DayGiven]
    faults: list[str]


def read_arrangement(text: str, year: int) -> Arranged:
    """``2027-02-06..2027-02-12 春节`` a line for days off, ``2027-01-31 补班`` for a make-up day. The year may be left out, and
    Chinese ways of writing are read too: ``2月6日至12日 春节``."""
    days: list[DayGiven] = []
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        read = _read_line(line.strip(), year)
        if isinstance(read, str):
            faults.append(
                _("Line %(number)s (“%(line)s”): %(fault)s") % {"number": number, "line": line.strip()[:60], "fault": read}
            )
        else:
            days.extend(read)
    return Arranged(days, faults)


def _read_line(line: str, year: int) -> list[DayGiven] | str:
    match = _LINE.fullmatch(line)
    if match is None:
        return _("it must begin with a day, such as 2027-02-06, or a span, such as 2027-02-06..2027-02-12.")
    part = match.groupdict()
    try:
        first = dt.date(int(part["year1"] or year), int(part["month1"]), int(part["day1"]))
        last = first
        if part["month2"]:
            last = dt.date(int(part["year2"] or year), int(part["month2"]), int(part["day2"]))
        elif part["last"]:
            last = first.replace(day=int(part["last"]))
    except ValueError:
        return _("there is no such day.")
    length = (last - first).days + 1
    if not 1 <= length <= _LONGEST:
        return _("a span goes forward, and has at most %(most)s days.") % {"most": _LONGEST}
    worked = _WORKED.search(part["note"]) is not None
    return [DayGiven(first + ONE_DAY * step, worked, part["note"].strip()[:60]) for step in range(length)]


def written(days: list[DayGiven]) -> str:
    """The lines that read as these days: spans where days of one name follow each other."""
    spans: list[list[DayGiven]] = []
    for given in sorted(days, key=lambda item: item.day):
        if spans and _continues(spans[-1][-1], given):
            spans[-1].append(given)
        else:
            spans.append([given])
    return "\n".join(_line(span) for span in spans)


def _continues(before: DayGiven, given: DayGiven) -> bool:
    return given.day - before.day == ONE_DAY and (before.is_working, before.note) == (given.is_working, given.note)


def _line(span: list[DayGiven]) -> str:
    first, last = span[0], span[-1]
    note = first.note
    if first.is_working and not _WORKED.search(note):
        note = f"{note}补班"
    days = f"{first.day}" if first is last else f"{first.day}..{last.day}"
    return f"{days} {note}".rstrip()
