"""The lives of the demo's workers: where they worked, when they left, which certificates they earned. Pure: the same
seed gives the same lives."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from denggao.demo import bodies, names, numbers
from denggao.demo.bodies import Employer

FIRST_DAY, LAST_DAY = dt.date(2020, 1, 1), dt.date(2022, 12, 31)
LEVELS = ("5", "4", "3", "2", "1")

# How many certificates are issued in a month, in no unit: a slow first year, a spring of 2022 in which nothing could be
# held, and autumns in which most sessions lie.
SESSIONS = {
    2020: (2, 0, 0, 1, 2, 5, 6, 6, 9, 9, 11, 7),
    2021: (5, 2, 7, 9, 10, 11, 8, 8, 13, 13, 15, 10),
    2022: (7, 4, 4, 0, 0, 3, 10, 13, 18, 17, 18, 8),
}
_MONTHS = [(year, month + 1) for year, weights in SESSIONS.items() for month in range(12)]
_WEIGHTS = [weight for weights in SESSIONS.values() for weight in weights]


@dataclass
class Spell:
    """One employment. ``front_line`` holds the day from which each value holds, the first from hiring."""

    employer: int
    hired_on: dt.date
    post: str
    occupation: str
    front_line: list[tuple[dt.date, bool | None]]
    left_on: dt.date | None = None
    contract_ends_on: dt.date | None = None

    def front_line_on(self, day: dt.date) -> bool | None:
        return next((value for since, value in reversed(self.front_line) if since <= day), self.front_line[0][1])


@dataclass
class Worker:
    name: str
    document: str
    number: str
    born_on: dt.date
    male: bool
    phone: str
    spells: list[Spell] = field(default_factory=list)


@dataclass
class Certificate:
    """A certificate as its register will say it. ``worker`` is None for holders no list will ever name."""

    name: str
    document: str
    number_of_holder: str
    employer: int
    occupation: str
    job_title: str
    level: str
    issued_on: dt.date
    evaluator: int
    theory: float
    skill: float
    worker: int | None
    legacy: bool = False
    number: str = ""


def workers(lot: Random, employers: Sequence[Employer], count: int) -> list[Worker]:
    """``count`` people, each with one to three employments; about three in four stand on the front line."""
    first_employers = lot.choices(range(len(employers)), weights=[employer.size for employer in employers], k=count)
    taken: set[str] = set()
    return [_worker(lot, employers, first, serial, taken) for serial, first in enumerate(first_employers)]


def _worker(lot: Random, employers: Sequence[Employer], first: int, serial: int, taken: set[str]) -> Worker:
    male = lot.random() < 0.68
    hired_on = _hiring_day(lot)
    born_on = hired_on - dt.timedelta(days=lot.randrange(18 * 366, 18 * 366 + int(min(lot.expovariate(1 / 7), 24) * 365) + 30))
    document, number, name = _paper(lot, born_on, serial, taken, male=male)
    worker = Worker(name, document, number, born_on, male, numbers.phone(serial + 1))
    worker.spells.append(_spell(lot, employers[first], hired_on))
    _move_on(lot, employers, worker)
    return worker


def _hiring_day(lot: Random) -> dt.date:
    if lot.random() < 0.72:
        return FIRST_DAY - dt.timedelta(days=1 + int(min(lot.expovariate(1 / 1500), 7600)))
    return FIRST_DAY + dt.timedelta(days=lot.randrange(10, 960))


def _paper(lot: Random, born_on: dt.date, serial: int, taken: set[str], *, male: bool) -> tuple[str, str, str]:
    """Kind, number and name. No number is given twice."""
    draw = lot.random()
    if draw < 0.004:
        return "护照", numbers.passport(serial + 1), names.foreign_name(lot, male=male)
    if draw < 0.006:
        return "港澳居民来往内地通行证", numbers.hk_macau_permit(serial + 1), names.chinese_name(lot, male=male)
    if draw < 0.007:
        return "台湾居民来往大陆通行证", numbers.taiwan_permit(serial + 1), names.chinese_name(lot, male=male)
    name = names.long_name(lot, male=male) if draw < 0.015 else names.chinese_name(lot, male=male)
    region = numbers.HOME_REGIONS[serial % len(numbers.HOME_REGIONS)]
    order = serial // len(numbers.HOME_REGIONS) % 400
    while (number := numbers.resident_id(region, born_on, order, male=male)) in taken:
        order += 1
    taken.add(number)
    return "居民身份证", number, name


def _spell(lot: Random, employer: Employer, hired_on: dt.date) -> Spell:
    choices = bodies.OCCUPATIONS[employer.industry]
    occupation = lot.choices(list(choices), weights=list(choices.values()))[0]
    draw = lot.random()
    status: bool | None = True if draw < 0.80 else False if draw < 0.955 else None
    post = lot.choice(bodies.POSTS if status is not False else bodies.OFFICE_POSTS)
    spell = Spell(employer.position, hired_on, post, occupation, [(hired_on, status)])
    if status is not None and lot.random() < 0.04:
        changed_on = max(hired_on, FIRST_DAY) + dt.timedelta(days=lot.randrange(120, 900))
        spell.front_line.append((changed_on, not status))
    if lot.random() < 0.05:
        spell.contract_ends_on = dt.date(lot.choice((2023, 2024, 2025)), lot.choice((6, 12)), 30)
    return spell


def _move_on(lot: Random, employers: Sequence[Employer], worker: Worker) -> None:
    """Some leave; some of those are hired by another employer of the region, a few before they had left."""
    while len(worker.spells) < 3 and lot.random() < (0.16 if len(worker.spells) == 1 else 0.25):
        spell = worker.spells[-1]
        left_on = max(spell.hired_on, dt.date(2020, 4, 1)) + dt.timedelta(days=lot.randrange(60, 980))
        if left_on > LAST_DAY:
            return
        spell.left_on, spell.contract_ends_on = left_on, None
        spell.front_line = [part for part in spell.front_line if part[0] < left_on or part is spell.front_line[0]]
        gap = lot.randrange(-150, -20) if lot.random() < 0.06 else lot.randrange(3, 90)
        hired_on = max(left_on + dt.timedelta(days=gap), spell.hired_on + dt.timedelta(days=30))
        if hired_on > dt.date(2022, 11, 15) or lot.random() < 0.4:
            return
        others = [
            employer
            for employer in employers
            if employer.position != spell.employer and employer.industry == employers[spell.employer].industry
        ]
        worker.spells.append(_spell(lot, lot.choice(others), hired_on))


def certificates(lot: Random, employers: Sequence[Employer], people: Sequence[Worker]) -> list[Certificate]:
    """Every certificate of these people, without numbers yet, in no order."""
    calendar = Calendar()
    made: list[Certificate] = []
    for position, worker in enumerate(people):
        made.extend(_ladder(lot, calendar, employers, worker, position))
    return made


class Calendar:
    """The days on which each body issues: three working days a month."""

    def __init__(self) -> None:
        self._days: dict[tuple[int, int, int], list[dt.date]] = {}

    def day(self, lot: Random, evaluator: int, year: int, month: int) -> dt.date:
        days = self._days.get((evaluator, year, month))
        if days is None:
            own = Random(f"{evaluator} {year} {month}")  # noqa: S311 -- the demo draws lots, it keeps no secrets
            working = [day for number in range(1, 29) if (day := dt.date(year, month, number)).weekday() < 5]
            days = self._days[evaluator, year, month] = sorted(own.sample(working, 3))
        return lot.choice(days)

    def in_plan(self, lot: Random, evaluator: int) -> dt.date:
        return self.day(lot, evaluator, *lot.choices(_MONTHS, weights=_WEIGHTS)[0])


def _ladder(lot: Random, calendar: Calendar, employers: Sequence[Employer], worker: Worker, position: int) -> list[Certificate]:
    spell = worker.spells[0]
    adult_on = worker.born_on + dt.timedelta(days=18 * 366)
    made: list[Certificate] = []

    def add(level: str, issued_on: dt.date, *, occupation: str = "", legacy: bool = False) -> None:
        if issued_on <= adult_on:
            return
        made.append(_certificate(lot, employers, worker, position, level, issued_on, occupation or spell.occupation, legacy))

    held = _held_before(lot, spell.hired_on)
    if held:
        issued_on, legacy = _earlier_day(lot, calendar, employers[spell.employer])
        add(held, issued_on, legacy=legacy)
        held = held if made else ""
    front = spell.front_line[0][1] is not False
    if lot.random() > (0.70 if front else 0.22) or held == "1":
        return made
    raised = LEVELS[LEVELS.index(held) + 1] if held else lot.choices(("5", "4", "3"), weights=(40, 48, 12))[0]
    raised_on = _raise_day(lot, calendar, employers, worker)
    add(raised, raised_on)
    if raised != "1" and lot.random() < 0.13:
        again = calendar.in_plan(lot, _evaluator(lot, employers[spell.employer]))
        if again > raised_on + dt.timedelta(days=300):
            add(LEVELS[LEVELS.index(raised) + 1], again)
    if lot.random() < 0.03:
        add(raised, calendar.in_plan(lot, _evaluator(lot, employers[spell.employer])))
    if lot.random() < 0.025:
        others = [name for name in bodies.OCCUPATIONS[employers[spell.employer].industry] if name != spell.occupation]
        add("4", calendar.in_plan(lot, _evaluator(lot, employers[spell.employer])), occupation=lot.choice(others))
    return made


def _held_before(lot: Random, hired_on: dt.date) -> str:
    seasoned = hired_on < dt.date(2016, 1, 1)
    weights = (24, 14, 34, 20, 6, 2) if seasoned else (50, 22, 20, 7, 1, 0)
    return lot.choices(("", "5", "4", "3", "2", "1"), weights=weights)[0]


def _earlier_day(lot: Random, calendar: Calendar, employer: Employer) -> tuple[dt.date, bool]:
    """A day before the plan, mostly 2018 and 2019; the older numbers have 16 digits."""
    year = lot.choices((2015, 2016, 2017, 2018, 2019), weights=(3, 4, 6, 37, 50))[0]
    month = lot.choice((3, 5, 6, 9, 10, 11, 11, 12))
    return calendar.day(lot, _evaluator(lot, employer), year, month), year < 2018 or lot.random() < 0.5


def _raise_day(lot: Random, calendar: Calendar, employers: Sequence[Employer], worker: Worker) -> dt.date:
    """A day of the curve, nearly always while employed."""
    for _ in range(8):
        day = calendar.in_plan(lot, _evaluator(lot, employers[worker.spells[0].employer]))
        for spell in worker.spells:
            if spell.hired_on + dt.timedelta(days=45) <= day and (spell.left_on is None or day <= spell.left_on):
                return day
        if lot.random() < 0.04:
            return day
    return day


def _evaluator(lot: Random, employer: Employer) -> int:
    return lot.choice(bodies.EVALUATORS_OF[employer.industry])


def _certificate(
    lot: Random,
    employers: Sequence[Employer],
    worker: Worker,
    position: int,
    level: str,
    issued_on: dt.date,
    occupation: str,
    legacy: bool,
) -> Certificate:
    at = next((spell for spell in reversed(worker.spells) if spell.hired_on <= issued_on), worker.spells[0])
    return Certificate(
        name=worker.name,
        document=worker.document,
        number_of_holder=worker.number,
        employer=at.employer,
        occupation=bodies.FORMER_NAMES.get(occupation, occupation) if legacy else occupation,
        job_title=bodies.JOB_TITLES.get(occupation, "") if lot.random() < 0.3 else "",
        level=level,
        issued_on=issued_on,
        evaluator=_evaluator(lot, employers[at.employer]),
        theory=_score(lot),
        skill=_score(lot),
        worker=position,
        legacy=legacy,
    )


def _score(lot: Random) -> float:
    return round(min(max(lot.gauss(76, 8), 60), 98.5) * 2) / 2


def give_numbers(made: Sequence[Certificate]) -> None:
    """Number certificates in the order of their issue, as their bodies would."""
    serials: Counter[tuple[bool, int, int, str]] = Counter()
    for certificate in sorted(made, key=lambda item: (item.issued_on, item.number_of_holder, item.occupation, item.level)):
        key = (certificate.legacy, certificate.evaluator, certificate.issued_on.year, certificate.level)
        serials[key] += 1
        body = bodies.EVALUATORS[certificate.evaluator]
        if certificate.legacy:
            certificate.number = numbers.legacy_certificate(body.site, certificate.issued_on, certificate.level, serials[key])
        else:
            certificate.number = numbers.national_certificate(
                body.kind, body.site, certificate.issued_on, certificate.level, serials[key]
            )
