"""Rubrics: what is judged by, its versions, new weights for a round, loading a file."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from denggao.engines.reviews import sealing
from denggao.engines.reviews.actions.rubrics import RubricRefused, load_rubric, reweigh_rubric
from denggao.engines.reviews.forms.scoring import RubricFileForm, WeightsForm
from denggao.engines.reviews.models import Rubric, RubricVersion
from denggao.engines.reviews.sheets import blocks_of
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.plans.nodes import LIMIT_BYTES, FileRefused
from denggao.foundation.ui.listing import Listing


@login_required
@require_GET
def rubric_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not sealing.can_see_rubrics(actor):
        raise PermissionDenied
    rows = Rubric.objects.annotate(newest=Max("versions__version"), count=Count("versions"))
    listing = Listing(
        request.GET, rows, sorts={"title": "title_zh", "code": "code"}, default="title", search=("title_zh", "title_en", "code")
    )
    return render(request, "reviews/rubrics.html", {"listing": listing, "may_keep": sealing.can_keep_rubrics(actor)})


@login_required
@require_http_methods(["GET", "POST"])
def rubric_new(request: HttpRequest) -> HttpResponse:
    """Load a file; its faults are told line by line."""
    actor = actor_of(request)
    if not sealing.can_keep_rubrics(actor):
        raise PermissionDenied
    form = RubricFileForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            version = load_rubric(content=form.cleaned_data["file"].read(LIMIT_BYTES + 1), actor=actor, now=now)
        except FileRefused as refused:
            faults = refused.faults
            form.add_error("file", _("The file has %(count)d faults; nothing was loaded.") % {"count": len(faults)})
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            new = version.created_at == now
            messages.success(request, _("The rubric is loaded.") if new else _("This rubric was loaded before; nothing changed."))
            return redirect("reviews:rubric", version.rubric.code, version.version)
    return render(request, "reviews/rubric_new.html", {"form": form, "faults": faults}, status=422 if form.errors else 200)


@login_required
@require_GET
def rubric_latest(request: HttpRequest, code: str) -> HttpResponse:
    rubric = sealing.get_rubric_for(actor_of(request), code)
    newest = rubric.versions.filter(alone=False).order_by("-version").values_list("version", flat=True).first() or 1
    return redirect("reviews:rubric", code, newest)


@login_required
@require_GET
def rubric_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version whole, and how it came about."""
    actor = actor_of(request)
    version = sealing.get_version_for(actor, code, number)
    page = {
        "rubric": version.rubric,
        "version": version,
        "blocks": blocks_of(version),
        "versions": list(version.rubric.versions.select_related("based_on").annotate(used=Count("panels")).order_by("-version")),
        "may_keep": sealing.can_keep_rubrics(actor),
        "changed": _changed(version),
    }
    return render(request, "reviews/rubric.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def rubric_weights(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """New weights for the rounds to come, as a new version; looked at before they are kept."""
    actor = actor_of(request)
    version = sealing.get_version_for(actor, code, number, keeping=True)
    form = WeightsForm(request.POST if request.method == "POST" else None, version=version)
    if request.method == "POST" and form.is_valid():
        try:
            made = reweigh_rubric(
                version, weights=form.weights(), reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()
            )
        except RubricRefused as refused:
            for criterion, sentence in refused.faults.items():
                form.add_error(form.name_of(criterion) if criterion else None, sentence)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            new = made.pk != version.pk
            messages.success(request, _("The new version is kept.") if new else _("Nothing differs; the version stays."))
            return redirect("reviews:rubric", code, made.version)
    page = {"rubric": version.rubric, "version": version, "form": form, "rows": _weight_rows(form)}
    return render(request, "reviews/rubric_weights.html", page, status=422 if form.errors else 200)


def _weight_rows(form: WeightsForm) -> list[tuple[object, object]]:
    return [(one, form[form.name_of(one.code)]) for one in form.criteria]


def _changed(version: RubricVersion) -> set[str]:
    """Codes of the criteria whose weight differs from the version this one is based on."""
    if version.based_on is None:
        return set()
    before = dict(version.based_on.criteria.values_list("code", "weight"))
    return {one.code for one in version.criteria.all() if before.get(one.code) != one.weight}
