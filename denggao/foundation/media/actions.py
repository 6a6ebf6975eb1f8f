"""Asking for a file to be made ready, and noting what came of it. The making itself (``making.py``) is the job's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.actions import note_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.rules import AUDIO, CONTENT_TYPES, OFFICE, SUBTITLE, VIDEO
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.media.hooks import media_ready
from denggao.foundation.media.models import Conversion, Output
from denggao.foundation.media.policies import can_convert, can_make_ready

MAKE_READY = "media.make_ready"
_TYPES = {
    Conversion.Kind.VIDEO: VIDEO,
    Conversion.Kind.AUDIO: AUDIO,
    Conversion.Kind.PDF: ("pdf",),
    Conversion.Kind.OFFICE: OFFICE,
    Conversion.Kind.SUBTITLE: SUBTITLE,
}


class NotConvertible(Refused):
    """The file is of no type that can be made ready so."""


def kind_for(stored: StoredFile) -> str:
    """As what a file can be made ready, by its type; empty where as nothing."""
    return next((kind.value for kind, types in _TYPES.items() if stored.content_type in map(CONTENT_TYPES.get, types)), "")


@action("media.conversion.ask", requires=can_convert)
def convert(source: StoredFile, *, kind: str, actor: Actor, now: dt.datetime) -> Conversion:
    """Have a file made ready in the background; ``hooks.media_ready`` tells when. One that was made ready before is as it is;
    one that failed is tried again. Raises NotConvertible."""
    if kind_for(source) != kind:
        raise NotConvertible(_("A file of this type can’t be shown as %(kind)s.") % {"kind": Conversion.Kind(kind).label})
    conversion, made = Conversion.objects.get_or_create(
        source=source, kind=kind, defaults={"asked_by": actor.id, "asked_at": now, "state": Conversion.State.WAITING}
    )
    again = not made and conversion.state in {Conversion.State.FAILED, Conversion.State.SKIPPED}
    if again:
        Conversion.objects.filter(pk=conversion.pk).update(
            state=Conversion.State.WAITING, message="", progress=0, ended_at=None, asked_by=actor.id, asked_at=now
        )
        conversion.refresh_from_db()
    if made or again:
        enqueue(MAKE_READY, {"conversion": str(conversion.public_id)}, key=str(conversion.public_id), actor=actor, now=now)
    return conversion


@action("media.output.keep", requires=can_make_ready, batch=True)
def keep_output(
    conversion: Conversion,
    stored: StoredFile,
    *,
    role: Output.Role,
    position: int = 0,
    facts: dict[str, Any] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Output:
    """Note a file that was put away as one that came of the conversion. Of a second making of the same, the first stays."""
    known = conversion.outputs.filter(role=role, position=position).first()
    if known is not None:
        default_storage.delete(stored.path)
        return known
    note_file(stored, actor=actor, now=now)
    return Output.objects.create(conversion=conversion, file=stored, role=role, position=position, facts=facts or {})


@action("media.conversion.end", requires=can_make_ready)
def end_conversion(
    conversion: Conversion,
    *,
    state: Conversion.State,
    message: str = "",
    facts: dict[str, Any] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Conversion:
    """Note how it ended, and tell the rooms above. Ending twice changes nothing."""
    ended = Conversion.objects.filter(pk=conversion.pk, ended_at__isnull=True).update(
        state=state, message=message[:300], facts=facts if facts is not None else conversion.facts, progress=100, ended_at=now
    )
    conversion.refresh_from_db()
    if ended:
        media_ready(conversion, now=now)
    return conversion
