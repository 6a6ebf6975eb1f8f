"""催办: the office reminds whoever a case waits for."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.cases import clock, policies
from denggao.engines.cases.models import Case, Reminder
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.stages import work_of
from denggao.engines.cases.states import WaitsFor
from denggao.engines.cases.telling import officers, tell
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.readied import readied
from denggao.foundation.standards.queries import rule_value
from denggao.foundation.ui.templatetags.dg import moment

CODE = "cases.nudged"


@action("cases.case.nudge", requires=policies.can_hand_over)
def nudge(case: Case, *, actor: Actor, now: dt.datetime) -> str:
    """Remind the accounts whose turn it is, each in the app and by mail, none twice within the rule's hours; what was done, in a
    sentence.

    Raises CaseRefused where it is nobody's turn, only the actor's own, nobody's with an account, or where all were reminded just
    before.
    """
    if case.waits_for not in _TURNS:
        raise CaseRefused(_("Nobody can be reminded: it waits for %(whom)s.") % {"whom": WaitsFor(case.waits_for).label})
    owing = {account.pk: (account, link) for account, link in _waited_for(case, now)}
    if not owing:
        raise CaseRefused(_("Nobody can be reminded: no account is known of whoever it waits for."))
    if actor.user is not None:
        owing.pop(actor.user.pk, None)
    if not owing:
        raise CaseRefused(_("It is your own turn."))
    told = [(account, link) for account, link in owing.values() if _claim(case, account, now)]
    if not told:
        last = Reminder.objects.filter(case=case, code=CODE).latest("sent_at").sent_at
        raise CaseRefused(_("Reminded already on %(at)s; the next reminder can follow %(hours)s hours later.") % {
            "at": moment(last), "hours": int(_hours(now).total_seconds() // 3600),
        })  # fmt: skip
    for account, link in told:
        tell([account], case, CODE, link=link, now=now)
    said = ngettext("%(count)s account was reminded (%(whom)s).", "%(count)s accounts were reminded (%(whom)s).", len(told))
    return said % {"count": len(told), "whom": WaitsFor(case.waits_for).label}


_TURNS = frozenset({WaitsFor.APPLICANT, WaitsFor.CONSENT, WaitsFor.OFFICE, WaitsFor.EXPERTS, WaitsFor.SIGNERS})


def _waited_for(case: Case, now: dt.datetime) -> list[tuple[User, str]]:
    """Each account with the address where it does its part."""
    if case.waits_for == WaitsFor.APPLICANT:
        return [(account, case.link) for account in policies.applicant_accounts(case, clock.today(now))]
    if case.waits_for == WaitsFor.OFFICE:
        return [(account, case.link) for account in officers(case, case.at.workers, now=now)]
    work = work_of(case.stage_kind)
    return work.waited_for(case, now=now) if work is not None else []


def _claim(case: Case, account: User, now: dt.datetime) -> bool:
    """Whether this account is to be told now. The row of the day is taken by one conditional update: two officers at once remind
    once."""
    since, today = now - _hours(now), clock.today(now)
    sent = Reminder.objects.filter(case=case, account=account, code=CODE)
    if sent.filter(sent_at__gt=since).exists():
        return False
    row, created = Reminder.objects.get_or_create(case=case, account=account, code=CODE, due_on=today, defaults={"sent_at": now})
    return created or bool(sent.filter(pk=row.pk, sent_at__lte=since).update(sent_at=now))


def _hours(now: dt.datetime) -> dt.timedelta:
    return dt.timedelta(hours=int(rule_value("cases.nudge_hours", clock.today(now))))


def last_nudge(case: Case) -> dt.datetime | None:
    return next(iter(_nudges.column(case.pk)), None)


@readied(int)
def _nudges(case_id: int) -> QuerySet[Reminder, tuple[dt.datetime]]:
    return Reminder.objects.filter(case_id=case_id, code=CODE).order_by("-sent_at").values_list("sent_at")[:1]
