"""Reads of the pool."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.standards.models import Industry
from denggao.systems.bases.models import Base, Qualification, Teacher, TeacherInvitation
from denggao.systems.bases.pool.policies import MANAGERS, can_answer, keepable_homes, visible_invitations, visible_teachers

SOON_DAYS = 60


def pool(actor: Actor, *, on: dt.date) -> QuerySet[Teacher]:
    """The teachers of the pool on a day as the list shows them: with what is in force and what runs out. Four queries."""
    papers = Qualification.objects.filter(teacher=OuterRef("pk"))
    return (
        visible_teachers(actor)
        .filter(Q(left_on__isnull=True) | Q(left_on__gte=on))
        .select_related("person", "home")
        .prefetch_related("industries", "qualifications", "invitations__base")
        .annotate(
            qualified=Exists(papers.in_force(on)),  # type: ignore[attr-defined]  # its own queryset
            lent=Count("invitations", filter=Q(invitations__state=TeacherInvitation.State.ACCEPTED, invitations__to_on__gte=on)),
            runs_out_on=Subquery(
                papers.in_force(on).filter(expires_on__isnull=False).order_by("expires_on").values("expires_on")[:1]  # type: ignore[attr-defined]  # its own queryset
            ),
        )
    )


def by_industry(actor: Actor, *, on: dt.date) -> list[tuple[Industry, int]]:
    """How many teachers of the pool teach for each industry that has any."""
    teachers = visible_teachers(actor).filter(Q(left_on__isnull=True) | Q(left_on__gte=on))
    counted = Industry.objects.filter(teachers__in=teachers).annotate(number=Count("teachers", distinct=True))
    return [(industry, industry.number) for industry in counted.order_by("position", "code")]  # type: ignore[attr-defined]  # annotated above


def running_out(actor: Actor, *, on: dt.date) -> QuerySet[Qualification]:
    """Qualifications of the actor's own teachers that end within ``SOON_DAYS`` or ended in as many days before."""
    soon, lately = on + dt.timedelta(days=SOON_DAYS), on - dt.timedelta(days=SOON_DAYS)
    return Qualification.objects.filter(
        expires_on__range=(lately, soon), teacher__left_on__isnull=True, teacher__home__in=keepable_homes(actor)
    )


def to_answer(actor: Actor) -> list[TeacherInvitation]:
    """Invitations that wait for a yes or no of a body the actor speaks for."""
    asked = visible_invitations(actor).filter(state=TeacherInvitation.State.ASKED)
    found = asked.select_related("base", "teacher__person", "teacher__home").order_by("asked_at")
    return [invitation for invitation in found if can_answer(actor, invitation)]


def teachers_to_answer(actor: Actor) -> int:
    """For the desk: how many invitations wait for the actor's answer."""
    return len(to_answer(actor)) if actor.is_operator or any(grant.role in MANAGERS for grant in actor.grants) else 0


def qualifications_running_out(actor: Actor) -> int:
    """For the desk."""
    return running_out(actor, on=timezone.localdate()).count()


def bases_to_invite_for(actor: Actor, bases: QuerySet[Base]) -> list[Base]:
    """The actor's own bases in force."""
    return list(bases.filter(organisation_id__in=actor.organisations_as(Role.BASE_MANAGER)).order_by("id"))
