"""Lending a course to another school, or offering it jointly; the school that is asked answers."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor
from denggao.systems.university import policies
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.models import Course, CourseShare, School
from denggao.systems.university.telling import tell_share

_OPEN = (CourseShare.State.ASKED, CourseShare.State.ACCEPTED)


@action("university.share.offer", requires=policies.can_publish)
def offer_course(course: Course, school: School, *, kind: str, note: str = "", actor: Actor, now: dt.datetime) -> CourseShare:
    """Offer a course to another school. Raises CourseRefused for one's own school, a closed one, an unpublished course, or where
    it is offered already."""
    if school.pk == course.school_id:
        raise CourseRefused(_("School: the course is its own."))
    if school.state != School.State.OPEN:
        raise CourseRefused(_("School: it is closed."))
    if course.state != Course.State.PUBLISHED:
        raise CourseRefused(_("Publish the course first: the other school wants to see what it takes."))
    try:
        with transaction.atomic():
            share = CourseShare.objects.create(
                course=course,
                school=school,
                kind=kind,
                note=" ".join(note.split())[:300],
                asked_by=actor.id,
                asked_at=now,
            )
    except IntegrityError:
        raise CourseRefused(_("The course is offered to this school already.")) from None
    tell_share(share, "asked", school.pk, now=now)
    return share


@action("university.share.answer", requires=policies.can_answer_share)
def answer_share(share: CourseShare, *, accept: bool, note: str = "", actor: Actor, now: dt.datetime) -> CourseShare:
    """Yes or no of the school that is asked. Raises CourseRefused where it is answered already, or declined without a reason."""
    note = " ".join(note.split())[:300]
    if not accept and not note:
        raise CourseRefused(_("Reason: say why, the other school reads it."))
    state = CourseShare.State.ACCEPTED if accept else CourseShare.State.DECLINED
    _answer(share, (CourseShare.State.ASKED,), state, note, actor, now)
    tell_share(share, state, share.course.school_id, now=now)
    return share


@action("university.share.end", requires=policies.can_end_share)
def end_share(share: CourseShare, *, note: str = "", actor: Actor, now: dt.datetime) -> CourseShare:
    """Take an offer back, or end a loan: no new classes; those under way go on. Raises CourseRefused where it has ended."""
    _answer(share, _OPEN, CourseShare.State.ENDED, " ".join(note.split())[:300], actor, now)
    for school in {share.course.school_id, share.school_id}:
        tell_share(share, "ended", school, now=now)
    return share


def _answer(share: CourseShare, from_states: tuple[str, ...], state: str, note: str, actor: Actor, now: dt.datetime) -> None:
    done = CourseShare.objects.filter(pk=share.pk, state__in=from_states).update(
        state=state, note=note or share.note, answered_by=actor.id, answered_at=now
    )
    if not done:
        raise CourseRefused(_("This has been answered or ended already."))
    share.refresh_from_db()
