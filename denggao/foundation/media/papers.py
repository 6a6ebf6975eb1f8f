"""Pages of a PDF as pictures: what every browser shows, and what runs nothing."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import pypdfium2

# pdfium is one for the whole process and bears one caller at a time.
ONE_AT_A_TIME = threading.Lock()
MOST_PAGES = 300
WIDTH = 1240
_MOST_HEIGHT = 4000


class NotReadable(Exception):
    """It is broken, or protected by a password."""


@dataclass(frozen=True)
class PagePicture:
    """``number`` counts from 1; ``data`` is WebP; sizes in pixels."""

    number: int
    data: bytes
    width: int
    height: int


def count_pages(pdf: IO[bytes]) -> int:
    """Raises NotReadable."""
    with ONE_AT_A_TIME, _opened(pdf) as document:
        return len(document)


def page_pictures(pdf: IO[bytes], *, first: int = 1) -> Iterator[PagePicture]:
    """The pages from ``first`` on, at most up to MOST_PAGES. Between two pages others may draw. Raises NotReadable."""
    count = min(count_pages(pdf), MOST_PAGES)
    for number in range(first, count + 1):
        with ONE_AT_A_TIME, _opened(pdf) as document:
            yield _picture(document[number - 1], number)


@contextmanager
def _opened(pdf: IO[bytes]) -> Iterator[Any]:
    pdf.seek(0)
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise NotReadable from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise NotReadable from error
    finally:
        document.close()


def _picture(page: Any, number: int) -> PagePicture:
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise NotReadable
    scale = min(WIDTH / width, _MOST_HEIGHT / height)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    kept = io.BytesIO()
    picture.save(kept, "WEBP", quality=82, method=3)
    return PagePicture(number, kept.getvalue(), picture.width, picture.height)
