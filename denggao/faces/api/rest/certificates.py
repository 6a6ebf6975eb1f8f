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
    found = _own(request).filter(**{name: value for name, value in wanted.items() if value})
    page = found.order_by("-issued_on", "number")[asked.offset : asked.offset + asked.limit]
    return schemas.Page[schemas.CertificateDetail](
        count=found.count(), limit=asked.limit, offset=asked.offset, items=[_certificate(item) for item in page]
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
    found = _own(request).filter(public_id=certificate).first()
    if found is None:
        raise Http404
    return _certificate(found)


def _own(request: HttpRequest) -> QuerySet[Credential]:
    visible = visible_credentials(actor_of(request)).filter(kind=KIND)
    return visible.select_related("holder", "level_certificate__occupation").defer("holder__phone", "document_number")


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
