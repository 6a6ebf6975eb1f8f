"""Who may see and keep certificates."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.timezone import localdate

from denggao.engines.credentials.models import Credential, Issued, Scan, Standing
from denggao.engines.credentials.registry import ISSUED_KINDS
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.files.models import StoredFile
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
    """The office, for bodies the authorities, and whom the kind lets: a plaque is issued as the last authority signs."""
    kind = ISSUED_KINDS.get(getattr(order, "kind", ""))
    to_person = getattr(order, "holder_person", None) is not None
    return _issues(actor, to_person=to_person) or bool(kind and kind.may_issue and kind.may_issue(actor, order))


def can_change_issued(actor: Actor, issued: Issued) -> bool:
    kind = ISSUED_KINDS.get(issued.kind)
    return _issues(actor, to_person=issued.is_personal) or bool(kind and kind.may_change and kind.may_change(actor, issued))


def can_keep_paper(actor: Actor, _subject: Any = None) -> bool:
    """Whoever may change what is issued asks for its paper; the job comes after, when roles may have ended."""
    return actor.kind is not ActorKind.VISITOR


def get_issued(public_id: UUID) -> Issued:
    """Its status is anyone's to see who has its address. Raises Http404."""
    issued = (
        Issued.objects.select_related("plan", "holder_person", "holder_organisation", "pdf").filter(public_id=public_id).first()
    )
    if issued is None:
        raise Http404
    return issued


def is_holder(actor: Actor, issued: Issued) -> bool:
    if issued.holder_person is not None:
        return actor.user is not None and issued.holder_person.account_id == actor.user.pk
    return issued.holder_organisation_id in actor.organisations_as(*Role)


def can_read_paper(actor: Actor, issued: Issued, today: dt.date) -> bool:
    """A body's plaque is public while it stands. A person's letter is the holder's, the office's and theirs who issue it;
    so is what no longer stands."""
    if not issued.is_personal and issued.standing(today) in {Standing.VALID, Standing.NOT_YET}:
        return True
    return is_holder(actor, issued) or actor.is_office or can_change_issued(actor, issued)


def can_read_paper_file(actor: Actor, stored: StoredFile) -> bool:
    issued = Issued.objects.select_related("holder_person").filter(pdf=stored).first()
    return issued is not None and can_read_paper(actor, issued, localdate())


def paper_reading_is_recorded(actor: Actor, issued: Issued) -> bool:
    """Somebody else's letter is read by POST, with a purpose, and that is kept."""
    return issued.is_personal and not is_holder(actor, issued)


def visible_issued(actor: Actor) -> QuerySet[Issued]:
    """In lists: the office sees all, a body what it holds, a person their own letters."""
    if actor.is_office:
        return Issued.objects.all()
    own = Q(holder_organisation_id__in=actor.organisations_as(*Role))
    if actor.user is not None:
        own |= Q(holder_person__account=actor.user)
    return Issued.objects.filter(own)


def _issues(actor: Actor, *, to_person: bool) -> bool:
    if actor.has(Role.ADMINISTRATOR, Role.CLERK, Role.APPROVER):
        return True
    return not to_person and bool(actor.organisations_as(Role.AUTHORITY))
