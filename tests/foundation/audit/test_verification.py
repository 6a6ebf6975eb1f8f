"""Whatever is done to the tables behind the product's back is found, and told by its number."""

import datetime as dt
import json
import uuid

import pytest
from django.core.management import call_command
from django.db import connection

from denggao.foundation.audit import verification
from denggao.foundation.audit.models import Record, RecordPersonal, Seal
from denggao.foundation.audit.seals import head_path, seal_pending
from denggao.foundation.audit.verification import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_seals")]


def found() -> list[tuple[str, int | None]]:
    return [(problem.problem.value, problem.number) for problem in verify().problems]


def sealed_over(number: int) -> Record:
    return Record.objects.get(number=number)


def copy_of(original: int, /, **changes) -> Record:
    record = sealed_over(original)
    record.pk = None
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(force_insert=True)
    return record


def test_an_untouched_audit_is_whole(write):
    write(2)

    report = verify()

    assert report.ok
    assert (report.records, report.seals, report.unsealed, report.problems) == (17, 3, 2, [])


@pytest.mark.parametrize(
    "change",
    [
        {"action": "test.other"},
        {"object_type": "test.other"},
        {"object_id": "99"},
        {"object_text": "another"},
        {"actor_kind": "system"},
        {"actor_id": "somebody"},
        {"actor_text": "somebody"},
        {"origin": "elsewhere"},
        {"at": dt.datetime(2022, 10, 10, 2, 0, 0, 1, tzinfo=dt.UTC)},
        {"before": {"n": 1}},
        {"before": None},
        {"after": {"n": 1}},
        {"act_id": uuid.UUID(int=1)},
        {"position": 77},
        {"mac": b"\0" * 32},
    ],
    ids=lambda change: "".join(change),
)
def test_a_changed_column_is_found(change):
    Record.objects.filter(number=7).update(**change)

    assert ("changed", 7) in found()
    assert {number for _problem, number in found()} == {7}


@pytest.mark.parametrize("number", [1, 5, 6, 12, 13])
def test_a_deleted_record_is_found(number):
    sealed_over(number).delete()

    assert found() == [("removed", number)]


def test_a_deleted_run_is_found_within_and_across_seals():
    Record.objects.filter(number__range=(4, 8)).delete()

    problems = verify().problems
    assert [(problem.problem.value, problem.number, problem.to_number) for problem in problems] == [
        ("removed", 4, 5),
        ("removed", 6, 8),
    ]


def test_the_last_records_cut_off_are_found():
    Record.objects.filter(number__gte=14).delete()

    assert [(problem.problem.value, problem.number, problem.to_number) for problem in verify().problems] == [("removed", 14, 15)]


def test_the_last_seal_cut_off_with_its_records_is_found():
    Record.objects.filter(number__gte=13).delete()
    Seal.objects.filter(number=3).delete()

    assert set(found()) == {("removed", 13), ("seal_removed", None)}


def test_everything_deleted_is_found():
    Record.objects.all().delete()
    Seal.objects.all().delete()

    assert ("removed", 1) in found()
    assert verify().problems[0].to_number == 15


def test_what_was_cut_off_stays_found_when_sealing_went_on(write, now):
    Record.objects.filter(number__gte=13).delete()
    Seal.objects.filter(number=3).delete()
    write(2)
    seal_pending(now)

    assert [(problem.problem.value, problem.number, problem.to_number) for problem in verify().problems if problem.number] == [
        ("removed", 13, 15)
    ]


def test_a_forged_record_without_number_is_found():
    forged = copy_of(3, number=None, object_id="99")

    problem = verify().problems[0]
    assert (problem.problem.value, problem.number, problem.record_id) == ("put_in", None, forged.pk)


@pytest.mark.parametrize("number", [16, 17, 1_000_000, 0, -4])
def test_a_record_put_in_with_a_number_is_found(number):
    copy_of(3, number=number, object_id="99")

    assert found() == [("put_in", number)]


def test_a_copy_of_a_genuine_record_is_found_with_and_without_number():
    first, second = copy_of(3, number=16), copy_of(3, number=None)

    assert {(problem.number, problem.record_id) for problem in verify().problems} == {(16, first.pk), (None, second.pk)}
    assert {problem.problem.value for problem in verify().problems} == {"put_in"}


def test_of_two_equal_unsealed_records_the_later_is_the_copy(write):
    write()
    fresh = Record.objects.get(number=None)
    copy = Record.objects.get(number=None)
    copy.pk = None
    copy.save(force_insert=True)

    assert [problem.record_id for problem in verify().problems] == [copy.pk]
    assert fresh.pk != copy.pk


@pytest.mark.parametrize("changes", [{}, {"object_id": "99"}])
def test_another_record_in_the_place_of_a_deleted_one_is_found(changes):
    sealed_over(7).delete()
    copy_of(3, number=7, **changes)

    assert found() == [("changed", 7)]


def test_swapped_numbers_are_found():
    first, second = sealed_over(3).pk, sealed_over(9).pk
    Record.objects.filter(pk=first).update(number=None)
    Record.objects.filter(pk=second).update(number=3)
    Record.objects.filter(pk=first).update(number=9)

    assert found() == [("changed", 3), ("changed", 9)]


