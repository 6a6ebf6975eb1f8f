"""Who may act: the list of members, invitations, and the page behind an invitation's link."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denggao.foundation.accounts import limits
from denggao.foundation.accounts.limits import limited
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.organisations.actions.memberships import (
    SignInFirst,
    accept_invitation,
    close_account,
    end_membership,
    invite_account,
    open_account_again,
    resend_invitation,
    take_off_second_factor,
    withdraw_invitation,
)
from denggao.foundation.organisations.members.forms import InvitationFilter, InviteForm, MemberFilter
from denggao.foundation.organisations.members.letters import link_of, reaches
from denggao.foundation.organisations.members.policies import (
    can_close_account,
    can_end_membership,
    can_keep_invitation,
    get_invitation_for,
    get_membership_for,
    offered_roles,
    require_members,
    visible_invitations,
    visible_memberships,
)
from denggao.foundation.organisations.members.queries import (
    MemberRow,
    invitation_by,
    invitation_row,
    invitation_rows,
    member_rows,
    roles_of,
    with_address,
)
from denggao.foundation.people.signin.forms import NewPasswordForm
from denggao.foundation.people.signin.queries import find_account
from denggao.foundation.people.signin.rules import Address, AddressKind
from denggao.foundation.people.signin.views.entrance import recent
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.templatetags.dg import role_label

SECRET = "invitation_secret"
HAND_OVER = "invitation_link"


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require_members(actor)
    listing = Listing(
        request.GET,
        visible_memberships(actor).select_related("account", "organisation"),
        sorts={
            "role": "role",
            "organisation": ("organisation__name_zh",),
            "since": "from_on",
            "until": "to_on",
            "seen": "account__last_login",
        },
        default="-since",
        search=with_address,
        filters=MemberFilter,
    )
    today = timezone.localdate()
    if listing.export:
        header, table = _as_table(member_rows(listing.everything, today))
        return table_response("members", header, table, kind=listing.export)
    context = {
        "listing": listing,
        "rows": member_rows(listing.rows, today),
        "can_invite": bool(offered_roles(actor)),
        "tabs": _tabs("list"),
    }
    return render(request, "members/list.html", context)


def _as_table(rows: list[MemberRow]) -> tuple[list[str], list[list[Cell]]]:
    header = [_("Account"), _("Role"), _("Organisation"), _("Since"), _("Last day"), _("Last sign-in"), _("Record")]
    table: list[list[Cell]] = [
        [
            row.label,
            role_label(row.membership.role),
            row.membership.organisation.name if row.membership.organisation else "",
            row.membership.from_on,
            row.membership.to_on,
            row.membership.account.last_login,
            str(row.membership.public_id),
        ]
        for row in rows
    ]
    return header, table


def _tabs(current: str) -> list[dict[str, object]]:
    return [
        {"label": _("Members"), "url": reverse("members:list"), "on": current == "list"},
        {"label": _("Invitations"), "url": reverse("members:invitations"), "on": current == "invitations"},
    ]


@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require_members(actor)
    listing = Listing(
        request.GET,
        visible_invitations(actor).select_related("organisation"),
        sorts={"role": "role", "organisation": ("organisation__name_zh",), "sent": "sent_at", "until": "expires_at"},
        default="-sent",
        search=("organisation__name_zh", "organisation__name_en"),
        filters=InvitationFilter,
    )
    context = {
        "listing": listing,
        "rows": invitation_rows(listing.rows, timezone.now()),
        "can_invite": bool(offered_roles(actor)),
        "tabs": _tabs("invitations"),
    }
    return render(request, "members/invitations.html", context)


@recent
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not offered_roles(actor):
        raise PermissionDenied
    form = InviteForm(request.POST if request.method == "POST" else None, actor=actor, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        limits.take(limits.INVITE, actor.id)
        try:
            sent = invite_account(
                form.offer,
                address=form.cleaned_data["address"],
                language=form.cleaned_data["language"],
                to_on=form.cleaned_data["to_on"],
                actor=actor,
                now=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("address", str(refusal))
        else:
            return _sent(request, sent.invitation.public_id, sent.invitation.kind, sent.secret)
    return render(request, "members/invite.html", {"form": form}, status=422 if form.errors else 200)


def _sent(request: HttpRequest, public_id: UUID, kind: str, secret: str) -> HttpResponse:
    if reaches(kind):
        messages.success(request, _("The invitation is on its way. Its link holds for seven days and opens once."))
    else:
        request.session[HAND_OVER] = [str(public_id), secret]
    return redirect("members:invitation", public_id)


@never_cache
@require_safe
def invitation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_invitation_for(actor, public_id)
    for_whom, secret = request.session.pop(HAND_OVER, None) or ("", "")
    context = {
        "row": invitation_row(found, timezone.now()),
        "can_keep": can_keep_invitation(actor, found),
        "link": link_of(secret) if for_whom == str(public_id) else "",
    }
    return render(request, "members/invitation.html", context)


@recent
@require_POST
def resend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_invitation_for(actor, public_id)
    limits.take(limits.INVITE, actor.id)
    try:
        sent = resend_invitation(found, actor=actor, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("members:invitation", public_id)
    return _sent(request, public_id, found.kind, sent.secret)


@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_invitation_for(actor, public_id)
    done = _("The invitation is withdrawn; its link opens nothing.")
    _do(request, lambda: withdraw_invitation(found, actor=actor, now=timezone.now()), done)
    return redirect("members:invitation", public_id)


@require_safe
def member(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_membership_for(actor, public_id)
    today = timezone.localdate()
    context = {
        "row": member_rows([found], today)[0],
        "roles": roles_of(found.account, today) if actor.is_office else [],
        "can_end": can_end_membership(actor, found),
        "can_close": can_close_account(actor, found.account),
    }
    return render(request, "members/member.html", context)


@recent
@require_POST
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_membership_for(actor, public_id)
    done = _do(request, lambda: end_membership(found, actor=actor, now=timezone.now()), _("The role has ended."))
    return redirect("members:list") if done else redirect("members:member", public_id)


@recent
@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _to_account(request, public_id, close_account, _("The account is closed."))


@recent
@require_POST
def open_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _to_account(request, public_id, open_account_again, _("The account is open again."))


@recent
@require_POST
def take_off_factor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    done = _("The second step is taken off. At the next sign-in it is set up anew.")
    return _to_account(request, public_id, take_off_second_factor, done)


def _to_account(request: HttpRequest, public_id: UUID, act: Callable[..., object], done: str) -> HttpResponse:
    actor = actor_of(request)
    found = get_membership_for(actor, public_id)
    _do(request, lambda: act(found.account, actor=actor, now=timezone.now()), done)
    return redirect("members:member", public_id)


def _do(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True


@login_not_required
@never_cache
@limited(limits.OPEN_INVITATION, methods=("GET",))
@require_safe
def open_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address before a page is shown: no referrer, history or screen keeps it."""
    request.session[SECRET] = secret
    return redirect("members:accept")


