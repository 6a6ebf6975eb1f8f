"""Who is told what of a university. Messages name bodies, never a person."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send_once
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.members.queries import accounts_of, holders
from denggao.systems.university.models import UniversityAct

register(
    "university.end.proposed",
    title=_("Waits for a second person: %(university)s"),
    body=_("What is proposed for this university takes effect when you confirm it."),
    tone=Tone.WAITING,
)
register(
    "university.end.done",
    title=_("The university has ended: %(university)s"),
    body=_("Open its page to read what was decided and why."),
    tone=Tone.REFUSED,
)
register("university.end.dismissed", title=_("What was proposed will not be done: %(university)s"), tone=Tone.INFO)


def tell_act_proposed(act: UniversityAct, *, now: dt.datetime) -> None:
    """The approvers; never the one who proposed."""
    _tell(act, holders(Role.APPROVER, but=act.proposed_by, on=localdate(now)), "proposed", now)


def tell_act_decided(act: UniversityAct, *, now: dt.datetime) -> None:
    """The leading body's people; of what was dismissed, whoever proposed it."""
    if act.state == UniversityAct.State.DONE:
        body = act.university.organisation_id
        _tell(act, holders(Role.HR, Role.BASE_MANAGER, bodies=[body], on=localdate(now)), "done", now)
    elif act.proposed_by != act.decided_by:
        _tell(act, accounts_of(act.proposed_by), "dismissed", now)


def _tell(act: UniversityAct, accounts: list[User], what: str, now: dt.datetime) -> None:
    university = act.university
    values = {"university": {"zh": university.name_zh, "en": university.name_en or university.name_zh}}
    send_once(accounts, f"university.end.{what}", values, f"/university/founding/{university.public_id}/", now=now)
