"""How conflicts are found in what the platform knows: finders, registered in ``wiring.py``, are asked about many panels
and many persons at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Q

from denggao.engines.reviews.parties import Parties
from denggao.foundation.organisations.queries import chunks
from denggao.foundation.people.models import Person


class Side(StrEnum):
    """What of the parties a finding touches."""

    ORGANISATION = "organisation"
    PERSON = "person"
    NOMINATOR = "nominator"
    NOMINATOR_PERSON = "nominator_person"


@dataclass(frozen=True)
class Found:
    """``person_id`` stands too close to the party ``side`` and ``party_id`` name. ``fact`` names what it rests on, the
    same each time it is found; ``kind`` and ``detail`` as in ``models.Conflict``."""

    person_id: int
    side: Side
    party_id: int
    kind: str
    fact: str
    detail: Mapping[str, Any] = field(default_factory=dict, compare=False)


def _touched(parties: Parties) -> Iterator[tuple[Side, int]]:
    """Everything of these parties that a finding may name."""
    for side, ids in (
        (Side.ORGANISATION, parties.organisation_ids),
        (Side.PERSON, parties.person_ids),
        (Side.NOMINATOR, parties.nominator_ids),
        (Side.NOMINATOR_PERSON, parties.nominator_person_ids),
    ):
        for party_id in ids:
            yield side, party_id


class Finder(Protocol):
    """One source of conflicts. Its number of queries depends on neither how many parties nor how many persons."""

    def find(self, parties: Parties, person_ids: Collection[int], on: dt.date) -> list[Found]:
        """What the source knows between these persons and these parties (of one panel or of many together) on a day. What
        nobody confirmed counts as well: it only keeps someone from judging."""


_finders: dict[str, Finder] = {}


def register_finder(code: str, finder: Finder) -> None:
    _finders[code] = finder


def find_conflicts(panels: Mapping[int, Parties], person_ids: Collection[int], on: dt.date) -> dict[int, list[Found]]:
    """By panel (its key as given; every panel is there, perhaps with none): what all finders know, each fact once. What
    is known of a person's twin record counts as the person's, and says so."""
    if not person_ids or not panels:
        return {key: [] for key in panels}
    everyone = Parties()
    for parties in panels.values():
        everyone = everyone.joined(parties)
    twins = twins_of(person_ids)
    asked = {*person_ids, *twins}
    found = [_own(item, twins) for finder in _finders.values() for item in finder.find(everyone, asked, on)]
    by_party: dict[tuple[Side, int], list[Found]] = defaultdict(list)
    for item in found:
        by_party[item.side, item.party_id].append(item)
    by_panel: dict[int, list[Found]] = {}
    for key, parties in panels.items():
        touched = (item for party in _touched(parties) for item in by_party.get(party, ()))
        once = {(item.person_id, item.kind, item.fact): item for item in touched}
        by_panel[key] = [once[name] for name in sorted(once)]
    return by_panel


def _own(item: Found, twins: Mapping[int, int]) -> Found:
    if item.person_id not in twins:
        return item
    return replace(item, person_id=twins[item.person_id], fact=f"twin:{item.fact}", detail={**item.detail, "twin": True})


def twins_of(person_ids: Collection[int]) -> dict[int, int]:
    """Other records that are likely the same human beings: the same name with the same birth date or phone. By the
    other record's id, whom it stands for. Nobody confirmed it: it only keeps someone from judging."""
    found: dict[int, int] = {}
    for part in chunks(set(person_ids)):
        known = list(Person.objects.filter(pk__in=part).values_list("pk", "name_key", "born_on", "phone_index").order_by("pk"))
        alike = {(name, mark): pk for pk, name, born_on, phone in known for mark in _marks(born_on, phone)}
        born = {day for _pk, _name, day, _phone in known if day is not None}
        phones = {bytes(index) for *_rest, index in known if index is not None}
        rows = Person.objects.filter(name_key__in={name for _pk, name, *_rest in known})
        rows = rows.filter(Q(born_on__in=born) | Q(phone_index__in=phones)).exclude(pk__in=part)
        for pk, name, born_on, phone in rows.values_list("pk", "name_key", "born_on", "phone_index").order_by("pk"):
            for mark in _marks(born_on, phone):
                if (name, mark) in alike:
                    found[pk] = alike[name, mark]
    return found


def _marks(born_on: dt.date | None, phone: bytes | memoryview | None) -> list[object]:
    return [mark for mark in (born_on, bytes(phone) if phone is not None else None) if mark is not None]