@login_not_required
@never_cache
@sensitive_post_parameters("new_password", "repeated")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """What was promised, by whom it can be taken, and the password of a new account."""
    secret, now = request.session.get(SECRET, ""), timezone.now()
    found = invitation_by(secret, now) if secret else None
    if found is None:
        return render(request, "members/accept_worthless.html", status=410)
    actor = actor_of(request)
    known = find_account(Address(AddressKind(found.kind), found.address))
    mine = known is not None and actor.user is not None and known.pk == actor.user.pk
    form = NewPasswordForm(request.POST if request.method == "POST" else None) if known is None else None
    refusal: Refused | None = SignInFirst() if known is not None and not mine else None
    if request.method == "POST" and refusal is None and (form is None or form.is_valid()):
        password = form.cleaned_data["new_password"] if form is not None else ""
        try:
            accept_invitation(found, secret=secret, password=password, actor=actor, now=now)
        except Refused as refused:
            refusal = refused
        else:
            request.session.pop(SECRET, None)
            welcome = _("The role is yours from today.") if mine else _("Welcome. Sign in with your address and password.")
            messages.success(request, welcome)
            return redirect("account_home" if mine else "account_login")
    context = {
        "row": invitation_row(found, now),
        "form": form,
        "mine": mine,
        "refusal": refusal,
        "signed_in_otherwise": actor.user is not None and not mine,
    }
    return render(request, "members/accept.html", context, status=422 if refusal or (form and form.errors) else 200)
