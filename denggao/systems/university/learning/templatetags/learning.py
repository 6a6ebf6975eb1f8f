"""How learning pages write time."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.translation import gettext as _

from denggao.systems.university.learning.showing import minutes

register = template.Library()
register.filter("spell", minutes)


@register.filter
def weekday(day: dt.date) -> str:
    """一 · Mo."""
    return (_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su"))[day.weekday()]


@register.filter
def from_top(height: int) -> int:
    """Where a bar of this height (0–100) begins."""
    return 100 - height
