"""The completeness check, sending back for correction, and rejecting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from denggao.engines.cases import clock, policies
from denggao.engines.cases.actions.walking import arrive, called_off, end, hold
from denggao.engines.cases.models import Case, CheckResult, Correction, Snapshot, StepKind
from denggao.engines.cases.moves import Move, given_reason, move, must_allow, undone_whole
from denggao.engines.cases.persons import must_be_second, must_not_be_own
from denggao.engines.cases.procedures import Audience, Stage, StageKind
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.states import Act, State
from denggao.engines.cases.telling import day, tell_applicant
from denggao.foundation.audit.actions import NotAllowed, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.standards.queries import rule_value
from denggao.foundation.ui.words import listed

_LOOKED_AT = (StageKind.CHECK, StageKind.REVIEW)


@dataclass(frozen=True)
class FieldRemark:
    """What is wrong with one field, for the applicant to read. ``field`` empty: with the section as a whole."""

    section: str
    field: str
    remark: str


@action("cases.check.record", requires=policies.can_check)
@undone_whole
def record_check(case: Case, *, item: str, ok: bool, remark: str = "", actor: Actor, now: dt.datetime) -> CheckResult:
    """Note whether one line of the check is well. The latest word holds; each is in the audit.

    Raises StageMoved, TwoPersons for the applicant's side, CaseRefused for an unknown line or "not well" without a remark.
    """
    must_allow(case, Act.CHECK)
    policies.must_work_on(actor, case, "cases.check.record")
    must_not_be_own(case, actor)
    if item not in {each.code for each in case.declared.system.checklist(case)}:
        raise CaseRefused(_("This check has no such line."))
    remark = remark.strip()[:500]
    if not ok and not remark:
        raise CaseRefused(_("Remark: say what is missing. The applicant reads it."))
    result, _created = CheckResult.objects.update_or_create(
        case=case,
        snapshot=latest_snapshot(case),
        item=item,
        defaults={"ok": ok, "remark": remark, "by": actor.id, "by_text": actor.text[:120], "at": now},
    )
    return result


@action("cases.check.pass", requires=policies.can_check)
@undone_whole
def pass_check(case: Case, *, remark: str = "", seen: int | None = None, actor: Actor, now: dt.datetime) -> Case:
    """The application is complete: it goes on. Raises StageMoved, TwoPersons for the applicant's side, CaseRefused while a line
    of the check is open or not well."""
    must_allow(case, Act.PASS, seen=seen)
    policies.must_work_on(actor, case, "cases.check.pass")
    must_not_be_own(case, actor)
    _must_be_checked(case)
    following = case.declared.after(case.stage)
    facts = {"snapshot": latest_snapshot(case)}
    given = Move(StepKind.PASSED, following, reason=remark.strip()[:2000], shown_to=Audience.APPLICANT, facts=facts)
    move(case, given, actor=actor, now=now)
    arrive(case, actor=actor, now=now)
    return case


def _must_be_checked(case: Case) -> None:
    found = dict(case.check_results.filter(snapshot=latest_snapshot(case)).values_list("item", "ok"))
    checklist = case.declared.system.checklist(case)
    open_lines = [str(item.label) for item in checklist if item.code not in found]
    if open_lines:
        raise CaseRefused(_("Not yet checked: %(lines)s.") % {"lines": listed(open_lines)})
    faulty = [str(item.label) for item in checklist if not found[item.code]]
    if faulty:
        raise CaseRefused(_("Not well: %(lines)s. Send the application back for correction.") % {"lines": listed(faulty)})


@action("cases.case.return", requires=policies.can_send_back)
@undone_whole
def return_case(
    case: Case,
    *,
    reason: str,
    fields: Sequence[FieldRemark] = (),
    days: int | None = None,
    back_to: str = "",
    seen: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Case:
    """Send an application back to its applicant, naming what to correct and within how many working days (the rule's default
    unless told). The stage's clock stands still meanwhile; what was asked of experts, readers of a notice or signers is called
    off, signatures given are void. ``back_to`` is the check or review it goes on at afterwards, unless told the first check; where
    somebody agreed to it, it is agreed to anew first.

    Raises StageMoved, TwoPersons for the applicant's side, CaseRefused without a reason or for fields the form does not have.
    """
    must_allow(case, Act.RETURN, seen=seen)
    policies.must_work_on(actor, case, "cases.case.return", roles=policies.SENDERS_BACK)
    must_not_be_own(case, actor)
    reason = given_reason(reason)
    remarks = _remarks(case, fields)
    resumes = _resumes_at(case, back_to)
    left = case.at
    hold(case)
    send_back(case, StepKind.RETURNED, reason=reason, remarks=remarks, resumes=resumes, days=days, actor=actor, now=now)
    called_off(case, left, reason=reason, actor=actor, now=now)
    return case


def send_back(
    case: Case,
    kind: StepKind,
    *,
    reason: str,
    remarks: list[dict[str, str]],
    resumes: Stage,
    days: int | None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """The step that gives a case back to its applicant, and what is to be corrected."""
    today = clock.today(now)
    days = days if days is not None else int(rule_value("cases.correction_days", today))
    if not 1 <= days <= 250:
        raise CaseRefused(_("Working days: enter 1 to 250."))
    due = clock.due_on(today, days)
    facts = {"snapshot": latest_snapshot(case), "days": days, "fields": remarks}
    given = Move(kind, None, State.RETURNED, reason=reason, shown_to=Audience.APPLICANT, facts=facts, also={"due_on": due})
    step = move(case, given, actor=actor, now=now)
    Correction.objects.create(
        case=case,
        step=step,
        snapshot=latest_snapshot(case),
        fields=remarks,
        resumes_at=resumes.code,
        due_on=due,
        opened_at=now,
    )
    tell_applicant(case, "cases.returned", actor=actor, now=now, due=day(due))


def _remarks(case: Case, fields: Sequence[FieldRemark]) -> list[dict[str, str]]:
    form = case.declared.forms[case.form_version]
    for each in fields:
        try:
            known = form.section(each.section).fields()
        except KeyError:
            raise CaseRefused(_("This form has no such section.")) from None
        if each.field and each.field not in known:
            raise CaseRefused(_("This section has no such field."))
        if not each.remark.strip():
            raise CaseRefused(_("Remark: say of each field named what is to be corrected."))
    return [{**asdict(each), "remark": each.remark.strip()[:500]} for each in fields]


def _resumes_at(case: Case, back_to: str) -> Stage:
    declared = case.declared
    usual = declared.resumes_at(case.stage)
    if not back_to or usual.kind == StageKind.CONSENT:
        return usual
    try:
        # What was changed is looked at by somebody before it is shown or signed.
        stage = declared.stage(back_to)
        if stage.kind in _LOOKED_AT and declared.position(back_to) <= declared.position(case.stage):
            return stage
    except KeyError:
        pass
    raise CaseRefused(_("Goes on at: choose the check or the review, up to the stage in which it stands."))


@action("cases.case.reject", requires=policies.can_reject)
@undone_whole
def reject_case(case: Case, *, reason: str, seen: int | None = None, actor: Actor, now: dt.datetime) -> Case:
    """End an application for a reason its applicant reads: in the check by whoever checks, later by an approver who did not
    check it. Where the stage is a decision, ``decide_case`` is the way.

    Raises StageMoved, TwoPersons, CaseRefused without a reason.
    """
    must_allow(case, Act.REJECT, seen=seen)
    _may_reject(case, actor)
    left = case.at
    hold(case)
    given = Move(StepKind.REJECTED, None, State.REJECTED, reason=given_reason(reason), shown_to=Audience.APPLICANT)
    move(case, given, actor=actor, now=now)
    called_off(case, left, reason=case.steps.get(number=case.lock).reason, actor=actor, now=now)
    end(case, left, actor=actor, now=now)
    return case


def _may_reject(case: Case, actor: Actor) -> None:
    """Raises NotAllowed, TwoPersons."""
    if case.stage_kind == StageKind.CHECK:
        policies.must_work_on(actor, case, "cases.case.reject")
        must_not_be_own(case, actor)
        return
    if not actor.has(*policies.REJECTORS):
        raise NotAllowed("cases.case.reject")
    must_be_second(case, actor)


def latest_snapshot(case: Case) -> int:
    return Snapshot.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
