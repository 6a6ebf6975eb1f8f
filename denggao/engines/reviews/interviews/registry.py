"""What the room above says of who is heard: plugged in ``wiring.py``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor


@dataclass(frozen=True)
class Attendee:
    """One to be heard. ``masked`` may be shown on a screen in the corridor; ``title_zh`` is for the office."""

    subject_id: UUID
    number: str
    title_zh: str
    masked: str
    group: str = ""


class InterviewSubject(Protocol):
    """One kind of subject, such as rounds of cases."""

    candidate_kind: str

    def titles(self, subject_id: UUID) -> tuple[str, str] | None:
        """In Chinese and English; None where there is no such subject."""

    def attendees(self, subject_id: UUID) -> Sequence[Attendee]:
        """Those who could be heard at this moment, by number."""

    def accounts(self, subject_ids: Collection[UUID], *, now: dt.datetime) -> Mapping[UUID, Sequence[User]]:
        """Who is told, and sees the own turn."""

    def attended_by(self, actor: Actor) -> Collection[UUID]:
        """Candidates whose turn this actor sees as their own."""

    def url(self, subject_id: UUID) -> str:
        """The subject's own page; empty where it has none."""


_subjects: dict[str, InterviewSubject] = {}


def register_interview_subject(kind: str, subject: InterviewSubject) -> None:
    _subjects[kind] = subject


def interview_subject(kind: str) -> InterviewSubject | None:
    return _subjects.get(kind)


def every_subject() -> dict[str, InterviewSubject]:
    return dict(_subjects)
