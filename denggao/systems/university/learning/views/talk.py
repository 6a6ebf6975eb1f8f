"""Notes, questions and answers. Parts of a page where a script asks for them, the whole page where none does."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.listing import Listing
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions import talking
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.forms.learner import AskForm, ReasonForm, ReplyForm
from denggao.systems.university.learning.models import Enrolment, Reply, Thread
from denggao.systems.university.learning.queries import talk
from denggao.systems.university.queries import outline

THREADS_SHOWN = 5


def _second(request: HttpRequest) -> int | None:
    said = request.POST.get("second", "")
    return int(said) if said.isdecimal() and len(said) < 7 else None


def _in_part(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _unit_page(enrolment_id: UUID, key: UUID, part: str) -> HttpResponseRedirect:
    answer = redirect("learning:unit", enrolment_id, key)
    answer["Location"] += f"#{part}"
    return answer


@login_required
@require_POST
def note_new(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    enrolment = policies.get_enrolment_to_learn(actor, public_id)
    wrong = ""
    try:
        talking.write_note(enrolment, key, request.POST.get("text", ""), second=_second(request), actor=actor, now=timezone.now())
    except Refused as refused:
        wrong = str(refused)
    if not _in_part(request):
        if wrong:
            messages.error(request, wrong)
        return _unit_page(public_id, key, "notes")
    context = {"enrolment": enrolment, "unit": {"key": key}, "notes": talk.notes_at(enrolment.person_id, key), "wrong_note": wrong}
    return render(request, "learning/notes.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def note_change(request: HttpRequest, public_id: UUID, key: UUID, note_id: UUID) -> HttpResponse:
    """Change a note, or delete it."""
    actor, now = actor_of(request), timezone.now()
    enrolment = policies.get_enrolment_to_learn(actor, public_id)
    kept, wrong = policies.get_note_for(actor, note_id), ""
    try:
        if request.POST.get("act") == "delete":
            talking.delete_note(kept, actor=actor, now=now)
        else:
            talking.change_note(kept, request.POST.get("text", ""), actor=actor, now=now)
    except Refused as refused:
        wrong = str(refused)
    if not _in_part(request):
        if wrong:
            messages.error(request, wrong)
        return _unit_page(public_id, key, "notes")
    context = {"enrolment": enrolment, "unit": {"key": key}, "notes": talk.notes_at(enrolment.person_id, key), "wrong_note": wrong}
    return render(request, "learning/notes.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def ask(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """Ask at a unit."""
    actor = actor_of(request)
    enrolment = policies.get_enrolment_to_learn(actor, public_id)
    if key not in outline(enrolment.run.version).by_key:
        raise Http404
    form = AskForm(request.POST)
    asked = _asked(form, enrolment, key, actor, request)
    if not _in_part(request):
        return redirect("learning:thread", asked.public_id) if asked is not None else _unit_page(public_id, key, "questions")
    threads = talk.threads_in(actor, enrolment.run, key)
    context = {
        "enrolment": enrolment,
        "unit": {"key": key},
        "threads": talk.thread_rows(actor, enrolment.run, threads[:THREADS_SHOWN]),
        "threads_count": threads.count(),
        "ask": AskForm() if asked is not None else form,
    }
    return render(request, "learning/questions_part.html", context, status=200 if asked is not None else 422)


def _asked(form: AskForm, enrolment: Enrolment, key: UUID | None, actor: Actor, request: HttpRequest) -> Thread | None:
    if not form.is_valid():
        return None
    try:
        return talking.ask(
            enrolment.run,
            form.cleaned_data["title"],
            form.cleaned_data["text"],
            unit_key=key,
            second=_second(request),
            actor=actor,
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


@login_required
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All questions of a learner's class, and a form to ask one of the course as a whole."""
    actor = actor_of(request)
    enrolment = policies.get_enrolment_to_learn(actor, public_id)
    form = AskForm(posted(request))
    if request.method == "POST":
        asked = _asked(form, enrolment, None, actor, request)
        if asked is not None:
            messages.success(request, _("Asked. The teachers are told; you are told of an answer."))
            return redirect("learning:thread", asked.public_id)
    listing = Listing(
        request.GET,
        talk.threads_in(actor, enrolment.run),
        sorts={"last": "last_at", "replies": "replies_count"},
        default="-last",
        search=("title", "text"),
        per_page=20,
    )
    units = outline(enrolment.run.version).by_key
    rows = [
        (row, units[row.thread.unit_key].title if row.thread.unit_key is not None and row.thread.unit_key in units else "")
        for row in talk.thread_rows(actor, enrolment.run, listing.rows)
    ]
    context = {"enrolment": enrolment, "run": enrolment.run, "listing": listing, "rows": rows, "form": form}
    return render(request, "learning/questions.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def thread(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _thread_page(request, policies.get_thread_for(actor_of(request), public_id), ReplyForm())


def _thread_page(request: HttpRequest, found: Thread, form: ReplyForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    unit = outline(found.run.version).by_key.get(found.unit_key) if found.unit_key else None
    mine = policies.own_enrolments(actor).filter(run=found.run_id, state__in=("enrolled", "finished")).first()
    context = {
        "thread": found,
        "row": talk.thread_rows(actor, found.run, [found])[0],
        "replies": talk.reply_rows(actor, found),
        "unit": unit,
        "mine": mine,
        "may_talk": mine is not None or policies.teaches(actor, found),
        "may_hide": policies.can_hide(actor, found),
        "form": form,
        "run": found.run,
    }
    return render(request, "learning/thread.html", context, status=status)


@login_required
@require_POST
def reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_thread_for(actor, public_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            talking.reply(found, form.cleaned_data["text"], actor=actor, now=timezone.now())
        except LearningRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("learning:thread", found.public_id)
    return _thread_page(request, found, form, status=422)


@login_required
@require_POST
def accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    given = policies.get_reply_for(actor, public_id)
    try:
        talking.accept_reply(given, actor=actor, now=timezone.now())
    except LearningRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Accepted: it stands first now."))
    return redirect("learning:thread", given.thread.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def hide_thread(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_thread_for(actor, public_id)
    return _hide(request, found, found, actor)


@login_required
@require_http_methods(["GET", "POST"])
def hide_reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_reply_for(actor, public_id)
    return _hide(request, found, found.thread, actor)


def _hide(request: HttpRequest, subject: Thread | Reply, about: Thread, actor: Actor) -> HttpResponse:
    if not policies.can_hide(actor, subject):
        raise Http404
    form = ReasonForm(posted(request))
    act = Act(
        _("Take this out of the class"),
        _("Learners no longer see it. It is kept, with your reason, for the school and the programme office."),
        _("Take out"),
        _("Taken out."),
        back=f"/learn/questions/{about.public_id}/",
        tone="danger",
    )

    def go() -> None:
        talking.hide(subject, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, go, template="learning/act.html", about=about.run)
