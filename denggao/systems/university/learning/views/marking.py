"""Marking work, signing practicals, confirming who was there."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.people.queries import persons_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.listing import Listing
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions import working
from denggao.systems.university.learning.forms.classes import MarkForm, SignForm, WorkFilter
from denggao.systems.university.learning.forms.learner import ReasonForm
from denggao.systems.university.learning.models import Attendance, Enrolment, PracticalSigning, Run, Submission, UnitProgress
from denggao.systems.university.learning.queries import classes
from denggao.systems.university.learning.rules.marking import most_of, read_rubric
from denggao.systems.university.learning.views.classes import ACT, must_teach, run_tabs, tabs
from denggao.systems.university.outlines import OutlineUnit
from denggao.systems.university.queries import outline


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits to be marked, the longest first."""
    actor = must_teach(request)
    works = policies.visible_submissions(actor).filter(enrolment__run__in=policies.visible_runs(actor))
    if not request.GET.get("state"):
        works = works.filter(state=Submission.State.HANDED_IN)
    listing = Listing(
        request.GET,
        works.select_related("enrolment__run__course", "enrolment__run__version", "enrolment__run__school", "enrolment__person"),
        sorts={"since": "handed_in_at", "class": "enrolment__run__title"},
        default="since",
        search=("enrolment__run__title", "enrolment__run__course__title_zh"),
        filters=WorkFilter,
        runs=policies.visible_runs(actor),
    )
    rows = []
    for work in listing.rows:
        unit = outline(work.enrolment.run.version).by_key.get(work.unit_key)
        person = work.enrolment.person
        name = person.name if policies.knows_names(actor, work.enrolment.run) else person.masked_name
        rows.append((work, unit.title if unit is not None else "", name))
    return render(request, "learning/classes/marking.html", {"listing": listing, "rows": rows, "tabs": tabs(actor, "marking")})


@login_required
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    work = policies.get_submission_for_marking(actor, public_id)
    unit = outline(work.enrolment.run.version).by_key.get(work.unit_key)
    if unit is None:
        raise Http404
    rubric = read_rubric(unit.settings.get("rubric") or ())
    form = MarkForm(posted(request), rubric=rubric)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("act") == "return":
                working.return_work(work, feedback=form.cleaned_data["feedback"], actor=actor, now=now)
                messages.success(request, _("Returned to be mended; the learner is told."))
            else:
                working.mark_work(work, form.marks(), feedback=form.cleaned_data["feedback"], actor=actor, now=now)
                messages.success(request, _("Marked; the learner is told."))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            following = _next_to_mark(work)
            return redirect("classes:mark", following.public_id) if following is not None else redirect("classes:marking")
    context = {
        "work": work,
        "unit": unit,
        "run": work.enrolment.run,
        "form": form,
        "rubric": rubric,
        "most": most_of(rubric),
        "pass_points": unit.settings.get("pass_points") or 0,
        "files": list(work.files.select_related("file")),
        "earlier": list(
            Submission.objects.filter(enrolment=work.enrolment, unit_key=work.unit_key, number__lt=work.number).order_by("-number")
        ),
        "is_open": work.state == Submission.State.HANDED_IN,
    }
    return render(request, "learning/classes/mark.html", context, status=422 if form.errors else 200)


def _next_to_mark(work: Submission) -> Submission | None:
    """In the same class, what waits longest."""
    waiting = Submission.objects.filter(enrolment__run=work.enrolment.run_id, state=Submission.State.HANDED_IN)
    return waiting.order_by("handed_in_at", "pk").first()


