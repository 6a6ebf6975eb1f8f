from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections

from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import operator
from denggao.foundation.audit.models import ActionKey, Record
from denggao.foundation.jobs import work
from denggao.foundation.jobs.models import Job
from denggao.foundation.messages.models import Message
from denggao.foundation.sheets import actions
from denggao.foundation.sheets.actions import NotAllValid
from denggao.foundation.sheets.actions.intake import ImportBusy
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.sheets.policies import visible_imports
from denggao.foundation.sheets.safety import SheetRefused
from tests.foundation.sheets import books
from tests.foundation.sheets.kinds import TOOLS

HEAD = ["名称", "编号", "购入日期", "在用"]
GOOD = [HEAD, ["卡尺", "T1", "2022.5.3", "是"], ["锤", "T2", None, "Y"]]
MIXED = [*GOOD, ["钳", "T1", "2023-13-01", "也许"], [None, "T4", None, "否"], ["锯", 1.1e17, None, None]]
TODAY = dt.date(2022, 10, 10)


@pytest.fixture
def drained(now):
    """Runs the jobs that are due, as the worker does."""
    return lambda: work.drain(clock=lambda: now)


def handed_in(cast, tools, now, rows=MIXED, *, actor=None, **options):
    employer = options.pop("employer", cast.employer)
    return actions.hand_in(
        tools,
        "tools.xlsx",
        books.xlsx(rows),
        {"employer": str(employer.public_id)},
        as_of=TODAY,
        actor=actor or cast.clerk,
        now=now,
        **options,
    )


def checked(cast, tools, now, rows=MIXED, **options):
    return actions.check_import(handed_in(cast, tools, now, rows, **options), actor=options.get("actor") or cast.clerk, now=now)


def tools_kept():
    return dict(ActionKey.objects.filter(action=TOOLS).values_list("key", "result"))


def reasons(found):
    return [[entry["text_en"] for entry in row.reasons] for row in found.rows.order_by("id")]


def test_a_file_is_handed_in_checked_and_applied_by_the_worker(cast, tools, now, drained):
    found = handed_in(cast, tools, now)
    drained()
    found.refresh_from_db()

    assert found.state == "checked"
    assert {key: found.counts[key] for key in ("created", "updated", "unchanged", "refused", "warned")} == {
        "created": 2, "updated": 0, "unchanged": 0, "refused": 3, "warned": 2,
    }  # fmt: skip
    assert tools_kept() == {}

    actions.start_apply(found, only_if_all_valid=False, actor=cast.clerk, now=now)
    drained()
    found.refresh_from_db()

    assert found.state == "applied"
    assert tools_kept() == {"T1": "卡尺", "T2": "锤"}
    assert list(found.rows.order_by("id").values_list("number", "outcome", "object_id")) == [
        (2, "created", "T1"), (3, "created", "T2"), (4, "refused", ""), (5, "refused", ""), (6, "refused", ""),
    ]  # fmt: skip
    assert [message.code for message in Message.objects.filter(account=cast.clerk.user).order_by("id")] == [
        "sheets.checked",
        "sheets.applied",
    ]


def test_every_fault_of_a_row_is_said_once_in_both_languages(cast, tools, now):
    found = checked(cast, tools, now)

    assert reasons(found)[2] == [
        "Bought on: there is no month 13. Correct the date.",
        "In use: write yes (是) or no (否), or leave the cell empty where it is not known.",
        "Number: this tool stands in the list twice.",
    ]
    assert reasons(found)[3] == ["Name: the cell is empty. Fill it in."]
    assert "lost its last digits" in reasons(found)[4][0]
    assert all(entry["text_zh"] for row in found.rows.all() for entry in row.reasons)
    assert found.counts["faults"] == {"bought_on": 1, "in_use": 1, "number": 2, "name": 1}
    assert found.rows.get(number=4).marked == " bought_on in_use number "


def test_what_was_normalised_is_kept_and_personal_cells_are_masked(cast, tools, now):
    found = checked(cast, tools, now, [HEAD, ["卡　尺", "ｔ１", "2022.5.3", "是"]])

    assert found.rows.get().normalised == [
        {"column": "name", "from": "卡**", "to": "卡**"},
        {"column": "number", "from": "ｔ１", "to": "T1"},
        {"column": "bought_on", "from": "2022.5.3", "to": "2022-05-03"},
    ]


