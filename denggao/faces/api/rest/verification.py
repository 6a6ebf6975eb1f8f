"""Anyone asks whether a certificate is genuine."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Router

from denggao.engines.credentials.paper import status_address
from denggao.engines.credentials.queries import verify as verify_certificate
from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import VERIFYING, for_anyone

router = Router(tags=["verify"])


@router.post(
    "/verify",
    **for_anyone(),
    throttle=VERIFYING,
    response={200: schemas.Answer, **schemas.problems(400, 401)},
    summary=_("Verify a certificate, a plaque or a letter of appointment"),
    description=_(
        "Valid, suspended, withdrawn, expired or not found. Posted, so that neither number nor name stands in an address or a log."
    ),
)
def verify(request: HttpRequest, asked: schemas.Question) -> schemas.Answer:
    answer = verify_certificate(asked.number, asked.name)
    return schemas.Answer(
        result=answer.state,
        name=answer.name,
        number=answer.number,
        issued_on=answer.issued_on,
        withdrawn_on=answer.withdrawn_on,
        evaluator=answer.evaluator,
        issuer=answer.issuer,
        title=answer.title,
        since=answer.since,
        reason=answer.reason,
        valid_from=answer.valid_from,
        valid_until=answer.valid_until,
        status_page=status_address(answer.status.issued) if answer.status else "",
        facts=[schemas.FactDetail(label=str(label), value=str(value)) for label, value in answer.facts],
    )
