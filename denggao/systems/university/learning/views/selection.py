"""The school chooses among those who applied for a seat in one of its classes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.states import State
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.ui.acts import posted
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.models import Run, SeatApplication
from denggao.systems.university.learning.selection.actions import Choice, choose, rate
from denggao.systems.university.learning.selection.forms import ReasonsForm
from denggao.systems.university.learning.selection.queries import seats_to_give, to_choose_from
from denggao.systems.university.learning.views.classes import must_teach, run_tabs

TONES = {State.OPEN: "amber", State.RETURNED: "amber", State.AWARDED: "jade", State.REJECTED: "crimson"}
MOST = 500


@dataclass(frozen=True)
class Row:
    """One application. ``verdicts`` are what may become of it now: value and label."""

    application: SeatApplication
    name: str
    state: str
    tone: str
    verdicts: list[tuple[str, str]]

    @property
    def is_open(self) -> bool:
        return bool(self.verdicts)


@login_required
@require_http_methods(["GET", "POST"])
def choosing(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Applications by points; points, and what is to become of each."""
    actor = must_teach(request)
    run = policies.get_run_for(actor, public_id)
    if run.entry != Run.Entry.SELECTED and not SeatApplication.objects.filter(run=run).exists():
        raise Http404
    applications = list(to_choose_from(run)[:MOST])
    form = ReasonsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if not policies.can_teach(actor, run):
            raise PermissionDenied(_("Those who teach at the school that holds the class choose."))
        _keep_points(request, applications, actor)
        if request.POST.get("do") == "choose":
            _choose(request, run, applications, form, actor)
        return redirect("classes:selection", run.public_id)
    knows = policies.knows_names(actor, run)
    context = {
        "run": run,
        "rows": [_row(one, knows=knows, may=policies.can_teach(actor, run)) for one in applications],
        "form": form,
        "left": seats_to_give(run),
        "tabs": run_tabs(run, "selection"),
        "may_teach": policies.can_teach(actor, run),
        "may_choose": policies.can_teach(actor, run) and policies.can_keep_runs(actor, run),
    }
    return render(request, "learning/classes/selection.html", context, status=422 if form.errors else 200)


def _row(one: SeatApplication, *, knows: bool, may: bool) -> Row:
    case = one.case
    standing = case.state == State.OPEN
    verdicts: list[tuple[str, str]] = []
    if may and standing and case.stage_kind == StageKind.CHECK:
        verdicts = [("complete", _("looked through"))]
    elif may and standing and case.stage_kind == StageKind.DECIDE:
        verdicts = [("yes", _("choose")), ("no", _("do not choose"))]
    state = case.at.names.office if standing else case.get_state_display()
    name = one.person.name if knows else one.person.masked_name
    return Row(one, name, str(state), TONES.get(State(case.state), ""), verdicts)


def _keep_points(request: HttpRequest, applications: list[SeatApplication], actor: Actor) -> None:
    """Those that were changed, each for itself."""
    for one in applications:
        given, remark = request.POST.get(f"points-{one.pk}", "").strip(), request.POST.get(f"remark-{one.pk}", "").strip()
        if not given.isdecimal() or (one.points is not None and (one.points, one.remark) == (int(given), remark)):
            continue
        try:
            rate(one, points=int(given), remark=remark, actor=actor, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            messages.error(request, f"{one.person.masked_name}: {refused}")


def _choose(request: HttpRequest, run: Run, applications: list[SeatApplication], form: ReasonsForm, actor: Actor) -> None:
    choices = [
        Choice(one, verdict, int(seen) if seen.isdecimal() else None)
        for one in applications
        if (verdict := request.POST.get(f"verdict-{one.pk}", "")) in {"complete", "yes", "no"}
        for seen in [request.POST.get(f"lock-{one.pk}", "")]
    ]
    made = choose(run, choices, yes=form.cleaned_data["yes"], no=form.cleaned_data["no"], actor=actor, now=timezone.now())
    for one in made:
        if one.sentence:
            messages.error(request, f"{one.application.person.masked_name}: {one.sentence}")
    done = sum(not one.sentence for one in made)
    if done:
        messages.success(
            request, ngettext("%(count)s application went on.", "%(count)s applications went on.", done) % {"count": done}
        )
    elif not made:
        messages.info(request, _("Nothing was ticked; the points are kept."))
