"""How a version is shown: the text with its pictures' addresses, questions as they are asked. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from denggao.systems.university.cleaning import with_addresses
from denggao.systems.university.outlines import OutlineFile
from denggao.systems.university.packages.shapes import Change, Difference


def file_address(public_id: UUID) -> str:
    """Where a unit's file is fetched."""
    return reverse("courses:file", args=[public_id])


def shown_body(html: str, files: Iterable[OutlineFile]) -> SafeString:
    """A unit's text as a page may show it: cleaned once more, its pictures by their addresses."""
    addresses = {file.path: file_address(file.public_id) for file in files}
    # SECURITY: cleaned here whatever was kept; that makes it safe.
    return mark_safe(with_addresses(html, addresses.get))  # noqa: S308


def part_labels() -> dict[str, str]:
    """What the parts of a change are called."""
    return {
        "kind": _("kind"),
        "title": _("title"),
        "text": _("text"),
        "settings": _("settings"),
        "length": _("length"),
        "files": _("files"),
        "items": _("standard items"),
        "place": _("place"),
    }


def parts_of(change: Change) -> str:
    labels = part_labels()
    return _(", ").join(labels.get(one, one) for one in change.what)


def shown_difference(change: Difference) -> list[dict[str, object]]:
    """Rows of a comparison: what was added, changed and taken out."""
    rows: list[dict[str, object]] = [
        {"how": "added", "label": _("added"), "tone": "jade", "unit": unit, "what": ""} for unit in change.added
    ]
    rows += [
        {"how": "changed", "label": _("changed"), "tone": "amber", "unit": one.unit, "what": parts_of(one)}
        for one in change.changed
    ]
    rows += [{"how": "removed", "label": _("taken out"), "tone": "crimson", "unit": unit, "what": ""} for unit in change.removed]
    return rows
