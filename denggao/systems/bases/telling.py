"""Who is told what of a base. Messages hold no person's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send_once
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.members.queries import accounts_of, holders
from denggao.systems.bases.models import Appraisal, Base, BaseAct

register(
    "bases.act.proposed",
    title=_("Waits for a second person: %(base)s"),
    body=_("What is proposed for this base takes effect when you confirm it."),
    tone=Tone.WAITING,
)
register(
    "bases.act.done",
    title=_("The standing of the base has changed: %(base)s"),
    body=_("Open the page of the base to read what was decided and why."),
    tone=Tone.REFUSED,
)
register("bases.act.dismissed", title=_("What was proposed for the base will not be done: %(base)s"), tone=Tone.INFO)
register(
    "bases.ended", title=_("The term of the base has ended: %(base)s"), body=_("Its plaque shows as expired."), tone=Tone.REFUSED
)
register(
    "bases.appraisal.opened",
    title=_("Yearly appraisal %(year)s: %(base)s"),
    body=_("Enter what the platform does not know, with evidence, and hand it in by %(due)s."),
    tone=Tone.WAITING,
)
register("bases.appraisal.proposed", title=_("A grade waits for a second person: %(base)s"), tone=Tone.WAITING)
register("bases.appraisal.closed", title=_("Appraisal %(year)s is graded: %(base)s"), tone=Tone.DONE)
register("bases.appraisal.returned", title=_("Appraisal %(year)s was sent back: %(base)s"), tone=Tone.WAITING)
register(
    "bases.appraisal.remedy",
    title=_("Appraisal %(year)s asks for remedies: %(base)s"),
    body=_("Remedy what is named and report by %(until)s."),
    tone=Tone.REFUSED,
)
register("bases.appraisal.remedied", title=_("Remedies are reported and wait for a check: %(base)s"), tone=Tone.WAITING)


def managers_of(base: Base, on: dt.date) -> list[User]:
    return holders(Role.BASE_MANAGER, bodies=[base.organisation_id], on=on)


def _named(base: Base) -> dict[str, object]:
    return {"base": {"zh": base.name_zh, "en": base.name_en}}


def tell_act_proposed(act: BaseAct, *, now: dt.datetime) -> None:
    """The approvers; never the one who proposed."""
    others = holders(Role.APPROVER, but=act.proposed_by, on=localdate(now))
    send_once(others, "bases.act.proposed", _named(act.base), f"/bases/acts/{act.public_id}/", now=now)


def tell_act_decided(act: BaseAct, *, now: dt.datetime) -> None:
    """The base's managers, and whoever proposed it."""
    told = [*managers_of(act.base, localdate(now)), *accounts_of(act.proposed_by)]
    code = "bases.act.done" if act.state == BaseAct.State.DONE else "bases.act.dismissed"
    send_once(told, code, _named(act.base), f"/bases/{act.base.public_id}/file/", now=now)


def tell_base_ended(base: Base, *, now: dt.datetime) -> None:
    send_once(managers_of(base, localdate(now)), "bases.ended", _named(base), f"/bases/{base.public_id}/file/", now=now)


def tell_appraisal(appraisal: Appraisal, what: str, *, now: dt.datetime) -> None:
    """The base's managers of what is theirs to do or to know."""
    cycle = appraisal.cycle
    values = {
        **_named(appraisal.base),
        "year": cycle.year,
        "due": cycle.due_on.isoformat(),
        "until": appraisal.remedy_until.isoformat() if appraisal.remedy_until else "",
    }
    send_once(managers_of(appraisal.base, localdate(now)), f"bases.appraisal.{what}", values, _link(appraisal), now=now)


def tell_office(appraisal: Appraisal, what: str, roles: Collection[Role], *, but: str = "", now: dt.datetime) -> None:
    """Those of the office whose turn it is."""
    others = holders(*roles, but=but, on=localdate(now))
    send_once(
        others, f"bases.appraisal.{what}", {**_named(appraisal.base), "year": appraisal.cycle.year}, _link(appraisal), now=now
    )


def _link(appraisal: Appraisal) -> str:
    return f"/bases/appraisals/{appraisal.public_id}/"
