"""Asking for a further term: it needs no call."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate

from denggao.engines.cases.actions.drafting import open_case
from denggao.engines.cases.models import Case
from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.standards.queries import rule_value
from denggao.systems.bases import policies, rules
from denggao.systems.bases.models import Base
from denggao.systems.bases.queries import open_case_of, remedying


class RenewalRefused(Refused):
    """This base can't ask for a further term now; the sentence says why, and from when it can."""


def why_not(base: Base, today: dt.date) -> str | None:
    """Why renewal can't be asked for; None where it can. Two queries and one for the rule."""
    return rules.why_not_renew(
        state=base.state,
        valid_until=base.valid_until,
        remedying=remedying(base),
        open_case=open_case_of(base.organisation, base.plan, "base_renewal"),
        window_days=int(rule_value(rules.RENEWAL_WINDOW_DAYS, today)),
        today=today,
    )


@action("bases.renewal.ask", requires=policies.manages, batch=True)
def ask_renewal(base: Base, *, actor: Actor, now: dt.datetime) -> Case:
    """Open the application for a further term; it is then written and submitted like any other. Raises RenewalRefused, and
    CaseRefused where one is being written already."""
    if refused := why_not(base, localdate(now)):
        raise RenewalRefused(refused)
    return open_case(
        None, procedure="base_renewal", plan=base.plan, body=base.organisation, about_id=base.public_id, actor=actor, now=now
    )
