"""Whom a notice serves: the room above registers its kind of subject in ``wiring.py``; the engine tells it what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from denggao.foundation.audit.actors import Actor


def _nothing(*_given: Any, **_named: Any) -> None:
    return None


def _office(_actor: Actor, _subject_id: UUID) -> bool:
    return True


def _none_hidden(_actor: Actor) -> Collection[UUID]:
    return ()


def _nowhere(_subject_id: UUID) -> str:
    return ""


@dataclass(frozen=True)
class NoticeSubject:
    """What a room above does when something becomes of its subject. All run inside the engine's transaction.

    ``on_passed(subject_id, notice, *, actor, now)``: the period ended and no objection is open.
    ``on_upheld(subject_id, objection, *, consequence, actor, now)``: ``consequence`` is ``send_back`` or ``end``; the subject
    is off the notice. ``on_dropped(subject_id, notice, *, reason, actor, now)``: the office took the name off.
    ``on_objection(subject_id, objection, *, actor, now)``: one was received (for a timeline, a message).
    ``can_manage(actor, subject_id)``: whether somebody of the office may handle this subject's notice and objections (a
    conflict shuts out); asked in addition to the office's roles. ``can_manage_all(actor, subject_ids)``: the same of all of a
    notice's names at once, where that is cheaper. ``hidden_from(actor)``: the subjects of which an actor must
    learn nothing beyond what the public sees. ``url(subject_id)``: the subject's page for the office.
    ``two_persons``: who opened the notice, and who investigates an objection, may not rule on it.
    """

    on_passed: Callable[..., None] = _nothing
    on_upheld: Callable[..., None] = _nothing
    on_dropped: Callable[..., None] = _nothing
    on_objection: Callable[..., None] = _nothing
    can_manage: Callable[[Actor, UUID], bool] = _office
    can_manage_all: Callable[[Actor, Collection[UUID]], bool] | None = None
    hidden_from: Callable[[Actor], Collection[UUID]] = _none_hidden
    url: Callable[[UUID], str] = _nowhere
    two_persons: bool = True


_SUBJECTS: dict[str, NoticeSubject] = {}


def register_notice_subject(kind: str, subject: NoticeSubject) -> None:
    if len(kind) > 30:
        raise ValueError(f"{kind}: a kind has at most 30 characters")
    _SUBJECTS[kind] = subject


def subject_of(kind: str) -> NoticeSubject:
    """Raises KeyError for a kind no room registered."""
    return _SUBJECTS[kind]


def subjects() -> dict[str, NoticeSubject]:
    """Every registered kind."""
    return dict(_SUBJECTS)
