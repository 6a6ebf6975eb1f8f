"""The sealer: gives records their numbers, without gaps, and seals them in signed Merkle batches.

Writers write records without a number and never wait for each other. The sealer comes after them: it checks each new
record's MAC, hashes it into a leaf, and in one short transaction claims the next seal number (the primary key: of two
sealers at once exactly one wins) and numbers the records with one update. A seal signs its range, count, root, time and
the hash of the seal before it.

The head of the chain is kept in a file beside the keys, outside the database: whoever cuts off the newest seals with
their records leaves a head that points at nothing, and numbering goes on behind it, so that the gap stays for ever.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.merkle import HASH_BYTES, leaf_hash, root
from denggao.foundation.audit.models import Record, Seal
from denggao.foundation.audit.records import canonical, content, mac_of, plain
from denggao.foundation.vault.keys import KeyUnusable, key

try:
    import fcntl
except ImportError:  # Windows: one process seals at a time there.
    fcntl = None  # type: ignore[assignment]  # not on Windows

log = logging.getLogger("denggao.audit")
SEAL_RECORDS = 4096
NO_SEAL = bytes(HASH_BYTES)
_PATIENCE = 20
_NUMBER = {
    "postgresql": """
        UPDATE audit_record SET number = %s + fresh.place
        FROM unnest(%s::bigint[]) WITH ORDINALITY AS fresh (id, place)
        WHERE audit_record.id = fresh.id AND audit_record.number IS NULL""",
    "sqlite": """
        UPDATE audit_record SET number = %s + fresh.key + 1
        FROM json_each(%s) AS fresh
        WHERE audit_record.id = fresh.value AND +audit_record.number IS NULL""",  # the + keeps to the primary key's index
}


def signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key("seal"))


def public_key() -> Ed25519PublicKey:
    return signing_key().public_key()


def public_key_pem() -> str:
    """What anyone needs to check the seals' signatures."""
    return public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def leaf_of(record: Record) -> bytes:
    """A numbered record's place in the tree: its number and its content."""
    return leaf_over(record.number or 0, content(record))


def leaf_over(number: int, told: bytes) -> bytes:
    return leaf_hash(str(number).encode() + b"\n" + told)


def statement(seal: Seal) -> bytes:
    """What a seal signs."""
    return canonical(
        [
            "denggao audit seal 1",
            seal.number,
            seal.first_number,
            seal.last_number,
            seal.count,
            bytes(seal.root).hex(),
            bytes(seal.previous).hex(),
            plain(seal.sealed_at),
        ]
    )


def hash_of(seal: Seal) -> bytes:
    """By which the next seal, and the head, name this one."""
    return hashlib.sha256(statement(seal) + bytes(seal.signature)).digest()


def is_signed(seal: Seal, by: Ed25519PublicKey) -> bool:
    try:
        by.verify(bytes(seal.signature), statement(seal))
    except InvalidSignature:
        return False
    return True


def leaves_of(seal: Seal) -> list[bytes]:
    blob = bytes(seal.leaves)
    return [blob[at : at + HASH_BYTES] for at in range(0, len(blob), HASH_BYTES)]


@dataclass(frozen=True)
class Head:
    """The newest seal this installation has made, whatever the database says."""

    seal: int = 0
    last_number: int = 0
    hash: bytes = NO_SEAL

    @classmethod
    def of(cls, seal: Seal) -> Head:
        return cls(seal.number, seal.last_number, hash_of(seal))


class HeadUnusable(Exception):
    """The head file does not hold a head."""


def head_path() -> Path:
    """One for each database that shares the keys."""
    name = re.sub(r"[^0-9A-Za-z_.-]", "-", Path(str(connection.settings_dict["NAME"])).name)
    return Path(settings.AUDIT_HEAD_DIR) / f"audit-{connection.vendor}-{name}.head"


