"""An employer's HR: whom it enrolled and how far they are; enrolling more."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actions import Refused, record_reading
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.audit.middleware import write_while_reading
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.organisations.queries import employed_on
from denggao.foundation.people.models import Person
from denggao.foundation.ui.acts import posted
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions import enrolling, reminding
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.forms.classes import EnrolTeamForm, TeamFilter
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.learning.queries import classes
from denggao.systems.university.learning.views.classes import _uuids

MOST_AT_ONCE = 500


def _must(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not policies.can_see_team(actor):
        raise PermissionDenied(_("A team’s learning is for the HR of the employer that enrolled it."))
    return actor


@login_required
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    actor = _must(request)
    rows = classes.team_rows(actor)
    runs = Run.objects.filter(pk__in=rows.values("run_id")).order_by("title")
    listing = Listing(
        request.GET,
        rows,
        sorts={
            "name": "person__name_key", "course": "run__course__title_zh", "progress": ("done", "pk"), "time": "seconds",
            "last": "last_at", "due": "due_on",
        },
        default="due",
        search=("person__name", "run__course__title_zh", "run__course__title_en"),
        filters=TeamFilter,
        runs=runs,
    )  # fmt: skip
    if listing.export:
        return _export(listing, actor)
    context = {"listing": listing, "today": timezone.localdate(), "employers": list(classes.own_employers(actor))}
    return render(request, "learning/team/list.html", context)


def _export(listing: Listing, actor: Actor) -> HttpResponse:
    """PRIVACY: HR's own people, by name; that they were handed out is recorded."""
    header = [
        _("Name"),
        _("Course"),
        _("Class"),
        _("State"),
        _("Units done"),
        _("Required"),
        _("Minutes"),
        _("Due on"),
        _("Finished"),
    ]
    rows = list(listing.everything)
    with write_while_reading():
        record_reading(
            "learning.enrolment", fields=["name"], purpose="learning.team", rows=len(rows), actor=actor, now=timezone.now()
        )
    cells: list[list[Cell]] = [
        [
            one.person.name,
            one.run.course.title,
            one.run.title,
            one.get_state_display(),
            one.done,
            one.required,
            one.seconds // 60,
            one.due_on,
            one.finished_at,
        ]
        for one in rows
    ]
    return table_response("team", header, cells, kind=listing.export)


@login_required
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind those that were ticked, each employer its own."""
    actor, now = _must(request), timezone.now()
    chosen = _uuids(request.POST.getlist("learner")[:MOST_AT_ONCE])
    some = list(classes.team_rows(actor).filter(public_id__in=chosen))
    told = 0
    for body in classes.own_employers(actor):
        own = [one for one in some if one.employer_id == body.pk]
        if own:
            told += reminding.remind(body, own, request.POST.get("text", ""), actor=actor, now=now)
    if some:
        messages.success(
            request, _("%(told)s of %(all)s were told; the others have no account yet.") % {"told": told, "all": len(some)}
        )
    else:
        messages.error(request, _("Tick the learners to remind first."))
    return redirect("team:list")


@login_required
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Which class: those open to employers."""
    _must(request)
    listing = Listing(
        request.GET,
        classes.runs_for_employers(timezone.localdate()),
        sorts={"course": "course__title_zh", "opens": "opens_on"},
        default="course",
        search=("course__title_zh", "course__title_en", "title", "school__name_zh"),
    )
    return render(request, "learning/team/choose.html", {"listing": listing})


@login_required
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tick one's people, and enrol them."""
    actor, now = _must(request), timezone.now()
    run = classes.runs_for_employers(timezone.localdate(now)).filter(public_id=public_id).select_related("version__course").first()
    if run is None:
        raise Http404
    employers = classes.own_employers(actor)
    wanted = request.POST.get("employer") or request.GET.get("employer") or ""
    employer = next((body for body in employers if str(body.public_id) == wanted), employers.first())
    if employer is None:
        raise Http404
    form = EnrolTeamForm(posted(request), employers=employers, initial={"employer": employer.public_id, "due_on": run.closes_on})
    if request.method == "POST" and form.is_valid():
        chosen = Person.objects.filter(public_id__in=_uuids(request.POST.getlist("person")[:MOST_AT_ONCE]))
        try:
            if not chosen.exists():
                raise LearningRefused(_("Tick the people to enrol first."))
            given = form.cleaned_data
            entered = enrolling.enrol_staff(
                given["employer"], run, list(chosen), due_on=given["due_on"], invite=given["invite"], actor=actor, now=now
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            _say(request, entered)
            return redirect("team:list")
    listing = Listing(
        request.GET,
        _staff(employer, run),
        sorts={"name": "person__name_key", "post": "post"},
        default="name",
        search=("person__name", "post", "occupation_text"),
        per_page=100,
    )
    context = {"run": run, "employer": employer, "form": form, "listing": listing}
    return render(request, "learning/team/enrol.html", context, status=422 if form.errors else 200)


def _staff(employer: Organisation, run: Run) -> QuerySet[Employment]:
    inside = Enrolment.objects.filter(run=run, person_id=OuterRef("person_id")).exclude(state__in=("left", "removed"))
    there = employed_on(Employment.objects.filter(employer=employer), timezone.localdate())
    return there.select_related("person").annotate(is_in=Exists(inside))


def _say(request: HttpRequest, entered: list[enrolling.Entered]) -> None:
    new = [item for item in entered if item.outcome != "unchanged"]
    waiting = sum(item.enrolment.state == Enrolment.State.WAITING for item in new)
    said = _("%(new)s enrolled, %(waiting)s on the waiting list, %(known)s were in already.")
    messages.success(request, said % {"new": len(new) - waiting, "waiting": waiting, "known": len(entered) - len(new)})
