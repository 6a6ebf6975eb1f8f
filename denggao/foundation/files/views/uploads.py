"""Files on their way in, for the script that sends them: JSON in, JSON out, refusals as sentences."""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.files import pieces
from denggao.foundation.files.actions import FileNotTaken, FileTooLarge
from denggao.foundation.files.models import StoredFile, Upload
from denggao.foundation.files.policies import get_upload_for

_STATUS: tuple[tuple[type[Refused], int], ...] = (
    (NotAllowed, 403),
    (FileTooLarge, 413),
    (FileNotTaken, 415),
    (pieces.PieceDamaged, 422),
    (pieces.NoRoom, 507),
    (Refused, 409),
)


def answers(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """Refusals become ``{"error": sentence, "again": whether the same may be sent again}``."""

    @never_cache
    @functools.wraps(view)
    def answering(request: HttpRequest, **place: Any) -> JsonResponse:
        try:
            return view(request, **place)
        except Refused as refusal:
            status = next(status for kind, status in _STATUS if isinstance(refusal, kind))
            return JsonResponse({"error": str(refusal), "again": status in {422, 507}}, status=status)

    return answering


@require_POST
@answers
def begin(request: HttpRequest) -> JsonResponse:
    """``{"kind", "name", "size", "sha256"?, "fingerprint"?}``: what to send, and what is there already."""
    offer = offer_of(request)
    if offer is None:
        return JsonResponse({"error": _("Say the kind, the name and the size of the file."), "again": False}, status=400)
    upload, fresh = pieces.begin_upload(offer, actor=actor_of(request), now=timezone.now())
    return JsonResponse(told(upload), status=201 if fresh else 200)


@require_GET
@answers
def upload(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    return JsonResponse(told(get_upload_for(actor_of(request), public_id)))


@require_http_methods(["PUT"])
@answers
def piece(request: HttpRequest, public_id: uuid.UUID, number: int) -> JsonResponse:
    """The piece is the body; its SHA-256 may stand in ``X-Piece-SHA256``."""
    found = get_upload_for(actor_of(request), public_id)
    # Read past Django's own limit for a body in memory; one byte more than a piece may have, and no more.
    plain = request.read(found.piece_size + 1)
    pieces.keep_piece(found, number, plain, sha256=request.headers.get("X-Piece-SHA256", ""), now=timezone.now())
    return JsonResponse({"number": number})


@require_POST
@answers
def finish(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    """The file, or 202 while a large one is looked through: ask the upload's own address until it has its file."""
    actor = actor_of(request)
    stored = pieces.end_upload(get_upload_for(actor, public_id), actor=actor, now=timezone.now())
    if stored is None:
        return JsonResponse({"state": Upload.State.OPEN}, status=202)
    return JsonResponse({"state": Upload.State.COMPLETE, "file": _file(stored)})


@require_POST
@answers
def drop(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    actor = actor_of(request)
    dropped = pieces.drop_upload(get_upload_for(actor, public_id), actor=actor, now=timezone.now())
    return JsonResponse({"state": dropped.state})


def offer_of(request: HttpRequest) -> pieces.Offer | None:
    try:
        given = json.loads(request.body)
        return pieces.Offer(
            kind=str(given["kind"]),
            name=str(given["name"])[:1000],
            size=int(given["size"]),
            sha256=str(given.get("sha256") or ""),
            fingerprint=str(given.get("fingerprint") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def told(upload: Upload) -> dict[str, Any]:
    """``missing``: runs of piece numbers, both ends inclusive."""
    told: dict[str, Any] = {
        "id": str(upload.public_id),
        "url": reverse("files:upload", args=[upload.public_id]),
        "state": upload.state,
        "name": upload.name,
        "size": upload.size,
        "piece_size": upload.piece_size,
        "pieces": upload.pieces_count,
        "expires_at": upload.expires_at.isoformat(),
    }
    if upload.state == Upload.State.OPEN:
        told["missing"] = _runs(pieces.missing_pieces(upload))
    if upload.file is not None:
        told["file"] = _file(upload.file)
    if upload.error:
        told["error"] = upload.error
    return told


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def _file(stored: StoredFile) -> dict[str, Any]:
    return {
        "id": str(stored.public_id),
        "name": stored.name,
        "size": stored.size,
        "type": stored.content_type,
        "sha256": stored.sha256,
        "url": reverse("files:file", args=[stored.public_id]),
    }
