"""What an account was told."""

from __future__ import annotations

import uuid

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.messages.actions import mark_all_read, mark_read, set_preference
from denggao.foundation.messages.forms import PreferenceForm
from denggao.foundation.messages.policies import get_message_for, visible_messages
from denggao.foundation.messages.queries import rows_of, unread_count, wants_mail
from denggao.foundation.ui.listing import Listing


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    only_unread = request.GET.get("show") == "unread"
    shown = visible_messages(actor)
    listing = Listing(
        request.GET,
        shown.filter(read_at__isnull=True) if only_unread else shown,
        sorts={"when": "created_at"},
        default="-when",
        per_page=30,
    )
    unread = unread_count(actor)
    context = {
        "listing": listing,
        "rows": rows_of(listing.rows),
        "unread": unread,
        "tabs": [
            {"label": _("All"), "url": "?", "on": not only_unread, "count": None},
            {"label": _("Unread"), "url": "?show=unread", "on": only_unread, "count": unread},
        ],
        "form": PreferenceForm(initial={"by_mail": wants_mail(actor)}),
    }
    return render(request, "messages/list.html", context)


@require_POST
def open_message(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that it was read, and go where it leads."""
    actor = actor_of(request)
    message = mark_read(get_message_for(actor, public_id), actor=actor, now=timezone.now())
    return redirect(message.link or "denggao_messages:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_all_read(actor=actor_of(request), now=timezone.now())
    return redirect("denggao_messages:list")


@require_POST
def preference(request: HttpRequest) -> HttpResponse:
    form = PreferenceForm(request.POST)
    if form.is_valid():
        set_preference(by_mail=form.cleaned_data["by_mail"], actor=actor_of(request), now=timezone.now())
        flash.success(request, _("Saved."))
    return redirect("denggao_messages:list")
