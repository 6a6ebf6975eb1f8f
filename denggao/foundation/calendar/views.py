"""The calendar's pages: a year as it is known, and entering one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.calendar import policies
from denggao.foundation.calendar.actions import ArrangementRefused, enter_year
from denggao.foundation.calendar.forms import ArrangementForm
from denggao.foundation.calendar.models import CalendarYear
from denggao.foundation.calendar.queries import arrangement_of, days_of, months_of
from denggao.foundation.calendar.reading import Arranged, read_arrangement, written
from denggao.foundation.calendar.rules import FIRST_YEAR, LAST_YEAR, Arrangement, DayGiven, check_arrangement
from denggao.foundation.ui.words import actor_name


def _year_asked(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else timezone.localdate().year


@login_required
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    actor, asked = actor_of(request), _year_asked(request)
    known = CalendarYear.objects.filter(year=asked).first()
    arrangement = arrangement_of([asked])
    months = months_of(asked, arrangement)
    context = {
        "year": asked,
        "known": known,
        "entered_by": actor_name(known.entered_by, known.entered_by_text) if known and known.entered_by else "",
        "months": months,
        "working": sum(month.working for month in months),
        "today": timezone.localdate(),
        "years": CalendarYear.objects.order_by("-year"),
        "can_enter": policies.can_enter_year(actor),
        "before": asked - 1 if asked > FIRST_YEAR else None,
        "after": asked + 1 if asked < LAST_YEAR else None,
    }
    return render(request, "calendar/year.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """First looked at, then saved: ``save`` in what is posted says that it was looked at."""
    actor = actor_of(request)
    policies.gate_entering(actor)
    if request.method != "POST":
        return render(request, "calendar/enter.html", {"form": ArrangementForm(initial=_initial(_year_asked(request)))})
    form = ArrangementForm(request.POST)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        given = form.cleaned_data
        arranged = read_arrangement(given["lines"], given["year"])
        faults = arranged.faults or check_arrangement(given["year"], arranged.days)
        if faults:
            for fault in faults:
                form.add_error("lines", fault)
        elif "save" in request.POST:
            try:
                enter_year(given["year"], arranged.days, given["document"], given["document_on"], actor=actor, now=timezone.now())
            except ArrangementRefused as refused:
                for fault in refused.faults:
                    form.add_error(None, fault)
            else:
                messages.success(
                    request, _("The arrangement for %(year)s is entered; open ends were fixed.") % {"year": given["year"]}
                )
                return redirect(f"{reverse('calendar:year')}?year={given['year']}")
        else:
            context |= _preview(given["year"], arranged)
    return render(request, "calendar/enter.html", context, status=422 if form.errors else 200)


def _initial(asked: int) -> dict[str, object]:
    """What is known of the year, to be entered anew; nothing where it isn't."""
    known = CalendarYear.objects.filter(year=asked).first()
    if known is None:
        return {"year": asked}
    days = [DayGiven(item.day, item.is_working, item.note) for item in days_of(asked)]
    from_office = known.source == CalendarYear.Source.OFFICE
    return {
        "year": asked,
        "lines": written(days),
        "document": known.document if from_office else "",
        "document_on": known.document_on,
    }


def _preview(year: int, arranged: Arranged) -> dict[str, object]:
    arrangement = Arrangement(frozenset([year]), {given.day: given for given in arranged.days})
    months = months_of(year, arrangement)
    return {
        "months": months,
        "working": sum(month.working for month in months),
        "off": sum(not given.is_working for given in arranged.days),
        "make_up": sum(given.is_working for given in arranged.days),
        "replaces": CalendarYear.objects.filter(year=year).first(),
        "year": year,
        "today": timezone.localdate(),
    }
