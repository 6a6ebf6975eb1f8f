"""Who is told what of a craftsman. Messages name no person but the reader."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send_once
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.members.queries import accounts_of, holders
from denggao.systems.craftsmen.models import Craftsman, CraftsmanAct

register(
    "craftsmen.named",
    title=_("You are named Lingang Craftsman: %(order)s"),
    body=_("Your certificate stands on your page. Say there what of your story everybody may see."),
    tone=Tone.DONE,
)
register(
    "craftsmen.named_here",
    title=_("One of your staff is named Lingang Craftsman: %(order)s"),
    body=_("Open the list of craftsmen to see the naming. A studio can be founded with this craftsman."),
    tone=Tone.DONE,
)
register(
    "craftsmen.revoked",
    title=_("Your title was revoked by decision"),
    body=_("Open your page to read the grounds. The certificate no longer holds; the office tells you how to give the medal back."),
    tone=Tone.REFUSED,
)
register(
    "craftsmen.revoked_here",
    title=_("The title of one of your craftsmen was revoked"),
    body=_("What follows for appointments, studios and learners is listed on the craftsman’s page."),
    tone=Tone.REFUSED,
)
register("craftsmen.reinstated", title=_("Your title is given back by decision"), tone=Tone.DONE)
register(
    "craftsmen.act.proposed",
    title=_("Waits for a second person: an act on the title of a craftsman"),
    body=_("What is proposed takes effect when you confirm it."),
    tone=Tone.WAITING,
)
register("craftsmen.act.dismissed", title=_("What was proposed for a craftsman will not be done"), tone=Tone.INFO)


def tell_named(craftsman: Craftsman, *, now: dt.datetime) -> None:
    """The craftsman, and HR of the employer."""
    values: dict[str, object] = {"order": craftsman.order.number}
    again = craftsman.before_id is not None
    send_once(
        [craftsman.person.account], "craftsmen.reinstated" if again else "craftsmen.named", values, "/craftsmen/mine/", now=now
    )
    if not again:
        send_once(_employer(craftsman, now), "craftsmen.named_here", values, f"/craftsmen/{craftsman.public_id}/", now=now)


def tell_revoked(craftsman: Craftsman, *, now: dt.datetime) -> None:
    send_once([craftsman.person.account], "craftsmen.revoked", {}, "/craftsmen/mine/", now=now)
    send_once(_employer(craftsman, now), "craftsmen.revoked_here", {}, f"/craftsmen/{craftsman.public_id}/", now=now)


def tell_proposed(act: CraftsmanAct, *, now: dt.datetime) -> None:
    """The approvers; never the one who proposed."""
    others = holders(Role.APPROVER, but=act.proposed_by, on=localdate(now))
    send_once(others, "craftsmen.act.proposed", {}, f"/craftsmen/acts/{act.public_id}/", now=now)


def tell_dismissed(act: CraftsmanAct, *, now: dt.datetime) -> None:
    """Whoever proposed it, unless that is who took it back."""
    if act.proposed_by != act.decided_by:
        send_once(accounts_of(act.proposed_by), "craftsmen.act.dismissed", {}, f"/craftsmen/acts/{act.public_id}/", now=now)


def _employer(craftsman: Craftsman, now: dt.datetime) -> list[User]:
    if craftsman.employer is None:
        return []
    return holders(Role.HR, bodies=[craftsman.employer.pk], on=localdate(now))