def test_cells_are_encrypted_at_rest(cast, tools, now):
    checked(cast, tools, now)

    with connection.cursor() as cursor:
        cursor.execute("SELECT cells FROM sheets_importrow")
        kept = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert "卡尺".encode() not in kept
    assert ImportRow.objects.get(number=2).cells["name"] == "卡尺"


def test_records_the_list_does_not_name_are_shown_and_stay(cast, tools, now):
    ActionKey.objects.create(action=TOOLS, key="T9", result="刨子", at=now)

    found = actions.apply_import(checked(cast, tools, now, GOOD), actor=cast.clerk, now=now)

    assert found.counts["absent"] == 1
    assert found.absences == ["T9 刨*"]
    assert tools_kept()["T9"] == "刨子"


def test_the_same_import_applied_twice_is_applied_once(cast, tools, now):
    found = checked(cast, tools, now)
    actions.apply_import(found, actor=cast.clerk, now=now)
    records = Record.objects.count()

    again = actions.apply_import(Import.objects.get(pk=found.pk), actor=cast.clerk, now=now + dt.timedelta(hours=1))

    assert again.applied_at == now
    assert Record.objects.count() == records
    assert len(tools_kept()) == 2


def test_the_same_file_handed_in_again_is_unchanged(cast, tools, now):
    actions.apply_import(checked(cast, tools, now, GOOD), actor=cast.clerk, now=now)

    again = actions.apply_import(checked(cast, tools, now, GOOD), actor=cast.clerk, now=now)

    assert (again.counts["created"], again.counts["unchanged"]) == (0, 2)


def test_a_double_click_applies_once(cast, tools, now, drained):
    found = checked(cast, tools, now, GOOD)

    for tab in (Import.objects.get(pk=found.pk), Import.objects.get(pk=found.pk)):
        actions.start_apply(tab, only_if_all_valid=False, actor=cast.clerk, now=now)

    assert Job.objects.filter(code="sheets.apply").count() == 1
    drained()
    actions.start_apply(found, only_if_all_valid=False, actor=cast.clerk, now=now)
    drained()
    assert Record.objects.filter(action="sheets.import.apply").count() == 1


def test_the_act_is_recorded_with_its_counts_and_each_row_in_it(cast, tools, now):
    found = actions.apply_import(checked(cast, tools, now), actor=cast.clerk, now=now)

    record = Record.objects.get(action="sheets.import.apply")
    assert record.object_id == str(found.public_id)
    assert record.after["state"] == "applied"
    assert record.after["counts"]["created"] == 2
    assert record.act_id == found.act_id
    assert Record.objects.filter(act_id=found.act_id, action="test.tool.create").count() == 2
    assert not Record.objects.filter(after__icontains="卡尺").exists()


def test_all_or_none_applies_none(cast, tools, now, drained):
    found = checked(cast, tools, now)

    with pytest.raises(NotAllValid):
        actions.start_apply(found, only_if_all_valid=True, actor=cast.clerk, now=now)

    assert tools_kept() == {}


def test_all_or_none_is_judged_again_inside_the_act(cast, tools, now, drained):
    found = checked(cast, tools, now, [HEAD, ["held", "T1"]])
    ActionKey.objects.create(action=TOOLS, key="ruled", result="1", at=now)
    found = checked(cast, tools, now, [HEAD, ["held", "T1"]])
    ActionKey.objects.all().delete()
    actions.start_apply(found, only_if_all_valid=True, actor=cast.clerk, now=now)

    drained()

    found.refresh_from_db()
    assert found.state == "checked"
    assert tools_kept() == {}
    assert Message.objects.latest("id").code == "jobs.failed"


def test_rows_are_judged_again_when_they_are_applied(cast, tools, now):
    first, second = checked(cast, tools, now, GOOD), checked(cast, tools, now, GOOD)
    actions.apply_import(first, actor=cast.clerk, now=now)

    actions.apply_import(second, actor=cast.clerk, now=now)

    assert (second.counts["created"], second.counts["unchanged"]) == (0, 2)
    assert set(second.rows.values_list("outcome", "object_id")) == {("unchanged", "T1"), ("unchanged", "T2")}


