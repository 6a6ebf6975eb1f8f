import threading

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.db import connection

from denggao.foundation.audit import seals
from denggao.foundation.audit.actors import operator
from denggao.foundation.audit.commands import command_ends
from denggao.foundation.audit.merkle import root
from denggao.foundation.audit.models import Record, Seal
from denggao.foundation.audit.seals import (
    Head,
    HeadUnusable,
    begin_chain,
    hash_of,
    head_path,
    is_signed,
    leaf_of,
    leaves_of,
    public_key_pem,
    read_head,
    seal_after_command,
    seal_pending,
    statement,
)
from denggao.foundation.audit.verification import verify

pytestmark = pytest.mark.django_db


def test_records_are_numbered_without_gaps_and_sealed(write, now):
    write(3)
    assert seal_pending(now) == 3
    assert seal_pending(now) == 0
    write(2)
    assert seal_pending(now) == 2

    assert list(Record.objects.order_by("id").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    first, second = Seal.objects.order_by("number")
    assert [(seal.number, seal.first_number, seal.last_number, seal.count) for seal in (first, second)] == [
        (1, 1, 3, 3),
        (2, 4, 5, 2),
    ]
    assert bytes(second.previous) == hash_of(first)
    leaves = [leaf_of(record) for record in Record.objects.filter(number__lte=3).order_by("number")]
    assert leaves_of(first) == leaves
    assert bytes(first.root) == root(leaves)


def test_a_seal_is_checked_with_the_public_key_alone(write, now):
    write()
    seal_pending(now)
    seal = Seal.objects.get()

    load_pem_public_key(public_key_pem().encode()).verify(bytes(seal.signature), statement(seal))


def test_many_records_make_several_seals(write, now, monkeypatch):
    monkeypatch.setattr(seals, "SEAL_RECORDS", 4)
    write(10)

    assert seal_pending(now) == 10
    assert list(Seal.objects.order_by("number").values_list("count", flat=True)) == [4, 4, 2]
    assert verify().ok is False  # the head is written after commit, which a test's transaction never reaches


def test_the_head_names_the_newest_seal(three_seals):
    newest = Seal.objects.get(number=3)

    assert read_head() == Head(3, 15, hash_of(newest))
    assert head_path().stat().st_mode & 0o777 == 0o600


def test_the_head_never_goes_back(three_seals):
    seals._advance_head(Head(2, 12, b"x" * 32))

    assert read_head().seal == 3


def test_a_head_that_can_not_be_read_stops_the_sealer(three_seals, write, now):
    head_path().write_text("{")
    write()

    with pytest.raises(HeadUnusable):
        seal_pending(now)


def test_a_forged_record_is_left_unsealed(write, now):
    write(3)
    Record.objects.filter(object_id="1").update(after={"n": 99})

    assert seal_pending(now) == 2
    assert list(Record.objects.order_by("id").values_list("number", flat=True)) == [1, None, 2]


def test_a_copy_of_a_record_is_left_unsealed_before_and_after_the_seal(write, now):
    write(2)
    for _time in range(2):
        copy = Record.objects.get(object_id="0", number=None) if _time == 0 else Record.objects.get(number=1)
        copy.pk, copy.number = None, None
        copy.save(force_insert=True)
        seal_pending(now)

    assert list(Record.objects.order_by("id").values_list("number", flat=True)) == [1, 2, None, None]


def test_a_record_put_at_the_next_number_does_not_stop_the_sealer(three_seals, write, now):
    squatter = Record.objects.get(number=3)
    squatter.pk, squatter.number = None, 16
    squatter.save(force_insert=True)
    write(2)

    assert seal_pending(now) == 2
    assert Record.objects.filter(number__gt=15).count() == 2
    assert [problem.record_id for problem in verify().problems] == [squatter.pk]


def test_a_seal_put_at_the_next_number_does_not_stop_the_sealer(three_seals, write, now):
    forged = Seal.objects.get(number=3)
    forged.number, forged.first_number, forged.last_number = 4, 16, 18
    forged.save(force_insert=True)
    write(2)

    assert seal_pending(now) == 2
    assert is_signed(Seal.objects.get(number=4), seals.public_key())


def test_the_chain_goes_on_behind_what_was_cut_off(three_seals, write, now):
    Seal.objects.filter(number=3).delete()
    Record.objects.filter(number__gt=12).delete()
    write()

    assert seal_pending(now) == 1
    assert Record.objects.order_by("-number").first().number == 16
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 4]


def test_a_new_database_begins_a_chain_of_its_own(three_seals, now):
    begin_chain(now)

    assert read_head() is None
    assert [path.name for path in head_path().parent.glob("audit-*.head.*")] == [f"{head_path().name}.20221010T100000"]


def test_what_a_command_wrote_is_sealed_at_its_end(write, now):
    write(2)

    command_ends(actor=operator("test"), now=now)

    assert Record.objects.filter(number=None).count() == 0


def test_a_command_stands_though_its_seal_is_hindered(three_seals, write, now, caplog):
    head_path().write_text("{")
    write(2)

    seal_after_command(actor=operator("test"), now=now)

    assert Record.objects.filter(number=None).count() == 2
    assert caplog.records


@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_once_leave_one_whole_chain(write, now):
    def seal():
        for _time in range(8):
            counts.append(seal_pending(now))
        connection.close()

    def add():
        for _time in range(8):
            write(5)
        connection.close()

    counts: list[int] = []
    threads = [threading.Thread(target=work) for work in (seal, seal, seal, add, add)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts.append(seal_pending(now))

    report = verify()
    assert report.ok, report.problems
    assert (report.records, report.unsealed, sum(counts)) == (80, 0, 80)
    assert sorted(Record.objects.values_list("number", flat=True)) == list(range(1, 81))


@pytest.mark.django_db(transaction=True)
def test_of_two_sealers_with_the_same_records_one_wins(write, now):
    write(20)
    both = threading.Barrier(2)
    outcomes = []

    def seal():
        fresh = list(Record.objects.filter(number=None).order_by("id"))
        both.wait()
        outcomes.append(seals._seal(fresh, now))
        connection.close()

    threads = [threading.Thread(target=seal) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, True]
    assert Seal.objects.count() == 1
    assert verify().ok
