"""The counting rule, both sides of each boundary."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.foundation.organisations.rules import Statement
from denggao.systems.assessment.raises import CertificateFact, EmploymentFact, Finding, PlanFact, judge

TURNER, MILLER = 1, 2
EMPLOYER, STRANGER = 10, 11
PLAN = PlanFact(
    first_day=dt.date(2020, 1, 1),
    last_day=dt.date(2022, 12, 31),
    lowest_proof="declared",
    employers={EMPLOYER: (dt.date(2020, 1, 1), dt.date(2022, 12, 31))},
)


def certificate(number="A", issued="2021-06-01", level="4", **changes) -> CertificateFact:
    fact = CertificateFact(
        public_id=uuid.uuid5(uuid.NAMESPACE_OID, number),
        number=number,
        issued_on=dt.date.fromisoformat(issued),
        level=level,
        occupation_id=TURNER,
        valid=True,
        number_confirmed=True,
        proof="declared",
    )
    return replace(fact, **changes)


def employment(starts="2019-01-01", left=None, said=((dt.date(2020, 6, 30), True),), employer=EMPLOYER) -> EmploymentFact:
    return EmploymentFact(
        public_id=uuid.uuid5(uuid.NAMESPACE_OID, f"{employer}{starts}"),
        employer_id=employer,
        employer_key=str(employer),
        starts_on=dt.date.fromisoformat(starts),
        left_on=dt.date.fromisoformat(left) if left else None,
        statements=[Statement(as_of, front_line=value) for as_of, value in said],
    )


def findings(certificates, employments, plan=PLAN) -> dict[str, Finding]:
    return {verdict.certificate.number: verdict.finding for verdict in judge(certificates, employments, plan)}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Finding.COUNTS),
        ({"valid": False}, Finding.WITHDRAWN),
        ({"number_confirmed": False}, Finding.NUMBER_UNCONFIRMED),
        ({"occupation_id": None}, Finding.OCCUPATION_UNMAPPED),
        ({"issued": "2019-12-31"}, Finding.OUTSIDE_PLAN),
        ({"issued": "2020-01-01"}, Finding.COUNTS),
        ({"issued": "2022-12-31"}, Finding.COUNTS),
        ({"issued": "2023-01-01"}, Finding.OUTSIDE_PLAN),
    ],
)
def test_a_certificate_counts_only_when_it_holds_by_itself(changes, expected):
    found = findings([certificate(**changes)], [employment()])

    assert found == {"A": expected}


@pytest.mark.parametrize(
    ("lowest", "proof", "expected"),
    [
        ("declared", "declared", Finding.COUNTS),
        ("documented", "declared", Finding.PROOF_TOO_LOW),
        ("documented", "documented", Finding.COUNTS),
        ("confirmed", "documented", Finding.PROOF_TOO_LOW),
        ("documented", "confirmed", Finding.COUNTS),
    ],
)
def test_the_plan_says_how_well_a_raise_must_be_proven(lowest, proof, expected):
    found = findings([certificate(proof=proof)], [employment()], replace(PLAN, lowest_proof=lowest))

    assert found == {"A": expected}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (certificate("0", "2018-01-01", "5"), Finding.COUNTS),
        (certificate("0", "2018-01-01", "4"), Finding.NOT_A_RAISE),
        (certificate("0", "2018-01-01", "3"), Finding.NOT_A_RAISE),
        (certificate("0", "2018-01-01", "3", occupation_id=MILLER), Finding.COUNTS),
        (certificate("0", "2018-01-01", "3", occupation_id=None), Finding.COUNTS),
        (certificate("0", "2018-01-01", "3", valid=False), Finding.COUNTS),
        (certificate("0", "2018-01-01", "4", number_confirmed=False), Finding.NOT_A_RAISE),
        (certificate("0", "2021-06-01", "4"), Finding.NOT_A_RAISE),
        (certificate("B", "2021-06-01", "4"), Finding.COUNTS),
        (certificate("0", "2021-06-02", "4"), Finding.COUNTS),
    ],
)
def test_an_earlier_certificate_of_the_same_or_a_higher_level_stands_in_the_way(other, expected):
    found = findings([certificate("A"), other], [employment()])

    assert found["A"] == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([], Finding.NOT_EMPLOYED),
        ([employment(employer=STRANGER)], Finding.NOT_EMPLOYED),
        ([employment(starts="2021-06-02")], Finding.NOT_EMPLOYED),
        ([employment(starts="2021-06-01")], Finding.COUNTS),
        ([employment(left="2021-05-31")], Finding.NOT_EMPLOYED),
        ([employment(left="2021-06-01")], Finding.COUNTS),
        ([employment(said=())], Finding.FRONT_LINE_UNKNOWN),
        ([employment(said=((dt.date(2020, 6, 30), None),))], Finding.FRONT_LINE_UNKNOWN),
        ([employment(said=((dt.date(2020, 6, 30), False),))], Finding.NOT_FRONT_LINE),
        ([employment(said=((dt.date(2022, 6, 30), True),))], Finding.COUNTS),
        ([employment(said=((dt.date(2020, 1, 1), True), (dt.date(2021, 6, 1), False)))], Finding.NOT_FRONT_LINE),
        ([employment(said=((dt.date(2020, 1, 1), True), (dt.date(2021, 6, 2), False)))], Finding.COUNTS),
        ([employment(said=((dt.date(2020, 1, 1), False),)), employment(starts="2020-01-01")], Finding.COUNTS),
        ([employment(employer=STRANGER), employment(starts="2020-01-01")], Finding.COUNTS),
    ],
)
def test_on_its_day_the_holder_was_front_line_staff_of_an_employer_of_the_plan(facts, expected):
    found = findings([certificate()], facts)

    assert found == {"A": expected}


def test_an_employer_takes_part_only_in_its_own_span():
    plan = replace(PLAN, employers={EMPLOYER: (dt.date(2021, 6, 2), dt.date(2022, 12, 31))})

    assert findings([certificate()], [employment()], plan) == {"A": Finding.NOT_EMPLOYED}
    assert findings([certificate(issued="2021-06-02")], [employment()], plan) == {"A": Finding.COUNTS}


def test_a_head_counts_once_by_the_earliest_raise_and_later_ones_are_further_evidence():
    held = [
        certificate("C", "2022-05-01", "3"),
        certificate("A", "2021-06-01", "4"),
        certificate("B", "2021-06-01", "4", occupation_id=MILLER),
    ]

    found = findings(held, [employment()])

    assert found == {"A": Finding.COUNTS, "B": Finding.FURTHER, "C": Finding.FURTHER}


def test_a_raise_names_the_level_it_started_from():
    held = [certificate("0", "2017-01-01", "5"), certificate("1", "2018-01-01", "4"), certificate("A", "2021-06-01", "3")]

    verdict = next(item for item in judge(held, [employment()], PLAN) if item.finding is Finding.COUNTS)

    assert verdict.earlier is not None
    assert verdict.earlier.number == "1"


DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2023, 6, 30))
CERTIFICATES = st.builds(
    lambda number, day, level, occupation, valid: certificate(
        f"N{number:03d}", day.isoformat(), level, occupation_id=occupation, valid=valid
    ),
    st.integers(0, 30),
    DAYS,
    st.sampled_from("54321"),
    st.sampled_from([TURNER, MILLER, None]),
    st.booleans(),
)


@given(st.lists(CERTIFICATES, max_size=6, unique_by=lambda fact: fact.number), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter_and_at_most_one_counts(facts, random):
    shuffled = list(facts)
    random.shuffle(shuffled)

    found = findings(facts, [employment()])

    assert found == findings(shuffled, [employment()])
    assert sum(finding is Finding.COUNTS for finding in found.values()) <= 1
