"""Where the counting rule ``named_craftsmen`` meets the database: which persons count for a goal that wants craftsmen.

A person counts from the day of the naming, if that day lies within the plan, and stops counting when the title is revoked, at
whatever time. Who is given the title back counts from the day of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from denggao.engines.ledger.registry import Claim
from denggao.foundation.audit.records import canonical
from denggao.foundation.plans.models import Goal, ProofGrade
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.rules import NAMED_CRAFTSMEN, counts

RULE = NAMED_CRAFTSMEN
EVIDENCE_KIND = "craftsman_naming"


def evidence_hash(craftsman: Craftsman) -> str:
    """SHA-256 over what the count rests on: the case, the order, the person, the day, the certificate's number."""
    facts = [
        str(craftsman.public_id),
        str(craftsman.case.public_id),
        str(craftsman.person.public_id),
        craftsman.order.number,
        craftsman.named_on.isoformat(),
        craftsman.certificate.number if craftsman.certificate else "",
    ]
    return hashlib.sha256(canonical(facts)).hexdigest()


class NamedCraftsmen:
    """Counts the persons who hold the title of craftsman under the plan."""

    def claims(self, goal: Goal, heads: Collection[int]) -> dict[int, Claim]:
        """One query. A person holds one title under a plan at a time."""
        plan = goal.plan
        held = Craftsman.objects.in_force().filter(plan=plan, person_id__in=list(heads))
        rows = held.select_related("case", "person", "order", "certificate", "industry", "nomination").order_by("named_on", "pk")
        return {one.person_id: _claim_of(one) for one in rows if counts(one.state, one.named_on, plan.first_day, plan.last_day)}

    def all_heads(self, goal: Goal) -> Collection[int]:
        rows = Craftsman.objects.filter(plan_id=goal.plan_id)
        return list(rows.order_by("person_id").values_list("person_id", flat=True).distinct())


def _claim_of(craftsman: Craftsman) -> Claim:
    return Claim(
        happened_on=craftsman.named_on,
        proof=ProofGrade.CONFIRMED,
        evidence_kind=EVIDENCE_KIND,
        evidence_id=craftsman.public_id,
        evidence_hash=evidence_hash(craftsman),
        industry=craftsman.industry.code,
        employer_id=craftsman.employer_id,
        channel=craftsman.nomination.channel,
        facts={
            "case": str(craftsman.case.public_id),
            "order": craftsman.order.number,
            "certificate": str(craftsman.certificate.public_id) if craftsman.certificate else "",
        },
    )
