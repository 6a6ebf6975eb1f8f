"""Two at the same moment: a name passes once, an objection is ruled on once, numbers have neither gap nor double."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from denggao.engines.notices.actions import close_due_notices, object_to, rule_on_objection
from denggao.engines.notices.models import Notice, NoticeItem, Objection
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import visitor
from denggao.foundation.audit.models import Record
from tests.cast import Cast
from tests.engines.notices.conftest import Told, a_notice, at

pytestmark = pytest.mark.django_db(transaction=True)
OPENED, DURING, AFTER = at("2022-10-08 09:00"), at("2022-10-10 10:00"), at("2022-10-13 09:00")


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Each in a thread and transactions of its own, from one start; what failed."""
    start, failures = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            act()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


def test_two_workers_let_a_name_pass_once(told: Told) -> None:
    notices = [a_notice(OPENED) for _ in range(4)]

    failures = at_once(*[lambda: close_due_notices(now=AFTER)] * 3)

    assert failures == []
    ids = sorted(str(line[1]) for line in told.lines if line[0] == "passed")
    assert ids == sorted(str(item.subject_id) for item in NoticeItem.objects.all())
    assert Record.objects.filter(action="notices.item.pass").count() == 8
    for notice in notices:
        assert [item.cause for item in notice.snapshots.all()] == ["opened", "closed"]


def test_two_rulings_at_once_end_with_one(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED, "程**")
    given = {"kind": "named", "name": "马知遥", "contact": "021", "text": "第一发明人有误。"}
    objection = object_to(notice, notice.items.get(), **given, actor=visitor("web"), now=DURING).objection

    def ruling(actor: object, **more: object) -> Callable[[], object]:
        own = Objection.objects.get(pk=objection.pk)
        return lambda: rule_on_objection(own, reason="核实", actor=actor, now=DURING, **more)  # type: ignore[arg-type]  # facts of a table

    failures = at_once(ruling(cast.reviewer, upheld=True, consequence="end"), ruling(cast.approver, upheld=False))

    assert [type(failure).__name__ for failure in failures] == ["RulingRefused"]
    assert all(isinstance(failure, Refused) for failure in failures)
    item = NoticeItem.objects.get()
    objection.refresh_from_db()
    assert (objection.state, item.state) in {("upheld", "upheld"), ("dismissed", "shown")}
    assert Record.objects.filter(action="notices.objection.rule").count() == 1


def test_a_ruling_and_a_worker_at_once_let_a_name_pass_once(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED, "程**")
    given = {"kind": "named", "name": "马知遥", "contact": "021", "text": "第一发明人有误。"}
    objection = object_to(notice, notice.items.get(), **given, actor=visitor("web"), now=DURING).objection

    failures = at_once(
        lambda: rule_on_objection(objection, upheld=False, reason="核实", actor=cast.reviewer, now=AFTER),
        lambda: close_due_notices(now=AFTER),
    )

    assert failures == []
    assert len([line for line in told.lines if line[0] == "passed"]) == 1
    assert Notice.objects.get().state == Notice.State.PASSED


def test_notices_opened_at_once_are_numbered_without_gap_or_double(told: Told) -> None:
    failures = at_once(*[lambda: a_notice(OPENED, "甲")] * 4)

    assert failures == []
    assert sorted(Notice.objects.values_list("number", flat=True)) == [f"GS-2022-{number:04d}" for number in range(1, 5)]
    assert dt.date(2022, 10, 12) == Notice.objects.first().last_on  # type: ignore[union-attr]  # there is one
