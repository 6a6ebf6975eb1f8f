"""The office's pages: meetings listed, planned, held, and what is done on the day itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.reviews.meetings import policies
from denggao.engines.reviews.meetings.actions import closing, planning, recusing, sitting, voting
from denggao.engines.reviews.meetings.forms import (
    CountForm,
    InviteForm,
    MeetingForm,
    ReasonForm,
    RecusalForm,
    SeenForm,
    TextForm,
    initial_of,
)
from denggao.engines.reviews.meetings.models import Item, Meeting, Member, Vote
from denggao.engines.reviews.meetings.paper import minutes_of
from denggao.engines.reviews.meetings.registry import meeting_subject
from denggao.engines.reviews.meetings.showing import Day, asked_again, day_of, facts_of
from denggao.engines.reviews.models import Expert
from denggao.engines.reviews.queries import askable
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.people.rules import name_key
from denggao.foundation.standards.models import Industry
from denggao.foundation.ui.listing import Listing

TONES = {"planned": "lake", "open": "amber", "closed": "jade", "cancelled": "withdrawn"}
OFFERED = 25
POLLED = {"meet-counters": "meetings/parts/counters.html", "meet-vote": "meetings/parts/vote.html"}
"""What the page of the day asks for anew every few seconds: that part alone is drawn."""


@login_required
@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_meetings(actor).defer("record"),
        sorts={"title": "title_zh", "starts": "starts_at", "state": "state"},
        default="-starts",
        search=("title_zh", "title_en", "place"),
    )
    rows = [{"meeting": each, "tone": TONES[each.state]} for each in listing.rows]
    return render(request, "meetings/meetings.html", {"listing": listing, "rows": rows, "may_plan": policies.can_plan(actor)})


@login_required
@require_http_methods(["GET", "POST"])
def meeting_new(request: HttpRequest) -> HttpResponse:
    """``?kind=`` and ``?subject=`` say what the jury meets about."""
    actor, now = actor_of(request), timezone.now()
    if not policies.can_plan(actor):
        raise PermissionDenied
    kind, subject_id, setting = _asked_subject(request)
    initial = {"title_zh": setting.title_zh, "title_en": setting.title_en, "way": setting.way}
    if actor.user is not None:
        initial["minute_taker"] = actor.user.public_id
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=initial, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = planning.plan_meeting(kind, subject_id, form.given(), actor=actor, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The meeting is planned. Now invite its members."))
            return redirect("meetings:meeting", meeting.public_id)
    page = {"form": form, "setting": setting}
    return render(request, "meetings/form.html", page, status=422 if form.errors else 200)


def _asked_subject(request: HttpRequest) -> tuple[str, UUID, Any]:
    """Raises Http404."""
    given = request.GET if "kind" in request.GET else request.POST
    kind = given.get("kind", "")
    subject = meeting_subject(kind)
    try:
        subject_id = UUID(given.get("subject", ""))
    except ValueError:
        raise Http404 from None
    setting = subject.setting(subject_id) if subject is not None else None
    if setting is None:
        raise Http404
    return kind, subject_id, setting


@login_required
@require_http_methods(["GET", "POST"])
def meeting_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    meeting = policies.get_meeting_for_planning(actor, public_id)
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=initial_of(meeting), now=now)
    if request.method == "POST" and form.is_valid():
        try:
            planning.change_meeting(meeting, form.given(), actor=actor, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("meetings:meeting", public_id)
    return render(request, "meetings/form.html", {"form": form, "meeting": meeting}, status=422 if form.errors else 200)


@login_required
@require_GET
def meeting_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    return _page(request, actor, policies.get_meeting_for(actor, public_id))


def _page(request: HttpRequest, actor: Actor, meeting: Meeting, refusal: str = "") -> HttpResponse:
    """The plan before, the day itself, the minutes afterwards; ``?item=`` shows another than that on the table."""
    if refusal:
        meeting.refresh_from_db()
    day = day_of(meeting, actor, request.GET, chosen=_chosen(request, meeting))
    if (part := asked_again(request, POLLED)) and meeting.state == Meeting.State.OPEN:
        return render(request, part, {"meeting": meeting, "day": day})
    may = policies.can_take_minutes(actor, meeting)
    plans = may and policies.can_plan(actor)
    context: dict[str, Any] = {
        "meeting": meeting,
        "tone": TONES[meeting.state],
        "day": day,
        "facts": facts_of(meeting, len(day.members)),
        "subject_url": _subject_url(meeting),
        "may_take": may,
        "may_plan": plans and meeting.state == Meeting.State.PLANNED,
        "may_call_off": plans and meeting.is_running,
        "may_confirm": meeting.closing_at is not None and _may_confirm(actor, meeting),
        "choices": [(code, str(label)) for code, label in Vote.Choice.choices],
        "refusal": refusal,
        "addenda": list(meeting.addenda.all()) if meeting.state == Meeting.State.CLOSED else [],
    }
    if context["may_plan"]:
        context |= _offer(request, meeting, day)
    template = "meetings/meeting.html" if meeting.state != Meeting.State.OPEN else "meetings/day.html"
    return render(request, template, context, status=422 if refusal else 200)


def _chosen(request: HttpRequest, meeting: Meeting) -> Item | None:
    try:
        return meeting.items.filter(public_id=UUID(request.GET.get("item", ""))).first()
    except ValueError:
        return None


def _may_confirm(actor: Actor, meeting: Meeting) -> bool:
    second = meeting.closing_by != actor.id and not (actor.user is not None and actor.user.pk == meeting.minute_taker_id)
    return second and policies.can_confirm(actor, meeting)


def _subject_url(meeting: Meeting) -> str:
    subject = meeting_subject(meeting.subject_kind)
    return subject.url(meeting.subject_id) if subject is not None else ""


def _offer(request: HttpRequest, meeting: Meeting, day: Day) -> dict[str, Any]:
    """Experts who could be invited: by field and by name, at most ``OFFERED``."""
    here = {line.member.expert_id for line in day.members}
    found = askable(Expert.objects.exclude(pk__in=here)).select_related("person", "employer").prefetch_related("fields")
    field, text = request.GET.get("field", ""), request.GET.get("expert", "").strip()
    if field:
        found = found.filter(fields__code=field)
    if text:
        found = found.filter(person__name_key__startswith=name_key(text))
    experts = list(found.order_by("pk")[: OFFERED + 1])
    return {
        "offer": experts[:OFFERED],
        "offer_more": len(experts) > OFFERED,
        "fields": list(Industry.objects.all()),
        "field": field,
        "text": text,
    }


# What is done, one address each


def _acted(request: HttpRequest, meeting: Meeting, act: Callable[[], object], done: str = "") -> HttpResponse:
    """Do it; a refusal stands above the page, which shows how things are now."""
    actor = actor_of(request)
    try:
        act()
    except Refused as refused:
        return _page(request, actor, policies.get_meeting_for(actor, meeting.public_id), str(refused))
    if done:
        messages.success(request, done)
    return redirect(reverse("meetings:meeting", args=[meeting.public_id]))


@login_required
@require_POST
def members_invite(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_meeting_for_planning(actor, public_id)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, meeting, _("Choose at least one expert."))
    experts = list(form.cleaned_data["experts"])
    return _acted(
        request,
        meeting,
        lambda: planning.invite_members(meeting, experts, actor=actor, now=timezone.now()),
        _("Invited; they are told by message."),
    )


def _with_member(act: Callable[..., object], done: str = "", *, planning_only: bool = False) -> Callable[..., HttpResponse]:
    """A view that does one thing about a member."""

    @login_required
    @require_POST
    def view(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
        actor = actor_of(request)
        if planning_only:
            policies.get_meeting_for_planning(actor, public_id)
        member: Member = policies.get_member_for_minutes(actor, public_id, member_id)
        return _acted(request, member.meeting, lambda: act(member, actor=actor, now=timezone.now()), done and _(done))

    return view


member_remove = _with_member(planning.remove_member, planning_only=True)
member_chair = _with_member(planning.name_chair, planning_only=True)
member_arrive = _with_member(sitting.arrive)
member_leave = _with_member(sitting.leave)


def _with_meeting(act: Callable[..., object], *, get: Callable[..., Meeting] | None = None) -> Callable[..., HttpResponse]:
    """A view that does one thing about the whole meeting."""

    @login_required
    @require_POST
    def view(request: HttpRequest, public_id: UUID) -> HttpResponse:
        actor = actor_of(request)
        meeting = (get or policies.get_meeting_for_minutes)(actor, public_id)
        return _acted(request, meeting, lambda: act(meeting, actor=actor, now=timezone.now()))

    return view


meeting_refresh = _with_meeting(planning.refresh_candidates)
meeting_open = _with_meeting(sitting.open_meeting)
second_vote = _with_meeting(voting.open_second_vote)
votes_end = _with_meeting(closing.end_votes)
votes_resume = _with_meeting(closing.resume_votes)


@login_required
@require_POST
def meeting_close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_meeting_for_minutes(actor, public_id)
    if not policies.can_confirm(actor, meeting):
        raise PermissionDenied
    act = lambda: closing.confirm_closing(meeting, actor=actor, now=timezone.now())  # noqa: E731  # one thing to do
    return _acted(request, meeting, act, _("The meeting is closed; its minutes are frozen, and the candidates have gone on."))


@login_required
@require_POST
def meeting_call_off(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_meeting_for_planning(actor, public_id)
    reason = request.POST.get("reason", "")
    return _acted(
        request, meeting, lambda: planning.call_off_meeting(meeting, reason=reason, actor=actor, now=timezone.now())
    )  # fmt: skip


@login_required
@require_POST
def minutes_write(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_meeting_for_minutes(actor, public_id)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, meeting, _("Text: 8,000 characters at most."))
    text, seen = form.cleaned_data["text"], _seen(form)
    return _acted(
        request,
        meeting,
        lambda: closing.write_minutes(meeting, text=text, seen=seen, actor=actor, now=timezone.now()),
        _("Saved."),
    )


def _seen(form: TextForm) -> str:
    """A browser sends line ends its own way."""
    seen: str = form.cleaned_data["seen"]
    return seen.replace("\r\n", "\n")


@login_required
@require_POST
def addendum_write(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_meeting_for_minutes(actor, public_id)
    text = request.POST.get("text", "")
    return _acted(
        request,
        meeting,
        lambda: closing.write_addendum(meeting, text=text, actor=actor, now=timezone.now()),
        _("The addendum stands beside the minutes."),
    )


@login_required
@require_POST
def item_call(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_item_for_minutes(actor, public_id, item_id)
    return _acted(request, item.meeting, lambda: voting.call_item(item, actor=actor, now=timezone.now()))


@login_required
@require_POST
def item_votes(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """The votes of several members at once: ``vote-<member>``."""
    actor = actor_of(request)
    item = policies.get_item_for_minutes(actor, public_id, item_id)
    choices = {name[5:]: str(value) for name, value in request.POST.items() if name.startswith("vote-") and value}
    return _acted(request, item.meeting, lambda: voting.enter_votes(item, choices, actor=actor, now=timezone.now()))


@login_required
@require_POST
def item_settle(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_item_for_minutes(actor, public_id, item_id)
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    return _acted(
        request,
        item.meeting,
        lambda: voting.settle_ballot(voting.ballot_of(item), seen=seen, actor=actor, now=timezone.now()),
    )


@login_required
@require_POST
def item_count(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_item_for_minutes(actor, public_id, item_id)
    form = CountForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, item.meeting, _("Votes: enter three whole numbers, 0 where there were none."))
    return _acted(
        request,
        item.meeting,
        lambda: voting.count_ballot(voting.ballot_of(item), **form.cleaned_data, actor=actor, now=timezone.now()),
    )


@login_required
@require_POST
def item_check(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_item_for_minutes(actor, public_id, item_id)
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    return _acted(
        request, item.meeting, lambda: voting.check_count(voting.ballot_of(item), seen=seen, actor=actor, now=timezone.now())
    )  # fmt: skip


@login_required
@require_POST
def item_again(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_item_for_minutes(actor, public_id, item_id)
    reason = request.POST.get("reason", "")
    return _acted(request, item.meeting, lambda: voting.vote_again(item, reason=reason, actor=actor, now=timezone.now()))


@login_required
@require_POST
def item_decide(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_item_for_minutes(actor, public_id, item_id)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, item.meeting, _("Text: 8,000 characters at most."))
    text, seen = form.cleaned_data["text"], _seen(form)
    return _acted(
        request,
        item.meeting,
        lambda: voting.write_decision(item, text=text, seen=seen, actor=actor, now=timezone.now()),
        _("Saved."),
    )


@login_required
@require_POST
def item_recuse(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """By the chair's word."""
    actor = actor_of(request)
    item = policies.get_item_for_minutes(actor, public_id, item_id)
    form = RecusalForm(request.POST, meeting=item.meeting)
    if not form.is_valid():
        return _page(request, actor, item.meeting, _("Recusal: choose a member, and say why."))
    member: Member = form.cleaned_data["member"]
    reason = form.cleaned_data["reason"]
    return _acted(
        request,
        item.meeting,
        lambda: recusing.set_recusal(member, item, reason=reason, actor=actor, now=timezone.now()),
        _("The member is recused from this candidate."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def recusal_clear(request: HttpRequest, public_id: UUID, recusal_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    recusal = policies.get_recusal_for_clearing(actor, public_id, recusal_id)
    meeting = recusal.item.meeting
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            recusing.clear_recusal(recusal, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The recusal is cleared."))
            return redirect("meetings:meeting", meeting.public_id)
    page = {"form": form, "meeting": meeting, "recusal": recusal}
    return render(request, "meetings/clear.html", page, status=422 if form.errors else 200)


@login_required
@require_GET
def minutes_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The minutes as a document; of a meeting not closed yet a draft, which says so."""
    actor = actor_of(request)
    meeting = policies.get_meeting_for(actor, public_id)
    try:
        made = minutes_of(meeting)
    except Refused as refused:
        return _page(request, actor, meeting, str(refused))
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="minutes-{str(meeting.public_id)[:8]}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
