"""The application form: a section a page, saved as it is typed, by several people at once, with or without a script."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.cases import policies
from denggao.engines.cases.actions.arriving import begin_large, give_up_large
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.actions.drafting import Saved, save_draft, settle_conflict
from denggao.engines.cases.fields import FILE_LIMIT, FilesField, RowsField, answers_of
from denggao.engines.cases.forms import SheetForm
from denggao.engines.cases.models import Arriving, Case
from denggao.engines.cases.sheets import Preview, preview_of
from denggao.engines.cases.states import Act, can
from denggao.engines.cases.views.drafts import FormPage, company
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.views import uploads
from denggao.foundation.ui.templatetags.dg import clock


def _case(request: HttpRequest, public_id: UUID) -> tuple[Actor, Case]:
    actor = actor_of(request)
    return actor, policies.get_case_for_writing(actor, public_id)


@login_required
@require_GET
def begin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """To the section where something is to be done first."""
    actor, case = _case(request, public_id)
    first = case.declared.forms[case.form_version].sections[0].code
    states = FormPage(case, first, actor=actor).states
    open_ones = [state.section for state in states if state.code not in {"done", "locked"}]
    not_locked = [state.section for state in states if state.code != "locked"]
    return redirect("cases:edit", case.public_id, (open_ones or not_locked or [first])[0])


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: UUID, section: str) -> HttpResponse:
    actor, case = _case(request, public_id)
    if not can(Act.SAVE, case.state, case.stage_kind):
        return redirect("cases:case", case.public_id)
    page = FormPage(case, section, actor=actor, checked="check" in request.GET)
    if request.method == "GET":
        return render(request, "cases/edit.html", _shown(page, actor))
    return _save_page(request, page, actor)


def _shown(page: FormPage, actor: Actor, sentences: list[str] | None = None) -> dict[str, Any]:
    return {
        "case": page.case,
        "round": page.case.round,
        "section": page.section,
        "states": page.states,
        "items": page.items,
        "known": page.known,
        "revision": page.revision,
        "saved_at": page.draft.saved_at if page.draft else None,
        "returned": page.correction.step if page.correction else None,
        "due_on": page.case.due_on,
        "number": page.number,
        "total": len(page.form_declared.sections),
        "next": page.next,
        "conflicts": page.conflicts(),
        "company": company(page.case, page.section.code, actor),
        "files_url": reverse("cases:files", args=[page.case.public_id, page.section.code, "x"]).removesuffix("x/"),
        "faults": sentences or [],
    }


def _save_page(request: HttpRequest, page: FormPage, actor: Actor) -> HttpResponse:
    """The whole page, sent without a script, or by the button."""
    now = timezone.now()
    try:
        answers, faults = _sent(page, request.POST, request.FILES, actor=actor, now=now)
        saved = save_draft(
            page.case, section=page.section.code, answers=answers, base_revision=_base(request.POST), actor=actor, now=now
        )
    except Refused as refused:
        return render(request, "cases/edit.html", _shown(page, actor, [str(refused)]), status=422)
    if "give_up" in request.POST:
        return _give_up(request, page, actor, now)
    for sentence in (sentence for sentences in faults.values() for sentence in sentences):
        messages.error(request, sentence)
    if not faults and not saved.clashing:
        messages.success(request, _receipt(saved))
    here = f"{reverse('cases:edit', args=[page.case.public_id, page.section.code])}"
    if faults or saved.clashing or "more" in request.POST or request.POST.get("go") == "stay":
        return redirect(f"{here}#field-{request.POST['more']}" if request.POST.get("more") else here)
    if request.POST.get("go") == "review" or page.next is None:
        return redirect("cases:review", page.case.public_id)
    return redirect("cases:edit", page.case.public_id, page.next.code)


def _give_up(request: HttpRequest, page: FormPage, actor: Actor, now: dt.datetime) -> HttpResponse:
    """A large file that did not arrive is waited for no longer."""
    given = request.POST["give_up"]
    for arriving in Arriving.objects.filter(case=page.case).select_related("upload"):
        if str(arriving.upload.public_id) != given:
            continue
        give_up_large(page.case, arriving, actor=actor, now=now)
        messages.success(request, _("“%(name)s” is given up.") % {"name": arriving.upload.name})
    return redirect("cases:edit", page.case.public_id, page.section.code)


def _sent(
    page: FormPage,
    data: QueryDict,
    files: MultiValueDict[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
    only: list[str] | None = None,
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What was sent of the fields that may be changed, with the files handed in just now; and the sentences about files
    that were not taken, by field."""
    form = page.section.form_class()
    for name in list(form.fields):
        if not page.may_change(name) or (only is not None and name not in only):
            del form.fields[name]
    answers = answers_of(form, data, files)
    faults: dict[str, list[str]] = {}
    for name, asked in form.fields.items():
        if isinstance(asked, FilesField) and name in answers:
            answers[name] = [each for each in answers[name] if each in page.files]
            added, refused = _handed_in(page, name, asked, files, actor=actor, now=now)
            answers[name] = [*answers[name], *added] if asked.most > 1 else (added[-1:] or answers[name])
            if refused:
                faults[name] = refused
    return answers, faults


