"""Reads that span tables: whose turn it is, the worklist, the stepper, the timeline, what an actor can do and why not."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.cases import clock, policies, procedures
from denggao.engines.cases.answers import Change, diff
from denggao.engines.cases.models import Case, CaseQuerySet, CheckResult, Correction, Draft, DraftVersion, Round, Snapshot, Step
from denggao.engines.cases.moves import stage_name
from denggao.engines.cases.persons import has_checked, is_own
from denggao.engines.cases.procedures import Audience, CheckItem, Stage, StageKind
from denggao.engines.cases.stages import Progress, work_of
from denggao.engines.cases.states import STANDING, Act, State, WaitsFor, can
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import OFFICE_ROLES, Actor, Grant, Role, account
from denggao.foundation.audit.readied import readied
from denggao.foundation.organisations.models import Membership
from denggao.foundation.ui.words import listed

# Whose turn it is


@dataclass(frozen=True)
class Waiting:
    """Whose turn it is and since when. ``text`` says it in words (``3 of 5 experts``); ``due_on`` is the day by which, None
    without a limit or where the calendar is not known (``open_end``)."""

    whom: WaitsFor
    text: str
    since: dt.datetime
    due_on: dt.date | None = None
    overdue: bool = False
    escalated: bool = False
    open_end: bool = False
    done: int = 0
    total: int = 0


def waiting(cases: Sequence[Case], *, today: dt.date) -> dict[int, Waiting]:
    """By primary key. A fixed number of queries for each kind of stage among the cases, however many cases."""
    by_kind: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.state == State.OPEN:
            by_kind[case.stage_kind].append(case)
    progress: dict[uuid.UUID, Progress] = {}
    for kind, found in by_kind.items():
        work = work_of(kind)
        if work is not None:
            progress.update(work.progress(found))
    return {case.pk: waiting_of(case, progress.get(case.public_id), today=today) for case in cases}


def waiting_of(case: Case, progress: Progress | None, *, today: dt.date) -> Waiting:
    """Of one case, where it is known how far the engine below is. No query."""
    whom = WaitsFor(case.waits_for)
    found = progress or Progress()
    due = found.until if whom == WaitsFor.NOTICE and found.until else case.due_on
    return Waiting(
        whom=whom,
        text=_("the body that deals with it") if whom == WaitsFor.OFFICE and _by_a_body(case) else _in_words(whom, found),
        since=case.waits_since,
        due_on=due,
        overdue=case.is_standing and due is not None and due < today,
        escalated=case.escalated_at is not None,
        open_end=found.open_end or (case.state == State.OPEN and case.clock_days is not None and case.due_on is None),
        done=found.done,
        total=found.total,
    )


def _by_a_body(case: Case) -> bool:
    """Whether the stage is worked on in a body, and nobody of the office has a part in it."""
    try:
        workers = case.at.workers
    except KeyError:
        return False
    return bool(workers) and not workers & OFFICE_ROLES


def _in_words(whom: WaitsFor, found: Progress) -> str:
    if whom == WaitsFor.CONSENT and found.total:
        return _("%(open)s of %(total)s who must agree") % {"open": found.total - found.done, "total": found.total}
    if whom == WaitsFor.EXPERTS and found.total:
        return _("%(open)s of %(total)s experts") % {"open": found.total - found.done, "total": found.total}
    if whom == WaitsFor.SIGNERS and found.total:
        count = found.total - found.done
        text = ngettext("%(count)s authority that has not signed", "%(count)s authorities that have not signed", count)
        return text % {"count": count}
    if whom == WaitsFor.NOTICE and found.until:
        return _("the end of the public notice on %(day)s") % {"day": found.until.isoformat()}
    if whom == WaitsFor.NOTICE and found.open_end:
        return _("the end of the public notice, fixed when the arrangement for that year is entered")
    return str(whom.label)


# The worklist

TABS = ("mine", "bodies", "all")


def tab_of(actor: Actor, tab: str) -> CaseQuerySet:
    """``mine``: whose turn it is the actor's. ``bodies``: the actor's own applications and those of its bodies. ``all``:
    everything the actor sees."""
    if tab == "mine":
        return policies.visible_cases(actor).filter(policies.cases_to_work_on(actor))
    return policies.own_cases(actor) if tab == "bodies" else policies.visible_cases(actor)


@dataclass(frozen=True)
class Counts:
    mine: int
    bodies: int
    all: int
    overdue: int


def counts(actor: Actor, *, today: dt.date) -> Counts:
    """Of the worklist's tabs, and of what is overdue in all of them. Three queries."""
    overdue = Count("pk", filter=Q(due_on__lt=today, state__in=STANDING))
    found = policies.visible_cases(actor).order_by().aggregate(all=Count("pk"), overdue=overdue)
    return Counts(tab_of(actor, "mine").count(), policies.own_cases(actor).count(), found["all"], found["overdue"])


