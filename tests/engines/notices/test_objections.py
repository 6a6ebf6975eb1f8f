"""Taking objections: who may, what is kept, what is refused, and what never leaks."""

from __future__ import annotations

import io
from typing import Any

import pytest

from denggao.engines.notices import queries
from denggao.engines.notices.actions import (
    Handed,
    ObjectionRefused,
    close_due_notices,
    object_to,
    receipt_for,
)
from denggao.engines.notices.models import Notice, NoticeItem, Objection, ObjectionFile
from denggao.engines.notices.policies import can_read_identity, can_read_objection_file, visible_objections
from denggao.foundation.audit.actions import AlreadyDone
from denggao.foundation.audit.actors import Actor, visitor
from denggao.foundation.audit.models import Record, RecordPersonal
from denggao.foundation.files.models import StoredFile
from tests.cast import Cast
from tests.engines.notices.conftest import Told, a_notice, at

pytestmark = pytest.mark.django_db
OPENED, DURING = at("2022-10-08 09:00"), at("2022-10-09 10:21")
VISITOR = visitor("web:192.0.2.7")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def handed(name: str = "登记簿.png", data: bytes = PNG) -> Handed:
    return Handed(name, io.BytesIO(data), len(data))


def objecting(notice: Notice, item: NoticeItem | None = None, *, actor: Actor = VISITOR, **more: Any) -> Any:
    given: dict[str, Any] = {
        "kind": "named",
        "name": "马知遥",
        "contact": "021-5555 0000",
        "text": "第一发明人应为班组另一名成员。",
    }
    now = more.pop("now", DURING)
    return object_to(notice, item, **{**given, **more}, actor=actor, now=now)


def faults_of(notice: Notice, **more: Any) -> dict[str, str]:
    now = more.pop("now", DURING)
    with pytest.raises(ObjectionRefused) as refused:
        object_to(
            notice, more.pop("item", None), actor=VISITOR, now=now,
            **{"kind": "named", "name": "马知遥", "contact": "021", "text": "有异议，请核实。", **more},
        )  # fmt: skip
    assert Objection.objects.count() == StoredFile.objects.count() == 0
    return refused.value.faults


def test_a_visitor_objects_and_follows_by_the_receipt(told: Told) -> None:
    notice = a_notice(OPENED)
    item = notice.items.all()[0]

    received = objecting(notice, item, files=[handed()])

    found = queries.objection_by_receipt(received.receipt.lower().replace("-", " "))
    assert found is not None
    assert found.pk == received.objection.pk
    assert found.answer_due_on is not None
    assert str(found.answer_due_on) == "2022-10-14"
    assert told.lines == [("objection", item.subject_id)]
    assert ObjectionFile.objects.get().file.name == "登记簿.png"
    assert queries.objection_by_receipt("KKKK-KKKK-KKKK") is None


def test_the_receipt_itself_is_kept_nowhere(told: Told) -> None:
    received = objecting(a_notice(OPENED))

    code = received.receipt.replace("-", "")
    kept = [str(value) for row in Objection.objects.values() for value in row.values()]
    said = [f"{item.before} {item.after} {item.object_text}" for item in Record.objects.all()]
    assert not any(code in text.replace("-", "") for text in kept + said)


def test_an_objection_stops_only_the_name_it_is_against(told: Told) -> None:
    notice = a_notice(OPENED)
    against, other = notice.items.all()
    objecting(notice, against)

    close_due_notices(now=at("2022-10-13 00:00"))

    assert [line for line in told.lines if line[0] == "passed"] == [("passed", other.subject_id)]
    notice.refresh_from_db()
    assert (notice.state, queries.phase_of(notice, at("2022-10-13 00:00").date())) == ("open", "waiting")


def test_an_objection_to_the_whole_notice_stops_every_name(told: Told) -> None:
    notice = a_notice(OPENED)
    objecting(notice)

    assert close_due_notices(now=at("2022-10-13 00:00")) == 0


