"""What the two sides of an invitation are told. A message names bodies and bases, never the teacher."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.models import Membership
from denggao.foundation.standards.models import Named
from denggao.systems.bases.models import TeacherInvitation

register(
    "bases.invitation.asked",
    title=_("%(base)s asks for one of your teachers"),
    body=_("From %(from_on)s to %(to_on)s. Please answer."),
    tone=Tone.WAITING,
)
register(
    "bases.invitation.accepted",
    title=_("%(home)s lends the teacher you asked for"),
    body=_("You can now appoint the teacher as special mentor and print the letter."),
    tone=Tone.DONE,
)
register("bases.invitation.declined", title=_("%(home)s can’t lend the teacher"), body="%(reason)s", tone=Tone.REFUSED)
register("bases.invitation.ended", title=_("A teacher’s time at %(base)s has ended"), body="%(reason)s", tone=Tone.INFO)


def tell_asked(invitation: TeacherInvitation, *, now: dt.datetime) -> None:
    values = {"from_on": invitation.from_on.isoformat(), "to_on": invitation.to_on.isoformat()}
    _tell(_of(invitation.teacher.home_id, now), "bases.invitation.asked", invitation, now, **values)


def tell_answered(invitation: TeacherInvitation, *, now: dt.datetime) -> None:
    accepted = invitation.state == TeacherInvitation.State.ACCEPTED
    code = "bases.invitation.accepted" if accepted else "bases.invitation.declined"
    _tell(_of(invitation.base.organisation_id, now), code, invitation, now, reason=invitation.reason)


def tell_ended(invitation: TeacherInvitation, *, now: dt.datetime) -> None:
    both = {*_of(invitation.base.organisation_id, now), *_of(invitation.teacher.home_id, now)}
    _tell(both, "bases.invitation.ended", invitation, now, reason=invitation.reason)


def _of(organisation_id: int, now: dt.datetime) -> list[User]:
    """Who manages this body's base or its staff today."""
    today = timezone.localdate(now)
    memberships = Membership.objects.filter(
        organisation_id=organisation_id, role__in=[Role.BASE_MANAGER, Role.HR], from_on__lte=today, account__is_active=True
    )
    found = memberships.exclude(to_on__lt=today).select_related("account").order_by("account_id")
    return list({item.account_id: item.account for item in found}.values())


def _tell(accounts: Iterable[User], code: str, invitation: TeacherInvitation, now: dt.datetime, **values: str) -> None:
    link = reverse("teachers:invitation", args=[invitation.public_id])
    told = {"base": _both(invitation.base), "home": _both(invitation.teacher.home), **values}
    for account in accounts:
        send(account, code, told, link, now=now)


def _both(thing: Named) -> dict[str, str]:
    return {"zh": thing.name_zh, "en": thing.name_en}
