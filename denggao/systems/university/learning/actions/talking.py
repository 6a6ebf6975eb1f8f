"""Notes for oneself, questions and answers, announcements."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions.enrolling import learners_of
from denggao.systems.university.learning.actions.progressing import unit_in
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.actions.working import plain
from denggao.systems.university.learning.models import Announcement, Enrolment, Note, Reply, Run, Thread
from denggao.systems.university.learning.telling import tell_announced, tell_answered, tell_asked

NOTE_LENGTH, TEXT_LENGTH, TITLE_LENGTH, NOTES_A_UNIT = 2000, 4000, 120, 500


@action("learning.note.write", requires=policies.can_write_note, batch=True)
def write_note(enrolment: Enrolment, key: UUID, text: str, *, second: int | None = None, actor: Actor, now: dt.datetime) -> Note:
    """Keep a note at a unit, perhaps at a second of it. Raises LearningRefused for nothing written, or far too many."""
    text = plain(text, NOTE_LENGTH)
    if not text:
        raise LearningRefused(_("Note: write something first."))
    unit = unit_in(enrolment, key)
    if Note.objects.filter(person_id=enrolment.person_id, unit_key=unit.key).count() >= NOTES_A_UNIT:
        raise LearningRefused(_("This unit has %(most)s notes already. Join or delete some.") % {"most": NOTES_A_UNIT})
    second = second if second is not None and 0 <= second < 10**6 else None
    made = Note.objects.create(
        person_id=enrolment.person_id, unit_key=unit.key, second=second, text=text, created_at=now, changed_at=now
    )
    note([Line.about("learning.note.write", made, after=snapshot(made))])
    return made


@action("learning.note.change", requires=policies.can_change_note)
def change_note(kept: Note, text: str, *, actor: Actor, now: dt.datetime) -> Note:
    """Raises LearningRefused for nothing written."""
    kept.text = plain(text, NOTE_LENGTH)
    if not kept.text:
        raise LearningRefused(_("Note: write something first."))
    kept.changed_at = now
    kept.save()
    return kept


@action("learning.note.delete", requires=policies.can_change_note, batch=True)
def delete_note(kept: Note, *, actor: Actor, now: dt.datetime) -> None:
    note([Line.about("learning.note.delete", kept, before=snapshot(kept))])
    kept.delete()


@action("learning.thread.ask", requires=policies.can_talk, batch=True)
def ask(
    run: Run,
    title: str,
    text: str,
    *,
    unit_key: UUID | None = None,
    second: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Thread:
    """Ask a question in a class; its teachers are told. Raises LearningRefused without a question."""
    title, text = " ".join(title.split())[:TITLE_LENGTH], plain(text, TEXT_LENGTH)
    if not title:
        raise LearningRefused(_("Question: say in one line what you want to know."))
    asked = Thread.objects.create(
        run=run,
        unit_key=unit_key,
        second=second,
        author=actor.user,
        by_teacher=policies.teaches(actor, run),
        title=title,
        text=text,
        created_at=now,
        last_at=now,
    )
    note([Line.about("learning.thread.ask", asked, after=snapshot(asked))])
    if not asked.by_teacher:
        tell_asked(asked, now=now)
    return asked


@action("learning.thread.reply", requires=policies.can_talk, batch=True)
def reply(thread: Thread, text: str, *, actor: Actor, now: dt.datetime) -> Reply:
    """Answer a question; who asked is told. Raises LearningRefused for nothing, or where the question was taken out."""
    text = plain(text, TEXT_LENGTH)
    if not text:
        raise LearningRefused(_("Answer: write something first."))
    if thread.hidden_at is not None:
        raise LearningRefused(_("This question was taken out by the school."))
    given = Reply.objects.create(
        thread=thread, author=actor.user, by_teacher=policies.teaches(actor, thread), text=text, created_at=now
    )
    Thread.objects.filter(pk=thread.pk).update(replies_count=F("replies_count") + 1, last_at=now)
    note([Line.about("learning.thread.reply", given, after=snapshot(given))])
    tell_answered(given, now=now)
    return given


@action("learning.reply.accept", requires=policies.can_accept)
def accept_reply(given: Reply, *, actor: Actor, now: dt.datetime) -> Reply:
    """This answers the question; one accepted before no longer does. Doing it again changes nothing. Raises LearningRefused for an
    answer that was taken out."""
    if given.hidden_at is not None:
        raise LearningRefused(_("This answer was taken out by the school."))
    try:
        with transaction.atomic():
            Reply.objects.filter(thread=given.thread, accepted_at__isnull=False).exclude(pk=given.pk).update(accepted_at=None)
            Reply.objects.filter(pk=given.pk, accepted_at__isnull=True).update(accepted_at=now)
    except IntegrityError:
        raise LearningRefused(_("Another answer was accepted just now. Load the page again.")) from None
    Thread.objects.filter(pk=given.thread_id).update(state=Thread.State.ANSWERED)
    given.refresh_from_db()
    return given


@action("learning.thread.hide", requires=policies.can_hide)
def hide(subject: Thread | Reply, *, reason: str, actor: Actor, now: dt.datetime) -> Thread | Reply:
    """Take a question or an answer out of the learners' sight, with a reason. Raises LearningRefused without one."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise LearningRefused(_("Reason: say why it is taken out."))
    model = type(subject)
    taken = model._default_manager.filter(pk=subject.pk, hidden_at__isnull=True).update(hidden_at=now, hidden_reason=reason)
    if not taken:
        raise LearningRefused(_("It has been taken out already."))
    if isinstance(subject, Reply):
        Reply.objects.filter(pk=subject.pk).update(accepted_at=None)
        Thread.objects.filter(pk=subject.thread_id).update(replies_count=F("replies_count") - 1)
        if not Reply.objects.filter(thread_id=subject.thread_id, accepted_at__isnull=False).exists():
            Thread.objects.filter(pk=subject.thread_id).update(state=Thread.State.OPEN)
    subject.refresh_from_db()
    return subject


@action("learning.announcement.publish", requires=policies.can_teach, batch=True)
def announce(run: Run, title: str, text: str, *, actor: Actor, now: dt.datetime) -> Announcement:
    """Tell all learners of a class. Raises LearningRefused without a title."""
    title = " ".join(title.split())[:TITLE_LENGTH]
    if not title:
        raise LearningRefused(_("Title: say in one line what it is about."))
    made = Announcement.objects.create(run=run, title=title, text=plain(text, 20_000), published_at=now, published_by=actor.id)
    made.told = tell_announced(made, list(learners_of(run)), now=now)
    made.save(update_fields=["told"])
    note([Line.about("learning.announcement.publish", made, after=snapshot(made))])
    return made
