"""Words for the numbers of policy."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def rule_label(key: str) -> str:
    """What a rule value is, for readers; its key where nobody has said."""
    return {
        "people.minimum_age": _("Least age at hiring"),
        "assessment.minimum_age": _("Least age at certification"),
        "assessment.pass_mark": _("Marks needed in each part"),
        "notice.working_days": _("How long a public notice lasts"),
        "notice.first_day_counts": _("The first day of a notice counts, if it is a working day"),
        "notice.answer_days": _("Time to answer an objection"),
    }.get(key, key)


@register.filter
def unit_label(unit: str) -> str:
    return {
        "years": _("years"),
        "points": _("points"),
        "days": _("days"),
        "working_days": _("working days"),
        "yes_no": _("(1 yes, 0 no)"),
        "hours": _("hours"),
        "yuan": _("yuan"),
    }.get(unit, unit)
