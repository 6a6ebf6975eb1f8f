"""Who may issue, see and revoke tokens."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from denggao.faces.api.models import ApiToken
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.organisations.models import Organisation

KEEPERS = (Role.ADMINISTRATOR, Role.CLERK)


def can_manage_tokens(actor: Actor, organisation: Organisation) -> bool:
    """The organisation's own HR, and the office. A token issues no tokens."""
    if actor.kind == ActorKind.TOKEN:
        return False
    return actor.has(*KEEPERS) or actor.has(Role.HR, organisation_id=organisation.pk)


def can_grant_office_scopes(actor: Actor) -> bool:
    return actor.has(Role.ADMINISTRATOR)


def can_revoke_token(actor: Actor, token: ApiToken) -> bool:
    return can_manage_tokens(actor, token.organisation)


def can_note_use(actor: Actor, token: ApiToken) -> bool:
    return actor.kind == ActorKind.TOKEN and actor.id == str(token.public_id)


def manageable_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Bodies for which the actor may issue tokens."""
    if actor.kind == ActorKind.TOKEN:
        return Organisation.objects.none()
    if actor.has(*KEEPERS):
        return Organisation.objects.order_by("name_zh")
    return Organisation.objects.filter(pk__in=actor.organisations_as(Role.HR)).order_by("name_zh")


def visible_tokens(actor: Actor) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(organisation__in=manageable_organisations(actor).order_by()).select_related("organisation")


def get_token_for(actor: Actor, public_id: uuid.UUID) -> ApiToken:
    """Raises Http404 where the actor may not know of it."""
    token = visible_tokens(actor).filter(public_id=public_id).first()
    if token is None:
        raise Http404
    return token
