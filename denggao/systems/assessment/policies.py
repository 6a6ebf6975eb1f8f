"""Who may see and keep level certificates: as for any certificate (``engines.credentials.policies``)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from denggao.engines.credentials.models import Credential
from denggao.engines.credentials.policies import can_keep_certificates, can_see_certificates, visible_credentials
from denggao.foundation.audit.actors import Actor
from denggao.systems.assessment.models import LevelCertificate

SCAN_KIND = "credential_scan"


def visible_certificates(actor: Actor) -> QuerySet[LevelCertificate]:
    found = LevelCertificate.objects.select_related("credential", "occupation")
    return found if actor.is_office else found.filter(credential__in=visible_credentials(actor))


def can_see_list(actor: Actor, _subject: Any = None) -> bool:
    return can_see_certificates(actor)


def can_see_waiting(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office


def get_certificate_for(actor: Actor, public_id: UUID) -> LevelCertificate:
    """Raises Http404, also where the certificate is none of the actor's business."""
    certificate = visible_certificates(actor).filter(credential__public_id=public_id).select_related("credential__holder").first()
    if certificate is None:
        raise Http404
    return certificate


def get_certificate_for_keeping(actor: Actor, public_id: UUID) -> LevelCertificate:
    """Raises Http404."""
    if not can_keep_certificates(actor):
        raise Http404
    return get_certificate_for(actor, public_id)


def can_read_scan(actor: Actor, stored: Any) -> bool:
    """Files of the kind ``credential_scan``: for those who keep certificates."""
    return can_keep_certificates(actor)


def waiting_credentials(actor: Actor) -> QuerySet[Credential]:
    """Certificates without a holder: the office's alone."""
    if not can_see_waiting(actor):
        return Credential.objects.none()
    return visible_credentials(actor).filter(holder__isnull=True, status=Credential.Status.VALID)
