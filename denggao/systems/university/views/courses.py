"""A teacher's courses: list, one's page, what is said of it, copies, versions, publishing, export."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.actions import store_file
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.university import policies, queries
from denggao.systems.university.actions import contents, courses, publishing
from denggao.systems.university.forms.teaching import (
    COVER_LIMIT,
    COVER_TYPES,
    CopyForm,
    CourseFilter,
    EditCourseForm,
    NewCourseForm,
    PublishForm,
)
from denggao.systems.university.models import Course, CourseVersion, School
from denggao.systems.university.packages.contents import content_of
from denggao.systems.university.packages.shapes import Content, difference
from denggao.systems.university.packages.writing import write_package
from denggao.systems.university.showing import shown_difference


def must_see(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not policies.can_see_office(actor):
        raise PermissionDenied(_("Teachers of the university’s schools work here. A dean of your school can add you."))
    return actor


def writing_schools(actor: Actor) -> QuerySet[School]:
    """The schools the actor begins courses in."""
    own = [school for school, role in policies.schools_of(actor).items() if role in policies.WRITES]
    return School.objects.filter(pk__in=own, state=School.State.OPEN)


def attempt(request: HttpRequest, do: Callable[[], object], done: str = "") -> bool:
    """Do one thing and say what came of it on the next page. What the actor may not do is no message: it passes through."""
    try:
        do()
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    if done:
        messages.success(request, done)
    return True


def tabs(actor: Actor, on: str) -> list[dict[str, object]]:
    """Where one is within the university's rooms."""
    shown = [
        ("courses", _("Courses"), reverse("university:courses")),
        ("programmes", _("Programmes"), reverse("university:programmes")),
        ("shares", _("Lent and joint"), reverse("university:shares")),
        ("schools", _("Schools"), reverse("university:schools")),
        ("founding", _("Founding"), reverse("founding:list")),
    ]
    waiting = queries.shares_to_answer(actor)
    return [
        {"label": label, "url": url, "on": on == key, "count": (waiting or None) if key == "shares" else None}
        for key, label, url in shown
    ]


@login_required
@require_GET
def course_list(request: HttpRequest) -> HttpResponse:
    actor = must_see(request)
    listing = Listing(
        request.GET,
        queries.with_drafts(policies.visible_courses(actor)).select_related("school", "industry", "current"),
        sorts={"title": "title_zh", "code": "code", "school": "school__name_zh", "state": "state", "changed": "created_at"},
        default="-changed",
        search=("title_zh", "title_en", "code", "school__name_zh", "school__name_en", "provider"),
        filters=CourseFilter,
    )
    if listing.export:
        return table_response("courses", _header(), map(_cells, listing.everything), kind=listing.export)
    context = {
        "listing": listing,
        "tabs": tabs(actor, "courses"),
        "may_begin": writing_schools(actor).exists(),
        "own": policies.schools_of(actor),
    }
    return render(request, "university/courses.html", context)


def _header() -> list[str]:
    return [_("Course"), _("Code"), _("School"), _("Industry"), _("Level"), _("State"), _("Version"), _("Minutes"), _("Licence")]


def _cells(course: Course) -> list[Cell]:
    current = course.current
    return [
        course.title,
        course.code,
        course.school.name,
        course.industry.name if course.industry else "",
        course.level,
        course.get_state_display(),
        current.number if current else None,
        current.minutes if current else None,
        course.licence,
    ]


