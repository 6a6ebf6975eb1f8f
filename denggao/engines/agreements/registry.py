"""What is signed belongs to a room above: it registers, by its kind, what follows from the last signature and from a
refusal, and who may see and ask. Plugged in ``wiring.py``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from denggao.engines.agreements.models import SigningRequest
from denggao.foundation.audit.actors import Actor


class Follows(Protocol):
    def __call__(self, request: SigningRequest, *, actor: Actor, now: dt.datetime) -> Any: ...


@dataclass(frozen=True)
class Described:
    """What stands above the text on the signing page. ``rows`` are label and value; ``links`` label and address, of what
    this reader may open."""

    rows: list[tuple[str, str]]
    links: list[tuple[str, str]]


def _nobody(subject_id: UUID) -> Collection[str]:
    return ()


def _nothing_to_hold(subject_id: UUID) -> None:
    return None


@dataclass(frozen=True)
class SigningSubject:
    """The handlers of one kind of subject.

    ``on_complete`` and ``on_refused`` run in the transaction of the last signature, or of the refusal. ``can_see`` says who
    may read a request beside its signers and the office; ``can_manage`` who may ask and void beside the office.
    ``office_of`` gives the account ids (public, as text) that acted for the office on the subject: none of them may sign.
    ``hold`` locks the subject's row; it is called before the request's own is locked, so that two acts on one subject never
    wait for each other in a circle.
    """

    on_complete: Follows
    on_refused: Follows
    can_see: Callable[[Actor, UUID], bool]
    describe: Callable[[Actor, UUID], Described] = lambda actor, subject_id: Described([], [])
    can_manage: Callable[[Actor, UUID], bool] = lambda actor, subject_id: False
    office_of: Callable[[UUID], Collection[str]] = _nobody
    hold: Callable[[UUID], None] = _nothing_to_hold


_SUBJECTS: dict[str, SigningSubject] = {}


def register_signing(subject_kind: str, subject: SigningSubject) -> None:
    _SUBJECTS[subject_kind] = subject


_LABELS: dict[str, Any] = {}


def register_labels(labels: Mapping[str, Any]) -> None:
    """How keys of signed texts are called on pages. The text itself, and its hash, keep the keys."""
    _LABELS.update(labels)


def label_of(key: str) -> str:
    return str(_LABELS.get(key, key))


def subject_of(subject_kind: str) -> SigningSubject:
    """Raises KeyError for a kind nobody registered."""
    return _SUBJECTS[subject_kind]


@dataclass(frozen=True)
class Beside:
    """A way on from one's own mentorships to what another room asks of the two: a title, a line and an address."""

    title: str
    line: str
    url: str
    icon: str


_BESIDE: dict[str, Callable[[Actor], Beside | None]] = {}


def register_beside(code: str, source: Callable[[Actor], Beside | None]) -> None:
    """``source(actor)`` gives None where there is nothing for this actor."""
    _BESIDE[code] = source


def beside_of(actor: Actor) -> list[Beside]:
    return [found for source in _BESIDE.values() if (found := source(actor)) is not None]
