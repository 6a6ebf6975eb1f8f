"""Who is told what of benefits. Messages name no person but the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.models import Case
from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send_once
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.members.queries import holders
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome

register("benefits.granted", title=_("Granted by the authority: %(number)s"), tone=Tone.DONE)
register(
    "benefits.refused",
    title=_("Refused by the authority: %(number)s"),
    body=_("Open it to read by which paper. Whoever decided also says how to object."),
    tone=Tone.REFUSED,
)
register(
    "benefits.ended",
    title=_("Your application for a benefit has ended"),
    body=_("The title it rests on was revoked. Once it is given back, you can apply anew."),
    tone=Tone.REFUSED,
)
register("benefits.outcome.proposed", title=_("An outcome waits for a second person: %(number)s"), tone=Tone.WAITING)
register(
    "benefits.review",
    title=_("Benefits to be reviewed by the authority: %(count)s"),
    body=_("A title was revoked. Tell the authority, and note how."),
    tone=Tone.WAITING,
)


def tell_outcome(application: BenefitApplication, *, now: dt.datetime) -> None:
    code = "benefits.granted" if application.outcome == "granted" else "benefits.refused"
    link = f"/craftsmen/benefits/{application.public_id}/"
    values: dict[str, object] = {"number": application.case.number or ""}
    send_once([application.person.account], code, values, link, now=now)


def tell_ended(case: Case, *, now: dt.datetime) -> None:
    if case.person is not None:
        send_once([case.person.account], "benefits.ended", {}, case.link, now=now)


def tell_proposed(proposed: BenefitOutcome, *, now: dt.datetime) -> None:
    """The approvers; never the one who entered it."""
    others = holders(Role.APPROVER, but=proposed.proposed_by, on=localdate(now))
    values: dict[str, object] = {"number": proposed.application.case.number or ""}
    send_once(others, "benefits.outcome.proposed", values, f"/craftsmen/benefits/{proposed.application.public_id}/", now=now)


def tell_review(marked: Sequence[BenefitApplication], *, now: dt.datetime) -> None:
    send_once(
        holders(Role.CLERK, Role.REVIEWER, on=localdate(now)),
        "benefits.review",
        {"count": len(marked)},
        "/craftsmen/benefits/?review=due",
        now=now,
    )
