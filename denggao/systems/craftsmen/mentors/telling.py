"""Who is told what of appointments, sessions and learners. Messages name no person but the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send_once
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.members.queries import holders
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.systems.craftsmen.mentors.models import LearnerGap, MentorDuty, MentorSession

register(
    "mentors.proposed",
    title=_("%(place)s would like you as special mentor"),
    body=_("Read term and duties, and say yes or no."),
    tone=Tone.WAITING,
)
register(
    "mentors.accepted",
    title=_("A craftsman accepts an appointment at %(place)s"),
    body=_("A second person of the office confirms."),
    tone=Tone.WAITING,
)
register("mentors.declined", title=_("A craftsman declines an appointment at %(place)s"), body="%(reason)s", tone=Tone.REFUSED)
register(
    "mentors.appointed",
    title=_("Special mentor at %(place)s: appointed until %(until)s"),
    body=_("The letter can be printed in a moment."),
    tone=Tone.DONE,
)
register("mentors.dismissed", title=_("The appointment at %(place)s is not confirmed"), body="%(reason)s", tone=Tone.REFUSED)
register(
    "mentors.ended",
    title=_("The appointment as special mentor at %(place)s has ended"),
    body=_("%(reason)s Hours and sessions so far stay; planned sessions are called off."),
    tone=Tone.INFO,
)
register(
    "mentors.learner_without",
    title=_("Your mentor at %(place)s no longer teaches there by appointment"),
    body=_("Your hours and sessions so far stay. Another mentor is to be named for you by %(due)s."),
    tone=Tone.INFO,
)
register(
    "mentors.learners_without",
    title=_("Learners at %(place)s are without a mentor: %(count)s"),
    body=_("What was done so far stays. Name another mentor for each by %(due)s."),
    tone=Tone.WAITING,
)
register(
    "mentors.session",
    title=_("A session on %(day)s waits for your word"),
    body=_("Say whether it took place as entered."),
    tone=Tone.WAITING,
)
register("mentors.session_refused", title=_("A session on %(day)s was not confirmed"), body="%(reason)s", tone=Tone.REFUSED)
register(
    "mentors.behind",
    title=_("Special mentor at %(place)s: %(left)s hours of this year are still to be given"),
    body=_("The duty is behind by more than a quarter of the year. Plan sessions, or agree other terms."),
    tone=Tone.WAITING,
)


def link(duty: MentorDuty) -> str:
    return f"/craftsmen/mentors/{duty.public_id}/"


def mentor_of(duty: MentorDuty) -> list[User]:
    account = duty.craftsman.person.account
    return [account] if account is not None else []


def managers(bodies: Collection[int], now: dt.datetime, *roles: str) -> list[User]:
    return holders(*(roles or (Role.BASE_MANAGER,)), bodies=[body for body in bodies if body], on=localdate(now))


def office(now: dt.datetime, *roles: str) -> list[User]:
    return holders(*roles, on=localdate(now))


def tell(accounts: Iterable[User], code: str, duty: MentorDuty, *, now: dt.datetime, to: str = "", **values: object) -> None:
    told = {"place": named(duty.place), **values}
    send_once(accounts, code, told, to or link(duty), now=now)


def tell_session(session: MentorSession, code: str, *, now: dt.datetime) -> None:
    """The other side than the one that entered it; of a refusal, the one that did."""
    to_base = (session.entered_side == MentorSession.Side.MENTOR) is (code == "mentors.session")
    accounts = managers([session.duty.place_id], now) if to_base else mentor_of(session.duty)
    tell(accounts, code, session.duty, now=now, day=session.day.isoformat(), reason=session.reason)


def tell_without(gaps: Collection[LearnerGap], duty: MentorDuty, *, now: dt.datetime) -> None:
    """Each learner; the base; the employers; the office."""
    due = max(gap.due_on for gap in gaps).isoformat()
    for gap in gaps:
        if gap.mentorship.learner.account is not None:
            to = f"/signatures/mentorships/{gap.mentorship.public_id}/"
            tell([gap.mentorship.learner.account], "mentors.learner_without", duty, now=now, to=to, due=gap.due_on.isoformat())
    keepers = managers([duty.place_id, *employers(gap.mentorship for gap in gaps)], now, Role.HR, Role.BASE_MANAGER)
    everybody = [*keepers, *office(now, Role.CLERK, Role.REVIEWER)]
    tell(everybody, "mentors.learners_without", duty, now=now, to="/craftsmen/mentors/learners/", count=len(gaps), due=due)


def employers(mentorships: Iterable[Mentorship]) -> set[int]:
    """The bodies of the learners' work: those the mentorships name, and where the learners are employed."""
    found = list(mentorships)
    named_ = {item.organisation_id for item in found if item.organisation_id}
    working = Employment.objects.filter(person_id__in=[item.learner_id for item in found], left_on__isnull=True)
    return named_ | set(working.values_list("employer_id", flat=True))


def named(body: Organisation) -> dict[str, str]:
    return {"zh": body.name_zh, "en": body.name_en or body.name_zh}
