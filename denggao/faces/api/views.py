"""The pages about the API: tokens, and what the API offers."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.faces.api.actions import issue_token, revoke_token
from denggao.faces.api.forms import TokenForm
from denggao.faces.api.models import ApiToken
from denggao.faces.api.policies import get_token_for, manageable_organisations, visible_tokens
from denggao.faces.api.reference import groups
from denggao.faces.api.rest import VERSION, api
from denggao.faces.api.rules import Scope
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.ui.listing import Listing


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of every body the actor keeps tokens for."""
    actor = actor_of(request)
    if not manageable_organisations(actor).exists():
        raise PermissionDenied
    listing = Listing(
        request.GET,
        visible_tokens(actor),
        sorts={"name": "name", "organisation": "organisation__name_zh", "created": "created_at", "expires": "expires_on"},
        default="-created",
        search=("name", "prefix", "organisation__name_zh", "organisation__name_en"),
    )
    today = timezone.localdate()
    rows = [{"token": token, "scopes": _scope_names(token), "holds": token.holds_on(today)} for token in listing.rows]
    return render(request, "api/tokens.html", {"listing": listing, "rows": rows})


def _scope_names(token: ApiToken) -> list[str]:
    return [str(Scope(scope).label) for scope in token.scopes if scope in Scope.values]


@never_cache
@require_http_methods(["GET", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """Issue a token; its text stands on the answer to the post, and nowhere else ever."""
    actor, now = actor_of(request), timezone.now()
    if not manageable_organisations(actor).exists():
        raise PermissionDenied
    form = TokenForm(request.POST or None, actor=actor, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        chosen = dict(form.cleaned_data)
        try:
            issued = issue_token(chosen.pop("organisation"), **chosen, actor=actor, now=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(
                request,
                "api/token_issued.html",
                {"token": issued.token, "text": issued.text, "scopes": _scope_names(issued.token), "base_url": settings.BASE_URL},
            )
    return render(request, "api/token_form.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    token = revoke_token(get_token_for(actor_of(request), public_id), actor=actor_of(request), now=timezone.now())
    messages.success(request, _("Token %(token)s no longer works.") % {"token": token})
    return redirect("tokens:index")


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """What the API offers, for people: every operation with its parameters, answers and an example."""
    context: dict[str, Any] = {
        "groups": groups(api.get_openapi_schema(), settings.BASE_URL),
        "version": VERSION,
        "base_url": settings.BASE_URL,
        "scopes": [{"code": scope.value, "label": scope.label} for scope in Scope],
    }
    return render(request, "api/reference.html", context)
