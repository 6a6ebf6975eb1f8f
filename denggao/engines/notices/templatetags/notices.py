"""How the days of a notice are written."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

register = template.Library()
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CHIPS = {
    "coming": ("draft", ""), "open": ("lake", "speakerphone"), "waiting": ("amber", ""), "passed": ("jade", ""),
    "closed_early": ("withdrawn", ""),
}  # fmt: skip


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


@register.filter
def weekday(day: dt.date) -> str:
    """周三 · Wed."""
    return f"周{'一二三四五六日'[day.weekday()]}" if _chinese() else _WEEKDAYS[day.weekday()]


@register.filter
def short_day(day: dt.date) -> str:
    """10/8 · 8 Oct."""
    return f"{day.month}/{day.day}" if _chinese() else f"{day.day} {_MONTHS[day.month - 1]}"


@register.filter
def month_day(day: dt.date) -> str:
    """10月8日 · 8 Oct."""
    return f"{day.month}月{day.day}日" if _chinese() else f"{day.day} {_MONTHS[day.month - 1]}"


@register.filter
def month_days(days: list[dt.date]) -> str:
    """10月8日、10月9日 · 8 Oct, 9 Oct."""
    return ("、" if _chinese() else ", ").join(month_day(day) for day in days)


@register.filter
def phase_label(phase: str) -> str:
    return {
        "coming": _("not yet begun"),
        "open": _("on show"),
        "waiting": _("period over, not settled"),
        "passed": pgettext("a notice, as planned", "ended"),
        "closed_early": _("ended without a result"),
    }.get(phase, phase)


@register.filter
def phase_tone(phase: str) -> str:
    return _CHIPS.get(phase, ("", ""))[0]


@register.filter
def phase_icon(phase: str) -> str:
    return _CHIPS.get(phase, ("", ""))[1]


@register.filter
def objection_tone(state: str) -> str:
    return {"open": "amber", "investigating": "lake", "upheld": "crimson", "dismissed": "jade"}.get(state, "")


@register.filter
def objection_label(state: str) -> str:
    return {
        "open": _("received"),
        "investigating": _("under investigation"),
        "upheld": _("upheld"),
        "dismissed": _("dismissed"),
    }.get(state, state)


@register.filter
def item_label(state: str) -> str:
    """What the public reads of a name that is no longer merely on show."""
    return {"dropped": _("no longer on the notice"), "upheld": _("objection upheld"), "passed": _("passed the notice")}.get(
        state, ""
    )


@register.filter
def item_tone(state: str) -> str:
    return {"dropped": "", "upheld": "crimson", "passed": "jade"}.get(state, "")
