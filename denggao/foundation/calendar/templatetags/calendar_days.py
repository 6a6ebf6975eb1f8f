"""How days and holidays are written."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


@register.simple_tag
def weekdays() -> list[tuple[str, str]]:
    """The heads of a month's table, from Monday: short, and whole."""
    if _chinese():
        return [(day, f"星期{day}") for day in "一二三四五六日"]
    return [
        ("M", "Monday"),
        ("T", "Tuesday"),
        ("W", "Wednesday"),
        ("T", "Thursday"),
        ("F", "Friday"),
        ("S", "Saturday"),
        ("S", "Sunday"),
    ]


@register.filter
def holiday_name(note: str) -> str:
    """A holiday as the document names it; in English where it is one of the known ones."""
    return {
        "元旦": _("New Year"),
        "春节": _("Spring Festival"),
        "清明节": _("Tomb-Sweeping Day"),
        "劳动节": _("Labour Day"),
        "端午节": _("Dragon Boat Festival"),
        "中秋节": _("Mid-Autumn Festival"),
        "国庆节": _("National Day"),
    }.get(note, note)
