"""Records as the pages show them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from denggao.faces.auditing.words import action_label, actor_label, field_label, object_label, origin_label
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.models import Record
from denggao.foundation.people.signin.queries import labels_of


@dataclass(frozen=True)
class RecordRow:
    record: Record
    action: str
    object: str
    actor: str
    origin: str


def rows_of(records: Sequence[Record]) -> list[RecordRow]:
    """With the address an account signs in with, where there still is such an account; three queries."""
    accounts = User.objects.filter(public_id__in={record.actor_id for record in records if record.actor_kind == "account"})
    known = list(accounts)
    labels = labels_of(known)
    names = {str(account.public_id): labels[account.pk] for account in known if account.pk in labels}
    return [
        RecordRow(
            record,
            action_label(record.action),
            object_label(record.object_type) if record.object_type else "",
            names.get(record.actor_id) or actor_label(record.actor_kind, record.actor_text),
            origin_label(record.origin),
        )
        for record in records
    ]


def row_of(record: Record) -> RecordRow:
    return rows_of([record])[0]


@dataclass(frozen=True)
class ValueRow:
    """One field, before and after. ``personal``: a hash stands in its place; the value is given once it was unmasked."""

    name: str
    label: str
    before: str
    after: str
    personal: bool
    changed: bool


def values_of(record: Record, shown: Mapping[str, Mapping[str, Any]] | None = None) -> list[ValueRow]:
    """Every field the record speaks of, in the order of their names. ``shown`` are the unmasked personal values."""
    before, after = record.before or {}, record.after or {}
    shown = shown or {}
    return [
        ValueRow(
            name,
            field_label(name),
            _told(before, name, shown.get("before", {})),
            _told(after, name, shown.get("after", {})),
            _is_hash(before.get(name)) or _is_hash(after.get(name)),
            before.get(name) != after.get(name),
        )
        for name in sorted({*before, *after})
    ]


def _told(side: Mapping[str, Any], name: str, shown: Mapping[str, Any]) -> str:
    if name not in side:
        return ""
    value = shown.get(name, side[name])
    if _is_hash(value):
        return str(value["hash"])[:16] + "…"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_hash(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"hash"}
