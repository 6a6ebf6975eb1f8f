"""Hours put right by hand: the list, asking, answering."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from denggao.engines.hours import policies
from denggao.engines.hours.actions.fixing import Missing, answer_fix, ask_fix
from denggao.engines.hours.choosing import body_of, contexts_to_fix
from denggao.engines.hours.forms import FIX_LIMIT, FIX_TYPES, AddForm, FixAnswerForm, FixFilters, RemoveForm
from denggao.engines.hours.kinds import kind_label
from denggao.engines.hours.models import Fix, HourEntry
from denggao.engines.hours.registry import context_titles
from denggao.engines.hours.showing import UNKNOWN
from denggao.engines.hours.views.findings import ACT, tabs
from denggao.foundation.audit.actors import Actor, Role, actor_of
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.words import account_names, actor_name


@login_required
@require_safe
def fixes(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not (actor.is_office or actor.organisations_as(Role.TEACHER)):
        raise PermissionDenied(_("Corrections are made by the programme office and by teachers for their school."))
    listing = Listing(
        request.GET,
        policies.visible_fixes(actor).select_related("person", "organisation"),
        sorts={"asked": "asked_at", "day": "day", "seconds": "seconds"},
        default="-asked",
        search=("person__name", "reason"),
        filters=FixFilters,
    )
    if listing.export:
        return _export(listing)
    return render(
        request,
        "hours/fixes.html",
        {
            "listing": listing,
            "tabs": tabs(actor, "fixes"),
            "names": account_names({item.asked_by for item in listing.rows}),
        },
    )


def _export(listing: Listing) -> HttpResponse:
    """PRIVACY: names are masked in the file, as in the list."""
    header = [_("Name"), _("Day"), _("What"), _("Kind"), _("Seconds"), _("State"), _("Reason"), _("Asked by"), _("Answered by")]
    rows = (
        (
            item.person.masked_name,
            item.day,
            str(item.get_act_display()),
            str(kind_label(item.kind)),
            item.seconds,
            str(item.get_state_display()),
            item.reason,
            item.asked_by_text,
            item.answered_by_text,
        )
        for item in listing.everything
    )
    return table_response("corrections", header, rows, kind=listing.export)


@login_required
@require_safe
def fix(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_fix_for(actor, public_id)
    ref = (found.context_kind, found.context_id)
    context = {
        "fix": found,
        "titled": context_titles({ref}).get(ref, UNKNOWN),
        "kind": kind_label(found.kind),
        "asked_by": actor_name(found.asked_by, found.asked_by_text),
        "answered_by": actor_name(found.answered_by, found.answered_by_text),
        "mine": policies.is_own(actor, found.person),
        "sees_list": actor.is_office or bool(actor.organisations_as(Role.TEACHER)),
        "may_answer": found.state == Fix.State.ASKED and policies.can_answer_fix(actor, found),
    }
    return render(request, "hours/fix.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add hours; or, with ``?entry=``, take one entry back."""
    actor = actor_of(request)
    person = policies.get_learner_for(actor, public_id)
    if not policies.can_ask_fix(actor, person):
        raise PermissionDenied(_("Hours are put right by the office and by teachers, never by the learner."))
    entry = _entry(request, actor, person.pk)
    contexts = contexts_to_fix(actor, person)
    form: RemoveForm
    if entry is not None:
        form = RemoveForm(posted(request), handed_in(request))
    else:
        form = AddForm(posted(request), handed_in(request), contexts=contexts, today=timezone.localdate())
    act = Act(
        _("Take an entry back") if entry else _("Add learning time"),
        _("A second person looks at it and confirms. It stays told apart from what events prove, and the learner sees it."),
        _("Ask for it"),
        _("Asked: a second person confirms it."),
        back=reverse("hours:learner", args=[person.public_id]),
        uploads=True,
    )

    def do() -> None:
        now = timezone.now()
        what: Missing | HourEntry
        organisation = None
        if entry is not None:
            what = entry
        else:
            assert isinstance(form, AddForm)
            given = form.cleaned_data
            what = Missing(form.context_chosen(), given["kind"], given["day"], given["minutes"] * 60)
            organisation = body_of(person, what.context)
        ask_fix(
            person,
            what,
            reason=form.cleaned_data["reason"],
            file=_stored(form, actor),
            organisation=organisation,
            actor=actor,
            now=now,
        )

    return serve_act(request, form, act, do, template=ACT, learner=person, entry=entry)


def _entry(request: HttpRequest, actor: Actor, person_id: int) -> HourEntry | None:
    """Raises Http404 where one is named that isn't there."""
    asked = request.GET.get("entry", "")
    if not asked:
        return None
    try:
        public_id = UUID(asked)
    except ValueError:
        raise Http404 from None
    entries = policies.visible_entries(actor).filter(person_id=person_id, public_id=public_id, reverses__isnull=True)
    entry = entries.select_related("organisation").first()
    if entry is None:
        raise Http404
    return entry


def _stored(form: RemoveForm, actor: Actor) -> StoredFile:
    given = form.cleaned_data["file"]
    return store_file(given.name, given, kind=policies.FIX_FILE, taken=FIX_TYPES, limit=FIX_LIMIT, actor=actor, now=timezone.now())


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_fix_for(actor, public_id)
    if not policies.can_answer_fix(actor, found):
        raise PermissionDenied(_("A second person answers: neither who asked, nor the learner."))
    form = FixAnswerForm(posted(request))
    act = Act(
        _("Answer the correction"),
        _("Once you confirm, the hours change, and the learner is told by whom and why."),
        pgettext("hours", "Answer"),
        _("Your answer is kept."),
        back=reverse("hours:fix", args=[found.public_id]),
    )

    def do() -> None:
        given = form.cleaned_data
        answer_fix(found, confirm=given["answer"] == "yes", reason=given["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, do, template=ACT, fix=found)
