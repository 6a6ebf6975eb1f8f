import pytest

from denggao.foundation.audit.actions import ReasonMissing, erase_personal, unmask_record
from denggao.foundation.audit.actors import operator
from denggao.foundation.audit.models import Record, RecordPersonal, Seal
from denggao.foundation.audit.queries import chain_state, proof_of
from denggao.foundation.audit.records import Line, write_lines
from denggao.foundation.audit.seals import seal_pending
from denggao.foundation.audit.verification import verify
from denggao.foundation.people.models import Person

pytestmark = pytest.mark.django_db
OPERATOR = operator("test")


def test_every_sealed_record_is_proven(three_seals):
    proofs = [proof_of(record) for record in Record.objects.order_by("number")]

    assert all(proof.holds for proof in proofs)
    assert [(proof.seal.number, proof.index) for proof in proofs[4:7]] == [(1, 4), (2, 0), (2, 1)]


@pytest.mark.parametrize("change", [{"origin": "x"}, {"mac": b"\0" * 32}])
def test_a_touched_record_is_not_proven(three_seals, change):
    Record.objects.filter(number=7).update(**change)

    assert proof_of(Record.objects.get(number=7)).state == "broken"
    assert proof_of(Record.objects.get(number=8)).holds


@pytest.mark.parametrize("change", [{"leaves": b""}, {"root": b"\1" * 32}, {"signature": b"\1" * 64}])
def test_a_touched_seal_proves_nothing(three_seals, change):
    Seal.objects.filter(number=2).update(**change)

    assert proof_of(Record.objects.get(number=7)).state == "broken"


def test_the_state_of_the_chain_is_told(three_seals, write, now):
    write(2)
    whole = chain_state()
    Seal.objects.filter(number=3).delete()

    assert (whole.last_number, whole.waiting, whole.whole, whole.sealed_at) == (15, 2, True, now)
    assert not chain_state().whole


def test_erased_values_are_gone_and_the_audit_still_verifies(now, django_capture_on_commit_callbacks):
    person = Person.objects.create(name="陈晓明", name_key="陈晓明", created_at=now)
    line = Line.about("people.person.create", person, after={"name": person.name})
    write_lines([line], act_id=person.public_id, positions=iter(range(9)), actor=OPERATOR, at=now)
    record = Record.objects.get()
    seen = unmask_record(record, reason="test", actor=OPERATOR, now=now)

    erased = erase_personal(person, reason="asked for it", actor=OPERATOR, now=now)

    with django_capture_on_commit_callbacks(execute=True):
        seal_pending(now)
    assert seen == {"after": {"name": "陈晓明"}}
    assert erased == 1
    assert not RecordPersonal.objects.exists()
    assert unmask_record(record, reason="test", actor=OPERATOR, now=now) == {}
    assert verify().ok


def test_personal_values_are_shown_for_a_reason_only(three_seals, now):
    with pytest.raises(ReasonMissing):
        unmask_record(Record.objects.get(number=9), reason=" ", actor=OPERATOR, now=now)
