"""Notices by the API: what everybody sees, and nothing more."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from denggao.engines.notices.actions import ItemOrder, NoticeOrder, object_to, open_notice, publish_redacted
from denggao.engines.notices.models import Notice, Objection
from denggao.engines.notices.registry import NoticeSubject, register_notice_subject
from denggao.foundation.audit.actors import operator, system, visitor

pytestmark = pytest.mark.django_db


def a_notice(title: str = "拟命名人选公示") -> Notice:
    register_notice_subject("api", NoticeSubject())
    items = [ItemOrder(uuid.uuid4(), {"单位": "登高精密制造有限公司"}, name_zh="程**")]
    return open_notice(NoticeOrder("api", title, items, title_en="Candidates"), actor=system("test"), now=timezone.now())


def an_objection(notice: Notice) -> Objection:
    given = {"kind": "named", "name": "不可泄露", "contact": "021-00000000", "text": "原文不可泄露，第一发明人应为另一人。"}
    return object_to(notice, notice.items.get(), **given, actor=visitor("web:192.0.2.7"), now=timezone.now()).objection


def test_a_visitor_reads_the_list_and_a_notice() -> None:
    notice = a_notice()

    listed = Client().get("/api/v1/notices").json()
    one = Client().get(f"/api/v1/notices/{notice.public_id}").json()

    assert (listed["count"], listed["items"][0]["number"]) == (1, notice.number)
    assert one["items"][0]["name"] == {"zh": "程**", "en": ""}
    assert one["proof"][0]["sha256"] == notice.snapshots.get().content_hash
    assert (one["state"], one["phase"]) == ("open", "open")


def test_an_objection_stays_hidden_until_its_redacted_copy_is_published() -> None:
    notice = a_notice()
    objection = an_objection(notice)

    before = Client().get(f"/api/v1/notices/{notice.public_id}").content.decode()
    publish_redacted(objection, "第一发明人应为▇▇。", actor=operator("test"), now=timezone.now())
    after = Client().get(f"/api/v1/notices/{notice.public_id}")

    assert "原文" not in before
    assert "泄露" not in before
    assert [item["text"] for item in after.json()["objections"]] == ["第一发明人应为▇▇。"]
    assert "泄露" not in after.content.decode()


def test_filters_narrow_the_list() -> None:
    a_notice()

    assert Client().get("/api/v1/notices?state=passed").json()["count"] == 0
    assert Client().get("/api/v1/notices?plan=nothing").json()["count"] == 0
    assert Client().get("/api/v1/notices?state=wrong").status_code == 422
    assert Client().get(f"/api/v1/notices/{uuid.uuid4()}").status_code == 404


def test_the_list_asks_as_much_for_three_as_for_one(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]  # pytest's fixtures
    a_notice()
    Client().get("/api/v1/notices")
    with django_assert_num_queries(2):
        Client().get("/api/v1/notices")
    a_notice("二")
    a_notice("三")
    with django_assert_num_queries(2):
        Client().get("/api/v1/notices")
