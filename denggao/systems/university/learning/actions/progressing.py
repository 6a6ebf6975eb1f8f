"""What a learner's progress comes to. Time and watched parts come from the hours engine; marks, signatures and attendance
from the acts beside this one. Everything is reckoned anew from what is kept, so that doing it twice changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from denggao.engines.hours.models import Sitting
from denggao.engines.hours.queries import hours_by_context, seconds_by_activity
from denggao.engines.hours.rules import coverage, merge
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor, system
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.people.models import Person
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.hooks import course_finished
from denggao.systems.university.learning.models import Attendance, Enrolment, PracticalSigning, Submission, UnitDate, UnitProgress
from denggao.systems.university.learning.queries.steps import (
    ACTIVITY,
    CONTEXT,
    aim_of,
    dates_of,
    length_of,
    progress_of,
    steps_of,
)
from denggao.systems.university.learning.rules.marking import attended_share
from denggao.systems.university.learning.rules.progress import (
    ATTENDED,
    GRADED,
    SIGNED,
    Reached,
    UnitState,
    next_step,
    state_of,
    tally,
)
from denggao.systems.university.learning.telling import tell_finished
from denggao.systems.university.outlines import OutlineUnit
from denggao.systems.university.queries import outline

UNDOABLE = frozenset({SIGNED, GRADED, ATTENDED})
"""What somebody vouched for can be taken back; what was watched, read or passed stays."""


def hold(enrolment: Enrolment) -> Enrolment:
    """The row itself, held until the transaction ends: what is reckoned from it is reckoned once at a time."""
    held = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "run__course", "run__version__course", "run__school", "person__account"
    )
    return held.get(pk=enrolment.pk)


def unit_in(enrolment: Enrolment, key: UUID) -> OutlineUnit:
    """A unit of the class's version. Raises LearningRefused where the class has no such unit."""
    unit = outline(enrolment.run.version).by_key.get(key)
    if unit is None:
        raise LearningRefused(_("This unit is no longer part of the course."))
    return unit


def must_be_open(enrolment: Enrolment, unit: OutlineUnit, now: dt.datetime) -> None:
    """Raises LearningRefused before the class begins, or before the unit's own day; of a live class that is no matter."""
    if now < enrolment.run.begins_at:
        raise LearningRefused(_("The class begins on %(day)s.") % {"day": enrolment.run.opens_on.isoformat()})
    own = UnitDate.objects.filter(run_id=enrolment.run_id, unit_key=unit.key, opens_at__gt=now)
    if unit.kind != "live" and own.exists():
        raise LearningRefused(_("This unit is not open yet."))


def touch(enrolment: Enrolment, key: UUID, now: dt.datetime) -> UnitProgress:
    """The unit's row, made where there was none."""
    made, _created = UnitProgress.objects.get_or_create(enrolment=enrolment, unit_key=key, defaults={"started_at": now})
    return made


def settle(
    enrolment: Enrolment, unit: OutlineUnit, progress: UnitProgress, *, may_undo: bool = False, now: dt.datetime
) -> UnitProgress:
    """Say anew how far a unit is, save it, and what follows for the course. ``enrolment`` is held. ``may_undo``: what it rested
    on was taken back, so that what was done may be undone whatever its kind."""
    progressed(enrolment, unit, progress, may_undo=may_undo, now=now)
    enrolment.last_at, enrolment.last_key = now, unit.key
    recount(enrolment, now=now)
    return progress


def progressed(enrolment: Enrolment, unit: OutlineUnit, progress: UnitProgress, *, may_undo: bool, now: dt.datetime) -> None:
    """Say anew how far a unit is, and save it."""
    aim = aim_of(unit)
    progress.seconds = max(seconds_by_activity((CONTEXT, enrolment.public_id)).get(unit.key, 0), 0)
    state = state_of(aim, _reached(progress, aim.by, aim.steps))
    was_done = progress.state == UnitProgress.State.DONE
    if was_done and state is not UnitState.DONE and aim.by not in UNDOABLE and not may_undo:
        state = UnitState.DONE
    progress.state = UnitProgress.State.STARTED if state is UnitState.FRESH else UnitProgress.State(state.value)
    if state is not UnitState.DONE:
        progress.done_at, progress.how = None, ""
    elif not was_done:
        progress.done_at, progress.how = now, aim.by
    progress.save()


def _reached(progress: UnitProgress, by: str, steps: Sequence[str]) -> Reached:
    attended, signed, handed_in = None, frozenset[str](), False
    about = {"enrolment_id": progress.enrolment_id, "unit_key": progress.unit_key}
    if by == ATTENDED:
        found = Attendance.objects.filter(**about, minutes__isnull=False).first()
        attended = attended_share(found.minutes or 0, found.minutes_held or 0) if found is not None else None
    elif by == SIGNED:
        rows = PracticalSigning.objects.filter(**about, taken_back_at__isnull=True).values_list("steps", flat=True)
        signed = frozenset(step for row in rows for step in row) & frozenset(steps)
    elif by == GRADED:
        handed_in = Submission.objects.filter(**about, state=Submission.State.HANDED_IN).exists()
    return Reached(
        seconds=progress.seconds,
        coverage=progress.coverage,
        attended=attended,
        score=float(progress.score) if progress.score is not None else None,
        said_read=progress.said_read,
        handed_in=handed_in,
        signed=signed,
    )


