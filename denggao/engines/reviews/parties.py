"""Whom the experts of a panel must have nothing to do with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Parties:
    """Database ids. ``organisation_ids``: the applying bodies; ``person_ids``: the applicants, those named in the
    application; ``nominator_ids``: the bodies that put it forward, ``nominator_person_ids`` the persons."""

    organisation_ids: frozenset[int] = frozenset()
    person_ids: frozenset[int] = frozenset()
    nominator_ids: frozenset[int] = frozenset()
    nominator_person_ids: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        organisations: Iterable[int] = (),
        persons: Iterable[int] = (),
        nominators: Iterable[int] = (),
        nominator_persons: Iterable[int] = (),
    ) -> Self:
        return cls(frozenset(organisations), frozenset(persons), frozenset(nominators), frozenset(nominator_persons))

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls.of(*(kept.get(name, []) for name in _NAMES))

    def as_json(self) -> dict[str, list[int]]:
        held = (self.organisation_ids, self.person_ids, self.nominator_ids, self.nominator_person_ids)
        return {name: sorted(ids) for name, ids in zip(_NAMES, held, strict=True)}

    def joined(self, other: Parties) -> Parties:
        return Parties(
            self.organisation_ids | other.organisation_ids,
            self.person_ids | other.person_ids,
            self.nominator_ids | other.nominator_ids,
            self.nominator_person_ids | other.nominator_person_ids,
        )


_NAMES = ("organisations", "persons", "nominators", "nominator_persons")
