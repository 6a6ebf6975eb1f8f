"""A roster as a sheet: what is refused, what is said, and what becomes of it."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.utils import translation

from denggao.foundation.audit.models import Record
from denggao.foundation.organisations.hooks import heads_changed
from denggao.foundation.organisations.models import Employment, EmploymentOverlap, EmploymentStatement, Organisation
from denggao.foundation.organisations.sheets.roster import Roster
from denggao.foundation.people.models import IdentityDocument, NameConflict, Person
from tests.foundation.organisations.rosters import apply, context_of, id_number, judge, kept, row_of, rows_of, standing, texts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def employer(now: dt.datetime) -> Organisation:
    return Organisation.objects.create(name_zh="沧屿微电子", name_key="沧屿微电子", kind="employer", created_at=now)


@pytest.fixture
def other(now: dt.datetime) -> Organisation:
    return Organisation.objects.create(name_zh="翎川航空", name_key="翎川航空", kind="employer", created_at=now)


def a_row(name: str = "陈晓红", **texts: str) -> dict[str, str]:
    return {"name": name, "document_number": id_number(), "hired_on": "2019-07-01", "front_line": "是", **texts}


def only(judgements: Any) -> Any:
    assert len(judgements) == 1
    return judgements[0]


# What is refused


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"document_number": "110105194912310021"}, "document_number", "should be X, not 1"),
        ({"hired_on": "2019-07-01", "left_on": "2019-06-30"}, "left_on", "before the hiring date, 2019-07-01"),
        ({"document_number": id_number("20060701"), "hired_on": "2022-06-30"}, "hired_on", "under 16 at hiring"),
        ({"document_number": id_number("20070101"), "hired_on": ""}, "document_number", "under 16 at hiring"),
        ({"hired_on": "2021-02-30"}, "hired_on", "has no day 30"),
        ({"document_kind": "军官证"}, "document_kind", "not known"),
        ({"status": "离职"}, "left_on", "leaving date is missing"),
    ],
)
def test_a_row_is_refused_with_the_field_the_rule_and_the_fix(
    employer: Organisation, change: dict[str, str], column: str, words: str
) -> None:
    judgement = only(judge(employer, "2022-09-30", [a_row(**change)]))

    assert judgement.outcome == "refused"
    assert [fault.column for fault in judgement.faults] == [column]
    assert words in texts(judgement.faults)[0]


def test_sixteen_on_the_day_of_hiring_is_old_enough(employer: Organisation) -> None:
    judgement = only(judge(employer, "2022-09-30", [a_row(document_number=id_number("20060630"), hired_on="2022-06-30")]))

    assert judgement.outcome == "created"


def test_every_fault_of_a_row_is_told_once(employer: Organisation) -> None:
    row = a_row(document_number="110105194912310021", hired_on="2019-02-30", document_kind="身份证")

    judgement = only(judge(employer, "2022-09-30", [row]))

    assert sorted(fault.column for fault in judgement.faults) == ["document_number", "hired_on"]


def test_a_person_twice_in_a_file_is_refused_the_second_time_and_the_first_row_is_named(employer: Organisation) -> None:
    row = a_row()

    first, second, third = judge(
        employer, "2022-09-30", [row, a_row("周小登"), {**row, "document_number": row["document_number"].lower()}]
    )

    assert (first.outcome, second.outcome, third.outcome) == ("created", "created", "refused")
    assert "in row 2" in texts(third.faults)[0]


def test_a_known_number_under_another_name_is_kept_for_the_office_and_never_shows_the_other_name(
    employer: Organisation, other: Organisation, now: dt.datetime
) -> None:
    row = a_row("陈晓红")
    apply(other, "2021-12-31", [row], now=now)

    judgement = only(apply(employer, "2022-09-30", [{**row, "name": "陈小红"}], now=now))

    conflict = NameConflict.objects.get()
    assert judgement.outcome == "refused"
    assert judgement.held_for == f"name:{conflict.public_id.hex}"
    assert "陈晓红" not in str(texts(judgement.faults))
    assert (conflict.other_name, conflict.state) == ("陈小红", "open")
    assert not Employment.objects.filter(employer=employer).exists()


def test_a_name_written_otherwise_is_the_same_name(employer: Organisation, other: Organisation, now: dt.datetime) -> None:
    row = a_row("阿依古丽·买买提")
    apply(other, "2021-12-31", [row], now=now)

    judgement = only(apply(employer, "2022-09-30", [{**row, "name": "阿依古丽・ 买买提"}], now=now))

    assert judgement.outcome == "created"
    assert Person.objects.count() == 1


# What is said


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"hired_on": ""}, "hired_on", "counts from the date of the list, 2022-09-30"),
        ({"left_on": "2022-10-01"}, "left_on", "kept as the contract's end"),
        ({"contract_ends_on": "2022-09-30"}, "contract_ends_on", "give the leaving date"),
        ({"hired_on": "2022-10-08"}, "hired_on", "after the date of the list"),
        ({"sex": "男", "document_number": id_number(order=2)}, "sex", "disagrees with the document number"),
        ({"born_on": "1991-01-01"}, "born_on", "disagrees with the document number"),
        ({"phone": "6828"}, "phone", "left out"),
        ({"front_line": ""}, "front_line", "Not known"),
        ({"occupation": "捏糖人"}, "occupation", "kept as written"),
    ],
)
def test_a_row_is_taken_with_a_warning(employer: Organisation, change: dict[str, str], column: str, words: str) -> None:
    judgement = only(judge(employer, "2022-09-30", [a_row(**change)]))

    assert judgement.outcome == "created"
    assert [fault.column for fault in judgement.warnings] == [column]
    assert words in texts(judgement.warnings)[0]


# What becomes of it


def test_a_roster_creates_persons_documents_employments_and_a_record_each(employer: Organisation, now: dt.datetime) -> None:
    people = [a_row("陈晓红", phone="+86 13800000001", post="车床", occupation="车工"), a_row("𠮷田玲", left_on="2022-12-31")]

    judgements = apply(employer, "2022-09-30", people, now=now)

    one, other = (Employment.objects.get(person__name=name) for name in ("陈晓红", "𠮷田玲"))
    assert [item.outcome for item in judgements] == ["created", "created"]
    assert [item.object_id for item in judgements] == [str(one.public_id), str(other.public_id)]
    assert (one.person.phone, one.person.sex, one.person.born_on) == ("13800000001", one.person.sex, dt.date(1990, 1, 1))
    assert one.occupation is not None
    assert (one.occupation.name_zh, one.front_line, one.left_on) == ("车工", True, None)
    assert (other.person.name, other.left_on, other.contract_ends_on) == ("𠮷田玲", None, dt.date(2022, 12, 31))
    assert Record.objects.filter(action="organisations.employment.state").count() == 2
    assert Record.objects.filter(action="people.person.create").count() == 2
    assert IdentityDocument.objects.count() == 2


def test_the_same_list_again_changes_nothing_bit_for_bit(employer: Organisation, now: dt.datetime) -> None:
    people = [a_row("陈晓红", phone="13800000001", sex="女", post="车床"), a_row("周小登", hired_on="", left_on="2023-01-31")]
    apply(employer, "2022-09-30", people, now=now)
    before = (standing(employer), kept(), Record.objects.count())

    judgements = apply(employer, "2022-09-30", people, now=now + dt.timedelta(days=1))

    assert [item.outcome for item in judgements] == ["unchanged", "unchanged"]
    assert all(item.object_id for item in judgements)
    assert (standing(employer), kept(), Record.objects.count()) == before


def test_a_later_list_that_says_the_same_is_unchanged_and_kept(employer: Organisation, now: dt.datetime) -> None:
    people = [a_row("陈晓红")]
    apply(employer, "2021-09-30", people, now=now)

    judgement = only(apply(employer, "2022-09-30", people, now=now))

    assert judgement.outcome == "unchanged"
    assert EmploymentStatement.objects.count() == 2
    assert Employment.objects.get().last_listed_on == dt.date(2022, 9, 30)
    assert Record.objects.filter(action="organisations.employment.state").count() == 1


def test_a_change_is_told_with_what_it_was(employer: Organisation, now: dt.datetime) -> None:
    row = a_row("陈晓红", post="车床", phone="13800000001")
    apply(employer, "2021-09-30", [row], now=now)

    judgement = only(apply(employer, "2022-09-30", [{**row, "post": "检验", "front_line": "否", "phone": "13800000002"}], now=now))

    assert judgement.outcome == "updated"
    assert judgement.changes == [
        ("post", "车床", "检验"),
        ("front_line", "是", "否"),
        ("phone", "138****0001", "138****0002"),
    ]
    assert Person.objects.get().phone == "13800000002"


def test_a_corrected_hiring_date_is_pointed_out(employer: Organisation, now: dt.datetime) -> None:
    row = a_row("陈晓红", hired_on="2019-07-01")
    apply(employer, "2021-09-30", [row], now=now)

    judgement = only(apply(employer, "2022-09-30", [{**row, "hired_on": "2019-08-01"}], now=now))

    assert judgement.outcome == "updated"
    assert "2019-07-01" in texts(judgement.warnings)[0]
    assert Employment.objects.get().hired_on == dt.date(2019, 8, 1)


def test_who_comes_back_has_two_employments(employer: Organisation, now: dt.datetime) -> None:
    row = a_row("陈晓红", hired_on="2018-03-01", left_on="2020-06-30")
    apply(employer, "2020-12-31", [row], now=now)

    judgement = only(apply(employer, "2022-09-30", [{**row, "hired_on": "2021-02-01", "left_on": ""}], now=now))

    assert judgement.outcome == "created"
    assert [
        (item.hired_on.isoformat(), item.left_on and item.left_on.isoformat()) for item in Employment.objects.order_by("pk")
    ] == [
        ("2018-03-01", "2020-06-30"),
        ("2021-02-01", None),
    ]


def test_who_is_missing_is_shown_and_not_ended(employer: Organisation, now: dt.datetime) -> None:
    stays, goes, gone = a_row("陈晓红"), a_row("周小登", post="检验"), a_row("吴远", left_on="2021-01-31")
    apply(employer, "2021-09-30", [stays, goes, gone], now=now)

    absent = Roster().absent(rows_of([stays, a_row("何新")]), context_of(employer, "2022-09-30"))

    assert [(item.object_id, item.text) for item in absent] == [
        (str(Employment.objects.get(person__name="周小登").public_id), "周小登 · 检验")
    ]
    assert Employment.objects.filter(left_on__isnull=True).count() == 2


def test_an_exported_row_with_masked_cells_is_unchanged(employer: Organisation, now: dt.datetime) -> None:
    row = a_row("陈晓红", phone="13800000001", post="车床")
    apply(employer, "2021-09-30", [row], now=now)
    employment = Employment.objects.get()
    masked = {**row, "name": "陈**", "document_number": employment.person.documents.get().masked_number, "phone": "138****0001"}

    judgements = Roster().check([row_of(2, record_id=str(employment.public_id), **masked)], context_of(employer, "2021-09-30"))

    assert (only(judgements).outcome, only(judgements).faults) == ("unchanged", [])


def test_two_exported_employments_of_one_person_are_no_double(employer: Organisation, now: dt.datetime) -> None:
    row = a_row("陈晓红", hired_on="2018-03-01", left_on="2020-06-30")
    apply(employer, "2020-12-31", [row], now=now)
    apply(employer, "2022-09-30", [{**row, "hired_on": "2021-02-01", "left_on": ""}], now=now)
    first, second = Employment.objects.order_by("pk")

    judgements = Roster().check(
        [
            row_of(2, record_id=str(first.public_id), **row),
            row_of(3, record_id=str(second.public_id), **{**row, "hired_on": "2021-02-01", "left_on": ""}),
        ],
        context_of(employer, "2022-09-30"),
    )

    assert [item.outcome for item in judgements] == ["unchanged", "unchanged"]


def test_a_record_of_another_employer_is_refused(employer: Organisation, other: Organisation, now: dt.datetime) -> None:
    row = a_row("陈晓红")
    apply(other, "2021-09-30", [row], now=now)
    record = str(Employment.objects.get().public_id)

    judgement = only(Roster().check([row_of(2, record_id=record, **row)], context_of(employer, "2022-09-30")))

    assert judgement.outcome == "refused"
    assert [fault.column for fault in judgement.faults] == ["record_id"]


def test_overlapping_employments_are_taken_and_found_for_the_office_alone(
    employer: Organisation, other: Organisation, now: dt.datetime
) -> None:
    row = a_row("陈晓红")
    apply(other, "2021-09-30", [row], now=now)

    judgement = only(apply(employer, "2022-09-30", [row], now=now))

    overlap = EmploymentOverlap.objects.get()
    assert (judgement.outcome, judgement.warnings) == ("created", [])
    assert {overlap.first.employer, overlap.second.employer} == {employer, other}


def test_an_overlap_that_is_gone_is_let_go(employer: Organisation, other: Organisation, now: dt.datetime) -> None:
    row = a_row("陈晓红")
    apply(other, "2021-09-30", [row], now=now)
    apply(employer, "2022-09-30", [{**row, "hired_on": "2022-01-01"}], now=now)

    apply(other, "2022-09-30", [{**row, "left_on": "2021-12-31"}], now=now)

    assert not EmploymentOverlap.objects.exists()


def test_heads_are_told_once_a_list_and_only_whose_facts_changed(
    employer: Organisation, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[set[int]] = []
    monkeypatch.setattr(heads_changed, "_handlers", [lambda ids, **_given: told.append(set(ids))])
    stays, changes = a_row("陈晓红"), a_row("周小登")
    apply(employer, "2021-09-30", [stays, changes], now=now)

    apply(employer, "2022-09-30", [stays, {**changes, "front_line": "否"}, a_row("何新")], now=now)

    assert [len(ids) for ids in told] == [2, 2]
    assert Person.objects.get(name="陈晓红").pk not in told[1]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    employer: Organisation, now: dt.datetime, django_assert_num_queries: Any
) -> None:
    few, many = [a_row("陈晓红") for _ in range(2)], [a_row("周小登") for _ in range(30)]
    apply(employer, "2021-09-30", few, now=now)
    apply(employer, "2021-09-30", many, now=now)

    with django_assert_num_queries(10):
        judge(employer, "2022-09-30", few)
    with django_assert_num_queries(10):
        judge(employer, "2022-09-30", many)


# Order


LISTS: list[tuple[str, dict[str, dict[str, str]]]] = [
    (
        "2020-06-30",
        {"陈": {"hired_on": "2018-03-01", "front_line": "是"}, "周": {"hired_on": ""}, "吴": {"hired_on": "2019-01-01"}},
    ),
    (
        "2020-12-31",
        {"陈": {"hired_on": ""}, "周": {"hired_on": "2020-05-01", "post": "检验"}, "吴": {"left_on": "2020-10-31"}},
    ),
    (
        "2021-12-31",
        {"陈": {"hired_on": "2018-03-01", "front_line": "否"}, "吴": {"hired_on": "2021-03-01", "front_line": "是"}},
    ),
    (
        "2022-06-30",
        {"陈": {"left_on": "2022-05-31"}, "周": {"left_on": "2024-05-01"}, "吴": {"hired_on": "", "post": "装配"}},
    ),
]


@pytest.mark.parametrize("seed", range(6))
def test_lists_in_any_order_amount_to_the_same_employments(employer: Organisation, now: dt.datetime, seed: int) -> None:
    numbers = {name: id_number(order=place) for place, name in enumerate("陈周吴", start=900)}
    order = LISTS[:]
    random.Random(seed).shuffle(order)

    for as_of, rows in order:
        apply(employer, as_of, [{"name": name, "document_number": numbers[name], **said} for name, said in rows.items()], now=now)

    day = dt.date.fromisoformat
    assert standing(employer) == sorted(
        [
            ("吴", day("2019-01-01"), day("2020-06-30"), day("2020-10-31"), None, "", "", None, day("2020-12-31")),
            ("吴", day("2021-03-01"), day("2021-12-31"), None, None, "装配", "", True, day("2022-06-30")),
            ("周", day("2020-05-01"), day("2020-06-30"), None, day("2024-05-01"), "检验", "", None, day("2022-06-30")),
            ("陈", day("2018-03-01"), day("2020-06-30"), day("2022-05-31"), None, "", "", False, day("2022-06-30")),
        ],
        key=str,
    )
