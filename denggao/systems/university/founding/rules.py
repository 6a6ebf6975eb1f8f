"""Decisions about the founding of a university from given facts. Pure: no database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.foundation.plans.registry import RuleWords
from denggao.foundation.ui.words import listed
from denggao.systems.university.models import University

FOUNDED_UNIVERSITY = "founded_university"
FOUNDED_IN_WORDS = RuleWords(
    gettext_lazy(
        "Bodies that lead an industry online university: its founding was applied for, checked and decided by two persons within"
        " the plan’s span, it had opened by then with a published programme of study, and neither was the founding withdrawn nor"
        " did the university or the school of that programme close before the plan’s end. Each body counts once."
    )
)


def counts(
    state: str,
    founded_on: dt.date,
    ended_on: dt.date | None,
    school_closed_on: dt.date | None,
    first_day: dt.date,
    last_day: dt.date,
) -> bool:
    """Whether a university counts for a plan from its first to its last day, both included. What ends after the plan takes nothing
    back from it; a founding that was withdrawn never was."""
    if not first_day <= founded_on <= last_day or state == University.State.WITHDRAWN:
        return False
    return all(day is None or day > last_day for day in (ended_on, school_closed_on))


def why_not_apply(*, is_counted: bool, named: Collection[str], is_named: bool, led: str) -> str | None:
    """Why a body may not apply for the founding; None where it may. ``is_counted``: the plan wants a university by this rule.
    ``named`` are the bodies it names as leading or implementing, ``led`` the university the body leads already."""
    if not is_counted:
        return _("This plan has no goal that counts a university.")
    if not named:
        return _("The plan names nobody who leads or implements the university. Add these parts to its plan file.")
    if not is_named:
        return _("The founding is applied for by a body that the plan names for it: %(names)s.") % {"names": listed(named)}
    if led:
        return _("This body leads “%(university)s” under this plan already.") % {"university": led}
    return None


def why_not_begin_with(*, title: str, published: bool, school_open: bool, of_the_plan: bool, taken_by: str) -> str | None:
    """Why a university can't begin with a programme; None where it can. ``taken_by`` is the university that began with it."""
    said = {"programme": title}
    if not published or not school_open:
        return _("“%(programme)s” is not in the catalogue any more. Choose a published programme.") % said
    if not of_the_plan:
        return _("“%(programme)s” is of a school outside this plan. Choose one of a school of this plan.") % said
    if taken_by:
        return _("“%(university)s” began with “%(programme)s” already. Choose another.") % {**said, "university": taken_by}
    return None
