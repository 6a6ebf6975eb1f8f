"""Who may have a file made ready, and who may see what comes of it: whoever may read the file it is made of."""

from __future__ import annotations

import uuid

from django.http import Http404

from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.policies import can_read_file, get_file_for, reading_is_recorded
from denggao.foundation.media.models import Conversion, Output

OUTPUT = "media.output"


def can_convert(actor: Actor, source: StoredFile) -> bool:
    return actor.is_operator or (actor.kind is not ActorKind.VISITOR and can_read_file(actor, source))


def can_make_ready(actor: Actor, _conversion: Conversion) -> bool:
    """The platform's own work."""
    return actor.is_operator


def can_read_output(actor: Actor, stored: StoredFile) -> bool:
    """The policy of the files made here."""
    output = Output.objects.filter(file=stored).select_related("conversion__source").first()
    if output is None:
        return False
    source = output.conversion.source
    return can_read_file(actor, source) and not reading_is_recorded(actor, source)


def get_shown_file(actor: Actor, public_id: uuid.UUID) -> StoredFile:
    """A file that may be shown in a page to this reader. One with personal data is not: it is asked for with a purpose, and
    that is recorded. Raises Http404."""
    stored = get_file_for(actor, public_id)
    if reading_is_recorded(actor, stored) or stored.erased_at is not None:
        raise Http404
    return stored


def get_conversion_for(actor: Actor, public_id: uuid.UUID) -> Conversion:
    """Raises Http404."""
    conversion = Conversion.objects.filter(public_id=public_id).select_related("source").first()
    if conversion is None or not can_read_file(actor, conversion.source):
        raise Http404
    return conversion
