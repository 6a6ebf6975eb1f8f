"""Bringing deadlines to mind: by the day, and by a teacher's or HR's own word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.standards.queries import rule_value
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.learning.telling import tell_due, tell_learners

RULE = "learning.remind_before_days"


@action("learning.enrolment.remind_due", requires=policies.is_product, batch=True)
def remind_due(*, actor: Actor, now: dt.datetime) -> int:
    """Remind who is due within the rule's days, once; and once when the day has passed. A second run tells nobody twice."""
    today = timezone.localdate(now)
    until = today + dt.timedelta(days=int(rule_value(RULE, today)))
    learning = Enrolment.objects.filter(state=Enrolment.State.ENROLLED, due_on__isnull=False, run__state=Run.State.OPEN)
    never = Q(reminded_on=None, due_on__lte=until)
    passed = Q(reminded_on__lte=F("due_on"), due_on__lt=today)
    told = 0
    for one in learning.filter(never | passed).select_related("run__course", "person__account").order_by("pk").iterator():
        if Enrolment.objects.filter(pk=one.pk, reminded_on=one.reminded_on).update(reminded_on=today):
            tell_due(one, overdue=one.due_on is not None and one.due_on < today, now=now)
            note([Line.about("learning.enrolment.remind_due", one, after={"due_on": str(one.due_on)})])
            told += 1
    return told


@action("learning.enrolment.remind", requires=policies.can_remind, batch=True)
def remind(subject: Run | Organisation, enrolments: Sequence[Enrolment], text: str, *, actor: Actor, now: dt.datetime) -> int:
    """Remind learners of a class, or people of one's own, in one's own words; how many were told. Raises LearningRefused where
    somebody is none of them."""
    text = " ".join(text.split())[:300]
    for one in enrolments:
        own = one.run_id == subject.pk if isinstance(subject, Run) else one.employer_id == subject.pk
        if not own:
            raise LearningRefused(_("Somebody chosen is none of yours to remind."))
    told = 0
    for run_id in sorted({one.run_id for one in enrolments}):
        some = [one for one in enrolments if one.run_id == run_id and one.state == Enrolment.State.ENROLLED]
        if some:
            told += tell_learners(some, "learning.remind", some[0].run, now=now, text=text)
            note([Line.about("learning.enrolment.remind", one, after={"text": text}) for one in some])
    return told
