"""Courses schools lend each other: the list, offering, answering, ending."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.listing import Listing
from denggao.systems.university import policies
from denggao.systems.university.actions import sharing
from denggao.systems.university.forms.teaching import AnswerShareForm, EndShareForm, ShareFilter, ShareForm
from denggao.systems.university.models import CourseShare, School
from denggao.systems.university.views.courses import must_see, tabs

ACT = "university/course_act.html"
_OPEN = {CourseShare.State.ASKED, CourseShare.State.ACCEPTED}


@login_required
@require_GET
def share_list(request: HttpRequest) -> HttpResponse:
    actor = must_see(request)
    listing = Listing(
        request.GET,
        policies.visible_shares(actor).select_related("course__school", "school"),
        sorts={"asked": "asked_at", "course": "course__title_zh", "from": "course__school__name_zh", "to": "school__name_zh"},
        default="-asked",
        search=("course__title_zh", "course__title_en", "course__school__name_zh", "school__name_zh"),
        filters=ShareFilter,
    )
    rows = [
        (
            share,
            share.state == CourseShare.State.ASKED and policies.can_answer_share(actor, share),
            share.state in _OPEN and policies.can_end_share(actor, share),
        )
        for share in listing.rows
    ]
    return render(request, "university/shares.html", {"listing": listing, "rows": rows, "tabs": tabs(actor, "shares")})


@login_required
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    course = policies.get_course_for(actor, public_id)
    if not policies.can_publish(actor, course):
        raise PermissionDenied(_("Teachers and deans of the course’s own school lend it."))
    taken = CourseShare.objects.filter(course=course, state__in=_OPEN).values("school_id")
    schools = School.objects.filter(state=School.State.OPEN).exclude(pk=course.school_id).exclude(pk__in=taken)
    form = ShareForm(posted(request), schools=schools)
    act = Act(
        _("Offer the course to another school"),
        _("The other school answers. Until then, and after a no, nothing changes."),
        _("Offer"),
        _("The course is offered; you are told when it is answered."),
        back=reverse("university:course", args=[course.public_id]),
    )

    def send() -> None:
        given = form.cleaned_data
        sharing.offer_course(course, given["school"], kind=given["kind"], note=given["note"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, send, template=ACT, course=course)


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    share = policies.get_share_for(actor, public_id)
    if not policies.can_answer_share(actor, share):
        raise PermissionDenied(_("The school that is asked answers."))
    form = AnswerShareForm(posted(request))
    act = Act(
        _("Answer the offer"),
        _("After a yes your school runs classes of the course; it stands on your school’s page."),
        pgettext("verb", "Answer"),
        _("Your answer is sent."),
        back=reverse("university:shares"),
    )

    def say() -> None:
        given = form.cleaned_data
        sharing.answer_share(share, accept=given["answer"] == "yes", note=given["note"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, say, template=ACT, course=share.course, share=share)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    share = policies.get_share_for(actor, public_id)
    if not policies.can_end_share(actor, share):
        raise PermissionDenied(_("Either of the two schools may end it."))
    form = EndShareForm(posted(request))
    act = Act(
        _("End this"),
        _("No new classes of the course; those under way go on. Both schools are told."),
        _("End it"),
        _("It has ended."),
        back=reverse("university:shares"),
        tone="danger-fill",
    )
    return serve_act(
        request,
        form,
        act,
        lambda: sharing.end_share(share, note=form.cleaned_data["note"], actor=actor, now=timezone.now()),
        template=ACT,
        course=share.course,
        share=share,
    )
