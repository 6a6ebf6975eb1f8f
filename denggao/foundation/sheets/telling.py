"""What is told to whoever handed a sheet in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.sheets.kinds import Kind
from denggao.foundation.sheets.models import Import

CHECKED, APPLIED, FAILED = "sheets.checked", "sheets.applied", "sheets.failed"
FILE_GONE = _("The file is no longer kept. Hand it in again.")

register(
    CHECKED,
    title=_("%(kind)s checked: %(file)s"),
    body=_("To create %(created)s, to update %(updated)s, unchanged %(unchanged)s, refused %(refused)s. Nothing is applied yet."),
    tone=Tone.WAITING,
    by_mail=False,
)
register(
    APPLIED,
    title=_("%(kind)s applied: %(file)s"),
    body=_("Created %(created)s, updated %(updated)s, unchanged %(unchanged)s, refused %(refused)s."),
    tone=Tone.DONE,
    by_mail=False,
)
register(FAILED, title=_("%(kind)s not taken: %(file)s"), body="%(reason)s", tone=Tone.REFUSED, by_mail=False)


def values_of(handed_in: Import, kind: Kind) -> dict[str, Any]:
    return {
        "kind": {"zh": kind.title_zh, "en": kind.title_en},
        "file": handed_in.file_name,
        **{outcome: handed_in.counts.get(outcome, 0) for outcome in ("created", "updated", "unchanged", "refused")},
    }


def both(error: Mapping[str, str]) -> dict[str, str]:
    return {"zh": error.get("text_zh", ""), "en": error.get("text_en", "")}


def link_to(handed_in: Import) -> str:
    return f"/imports/{handed_in.public_id}/"
