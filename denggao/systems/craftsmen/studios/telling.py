"""Who is told what of a studio. Messages name studios, never a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send_once
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.members.queries import accounts_of, holders
from denggao.systems.craftsmen.studios.models import AllianceMembership, Evaluation, Result, Studio, StudioAct, StudioMember

register(
    "studios.named",
    title=_("Craftsman studio named: %(studio)s"),
    body=_("Its plaque is made. Enter projects, results and visits as they come."),
    tone=Tone.DONE,
)
register(
    "studios.member.asked",
    title=_("You are asked to join a studio: %(studio)s"),
    body=_("Say yes or no, and whether your name may be shown."),
    tone=Tone.WAITING,
)
register(
    "studios.act.proposed",
    title=_("Waits for a second person: %(studio)s"),
    body=_("What is proposed for this studio takes effect when you confirm it."),
    tone=Tone.WAITING,
)
register(
    "studios.act.done",
    title=_("The standing of the studio has changed: %(studio)s"),
    body=_("Open its page to read what was decided and why."),
    tone=Tone.REFUSED,
)
register("studios.act.dismissed", title=_("What was proposed for the studio will not be done: %(studio)s"), tone=Tone.INFO)
register(
    "studios.leaderless",
    title=_("A studio has lost its leader: %(studio)s"),
    body=_("It is suspended. Name another craftsman of the employer as its leader, or un-name it."),
    tone=Tone.WAITING,
)
register("studios.result.reported", title=_("A result waits to be confirmed: %(studio)s"), tone=Tone.WAITING)
register(
    "studios.evaluation.due",
    title=_("Evaluation of the studio is due by %(due)s: %(studio)s"),
    body=_("Hand in the report; what the platform knows is filled in."),
    tone=Tone.WAITING,
)
register("studios.evaluation.done", title=_("The studio is evaluated: %(studio)s"), tone=Tone.DONE)
register(
    "studios.evaluation.remedy",
    title=_("The evaluation asks for remedies: %(studio)s"),
    body=_("Put right what is named by %(until)s. Who does not is proposed for un-naming."),
    tone=Tone.REFUSED,
)
register("studios.alliance.asked", title=_("A studio waits for an answer: %(alliance)s"), tone=Tone.WAITING)


def keepers_of(studio: Studio, on: dt.date) -> list[User]:
    """Who acts for the employer, and the craftsman who leads it."""
    found = {user.pk: user for user in holders(Role.HR, Role.BASE_MANAGER, bodies=[studio.organisation_id], on=on)}
    leader = studio.leader.person.account
    if leader is not None and studio.leader.is_in_force:
        found[leader.pk] = leader
    return list(found.values())


def link_of(studio: Studio) -> str:
    return f"/craftsmen/studios/{studio.public_id}/"


def _tell(users: Iterable[User], code: str, studio: Studio, now: dt.datetime, *, link: str = "", **values: object) -> None:
    said = {"studio": {"zh": studio.name_zh, "en": studio.name_en or studio.name_zh}, **values}
    send_once(users, code, said, link or link_of(studio), now=now)


def tell_named(studio: Studio, *, now: dt.datetime) -> None:
    _tell(keepers_of(studio, localdate(now)), "studios.named", studio, now)


def tell_asked_member(member: StudioMember, *, now: dt.datetime) -> None:
    if member.person.account is not None:
        _tell(
            [member.person.account],
            "studios.member.asked",
            member.studio,
            now,
            link=f"/craftsmen/studios/members/{member.public_id}/",
        )


def tell_act_proposed(act: StudioAct, *, now: dt.datetime) -> None:
    """The approvers; never the one who proposed."""
    others = holders(Role.APPROVER, but=act.proposed_by, on=localdate(now))
    _tell(others, "studios.act.proposed", act.studio, now, link=f"/craftsmen/studios/acts/{act.public_id}/")


def tell_act_decided(act: StudioAct, *, now: dt.datetime) -> None:
    """The employer and the leader; of what was dismissed, whoever proposed it alone."""
    if act.state == StudioAct.State.DONE:
        _tell(keepers_of(act.studio, localdate(now)), "studios.act.done", act.studio, now)
    elif act.proposed_by != act.decided_by:
        _tell(accounts_of(act.proposed_by), "studios.act.dismissed", act.studio, now)


def tell_leaderless(studio: Studio, *, now: dt.datetime) -> None:
    """The office, and the employer."""
    on = localdate(now)
    _tell([*holders(Role.CLERK, Role.REVIEWER, on=on), *keepers_of(studio, on)], "studios.leaderless", studio, now)


def tell_result_reported(result: Result, *, now: dt.datetime) -> None:
    users = [user for user in keepers_of(result.studio, localdate(now)) if str(user.public_id) != result.reported_by]
    _tell(users, "studios.result.reported", result.studio, now)


def tell_evaluation_due(studio: Studio, *, now: dt.datetime) -> None:
    _tell(keepers_of(studio, localdate(now)), "studios.evaluation.due", studio, now, due=studio.evaluation_due_on.isoformat())


def tell_evaluated(evaluation: Evaluation, *, now: dt.datetime) -> None:
    users = keepers_of(evaluation.studio, localdate(now))
    if evaluation.outcome == Evaluation.Outcome.REMEDY:
        until = evaluation.remedy_until.isoformat() if evaluation.remedy_until else "—"
        _tell(users, "studios.evaluation.remedy", evaluation.studio, now, until=until)
    else:
        _tell(users, "studios.evaluation.done", evaluation.studio, now)


def tell_alliance_asked(member: AllianceMembership, *, now: dt.datetime) -> None:
    """Whoever's word is missing."""
    other = member.alliance.lead if member.state == AllianceMembership.State.ASKED else member.studio
    said = {"alliance": {"zh": member.alliance.name_zh, "en": member.alliance.name_en or member.alliance.name_zh}}
    link = f"/craftsmen/studios/alliances/{member.alliance.public_id}/"
    send_once(keepers_of(other, localdate(now)), "studios.alliance.asked", said, link, now=now)
