"""Checks every record, number and seal of the audit, page by page: memory stays the same for a million records, and no
transaction is held open. Seals are immutable, so what other processes add meanwhile is simply checked as well.

What is found is told by the record's number. A seal whose own row was tampered with proves nothing any more: its records
are then checked by their MACs alone, and the seal is reported.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import BinaryField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from denggao.foundation.audit.merkle import root
from denggao.foundation.audit.models import Record, RecordPersonal, Seal
from denggao.foundation.audit.records import content, mac_of, mac_over, salted_hash
from denggao.foundation.audit.seals import (
    Head,
    HeadUnusable,
    hash_of,
    is_signed,
    leaf_of,
    leaf_over,
    leaves_of,
    public_key,
    read_head,
)
from denggao.foundation.vault.fields import CellUnreadable, unseal

PAGE = 2000
PROBLEMS_KEPT = 10_000
_SEALS_PAGE = 20
_CELLS_PLACE = RecordPersonal._meta.get_field("values").place


class Trouble(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    PUT_IN = "put_in"
    PERSONAL_CHANGED = "personal_changed"
    SEAL_CHANGED = "seal_changed"
    SEAL_REMOVED = "seal_removed"
    SEAL_PUT_IN = "seal_put_in"
    CHAIN_BROKEN = "chain_broken"
    HEAD_MISSING = "head_missing"
    HEAD_CHANGED = "head_changed"


@dataclass(frozen=True)
class Problem:
    """One thing found. ``number`` is the record's; None where it has none or where a seal or the head is meant.
    ``to_number`` ends a run of removed records, both ends included."""

    problem: Trouble
    number: int | None = None
    to_number: int | None = None
    record_id: int | None = None
    seal: int | None = None

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"number": self.number, "problem": self.problem.value}
        if self.to_number is not None and self.to_number != self.number:
            said["to_number"] = self.to_number
        if self.record_id is not None:
            said["record_id"] = self.record_id
        if self.seal is not None:
            said["seal"] = self.seal
        return said


@dataclass
class Report:
    records: int = 0
    seals: int = 0
    unsealed: int = 0
    found: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.found

    def add(self, problem: Problem) -> None:
        self.found += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(problem)


@dataclass(frozen=True)
class _Run:
    """The numbers from ``first`` to ``last``: with the leaves of the genuine seal over them, or, where the seal is gone or
    was tampered with, without."""

    first: int
    last: int
    leaves: list[bytes] | None = None


def verify() -> Report:
    """Everything, from the first record to the last. Writes nothing."""
    report = Report()
    covered = 0
    holes: list[_Run] = []
    for run in _runs(report):
        if run.leaves is None:
            holes.append(run)
        _check_run(report, run)
        covered = run.last
    _check_uncovered(report, covered)
    _check_unsealed(report)
    _check_copies(report, holes)
    report.problems.sort(key=lambda problem: (problem.number is None, problem.number or 0, problem.record_id or 0))
    return report


# The chain of seals


def _runs(report: Report) -> Iterator[_Run]:
    """The chain's stretches, in the order of their numbers; what is wrong with the chain itself goes into the report."""
    head = _head(report)
    by = public_key()
    last = Head()
    tampered: set[int] = set()
    for seal in _seals():
        report.seals += 1
        if not is_signed(seal, by) or seal.number < 1:
            tampered.add(seal.number)
            continue
        if seal.number > last.seal + 1:
            yield from _hole(report, last, Head(seal.number, seal.first_number - 1), tampered)
        elif bytes(seal.previous) != last.hash or seal.first_number != last.last_number + 1:
            report.add(Problem(Trouble.CHAIN_BROKEN, seal=seal.number))
        if head is not None and seal.number == head.seal and hash_of(seal) != head.hash:
            report.add(Problem(Trouble.HEAD_CHANGED, seal=seal.number))
        leaves = leaves_of(seal)
        if len(leaves) != seal.last_number - seal.first_number + 1 or root(leaves) != bytes(seal.root):
            report.add(Problem(Trouble.SEAL_CHANGED, seal=seal.number))
            leaves = []
        yield _Run(seal.first_number, seal.last_number, leaves or None)
        last = Head.of(seal)
    if head is not None and head.seal > last.seal:
        yield from _hole(report, last, Head(head.seal + 1, head.last_number), tampered)
        last = head
    if head is None and last.seal:
        report.add(Problem(Trouble.HEAD_MISSING))
    for number in sorted(number for number in tampered if number < 1 or number > last.seal):
        report.add(Problem(Trouble.SEAL_PUT_IN, seal=number))


def _head(report: Report) -> Head | None:
    try:
        return read_head()
    except HeadUnusable:
        report.add(Problem(Trouble.HEAD_CHANGED))
        return None


def _seals() -> Iterator[Seal]:
    after: int | None = None
    while True:
        page = Seal.objects.order_by("number")
        if after is not None:
            page = page.filter(number__gt=after)
        seals = list(page[:_SEALS_PAGE])
        yield from seals
        if len(seals) < _SEALS_PAGE:
            return
        after = seals[-1].number


