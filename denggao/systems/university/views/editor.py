"""The editor: outline on the left, one unit on the right. All works without scripts; with them a unit saves itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.pieces import receive
from denggao.foundation.media.models import Conversion
from denggao.foundation.ui.templatetags.dg import clock
from denggao.systems.university import kinds, policies, queries, readiness
from denggao.systems.university.actions import contents, editing
from denggao.systems.university.actions.files import fitting
from denggao.systems.university.actions.refusals import CourseRefused, EditedElsewhere
from denggao.systems.university.cleaning import pictures_in
from denggao.systems.university.forms.settings import settings_from
from denggao.systems.university.forms.teaching import UnitFileForm
from denggao.systems.university.models import Course, CourseVersion, FileRole, Module, Unit, UnitFile
from denggao.systems.university.packages.contents import content_of
from denggao.systems.university.showing import file_address
from denggao.systems.university.unit_settings import QUESTION_KINDS, SettingsWrong, items_from
from denggao.systems.university.views.courses import attempt


def _draft(request: HttpRequest, public_id: UUID) -> tuple[Actor, Course, CourseVersion]:
    """The draft to be written; one is begun where there is none. Raises Http404."""
    actor = actor_of(request)
    course = policies.get_course_for_writing(actor, public_id)
    draft = contents.draft_of(course)
    if draft is None:
        raise Http404
    return actor, course, draft


def _unit(draft: CourseVersion, key: UUID) -> Unit:
    unit = Unit.objects.filter(version=draft, key=key).select_related("version__course", "module").first()
    if unit is None:
        raise Http404
    return unit


def _module(draft: CourseVersion, key: UUID) -> Module:
    module = Module.objects.filter(version=draft, key=key).select_related("version__course").first()
    if module is None:
        raise Http404
    return module


def _at(course: Course, unit: Unit | None = None) -> str:
    if unit is None:
        return reverse("university:editor", args=[course.public_id])
    return reverse("university:unit", args=[course.public_id, unit.key])


@login_required
@require_GET
def editor(request: HttpRequest, public_id: UUID, key: UUID | None = None) -> HttpResponse:
    """Without a key the first unit, or what to do first. Before there is a draft, the page offers to begin one."""
    actor = actor_of(request)
    course = policies.get_course_for_writing(actor, public_id)
    draft = contents.draft_of(course)
    if draft is None:
        return render(request, "university/editor_begin.html", {"course": course})
    unit = _unit(draft, key) if key else None
    return render(request, "university/editor.html", _context(course, draft, unit))


def _conversion(files: list[UnitFile]) -> Conversion | None:
    """How far the unit's main file is with being made ready."""
    main = next((file.file_id for file in files if file.role == FileRole.MAIN), None)
    return Conversion.objects.filter(source=main).order_by("-asked_at").first() if main else None


def _context(course: Course, draft: CourseVersion, unit: Unit | None, **more: Any) -> dict[str, Any]:
    outline = queries.outline(draft)
    context: dict[str, Any] = {
        "course": course,
        "draft": draft,
        "outline": outline,
        "unit": unit,
        "kinds": kinds.all_kinds(),
        "empty": not outline.by_key,
    }
    if unit is not None:
        content = content_of(draft)
        shape = next(one for one in content.units if one.key == unit.key)
        files = list(unit.files.select_related("file"))
        context |= {
            "kind": kinds.kind_of(unit.kind),
            "editor_template": f"university/settings/{kinds.kind_of(unit.kind).editor}.html",
            "settings": unit.settings,
            "question_kinds": list(QUESTION_KINDS.items()),
            "files": [(file, file_address(file.public_id), file.path in pictures_in(unit.body)) for file in files],
            "file_form": UnitFileForm(unit_kind=unit.kind),
            "conversion": _conversion(files),
            "pictures": [file for file in files if file.role == FileRole.IMAGE],
            "items": "\n".join(f"{standard} {item}" for standard, item in shape.items),
            "lacks": list(readiness.lacks(shape)),
            "might": list(readiness.might(shape)),
        }
    return context | more


