"""What the office does with a notice while it is on show: extend it, take a name off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from denggao.engines.notices import policies, queries
from denggao.engines.notices.actions import drop_item, extend_notice
from denggao.engines.notices.forms import DropForm, ExtendForm
from denggao.engines.notices.models import Notice, NoticeItem
from denggao.engines.notices.registry import subject_of
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.ui.words import actor_name


@dataclass(frozen=True)
class Act:
    """How an act's page reads: heading, what follows from it, the word on its button, and where it leads back to."""

    heading: str
    follows: str
    go: str
    done: str
    back: str
    tone: str = "primary"


def serve(request: HttpRequest, form: forms.Form, act: Act, do: Callable[[], object], **context: Any) -> HttpResponse:
    """A page with one form and one act; leads back when it is done."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, act.done)
            return redirect(act.back)
    page = {"form": form, "act": act, **context}
    return render(request, "notices/act.html", page, status=422 if form.errors else 200)


@login_required
@require_safe
def manage(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    notice = policies.get_notice_for_keeping(actor, public_id)
    today = timezone.localdate()
    subject = subject_of(notice.subject_kind)
    rows = [
        {"item": item, "url": subject.url(item.subject_id), "can_drop": item.state == NoticeItem.State.SHOWN and notice.is_open}
        for item in notice.items.all()
    ]
    context = {
        "notice": notice,
        "rows": rows,
        "strip": queries.strip_of(notice, today=today),
        "phase": queries.phase_of(notice, today),
        "objections": policies.visible_objections(actor).filter(notice=notice).select_related("item", "notice"),
        "opened_by": _("the platform") if notice.opened_by == "system" else actor_name(notice.opened_by, notice.opened_by_text),
        "can_extend": notice.is_open and (notice.last_on is None or today <= notice.last_on),
        "proof": queries.proof_of(notice),
    }
    return render(request, "notices/manage.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    notice = policies.get_notice_for_keeping(actor, public_id)
    form = ExtendForm(request.POST if request.method == "POST" else None)
    act = Act(
        _("Extend this notice"),
        _("The public sees the new end at once; that there was another one before stays proven."),
        _("Extend"),
        _("The notice is extended."),
        _manage(notice),
    )
    return serve(
        request, form, act, lambda: extend_notice(notice, **form.cleaned_data, actor=actor, now=timezone.now()), notice=notice
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_item_for_keeping(actor, public_id, item_id)
    form = DropForm(request.POST if request.method == "POST" else None)
    act = Act(
        _("Take “%(name)s” off the notice") % {"name": item.name},
        _("It can no longer pass this notice. The page says so from now on; what it showed before stays proven."),
        _("Take it off"),
        _("The name is off the notice."),
        _manage(item.notice),
        tone="danger-fill",
    )
    return serve(
        request,
        form,
        act,
        lambda: drop_item(item, form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        notice=item.notice,
    )


def _manage(notice: Notice) -> str:
    return reverse("notices:manage", args=[notice.public_id])
