"""A member's own pages, on the phone: the meetings, what is on the table, the files, the own recusals and votes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.reviews.meetings import policies
from denggao.engines.reviews.meetings.actions import planning, recusing, voting
from denggao.engines.reviews.meetings.forms import ReasonForm
from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Member, Presence, Recusal, Vote
from denggao.engines.reviews.meetings.reading import Listed, Votes, listed_in, votes_in
from denggao.engines.reviews.meetings.registry import meeting_subject
from denggao.engines.reviews.meetings.showing import asked_again, candidates_of
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of


@dataclass(frozen=True)
class Row:
    """One candidate as one member sees it. ``ballot``: where its numbers may be told; ``state`` is its ballot's, or empty."""

    item: Item | Listed
    recused: bool
    vote: Vote | None
    ballot: Votes | None
    state: str

    @property
    def is_open(self) -> bool:
        return self.state == Ballot.State.OPEN

    @property
    def to_check(self) -> bool:
        return self.state == Ballot.State.COUNTED

    @property
    def settled(self) -> bool:
        return self.state == Ballot.State.SETTLED


STANDINGS: tuple[tuple[str, Any, Callable[[Row], bool]], ...] = (
    ("left", gettext_lazy("still to be voted on"), lambda row: row.item.state == Item.State.STANDING and not row.settled),
    ("done", gettext_lazy("voted on"), lambda row: row.settled),
    ("recused", gettext_lazy("you are recused"), lambda row: row.recused),
)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    seats = policies.own_seats(actor_of(request)).exclude(meeting__state=Meeting.State.CANCELLED)
    return render(request, "meetings/mine.html", {"seats": list(seats.order_by("-meeting__starts_at"))})


@login_required
@require_GET
def seat_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, policies.get_own_seat(actor_of(request), public_id))


def _page(request: HttpRequest, member: Member, refusal: str = "") -> HttpResponse:
    """Six queries, however many candidates. SECURITY: nobody else's votes, and no numbers before a vote is settled."""
    meeting = Meeting.objects.select_related("on_table").defer("record").get(pk=member.meeting_id)
    out = set(Recusal.objects.filter(member=member, cleared_at__isnull=True).values_list("item_id", flat=True))
    ballots = {item_id: cast[-1] for item_id, cast in votes_in(meeting).items()}
    votes = Vote.objects.filter(member=member, set_aside_at__isnull=True, ballot__in=[each.pk for each in ballots.values()])
    choices = {vote.ballot_id: vote for vote in votes}
    rows = [_row(item, ballots.get(item.pk), choices, recused=item.pk in out) for item in listed_in(meeting)]
    mine = candidates_of(rows, request.GET, STANDINGS, first=lambda row: row.item.pk == meeting.on_table_id)
    context = {
        "meeting": meeting,
        "member": member,
        "listing": mine,
        "table": next((row for row in rows if row.item.pk == meeting.on_table_id), None),
        "present": Presence.objects.filter(member=member, to_at__isnull=True).exists(),
        "named": meeting.way == Meeting.Way.NAMED,
        "choices": Vote.Choice.choices,
        "refusal": refusal,
    }
    if part := asked_again(request, {"now": "meetings/parts/now.html"}):
        return render(request, part, context)
    return render(request, "meetings/seat.html", context, status=422 if refusal else 200)


def _row(item: Item | Listed, ballot: Votes | None, choices: dict[int, Vote], *, recused: bool) -> Row:
    vote = choices.get(ballot.pk) if ballot is not None else None
    state = ballot.state if ballot is not None else ""
    told = ballot if state in {Ballot.State.SETTLED, Ballot.State.COUNTED} and not recused else None
    return Row(item, recused, vote, told, state)


@login_required
@require_POST
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    member = policies.get_own_seat(actor, public_id)
    try:
        planning.answer_invitation(member, coming=request.POST.get("coming") == "yes", actor=actor, now=timezone.now())
    except Refused as refused:
        return _page(request, member, str(refused))
    messages.success(request, _("Thank you; the office reads it."))
    return redirect("meetings:seat", public_id)


@login_required
@require_GET
def file_page(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """What the member reads of a candidate; not there for who is recused."""
    actor = actor_of(request)
    member = policies.get_own_seat(actor, public_id)
    item = policies.get_item_of_seat(member, item_id)
    subject = meeting_subject(member.meeting.subject_kind)
    found = subject.file(actor, item.subject_id) if subject is not None and _may_read(member) else None
    template, context = found or ("", {})
    page = {**context, "member": member, "meeting": member.meeting, "item": item, "file_template": template}
    return render(request, "meetings/file.html", page)


def _may_read(member: Member) -> bool:
    """From the invitation on, as long as it was not declined and the meeting was not called off."""
    return member.answer != Member.Answer.DECLINED and member.meeting.state != Meeting.State.CANCELLED


@login_required
@require_POST
def vote(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    member = policies.get_own_seat(actor, public_id)
    item = policies.get_item_of_seat(member, item_id)
    try:
        voting.cast_vote(member, item, request.POST.get("choice", ""), actor=actor, now=timezone.now())
    except Refused as refused:
        return _page(request, member, str(refused))
    messages.success(request, _("Your vote is kept. You may change it until it is settled."))
    return redirect("meetings:seat", public_id)


@login_required
@require_POST
def check(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """The count of a secret vote is right: said by a member in the room."""
    actor: Actor = actor_of(request)
    member = policies.get_own_seat(actor, public_id)
    item = policies.get_item_of_seat(member, item_id)
    try:
        seen = int(request.POST.get("seen", ""))
    except ValueError:
        return _page(request, member, _("Look at the count once more, then confirm it."))
    try:
        voting.check_count(voting.ballot_of(item), seen=seen, actor=actor, now=timezone.now())
    except Refused as refused:
        return _page(request, member, str(refused))
    messages.success(request, _("The count is confirmed."))
    return redirect("meetings:seat", public_id)


@login_required
@require_http_methods(["GET", "POST"])
def recuse(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    member = policies.get_own_seat(actor, public_id)
    item = policies.get_item_of_seat(member, item_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            recusing.declare_recusal(member, item, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("You are recused from this candidate."))
            return redirect("meetings:seat", public_id)
    page = {"form": form, "member": member, "meeting": member.meeting, "item": item}
    return render(request, "meetings/recuse.html", page, status=422 if form.errors else 200)
