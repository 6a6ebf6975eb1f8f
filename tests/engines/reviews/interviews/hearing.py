"""A day of interviews about a made-up subject; each candidate is attended by one account."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from denggao.engines.reviews.interviews.actions import DayGiven, plan_day, publish_day
from denggao.engines.reviews.interviews.models import InterviewDay, Slot
from denggao.engines.reviews.interviews.registry import Attendee, register_interview_subject
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor
from tests.cast import Cast
from tests.facts import NOW

KIND = "trial_hearing"
START = NOW + dt.timedelta(hours=1)


@dataclass
class TrialHearing:
    """What the room above would know; ``users`` by candidate."""

    candidate_kind: str = "trial_heard"
    waiting: list[Attendee] = field(default_factory=list)
    users: dict[uuid.UUID, list[User]] = field(default_factory=dict)

    def titles(self, subject_id: uuid.UUID) -> tuple[str, str] | None:
        return "面试答辩", "Interviews"

    def attendees(self, subject_id: uuid.UUID) -> Sequence[Attendee]:
        return list(self.waiting)

    def accounts(self, subject_ids: Collection[uuid.UUID], *, now: dt.datetime) -> Mapping[uuid.UUID, Sequence[User]]:
        return {pk: self.users.get(pk, []) for pk in subject_ids}

    def attended_by(self, actor: Actor) -> Collection[uuid.UUID]:
        return {pk for pk, users in self.users.items() if actor.user in users}

    def url(self, subject_id: uuid.UUID) -> str:
        return ""


def a_hearing(count: int = 3, *, groups: str = "", users: Sequence[User] = ()) -> TrialHearing:
    """Numbers 01, 02 …; one account each (the first ones as given)."""
    trial = TrialHearing()
    for number in range(1, count + 1):
        group = groups[number - 1] if groups else ""
        one = Attendee(uuid.uuid4(), f"{number:02d}", f"候选{number:02d}", f"候*{number}", group)
        trial.waiting.append(one)
        trial.users[one.subject_id] = [users[number - 1] if number <= len(users) else User.objects.create_user()]
    register_interview_subject(KIND, trial)
    return trial


def a_day(cast: Cast, count: int = 3, *, published: bool = True, users: Sequence[User] = (), **given: Any) -> InterviewDay:
    groups = given.pop("groups", "")
    a_hearing(count, groups=groups, users=users)
    said = DayGiven("面试答辩", "二楼会议室", START, **{"break_after": 0, **given})
    day = plan_day(KIND, uuid.uuid4(), said, actor=cast.reviewer, now=NOW)
    return publish_day(day, actor=cast.reviewer, now=NOW) if published else day


def slots_of(day: InterviewDay) -> list[Slot]:
    return list(day.slots.select_related("day").exclude(state=Slot.State.MOVED))


def numbers(day: InterviewDay) -> list[str]:
    return [slot.number for slot in slots_of(day)]
