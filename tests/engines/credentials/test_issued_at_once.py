"""Many issue at the same moment: no number twice, none left out, nothing issued twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from denggao.engines.credentials.actions import IssuedRefused, issue_credential, suspend_issued, withdraw_issued
from denggao.engines.credentials.models import Issued, IssuedEvent, NumberCounter
from tests.engines.credentials.issuing import OFFICE, issued, plaque_order
from tests.facts import NOW, a_plan, an_employer

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = 6, 4


def side_by_side(*work: Callable[[], object]) -> list[BaseException]:
    """Run all at once, each on a connection of its own; what they raised."""
    start, raised = threading.Barrier(len(work)), list[BaseException]()

    def run(one: Callable[[], object]) -> None:
        try:
            start.wait()
            one()
        except (IssuedRefused, OperationalError) as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_numbers_taken_at_once_have_no_gap_and_no_double() -> None:
    plan, body = a_plan(), an_employer()
    orders = [[plaque_order(body, plan=plan) for _number in range(EACH)] for _writer in range(WRITERS)]

    raised = side_by_side(
        *[lambda mine=mine: [issue_credential(order, actor=OFFICE, now=NOW) for order in mine] for mine in orders]
    )

    assert raised == []
    assert sorted(Issued.objects.values_list("number", flat=True)) == [f"LG-B-{n:02d}" for n in range(1, WRITERS * EACH + 1)]
    assert NumberCounter.objects.get().last == WRITERS * EACH


def test_one_order_handed_in_by_all_at_once_issues_once() -> None:
    order = plaque_order(an_employer(), plan=a_plan())
    found: list[Issued] = []

    raised = side_by_side(*[lambda: found.append(issue_credential(order, actor=OFFICE, now=NOW)) for _ in range(WRITERS)])

    assert raised == []
    assert len({item.pk for item in found}) == Issued.objects.count() == IssuedEvent.objects.count() == 1
    assert NumberCounter.objects.get().last == 1
    assert issued(plaque_order(an_employer("后来"), plan=order.plan)).number == "LG-B-02"


def test_of_two_who_withdraw_at_once_one_is_told_that_it_was_done() -> None:
    item = issued(plaque_order(an_employer()))
    copies = [Issued.objects.get(pk=item.pk) for _ in range(2)]

    raised = side_by_side(*[lambda copy=copy: withdraw_issued(copy, reason="x", actor=OFFICE, now=NOW) for copy in copies])

    assert [type(error) for error in raised] == [IssuedRefused]
    assert IssuedEvent.objects.filter(kind="withdrawn").count() == 1


def test_suspending_and_withdrawing_at_once_end_withdrawn_in_either_order() -> None:
    item = issued(plaque_order(an_employer()))
    one, other = (Issued.objects.get(pk=item.pk) for _ in range(2))

    side_by_side(
        lambda: suspend_issued(one, reason="x", actor=OFFICE, now=NOW),
        lambda: withdraw_issued(other, reason="x", actor=OFFICE, now=NOW),
    )

    item.refresh_from_db()
    assert item.status == "withdrawn"
    assert item.events.last().kind == "withdrawn"
