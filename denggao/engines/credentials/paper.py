"""The papers of what is issued: what they print, and their templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from denggao.engines.credentials.models import Issued
from denggao.engines.credentials.registry import issued_kind
from denggao.foundation.documents import rendering
from denggao.foundation.documents.codes import qr_for_paper

FOLDER = Path(__file__).parent / "paper"


def register_papers() -> None:
    rendering.register("credentials/plaque", FOLDER / "plaque.typ")
    rendering.register("credentials/appointment", FOLDER / "appointment.typ")


def status_address(issued: Issued) -> str:
    """The whole address of the public status page: what the QR code holds."""
    return f"{settings.BASE_URL}/credentials/{issued.public_id}/"


def paper_of(issued: Issued) -> bytes:
    """The PDF of what is kept, at the moment of issue or of the last renewal. Raises GlyphMissing, TemplateFailed."""
    return rendering.render(issued_kind(issued.kind).template, _printed(issued), at=issued.printed_at)


def _printed(issued: Issued) -> dict[str, Any]:
    address = status_address(issued)
    return {
        "number": issued.number,
        "title_zh": issued.title_zh,
        "title_en": issued.title_en,
        "holder_zh": issued.holder_zh,
        "holder_en": issued.holder_en,
        "granters": issued.granters,
        "facts": issued.facts,
        "issued_on": issued.issued_on.isoformat(),
        "valid_from": issued.valid_from.isoformat(),
        "valid_until": issued.valid_until.isoformat() if issued.valid_until else "",
        "address": address,
        "qr": qr_for_paper(address),
        "sample": bool(settings.DEMO),
    }
