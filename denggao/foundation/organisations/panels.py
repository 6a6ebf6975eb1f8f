"""What this room shows on a person's page: where the person works and worked, and what the person is appointed to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Appointment, EmploymentStatement
from denggao.foundation.organisations.policies import visible_appointments, visible_employments, visible_overlaps
from denggao.foundation.organisations.rules import Resolved, resolve
from denggao.foundation.people.models import Person
from denggao.foundation.people.panels import Panel


def employments_panel(actor: Actor, person: Person) -> Panel | None:
    """PRIVACY: an employer sees its own employments of the person alone."""
    found = visible_employments(actor).filter(person=person).select_related("employer", "occupation")
    employments = list(found.prefetch_related("statements"))
    if not employments:
        return None
    employments.sort(key=lambda item: item.hired_on or item.known_from, reverse=True)
    said = {item.pk: list(item.statements.all()) for item in employments}
    rows = [{"employment": item, "periods": periods(resolve(said[item.pk])) if said[item.pk] else []} for item in employments]
    overlaps = visible_overlaps(actor).filter(person=person).select_related("first__employer", "second__employer")
    return Panel(
        _("Employments"),
        "organisations/panel_employments.html",
        {"rows": rows, "overlaps": list(overlaps), "office": actor.is_office},
    )


def appointments_panel(actor: Actor, person: Person) -> Panel | None:
    rows = appointment_rows(visible_appointments(actor).filter(person=person), timezone.localdate())
    return Panel(_("Appointments"), "organisations/panel_appointments.html", {"rows": rows}) if rows else None


@dataclass(frozen=True)
class AppointmentRow:
    """``state`` is current, coming or over; ``letter_url`` is empty where the platform issued no letter."""

    appointment: Appointment
    state: str
    letter_url: str


def appointment_rows(found: QuerySet[Appointment], today: dt.date, *, ordered: bool = False) -> list[AppointmentRow]:
    """The latest first, unless they are in an order already. One query."""
    rows = found.select_related("person", "organisation")
    return [appointment_row(item, today) for item in (rows if ordered else rows.order_by("-from_on", "-pk"))]


def appointment_row(item: Appointment, today: dt.date) -> AppointmentRow:
    last = item.last_on
    state = (
        "over" if last is not None and (last < today or last < item.from_on) else "coming" if item.from_on > today else "current"
    )
    # A letter lies in a room above this one: it is linked by its address alone.
    return AppointmentRow(item, state, f"/credentials/{item.letter_id}/" if item.letter_id else "")


def periods(resolved: Resolved) -> list[dict[str, Any]]:
    """What held from when: front-line status and post, the latest first; for a timeline."""
    lines = [
        {"from_on": period.from_on or resolved.started_on, "front_line": period.value, "post": ""}
        for period in resolved.front_lines
    ]
    lines += [
        {"from_on": period.from_on or resolved.started_on, "front_line": None, "post": period.value} for period in resolved.posts
    ]
    return sorted(lines, key=lambda line: line["from_on"], reverse=True)


def statements_of(employment: Any) -> list[EmploymentStatement]:
    """What each list or form said, the latest first."""
    return list(EmploymentStatement.objects.filter(employment=employment).select_related("occupation").order_by("-as_of", "-pk"))
