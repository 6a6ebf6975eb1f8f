"""Decisions about bases from given facts. Pure: no database, no clock."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.foundation.plans.registry import RuleWords
from denggao.systems.bases.models import Base, BaseAct

# Keys of ``standards.RuleValue``; all are defaults of this platform (confidence C), not law.
TERM_YEARS = "bases.term_years"
REENTRY_MONTHS = "bases.reentry_months"
RENEWAL_WINDOW_DAYS = "bases.renewal_window_days"
LEAST_TEACHERS = "bases.least_teachers"
LEAST_FLOOR_AREA = "bases.least_floor_area"
LEAST_WORKSTATIONS = "bases.least_workstations"
REVIEW_MINIMUM = "bases.review_minimum"

ACCREDITED_BASES = "accredited_bases"
ACCREDITED_IN_WORDS = RuleWords(
    gettext_lazy(
        "Bodies that hold a training base in force: all accrediting authorities of the plan have signed, within the plan’s span,"
        " and the base was neither withdrawn nor left. Each body counts once."
    )
)

State, Kind = Base.State, BaseAct.Kind

# What may be done to a base, by its state.
POSSIBLE: Mapping[str, frozenset[str]] = {
    State.ACCREDITED: frozenset({Kind.SUSPEND, Kind.WITHDRAW, Kind.EXIT, Kind.RENEW, Kind.EXPIRE}),
    State.SUSPENDED: frozenset({Kind.RESTORE, Kind.WITHDRAW, Kind.EXIT, Kind.EXPIRE}),
    State.WITHDRAWN: frozenset(),
    State.EXPIRED: frozenset(),
    State.EXITED: frozenset(),
}
LEADS_TO: Mapping[str, str] = {
    Kind.ACCREDIT: State.ACCREDITED,
    Kind.RENEW: State.ACCREDITED,
    Kind.RESTORE: State.ACCREDITED,
    Kind.SUSPEND: State.SUSPENDED,
    Kind.WITHDRAW: State.WITHDRAWN,
    Kind.EXIT: State.EXITED,
    Kind.EXPIRE: State.EXPIRED,
}
TWO_PERSONS = frozenset({Kind.SUSPEND, Kind.RESTORE, Kind.WITHDRAW, Kind.EXIT})


def last_day(first: dt.date, years: int) -> dt.date:
    """The last day of a term of whole years: 1 June 2021 and three years end on 31 May 2024; a 29 February starts a term
    that ends on the 28th."""
    return _shifted(first, 12 * years) - dt.timedelta(days=1)


def _shifted(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    length = calendar.monthrange(year, month + 1)[1]
    if day.day > length:
        # A month that is too short gives its end to the day after.
        return dt.date(year, month + 1, length) + dt.timedelta(days=1)
    return dt.date(year, month + 1, day.day)


def earliest_reentry(left: Mapping[str, Any], months: int) -> dt.date:
    """From which day a body may apply anew. ``left``: ``state`` and ``ended_on`` of its last base. Only a withdrawal makes wait."""
    ended_on: dt.date = left["ended_on"]
    return _shifted(ended_on, months) if left["state"] == State.WITHDRAWN else ended_on


def why_not_apply(
    *,
    body_kind: str,
    in_force: str,
    open_case: str,
    last_left: Mapping[str, Any] | None,
    reentry_months: int,
    today: dt.date,
) -> str | None:
    """Why a body may not apply for accreditation; None where it may. ``in_force`` is the name of the base it holds,
    ``open_case`` the number of its application under way; empty where there is none."""
    if body_kind not in {"school", "provider", "employer"}:
        return _("Training bases stand on schools, training providers, public bases and employers; this body is none of them.")
    if in_force:
        return _("This body holds the training base “%(base)s” already. Ask for its renewal instead.") % {"base": in_force}
    if open_case:
        return _("An application of this body is under way: %(case)s. Go on with that one.") % {"case": open_case}
    if last_left is not None:
        earliest = earliest_reentry(last_left, reentry_months)
        if today < earliest:
            return _("The base of this body was withdrawn on %(day)s. It may apply again from %(earliest)s on.") % {
                "day": last_left["ended_on"],
                "earliest": earliest,
            }
    return None


def why_not_renew(
    *, state: str, valid_until: dt.date | None, remedying: bool, open_case: str, window_days: int, today: dt.date
) -> str | None:
    """Why a base may not ask for renewal; None where it may."""
    if state != State.ACCREDITED or valid_until is None:
        return _("Only a base in force can be renewed. One that is suspended must be restored first.")
    if open_case:
        return _("A renewal is under way: %(case)s. Go on with that one.") % {"case": open_case}
    if remedying:
        return _("The yearly appraisal asks this base for remedies. Finish them first.")
    opens = valid_until - dt.timedelta(days=window_days)
    if today < opens:
        return _("Renewal can be asked for from %(opens)s on; the term ends on %(until)s.") % {"opens": opens, "until": valid_until}
    return None


@dataclass(frozen=True)
class Offered:
    """What an application says of itself, for the rules over several sections. Industries by code, years ascending."""

    main_industry: str
    industries: Collection[str]
    coverage: Sequence[tuple[str, str]]
    planned: Sequence[str]
    years: Sequence[int]
    equipment_workstations: int
    workstations: int


FieldFault = tuple[str, str, str]


def application_faults(offered: Offered, plan_industries: Mapping[str, str], first_possible_year: int) -> list[FieldFault]:
    """What is wrong across sections: (section, field, sentence). ``plan_industries`` names by code; coverage is (occupation,
    industry code), ``planned`` the occupations of the training plan."""
    return [
        *_industry_faults(offered, plan_industries),
        *_plan_faults(offered, first_possible_year),
        *_workstation_faults(offered),
    ]


def _industry_faults(offered: Offered, plan_industries: Mapping[str, str]) -> Iterator[FieldFault]:
    for code in sorted({offered.main_industry, *offered.industries} - set(plan_industries)):
        said = {"industry": code, "names": "、".join(plan_industries.values())}
        sentence = _("“%(industry)s” is no industry of this plan; its industries are %(names)s.") % said
        yield "body", "industries", sentence
    beyond = sorted({code for _occupation, code in offered.coverage} - set(offered.industries))
    if beyond:
        names = "、".join(plan_industries.get(code, code) for code in beyond)
        sentence = _("%(names)s: not ticked among the industries trained for. Tick it, or correct the rows.") % {"names": names}
        yield "occupations", "coverage", sentence


def _plan_faults(offered: Offered, first_possible_year: int) -> Iterator[FieldFault]:
    covered = {occupation for occupation, _code in offered.coverage}
    extra, idle = sorted(set(offered.planned) - covered), sorted(covered - set(offered.planned))
    if extra:
        names = {"names": "、".join(extra)}
        sentence = _("%(names)s: planned, but not among the occupations trained for. Add it there, or leave the row out.") % names
        yield "plan", "planned", sentence
    if idle:
        names = {"names": "、".join(idle)}
        yield "plan", "planned", _("%(names)s: trained for, but nothing is planned in the three years.") % names
    if offered.years and offered.years[0] < first_possible_year:
        yield "plan", "planned", _("Year: the plan begins in %(year)s at the earliest.") % {"year": first_possible_year}


def _workstation_faults(offered: Offered) -> Iterator[FieldFault]:
    if offered.equipment_workstations < offered.workstations:
        said = {"listed": offered.equipment_workstations, "said": offered.workstations}
        sentence = _("Workstations: the list of equipment gives %(listed)s, the site section says %(said)s. Correct one of them.")
        yield "equipment", "equipment", sentence % said
