"""Bringing a course package in: hand it in, look at what it would do, say yes."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actions import Refused
from denggao.foundation.files.pieces import receive
from denggao.foundation.ui.acts import handed_in as files_of
from denggao.foundation.ui.acts import posted
from denggao.systems.university import policies
from denggao.systems.university.actions import handing_in
from denggao.systems.university.forms.teaching import PackageForm
from denggao.systems.university.models import PackageImport
from denggao.systems.university.showing import part_labels
from denggao.systems.university.views.courses import attempt, must_see, writing_schools


@login_required
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    actor = must_see(request)
    schools = writing_schools(actor)
    if not schools.exists():
        raise PermissionDenied(_("Courses are brought in by teachers of a school. A dean of your school can add you."))
    form = PackageForm(posted(request), files_of(request), schools=schools)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, timezone.now()
        try:
            stored = receive(given["file"], kind=policies.PACKAGE, actor=actor, now=now)
            handed_in = handing_in.hand_in_package(given["school"], stored, actor=actor, now=now)
            handing_in.look_through(handed_in, actor=actor, now=now)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("university:package", handed_in.public_id)
    imports = policies.visible_imports(actor).select_related("school", "file", "course")[:20]
    context = {"form": form, "imports": imports}
    return render(request, "university/package_new.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def package(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    handed_in = policies.get_import_for(actor, public_id)
    context = {
        "handed_in": handed_in,
        "preview": handed_in.preview,
        "rows": _rows(handed_in),
        "may_confirm": handed_in.state == PackageImport.State.READY and policies.can_import(actor, handed_in),
    }
    return render(request, "university/package.html", context)


def _rows(handed_in: PackageImport) -> list[dict[str, object]]:
    shown, labels = handed_in.preview, part_labels()
    rows: list[dict[str, object]] = []
    for how, label, tone in (
        ("added", _("added"), "jade"),
        ("changed", _("changed"), "amber"),
        ("removed", _("taken out"), "crimson"),
    ):
        for unit in shown.get(how, []):
            what = _(", ").join(labels.get(part, part) for part in unit.get("what", []))
            rows.append({"label": label, "tone": tone, "unit": unit, "what": what})
    return rows


@login_required
@require_POST
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, now = must_see(request), timezone.now()
    handed_in = policies.get_import_for(actor, public_id)
    attempt(request, lambda: handing_in.bring_in(handing_in.confirm_package(handed_in, actor=actor, now=now), actor=actor, now=now))
    return redirect("university:package", handed_in.public_id)


@login_required
@require_POST
def drop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = must_see(request)
    handed_in = policies.get_import_for(actor, public_id)
    done = _("The package is let go; nothing was changed.")
    if attempt(request, lambda: handing_in.drop_package(handed_in, actor=actor, now=timezone.now()), done):
        return redirect("university:packages")
    return redirect("university:package", handed_in.public_id)
