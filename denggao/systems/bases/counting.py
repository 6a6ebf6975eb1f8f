"""Where the counting rule ``accredited_bases`` meets the database: which bodies count for a goal that wants training bases.

A body counts from the day the last authority signed, if that day lies within the plan. It stops counting when its base is
withdrawn, at any time, and when it leaves or its term ends within the plan's span; a term that ends after the plan takes
nothing back from it. A suspension takes nothing back: the base holds its place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection

from denggao.engines.ledger.registry import Claim
from denggao.foundation.audit.records import canonical
from denggao.foundation.plans.models import Goal, ProofGrade
from denggao.systems.bases.models import Base
from denggao.systems.bases.rules import ACCREDITED_BASES

RULE = ACCREDITED_BASES
EVIDENCE_KIND = "base_accreditation"


def counts(state: str, accredited_on: dt.date, ended_on: dt.date | None, first_day: dt.date, last_day: dt.date) -> bool:
    """Whether one base counts for a plan from its first to its last day."""
    if not first_day <= accredited_on <= last_day or state == Base.State.WITHDRAWN:
        return False
    return ended_on is None or ended_on > last_day


def evidence_hash(base: Base) -> str:
    """SHA-256 over what the count rests on: the case, the body, the day of the last signature, the plaque's number."""
    facts = [
        str(base.public_id),
        str(base.case.public_id),
        str(base.organisation.public_id),
        base.accredited_on.isoformat(),
        base.plaque.number if base.plaque else "",
    ]
    return hashlib.sha256(canonical(facts)).hexdigest()


class AccreditedBases:
    """Counts the bodies that hold, or held until the plan's end, an accredited training base of the plan."""

    def claims(self, goal: Goal, heads: Collection[int]) -> dict[int, Claim]:
        """One query. Of several bases of a body, the one accredited first among those that count."""
        plan = goal.plan
        bases = Base.objects.filter(plan=plan, organisation_id__in=list(heads)).select_related(
            "case", "organisation", "plaque", "industry"
        )
        found: dict[int, Claim] = {}
        for base in bases.order_by("accredited_on", "id"):
            if base.organisation_id not in found and counts(
                base.state, base.accredited_on, base.ended_on, plan.first_day, plan.last_day
            ):
                found[base.organisation_id] = _claim_of(base)
        return found

    def all_heads(self, goal: Goal) -> Collection[int]:
        bases = Base.objects.filter(plan_id=goal.plan_id)
        return list(bases.values_list("organisation_id", flat=True).distinct().order_by("organisation_id"))


def _claim_of(base: Base) -> Claim:
    return Claim(
        happened_on=base.accredited_on,
        proof=ProofGrade.CONFIRMED,
        evidence_kind=EVIDENCE_KIND,
        evidence_id=base.public_id,
        evidence_hash=evidence_hash(base),
        industry=base.industry.code,
        channel="bases",
        facts={"case": str(base.case.public_id), "plaque": str(base.plaque.public_id) if base.plaque else ""},
    )
