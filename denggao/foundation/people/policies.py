"""Who may see and change what is known of a person.

The office sees everyone (masked), a person sees oneself; rooms above say who else may see whom (an employer its own
staff): they plug that in with ``plug_visibility``.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.people.models import IdentityDocument, NameConflict, Person

Visibility = Callable[[Actor], Q | None]
_visibilities: list[Visibility] = []


def plug_visibility(visibility: Visibility) -> None:
    """Add a reason for which an actor may see persons: a condition on Person, or None where it doesn't apply."""
    if visibility not in _visibilities:
        _visibilities.append(visibility)


def can_search_persons(actor: Actor, _subject: object = None) -> bool:
    """The list of all persons, and the search by document number, are the office's."""
    return actor.is_office


def can_unmask(actor: Actor, _subject: object = None) -> bool:
    """Read a whole document number: those who compare papers, and nobody else."""
    return actor.has(Role.CLERK, Role.REVIEWER)


def can_rule_names(actor: Actor, _subject: object = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


def can_correct_person(actor: Actor, _subject: object = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


def can_see_readings(actor: Actor, _subject: object = None) -> bool:
    """How often identity numbers were read, and by whom."""
    return actor.has(Role.AUDITOR, Role.ADMINISTRATOR)


def visible_persons(actor: Actor) -> QuerySet[Person]:
    if actor.is_office:
        return Person.objects.all()
    allowed = [condition for visibility in _visibilities if (condition := visibility(actor)) is not None]
    if actor.kind == ActorKind.ACCOUNT and actor.user is not None:
        allowed.append(Q(account=actor.user))
    if not allowed:
        return Person.objects.none()
    condition = allowed[0]
    for other in allowed[1:]:
        condition |= other
    return Person.objects.filter(condition)


def get_person_for(actor: Actor, public_id: UUID) -> Person:
    """Raises Http404, also where the person is none of the actor's business."""
    person = visible_persons(actor).filter(public_id=public_id).first()
    if person is None:
        raise Http404
    return person


def get_document_for_unmask(actor: Actor, person_id: UUID, document_id: UUID) -> IdentityDocument:
    """Raises Http404."""
    person = get_person_for(actor, person_id)
    document = IdentityDocument.objects.filter(person=person, public_id=document_id).select_related("person").first()
    if document is None or not can_unmask(actor):
        raise Http404
    return document


def visible_name_conflicts(actor: Actor) -> QuerySet[NameConflict]:
    return NameConflict.objects.all() if actor.is_office else NameConflict.objects.none()


def get_name_conflict_for(actor: Actor, public_id: UUID) -> NameConflict:
    """Raises Http404."""
    conflict = visible_name_conflicts(actor).filter(public_id=public_id).select_related("person").first()
    if conflict is None:
        raise Http404
    return conflict
