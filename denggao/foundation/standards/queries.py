"""Reads that span tables."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q

from denggao.foundation.standards.models import JobTitle, Occupation, OccupationEntry, OccupationName, RuleValue
from denggao.foundation.standards.rules import kinds_of, occupation_key, read_occupation


class Resolution(StrEnum):
    """Whether a name as written is one occupation, and if not, why. ``CONTRADICTORY``: occupation and job title (or the two
    names in one cell, or name and code) are each known and are two occupations."""

    RESOLVED = "resolved"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    CONTRADICTORY = "contradictory"
    BLANK = "blank"


class Found(NamedTuple):
    """``occupation`` is None unless ``state`` is RESOLVED. ``name`` is the text that decided, as written: the one to be
    listed for mapping where the state is UNKNOWN or AMBIGUOUS."""

    occupation: Occupation | None
    state: Resolution
    name: str = ""
    by_office: bool = False

    @property
    def is_listed(self) -> bool:
        return self.state in {Resolution.UNKNOWN, Resolution.AMBIGUOUS}


class OccupationFinder:
    """From what people wrote to the occupation meant. Reads everything once (four queries); keep one for a batch."""

    def __init__(self) -> None:
        self.occupations = {item.pk: item for item in Occupation.objects.all()}
        self._by_name: dict[str, set[int]] = {}
        self._by_code: dict[str, set[int]] = defaultdict(set)
        for occupation in self.occupations.values():
            self._by_name[occupation.name_key] = {self._standing(occupation.pk)}
        for code, name, occupation_id in OccupationEntry.objects.values_list("code", "name_zh", "occupation_id"):
            self._by_name.setdefault(occupation_key(name), set()).add(self._standing(occupation_id))
            self._by_code[code].add(self._standing(occupation_id))
        self._names = frozenset(self._by_name)
        for key, occupation_id in JobTitle.objects.filter(removed_at__isnull=True).values_list("name_key", "occupation_id"):
            self._by_name.setdefault(key, {self._standing(occupation_id)})
        self._mapped = {
            key: self._standing(occupation_id)
            for key, occupation_id in OccupationName.objects.filter(occupation__isnull=False).values_list(
                "name_key", "occupation_id"
            )
        }
        self._seen: dict[tuple[str, str, str], Found] = {}

    def resolve(self, occupation_text: str, job_title_text: str = "", code: str = "") -> Found:
        """The job title decides where the occupation's name is ambiguous or unknown; where both are known they must agree."""
        asked = (occupation_text, job_title_text, code)
        if asked not in self._seen:
            self._seen[asked] = self._resolve(*asked)
        return self._seen[asked]

    def by_id(self, occupation_id: int | None) -> Occupation | None:
        return self.occupations[self._standing(occupation_id)] if occupation_id in self.occupations else None

    def candidates(self, text: str) -> list[Occupation]:
        """What an unresolved name may mean, likeliest first: its kinds (钳工: three), then names sharing its characters."""
        written = read_occupation(text)
        ids: dict[int, None] = {}
        for part in (written.key, *written.parts):
            ids.update((pk, None) for name in kinds_of(part, self._names) for pk in self._by_name[name])
        for held in self._by_code.get(written.code, ()):
            ids.setdefault(held)
        ids.update(dict.fromkeys(self._alike(written.key)))
        return [self.occupations[pk] for pk in list(ids)[:8]]

    def _alike(self, key: str) -> list[int]:
        pairs = {key[at : at + 2] for at in range(len(key) - 1)}
        scored = []
        for name in self._names:
            shared = len(pairs & {name[at : at + 2] for at in range(len(name) - 1)})
            if shared and shared * 2 >= len(pairs):
                scored.append((-shared, len(name), name))
        return [pk for _, _, name in sorted(scored)[:8] for pk in self._by_name[name]]

    def _standing(self, occupation_id: int) -> int:
        return self.occupations[occupation_id].merged_into_id or occupation_id

    def _resolve(self, occupation_text: str, job_title_text: str, code: str) -> Found:
        wide, narrow = self._read(occupation_text, code), self._read(job_title_text, "")
        if narrow.state is Resolution.BLANK or wide.state is Resolution.CONTRADICTORY:
            return wide
        if wide.state is Resolution.BLANK:
            return narrow
        if narrow.occupation is None:
            return wide
        # The office's word on 钳工 holds for those who wrote no more than 钳工.
        open_to = None if wide.by_office or wide.state is Resolution.UNKNOWN else self._meant(wide, occupation_text)
        if open_to is None or narrow.occupation.pk in open_to:
            return narrow
        return Found(None, Resolution.CONTRADICTORY, occupation_text)

    def _meant(self, found: Found, text: str) -> set[int]:
        return {found.occupation.pk} if found.occupation else self._kinds(read_occupation(text).key)

    def _kinds(self, key: str) -> set[int]:
        return {pk for name in kinds_of(key, self._names) for pk in self._by_name[name]}

    def _read(self, text: str, code: str) -> Found:
        written = read_occupation(text)
        code = code or written.code
        if not written.key and not code:
            return Found(None, Resolution.BLANK)
        if written.key in self._mapped:
            return Found(self.occupations[self._mapped[written.key]], Resolution.RESOLVED, text, by_office=True)
        found = {pk for pk in (self._named(part) for part in self._parts(written.key, written.parts)) if pk is not None}
        by_code = self._by_code.get(code, set())
        if not written.key and len(by_code) == 1:
            found = by_code
        if len(found) > 1 or (found and by_code and not found & by_code):
            return Found(None, Resolution.CONTRADICTORY, text)
        if found:
            return Found(self.occupations[next(iter(found))], Resolution.RESOLVED, text)
        several = len(self._kinds(written.key)) > 1 or len(by_code) > 1
        return Found(None, Resolution.AMBIGUOUS if several else Resolution.UNKNOWN, text)

    def _parts(self, key: str, parts: tuple[str, ...]) -> Iterable[str]:
        return (key,) if key in self._by_name else parts

    def _named(self, key: str) -> int | None:
        if key in self._mapped:
            return self._mapped[key]
        held = self._by_name.get(key, ())
        return next(iter(held)) if len(held) == 1 else None


class NoRuleInForce(LookupError):
    """No value of this rule is in force on that day."""


class RuleTable:
    """The values of some rules, read once; ``value`` is then free of queries."""

    def __init__(self, *keys: str, region: str = "national") -> None:
        self._values: dict[str, list[RuleValue]] = defaultdict(list)
        for item in RuleValue.objects.filter(Q(region=region) | Q(region="national"), key__in=keys).order_by("valid_from"):
            self._values[item.key].append(item)
        self.region = region

    def rule(self, key: str, on: dt.date) -> RuleValue:
        """The value in force on a day, the region's own before the nation's. Raises NoRuleInForce."""
        standing = [item for item in self._values[key] if item.valid_from <= on and (item.valid_to is None or on <= item.valid_to)]
        if not standing:
            raise NoRuleInForce(f"{key} {on}")
        return max(standing, key=lambda item: (item.region == self.region, item.valid_from))

    def value(self, key: str, on: dt.date) -> Decimal:
        return self.rule(key, on).value


def rule_value(key: str, on: dt.date, *, region: str = "national") -> Decimal:
    """The value of a rule in force on a day. Raises NoRuleInForce."""
    return RuleTable(key, region=region).value(key, on)