def count_mine(actor: Actor) -> int:
    return tab_of(actor, "mine").count()


@dataclass(frozen=True)
class CaseRow:
    """A case in a list. ``stage`` is called as the actor knows it; ``assignee`` is an account's public id, or empty."""

    case: Case
    applicant: str
    procedure: str
    stage: str
    state: str
    waiting: Waiting
    assignee: str


def rows(cases: Iterable[Case], *, actor: Actor, today: dt.date) -> list[CaseRow]:
    """Rows of one page of ``Case.objects.with_labels()``, in their order."""
    page = list(cases)
    waits = waiting(page, today=today)
    return [_row(case, waits[case.pk], actor) for case in page]


def _row(case: Case, waits: Waiting, actor: Actor) -> CaseRow:
    audience = policies.audience_of(actor, case)
    return CaseRow(
        case, case.applicant_name, procedure_name(case.procedure, case.version), stage_name(case, audience),
        str(case.get_state_display()), waits, case.assignee,
    )  # fmt: skip


def procedure_name(code: str, version: int | None = None) -> str:
    """Its code where it is not registered (any more)."""
    try:
        found = procedures.procedure(code, version) if version is not None else procedures.latest(code)
    except KeyError:
        return code
    return str(found.name)


# One case


@dataclass(frozen=True)
class StepperItem:
    """A stage on the way. ``state``: ``done``, ``now``, ``ahead``, or ``stopped`` where the case ended in it. ``at`` is the day
    it was left, or entered where the case stands in it."""

    code: str
    kind: StageKind
    name: str
    state: str
    at: dt.datetime | None = None


def stepper(case: Case, audience: Audience, steps: Sequence[Step] | None = None) -> list[StepperItem]:
    """All stages of the case's procedure, in order. One query unless the steps are given."""
    try:
        declared = case.declared
    except KeyError:
        return []
    taken = list(Step.objects.filter(case=case)) if steps is None else steps
    left = {step.stage_from: step.at for step in taken if step.stage_from and step.stage_from != step.stage_to}
    at = declared.position(case.stage)
    return [_stepper_item(case, stage, position - at, left, audience) for position, stage in enumerate(declared.stages)]


def _stepper_item(case: Case, stage: Stage, ahead: int, left: dict[str, dt.datetime], audience: Audience) -> StepperItem:
    if ahead < 0:
        return StepperItem(stage.code, stage.kind, stage.names.of(audience), "done", left.get(stage.code))
    if ahead > 0:
        return StepperItem(stage.code, stage.kind, stage.names.of(audience), "ahead")
    state = "now" if case.is_standing else "done" if case.state == State.AWARDED else "stopped"
    return StepperItem(stage.code, stage.kind, stage.names.of(audience), state, case.ended_at or case.stage_since)


@dataclass(frozen=True)
class TimelineItem:
    """A step as its reader sees it. ``who`` is the actor's id and text: the page says a name where it may."""

    step: Step
    what: str
    stage: str
    at: dt.datetime
    actor_id: str
    actor_text: str
    reason: str


def timeline(actor: Actor, case: Case) -> list[TimelineItem]:
    """The steps the actor may see, newest first. One query."""
    audience = policies.audience_of(actor, case)
    return [_timeline_item(case, step, audience) for step in policies.visible_steps(actor, case).order_by("-number")]


def _timeline_item(case: Case, step: Step, audience: Audience) -> TimelineItem:
    try:
        stage = case.declared.stage(step.stage_to).names.of(audience)
    except KeyError:
        stage = step.stage_to
    # The applicant learns what the office did, not which of its people.
    named = audience == Audience.OFFICE
    return TimelineItem(
        step, str(step.get_kind_display()), stage, step.at, step.actor_id if named else "", step.actor_text if named else "",
        step.reason,
    )  # fmt: skip


@dataclass(frozen=True)
class CheckLine:
    item: CheckItem
    result: CheckResult | None


