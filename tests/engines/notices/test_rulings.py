"""Investigating, publishing a redacted copy, ruling: two persons, reasons, and what follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from denggao.engines.notices import queries
from denggao.engines.notices.actions import (
    RulingRefused,
    add_note,
    close_due_notices,
    object_to,
    publish_redacted,
    read_identity,
    rule_on_objection,
    take_up,
)
from denggao.engines.notices.models import Notice, NoticeItem, Objection, ObjectionNote, ObjectionOriginal
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import visitor
from denggao.foundation.audit.models import Record
from tests.cast import Cast
from tests.engines.notices.conftest import Told, a_notice, at

pytestmark = pytest.mark.django_db
OPENED, DURING, AFTER = at("2022-10-08 09:00"), at("2022-10-10 10:00"), at("2022-10-13 09:00")
TEXT = "马知遥：专利的第一发明人应为班组另一名成员。"


def an_objection(notice: Notice, item: NoticeItem | None = None, **more: Any) -> Objection:
    given = {"kind": "named", "name": "马知遥", "contact": "021-5555 0000", "text": TEXT, **more}
    return object_to(notice, item, **given, actor=visitor("web"), now=DURING).objection


def rule(objection: Objection, cast: Cast, *, now: Any = DURING, **more: Any) -> Objection:
    given = {"upheld": False, "reason": "已核实，登记簿所载第一发明人为本人。", "actor": cast.reviewer, **more}
    return rule_on_objection(objection, **given, now=now)


def test_dismissed_after_the_end_the_name_passes_at_once(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED, "程**")
    objection = an_objection(notice, notice.items.get())
    close_due_notices(now=AFTER)
    assert [line[0] for line in told.lines] == ["objection"]

    rule(objection, cast, now=AFTER)

    notice.refresh_from_db()
    assert [line[0] for line in told.lines] == ["objection", "passed"]
    assert notice.state == Notice.State.PASSED


def test_dismissed_before_the_end_nothing_passes_yet(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED)
    rule(an_objection(notice, notice.items.all()[0]), cast)

    assert [line[0] for line in told.lines] == ["objection"]
    assert close_due_notices(now=AFTER) == 2


def test_two_objections_must_both_be_ruled_on(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED, "程**")
    first, second = (an_objection(notice, notice.items.get()) for _ in range(2))

    rule(first, cast, now=AFTER)
    assert close_due_notices(now=AFTER) == 0
    rule(second, cast, now=AFTER)

    assert ("passed", notice.items.get().subject_id) in told.lines


@pytest.mark.parametrize("consequence", ["send_back", "end"])
def test_upheld_takes_the_name_off_and_tells_the_room_above(told: Told, cast: Cast, consequence: str) -> None:
    notice = a_notice(OPENED)
    against, other = notice.items.all()
    objection = an_objection(notice, against)

    rule(objection, cast, upheld=True, consequence=consequence)
    close_due_notices(now=AFTER)

    assert ("upheld", against.subject_id, consequence) in told.lines
    assert [line for line in told.lines if line[0] == "passed"] == [("passed", other.subject_id)]
    shown = queries.shown(queries.newest_snapshot(notice))
    assert [item.state for item in shown.items] == ["upheld", "passed"]


def test_upheld_against_the_whole_notice_ends_it(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED)

    rule(an_objection(notice), cast, upheld=True, consequence="end")

    notice.refresh_from_db()
    assert notice.state == Notice.State.CLOSED_EARLY
    assert len([line for line in told.lines if line[0] == "upheld"]) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"reason": "  "},
        {"upheld": True},
        {"upheld": True, "consequence": "none"},
        {"upheld": False, "consequence": "end"},
    ],
)
def test_a_ruling_needs_reasons_and_a_fitting_consequence(told: Told, cast: Cast, given: dict[str, Any]) -> None:
    objection = an_objection(a_notice(OPENED))

    with pytest.raises(RulingRefused):
        rule(objection, cast, **given)

    objection.refresh_from_db()
    assert objection.state == Objection.State.OPEN


@pytest.mark.parametrize("part", ["visitor", "worker", "hr", "expert", "finance", "auditor", "authority", "administrator", "clerk"])
def test_only_reviewers_and_approvers_rule(told: Told, cast: Cast, part: str) -> None:
    objection = an_objection(a_notice(OPENED))

    with pytest.raises(NotAllowed):
        rule(objection, cast, actor=getattr(cast, part))


def test_a_second_person_rules(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED, actor=cast.approver)
    objection = take_up(an_objection(notice), actor=cast.reviewer, now=DURING)

    for part in ("approver", "reviewer"):
        with pytest.raises(RulingRefused, match="another person"):
            rule(objection, cast, actor=getattr(cast, part))


def test_ruled_on_once(told: Told, cast: Cast) -> None:
    objection = an_objection(a_notice(OPENED))
    rule(objection, cast)

    with pytest.raises(RulingRefused, match="meanwhile"):
        rule(objection, cast, actor=cast.approver, upheld=True, consequence="end", reason="另一结论")

    objection.refresh_from_db()
    assert (objection.state, objection.ruled_by) == ("dismissed", cast.reviewer.id)


def test_an_upheld_objection_whose_name_is_off_already_tells_nobody_twice(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED)
    first, second = (an_objection(notice, notice.items.all()[0]) for _ in range(2))
    rule(first, cast, upheld=True, consequence="send_back")

    rule(second, cast, upheld=True, consequence="end")

    assert len([line for line in told.lines if line[0] == "upheld"]) == 1


def test_the_original_is_never_changed(told: Told, cast: Cast) -> None:
    objection = an_objection(a_notice(OPENED))
    add_note(objection, "已调取登记簿。", actor=cast.clerk, now=DURING)
    publish_redacted(objection, "专利的第一发明人应为▇▇。", actor=cast.clerk, now=DURING)
    rule(objection, cast)

    for model in (ObjectionOriginal, ObjectionNote):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(text="改过的")
    original = ObjectionOriginal.objects.get()
    original.text = "改过的"
    with pytest.raises(DatabaseError), transaction.atomic():
        original.save()

    assert ObjectionOriginal.objects.get().text == TEXT


def test_a_ruling_without_its_facts_is_refused_by_the_database(told: Told) -> None:
    objection = an_objection(a_notice(OPENED))

    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(state="upheld", ruled_by="x", ruling_reason="y", ruled_at=DURING)


@pytest.mark.parametrize(
    "text", ["", "马知遥说第一发明人有误", "电话 021-5555 0000", "身份证 11010519491231002X", "手机 13800000001"]
)
def test_a_redacted_copy_holds_nothing_personal(told: Told, cast: Cast, text: str) -> None:
    objection = an_objection(a_notice(OPENED))

    with pytest.raises(RulingRefused):
        publish_redacted(objection, text, actor=cast.clerk, now=DURING)

    objection.refresh_from_db()
    assert objection.redacted_text == ""


def test_the_redacted_copy_is_shown_and_its_earlier_state_stays_proven(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED)
    objection = an_objection(notice, notice.items.all()[0])

    publish_redacted(objection, "第一发明人应为▇▇。", actor=cast.clerk, now=DURING)
    rule(objection, cast)

    states = [[item.state for item in queries.shown(taken).objections] for taken in notice.snapshots.all()]
    assert states == [[], ["open"], ["dismissed"]]
    assert queries.shown(queries.newest_snapshot(notice)).objections[0].about == "程**"


def test_the_investigator_alone_reads_a_protected_identity_and_it_is_recorded(told: Told, cast: Cast) -> None:
    objection = an_objection(a_notice(OPENED), kind="protected")
    with pytest.raises(NotAllowed):
        read_identity(objection, purpose="核实", actor=cast.clerk, now=DURING)
    take_up(objection, actor=cast.clerk, now=DURING)

    found = read_identity(objection, purpose="电话核实", actor=cast.clerk, now=DURING)

    assert (found.name, found.contact) == ("马知遥", "021-5555 0000")
    reading = Record.objects.get(action="audit.reading")
    assert reading.after == {"fields": ["contact", "name"], "purpose": "电话核实", "rows": 1}
    assert reading.actor_id == cast.clerk.id
    with pytest.raises(NotAllowed):
        read_identity(objection, purpose="核实", actor=cast.reviewer, now=DURING)
    with pytest.raises(RulingRefused):
        read_identity(objection, purpose=" ", actor=cast.clerk, now=DURING)


def test_an_investigation_is_taken_over_with_a_reason(told: Told, cast: Cast) -> None:
    objection = take_up(an_objection(a_notice(OPENED)), actor=cast.clerk, now=DURING)

    with pytest.raises(RulingRefused):
        take_up(objection, actor=cast.reviewer, now=DURING)
    with pytest.raises(RulingRefused):
        take_up(objection, reason="再来", actor=cast.clerk, now=DURING)
    take_up(objection, reason="原调查人休假", actor=cast.reviewer, now=DURING)

    objection.refresh_from_db()
    assert objection.investigator == cast.reviewer.id
    assert Record.objects.filter(action="notices.objection.investigate").count() == 2


def test_what_is_recorded_of_a_ruling(told: Told, cast: Cast) -> None:
    objection = an_objection(a_notice(OPENED))
    rule(objection, cast)

    record = Record.objects.get(action="notices.objection.rule")

    assert (record.actor_id, record.before["state"], record.after["state"]) == (cast.reviewer.id, "open", "dismissed")
    # The reasons are kept apart, as a hash: they may name people.
    assert set(record.after["ruling_reason"]) == {"hash"}
    assert "马知遥" not in str(record.before) + str(record.after) + record.object_text