@login_required
@require_GET
def sign_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Practicals and live classes of a class."""
    actor = must_teach(request)
    run = policies.get_run_for(actor, public_id)
    course = outline(run.version)
    rows = [row for row in classes.by_unit(run, course) if row.unit.kind in {"practical", "live"}]
    context = {"run": run, "rows": rows, "tabs": run_tabs(run, "sign"), "may": policies.can_teach(actor, run)}
    return render(request, "learning/classes/sign_list.html", context)


def _unit(run: Run, key: UUID, kind: str) -> OutlineUnit:
    unit = outline(run.version).by_key.get(key)
    if unit is None or unit.kind != kind:
        raise Http404
    return unit


@login_required
@require_GET
def practical(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """Who is to be signed for one practical: found by name, on a phone beside the machine."""
    actor = actor_of(request)
    run = policies.get_run_for_teaching(actor, public_id)
    unit = _unit(run, key, "practical")
    done = UnitProgress.objects.filter(enrolment__run=run, unit_key=key, state="done").values("enrolment_id")
    learners = Enrolment.objects.filter(run=run, state__in=("enrolled", "finished")).select_related("person")
    if request.GET.get("all") != "yes":
        learners = learners.exclude(pk__in=done)
    listing = Listing(
        request.GET, learners, sorts={"name": "person__name_key"}, default="name", search=("person__name",), per_page=100
    )
    signed: dict[int, set[str]] = {}
    ids = [one.pk for one in listing.rows]
    rows = PracticalSigning.objects.filter(enrolment_id__in=ids, unit_key=key, taken_back_at__isnull=True)
    for enrolment_id, steps in rows.values_list("enrolment_id", "steps"):
        signed.setdefault(enrolment_id, set()).update(steps)
    asked = len(unit.settings.get("steps") or ())
    context = {
        "run": run,
        "unit": unit,
        "listing": listing,
        "rows": [(one, len(signed.get(one.pk, ()))) for one in listing.rows],
        "asked": asked,
        "shows_all": request.GET.get("all") == "yes",
    }
    return render(request, "learning/classes/practical.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """One learner's steps, ticked and signed."""
    actor, now = actor_of(request), timezone.now()
    enrolment = policies.get_enrolment_for_teaching(actor, public_id)
    unit = _unit(enrolment.run, key, "practical")
    signings = list(PracticalSigning.objects.filter(enrolment=enrolment, unit_key=key))
    standing = {step for one in signings if one.taken_back_at is None for step in one.steps}
    every = [(str(step["code"]), str(step["text"])) for step in unit.settings.get("steps") or ()]
    texts = dict(every)
    form = SignForm(posted(request), steps=[pair for pair in every if pair[0] not in standing])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        name = next((name for _pk, name in persons_of(actor)), "")
        try:
            working.sign_practical(
                enrolment,
                key,
                given["steps"],
                minutes=given["minutes"] or 0,
                words=given["note"],
                signed_by=name,
                actor=actor,
                now=now,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Signed."))
            return redirect("classes:practical", enrolment.run.public_id, key)
    context = {
        "enrolment": enrolment,
        "run": enrolment.run,
        "unit": unit,
        "form": form,
        "steps": [(code, text, code in standing) for code, text in every],
        "signings": [(one, " · ".join(texts.get(code, code) for code in one.steps)) for one in signings],
        "all_signed": bool(every) and len(standing & {code for code, _text in every}) == len(every),
    }
    return render(request, "learning/classes/sign.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    signing = policies.get_signing_for(actor, public_id)
    form = ReasonForm(posted(request))
    act = Act(
        _("Take a signature back"),
        _("The steps count as not done again, and the hours of practice are reversed. Both stay readable."),
        _("Take back"),
        _("The signature is taken back."),
        back=f"/classes/learners/{signing.enrolment.public_id}/practical/{signing.unit_key}/",
        tone="danger",
    )

    def go() -> None:
        working.take_back_signing(signing, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, go, template=ACT, about=signing.enrolment.run)


@login_required
@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """Who was at a live class, and how long. Whoever opened the link is filled in with the whole class. A teacher who learns in
    the own class is not listed: a colleague confirms it."""
    actor, now = actor_of(request), timezone.now()
    run = policies.get_run_for_teaching(actor, public_id)
    unit = _unit(run, key, "live")
    learners = list(
        Enrolment.objects.filter(run=run, state__in=("enrolled", "finished"))
        .exclude(person_id=policies.person_id_of(actor) or 0)
        .select_related("person")
        .order_by("person__name_key", "pk")
    )
    known = {row.enrolment_id: row for row in Attendance.objects.filter(enrolment__run=run, unit_key=key)}
    length = int(unit.settings.get("minutes") or 45)
    context: dict[str, Any] = {"run": run, "unit": unit, "day": timezone.localdate(now), "length": length, "wrong": ""}
    if request.method == "POST":
        try:
            day = dt.date.fromisoformat(request.POST.get("day", ""))
            held = int(request.POST.get("length", ""))
            context |= {"day": day, "length": held}
            there = [
                working.Present(one, int(request.POST.get(f"m-{one.public_id}") or 0))
                for one in learners
                if f"m-{one.public_id}" in request.POST
            ]
            changed = working.confirm_attendance(run, key, day, held, there, actor=actor, now=now)
        except ValueError:
            context["wrong"] = _("Minutes and length are whole numbers, the day is a date.")
        except Refused as refused:
            context["wrong"] = str(refused)
        else:
            messages.success(request, _("Attendance saved; %(number)s lines changed.") % {"number": changed})
            return redirect("classes:attendance", run.public_id, key)
    rows = []
    for one in learners:
        row = known.get(one.pk)
        confirmed = row is not None and row.minutes is not None
        filled = (
            row.minutes if row is not None and row.minutes is not None else (length if row is not None and row.joined_at else 0)
        )
        if request.method == "POST":
            filled = request.POST.get(f"m-{one.public_id}", filled)  # type: ignore[assignment]  # as typed
        rows.append((one, row.joined_at if row is not None else None, filled, confirmed))
    context["rows"] = rows
    return render(request, "learning/classes/attendance.html", context, status=422 if context["wrong"] else 200)
