"""Who keeps teaching standards, and who sees what is not in force yet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.standards.models import StandardVersion, TeachingStandard

_STATE = StandardVersion.State


def can_see_standards(actor: Actor, _subject: Any = None) -> bool:
    return actor.kind is not ActorKind.VISITOR


def can_keep_standards(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.ADMINISTRATOR, Role.CLERK)


def visible_standards(actor: Actor) -> QuerySet[TeachingStandard]:
    """Everybody signed in sees those that were ever in force; the office sees drafts too."""
    if not can_see_standards(actor):
        return TeachingStandard.objects.none()
    if actor.is_office:
        return TeachingStandard.objects.all()
    return TeachingStandard.objects.filter(pk__in=StandardVersion.objects.exclude(state=_STATE.DRAFT).values("standard"))


def visible_versions(actor: Actor, standard: TeachingStandard) -> QuerySet[StandardVersion]:
    versions = standard.versions.all()
    return versions if actor.is_office else versions.exclude(state=_STATE.DRAFT)


def get_standard_for(actor: Actor, public_id: UUID) -> TeachingStandard:
    """Raises Http404."""
    standard = visible_standards(actor).select_related("occupation").filter(public_id=public_id).first()
    if standard is None:
        raise Http404
    return standard


def get_standard_for_keeping(actor: Actor, public_id: UUID) -> TeachingStandard:
    """Raises Http404."""
    if not can_keep_standards(actor):
        raise Http404
    return get_standard_for(actor, public_id)
