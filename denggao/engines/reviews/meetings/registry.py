"""What the room above says of what its meetings are about: plugged in ``wiring.py``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from denggao.engines.reviews.parties import Parties
from denggao.foundation.audit.actors import Actor

if TYPE_CHECKING:
    from denggao.engines.reviews.meetings.models import Item, Meeting


@dataclass(frozen=True)
class Candidate:
    """One that is voted on, in the order given. ``group`` is a code, with its names; ``place`` and ``points`` the ranking's."""

    subject_id: UUID
    title_zh: str
    title_en: str = ""
    group: str = ""
    group_zh: str = ""
    group_en: str = ""
    place: int | None = None
    points: Decimal | None = None


@dataclass(frozen=True)
class Setting:
    """What the subject gives a meeting: its names, its places, and a rule of its own (``(2, 3)`` for two thirds)."""

    title_zh: str
    title_en: str = ""
    quota: int | None = None
    quotas: Mapping[str, int] | None = None
    quorum: tuple[int, int] | None = None
    majority: tuple[int, int] | None = None
    way: str = "named"
    is_demo: bool = False


class MeetingSubject(Protocol):
    """One kind of subject, such as rounds of cases. Its number of queries does not grow with the candidates."""

    candidate_kind: str
    """The kind of its candidates, as ``reviews`` knows them."""

    def setting(self, subject_id: UUID) -> Setting | None:
        """None where there is no such subject."""

    def candidates(self, subject_id: UUID) -> Sequence[Candidate]:
        """Those that wait for the meeting at this moment."""

    def parties(self, subject_ids: Collection[UUID]) -> Mapping[UUID, Parties]:
        """Whom each candidate is about."""

    def nominated(self, subject_id: UUID) -> Collection[int]:
        """Ids of the persons who stand as candidates anywhere in the subject, also earlier on the way."""

    def file(self, actor: Actor, subject_id: UUID) -> tuple[str, dict[str, Any]] | None:
        """What members read of a candidate: a template and its context; None where there is nothing."""

    def on_closed(self, meeting: Meeting, items: Sequence[Item], *, actor: Actor, now: dt.datetime) -> None:
        """Go on from the outcomes. Runs inside the act that closed the meeting."""

    def url(self, subject_id: UUID) -> str:
        """The subject's own page; empty where it has none."""

    def item_url(self, subject_id: UUID) -> str:
        """The candidate's page for the office; empty where it has none."""


_subjects: dict[str, MeetingSubject] = {}


def register_meeting_subject(kind: str, subject: MeetingSubject) -> None:
    _subjects[kind] = subject


def meeting_subject(kind: str) -> MeetingSubject | None:
    return _subjects.get(kind)
