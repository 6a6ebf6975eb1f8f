"""Questions, answers and notes as they are shown: with who wrote them, named as far as the reader may know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.models import Person
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.models import Note, Reply, Run, Thread
from denggao.systems.university.learning.showing import clock_of
from denggao.systems.university.models import SchoolMember


@dataclass(frozen=True)
class Author:
    """``title`` is what a teacher is at the school."""

    name: str
    title: str = ""
    is_me: bool = False
    is_teacher: bool = False


@dataclass(frozen=True)
class ThreadRow:
    thread: Thread
    author: Author
    at: str


@dataclass(frozen=True)
class ReplyRow:
    reply: Reply
    author: Author
    may_accept: bool


def threads_in(actor: Actor, run: Run, unit_key: UUID | None = None) -> QuerySet[Thread]:
    """Questions of a class, of one unit if named, the latest first."""
    found = policies.visible_threads(actor).filter(run=run)
    return (found.filter(unit_key=unit_key) if unit_key is not None else found).order_by("-last_at", "-pk")


def thread_rows(actor: Actor, run: Run, threads: Iterable[Thread]) -> list[ThreadRow]:
    """Two queries, however many."""
    listed = list(threads)
    names = authors(actor, run, [(one.author_id, one.by_teacher) for one in listed])
    return [ThreadRow(one, names[one.author_id, one.by_teacher], clock_of(one.second)) for one in listed]


def reply_rows(actor: Actor, thread: Thread) -> list[ReplyRow]:
    """The accepted answer first, then as they came; what was taken out only for the school."""
    teaches = policies.teaches(actor, thread)
    listed = list(thread.replies.all() if teaches or actor.is_office else thread.replies.filter(hidden_at__isnull=True))
    names = authors(actor, thread.run, [(one.author_id, one.by_teacher) for one in listed])
    may = teaches or (actor.user is not None and thread.author_id == actor.user.pk)
    rows = [
        ReplyRow(one, names[one.author_id, one.by_teacher], may and one.accepted_at is None and one.hidden_at is None)
        for one in listed
    ]
    return sorted(rows, key=lambda row: row.reply.accepted_at is None)


def authors(actor: Actor, run: Run, wanted: Sequence[tuple[int | None, bool]]) -> dict[tuple[int | None, bool], Author]:
    """PRIVACY: learners read each other's names masked; a teacher's name and title are whole, and teachers read their learners'."""
    ids = {user_id for user_id, _teacher in wanted if user_id is not None}
    whole = policies.knows_names(actor, run)
    me = actor.user.pk if actor.user is not None else None
    people = {person.account_id: person for person in Person.objects.filter(account_id__in=ids)} if ids else {}
    titles: dict[int, str] = {}
    if any(teacher for _user, teacher in wanted):
        members = SchoolMember.objects.filter(school_id=run.school_id, account_id__in=ids).order_by("from_on")
        titles = {member.account_id: member.title or str(member.get_role_display()) for member in members}
    found = {}
    for user_id, teacher in set(wanted):
        person = people.get(user_id)
        name = _("Teacher") if teacher else _("Somebody")
        if person is not None:
            name = person.name if teacher or whole or user_id == me else person.masked_name
        title = titles.get(user_id, "") if user_id is not None else ""
        found[user_id, teacher] = Author(name, title, user_id is not None and user_id == me, teacher)
    return found


@dataclass(frozen=True)
class NoteRow:
    note: Note
    at: str


def notes_at(person_id: int, unit_key: UUID) -> list[NoteRow]:
    """One's own notes at a unit, by their second, those without one last."""
    rows = Note.objects.filter(person_id=person_id, unit_key=unit_key)
    ordered = sorted(rows, key=lambda one: (one.second is None, one.second or 0, one.pk))
    return [NoteRow(one, clock_of(one.second)) for one in ordered]
