"""Pages of the fast lane."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen import policies as craftsmen
from denggao.systems.craftsmen.lane import policies
from denggao.systems.craftsmen.lane.actions import (
    ask_for_files,
    confirm_outcome,
    dismiss_outcome,
    hand_over,
    note_told,
    propose_candidates,
    propose_outcome,
    withdraw,
)
from denggao.systems.craftsmen.lane.forms import (
    CandidacyFilter,
    HandOverForm,
    OutcomeForm,
    PrepareForm,
    ProposeForm,
    ReasonForm,
    SheetForm,
    ToldForm,
)
from denggao.systems.craftsmen.lane.models import Candidacy, CandidacyOutcome, CandidateFile
from denggao.systems.craftsmen.lane.sheet import LIMIT, take_outcomes
from denggao.systems.craftsmen.lane.showing import STATE_TONES, told
from denggao.systems.craftsmen.models import Craftsman

MANY = "lane/many.html"


def _keeper(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not policies.can_keep(actor):
        raise PermissionDenied(_("A clerk or reviewer of the programme office keeps the candidacies."))
    return actor


@login_required
@require_GET
def candidacy_list(request: HttpRequest) -> HttpResponse:
    """The office's."""
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_candidacies(actor),
        sorts={
            "name": "craftsman__person__name_key", "selection": "selection", "year": "year", "state": "state",
            "over": "hand_over__handed_over_on",
        },
        default="-year",
        search=("craftsman__person__name", "craftsman__certificate__number", "hand_over__document", "document"),
        filters=CandidacyFilter,
    )  # fmt: skip
    if listing.export:
        return table_response("candidates", _header(), map(_cells, listing.everything), kind=listing.export)
    context = {
        "listing": listing,
        "rows": [(one, STATE_TONES[one.state]) for one in listing.rows],
        "may_keep": policies.can_keep(actor),
    }
    return render(request, "lane/list.html", context)


def _header() -> list[str]:
    return [
        _("Name"), _("Certificate"), _("Employer"), _("Selection"), _("Year"), _("State"), _("Letter"), _("Handed to"),
        _("Handed over on"), _("Decided on"), _("Document"),
    ]  # fmt: skip


def _cells(one: Candidacy) -> list[Cell]:
    held, letter = one.craftsman, one.hand_over
    return [
        held.person.name, held.certificate.number if held.certificate else "", held.employer.name if held.employer else "",
        str(one.get_selection_display()), one.year, str(one.get_state_display()), letter.document if letter else "",
        letter.recipient if letter else "", letter.handed_over_on if letter else "", one.decided_on or "", one.document,
    ]  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Choose craftsmen of a year, several at once."""
    actor = _keeper(request)
    offered = list(
        craftsmen.visible_craftsmen(actor).filter(state=Craftsman.State.NAMED).order_by("-named_on", "person__name_key", "pk")
    )
    form = ProposeForm(posted(request), offered=offered)
    act = Act(
        _("Put craftsmen forward"),
        _("Each gets a candidacy; the file is made from what is kept, and nothing is typed anew. Each craftsman is told."),
        _("Put forward"),
        _("They are put forward."),
        back="/craftsmen/lane/",
    )

    def do() -> None:
        given = form.cleaned_data
        chosen = set(given["craftsmen"])
        done = propose_candidates(
            [one for one in offered if str(one.public_id) in chosen], selection=given["selection"], year=given["year"],
            recommendation=given["recommendation"], actor=actor, now=timezone.now(),
        )  # fmt: skip
        for craftsman, why in done.refused:
            messages.warning(request, f"{craftsman.person.name}: {why}")

    return serve_act(request, form, act, do, template="lane/act.html")


def _chosen(request: HttpRequest, actor: Actor) -> list[Candidacy]:
    """The candidacies ticked in the list; those that are not the actor's business are none."""
    ids = []
    for given in (request.POST if request.method == "POST" else request.GET).getlist("chosen"):
        try:
            ids.append(UUID(given))
        except ValueError:
            continue
    return list(policies.visible_candidacies(actor).filter(public_id__in=ids).order_by("pk"))


