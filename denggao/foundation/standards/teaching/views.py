"""Teaching standards' pages: the list, one with its items and what serves them, versions beside each other, the matrix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.standards.models import StandardVersion, TeachingStandard
from denggao.foundation.standards.teaching import actions, policies, queries, rules
from denggao.foundation.standards.teaching.forms import PutInForceForm, StandardFilter
from denggao.foundation.standards.teaching.sheets import COLUMNS
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing


def _tabs(on: str) -> list[dict[str, Any]]:
    tabs = (("list", _("Standards"), reverse("teaching:list")), ("matrix", _("Coverage"), reverse("teaching:matrix")))
    return [{"label": label, "url": url, "on": code == on} for code, label, url in tabs]


def _search(rows: QuerySet[TeachingStandard], text: str) -> QuerySet[TeachingStandard]:
    names = Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text)
    return rows.filter(names | Q(occupation__name_zh__icontains=text) | Q(occupation__code__startswith=text))


@login_required
@require_GET
def standard_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    versions = StandardVersion.objects.all() if actor.is_office else StandardVersion.objects.exclude(state="draft")
    listing = Listing(
        request.GET,
        policies.visible_standards(actor).select_related("occupation").prefetch_related(Prefetch("versions", versions)),
        sorts={"occupation": ("occupation__code", "-level"), "code": "code", "name": "name_zh", "issued": "issued_on"},
        default="occupation",
        search=_search,
        filters=StandardFilter,
    )
    if listing.export:
        standing = queries.standings(listing.everything)
        header = (_("Code"), _("Name"), _("Occupation"), _("Level"), _("Document"), _("Items"), _("Served"))
        lines = [
            (
                one.code,
                one.name,
                str(one.occupation),
                one.level_name,
                one.document,
                standing[one.pk].items,
                standing[one.pk].covered,
            )
            for one in listing.everything
        ]
        return table_response("teaching-standards", header, lines, kind=listing.export)
    standing = queries.standings(listing.rows)
    context = {
        "listing": listing,
        "rows": [(one, _of_state(one, "in_force"), _of_state(one, "draft"), standing[one.pk]) for one in listing.rows],
        "tabs": _tabs("list"),
        "may_keep": policies.can_keep_standards(actor),
    }
    return render(request, "teaching/list.html", context)


def _of_state(standard: TeachingStandard, state: str) -> StandardVersion | None:
    return next((version for version in standard.versions.all() if version.state == state), None)


@login_required
@require_GET
def coverage_matrix(request: HttpRequest) -> HttpResponse:
    """Occupations and levels: which standards there are, and how much of each is taught."""
    found = queries.matrix(policies.visible_standards(actor_of(request)))
    context = {"matrix": found, "levels": queries.LEVELS, "tabs": _tabs("matrix")}
    return render(request, "teaching/matrix.html", context)


@login_required
@require_GET
def standard_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One version's items with what serves them; the one in force unless another is asked for."""
    actor = actor_of(request)
    standard = policies.get_standard_for(actor, public_id)
    versions = list(policies.visible_versions(actor, standard))
    version = _asked(versions, request.GET.get("version", ""))
    if request.GET.get("export") in {"csv", "xlsx"} and version is not None:
        return _exported(standard, version, request.GET["export"])
    lines = queries.tree(version) if version is not None else []
    asked = [line for line in lines if not line.is_heading]
    gaps = [line for line in asked if line.gap]
    only_gaps = request.GET.get("only") == "gaps"
    may_keep = policies.can_keep_standards(actor)
    context = {
        "standard": standard,
        "version": version,
        "versions": versions,
        "lines": gaps if only_gaps else lines,
        "only_gaps": only_gaps,
        "standing": queries.Standing(len(asked), len(asked) - len(gaps)),
        "may_keep": may_keep,
        "draft": next((one for one in versions if one.is_draft), None) if may_keep else None,
    }
    return render(request, "teaching/standard.html", context)


def _asked(versions: list[StandardVersion], number: str) -> StandardVersion | None:
    """The version of this number, else the one in force, else the newest."""
    if number.isdecimal():
        found = next((version for version in versions if version.number == int(number)), None)
        if found is None:
            raise Http404
        return found
    return next((one for one in versions if one.state == "in_force"), versions[0] if versions else None)


def _exported(standard: TeachingStandard, version: StandardVersion, kind: str) -> HttpResponse:
    """As the sheet it may be handed in as: unchanged, it changes nothing."""
    language = get_language() or ""
    header = [column.title(language) for column in COLUMNS]
    rows = [[_cell(column.key, standard, item) for column in COLUMNS] for item in queries.items_of(version)]
    return table_response(f"{standard.code}-{version.number}", header, rows, kind=kind)


