"""Findings: the office's list, one of them with what shows it, and settling it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from denggao.engines.hours import policies, rhythm
from denggao.engines.hours.actions.finding import clear_finding, propose_upholding, recall_proposal, uphold_finding
from denggao.engines.hours.drawing import rhythm_of
from denggao.engines.hours.forms import ConfirmForm, FindingFilters, ReasonForm
from denggao.engines.hours.models import Finding, Fix, HourEntry
from denggao.engines.hours.registry import activity_titles
from denggao.engines.hours.showing import UNKNOWN, spent_of
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.words import actor_name

ACT = "hours/act.html"
_DRAWN = 12


def tabs(actor: Actor, here: str) -> list[dict[str, Any]]:
    """Findings (the office) and corrections, with how many wait."""
    waiting = policies.visible_fixes(actor).filter(state=Fix.State.ASKED).count()
    shown = [{"label": _("Corrections"), "url": reverse("hours:fixes"), "on": here == "fixes", "count": waiting}]
    if actor.is_office:
        open_ones = Finding.objects.filter(state=Finding.State.OPEN).count()
        shown.insert(
            0,
            {
                "label": pgettext("hours", "Findings"),
                "url": reverse("hours:findings"),
                "on": here == "findings",
                "count": open_ones,
            },
        )
    return shown


@login_required
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied(_("Findings are looked into by the programme office."))
    rows = policies.visible_findings(actor).select_related("person").annotate(sat=Count("sittings"))
    listing = Listing(
        request.GET,
        rows,
        sorts={"day": "day", "found": "found_at", "kind": "kind"},
        default="-day",
        search=("person__name", "reason"),
        filters=FindingFilters,
    )
    if listing.export:
        return _export(listing)
    return render(request, "hours/findings.html", {"listing": listing, "tabs": tabs(actor, "findings")})


def _export(listing: Listing) -> HttpResponse:
    """PRIVACY: names are masked in the file, as in the list."""
    header = [_("Name"), _("Day"), _("Pattern"), _("State"), _("Sittings"), _("Reason"), _("Found at")]
    rows = (
        (
            item.person.masked_name,
            item.day,
            str(item.get_kind_display()),
            str(item.get_state_display()),
            item.sat,
            item.reason,
            item.found_at,
        )
        for item in listing.everything
    )
    return table_response("findings", header, rows, kind=listing.export)


@login_required
@require_safe
def finding(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_finding_for(actor, public_id)
    sittings = list(found.sittings.order_by("started_at"))
    titles = activity_titles({(item.activity_kind, item.activity_id) for item in sittings})
    entered = HourEntry.objects.filter(source_kind="sitting", source_id__in=[item.public_id for item in sittings])
    context: dict[str, Any] = {
        "finding": found,
        "evidence": evidence_words(found),
        "sat": [
            {
                "sitting": item,
                "activity": titles.get((item.activity_kind, item.activity_id), UNKNOWN),
                "rhythm": rhythm_of(rhythm.read(item.rhythm)) if number < _DRAWN and item.beats else None,
                "spent": spent_of(item),
            }
            for number, item in enumerate(sittings)
        ],
        "at_stake": sum(entered.filter(reverses__isnull=True, reversal__isnull=True).values_list("seconds", flat=True)),
        "taken_back": -sum(
            HourEntry.objects.filter(source_kind="finding", source_id=found.public_id).values_list("seconds", flat=True)
        ),
        "others": list(
            Finding.objects.filter(group=found.group).exclude(pk=found.pk).select_related("person").order_by("day", "pk")[:20]
        )
        if found.group
        else [],
        "asked_by": actor_name(found.asked_by, found.asked_by_text),
        "answered_by": actor_name(found.answered_by, found.answered_by_text),
        "may_judge": found.state == Finding.State.OPEN and policies.can_judge(actor, found),
        "may_confirm": found.is_proposed and policies.can_confirm(actor, found),
    }
    return render(request, "hours/finding.html", context)


def evidence_words(found: Finding) -> list[tuple[str, str]]:
    """What shows it, label and value."""
    told = found.evidence
    words: dict[str, list[tuple[str, str]]] = {
        "rhythm": [
            (_("Beats in a row"), f"{told.get('beats', '')}"),
            (_("Measured by"), _("signs of a hand a beat") if told.get("by") == "acts" else _("pause before a beat")),
            (_("On average"), f"{told.get('mean', '')}"),
            (_("Variation"), _("%(share)s (people: well over 0.3)") % {"share": told.get("variation", "")}),
        ],
        "same_rhythm": [
            (_("People with the same rhythm"), f"{told.get('people', '')}"),
            (_("Beats that are the same"), _("at least %(count)s in a row") % {"count": told.get("beats", "")}),
        ],
        "device": [
            (_("People on this device that day"), f"{told.get('people', '')}"),
            (_("From so many addresses"), f"{told.get('addresses', '')}"),
        ],
        "impossible_day": [
            (_("At the screen that day"), _minutes(told.get("present_seconds"))),
            (_("Entered that day, all kinds"), _minutes(told.get("entered_seconds"))),
            (_("Doubtful above"), _minutes(told.get("limit_seconds"))),
        ],
        "overlap": [
            (_("Sittings during a class"), f"{told.get('at_screen', '')}"),
            (_("Times another device took over"), f"{told.get('takeovers', '')}"),
            (_("Devices"), f"{told.get('devices', '')}"),
            (_("Classes at the same time"), f"{len(told.get('entries', []))}"),
        ],
        "clock": [(_("The device’s clock was moved by"), _minutes(told.get("seconds")))],
    }
    return words.get(found.kind, [])


def _minutes(seconds: Any) -> str:
    return _("%(minutes)s min") % {"minutes": int(seconds or 0) // 60}


def _back(found: Finding) -> str:
    return reverse("hours:finding", args=[found.public_id])


def _for_judging(request: HttpRequest, public_id: UUID) -> tuple[Actor, Finding]:
    """Raises Http404, PermissionDenied."""
    actor = actor_of(request)
    found = policies.get_finding_for(actor, public_id)
    if not policies.can_judge(actor, found):
        raise PermissionDenied(_("Clerks, reviewers and approvers settle findings, never their own."))
    return actor, found


def _served(request: HttpRequest, act: Act, settle: Callable[..., Finding], actor: Actor, found: Finding) -> HttpResponse:
    """An act on a finding that takes a reason and nothing else."""
    form = ReasonForm(posted(request))
    return serve_act(
        request,
        form,
        act,
        lambda: settle(found, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template=ACT,
        finding=found,
    )


@login_required
@require_http_methods(["GET", "POST"])
def clear(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, found = _for_judging(request, public_id)
    act = Act(
        _("Clear the finding"),
        _("The hours count as they do. The finding stays in the list, with your reason."),
        pgettext("hours", "Clear"),
        _("The finding is cleared."),
        back=_back(found),
    )
    return _served(request, act, clear_finding, actor, found)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, found = _for_judging(request, public_id)
    act = Act(
        _("Propose to uphold it"),
        _("Nothing changes before a second person confirms. Then the hours are taken back, and the learner reads your reason."),
        _("Propose"),
        _("Proposed: a second person confirms it."),
        back=_back(found),
        tone="danger-fill",
    )
    return _served(request, act, propose_upholding, actor, found)


@login_required
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, found = _for_judging(request, public_id)
    act = Act(
        _("Don’t uphold it yet"),
        _("The proposal is withdrawn; the finding is open again."),
        _("Withdraw the proposal"),
        _("The finding is open again."),
        back=_back(found),
    )
    return _served(request, act, recall_proposal, actor, found)


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, found = _for_judging(request, public_id)
    if not policies.can_confirm(actor, found):
        raise PermissionDenied(_("You proposed this yourself: a second person confirms it."))
    form = ConfirmForm(posted(request))
    act = Act(
        _("Uphold the finding"),
        _("The sittings count nothing any more; their entries are reversed, not deleted. The learner is told and can object."),
        _("Uphold"),
        _("Upheld: the hours are taken back."),
        back=_back(found),
        tone="danger-fill",
    )
    return serve_act(
        request,
        form,
        act,
        lambda: uphold_finding(found, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template=ACT,
        finding=found,
    )