def test_a_number_taken_away_is_found():
    Record.objects.filter(number=7).update(number=None)

    report = verify()
    assert [(problem.problem.value, problem.number) for problem in report.problems] == [("removed", 7)]
    assert report.unsealed == 1


@pytest.mark.parametrize(
    "change",
    [
        {"root": b"\1" * 32},
        {"leaves": b"\1" * 7 * 32},
        {"leaves": b""},
        {"previous": b"\1" * 32},
        {"signature": b"\1" * 64},
        {"sealed_at": dt.datetime(2022, 1, 1, tzinfo=dt.UTC)},
        {"count": 6},
        {"last_number": 13},
    ],
    ids=lambda change: "".join(change),
)
def test_a_changed_seal_is_found(change):
    Seal.objects.filter(number=2).update(**change)

    problems = verify().problems
    assert [(problem.problem.value, problem.seal, problem.number) for problem in problems] == [("seal_changed", 2, None)]


def test_a_record_changed_together_with_its_seal_is_found():
    Seal.objects.filter(number=2).update(leaves=b"\1" * 7 * 32)
    Record.objects.filter(number=7).update(object_id="99")

    assert set(found()) == {("seal_changed", None), ("changed", 7)}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_deleted_seal_is_found(number):
    Seal.objects.filter(number=number).delete()

    assert [(problem.problem.value, problem.seal) for problem in verify().problems] == [("seal_removed", number)]


def test_a_copy_under_a_deleted_seal_is_found():
    Seal.objects.filter(number=2).delete()
    sealed_over(7).delete()
    copy_of(14, number=7)

    assert set(found()) == {("seal_removed", None), ("put_in", 7)}


def test_two_swapped_seals_are_found():
    Seal.objects.filter(number=1).update(number=9)
    Seal.objects.filter(number=2).update(number=1)
    Seal.objects.filter(number=9).update(number=2)

    assert [(problem.problem.value, problem.seal) for problem in verify().problems] == [("seal_changed", 1), ("seal_changed", 2)]


@pytest.mark.parametrize("number", [4, 0, -1])
def test_a_seal_put_in_is_found(number):
    seal = Seal.objects.get(number=1)
    seal.number, seal.first_number, seal.last_number = number, 16 + number, 20 + number
    seal.save(force_insert=True)

    assert [(problem.problem.value, problem.seal) for problem in verify().problems] == [("seal_put_in", number)]


def test_changed_personal_values_are_found_by_their_number():
    personal = RecordPersonal.objects.get(record__number=9)
    personal.values = {"before": {"name": "陈晓明"}, "after": {"name": "张三"}}
    personal.save()

    assert found() == [("personal_changed", 9)]


def test_personal_values_that_do_not_open_are_found():
    with connection.cursor() as cursor:
        cursor.execute('UPDATE audit_record_personal SET "values" = %s WHERE record_id = %s', [b"junk", sealed_over(9).pk])

    assert found() == [("personal_changed", 9)]


def test_personal_values_moved_to_another_record_are_found():
    RecordPersonal.objects.filter(record__number=9).update(record=sealed_over(8).pk)

    assert found() == [("personal_changed", 8)]


def test_erased_personal_values_are_no_finding():
    RecordPersonal.objects.all().delete()

    assert verify().ok


def test_a_lost_head_is_told():
    head_path().unlink()

    assert found() == [("head_missing", None)]


def test_a_changed_head_is_told():
    head = json.loads(head_path().read_text())
    head_path().write_text(json.dumps({**head, "hash": "00" * 32}))

    assert found() == [("head_changed", None)]


def test_pages_are_joined_without_seams(monkeypatch, write, now, django_capture_on_commit_callbacks):
    monkeypatch.setattr(verification, "PAGE", 2)
    monkeypatch.setattr(verification, "_SEALS_PAGE", 1)
    write(5)

    assert verify().ok
    Record.objects.filter(number__in=[2, 6, 11]).update(origin="x")
    assert found() == [("changed", 2), ("changed", 6), ("changed", 11)]


def test_queries_do_not_grow_with_the_records(django_assert_num_queries, write, now, django_capture_on_commit_callbacks):
    with django_assert_num_queries(10):
        verify()
    with django_capture_on_commit_callbacks(execute=True):
        write(400)
        seal_pending(now)
    with django_assert_num_queries(12):
        verify()


def test_the_command_prints_the_number_and_ends_with_1(capsys):
    call_command("verify_audit")
    whole = capsys.readouterr().out
    Record.objects.filter(number=7).update(origin="x")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    touched = capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("verify_audit", "--json")
    said = json.loads(capsys.readouterr().out)

    assert "15" in whole
    assert ended.value.code == 1
    assert "7" in touched.splitlines()[0]
    assert said["problems"][0]["number"] == 7
    assert said["problems"][0]["problem"] == "changed"
    assert (said["ok"], said["records"], said["seals"], said["unsealed"]) == (False, 15, 3, 0)
    assert said["public_key"].startswith("-----BEGIN PUBLIC KEY-----")


def test_the_command_seals_nothing(write, capsys):
    write()
    call_command("verify_audit")

    assert Record.objects.filter(number=None).count() == 1
