"""The teacher pool's pages: who is in it, by what they may teach, who asks whom."""

from __future__ import annotations

import datetime as dt
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

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.actions import store_file
from denggao.foundation.organisations.models import Appointment
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.bases.models import Base, Teacher, TeacherInvitation
from denggao.systems.bases.pool import actions, policies, queries
from denggao.systems.bases.pool.forms import (
    PAPER_LIMIT,
    PAPER_TYPES,
    AnswerForm,
    EndForm,
    InvitationFilter,
    InviteForm,
    LeaveForm,
    PoolFilter,
    QualificationForm,
    TeacherForm,
)

ACT = "teachers/act.html"


def _must_see(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not policies.can_see_pool(actor):
        raise PermissionDenied
    return actor


@login_required
@require_GET
def teacher_list(request: HttpRequest) -> HttpResponse:
    actor, today = _must_see(request), timezone.localdate()
    listing = Listing(
        request.GET,
        queries.pool(actor, on=today),
        sorts={"home": "home__name_zh", "kind": "kind", "until": ("runs_out_on", "id"), "lent": "lent"},
        default="home",
        search=("home__name_zh", "home__name_en", "qualifications__kind", "industries__name_zh"),
        filters=PoolFilter,
        soon=today + dt.timedelta(days=queries.SOON_DAYS),
    )
    if listing.export:
        return table_response("teachers", _header(), (_cells(item) for item in listing.everything), kind=listing.export)
    context = {
        "listing": listing,
        "rows": [(item, policies.knows_name(actor, item)) for item in listing.rows],
        "tabs": _tabs(actor, "teachers"),
        "industries": queries.by_industry(actor, on=today),
        "soon": today + dt.timedelta(days=queries.SOON_DAYS),
        "may_add": policies.keepable_homes(actor).exists(),
    }
    return render(request, "teachers/list.html", context)


def _tabs(actor: Actor, on: str) -> list[dict[str, object]]:
    return [
        {"label": _("Teachers"), "url": "/teachers/", "on": on == "teachers", "count": None},
        {
            "label": _("Invitations"),
            "url": "/teachers/invitations/",
            "on": on == "invitations",
            "count": len(queries.to_answer(actor)),
        },
    ]


def _header() -> list[str]:
    return [_("Name"), _("Body"), _("As"), _("Industries"), _("Qualifications"), _("Lent to")]


def _cells(teacher: Teacher) -> list[Cell]:
    """PRIVACY: names are masked in the file, as in the list."""
    return [
        teacher.person.masked_name,
        teacher.home.name,
        teacher.get_kind_display(),
        "; ".join(industry.name for industry in teacher.industries.all()),
        "; ".join(f"{paper.kind} {paper.expires_on or ''}".strip() for paper in teacher.qualifications.all()),
        "; ".join(item.base.name for item in teacher.invitations.all() if item.state == TeacherInvitation.State.ACCEPTED),
    ]


@login_required
@require_GET
def teacher_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, today = _must_see(request), timezone.localdate()
    teacher = policies.get_teacher_for(actor, public_id)
    invitations = policies.visible_invitations(actor).filter(teacher=teacher).select_related("base").order_by("-from_on")
    context = {
        "teacher": teacher,
        "knows_name": policies.knows_name(actor, teacher),
        "papers": list(teacher.qualifications.select_related("file").order_by("-issued_on", "-id")),
        "today": today,
        "soon": today + dt.timedelta(days=queries.SOON_DAYS),
        "invitations": list(invitations),
        "may_keep": policies.can_keep_teachers(actor, teacher) and teacher.left_on is None,
        "may_invite": teacher.left_on is None and bool(_own_bases(actor, teacher)),
        "reads_papers": actor.is_office or policies.can_keep_teachers(actor, teacher),
    }
    return render(request, "teachers/teacher.html", context)


def _own_bases(actor: Actor, teacher: Teacher) -> list[Base]:
    bases = queries.bases_to_invite_for(actor, Base.objects.in_force())
    return [base for base in bases if base.organisation_id != teacher.home_id]


@login_required
@require_http_methods(["GET", "POST"])
def teacher_new(request: HttpRequest) -> HttpResponse:
    actor = _must_see(request)
    homes = policies.keepable_homes(actor)
    if not homes.exists():
        raise PermissionDenied(_("Teachers are kept by the body that runs a base, and by the programme office."))
    form = TeacherForm(posted(request), homes=homes, today=timezone.localdate())
    act = Act(
        _("Add a teacher"),
        _("Whoever is in the pool can be asked for by every base; you answer for your own."),
        _("Add"),
        _("The teacher is in the pool. Enter the qualifications next."),
        back="/teachers/",
    )

    def keep() -> None:
        given = form.cleaned_data
        actions.enrol_teacher(
            given["home"],
            identity=form.identity,
            name=given["name"],
            kind=given["kind"],
            industries=list(given["industries"]),
            from_on=given["from_on"],
            actor=actor,
            now=timezone.now(),
        )

    return serve_act(request, form, act, keep, template=ACT)


@login_required
@require_http_methods(["GET", "POST"])
def qualification_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    teacher = policies.get_teacher_for_keeping(actor, public_id)
    form = QualificationForm(posted(request), handed_in(request))
    act = Act(
        _("Add a qualification"),
        _("What has run out no longer counts in the appraisal of a base."),
        _("Add"),
        _("The qualification is kept."),
        back=f"/teachers/{teacher.public_id}/",
        uploads=True,
    )

    def keep() -> None:
        now, given = timezone.now(), form.cleaned_data["file"]
        stored = None
        if given:
            stored = store_file(given.name, given, kind=policies.PAPER, taken=PAPER_TYPES, limit=PAPER_LIMIT, actor=actor, now=now)
        actions.add_qualification(teacher, form.paper(), file=stored, actor=actor, now=now)

    return serve_act(request, form, act, keep, template=ACT, teacher=teacher)


@login_required
@require_POST
def qualification_remove(request: HttpRequest, public_id: UUID, paper_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    teacher = policies.get_teacher_for_keeping(actor, public_id)
    paper = teacher.qualifications.filter(public_id=paper_id).first()
    if paper is None:
        raise Http404
    actions.remove_qualification(paper, actor=actor, now=timezone.now())
    messages.success(request, _("The qualification is taken out."))
    return redirect("teachers:teacher", teacher.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    teacher = policies.get_teacher_for_keeping(actor, public_id)
    form = LeaveForm(posted(request), initial={"on": timezone.localdate()})
    act = Act(
        _("Take the teacher out of the pool"),
        _("What was asked of the teacher for later days ends, and with it the appointments. History stays."),
        _("Take out"),
        _("The teacher has left the pool."),
        back=f"/teachers/{teacher.public_id}/",
        tone="danger-fill",
    )
    return serve_act(
        request,
        form,
        act,
        lambda: actions.let_teacher_go(teacher, on=form.cleaned_data["on"], actor=actor, now=timezone.now()),
        template=ACT,
        teacher=teacher,
    )


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = _must_see(request)
    teacher = policies.get_teacher_for(actor, public_id)
    own = _own_bases(actor, teacher)
    if not own:
        raise PermissionDenied(_("Whoever manages a base in force invites teachers of other bodies."))
    bases = Base.objects.filter(pk__in=[base.pk for base in own])
    form = InviteForm(posted(request), bases=bases, initial={"base": own[0].public_id} if len(own) == 1 else {})
    act = Act(
        _("Invite this teacher"),
        _("The teacher’s body answers. Once it agrees you can appoint the teacher as special mentor."),
        _("Send the invitation"),
        _("The invitation is sent; you are told when it is answered."),
        back="/teachers/invitations/",
    )

    def send() -> None:
        given = form.cleaned_data
        actions.invite_teacher(
            given["base"],
            teacher,
            subject=given["subject"],
            from_on=given["from_on"],
            to_on=given["to_on"],
            actor=actor,
            now=timezone.now(),
        )

    return serve_act(request, form, act, send, template=ACT, teacher=teacher)


@login_required
@require_GET
def invitation_list(request: HttpRequest) -> HttpResponse:
    actor = _must_see(request)
    invitations = policies.visible_invitations(actor).select_related("base", "teacher__person", "teacher__home")
    listing = Listing(
        request.GET,
        invitations,
        sorts={"asked": "asked_at", "from": "from_on", "until": "to_on", "base": "base__name_zh"},
        default="-asked",
        search=("base__name_zh", "base__name_en", "teacher__home__name_zh", "teacher__home__name_en", "subject"),
        filters=InvitationFilter,
    )
    return render(request, "teachers/invitations.html", {"listing": listing, "tabs": _tabs(actor, "invitations")})


@login_required
@require_GET
def invitation_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    invitation = policies.get_invitation_for(actor, public_id)
    states = TeacherInvitation.State
    context = {
        "invitation": invitation,
        "knows_name": policies.knows_name(actor, invitation.teacher),
        "appointment": Appointment.objects.filter(public_id=invitation.appointment_id).first()
        if invitation.appointment_id
        else None,
        "may_answer": invitation.state == states.ASKED and policies.can_answer(actor, invitation),
        "may_end": invitation.state in {states.ASKED, states.ACCEPTED} and policies.can_end(actor, invitation),
        "may_appoint": (
            invitation.state == states.ACCEPTED
            and invitation.appointment_id is None
            and policies.can_appoint_mentor(actor, invitation)
        ),
    }
    return render(request, "teachers/invitation.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    invitation = policies.get_invitation_for(actor, public_id)
    if not policies.can_answer(actor, invitation):
        raise PermissionDenied(_("The teacher’s own body answers."))
    form = AnswerForm(posted(request))
    act = Act(
        _("Answer the invitation"),
        _("Once you agree, the base may appoint the teacher as special mentor for these days, and sees the whole name."),
        pgettext("verb", "Answer"),
        _("Your answer is sent."),
        back=f"/teachers/invitations/{invitation.public_id}/",
    )

    def say() -> None:
        given = form.cleaned_data
        actions.answer_invitation(
            invitation, accept=given["answer"] == "yes", reason=given["reason"], actor=actor, now=timezone.now()
        )

    return serve_act(request, form, act, say, template=ACT, invitation=invitation)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    invitation = policies.get_invitation_for(actor, public_id)
    if not policies.can_end(actor, invitation):
        raise PermissionDenied(_("The base, the teacher’s body and the office’s clerks may end it."))
    form = EndForm(posted(request))
    act = Act(
        _("End this invitation"),
        _("An appointment that came of it ends today, and its letter is withdrawn. Both sides are told."),
        _("End it"),
        _("It has ended."),
        back=f"/teachers/invitations/{invitation.public_id}/",
        tone="danger-fill",
    )
    return serve_act(
        request,
        form,
        act,
        lambda: actions.end_invitation(invitation, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template=ACT,
        invitation=invitation,
    )


@login_required
@require_POST
def appoint(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    invitation = policies.get_invitation_for(actor, public_id)
    try:
        actions.appoint_mentor(invitation, actor=actor, now=timezone.now())
    except actions.TeacherRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The teacher is appointed; the letter can be printed in a moment."))
    return redirect("teachers:invitation", invitation.public_id)
