"""Learning time on a person's page."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.hours import policies
from denggao.engines.hours.models import HourEntry, Sitting
from denggao.engines.hours.showing import sums_of
from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.models import Person
from denggao.foundation.people.panels import Panel


def hours_panel(actor: Actor, person: Person) -> Panel | None:
    """None where there is nothing this actor may see."""
    entries = policies.visible(actor, HourEntry.objects.filter(person=person))
    waiting = policies.visible(actor, Sitting.objects.filter(person=person, seconds__gt=F("entered_seconds")))
    sums = sums_of(entries, waiting, today=timezone.localdate())
    if not sums.by_context:
        return None
    return Panel(_("Learning time"), "hours/panel.html", {"sums": sums, "person": person})
