"""Who plans and runs a day of interviews; who is heard sees the own turn alone.

SECURITY: an office account in conflict with one of the candidates does not know of the day as office.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.engines.reviews.interviews.models import InterviewDay, Slot
from denggao.engines.reviews.interviews.registry import every_subject
from denggao.engines.reviews.policies import hidden_subjects
from denggao.foundation.audit.actors import Actor, ActorKind, Role

RUNNERS = (Role.CLERK, Role.REVIEWER)


def can_plan(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.REVIEWER)


def visible_days(actor: Actor) -> QuerySet[InterviewDay]:
    """The office's."""
    if actor.is_operator:
        return InterviewDay.objects.all()
    if actor.user is None or not actor.is_office:
        return InterviewDay.objects.none()
    hidden = hidden_subjects(actor)
    days = InterviewDay.objects.all()
    return days.exclude(pk__in=Slot.objects.filter(subject_id__in=hidden).values("day_id")) if hidden else days


def _day_of(subject: Any) -> InterviewDay | None:
    if isinstance(subject, Slot):
        return subject.day
    return subject if isinstance(subject, InterviewDay) else None


def can_run(actor: Actor, subject: Any) -> bool:
    """Call, begin, end: clerks and reviewers."""
    day = _day_of(subject)
    if day is None or not actor.has(*RUNNERS):
        return False
    return actor.is_operator or visible_days(actor).filter(pk=day.pk).exists()


def can_change_plan(actor: Actor, subject: Any) -> bool:
    return can_plan(actor) and can_run(actor, subject)


def follows(actor: Actor, _subject: Any = None) -> bool:
    """What follows from an act of another room has that act's permission."""
    return actor.kind != ActorKind.VISITOR


def own_slots(actor: Actor) -> QuerySet[Slot]:
    """Turns the actor attends, on days that were published."""
    if actor.user is None:
        return Slot.objects.none()
    mine = Q(pk__in=())
    for subject in every_subject().values():
        ids = subject.attended_by(actor)
        if ids:
            mine |= Q(subject_kind=subject.candidate_kind, subject_id__in=ids)
    shown = Slot.objects.filter(mine, day__published_at__isnull=False).exclude(state=Slot.State.MOVED)
    return shown.select_related("day")


def get_day_for(actor: Actor, public_id: UUID) -> InterviewDay:
    """Raises Http404."""
    found = visible_days(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_day_for_running(actor: Actor, public_id: UUID) -> InterviewDay:
    """Raises Http404."""
    found = get_day_for(actor, public_id)
    if not can_run(actor, found):
        raise Http404
    return found


def get_day_for_planning(actor: Actor, public_id: UUID) -> InterviewDay:
    """Raises Http404."""
    found = get_day_for(actor, public_id)
    if not can_change_plan(actor, found):
        raise Http404
    return found


def get_slot_for_running(actor: Actor, day_id: UUID, public_id: UUID) -> Slot:
    """Raises Http404."""
    day = get_day_for_running(actor, day_id)
    found = day.slots.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    found.day = day
    return found


def get_own_day(actor: Actor, public_id: UUID) -> tuple[InterviewDay, list[Slot]]:
    """A day on which the actor attends something, with those turns. Raises Http404."""
    slots = list(own_slots(actor).filter(day__public_id=public_id).order_by("position"))
    if not slots:
        raise Http404
    return slots[0].day, slots
