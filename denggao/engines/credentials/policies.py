"""Who may see and keep certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from denggao.engines.credentials.models import Credential, Issued, Scan
from denggao.engines.credentials.registry import ISSUED_KINDS
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.organisations.models import Employment
from denggao.foundation.people.policies import can_unmask


def can_register_certificates(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.ADMINISTRATOR, Role.CLERK)


def can_keep_certificates(actor: Actor, _subject: Any = None) -> bool:
    """Withdraw, confirm, join, settle what is doubtful."""
    return actor.has(Role.ADMINISTRATOR, Role.CLERK, Role.REVIEWER)


def can_compare_scan(actor: Actor, scan: Scan | None = None) -> bool:
    """A second person: never the one who handed the scan in."""
    return can_keep_certificates(actor) and (scan is None or scan.handed_in_by != actor.id)


def can_read_whole(actor: Actor, _subject: Any = None) -> bool:
    """The whole name and numbers on a certificate: for those who ask the register."""
    return can_unmask(actor)


def can_join_waiting(actor: Actor, _subject: Any = None) -> bool:
    """Whoever may bring a person in brings the certificates that wait for that person."""
    return actor.kind is not ActorKind.VISITOR


def can_see_certificates(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office or bool(actor.organisations_as(Role.HR))


def visible_credentials(actor: Actor) -> QuerySet[Credential]:
    """The office sees all; an employer those of its own staff, until they leave."""
    if actor.is_office:
        return Credential.objects.all()
    staff = Employment.objects.filter(employer_id__in=actor.organisations_as(Role.HR), left_on__isnull=True)
    return Credential.objects.filter(holder_id__in=staff.values("person_id"))


def get_credential_for(actor: Actor, public_id: UUID) -> Credential:
    """Raises Http404, also where the certificate is none of the actor's business."""
    credential = visible_credentials(actor).filter(public_id=public_id).select_related("holder").first()
    if credential is None:
        raise Http404
    return credential


def get_credential_for_keeping(actor: Actor, public_id: UUID) -> Credential:
    """Raises Http404."""
    if not can_keep_certificates(actor):
        raise Http404
    return get_credential_for(actor, public_id)


def get_scan_for(actor: Actor, public_id: UUID, scan_id: UUID) -> Scan:
    """Raises Http404. Scans are the office's alone."""
    credential = get_credential_for_keeping(actor, public_id)
    scan = Scan.objects.filter(credential=credential, public_id=scan_id).select_related("file", "credential").first()
    if scan is None:
        raise Http404
    return scan


# What the platform issues


def can_issue(actor: Actor, order: Any = None) -> bool:
    """The office, the authorities, and whom the kind lets: a plaque is issued as the last authority signs."""
    kind = ISSUED_KINDS.get(getattr(order, "kind", ""))
    return _issues(actor) or bool(kind and kind.may_issue and kind.may_issue(actor, order))


def can_change_issued(actor: Actor, issued: Issued) -> bool:
    kind = ISSUED_KINDS.get(issued.kind)
    return _issues(actor) or bool(kind and kind.may_change and kind.may_change(actor, issued))


def _issues(actor: Actor) -> bool:
    return actor.has(Role.ADMINISTRATOR, Role.CLERK, Role.APPROVER) or bool(actor.organisations_as(Role.AUTHORITY))
