"""Reads that span tables."""

from __future__ import annotations

import datetime as dt
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.timezone import localdate

from denggao.engines.credentials.models import Credential, Issued, Standing
from denggao.engines.credentials.registry import facts_of
from denggao.engines.credentials.rules import clean_number, number_key, spellings
from denggao.engines.credentials.standing import Status, status_of
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.masks import mask_name
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import Key, NameMatcher, find_by_identity
from denggao.foundation.people.rules import Identity, name_key, read_identity

CHUNK = 2000


def by_number(numbers: Iterable[str]) -> dict[str, Credential]:
    """Registered certificates by number key, whichever way their number is spelled. A query for 2,000 numbers."""
    wanted = sorted({spelling for number in numbers for spelling in spellings(number)})
    found: dict[str, Credential] = {}
    for start in range(0, len(wanted), CHUNK):
        for credential in Credential.objects.filter(number__in=wanted[start : start + CHUNK]):
            found[number_key(credential.number)] = credential
    return found


# Verification by anyone


class VerifyState(StrEnum):
    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class VerifyAnswer:
    """What anyone may know who brings number and name: the masked minimum. Empty beside ``state`` where nothing was found,
    whichever of the two was wrong. ``since`` is the first day of the present state where it is told; ``reason`` its class
    in words. ``status`` is there for what the platform itself issued: a plaque, a letter of appointment."""

    state: VerifyState
    number: str = ""
    name: str = ""
    issued_on: dt.date | None = None
    withdrawn_on: dt.date | None = None
    evaluator: str = ""
    issuer: str = ""
    proof: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    title: str = ""
    since: dt.date | None = None
    reason: str = ""
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    status: Status | None = None


_NOT_FOUND = VerifyAnswer(VerifyState.NOT_FOUND)
_NOBODY = "\x00"


def verify(number: str, name: str, *, day: dt.date | None = None) -> VerifyAnswer:
    """Whether a certificate, plaque or letter with this number was issued to a holder of this name (as on it, or as
    registered), and how it stands on a day, today unless told. A wrong number and a wrong name take the same way and give
    the same answer."""
    asked, cleaned = name_key(name), clean_number(number)[:60]
    credential = Credential.objects.select_related("holder").filter(number__in=spellings(cleaned)).order_by("pk").first()
    issued = Issued.objects.select_related("holder_organisation", "holder_person").filter(number=cleaned[:40]).first()
    of_credential = _is_named(asked, (credential.holder_name_key if credential else _NOBODY, _registered_name(credential)))
    of_issued = _is_named(asked, _names_of(issued))
    if credential is not None and of_credential:
        return _answer_of(credential)
    if issued is not None and of_issued:
        return _issued_answer(status_of(issued, day=day or localdate()))
    return _NOT_FOUND


def _is_named(asked: str, names: Sequence[str]) -> bool:
    matches = [hmac.compare_digest(asked.encode(), known.encode()) for known in names]
    # SECURITY: what stands for no name must not be asked for by it.
    return bool(asked) and asked != _NOBODY and any(matches)


def _answer_of(credential: Credential) -> VerifyAnswer:
    withdrawn_on = localdate(credential.withdrawn_at) if credential.withdrawn_at else None
    withdrawn = credential.status == Credential.Status.WITHDRAWN
    return VerifyAnswer(
        state=VerifyState.WITHDRAWN if withdrawn else VerifyState.VALID,
        number=credential.masked_number,
        name=mask_name(credential.holder_name),
        issued_on=credential.issued_on,
        withdrawn_on=withdrawn_on,
        evaluator=credential.evaluator_text,
        issuer=credential.issuer_text,
        proof=str(credential.get_proof_display()),
        facts=facts_of(credential),
        since=withdrawn_on or credential.issued_on,
    )


def _issued_answer(status: Status) -> VerifyAnswer:
    issued = status.issued
    return VerifyAnswer(
        state=VerifyState(status.standing.value),
        number=issued.number,
        name=issued.public_holder,
        issued_on=issued.issued_on,
        withdrawn_on=status.since if status.standing is Standing.WITHDRAWN else None,
        issuer=" · ".join(issued.granter_names),
        facts=status.facts,
        title=issued.title,
        since=None if status.standing is Standing.NOT_YET else status.since,
        reason=status.reason,
        valid_from=issued.valid_from,
        valid_until=issued.valid_until,
        status=status,
    )


