"""Who may see and keep the standards."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.standards.models import JobTitle, Occupation, OccupationMove, OccupationName


def can_see_occupations(actor: Actor, _subject: Any = None) -> bool:
    return actor.kind is not ActorKind.VISITOR


def can_map_occupation_names(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.ADMINISTRATOR, Role.CLERK)


def can_list_occupation_names(actor: Actor, _subject: Any = None) -> bool:
    """Whoever may hand in a list may have its unknown names listed."""
    return actor.kind is not ActorKind.VISITOR


def visible_occupations(actor: Actor) -> QuerySet[Occupation]:
    return Occupation.objects.current() if can_see_occupations(actor) else Occupation.objects.none()


def visible_occupation_names(actor: Actor) -> QuerySet[OccupationName]:
    return OccupationName.objects.all() if actor.is_office else OccupationName.objects.none()


def get_occupation_name_for_mapping(actor: Actor, public_id: uuid.UUID) -> OccupationName:
    """Raises Http404."""
    if not can_map_occupation_names(actor):
        raise Http404
    return get_object_or_404(OccupationName, public_id=public_id)


def get_job_title_for_keeping(actor: Actor, public_id: uuid.UUID) -> JobTitle:
    """Raises Http404."""
    if not can_map_occupation_names(actor):
        raise Http404
    return get_object_or_404(JobTitle, public_id=public_id, removed_at__isnull=True)


def get_move_for_keeping(actor: Actor, public_id: uuid.UUID) -> OccupationMove:
    """Raises Http404."""
    if not can_map_occupation_names(actor):
        raise Http404
    return get_object_or_404(OccupationMove, public_id=public_id, removed_at__isnull=True)
