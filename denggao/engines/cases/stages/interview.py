"""Interviews: applications of a round that passed the check are heard one after the other, by ``engines/reviews/interviews``.

No stage of its own: they are heard while experts judge, or before the jury meets."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.timezone import localdate

from denggao.engines.cases import policies
from denggao.engines.cases.models import SUBJECT_KIND, Case, Consent, Round
from denggao.engines.cases.procedures import Stage, StageKind
from denggao.engines.cases.stages import PRODUCT
from denggao.engines.cases.states import State
from denggao.engines.reviews.interviews.actions import drop_attendee
from denggao.engines.reviews.interviews.models import InterviewDay
from denggao.engines.reviews.interviews.policies import can_plan, visible_days
from denggao.engines.reviews.interviews.registry import Attendee
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.models import Person

ROUND_KIND = "case_round"
HEARD_IN = (StageKind.REVIEW, StageKind.RANK, StageKind.MEETING)


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
        agreed = _agreed(cases)
        return [
            Attendee(
                subject_id=case.public_id,
                number=case.number or "",
                title_zh=case.title,
                masked=_masked(case, agreed.get(case.pk, [])),
                group=groups[case.public_id].zh if case.public_id in groups else "",
            )
            for case in cases
        ]

    def accounts(self, subject_ids: Collection[uuid.UUID], *, now: dt.datetime) -> Mapping[uuid.UUID, Sequence[User]]:
        """The applicant's side, and the persons who agreed to be put forward; each once."""
        cases = list(Case.objects.with_labels().filter(public_id__in=subject_ids))
        agreed = _agreed(cases)
        found: dict[uuid.UUID, Sequence[User]] = {}
        for case in cases:
            told = {user.pk: user for user in policies.applicant_accounts(case, localdate(now))}
            for person in agreed.get(case.pk, ()):
                if person.account is not None and person.account.is_active:
                    told[person.account.pk] = person.account
            found[case.public_id] = list(told.values())
        return found

    def attended_by(self, actor: Actor) -> Collection[uuid.UUID]:
        own = policies.own_cases(actor).submitted().filter(round__isnull=False).values_list("public_id", flat=True)
        agreed = Consent.objects.filter(state=Consent.State.AGREED, person__account=actor.user)
        return {*own, *agreed.values_list("case__public_id", flat=True)}

    def url(self, subject_id: uuid.UUID) -> str:
        return f"/cases/rounds/{subject_id}/"


def _agreed(cases: Sequence[Case]) -> dict[int, list[Person]]:
    """By case: the persons who agreed to be put forward. One query."""
    rows = Consent.objects.filter(case__in=[case.pk for case in cases], state=Consent.State.AGREED, person__isnull=False)
    found: dict[int, list[Person]] = {}
    for consent in rows.select_related("person__account").order_by("pk"):
        if consent.person is not None:
            found.setdefault(consent.case_id, []).append(consent.person)
    return found


def _masked(case: Case, agreed: Sequence[Person]) -> str:
    person = agreed[0] if agreed else case.person
    return person.masked_name if person is not None else case.applicant_name


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
