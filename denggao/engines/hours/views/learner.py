"""Whose hours, and why: the own page, made for a phone; the same for office and teachers."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from denggao.engines.hours import policies, rhythm
from denggao.engines.hours.drawing import rhythm_of, strip_of, week_of
from denggao.engines.hours.forms import EntryFilters
from denggao.engines.hours.kinds import kind_label
from denggao.engines.hours.limits import lesson_minutes_on, limits_on
from denggao.engines.hours.models import HourEntry
from denggao.engines.hours.registry import activity_titles, context_titles
from denggao.engines.hours.showing import UNKNOWN, lines_of, rules_on, spent_of, sums_of
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.people.models import Person
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    person = policies.own_person(actor)
    if person is None:
        return render(request, "hours/nobody.html")
    return _page(request, actor, person, mine=True)


@login_required
@require_safe
def learner(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    person = policies.get_learner_for(actor, public_id)
    if policies.is_own(actor, person):
        return redirect("hours:own")
    return _page(request, actor, person, mine=False)


def _page(request: HttpRequest, actor: Actor, person: Person, *, mine: bool) -> HttpResponse:
    today = timezone.localdate()
    entries = policies.visible_entries(actor).filter(person=person)
    sittings = policies.visible_sittings(actor).filter(person=person)
    sums = sums_of(entries, sittings.filter(seconds__gt=F("entered_seconds")), today=today)
    listing = Listing(
        request.GET,
        entries.filter(reverses__isnull=True).select_related("reversal", "organisation"),
        sorts={"day": "day", "seconds": "seconds"},
        default="-day",
        filters=EntryFilters,
        contexts=[(item.ref, item.titled.title or _("without a name")) for item in sums.by_context],
        per_page=30,
    )
    if listing.export:
        return _export(listing, person)
    monday = _monday(request, today)
    chosen = listing.filterset.form.cleaned_data.get("day") if listing.filterset and listing.filterset.form.is_valid() else None
    fixes = policies.visible_fixes(actor).filter(person=person).order_by("-asked_at")[:20]
    context: dict[str, Any] = {
        "person": person,
        "mine": mine,
        "sums": sums,
        "week": week_of(monday, sums.by_day, cap=limits_on(today).cap_ms // 1000, today=today, chosen=chosen),
        "monday": monday,
        "sunday": monday + dt.timedelta(days=6),
        "before": monday - dt.timedelta(days=7),
        "after": monday + dt.timedelta(days=7) if monday + dt.timedelta(days=7) <= today else None,
        "today_seconds": sums.by_day.get(today, 0),
        "listing": listing,
        "lines": lines_of(listing.rows),
        "sitting": sittings.filter(ended_at__isnull=True).first(),
        "fixes": list(fixes),
        "rules": rules_on(today),
        "lesson_minutes": f"{lesson_minutes_on(today).normalize():f}",
        "may_fix": policies.can_ask_fix(actor, person),
        "findings": policies.visible_findings(actor).filter(person=person, state="open").count() if actor.is_office else 0,
    }
    return render(request, "hours/learner.html", context)


def _monday(request: HttpRequest, today: dt.date) -> dt.date:
    """Of the week asked for; of this one where none is."""
    try:
        asked = dt.date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        asked = today
    asked = min(max(asked, dt.date(2000, 1, 3)), today)
    return asked - dt.timedelta(days=asked.weekday())


def _export(listing: Listing, person: Person) -> HttpResponse:
    """PRIVACY: the name is masked in the file, as on the page."""
    header = [
        _("Name"),
        _("Day"),
        pgettext("hours", "For"),
        _("Activity"),
        _("Kind"),
        _("Seconds"),
        _("Source"),
        _("Taken back because"),
        _("Rule"),
    ]
    rows = (
        (
            person.masked_name,
            line.entry.day,
            line.context.title,
            line.activity.title,
            str(kind_label(line.entry.kind)),
            line.why.counts,
            line.entry.source_kind,
            line.why.reversal.reason if line.why.reversal else "",
            line.entry.rule,
        )
        for line in lines_of(list(listing.everything[:20_000]))
    )
    return table_response("hours", header, rows, kind=listing.export)


@login_required
@require_safe
def sitting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One sitting: what it shows, and why so much of it counts."""
    actor = actor_of(request)
    found = policies.get_sitting_for(actor, public_id)
    mine = policies.is_own(actor, found.person)
    activity, context = (found.activity_kind, found.activity_id), (found.context_kind, found.context_id)
    beats = rhythm.read(found.rhythm)
    entries = (
        HourEntry.objects.filter(source_kind="sitting", source_id=found.public_id).select_related("reversal").order_by("day", "pk")
    )
    facts: dict[str, Any] = {
        "sitting": found,
        "mine": mine,
        "activity": activity_titles({activity}).get(activity, UNKNOWN),
        "context": context_titles({context}).get(context, UNKNOWN),
        "spent": spent_of(found),
        "rhythm": rhythm_of(beats) if beats else None,
        "strip": strip_of([(part[0], part[1]) for part in found.parts], found.length_seconds),
        "entries": list(entries),
        "rules": rules_on(timezone.localdate(found.started_at)),
        "findings": list(policies.visible_findings(actor).filter(sittings=found)),
        "sees_device": actor.is_office,
        "back": reverse("hours:own") if mine else reverse("hours:learner", args=[found.person.public_id]),
    }
    return render(request, "hours/one.html", facts)
