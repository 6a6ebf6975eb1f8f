"""The register of level certificates as a sheet: its columns, how its rows are judged, and how they are applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from denggao.engines.credentials import hooks, policies
from denggao.engines.credentials.models import Credential
from denggao.foundation.audit.actions import note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import insert
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.people.actions import keep_name_conflicts
from denggao.foundation.people.rules import clean_name, name_key
from denggao.foundation.sheets.kinds import Absence, Column, Context, Judgement, Row
from denggao.foundation.standards.actions import list_occupation_names
from denggao.systems.assessment.columns import COLUMNS
from denggao.systems.assessment.judging import FIELDS, Given, Judging
from denggao.systems.assessment.models import LevelCertificate
from denggao.systems.assessment.rules import (
    Shape,
)

KIND = "skill_level"
OBJECT = LevelCertificate._meta.label_lower
BATCH_ROWS = 1000


class CertificateSheet:
    """The register of skill-level certificates, handed in by the office."""

    code = "certificates"
    title_zh = "技能等级证书登记表"
    title_en = "Register of skill-level certificates"
    columns: Sequence[Column] = COLUMNS

    def may_import(self, actor: Actor, options: Mapping[str, Any]) -> bool:
        return policies.can_register_certificates(actor)

    def resolve(self, options: Mapping[str, str]) -> dict[str, Any]:
        return {}

    def absent(self, rows: Sequence[Row], context: Context) -> list[Absence]:
        return []

    def check(self, rows: Sequence[Row], context: Context) -> list[Judgement]:
        return Judging(rows, context).all()

    def apply(self, judgements: Sequence[Judgement], context: Context, *, now: dt.datetime) -> None:
        keep_name_conflicts(
            [
                (item.payload.conflict, item.payload.values["name"])
                for item in judgements
                if item.held_for and isinstance(item.payload, Given) and item.payload.conflict
            ],
            source=self.code,
            now=now,
        )
        created = _create([item for item in judgements if item.outcome == "created"], now=now)
        updated = _update([item for item in judgements if item.outcome == "updated"])
        for item in judgements:
            if item.outcome == "unchanged":
                known, twin = item.payload.known, item.payload.twin
                item.object_type, item.object_id = OBJECT, str(known.credential.public_id) if known else twin.object_id
        list_occupation_names([item.payload.found for item in (*created, *updated)], actor=context.actor, now=now)
        people = {item.payload.holder.pk for item in created if item.payload.holder}
        people |= {holder for item in updated if (holder := item.payload.known.credential.holder_id) is not None}
        if people:
            hooks.certificates_changed(people, actor=context.actor, now=now)


def _create(judgements: Sequence[Judgement], *, now: dt.datetime) -> Sequence[Judgement]:
    credentials = [_credential(item, now=now) for item in judgements]
    insert(credentials)
    certificates = [_certificate(item, credential) for item, credential in zip(judgements, credentials, strict=True)]
    insert(certificates)
    for item, certificate in zip(judgements, certificates, strict=True):
        item.object_type, item.object_id = OBJECT, str(certificate.credential.public_id)
    note(_line("assessment.certificate.register", certificate) for certificate in certificates)
    return judgements


def _credential(judgement: Judgement, *, now: dt.datetime) -> Credential:
    given = judgement.payload
    values, identity = given.values, given.identity
    return Credential(
        number=values["number"],
        kind=KIND,
        holder=given.holder,
        holder_name=clean_name(values["name"]),
        holder_name_key=name_key(values["name"]),
        document_kind=identity.kind,
        document_number=identity.number,
        document_index=given.key[1],
        issued_on=values["issued_on"],
        evaluator_text=values.get("evaluator") or "",
        issuer_text=values.get("issuer") or "",
        source=judgement.row.source,
        registered_at=now,
    )


def _certificate(judgement: Judgement, credential: Credential) -> LevelCertificate:
    given = judgement.payload
    values = given.values
    return LevelCertificate(
        credential=credential,
        number_shape=given.number.shape,
        number_confirmed=given.number.shape != Shape.OTHER,
        occupation_text=values.get("occupation") or "",
        job_title_text=values.get("job_title") or "",
        occupation=given.found.occupation,
        level=values["level"],
        theory_score=values.get("theory_score"),
        skill_score=values.get("skill_score"),
        employer_text=values.get("employer") or "",
    )


def _update(judgements: Sequence[Judgement]) -> Sequence[Judgement]:
    """Fill in what the register did not know. What it knew stays."""
    certificates: dict[int, LevelCertificate] = {}
    for item in judgements:
        certificate = item.payload.known
        before = _both(certificate)
        for column, value in item.payload.fills.items():
            target = certificate.credential if column in {"evaluator", "issuer"} else certificate
            setattr(target, FIELDS[column], value)
        if "job_title" in item.payload.fills and not certificate.occupation_fixed:
            certificate.occupation = item.payload.found.occupation
        certificates[certificate.pk] = certificate
        note([_line("assessment.certificate.fill_in", certificate, before)])
        item.object_type, item.object_id = OBJECT, str(certificate.credential.public_id)
    LevelCertificate.objects.bulk_update(
        certificates.values(),
        ["employer_text", "job_title_text", "occupation", "theory_score", "skill_score"],
        batch_size=BATCH_ROWS // 4,
    )
    Credential.objects.bulk_update(
        [item.credential for item in certificates.values()], ["evaluator_text", "issuer_text"], batch_size=BATCH_ROWS // 4
    )
    return judgements


def _both(certificate: LevelCertificate) -> dict[str, Any]:
    return {**snapshot(certificate.credential), **snapshot(certificate)}


def _line(action: str, certificate: LevelCertificate, before: dict[str, Any] | None = None) -> Line:
    line = Line.about(action, certificate.credential, before=before, after=_both(certificate))
    return replace(line, personal=frozenset({*Credential.personal, *LevelCertificate.personal}))
