"""What learners do beside watching and reading: answer a check, hand in work, come to a class; and the school's word on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions.counting import count_anew
from denggao.systems.university.learning.actions.progressing import better, hold, must_be_open, settle, touch, unit_in
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.models import (
    Attendance,
    CheckAttempt,
    Enrolment,
    PracticalSigning,
    Run,
    Submission,
    SubmissionFile,
    UnitDate,
)
from denggao.systems.university.learning.queries.steps import aim_of
from denggao.systems.university.learning.rules import marking
from denggao.systems.university.learning.telling import tell_marked, tell_signed
from denggao.systems.university.outlines import OutlineUnit

_TEXT = 20_000


def plain(text: str, most: int) -> str:
    """Text as it was typed; it is escaped where it is shown."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()[:most]


def unit_open(enrolment: Enrolment, key: UUID, kind: str, now: dt.datetime) -> OutlineUnit:
    """A unit of this kind that is open. Raises LearningRefused."""
    unit = unit_in(enrolment, key)
    if unit.kind != kind:
        raise LearningRefused(_("This can’t be done in a unit of this kind."))
    must_be_open(enrolment, unit, now)
    return unit


@action("learning.check.answer", requires=policies.can_learn, batch=True)
def answer_check(
    enrolment: Enrolment, key: UUID, answers: Mapping[str, Sequence[str]], *, actor: Actor, now: dt.datetime
) -> CheckAttempt:
    """Mark a go at a self-check; the best one counts. Raises LearningRefused where the unit is no check, or nothing was
    answered."""
    unit = unit_open(enrolment, key, "check", now)
    questions: Sequence[Mapping[str, object]] = unit.settings.get("questions") or ()
    codes = {str(question.get("code")) for question in questions}
    given = {code: [str(item)[:500] for item in items][:20] for code, items in answers.items() if code in codes and any(items)}
    if not given:
        raise LearningRefused(_("Answer at least one question."))
    held = hold(enrolment)
    marked, percent = marking.mark_check(questions, given)
    progress = touch(held, key, now)
    last = CheckAttempt.objects.filter(enrolment=held, unit_key=key).aggregate(last=Max("number"))["last"] or 0
    attempt = CheckAttempt.objects.create(
        enrolment=held,
        unit_key=key,
        number=last + 1,
        answers=given,
        results={item.code: item.right for item in marked},
        percent=percent,
        passed=percent >= aim_of(unit).percent,
        at=now,
    )
    note([Line.about("learning.check.answer", attempt, after=snapshot(attempt))])
    better(progress, Decimal(percent))
    settle(held, unit, progress, now=now)
    return attempt


@action("learning.work.hand_in", requires=policies.can_learn, batch=True)
def hand_in(
    enrolment: Enrolment, key: UUID, *, text: str, files: Sequence[StoredFile] = (), actor: Actor, now: dt.datetime
) -> Submission:
    """Hand work in to be marked. Raises LearningRefused for nothing, for what waits to be marked already, or was passed."""
    unit = unit_open(enrolment, key, "assignment", now)
    text = plain(text, _TEXT)
    if not text and not files:
        raise LearningRefused(_("Write something, or add a file: nothing was handed in."))
    if files and not unit.settings.get("files", True):
        raise LearningRefused(_("This task takes text alone, no files."))
    held = hold(enrolment)
    progress = touch(held, key, now)
    if progress.state == progress.State.DONE:
        raise LearningRefused(_("Your work was marked and passed: there is nothing to hand in again."))
    last = Submission.objects.filter(enrolment=held, unit_key=key).aggregate(last=Max("number"))["last"] or 0
    due = UnitDate.objects.filter(run_id=held.run_id, unit_key=key).values_list("due_at", flat=True).first()
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                enrolment=held,
                unit_key=key,
                number=last + 1,
                text=text,
                handed_in_at=now,
                is_late=due is not None and due < now,
            )
    except IntegrityError:
        raise LearningRefused(_("What you handed in before is not marked yet. Wait for the feedback.")) from None
    SubmissionFile.objects.bulk_create(SubmissionFile(submission=submission, file=stored) for stored in files)
    note([Line.about("learning.work.hand_in", submission, after=snapshot(submission))])
    settle(held, unit, progress, now=now)
    return submission


