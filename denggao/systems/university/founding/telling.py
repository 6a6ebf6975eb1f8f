"""Who is told what of a university. Messages name bodies, never a person."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send_many
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.members.queries import holding
from denggao.foundation.organisations.models import Membership
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
    approvers = holding(Membership.objects.filter(role=Role.APPROVER, organisation=None), localdate(now))
    _tell(
        act, [one for one in approvers.select_related("account") if str(one.account.public_id) != act.proposed_by], "proposed", now
    )


def tell_act_decided(act: UniversityAct, *, now: dt.datetime) -> None:
    """The leading body's people; of what was dismissed, whoever proposed it."""
    if act.state == UniversityAct.State.DONE:
        led = Membership.objects.filter(role__in=[Role.HR, Role.BASE_MANAGER], organisation_id=act.university.organisation_id)
        _tell(act, list(holding(led, localdate(now)).select_related("account")), "done", now)
    elif act.proposed_by != act.decided_by:
        proposers = Membership.objects.filter(organisation=None, account__public_id__in=[act.proposed_by])
        _tell(act, list(holding(proposers, localdate(now)).select_related("account")), "dismissed", now)


def _tell(act: UniversityAct, held: list[Membership], what: str, now: dt.datetime) -> None:
    university = act.university
    values = {"university": {"zh": university.name_zh, "en": university.name_en or university.name_zh}}
    link = f"/university/founding/{university.public_id}/"
    accounts = {one.account_id: one.account for one in held}
    send_many(((account, values, link) for account in accounts.values()), f"university.end.{what}", now=now)
