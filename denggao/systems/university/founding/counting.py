"""Where the counting rule ``founded_university`` meets the database: which bodies count for a goal that wants a university.

A body counts from the day its university's founding was decided, if that day lies within the plan. It stops counting when the
founding is withdrawn, at any time, and when the university, or the school whose programme it began with, closes within the
plan's span. That the programme itself leaves the catalogue in time takes nothing back: it was published when it mattered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from denggao.engines.ledger.registry import Claim
from denggao.foundation.audit.records import canonical
from denggao.foundation.plans.models import Goal, ProofGrade
from denggao.systems.university.founding.rules import FOUNDED_UNIVERSITY, counts
from denggao.systems.university.models import University

RULE = FOUNDED_UNIVERSITY
EVIDENCE_KIND = "university_founding"


def evidence_hash(university: University) -> str:
    """SHA-256 over what the count rests on: the case, the leading body, the days, the programme."""
    facts = [
        str(university.public_id),
        str(university.case.public_id),
        str(university.organisation.public_id),
        university.opened_on.isoformat(),
        university.founded_on.isoformat(),
        str(university.programme.public_id),
    ]
    return hashlib.sha256(canonical(facts)).hexdigest()


class FoundedUniversity:
    """Counts the bodies that lead, or led until the plan's end, a founded university of the plan."""

    def claims(self, goal: Goal, heads: Collection[int]) -> dict[int, Claim]:
        """One query. Of several universities of a body, the one founded first among those that count."""
        plan = goal.plan
        universities = University.objects.filter(plan=plan, organisation_id__in=list(heads)).select_related(
            "case", "organisation", "programme__school", "programme__industry"
        )
        found: dict[int, Claim] = {}
        for one in universities.order_by("founded_on", "pk"):
            closed_on = one.programme.school.closed_on
            if one.organisation_id not in found and counts(
                one.state, one.founded_on, one.ended_on, closed_on, plan.first_day, plan.last_day
            ):
                found[one.organisation_id] = _claim_of(one)
        return found

    def all_heads(self, goal: Goal) -> Collection[int]:
        universities = University.objects.filter(plan_id=goal.plan_id)
        return list(universities.order_by("organisation_id").values_list("organisation_id", flat=True).distinct())


def _claim_of(university: University) -> Claim:
    programme = university.programme
    return Claim(
        happened_on=university.founded_on,
        proof=ProofGrade.CONFIRMED,
        evidence_kind=EVIDENCE_KIND,
        evidence_id=university.public_id,
        evidence_hash=evidence_hash(university),
        industry=programme.industry.code if programme.industry else "",
        channel="university",
        facts={"case": str(university.case.public_id), "programme": str(programme.public_id)},
    )