@login_required
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Make the files of those ticked, in the background."""
    actor = _keeper(request)
    chosen = _chosen(request, actor)
    form = PrepareForm(posted(request))
    act = Act(
        _("Prepare the files"),
        _("Document, PDF and package of each are made in the background from what is kept. What did not change stays as it is."),
        _("Prepare"),
        _("The files are being made."),
        back="/craftsmen/lane/",
    )
    if request.method == "POST" and form.is_valid():
        try:
            job = ask_for_files(chosen, whole_reason=form.cleaned_data["whole_reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("jobs:job", job.public_id)
    return render(request, MANY, {"form": form, "act": act, "chosen": chosen}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def hand_over_many(request: HttpRequest) -> HttpResponse:
    actor = _keeper(request)
    chosen = _chosen(request, actor)
    form = HandOverForm(posted(request), initial={"on": timezone.localdate()})
    act = Act(
        _("Hand over"),
        _("All of them with one letter, or none. Each craftsman is told."),
        _("Hand over"),
        _("They are handed over."),
        back="/craftsmen/lane/?state=handed_over",
    )

    def do() -> None:
        given = form.cleaned_data
        hand_over(chosen, document=given["document"], recipient=given["recipient"], on=given["on"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, do, template=MANY, chosen=chosen)


@login_required
@require_http_methods(["GET", "POST"])
def outcomes_sheet(request: HttpRequest) -> HttpResponse:
    """Outcomes from a sheet: each line waits for its second person."""
    actor = _keeper(request)
    form = SheetForm(posted(request), handed_in(request))
    act = Act(
        _("Outcomes from a sheet"),
        _("Each line is entered as an outcome that a second person confirms. Lines that do not fit are told, the others taken."),
        _("Take"),
        "",
        back="/craftsmen/lane/?state=handed_over",
        uploads=True,
    )
    refused: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        if given.size > LIMIT:
            form.add_error("file", _("File: at most 2 MB are taken here."))
        else:
            try:
                done = take_outcomes(given.name or "", given.read(), actor=actor, now=timezone.now())
            except Refused as why:
                form.add_error("file", str(why))
            else:
                refused = done.refused
                text = ngettext("%(count)s outcome was entered.", "%(count)s outcomes were entered.", done.count)
                messages.success(request, text % {"count": done.count})
                if not refused:
                    return redirect(act.back)
    return render(request, "lane/sheet.html", {"form": form, "act": act, "refused": refused}, status=422 if form.errors else 200)


@login_required
@require_GET
def candidacy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One candidacy: the office's with its files; a person's own without those of whole numbers made for others."""
    actor = actor_of(request)
    found = policies.get_candidacy_for(actor, public_id)
    outcomes = told(found.outcomes.all()) if actor.is_office else []
    waits = next((each["outcome"] for each in outcomes if each["outcome"].state == CandidacyOutcome.State.PROPOSED), None)
    keeps = policies.can_keep(actor)
    files = found.files.select_related("docx", "pdf", "package")
    context = {
        "candidacy": found,
        "tone": STATE_TONES[found.state],
        "files": [(one, _readable(actor, one)) for one in files],
        "outcomes": outcomes,
        "waits": waits,
        "may_keep": keeps,
        "may_prepare": keeps and found.is_open,
        "may_enter": keeps and found.state == Candidacy.State.HANDED_OVER and waits is None,
        "may_confirm": waits is not None and policies.can_confirm(actor) and waits.proposed_by != actor.id,
        "may_dismiss": waits is not None and policies.can_call_off(actor, waits),
        "may_tell": keeps and found.told_due,
        "office": actor.is_office,
    }
    return render(request, "lane/candidacy.html", context)


def _readable(actor: Actor, file: CandidateFile) -> list[tuple[str, Any]]:
    """The files of a version this actor may take."""
    if not policies.can_read_file(actor, file.docx):
        return []
    return [("Word", file.docx), ("PDF", file.pdf), ("ZIP", file.package)]


@login_required
@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = policies.get_candidacy_for_office(actor_of(request), public_id)
    actor = _keeper(request)
    form = OutcomeForm(posted(request))
    act = Act(
        _("Outcome · %(name)s") % {"name": found.craftsman.person.name},
        _("As the city’s paper says. It holds, and the craftsman is told, once a second person confirms."),
        _("Enter"),
        _("It is entered; a second person confirms it."),
        back=f"/craftsmen/lane/{found.public_id}/",
    )

    def do() -> None:
        accepted, decided_on, document = form.values
        propose_outcome(found, accepted=accepted, decided_on=decided_on, document=document, actor=actor, now=timezone.now())

    return serve_act(request, form, act, do, template="lane/act.html", candidacy=found)


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, public_id: UUID, act: str) -> HttpResponse:
    """The second person confirms an outcome, or it is dismissed."""
    actor = actor_of(request)
    found = policies.get_outcome_for(actor, public_id)
    if act not in {"confirm", "dismiss"}:
        raise Http404
    confirms = act == "confirm"
    if not (policies.can_confirm(actor) if confirms else policies.can_call_off(actor, found)):
        raise PermissionDenied(_("An approver of the programme office confirms."))
    form = django_forms.Form(posted(request)) if confirms else ReasonForm(posted(request))
    page = Act(
        _("Confirm the outcome") if confirms else _("Dismiss the outcome"),
        _("The outcome is recorded, and the craftsman is told.") if confirms else _("Nothing is recorded."),
        _("Confirm") if confirms else _("Dismiss"),
        _("The outcome is recorded.") if confirms else _("It was dismissed."),
        back=f"/craftsmen/lane/{found.candidacy.public_id}/",
    )

    def do() -> None:
        if confirms:
            confirm_outcome(found, actor=actor, now=timezone.now())
        else:
            dismiss_outcome(found, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template="lane/act.html", candidacy=found.candidacy, proposal=told([found])[0])


@login_required
@require_http_methods(["GET", "POST"])
def withdraw_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = policies.get_candidacy_for_office(actor_of(request), public_id)
    actor = _keeper(request)
    form = ReasonForm(posted(request))
    act = Act(
        _("Withdraw · %(name)s") % {"name": found.craftsman.person.name},
        _("The candidacy ends; its files stay. The craftsman is told."),
        _("Withdraw"),
        _("It is withdrawn."),
        back=f"/craftsmen/lane/{found.public_id}/",
        tone="danger-fill",
    )
    return serve_act(
        request, form, act, lambda: withdraw(found, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template="lane/act.html", candidacy=found,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def told_them(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = policies.get_candidacy_for_office(actor_of(request), public_id)
    actor = _keeper(request)
    form = ToldForm(posted(request))
    act = Act(
        _("Whoever has the file was told"),
        _("The title is gone; whoever has the file knows it from you. The file stays here."),
        _("Keep"),
        _("It is noted."),
        back=f"/craftsmen/lane/{found.public_id}/",
    )
    return serve_act(
        request, form, act, lambda: note_told(found, how=form.cleaned_data["how"], actor=actor, now=timezone.now()),
        template="lane/act.html", candidacy=found,
    )  # fmt: skip