@action("learning.work.mark", requires=policies.can_teach)
def mark_work(submission: Submission, marks: Mapping[str, Decimal], *, feedback: str, actor: Actor, now: dt.datetime) -> Submission:
    """Give points by the rubric's lines. Raises LearningRefused where a line lacks points or has too many, or the work was marked
    by somebody else meanwhile."""
    unit = unit_in(submission.enrolment, submission.unit_key)
    rubric = marking.read_rubric(unit.settings.get("rubric") or ())
    wrong = marking.faults_of(rubric, marks)
    if wrong:
        names = ", ".join(line.title for line in rubric if line.code in wrong)
        raise LearningRefused(_("Give each line points, no more than it has: %(lines)s.") % {"lines": names})
    points = marking.total_of(rubric, marks) if rubric else marks.get("points", Decimal(0))
    kept = {code: f"{value:f}" for code, value in marks.items()}
    return _marked(submission, unit, Submission.State.MARKED, kept, points, feedback, actor, now)


@action("learning.work.return", requires=policies.can_teach)
def return_work(submission: Submission, *, feedback: str, actor: Actor, now: dt.datetime) -> Submission:
    """Send work back to be mended and handed in again. Raises LearningRefused without words, or where it was marked meanwhile."""
    if not feedback.strip():
        raise LearningRefused(_("Feedback: say what is to be mended."))
    unit = unit_in(submission.enrolment, submission.unit_key)
    return _marked(submission, unit, Submission.State.RETURNED, {}, None, feedback, actor, now)


def _marked(
    submission: Submission,
    unit: OutlineUnit,
    state: str,
    marks: dict[str, str],
    points: Decimal | None,
    feedback: str,
    actor: Actor,
    now: dt.datetime,
) -> Submission:
    held = hold(submission.enrolment)
    done = Submission.objects.filter(pk=submission.pk, state=Submission.State.HANDED_IN).update(
        state=state, marks=marks, points=points, feedback=plain(feedback, _TEXT), marked_by=actor.id, marked_at=now
    )
    if not done:
        raise LearningRefused(_("This work has been marked already, or was handed in anew. Load the page again."))
    submission.refresh_from_db()
    submission.enrolment = held
    progress = touch(held, submission.unit_key, now)
    if points is not None:
        better(progress, points)
    settle(held, unit, progress, now=now)
    tell_marked(submission, unit.title, now=now)
    return submission


@action("learning.practical.sign", requires=policies.can_teach, batch=True)
def sign_practical(
    enrolment: Enrolment,
    key: UUID,
    steps: Iterable[str],
    *,
    minutes: int = 0,
    words: str = "",
    signed_by: str = "",
    actor: Actor,
    now: dt.datetime,
) -> PracticalSigning:
    """Sign that the learner did these steps before one's eyes; ``minutes`` of practice count as such hours. ``signed_by`` is how
    the signer is called. Raises LearningRefused for no step, or for oneself."""
    unit = unit_in(enrolment, key)
    known = [str(step["code"]) for step in unit.settings.get("steps") or ()]
    chosen = [code for code in known if code in set(steps)]
    if unit.kind != "practical" or not chosen:
        raise LearningRefused(_("Tick the steps you saw done: at least one."))
    if policies.is_own(actor, enrolment):
        raise LearningRefused(_("Nobody signs for themselves. Ask a colleague."))
    if not 0 <= minutes <= 24 * 60:
        raise LearningRefused(_("Minutes: between nought and a day’s."))
    held = hold(enrolment)
    if not held.is_learning:
        raise LearningRefused(_("This learner is no longer in the class."))
    progress = touch(held, key, now)
    signing = PracticalSigning.objects.create(
        enrolment=held,
        unit_key=key,
        steps=chosen,
        minutes=minutes,
        note=" ".join(words.split())[:300],
        signed_by=actor.id,
        signed_by_text=(signed_by or actor.text)[:120],
        signed_at=now,
    )
    note([Line.about("learning.practical.sign", signing, after=snapshot(signing))])
    _count_practice(signing, held, actor=actor, now=now)
    settle(held, unit, progress, now=now)
    if progress.state == progress.State.DONE:
        tell_signed(held, key, unit.title, now=now)
    return signing


