"""The one doorway for writes.

``@action`` wraps the only code that changes state. It gives, in this order: the permission check, one database
transaction, idempotency where a retry could double it, the audit records, and hooks after commit. Pages, API, imports
and commands call the same action.

A single act returns or takes one model instance, and its record is written from what that instance declares
(``audited``, ``personal``). A batch writes its own records with ``note`` and is one action all the same.
"""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, models, transaction

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.models import ActionKey
from denggao.foundation.audit.records import Line, snapshot, write_lines


class Refused(Exception):
    """An action that will not be done. The message may be shown to the user."""


class NotAllowed(Refused):
    """The actor may not do this."""


class AlreadyDone(Refused):
    """The same act, with the same key, was done before; ``result`` is what came of it."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


@dataclass
class Act:
    """One act of a user: every record written inside shares its id."""

    code: str
    actor: Actor
    now: dt.datetime
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    lines: list[Line] = field(default_factory=list)


_act: ContextVar[Act | None] = ContextVar("denggao_act", default=None)
CODES: dict[str, Callable[..., Any]] = {}


def current_act() -> Act:
    """The act under way. Raises RuntimeError outside an action: a write without a doorway."""
    act = _act.get()
    if act is None:
        raise RuntimeError("There is no act under way: this must be called from inside an action.")
    return act


def note(lines: Iterable[Line]) -> None:
    """Add records of objects changed by the act under way (batches, and what an act changes beside its object)."""
    current_act().lines.extend(lines)


P = ParamSpec("P")
R = TypeVar("R")


def action(
    code: str, *, requires: Callable[[Actor, Any], bool], batch: bool = False, once_by: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the doorway for one kind of write.

    ``requires(actor, subject)`` is the policy; the subject is the first positional argument, or None. ``batch`` means
    that the function notes its own records. ``once_by`` names the keyword argument that a retry would carry again.
    The function must take ``actor`` and ``now`` as keywords. Raises NotAllowed, AlreadyDone and whatever the function raises.
    """
    if code in CODES:
        raise RuntimeError(f"The action code {code} is taken.")

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def doorway(*args: P.args, **kwargs: P.kwargs) -> R:
            actor, now = kwargs["actor"], kwargs["now"]
            subject = args[0] if args else None
            if not isinstance(actor, Actor) or not isinstance(now, dt.datetime):
                raise TypeError(f"{code}: actor and now must be given.")
            if not requires(actor, subject):
                raise NotAllowed(code)
            with transaction.atomic():
                outer = _act.get()
                act = Act(code, actor, now, outer.id) if outer else Act(code, actor, now)
                token = _act.set(act)
                try:
                    done = _claim(code, str(kwargs[once_by]), now) if once_by else None
                    before = snapshot(subject) if isinstance(subject, models.Model) and subject.pk else None
                    result = function(*args, **kwargs)
                    if not batch:
                        act.lines.append(_line_of(code, subject, before, result))
                    if done is not None:
                        done.result = str(getattr(result, "public_id", result) or "")[:120]
                        done.save(update_fields=["result"])
                    write_lines(act.lines, act_id=act.id, actor=actor, at=now)
                finally:
                    _act.reset(token)
            return result

        CODES[code] = doorway
        return doorway

    return decorate


def after_commit(function: Callable[[], Any]) -> None:
    """Do something outside the database (a message, a job) once the act is committed."""
    transaction.on_commit(function)


def _claim(code: str, key: str, now: dt.datetime) -> ActionKey:
    try:
        with transaction.atomic():
            return ActionKey.objects.create(action=code, key=key, at=now)
    except IntegrityError:
        raise AlreadyDone(ActionKey.objects.get(action=code, key=key).result) from None


def _line_of(code: str, subject: object, before: Any, result: object) -> Line:
    about = result if isinstance(result, models.Model) else subject
    if not isinstance(about, models.Model):
        return Line(action=code)
    after = snapshot(about) if about.pk else None
    return Line.about(code, about, before=before if about is subject else None, after=after)
