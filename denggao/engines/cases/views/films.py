"""Watching a film handed in with an application. Somebody else's film is asked for with a purpose, once a session, and that is
recorded; then it plays from wherever the player asks."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from denggao.engines.cases import policies
from denggao.engines.cases.models import Attachment, Case
from denggao.foundation.audit.actions import record_reading
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.forms import ReadingForm
from denggao.foundation.files.handing import hand_out
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.policies import get_file_for, reading_is_recorded

_WATCHED = "cases_films"


def _film(actor: Actor, public_id: uuid.UUID) -> tuple[StoredFile, Case]:
    """Raises Http404 for what is no film of a case the actor reads."""
    stored = get_file_for(actor, public_id)
    attachment = Attachment.objects.filter(file=stored).select_related("case__body", "case__person").first()
    if attachment is None or stored.erased_at is not None or not stored.content_type.startswith("video/"):
        raise Http404
    return stored, attachment.case


def _may_play(request: HttpRequest, actor: Actor, stored: StoredFile, case: Case) -> bool:
    """The applicant's side plays what it handed in; others what they said a purpose for in this session."""
    if not reading_is_recorded(actor, stored) or policies.is_applicant(actor, case):
        return True
    return str(stored.public_id) in (request.session.get(_WATCHED) or [])


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def film(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    stored, case = _film(actor, public_id)
    plays = _may_play(request, actor, stored, case)
    form = ReadingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not plays and form.is_valid():
        record_reading(stored, fields=["content"], purpose=form.cleaned_data["purpose"], actor=actor, now=timezone.now())
        request.session[_WATCHED] = [*(request.session.get(_WATCHED) or []), str(stored.public_id)][-50:]
        return redirect("cases:film", public_id)
    context = {"case": case, "file": stored, "plays": plays, "form": form, "sees_case": policies.sees(actor, case)}
    return render(request, "cases/film.html", context, status=422 if form.is_bound and not plays else 200)


@login_required
@require_safe
def stream(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    actor = actor_of(request)
    stored, case = _film(actor, public_id)
    if not _may_play(request, actor, stored, case):
        raise Http404
    return hand_out(request, stored, shown=True)
