"""Handing a stored file's bytes out, whole or in part, decrypting as it goes: memory stays the same however large the file
is. Whether the reader may have them is decided before."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import content_disposition_header

from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.queries import FileGone, open_file
from denggao.foundation.files.ranges import NotSatisfiable, Part, part_asked

_BLOCK = 256 * 1024
# A reader who names no end gets so much at once and asks for the rest: players do.
MOST = 4 * 1024 * 1024
# SECURITY: what a browser shows by itself without running anything. Drawings (SVG) lie in a sandbox.
SHOWN = frozenset(
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml",
        "video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "text/vtt",
    }
)  # fmt: skip


def hand_out(request: HttpRequest, stored: StoredFile, *, shown: bool = False, kept: int = 0) -> HttpResponseBase:
    """The answer to a GET or HEAD. ``shown``: in the page, where its type is harmless, else as a download. ``kept``: for how
    many seconds the reader's own browser may keep it, never a cache between. Raises Http404 where it was erased."""
    tag = f'"{stored.sha256}"'
    if kept and request.headers.get("If-None-Match") == tag:
        return _told(HttpResponseNotModified(), stored, tag, kept)
    try:
        part = part_asked(_range_of(request, tag), stored.size, most=MOST if shown else 0)
    except NotSatisfiable:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{stored.size}"
        return refused
    whole = part or Part(0, stored.size - 1)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type=stored.content_type)
    else:
        try:
            open_file(stored).close()
        except FileGone:
            raise Http404 from None
        response = StreamingHttpResponse(_blocks(stored, whole), content_type=stored.content_type)
    response["Content-Length"] = str(whole.size)
    if part is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{stored.size}"
    inline = shown and stored.content_type in SHOWN
    response["Content-Disposition"] = content_disposition_header(not inline, stored.name) or "attachment"
    return _told(response, stored, tag, kept)


def _range_of(request: HttpRequest, tag: str) -> str:
    """A part of an older state of the file is no part of this one."""
    if request.headers.get("If-Range", tag) != tag:
        return ""
    return request.headers.get("Range", "")


def _told(response: HttpResponseBase, stored: StoredFile, tag: str, kept: int) -> HttpResponseBase:
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    # SECURITY: whatever the file says of itself, nothing in it runs.
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    if kept:
        response["Cache-Control"] = f"private, max-age={kept}"
    return response


def _blocks(stored: StoredFile, part: Part) -> Iterator[bytes]:
    """A part of a file, block by block. Opened only when somebody reads: an answer nobody waits for leaves nothing open."""
    with open_file(stored) as opened:
        opened.seek(part.first)
        left = part.size
        while left > 0 and (block := opened.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
