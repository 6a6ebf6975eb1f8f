"""The office looks at a page, hides it with a reason, or lets go of it. It shows none."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.systems.craftsmen.hall import policies
from denggao.systems.craftsmen.hall.actions.pages import hide_page, release_page
from denggao.systems.craftsmen.hall.forms import EmptyForm, HideForm
from denggao.systems.craftsmen.hall.models import Profile
from denggao.systems.craftsmen.hall.views.public import card_response, page_context


@login_required
@require_GET
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The page with what its craftsman agreed to, shown or not; of a revoked title too."""
    profile = policies.get_profile_for_office(actor_of(request), public_id)
    return render(request, "hall/page.html", page_context(profile, timezone.localdate(), preview=True))


@login_required
@require_GET
def card(request: HttpRequest, public_id: UUID, size: str) -> HttpResponse:
    """The card before the page is shown: for the office and the craftsman."""
    actor = actor_of(request)
    own = policies.own_craftsman(actor)
    if own is not None and own.public_id == public_id:
        return card_response(policies.get_own_profile(actor), size)
    return card_response(policies.get_profile_for_office(actor, public_id), size)


def _hidable(actor: Actor, public_id: UUID) -> Profile:
    profile = policies.get_profile_for_office(actor, public_id)
    if not policies.can_hide(actor):
        raise PermissionDenied
    return profile


@login_required
@require_http_methods(["GET", "POST"])
def hide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    profile = _hidable(actor, public_id)
    form = HideForm(posted(request))
    act = Act(
        _("Hide the page of a craftsman"),
        _("It is gone from the public at once, and the craftsman is told your reason. Nothing of it is changed or erased."),
        _("Hide it"), _("It is hidden."), f"/craftsmen/{public_id}/", tone="danger-fill",
    )  # fmt: skip
    return serve_act(
        request, form, act, lambda: hide_page(profile, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template="craftsmen/act.html", craftsman=profile.craftsman,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    profile = _hidable(actor, public_id)
    act = Act(
        _("Let go of a hidden page"),
        _("It becomes a draft, which its craftsman may show again. The office shows no page itself."),
        _("Let go of it"), _("Its craftsman may show it again."), f"/craftsmen/{public_id}/",
    )  # fmt: skip
    return serve_act(
        request, EmptyForm(posted(request)), act, lambda: release_page(profile, actor=actor, now=timezone.now()),
        template="craftsmen/act.html", craftsman=profile.craftsman,
    )  # fmt: skip
