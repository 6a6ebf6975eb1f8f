"""Where the counting rule ``first_raise`` meets the database: loads the facts of many heads at once, and tells of a
certificate in one sentence why it counts or which condition fails."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from denggao.engines.credentials.models import Credential
from denggao.engines.ledger.registry import Claim
from denggao.foundation.organisations.models import Employment, EmploymentStatement, Organisation
from denggao.foundation.organisations.rules import Statement
from denggao.foundation.plans.models import Goal, Participation, Plan
from denggao.foundation.standards.ladder import BY_CODE
from denggao.systems.assessment.models import LevelCertificate
from denggao.systems.assessment.raises import CertificateFact, EmploymentFact, Finding, PlanFact, Verdict, judge

RULE = "first_raise"
EVIDENCE_KIND = "level_certificate"
CHUNK = 2000


def chunks(ids: Iterable[int], size: int = CHUNK) -> Iterator[list[int]]:
    waiting = iter(ids)
    while part := list(islice(waiting, size)):
        yield part


def plan_fact(goal: Goal) -> PlanFact:
    plan = goal.plan
    spans = Participation.objects.filter(plan=plan).values_list("organisation_id", "from_on", "to_on")
    return PlanFact(
        first_day=plan.first_day,
        last_day=plan.last_day,
        lowest_proof=goal.lowest_proof,
        employers={body: (from_on or plan.first_day, to_on or plan.last_day) for body, from_on, to_on in spans},
    )


def certificate_facts(people: Collection[int]) -> dict[int, list[CertificateFact]]:
    """Every level certificate of these persons, by person id."""
    rows = LevelCertificate.objects.filter(credential__holder_id__in=people).values_list(
        "credential__holder_id",
        "credential__public_id",
        "credential__number",
        "credential__issued_on",
        "level",
        "occupation_id",
        "credential__status",
        "number_confirmed",
        "credential__proof",
    )
    found: dict[int, list[CertificateFact]] = defaultdict(list)
    for holder, public_id, number, issued_on, level, occupation, status, confirmed, proof in rows.iterator(chunk_size=5000):
        found[holder].append(
            CertificateFact(public_id, number, issued_on, level, occupation, status == Credential.Status.VALID, confirmed, proof)
        )
    return found


def employment_facts(people: Collection[int]) -> dict[int, list[EmploymentFact]]:
    """Every employment of these persons, by person id."""
    said: dict[int, list[Statement]] = defaultdict(list)
    statements = EmploymentStatement.objects.filter(employment__person_id__in=people)
    for employment, as_of, front_line in statements.values_list("employment_id", "as_of", "front_line").iterator(chunk_size=5000):
        said[employment].append(Statement(as_of, front_line=front_line))
    rows = Employment.objects.filter(person_id__in=people).values_list(
        "id", "person_id", "public_id", "employer_id", "employer__uscc", "employer__name_zh", "hired_on", "known_from", "left_on"
    )
    found: dict[int, list[EmploymentFact]] = defaultdict(list)
    for pk, person, public_id, employer, uscc, name, hired_on, known_from, left_on in rows.iterator(chunk_size=5000):
        found[person].append(EmploymentFact(public_id, employer, uscc or name, hired_on or known_from, left_on, said.get(pk, ())))
    return found


def evidence_hash(verdict: Verdict, occupation_code: str) -> str:
    """SHA-256 over the facts a count rests on, by public ids and plain values: it changes when one of them does."""
    certificate, employment = verdict.certificate, verdict.employment
    facts: list[Any] = [
        str(certificate.public_id),
        certificate.number,
        certificate.issued_on.isoformat(),
        certificate.level,
        occupation_code,
        certificate.proof,
        str(employment.public_id) if employment else "",
        employment.starts_on.isoformat() if employment else "",
        employment.left_on.isoformat() if employment and employment.left_on else "",
        str(verdict.earlier.public_id) if verdict.earlier else "",
    ]
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()


class FirstRaise:
    """Counts front-line workers of the plan's employers who rose a skill level within the plan."""

    def claims(self, goal: Goal, heads: Collection[int]) -> dict[int, Claim]:
        plan = plan_fact(goal)
        industries = dict(Organisation.objects.filter(pk__in=plan.employers).values_list("id", "industry__code"))
        codes = dict(
            LevelCertificate.objects.filter(occupation__isnull=False).values_list("occupation_id", "occupation__code").distinct()
        )
        found: dict[int, Claim] = {}
        for part in chunks(heads):
            certificates = certificate_facts(part)
            employments = employment_facts(list(certificates))
            for person, held in certificates.items():
                for verdict in judge(held, employments.get(person, ()), plan):
                    if verdict.finding is Finding.COUNTS:
                        found[person] = _claim_of(verdict, industries, codes)
        return found

    def all_heads(self, goal: Goal) -> Collection[int]:
        holders = LevelCertificate.objects.filter(credential__holder__isnull=False)
        return list(holders.values_list("credential__holder_id", flat=True).distinct().order_by("credential__holder_id"))


def _claim_of(verdict: Verdict, industries: Mapping[int, str | None], codes: Mapping[int, str]) -> Claim:
    certificate, employment = verdict.certificate, verdict.employment
    if employment is None or certificate.occupation_id is None:
        raise ValueError("A certificate that counts has an employment and an occupation.")
    return Claim(
        happened_on=certificate.issued_on,
        proof=certificate.proof,
        evidence_kind=EVIDENCE_KIND,
        evidence_id=certificate.public_id,
        evidence_hash=evidence_hash(verdict, codes[certificate.occupation_id]),
        industry=industries.get(employment.employer_id) or "",
        occupation_id=certificate.occupation_id,
        level=certificate.level,
        level_before=verdict.earlier.level if verdict.earlier else "",
        employer_id=employment.employer_id,
        channel="assessment",
        facts={"employment": str(employment.public_id)},
    )


