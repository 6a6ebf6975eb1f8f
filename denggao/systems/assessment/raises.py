"""The counting rule ``first_raise``, as pure rules: which certificates of a person raise a level within the plan, and
which one of them counts.

A certificate counts for a head when all of this holds (plan ``lingang-2020``, goal ``upgrades``; an employer's list
and a register of certificates are the source facts):

1. it is valid, its number is of a known shape or confirmed, its occupation is known, and its proof is good enough;
2. its issue date lies within the plan;
3. no earlier certificate of the person in that occupation is of the same or a higher level (withdrawn ones do not
   stand in the way; earlier means by issue date, then by number);
4. on that date the person was employed, as front-line staff, by an employer of the plan (the last day included; front-line
   status that is not known does not count).

A head counts once, by the earliest such certificate; later ones are further evidence.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from denggao.foundation.organisations.rules import Statement, front_line_on
from denggao.foundation.plans.models import ProofGrade
from denggao.foundation.standards.ladder import rank


class Finding(StrEnum):
    """Why a certificate counts, or the first condition that fails."""

    COUNTS = "counts"
    FURTHER = "further"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    NUMBER_UNCONFIRMED = "number_unconfirmed"
    OCCUPATION_UNMAPPED = "occupation_unmapped"
    PROOF_TOO_LOW = "proof_too_low"
    OUTSIDE_PLAN = "outside_plan"
    NOT_A_RAISE = "not_a_raise"
    NOT_EMPLOYED = "not_employed"
    NOT_FRONT_LINE = "not_front_line"
    FRONT_LINE_UNKNOWN = "front_line_unknown"


@dataclass(frozen=True)
class CertificateFact:
    public_id: uuid.UUID
    number: str
    issued_on: dt.date
    level: str
    occupation_id: int | None
    valid: bool
    number_confirmed: bool
    proof: str

    @property
    def order(self) -> tuple[dt.date, str]:
        return self.issued_on, self.number


@dataclass(frozen=True)
class EmploymentFact:
    """``starts_on`` is the day of hiring, or of the first list where no list names it; ``statements`` are all the lists say."""

    public_id: uuid.UUID
    employer_id: int
    employer_key: str
    starts_on: dt.date
    left_on: dt.date | None
    statements: Sequence[Statement]

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.left_on is None or day <= self.left_on)


@dataclass(frozen=True)
class PlanFact:
    """``employers``: by employer id, the first and last day of its part in the plan."""

    first_day: dt.date
    last_day: dt.date
    lowest_proof: str
    employers: Mapping[int, tuple[dt.date, dt.date]]

    def has(self, employer_id: int, day: dt.date) -> bool:
        span = self.employers.get(employer_id)
        return span is not None and span[0] <= day <= span[1]


@dataclass(frozen=True)
class Verdict:
    """What the rule says of one certificate. ``earlier`` is the certificate that stands in the way, or (for one that
    counts) the highest earlier one in the occupation, from which it raises."""

    certificate: CertificateFact
    finding: Finding
    employment: EmploymentFact | None = None
    earlier: CertificateFact | None = None


def judge(certificates: Sequence[CertificateFact], employments: Sequence[EmploymentFact], plan: PlanFact) -> list[Verdict]:
    """One verdict a certificate, by issue date, then number; at most one says COUNTS."""
    ordered = sorted(certificates, key=lambda fact: fact.order)
    verdicts: list[Verdict] = []
    counted = False
    for certificate in ordered:
        verdict = _judge_one(certificate, ordered, employments, plan)
        if verdict.finding is Finding.COUNTS:
            if counted:
                verdict = Verdict(certificate, Finding.FURTHER, verdict.employment, verdict.earlier)
            counted = True
        verdicts.append(verdict)
    return verdicts


def _judge_one(
    certificate: CertificateFact, certificates: Sequence[CertificateFact], employments: Sequence[EmploymentFact], plan: PlanFact
) -> Verdict:
    if not certificate.valid:
        return Verdict(certificate, Finding.WITHDRAWN)
    if not certificate.number_confirmed:
        return Verdict(certificate, Finding.NUMBER_UNCONFIRMED)
    if certificate.occupation_id is None:
        return Verdict(certificate, Finding.OCCUPATION_UNMAPPED)
    if ProofGrade(certificate.proof).rank < ProofGrade(plan.lowest_proof).rank:
        return Verdict(certificate, Finding.PROOF_TOO_LOW)
    day = certificate.issued_on
    if not plan.first_day <= day <= plan.last_day:
        return Verdict(certificate, Finding.OUTSIDE_PLAN)
    earlier = _highest_earlier(certificate, certificates)
    if earlier is not None and rank(earlier.level) >= rank(certificate.level):
        return Verdict(certificate, Finding.NOT_A_RAISE, earlier=earlier)
    return _judge_employment(certificate, earlier, employments, plan)


def _highest_earlier(certificate: CertificateFact, certificates: Sequence[CertificateFact]) -> CertificateFact | None:
    earlier = [
        other
        for other in certificates
        if other.valid and other.occupation_id == certificate.occupation_id and other.order < certificate.order
    ]
    return max(earlier, key=lambda other: (rank(other.level), other.order), default=None)


def _judge_employment(
    certificate: CertificateFact, earlier: CertificateFact | None, employments: Sequence[EmploymentFact], plan: PlanFact
) -> Verdict:
    day = certificate.issued_on
    there = sorted(
        (fact for fact in employments if fact.covers(day) and plan.has(fact.employer_id, day)),
        key=lambda fact: (fact.starts_on, fact.employer_key),
    )
    if not there:
        return Verdict(certificate, Finding.NOT_EMPLOYED)
    states = [front_line_on(fact.statements, day) for fact in there]
    for fact, state in zip(there, states, strict=True):
        if state:
            return Verdict(certificate, Finding.COUNTS, fact, earlier)
    if None in states:
        return Verdict(certificate, Finding.FRONT_LINE_UNKNOWN, there[states.index(None)])
    return Verdict(certificate, Finding.NOT_FRONT_LINE, there[0])
