"""The schools behind the catalogue: who they are, how they show themselves, who belongs to them."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.actions import store_file
from denggao.foundation.organisations.members.queries import names_of_accounts
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.foundation.ui.listing import Listing
from denggao.systems.university import policies
from denggao.systems.university.actions import schools
from denggao.systems.university.forms.schools import (
    LOGO_LIMIT,
    LOGO_TYPES,
    BrandForm,
    DayForm,
    MemberForm,
    MemberRoleForm,
    NewSchoolForm,
    SchoolFilter,
)
from denggao.systems.university.models import Course, School, SchoolMember
from denggao.systems.university.views.courses import attempt, must_see, tabs

ACT = "university/school_act.html"


@login_required
@require_GET
def school_list(request: HttpRequest) -> HttpResponse:
    actor = must_see(request)
    published = Count("courses", filter=Q(courses__state=Course.State.PUBLISHED), distinct=True)
    listing = Listing(
        request.GET,
        policies.visible_schools(actor).select_related("organisation").annotate(published=published),
        sorts={"name": "name_zh", "body": "organisation__name_zh", "opened": "opened_on", "courses": "published"},
        default="name",
        search=("name_zh", "name_en", "organisation__name_zh", "organisation__name_en"),
        filters=SchoolFilter if actor.is_office else None,
    )
    context = {
        "listing": listing,
        "tabs": tabs(actor, "schools"),
        "may_open": policies.can_open_schools(actor),
        "own": policies.schools_of(actor),
    }
    return render(request, "university/schools.html", context)


def _school(actor: Actor, public_id: UUID) -> School:
    """Raises Http404."""
    found = policies.visible_schools(actor).select_related("organisation", "logo", "plan").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_GET
def school_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    school = _school(actor, public_id)
    if not (policies.is_overseer(actor) or school.pk in policies.schools_of(actor)):
        raise Http404
    today = timezone.localdate()
    members = list(school.members.select_related("account").order_by("role", "from_on"))
    names = names_of_accounts([str(member.account.public_id) for member in members])
    context = {
        "school": school,
        "members": [
            (member, names.get(str(member.account.public_id), ""), member.to_on is not None and member.to_on < today)
            for member in members
        ],
        "may_lead": policies.can_lead(actor, school),
        "may_close": policies.can_open_schools(actor),
        "today": today,
    }
    return render(request, "university/school.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def school_new(request: HttpRequest) -> HttpResponse:
    actor = must_see(request)
    if not policies.can_open_schools(actor):
        raise PermissionDenied(_("The programme office’s clerks open schools."))
    bodies = Organisation.objects.filter(school=None).order_by("name_zh")
    form = NewSchoolForm(posted(request), bodies=bodies, today=timezone.localdate())
    act = Act(
        _("Open a school"),
        _("The body gets its own page and space. Name its dean next: the dean adds teachers and assistants."),
        _("Open"),
        _("The school is open. Name its dean."),
        back=reverse("university:schools"),
    )

    def begin() -> None:
        given = form.cleaned_data
        schools.open_school(given["organisation"], form.brand(), on=given["opened_on"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, begin, template=ACT)


@login_required
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    school = policies.get_school_for_leading(actor, public_id)
    initial = {"name_zh": school.name_zh, "name_en": school.name_en, "colour": school.colour, "about": school.about}
    form = BrandForm(posted(request), handed_in(request), initial=initial)
    act = Act(
        _("The school’s page"),
        _("Everybody sees it in the catalogue, at once."),
        _("Save"),
        _("Saved."),
        back=_back(school),
        uploads=True,
    )

    def save() -> None:
        now, given = timezone.now(), form.cleaned_data["logo"]
        stored = None
        if given:
            stored = store_file(given.name, given, kind=policies.LOGO, taken=LOGO_TYPES, limit=LOGO_LIMIT, actor=actor, now=now)
        schools.describe_school(school, form.brand(), actor=actor, now=now)
        if stored is not None:
            schools.set_logo(school, stored, actor=actor, now=now)

    return serve_act(request, form, act, save, template=ACT, school=school)


def _back(school: School) -> str:
    return reverse("university:school", args=[school.public_id])


@login_required
@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close it, or open it again, as ``do`` says."""
    actor, now = must_see(request), timezone.now()
    school = _school(actor, public_id)
    if request.POST.get("do") == "reopen":
        attempt(request, lambda: schools.reopen_school(school, actor=actor, now=now))
    else:
        attempt(request, lambda: schools.close_school(school, on=timezone.localdate(now), actor=actor, now=now))
    return redirect(_back(school))


@login_required
@require_http_methods(["GET", "POST"])
def member_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    school = policies.get_school_for_leading(actor, public_id)
    form = MemberForm(posted(request))
    act = Act(
        _("Add somebody to the school"),
        _("Deans keep the school’s page and people; teachers write, publish and run classes; assistants write and mark."),
        _("Add"),
        _("The person belongs to the school from today."),
        back=_back(school),
    )

    def add() -> None:
        given = form.cleaned_data
        schools.add_member(school, given["address"], role=given["role"], title=given["title"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, add, template=ACT, school=school)


def _member(school: School, member_id: UUID) -> SchoolMember:
    member = school.members.select_related("school").filter(public_id=member_id).first()
    if member is None:
        raise Http404
    return member


@login_required
@require_http_methods(["GET", "POST"])
def member_change(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    actor = must_see(request)
    school = policies.get_school_for_leading(actor, public_id)
    member = _member(school, member_id)
    form = MemberRoleForm(posted(request), initial={"role": member.role, "title": member.title})
    act = Act(
        _("Role at the school"),
        _("Deans keep the school’s page and people; teachers write, publish and run classes; assistants write and mark."),
        _("Save"),
        _("Saved."),
        back=_back(school),
    )

    def save() -> None:
        given = form.cleaned_data
        schools.change_member(member, role=given["role"], title=given["title"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, save, template=ACT, school=school)


@login_required
@require_http_methods(["GET", "POST"])
def member_end(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    actor = must_see(request)
    school = policies.get_school_for_leading(actor, public_id)
    member = _member(school, member_id)
    form = DayForm(posted(request), initial={"on": timezone.localdate()})
    act = Act(
        _("Last day at the school"),
        _("The person’s role at the school ends with this day. What was written stays."),
        _("Note the last day"),
        _("It is noted."),
        back=_back(school),
        tone="danger-fill",
    )
    return serve_act(
        request,
        form,
        act,
        lambda: schools.end_member(member, on=form.cleaned_data["on"], actor=actor, now=timezone.now()),
        template=ACT,
        school=school,
    )