def checklist(case: Case) -> list[CheckLine]:
    """The lines of the completeness check with what was recorded of the latest snapshot. Two queries, and the system's own."""
    latest = Snapshot.objects.filter(case=case).order_by("-number").values("number")[:1]
    found = {each.item: each for each in CheckResult.objects.filter(case=case, snapshot=latest)}
    return [CheckLine(item, found.get(item.code)) for item in case.declared.system.checklist(case)]


def latest_snapshot(case: Case) -> Snapshot | None:
    return Snapshot.objects.filter(case=case).order_by("-number").first()


def open_correction(case: Case) -> Correction | None:
    return Correction.objects.filter(case=case, closed_at__isnull=True).select_related("step").first()


def changes(case: Case, before: int, after: int) -> list[Change]:
    """What differs between two submissions of a case. One query."""
    found = {each.number: each.answers or {} for each in Snapshot.objects.filter(case=case, number__in=[before, after])}
    return diff(found.get(before, {}), found.get(after, {}))


def drafts_of(case: Case) -> dict[str, Draft]:
    """By section; a section nobody wrote in has none."""
    return {each.section: each for each in Draft.objects.filter(case=case)}


def open_conflicts(case: Case) -> list[DraftVersion]:
    """Texts kept aside that nobody has chosen about yet, oldest first."""
    found = DraftVersion.objects.filter(draft__case=case, outcome="conflict", settled_at__isnull=True)
    return list(found.select_related("draft").order_by("saved_at", "pk"))


@readied(int)
def steps_of(case_id: int) -> QuerySet[Step]:
    return Step.objects.filter(case_id=case_id).order_by("number")


@readied(int)
def snapshots_of(case_id: int) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(case_id=case_id).order_by("number")


@readied(int, int)
def results_of(case_id: int, snapshot: int) -> QuerySet[CheckResult]:
    return CheckResult.objects.filter(case_id=case_id, snapshot=snapshot)


# What an actor can do, and why not


@dataclass(frozen=True)
class Offer:
    """Something that could be done to a case. Where it can't be by this actor now, ``reason`` says why, in a sentence;
    ``available_on`` from which day, where that is known."""

    act: Act
    label: str
    allowed: bool
    reason: str = ""
    available_on: dt.date | None = None


_LABELS: dict[Act, Any] = {
    Act.SUBMIT: lambda: _("Submit"),
    Act.RESUBMIT: lambda: _("Submit again"),
    Act.WITHDRAW: lambda: _("Withdraw"),
    Act.PASS: lambda: _("Pass the check"),
    Act.RETURN: lambda: _("Send back for correction"),
    Act.REJECT: lambda: _("Reject"),
    Act.DECIDE: lambda: _("Decide"),
    Act.REASSIGN: lambda: _("Hand to a colleague"),
    Act.ASK_AGAIN: lambda: _("Ask for the signatures again"),
}


@dataclass
class Standing:
    """How an actor stands to a case, asked once. Up to four queries, two where the case's steps are given."""

    actor: Actor
    case: Case
    steps: Sequence[Step] | None = None
    writes: bool = field(init=False)
    works: bool = field(init=False)
    own: bool = field(init=False)
    checked: bool = field(init=False)

    def __post_init__(self) -> None:
        self.writes = policies.can_write(self.actor, self.case)
        self.works = policies.can_work_on(self.actor, self.case)
        office = self.works or self.actor.is_office or self.actor.is_operator
        self.own = office and is_own(self.case, self.actor, self.steps)
        self.checked = office and has_checked(self.case, self.actor, self.steps)


def offers(case: Case, *, actor: Actor, now: dt.datetime, steps: Sequence[Step] | None = None) -> list[Offer]:
    """What this actor's side could do with the case, in the order of the page: first what the stage asks for. What the actor's
    role never does is left out; what it can't do now is there with its reason."""
    standing = Standing(actor, case, steps)
    found = [_offer(act, case, standing, now) for act in _LABELS]
    return [offer for offer in found if offer is not None]


def _offer(act: Act, case: Case, standing: Standing, now: dt.datetime) -> Offer | None:
    if not can(act, case.state, case.stage_kind) or not _is_ones(act, case, standing):
        return None
    reason = why_not(act, case, standing, now)
    return Offer(act, str(_LABELS[act]()), allowed=not reason, reason=reason)


