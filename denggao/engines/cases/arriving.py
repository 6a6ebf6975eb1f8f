"""Large files that are on their way into a draft: what its pages say of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from denggao.engines.cases.fields import FilesField
from denggao.engines.cases.models import Arriving, Case
from denggao.engines.cases.procedures import CaseForm
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.models import Upload


@dataclass(frozen=True)
class Unfinished:
    """One of them. ``sentence`` says how far it is and what to do; ``blocks``: whether a submission waits for it."""

    id: str
    section: str
    field: str
    sentence: str
    blocks: bool


def takes_large(form: CaseForm) -> bool:
    return any(
        isinstance(asked, FilesField) and asked.in_pieces for section in form.sections for asked in section.fields().values()
    )


def unfinished(case: Case, actor: Actor | None = None) -> list[Unfinished]:
    """One query; none where the form takes no large files. ``actor``: who reads it."""
    if not takes_large(case.declared.forms[case.form_version]):
        return []
    rows = Arriving.objects.filter(case=case, upload__state__in=[Upload.State.OPEN, Upload.State.FAILED, Upload.State.COMPLETE])
    stored = Count("upload__pieces", filter=Q(upload__pieces__stored_at__isnull=False))
    return [_said(each, actor) for each in rows.select_related("upload").annotate(there=stored)]


def _said(each: Arriving, actor: Actor | None) -> Unfinished:
    upload = each.upload
    percent = 100 * int(getattr(each, "there", 0)) // upload.pieces_count
    told = {"name": upload.name, "percent": percent}
    own = actor is None or (actor.user is not None and upload.owner_id == actor.user.pk)
    blocks = upload.state == Upload.State.OPEN
    if not blocks:
        why = each.refused or upload.error
        text = _("“%(name)s” was not taken. %(why)s") % {"name": upload.name, "why": why}
    elif percent >= 100:
        text = _("“%(name)s” has arrived and is being looked through; it then stands here by itself.") % told
    elif own:
        text = _("“%(name)s” has arrived by %(percent)s %%. Choose the same file and it goes on from there, or give it up.") % told
    else:
        text = _("“%(name)s”, sent by a colleague, has arrived by %(percent)s %%. Wait for it, or give it up.") % told
    return Unfinished(str(upload.public_id), each.section, each.field, text, blocks)


def faults_of(found: Iterable[Unfinished]) -> list[tuple[str, str, str]]:
    """What a submission waits for, as (section, field, sentence)."""
    return [(each.section, each.field, each.sentence) for each in found if each.blocks]
