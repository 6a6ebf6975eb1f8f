"""What credit codes, names of bodies and lists of staff mean. Pure: no database, no clock.

Source of the credit code: GB 32100-2015.

Staff: a list of a given date *states* something of a person's employment; a blank says nothing. What follows from all the
statements of one person and one employer depends on their dates alone, never on the order in which they came in:

- statements that name the same hiring date, or none, speak of one employment until it ends;
- a different hiring date, while neither had ended before the other, corrects the one before (the latest list wins);
- a hiring date on or after the leaving date, or a list that names the person after it, begins another employment;
- the latest list that names a leaving date decides: a date up to the list's own is the last day, a later one is a
  contract's end and ends nothing;
- post, occupation and front-line status hold from the date of the list that first says otherwise; the first value known
  holds from hiring.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from denggao.foundation.sheets.kinds import Fault

_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_VALUE = {character: value for value, character in enumerate(_CODE_CHARACTERS)}
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code_check(code: str) -> str | None:
    """The eighteenth character of a unified social credit code, from the first seventeen; None where one of them can't
    stand in a code (I, O, S, V, Z and what is neither letter nor digit)."""
    if len(code) < 17 or any(character not in _CODE_VALUE for character in code[:17]):
        return None
    total = sum(weight * _CODE_VALUE[character] for weight, character in zip(_CODE_WEIGHTS, code, strict=False))
    # 31 - 0 is 31, which no character stands for: it is written 0.
    return _CODE_CHARACTERS[(31 - total % 31) % 31]


def credit_code_fault(code: str) -> Fault | None:
    """What is wrong with a unified social credit code (normalised), if anything; of the column ``uscc``."""
    if len(code) != 18:
        return Fault(
            "uscc",
            _("Unified social credit code: it has 18 characters; this one has %(length)s. Compare it with the licence."),
            {"length": len(code)},
        )
    check = credit_code_check(code)
    if check is None:
        return Fault(
            "uscc", _("Unified social credit code: I, O, S, V and Z never stand in one, nor do signs. Compare it with the licence.")
        )
    if code[17] != check:
        return Fault(
            "uscc",
            _(
                "Unified social credit code: by the 17 characters before it, the last should be %(expected)s, not %(given)s. "
                "Compare the whole code with the licence."
            ),
            {"expected": check, "given": code[17]},
        )
    return None


def normal_credit_code(text: str) -> str:
    """As compared and kept: half-width capitals without spaces and dashes."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


@lru_cache(maxsize=4096)
def body_key(name: str) -> str:
    """What names of bodies are compared by: NFKC, brackets of any kind alike, no spaces, Latin letters upper-cased."""
    return "".join(unicodedata.normalize("NFKC", name).split()).upper().translate(_BRACKETS)


_BRACKETS = str.maketrans("〔〕[]【】“”‘’「」", '()()()""\'\'""')


# Employments

_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


class Says(Protocol):
    """What one list says of an employment (``EmploymentStatement`` and ``Statement`` both fit)."""

    @property
    def as_of(self) -> dt.date: ...

    @property
    def hired_on(self) -> dt.date | None: ...

    @property
    def left_on(self) -> dt.date | None: ...

    @property
    def post(self) -> str: ...

    @property
    def occupation_text(self) -> str: ...

    @property
    def occupation_id(self) -> int | None: ...

    @property
    def front_line(self) -> bool | None: ...

    @property
    def stated_at(self) -> Any: ...


S = TypeVar("S", bound=Says)
SAID = ("left_on", "post", "occupation_text", "occupation_id", "front_line")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement not yet written down. ``stated_at`` orders only statements of the same date that contradict each other."""

    as_of: dt.date
    hired_on: dt.date | None = None
    left_on: dt.date | None = None
    post: str = ""
    occupation_text: str = ""
    occupation_id: int | None = None
    front_line: bool | None = None
    stated_at: dt.datetime = _LAST


@dataclass(frozen=True, slots=True)
class Period:
    """A value that holds from a day (None: from hiring) until the next one's."""

    from_on: dt.date | None
    value: Any


@dataclass(frozen=True, slots=True)
class Resolved:
    """What all the statements of one employment amount to; ``post`` … ``front_line`` as of the latest that knows."""

    hired_on: dt.date | None
    known_from: dt.date
    left_on: dt.date | None
    contract_ends_on: dt.date | None
    post: str
    occupation_text: str
    occupation_id: int | None
    front_line: bool | None
    last_listed_on: dt.date
    posts: tuple[Period, ...]
    occupations: tuple[Period, ...]
    front_lines: tuple[Period, ...]

    @property
    def started_on(self) -> dt.date:
        return self.hired_on or self.known_from

    @property
    def facts(self) -> tuple[object, ...]:
        """What matters to anyone but the one who keeps the lists: equal facts, nothing changed."""
        return (self.hired_on, self.started_on, self.left_on, self.contract_ends_on, self.posts, self.occupations, self.front_lines)


def with_statement(statements: Sequence[S], said: S, merge: Callable[[S, S], S]) -> tuple[list[S], S | None]:
    """The statements with one more, and the one changed or added; None where they say it all already. Lists of one date
    that name the same hiring date are one statement, to which ``merge`` adds what the new one says."""
    kept = list(statements)
    for place, other in enumerate(kept):
        if other.as_of == said.as_of and other.hired_on == said.hired_on:
            if all(getattr(said, name) in ("", None) or getattr(said, name) == getattr(other, name) for name in SAID):
                return kept, None
            kept[place] = merge(other, said)
            return kept, kept[place]
    return [*kept, said], said


