"""Interviews: applications of a round that passed the check are heard one after the other, by ``engines/reviews/interviews``.

No stage of its own: they are heard while experts judge, or before the jury meets."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.timezone import localdate

from denggao.engines.cases import policies
from denggao.engines.cases.models import SUBJECT_KIND, Case, Round
from denggao.engines.cases.procedures import Stage, StageKind
from denggao.engines.cases.stages import PRODUCT
from denggao.engines.cases.states import State
from denggao.engines.reviews.interviews.actions import drop_attendee
from denggao.engines.reviews.interviews.models import InterviewDay
from denggao.engines.reviews.interviews.policies import can_plan, visible_days
from denggao.engines.reviews.interviews.registry import Attendee
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor

ROUND_KIND = "case_round"
HEARD_IN = (StageKind.REVIEW, StageKind.RANK, StageKind.MEETING)
Attending = Callable[[Sequence[Case]], Mapping[uuid.UUID, Sequence[User]]]
Attended = Callable[[Actor], Collection[uuid.UUID]]

_attending: list[Attending] = []
_attended: list[Attended] = []


def plug_attendance(attending: Attending, attended: Attended) -> None:
    """Who is heard beside the applicant's side (whoever consented): the accounts by case, and the cases an actor is heard for."""
    _attending.append(attending)
    _attended.append(attended)


class RoundsHear:
    """What ``interviews`` asks of subjects of the kind ``case_round``; registered in ``wiring.py``."""

    candidate_kind = SUBJECT_KIND

    def titles(self, subject_id: uuid.UUID) -> tuple[str, str] | None:
        round_ = Round.objects.filter(public_id=subject_id).first()
        if round_ is None:
            return None
        return f"{round_.title_zh} 面试答辩", f"{round_.title_en or round_.title_zh}: interviews"

    def attendees(self, subject_id: uuid.UUID) -> Sequence[Attendee]:
        """Two queries, beside what the system needs for its groups."""
        found = Case.objects.with_labels().filter(round__public_id=subject_id, stage_kind__in=HEARD_IN, state=State.OPEN)
        cases = list(found.order_by("number"))
        groups = cases[0].declared.system.groups_of(cases) if cases else {}
        return [
            Attendee(
                subject_id=case.public_id,
                number=case.number or "",
                title_zh=case.title,
                masked=_masked(case),
                group=groups.get(case.public_id, ("", "", ""))[1],
            )
            for case in cases
        ]

    def accounts(self, subject_ids: Collection[uuid.UUID], *, now: dt.datetime) -> Mapping[uuid.UUID, Sequence[User]]:
        """The applicant's side, the person the case is about, and whoever is plugged in; each once."""
        cases = list(Case.objects.with_labels().select_related("person__account").filter(public_id__in=subject_ids))
        also = [attending(cases) for attending in _attending]
        found: dict[uuid.UUID, Sequence[User]] = {}
        for case in cases:
            told = {user.pk: user for user in policies.applicant_accounts(case, localdate(now))}
            for extra in also:
                told |= {user.pk: user for user in extra.get(case.public_id, ())}
            found[case.public_id] = list(told.values())
        return found

    def attended_by(self, actor: Actor) -> Collection[uuid.UUID]:
        own = set(policies.own_cases(actor).submitted().filter(round__isnull=False).values_list("public_id", flat=True))
        return own.union(*(attended(actor) for attended in _attended))

    def url(self, subject_id: uuid.UUID) -> str:
        return f"/cases/rounds/{subject_id}/"


def _masked(case: Case) -> str:
    return case.person.masked_name if case.person is not None else case.applicant_name


def not_heard_any_more(case: Case, left: Stage, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """The case left its stage otherwise than by going on: nobody waits for it in a running order."""
    if left.kind in HEARD_IN:
        drop_attendee(SUBJECT_KIND, case.public_id, reason=reason, actor=PRODUCT, now=now)


@dataclass(frozen=True)
class InterviewCard:
    """What the round's office page shows of its interviews: how many could be ``heard``, the days, whether this actor may plan
    one."""

    heard: int
    days: list[InterviewDay]
    may_plan: bool


def interview_card(round_: Round, actor: Actor, counts: Mapping[tuple[str, str], int]) -> InterviewCard | None:
    """``counts`` by stage kind as the round's page has them. None where nobody can be heard, or was. One query."""
    able = sum(counts.get(("stage", kind), 0) for kind in HEARD_IN)
    days = list(visible_days(actor).filter(subject_kind=ROUND_KIND, subject_id=round_.public_id))
    return InterviewCard(able, days, can_plan(actor)) if days or able else None
