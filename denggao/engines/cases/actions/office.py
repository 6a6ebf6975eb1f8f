"""Handing a case to a colleague, and seeing to it that none is forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from denggao.engines.cases import clock, policies
from denggao.engines.cases.models import Case, DraftVersion, Reminder, Step, StepKind
from denggao.engines.cases.moves import Move, given_reason, move, must_allow, undone_whole
from denggao.engines.cases.persons import has_checked
from denggao.engines.cases.procedures import Audience, StageKind
from denggao.engines.cases.refusals import CaseRefused, StageMoved, TwoPersons
from denggao.engines.cases.states import STANDING, Act
from denggao.engines.cases.telling import day, free_officers, stage_words, tell
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor, Role, account, system
from denggao.foundation.calendar.queries import nth_working_day, working_days_between
from denggao.foundation.organisations.queries import grants_of
from denggao.foundation.standards.queries import RuleTable

VERSIONS_KEPT = dt.timedelta(days=30)
ESCALATED_TO = frozenset({Role.REVIEWER, Role.APPROVER})


@action("cases.case.reassign", requires=policies.can_hand_over)
@undone_whole
def reassign_case(case: Case, *, to: User | None, reason: str, seen: int | None = None, actor: Actor, now: dt.datetime) -> Case:
    """Hand a case to a colleague who works on its stage; None: back to whoever has time.

    Raises StageMoved, TwoPersons where the colleague checked a case that waits for a decision, CaseRefused without a reason or
    where the colleague's roles don't work on this stage.
    """
    must_allow(case, Act.REASSIGN, seen=seen)
    reason = given_reason(reason)
    assignee = str(to.public_id) if to is not None else ""
    if assignee == case.assignee:
        raise CaseRefused(_("Colleague: the application is with this colleague already."))
    if to is not None:
        _must_fit(case, to, now)
    facts = {"from": case.assignee, "to": assignee}
    given = Move(StepKind.REASSIGNED, reason=reason, shown_to=Audience.OFFICE, facts=facts, also={"assignee": assignee})
    move(case, given, actor=actor, now=now)
    if to is not None and assignee != actor.id:
        tell([to], case, "cases.handed_over", now=now)
    return case


def _must_fit(case: Case, to: User, now: dt.datetime) -> None:
    colleague = account(to, grants_of(to, on=clock.today(now)))
    if not to.is_active or not policies.can_work_on(colleague, case):
        raise CaseRefused(_("Colleague: the roles of this account don't work on this stage, or it has a conflict of interest."))
    if case.stage_kind == StageKind.DECIDE and has_checked(case, colleague):
        raise TwoPersons(_("This colleague checked the application: a second person must decide on it."))


@action("cases.case.escalate_due", requires=policies.is_product, batch=True)
def escalate_due(*, actor: Actor, now: dt.datetime) -> int:
    """Tell the office's reviewers and approvers of cases in its hands that are overdue by the rule's working days, once for each
    stage; how many. Who has a conflict of interest is told nothing.
    Those the applicant has back are the applicant's to be reminded of."""
    today = clock.today(now)
    after = int(RuleTable("cases.escalate_after_days").value("cases.escalate_after_days", today))
    escalated = 0
    overdue = Case.objects.overdue(today).filter(state="open", escalated_at__isnull=True).exclude(stage_kind=StageKind.DRAFT)
    for case in overdue.with_labels().order_by("due_on", "pk"):
        late = working_days_between(case.due_on, today) if case.due_on else None
        if late is None or late < after:
            continue
        facts = {"due_on": day(case.due_on), "late": late}
        try:
            given = Move(StepKind.ESCALATED, shown_to=Audience.OFFICE, facts=facts, also={"escalated_at": now})
            move(case, given, actor=actor, now=now)
        except StageMoved:
            continue
        words = stage_words(case.at, "office")
        tell(free_officers(case, ESCALATED_TO, now=now), case, "cases.overdue", now=now, stage=words)
        escalated += 1
    return escalated


@action("cases.case.remind", requires=policies.is_product, batch=True)
def remind(*, actor: Actor, now: dt.datetime) -> int:
    """Remind applicants of what waits for them, shortly before its day: corrections, and drafts whose call closes. Each account
    once for each day named; returns how many were told."""
    today = clock.today(now)
    until = remind_before(today)
    due = Case.objects.filter(state__in=STANDING, waits_for="applicant", due_on__gte=today, due_on__lte=until)
    told = 0
    for case in due.with_labels().order_by("due_on", "pk"):
        code = "cases.draft_due" if case.stage_kind == StageKind.DRAFT else "cases.due_soon"
        for account_ in policies.applicant_accounts(case, today):
            told += remind_once(case, account_, code, case.due_on or today, now)
    return told


def remind_before(today: dt.date) -> dt.date:
    """What falls due up to this day is reminded of today: so many working days ahead as the rule says."""
    days = int(RuleTable("cases.remind_before_days").value("cases.remind_before_days", today))
    return nth_working_day(today + clock.ONE_DAY, days) or today + dt.timedelta(days=days)


def remind_once(case: Case, to: User, code: str, due_on: dt.date, now: dt.datetime, *, link: str = "") -> bool:
    """Whether this account was told now; False where it had been already."""
    _row, created = Reminder.objects.get_or_create(case=case, account=to, code=code, due_on=due_on, defaults={"sent_at": now})
    if created:
        tell([to], case, code, now=now, link=link, due=day(due_on))
    return created


@action("cases.draft.prune", requires=policies.is_product, batch=True)
def prune_versions(*, actor: Actor, now: dt.datetime) -> int:
    """Forget the earlier texts of drafts of cases that ended thirty days ago; how many. The draft as it stood, and what was
    submitted, stay; who wrote is in the steps and the audit."""
    ended = Case.objects.filter(ended_at__lt=now - VERSIONS_KEPT)
    gone, _rows = DraftVersion.objects.filter(draft__case__in=ended.values("pk")).delete()
    return gone


@action("cases.case.fix_deadlines", requires=policies.is_product, batch=True)
def fix_deadlines(*, actor: Actor, now: dt.datetime) -> int:
    """Once the calendar of a year is entered or changed: the days by which standing cases are due. Returns how many moved.
    What a case is due by changes no stage, and leaves no step."""
    moved = 0
    for case in Case.objects.filter(state="open", clock_from_on__isnull=False):
        due = clock.due_on(case.clock_from_on, case.clock_days) if case.clock_from_on else None
        if due != case.due_on:
            moved += Case.objects.filter(pk=case.pk, lock=case.lock).update(due_on=due)
    return moved


def last_step(case: Case) -> Step | None:
    return Step.objects.filter(case=case).order_by("-number").first()


def recount_deadlines(years: Collection[int], *, actor: Actor, now: dt.datetime) -> None:
    """Plugged into ``calendar_changed``."""
    fix_deadlines(actor=system("cases.deadlines"), now=now)
