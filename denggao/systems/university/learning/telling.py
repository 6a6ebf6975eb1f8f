"""What learners, teachers and employers are told. A message names courses and classes, never a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.messages.actions import send, send_many
from denggao.foundation.messages.registry import Tone, register
from denggao.systems.university.learning.models import Announcement, Enrolment, Reply, Run, Submission, Thread
from denggao.systems.university.models import SchoolMember

MAILED_CLASS = 500

register("learning.enrolled", title=_("You are enrolled: %(course)s"), body=_("Your next step is waiting."), tone=Tone.INFO)
register("learning.invited", title=_("Invitation to learn: %(course)s"), body=_("Accept it, and you can begin."), tone=Tone.WAITING)
register(
    "learning.waiting",
    title=_("On the waiting list: %(course)s"),
    body=_("You are told as soon as a seat is free."),
    tone=Tone.INFO,
)
register("learning.seat", title=_("A seat is free for you: %(course)s"), body=_("You are enrolled and can begin."), tone=Tone.DONE)
register("learning.removed", title=_("You were taken out of a class: %(course)s"), body="%(reason)s", tone=Tone.REFUSED)
register("learning.due", title=_("Due on %(day)s: %(course)s"), body=_("Done so far: %(done)s of %(required)s."), tone=Tone.WAITING)
register(
    "learning.overdue",
    title=_("Overdue since %(day)s: %(course)s"),
    body=_("Done so far: %(done)s of %(required)s."),
    tone=Tone.REFUSED,
)
register("learning.remind", title=_("A reminder of your course: %(course)s"), body="%(text)s", tone=Tone.WAITING)
register("learning.announced", title="%(title)s", body=_("Announcement of your class: %(course)s"), tone=Tone.INFO)
register("learning.answered", title=_("Your question was answered: %(title)s"), tone=Tone.DONE)
register("learning.asked", title=_("A question was asked: %(title)s"), body="%(course)s", tone=Tone.WAITING, by_mail=False)
register("learning.marked", title=_("Marked: %(unit)s"), body=_("%(points)s points. Read the feedback."), tone=Tone.DONE)
register(
    "learning.returned",
    title=_("Returned to be mended: %(unit)s"),
    body=_("Read the feedback and hand it in again."),
    tone=Tone.REFUSED,
)
register("learning.signed", title=_("Signed off: %(unit)s"), body="%(course)s", tone=Tone.DONE)
register("learning.finished", title=_("Course finished: %(course)s"), body=_("All required units are done."), tone=Tone.DONE)


def course_words(run: Run) -> dict[str, str]:
    return {"zh": run.course.title_zh, "en": run.course.title_en}


def _accounts(person_ids: Collection[int]) -> dict[int, User]:
    """Open accounts by person id; who has none is told nothing."""
    found: dict[int, User] = {}
    listed = list(person_ids)
    for start in range(0, len(listed), 5000):
        users = User.objects.filter(person__pk__in=listed[start : start + 5000], is_active=True).select_related("person")
        found.update((user.person.pk, user) for user in users)
    return found


def tell_learners(enrolments: Collection[Enrolment], code: str, run: Run, *, now: dt.datetime, **values: object) -> int:
    """Tell the learners that have an account; how many. A class larger than 500 is told in the app alone."""
    accounts = _accounts([enrolment.person_id for enrolment in enrolments])
    words = course_words(run)
    told = [
        (accounts[one.person_id], {"course": words, **values}, address_of(one)) for one in enrolments if one.person_id in accounts
    ]
    send_many(told, code, now=now, by_mail=len(told) <= MAILED_CLASS)
    return len(told)


def address_of(enrolment: Enrolment) -> str:
    return reverse("learning:course", args=[enrolment.public_id])


def _to_learner(enrolment: Enrolment, code: str, link: str, now: dt.datetime, **values: object) -> None:
    account = enrolment.person.account
    if account is not None and account.is_active:
        send(account, code, {"course": course_words(enrolment.run), **values}, link, now=now)


def tell_removed(enrolment: Enrolment, *, now: dt.datetime) -> None:
    _to_learner(enrolment, "learning.removed", reverse("learning:home"), now, reason=enrolment.reason)


def tell_due(enrolment: Enrolment, *, overdue: bool, now: dt.datetime) -> None:
    day = enrolment.due_on.isoformat() if enrolment.due_on else ""
    code = "learning.overdue" if overdue else "learning.due"
    _to_learner(enrolment, code, address_of(enrolment), now, day=day, done=enrolment.done, required=enrolment.required)


def tell_finished(enrolment: Enrolment, *, now: dt.datetime) -> None:
    _to_learner(enrolment, "learning.finished", address_of(enrolment), now)


def tell_marked(submission: Submission, unit_title: str, *, now: dt.datetime) -> None:
    enrolment = submission.enrolment
    link = reverse("learning:unit", args=[enrolment.public_id, submission.unit_key])
    if submission.state == Submission.State.RETURNED:
        _to_learner(enrolment, "learning.returned", link, now, unit=unit_title)
    else:
        _to_learner(enrolment, "learning.marked", link, now, unit=unit_title, points=f"{submission.points:g}")


def tell_signed(enrolment: Enrolment, unit_key: object, unit_title: str, *, now: dt.datetime) -> None:
    _to_learner(enrolment, "learning.signed", reverse("learning:unit", args=[enrolment.public_id, unit_key]), now, unit=unit_title)


def tell_asked(thread: Thread, *, now: dt.datetime) -> None:
    """The school's teachers, once a question."""
    today = dt.date(now.year, now.month, now.day)
    members = SchoolMember.objects.serving(today).filter(school=thread.run.school, account__is_active=True)
    link = reverse("learning:thread", args=[thread.public_id])
    values = {"title": thread.title, "course": course_words(thread.run)}
    send_many(((one.account, values, link) for one in _once(members.select_related("account"))), "learning.asked", now=now)


def _once(members: Iterable[SchoolMember]) -> list[SchoolMember]:
    return list({one.account_id: one for one in members}.values())


def tell_answered(reply: Reply, *, now: dt.datetime) -> None:
    """Whoever asked, unless they answered themselves."""
    author = reply.thread.author
    if author is not None and author.is_active and author.pk != reply.author_id:
        link = reverse("learning:thread", args=[reply.thread.public_id])
        send(author, "learning.answered", {"title": reply.thread.title}, link, now=now)


def tell_announced(announcement: Announcement, enrolments: Collection[Enrolment], *, now: dt.datetime) -> int:
    return tell_learners(enrolments, "learning.announced", announcement.run, now=now, title=announcement.title)
