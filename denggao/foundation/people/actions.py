"""What anyone can do about persons."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused, action, current_act, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import insert, overwrite
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.people.hooks import people_changed
from denggao.foundation.people.models import IdentityDocument, NameConflict, Person
from denggao.foundation.people.policies import can_correct_person, can_rule_names, can_search_persons, can_unmask
from denggao.foundation.people.queries import (
    UNMASKED,
    Key,
    find_by_identity,
    holders,
    key_of,
    name_index,
    phone_index,
)
from denggao.foundation.people.rules import Identity, clean_name, name_key, normal_phone
from denggao.foundation.sheets.actions import replay_held_rows
from denggao.foundation.vault.fields import blind_index

BATCH_ROWS = 2000


class ReasonMissing(Refused):
    """An act that must say why did not."""


class AlreadyRuled(Refused):
    """The office has ruled on this before."""


class NotAPhone(Refused):
    """Neither a mainland mobile nor a number abroad."""


class NameMissing(Refused):
    """A person without a name."""


class DocumentTaken(Refused):
    """A document number someone holds already."""


@dataclass(frozen=True)
class Newcomer:
    """A person as a row or form gives it. ``born_on`` and ``sex`` are used where the document does not tell."""

    identity: Identity
    name: str
    sex: str = ""
    born_on: dt.date | None = None
    phone: str = ""


def create_persons(newcomers: Mapping[Key, Newcomer], *, now: dt.datetime, is_demo: bool = False) -> dict[Key, Person]:
    """The holder of each document, created where no one is known to hold it. Keyed as given; only those of ``newcomers``.

    For batches: runs inside the act under way, and notes a line for each person created. Two acts at once that bring the
    same number end with one person: rows go in ordered by their index, and who loses re-reads what the other wrote. The
    caller compares names (``queries.NameMatcher``) before, and tells whom a new person concerns.
    """
    current_act()
    found = find_by_identity(list(newcomers))
    missing = sorted((key for key in newcomers if key not in found), key=lambda key: (key[1], key[0]))
    if not missing:
        return found
    fresh = {key: _person_of(newcomers[key], now=now, is_demo=is_demo) for key in missing}
    insert(list(fresh.values()))
    documents = [
        IdentityDocument(person=fresh[key], kind=key[0], number=newcomers[key].identity.number, number_index=key[1], created_at=now)
        for key in missing
    ]
    if not _insert_all(documents):
        IdentityDocument.objects.bulk_create(documents, batch_size=BATCH_ROWS, ignore_conflicts=True)
        held = holders(missing)
        lost = [key for key in missing if held[key] != fresh[key].pk]
        Person.objects.filter(pk__in=[fresh.pop(key).pk for key in lost]).delete()
        found |= find_by_identity(lost)
    note(Line.about("people.person.create", person, after=snapshot(person)) for person in fresh.values())
    return found | fresh


def _insert_all(documents: list[IdentityDocument]) -> bool:
    """Whether all went in; none does where one of the numbers was taken meanwhile."""
    try:
        with transaction.atomic():
            insert(documents)
    except IntegrityError:
        for document in documents:
            document.pk = None
        return False
    return True


def _person_of(newcomer: Newcomer, *, now: dt.datetime, is_demo: bool) -> Person:
    name = clean_name(newcomer.name)
    return Person(
        name=name,
        name_key=name_key(name),
        sex=newcomer.identity.sex or newcomer.sex,
        born_on=newcomer.identity.born_on or newcomer.born_on,
        phone=newcomer.phone,
        phone_index=phone_index(newcomer.phone),
        is_demo=is_demo,
        created_at=now,
    )


def fill_in_persons(changes: Mapping[int, Mapping[str, object]], people: Mapping[int, Person]) -> None:
    """Write what a batch learned of known persons: ``phone``, and ``sex`` and ``born_on`` where nothing was known. Keyed by
    person id; notes a line for each person changed."""
    changed = []
    for person_id in sorted(changes):
        person = people[person_id]
        before = snapshot(person)
        for name, value in changes[person_id].items():
            setattr(person, name, value)
        person.phone_index = phone_index(person.phone)
        changed.append(person)
        note([Line.about("people.person.correct", person, before=before, after=snapshot(person))])
    fields = {name for values in changes.values() for name in values}
    overwrite(changed, sorted(fields | {"phone_index"}))


def keep_name_conflicts(conflicts: Iterable[tuple[Person, str]], *, source: str, now: dt.datetime) -> None:
    """Keep for the office that known numbers came with other names (person, name as written). Known ones stay as they are."""
    fresh = {
        conflict_id(person, name_key(name)): NameConflict(
            public_id=conflict_id(person, name_key(name)),
            person=person,
            other_name=clean_name(name),
            other_name_key_index=name_index(name_key(name)),
            found_at=now,
            source=source,
        )
        for person, name in conflicts
    }
    known = set(NameConflict.objects.filter(public_id__in=fresh).values_list("public_id", flat=True))
    added = [fresh[public_id] for public_id in sorted(fresh) if public_id not in known]
    NameConflict.objects.bulk_create(added, batch_size=BATCH_ROWS, ignore_conflicts=True)
    note(Line.about("people.name_conflict.find", conflict, after={"person": str(conflict.person.public_id)}) for conflict in added)


def conflict_id(person: Person, key: str) -> uuid.UUID:
    """The public id a conflict of this person with this name has, or will have: rows can be held for it before it is kept."""
    return uuid.UUID(bytes=blind_index(f"name-conflict:{person.public_id}", key), version=4)


def held_for(public_id: uuid.UUID) -> str:
    """What a row held for a ruling on this conflict carries."""
    return f"name:{public_id.hex}"


class Ruling(StrEnum):
    """The office's word on a known number with another name."""

    KEEP_NAME = "keep_name"
    TAKE_NAME = "take_name"
    REFUSE = "refuse"


