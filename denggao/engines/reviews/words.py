"""How conflicts and ends of assignments read on pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denggao.engines.reviews.models import Assignment, Conflict
from denggao.foundation.ui.templatetags.dg import role_label

CONFLICT = "conflict"
"""The reason on an assignment set aside by a conflict: the conflict itself says more, to whom it may."""

STATE_TONES = {
    "asked": "amber", "accepted": "lake", "scoring": "lake", "submitted": "jade", "declined": "", "replaced": "",
    "set_aside": "crimson",
}  # fmt: skip


def conflict_text(conflict: Conflict) -> str:
    """What it rests on, in one line: body, role, person, days; or what was written."""
    detail: dict[str, Any] = conflict.detail
    body = detail.get("body") or {}
    english = (get_language() or "").startswith("en")
    name = (body.get("en") if english else "") or body.get("zh", "")
    days = _days(detail.get("from", ""), detail.get("to", ""))
    twin = _("another record with the same name and birth date or phone") if detail.get("twin") else ""
    role = role_label(detail["role"]) if detail.get("role") else ""
    return " · ".join(filter(None, [name, role, detail.get("person", ""), days, detail.get("text", ""), twin]))


def _days(first: str, last: str) -> str:
    if first and last:
        return f"{first} – {last}"
    if first:
        return _("since %(day)s") % {"day": first}
    return _("until %(day)s") % {"day": last} if last else ""


def end_text(assignment: Assignment) -> str:
    """Why an expert no longer holds the seat."""
    return _("a conflict of interest") if assignment.reason == CONFLICT else assignment.reason
