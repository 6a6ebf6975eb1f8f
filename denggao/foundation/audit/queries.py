"""Reading the audit: pages of it, one object's history, one record's proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from denggao.foundation.audit.merkle import path, root_by_path
from denggao.foundation.audit.models import Record, RecordPersonal, Seal
from denggao.foundation.audit.records import mac_of
from denggao.foundation.audit.seals import Head, HeadUnusable, hash_of, is_signed, leaf_of, leaves_of, public_key, read_head


@dataclass(frozen=True)
class RecordPage:
    """A stretch of the audit, newest first. ``older`` and ``newer`` are the cursors of the neighbouring pages, None at
    an end: a million records are paged through without being counted."""

    records: list[Record]
    older: int | None
    newer: int | None


def page_of(records: QuerySet[Record], *, before: int | None = None, after: int | None = None, size: int = 50) -> RecordPage:
    """The page of records older than the cursor ``before``, or newer than ``after``; the newest, if neither is given."""
    if after is not None:
        rows = list(records.filter(pk__gt=after).order_by("pk")[: size + 1])
        more, rows = len(rows) > size, rows[:size][::-1]
        return RecordPage(rows, rows[-1].pk if rows else None, rows[0].pk if more else None)
    older = records if before is None else records.filter(pk__lt=before)
    rows = list(older.order_by("-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return RecordPage(rows, rows[-1].pk if more else None, rows[0].pk if rows and before is not None else None)


def companions_of(record: Record, records: QuerySet[Record], limit: int = 20) -> list[Record]:
    """The others of these records that belong to the same act, in their order."""
    return list(records.filter(act_id=record.act_id).exclude(pk=record.pk).order_by("position")[:limit])


@dataclass(frozen=True)
class Proof:
    """What stands behind a record. ``state`` is ``sealed`` (its own content leads to the signed root), ``waiting`` (written
    by this product, not sealed yet) or ``broken``. ``siblings`` are the inclusion proof, from the leaf up to the root."""

    state: str
    leaf: str = ""
    index: int = 0
    size: int = 0
    siblings: list[str] = field(default_factory=list)
    seal: Seal | None = None
    seal_hash: str = ""
    signed: bool = False

    @property
    def root(self) -> str:
        return bytes(self.seal.root).hex() if self.seal is not None else ""

    @property
    def holds(self) -> bool:
        return self.state == "sealed"


def proof_of(record: Record) -> Proof:
    """Checked at this moment, from the record's own content."""
    genuine = mac_of(record) == bytes(record.mac)
    if record.number is None:
        return Proof("waiting" if genuine else "broken")
    seal = Seal.objects.filter(first_number__lte=record.number, last_number__gte=record.number).order_by("number").first()
    if seal is None:
        return Proof("broken")
    leaf, leaves = leaf_of(record), leaves_of(seal)
    index = record.number - seal.first_number
    siblings = path(index, leaves) if index < len(leaves) else []
    signed = is_signed(seal, public_key())
    holds = genuine and signed and root_by_path(leaf, index, len(leaves), siblings) == bytes(seal.root)
    return Proof(
        "sealed" if holds else "broken",
        leaf.hex(),
        index,
        len(leaves),
        [sibling.hex() for sibling in siblings],
        seal,
        hash_of(seal).hex(),
        signed,
    )


@dataclass(frozen=True)
class ChainState:
    """How far the chain of seals reaches. ``whole`` is false where the newest seal known outside the database is missing."""

    last_number: int
    sealed_at: dt.datetime | None
    waiting: int
    whole: bool


def chain_state() -> ChainState:
    newest = Seal.objects.defer("leaves").order_by("-number").first()
    waiting = Record.objects.filter(number__isnull=True).count()
    try:
        head = read_head()
    except HeadUnusable:
        return ChainState(newest.last_number if newest else 0, newest.sealed_at if newest else None, waiting, whole=False)
    stored = Head.of(newest) if newest is not None else Head()
    behind = head is not None and head.seal > stored.seal
    genuine = newest is None or is_signed(newest, public_key())
    return ChainState(stored.last_number, newest.sealed_at if newest else None, waiting, whole=genuine and not behind)


def with_personal(records: Sequence[Record]) -> set[int]:
    """Ids of those records behind whose hashes personal values still lie."""
    return set(RecordPersonal.objects.filter(pk__in=[record.pk for record in records]).values_list("pk", flat=True))
