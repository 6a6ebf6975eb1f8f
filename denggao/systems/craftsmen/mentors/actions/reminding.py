"""Reminding of duties that are behind: once a month, the mentor and the base."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.timezone import localdate

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line
from denggao.foundation.standards.queries import rule_value
from denggao.systems.craftsmen.mentors import policies, queries, rules, telling
from denggao.systems.craftsmen.mentors.models import MentorDuty

EVERY = dt.timedelta(days=30)


@action("craftsmen.mentor.remind", requires=policies.is_product, batch=True)
def remind_behind(*, actor: Actor, now: dt.datetime) -> int:
    """How many duties were reminded of. A second run on the same day tells nobody twice."""
    today = localdate(now)
    slack = int(rule_value(rules.SLACK, today))
    due = MentorDuty.objects.filter(Q(reminded_on=None) | Q(reminded_on__lte=today - EVERY)).select_related(
        "appointment", "place", "craftsman__person__account"
    )
    told = 0
    found = queries.behind(due, today, slack)
    known = queries.standings(found, today)
    for duty in found:
        if MentorDuty.objects.filter(pk=duty.pk, reminded_on=duty.reminded_on).update(reminded_on=today):
            now_ = queries.this_year(known[duty.pk], today)
            accounts = [*telling.mentor_of(duty), *telling.managers([duty.place_id], now)]
            telling.tell(accounts, "mentors.behind", duty, now=now, left=f"{now_.left:g}" if now_ else "")
            note([Line.about("craftsmen.mentor.remind", duty, after={"place_id": duty.place_id})])
            told += 1
    return told