def read_head() -> Head | None:
    """None where no seal was made yet (or the file was lost). Raises HeadUnusable."""
    path = head_path()
    try:
        said = json.loads(path.read_text())
        return Head(int(said["seal"]), int(said["last_number"]), bytes.fromhex(said["hash"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise HeadUnusable(f"{path}: this file should name the newest seal; restore it from the backup of the keys.") from error


def _advance_head(head: Head) -> None:
    """Replace the head, in one step; never by an older one, whichever of two sealers comes later."""
    path = head_path()
    with _head_lock(path):
        known = read_head()
        if known is not None and known.seal >= head.seal:
            return
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump({"seal": head.seal, "last_number": head.last_number, "hash": head.hash.hex()}, handle)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(path)


@contextmanager
def _head_lock(path: Path) -> Iterator[None]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def chain_head() -> Head:
    """Behind which the next seal goes: the newest genuine one in the database, or the one the file beside the keys names."""
    by = public_key()
    newest = next(
        (seal for seal in Seal.objects.defer("leaves").order_by("-number").iterator(chunk_size=10) if is_signed(seal, by)), None
    )
    stored = Head.of(newest) if newest is not None else Head()
    known = read_head()
    return known if known is not None and known.seal > stored.seal else stored


def seal_pending(now: dt.datetime) -> int:
    """Number and seal the records written since the last seal; how many were sealed. Forged ones (a wrong MAC, a copy
    of a genuine record) are left unnumbered and logged. May be called by any number of processes at once, outside of
    transactions. Raises HeadUnusable.
    """
    sealed = after = overtaken = 0
    while fresh := list(Record.objects.filter(number__isnull=True, id__gt=after).order_by("id")[:SEAL_RECORDS]):
        good = _genuine(fresh)
        if good and not _seal(good, now):
            # Another sealer was faster; what it left is looked at anew.
            overtaken += 1
            if overtaken > _PATIENCE:
                log.error("the audit could not be sealed: something stands in the way of the next number")
                break
            continue
        overtaken = 0
        sealed += len(good)
        after = fresh[-1].pk
    return sealed


def seal_after_command(*, actor: Actor, now: dt.datetime) -> None:
    """Plugged into ``command_ends``. What the command did stands, whatever hinders its seal."""
    try:
        seal_pending(now)
    except (HeadUnusable, KeyUnusable, DatabaseError):
        log.exception("the audit could not be sealed")


def begin_chain(now: dt.datetime) -> None:
    """A database without a single table begins a chain of its own: the head of the one before it is put aside."""
    path = head_path()
    if path.exists():
        path.rename(path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%S}"))


def _genuine(fresh: Sequence[Record]) -> list[Record]:
    """Without records that this product did not write, or wrote once already."""
    twin = Record.objects.filter(act_id=OuterRef("act_id"), position=OuterRef("position"), number__isnull=False)
    ids = {"id__gte": fresh[0].pk, "id__lte": fresh[-1].pk}
    copies = set(Record.objects.filter(Exists(twin), number__isnull=True, **ids).values_list("pk", flat=True))
    seen: set[bytes] = set()
    good: list[Record] = []
    forged: list[int] = []
    for record in fresh:
        mac = bytes(record.mac)
        if record.pk in copies or mac in seen or mac != mac_of(record):
            forged.append(record.pk)
            continue
        seen.add(mac)
        good.append(record)
    if forged:
        log.error("audit records that this product did not write were left unsealed", extra={"record_ids": forged})
    return good


def _seal(records: Sequence[Record], now: dt.datetime) -> bool:
    head = chain_head()
    for number, record in enumerate(records, head.last_number + 1):
        record.number = number
    leaves = [leaf_of(record) for record in records]
    seal = Seal(
        number=head.seal + 1,
        first_number=head.last_number + 1,
        last_number=head.last_number + len(records),
        count=len(records),
        root=root(leaves),
        leaves=b"".join(leaves),
        previous=head.hash,
        sealed_at=now,
    )
    seal.signature = signing_key().sign(statement(seal))
    try:
        with transaction.atomic():
            _clear_the_way(head)
            seal.save(force_insert=True)
            if _number(head.last_number, [record.pk for record in records]) != len(records):
                raise _Overtaken
            transaction.on_commit(lambda: _advance_head(Head.of(seal)))
    except (IntegrityError, _Overtaken):
        return False
    return True


class _Overtaken(Exception):
    """A record that was to be numbered has a number already, or is gone."""


def _clear_the_way(head: Head) -> None:
    """Take the next numbers from what was put there by another hand: it would stop the sealer for good. A record that
    loses its number so is still reported, as one that this product did not write."""
    beyond = Seal.objects.defer("leaves").filter(Q(number__gt=head.seal) | Q(first_number__gt=head.last_number))
    forged = [seal.pk for seal in beyond if not is_signed(seal, public_key())]
    if len(forged) < len(beyond):
        raise _Overtaken
    Seal.objects.filter(pk__in=forged).delete()
    squatting = Record.objects.filter(number__gt=head.last_number).update(number=None)
    if forged or squatting:
        log.error("numbers of the audit were taken by another hand", extra={"seals": forged, "records": squatting})


def _number(behind: int, ids: list[int]) -> int:
    given = json.dumps(ids) if connection.vendor == "sqlite" else ids
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER[connection.vendor], [behind, given])
        return int(cursor.rowcount)