def stints(statements: Iterable[S]) -> list[list[S]]:
    """The statements of one person and one employer, parted into employments, in the order of time. The same parting
    whatever order they are given in."""
    given = list(statements)
    if len({statement.hired_on for statement in given}) == 1 and (given[0].hired_on or not any(item.left_on for item in given)):
        return [given]
    found: list[_Stint[S]] = []
    for event in _events(given):
        if found and found[-1].takes(event):
            found[-1].add(event)
        else:
            found.append(_Stint(event))
    return [stint.statements for stint in found]


def resolve(statements: Iterable[Says]) -> Resolved:
    """What the statements of one employment amount to. They must be those of one stint, at least one."""
    ordered = sorted(statements, key=_age)
    left_on, contract_ends_on = _leaving(ordered)
    posts = _periods(ordered, lambda said: said.post or None)
    occupations = _periods(ordered, lambda said: (said.occupation_text, said.occupation_id) if said.occupation_text else None)
    front_lines = _periods(ordered, lambda said: said.front_line)
    occupation_text, occupation_id = occupations[-1].value if occupations else ("", None)
    return Resolved(
        hired_on=next((said.hired_on for said in reversed(ordered) if said.hired_on), None),
        known_from=ordered[0].as_of,
        left_on=left_on,
        contract_ends_on=contract_ends_on,
        post=posts[-1].value if posts else "",
        occupation_text=occupation_text,
        occupation_id=occupation_id,
        front_line=front_lines[-1].value if front_lines else None,
        last_listed_on=ordered[-1].as_of,
        posts=posts,
        occupations=occupations,
        front_lines=front_lines,
    )


def front_line_on(statements: Iterable[Says], day: dt.date) -> bool | None:
    """Whether the person worked on the front line on a day of the employment these statements speak of: the latest
    statement up to that day that knows, else the first that knows. None is not known."""
    value: bool | None = value_on(_periods(sorted(statements, key=_age), lambda said: said.front_line), day)
    return value


def value_on(periods: Sequence[Period], day: dt.date) -> Any:
    """The value that holds on a day; None without any."""
    held = [period.value for period in periods if period.from_on is None or period.from_on <= day]
    return held[-1] if held else None


class Employed(Protocol):
    @property
    def hired_on(self) -> dt.date | None: ...

    @property
    def known_from(self) -> dt.date: ...

    @property
    def left_on(self) -> dt.date | None: ...


def employed_on(employment: Employed, day: dt.date) -> bool:
    """From hiring (or the first list's date, where no hiring date is known) to leaving, the last day included."""
    return (employment.hired_on or employment.known_from) <= day and (employment.left_on is None or day <= employment.left_on)


def overlap(one: Employed, other: Employed) -> tuple[dt.date, dt.date | None] | None:
    """The days both employments last, both ends included (None: still). Leaving and starting elsewhere on the same day is
    no overlap."""
    start = max(one.hired_on or one.known_from, other.hired_on or other.known_from)
    ends = [item.left_on for item in (one, other) if item.left_on]
    end = min(ends) if ends else None
    return (start, end) if end is None or start < end else None


def _age(said: Says) -> tuple[dt.date, Any]:
    return said.as_of, said.stated_at


def _leaving(ordered: Sequence[Says]) -> tuple[dt.date | None, dt.date | None]:
    """Last day and contract's end, of which at most one is known: the latest statement that names a date decides."""
    for said in reversed(ordered):
        if said.left_on:
            return (said.left_on, None) if said.left_on <= said.as_of else (None, said.left_on)
    return None, None


def _periods(ordered: Sequence[Says], read: Callable[[Says], Any]) -> tuple[Period, ...]:
    known = {said.as_of: value for said in ordered if (value := read(said)) is not None}
    periods: list[Period] = []
    for day, value in known.items():
        if not periods or periods[-1].value != value:
            periods.append(Period(day if periods else None, value))
    return tuple(periods)


@dataclass(slots=True)
class _Event(Generic[S]):
    """A hiring date with the statements that name it, or one statement that names none: the person is there on its date,
    or left on the day it says."""

    day: dt.date
    hires: bool
    leaves: bool
    statements: list[S]


def _events(statements: Sequence[S]) -> list[_Event[S]]:
    hirings: dict[dt.date, list[S]] = {}
    events: list[_Event[S]] = []
    for said in statements:
        if said.hired_on:
            hirings.setdefault(said.hired_on, []).append(said)
        elif said.left_on and said.left_on <= said.as_of:
            events.append(_Event(said.left_on, False, True, [said]))
        else:
            events.append(_Event(said.as_of, False, False, [said]))
    events += [_Event(day, True, False, named) for day, named in hirings.items()]
    return sorted(events, key=lambda event: (event.day, not event.hires, event.leaves, *_age(event.statements[0])))


class _Stint(Generic[S]):
    def __init__(self, event: _Event[S]) -> None:
        self.statements: list[S] = list(event.statements)
        self.left_on = _leaving(sorted(self.statements, key=_age))[0]

    def add(self, event: _Event[S]) -> None:
        self.statements += event.statements
        self.left_on = _leaving(sorted(self.statements, key=_age))[0]

    def takes(self, event: _Event[S]) -> bool:
        if self.left_on is None or event.leaves:
            return True
        return self.left_on > event.day if event.hires else self.left_on >= event.day
