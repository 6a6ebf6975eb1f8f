"""What the ledger writes when the facts of heads change."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.engines.ledger.actions import rebuild, rebuild_rollups, recount
from denggao.engines.ledger.models import Entry, Rollup, Standing
from denggao.engines.ledger.queries import board_of, breakdown, check_plan, difference, heads
from denggao.foundation.audit.actions import NotAllowed, action
from denggao.foundation.audit.actors import operator, visitor
from denggao.foundation.audit.models import Record
from tests.facts import NOW, a_person, a_plan, an_employer, certified, in_post

pytestmark = pytest.mark.django_db
OPERATOR = operator("test")
END = dt.date(2022, 12, 31)


@action("test.recount", requires=lambda actor, subject: True, batch=True)
def recount_in_an_act(person_ids, *, actor, now, reason=Entry.Reason.FACTS_CHANGED):
    return recount(person_ids, actor=actor, now=now, reason=reason)


def counted(*people, now=NOW, **more):
    return recount_in_an_act([person.pk for person in people], actor=OPERATOR, now=now, **more)


def a_raised_worker(plan, employer=None, issued="2021-06-01", level="4"):
    person = a_person()
    in_post(person, employer or an_employer(plan=plan))
    return person, certified(person, issued, level)


def test_a_raise_is_entered_once_however_often_it_is_counted():
    plan = a_plan()
    person, certificate = a_raised_worker(plan)

    written = [counted(person), counted(person)]

    assert written == [1, 0]
    entry = Entry.objects.get()
    assert (entry.sign, entry.person, entry.evidence_id) == (1, person, certificate.credential.public_id)
    assert (entry.industry, entry.level, entry.happened_on) == ("ic", "4", dt.date(2021, 6, 1))
    assert board_of(plan, as_of=END).of("upgrades").count == 1


def test_a_withdrawn_certificate_is_reversed_and_the_next_raise_takes_its_place():
    plan = a_plan()
    person, first = a_raised_worker(plan)
    second = certified(person, "2022-03-01", "3")
    counted(person)
    first.credential.status, first.credential.withdrawn_at, first.credential.withdrawn_reason = "withdrawn", NOW, "forged"
    first.credential.save()

    counted(person, reason=Entry.Reason.WITHDRAWN)

    signs = list(Entry.objects.order_by("id").values_list("sign", "evidence_id", "reason"))
    assert signs == [
        (1, first.credential.public_id, "proven"),
        (-1, first.credential.public_id, "withdrawn"),
        (1, second.credential.public_id, "proven"),
    ]
    assert Standing.objects.get().entry.evidence_id == second.credential.public_id
    assert board_of(plan, as_of=END).of("upgrades").by_year == {2020: 0, 2021: 0, 2022: 1}
    assert check_plan(plan) == []


def test_the_board_tells_what_was_known_on_a_day_and_why_it_differs_today():
    plan = a_plan()
    employer = an_employer(plan=plan)
    early, certificate = a_raised_worker(plan, employer)
    late, _ = a_raised_worker(plan, employer)
    counted(early, now=dt.datetime(2022, 1, 5, tzinfo=dt.UTC))
    counted(late, now=dt.datetime(2022, 2, 5, tzinfo=dt.UTC))
    certificate.credential.status, certificate.credential.withdrawn_at, certificate.credential.withdrawn_reason = (
        "withdrawn",
        NOW,
        "forged",
    )
    certificate.credential.save()
    counted(early, now=dt.datetime(2022, 3, 5, tzinfo=dt.UTC), reason=Entry.Reason.WITHDRAWN)

    then, today = dt.date(2022, 1, 31), dt.date(2021, 12, 31)
    found = difference(plan.goals.get(), as_of=today, known_on=then)

    assert board_of(plan, as_of=today, known_on=then).of("upgrades").count == 1
    assert board_of(plan, as_of=today, known_on=dt.date(2022, 2, 28)).of("upgrades").count == 2
    assert board_of(plan, as_of=today).of("upgrades").count == 1
    assert board_of(plan, as_of=dt.date(2021, 5, 31)).of("upgrades").count == 0
    assert board_of(plan, as_of=dt.date(2021, 6, 1)).of("upgrades").count == 1
    assert (found.then, found.now) == (1, 1)
    assert {item.reason: item.count for item in found.because} == {"later_known": 1, "withdrawn": 1}
    assert [entry.person_id for entry in heads(plan.goals.get(), as_of=today, known_on=then)] == [early.pk]


def test_breakdowns_add_up_to_the_number():
    plan = a_plan()
    employers = [
        an_employer("甲", plan=plan, industry="ic"),
        an_employer("乙", plan=plan, industry="ai"),
        an_employer("丙", plan=plan, industry=""),
    ]
    people = [a_raised_worker(plan, employers[index % 3], f"2021-{index + 1:02d}-28", "43"[index % 2])[0] for index in range(7)]
    counted(*people)
    goal = plan.goals.get()

    for dimension in ("industry", "occupation", "level", "employer", "month", "proof", "year"):
        assert sum(cell.count for cell in breakdown(goal, dimension, as_of=END)) == 7

    assert {cell.value: cell.count for cell in breakdown(goal, "industry", as_of=END)} == {"ic": 3, "ai": 2, "other": 2}
    assert {cell.count for cell in breakdown(goal, "employer", as_of=END, public=True)} == {None}


def test_the_public_sees_the_total_but_no_small_cells():
    plan = a_plan()
    employers = [an_employer("甲", plan=plan, industry="ic"), an_employer("乙", plan=plan, industry="ai")]
    people = [a_raised_worker(plan, employers[index >= 9])[0] for index in range(12)]
    counted(*people)

    cells = {cell.value: cell.count for cell in breakdown(plan.goals.get(), "industry", as_of=END, public=True)}
    board = board_of(plan, as_of=END, public=True)

    assert cells == {"ic": None, "ai": None}
    assert board.of("upgrades").count == 12
    assert board.of("upgrades").by_year == {2020: 0, 2021: 12, 2022: 0}


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_heads(number):
    plan = a_plan()
    employer = an_employer(plan=plan)
    people = [a_raised_worker(plan, employer)[0] for _ in range(number)]

    with CaptureQueriesContext(connection) as queries:
        counted(*people)

    reads = [query for query in queries.captured_queries if query["sql"].startswith(("SELECT", "INSERT", "UPDATE"))]
    # Bulk inserts are INSERTs on SQLite and COPYs on PostgreSQL; roll-up cells go by executemany, told cell by cell on one of them.
    assert len([query for query in reads if "ledger_rollup" not in query["sql"]]) == (11 if connection.vendor == "sqlite" else 9)


def test_check_finds_what_was_changed_behind_the_ledgers_back():
    plan = a_plan()
    person, certificate = a_raised_worker(plan)
    counted(person)
    certificate.level = "3"
    certificate.save()
    Rollup.objects.filter(dimension="total").update(net=7)

    problems = {(problem.what, problem.found) for problem in check_plan(plan)}

    assert ("rollup", "7") in problems
    assert {what for what, _ in problems} == {"rollup", "head"}
    rebuild_rollups(plan, actor=OPERATOR, now=NOW)
    rebuild(plan, actor=OPERATOR, now=NOW)
    assert check_plan(plan) == []


def test_only_an_administrator_rebuilds():
    with pytest.raises(NotAllowed):
        rebuild(a_plan(), actor=visitor(), now=NOW)


def test_every_entry_leaves_an_audit_record():
    plan = a_plan()
    person, _ = a_raised_worker(plan)

    counted(person)

    record = Record.objects.get(action="ledger.count")
    assert record.object_id == str(Entry.objects.get().public_id)
    assert record.act_id == Entry.objects.get().act_id
