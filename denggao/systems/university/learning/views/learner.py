"""A learner's pages: what is next, a course, a unit. On a phone first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.hours.beginning import begin
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.files.actions import store_file
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions import progressing, working
from denggao.systems.university.learning.forms.learner import WORK_LIMIT, WORK_TYPES, HandInForm
from denggao.systems.university.learning.models import Announcement, Enrolment, Thread
from denggao.systems.university.learning.queries import learner
from denggao.systems.university.learning.queries.steps import ACTIVITY, CONTEXT, played_length
from denggao.systems.university.learning.selection.queries import under_way
from denggao.systems.university.learning.views.unit import unit_context
from denggao.systems.university.queries import outline

ANNOUNCEMENTS_SHOWN = 3


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    person_id = policies.person_id_of(actor)
    if person_id is None:
        return render(request, "learning/nobody.html")
    found = learner.home_of(person_id, now=now, today=timezone.localdate(now))
    return render(request, "learning/home.html", {"home": found, "applications": under_way.objects(person_id)})


@login_required
@require_GET
def course(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    enrolment = policies.get_own_enrolment(actor, public_id)
    if not enrolment.is_learning:
        return render(request, "learning/outside.html", {"enrolment": enrolment, "run": enrolment.run})
    page = learner.course_page(enrolment, learner.standing_of(enrolment), now=now)
    today = timezone.localdate(now)
    context = {
        "enrolment": enrolment,
        "run": enrolment.run,
        "page": page,
        "days_left": (enrolment.due_on - today).days if enrolment.due_on else None,
        "announcements": list(Announcement.objects.filter(run=enrolment.run_id)[:ANNOUNCEMENTS_SHOWN]),
        "questions": Thread.objects.filter(run=enrolment.run_id, hidden_at__isnull=True).count(),
    }
    return render(request, "learning/course.html", context)


@login_required
@require_GET
def unit(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    enrolment = policies.get_enrolment_to_learn(actor_of(request), public_id)
    return render(request, "learning/unit.html", unit_context(request, enrolment, key))


def _back(enrolment: Enrolment, key: UUID, part: str = "") -> HttpResponseRedirect:
    answer = redirect("learning:unit", enrolment.public_id, key)
    if part:
        answer["Location"] += f"#{part}"
    return answer


@login_required
@require_POST
def start(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """The page's element begins a sitting: from here on its beats count."""
    enrolment = policies.get_enrolment_to_learn(actor_of(request), public_id)
    standing = learner.standing_of(enrolment)
    found = standing.course.by_key.get(key)
    if found is None or not standing.step(key).is_open(timezone.now()):
        raise Http404
    row = standing.progress.get(key)
    watches = found.completes_by.value == "watched"
    return begin(
        request,
        enrolment.person,
        (ACTIVITY, key),
        (CONTEXT, enrolment.public_id),
        organisation=enrolment.run.school.organisation,
        length=played_length(found) if watches else None,
        no_skip=watches and bool(found.settings.get("no_skip")),
        watched=row.watched if row is not None else (),
        position=row.position_seconds if row is not None else None,
    )


@login_required
@require_POST
def say_read(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    enrolment = policies.get_enrolment_to_learn(actor, public_id)
    try:
        progressing.say_read(enrolment, key, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return _back(enrolment, key)
    messages.success(request, _("Done. The next step is on top."))
    return redirect("learning:course", enrolment.public_id)


@login_required
@require_POST
def answer_check(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    enrolment = policies.get_enrolment_to_learn(actor, public_id)
    given = {name.removeprefix("q-"): request.POST.getlist(name) for name in request.POST if name.startswith("q-")}
    try:
        attempt = working.answer_check(enrolment, key, given, actor=actor, now=timezone.now())
    except Refused as refused:
        return render(request, "learning/unit.html", unit_context(request, enrolment, key, wrong=str(refused)), status=422)
    answer = redirect("learning:unit", enrolment.public_id, key)
    answer["Location"] += f"?attempt={attempt.number}#result"
    return answer


@login_required
@require_http_methods(["POST"])
def hand_in(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    enrolment = policies.get_enrolment_to_learn(actor, public_id)
    found = outline(enrolment.run.version).by_key.get(key)
    if found is None:
        raise Http404
    form = HandInForm(request.POST, request.FILES, takes_files=bool(found.settings.get("files", True)))
    context: dict[str, Any] = {"hand_in": form}
    if form.is_valid():
        try:
            stored = [
                store_file(item.name, item, kind=policies.WORK, taken=WORK_TYPES, limit=WORK_LIMIT, actor=actor, now=now)
                for item in form.cleaned_data.get("files") or ()
            ]
            working.hand_in(enrolment, key, text=form.cleaned_data["text"], files=stored, actor=actor, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Handed in. You are told as soon as it is marked."))
            return _back(enrolment, key)
    return render(request, "learning/unit.html", unit_context(request, enrolment, key, **context), status=422)


@login_required
@require_POST
def join(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    enrolment = policies.get_enrolment_to_learn(actor, public_id)
    try:
        link = working.join_live(enrolment, key, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return _back(enrolment, key)
    return render(request, "learning/leaving.html", {"link": link, "enrolment": enrolment, "key": key})
