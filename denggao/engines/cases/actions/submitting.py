"""Handing an application in, handing it in again once it is corrected, and taking it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases import policies
from denggao.engines.cases.actions.rounds import takes_applications
from denggao.engines.cases.actions.walking import arrive, called_off, end, hold
from denggao.engines.cases.answers import Sections, clean, content_hash, file_ids, files_named
from denggao.engines.cases.arriving import faults_of, unfinished
from denggao.engines.cases.known import known_of
from denggao.engines.cases.models import Case, CaseCounter, Correction, Draft, DraftVersion, Snapshot, StepKind
from denggao.engines.cases.moves import Move, move, must_allow, undone_whole
from denggao.engines.cases.procedures import Audience
from denggao.engines.cases.refusals import AnswersIncomplete, CaseRefused, RoundNotOpen
from denggao.engines.cases.states import Act, State
from denggao.engines.cases.telling import stage_words, tell_applicant
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot


@action("cases.case.submit", requires=policies.can_write)
@undone_whole
def submit_case(case: Case, *, seen: int | None = None, actor: Actor, now: dt.datetime) -> Case:
    """Hand an application in: its answers are cleaned, frozen as snapshot 1 and hashed; it gets its number and moves on.

    Raises StageMoved, RoundNotOpen after the closing time, AnswersIncomplete with the faults by field, CaseRefused (the
    system's own reason; texts nobody has chosen between).
    """
    must_allow(case, Act.SUBMIT, seen=seen)
    if case.round is not None:
        if closed := takes_applications(case.round, now):
            raise RoundNotOpen(closed)
        if refused := case.declared.system.may_apply(actor, case.round, case.body or case.person):  # type: ignore[arg-type]  # one of both is there
            raise CaseRefused(str(refused))
    numbered = {"number": _next_number(case, now), "submitted_at": now}
    following = case.declared.after(case.stage)
    facts = {"snapshot": 1}
    given = Move(StepKind.SUBMITTED, following, shown_to=Audience.APPLICANT, facts=facts, also=numbered)
    move(case, given, actor=actor, now=now)
    _freeze(case, actor=actor, now=now)
    tell_applicant(case, "cases.submitted", now=now, stage=stage_words(following, "applicant"))
    arrive(case, actor=actor, now=now)
    return case


@action("cases.case.resubmit", requires=policies.can_write)
@undone_whole
def resubmit_case(case: Case, *, seen: int | None = None, actor: Actor, now: dt.datetime) -> Case:
    """Hand a corrected application in again, as the next snapshot; its clock runs on. Also after the call has closed.

    Raises StageMoved, AnswersIncomplete, CaseRefused where nothing was changed.
    """
    must_allow(case, Act.RESUBMIT, seen=seen)
    correction = case.corrections.get(closed_at__isnull=True)
    to = case.declared.stage(correction.resumes_at)
    number = correction.snapshot + 1
    given = Move(StepKind.RESUBMITTED, to, State.OPEN, shown_to=Audience.APPLICANT, facts={"snapshot": number})
    move(case, given, actor=actor, now=now)
    before = case.snapshots.get(number=correction.snapshot)
    frozen = _freeze(case, actor=actor, now=now)
    if frozen.answers == before.answers and correction.fields:
        raise CaseRefused(_("Nothing has been changed since the last submission. Correct the fields named, then submit again."))
    Correction.objects.filter(pk=correction.pk, closed_at__isnull=True).update(closed_at=now)
    tell_applicant(case, "cases.submitted", now=now, stage=stage_words(to, "applicant"))
    arrive(case, actor=actor, now=now)
    return case


@action("cases.case.withdraw", requires=policies.can_write)
@undone_whole
def withdraw_case(case: Case, *, reason: str = "", seen: int | None = None, actor: Actor, now: dt.datetime) -> Case:
    """Take an application back, at whatever stage it stands: the name drops out of a public notice, what was asked of experts
    and signers is called off. Raises StageMoved."""
    must_allow(case, Act.WITHDRAW, seen=seen)
    left = case.at
    hold(case)
    given = Move(StepKind.WITHDRAWN, None, State.WITHDRAWN, reason=reason.strip()[:2000], shown_to=Audience.PUBLIC)
    move(case, given, actor=actor, now=now)
    called_off(case, left, reason=_("The applicant withdrew."), actor=actor, now=now)
    end(case, left, actor=actor, now=now)
    return case


def _next_number(case: Case, now: dt.datetime) -> str:
    """The next number of the year. The counter's row is held until the submission is committed: no gap, no double."""
    year = localdate(now).year
    counter, _created = CaseCounter.objects.get_or_create(procedure=case.procedure, year=year)
    CaseCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    counter.refresh_from_db()
    return case.declared.number_of(year, counter.last)


def _freeze(case: Case, *, actor: Actor, now: dt.datetime) -> Snapshot:
    """The next snapshot of what was typed, once it is whole; and the system's own rows from it."""
    answers = _cleaned(case)
    form = case.declared.forms[case.form_version]
    ids = file_ids(form, answers)
    files = files_named(ids)
    if missing := set(ids) - {item["id"] for item in files}:
        raise CaseRefused(
            _("%(count)s of the files handed in can no longer be found. Hand them in again.") % {"count": len(missing)}
        )
    known = known_of(case)
    number = (case.snapshots.aggregate(last=Max("number"))["last"] or 0) + 1
    frozen = Snapshot.objects.create(
        case=case,
        number=number,
        form_version=case.form_version,
        answers=answers,
        files=files,
        known=known or None,
        content_hash=content_hash(str(case.public_id), number, case.form_version, answers, files, known),
        submitted_at=now,
        submitted_by=actor.id,
        submitted_by_text=actor.text[:120],
    )
    case.declared.system.keep_answers(case, answers, actor=actor, now=now)
    Case.objects.filter(pk=case.pk).update(title=str(case.declared.system.title(case))[:120])
    case.refresh_from_db()
    note([Line.about("cases.snapshot.freeze", frozen, after=snapshot(frozen))])
    return frozen


def _cleaned(case: Case) -> Sections:
    """Raises AnswersIncomplete, CaseRefused."""
    open_conflicts = DraftVersion.objects.filter(draft__case=case, outcome="conflict", settled_at__isnull=True)
    if open_conflicts.exists():
        raise CaseRefused(_("Two people wrote in the same field. Choose one of the two texts first."))
    drafts: dict[str, dict[str, Any]] = {each.section: each.answers or {} for each in Draft.objects.filter(case=case)}
    waits = faults_of(unfinished(case))
    answers, faults = clean(case.declared.forms[case.form_version], drafts)
    if not faults:
        faults = [(section, name, str(said)) for section, name, said in case.declared.system.submission_faults(case, answers)]
    if faults := [*waits, *faults]:
        raise AnswersIncomplete(
            _("Some answers are missing or wrong: %(count)s. They are marked.") % {"count": len(faults)}, faults
        )
    return answers
