"""Programmes of study behind the catalogue."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actors import Actor
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.listing import Listing
from denggao.systems.university import policies, queries
from denggao.systems.university.actions import programmes
from denggao.systems.university.forms.schools import PlaceForm, ProgrammeFilter, ProgrammeForm
from denggao.systems.university.models import Course, Programme, School
from denggao.systems.university.views.courses import attempt, must_see, tabs

ACT = "university/programme_act.html"


def _keeping(actor: Actor) -> QuerySet[School]:
    own = [school for school, role in policies.schools_of(actor).items() if role in policies.PUBLISHES]
    return School.objects.filter(pk__in=own, state=School.State.OPEN)


@login_required
@require_GET
def programme_list(request: HttpRequest) -> HttpResponse:
    actor = must_see(request)
    listing = Listing(
        request.GET,
        policies.visible_programmes(actor).select_related("school", "industry").annotate(courses=Count("places")),
        sorts={"title": "title_zh", "school": "school__name_zh", "state": "state", "courses": "courses", "since": "created_at"},
        default="-since",
        search=("title_zh", "title_en", "school__name_zh", "school__name_en"),
        filters=ProgrammeFilter,
    )
    context = {"listing": listing, "tabs": tabs(actor, "programmes"), "may_begin": _keeping(actor).exists()}
    return render(request, "university/programmes.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def programme_new(request: HttpRequest) -> HttpResponse:
    actor = must_see(request)
    schools = _keeping(actor)
    if not schools.exists():
        raise PermissionDenied(_("Programmes are kept by the teachers and deans of a school."))
    form = ProgrammeForm(posted(request), schools=schools)
    act = Act(
        _("Begin a programme"),
        _("Put courses into it next; nobody sees it before it is published."),
        _("Begin"),
        _("The programme is begun."),
        back=reverse("university:programmes"),
    )
    return serve_act(
        request,
        form,
        act,
        lambda: programmes.begin_programme(form.cleaned_data["school"], form.study(), actor=actor, now=timezone.now()),
        template=ACT,
    )


@login_required
@require_GET
def programme_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    programme = policies.get_programme_for(actor, public_id)
    may = policies.can_keep_programmes(actor, programme)
    places = list(programme.places.select_related("course__school", "course__current"))
    others = _addable(programme) if may else Course.objects.none()
    context = {
        "programme": programme,
        "places": places,
        "minutes": sum(place.course.current.minutes for place in places if place.course.current),
        "may_keep": may,
        "place_form": PlaceForm(courses=others) if may and others.exists() else None,
    }
    return render(request, "university/programme.html", context)


def _addable(programme: Programme) -> QuerySet[Course]:
    held = programme.places.values("course_id")
    return queries.courses_of(programme.school).exclude(pk__in=held).exclude(state=Course.State.RETIRED).order_by("title_zh")


@login_required
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    programme = policies.get_programme_for(actor, public_id)
    if not policies.can_keep_programmes(actor, programme):
        raise PermissionDenied(_("Programmes are kept by the teachers and deans of a school."))
    names = ("title_zh", "title_en", "track", "about", "entry", "seats")
    initial = {name: getattr(programme, name) for name in names}
    initial["industry"] = programme.industry.code if programme.industry else ""
    form = ProgrammeForm(posted(request), initial=initial)
    act = Act(
        _("What is said of the programme"),
        _("It is changed at once, in the catalogue as well."),
        _("Save"),
        _("Saved."),
        back=reverse("university:programme", args=[programme.public_id]),
    )
    return serve_act(
        request,
        form,
        act,
        lambda: programmes.describe_programme(programme, form.study(), actor=actor, now=timezone.now()),
        template=ACT,
        programme=programme,
    )


@login_required
@require_POST
def places(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One step on the courses of a programme, as ``do`` says: add, remove, up, down, required, optional."""
    actor = must_see(request)
    programme = policies.get_programme_for(actor, public_id)
    held = [(place.course, place.required) for place in programme.places.select_related("course")]
    do, back = request.POST.get("do", ""), redirect("university:programme", programme.public_id)
    if do == "add":
        form = PlaceForm(request.POST, courses=queries.courses_of(programme.school))
        if not form.is_valid():
            messages.error(request, _("Courses: choose one of the list."))
            return back
        held.append((form.cleaned_data["course"], form.cleaned_data["required"]))
    else:
        at = next((n for n, (course, _r) in enumerate(held) if str(course.public_id) == request.POST.get("course")), None)
        if at is None:
            raise Http404
        held = _stepped(held, at, do)
    attempt(request, lambda: programmes.set_courses(programme, held, actor=actor, now=timezone.now()))
    return back


def _stepped(held: list[tuple[Course, bool]], at: int, do: str) -> list[tuple[Course, bool]]:
    course, required = held.pop(at)
    if do == "remove":
        return held
    to = max(0, at - 1) if do == "up" else at + 1 if do == "down" else at
    held.insert(to, (course, {"required": True, "optional": False}.get(do, required)))
    return held


@login_required
@require_POST
def turn(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Publish it, or take it out of the catalogue, as ``do`` says."""
    actor, now = must_see(request), timezone.now()
    programme = policies.get_programme_for(actor, public_id)
    act = programmes.retire_programme if request.POST.get("do") == "retire" else programmes.publish_programme
    attempt(request, lambda: act(programme, actor=actor, now=now))
    return redirect("university:programme", programme.public_id)
