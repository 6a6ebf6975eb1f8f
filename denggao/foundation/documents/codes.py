"""QR codes: for a page, and for a paper."""

from __future__ import annotations

import io
from functools import lru_cache

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

QUIET_ZONE = 2


def qr_svg(text: str, *, label: str = "") -> SafeString:
    """An inline drawing for a page, dark on white in either scheme; ``label`` is what it is called to who can't see it.
    It fills what stands around it (``dg-qrb``)."""
    size, cells = _drawn(text)
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><rect width="{}" height="{}" fill="#fff"/>'
        '<path d="{}" fill="#17202e" shape-rendering="crispEdges"/></svg>',
        size, size, label, size, size, mark_safe(cells),  # noqa: S308 (digits and letters of our own)
    )  # fmt: skip


@lru_cache(maxsize=500)
def _drawn(text: str) -> tuple[int, str]:
    code = segno.make(text, error="m", micro=False)
    return int(code.symbol_size(border=QUIET_ZONE)[0]), _cells(code)


def qr_for_paper(text: str, *, dark: str = "#17202e") -> str:
    """The SVG document a template draws (``code`` in ``paper/denggao.typ``), without background."""
    kept = io.BytesIO()
    segno.make(text, error="m", micro=False).save(kept, kind="svg", border=0, dark=dark, light=None, xmldecl=False, svgns=True)
    return kept.getvalue().decode()


def _cells(code: segno.QRCode) -> str:
    """Runs of dark cells of each line, as one path."""
    parts: list[str] = []
    for y, line in enumerate(code.matrix_iter(border=QUIET_ZONE)):
        x = 0
        cells = list(line)
        while x < len(cells):
            start = x
            while x < len(cells) and cells[x]:
                x += 1
            if x > start:
                parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return "".join(parts)
