"""A course held beside a teaching standard: which item is taught where."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.standards.models import StandardVersion, TeachingStandard
from denggao.foundation.standards.teaching.queries import Line, tree
from denggao.systems.university import policies, queries
from denggao.systems.university.actions.contents import draft_of
from denggao.systems.university.actions.mapping import map_standard
from denggao.systems.university.models import Course
from denggao.systems.university.outlines import Outline, OutlineUnit
from denggao.systems.university.views.courses import attempt


@dataclass(frozen=True)
class Place:
    """Where an item and a unit meet."""

    unit: OutlineUnit
    on: bool


@dataclass(frozen=True)
class Row:
    """An item, whether the course as a whole serves it, and each unit's place. A heading has none."""

    line: Line
    whole: bool
    places: list[Place]

    @property
    def is_served(self) -> bool:
        return self.whole or any(place.on for place in self.places)


@login_required
@require_http_methods(["GET", "POST"])
def items(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One standard at a time: chosen in the address, the course's own occupation and level first."""
    actor = actor_of(request)
    course = policies.get_course_for_writing(actor, public_id)
    choices = list(
        TeachingStandard.objects.filter(versions__state=StandardVersion.State.IN_FORCE)
        .select_related("occupation")
        .order_by("code")
    )
    standard = _chosen(course, choices, request.GET.get("standard", ""))
    draft = draft_of(course)
    outline = queries.outline(draft) if draft else None
    if request.method == "POST" and standard is not None:
        whole = request.POST.getlist("whole")
        by_unit = {unit.key: request.POST.getlist(f"u-{unit.key}") for unit in outline.units} if outline else {}
        now = timezone.now()
        attempt(
            request,
            lambda: map_standard(course, standard.code, whole=whole, by_unit=by_unit, actor=actor, now=now),
            _("Saved."),
        )
        return redirect(f"{reverse('university:items', args=[course.public_id])}?{urlencode({'standard': standard.code})}")
    rows = _rows(course, standard, outline) if standard is not None else []
    asked = [row for row in rows if not row.line.is_heading]
    context = {
        "course": course,
        "standards": choices,
        "standard": standard,
        "draft": draft,
        "units": list(outline.units) if outline else [],
        "rows": rows,
        "asked": len(asked),
        "served": sum(row.is_served for row in asked),
    }
    return render(request, "university/items.html", context)


def _chosen(course: Course, choices: list[TeachingStandard], code: str) -> TeachingStandard | None:
    """The one asked for; else one the course speaks of already; else that of its occupation and level, or of its occupation."""
    spoken = set(course.items.values_list("standard_code", flat=True))
    own = [one for one in choices if course.occupation_id is not None and one.occupation_id == course.occupation_id]
    for found in (
        [one for one in choices if one.code == code],
        [one for one in choices if one.code in spoken],
        [one for one in own if one.level == course.level],
        own,
        choices,
    ):
        if found:
            return found[0]
    return None


def _rows(course: Course, standard: TeachingStandard, outline: Outline | None) -> list[Row]:
    version = StandardVersion.objects.select_related("standard").get(standard=standard, state=StandardVersion.State.IN_FORCE)
    whole = set(course.items.filter(standard_code=standard.code).values_list("item_code", flat=True))
    units = [(unit, {item for code, item in unit.items if code == standard.code}) for unit in (outline.units if outline else ())]
    return [
        Row(
            line,
            line.item.code in whole,
            [] if line.is_heading else [Place(unit, line.item.code in served) for unit, served in units],
        )
        for line in tree(version)
    ]
