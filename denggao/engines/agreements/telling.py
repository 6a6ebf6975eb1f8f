"""Who is told that a signature is waited for, or no longer holds. Messages hold no person's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.agreements.models import Mentorship, Signature, SigningRequest
from denggao.foundation.accounts.models import User
from denggao.foundation.messages.actions import send
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.members.queries import holding
from denggao.foundation.organisations.models import Membership, Organisation

register(
    "agreements.asked",
    title=_("%(body)s is asked to sign: %(title)s"),
    body=_("Read the text and sign it, or refuse with a reason. You need your authenticator app."),
    tone=Tone.WAITING,
)
register(
    "agreements.void",
    title=_("A text you signed is void: %(title)s"),
    body=_("%(reason)s If it is asked for anew, a message follows."),
    tone=Tone.REFUSED,
)
register(
    "agreements.due",
    title=_("The signature of %(body)s is due on %(due)s: %(title)s"),
    body=_("Read the text and sign it, or refuse with a reason. You need your authenticator app."),
    tone=Tone.WAITING,
)
register(
    "agreements.mentorship",
    title=_("Confirm a mentorship"),
    body=_("You are recorded as one of the two. It is in force once both of you have confirmed it."),
    tone=Tone.WAITING,
)


def tell_to_confirm(mentorship: Mentorship, *, now: dt.datetime) -> None:
    """Those of the two who have an account and have not confirmed."""
    waits = ((mentorship.mentor, mentorship.confirmed_by_mentor_at), (mentorship.learner, mentorship.confirmed_by_learner_at))
    for person, confirmed_at in waits:
        if confirmed_at is None and person.account is not None:
            send(person.account, "agreements.mentorship", {}, f"/signatures/mentorships/{mentorship.public_id}/", now=now)


def tell_asked(request: SigningRequest, bodies: Iterable[Organisation], *, now: dt.datetime) -> None:
    """Everyone who may sign for one of the bodies on this day."""
    _tell_signatories(request, bodies, "agreements.asked", {}, now=now)


def tell_due(request: SigningRequest, body: Organisation, *, now: dt.datetime) -> None:
    """Everyone who may sign for the body: its signature is due soon, or was."""
    due = request.due_on.isoformat() if request.due_on else ""
    _tell_signatories(request, [body], "agreements.due", {"due": due}, now=now)


def _tell_signatories(
    request: SigningRequest, bodies: Iterable[Organisation], code: str, more: dict[str, object], *, now: dt.datetime
) -> None:
    held = holding(
        Membership.objects.filter(organisation__in=list(bodies), role=request.role), timezone.localdate(now)
    ).select_related("account", "organisation")
    for membership in held.order_by("pk"):
        if membership.organisation is not None:
            values = {**_values(request, membership.organisation), **more}
            send(membership.account, code, values, _link(request), now=now)


def tell_void(request: SigningRequest, *, now: dt.datetime) -> None:
    """Those who signed."""
    signed = Signature.objects.filter(signer__request=request).values_list("account_id", flat=True)
    for user in User.objects.filter(public_id__in=list(signed)):
        send(user, "agreements.void", {**_values(request), "reason": request.end_reason}, _link(request), now=now)


def _values(request: SigningRequest, body: Organisation | None = None) -> dict[str, object]:
    named = {"body": {"zh": body.name_zh, "en": body.name_en}} if body else {}
    return {"title": {"zh": request.title_zh, "en": request.title_en}, **named}


def _link(request: SigningRequest) -> str:
    return f"/signatures/{request.public_id}/"
