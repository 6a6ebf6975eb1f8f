"""Every write on teaching standards. Items change in a draft alone; a version in force stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.standards.models import Occupation, StandardItem, StandardVersion, TeachingStandard
from denggao.foundation.standards.teaching import rules
from denggao.foundation.standards.teaching.policies import can_keep_standards
from denggao.foundation.standards.teaching.queries import draft_of, in_force_of, items_of
from denggao.foundation.standards.teaching.rules import Item

_STATE = StandardVersion.State
_FACTS = ("name_zh", "name_en", "occupation_id", "level", "document", "issued_on", "confidence")
_ITEM_FACTS = ("kind", "text_zh", "text_en", "hours", "weight")


class StandardRefused(Refused):
    """The standard can't be changed so."""


@dataclass(frozen=True)
class Given:
    """What a standard says of itself."""

    code: str
    occupation: Occupation
    level: str
    name_zh: str
    name_en: str = ""
    document: str = ""
    issued_on: dt.date | None = None
    confidence: str = "C"


@action("standards.teaching.write", requires=can_keep_standards, batch=True)
def write_standard(
    given: Given, items: Sequence[Item], *, whole: bool = False, actor: Actor, now: dt.datetime
) -> StandardVersion | None:
    """Enter a standard or change it: its facts at once, its items in a draft, begun as a copy of the version in force where
    there is none. Items not named stay, unless these are the ``whole`` of it. Returns the draft, None where nothing differs."""
    standard = _write_facts(given)
    base = draft_of(standard) or in_force_of(standard)
    known = {item.code: item for item in items_of(base)} if base else {}
    wanted = {item.code: item for item in items}
    removed = set(known) - set(wanted) if whole else set()
    if not removed and all(known.get(code) == item for code, item in wanted.items()):
        return None
    draft = _draft(standard, now)
    _write_items(draft, wanted.values(), removed)
    return draft


def _write_facts(given: Given) -> TeachingStandard:
    standard = TeachingStandard.objects.filter(code=given.code).first()
    before = snapshot(standard) if standard else None
    fresh = standard or TeachingStandard(code=given.code)
    told = {name: getattr(given, name) for name in _FACTS if name != "occupation_id"} | {"occupation_id": given.occupation.pk}
    if standard is None or any(getattr(standard, name) != value for name, value in told.items()):
        for name, value in told.items():
            setattr(fresh, name, value)
        fresh.save()
        note([Line.about("standards.teaching.write", fresh, before=before, after=snapshot(fresh))])
    return fresh


def _draft(standard: TeachingStandard, now: dt.datetime) -> StandardVersion:
    draft = draft_of(standard)
    if draft is not None:
        return draft
    last = standard.versions.order_by("-number").values_list("number", flat=True).first() or 0
    draft = StandardVersion.objects.create(standard=standard, number=last + 1, made_at=now)
    current = in_force_of(standard)
    if current is not None:
        _write_items(draft, items_of(current), (), tell=False)
    note([Line.about("standards.teaching.begin_draft", draft, after=snapshot(draft))])
    return draft


def _write_items(draft: StandardVersion, items: Iterable[Item], removed: Collection[str], *, tell: bool = True) -> None:
    """Brings the rows to what is wanted, with their places and what they are part of."""
    known = {row.code: row for row in draft.items.all()}
    lines = [_line(known.pop(code), gone=True) for code in removed]
    draft.items.filter(code__in=removed).delete()
    fresh: list[StandardItem] = []
    changed: list[tuple[StandardItem, dict[str, object] | None]] = []
    for item in items:
        row = known.get(item.code)
        if row is not None and all(getattr(row, name) == getattr(item, name) for name in _ITEM_FACTS):
            continue
        changed_row = row or StandardItem(version=draft, code=item.code, position=0)
        changed.append((changed_row, snapshot(row) if row else None))
        if row is None:
            known[item.code] = changed_row
            fresh.append(changed_row)
        for name in _ITEM_FACTS:
            setattr(changed_row, name, getattr(item, name))
    codes = sorted(known, key=rules.order)
    for position, code in enumerate(codes):
        known[code].position = position
    StandardItem.objects.bulk_create(fresh, batch_size=500)
    for code in codes:
        known[code].parent = known.get(rules.parent_of(code, known))
    StandardItem.objects.bulk_update(known.values(), [*_ITEM_FACTS, "position", "parent"], batch_size=200)
    draft.content_hash = rules.content_hash(_as_item(row) for row in known.values())
    draft.save(update_fields=["content_hash"])
    if tell:
        note([*lines, *(_line(row, before=before) for row, before in changed)])


