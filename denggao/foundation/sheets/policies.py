"""Who may hand in a sheet, and who sees what became of it: the office all, a body's HR those of the body, anyone their own."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.files.models import StoredFile
from denggao.foundation.sheets.kinds import Kind, kind_of
from denggao.foundation.sheets.models import Import


def may_take(actor: Actor, kind: Kind, options: dict[str, Any]) -> bool:
    """``options`` are resolved."""
    return actor.kind != ActorKind.VISITOR and (actor.is_operator or kind.may_import(actor, options))


def visible_imports(actor: Actor) -> QuerySet[Import]:
    if actor.is_office:
        return Import.objects.all()
    if actor.kind not in {ActorKind.ACCOUNT, ActorKind.TOKEN}:
        return Import.objects.none()
    bodies = actor.organisations_as(Role.HR)
    # PRIVACY: what somebody handed in for a body they no longer act for is no longer theirs to see.
    return Import.objects.filter(Q(body_id__in=bodies) | Q(body_id__isnull=True, created_by=actor.id))


def get_import_for(actor: Actor, public_id: uuid.UUID | str) -> Import:
    """Raises Http404 where the import is none of the actor's business, as if it did not exist."""
    try:
        found = visible_imports(actor).filter(public_id=public_id).first()
    except (ValueError, TypeError):
        found = None
    if found is None:
        raise Http404
    return found


def can_work_on(actor: Actor, handed_in: Import) -> bool:
    """Whether the actor may change, check, apply or cancel this import."""
    if actor.is_operator:
        return True
    if not visible_imports(actor).filter(pk=handed_in.pk).exists():
        return False
    try:
        kind = kind_of(handed_in.kind)
        return may_take(actor, kind, kind.resolve(handed_in.context))
    except (KeyError, Refused):
        return False


def can_read_upload(actor: Actor, stored: StoredFile) -> bool:
    """Who sees an import may read its file."""
    return visible_imports(actor).filter(file=stored).exists()


def can_purge(actor: Actor, subject: object) -> bool:
    """Scheduled work of the product itself."""
    return actor.is_operator


def can_replay(actor: Actor, subject: object) -> bool:
    """Held rows are judged again by whoever rules on them: the office."""
    return actor.is_office
