"""Panels as the chair and the office see them: the list, one panel, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions.assigning import (
    assign_automatically,
    assign_by_hand,
    assign_by_rule,
    replace_expert,
)
from denggao.engines.reviews.actions.conflicts import clear_conflict, pin_conflict, restore_assignment
from denggao.engines.reviews.actions.panels import change_panel, name_chair
from denggao.engines.reviews.actions.seats import candidates
from denggao.engines.reviews.chairing import office_page
from denggao.engines.reviews.forms.panels import HandForm, PanelFilters, PanelForm, PinForm, ReasonForm, ReplaceForm, RuleForm
from denggao.engines.reviews.models import Panel
from denggao.engines.reviews.queries import progress_of
from denggao.engines.reviews.words import conflict_text
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing


@login_required
@require_GET
def panel_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not (actor.is_office or policies.visible_panels(actor).exists()):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_panels(actor).prefetch_related("plan"),
        sorts={"title": "title_zh", "due": ("due_on", "title_zh"), "opened": "opened_at", "state": "state", "result": "result"},
        default="-opened",
        search=("title_zh", "title_en"),
        filters=PanelFilters,
    )
    if listing.export:
        return _export(listing)
    progress = progress_of(listing.rows)
    rows = [{"panel": panel, "progress": progress[panel.pk]} for panel in listing.rows]
    context = {"listing": listing, "rows": rows, "may_assign": actor.has(*policies.ASSIGNERS), "today": timezone.localdate()}
    return render(request, "reviews/panels.html", context)


def _export(listing: Listing) -> HttpResponse:
    panels = list(listing.everything)
    progress = progress_of(panels)
    header = [_("Subject"), _("State"), _("Due by"), _("Seats"), _("Asked"), _("Reviews handed in"), _("Result")]
    rows = (
        [panel.title, str(panel.get_state_display()), panel.due_on, panel.seats, progress[panel.pk].asked,
         progress[panel.pk].submitted, panel.result]
        for panel in panels
    )  # fmt: skip
    return table_response("panels", header, rows, kind=listing.export)


@login_required
@require_POST
def assign_many(request: HttpRequest) -> HttpResponse:
    """Fill the empty seats of the chosen panels, or of every running one, in one balance."""
    actor = actor_of(request)
    if not actor.has(*policies.ASSIGNERS):
        raise PermissionDenied
    running = policies.visible_panels(actor).filter(state__in=[Panel.State.OPEN, Panel.State.SCORING])
    if request.POST.get("which") != "all":
        chosen = [text for text in request.POST.getlist("panels") if _is_uuid(text)]
        running = running.filter(public_id__in=chosen)
    panels = list(running.order_by("pk"))
    if not panels:
        messages.error(request, _("Choose at least one running panel."))
        return redirect("reviews:panels")
    _do(request, lambda: _balanced(request, panels, actor))
    return redirect("reviews:panels")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _balanced(request: HttpRequest, panels: list[Panel], actor: Actor) -> str:
    done = assign_automatically(panels, actor=actor, now=timezone.now())
    if done.short:
        messages.warning(
            request,
            ngettext(
                "%(count)s panel lacks experts without a conflict: add to the register, or clear a conflict with a reason.",
                "%(count)s panels lack experts without a conflict: add to the register, or clear a conflict with a reason.",
                len(done.short),
            )
            % {"count": len(done.short)},
        )
    if not done.assignments:
        return _("Nobody was asked: no seat could be filled.")
    return ngettext(
        "%(count)s review was given out; the largest load is %(largest)s.",
        "%(count)s reviews were given out; the largest load is %(largest)s.",
        len(done.assignments),
    ) % {"count": len(done.assignments), "largest": done.largest}


@login_required
@require_GET
def panel_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    return _page(request, policies.get_panel_for(actor, public_id))


def _page(request: HttpRequest, panel: Panel, **forms_given: forms.Form) -> HttpResponse:
    context = office_page(actor_of(request), panel, request.GET.get("q", ""), today=timezone.localdate())
    context |= {"pin_form": PinForm(), "rule_form": RuleForm(initial={"distinct_employers": True}), **forms_given}
    status = 422 if any(form.errors for form in forms_given.values()) else 200
    return render(request, "reviews/panel.html", context, status=status)


def _do(request: HttpRequest, act: Callable[[], str]) -> bool:
    """Do it and say what came of it, or why not."""
    try:
        said = act()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, said)
    return True


@login_required
@require_POST
def assign_hand(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    panel = policies.get_panel_for_running(actor, public_id)
    form = HandForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose at least one expert."))
        return redirect("reviews:panel", panel.public_id)

    def act() -> str:
        asked = assign_by_hand(panel, list(form.cleaned_data["experts"]), actor=actor, now=timezone.now())
        return _asked(len(asked))

    _do(request, act)
    return redirect("reviews:panel", panel.public_id)


def _asked(count: int) -> str:
    return ngettext("%(count)s expert was asked.", "%(count)s experts were asked.", count) % {"count": count}


@login_required
@require_POST
def assign_fill(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Fill the empty seats by a rule, or by the balance alone."""
    actor = actor_of(request)
    panel = policies.get_panel_for_running(actor, public_id)
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _page(request, panel, rule_form=form)

    def act() -> str:
        if request.POST.get("way") == "auto":
            return _balanced(request, [panel], actor)
        asked = assign_by_rule(panel, form.rule, actor=actor, now=timezone.now())
        return _asked(len(asked)) if asked else _("Nobody fits the rule. Ask for less, or choose by hand.")

    _do(request, act)
    return redirect("reviews:panel", panel.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def panel_change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    panel = policies.get_panel_for_running(actor, public_id)
    form = PanelForm(request.POST if request.method == "POST" else None, panel=panel)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, timezone.now()
        try:
            change_panel(panel, seats=given["seats"], due_on=given["due_on"], actor=actor, now=now)
            if given["chair"] != panel.chair:
                name_chair(panel, given["chair"], actor=actor, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The panel is changed."))
            return redirect("reviews:panel", panel.public_id)
    return render(request, "reviews/panel_form.html", {"form": form, "panel": panel}, status=422 if form.errors else 200)


@login_required
@require_POST
def conflict_pin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    panel = policies.get_panel_for_chairing(actor, public_id)
    form = PinForm(request.POST)
    if not form.is_valid():
        return _page(request, panel, pin_form=form)

    def act() -> str:
        pin_conflict(panel, form.cleaned_data["expert"], reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        return _("Pinned. This expert learns nothing more of the subject.")

    _do(request, act)
    return redirect("reviews:panel", panel.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def conflict_clear(request: HttpRequest, public_id: UUID, conflict_id: UUID) -> HttpResponse:
    """The chair's word that what was found is no conflict."""
    actor = actor_of(request)
    conflict = policies.get_conflict_for_clearing(actor, public_id, conflict_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        clear_conflict(conflict, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        return _("Cleared, with your reason. What was found stays on record.")

    words = {
        "heading": _("This is no conflict"),
        "follows": _("What was found stays on record, with your name and reason. The expert may be asked again."),
        "go": _("Clear this conflict"),
        "about": f"{conflict.person.name} · {conflict.get_kind_display()} · {conflict_text(conflict)}",
    }
    return _act(request, conflict.panel, form, act, words)


@login_required
@require_http_methods(["GET", "POST"])
def assignment_replace(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    """Take the seat from an expert who has not submitted, and ask another."""
    actor = actor_of(request)
    assignment = policies.get_assignment_for_running(actor, public_id, assignment_id)
    form = ReplaceForm(request.POST if request.method == "POST" else None, offered=candidates(assignment.panel))

    def act() -> str:
        given = form.cleaned_data
        new = replace_expert(assignment, reason=given["reason"], by=given["by"], actor=actor, now=timezone.now())
        return _("Another expert was asked in their place.") if new else _("The seat is empty now: nobody else could be asked.")

    words = {
        "heading": _("Ask somebody else instead"),
        "follows": _("The expert is told that the review is no longer needed, and the new one is asked at once."),
        "go": _("Replace"),
        "about": assignment.expert.person.name,
    }
    return _act(request, assignment.panel, form, act, words)


@login_required
@require_http_methods(["GET", "POST"])
def assignment_restore(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    """Let an expert go on, once every conflict is cleared."""
    actor = actor_of(request)
    policies.get_panel_for_chairing(actor, public_id)
    assignment = policies.get_assignment_for_running(actor, public_id, assignment_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        restore_assignment(assignment, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        return _("The expert goes on; submitted scores count again.")

    words = {
        "heading": _("Let this expert go on"),
        "follows": _("Every conflict must be cleared. Submitted scores count again, and the result is worked out anew."),
        "go": _("Let go on"),
        "about": assignment.expert.person.name,
    }
    return _act(request, assignment.panel, form, act, words)


def _act(request: HttpRequest, panel: Panel, form: forms.Form, act: Callable[[], str], words: dict[str, str]) -> HttpResponse:
    """A page for one act in a panel, which leads back to it. ``words``: heading, about, follows, go."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act()
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect("reviews:panel", panel.public_id)
    return render(
        request, "reviews/panel_act.html", {"form": form, "panel": panel, "act": words}, status=422 if form.errors else 200
    )
