"""Every write on certificates, whatever they certify. What may bear on a head fires ``hooks.certificates_changed``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from denggao.engines.credentials import hooks, policies
from denggao.engines.credentials.models import Credential, Scan
from denggao.engines.credentials.queries import waiting_for
from denggao.foundation.audit.actions import NotAllowed, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import ProofGrade

REASON_LENGTH = 300


class CertificateRefused(Refused):
    """What was asked can't be done to this certificate."""


class AlreadyWithdrawn(CertificateRefused):
    """The certificate was withdrawn before."""


@action("credentials.certificate.withdraw", requires=policies.can_keep_certificates)
def withdraw_certificate(credential: Credential, *, reason: str, actor: Actor, now: dt.datetime) -> Credential:
    """Withdraw a certificate: from now on it neither counts nor stands in the way of another. Its history stays.

    Raises AlreadyWithdrawn, and CertificateRefused without a reason.
    """
    reason = _given(reason)
    withdrawn = Credential.objects.filter(pk=credential.pk, status=Credential.Status.VALID).update(
        status=Credential.Status.WITHDRAWN, withdrawn_at=now, withdrawn_reason=reason
    )
    if not withdrawn:
        raise AlreadyWithdrawn(_("This certificate was withdrawn before."))
    credential.refresh_from_db()
    if credential.holder_id is not None:
        hooks.certificates_changed({credential.holder_id}, actor=actor, now=now, reason="withdrawn")
    return credential


@action("credentials.certificate.confirm", requires=policies.can_keep_certificates)
def confirm_certificate(
    credential: Credential, *, asked_on: dt.date, asked_by: str, today: dt.date, actor: Actor, now: dt.datetime
) -> Credential:
    """Keep that the issuer's register was asked, on which day and by whom: the certificate is confirmed.

    Raises CertificateRefused for a withdrawn certificate, a day outside issue date to today, or no name.
    """
    _must_stand(credential)
    if not credential.issued_on <= asked_on <= today:
        raise CertificateRefused(_("Day of the query: it must lie between the issue date and today."))
    asked_by = " ".join(asked_by.split())
    if not asked_by:
        raise CertificateRefused(_("Register and name: say which register was asked, and by whom."))
    confirmed = Credential.objects.filter(pk=credential.pk, status=Credential.Status.VALID).update(
        confirmed_on=asked_on, confirmed_name=asked_by[:120], proof=ProofGrade.CONFIRMED
    )
    credential.refresh_from_db()
    if not confirmed:
        _must_stand(credential)
    _tell(credential, actor=actor, now=now)
    return credential


@action("credentials.scan.hand_in", requires=policies.can_keep_certificates, batch=True)
def hand_in_scan(credential: Credential, *, file: StoredFile, actor: Actor, now: dt.datetime) -> Scan:
    """Keep a picture of the certificate, for a second person to compare. Raises CertificateRefused."""
    _must_stand(credential)
    if credential.scans.filter(state=Scan.State.OPEN).exists():
        raise CertificateRefused(_("Scan: one is waiting for comparison already."))
    scan = Scan.objects.create(
        credential=credential, file=file, handed_in_by=actor.id, handed_in_by_text=actor.text[:120], handed_in_at=now
    )
    note([Line.about("credentials.scan.hand_in", scan, after=snapshot(scan))])
    return scan


@action("credentials.scan.compare", requires=policies.can_compare_scan)
def compare_scan(scan: Scan, *, agrees: bool, remark: str, actor: Actor, now: dt.datetime) -> Scan:
    """The word of a second person on a scan. Where it agrees with the record, the certificate is documented.

    Raises NotAllowed to who handed it in, CertificateRefused where it was compared before, or differs without a remark.
    """
    if scan.handed_in_by == actor.id:
        raise NotAllowed("credentials.scan.compare")
    _must_stand(scan.credential)
    remark = " ".join(remark.split())[:REASON_LENGTH]
    if not agrees and not remark:
        raise CertificateRefused(_("Remark: say in what the scan differs from the record."))
    compared = Scan.objects.filter(pk=scan.pk, state=Scan.State.OPEN).update(
        state=Scan.State.AGREES if agrees else Scan.State.DIFFERS,
        compared_by=actor.id,
        compared_by_text=actor.text[:120],
        compared_at=now,
        remark=remark,
    )
    if not compared:
        raise CertificateRefused(_("This scan was compared before."))
    scan.refresh_from_db()
    if agrees:
        _document(scan.credential, actor=actor, now=now)
    return scan