@login_required
@require_http_methods(["GET", "POST"])
def course_new(request: HttpRequest) -> HttpResponse:
    actor = must_see(request)
    schools = writing_schools(actor)
    if not schools.exists():
        raise PermissionDenied(_("Courses are begun by teachers of a school. A dean of your school can add you."))
    form = NewCourseForm(posted(request), schools=schools)
    act = Act(
        _("Begin a course"),
        _("Nobody sees it before it is published. Everything but the school can be changed later."),
        _("Begin"),
        _("The course is begun. Add units, then publish."),
        back=reverse("university:courses"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            course = courses.begin_course(form.cleaned_data["school"], form.description(), actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, act.done)
            return redirect("university:editor", course.public_id)
    context = {"form": form, "act": act, "occupations": queries.occupations()}
    return render(request, "university/course_form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def course_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    course = policies.get_course_for(actor, public_id)
    draft = contents.draft_of(course)
    shown = draft or course.current
    content = content_of(shown) if shown else Content(())
    context = {
        "course": course,
        "draft": draft,
        "content": content,
        "findings": publishing.findings(course, content) if draft else [],
        "versions": list(course.versions.filter(state=CourseVersion.State.PUBLISHED)),
        "shares": list(policies.visible_shares(actor).filter(course=course).select_related("school").order_by("-asked_at")),
        "panels": queries.course_panels(actor, course),
        "prerequisites": list(course.prerequisites.all()),
        "items": list(course.items.all()),
        "may_write": policies.can_write(actor, course),
        "may_publish": policies.can_publish(actor, course),
        "may_copy": writing_schools(actor).exists(),
    }
    return render(request, "university/course.html", context)


def _back(course: Course) -> str:
    return reverse("university:course", args=[course.public_id])


@login_required
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    course = policies.get_course_for_writing(actor, public_id)
    others = queries.courses_of(course.school).exclude(pk=course.pk).exclude(state=Course.State.RETIRED)
    names = [name for name in EditCourseForm.base_fields if name not in {"industry", "occupation", "prerequisites"}]
    initial = {name: getattr(course, name) for name in names} | {
        "industry": course.industry.code if course.industry else "",
        "occupation": course.occupation.code if course.occupation else "",
        "prerequisites": list(course.prerequisites.values_list("public_id", flat=True)),
    }
    form = EditCourseForm(posted(request), others=others, initial=initial)
    act = Act(
        _("What is said of the course"),
        _("It is changed at once, in the catalogue as well; the content has versions, this has not."),
        _("Save"),
        _("Saved."),
        back=_back(course),
    )

    def save() -> None:
        first = form.cleaned_data.get("prerequisites") or []
        courses.describe_course(course, form.description(), prerequisites=first, actor=actor, now=timezone.now())

    return serve_act(
        request, form, act, save, template="university/course_form.html", course=course, occupations=queries.occupations()
    )


@login_required
@require_POST
def cover(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A new picture, or none."""
    actor = must_see(request)
    course = policies.get_course_for_writing(actor, public_id)
    given, now = request.FILES.get("file"), timezone.now()

    def keep() -> None:
        stored = None
        if given is not None:
            stored = store_file(
                given.name or "cover", given, kind=policies.LOGO, taken=COVER_TYPES, limit=COVER_LIMIT, actor=actor, now=now
            )
        courses.set_cover(course, stored, actor=actor, now=now)

    attempt(request, keep, _("Saved."))
    return redirect(_back(course))


@login_required
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    course = policies.get_course_for(actor, public_id)
    schools = writing_schools(actor)
    if not schools.exists():
        raise PermissionDenied(_("Courses are begun by teachers of a school. A dean of your school can add you."))
    initial = {"title_zh": _("%(title)s (copy)") % {"title": course.title_zh[:110]}, "code": f"{course.code[:35]}-copy"}
    form = CopyForm(posted(request), schools=schools, initial=initial)
    act = Act(
        _("Copy the course"),
        _("The copy is a course of its own: the same texts and files, nothing of the learners. It keeps who provided it."),
        _("Copy"),
        _("The course is copied; this is its draft."),
        back=_back(course),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            copied = courses.copy_course(
                given["school"], course, code=given["code"], title_zh=given["title_zh"], actor=actor, now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, act.done)
            return redirect("university:editor", copied.public_id)
    context = {"form": form, "act": act, "course": course}
    return render(request, "university/course_act.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def archive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _turned(request, public_id, courses.archive_course, _("The course is archived. Who learns it goes on."))


@login_required
@require_POST
def restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _turned(request, public_id, courses.restore_course, _("The course is back."))


@login_required
@require_POST
def drop_draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _turned(request, public_id, contents.drop_draft, _("The draft is given up; what is published stays."))


def _turned(request: HttpRequest, public_id: UUID, act: Callable[..., object], done: str) -> HttpResponse:
    actor = must_see(request)
    course = policies.get_course_for(actor, public_id)
    attempt(request, lambda: act(course, actor=actor, now=timezone.now()), done)
    return redirect(_back(course))


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    course = policies.get_course_for(actor, public_id)
    if not policies.can_publish(actor, course):
        raise PermissionDenied(_("Teachers and deans of the course’s own school publish it; assistants write."))
    draft = contents.draft_of(course)
    if draft is None:
        messages.info(request, _("There is nothing to publish: what is published is the newest."))
        return redirect(_back(course))
    content = content_of(draft)
    found = publishing.findings(course, content)
    form = PublishForm(posted(request))
    act = Act(
        _("Publish version %(number)s") % {"number": draft.number},
        _("From now on it never changes. New classes take it; classes under way keep theirs until their teacher moves them."),
        _("Publish"),
        _("The course is published."),
        back=_back(course),
    )
    changes = difference(content_of(course.current), content) if course.current else None
    return serve_act(
        request,
        form,
        act,
        lambda: publishing.publish_draft(course, note_text=form.cleaned_data["note"], actor=actor, now=timezone.now()),
        template="university/publish.html",
        course=course,
        content=content,
        stops=[finding for finding in found if finding.stops],
        advice=[finding for finding in found if not finding.stops],
        changes=shown_difference(changes) if changes else [],
    )


@login_required
@require_GET
def version_page(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """A version, compared with the one before or with ``?with=``."""
    actor = must_see(request)
    course = policies.get_course_for(actor, public_id)
    versions = list(course.versions.all())
    version = next((one for one in versions if one.number == number), None)
    if version is None:
        raise Http404
    asked = request.GET.get("with", "")
    earlier = [one for one in versions if one.number < number]
    other = next((one for one in versions if str(one.number) == asked), earlier[0] if earlier else None)
    changes = difference(content_of(other), content_of(version)) if other else None
    context = {
        "course": course,
        "version": version,
        "other": other,
        "others": [one for one in versions if one.pk != version.pk],
        "changes": shown_difference(changes) if changes else [],
        "modules_changed": changes.modules_changed if changes else False,
        "outline": queries.outline(version),
        "may_write": policies.can_write(actor, course) and not version.is_draft,
    }
    return render(request, "university/version.html", context)


@login_required
@require_POST
def version_restore(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    actor = must_see(request)
    course = policies.get_course_for_writing(actor, public_id)
    version = course.versions.filter(number=number).first()
    if version is None:
        raise Http404
    done = _("The draft now holds version %(number)s. Publish it to make it count.") % {"number": number}
    if attempt(request, lambda: publishing.restore_version(course, version, actor=actor, now=timezone.now()), done):
        return redirect("university:editor", course.public_id)
    return redirect(_back(course))


@login_required
@require_GET
def export(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The newest content as a package; ``?version=`` another."""
    actor = must_see(request)
    course = policies.get_course_for(actor, public_id)
    asked = request.GET.get("version", "")
    versions = course.versions.select_related("course__industry", "course__occupation")
    version = versions.filter(number=int(asked)).first() if asked.isdecimal() and len(asked) < 9 else versions.first()
    if version is None:
        raise Http404
    name = f"{course.code}-v{version.number}.zip"
    return FileResponse(write_package(version), as_attachment=True, filename=name, content_type="application/zip")
