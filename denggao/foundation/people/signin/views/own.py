"""My account: language, addresses, password, sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denggao.foundation.accounts import limits
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.people.masks import mask_phone
from denggao.foundation.people.signin.actions import change_email, change_phone, choose_language, end_sessions, set_password
from denggao.foundation.people.signin.forms import ChangePasswordForm, EmailForm, LanguageForm, PhoneForm
from denggao.foundation.people.signin.letters import (
    LinkWorthless,
    read_email_proof,
    send_email_changed,
    send_email_proof,
    send_password_changed,
)
from denggao.foundation.people.signin.middleware import before_second_factor
from denggao.foundation.people.signin.queries import email_of, phone_of, roles_shown, second_factor_of
from denggao.foundation.people.signin.sessions import Browser, browsers_of
from denggao.foundation.people.signin.views.entrance import own_actor, recent

_YEAR = 365 * 24 * 3600


def _holder(request: HttpRequest) -> User:
    return actor_of(request).holder


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = _holder(request)
    context = {
        "email": email_of(user),
        "phone": mask_phone(phone_of(user)),
        "factor": second_factor_of(user),
        "roles": roles_shown(user, timezone.localdate()),
        "browsers": len(browsers_of(user, request.session.session_key)),
        "language_form": LanguageForm(initial={"language": user.language or settings.LANGUAGE_CODE}),
        "factor_required": actor_of(request).is_office and not settings.DEMO,
    }
    return render(request, "account/home.html", context)


@before_second_factor
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return redirect("account_home")
    chosen = form.cleaned_data["language"]
    choose_language(_holder(request), language=chosen, actor=actor_of(request), now=timezone.now())
    response = redirect("account_home")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@never_cache
@sensitive_post_parameters("old_password", "new_password", "repeated")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = _holder(request)
    if request.method == "POST":
        limits.take(limits.REAUTHENTICATE, str(user.pk))
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        set_password(user, password=form.cleaned_data["new_password"], actor=actor_of(request), now=timezone.now())
        limits.forget(limits.REAUTHENTICATE, str(user.pk))
        update_session_auth_hash(request, user)
        UserSession.objects.create_from_request(request)
        send_password_changed(user, now=timezone.now())
        messages.success(request, _("Your password is changed. Other browsers are signed out."))
        return redirect("account_home")
    return render(request, "account/password.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@recent
@require_http_methods(["GET", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another e-mail address. Nothing changes before the link sent to it is opened."""
    user = _holder(request)
    form = EmailForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limits.take(limits.CHANGE_CONTACT, str(user.pk))
        send_email_proof(user, form.cleaned_data["email"], now=timezone.now())
        messages.success(
            request, _("We wrote to the new address. Open the link in that letter within 24 hours; until then the old one holds.")
        )
        return redirect("account_home")
    return render(request, "account/email.html", {"form": form, "email": email_of(user)}, status=422 if form.errors else 200)


@login_not_required
@before_second_factor
@never_cache
@require_http_methods(["GET", "POST"])
@limits.limited(limits.RESET_LINK, methods=("GET", "POST"))
def email_proof(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter: shows what will change, and changes it by POST."""
    try:
        user, address = read_email_proof(token, now=timezone.now())
    except LinkWorthless:
        return render(request, "account/link_used.html", status=410)
    if request.method == "POST":
        try:
            old = change_email(user, email=address, actor=own_actor(request, user), now=timezone.now())
        except Refused as refusal:
            return render(request, "account/email_proof.html", {"address": address, "refusal": refusal}, status=422)
        send_email_changed(user, old=old, now=timezone.now())
        messages.success(request, _("From now on you sign in with the new e-mail address."))
        return redirect("account_home" if request.user.is_authenticated else "account_login")
    return render(request, "account/email_proof.html", {"address": address})


@never_cache
@recent
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    user = _holder(request)
    form = PhoneForm(request.POST if request.method == "POST" else None, initial={"phone": phone_of(user)})
    if request.method == "POST" and form.is_valid():
        try:
            limits.take(limits.CHANGE_CONTACT, str(user.pk))
            change_phone(user, phone=form.cleaned_data["phone"], actor=actor_of(request), now=timezone.now())
        except Refused as refusal:
            form.add_error("phone", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("account_home")
    return render(request, "account/phone.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this account is signed in."""
    return render(request, "account/sessions.html", {"browsers": browsers_of(_holder(request), request.session.session_key)})


@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """Sign out in one other browser; 404 for a session of somebody else."""
    return _end(request, [browser for browser in _others(request) if browser.number == number], must_exist=True)


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    return _end(request, _others(request), must_exist=False)


def _others(request: HttpRequest) -> list[Browser]:
    return [browser for browser in browsers_of(_holder(request), request.session.session_key) if not browser.current]


def _end(request: HttpRequest, browsers: list[Browser], *, must_exist: bool) -> HttpResponse:
    if must_exist and not browsers:
        raise Http404
    end_sessions(
        _holder(request),
        sessions=[browser.session for browser in browsers],
        actor=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("Signed out there."))
    return redirect("account_sessions")
