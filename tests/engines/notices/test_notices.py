"""Opening, showing, dropping, and the proof of what was shown when."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from denggao.engines.notices import queries
from denggao.engines.notices.actions import (
    AlreadyOnNotice,
    DisplayDiffers,
    ItemOrder,
    NoticeOrder,
    NoticeRefused,
    NotMasked,
    SomeDidNotPass,
    close_due_notices,
    drop_item,
    drop_subject,
    extend_notice,
    note_displays,
    open_notice,
)
from denggao.engines.notices.models import Notice, NoticeDisplay, NoticeItem
from denggao.engines.notices.rules import Shown, read_receipt, receipt_of, unmasked
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import system
from denggao.foundation.audit.models import Record
from denggao.foundation.audit.records import canonical
from tests.cast import Cast
from tests.engines.notices.conftest import KIND, Told, a_notice, at

pytestmark = pytest.mark.django_db
OPENED, DURING, AFTER = at("2022-10-08 09:00"), at("2022-10-10 10:00"), at("2022-10-13 09:00")
SYSTEM = system("test")
# A machine with much to do is slow for reasons of its own.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def order(**more: Any) -> NoticeOrder:
    given = {"title_zh": "拟认定实训基地公示", "items": [ItemOrder(uuid.uuid4(), {"单位": "甲"}, name_zh="甲")], **more}
    return NoticeOrder(KIND, **given)


def test_the_number_of_days_is_the_rule_of_the_day_and_says_where_it_comes_from(told: Told) -> None:
    notice = a_notice(OPENED)

    assert (notice.days, notice.days_confidence) == (5, "B")
    assert "5个工作日" in notice.days_document


def test_numbers_follow_each_other_by_year(told: Told) -> None:
    assert [a_notice(when, "甲").number for when in (OPENED, OPENED, at("2021-03-01 09:00"))] == [
        "GS-2022-0001", "GS-2022-0002", "GS-2021-0001",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"items": []},
        {"title_zh": " "},
        {"days": 0},
        {"days": 61},
        {"opens_on": at("2022-10-07 00:00").date()},
        {"items": [ItemOrder(uuid.uuid4(), {}, name_zh="")]},
    ],
)
def test_what_is_no_notice_is_refused(told: Told, more: dict[str, Any]) -> None:
    with pytest.raises(NoticeRefused):
        open_notice(order(**more), actor=SYSTEM, now=OPENED)

    assert Notice.objects.count() == 0


@pytest.mark.parametrize("text", ["310101199001011234", "31010119900101123X", "13800000001", "+86 13800000001", "110105491231002"])
def test_a_whole_number_is_never_shown(told: Told, text: str) -> None:
    for more in (
        {"items": [ItemOrder(uuid.uuid4(), {"证件": f"号码{text}。"}, name_zh="程**")]},
        {"items": [ItemOrder(uuid.uuid4(), [Shown("电话", "—", "Telephone", text)], name_zh="程**")]},
        {"body_zh": f"联系 {text}"},
    ):
        with pytest.raises(NotMasked):
            open_notice(order(**more), actor=SYSTEM, now=OPENED)


def test_a_masked_number_is_shown(told: Told) -> None:
    assert unmasked(["3101**********2518", "S000031******0093", "2022-10-08", "168.00 ±0.02"]) == []


def test_a_subject_stands_on_one_notice_at_a_time(told: Told) -> None:
    given = order()
    open_notice(given, actor=SYSTEM, now=OPENED)

    with pytest.raises(AlreadyOnNotice):
        open_notice(given, actor=SYSTEM, now=OPENED)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeItem.objects.create(
            notice=Notice.objects.get(), subject_id=given.items[0].subject_id, position=2, name_zh="甲", shown=[]
        )


def test_a_visitor_opens_nothing(told: Told, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        open_notice(order(), actor=cast.visitor, now=OPENED)


@pytest.mark.parametrize("part", ["visitor", "worker", "hr", "expert", "finance", "auditor", "authority"])
def test_only_the_office_extends_and_takes_off(told: Told, cast: Cast, part: str) -> None:
    notice = a_notice(OPENED)

    with pytest.raises(NotAllowed):
        extend_notice(notice, 1, "理由", actor=getattr(cast, part), now=DURING)
    with pytest.raises(NotAllowed):
        drop_item(notice.items.all()[0], "理由", actor=getattr(cast, part), now=DURING)


def test_whom_a_conflict_shuts_out_changes_nothing(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED)
    told.hidden[cast.clerk.id] = {notice.items.all()[1].subject_id}

    with pytest.raises(NotAllowed):
        extend_notice(notice, 1, "理由", actor=cast.clerk, now=DURING)
    with pytest.raises(NotAllowed):
        drop_item(notice.items.all()[1], "理由", actor=cast.clerk, now=DURING)


@pytest.mark.parametrize(
    ("days", "reason", "now"), [(0, "理由", DURING), (31, "理由", DURING), (1, " ", DURING), (1, "理由", AFTER)]
)
def test_an_extension_needs_days_a_reason_and_an_open_period(told: Told, cast: Cast, days: int, reason: str, now: Any) -> None:
    notice = a_notice(OPENED)

    with pytest.raises(NoticeRefused):
        extend_notice(notice, days, reason, actor=cast.clerk, now=now)


def test_a_name_drops_out_and_the_others_pass(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED)
    dropped, other = notice.items.all()

    drop_item(dropped, "本人申请退出", actor=cast.clerk, now=DURING)
    with pytest.raises(NoticeRefused):
        drop_item(dropped, "再来一次", actor=cast.clerk, now=DURING)
    close_due_notices(now=AFTER)

    assert told.lines == [("dropped", dropped.subject_id, "本人申请退出"), ("passed", other.subject_id)]


def test_when_every_name_drops_out_the_notice_ends(told: Told) -> None:
    notice = a_notice(OPENED, "程**")

    drop_subject(KIND, notice.items.get().subject_id, "申请已撤回", actor=SYSTEM, now=DURING)

    notice.refresh_from_db()
    assert notice.state == Notice.State.CLOSED_EARLY
    # The room above did it itself: it is not told.
    assert told.lines == []
    assert drop_subject(KIND, uuid.uuid4(), "没有", actor=SYSTEM, now=DURING) is None


def test_every_state_of_the_page_is_frozen_and_chained(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED)
    drop_item(notice.items.all()[1], "本人申请退出", actor=cast.clerk, now=at("2022-10-09 10:00"))
    extend_notice(notice, 2, "补充材料", actor=cast.clerk, now=DURING)
    close_due_notices(now=at("2022-10-15 00:00"))

    taken = list(notice.snapshots.all())
    assert [item.cause for item in taken] == ["opened", "dropped", "extended", "closed"]
    for before, item in zip([None, *taken], taken, strict=False):
        assert hashlib.sha256(canonical(item.content)).hexdigest() == item.content_hash
        assert item.content["previous"] == (before.content_hash if before else "")
    assert [item.content["last_on"] for item in taken] == ["2022-10-12", "2022-10-12", "2022-10-14", "2022-10-14"]
    assert [[one["state"] for one in item.content["items"]] for item in taken] == [
        ["shown", "shown"], ["shown", "dropped"], ["shown", "dropped"], ["passed", "dropped"],
    ]  # fmt: skip
    lines = queries.proof_of(notice)
    assert [(line.snapshot.number, line.until) for line in lines][-1] == (1, at("2022-10-09 10:00"))
    recorded = [item.after["content_hash"] for item in Record.objects.filter(action="notices.notice.show").order_by("id")]
    assert recorded == [item.content_hash for item in taken]


def test_the_product_notes_on_which_days_the_page_was_on_show(told: Told) -> None:
    notice = a_notice(OPENED)

    for moment in ("2022-10-08 09:05", "2022-10-08 23:55", "2022-10-09 00:05"):
        assert note_displays(now=at(moment)) == 1

    seen = [(str(item.on), item.first_at, item.last_at) for item in NoticeDisplay.objects.order_by("on")]
    assert seen == [
        ("2022-10-08", at("2022-10-08 09:05"), at("2022-10-08 23:55")),
        ("2022-10-09", at("2022-10-09 00:05"), at("2022-10-09 00:05")),
    ]
    assert notice.snapshots.get().displays.count() == 2


def test_what_was_changed_past_the_product_is_found(told: Told) -> None:
    notice = a_notice(OPENED)
    NoticeItem.objects.filter(notice=notice, position=1).update(name_zh="王**")

    with pytest.raises(DisplayDiffers, match=notice.number):
        note_displays(now=DURING)

    assert NoticeDisplay.objects.count() == 0
    # The page itself is drawn from what was frozen.
    assert queries.shown(queries.newest_snapshot(notice)).items[0].name == "程**"


def test_where_the_room_above_fails_its_name_stays_and_the_others_pass(told: Told) -> None:
    notice = a_notice(OPENED)
    failing, other = notice.items.all()
    told.fails_for.add(failing.subject_id)

    with pytest.raises(SomeDidNotPass):
        close_due_notices(now=AFTER)
    assert told.lines == [("passed", other.subject_id)]
    told.fails_for.clear()
    assert close_due_notices(now=AFTER) == 1

    notice.refresh_from_db()
    assert notice.state == Notice.State.PASSED
    assert close_due_notices(now=AFTER) == 0


def test_the_strip_of_days_says_what_is_particular(told: Told) -> None:
    notice = a_notice(at("2022-09-29 16:00"))

    strip = queries.strip_of(notice, today=at("2022-10-09 08:00").date())

    assert [(str(item.day), item.state) for item in strip.days] == [
        ("2022-09-29", "past"), ("2022-09-30", "past"), ("2022-10-08", "past"), ("2022-10-09", "today"), ("2022-10-10", "coming"),
    ]  # fmt: skip
    assert [str(day) for day in strip.make_up] == ["2022-10-08", "2022-10-09"]
    assert [(str(first), str(last), name) for first, last, name in strip.holidays] == [("2022-10-01", "2022-10-07", "国庆节")]
    assert strip.passed == 4


def test_the_strip_of_an_open_end_says_which_year_is_missing(told: Told) -> None:
    strip = queries.strip_of(a_notice(at("2026-12-30 09:00")), today=at("2026-12-30 09:00").date())

    assert [item.state for item in strip.days] == ["today", "coming", "unknown", "unknown", "unknown"]
    assert strip.unknown_year == 2027


@CALM
@given(st.text(max_size=40))
def test_a_receipt_reads_back_however_it_is_typed(seed: str) -> None:
    receipt = receipt_of(b"k" * 32, seed)

    assert read_receipt(f" {receipt.lower().replace('-', ' ')} ") == receipt
    assert len(receipt) == 14
    assert not set("O0I1L") & set(receipt)


@CALM
@given(st.text(max_size=40))
def test_anything_may_be_typed_for_a_receipt(text: str) -> None:
    assert read_receipt(text) == "" or len(read_receipt(text)) == 14


def test_the_content_is_plain_json(told: Told) -> None:
    content = a_notice(OPENED).snapshots.get().content

    assert json.loads(canonical(content)) == content