def test_objections_are_taken_until_midnight_of_the_last_day(told: Told) -> None:
    notice = a_notice(OPENED)

    objecting(notice, now=at("2022-10-12 23:59"))

    with pytest.raises(ObjectionRefused, match="2022-10-12"):
        object_to(
            notice, None, kind="named", name="甲", contact="021", text="有异议，请核实。", actor=VISITOR, now=at("2022-10-13 00:00")
        )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"contact": " "}, "contact"),
        ({"text": "不"}, "text"),
        ({"text": "长" * 5001}, "text"),
        ({"kind": "anything"}, "kind"),
    ],
)
def test_what_is_missing_is_said_at_its_field(told: Told, given: dict[str, Any], field: str) -> None:
    assert list(faults_of(a_notice(OPENED), **given)) == [field]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.pdf", b"", "0 bytes"),
        ("表.docx", b"PK\x03\x04" + b"\x00" * 60, "no PDF, PNG or JPEG"),
        ("程序.pdf", b"MZ\x00\x00" * 20, "no PDF, PNG or JPEG"),
        ("照片.pdf", PNG, "does not fit"),
        ("大.png", PNG + b"\x00" * (10 * 1024 * 1024), "10 MB"),
    ],
    ids=["empty", "office", "program", "wrong ending", "too large"],
)
def test_a_file_that_can_not_be_taken_is_named_and_nothing_is_kept(told: Told, name: str, data: bytes, said: str) -> None:
    faults = faults_of(a_notice(OPENED), files=[handed(), handed(name, data)])

    assert list(faults) == ["files"]
    assert said in faults["files"]
    assert name in faults["files"]
    assert "登记簿" not in faults["files"]


def test_six_files_are_too_many(told: Told) -> None:
    assert "5" in faults_of(a_notice(OPENED), files=[handed()] * 6)["files"]


def test_a_name_off_the_notice_takes_no_objection(told: Told, cast: Cast) -> None:
    notice, other = a_notice(OPENED), a_notice(OPENED, "何**")

    assert list(faults_of(notice, item=other.items.get())) == ["item"]


def test_a_form_sent_twice_is_taken_once(told: Told) -> None:
    notice = a_notice(OPENED)

    first = objecting(notice, key="abc", files=[handed()])
    with pytest.raises(AlreadyDone):
        objecting(notice, key="abc", files=[handed()])

    assert Objection.objects.count() == 1
    assert receipt_for("abc") == first.receipt
    # What the second try stored is erased again.
    assert StoredFile.objects.filter(erased_at__isnull=True).count() == 1


def test_a_protected_objection_leaves_no_trace_of_who_sent_it(told: Told, cast: Cast) -> None:
    received = objecting(a_notice(OPENED), kind="protected", name="周小登", actor=cast.worker, files=[handed()])

    filed = Record.objects.filter(action__in=["notices.objection.file", "files.file.store"])
    traces = " ".join(f"{item.actor_id} {item.actor_text} {item.origin} {item.before} {item.after}" for item in filed)
    assert filed.count() == 2
    assert cast.worker.id not in traces
    assert "127.0.0.1" not in traces
    assert not RecordPersonal.objects.filter(record__in=filed).exists()
    assert StoredFile.objects.get().stored_by != cast.worker.id
    assert Objection.objects.get(pk=received.objection.pk).name == "周小登"


def test_who_objects_is_for_those_who_handle_it(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED)
    named = objecting(notice).objection
    protected = objecting(notice, kind="protected").objection

    for part in ("clerk", "reviewer", "approver"):
        assert can_read_identity(getattr(cast, part), named)
        assert not can_read_identity(getattr(cast, part), protected)
    for part in ("visitor", "worker", "hr", "expert", "finance", "auditor", "authority", "administrator"):
        assert not can_read_identity(getattr(cast, part), named)


def test_files_of_an_objection_are_private(told: Told, cast: Cast) -> None:
    objecting(a_notice(OPENED), files=[handed()])
    stored = StoredFile.objects.get()

    allowed = [part for part in ("clerk", "reviewer", "worker", "hr", "expert", "auditor", "visitor")
               if can_read_objection_file(getattr(cast, part), stored)]  # fmt: skip

    assert allowed == ["clerk", "reviewer"]


def test_whom_a_conflict_shuts_out_sees_no_objection_not_even_in_a_count(told: Told, cast: Cast) -> None:
    notice = a_notice(OPENED)
    against, other = notice.items.all()
    objecting(notice, against, files=[handed()])
    objecting(notice, None)
    on_other = objecting(notice, other).objection
    told.hidden[cast.clerk.id] = {against.subject_id}

    assert list(visible_objections(cast.clerk)) == [on_other]
    assert queries.count_open_objections(cast.clerk) == 1
    assert queries.count_open_objections(cast.reviewer) == 3
    assert not can_read_objection_file(cast.clerk, StoredFile.objects.get())
    assert visible_objections(cast.worker).count() == 0
