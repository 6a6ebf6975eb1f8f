"""Reads that span tables."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Grant, Role, account
from denggao.foundation.audit.readied import readied
from denggao.foundation.organisations.models import Employment, EmploymentStatement, Membership, Organisation, OrganisationAlias
from denggao.foundation.organisations.rules import Resolved, Statement, body_key, resolve, stints, with_statement
from denggao.foundation.standards.rules import occupation_key

T = TypeVar("T")
CHUNK = 5000


RoleRow = tuple[str, int | None, dt.date]
"""A role, the body it is held in (an id; None for no body), and since when."""
RoleSource = Callable[[int, dt.date], QuerySet[Any, RoleRow]]
_role_sources: list[RoleSource] = []


def plug_role_source(source: RoleSource) -> None:
    """A register that makes whoever stands in it something, for as long as they stand there: no second grant beside it. The
    source gives rows of ``values_list``, all in one query with the roles that were given by hand."""
    if source not in _role_sources:
        _role_sources.append(source)


def grants_of(user: User, *, on: dt.date) -> frozenset[Grant]:
    """The roles an account holds on a day, given or by a register; one query."""
    return frozenset(Grant(Role(role), organisation) for role, organisation, _since in _roles_held.rows(user.pk, on))


@readied(int, dt.date)
def _roles_held(account_id: int, on: dt.date) -> QuerySet[Any, RoleRow]:
    held = Membership.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), account_id=account_id, from_on__lte=on)
    return held.order_by().values_list("role", "organisation_id", "from_on").union(*derived_roles(account_id, on))


def derived_roles(account_id: int, on: dt.date) -> list[QuerySet[Any, RoleRow]]:
    """What the registers say."""
    return [source(account_id, on) for source in _role_sources]


def actor_of_account(public_id: str, on: dt.date) -> Actor | None:
    """The actor that an account is on a day; None when the account is gone or closed."""
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    return account(user, grants_of(user, on=on), "job") if user else None


# Employments and the statements they rest on


@dataclass(frozen=True, slots=True)
class Kept(Statement):
    """A statement as written down, or about to be: ``pk`` and ``employment_id`` are None until then."""

    source: str = ""
    pk: int | None = None
    employment_id: int | None = None

    def merged(self, said: Kept) -> Kept:
        """This statement with what another of the same date says beside or instead."""
        occupation = (
            (said.occupation_text, said.occupation_id) if said.occupation_text else (self.occupation_text, self.occupation_id)
        )
        return replace(
            self,
            left_on=said.left_on or self.left_on,
            post=said.post or self.post,
            occupation_text=occupation[0],
            occupation_id=occupation[1],
            front_line=self.front_line if said.front_line is None else said.front_line,
            source=said.source,
            stated_at=said.stated_at,
        )


@dataclass(slots=True)
class Pair:
    """All that is known of one person and one employer."""

    employments: list[Employment] = field(default_factory=list)
    statements: list[Kept] = field(default_factory=list)

    def stints(self) -> list[list[Kept]]:
        return stints(self.statements) if self.statements else []

    def with_statement(self, said: Kept) -> tuple[Pair, Kept | None]:
        """As it would be with one more statement, and that statement as kept; None where it adds nothing."""
        statements, kept = with_statement(self.statements, said, Kept.merged)
        return Pair(self.employments, statements), kept


@dataclass(frozen=True, slots=True)
class Effect:
    """What one more statement would do: ``created`` (an employment not known so far), ``updated`` or ``unchanged``; and the
    employment it speaks of, before (None where there was none) and after."""

    outcome: str
    before: Resolved | None
    after: Resolved


def effect_of(pair: Pair, said: Kept) -> Effect:
    """Judge a statement without writing it."""
    if not pair.statements:
        return Effect("created", None, resolve([said]))
    then, kept = pair.with_statement(said)
    spoken = kept or next(item for item in pair.statements if item.as_of == said.as_of and item.hired_on == said.hired_on)
    before, after = pair.stints(), then.stints()
    group = next(stint for stint in after if any(item is spoken for item in stint))
    resolved = resolve(group)
    earlier = _counterpart(before, group)
    if kept is None:
        return Effect("unchanged", resolved, resolved)
    if earlier is None:
        return Effect("created", None, resolved)
    same = [resolve(stint).facts for stint in before] == [resolve(stint).facts for stint in after]
    return Effect("unchanged" if same else "updated", resolve(earlier), resolved)


def _counterpart(before: list[list[Kept]], group: list[Kept]) -> list[Kept] | None:
    """Which of the earlier employments this one continues."""
    keys = {(item.as_of, item.hired_on) for item in group}
    return next((stint for stint in before if any((item.as_of, item.hired_on) in keys for item in stint)), None)


def load_pairs(person_ids: Collection[int], employer_ids: Collection[int]) -> dict[tuple[int, int], Pair]:
    """Employments and statements by (person id, employer id); absent where nothing is known."""
    pairs: dict[tuple[int, int], Pair] = {}
    by_employment: dict[int, Pair] = {}
    for part in chunks(set(person_ids)):
        for employment in Employment.objects.filter(person_id__in=part, employer_id__in=employer_ids).order_by("pk"):
            pair = pairs.setdefault((employment.person_id, employment.employer_id), Pair())
            pair.employments.append(employment)
            by_employment[employment.pk] = pair
    for ids in chunks(by_employment):
        for row in EmploymentStatement.objects.filter(employment_id__in=ids).values_list(*_KEPT):
            kept = Kept(*row)
            by_employment[row[-1]].statements.append(kept)
    return pairs


_KEPT = (
    "as_of", "hired_on", "left_on", "post", "occupation_text", "occupation_id", "front_line", "stated_at", "source", "pk",
    "employment_id",
)  # fmt: skip


def employed_by_several(person_ids: Collection[int]) -> list[Employment]:
    """All employments of those of these persons whom more than one employer ever employed."""
    found: list[Employment] = []
    for part in chunks(set(person_ids)):
        several = (
            Employment.objects.filter(person_id__in=part)
            .order_by()
            .values("person_id")
            .annotate(employers=Count("employer_id", distinct=True))
            .filter(employers__gt=1)
            .values_list("person_id", flat=True)
        )
        ids = list(several)
        if ids:
            found += Employment.objects.filter(person_id__in=ids).select_related("person", "employer").order_by("person_id", "pk")
    return found


def employed_on(employments: QuerySet[Employment], day: dt.date) -> QuerySet[Employment]:
    """Those that last on a day (``rules.employed_on``)."""
    begun = Q(hired_on__lte=day) | Q(hired_on__isnull=True, known_from__lte=day)
    return employments.filter(begun).exclude(left_on__lt=day)


def missing_from_latest(employments: QuerySet[Employment]) -> QuerySet[Employment]:
    """Those that the latest list of their employer does not name."""
    latest = Employment.objects.filter(employer=OuterRef("employer")).order_by("-last_listed_on").values("last_listed_on")[:1]
    return employments.filter(last_listed_on__lt=Subquery(latest))


@dataclass(frozen=True)
class Headcount:
    """Of one body on a day: people in post; of these on the front line, with a status not known, with an occupation still
    to be mapped, not on the latest list; and the date of that list."""

    there: int
    on_front_line: int
    unknown: int
    unmapped: int
    missing: int
    last_listed_on: dt.date | None


def headcount(employer: Organisation, day: dt.date) -> Headcount:
    employments = Employment.objects.filter(employer=employer)
    latest = employments.aggregate(latest=Max("last_listed_on"))["latest"]
    counted = employed_on(employments, day).aggregate(
        there=Count("pk"),
        on_front_line=Count("pk", filter=Q(front_line=True)),
        unknown=Count("pk", filter=Q(front_line__isnull=True)),
        unmapped=Count("pk", filter=~Q(occupation_text="") & Q(occupation__isnull=True)),
        missing=Count("pk", filter=Q(last_listed_on__lt=latest) if latest else Q(pk__isnull=True)),
    )
    return Headcount(**counted, last_listed_on=latest)


# Bodies


def bodies_by_code(codes: Iterable[str]) -> dict[str, Organisation]:
    """Bodies by unified social credit code."""
    return {body.uscc: body for part in chunks(set(codes)) for body in _bodies(uscc__in=part) if body.uscc}


def bodies_without_code(names: Iterable[str]) -> dict[str, Organisation]:
    """Bodies known by name alone (from a plan file), by the key of their name or of one of their aliases."""
    found: dict[str, Organisation] = {}
    for part in chunks({body_key(name) for name in names}):
        aliases = OrganisationAlias.objects.filter(name_key__in=part, organisation__uscc__isnull=True)
        aliases = aliases.select_related("organisation__industry")
        found |= {alias.name_key: alias.organisation for alias in aliases}
        found |= {body.name_key: body for body in _bodies(name_key__in=part, uscc__isnull=True)}
    return found


def bodies_by_id(public_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Organisation]:
    """Bodies by public id."""
    return {body.public_id: body for part in chunks(set(public_ids)) for body in _bodies(public_id__in=part)}


def _bodies(**conditions: object) -> QuerySet[Organisation]:
    return Organisation.objects.filter(**conditions).select_related("industry")


def employer_with_code(code: str) -> Organisation | None:
    return Organisation.objects.filter(uscc=code).first()


def chunks(items: Iterable[T] | Mapping[T, object]) -> Iterable[list[T]]:
    listed = list(items)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def employments_by_occupation_name(keys: Collection[str]) -> dict[str, int]:
    """How many employments carry each of these occupation names (by key). One query."""
    wanted, found = set(keys), Counter[str]()
    for text, count in Employment.objects.values_list("occupation_text").annotate(count=Count("pk")).order_by():
        key = occupation_key(text)
        if key in wanted:
            found[key] += count
    return dict(found)