def _is_ones(act: Act, case: Case, standing: Standing) -> bool:
    actor = standing.actor
    if act in {Act.SUBMIT, Act.RESUBMIT, Act.WITHDRAW}:
        return standing.writes
    if act == Act.RETURN:
        return standing.works or (policies.can_send_back(actor, case) and actor.has(*policies.SENDERS_BACK))
    if act == Act.REJECT:
        checks = case.stage_kind == StageKind.CHECK
        return standing.works if checks else policies.can_reject(actor, case) and actor.has(*policies.REJECTORS)
    if act == Act.REASSIGN:
        return policies.can_hand_over(actor, case)
    if act == Act.ASK_AGAIN:
        return standing.works and case.waits_for == WaitsFor.OFFICE
    return standing.works


def why_not(act: Act, case: Case, standing: Standing, now: dt.datetime) -> str:
    """Why this act, which the stage would allow, can't be done by this actor now; empty where it can."""
    if act == Act.SUBMIT:
        return _why_not_submit(case, now)
    if act in {Act.RESUBMIT, Act.WITHDRAW, Act.REASSIGN}:
        return ""
    if standing.own:
        return _("You wrote or submitted this application, or act for its applicant: someone else must deal with it.")
    second = act == Act.DECIDE or (act == Act.REJECT and case.stage_kind != StageKind.CHECK)
    if second and standing.checked:
        return _("You checked this application: a second person must decide on it.")
    return _why_not_pass(case) if act == Act.PASS else ""


def _why_not_submit(case: Case, now: dt.datetime) -> str:
    from denggao.engines.cases.actions.rounds import takes_applications

    return (takes_applications(case.round, now) or "") if case.round is not None else ""


def _why_not_pass(case: Case) -> str:
    lines = checklist(case)
    waits = [str(line.item.label) for line in lines if line.result is None]
    if waits:
        return _("Not yet checked: %(lines)s.") % {"lines": listed(waits)}
    faulty = [str(line.item.label) for line in lines if line.result is not None and not line.result.ok]
    return _("Not well: %(lines)s. Send the application back for correction.") % {"lines": listed(faulty)} if faulty else ""


def colleagues(case: Case, *, on: dt.date) -> list[User]:
    """Accounts of the office whose roles work on the case's stage on a day and which nothing bars from it. Two queries, and
    one for each conflict looked for."""
    stage = case.at
    held: dict[int, set[Role]] = defaultdict(set)
    memberships = Membership.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on), organisation__isnull=True, from_on__lte=on, role__in=stage.workers
    ).select_related("account")
    accounts: dict[int, User] = {}
    for each in memberships:
        held[each.account_id].add(Role(each.role))
        accounts[each.account_id] = each.account
    fitting = []
    for pk, user in sorted(accounts.items()):
        actor = account(user, [Grant(role) for role in held[pk]])
        barred = is_own(case, actor) or (stage.kind == StageKind.DECIDE and has_checked(case, actor))
        if user.is_active and not barred and policies.can_work_on(actor, case):
            fitting.append(user)
    return fitting


# Rounds


@dataclass(frozen=True)
class RoundRow:
    """A call with how many applications stand where. ``drafts`` are not submitted yet: only their number is told."""

    round: Round
    procedure: str
    drafts: int
    submitted: int
    awarded: int


def round_rows(rounds: Sequence[Round]) -> list[RoundRow]:
    """One query, however many."""
    rows = (
        Case.objects.filter(round__in=rounds)
        .order_by()
        .values_list("round_id")
        .annotate(
            being_written=Count("pk", filter=Q(stage_kind="draft", state="open")),
            handed_in=Count("pk", filter=Q(submitted_at__isnull=False)),
            made=Count("pk", filter=Q(state="awarded")),
        )
    )
    found = {round_id: counted for round_id, *counted in rows}
    return [RoundRow(each, procedure_name(each.procedure), *found.get(each.pk, (0, 0, 0))) for each in rounds]


# The start


def lost_stages() -> list[str]:
    """What stands in open cases and the program no longer knows, as ``procedure v1: stage``: the start is refused over it."""
    standing = Case.objects.standing().order_by().values_list("procedure", "version", "stage").distinct()
    return [f"{code} v{version}: {stage}" for code, version, stage in standing if not _is_known(code, version, stage)]


def _is_known(code: str, version: int, stage: str) -> bool:
    if not procedures.is_known(code, version):
        return False
    return stage in {each.code for each in procedures.procedure(code, version).stages}


def today_of(now: dt.datetime) -> dt.date:
    return clock.today(now)


def numbers_of(public_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What cases are called, by public id. One query."""
    found = Case.objects.filter(public_id__in=public_ids).values_list("public_id", "number", "title")
    return {public_id: number or title for public_id, number, title in found}