def test_a_worker_killed_while_applying_leaves_nothing_and_the_next_one_finishes(cast, tools, now, monkeypatch, drained):
    found = checked(cast, tools, now, GOOD)
    actions.start_apply(found, only_if_all_valid=False, actor=cast.clerk, now=now)
    write = actions.applying._write_outcomes

    def killed(*arguments):
        write(*arguments)
        raise SystemExit("killed")

    with monkeypatch.context() as patched:
        patched.setattr(actions.applying, "_write_outcomes", killed)
        with pytest.raises(SystemExit):
            drained()
    assert tools_kept() == {}
    assert Import.objects.get(pk=found.pk).state == "applying"

    later = now + dt.timedelta(hours=1)
    work.sweep(work.Liveness(work.settings.DATA_DIR / "workers"), clock=lambda: later)
    work.drain(clock=lambda: later)

    assert Import.objects.get(pk=found.pk).state == "applied"
    assert tools_kept() == {"T1": "卡尺", "T2": "锤"}


def test_a_worker_killed_while_checking_leaves_no_row_twice(cast, tools, now, monkeypatch):
    found = handed_in(cast, tools, now)

    def killed(*arguments, **options):
        raise SystemExit("killed")

    with monkeypatch.context() as patched:
        patched.setattr(actions.checking, "_finish", killed)
        with pytest.raises(SystemExit):
            actions.check_import(found, actor=cast.clerk, now=now)
    assert Import.objects.get(pk=found.pk).state == "checking"

    actions.check_import(Import.objects.get(pk=found.pk), actor=cast.clerk, now=now)

    assert ImportRow.objects.filter(sheet_import=found).count() == 5


def test_a_file_that_cannot_be_read_as_this_list_fails_with_a_sentence(cast, tools, now, drained):
    found = handed_in(cast, tools, now, [["甲", "乙"], [1, 2]])

    drained()

    found.refresh_from_db()
    assert found.state == "failed"
    assert "名称、编号" in found.error["text_zh"]
    assert "Name、Number" in found.error["text_en"]
    assert Message.objects.latest("id").code == "sheets.failed"


def test_a_file_that_is_no_spreadsheet_is_refused_at_once(cast, tools, now):
    with pytest.raises(SheetRefused):
        actions.hand_in(
            tools, "a.pdf", b"%PDF-1.7", {"employer": str(cast.employer.public_id)}, as_of=TODAY, actor=cast.clerk, now=now
        )

    assert not Import.objects.exists()


def test_columns_can_be_said_anew(cast, tools, now, drained):
    rows = [["工具", "编号", "名称"], ["卡尺", "T1", "备用"]]
    found = checked(cast, tools, now, rows)
    assert found.rows.get().cells["name"] == "备用"

    actions.change_mapping(found, {"Sheet1": {"A": "name", "C": ""}}, actor=cast.clerk, now=now)
    drained()

    found.refresh_from_db()
    assert found.state == "checked"
    assert found.rows.get().cells == {"name": "卡尺", "number": "T1"}
    with pytest.raises(Refused, match="mean the same"):
        actions.change_mapping(found, {"Sheet1": {"C": "name"}}, actor=cast.clerk, now=now)


def test_a_cancelled_import_is_never_applied(cast, tools, now, drained):
    found = checked(cast, tools, now, GOOD)
    actions.cancel_import(found, actor=cast.clerk, now=now)

    with pytest.raises(ImportBusy):
        actions.start_apply(found, only_if_all_valid=False, actor=cast.clerk, now=now)
    with pytest.raises(ImportBusy):
        actions.apply_import(found, actor=cast.clerk, now=now)
    assert tools_kept() == {}


def test_an_import_cancelled_while_it_is_checked_stays_cancelled(cast, tools, now, drained):
    found = handed_in(cast, tools, now)
    actions.cancel_import(found, actor=cast.clerk, now=now)

    drained()

    assert Import.objects.get(pk=found.pk).state == "cancelled"


def test_an_applied_import_cannot_be_cancelled(cast, tools, now):
    found = actions.apply_import(checked(cast, tools, now, GOOD), actor=cast.clerk, now=now)

    with pytest.raises(ImportBusy):
        actions.cancel_import(found, actor=cast.clerk, now=now)


@pytest.mark.parametrize("part", ["worker", "other_hr", "expert", "auditor"])
def test_who_may_not_hand_in_a_list_for_a_body_is_refused(cast, tools, now, part):
    with pytest.raises(NotAllowed):
        handed_in(cast, tools, now, actor=getattr(cast, part))

    assert not Import.objects.exists()


