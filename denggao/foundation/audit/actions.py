"""The one doorway for writes.

``@action`` wraps the only code that changes state. It gives, in this order: the permission check, one database
transaction, idempotency where a retry could double it, the audit records, and hooks after commit. Pages, API, imports
and commands call the same action.

A single act returns or takes one model instance, and its record is written from what that instance declares
(``audited``, ``personal``): what the database held before and holds after, whatever was done to the instance in memory.
A batch writes its own records with ``note`` and is one action all the same. An action called from within another
belongs to the same act; what it wrote goes with it when it fails and the outer one carries on.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.audit.models import KEY_LENGTH, ActionKey, Record, RecordPersonal
from denggao.foundation.audit.policies import can_erase_personal, can_unmask_record
from denggao.foundation.audit.records import Line, records_of, snapshot, write_lines


class Refused(Exception):
    """An action that will not be done. The message may be shown to the user."""


class NotAllowed(Refused):
    """The actor may not do this; ``code`` is the action's."""

    def __init__(self, code: str) -> None:
        super().__init__(_("Your role does not allow this. The programme office can grant it."))
        self.code = code


class ReasonMissing(Refused):
    """What asks for a reason was given none."""


class AlreadyDone(Refused):
    """The same act, with the same key, was done before; ``result`` is what came of it: a public id, or empty."""

    def __init__(self, result: str) -> None:
        super().__init__(_("This has been done already; nothing was done twice."))
        self.result = result


@dataclass
class Act:
    """One act of a user: every record written inside shares its id and has a position of its own."""

    code: str
    actor: Actor
    now: dt.datetime
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    positions: Iterator[int] = field(default_factory=itertools.count)
    lines: list[Line] = field(default_factory=list)

    def inner(self, code: str, actor: Actor, now: dt.datetime) -> Act:
        return Act(code, actor, now, self.id, self.positions)


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
    that the function notes its own records. ``once_by`` names the keyword argument that a retry would carry again; an
    empty one claims nothing. The function must take ``actor`` and ``now`` as keywords. Raises NotAllowed, AlreadyDone and
    whatever the function raises.
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
                act = outer.inner(code, actor, now) if outer else Act(code, actor, now)
                token = _act.set(act)
                try:
                    done = _claim(code, kwargs.get(once_by), now) if once_by else None
                    before = None if batch else _stored(subject)
                    result = function(*args, **kwargs)
                    if not batch:
                        act.lines.append(_line_of(code, subject, before, result))
                    if done is not None:
                        done.result = str(getattr(result, "public_id", result) or "")[:120]
                        done.save(update_fields=["result"])
                    write_lines(act.lines, act_id=act.id, positions=act.positions, actor=actor, at=now)
                finally:
                    _act.reset(token)
            return result

        CODES[code] = doorway
        return doorway

    return decorate


def after_commit(function: Callable[[], Any]) -> None:
    """Do something outside the database (a message, a job) once the act is committed."""
    transaction.on_commit(function)


def _claim(code: str, key: object, now: dt.datetime) -> ActionKey | None:
    """The row that says this is the first time; None without a key. Raises AlreadyDone."""
    if key is None or key == "":
        return None
    text = str(key)
    if len(text) > KEY_LENGTH:
        text = hashlib.sha256(text.encode()).hexdigest()
    try:
        with transaction.atomic():
            return ActionKey.objects.create(action=code, key=text, at=now)
    except IntegrityError:
        raise AlreadyDone(ActionKey.objects.get(action=code, key=text).result) from None


def _stored(thing: object) -> models.Model | None:
    """A model instance as the database has it at this moment; None for anything else and for what is not stored."""
    if not isinstance(thing, models.Model) or thing.pk is None:
        return None
    return thing._meta.model._base_manager.filter(pk=thing.pk).first()


def _line_of(code: str, subject: object, before: models.Model | None, result: object) -> Line:
    about = result if isinstance(result, models.Model) else subject
    if not isinstance(about, models.Model):
        return Line(action=code)
    after = _stored(about)
    # An instance that was deleted has lost its key: it is told by what was stored.
    if before is not None and not (about is subject or about == before):
        before = None
    return Line.about(
        code,
        about if about.pk is not None or before is None else before,
        before=snapshot(before) if before is not None else None,
        after=snapshot(after) if after is not None else None,
    )


def _reads(actor: Actor, subject: object) -> bool:
    """Who may read is decided by the room that asks for the record; a visitor never reads what needs one."""
    return actor.kind != ActorKind.VISITOR


@action("audit.reading", requires=_reads, batch=True)
def record_reading(
    subject: models.Model | str, *, fields: Sequence[str], purpose: str, rows: int = 1, actor: Actor, now: dt.datetime
) -> None:
    """Record that personal data were read: unmasked on a page, exported, downloaded. Call it before they are shown.

    ``subject`` is the object, or for many at once what was read, as text (``people.person`` with ``rows``). ``fields`` are
    names, never values; ``purpose`` is what the reader gave, or the page.
    """
    said = {"fields": sorted(fields), "purpose": purpose.strip()[:300], "rows": rows}
    if isinstance(subject, models.Model):
        line = Line.about("audit.reading", subject, after=said)
        note([dataclasses.replace(line, personal=frozenset())])
    else:
        note([Line("audit.reading", object_type=subject[:60], after=said)])


@action("audit.record.unmask", requires=can_unmask_record, batch=True)
def unmask_record(record: Record, *, reason: str, actor: Actor, now: dt.datetime) -> dict[str, dict[str, Any]]:
    """The personal values behind a record, ``{"before": {…}, "after": {…}}``, empty once they were erased. That they were
    shown, to whom and why, is recorded. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing(_("Say why you need to see the personal values; the reason is recorded."))
    kept = RecordPersonal.objects.filter(pk=record.pk).first()
    said = {"number": record.number, "reason": reason.strip()[:300], "of": f"{record.object_type} {record.object_id}"}
    note([Line("audit.record.unmask", "audit.record", f"{record.act_id}/{record.position}", record.object_text, after=said)])
    return kept.values if kept is not None else {}


@action("audit.personal.erase", requires=can_erase_personal, batch=True)
def erase_personal(thing: models.Model, *, reason: str, actor: Actor, now: dt.datetime) -> int:
    """Erase the personal values behind all records of an object, with their salts; how many records they stood behind.
    The records themselves stay, and verify as before: what is left of the values is hashes that nobody can try out."""
    erased, _rows = RecordPersonal.objects.filter(record__in=records_of(thing)).delete()
    line = Line.about("audit.personal.erase", thing, after={"records": erased, "reason": reason.strip()[:300]})
    note([dataclasses.replace(line, personal=frozenset())])
    return erased
