"""Decisions about studios from given facts. Pure: no database, no clock."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from denggao.systems.craftsmen.studios.models import Evaluation, Studio, StudioAct

# Keys of ``standards.RuleValue``.
EVALUATION_MONTHS = "studios.evaluation_months"
WINDOW_DAYS = "studios.evaluation_window_days"
REENTRY_MONTHS = "studios.reentry_months"
REVIEW_SEATS = "studios.review_seats"
EXCELLENT = "studios.evaluation_excellent"
QUALIFIED = "studios.evaluation_qualified"
REMEDY_DAYS = "studios.remedy_days"

State, Kind, Grounds, Grade = Studio.State, StudioAct.Kind, StudioAct.Grounds, Evaluation.Grade

# What may be done to a studio, by its state.
POSSIBLE: Mapping[str, frozenset[str]] = {
    State.NAMED: frozenset({Kind.SUSPEND, Kind.LEAD, Kind.UNNAME}),
    State.SUSPENDED: frozenset({Kind.RESTORE, Kind.LEAD, Kind.UNNAME}),
    State.UNNAMED: frozenset(),
}
# A change of leader ends a suspension that came with the loss of the last one, and leaves any other as it is: see ``state_after``.
LEADS_TO: Mapping[str, str] = {Kind.SUSPEND: State.SUSPENDED, Kind.RESTORE: State.NAMED, Kind.UNNAME: State.UNNAMED}
# On which grounds each may be proposed.
GROUNDS: Mapping[str, tuple[str, ...]] = {
    Kind.SUSPEND: (Grounds.LEADER, Grounds.FORGED, Grounds.IDLE, Grounds.REQUEST, Grounds.OTHER),
    Kind.RESTORE: (Grounds.MENDED, Grounds.REQUEST, Grounds.OTHER),
    Kind.LEAD: (Grounds.LEADER, Grounds.REQUEST, Grounds.OTHER),
    Kind.UNNAME: (Grounds.LEADER, Grounds.EVALUATION, Grounds.FORGED, Grounds.IDLE, Grounds.REQUEST, Grounds.OTHER),
}


def state_after(kind: str, state: str, *, suspended_for: str) -> str:
    """The state an act leads to. ``suspended_for``: the grounds of the suspension that holds, empty where none does."""
    if kind == Kind.LEAD:
        return State.NAMED if suspended_for == Grounds.LEADER else state
    return LEADS_TO[kind]


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or the last one it has: 31 August and six months are 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def why_no_body(*, kind: str, takes_part: bool, craftsmen: int, plan: str) -> str | None:
    """Why a body may not apply for a studio at all; None where it may. ``craftsmen``: how many craftsmen in force under the plan
    work there and are free to lead."""
    if kind != "employer":
        return _("Studios stand in employers; this body is none.")
    if not takes_part:
        return _("This employer does not take part in “%(plan)s”. The office enters who takes part.") % {"plan": plan}
    if not craftsmen:
        return _(
            "No craftsman in force under this plan works for this employer by its roster and is free to lead a studio. Bring the"
            " roster up to date, or nominate first."
        )
    return None


def why_no_leader(
    *, in_force: bool, same_plan: bool, employed: bool, leads: str, again_from: dt.date | None, today: dt.date
) -> str | None:
    """Why a craftsman may not lead a studio of an employer; None where it may be. ``leads``: the studio in force that the craftsman
    leads; ``again_from``: from which day the same person may lead a studio of the same employer again, if one was un-named."""
    if not same_plan or not in_force:
        return _("Leading craftsman: this is no title in force under this plan.")
    if not employed:
        return _("Leading craftsman: by the roster this person does not work for the employer today. Bring the roster up to date.")
    if leads:
        return _("Leading craftsman: leads the studio “%(studio)s” already; nobody leads two.") % {"studio": leads}
    if again_from is not None and today < again_from:
        return _("Leading craftsman: led a studio of this employer that was un-named; the two may apply again from %(day)s on.") % {
            "day": again_from
        }
    return None


def grade_of(points: Decimal, *, excellent: Decimal, qualified: Decimal) -> str:
    """Each threshold included."""
    if points >= excellent:
        return Grade.EXCELLENT
    return Grade.QUALIFIED if points >= qualified else Grade.UNQUALIFIED


def why_not_evaluate(
    *, state: str, open_case: str, remedying: bool, due_on: dt.date, window_days: int, today: dt.date
) -> str | None:
    """Why a studio's evaluation can't begin; None where it can. A studio that is overdue may hand in at any time."""
    if state != State.NAMED:
        return _("Only a studio that stands is evaluated. One that is suspended is restored or un-named first.")
    if open_case:
        return _("An evaluation is under way: %(case)s. Go on with that one.") % {"case": open_case}
    if remedying:
        return _("The last evaluation asks for remedies. Finish them first.")
    opens = due_on - dt.timedelta(days=window_days)
    if today < opens:
        return _("The evaluation is due on %(due)s; it can be handed in from %(opens)s on.") % {"due": due_on, "opens": opens}
    return None


def was_reminded(reminded_on: dt.date | None, due_on: dt.date, today: dt.date) -> bool:
    """Whether a studio was told already: once before its evaluation is due, once when it is overdue."""
    return reminded_on is not None and (today <= due_on or reminded_on > due_on)
