"""Entering the State Council's arrangement of a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.calendar import hooks
from denggao.foundation.calendar.models import CalendarDay, CalendarYear
from denggao.foundation.calendar.policies import can_enter_year
from denggao.foundation.calendar.rules import DayGiven, check_arrangement


class ArrangementRefused(Refused):
    """What was given is no year's arrangement. ``faults`` are sentences."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


@action("calendar.year.enter", requires=can_enter_year, batch=True)
def enter_year(
    year: int, days: Sequence[DayGiven], document: str, document_on: dt.date | None, *, actor: Actor, now: dt.datetime
) -> CalendarYear:
    """Enter, or enter anew, which days of a year are off and which are made up. What was known before stays in the audit.

    ``document`` is the State Council's notice with its number. Raises ArrangementRefused. Fires ``calendar_changed``.
    """
    document = " ".join(document.split())
    faults = check_arrangement(year, days) + _faults_of_document(document, document_on, today=localdate(now))
    if faults:
        raise ArrangementRefused(faults)
    kept = CalendarYear.objects.select_for_update().filter(year=year).first()
    before = _told(kept) if kept is not None else None
    if kept is None:
        kept = CalendarYear(year=year)
    kept.source, kept.document, kept.document_on = CalendarYear.Source.OFFICE, document[:200], document_on
    kept.entered_by, kept.entered_by_text, kept.entered_at = actor.id, actor.text[:120], now
    kept.save()
    kept.days.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(year=kept, day=given.day, is_working=given.is_working, note=given.note[:60]) for given in days
    )
    note([Line.about("calendar.year.enter", kept, before=before, after=_told(kept))])
    hooks.calendar_changed({year}, actor=actor, now=now)
    return kept


def _faults_of_document(document: str, document_on: dt.date | None, *, today: dt.date) -> list[str]:
    faults = []
    if not document:
        faults.append(_("Document: name the State Council’s notice and its number."))
    if document_on is None:
        faults.append(_("Day of the document: it is missing."))
    elif document_on > today:
        faults.append(_("Day of the document: it lies in the future."))
    return faults


def _told(year: CalendarYear) -> dict[str, object]:
    days = [f"{item.day} {'+' if item.is_working else '-'} {item.note}".strip() for item in year.days.order_by("day")]
    return {**snapshot(year), "days": days}