def recount(enrolment: Enrolment, *, now: dt.datetime) -> Enrolment:
    """What the units come to. A course whose required units are all done is finished; one that no longer is, goes on."""
    course = outline(enrolment.run.version)
    run = enrolment.run
    steps = steps_of(course, progress_of(enrolment.pk), dates_of(run.pk), begins_at=run.begins_at)
    counted = tally(steps)
    last = str(enrolment.last_key) if enrolment.last_key else None
    following = next_step(steps, last, now=now)
    enrolment.done, enrolment.required = counted.done, counted.required
    enrolment.next_key = UUID(following.key) if following else None
    hours = hours_by_context([(CONTEXT, enrolment.public_id)]).get(enrolment.public_id)
    enrolment.seconds = max(hours.seconds, 0) if hours is not None else 0
    finished = enrolment.state == Enrolment.State.FINISHED
    if counted.is_complete and enrolment.state == Enrolment.State.ENROLLED:
        finish(enrolment, actor=system("learning"), now=now)
    elif finished and not counted.is_complete:
        enrolment.state, enrolment.finished_at = Enrolment.State.ENROLLED, None
    enrolment.save()
    return enrolment


@action("learning.enrolment.finish", requires=policies.is_product, batch=True)
def finish(enrolment: Enrolment, *, actor: Actor, now: dt.datetime) -> Enrolment:
    """All required units are done. What builds on it (a certificate) plugs into ``course_finished``."""
    before = snapshot(enrolment)
    enrolment.state, enrolment.finished_at = Enrolment.State.FINISHED, now
    enrolment.save()
    note([Line.about("learning.enrolment.finish", enrolment, before=before, after=snapshot(enrolment))])
    course_finished(enrolment, now=now)
    tell_finished(enrolment, now=now)
    return enrolment


# What comes from the hours engine


def fold(sitting: Sitting, *, now: dt.datetime) -> None:
    """Bring what a sitting earned into the unit's progress: a handler of ``time_folded``. The seconds are the hours engine's;
    watched parts are joined with what was watched before."""
    if sitting.context_kind != CONTEXT or sitting.activity_kind != ACTIVITY:
        return
    found = Enrolment.objects.filter(public_id=sitting.context_id).first()
    if found is None:
        return
    enrolment = hold(found)
    unit = outline(enrolment.run.version).by_key.get(sitting.activity_id)
    if unit is None:
        return
    progress = touch(enrolment, unit.key, now)
    if sitting.parts and sitting.voided_at is None:
        progress.watched = [[round(start, 1), round(stop, 1)] for start, stop in merge([*progress.watched, *sitting.parts])]
        progress.coverage = _coverage(progress, unit, sitting.length_seconds)
    if sitting.position_seconds is not None:
        progress.position_seconds = int(sitting.position_seconds)
    settle(enrolment, unit, progress, now=now)


def _coverage(progress: UnitProgress, unit: OutlineUnit, heard: float | None) -> float:
    """0–1 of the unit's length; of what a player said it is, where the file's own is not known."""
    return round(coverage(progress.watched, length_of(unit) or heard or 0), 4)


def correct(person: Person, contexts: Collection[tuple[str, UUID]], *, now: dt.datetime) -> None:
    """Reckon courses anew after hours were put right by hand or found to be none: a handler of ``hours_corrected``. What was
    watched or read in sittings that are void is gone, and with it what rested on them: the unit is to be learned again."""
    mine = Enrolment.objects.filter(person=person, public_id__in=[public_id for kind, public_id in contexts if kind == CONTEXT])
    for found in mine.order_by("pk"):
        enrolment = hold(found)
        about = Sitting.objects.filter(context_kind=CONTEXT, context_id=enrolment.public_id, activity_kind=ACTIVITY)
        void = set(about.filter(voided_at__isnull=False).values_list("activity_id", flat=True))
        course = outline(enrolment.run.version)
        for progress in UnitProgress.objects.filter(enrolment=enrolment).order_by("pk"):
            unit = course.by_key.get(progress.unit_key)
            if unit is None:
                continue
            if unit.key in void:
                _watched_again(progress, unit, about.filter(activity_id=unit.key, voided_at__isnull=True))
            progressed(enrolment, unit, progress, may_undo=unit.key in void and not progress.said_read, now=now)
        recount(enrolment, now=now)


def _watched_again(progress: UnitProgress, unit: OutlineUnit, sittings: QuerySet[Sitting]) -> None:
    """What the sittings that still count have seen."""
    seen = list(sittings.values_list("parts", "length_seconds"))
    progress.watched = [[round(a, 1), round(b, 1)] for a, b in merge([part for parts, _length in seen for part in parts])]
    progress.coverage = _coverage(progress, unit, max((length or 0 for _parts, length in seen), default=0))


# What the learner says


@action("learning.unit.read", requires=policies.can_learn, batch=True)
def say_read(enrolment: Enrolment, key: UUID, *, actor: Actor, now: dt.datetime) -> UnitProgress:
    """The learner has read a unit through that sets no time. Saying it again changes nothing. Raises LearningRefused where the
    unit asks for time, or is not one to be read."""
    unit = unit_in(enrolment, key)
    aim = aim_of(unit)
    if aim.by != "read":
        raise LearningRefused(_("This unit is not done by reading it."))
    if aim.seconds:
        raise LearningRefused(_("This unit asks for time: it is done once it has been read long enough."))
    must_be_open(enrolment, unit, now)
    held = hold(enrolment)
    progress = touch(held, key, now)
    progress.said_read = True
    note([Line.about("learning.unit.read", held, after={"unit_key": str(key)})])
    return settle(held, unit, progress, now=now)


def better(progress: UnitProgress, score: Decimal) -> None:
    """Keep the best score."""
    if progress.score is None or score > progress.score:
        progress.score = score