@pytest.mark.parametrize("part", ["worker", "other_hr", "expert", "visitor"])
def test_who_may_not_see_an_import_may_do_nothing_with_it(cast, tools, now, part):
    found, actor = checked(cast, tools, now, GOOD), getattr(cast, part)

    assert not visible_imports(actor).exists()
    for act in (actions.start_apply, actions.cancel_import, actions.recheck, actions.change_mapping):
        options = {"only_if_all_valid": False} if act is actions.start_apply else {}
        with pytest.raises(NotAllowed):
            act(found, *([{}] if act is actions.change_mapping else []), actor=actor, now=now, **options)


def test_hr_sees_the_imports_of_their_own_body(cast, tools, now):
    mine = checked(cast, tools, now, GOOD)
    checked(cast, tools, now, GOOD, employer=cast.other_employer)

    assert list(visible_imports(cast.hr)) == [mine]
    assert visible_imports(cast.clerk).count() == 2


def test_held_rows_are_replayed_after_the_ruling(cast, tools, now):
    found = actions.apply_import(checked(cast, tools, now, [HEAD, ["held", "T1"], ["held", "T2"]]), actor=cast.clerk, now=now)
    assert found.counts["held"] == 2
    ActionKey.objects.create(action=TOOLS, key="ruled", result="1", at=now)

    assert actions.replay_held_rows("tool:T1", actor=cast.clerk, now=now) == 1

    found.refresh_from_db()
    assert tools_kept() == {"ruled": "1", "T1": "held"}
    assert (found.counts["created"], found.counts["refused"], found.counts["held"]) == (1, 1, 1)
    assert found.rows.get(number=2).outcome == "created"
    assert found.rows.get(number=3).held_for == "tool:T2"
    assert actions.replay_held_rows("tool:T1", actor=cast.clerk, now=now) == 0


def test_held_rows_are_replayed_by_the_office_only(cast, tools, now):
    with pytest.raises(NotAllowed):
        actions.replay_held_rows("tool:T1", actor=cast.hr, now=now)


def test_thirty_days_after_the_end_cells_and_file_go_and_outcomes_stay(cast, tools, now):
    rows = [*MIXED, ["held", "T7"]]
    found = actions.apply_import(checked(cast, tools, now, rows), actor=cast.clerk, now=now)
    left_lying = checked(cast, tools, now, GOOD)

    assert actions.purge_imports(actor=operator("test"), now=now + dt.timedelta(days=30)) == 0
    assert actions.purge_imports(actor=operator("test"), now=now + dt.timedelta(days=30, seconds=1)) == 2

    found.refresh_from_db()
    left_lying.refresh_from_db()
    assert [bool(row.cells) for row in found.rows.order_by("id")] == [False] * 5 + [True]
    assert found.rows.get(number=2).outcome == "created"
    assert found.file.erased_at is not None
    assert left_lying.state == "cancelled"
    assert actions.purge_imports(actor=operator("test"), now=now + dt.timedelta(days=31)) == 0


def test_checking_asks_the_same_number_of_queries_for_one_row_and_for_three(cast, tools, now, django_assert_num_queries):
    few, many = handed_in(cast, tools, now, GOOD[:2]), handed_in(cast, tools, now, [*GOOD, ["钳", "T3"]])

    with django_assert_num_queries(28) as counted:
        actions.check_import(few, actor=cast.clerk, now=now)
    with django_assert_num_queries(len(counted)):
        actions.check_import(many, actor=cast.clerk, now=now)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_apply_one_import_once(cast, tools, now):
    found = checked(cast, tools, now, GOOD)
    barrier, failures = threading.Barrier(2), []

    def apply():
        try:
            mine = Import.objects.get(pk=found.pk)
            barrier.wait()
            actions.apply_import(mine, actor=cast.clerk, now=now)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=apply) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Record.objects.filter(action="sheets.import.apply").count() == 1
    assert len(tools_kept()) == 2


@pytest.mark.django_db(transaction=True)
def test_overlapping_files_applied_at_once_end_like_one_after_the_other(cast, tools, now):
    imports = [
        checked(cast, tools, now, [HEAD, *([f"工具{n}", f"T{n}"] for n in range(start, start + 40))]) for start in (0, 20, 10)
    ]
    barrier, failures = threading.Barrier(3), []

    def apply(found):
        try:
            barrier.wait()
            actions.apply_import(found, actor=cast.clerk, now=now)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=apply, args=[found]) for found in imports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(tools_kept()) == 60
    assert sum(Import.objects.get(pk=found.pk).counts["created"] for found in imports) == 60