def _hole(report: Report, last: Head, next_head: Head, tampered: set[int]) -> Iterator[_Run]:
    """Seals behind ``last`` and before ``next_head`` that are gone or tell nothing, and the numbers they stood for."""
    for number in range(last.seal + 1, next_head.seal):
        report.add(Problem(Trouble.SEAL_CHANGED if number in tampered else Trouble.SEAL_REMOVED, seal=number))
    if next_head.last_number > last.last_number:
        yield _Run(last.last_number + 1, next_head.last_number)


# The records


def _check_run(report: Report, run: _Run) -> None:
    expected = run.first
    for page in _pages(Record.objects.filter(number__gte=run.first, number__lte=run.last), by="number"):
        for record in page:
            number = record.number or 0
            if number > expected:
                report.add(Problem(Trouble.REMOVED, expected, number - 1))
            expected = number + 1
            told = content(record)
            right = hmac.compare_digest(mac_over(told), bytes(record.mac))
            if run.leaves is not None and leaf_over(number, told) != run.leaves[number - run.first]:
                right = False
            if not right:
                report.add(Problem(Trouble.CHANGED, number, record_id=record.pk))
        report.records += len(page)
        _check_personal(report, page)
    if expected <= run.last:
        report.add(Problem(Trouble.REMOVED, expected, run.last))


def _check_uncovered(report: Report, covered: int) -> None:
    """Numbered records that no seal stands for: the sealer numbers and seals in one step."""
    for side in (Record.objects.filter(number__lt=1), Record.objects.filter(number__gt=covered)):
        for page in _pages(side, by="number"):
            report.records += len(page)
            for record in page:
                if not _sealed_meanwhile(record):
                    report.add(Problem(Trouble.PUT_IN, record.number, record_id=record.pk))


def _sealed_meanwhile(record: Record) -> bool:
    """Whether a sealer was at work while this was read; the next run checks what it sealed."""
    seal = Seal.objects.filter(first_number__lte=record.number, last_number__gte=record.number).first()
    if seal is None or not is_signed(seal, public_key()):
        return False
    return leaf_of(record) == leaves_of(seal)[(record.number or 0) - seal.first_number]


def _check_unsealed(report: Report) -> None:
    """What waits for its seal must have been written by this product, and once."""
    twin = Record.objects.filter(
        ~Q(pk=OuterRef("pk")),
        Q(number__isnull=False) | Q(pk__lt=OuterRef("pk")),
        act_id=OuterRef("act_id"),
        position=OuterRef("position"),
    )
    for page in _pages(Record.objects.filter(number__isnull=True).annotate(is_copy=Exists(twin)), by="pk"):
        report.records += len(page)
        report.unsealed += len(page)
        for record in page:
            if record.is_copy or not hmac.compare_digest(mac_of(record), bytes(record.mac)):
                report.add(Problem(Trouble.PUT_IN, record_id=record.pk))
        _check_personal(report, page)


def _check_copies(report: Report, holes: list[_Run]) -> None:
    """Where no seal vouches for the numbers, a genuine record may have been copied into the place of another."""
    if not holes:
        return
    repeated = (
        Record.objects.filter(number__isnull=False)
        .values("act_id", "position")
        .annotate(copies=Count("pk"))
        .filter(copies__gt=1)
        .order_by()
    )
    for row in repeated.iterator(PAGE):
        copies = Record.objects.filter(act_id=row["act_id"], position=row["position"]).order_by("number")
        numbers = [(number, pk) for number, pk in copies.values_list("number", "pk") if number is not None]
        unproven = [(number, pk) for number, pk in numbers if any(hole.first <= number <= hole.last for hole in holes)]
        for number, pk in unproven if len(unproven) < len(numbers) else unproven[1:]:
            report.add(Problem(Trouble.PUT_IN, number, record_id=pk))


def _check_personal(report: Report, page: Sequence[Record]) -> None:
    """Personal values must fit the hashes in their record. Erased ones are gone with their salt, and that is fine."""
    records = {record.pk: record for record in page}
    # As bytes: a cell that does not open is a finding, not the end of the run.
    cells = RecordPersonal.objects.filter(pk__in=records).annotate(cell=ExpressionWrapper(F("values"), BinaryField()))
    for pk, salt, cell in cells.values_list("pk", "salt", "cell"):
        record = records[pk]
        if not _fits(record, bytes(salt), bytes(cell)):
            report.add(Problem(Trouble.PERSONAL_CHANGED, record.number, record_id=pk))


def _fits(record: Record, salt: bytes, cell: bytes) -> bool:
    try:
        kept = json.loads(unseal(cell, place=_CELLS_PLACE)) if cell else {}
        return all(
            (getattr(record, side) or {})[name] == {"hash": salted_hash(salt, name, value)}
            for side, values in kept.items()
            if side in {"before", "after"}
            for name, value in values.items()
        ) and set(kept) <= {"before", "after"}
    except (CellUnreadable, ValueError, KeyError, AttributeError, TypeError):
        return False


def _pages(records: QuerySet[Record], *, by: str) -> Iterator[list[Any]]:
    """Pages in the order of ``by``, each a query of its own: neither memory nor a transaction grows with the table."""
    after: int | None = None
    while True:
        page = records.order_by(by)
        if after is not None:
            page = page.filter(**{f"{by}__gt": after})
        rows = list(page[:PAGE])
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        after = getattr(rows[-1], by)