def _handed_in(
    page: FormPage, name: str, asked: FilesField, files: MultiValueDict[str, Any], *, actor: Actor, now: dt.datetime
) -> tuple[list[str], list[str]]:
    """Ids of the files taken, and a sentence for each that was not."""
    added, refused = [], []
    for file in files.getlist(f"{name}-new"):
        try:
            kept = attach_file(
                page.case,
                file.name,
                file,
                section=page.section.code,
                field=name,
                taken=asked.taken,
                limit=min(asked.limit, FILE_LIMIT) if asked.in_pieces else asked.limit,
                actor=actor,
                now=now,
            )
        except Refused as reason:
            refused.append(_("%(file)s was not taken. %(why)s") % {"file": file.name, "why": reason})
        else:
            page.files[str(kept.public_id)] = kept
            added.append(str(kept.public_id))
    return added, refused


def _base(data: Mapping[str, str]) -> int:
    text = str(data.get("base_revision", "0"))
    return int(text) if text.isascii() and text.isdigit() else 0


def _receipt(saved: Saved) -> str:
    return _("Saved %(time)s") % {"time": clock(saved.saved_at)}


# What the page's own script asks


@login_required
@require_POST
def autosave(request: HttpRequest, public_id: UUID, section: str) -> JsonResponse:
    """The fields named in ``changed``; answered with what stands now where others wrote meanwhile."""
    actor, case = _case(request, public_id)
    page = FormPage(case, section, actor=actor)
    changed, base, now = request.POST.getlist("changed"), _base(request.POST), timezone.now()
    try:
        answers, _faults = _sent(page, request.POST, MultiValueDict(), actor=actor, now=now, only=changed)
        saved = save_draft(case, section=section, answers=answers, base_revision=base, actor=actor, now=now)
    except Refused as refused:
        return JsonResponse({"refusal": str(refused)})
    return JsonResponse(_answer(request, FormPage(case, section, actor=actor), saved, base, but=changed))


def _answer(request: HttpRequest, page: FormPage, saved: Saved, base: int, *, but: list[str]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "revision": saved.revision,
        "receipt": _receipt(saved),
        "with": company(page.case, page.section.code, page.actor),
        "fields": {name: page.drawn(name) for name in page.changed_since(base, but=but)},
        "states": {page.section.code: page.drawn_state()},
    }
    if saved.clashing:
        answer |= {"clashing": list(saved.clashing), "conflicts": page.drawn_conflicts(request)}
    return answer


@login_required
@require_GET
def watch(request: HttpRequest, public_id: UUID, section: str) -> JsonResponse:
    """What others did since ``revision``, and who is here. Looking makes oneself seen for a minute."""
    actor, case = _case(request, public_id)
    page = FormPage(case, section, actor=actor)
    text = request.GET.get("revision", "")
    since = int(text) if text.isascii() and text.isdigit() else page.revision
    return JsonResponse(
        {
            "revision": page.revision,
            "with": company(case, section, actor),
            "fields": {name: page.drawn(name) for name in page.changed_since(since)},
            "states": {each.code: page.drawn_state(each) for each in page.form_declared.sections},
        }
    )


@login_required
@require_POST
def files(request: HttpRequest, public_id: UUID, section: str, field: str = "") -> JsonResponse:
    """Files handed in as soon as they are chosen. What can't be taken is said at the field; the others are kept."""
    actor, case = _case(request, public_id)
    page = FormPage(case, section, actor=actor)
    asked = page.section.fields().get(field)
    if not isinstance(asked, FilesField) or not page.may_change(field):
        raise Http404
    now = timezone.now()
    try:
        added, refused = _handed_in(page, field, asked, request.FILES, actor=actor, now=now)
        standing = [each for each in page.answers.get(field) or [] if each in page.files]
        ids = [*standing, *added] if asked.most > 1 else (added[-1:] or standing)
        saved = save_draft(case, section=section, answers={field: ids}, base_revision=page.revision, actor=actor, now=now)
    except Refused as reason:
        return JsonResponse({"refusal": str(reason)})
    fresh = FormPage(case, section, actor=actor)
    fresh.faults = {field: refused}
    answer = _answer(request, fresh, saved, _base(request.POST), but=[field])
    answer["fields"][field] = fresh.drawn(field)
    if refused:
        answer |= {"receipt": refused[0], "faulty": True}
    return JsonResponse(answer)


