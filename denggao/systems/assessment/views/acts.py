"""What the office does to one certificate: each act is a page with a form, and leads back to the certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from denggao.engines.credentials.actions import (
    compare_scan,
    confirm_certificate,
    hand_in_scan,
    join_certificate,
    part_certificate,
    withdraw_certificate,
)
from denggao.engines.credentials.policies import can_compare_scan, get_scan_for
from denggao.engines.credentials.queries import waiting
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.files.actions import store_file
from denggao.foundation.standards.models import Occupation
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.systems.assessment import policies
from denggao.systems.assessment.actions import confirm_number, set_occupation
from denggao.systems.assessment.forms import (
    SCAN_LIMIT,
    SCAN_TYPES,
    AssignForm,
    CompareForm,
    ConfirmForm,
    OccupationForm,
    ReasonForm,
    ScanForm,
    WithdrawForm,
)
from denggao.systems.assessment.models import LevelCertificate


def _back(certificate: LevelCertificate) -> str:
    return reverse("assessment:certificate", args=[certificate.public_id])


def _serve(
    request: HttpRequest, certificate: LevelCertificate, form: forms.Form, act: Act, do: Callable[[], object], **context: Any
) -> HttpResponse:
    page = {"certificate": certificate, "credential": certificate.credential, **context}
    return serve_act(request, form, act, do, template="assessment/act.html", **page)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    certificate = policies.get_certificate_for_keeping(actor, public_id)
    form = WithdrawForm(posted(request))
    act = Act(
        _("Withdraw this certificate"),
        _("It no longer counts, nor does it stand in the way of another. What was counted by it is taken back in the ledger."),
        _("Withdraw"),
        _("The certificate is withdrawn; the count follows."),
        tone="danger-fill",
        back=_back(certificate),
    )
    return _serve(
        request,
        certificate,
        form,
        act,
        lambda: withdraw_certificate(certificate.credential, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
    )


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    certificate = policies.get_certificate_for_keeping(actor, public_id)
    today = timezone.localdate()
    form = ConfirmForm(posted(request), initial={"asked_on": today})
    act = Act(
        _("Confirm by the register"),
        _("Ask the issuer's register, then note the day, the register and who asked. The proof becomes “confirmed”."),
        _("Confirm"),
        _("The certificate is confirmed."),
        back=_back(certificate),
    )
    return _serve(
        request,
        certificate,
        form,
        act,
        lambda: confirm_certificate(certificate.credential, **form.cleaned_data, today=today, actor=actor, now=timezone.now()),
    )


@login_required
@require_http_methods(["GET", "POST"])
def number(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    certificate = policies.get_certificate_for_keeping(actor, public_id)
    form = ReasonForm(posted(request))
    act = Act(
        _("Confirm the number"),
        _("The number has a shape of its own. Once you confirm that it is this certificate's number, the certificate may count."),
        _("Confirm the number"),
        _("The number is confirmed; the certificate may count."),
        back=_back(certificate),
    )
    return _serve(
        request,
        certificate,
        form,
        act,
        lambda: confirm_number(certificate, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
    )


@login_required
@require_http_methods(["GET", "POST"])
def occupation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    certificate = policies.get_certificate_for_keeping(actor, public_id)
    initial = {"occupation": f"{certificate.occupation.code} {certificate.occupation.name_zh}"} if certificate.occupation else {}
    form = OccupationForm(posted(request), initial=initial)
    act = Act(
        _("Set the occupation"),
        _("For this certificate alone. A name that many certificates carry is better mapped once, under Occupations."),
        _("Set the occupation"),
        _("The occupation is set; the certificate is counted anew."),
        back=_back(certificate),
    )
    return _serve(
        request,
        certificate,
        form,
        act,
        lambda: set_occupation(certificate, **form.cleaned_data, actor=actor, now=timezone.now()),
        occupations=Occupation.objects.current(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    certificate = policies.get_certificate_for_keeping(actor, public_id)
    form = ScanForm(posted(request), handed_in(request))
    act = Act(
        _("Hand in a scan"),
        _("A second person compares it with the record. If they agree, the proof becomes “documented”."),
        _("Hand in"),
        _("The scan is kept; a second person compares it."),
        uploads=True,
        back=_back(certificate),
    )

    def keep() -> None:
        now, file = timezone.now(), form.cleaned_data["file"]
        stored = store_file(file.name, file, kind=policies.SCAN_KIND, taken=SCAN_TYPES, limit=SCAN_LIMIT, actor=actor, now=now)
        hand_in_scan(certificate.credential, file=stored, actor=actor, now=now)

    return _serve(request, certificate, form, act, keep)


@login_required
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, public_id: UUID, scan_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    certificate = policies.get_certificate_for_keeping(actor, public_id)
    found = get_scan_for(actor, public_id, scan_id)
    if not can_compare_scan(actor, found):
        raise PermissionDenied(_("You handed this scan in: another person compares it."))
    form = CompareForm(posted(request))
    act = Act(
        _("Compare the scan with the record"),
        _("Open the scan and compare name, number, occupation, level and date. If they agree, the proof becomes “documented”."),
        _("Keep the result"),
        _("The comparison is kept."),
        back=_back(certificate),
    )
    return _serve(
        request,
        certificate,
        form,
        act,
        lambda: compare_scan(
            found,
            agrees=form.cleaned_data["agrees"] == "yes",
            remark=form.cleaned_data["remark"],
            actor=actor,
            now=timezone.now(),
        ),
        scan=found,
    )


@login_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whose a waiting certificate is: offered by number under another name, or by name and birth date."""
    actor = actor_of(request)
    certificate = policies.get_certificate_for_keeping(actor, public_id)
    waits = waiting([certificate.credential])[0]
    form = AssignForm(posted(request), candidates=waits.candidates)
    act = Act(
        _("Whose certificate is it?"),
        _("It joins by itself when its number and name arrive together. Join it here only after comparing the papers."),
        _("Join"),
        _("The certificate has its holder and is counted."),
        back=_back(certificate),
    )
    return _serve(
        request,
        certificate,
        form,
        act,
        lambda: join_certificate(
            certificate.credential, person=form.person_chosen(), reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()
        ),
        waits=waits,
    )


@login_required
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    certificate = policies.get_certificate_for_keeping(actor, public_id)
    form = ReasonForm(posted(request))
    act = Act(
        _("Part it from its holder"),
        _("Only where the office joined them by mistake. The certificate waits again, and no longer counts."),
        _("Part"),
        _("The certificate waits for its person again."),
        tone="danger-fill",
        back=_back(certificate),
    )
    return _serve(
        request,
        certificate,
        form,
        act,
        lambda: part_certificate(certificate.credential, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
    )
