"""The lists of certificates: all, and those that wait for their person."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denggao.engines.credentials.policies import can_keep_certificates, can_register_certificates
from denggao.engines.credentials.queries import waiting
from denggao.engines.credentials.rules import clean_number
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.people.masks import mask_number
from denggao.foundation.people.rules import name_key
from denggao.foundation.sheets.headers import RECORD_ID_TITLES
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.assessment import policies
from denggao.systems.assessment.columns import COLUMNS
from denggao.systems.assessment.forms import CertificateFilter, WaitingFilter, with_reasons
from denggao.systems.assessment.models import LevelCertificate

SHORTEST_NUMBER = 4


def _search(rows: QuerySet[LevelCertificate], text: str) -> QuerySet[LevelCertificate]:
    """By a part of the number, or the beginning of the holder's name."""
    return rows.filter(_number_or_name(text, "credential__"))


def _number_or_name(text: str, prefix: str) -> Q:
    number = clean_number(text)
    if any(char.isdigit() for char in number) and len(number) >= SHORTEST_NUMBER:
        return Q(**{f"{prefix}number__contains": number})
    return Q(**{f"{prefix}holder_name_key__startswith": name_key(text)})


@login_required
@require_GET
def certificate_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not policies.can_see_list(actor):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_certificates(actor),
        sorts={
            "issued": ("credential__issued_on", "credential__number"),
            "number": "credential__number",
            "name": "credential__holder_name_key",
            "level": "level",
            "occupation": "occupation__name_zh",
            "proof": "credential__proof",
        },
        default="-issued",
        search=_search,
        filters=CertificateFilter,
    )
    if listing.export:
        return table_response("certificates", _header(), _rows(listing.everything), kind=listing.export)
    waits = policies.waiting_credentials(actor).count() if policies.can_see_waiting(actor) else None
    context = {
        "listing": listing,
        "tabs": _tabs("all", waits) if waits is not None else [],
        "may_register": can_register_certificates(actor),
    }
    return render(request, "assessment/certificates.html", context)


def _tabs(on: str, waits: int) -> list[dict[str, object]]:
    return [
        {"label": _("All certificates"), "url": "/certificates/", "on": on == "all", "count": None},
        {"label": _("Waiting for their person"), "url": "/certificates/waiting/", "on": on == "waiting", "count": waits},
    ]


def _header() -> list[str]:
    english = (get_language() or "").startswith("en")
    return [RECORD_ID_TITLES[2] if english else RECORD_ID_TITLES[0], *(_title(column.key) for column in COLUMNS)]


def _title(key: str) -> str:
    return next(column.title(get_language() or "") for column in COLUMNS if column.key == key)


def _rows(certificates: Iterable[LevelCertificate]) -> Iterable[list[Cell]]:
    """As the sheet has them, masked: handed in again, they are unchanged."""
    for item in certificates:
        credential = item.credential
        yield [
            str(credential.public_id),
            credential.masked_name,
            _document_kind(credential.document_kind),
            mask_number(credential.document_number),
            item.employer_text,
            item.occupation_text,
            item.job_title_text,
            "",
            item.get_level_display(),
            credential.masked_number,
            credential.issued_on,
            credential.evaluator_text,
            credential.issuer_text,
            item.theory_score,
            item.skill_score,
        ]


def _document_kind(kind: str) -> str:
    """In a word the sheet reads back."""
    return {
        "resident_id": "居民身份证",
        "hmt_residence": "港澳台居民居住证",
        "hk_macau_permit": "港澳居民来往内地通行证",
        "taiwan_permit": "台湾居民来往大陆通行证",
        "foreign_residence": "外国人永久居留身份证",
        "passport": "护照",
    }.get(kind, "")


@login_required
@require_GET
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Certificates without a holder, why they wait, and whom they are offered to."""
    actor = actor_of(request)
    if not policies.can_see_waiting(actor):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        with_reasons(policies.waiting_credentials(actor)).select_related("level_certificate__occupation"),
        sorts={
            "why": ("-number_known", "-name_known", "-registered_at"),
            "registered": "registered_at",
            "issued": "issued_on",
            "name": "holder_name_key",
        },
        default="why",
        search=lambda rows, text: rows.filter(_number_or_name(text, "")),
        filters=WaitingFilter,
        per_page=25,
    )
    context = {
        "listing": listing,
        "rows": waiting(listing.rows),
        "tabs": _tabs("waiting", policies.waiting_credentials(actor).count()),
        "may_keep": can_keep_certificates(actor),
    }
    return render(request, "assessment/waiting.html", context)
