"""Words and signs for where a case stands, the same on every page."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.states import State
from denggao.foundation.calendar.queries import Arrangement, YearUnknown
from denggao.foundation.ui.templatetags.dg import day

_STAGE_SIGNS: dict[str, tuple[str, str]] = {
    StageKind.DRAFT: ("draft", "pencil"),
    StageKind.CONSENT: ("lake", "user-check"),
    StageKind.CHECK: ("amber", "list-check"),
    StageKind.REVIEW: ("lake", "scale"),
    StageKind.RANK: ("amber", "list-details"),
    StageKind.MEETING: ("amber", "users-group"),
    StageKind.NOTICE: ("lake", "speakerphone"),
    StageKind.COSIGN: ("lake", "pencil"),
    StageKind.DECIDE: ("amber", "clock"),
    StageKind.AWARD: ("gold", "award"),
}
_STATE_SIGNS: dict[str, tuple[str, str]] = {
    State.RETURNED: ("amber", "arrow-back-up"),
    State.WITHDRAWN: ("withdrawn", "arrow-back-up"),
    State.REJECTED: ("crimson", "ban"),
    State.ENDED: ("crimson", "ban"),
    State.AWARDED: ("jade", "award"),
}


def state_tone(case: Case) -> tuple[str, str]:
    """The chip's tone and icon."""
    return _STATE_SIGNS.get(case.state) or _STAGE_SIGNS.get(case.stage_kind, ("", "circle"))


def until(case: Case) -> str:
    return _("until %(day)s") % {"day": day(case.due_on)} if case.due_on else ""


def days_left(due_on: dt.date | None, today: dt.date, known: Arrangement) -> tuple[str, str]:
    """In working days, with the tone: overdue, two days or less, or plain. Empty where there is no limit, or where the
    calendar on the way isn't known."""
    if due_on is None:
        return "", ""
    if due_on == today:
        return _("today, until 24:00"), "t-amber"
    try:
        left = known.between(today, due_on)
    except YearUnknown:
        return (_("overdue"), "t-crimson") if due_on < today else ("", "")
    if due_on < today:
        late = max(-left, 1)
        return ngettext("overdue by %(days)s working day", "overdue by %(days)s working days", late) % {"days": late}, "t-crimson"
    words = ngettext("%(days)s working day left", "%(days)s working days left", left) % {"days": left}
    return words, "t-amber" if left <= 2 else ""


def since(case: Case, now: dt.datetime) -> str:
    days = (timezone.localdate(now) - timezone.localdate(case.waits_since)).days
    return _("since today") if days <= 0 else ngettext("since yesterday", "for %(days)s days", days) % {"days": days}
