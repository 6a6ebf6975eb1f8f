"""How a row of the register of level certificates is judged: against the register, and against the rows before it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.credentials.models import Credential
from denggao.engines.credentials.queries import by_number
from denggao.engines.credentials.rules import number_key
from denggao.foundation.organisations.rules import body_key
from denggao.foundation.people.actions import conflict_id, held_for
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import Key, NameMatcher, find_by_identity, key_of
from denggao.foundation.people.rules import Identity, name_key, read_identity
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Context, Fault, Judgement, Row
from denggao.foundation.standards.queries import Found, OccupationFinder, Resolution, RuleTable
from denggao.foundation.standards.rules import occupation_key
from denggao.systems.assessment.columns import MASKS, REQUIRED
from denggao.systems.assessment.models import LevelCertificate
from denggao.systems.assessment.rules import (
    NumberRead,
    Shape,
    disagreeing,
    issue_faults,
    number_faults,
    read_number,
    score_faults,
)

BATCH_ROWS = 1000
AGE_RULE, PASS_RULE = "assessment.minimum_age", "assessment.pass_mark"
FIELDS = {
    "employer": "employer_text",
    "job_title": "job_title_text",
    "theory_score": "theory_score",
    "skill_score": "skill_score",
    "evaluator": "evaluator_text",
    "issuer": "issuer_text",
}


@dataclass
class Given:
    """What a row says of one certificate, as far as it could be read."""

    values: dict[str, Any]
    identity: Identity | None = None
    key: Key | None = None
    holder: Person | None = None
    found: Found = field(default_factory=lambda: Found(None, Resolution.BLANK))
    number: NumberRead = field(default_factory=lambda: NumberRead(Shape.OTHER))
    known: LevelCertificate | None = None
    fills: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    conflict: Person | None = None
    twin: Judgement | None = None

    def said(self) -> dict[str, Any]:
        """What is compared with the register, by column."""
        values = self.values
        return {
            "name": name_key(values.get("name") or ""),
            "document_number": self.key,
            "level": values.get("level"),
            "issued_on": values.get("issued_on"),
            "occupation": occupation_key(values.get("occupation") or values.get("job_title") or ""),
            "occupation_id": self.found.occupation.pk if self.found.occupation else None,
            "job_title": occupation_key(values.get("job_title") or ""),
            "employer": body_key(values.get("employer") or ""),
            "evaluator": body_key(values.get("evaluator") or ""),
            "issuer": body_key(values.get("issuer") or ""),
            "theory_score": values.get("theory_score"),
            "skill_score": values.get("skill_score"),
        }


def registered(certificate: LevelCertificate) -> dict[str, Any]:
    """What the register says of a certificate, as ``Given.said``."""
    credential = certificate.credential
    return {
        "name": credential.holder_name_key,
        "document_number": (credential.document_kind, bytes(credential.document_index)),
        "level": certificate.level,
        "issued_on": credential.issued_on,
        "occupation": occupation_key(certificate.occupation_text or certificate.job_title_text),
        "occupation_id": None if certificate.occupation_fixed else certificate.occupation_id,
        "job_title": occupation_key(certificate.job_title_text),
        "employer": body_key(certificate.employer_text),
        "evaluator": body_key(credential.evaluator_text),
        "issuer": body_key(credential.issuer_text),
        "theory_score": certificate.theory_score,
        "skill_score": certificate.skill_score,
    }


class Judging:
    """Judges rows in their order, against the register and against the rows before them."""

    def __init__(self, rows: Sequence[Row], context: Context) -> None:
        self.rows = rows
        self.context = context
        self.finder = OccupationFinder()
        self.rules = RuleTable(AGE_RULE, PASS_RULE)
        self.by_id = _records([row.record_id for row in rows if row.record_id])
        self.given = [self._read(row) for row in rows]
        registered_ones = by_number(item.values["number"] for item in self.given if item.values.get("number"))
        self.register = _level_certificates(registered_ones)
        self.taken = registered_ones.keys() - self.register.keys()
        self.holders = find_by_identity({item.key for item in self.given if item.key})
        self.matcher = NameMatcher(self.holders.values())
        self.earlier: dict[str, Judgement] = {}

    def all(self) -> list[Judgement]:
        return [self._judge(row, given) for row, given in zip(self.rows, self.given, strict=True)]

    def _read(self, row: Row) -> Given:
        """Put what a masked export left out back in, read what takes two columns, resolve the occupation."""
        given = Given(dict(row.values))
        record = self.by_id.get(row.record_id)
        for column, mask in MASKS.items():
            text = str(given.values.get(column) or "")
            if cells.is_masked(text):
                whole = _whole_value(record, column) if record else ""
                given.values[column] = whole if whole and cells.same_when_masked(text, whole, mask) else None
                if given.values[column] is None:
                    given.faults.append(
                        Fault(
                            column, _("%(column)s: the value is masked here and is not that of this record. Give the whole value.")
                        )
                    )
        values = given.values
        if values.get("occupation_code") and not (values.get("occupation") or "").startswith(values["occupation_code"]):
            values["occupation"] = f"{values['occupation_code']} {values.get('occupation') or ''}".strip()
        if values.get("document_number"):
            identity = read_identity(values.get("document_kind"), values["document_number"])
            if isinstance(identity, Fault):
                given.faults.append(identity)
            else:
                given.identity, given.key = identity, key_of(identity)
        if values.get("number"):
            given.number = read_number(values["number"])
        given.found = self.finder.resolve(values.get("occupation") or "", values.get("job_title") or "")
        return given

    def _judge(self, row: Row, given: Given) -> Judgement:
        judgement = Judgement(row, "created", faults=[*row.faults, *given.faults], payload=given)
        values = given.values
        marked = {fault.column for fault in judgement.faults}
        judgement.faults += [
            Fault(column, _("%(column)s: this is missing. Fill it in."))
            for column in REQUIRED
            if not values.get(column) and column not in marked
        ]
        if not values.get("occupation") and not values.get("job_title") and "occupation" not in marked:
            judgement.faults.append(Fault("occupation", _("%(column)s: this is missing. Fill it in.")))
        if row.record_id and row.record_id not in self.by_id:
            judgement.faults.append(
                Fault("", _("Record number: there is no such certificate. Leave the cell empty for a new one."))
            )
        self._judge_holder(judgement, given)
        self._judge_facts(judgement, given)
        if values.get("number"):
            self._judge_number(judgement, given)
        if judgement.faults:
            judgement.outcome = "refused"
        else:
            self._warn(judgement, given)
        return judgement

    def _judge_holder(self, judgement: Judgement, given: Given) -> None:
        person = self.holders.get(given.key) if given.key else None
        if person is None or not given.values.get("name"):
            return
        key = name_key(given.values["name"])
        if self.matcher.accepts(person.pk, key):
            given.holder = person
            return
        if not self.matcher.refused(person.pk, key):
            given.conflict = person
            judgement.held_for = held_for(conflict_id(person, key))
        # PRIVACY: never the registered name.
        judgement.faults.append(
            Fault(
                "name",
                _("%(column)s: this document number is registered under another name. The row is kept for the office to rule on."),
            )
        )

    def _judge_facts(self, judgement: Judgement, given: Given) -> None:
        values = given.values
        issued_on = values.get("issued_on")
        judgement.faults += number_faults(given.number, level=values.get("level"), issued_on=issued_on)
        day = issued_on or self.context.today
        if issued_on:
            born_on = (given.identity.born_on if given.identity else None) or (given.holder.born_on if given.holder else None)
            judgement.faults += issue_faults(
                issued_on, today=self.context.today, born_on=born_on, least_age=int(self.rules.value(AGE_RULE, day))
            )
        scores = {column: values.get(column) for column in ("theory_score", "skill_score")}
        judgement.faults += score_faults(scores, pass_mark=self.rules.value(PASS_RULE, day))

    def _judge_number(self, judgement: Judgement, given: Given) -> None:
        key = number_key(given.values["number"])
        record = self.by_id.get(judgement.row.record_id)
        if record is not None and number_key(record.credential.number) != key:
            judgement.faults.append(Fault("number", _("%(column)s: this is not the number of the record named in the row.")))
            return
        if key in self.taken:
            judgement.faults.append(Fault("number", _("%(column)s: this number is that of a certificate of another kind.")))
            return
        given.known = self.register.get(key)
        given.twin = self.earlier.get(key)
        twin: Given | None = given.twin.payload if given.twin else None
        base = registered(given.known) if given.known else {}
        self._compare(judgement, given, base, None)
        if given.twin and twin:
            self._compare(judgement, given, twin.said(), given.twin.row)
        if judgement.faults:
            return
        said, twin_said = given.said(), twin.said() if twin else {}
        new = [
            column for column in FIELDS if not _blank(said[column]) and _blank(base.get(column)) and _blank(twin_said.get(column))
        ]
        if given.known is not None:
            given.fills = {column: given.values[column] for column in new}
            judgement.outcome = "updated" if given.fills else "unchanged"
            judgement.changes = [(column, "", str(value)) for column, value in given.fills.items()]
        elif twin is not None:
            # Two rows that say different parts of one certificate are one certificate, whichever comes first.
            twin.values.update({column: given.values[column] for column in new})
            twin.found = self.finder.resolve(twin.values.get("occupation") or "", twin.values.get("job_title") or "")
            judgement.outcome = "unchanged"
        self.earlier.setdefault(key, judgement)

    def _compare(self, judgement: Judgement, given: Given, known: dict[str, Any], row: Row | None) -> None:
        columns = disagreeing(given.said(), known)
        if given.known is not None and given.holder is not None and given.known.credential.holder_id == given.holder.pk:
            # Both names were found to be the holder's.
            columns = [column for column in columns if column != "name"]
        marked = {fault.column for fault in judgement.faults}
        judgement.faults += [_contradiction(column, row) for column in columns if column not in marked]

    def _warn(self, judgement: Judgement, given: Given) -> None:
        if given.known is not None and given.known.credential.status == Credential.Status.WITHDRAWN:
            judgement.warnings.append(Fault("number", _("This certificate was withdrawn; it stays withdrawn.")))
        if judgement.outcome != "created":
            if given.twin is not None:
                judgement.warnings.append(Fault("number", _("The same certificate stands further up in this file.")))
            return
        if given.holder is None:
            judgement.warnings.append(
                Fault("document_number", _("No person with this number is known yet: the certificate waits, and joins by itself."))
            )
        if given.found.occupation is None:
            judgement.warnings.append(
                Fault(
                    "occupation", _("This is not one national occupation: the certificate does not count until the name is mapped.")
                )
            )
        if given.number.shape == Shape.OTHER:
            judgement.warnings.append(
                Fault("number", _("The number has an unknown shape: the certificate does not count until the office confirms it."))
            )


def _contradiction(column: str, row: Row | None) -> Fault:
    if row is not None:
        return Fault(
            column,
            _("%(column)s: row %(row)s has the same certificate number and says otherwise. Correct one of them."),
            {"row": row.number},
        )
    return Fault(
        column,
        _(
            "%(column)s: this certificate number is registered, and the register says otherwise. "
            "Correct the row, or ask the office."
        ),
    )


def _blank(value: Any) -> bool:
    return value is None or value == ""


def _whole_value(record: LevelCertificate, column: str) -> str:
    credential = record.credential
    whole = {"name": credential.holder_name, "document_number": credential.document_number, "number": credential.number}
    return str(whole[column])


def _records(record_ids: Sequence[str]) -> dict[str, LevelCertificate]:
    found: dict[str, LevelCertificate] = {}
    wanted = sorted({text for text in record_ids if _is_uuid(text)})
    for start in range(0, len(wanted), BATCH_ROWS):
        part = LevelCertificate.objects.select_related("credential").filter(
            credential__public_id__in=wanted[start : start + BATCH_ROWS]
        )
        found.update((str(item.credential.public_id), item) for item in part)
    return found


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _level_certificates(credentials: Mapping[str, Credential]) -> dict[str, LevelCertificate]:
    """Of these certificates, those of skill level, by number key; each with its credential."""
    keys = {credential.pk: key for key, credential in credentials.items()}
    found: dict[str, LevelCertificate] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), BATCH_ROWS):
        for item in LevelCertificate.objects.filter(pk__in=wanted[start : start + BATCH_ROWS]):
            item.credential = credentials[keys[item.pk]]
            found[keys[item.pk]] = item
    return found
