"""Reads that span tables."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from denggao.engines.credentials.models import Credential
from denggao.engines.credentials.registry import Facts
from denggao.foundation.audit.models import Record
from denggao.foundation.plans.models import ProofGrade
from denggao.foundation.sheets.models import ImportRow
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.models import Occupation
from denggao.foundation.standards.rules import read_occupation
from denggao.systems.assessment.models import LevelCertificate


def public_facts(credential: Credential) -> Facts:
    """What anyone who verifies a level certificate may know beside its number, name and dates. One query."""
    certificate = LevelCertificate.objects.select_related("occupation").get(pk=credential.pk)
    occupation = certificate.occupation.name if certificate.occupation else certificate.occupation_text
    facts = [(_("Occupation"), occupation or certificate.job_title_text)]
    if certificate.job_title_text and certificate.job_title_text != occupation:
        facts.append((_("Job title"), certificate.job_title_text))
    facts.append((_("Level"), BY_CODE[certificate.level].name))
    return facts


@dataclass(frozen=True)
class HeldLevel:
    """A valid level certificate, as other rooms tell of it: ``occupation`` (None while its name is not mapped) and its ``name`` in
    the reader's language, ``level`` a code of the ladder, ``proof`` its grade."""

    occupation: Occupation | None
    name: str
    level: str
    issued_on: dt.date
    public_id: uuid.UUID
    proof: str


# Not the number: it is sealed, and opening hundreds takes longer than the rest of a page.
_OF_A_LEVEL = (
    "level",
    "occupation_text",
    *(f"credential__{part}" for part in ("holder", "issued_on", "public_id", "proof")),
    *(f"occupation__{field.name}" for field in Occupation._meta.concrete_fields),
)


def levels_of(person_ids: Collection[int]) -> dict[int, list[HeldLevel]]:
    """By person id, the earliest first; persons without one are absent. One query."""
    rows = LevelCertificate.objects.filter(credential__holder_id__in=person_ids, credential__status=Credential.Status.VALID)
    found: dict[int, list[HeldLevel]] = {}
    told = rows.select_related("credential", "occupation").only(*_OF_A_LEVEL)
    for row in told.order_by("credential__issued_on", "pk"):
        name = row.occupation.name if row.occupation else row.occupation_text
        held = HeldLevel(row.occupation, name, row.level, row.credential.issued_on, row.credential.public_id, row.credential.proof)
        found.setdefault(row.credential.holder_id or 0, []).append(held)
    return found


# The certificate's page


@dataclass(frozen=True)
class Moment:
    """Something that was done to a certificate: what, by whom, when, and the reason given."""

    title: str
    text: str
    when: dt.datetime
    state: str = "done"


_DONE: dict[str, Any] = {
    "assessment.certificate.register": _lazy("Registered"),
    "assessment.certificate.fill_in": _lazy("Filled in"),
    "assessment.certificate.confirm_number": _lazy("Number confirmed"),
    "assessment.certificate.set_occupation": _lazy("Occupation set"),
    "assessment.certificate.resolve_again": _lazy("Occupation read anew"),
    "credentials.certificate.join": _lazy("Joined its person"),
    "credentials.certificate.assign": _lazy("Given to a person by the office"),
    "credentials.certificate.part": _lazy("Parted from its person"),
    "credentials.certificate.confirm": _lazy("Confirmed by the register"),
    "credentials.certificate.document": _lazy("Documented by a scan"),
    "credentials.certificate.withdraw": _lazy("Withdrawn"),
    "credentials.certificate.read_whole": _lazy("Read whole"),
}


def history_of(certificate: LevelCertificate) -> list[Moment]:
    """What was done to a certificate, the latest first. One query."""
    types = [Credential._meta.label_lower, LevelCertificate._meta.label_lower]
    records = Record.objects.filter(object_type__in=types, object_id=str(certificate.public_id)).order_by("-id")[:100]
    return [
        Moment(
            str(_DONE.get(record.action, record.action)),
            " · ".join(filter(None, [record.actor_text, _reason_in(record)])),
            record.at,
            "bad" if record.action.endswith(("withdraw", "part")) else "done",
        )
        for record in records
    ]


def _reason_in(record: Record) -> str:
    after = record.after or {}
    return str(after.get("reason") or after.get("withdrawn_reason") or "")


def sheet_row_of(certificate: LevelCertificate) -> ImportRow | None:
    """The sheet row a certificate came from, with its import; None for a form or where it is not kept."""
    source = certificate.credential.source
    return ImportRow.objects.select_related("sheet_import").filter(public_id=source).first() if source else None


def counts_by_name(keys: Collection[str]) -> dict[str, int]:
    """How many certificates carry each of these occupation names (by key). One query."""
    wanted = set(keys)
    found: Counter[str] = Counter()
    rows = LevelCertificate.objects.values_list("occupation_text", "job_title_text").annotate(count=Count("pk")).order_by()
    for text, title, count in rows:
        written = read_occupation(text or title)
        key = written.key or written.code
        if key in wanted:
            found[key] += count
    return dict(found)


# What other rooms ask


@dataclass(frozen=True)
class LevelPaper:
    """A level certificate that holds. ``is_national``: its number has the 22 characters that name the province of its body."""

    level: str
    level_name: str
    issued_on: dt.date
    number: str
    is_national: bool
    issuer: str
    occupation_id: int | None
    is_proven: bool


def level_papers(person_id: int) -> list[LevelPaper]:
    """A person's level certificates that are not withdrawn, newest first. One query. PRIVACY: whole numbers; who shows them masks
    them."""
    found = LevelCertificate.objects.filter(credential__holder_id=person_id, credential__status=Credential.Status.VALID)
    return [
        LevelPaper(
            level=one.level,
            level_name=BY_CODE[one.level].name,
            issued_on=one.credential.issued_on,
            number=one.credential.number,
            is_national=one.number_shape == LevelCertificate.NumberShape.NATIONAL and one.number_confirmed,
            issuer=one.credential.issuer_text or one.credential.evaluator_text,
            occupation_id=one.occupation_id,
            is_proven=one.credential.proof != ProofGrade.DECLARED,
        )
        for one in found.select_related("credential").order_by("-credential__issued_on", "-pk")
    ]
