"""Anyone asks whether a certificate is genuine."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Router

from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import VERIFYING, for_anyone

router = Router(tags=["verify"])


@router.post(
    "/verify",
    **for_anyone(),
    throttle=VERIFYING,
    response={200: schemas.Answer, **schemas.problems(400, 401)},
    summary=_("Verify a certificate"),
    description=_("Valid, withdrawn or not found. Posted, so that neither number nor name stands in an address or a log."),
)
def verify(request: HttpRequest, asked: schemas.Question) -> schemas.Answer:
    return schemas.Answer(result="not_found")