@login_required
@require_POST
def begin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    course = policies.get_course_for_writing(actor, public_id)
    attempt(request, lambda: contents.begin_draft(course, actor=actor, now=timezone.now()))
    return redirect(_at(course))


def _does(request: HttpRequest, back: str, do: Callable[[], object], done: str = "") -> HttpResponse:
    """One step in the outline, and back to it."""
    attempt(request, do, done)
    return redirect(back)


@login_required
@require_POST
def module_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, course, draft = _draft(request, public_id)
    title = request.POST.get("title", "")
    return _does(request, _at(course), lambda: editing.add_module(draft, title=title, actor=actor, now=timezone.now()))


@login_required
@require_POST
def module_change(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """Rename, move or remove, as ``do`` says."""
    actor, course, draft = _draft(request, public_id)
    module, now, do = _module(draft, key), timezone.now(), request.POST.get("do", "")
    if do in {"up", "down"}:
        order = editing.moved_module(draft, module, by=-1 if do == "up" else 1)
        return _does(request, _at(course), lambda: editing.order_units(draft, order, actor=actor, now=now))
    if do == "remove":
        return _does(request, _at(course), lambda: editing.remove_module(module, actor=actor, now=now))
    title = request.POST.get("title", "")
    return _does(request, _at(course), lambda: editing.rename_module(module, title=title, actor=actor, now=now))


@login_required
@require_POST
def unit_add(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    actor, course, draft = _draft(request, public_id)
    module = _module(draft, key)
    try:
        unit = editing.add_unit(
            module, kind=request.POST.get("kind", ""), title=request.POST.get("title", ""), actor=actor, now=timezone.now()
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(_at(course))
    return redirect(_at(course, unit))


@login_required
@require_POST
def unit_save(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """With ``Accept: application/json`` a receipt, else the page again."""
    actor, course, draft = _draft(request, public_id)
    unit, now = _unit(draft, key), timezone.now()
    quiet = "application/json" in request.headers.get("Accept", "")
    try:
        writing, lock = _written(request)
        saved = editing.save_unit(unit, writing, lock=lock, actor=actor, now=now)
    except (Refused, SettingsWrong) as refused:
        sentences = refused.sentences if isinstance(refused, SettingsWrong) else [str(refused)]
        stale = isinstance(refused, EditedElsewhere)
        if quiet:
            answer = {"refused": sentences, "stale": stale}
            return JsonResponse(answer, status=409 if stale else 422)
        return _again(request, course, draft, unit, sentences, stale=stale)
    if quiet:
        said = _("Saved %(time)s") % {"time": clock(now)}
        return JsonResponse({"lock": saved.lock, "said": said, "lacks": _lacking(draft, saved)})
    messages.success(request, _("Saved."))
    return redirect(_at(course, unit))


def _written(request: HttpRequest) -> tuple[editing.Writing, int]:
    data = request.POST
    minutes, lock = data.get("minutes", "0") or "0", data.get("lock", "")
    if not minutes.isdecimal() or len(minutes) > 6:
        raise SettingsWrong([_("Minutes: a whole number from 0 to 6000.")])
    if not lock.isdecimal() or len(lock) > 9:
        raise SettingsWrong([_("The page is out of date. Load it again.")])
    writing = editing.Writing(
        title=data.get("title", ""),
        minutes=int(minutes),
        required="required" in data,
        body=data.get("body", ""),
        settings=settings_from(data.dict()),
    )
    return writing, int(lock)


def _lacking(draft: CourseVersion, unit: Unit) -> list[str]:
    shape = next(one for one in content_of(draft).units if one.key == unit.key)
    return [*readiness.lacks(shape), *readiness.might(shape)]


def _again(
    request: HttpRequest, course: Course, draft: CourseVersion, unit: Unit, sentences: list[str], *, stale: bool
) -> HttpResponse:
    """What was written stays on the page; where another window was faster, what it saved stands beside."""
    kept = unit.body
    data = request.POST
    unit.title, unit.body = data.get("title", ""), data.get("body", "")
    unit.required = "required" in data
    minutes = data.get("minutes", "")
    unit.minutes = int(minutes) if minutes.isdecimal() and len(minutes) < 6 else unit.minutes
    unit.settings = settings_from(data.dict())
    context = _context(course, draft, unit, wrong=sentences, stale=stale, kept=kept)
    return render(request, "university/editor.html", context, status=409 if stale else 422)


@login_required
@require_POST
def unit_change(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """Move up or down, or take out, as ``do`` says."""
    actor, course, draft = _draft(request, public_id)
    unit, now, do = _unit(draft, key), timezone.now(), request.POST.get("do", "")
    if do in {"up", "down"}:
        order = editing.moved(draft, unit, by=-1 if do == "up" else 1)
        return _does(request, _at(course, unit), lambda: editing.order_units(draft, order, actor=actor, now=now))
    if do != "remove":
        return redirect(_at(course, unit))
    gone = _("“%(title)s” is taken out of the draft.") % {"title": unit.title}
    return _does(request, _at(course), lambda: editing.remove_unit(unit, actor=actor, now=now), gone)


@login_required
@require_POST
def order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole order after dragging: ``order`` is JSON, ``[[module key, [unit keys]], …]``."""
    actor, _course, draft = _draft(request, public_id)
    try:
        wanted = [(UUID(module), [UUID(unit) for unit in units]) for module, units in json.loads(request.POST.get("order", ""))]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return JsonResponse({"refused": [_("The page is out of date. Load it again.")]}, status=422)
    try:
        editing.order_units(draft, wanted, actor=actor, now=timezone.now())
    except Refused as refused:
        return JsonResponse({"refused": [str(refused)]}, status=409)
    return JsonResponse({"said": _("The order is saved.")})


@login_required
@require_POST
def file_add(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """A file into a unit. With scripts it has arrived in pieces."""
    actor, course, draft = _draft(request, public_id)
    unit, now = _unit(draft, key), timezone.now()
    form = UnitFileForm(request.POST, request.FILES, unit_kind=unit.kind)

    def add() -> None:
        if not form.is_valid():
            raise CourseRefused(_("File: choose one, and its place."))
        given = form.cleaned_data
        stored = receive(given["file"], kind=policies.UNIT_FILE, actor=actor, now=now)
        stored = fitting(stored, role=given["role"], kind=unit.kind, actor=actor, now=now)
        editing.add_file(unit, stored, role=given["role"], language=given["language"], label=given["label"], actor=actor, now=now)

    return _does(request, f"{_at(course, unit)}#files", add, _("The file is in the unit."))


@login_required
@require_POST
def file_remove(request: HttpRequest, public_id: UUID, key: UUID, file_id: UUID) -> HttpResponse:
    actor, course, draft = _draft(request, public_id)
    unit = _unit(draft, key)
    file = UnitFile.objects.filter(unit=unit, public_id=file_id).select_related("unit__version__course").first()
    if file is None:
        raise Http404
    now = timezone.now()
    return _does(request, f"{_at(course, unit)}#files", lambda: editing.remove_file(file, actor=actor, now=now))


@login_required
@require_POST
def unit_items(request: HttpRequest, public_id: UUID, key: UUID) -> HttpResponse:
    actor, course, draft = _draft(request, public_id)
    unit = _unit(draft, key)
    pairs = items_from(request.POST.get("items", ""))
    now = timezone.now()
    done = _("Saved.")
    return _does(request, f"{_at(course, unit)}#items", lambda: editing.map_unit(unit, pairs, actor=actor, now=now), done)
