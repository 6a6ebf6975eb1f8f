"""How learning time is written."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denggao.engines.hours.registry import rule_label

register = template.Library()


@register.filter
def duration(seconds: int | None) -> str:
    """3 小时 20 分 · 3 h 20 min; seconds under a minute, a dash for None. Whole minutes, rounded down."""
    if seconds is None:
        return "—"
    if seconds < 0:
        return f"−{duration(-seconds)}"
    if 0 < seconds < 60:
        return _("%(seconds)s s") % {"seconds": seconds}
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


@register.filter
def rule_word(code: str) -> str:
    """What an entry rests on, said in words; a reason somebody wrote stays as it is."""
    return rule_label(code)


@register.filter
def weekday(day: dt.date) -> str:
    """三 · Wed: under a bar."""
    chinese = (get_language() or "zh").startswith("zh")
    return "一二三四五六日"[day.weekday()] if chinese else ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]


@register.filter
def place(seconds: float | None) -> str:
    """12:40: a place in a film."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
