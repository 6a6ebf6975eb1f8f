"""What the hours engine is told of enrolments and units, and who beside the school sees their hours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from denggao.engines.hours.registry import ActivityKind, ContextKind, Titled
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.people.models import Person
from denggao.systems.university.learning.models import Enrolment
from denggao.systems.university.learning.queries.steps import CONTEXT
from denggao.systems.university.models import Unit


def enrolment_titles(ids: Collection[UUID]) -> Mapping[UUID, Titled]:
    """One query."""
    found = Enrolment.objects.filter(public_id__in=ids).select_related("run__course", "run__school")
    return {
        one.public_id: Titled(
            f"{one.run.course.title} · {one.run.title}",
            reverse("classes:learner", args=[one.public_id]),
            one.run.school.organisation_id,
        )
        for one in found
    }


def enrolments_of(person: Person) -> Sequence[UUID]:
    return list(Enrolment.objects.filter(person=person).order_by("-created_at").values_list("public_id", flat=True))


def unit_titles(ids: Collection[UUID]) -> Mapping[UUID, Titled]:
    """By the newest version that has the unit; one query."""
    rows = Unit.objects.filter(key__in=ids).order_by("version__number").values_list("key", "title")
    return {key: Titled(title) for key, title in rows}


def enrolment_context() -> ContextKind:
    return ContextKind(_("Course"), enrolment_titles, enrolments_of)


def unit_activity() -> ActivityKind:
    return ActivityKind(_("Unit of a course"), unit_titles)


def employers_sight(actor: Actor) -> Q | None:
    """An employer's HR sees the hours in the courses it enrolled its people into, and no others."""
    bodies = actor.organisations_as(Role.HR)
    if not bodies:
        return None
    return Q(context_kind=CONTEXT, context_id__in=Enrolment.objects.filter(employer_id__in=bodies).values("public_id"))
