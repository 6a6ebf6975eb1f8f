"""Signing in and out, the second factor, proving oneself again, and a forgotten password."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_password_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denggao.foundation.accounts import limits
from denggao.foundation.accounts.limits import limited
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, account, actor_of
from denggao.foundation.people.signin.actions import record_refused_sign_in, record_sign_out, set_password
from denggao.foundation.people.signin.backends import client_address
from denggao.foundation.people.signin.forms import CodeForm, EmailForm, NewPasswordForm, PasswordForm, SignInForm
from denggao.foundation.people.signin.letters import send_password_changed, send_reset_link
from denggao.foundation.people.signin.middleware import before_second_factor
from denggao.foundation.people.signin.proving import authenticator_with
from denggao.foundation.people.signin.queries import find_account, recently_authenticated
from denggao.foundation.people.signin.rules import Address, AddressKind

RESET_KEY = "password_reset"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def safe_next(request: HttpRequest) -> str:
    """The page asked for before, when it is one of ours; else empty."""
    url = str(request.POST.get("next") or request.GET.get("next") or "")
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()) else ""


def own_actor(request: HttpRequest, user: User) -> Actor:
    """The account itself, where the session is not (or not yet) signed in but the person has proven to be its holder."""
    return account(user, (), f"web:{client_address(request)}")


def recent(view: View[P]) -> View[P]:
    """Ask for the password again when the last proof is more than a quarter of an hour old."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if recently_authenticated(request):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")

    return wrapped


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@limited(limits.SIGN_IN)
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(safe_next(request) or "/desk/")
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["login"]
        limits.take(limits.SIGN_IN_ACCOUNT, typed.strip().lower())
        clear_login(request)
        user = authenticate(request, login=typed, password=form.cleaned_data["password"])
        if user is not None:
            signed_in: HttpResponse = perform_password_login(request, {}, Login(user=user, redirect_url=safe_next(request) or None))
            return signed_in
        _record_refusal(request, find_account(typed), "password", locked=bool(getattr(request, "axes_locked_out", False)))
        form.add_error(None, _("This e-mail address or phone and this password don't go together. Check both and try again."))
    context = {"form": form, "next": safe_next(request), "idle": "idle" in request.GET}
    return render(request, "account/login.html", context, status=422 if form.errors else 200)


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """In place of the answer, after too many failures: the same whether or not there is such an account."""
    page = render(request, "account/locked.html", {"minutes": 15}, status=429)
    page["Retry-After"] = str(15 * 60)
    return page


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]  # the library has no types
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    stage = request._login_stage  # type: ignore[attr-defined]  # put on the request by who let it in
    user: User = stage.login.user
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            factor = authenticator_with(user, form.cleaned_data["code"])
        except limits.TooOften:
            _record_refusal(request, user, "second_factor", locked=True)
            raise
        if factor is not None:
            post_authentication(request, factor)
            return stage.exit()  # type: ignore[no-any-return]  # the library gives Any
        _record_refusal(request, user, "second_factor", locked=False)
        form.add_error("code", _("This code doesn't fit. Type the one your app shows now, or a recovery code not used yet."))
    return render(request, "account/second_factor.html", {"form": form}, status=422 if form.errors else 200)


def _record_refusal(request: HttpRequest, user: User | None, step: str, *, locked: bool) -> None:
    if user is not None:
        record_refused_sign_in(user, step=step, locked=locked, actor=actor_of(request), now=timezone.now())


@login_not_required
@never_cache
@require_POST
def cancel_sign_in(request: HttpRequest) -> HttpResponse:
    """Leave a sign-in that waits for its second factor."""
    clear_login(request)
    return redirect("account_login")


@login_not_required
@before_second_factor
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    user = request.user
    if isinstance(user, User) or getattr(user, "pk", None):
        record_sign_out(actor_of(request).holder, actor=actor_of(request), now=timezone.now())
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
    return redirect("/")


@before_second_factor
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def reauthenticate(request: HttpRequest) -> HttpResponse:
    """Prove again who sits at the keyboard, before something that should not happen on an unattended screen."""
    user = actor_of(request).holder
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limits.take(limits.REAUTHENTICATE, str(user.pk))
        if user.check_password(form.cleaned_data["password"]):
            limits.forget(limits.REAUTHENTICATE, str(user.pk))
            record_authentication(request, user, method="password", reauthenticated=True)
            return redirect(safe_next(request) or "account_home")
        _record_refusal(request, user, "password", locked=False)
        form.add_error("password", _("This is not the password of your account."))
    context = {"form": form, "next": safe_next(request)}
    return render(request, "account/reauthenticate.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@limited(limits.PASSWORD_RESET)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by e-mail. The answer is the same whether or not there is such an account."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        limits.take(limits.PASSWORD_RESET_ACCOUNT, email)
        user = find_account(Address(AddressKind.EMAIL, email))
        send_reset_link(user if user is not None and user.is_active else None, email, now=timezone.now())
        return redirect("account_reset_password_sent")
    return render(request, "account/forgotten.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/forgotten_sent.html")


@login_not_required
@never_cache
@require_safe
@limited(limits.RESET_LINK, methods=("GET",))
def reset_link(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Take the key out of the address before a page is shown: no referrer, history or screen keeps it."""
    request.session[RESET_KEY] = [str(public_id), token]
    return redirect("account_reset_password_new")


@login_not_required
@never_cache
@sensitive_post_parameters("new_password", "repeated")
@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest) -> HttpResponse:
    user = _reset_user(request)
    if user is None:
        return render(request, "account/link_used.html", status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        set_password(user, password=form.cleaned_data["new_password"], actor=own_actor(request, user), now=timezone.now())
        request.session.pop(RESET_KEY, None)
        if request.user.is_authenticated:
            logout(request)
        send_password_changed(user, now=timezone.now())
        messages.success(request, _("Your password is changed. Sign in with the new one."))
        return redirect("account_login")
    return render(request, "account/new_password.html", {"form": form}, status=422 if form.errors else 200)


def _reset_user(request: HttpRequest) -> User | None:
    """The account whose holder came by a link that still holds: one hour, once."""
    public_id, token = request.session.get(RESET_KEY) or ("", "")
    try:
        user = User.objects.filter(public_id=public_id, is_active=True).first() if public_id else None
    except ValidationError:
        return None
    return user if user is not None and default_token_generator.check_token(user, token) else None
