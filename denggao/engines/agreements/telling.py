"""Who is told that a signature is waited for, or no longer holds. Messages hold no person's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.agreements.models import DateFix, Mentorship, Signature, SigningRequest
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Role
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


register("agreements.mentorship.declined", title=_("A mentorship was declined"), body="%(reason)s", tone=Tone.REFUSED)
register("agreements.mentorship.ended", title=_("A mentorship of yours ends on %(on)s"), body="%(reason)s", tone=Tone.INFO)
register(
    "agreements.mentorship.dates",
    title=_("Other dates are asked for a mentorship of yours"),
    body=_("They hold once both of you have agreed."),
    tone=Tone.WAITING,
)
register("agreements.mentorship.dates_done", title=_("The dates of a mentorship were changed; both agreed"), tone=Tone.DONE)
register("agreements.mentorship.dates_refused", title=_("Other dates of a mentorship were refused: they stay"), tone=Tone.REFUSED)


def tell_to_confirm(mentorship: Mentorship, *, now: dt.datetime) -> None:
    """Those of the two who have an account and have not confirmed."""
    waits = ((mentorship.mentor, mentorship.confirmed_by_mentor_at), (mentorship.learner, mentorship.confirmed_by_learner_at))
    for person, confirmed_at in waits:
        if confirmed_at is None and person.account is not None:
            send(person.account, "agreements.mentorship", {}, _mentorship_link(mentorship), now=now)


def tell_declined(mentorship: Mentorship, *, now: dt.datetime) -> None:
    """The other of the two, and who keeps mentorships in the bodies."""
    _tell_of(mentorship, "agreements.mentorship.declined", {"reason": mentorship.end_reason}, bodies=True, now=now)


def tell_ended(mentorship: Mentorship, *, but: Actor, now: dt.datetime) -> None:
    """The two, but whoever ended it."""
    values: dict[str, object] = {"on": mentorship.to_on.isoformat() if mentorship.to_on else "", "reason": mentorship.end_reason}
    _tell_of(mentorship, "agreements.mentorship.ended", values, but=but, now=now)


def tell_dates_asked(asked: DateFix, *, now: dt.datetime) -> None:
    """Whoever of the two has not agreed."""
    waits = ((asked.mentorship.mentor, asked.agreed_by_mentor_at), (asked.mentorship.learner, asked.agreed_by_learner_at))
    for person, agreed_at in waits:
        if agreed_at is None and person.account is not None:
            send(person.account, "agreements.mentorship.dates", {}, _mentorship_link(asked.mentorship), now=now)


def tell_dates_answered(asked: DateFix, *, now: dt.datetime) -> None:
    done = asked.state == DateFix.State.DONE
    code = "agreements.mentorship.dates_done" if done else "agreements.mentorship.dates_refused"
    _tell_of(asked.mentorship, code, {}, bodies=True, now=now)


def _tell_of(
    mentorship: Mentorship,
    code: str,
    values: dict[str, object],
    *,
    but: Actor | None = None,
    bodies: bool = False,
    now: dt.datetime,
) -> None:
    told = {person.account_id: person.account for person in (mentorship.mentor, mentorship.learner) if person.account is not None}
    if bodies:
        asked = [body for body in (mentorship.organisation_id, mentorship.place_id) if body is not None]
        keepers = Membership.objects.filter(
            organisation_id__in=asked, role__in=[Role.HR, Role.BASE_MANAGER], account__is_active=True
        )
        for membership in holding(keepers, timezone.localdate(now)).select_related("account").order_by("account_id"):
            told[membership.account_id] = membership.account
    for pk, account in told.items():
        if account is not None and (but is None or but.user is None or but.user.pk != pk):
            send(account, code, values, _mentorship_link(mentorship), now=now)


def _mentorship_link(mentorship: Mentorship) -> str:
    return f"/signatures/mentorships/{mentorship.public_id}/"


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
