"""Lists and pages ask the same number of queries however many cases there are, and the questions of 20,000 use an index."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.engines.cases import actions, policies, queries
from denggao.engines.cases.actions import keep_view
from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import Audience
from denggao.engines.cases.refusals import CaseRefused
from tests.engines.cases.judging import judged
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import a_draft, a_round, a_submitted
from tests.engines.reviews.scene import a_rubric

PARTS = ("clerk", "approver", "base_manager", "authority", "auditor")


def counted(read) -> int:
    with CaptureQueriesContext(connection) as asked:
        read()
    return len(asked)


@pytest.fixture
def mixed(cast, now):
    """Makes one case in each of several stages."""
    a_rubric()

    def make() -> None:
        a_draft(cast, now)
        a_submitted(cast, now)
        checked(a_submitted(cast, now, procedure="trial_full"), cast, now)
        case = actions.submit_case(a_draft(cast, now, procedure="trial_full"), actor=cast.base_manager, now=now)
        judged(checked(case, cast, now), cast, now)

    return make


@pytest.mark.parametrize("part", PARTS)
def test_a_page_of_the_worklist_is_constant_in_queries(cast, now, mixed, part):
    actor, today = getattr(cast, part), queries.today_of(now)

    def read() -> None:
        queries.counts(actor, today=today)
        for tab in queries.TABS:
            queries.rows(queries.tab_of(actor, tab).with_labels().order_by("waits_since", "pk")[:50], actor=actor, today=today)

    mixed()
    once = counted(read)
    mixed()
    mixed()

    assert counted(read) == once
    assert once <= 24


def test_a_case_page_is_constant_in_queries(cast, now):
    case = a_submitted(cast, now)

    def read() -> None:
        found = policies.get_case_for(cast.clerk, case.public_id)
        queries.waiting([found], today=queries.today_of(now))
        queries.stepper(found, Audience.OFFICE)
        queries.timeline(cast.clerk, found)
        queries.offers(found, actor=cast.clerk, now=now)
        queries.checklist(found)
        queries.latest_snapshot(found)
        queries.open_correction(found)

    once = counted(read)
    for at in range(3):
        actions.reassign_case(
            case, to=cast.user("clerk" if at % 2 else "reviewer"), reason="轮岗", actor=cast.administrator, now=now
        )
    a_submitted(cast, now)
    assert counted(read) == once
    assert once <= 22


def test_calls_are_counted_in_one_query(cast, now):
    rounds = [a_round(cast, now) for _at in range(3)]
    a_submitted(cast, now, round_=rounds[0])
    a_draft(cast, now, round_=rounds[1])

    with CaptureQueriesContext(connection) as asked:
        rows = queries.round_rows(rounds)

    assert len(asked) == 1
    assert [(row.drafts, row.submitted, row.awarded) for row in rows] == [(0, 1, 0), (1, 0, 0), (0, 0, 0)]


def _plan(found) -> str:
    sql, parameters = found.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", parameters)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_the_questions_asked_of_many_cases_use_an_index(cast, now):
    today = queries.today_of(now)
    questions = {
        "overdue": Case.objects.overdue(today).order_by(),
        "by stage": Case.objects.filter(state="open", stage_kind="check").order_by("waits_since"),
        "of a body": Case.objects.filter(body=cast.base, state="open").order_by(),
        "handed to": Case.objects.filter(assignee=cast.clerk.id, assignee__gt="", state="open").order_by(),
        "longest waiting": Case.objects.submitted().order_by("waits_since", "id")[:50],
        "whose turn": Case.objects.filter(waits_for="office", assignee="", procedure="trial", stage="check").order_by(),
        "of a procedure": Case.objects.filter(procedure="trial", stage="check", state="open").order_by(),
        "longest waiting for the office": policies.office_work(cast.clerk).order_by("waits_since", "id")[:30],
        "by number": Case.objects.filter(number="SY-2022-0001").order_by(),
    }

    for asked, found in questions.items():
        plan = _plan(found)
        assert "INDEX" in plan.upper(), f"{asked}: {plan}"
        assert "case" in plan.lower(), f"{asked}: {plan}"
        # PostgreSQL sorts a table as small as this one.
        assert not asked.startswith("longest waiting") or "TEMP B-TREE" not in plan, f"{asked} is sorted: {plan}"


def test_a_search_too_long_to_be_saved_is_refused(cast, now):
    with pytest.raises(CaseRefused, match=r"Search|检索"):
        keep_view(name="长", query=urlencode({"q": "字" * 100}), actor=cast.clerk, now=now)
