"""The public site: verification, the rules, open data, and the pages that explain."""

from __future__ import annotations

import datetime as dt
import json

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from denggao.engines.credentials import queries as credentials
from denggao.faces.portal import queries
from denggao.faces.portal.forms import VerifyForm
from denggao.foundation.accounts.limits import VERIFY, TooOften, address_of, take
from denggao.foundation.plans.models import Plan
from denggao.foundation.ui.exports import table_response

KEPT_SECONDS = 3600


def _plan() -> Plan | None:
    return Plan.objects.order_by("-last_year", "-first_year").first()


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Anyone asks with number and name, by POST so that neither stands in an address. ``?number=`` (a QR code) fills the
    number in."""
    if request.method == "GET":
        return render(request, "portal/verify.html", {"form": VerifyForm(initial={"number": request.GET.get("number", "")[:60]})})
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/verify.html", {"form": form}, status=422)
    try:
        take(VERIFY, address_of(request))
    except TooOften as refused:
        response = render(request, "portal/verify.html", {"form": form, "wait": refused.retry_after}, status=429)
        response["Retry-After"] = str(refused.retry_after)
        return response
    answer = credentials.verify(form.cleaned_data["number"], form.cleaned_data["name"])
    context = {"answer": answer, "asked_at": timezone.now(), "plan": _plan()}
    return render(request, "portal/verified.html", context)


@login_not_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    plan = _plan()
    rules = queries.rules_of(plan) if plan else []
    context = {
        "plan": plan,
        "rules": rules,
        "counted": [rule for rule in rules if rule.goal.counting_rule],
        "uncounted": [rule for rule in rules if not rule.goal.counting_rule],
        "values": queries.rule_values(timezone.localdate()),
    }
    return render(request, "portal/rules.html", context)


@login_not_required
@require_GET
def open_data(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/open_data.html", {"plan": _plan(), "plans": Plan.objects.order_by("-last_year")})


@login_not_required
@require_GET
def open_data_file(request: HttpRequest, plan: str, kind: str) -> HttpResponse:
    """The newest public board, under one address that stays."""
    found = Plan.objects.filter(code=plan).first()
    if found is None:
        raise Http404
    as_of = min(max(timezone.localdate(), found.first_day), found.last_day)
    if kind == "csv":
        return table_response(f"{found.code}-{as_of}", queries.OPEN_HEADER, queries.open_rows(found, as_of=as_of), kind="csv")
    return HttpResponse(_document(found, as_of), content_type="application/json; charset=utf-8")


def _document(plan: Plan, as_of: dt.date) -> str:
    key = f"portal.open.{queries.open_version(plan)}.{as_of}"
    kept: str | None = cache.get(key)
    if kept is None:
        kept = json.dumps(queries.open_document(plan, as_of=as_of), ensure_ascii=False, indent=1)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


@login_not_required
@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page of text: privacy, accessibility, help."""
    return render(request, f"portal/{name}.html", {"plan": _plan()})
