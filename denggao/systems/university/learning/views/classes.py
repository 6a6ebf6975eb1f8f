"""A school's classes: opened, changed, followed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actions import Refused, record_reading
from denggao.foundation.audit.actors import Actor, Role, actor_of
from denggao.foundation.audit.middleware import write_while_reading
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions import enrolling, reminding, runs, talking
from denggao.systems.university.learning.forms.classes import (
    AnnounceForm,
    DatesForm,
    LearnerFilter,
    NewRunForm,
    RunFilter,
    RunForm,
)
from denggao.systems.university.learning.forms.learner import ReasonForm
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.learning.queries import classes, learner
from denggao.systems.university.learning.queries.steps import dates_of
from denggao.systems.university.learning.showing import minutes
from denggao.systems.university.queries import outline

ACT = "learning/act.html"
MOST_AT_ONCE = 500


def must_teach(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not policies.can_see_teaching(actor):
        raise PermissionDenied(_("Classes are for those who teach at a school, and for the programme office."))
    return actor


@login_required
@require_GET
def run_list(request: HttpRequest) -> HttpResponse:
    actor = must_teach(request)
    listing = Listing(
        request.GET,
        classes.run_rows(actor),
        sorts={"course": "course__title_zh", "opens": "opens_on", "learning": "learning"},
        default="-opens",
        search=("title", "course__title_zh", "course__title_en", "course__code"),
        filters=RunFilter,
    )
    context = {"listing": listing, "tabs": tabs(actor, "classes"), "may_open": policies.teachable_schools(actor).exists()}
    return render(request, "learning/classes/list.html", context)


def tabs(actor: Actor, on: str) -> list[dict[str, Any]]:
    asked = pgettext("asked by learners", "Questions")
    return [
        {"label": _("Classes"), "url": "/classes/", "on": on == "classes", "count": None},
        {"label": _("To mark"), "url": "/classes/marking/", "on": on == "marking", "count": classes.to_mark(actor)},
        {"label": asked, "url": "/classes/questions/", "on": on == "questions", "count": classes.questions_open(actor)},
    ]


@login_required
@require_http_methods(["GET", "POST"])
def run_new(request: HttpRequest) -> HttpResponse:
    actor = must_teach(request)
    schools = policies.teachable_schools(actor)
    if not schools.exists():
        raise PermissionDenied(_("Classes are opened by a school’s teachers and deans."))
    initial = {"opens_on": timezone.localdate(), "course": request.GET.get("course", "")}
    form = NewRunForm(posted(request), schools=schools, initial=initial)
    act = Act(
        _("Open a class"),
        _("Learners get the version of the course that is published today, and keep it. The class is open for entry at once."),
        _("Open the class"),
        _("The class is open."),
        back="/classes/",
    )

    def go() -> None:
        given = form.cleaned_data
        runs.open_run(given["school"], given["course"], form.facts(), actor=actor, now=timezone.now())

    return serve_act(request, form, act, go, template=ACT)


def run_tabs(run: Run, on: str, numbers: classes.Numbers | None = None) -> list[dict[str, Any]]:
    base = f"/classes/{run.public_id}/"
    course = outline(run.version)
    every = [
        {"label": _("Learners"), "url": base, "on": on == "learners", "count": None},
        {"label": _("Units"), "url": f"{base}units/", "on": on == "units", "count": None},
        {"label": pgettext("asked by learners", "Questions"), "url": f"{base}questions/", "on": on == "questions", "count": None},
        {"label": _("Announcements"), "url": f"{base}announcements/", "on": on == "announcements", "count": None},
    ]
    if run.entry == Run.Entry.SELECTED:
        every.insert(1, {"label": _("Applications"), "url": f"{base}selection/", "on": on == "selection", "count": None})
    if classes.units_of_kind(course, "practical", "live"):
        every.insert(2, {"label": _("Sign off"), "url": f"{base}sign/", "on": on == "sign", "count": None})
    return every


@login_required
@require_GET
def run_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The class's learners: searched, filtered, sorted, reminded, handed out."""
    actor = must_teach(request)
    run = policies.get_run_for(actor, public_id)
    knows = policies.knows_names(actor, run)
    listing = Listing(
        request.GET,
        classes.learner_rows(run),
        sorts={
            "name": "person__name_key", "progress": ("done", "pk"), "time": "seconds", "last": "last_at", "due": "due_on",
            "employer": "employer__name_zh",
        },
        default="name",
        search=("person__name",) if knows else ("employer__name_zh",),
        filters=LearnerFilter,
    )  # fmt: skip
    if listing.export:
        return _export(run, listing, knows, actor)
    context = {
        "run": run,
        "listing": listing,
        "knows": knows,
        "numbers": classes.numbers_of(run),
        "tabs": run_tabs(run, "learners"),
        "may_keep": policies.can_keep_runs(actor, run),
        "may_teach": policies.can_teach(actor, run),
        "today": timezone.localdate(),
    }
    return render(request, "learning/classes/run.html", context)


