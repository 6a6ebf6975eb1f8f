"""Handing a stored file out, to who may read it and to nobody else."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from denggao.foundation.audit.actions import record_reading
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.files.forms import ReadingForm
from denggao.foundation.files.handing import hand_out
from denggao.foundation.files.policies import get_file_for, reading_is_recorded


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The file itself. Somebody else's, with personal data in it, is asked for by POST with a purpose, and that is recorded."""
    actor = actor_of(request)
    stored = get_file_for(actor, public_id)
    if stored.erased_at is not None:
        return render(request, "files/gone.html", {"file": stored}, status=410)
    if reading_is_recorded(actor, stored):
        form = ReadingForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            return render(request, "files/reading.html", {"file": stored, "form": form}, status=status)
        record_reading(stored, fields=["content"], purpose=form.cleaned_data["purpose"], actor=actor, now=timezone.now())
    return hand_out(request, stored)
