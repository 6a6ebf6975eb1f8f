"""The catalogue as everybody sees it: courses, schools, programmes. Schools and courses only; of people, who teaches by title."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.files.handing import hand_out
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.policies import can_read_file
from denggao.foundation.standards.models import Industry
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.university import policies, queries
from denggao.systems.university.cleaning import clean_html
from denggao.systems.university.forms.catalogue import CatalogueFilter
from denggao.systems.university.models import Course, CourseShare, Programme, School, UnitFile

PER_PAGE = 24
_A_DAY, _AN_HOUR = 86_400, 3_600


def _published() -> QuerySet[Course]:
    return Course.objects.published().select_related("school", "industry", "occupation", "current", "cover")


@login_not_required
@require_GET
def course_list(request: HttpRequest) -> HttpResponse:
    listing = Listing(
        request.GET,
        _published(),
        sorts={"new": "current__published_at", "title": "title_zh", "length": "current__minutes"},
        default="-new",
        search=(
            "title_zh", "title_en", "summary_zh", "summary_en", "code", "provider", "school__name_zh", "school__name_en",
            "occupation__name_zh", "industry__name_zh",
        ),
        filters=CatalogueFilter,
        per_page=PER_PAGE,
    )  # fmt: skip
    if listing.export:
        return table_response("courses", _header(), map(_cells, listing.everything), kind=listing.export)
    context = {
        "listing": listing,
        "rows": [(course, queries.kinds_shown(course)) for course in queries.with_kinds(listing.rows)],
        "programmes": _programmes()[:4] if not listing.is_filtered and listing.page.number == 1 else [],
        "schools": _schools()[:12] if not listing.is_filtered and listing.page.number == 1 else [],
        "industries": _industries(),
    }
    return render(request, "courses/list.html", context)


def _industries() -> list[tuple[Industry, int]]:
    """Those with published courses, and how many."""
    held = Industry.objects.annotate(
        count=Count("courses", filter=Q(courses__state=Course.State.PUBLISHED, courses__school__state=School.State.OPEN))
    )
    return [(industry, industry.count) for industry in held.filter(count__gt=0)]


def _schools() -> QuerySet[School]:
    published = Count("courses", filter=Q(courses__state=Course.State.PUBLISHED), distinct=True)
    return School.objects.filter(state=School.State.OPEN).select_related("organisation", "logo").annotate(published=published)


def _programmes() -> QuerySet[Programme]:
    courses = Count("places", filter=Q(places__course__state=Course.State.PUBLISHED), distinct=True)
    return (
        Programme.objects.published()
        .select_related("school", "industry")
        .annotate(courses=courses)
        .order_by("-published_on", "-pk")
    )


def _header() -> list[str]:
    return [
        _("Course"), _("Code"), _("School"), _("Industry"), _("Occupation"), _("Level"), _("Minutes"), _("Provider"),
        _("Licence"), _("Fee (yuan)"),
    ]  # fmt: skip


def _cells(course: Course) -> list[Cell]:
    return [
        course.title,
        course.code,
        course.school.name,
        course.industry.name if course.industry else "",
        course.occupation.name if course.occupation else "",
        course.level,
        course.current.minutes if course.current else None,
        course.provider,
        course.licence,
        course.fee_yuan,
    ]


@login_not_required
@require_GET
def course_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    course = get_object_or_404(_published(), public_id=public_id)
    actor = actor_of(request)
    assert course.current is not None  # the database sees to it
    joint = CourseShare.objects.filter(course=course, state=CourseShare.State.ACCEPTED, school__state=School.State.OPEN)
    context = {
        "course": course,
        "outline": queries.outline(course.current),
        "kinds": queries.kinds_shown(next(iter(queries.with_kinds([course])))),
        "others": [(share.school, share.get_kind_display()) for share in joint.select_related("school")],
        "prerequisites": list(course.prerequisites.filter(state=Course.State.PUBLISHED)),
        "programmes": list(_programmes().filter(places__course=course)),
        "items": queries.items_of(course),
        "panels": queries.course_panels(actor, course, public=True),
        "may_edit": policies.can_write(actor, course) if actor.user else False,
    }
    return render(request, "courses/course.html", context)


@login_not_required
@require_GET
def school_list(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/schools.html", {"schools": list(_schools())})


@login_not_required
@require_GET
def school_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    school = get_object_or_404(_schools(), public_id=public_id)
    courses = _published().filter(queries.offered_by(School.objects.filter(pk=school.pk)))
    rows = queries.with_kinds(list(courses.order_by("title_zh", "pk")[:60]))
    context = {
        "school": school,
        "about": clean_html(school.about),
        "rows": [(course, queries.kinds_shown(course)) for course in rows],
        "programmes": list(_programmes().filter(school=school)),
    }
    return render(request, "courses/school.html", context)


@login_not_required
@require_GET
def programme_list(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/programmes.html", {"programmes": list(_programmes())})


@login_not_required
@require_GET
def programme_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    programme = get_object_or_404(_programmes(), public_id=public_id)
    places = programme.places.filter(course__state=Course.State.PUBLISHED).select_related("course__school", "course__current")
    shown = list(places)
    context = {
        "programme": programme,
        "about": clean_html(programme.about),
        "places": shown,
        "panels": queries.programme_panels(actor_of(request), programme),
        "minutes": sum(place.course.current.minutes for place in shown if place.course.current),
    }
    return render(request, "courses/programme.html", context)


@login_not_required
@require_GET
def picture(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A cover or a school's sign: public while it is shown, kept by its own address for good."""
    stored = get_object_or_404(StoredFile, public_id=public_id, kind=policies.LOGO)
    if not can_read_file(actor_of(request), stored):
        raise Http404
    return hand_out(request, stored, shown=True, kept=_A_DAY)


@login_not_required
@require_GET
def file(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A unit's file, for whoever learns or teaches it; as if it were not there for anybody else."""
    unit_file = get_object_or_404(UnitFile.objects.select_related("file"), public_id=public_id)
    if not can_read_file(actor_of(request), unit_file.file):
        raise Http404
    return hand_out(request, unit_file.file, shown=True, kept=_AN_HOUR)
