"""What the room above says of the subjects it has reviewed: plugged in ``wiring.py``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from denggao.foundation.audit.actors import Actor

if TYPE_CHECKING:
    from denggao.engines.reviews.models import Panel


class ReviewSubject(Protocol):
    """One kind of subject, such as cases."""

    def on_closed(self, panel: Panel, *, actor: Actor, now: dt.datetime) -> None:
        """Go on from a closed panel with its ``result``. Runs inside the act that closed it."""

    def can_chair(self, actor: Actor, subject_id: UUID) -> bool:
        """Whether the actor may assign, pin and clear beside the named chair. Conflicts are looked at by the caller."""

    def file(self, actor: Actor, subject_id: UUID) -> tuple[str, dict[str, Any]] | None:
        """What experts read: a template and its context; None where there is nothing."""

    def url(self, subject_id: UUID) -> str:
        """The subject's own page; empty where it has none."""


_subjects: dict[str, ReviewSubject] = {}


def register_review_subject(kind: str, subject: ReviewSubject) -> None:
    _subjects[kind] = subject


def review_subject(kind: str) -> ReviewSubject | None:
    return _subjects.get(kind)
