"""Goals whose heads are bodies: entered once, reversed when withdrawn, derived again and checked like persons."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.engines.ledger.actions import rebuild, recount, recount_bodies
from denggao.engines.ledger.models import Entry, Rollup, Standing
from denggao.engines.ledger.queries import board_of, breakdown, check_plan, difference, heads
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import operator
from denggao.foundation.audit.models import Record
from tests.engines.ledger.body_rule import Accreditations, a_goal, registered
from tests.facts import NOW, a_plan, an_employer

pytestmark = pytest.mark.django_db
OPERATOR = operator("test")
END = dt.date(2022, 12, 31)


@action("test.recount_bodies", requires=lambda actor, subject: True, batch=True)
def recount_in_an_act(ids, *, actor, now, reason=Entry.Reason.FACTS_CHANGED):
    return recount_bodies(ids, actor=actor, now=now, reason=reason)


@action("test.recount_persons", requires=lambda actor, subject: True, batch=True)
def recount_persons(ids, *, actor, now):
    return recount(ids, actor=actor, now=now)


def counted(*bodies, now=NOW, **more):
    return recount_in_an_act([body.pk for body in bodies], actor=OPERATOR, now=now, **more)


@pytest.fixture
def rule():
    with registered(Accreditations()) as one:
        yield one


@pytest.fixture
def plan():
    plan = a_plan()
    a_goal(plan)
    return plan


def test_a_body_is_entered_once_however_often_it_is_counted(rule, plan):
    body = an_employer()
    rule.accredit(body, "2022-05-01")

    written = [counted(body), counted(body)]

    assert written == [1, 0]
    entry = Entry.objects.get()
    assert (entry.organisation, entry.person, entry.sign, entry.happened_on) == (body, None, 1, dt.date(2022, 5, 1))
    assert Standing.objects.get().organisation == body
    assert board_of(plan, as_of=END).of("bases").count == 1


def test_a_withdrawn_body_is_reversed_and_may_count_again(rule, plan):
    body = an_employer()
    rule.accredit(body, "2021-05-01")
    counted(body, now=dt.datetime(2021, 5, 2, tzinfo=dt.UTC))
    rule.withdraw(body)
    counted(body, now=dt.datetime(2022, 3, 2, tzinfo=dt.UTC), reason=Entry.Reason.WITHDRAWN)
    gone = board_of(plan, as_of=END).of("bases").count
    rule.accredit(body, "2022-08-01")
    counted(body)

    assert gone == 0
    assert list(Entry.objects.order_by("id").values_list("sign", "reason")) == [(1, "proven"), (-1, "withdrawn"), (1, "proven")]
    assert Entry.objects.get(sign=-1).organisation == body
    assert board_of(plan, as_of=END).of("bases").by_year == {2020: 0, 2021: 0, 2022: 1}
    assert Standing.objects.count() == 1
    found = difference(plan.goals.get(code="bases"), as_of=dt.date(2021, 12, 31), known_on=dt.date(2021, 12, 31))
    assert (found.then, found.now, found.because[0].reason) == (1, 0, "withdrawn")


def test_bodies_never_count_among_persons_nor_persons_among_bodies(rule, plan):
    body = an_employer()
    rule.accredit(body, "2022-05-01")

    counted(body)
    recount_persons([body.pk], actor=OPERATOR, now=NOW)

    board = board_of(plan, as_of=END)
    assert (board.of("upgrades").count, board.distinct_people, board.summed_people) == (0, 0, 0)


def test_the_public_sees_small_numbers_of_bodies(rule, plan):
    bodies = [an_employer(name) for name in ("甲基地", "乙基地")]
    for body in bodies:
        rule.accredit(body, "2022-05-01")
    counted(*bodies)
    goal = plan.goals.get(code="bases")

    cells = {cell.value: cell.count for cell in breakdown(goal, "industry", as_of=END, public=True)}

    assert cells["ic"] == 2
    assert board_of(plan, as_of=END, public=True).of("bases").by_year == {2020: 0, 2021: 0, 2022: 2}
    assert {entry.organisation.name_zh for entry in heads(goal, as_of=END)} == {"甲基地", "乙基地"}


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_bodies(rule, plan, number):
    bodies = [an_employer(f"基地{at}") for at in range(number)]
    for body in bodies:
        rule.accredit(body, "2022-05-01")

    with CaptureQueriesContext(connection) as queries:
        counted(*bodies)

    reads = [query for query in queries.captured_queries if query["sql"].startswith(("SELECT", "INSERT", "UPDATE"))]
    assert len([query for query in reads if "ledger_rollup" not in query["sql"]]) == (5 if connection.vendor == "sqlite" else 6)


def test_rebuilding_finds_every_body_and_lets_go_of_those_that_lost_their_facts(rule, plan):
    first, second = an_employer("甲基地"), an_employer("乙基地")
    rule.accredit(first, "2022-05-01")
    counted(first)
    rule.withdraw(first)
    rule.seen.discard(first.pk)
    rule.accredit(second, "2022-06-01")

    written = rebuild(plan, actor=OPERATOR, now=NOW)

    assert written == 2
    assert [entry.organisation for entry in heads(plan.goals.get(code="bases"), as_of=END)] == [second]
    assert check_plan(plan) == []


def test_check_finds_what_was_changed_behind_the_ledgers_back(rule, plan):
    body = an_employer()
    rule.accredit(body, "2022-05-01")
    counted(body)
    rule.accredit(body, "2022-06-01")
    Rollup.objects.filter(dimension="total").update(net=7)

    problems = check_plan(plan)

    assert {problem.what for problem in problems} == {"head", "rollup"}
    assert [problem.head for problem in problems if problem.what == "head"] == [str(body.public_id)]


def test_check_finds_an_entry_that_nothing_stands_on(rule, plan):
    body = an_employer()
    rule.accredit(body, "2022-05-01")
    counted(body)
    Standing.objects.update(entry=None)

    assert {problem.what for problem in check_plan(plan)} == {"head", "entry"}


def test_the_command_rebuilds_bodies_and_finds_the_ledger_in_order(rule, plan):
    body = an_employer()
    rule.accredit(body, "2022-05-01")

    call_command("rebuild_ledger", stdout=io.StringIO())
    said = io.StringIO()
    call_command("rebuild_ledger", "--check", stdout=said)

    assert Entry.objects.get().organisation == body
    assert "agrees" in said.getvalue() or "相符" in said.getvalue() or "一致" in said.getvalue()


def test_every_entry_of_a_body_leaves_an_audit_record(rule, plan):
    body = an_employer()
    rule.accredit(body, "2022-05-01")

    counted(body)

    record = Record.objects.get(action="ledger.count")
    assert record.after["organisation"] == body.pk
    assert "person" not in record.after