def _export(run: Run, listing: Listing, knows: bool, actor: Actor) -> HttpResponse:
    """PRIVACY: whole names only for the school; that they were handed out is recorded."""
    header = [
        _("Name"),
        _("Employer"),
        _("State"),
        _("Units done"),
        _("Required"),
        _("Minutes"),
        _("Last there"),
        _("Due on"),
        _("Finished"),
    ]
    rows = list(listing.everything)
    if knows:
        with write_while_reading():
            record_reading(run, fields=["name"], purpose="learning.export", rows=len(rows), actor=actor, now=timezone.now())
    cells: list[list[Cell]] = [
        [
            one.person.name if knows else one.person.masked_name,
            one.employer.name if one.employer is not None else "",
            one.get_state_display(),
            one.done,
            one.required,
            one.seconds // 60,
            one.last_at,
            one.due_on,
            one.finished_at,
        ]
        for one in rows
    ]
    return table_response("learners", header, cells, kind=listing.export)


@login_required
@require_http_methods(["GET", "POST"])
def run_change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_teach(request)
    run = policies.get_run_for_keeping(actor, public_id)
    names = ("title", "opens_on", "closes_on", "seats", "entry", "fee_yuan", "note")
    form = RunForm(posted(request), initial={name: getattr(run, name) for name in names})
    act = Act(
        _("Change the class"),
        _("More seats bring in who waits longest. Learners keep their own due days."),
        _("Save"),
        _("Saved."),
        back=f"/classes/{run.public_id}/",
    )

    def go() -> None:
        runs.change_run(run, form.facts(), actor=actor, now=timezone.now())

    return serve_act(request, form, act, go, template=ACT, about=run)


@login_required
@require_POST
def run_state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Open, close, or give the newest version."""
    actor, now = must_teach(request), timezone.now()
    run = policies.get_run_for_keeping(actor, public_id)
    try:
        if request.POST.get("act") == "upgrade":
            runs.move_to_current(run, actor=actor, now=now)
            messages.success(request, _("The class has the newest version of the course."))
        else:
            runs.set_run_state(run, request.POST.get("state", ""), actor=actor, now=now)
            messages.success(request, _("Done."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("classes:run", run.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def run_dates(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_teach(request)
    run = policies.get_run_for_keeping(actor, public_id)
    form = DatesForm(posted(request), outline=outline(run.version), dates=dates_of(run.pk))
    if request.method == "POST" and form.is_valid():
        try:
            runs.set_unit_dates(run, form.dates(), actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The class’s dates are saved."))
            return redirect("classes:units", run.public_id)
    return render(request, "learning/classes/dates.html", {"run": run, "form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def units(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where the class stands, unit by unit."""
    actor = must_teach(request)
    run = policies.get_run_for(actor, public_id)
    dates = dates_of(run.pk)
    numbers = classes.numbers_of(run)
    rows = [(row, dates.get(row.unit.key)) for row in classes.by_unit(run, outline(run.version))]
    context = {
        "run": run,
        "rows": rows,
        "there": numbers.learning + numbers.finished,
        "tabs": run_tabs(run, "units"),
        "may_keep": policies.can_keep_runs(actor, run),
    }
    return render(request, "learning/classes/units.html", context)


