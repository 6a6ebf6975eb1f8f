"""How a record is composed and written: canonical content, salted hashes for personal values, the keyed MAC."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from django.db import models

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import insert
from denggao.foundation.audit.models import Record, RecordPersonal
from denggao.foundation.vault.keys import key

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Line:
    """What one record will say. ``before`` and ``after`` are plain values by field name; those named in ``personal``
    are hashed before they are written."""

    action: str
    object_type: str = ""
    object_id: str = ""
    object_text: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    personal: frozenset[str] = field(default=frozenset())

    @classmethod
    def about(
        cls, action: str, thing: models.Model, *, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
    ) -> Self:
        """A line about a model instance. Where both sides are known, only what differs is kept."""
        if before is not None and after is not None:
            changed = {name for name in after if before.get(name) != after[name]}
            before = {name: before.get(name) for name in changed}
            after = {name: after[name] for name in changed}
        object_type, object_id = identity(thing)
        return cls(
            action=action,
            object_type=object_type,
            object_id=object_id,
            object_text=str(getattr(thing, "audit_text", "")),
            before=before,
            after=after,
            personal=frozenset(getattr(thing, "personal", ())),
        )


def plain(value: Any) -> Any:
    """A value as JSON can hold it, the same on every database."""
    if isinstance(value, str):
        # Neither a NUL nor half a surrogate pair fits into every database; neither is printable.
        return value if value.isprintable() else value.replace("\x00", "").encode("utf-8", "replace").decode()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict):
        return {plain(str(name)): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def snapshot(thing: models.Model) -> dict[str, Any]:
    """The fields a model declares ``audited`` (or all but its binary ones), as plain values."""
    names = getattr(thing, "audited", None) or [
        item.attname for item in thing._meta.concrete_fields if not isinstance(item, models.BinaryField) and not item.primary_key
    ]
    return {name: plain(getattr(thing, name)) for name in names}


def identity(thing: models.Model) -> tuple[str, str]:
    """By which records name an object: its model, and its public id where it has one."""
    return thing._meta.label_lower, str(getattr(thing, "public_id", thing.pk))


def records_of(thing: models.Model) -> models.QuerySet[Record]:
    """All that was recorded of an object."""
    object_type, object_id = identity(thing)
    return Record.objects.filter(object_type=object_type, object_id=object_id)


def _hashed(values: dict[str, Any] | None, personal: frozenset[str], salt: bytes) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        plain(name): {"hash": salted_hash(salt, name, value)} if name in personal and value not in (None, "") else plain(value)
        for name, value in values.items()
    }


def salted_hash(salt: bytes, name: str, value: Any) -> str:
    return hashlib.sha256(salt + canonical([name, plain(value)])).hexdigest()


def canonical(value: Any) -> bytes:
    return _ENCODER.encode(value).encode()


def content(record: Record) -> bytes:
    """What the MAC and the seal cover: everything but ``number`` and the MAC itself."""
    return canonical(
        [
            str(record.act_id),
            record.position,
            record.action,
            record.object_type,
            record.object_id,
            record.object_text,
            record.actor_kind,
            record.actor_id,
            record.actor_text,
            record.origin,
            plain(record.at),
            record.before,
            record.after,
        ]
    )


def mac_of(record: Record) -> bytes:
    return mac_over(content(record))


def mac_over(told: bytes) -> bytes:
    return hmac.digest(key("audit"), told, "sha256")


def write_lines(lines: Iterable[Line], *, act_id: uuid.UUID, positions: Iterator[int], actor: Actor, at: dt.datetime) -> None:
    """Write records of one act, in bulk. ``positions`` is the act's own counter."""
    records: list[Record] = []
    personal: list[tuple[bytes, dict[str, Any]] | None] = []
    for line in lines:
        salt = os.urandom(16)
        values = {
            side: {name: plain(value) for name, value in given.items() if name in line.personal and value not in (None, "")}
            for side, given in (("before", line.before), ("after", line.after))
            if given
        }
        values = {side: kept for side, kept in values.items() if kept}
        record = Record(
            act_id=act_id,
            position=next(positions),
            action=line.action,
            object_type=line.object_type,
            object_id=line.object_id,
            object_text=plain(line.object_text)[:200],
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_text=plain(actor.text)[:120],
            origin=plain(actor.origin)[:120],
            at=at,
            before=_hashed(line.before, line.personal, salt),
            after=_hashed(line.after, line.personal, salt),
        )
        record.mac = mac_of(record)
        records.append(record)
        personal.append((salt, values) if values else None)
    insert(records)
    insert(
        [
            RecordPersonal(record=record, salt=kept[0], values=kept[1])
            for record, kept in zip(records, personal, strict=True)
            if kept is not None
        ]
    )
