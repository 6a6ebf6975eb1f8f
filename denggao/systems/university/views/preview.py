"""A version as a learner would see it, for whoever writes it: nothing is counted, nothing is kept."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from denggao.foundation.files.models import StoredFile
from denggao.foundation.media.showing import shown
from denggao.systems.university import policies, queries
from denggao.systems.university.actions.contents import draft_of
from denggao.systems.university.cleaning import clean_html
from denggao.systems.university.showing import file_address, shown_body
from denggao.systems.university.views.courses import must_see


@login_required
@require_GET
def preview(request: HttpRequest, public_id: UUID, key: UUID | None = None) -> HttpResponse:
    """The draft, or ``?version=`` a published one."""
    actor = must_see(request)
    course = policies.get_course_for(actor, public_id)
    asked = request.GET.get("version", "")
    if asked.isdecimal() and len(asked) < 9:
        version = course.versions.filter(number=int(asked)).first()
    else:
        version = draft_of(course) or course.current
    if version is None:
        raise Http404
    outline = queries.outline(version)
    unit = outline.by_key.get(key) if key else next(outline.units, None)
    if key and unit is None:
        raise Http404
    context = {"course": course, "version": version, "outline": outline, "unit": unit, "asked": asked}
    if unit is not None:
        before, after = outline.neighbours(unit.key)
        main = unit.main
        stored = StoredFile.objects.filter(public_id=main.file_id).first() if main else None
        media = shown(stored) if stored else None
        context |= {
            "body": shown_body(queries.unit_body(version, unit.key), unit.files),
            "player": f"university/preview/{unit.unit_kind.player}.html",
            "task": clean_html(str(unit.settings.get("task", ""))),
            "main": main,
            "main_address": file_address(main.public_id) if main else "",
            "tracks": [(file, file_address(file.public_id)) for file in unit.files_as("subtitle")],
            "poster": next((file_address(file.public_id) for file in unit.files_as("poster")), media.poster if media else ""),
            "sources": media.sources if media else (),
            "attachments": [(file, file_address(file.public_id)) for file in unit.files_as("attachment")],
            "before": before,
            "after": after,
        }
    return render(request, "university/preview.html", context)