@login_required
@require_POST
@uploads.answers
def large(request: HttpRequest, public_id: UUID, section: str, field: str) -> JsonResponse:
    """A large file for this field is begun, or gone on with: what to send, and what is there already."""
    actor, case = _case(request, public_id)
    page = FormPage(case, section, actor=actor)
    asked, offer = page.section.fields().get(field), uploads.offer_of(request)
    if not isinstance(asked, FilesField) or not asked.in_pieces or not page.may_change(field) or offer is None:
        raise Http404
    upload, fresh = begin_large(case, offer, section=section, field=field, asked=asked, actor=actor, now=timezone.now())
    return JsonResponse(uploads.told(upload), status=201 if fresh else 200)


@login_required
@require_POST
def settle(request: HttpRequest, public_id: UUID, section: str, version: UUID) -> HttpResponse:
    """Which of two texts stands."""
    actor = actor_of(request)
    found = policies.get_conflict_for(actor, public_id, version)
    case = found.draft.case
    wants_json = "json" in request.headers.get("Accept", "")
    take = {name: request.POST.get(f"take-{name}", "") for name in found.clashing}
    try:
        draft = settle_conflict(found, take=take, actor=actor, now=timezone.now())
    except Refused as refused:
        if wants_json:
            return JsonResponse({"refusal": str(refused)})
        messages.error(request, str(refused))
        return redirect("cases:edit", case.public_id, section)
    if not wants_json:
        messages.success(request, _("The chosen text stands; the other is kept in the history."))
        return redirect("cases:edit", case.public_id, section)
    page = FormPage(case, section, actor=actor)
    return JsonResponse(
        {
            "revision": draft.revision,
            "receipt": _("The chosen text stands; the other is kept in the history."),
            "fields": {name: page.drawn(name) for name in take},
            "states": {section: page.drawn_state()},
            "conflicts": page.drawn_conflicts(request),
        }
    )


# Rows from a sheet


@login_required
@require_http_methods(["GET", "POST"])
def rows(request: HttpRequest, public_id: UUID, section: str, field: str) -> HttpResponse:
    """A table's rows from a sheet: read and shown first, taken once that is confirmed."""
    actor, case = _case(request, public_id)
    page = FormPage(case, section, actor=actor)
    asked = page.section.fields().get(field)
    if not isinstance(asked, RowsField):
        raise Http404
    if not page.may_change(field) or not can(Act.SAVE, case.state, case.stage_kind):
        raise PermissionDenied(_("This part can't be changed now."))
    if request.method == "POST" and "rows" in request.POST:
        return _take_rows(request, page, field, asked)
    form = SheetForm(request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None)
    preview: Preview | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            preview = preview_of(file.name, file.read(), asked)
        except Refused as refused:
            form.add_error("file", str(refused))
    return _rows_page(request, page, field, asked, form, preview)


def _rows_page(
    request: HttpRequest, page: FormPage, name: str, asked: RowsField, form: forms.Form, preview: Preview | None
) -> HttpResponse:
    language = getattr(request, "LANGUAGE_CODE", "")
    context = {
        "case": page.case,
        "section": page.section,
        "field": asked,
        "titles": [(column.title(language), column.required) for column in asked.columns],
        "form": form,
        "preview": preview,
        "present": len(page.answers.get(name) or []),
        "revision": page.revision,
        "back": f"{reverse('cases:edit', args=[page.case.public_id, page.section.code])}#field-{name}",
    }
    return render(request, "cases/rows.html", context, status=422 if form.errors else 200)


def _take_rows(request: HttpRequest, page: FormPage, name: str, asked: RowsField) -> HttpResponse:
    try:
        given = json.loads(request.POST["rows"])
    except ValueError:
        given = None
    if not isinstance(given, list):
        raise Http404
    keys = [column.key for column in asked.columns]
    taken = [{key: str(row.get(key) or "")[:500] for key in keys} for row in given if isinstance(row, dict)]
    if request.POST.get("how") == "append":
        taken = [*(page.answers.get(name) or []), *taken]
    actor, now = page.actor, timezone.now()
    answers = {name: taken[: asked.most]}
    try:
        saved = save_draft(
            page.case, section=page.section.code, answers=answers, base_revision=_base(request.POST), actor=actor, now=now
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if len(taken) > asked.most:
            messages.warning(request, _("Only the first %(most)s rows were taken.") % {"most": asked.most})
        elif not saved.clashing:
            messages.success(request, _receipt(saved))
    return redirect(f"{reverse('cases:edit', args=[page.case.public_id, page.section.code])}#field-{name}")
