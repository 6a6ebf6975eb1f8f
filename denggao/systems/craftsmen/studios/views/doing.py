"""What a studio's keepers enter, and what its people say: one act, one page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.systems.craftsmen.studios import policies, queries
from denggao.systems.craftsmen.studios.actions.doing import (
    ProjectGiven,
    ResultGiven,
    VisitGiven,
    begin_project,
    decide_result,
    end_project,
    record_visit,
    report_result,
)
from denggao.systems.craftsmen.studios.actions.members import MemberRefused, ask_member, confirm_member, end_member
from denggao.systems.craftsmen.studios.forms.keeping import (
    PHOTO_TYPES,
    DecideForm,
    JoinForm,
    LeaveForm,
    MemberForm,
    ProjectEndForm,
    ProjectForm,
    ResultForm,
    VisitForm,
)
from denggao.systems.craftsmen.studios.models import Studio
from denggao.systems.craftsmen.studios.telling import link_of
from denggao.systems.craftsmen.studios.views.acts import ACT, keep_file


def _kept(request: HttpRequest, public_id: UUID) -> tuple[Actor, Studio]:
    """The studio, for who keeps it. Raises Http404, PermissionDenied."""
    actor = actor_of(request)
    studio = policies.get_studio_for(actor, public_id)
    if not policies.can_keep(actor, studio):
        raise PermissionDenied(_("The employer and the leading craftsman keep what the studio does."))
    return actor, studio


@login_required
@require_http_methods(["GET", "POST"])
def member_ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, studio = _kept(request, public_id)
    form = MemberForm(posted(request))
    page = Act(
        _("Ask somebody to join: %(studio)s") % {"studio": studio.name},
        _("The person is told, and is in the studio with the own yes. The public reads a masked name unless the person agrees."),
        pgettext("of a studio", "Ask"),
        _("The person is asked."),
        back=link_of(studio),
    )

    def do() -> None:
        given = form.cleaned_data
        row = {"name": given["name"], "document_number": given["document_number"] or None}
        finder = queries.RosterFinder(studio.organisation, [row], timezone.localdate())
        person = finder.person(row)
        if person is None:
            raise MemberRefused(
                _("The roster has several people of this name. Give the number of the document.")
                if finder.is_several(row)
                else _("The roster has nobody of this name today. Write it as in the roster, or bring that up to date.")
            )
        ask_member(studio, person, role=given["role"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=studio)


@login_required
@require_http_methods(["GET", "POST"])
def member_answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One's own yes to a studio, and whether the name is shown."""
    actor = actor_of(request)
    member = policies.get_member_for(actor, public_id)
    if not policies.is_self(actor, member):
        raise PermissionDenied(_("Only the person asked answers this."))
    form = JoinForm(posted(request), initial={"is_public": member.is_public})
    page = Act(
        _("Join the studio: %(studio)s") % {"studio": member.studio.name},
        _("You are %(role)s of the studio from %(day)s on. You can leave at any time.")
        % {"role": member.get_role_display(), "day": member.from_on},
        _("Yes, I take part"),
        _("Your answer is kept."),
        back=link_of(member.studio),
    )

    def do() -> None:
        confirm_member(member, is_public=form.cleaned_data["is_public"], actor=actor, now=timezone.now())

    return serve_act(
        request, form, page, do, template=ACT, studio=member.studio, leave=f"/craftsmen/studios/members/{public_id}/end/"
    )


@login_required
@require_http_methods(["GET", "POST"])
def member_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    member = policies.get_member_for(actor, public_id)
    if not policies.can_end_membership(actor, member):
        raise PermissionDenied
    form = LeaveForm(posted(request))
    own = policies.is_self(actor, member)
    page = Act(
        _("Leave the studio: %(studio)s") % {"studio": member.studio.name}
        if own
        else _("Take out of the studio: %(person)s") % {"person": member.person.name},
        _("The membership ends today. What was done together stays."),
        _("End the membership"),
        _("The membership has ended."),
        back="/desk/" if own and not policies.can_keep(actor, member) else link_of(member.studio),
    )

    def do() -> None:
        end_member(member, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=member.studio)


@login_required
@require_http_methods(["GET", "POST"])
def project_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, studio = _kept(request, public_id)
    form = ProjectForm(posted(request), studio=studio)
    page = Act(
        _("A new project: %(studio)s") % {"studio": studio.name},
        _("It stands on the studio’s public page, under way until you end it."),
        _("Begin"),
        _("The project is entered."),
        back=link_of(studio),
    )

    def do() -> None:
        begin_project(studio, ProjectGiven(**form.cleaned_data), actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=studio)


@login_required
@require_http_methods(["GET", "POST"])
def project_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    project = policies.get_project_for(actor, public_id)
    form = ProjectEndForm(posted(request), initial={"on": timezone.localdate()})
    page = Act(
        _("End the project: %(project)s") % {"project": project.title},
        _("It stays on the page with how it ended. Enter what came of it as a result."),
        _("End the project"),
        _("The project has ended."),
        back=link_of(project.studio),
    )

    def do() -> None:
        given = form.cleaned_data
        end_project(project, finished=given["finished"] == "yes", on=given["on"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=project.studio)


@login_required
@require_http_methods(["GET", "POST"])
def result_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, studio = _kept(request, public_id)
    form = ResultForm(posted(request), handed_in(request), studio=studio)
    page = Act(
        _("A new result: %(studio)s") % {"studio": studio.name},
        _("A second person looks at the proof; then it counts and becomes public. A course of the catalogue counts at once."),
        _("Enter"),
        _("The result is entered."),
        back=link_of(studio),
        uploads=True,
    )

    def do() -> None:
        given: dict[str, Any] = {**form.cleaned_data, "proof": keep_file(form.cleaned_data["proof"], actor)}
        report_result(studio, ResultGiven(**given), actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=studio)


@login_required
@require_http_methods(["GET", "POST"])
def result_decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    result = policies.get_result_for(actor, public_id)
    if not policies.can_confirm_result(actor, result):
        raise PermissionDenied
    form = DecideForm(posted(request))
    page = Act(
        _("Confirm a result: %(result)s") % {"result": result.title},
        _("Open the proof first. Once confirmed it counts and becomes public."),
        _("Record"),
        _("Your finding is recorded."),
        back=link_of(result.studio),
    )

    def do() -> None:
        given = form.cleaned_data
        decide_result(result, confirmed=given["confirmed"] == "yes", reason=given["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=result.studio, result=result)


@login_required
@require_http_methods(["GET", "POST"])
def visit_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, studio = _kept(request, public_id)
    form = VisitForm(posted(request), handed_in(request), studio=studio)
    page = Act(
        _("A visit: %(studio)s") % {"studio": studio.name},
        _("Day, body and number of people become public; photos do not."),
        _("Enter"),
        _("The visit is entered."),
        back=link_of(studio),
        uploads=True,
    )

    def do() -> None:
        given = dict(form.cleaned_data)
        photos = [keep_file(one, actor, kind=policies.PHOTO, taken=PHOTO_TYPES) for one in given.pop("photos")]
        visit = VisitGiven(**given, photos=[one for one in photos if one is not None])
        record_visit(studio, visit, actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=studio)