@action("people.name_conflict.rule", requires=can_rule_names)
def rule_name_conflict(conflict: NameConflict, ruling: Ruling, *, reason: str, actor: Actor, now: dt.datetime) -> NameConflict:
    """Say whether both names are one person's. If so, from now on both names stand for that number; with TAKE_NAME the other
    one becomes the registered name. What waited for the ruling is judged again.

    Raises ReasonMissing, AlreadyRuled.
    """
    if not reason.strip():
        raise ReasonMissing(_("Reason: say what the ruling rests on, such as the document seen."))
    state = NameConflict.State.REFUSED if ruling == Ruling.REFUSE else NameConflict.State.SAME_PERSON
    ruled = NameConflict.objects.filter(pk=conflict.pk, state=NameConflict.State.OPEN).update(
        state=state, ruled_at=now, ruled_by=actor.text[:60], reason=reason.strip()[:300]
    )
    if not ruled:
        raise AlreadyRuled(_("The office has ruled on this name already."))
    conflict.refresh_from_db()
    if ruling == Ruling.TAKE_NAME:
        _swap_names(conflict, now=now)
    if state == NameConflict.State.SAME_PERSON:
        people_changed({conflict.person_id}, actor=actor, now=now)
    replay_held_rows(held_for(conflict.public_id), actor=actor, now=now)
    return conflict


def _swap_names(conflict: NameConflict, *, now: dt.datetime) -> None:
    person = conflict.person
    before, earlier = snapshot(person), person.name
    person.name, person.name_key = conflict.other_name, name_key(conflict.other_name)
    person.save(update_fields=["name", "name_key"])
    note([Line.about("people.person.correct", person, before=before, after=snapshot(person))])
    _let_stand(earlier, person, ruled_by=conflict.ruled_by, reason=conflict.reason, source=conflict.source, now=now)


def _let_stand(name: str, person: Person, *, ruled_by: str, reason: str, source: str, now: dt.datetime) -> None:
    """A name registered so far goes on standing for the person's numbers: what came under it stays joined."""
    key = name_key(name)
    ruling = {"state": NameConflict.State.SAME_PERSON, "ruled_at": now, "ruled_by": ruled_by[:60], "reason": reason[:300]}
    NameConflict.objects.update_or_create(
        person=person,
        other_name_key_index=name_index(key),
        defaults=ruling,
        create_defaults={
            **ruling,
            "public_id": conflict_id(person, key),
            "other_name": name,
            "found_at": now,
            "source": source,
        },
    )


@action(UNMASKED, requires=can_unmask, batch=True)
def unmask_document(document: IdentityDocument, *, reason: str, actor: Actor, now: dt.datetime) -> str:
    """The whole number of a document, for the one who asks, once. Every reading is recorded with its reason.

    Raises ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(_("Reason: say why the whole number is needed."))
    note([Line.about(UNMASKED, document, after={"person": str(document.person.public_id), "reason": reason.strip()[:300]})])
    return str(document.number)


@action("people.person.look_up", requires=can_search_persons, batch=True)
def look_up_person(identity: Identity, *, actor: Actor, now: dt.datetime) -> Person | None:
    """The person who holds a document. Every look-up by number is recorded, found or not; the number is not."""
    person = find_by_identity([key_of(identity)]).get(key_of(identity))
    note([Line.about("people.person.look_up", person) if person else Line("people.person.look_up", after={"found": False})])
    return person


@action("people.person.correct", requires=can_correct_person, batch=True)
def correct_person(person: Person, *, name: str, phone: str, reason: str, actor: Actor, now: dt.datetime) -> Person:
    """Mend a name or a phone number, where the office has seen that it is wrong. The earlier name goes on standing for the
    person's numbers.

    Raises NameMissing, NotAPhone, ReasonMissing.
    """
    cleaned, number = clean_name(name), normal_phone(phone) if phone.strip() else ""
    if not cleaned:
        raise NameMissing(_("Name: write the name as on the document."))
    if number is None:
        raise NotAPhone(_("Phone: write a mobile number of 11 digits, or one abroad with + and its country code."))
    if not reason.strip():
        raise ReasonMissing(_("Reason: say what the correction rests on, such as the document seen."))
    before, earlier = snapshot(person), person.name
    person.name, person.name_key = cleaned, name_key(cleaned)
    person.phone, person.phone_index = number, phone_index(number)
    person.save(update_fields=["name", "name_key", "phone", "phone_index"])
    if name_key(earlier) != person.name_key:
        _let_stand(earlier, person, ruled_by=actor.text, reason=reason.strip(), source="form", now=now)
        people_changed({person.pk}, actor=actor, now=now)
    line = Line.about("people.person.correct", person, before=before, after=snapshot(person))
    note([replace(line, after={**(line.after or {}), "reason": reason.strip()[:300]})])
    return person


@action("people.document.add", requires=can_correct_person)
def add_document(person: Person, identity: Identity, *, actor: Actor, now: dt.datetime) -> IdentityDocument:
    """One more document of a person, seen by the office.

    Raises DocumentTaken where another person holds it, or this one already.
    """
    key = key_of(identity)
    if holders([key]):
        raise DocumentTaken(_("Document number: it is registered already. Find its holder by number."))
    document = IdentityDocument.objects.create(
        person=person, kind=identity.kind, number=identity.number, number_index=key[1], created_at=now
    )
    people_changed({person.pk}, actor=actor, now=now)
    return document