def _cell(key: str, standard: TeachingStandard, item: rules.Item) -> Cell:
    facts: dict[str, Cell] = {
        "standard": standard.code,
        "occupation": f"{standard.occupation.code} {standard.occupation.name_zh}",
        "level": standard.level,
        "item": item.code,
        "kind": {"knowledge": "知识", "skill": "技能", "safety": "安全", "conduct": "素养"}[item.kind],
    }
    if key in facts:
        return facts[key]
    held: Cell = getattr(item, key) if hasattr(item, key) else getattr(standard, key)
    return held


@login_required
@require_GET
def changes(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What one version says otherwise than another; the newest two unless others are asked for."""
    actor = actor_of(request)
    standard = policies.get_standard_for(actor, public_id)
    versions = list(policies.visible_versions(actor, standard))
    if len(versions) < 2:
        raise Http404
    after = _asked(versions, request.GET.get("to", "")) if request.GET.get("to") else versions[0]
    before = _asked(versions, request.GET.get("from", "")) if request.GET.get("from") else _before(versions, after)
    if before is None or after is None:
        raise Http404
    found = rules.difference(queries.items_of(before), queries.items_of(after))
    context = {"standard": standard, "before": before, "after": after, "versions": versions, "found": found}
    return render(request, "teaching/changes.html", context)


def _before(versions: Iterable[StandardVersion], after: StandardVersion | None) -> StandardVersion | None:
    return next((one for one in versions if after is not None and one.number < after.number), None)


@login_required
@require_http_methods(["GET", "POST"])
def put_in_force(request: HttpRequest, public_id: UUID) -> HttpResponse:
    (actor, standard, draft), now = _kept_draft(request, public_id), timezone.now()
    form = PutInForceForm(posted(request), initial={"from_on": timezone.localdate(now)})
    current = queries.in_force_of(standard)
    found = rules.difference(queries.items_of(current) if current else [], queries.items_of(draft))
    act = Act(
        heading=_("Put version %(number)s in force") % {"number": draft.number},
        follows=_("From then on courses are held against it; the version before stays to be read."),
        go=_("Put in force"),
        done=_("Version %(number)s is in force.") % {"number": draft.number},
        back=reverse("teaching:standard", args=[standard.public_id]),
    )
    return serve_act(
        request,
        form,
        act,
        lambda: actions.put_in_force(draft, from_on=form.cleaned_data["from_on"], actor=actor, now=now),
        template="teaching/act.html",
        standard=standard,
        found=found,
        current=current,
        draft=draft,
    )


@login_required
@require_POST
def draft_begin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    standard = policies.get_standard_for_keeping(actor, public_id)
    draft = actions.begin_draft(standard, actor=actor, now=timezone.now())
    messages.success(request, _("A draft was begun. Hand in its sheet; nothing is in force before you say so."))
    return redirect(_at(standard, draft))


@login_required
@require_POST
def draft_discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, standard, draft = _kept_draft(request, public_id)
    actions.discard_draft(draft, actor=actor, now=timezone.now())
    messages.success(request, _("The draft is gone; what is in force stays."))
    return redirect("teaching:standard", standard.public_id)


@login_required
@require_POST
def item_remove(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    actor, standard, draft = _kept_draft(request, public_id)
    try:
        actions.remove_item(draft, code, actor=actor, now=timezone.now())
    except actions.StandardRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Item %(code)s is out of the draft.") % {"code": code})
    return redirect(_at(standard, draft))


@login_required
@require_POST
def retire(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    standard = policies.get_standard_for_keeping(actor, public_id)
    current = queries.in_force_of(standard)
    if current is None:
        raise Http404
    actions.retire_version(current, actor=actor, now=timezone.now())
    messages.success(request, _("The standard is no longer in force."))
    return redirect("teaching:standard", standard.public_id)


def _kept_draft(request: HttpRequest, public_id: UUID) -> tuple[Actor, TeachingStandard, StandardVersion]:
    """Who keeps the standard, and its draft. Raises Http404."""
    actor = actor_of(request)
    standard = policies.get_standard_for_keeping(actor, public_id)
    draft = queries.draft_of(standard)
    if draft is None:
        raise Http404
    return actor, standard, draft


def _at(standard: TeachingStandard, version: StandardVersion) -> str:
    return f"{reverse('teaching:standard', args=[standard.public_id])}?version={version.number}"
