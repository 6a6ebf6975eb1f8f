"""The portrait card (A6) and the poster (A4) of a craftsman, as PDF: what the craftsman agreed to, and the code of the page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from denggao.foundation.documents import rendering
from denggao.foundation.documents.codes import qr_for_paper
from denggao.foundation.files.queries import FileGone, open_file
from denggao.foundation.ui.words import level_name
from denggao.systems.craftsmen.hall.models import Part, Profile
from denggao.systems.craftsmen.hall.pictures import smaller
from denggao.systems.craftsmen.hall.registry import levels_of

SIZES = ("a6", "a4")
_PAPER = Path(__file__).parent / "paper" / "card.typ"
_LETTERING = re.compile(r"<text.*?</text>", re.DOTALL)
_LARGEST = {"a6": 700, "a4": 1100}
_STYLE = (
    ".d-s{fill:none;stroke:#e9c987;stroke-width:1.7}.d-d{fill:none;stroke:#6fa9c0;stroke-width:.9;opacity:.8}"
    ".d-g{fill:none;stroke:#d3a952;stroke-width:1;opacity:.6}.d-f{fill:#1b3346;stroke:#e9c987;stroke-width:1.7}"
)


def register_card() -> None:
    rendering.register("craftsmen/card", _PAPER)


def card_pdf(profile: Profile, size: str, address: str) -> bytes:
    """Raises GlyphMissing, TemplateFailed."""
    return rendering.render("craftsmen/card", _printed(profile, size, address), at=profile.changed_at)


def _printed(profile: Profile, size: str, address: str) -> dict[str, Any]:
    craftsman = profile.craftsman
    levels = levels_of([craftsman.person_id]).get(craftsman.person_id, [])
    with translation.override("zh-hans"):
        level = level_name(levels[-1].level) if levels else ""
    return {
        "size": size,
        "name": craftsman.person.name,
        "title_zh": "临港工匠",
        "title_en": "Lingang Craftsman",
        "year": str(craftsman.named_on.year),
        "order": craftsman.order.number,
        "employer": craftsman.employer.name_zh if craftsman.employer else "",
        "post": craftsman.post,
        "trade": profile.trade,
        "level": level,
        "industry": craftsman.industry.name_zh,
        "motto": profile.motto if profile.said_yes(Part.STORY) else "",
        "portrait": _portrait(profile, size),
        "drawing": _drawn(profile.drawing),
        "address": address,
        "shown_address": address.removeprefix("https://").removeprefix("http://"),
        "qr": qr_for_paper(address),
        "sample": bool(settings.DEMO),
    }


def _portrait(profile: Profile, size: str) -> list[int]:
    """The bytes of the picture, empty without one or without a yes to it."""
    if profile.portrait is None or not profile.said_yes(Part.PORTRAIT):
        return []
    try:
        with open_file(profile.portrait) as stream:
            return list(smaller(stream.read(), _LARGEST[size]))
    except FileGone:
        return []


@cache
def _drawn(name: str) -> str:
    """Without its lettering: the fonts of papers lack some of its signs."""
    inner = _LETTERING.sub("", get_template(f"hall/drawings/{name}.svg").render())
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-210 -210 420 420"><style>{_STYLE}</style>{inner}</svg>'
