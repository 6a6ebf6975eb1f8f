"""Certificates of the organisation's people, and verification by anyone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.engines.credentials.models import Credential
from denggao.engines.credentials.policies import visible_credentials
from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, actor_of, needs
from denggao.faces.api.rules import Scope
from denggao.systems.assessment.sheets import KIND

router = Router(tags=["certificates"])


class CertificateFilter(Schema):
    person: uuid.UUID | None = Field(None, description=_("Only this person's."))
    status: Literal["", "valid", "withdrawn"] = ""
    level: str = Field("", max_length=10)
    issued_from: dt.date | None = None
    issued_to: dt.date | None = Field(None, description=_("This day included."))
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/certificates",
    **needs(Scope.CERTIFICATES),
    throttle=READING,
    response={200: schemas.Page[schemas.CertificateDetail], **schemas.problems(401, 403)},
    summary=_("Certificates of the organisation's people"),
    description=_("Newest first."),
)
def list_certificates(request: HttpRequest, asked: Query[CertificateFilter]) -> schemas.Page[schemas.CertificateDetail]:
    wanted = {
        "holder__public_id": asked.person,
        "status": asked.status,
        "level_certificate__level": asked.level,
        "issued_on__gte": asked.issued_from,
        "issued_on__lte": asked.issued_to,
    }
    found = visible_credentials(actor_of(request)).filter(kind=KIND, **schemas.narrowed(wanted))
    # One body's ids are few enough to be read at once, which is cheaper than asking for a page of them and for their count.
    ids = list(found.order_by("-issued_on", "number").values_list("pk", flat=True))
    page = ids[asked.offset : asked.offset + asked.limit]
    shown = _whole(Credential.objects.all()).in_bulk(page)
    return schemas.Page[schemas.CertificateDetail](
        count=len(ids), limit=asked.limit, offset=asked.offset, items=[_certificate(shown[pk]) for pk in page]
    )


@router.get(
    "/certificates/{certificate}",
    **needs(Scope.CERTIFICATES),
    throttle=READING,
    response={200: schemas.CertificateDetail, **schemas.problems(401, 403, 404)},
    summary=_("One certificate"),
    description=_("Of somebody who works for the token's organisation."),
)
def read_certificate(request: HttpRequest, certificate: uuid.UUID) -> schemas.CertificateDetail:
    found = _whole(visible_credentials(actor_of(request))).filter(kind=KIND, public_id=certificate).first()
    if found is None:
        raise Http404
    return _certificate(found)


def _whole(credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """With all that is shown. PRIVACY: document number and phone are not even read."""
    return credentials.select_related("holder", "level_certificate__occupation").defer("holder__phone", "document_number")


def _certificate(credential: Credential) -> schemas.CertificateDetail:
    certificate, holder = credential.level_certificate, credential.holder
    return schemas.CertificateDetail(
        id=credential.public_id,
        number=credential.masked_number,
        holder=holder.masked_name if holder else "",
        person=holder.public_id if holder else None,
        occupation=certificate.occupation.name_zh if certificate.occupation else certificate.occupation_text,
        occupation_code=certificate.occupation.code if certificate.occupation else None,
        level=certificate.level,
        issued_on=credential.issued_on,
        evaluator=credential.evaluator_text,
        issuer=credential.issuer_text,
        status=credential.status,
        proof=credential.proof,
    )
