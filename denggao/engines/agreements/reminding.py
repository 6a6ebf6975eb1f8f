"""Reminding signatories of what waits for their body: once shortly before the day, and once when it has passed."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q
from django.utils import timezone

from denggao.engines.agreements.models import Signer, SigningRequest
from denggao.engines.agreements.telling import tell_due
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.audit.records import Line
from denggao.foundation.calendar.queries import nth_working_day
from denggao.foundation.standards.queries import rule_value

RULE = "agreements.remind_before_days"


def _is_product(actor: Actor, _subject: object = None) -> bool:
    return actor.kind in {ActorKind.SYSTEM, ActorKind.OPERATOR}


@action("agreements.remind", requires=_is_product, batch=True)
def remind_signers(*, actor: Actor, now: dt.datetime) -> int:
    """Remind the bodies that have not signed what is due within the rule's working days, or was; how many. A second run on
    the same day tells nobody twice."""
    today = timezone.localdate(now)
    days = int(rule_value(RULE, today))
    until = nth_working_day(today + dt.timedelta(days=1), days) or today + dt.timedelta(days=days)
    waiting = Signer.objects.filter(state=Signer.State.WAITING, request__state=SigningRequest.State.OPEN)
    never = Q(reminded_on=None, request__due_on__lte=until)
    passed = Q(reminded_on__lte=F("request__due_on"), request__due_on__lt=today)
    told = 0
    for signer in waiting.filter(never | passed).select_related("request", "organisation").order_by("pk"):
        seen = Signer.objects.filter(pk=signer.pk, state=Signer.State.WAITING, reminded_on=signer.reminded_on)
        if seen.update(reminded_on=today):
            tell_due(signer.request, signer.organisation, now=now)
            note([Line.about("agreements.remind", signer.request, after={"body_name": signer.organisation.name_zh})])
            told += 1
    return told