@dataclass(frozen=True)
class Explanation:
    """Whether a certificate counts for a goal, and the sentence that says why or why not."""

    finding: Finding
    sentence: str

    @property
    def counts(self) -> bool:
        return self.finding is Finding.COUNTS


def goal_of_rule(plan: Plan | None = None) -> Goal | None:
    """The goal that counts raised levels: of this plan, or of the plan loaded last."""
    goals = Goal.objects.filter(counting_rule=RULE).select_related("plan")
    return (goals.filter(plan=plan) if plan else goals.order_by("-plan__first_year", "-plan__loaded_at")).first()


def explain_many(certificates: Collection[LevelCertificate], goal: Goal | None = None) -> dict[int, Explanation]:
    """By credential id. ``certificates`` carry their credential (select_related). Six queries, however many."""
    goal = goal or goal_of_rule()
    if goal is None:
        return {}
    holders = {item.credential.holder_id for item in certificates if item.credential.holder_id is not None}
    plan = plan_fact(goal)
    held = certificate_facts(holders)
    employments = employment_facts(holders)
    names = dict(Organisation.objects.filter(pk__in=plan.employers).values_list("id", "name_zh"))
    verdicts = {
        verdict.certificate.public_id: verdict
        for person, facts in held.items()
        for verdict in judge(facts, employments.get(person, ()), plan)
    }
    explained = {}
    for item in certificates:
        verdict = verdicts.get(item.credential.public_id)
        explained[item.pk] = _explained(item, verdict, goal, names)
    return explained


def explain(certificate: LevelCertificate, goal: Goal | None = None) -> Explanation | None:
    """None where no plan counts raised levels."""
    return explain_many([certificate], goal).get(certificate.pk)


def _explained(item: LevelCertificate, verdict: Verdict | None, goal: Goal, names: dict[int, str]) -> Explanation:
    if verdict is None:
        finding = Finding.WAITING if item.credential.status == Credential.Status.VALID else Finding.WITHDRAWN
        return Explanation(finding, sentence_of(finding, item, None, goal, names))
    return Explanation(verdict.finding, sentence_of(verdict.finding, item, verdict, goal, names))


def sentence_of(finding: Finding, item: LevelCertificate, verdict: Verdict | None, goal: Goal, names: dict[int, str]) -> str:
    """One sentence, in the reader's language."""
    plan = goal.plan
    values: dict[str, Any] = {
        "goal": goal.name,
        "day": item.credential.issued_on.isoformat(),
        "first": plan.first_day.isoformat(),
        "last": plan.last_day.isoformat(),
        "occupation": item.occupation.name if item.occupation else item.occupation_text,
        "level": BY_CODE[item.level].name,
        "employer": names.get(verdict.employment.employer_id, "") if verdict and verdict.employment else "",
        "earlier": f"{verdict.earlier.number[:7]}…{verdict.earlier.number[-4:]}" if verdict and verdict.earlier else "",
        "earlier_day": verdict.earlier.issued_on.isoformat() if verdict and verdict.earlier else "",
        "earlier_level": BY_CODE[verdict.earlier.level].name if verdict and verdict.earlier else "",
        "proof": item.credential.get_proof_display(),
        "lowest": goal.get_lowest_proof_display(),
    }
    return _SENTENCES[finding]() % values


_SENTENCES = {
    Finding.COUNTS: lambda: _(
        "Counts towards “%(goal)s”: issued on %(day)s, the first raise within the plan, "
        "and on that day in front-line work at %(employer)s."
    ),
    Finding.FURTHER: lambda: _(
        "A further raise: the holder is already counted by an earlier certificate; this one is kept as further evidence."
    ),
    Finding.WITHDRAWN: lambda: _("Does not count: the certificate was withdrawn."),
    Finding.WAITING: lambda: _(
        "Does not count yet: no person with this identity number and name is known; it joins by itself when a roster brings them."
    ),
    Finding.NUMBER_UNCONFIRMED: lambda: _(
        "Does not count yet: the certificate number has an unknown shape and waits for the office to confirm it."
    ),
    Finding.OCCUPATION_UNMAPPED: lambda: _(
        "Does not count yet: the occupation “%(occupation)s” is not mapped to one national occupation."
    ),
    Finding.PROOF_TOO_LOW: lambda: _("Does not count yet: its proof is “%(proof)s”; the plan asks at least “%(lowest)s”."),
    Finding.OUTSIDE_PLAN: lambda: _("Does not count: issued on %(day)s, outside the plan (%(first)s to %(last)s)."),
    Finding.NOT_A_RAISE: lambda: _(
        "Does not count: certificate %(earlier)s of %(earlier_day)s, %(earlier_level)s in the same occupation, "
        "is of the same or a higher level."
    ),
    Finding.NOT_EMPLOYED: lambda: _("Does not count: on %(day)s the holder was not employed by any employer of the plan."),
    Finding.NOT_FRONT_LINE: lambda: _("Does not count: on %(day)s the holder's post at %(employer)s was not front-line."),
    Finding.FRONT_LINE_UNKNOWN: lambda: _(
        "Does not count yet: the roster of %(employer)s does not say whether the post was front-line on %(day)s."
    ),
}
