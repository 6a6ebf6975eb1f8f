"""Objections, for those of the office who handle them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from denggao.engines.notices import policies, queries
from denggao.engines.notices.actions import add_note, publish_redacted, read_identity, rule_on_objection, take_up
from denggao.engines.notices.forms import IdentityForm, NoteForm, ObjectionFilter, RedactForm, RulingForm, TakeUpForm
from denggao.engines.notices.models import OPEN_STATES, Objection
from denggao.engines.notices.registry import subject_of
from denggao.engines.notices.views.office import Act, serve
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.words import account_names, actor_name


@login_required
@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """Open ones first asked for; ``?open=no`` all."""
    actor = actor_of(request)
    if not policies.can_handle_objections(actor):
        raise Http404
    every = policies.visible_objections(actor)
    only_open = request.GET.get("open") != "no"
    chosen = every.filter(state__in=OPEN_STATES) if only_open else every
    listing = Listing(
        request.GET,
        chosen.select_related("notice", "item").defer("name", "contact"),
        sorts={"received": "received_at", "due": ("answer_due_on", "received_at"), "state": "state", "notice": "notice__number"},
        default="due" if only_open else "-received",
        search=("notice__number", "notice__title_zh", "notice__title_en", "item__name_zh", "item__name_en"),
        filters=ObjectionFilter,
    )
    tabs = [
        {"label": _("To rule on"), "url": "?", "on": only_open, "count": every.filter(state__in=OPEN_STATES).count()},
        {"label": _("All"), "url": "?open=no", "on": not only_open, "count": None},
    ]
    names = account_names({item.investigator for item in listing.rows if item.investigator})
    context = {
        "listing": listing,
        "rows": [(item, names.get(item.investigator, item.investigator_text)) for item in listing.rows],
        "tabs": tabs,
        "only_open": only_open,
        "today": timezone.localdate(),
    }
    return render(request, "notices/objections.html", context)


@login_required
@never_cache
@require_safe
def objection(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    return _page(request, policies.get_objection_for(actor, public_id), actor)


def _page(request: HttpRequest, found: Objection, actor: Actor, **more: object) -> HttpResponse:
    today = timezone.localdate()
    notes = list(found.notes.all())
    names = account_names({item.noted_by for item in notes} | {found.investigator, found.ruled_by} - {""})
    context = {
        "objection": found,
        "notice": found.notice,
        "files": [item.file for item in found.files.select_related("file")],
        "notes": [(item, names.get(item.noted_by, item.noted_by_text)) for item in notes],
        "investigator": names.get(found.investigator, found.investigator_text),
        "ruled_by": names.get(found.ruled_by, found.ruled_by_text),
        "is_mine": found.investigator == actor.id,
        "can_rule": found.is_open and policies.can_rule(actor, found),
        "must_be_another": found.is_open and policies.may_rule(actor, found) and not policies.can_rule(actor, found),
        "can_read_identity": policies.can_read_identity(actor, found),
        "subject_url": subject_of(found.notice.subject_kind).url(found.item.subject_id) if found.item else "",
        "strip": queries.strip_of(found.notice, today=today),
        "phase": queries.phase_of(found.notice, today),
        "overdue": found.is_open and found.answer_due_on is not None and found.answer_due_on < today,
        "note_form": NoteForm(),
        **more,
    }
    form = more.get("note_form")
    status = 422 if isinstance(form, forms.Form) and form.errors else 200
    return render(request, "notices/objection.html", context, status=status)


def _back(found: Objection) -> str:
    return reverse("notices:objection", args=[found.public_id])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def investigate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_objection_for(actor, public_id)
    form = TakeUpForm(request.POST if request.method == "POST" else None)
    if not found.investigator:
        del form.fields["reason"]
    act = Act(
        _("Take the investigation over") if found.investigator else _("Investigate this objection"),
        _("You may then read who objects, each time with a purpose that is recorded. Another person rules on it."),
        _("Take it over") if found.investigator else _("Investigate"),
        _("The investigation is yours."),
        _back(found),
    )
    return serve(
        request,
        form,
        act,
        lambda: take_up(found, reason=form.cleaned_data.get("reason", ""), actor=actor, now=timezone.now()),
        notice=found.notice,
        objection=found,
        others=actor_name(found.investigator, found.investigator_text) if found.investigator else "",
    )


@login_required
@require_http_methods(["POST"])
def note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_objection_for(actor, public_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            add_note(found, form.cleaned_data["text"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The note is kept."))
            return redirect(_back(found))
    return _page(request, found, actor, note_form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_objection_for(actor, public_id)
    form = RedactForm(
        request.POST if request.method == "POST" else None, initial={"text": found.redacted_text or found.original.text}
    )
    act = Act(
        _("Publish a redacted copy"),
        _("It stands on the public page from now on, with where the objection stands. What was published is never quite gone."),
        _("Publish"),
        _("The redacted copy is on the public page."),
        _back(found),
    )
    return serve(
        request,
        form,
        act,
        lambda: publish_redacted(found, form.cleaned_data["text"], actor=actor, now=timezone.now()),
        notice=found.notice,
        objection=found,
        original=found.original.text,
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who objects: shown once, to the one who gives a purpose; the reading is recorded before."""
    actor = actor_of(request)
    found = policies.get_objection_for(actor, public_id)
    if not policies.can_read_identity(actor, found):
        raise PermissionDenied(_("The identity is protected: only the one who investigates this objection may read it."))
    form = IdentityForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"objection": found, "notice": found.notice, "form": form}
    if request.method == "POST" and form.is_valid():
        context["identity"] = read_identity(found, purpose=form.cleaned_data["purpose"], actor=actor, now=timezone.now())
    return render(request, "notices/identity.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_objection_for(actor, public_id)
    if not policies.may_rule(actor, found):
        raise PermissionDenied(_("Reviewers and approvers rule on objections."))
    if found.is_open and not policies.can_rule(actor, found):
        raise PermissionDenied(_("You opened this notice, or investigate this objection: another person rules on it."))
    form = RulingForm(request.POST if request.method == "POST" else None)
    act = Act(
        _("Rule on this objection"),
        _("A ruling stands: it can’t be taken back here. Dismissed, the notice goes on; upheld, the name leaves it."),
        _("Rule on it"),
        _("The ruling is kept; its author can read it."),
        _back(found),
    )

    def do() -> None:
        outcome = form.cleaned_data["outcome"]
        rule_on_objection(
            found,
            upheld=outcome != Objection.Consequence.NONE,
            consequence=outcome,
            reason=form.cleaned_data["reason"],
            actor=actor,
            now=timezone.now(),
        )

    return serve(request, form, act, do, notice=found.notice, objection=found, original=found.original.text)