@action("learning.practical.take_back", requires=policies.can_teach)
def take_back_signing(signing: PracticalSigning, *, reason: str, actor: Actor, now: dt.datetime) -> PracticalSigning:
    """Take a signature back, with a reason; its hours are reversed. Raises LearningRefused without one, or done before."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise LearningRefused(_("Reason: say why the signature is taken back."))
    held = hold(signing.enrolment)
    if not PracticalSigning.objects.filter(pk=signing.pk, taken_back_at__isnull=True).update(taken_back_at=now, reason=reason):
        raise LearningRefused(_("This signature has been taken back already."))
    signing.refresh_from_db()
    _count_practice(signing, held, actor=actor, now=now)
    settle(held, unit_in(held, signing.unit_key), touch(held, signing.unit_key, now), now=now)
    return signing


def _count_practice(signing: PracticalSigning, held: Enrolment, *, actor: Actor, now: dt.datetime) -> None:
    count_anew(
        held,
        signing.unit_key,
        signing.minutes if signing.taken_back_at is None else 0,
        kind="practical",
        source=("practical", signing.public_id),
        day=timezone.localdate(signing.signed_at),
        rule="learning.practical",
        reason=signing.reason,
        actor=actor,
        now=now,
    )


@action("learning.live.join", requires=policies.can_learn, batch=True)
def join_live(enrolment: Enrolment, key: UUID, *, actor: Actor, now: dt.datetime) -> str:
    """Note that the learner opened the link of a live class (the first time), and give the link. It proves no attendance. Raises
    LearningRefused where there is no link yet."""
    unit = unit_open(enrolment, key, "live", now)
    link = str(unit.settings.get("link") or "")
    if not link:
        raise LearningRefused(_("The school has not given the link yet. Look again shortly before the class."))
    held = hold(enrolment)
    there, _made = Attendance.objects.get_or_create(enrolment=held, unit_key=key)
    if there.joined_at is None:
        Attendance.objects.filter(pk=there.pk).update(joined_at=now)
        note([Line.about("learning.live.join", there, after={"unit_key": str(key)})])
    touch(held, key, now)
    return link


@dataclass(frozen=True)
class Present:
    """So many minutes of a live class were attended by this learner."""

    enrolment: Enrolment
    minutes: int


@action("learning.live.attendance", requires=policies.can_teach, batch=True)
def confirm_attendance(
    run: Run, key: UUID, held_on: dt.date, minutes_held: int, present: Sequence[Present], *, actor: Actor, now: dt.datetime
) -> int:
    """Say who was at a live class, and for how long; how many lines changed. It can be put right later: hours follow by reversal.
    Raises LearningRefused for a class without length, or more minutes than it had."""
    if not 0 < minutes_held <= 24 * 60:
        raise LearningRefused(_("Length: say how many minutes the class lasted."))
    if held_on > timezone.localdate(now):
        raise LearningRefused(_("Day: this class has not been held yet."))
    changed = 0
    for item in present:
        if item.enrolment.run_id != run.pk:
            raise LearningRefused(_("Somebody listed is not in this class."))
        if policies.is_own(actor, item.enrolment):
            raise LearningRefused(_("Nobody confirms one’s own attendance: a colleague does."))
        minutes = min(max(item.minutes, 0), minutes_held)
        held = hold(item.enrolment)
        unit = unit_in(held, key)
        there, _made = Attendance.objects.get_or_create(enrolment=held, unit_key=key)
        if (there.minutes, there.minutes_held) == (minutes, minutes_held):
            continue
        before = snapshot(there)
        there.minutes, there.minutes_held, there.confirmed_by, there.confirmed_at = minutes, minutes_held, actor.id, now
        there.save()
        note([Line.about("learning.live.attendance", there, before=before, after=snapshot(there))])
        count_anew(
            held, key, minutes, kind="online", source=("attendance", there.public_id), day=held_on, rule="learning.attendance",
            actor=actor, now=now,
        )  # fmt: skip
        settle(held, unit, touch(held, key, now), now=now)
        changed += 1
    return changed
