"""The numbers of one appraisal: entered by the base, weighed by the office, and the rows behind those of the platform."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, handed_in, posted
from denggao.systems.bases import policies
from denggao.systems.bases.actions import appraising as actions
from denggao.systems.bases.appraisal import providers
from denggao.systems.bases.appraisal.indicators import Indicator
from denggao.systems.bases.forms.office import PointsForm, ValueForm
from denggao.systems.bases.models import Appraisal, AppraisalValue
from denggao.systems.bases.showing import plain
from denggao.systems.bases.views.appraisal_acts import address_of, serve_appraisal_act
from denggao.systems.bases.views.standing import keep_file


def _value(actor: Actor, public_id: UUID, code: str) -> tuple[Appraisal, Indicator, AppraisalValue]:
    """Raises Http404."""
    appraisal = policies.get_appraisal_for(actor, public_id)
    value = appraisal.values.filter(indicator=code).select_related("appraisal__cycle__plan", "appraisal__base", "evidence").first()
    if value is None:
        raise Http404
    return appraisal, actions.indicator_of(appraisal, code), value


@login_required
@require_http_methods(["GET", "POST"])
def value_enter(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    actor = actor_of(request)
    appraisal, indicator, value = _value(actor, public_id, code)
    if not policies.can_fill(actor, appraisal):
        raise PermissionDenied(_("The base’s own manager fills this in."))
    initial = {"number": value.value, "remark": value.remark}
    form = ValueForm(posted(request), handed_in(request), indicator=indicator, initial=initial)
    act = Act(
        indicator.name,
        _("With evidence where the number is above 0. A new file takes the place of the one before."),
        _("Save"),
        _("Saved."),
        back=address_of(appraisal),
        uploads=True,
    )

    def do() -> None:
        given = form.cleaned_data
        actions.enter_value(
            value,
            number=given["number"],
            remark=given["remark"],
            evidence=keep_file(given["evidence"], actor),
            actor=actor,
            now=timezone.now(),
        )

    return serve_appraisal_act(request, appraisal, form, act, do, value=value, indicator=indicator)


@login_required
@require_http_methods(["GET", "POST"])
def value_points(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    actor = actor_of(request)
    appraisal, indicator, value = _value(actor, public_id, code)
    if not policies.can_grade(actor):
        raise PermissionDenied
    form = PointsForm(posted(request), initial={"points": value.set_points, "reason": value.set_reason})
    act = Act(
        _("Points for: %(indicator)s") % {"indicator": indicator.name},
        _("The rule gives %(points)s of %(most)s. Other points need a reason, which the base reads.")
        % {"points": plain(value.points or Decimal(0)), "most": plain(indicator.points)},
        _("Save"),
        _("Saved."),
        back=address_of(appraisal),
    )

    def do() -> None:
        given = form.cleaned_data
        actions.set_points(value, points=given["points"], reason=given["reason"], actor=actor, now=timezone.now())

    return serve_appraisal_act(request, appraisal, form, act, do, value=value, indicator=indicator)


@login_required
@require_GET
def value_rows(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """The rows behind a number of the platform. PRIVACY: no person is named."""
    actor = actor_of(request)
    appraisal, indicator, value = _value(actor, public_id, code)
    provider = providers.provider_of(code)
    if not indicator.is_platform or provider is None:
        raise Http404
    ids = [UUID(row) for row in value.rows]
    context = {
        "appraisal": appraisal,
        "indicator": indicator,
        "value": value,
        "rows": provider.open(ids[:500], actor),
        "more": max(len(ids) - 500, 0),
    }
    return render(request, "bases/rows.html", context)