def _line(row: StandardItem, *, before: dict[str, object] | None = None, gone: bool = False) -> Line:
    if gone:
        return Line.about("standards.teaching.item", row, before=snapshot(row))
    return Line.about("standards.teaching.item", row, before=before, after=snapshot(row))


def _as_item(row: StandardItem) -> Item:
    return Item(row.code, row.kind, row.text_zh, row.text_en, row.hours, row.weight)


@action("standards.teaching.begin_draft", requires=can_keep_standards, batch=True)
def begin_draft(standard: TeachingStandard, *, actor: Actor, now: dt.datetime) -> StandardVersion:
    """A draft to write in, begun as a copy of the version in force; the one that is there already, if there is one."""
    return _draft(standard, now)


@action("standards.teaching.discard_draft", requires=can_keep_standards)
def discard_draft(version: StandardVersion, *, actor: Actor, now: dt.datetime) -> None:
    """Raises StandardRefused for a version that was ever in force."""
    _check_draft(version)
    version.delete()


@action("standards.teaching.remove_item", requires=can_keep_standards, batch=True)
def remove_item(version: StandardVersion, code: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take an item out of a draft, with its parts. Raises StandardRefused."""
    _check_draft(version)
    codes = {item.code for item in items_of(version) if item.code == code or item.code.startswith(f"{code}.")}
    if not codes:
        raise StandardRefused(_("Somebody else has taken this item out already."))
    _write_items(version, (), codes)


@action("standards.teaching.put_in_force", requires=can_keep_standards)
def put_in_force(version: StandardVersion, *, from_on: dt.date, actor: Actor, now: dt.datetime) -> StandardVersion:
    """From now on it is taught by this version; the one before is retired. Raises StandardRefused."""
    _check_draft(version)
    if from_on > timezone.localdate(now):
        raise StandardRefused(_("In force from: this day is still to come. Put the version in force on that day."))
    current = in_force_of(version.standard)
    if not version.items.exists():
        raise StandardRefused(_("The draft has no items. Hand in its sheet first."))
    if current is not None and current.content_hash == version.content_hash:
        raise StandardRefused(_("The draft says the same as the version in force. Discard it, or change an item."))
    if current is not None and from_on < (current.from_on or from_on):
        raise StandardRefused(_("In force from: not before the version that is in force now."))
    if current is not None:
        _retire(current, now)
    version.state, version.from_on = _STATE.IN_FORCE, from_on
    version.put_in_force_at, version.put_in_force_by = now, actor.id
    version.save(update_fields=["state", "from_on", "put_in_force_at", "put_in_force_by"])
    return version


@action("standards.teaching.retire", requires=can_keep_standards)
def retire_version(version: StandardVersion, *, actor: Actor, now: dt.datetime) -> StandardVersion:
    """Nothing is taught by it any more, and nothing comes in its place. Raises StandardRefused."""
    if version.state != _STATE.IN_FORCE:
        raise StandardRefused(_("This version is not in force."))
    return _retire(version, now)


def _retire(version: StandardVersion, now: dt.datetime) -> StandardVersion:
    version.state, version.retired_at = _STATE.RETIRED, now
    version.save(update_fields=["state", "retired_at"])
    return version


def _check_draft(version: StandardVersion) -> None:
    if version.state != _STATE.DRAFT:
        raise StandardRefused(_("This version was put in force: it stays as it is. Begin a new draft."))
