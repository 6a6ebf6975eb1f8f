"""The second factor: an authenticator app and recovery codes."""

from __future__ import annotations

import base64

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret, validate_totp_code
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denggao.foundation.accounts import limits
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.people.signin.actions import add_second_factor, remove_second_factor, renew_recovery_codes
from denggao.foundation.people.signin.forms import CodeForm
from denggao.foundation.people.signin.middleware import before_second_factor
from denggao.foundation.people.signin.queries import passed_second_factor, second_factor_of
from denggao.foundation.people.signin.rules import must_add_second_factor
from denggao.foundation.people.signin.views.entrance import recent, safe_next

SECRET = "second_factor_secret"
CODES = "second_factor_codes"


@before_second_factor
@never_cache
@recent
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Tie an authenticator app to the account: scan, type one code. Replaces the app there was."""
    actor = actor_of(request)
    user = actor.holder
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or SECRET not in request.session:
        request.session[SECRET] = generate_totp_secret()
    secret = request.session[SECRET]
    if request.method == "POST" and form.is_valid():
        limits.take(limits.SECOND_FACTOR, str(user.pk))
        if validate_totp_code(secret, form.cleaned_data["code"]):
            codes = add_second_factor(user, secret=secret, actor=actor, now=timezone.now())
            limits.forget(limits.SECOND_FACTOR, str(user.pk))
            del request.session[SECRET]
            record_authentication(request, user, "mfa", type="totp", reauthenticated=True)
            return _show_once(request, codes)
        form.add_error("code", _("This code doesn't fit. Check that the clock of your phone is right and type the code shown now."))
    adapter = get_adapter()
    address = adapter.build_totp_url(user, secret)
    picture = base64.b64encode(adapter.build_totp_svg(address).encode()).decode()
    context = {
        "form": form,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "replaces": second_factor_of(user).has_app,
        "required": must_add_second_factor(office=actor.is_office, demo_mode=settings.DEMO, passed=passed_second_factor(request)),
        "next": safe_next(request),
    }
    return render(request, "account/set_up_factor.html", context, status=422 if form.errors else 200)


def _show_once(request: HttpRequest, codes: list[str]) -> HttpResponse:
    request.session[CODES] = codes
    target = safe_next(request)
    response = redirect("account_recovery_codes")
    if target:
        request.session[f"{CODES}_next"] = target
    return response


@before_second_factor
@never_cache
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The new recovery codes: on screen once, until the page is left."""
    shown = request.session.pop(CODES, None)
    if not shown:
        return redirect("account_home")
    return render(request, "account/recovery_codes.html", {"codes": shown, "next": request.session.pop(f"{CODES}_next", "/desk/")})


@never_cache
@recent
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    try:
        return _show_once(request, renew_recovery_codes(actor.holder, actor=actor, now=timezone.now()))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("account_home")


@never_cache
@recent
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            remove_second_factor(actor.holder, actor=actor, now=timezone.now())
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("From now on your password alone opens this account."))
            return redirect("account_home")
    return render(request, "account/remove_factor.html", {"refusal": refusal}, status=422 if refusal else 200)
