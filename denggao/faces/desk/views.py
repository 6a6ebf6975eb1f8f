"""The signed-in home by role, and the search over what one may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from denggao.faces.desk import queries
from denggao.faces.desk.registry import search_sources_of, work_of
from denggao.foundation.audit.actors import Role, actor_of
from denggao.foundation.ui.navigation import FOR_OTHERS, OVERSIGHT, holds_any

SHOWN = 8
SHORTEST = 2


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    today = timezone.localdate()
    oversees = holds_any(actor, OVERSIGHT)
    is_hr = bool(actor.organisations_as(Role.HR))
    personal = not holds_any(actor, FOR_OTHERS)
    board = queries.current_board(today) if oversees or is_hr else None
    work = work_of(actor)
    imports = queries.recent_imports(actor) if is_hr or actor.is_office else []
    context = {
        "today": today,
        "work": work,
        "waiting": sum(1 for item in work if item.count),
        "board": board if oversees else None,
        "bodies": queries.own_bodies(actor, today=today, board=board) if is_hr else [],
        "audit": queries.audit_state() if holds_any(actor, {Role.AUDITOR, Role.ADMINISTRATOR}) else None,
        "imports": imports,
        "certificates": queries.own_certificates(actor),
        "title": queries.own_title(actor),
        "personal": personal,
        "is_worker": not actor.grants,
    }
    return render(request, "desk/home.html", context)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    text = " ".join(request.GET.get("q", "").split())[:80]
    groups = [(source, source.find(actor, text, SHOWN + 1)) for source in search_sources_of(actor)] if len(text) >= SHORTEST else []
    context = {
        "text": text,
        "too_short": 0 < len(text) < SHORTEST,
        "groups": [(source, hits[:SHOWN], len(hits) > SHOWN) for source, hits in groups if hits],
    }
    return render(request, "desk/search.html", context)
