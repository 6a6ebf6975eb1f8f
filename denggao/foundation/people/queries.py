"""Reads that span tables."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, Q, QuerySet

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.models import Record
from denggao.foundation.audit.readied import readied
from denggao.foundation.people.models import IdentityDocument, NameConflict, Person
from denggao.foundation.people.rules import Identity
from denggao.foundation.vault.fields import blind_index

T = TypeVar("T")

CHUNK = 5000
UNMASKED = "people.document.unmask"

Key = tuple[str, bytes]
"""A document as it is found: its kind, and the blind index of its normalised number."""


def identity_index(kind: str, number: str) -> bytes:
    return blind_index(f"identity:{kind}", number)


def key_of(identity: Identity) -> Key:
    return identity.kind, identity_index(identity.kind, identity.number)


def phone_index(phone: str) -> bytes | None:
    return blind_index("phone", phone) if phone else None


def name_index(key: str) -> bytes:
    """What a name that came with another person's number is compared by."""
    return blind_index("other-name", key)


def holders(keys: Collection[Key]) -> dict[Key, int]:
    """The id of the person who holds each document; absent where no one is known to."""
    wanted = set(keys)
    found: dict[Key, int] = {}
    for part in _chunks({index for _kind, index in wanted}):
        rows = IdentityDocument.objects.filter(number_index__in=part).values_list("kind", "number_index", "person_id")
        found.update(((kind, bytes(index)), person_id) for kind, index, person_id in rows)
    return {key: person_id for key, person_id in found.items() if key in wanted}


def persons(ids: Iterable[int]) -> dict[int, Person]:
    """Persons by id."""
    return {person.pk: person for part in _chunks(set(ids)) for person in Person.objects.filter(pk__in=part)}


def find_by_identity(keys: Collection[Key]) -> dict[Key, Person]:
    """The holder of each document; absent where no one is known to."""
    held = holders(keys)
    known = persons(held.values())
    return {key: known[person_id] for key, person_id in held.items()}


class NameMatcher:
    """Whether a name is that of a person: the registered one, or one the office ruled to be the same person's. Reads the
    rulings on these persons once."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._keys = {person.pk: person.name_key for person in people}
        self._ruled: dict[int, dict[bytes, str]] = defaultdict(dict)
        for part in _chunks(set(self._keys)):
            rows = NameConflict.objects.filter(person_id__in=part).values_list("person_id", "other_name_key_index", "state")
            for person_id, index, state in rows:
                self._ruled[person_id][bytes(index)] = state

    def accepts(self, person_id: int, key: str) -> bool:
        """Whether the name with this key may stand for this person."""
        if self._keys[person_id] == key:
            return True
        return self._ruling(person_id, key) == NameConflict.State.SAME_PERSON

    def refused(self, person_id: int, key: str) -> bool:
        """Whether the office ruled that this name is not this person's."""
        return self._ruling(person_id, key) == NameConflict.State.REFUSED

    def _ruling(self, person_id: int, key: str) -> str | None:
        ruled = self._ruled.get(person_id)
        return ruled.get(name_index(key)) if ruled else None


def persons_of(actor: Actor) -> list[tuple[int, str]]:
    """Key and whole name of the persons behind an actor's account: none or one, and only the holder is shown the name."""
    if actor.user is None:
        return []
    account_id = actor.user.pk
    return actor.once("people.persons", lambda: _persons_of.rows(account_id))


@readied(int)
def _persons_of(account_id: int) -> QuerySet[Person, tuple[int, str]]:
    return Person.objects.filter(account_id=account_id).order_by("pk").values_list("pk", "name")


def match_name(person: Person, name_key: str) -> bool:
    """Whether a name is that of a person. For many, keep a NameMatcher."""
    return NameMatcher([person]).accepts(person.pk, name_key)


@dataclass(frozen=True)
class Reading:
    """How many identity numbers an account read in the last day, week and thirty days."""

    actor_id: str
    actor_text: str
    day: int
    week: int
    month: int
    last_at: dt.datetime


def unmask_readings(*, now: dt.datetime) -> list[Reading]:
    """Who read identity numbers in the last thirty days, the most first."""
    day, week, month = (now - dt.timedelta(days=days) for days in (1, 7, 30))
    rows: Any = (
        Record.objects.filter(action=UNMASKED, at__gt=month, at__lte=now)
        .values("actor_id")
        .annotate(in_day=Count("id", filter=Q(at__gt=day)), in_week=Count("id", filter=Q(at__gt=week)), in_month=Count("id"))
        .order_by("-in_month", "actor_id")
    )
    latest = {
        actor_id: (text, at)
        for actor_id, text, at in Record.objects.filter(action=UNMASKED, at__gt=month, at__lte=now)
        .order_by("at", "id")
        .values_list("actor_id", "actor_text", "at")
    }
    return [
        Reading(
            row["actor_id"], latest[row["actor_id"]][0], row["in_day"], row["in_week"], row["in_month"], latest[row["actor_id"]][1]
        )
        for row in rows
    ]


def _chunks(items: Collection[T]) -> Iterable[list[T]]:
    listed = list(items)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))
