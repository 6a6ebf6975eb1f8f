"""A submission as a document: what was frozen, with its hashes and the way back to its page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denggao.engines.cases.known import ShownKnown
from denggao.engines.cases.models import Snapshot
from denggao.engines.cases.showing import ShownField, ShownSection, shown_sections
from denggao.foundation.documents import rendering
from denggao.foundation.documents.codes import qr_for_paper
from denggao.foundation.files.models import StoredFile
from denggao.foundation.ui.templatetags.dg import moment

PAPER = "cases/filed"
rendering.register(PAPER, Path(__file__).parent / "paper" / "filed.typ")


def facts_of(frozen: Snapshot) -> list[tuple[str, str]]:
    """What stands at the head of a submission."""
    case = frozen.case
    return [
        (_("Number"), case.number or ""),
        (_("Applicant"), case.applicant_name),
        (_("Call"), case.round.title if case.round else ""),
        (_("Submitted"), moment(frozen.submitted_at)),
        (_("Form"), _("version %(number)s") % {"number": frozen.form_version}),
    ]


def sections_of(frozen: Snapshot, files: Mapping[str, StoredFile]) -> list[ShownSection]:
    return shown_sections(frozen.case.declared.forms[frozen.form_version], frozen.answers or {}, files, frozen.known)


def paper_of(frozen: Snapshot, files: Mapping[str, StoredFile]) -> bytes:
    """The PDF, in the language now spoken; the same bytes each time. PRIVACY: personal columns are masked as on the page.
    Raises GlyphMissing."""
    case = frozen.case
    address = f"{settings.BASE_URL}{case.link}snapshots/{frozen.number}/"
    data = {
        "lang": "en" if (get_language() or "").startswith("en") else "zh",
        "title": case.title or case.applicant_name,
        "number": case.number or "",
        "applicant": case.applicant_name,
        "facts": [[label, value or "—"] for label, value in facts_of(frozen)],
        "sections": [_section(section) for section in sections_of(frozen, files)],
        "files": [{**each, "size": filesizeformat(each["size"]).replace("\xa0", " ")} for each in frozen.files],
        "hash": frozen.content_hash,
        "address": address,
        "qr": qr_for_paper(address),
        "sample": bool(settings.DEMO),
        "words": {
            "submission": _("Submission %(number)s") % {"number": frozen.number},
            "scan": _("The page of this submission"),
            "nothing": _("Nothing has been entered here."),
            "files": _("Files handed in"),
            "frozen": _("Frozen as it was submitted. Whoever changes a character gets another hash."),
            "sample": _("Demo data: not a real application."),
        },
    }
    return rendering.render(PAPER, data, at=frozen.submitted_at)


def _section(section: ShownSection) -> dict[str, Any]:
    fields = [_known(each) for each in section.known] + [_field(f) for f in section.fields if not f.is_empty]
    return {"title": section.title, "empty": section.is_empty, "fields": fields}


def _known(known: ShownKnown) -> dict[str, Any]:
    """As a table: what, value, where from."""
    rows = [[line.label, line.value, line.source] for line in known.lines]
    label = _("%(title)s (known to the platform)") % {"title": known.title}
    return {"label": label, "kind": "rows", "titles": [_("What"), _("Value"), _("Comes from")], "value": rows}


def _field(shown: ShownField) -> dict[str, Any]:
    if shown.kind == "rows":
        return {"label": shown.label, "kind": "rows", "titles": list(shown.titles), "value": shown.value}
    if shown.kind == "files":
        names = [file.name if isinstance(file, StoredFile) else str(file) for file in shown.value]
        return {"label": shown.label, "kind": "files", "value": names}
    return {"label": shown.label, "kind": "wide" if shown.is_wide else "text", "value": shown.as_text}