@login_required
@require_GET
def learner_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One learner's way through the course, for the school, the office and the employer that enrolled."""
    actor, now = actor_of(request), timezone.now()
    enrolment = policies.get_enrolment_for(actor, public_id)
    if policies.is_own(actor, enrolment):
        return redirect("learning:course", enrolment.public_id)
    page = learner.course_page(enrolment, learner.standing_of(enrolment), now=now)
    context = {
        "enrolment": enrolment,
        "run": enrolment.run,
        "page": page,
        "name": enrolment.person.name if _may_know(actor, enrolment) else enrolment.person.masked_name,
        "may_remove": policies.can_remove(actor, enrolment) and enrolment.state in {"invited", "waiting", "enrolled"},
        "may_teach": policies.can_teach(actor, enrolment),
        "spent": minutes(enrolment.seconds),
        "back": "/team/" if not policies.can_see_teaching(actor) else f"/classes/{enrolment.run.public_id}/",
    }
    return render(request, "learning/classes/learner.html", context)


def _may_know(actor: Actor, enrolment: Enrolment) -> bool:
    """The school, and the employer of its own people."""
    own = enrolment.employer_id is not None and enrolment.employer_id in actor.organisations_as(Role.HR)
    return own or policies.knows_names(actor, enrolment.run)


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    enrolment = policies.get_enrolment_for_removal(actor, public_id)
    form = ReasonForm(posted(request))
    act = Act(
        _("Take a learner out"),
        _("The seat goes to who waits. The learner is told your reason; hours and progress stay kept."),
        _("Take out"),
        _("The learner is out of the class."),
        back=f"/classes/learners/{enrolment.public_id}/",
        tone="danger",
    )

    def go() -> None:
        enrolling.remove(enrolment, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, go, template=ACT, about=enrolment.run)


@login_required
@require_POST
def remind(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Remind those that were ticked."""
    actor = must_teach(request)
    run = policies.get_run_for_teaching(actor, public_id)
    chosen = [item for item in request.POST.getlist("learner") if len(item) == 36][:MOST_AT_ONCE]
    some = list(Enrolment.objects.filter(run=run, public_id__in=_uuids(chosen)).select_related("run__course"))
    if not some:
        messages.error(request, _("Tick the learners to remind first."))
    else:
        told = reminding.remind(run, some, request.POST.get("text", ""), actor=actor, now=timezone.now())
        messages.success(
            request, _("%(told)s of %(all)s were told; the others have no account yet.") % {"told": told, "all": len(some)}
        )
    return redirect("classes:run", run.public_id)


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@login_required
@require_http_methods(["GET", "POST"])
def announcements(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_teach(request)
    run = policies.get_run_for(actor, public_id)
    may = policies.can_teach(actor, run)
    form = AnnounceForm(posted(request))
    if request.method == "POST":
        if not may:
            raise Http404
        if form.is_valid():
            try:
                made = talking.announce(run, form.cleaned_data["title"], form.cleaned_data["text"], actor=actor, now=timezone.now())
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Told; %(number)s learners have an account and got it.") % {"number": made.told})
                return redirect("classes:announcements", run.public_id)
    context = {
        "run": run,
        "form": form,
        "told": list(run.announcements.all()[:50]),
        "may": may,
        "tabs": run_tabs(run, "announcements"),
    }
    return render(request, "learning/classes/announcements.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def questions(request: HttpRequest, public_id: UUID | None = None) -> HttpResponse:
    """Questions of a class, or of all classes one teaches: those nobody has answered first."""
    actor = must_teach(request)
    run = policies.get_run_for(actor, public_id) if public_id is not None else None
    threads = policies.visible_threads(actor).select_related("run__course", "run__school")
    threads = threads.filter(run=run) if run is not None else threads.filter(run__in=policies.visible_runs(actor))
    listing = Listing(
        request.GET,
        threads,
        sorts={"last": "last_at", "open": ("state", "replies_count")},
        default="-last",
        search=("title", "text"),
    )
    context = {"run": run, "listing": listing, "tabs": run_tabs(run, "questions") if run else tabs(actor, "questions")}
    return render(request, "learning/classes/questions.html", context)
