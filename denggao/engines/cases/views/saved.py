"""An account's own views of the worklist: kept, called otherwise, deleted. Each leads back to the list."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from denggao.engines.cases import policies
from denggao.engines.cases.actions import forget_view, keep_view, rename_view
from denggao.engines.cases.filters import kept_query
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import actor_of


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    query, name = request.POST.get("list", ""), request.POST.get("name", "")
    actor = actor_of(request)
    return _done(
        request, lambda: keep_view(name=name, query=query, actor=actor, now=timezone.now()), query, _("The view is saved.")
    )


@login_required
@require_POST
def rename(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    view = policies.get_view_for(actor, public_id)
    name = request.POST.get("name", "")
    return _done(
        request, lambda: rename_view(view, name=name, actor=actor, now=timezone.now()), view.query, _("The view has its new name.")
    )


@login_required
@require_POST
def forget(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    view = policies.get_view_for(actor, public_id)
    return _done(request, lambda: forget_view(view, actor=actor, now=timezone.now()), view.query, _("The view is deleted."))


def _done(request: HttpRequest, act: Callable[[], object], query: str, said: str) -> HttpResponse:
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    kept = kept_query(query)
    return redirect(reverse("cases:worklist") + (f"?{kept}" if kept else ""))
