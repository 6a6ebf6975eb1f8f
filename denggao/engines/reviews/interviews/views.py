"""The office's running order, the board for the corridor, and the own turn on the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.reviews.interviews import actions, policies
from denggao.engines.reviews.interviews.forms import DayForm, MoveForm, OrderForm, SwapForm
from denggao.engines.reviews.interviews.models import InterviewDay
from denggao.engines.reviews.interviews.queries import running_order
from denggao.engines.reviews.interviews.registry import interview_subject
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.listing import Listing

TONES = {"planned": "lake", "published": "amber", "closed": "jade", "cancelled": "withdrawn"}


@login_required
@require_GET
def day_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_days(actor),
        sorts={"title": "title_zh", "starts": "starts_at", "state": "state"},
        default="-starts",
        search=("title_zh", "title_en", "place"),
    )
    rows = [{"day": each, "tone": TONES[each.state]} for each in listing.rows]
    return render(request, "interviews/days.html", {"listing": listing, "rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def day_new(request: HttpRequest) -> HttpResponse:
    """``?kind=`` and ``?subject=`` say whose candidates are heard."""
    actor, now = actor_of(request), timezone.now()
    if not policies.can_plan(actor):
        raise PermissionDenied
    kind, subject_id, titles = _asked_subject(request)
    minutes, after, pause = actions.usual(timezone.localdate(now))
    initial: dict[str, Any] = {"title_zh": titles[0], "title_en": titles[1], "order": InterviewDay.Order.NUMBER}
    initial |= {"minutes_each": minutes, "break_after": after, "break_minutes": pause}
    form = DayForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            day = actions.plan_day(kind, subject_id, form.given(), actor=actor, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The day is planned. Look at the order, then publish it."))
            return redirect("interviews:day", day.public_id)
    return render(request, "interviews/form.html", {"form": form}, status=422 if form.errors else 200)


def _asked_subject(request: HttpRequest) -> tuple[str, UUID, tuple[str, str]]:
    """Raises Http404."""
    given = request.GET if "kind" in request.GET else request.POST
    subject = interview_subject(given.get("kind", ""))
    try:
        subject_id = UUID(given.get("subject", ""))
    except ValueError:
        raise Http404 from None
    titles = subject.titles(subject_id) if subject is not None else None
    if titles is None:
        raise Http404
    return given["kind"], subject_id, titles


@login_required
@require_GET
def day_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    return _page(request, actor, policies.get_day_for(actor, public_id))


def _page(request: HttpRequest, actor: Actor, day: InterviewDay, refusal: str = "") -> HttpResponse:
    day.refresh_from_db()
    order = running_order(day, timezone.now())
    subject = interview_subject(day.subject_kind)
    context = {
        "day": day,
        "tone": TONES[day.state],
        "order": order,
        "ahead": timezone.localdate(day.starts_at) > timezone.localdate(),
        "subject_url": subject.url(day.subject_id) if subject is not None else "",
        "may_run": policies.can_run(actor, day) and day.state == InterviewDay.State.PUBLISHED,
        "may_plan": policies.can_change_plan(actor, day) and day.is_running,
        "order_form": OrderForm(initial={"order": day.order, "seed": day.seed}),
        "refusal": refusal,
    }
    return render(request, "interviews/day.html", context, status=422 if refusal else 200)


def _acted(request: HttpRequest, day: InterviewDay, act: Callable[[], object], done: str = "") -> HttpResponse:
    """Do it; a refusal stands above the order, which shows how things are now."""
    actor = actor_of(request)
    try:
        act()
    except Refused as refused:
        return _page(request, actor, policies.get_day_for(actor, day.public_id), str(refused))
    if done:
        messages.success(request, done)
    return redirect("interviews:day", day.public_id)


@login_required
@require_POST
def day_arrange(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    day = policies.get_day_for_planning(actor, public_id)
    form = OrderForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, day, _("Order: by number, by group, or by lot."))
    return _acted(request, day, lambda: actions.arrange_day(day, **form.cleaned_data, actor=actor, now=timezone.now()))


@login_required
@require_POST
def day_publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    day = policies.get_day_for_planning(actor, public_id)
    act = lambda: actions.publish_day(day, actor=actor, now=timezone.now())  # noqa: E731  # one thing to do
    return _acted(request, day, act, _("The order is published; everybody heard is told."))


@login_required
@require_POST
def day_call_off(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    day = policies.get_day_for_planning(actor, public_id)
    reason = request.POST.get("reason", "")
    return _acted(request, day, lambda: actions.call_off_day(day, reason=reason, actor=actor, now=timezone.now()))


@login_required
@require_POST
def day_close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    day = policies.get_day_for_running(actor, public_id)
    return _acted(request, day, lambda: actions.close_day(day, actor=actor, now=timezone.now()))


@login_required
@require_POST
def call_next(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    day = policies.get_day_for_running(actor, public_id)
    return _acted(request, day, lambda: actions.call_next(day, actor=actor, now=timezone.now()))


@login_required
@require_POST
def slot_begin(request: HttpRequest, public_id: UUID, slot_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    slot = policies.get_slot_for_running(actor, public_id, slot_id)
    return _acted(request, slot.day, lambda: actions.begin_slot(slot, actor=actor, now=timezone.now()))


@login_required
@require_POST
def slot_end(request: HttpRequest, public_id: UUID, slot_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    slot = policies.get_slot_for_running(actor, public_id, slot_id)
    text = request.POST.get("note", "")
    return _acted(request, slot.day, lambda: actions.end_slot(slot, note_text=text, actor=actor, now=timezone.now()))


@login_required
@require_POST
def slot_absent(request: HttpRequest, public_id: UUID, slot_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    slot = policies.get_slot_for_running(actor, public_id, slot_id)
    text = request.POST.get("note", "")
    return _acted(request, slot.day, lambda: actions.mark_absent(slot, note_text=text, actor=actor, now=timezone.now()))


@login_required
@require_POST
def slot_last(request: HttpRequest, public_id: UUID, slot_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    slot = policies.get_slot_for_running(actor, public_id, slot_id)
    reason = request.POST.get("note", "")
    return _acted(request, slot.day, lambda: actions.put_at_the_end(slot, reason=reason, actor=actor, now=timezone.now()))


@login_required
@require_POST
def slot_move(request: HttpRequest, public_id: UUID, slot_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    policies.get_day_for_planning(actor, public_id)
    slot = policies.get_slot_for_running(actor, public_id, slot_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, slot.day, _("Position: a whole number from 1."))
    return _acted(request, slot.day, lambda: actions.move_slot(slot, to=form.cleaned_data["to"], actor=actor, now=timezone.now()))


@login_required
@require_POST
def slot_swap(request: HttpRequest, public_id: UUID, slot_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    policies.get_day_for_planning(actor, public_id)
    slot = policies.get_slot_for_running(actor, public_id, slot_id)
    form = SwapForm(request.POST, day=slot.day)
    if not form.is_valid():
        return _page(request, actor, slot.day, _("Swap: choose somebody who still waits."))
    other = form.cleaned_data["other"]
    return _acted(request, slot.day, lambda: actions.swap_slots(slot, other, actor=actor, now=timezone.now()))


@login_required
@require_GET
def board(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For a screen in the corridor: numbers and masked names, nothing else. PRIVACY: whoever walks past reads it."""
    day = policies.get_day_for(actor_of(request), public_id)
    now = timezone.now()
    return render(request, "interviews/board.html", {"day": day, "order": running_order(day, now), "now": now})


@login_required
@require_GET
def sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The order on paper, with a column to sign."""
    day = policies.get_day_for(actor_of(request), public_id)
    return render(request, "interviews/sheet.html", {"day": day, "order": running_order(day, timezone.now())})


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    slots = policies.own_slots(actor_of(request)).exclude(day__state=InterviewDay.State.CANCELLED)
    return render(request, "interviews/mine.html", {"slots": list(slots.order_by("-day__starts_at", "position"))})


@login_required
@require_GET
def mine_day(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """SECURITY: the own turns and how many come before; of the others nothing."""
    day, slots = policies.get_own_day(actor_of(request), public_id)
    own = {slot.pk for slot in slots}
    order = running_order(day, timezone.now())
    lines = [line for line in order.lines if line.slot.pk in own]
    return render(request, "interviews/mine_day.html", {"day": day, "lines": lines, "late": order.late, "now": timezone.now()})