def _registered_name(credential: Credential | None) -> str:
    return credential.holder.name_key if credential and credential.holder else _NOBODY


def _names_of(issued: Issued | None) -> list[str]:
    """As printed, in either language, and as registered."""
    if issued is None:
        return [_NOBODY] * 3
    holder = issued.holder_organisation or issued.holder_person
    return [
        name_key(issued.holder_zh) or _NOBODY,
        name_key(issued.holder_en) or _NOBODY,
        name_key(holder.name_zh if isinstance(holder, Organisation) else holder.name) if holder else _NOBODY,
    ]


# Certificates that wait for their person


class WaitsFor(StrEnum):
    """Why a certificate has no holder yet."""

    PERSON = "person"
    OTHER_NAME = "other_name"
    OFFER = "offer"


@dataclass(frozen=True)
class Candidate:
    """A person a waiting certificate may belong to, and how it is known: by the document under another name, or by name and
    birth date under another document."""

    person: Person
    waits_for: WaitsFor


@dataclass(frozen=True)
class Waiting:
    """A certificate without a holder, with whom it may belong to. Nobody is joined to an offered one but by a human."""

    credential: Credential
    waits_for: WaitsFor
    candidates: list[Candidate]


def document_of(credential: Credential) -> Key:
    return credential.document_kind, bytes(credential.document_index)


def identity_of(credential: Credential) -> Identity | None:
    """The document on the certificate as it was read; None where its number was not kept."""
    found = read_identity(credential.document_kind, credential.document_number) if credential.document_number else None
    return found if isinstance(found, Identity) else None


def waiting(credentials: Sequence[Credential]) -> list[Waiting]:
    """What each of these waiting certificates waits for, in their order. Four queries, however many."""
    holders = find_by_identity({document_of(item) for item in credentials})
    matcher = NameMatcher(holders.values())
    namesakes: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(name_key__in={item.holder_name_key for item in credentials}, born_on__isnull=False):
        namesakes[person.name_key].append(person)
    return [_waiting(item, holders, matcher, namesakes) for item in credentials]


def _waiting(
    credential: Credential, holders: dict[Key, Person], matcher: NameMatcher, namesakes: dict[str, list[Person]]
) -> Waiting:
    holder = holders.get(document_of(credential))
    if holder is not None and not matcher.accepts(holder.pk, credential.holder_name_key):
        return Waiting(credential, WaitsFor.OTHER_NAME, [Candidate(holder, WaitsFor.OTHER_NAME)])
    identity = identity_of(credential)
    born_on = identity.born_on if identity else None
    alike = [
        Candidate(person, WaitsFor.OFFER)
        for person in namesakes[credential.holder_name_key]
        if born_on and person.born_on == born_on
    ]
    return Waiting(credential, WaitsFor.OFFER if alike else WaitsFor.PERSON, alike)


def waiting_for(person_ids: Collection[int]) -> list[tuple[Credential, int]]:
    """Waiting certificates that now have a holder among these persons: equal document, and a name that stands for it."""
    if not Credential.objects.filter(holder__isnull=True).exists():
        return []
    ids = sorted(person_ids)
    found: list[tuple[Credential, int]] = []
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        waits = Credential.objects.filter(
            holder__isnull=True, document_index__in=Person.objects.filter(pk__in=part).values("documents__number_index")
        )
        found.extend(_matched(list(waits), set(part)))
    return found


def _matched(credentials: list[Credential], people: set[int]) -> list[tuple[Credential, int]]:
    holders = {
        key: person for key, person in find_by_identity({document_of(item) for item in credentials}).items() if person.pk in people
    }
    matcher = NameMatcher(holders.values())
    return [
        (item, person.pk)
        for item in credentials
        if (person := holders.get(document_of(item))) is not None and matcher.accepts(person.pk, item.holder_name_key)
    ]
