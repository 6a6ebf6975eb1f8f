"""Writes on level certificates beyond the sheet. What is done to any certificate (withdraw, confirm, join) lies in
``engines.credentials.actions``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from denggao.engines.credentials import hooks, policies
from denggao.engines.credentials.actions import CertificateRefused
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.sheets.actions.applying import take_turns
from denggao.foundation.sheets.kinds import Cell, Context, Judgement, Row
from denggao.foundation.sheets.rules import parse_row, settle
from denggao.foundation.standards.actions import OccupationRefused
from denggao.foundation.standards.models import Occupation
from denggao.foundation.standards.queries import OccupationFinder
from denggao.systems.assessment.models import LevelCertificate
from denggao.systems.assessment.sheets import CertificateSheet


class RowRefused(Refused):
    """What was filled in gives no certificate. ``faults`` name the fields."""

    def __init__(self, judgement: Judgement) -> None:
        self.faults = judgement.faults
        self.held = bool(judgement.held_for)
        super().__init__("\n".join(str(fault.text) for fault in judgement.faults))


def row_of(texts: Mapping[str, str]) -> Row:
    """A form's fields as a row of the sheet: read by the same columns."""
    cells = {key: Cell(text, text) for key, text in texts.items() if text.strip()}
    columns = CertificateSheet.columns
    return parse_row(columns, frozenset(column.key for column in columns), cells, sheet="", number=1)


@action("assessment.certificate.enter", requires=policies.can_register_certificates, batch=True)
def register_certificate(texts: Mapping[str, str], *, today: dt.date, actor: Actor, now: dt.datetime) -> Judgement:
    """Register one certificate from a form, by the rules of the sheet. ``texts`` by column key, as written.

    Raises RowRefused with every fault. A certificate that is registered already, and says the same, is unchanged.
    """
    take_turns()
    sheet = CertificateSheet()
    context = Context(as_of=today, today=today, actor=actor)
    judgement = settle(sheet.check([row_of(texts)], context)[0])
    if judgement.outcome == "refused":
        raise RowRefused(judgement)
    sheet.apply([judgement], context, now=now)
    return judgement


@action("assessment.certificate.confirm_number", requires=policies.can_keep_certificates, batch=True)
def confirm_number(certificate: LevelCertificate, *, reason: str, actor: Actor, now: dt.datetime) -> LevelCertificate:
    """The office's word that a number of unknown shape is a certificate's number: the certificate counts from now on.

    Raises CertificateRefused where the number needs no word, or without a reason.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise CertificateRefused(_("Reason: say what this rests on."))
    before = snapshot(certificate)
    if not LevelCertificate.objects.filter(pk=certificate.pk, number_confirmed=False).update(number_confirmed=True):
        raise CertificateRefused(_("This number is confirmed already."))
    certificate.number_confirmed = True
    _keep("assessment.certificate.confirm_number", certificate, before, reason)
    _tell([certificate], actor=actor, now=now)
    return certificate


@action("assessment.certificate.set_occupation", requires=policies.can_keep_certificates, batch=True)
def set_occupation(
    certificate: LevelCertificate, *, occupation: Occupation | None, reason: str, actor: Actor, now: dt.datetime
) -> LevelCertificate:
    """Say for this certificate alone which occupation it is in; None leaves it to the names again.

    Raises OccupationRefused for one that became part of another, CertificateRefused without a reason.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise CertificateRefused(_("Reason: say what this rests on."))
    if occupation is not None and occupation.merged_into_id is not None:
        raise OccupationRefused(_("This occupation became part of another one: choose that one."))
    before = snapshot(certificate)
    certificate.occupation_fixed = occupation is not None
    certificate.occupation = (
        occupation or OccupationFinder().resolve(certificate.occupation_text, certificate.job_title_text).occupation
    )
    certificate.save(update_fields=["occupation", "occupation_fixed"])
    _keep("assessment.certificate.set_occupation", certificate, before, reason)
    _tell([certificate], actor=actor, now=now)
    return certificate


@action("assessment.certificate.resolve_again", requires=policies.can_join_waiting, batch=True)
def resolve_again(*, actor: Actor, now: dt.datetime) -> int:
    """Bring every certificate's occupation in line with what the names mean now; returns how many differ.

    Plugged into ``standards.hooks.occupations_changed``: the permission is that of the act which changed the meaning.
    """
    finder = OccupationFinder()
    changed: list[LevelCertificate] = []
    rows = LevelCertificate.objects.values_list("occupation_text", "job_title_text", "occupation_id", "occupation_fixed")
    for text, title, occupation_id, fixed in rows.distinct().order_by():
        occupation = finder.by_id(occupation_id) if fixed else finder.resolve(text, title).occupation
        if (occupation is not None and occupation.pk == occupation_id) or (occupation is None and occupation_id is None):
            continue
        alike = LevelCertificate.objects.select_related("credential").filter(
            occupation_text=text, job_title_text=title, occupation_id=occupation_id, occupation_fixed=fixed
        )
        for certificate in alike:
            before = snapshot(certificate)
            certificate.occupation = occupation
            note([Line.about("assessment.certificate.resolve_again", certificate, before=before, after=snapshot(certificate))])
            changed.append(certificate)
    LevelCertificate.objects.bulk_update(changed, ["occupation"], batch_size=500)
    _tell(changed, actor=actor, now=now)
    return len(changed)


def _keep(code: str, certificate: LevelCertificate, before: dict[str, object], reason: str) -> None:
    line = Line.about(code, certificate, before=before, after=snapshot(certificate))
    note([replace(line, after={**(line.after or {}), "reason": reason})])


def _tell(certificates: list[LevelCertificate], *, actor: Actor, now: dt.datetime) -> None:
    people = {holder for item in certificates if (holder := item.credential.holder_id) is not None}
    if people:
        hooks.certificates_changed(people, actor=actor, now=now)
