"""The part of a case's page that shows its notice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from denggao.engines.notices.policies import can_handle_objection, can_manage_notice
from denggao.engines.notices.queries import notice_of_subject
from denggao.foundation.audit.actors import Actor
from denggao.foundation.ui.words import account_names


@dataclass(frozen=True)
class Panel:
    """A template and what it is drawn with."""

    template: str
    context: dict[str, Any]


def panel_for(actor: Actor, subject_kind: str, subject_id: UUID, *, today: dt.date | None = None) -> Panel | None:
    """The newest notice a subject stands on; None where it was never on notice. Of objections the office sees the list, others
    only that there are some: an applicant is not told who handles them, nor when they came."""
    found = notice_of_subject(subject_kind, subject_id, today=today or timezone.localdate())
    if found is None:
        return None
    rows: list[dict[str, Any]] = []
    if actor.is_office:
        names = account_names({item.investigator for item in found.objections if item.investigator})
        for objection in found.objections:
            objection.notice = found.notice
            may = can_handle_objection(actor, objection)
            rows.append(
                {
                    "objection": objection,
                    "url": reverse("notices:objection", args=[objection.public_id]) if may else "",
                    "investigator": names.get(objection.investigator, objection.investigator_text),
                }
            )
    context = {"found": found, "rows": rows, "can_manage": can_manage_notice(actor, found.notice)}
    return Panel("notices/panel.html", context)
