"""Reminding experts of reviews they still owe, shortly before the day."""

from __future__ import annotations

import datetime as dt

from denggao.engines.cases import clock, policies
from denggao.engines.cases.actions.office import remind_before, remind_once
from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.engines.reviews.models import Assignment, Panel
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor


@action("cases.case.remind_experts", requires=policies.is_product, batch=True)
def remind_experts(*, actor: Actor, now: dt.datetime) -> int:
    """Remind experts who have not handed in, each once for each day named; how many were told. Four queries and those of the
    messages. Nobody with a standing conflict holds a seat, so nobody learns of a case that way."""
    today = clock.today(now)
    seats = (
        Assignment.objects.filter(state__in=Assignment.PENDING, panel__subject_kind=SUBJECT_KIND)
        .exclude(panel__state=Panel.State.CLOSED)
        .filter(panel__due_on__gte=today, panel__due_on__lte=remind_before(today), expert__person__account__is_active=True)
        .select_related("panel", "expert__person__account")
        .order_by("panel__due_on", "pk")
    )
    owed = list(seats)
    cases = {case.public_id: case for case in Case.objects.filter(public_id__in={seat.panel.subject_id for seat in owed})}
    told = 0
    for seat in owed:
        case, account = cases.get(seat.panel.subject_id), seat.expert.person.account
        if case is not None and account is not None and seat.panel.due_on is not None:
            link = f"/reviews/{seat.public_id}/"
            told += remind_once(case, account, "cases.review_due", seat.panel.due_on, now, link=link)
    return told
