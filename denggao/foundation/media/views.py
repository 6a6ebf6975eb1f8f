"""What players and pages fetch: playlists, pieces of films, pictures. All of it private to its reader."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.files.handing import hand_out
from denggao.foundation.files.models import StoredFile
from denggao.foundation.media.models import Conversion, Output
from denggao.foundation.media.policies import OUTPUT, get_conversion_for, get_shown_file
from denggao.foundation.media.rules import Variant, master_playlist, media_playlist
from denggao.foundation.media.showing import HLS
from denggao.foundation.media.signing import holds, signed

_KEPT_SECONDS = 3600


@require_safe
def file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """A file shown in a page, whole or in parts."""
    return hand_out(request, get_shown_file(actor_of(request), public_id), shown=True, kept=_KEPT_SECONDS)


@never_cache
@require_safe
def master(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    conversion = get_conversion_for(actor_of(request), public_id)
    variants = [_variant(conversion, output) for output in _renditions(conversion)]
    if not variants:
        raise Http404
    return HttpResponse(master_playlist(variants), content_type=HLS)


@never_cache
@require_safe
def playlist(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """One rendition's; the address of its pieces is signed for this reader."""
    actor = actor_of(request)
    conversion = get_conversion_for(actor, public_id)
    output = next((output for output in _renditions(conversion) if output.position == position), None)
    if output is None:
        raise Http404
    file_id = output.file.public_id
    at = reverse("media:piece", args=[file_id, signed(file_id, actor, timezone.now())])
    return HttpResponse(media_playlist(_variant(conversion, output), at), content_type=HLS)


@require_safe
def piece(request: HttpRequest, public_id: uuid.UUID, token: str) -> HttpResponseBase:
    """A piece of a film. Its signature stands for the gate its playlist was given out by; one that has run out is asked there."""
    actor = actor_of(request)
    if holds(token, public_id, actor, timezone.now()):
        stored = StoredFile.objects.filter(public_id=public_id, kind=OUTPUT, erased_at__isnull=True).first()
        if stored is None:
            raise Http404
    else:
        stored = get_shown_file(actor, public_id)
    return hand_out(request, stored, shown=True, kept=_KEPT_SECONDS)


@never_cache
@require_safe
def conversion(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    """How far a making is: for the page that waits for it."""
    found = get_conversion_for(actor_of(request), public_id)
    return JsonResponse(
        {
            "state": found.state,
            "label": found.get_state_display(),
            "open": found.is_open,
            "percent": found.progress,
            "message": found.message,
        }
    )


def _renditions(conversion: Conversion) -> list[Output]:
    if conversion.kind != Conversion.Kind.VIDEO:
        return []
    return list(conversion.outputs.filter(role=Output.Role.RENDITION).select_related("file"))


def _variant(conversion: Conversion, output: Output) -> Variant:
    return Variant(
        url=reverse("media:playlist", args=[conversion.public_id, output.position]),
        width=output.facts["width"],
        height=output.facts["height"],
        seconds=output.facts["seconds"],
        head=output.facts["head"],
        fragments=output.facts["fragments"],
    )