def _document(credential: Credential, *, actor: Actor, now: dt.datetime) -> None:
    before = snapshot(credential)
    raised = Credential.objects.filter(pk=credential.pk, proof=ProofGrade.DECLARED).update(proof=ProofGrade.DOCUMENTED)
    if not raised:
        return
    credential.refresh_from_db()
    note([Line.about("credentials.certificate.document", credential, before=before, after=snapshot(credential))])
    _tell(credential, actor=actor, now=now)


@action("credentials.certificate.join", requires=policies.can_join_waiting, batch=True)
def join_waiting(person_ids: Collection[int], *, actor: Actor, now: dt.datetime) -> int:
    """Give waiting certificates to those of these persons whose document and name they carry. Returns how many.

    Plugged in where persons change; who tells of that change counts these persons again afterwards.
    """
    joined = waiting_for(person_ids)
    before = {credential.pk: snapshot(credential) for credential, _person in joined}
    for credential, person_id in joined:
        credential.holder_id = person_id
    Credential.objects.bulk_update([credential for credential, _person in joined], ["holder"], batch_size=500)
    note(
        Line.about("credentials.certificate.join", credential, before=before[credential.pk], after=snapshot(credential))
        for credential, _person in joined
    )
    return len(joined)


@action("credentials.certificate.assign", requires=policies.can_keep_certificates, batch=True)
def join_certificate(credential: Credential, *, person: Person, reason: str, actor: Actor, now: dt.datetime) -> Credential:
    """The office's word that a waiting certificate is this person's, though number or name differ.

    Raises CertificateRefused where it has a holder, or without a reason.
    """
    reason = _given(reason)
    before = snapshot(credential)
    if not Credential.objects.filter(pk=credential.pk, holder__isnull=True).update(holder=person):
        raise CertificateRefused(_("This certificate has its holder already."))
    credential.refresh_from_db()
    line = Line.about("credentials.certificate.assign", credential, before=before, after=snapshot(credential))
    note([replace(line, after={**(line.after or {}), "reason": reason})])
    _tell(credential, actor=actor, now=now)
    return credential


@action("credentials.certificate.part", requires=policies.can_keep_certificates, batch=True)
def part_certificate(credential: Credential, *, reason: str, actor: Actor, now: dt.datetime) -> Credential:
    """Take back that a certificate is its holder's, where the office joined them: it waits again.

    Raises CertificateRefused where document and name join them anyway, or without a reason.
    """
    reason = _given(reason)
    holder_id = credential.holder_id
    before = snapshot(credential)
    if holder_id is None:
        raise CertificateRefused(_("This certificate waits for its holder already."))
    credential.holder = None
    credential.save(update_fields=["holder"])
    if any(item.pk == credential.pk for item, _person in waiting_for({holder_id})):
        raise CertificateRefused(_("Document number and name are the holder's own: this certificate can't be parted from them."))
    line = Line.about("credentials.certificate.part", credential, before=before, after=snapshot(credential))
    note([replace(line, after={**(line.after or {}), "reason": reason})])
    hooks.certificates_changed({holder_id}, actor=actor, now=now)
    return credential


@dataclass(frozen=True)
class Whole:
    """What a certificate says, unmasked, for the one who asked."""

    name: str
    document_number: str
    number: str


@action("credentials.certificate.read_whole", requires=policies.can_read_whole, batch=True)
def read_whole(credential: Credential, *, reason: str, actor: Actor, now: dt.datetime) -> Whole:
    """The whole name and numbers on a certificate, once, to ask the register. Every reading is recorded with its reason.

    Raises CertificateRefused without a reason.
    """
    reason = _given(reason)
    note([Line.about("credentials.certificate.read_whole", credential, after={"reason": reason})])
    return Whole(credential.holder_name, credential.document_number, credential.number)


def _given(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise CertificateRefused(_("Reason: say what this rests on."))
    return reason[:REASON_LENGTH]


def _must_stand(credential: Credential) -> None:
    if credential.status != Credential.Status.VALID:
        raise CertificateRefused(_("This certificate was withdrawn: nothing more is done to it."))


def _tell(credential: Credential, *, actor: Actor, now: dt.datetime) -> None:
    if credential.holder_id is not None:
        hooks.certificates_changed({credential.holder_id}, actor=actor, now=now)
