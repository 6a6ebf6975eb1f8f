"""Pages of a PDF as pictures, for old browsers and for phones that would download it."""

from __future__ import annotations

import io

import pypdfium2

from denggao.foundation.media.papers import ONE_AT_A_TIME

MAX_PAGES = 40


def page_count(pdf: bytes) -> int:
    with ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def page_image(pdf: bytes, page: int, *, width: int = 1000) -> bytes:
    """One page as PNG, ``width`` pixels wide; pages count from 1. Raises IndexError where there is no such page."""
    with ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
        if not 1 <= page <= len(document):
            raise IndexError(page)
        return _picture(document[page - 1], width)


def page_images(pdf: bytes, *, width: int = 1000) -> list[bytes]:
    """Each page as PNG, ``width`` pixels wide, in their order; at most MAX_PAGES."""
    with ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
        return [_picture(document[number], width) for number in range(min(len(document), MAX_PAGES))]


def _picture(page: pypdfium2.PdfPage, width: int) -> bytes:
    kept = io.BytesIO()
    page.render(scale=width / page.get_width()).to_pil().convert("RGB").save(kept, "PNG", optimize=True)
    return kept.getvalue()
