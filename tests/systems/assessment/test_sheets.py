"""The register of level certificates: what becomes of its rows."""

import datetime as dt
import itertools
import uuid

import pytest

from denggao.engines.credentials import hooks
from denggao.engines.credentials.actions import join_waiting, withdraw_certificate
from denggao.engines.credentials.models import Credential
from denggao.foundation.audit.actions import NotAllowed, action
from denggao.foundation.audit.models import Record
from denggao.foundation.people.models import IdentityDocument, NameConflict, Person
from denggao.foundation.people.queries import identity_index
from denggao.foundation.people.rules import check_character
from denggao.foundation.sheets.kinds import Context
from denggao.foundation.standards.models import OccupationName
from denggao.systems.assessment.actions import RowRefused, register_certificate, row_of
from denggao.systems.assessment.models import LevelCertificate
from denggao.systems.assessment.sheets import CertificateSheet
from tests.facts import a_person

pytestmark = pytest.mark.django_db

TODAY = dt.date(2022, 10, 10)
ID = "11010519491231002X"
OTHER_ID = "440524188001010014"
_acts = itertools.count()


def texts(**more: str) -> dict[str, str]:
    row = {
        "name": "陈晨", "document_kind": "", "document_number": ID, "employer": "沧屿微电子", "occupation": "车工", "job_title": "数控车工",
        "level": "三级/高级工", "number": "S000031000001223000001", "issued_on": "2022-05-03", "evaluator": "某评价中心",
        "issuer": "某发证机构", "theory_score": "86", "skill_score": "91.5",
    }  # fmt: skip
    return row | more


def holder_of(number: str = ID, name: str = "陈晨", born_on: str = "1949-12-31") -> Person:
    person = a_person(name)
    person.born_on = dt.date.fromisoformat(born_on)
    person.save()
    IdentityDocument.objects.create(
        person=person,
        kind="resident_id",
        number=number,
        number_index=identity_index("resident_id", number),
        created_at=person.created_at,
    )
    return person


def judge(cast, *rows):
    numbered = []
    for number, given in enumerate(rows, start=2):
        row = row_of(given)
        row.number, row.record_id = number, given.get("record_id", "")
        numbered.append(row)
    return CertificateSheet().check(numbered, Context(as_of=TODAY, today=TODAY, actor=cast.clerk))


def hand_in(cast, now, *rows):
    """Judge and apply, as the engine does inside its own act."""

    @action(f"tests.hand_in.{next(_acts)}.{uuid.uuid4()}", requires=lambda actor, subject: True, batch=True)
    def act(*, actor, now):
        judgements = judge(cast, *rows)
        applied = [item for item in judgements if item.outcome != "refused" or item.held_for]
        CertificateSheet().apply(applied, Context(as_of=TODAY, today=TODAY, actor=actor), now=now)
        return judgements

    return act(actor=cast.clerk, now=now)


def columns_of(judgement) -> list[str]:
    return [fault.column for fault in judgement.faults]


@pytest.fixture
def told(monkeypatch):
    calls = []
    monkeypatch.setattr(hooks.certificates_changed, "_handlers", [lambda people, **_given: calls.append(people)])
    return calls


def test_a_row_of_a_known_person_becomes_a_certificate(cast, now, told):
    person = holder_of()

    judgement = hand_in(cast, now, texts())[0]

    certificate = LevelCertificate.objects.select_related("credential", "occupation").get()
    credential = certificate.credential
    assert judgement.outcome == "created"
    assert judgement.object_id == str(credential.public_id)
    assert (credential.holder, credential.number, credential.issued_on) == (person, "S000031000001223000001", dt.date(2022, 5, 3))
    assert (certificate.occupation.name_zh, certificate.level, certificate.number_shape) == ("车工", "3", "national")
    assert (str(certificate.theory_score), str(certificate.skill_score)) == ("86.00", "91.50")
    assert (credential.proof, credential.document_number) == ("declared", ID)
    assert told == [{person.pk}]


def test_the_record_holds_no_plain_personal_value(cast, now, told):
    hand_in(cast, now, texts())

    record = Record.objects.get(action="assessment.certificate.register")
    written = f"{record.before}{record.after}{record.object_text}"
    assert "陈晨" not in written
    assert ID not in written
    assert "S000031000001223000001" not in written
    assert record.personal.values["after"]["holder_name"] == "陈晨"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"name": ""}, "name"),
        ({"document_number": ""}, "document_number"),
        ({"document_number": "110105194912310021"}, "document_number"),
        ({"occupation": "", "job_title": ""}, "occupation"),
        ({"level": ""}, "level"),
        ({"level": "六级"}, "level"),
        ({"level": "三级/中级工"}, "level"),
        ({"level": "学徒工"}, "level"),
        ({"number": ""}, "number"),
        ({"number": "ABC"}, "number"),
        ({"number": "S000031000001224000001"}, "number"),
        ({"number": "S000031000001213000001"}, "number"),
        ({"issued_on": ""}, "issued_on"),
        ({"issued_on": "2022-05"}, "issued_on"),
        ({"issued_on": "2022-10-11"}, "issued_on"),
        ({"theory_score": "59.99"}, "theory_score"),
        ({"skill_score": "不合格"}, "skill_score"),
        ({"skill_score": "优"}, "skill_score"),
    ],
)
def test_a_faulty_row_is_refused_at_its_cell_once(cast, now, change, column):
    judgement = judge(cast, texts(**change))[0]

    assert judgement.outcome == "refused"
    assert columns_of(judgement) == [column]


def test_sixty_is_enough_and_a_score_may_be_missing(cast, now):
    assert judge(cast, texts(theory_score="60", skill_score=""))[0].outcome == "created"
    assert judge(cast, texts(theory_score="合格"))[0].outcome == "created"


def test_under_sixteen_at_issue_is_refused(cast, now):
    digits = "11010520060503001"
    young = digits + check_character(digits)

    assert judge(cast, texts(document_number=young))[0].outcome == "created"
    number = "S000031000001223000002"
    assert columns_of(judge(cast, texts(document_number=young, number=number, issued_on="2022-05-02"))[0]) == ["issued_on"]


def test_a_known_person_under_age_is_known_from_the_register_of_people(cast, now):
    person = a_person()
    person.born_on = dt.date(2010, 1, 1)
    person.save()
    IdentityDocument.objects.create(
        person=person,
        kind="passport",
        number="E12345678",
        number_index=identity_index("passport", "E12345678"),
        created_at=now,
    )

    judgement = judge(cast, texts(document_kind="护照", document_number="E12345678"))[0]

    assert columns_of(judgement) == ["issued_on"]


def test_every_fault_of_a_row_is_told(cast, now):
    judgement = judge(cast, texts(name="", level="六级", issued_on="2022", theory_score="12", document_number="1"))[0]

    assert sorted(columns_of(judgement)) == ["document_number", "issued_on", "level", "name", "theory_score"]


def test_the_same_row_again_is_unchanged(cast, now, told):
    hand_in(cast, now, texts())

    again = hand_in(cast, now, texts(level="高级工", occupation="6-18-01-01 车工", number="s000031000001223000001", employer=""))[0]

    assert again.outcome == "unchanged"
    assert again.object_id == str(Credential.objects.get().public_id)
    assert Record.objects.filter(action__startswith="assessment.certificate").count() == 1


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ({"name": "陈辰"}, ["name"]),
        ({"document_number": OTHER_ID}, ["document_number"]),
        ({"issued_on": "2022-05-04"}, ["issued_on"]),
        ({"occupation": "铣工", "job_title": ""}, ["occupation"]),
        ({"job_title": "普通车工"}, ["job_title"]),
        ({"employer": "望潮航空"}, ["employer"]),
        ({"evaluator": "另一中心"}, ["evaluator"]),
        ({"skill_score": "91.6"}, ["skill_score"]),
    ],
)
def test_a_row_that_contradicts_the_register_is_refused_by_field(cast, now, told, change, columns):
    hand_in(cast, now, texts())

    judgement = judge(cast, texts(**change))[0]

    assert judgement.outcome == "refused"
    assert columns_of(judgement) == columns


def test_a_row_that_knows_more_fills_in(cast, now, told):
    person = holder_of()
    hand_in(cast, now, texts(theory_score="", skill_score="", employer="其他", occupation="钳工", job_title=""))
    assert LevelCertificate.objects.get().occupation is None

    judgement = hand_in(cast, now, texts(occupation="钳工", job_title="装配钳工"))[0]

    certificate = LevelCertificate.objects.select_related("occupation").get()
    assert judgement.outcome == "updated"
    assert (certificate.employer_text, certificate.theory_score, certificate.occupation.name_zh) == ("沧屿微电子", 86, "装配钳工")
    assert told == [{person.pk}, {person.pk}]
    assert hand_in(cast, now, texts(occupation="钳工", job_title="装配钳工"))[0].outcome == "unchanged"


def test_a_number_twice_in_one_file(cast, now, told):
    first, same, other = hand_in(cast, now, texts(), texts(), texts(level="四级"))

    assert [first.outcome, same.outcome, other.outcome] == ["created", "unchanged", "refused"]
    assert same.object_id == first.object_id
    assert columns_of(other) == ["number", "level"] or columns_of(other) == ["level", "number"]
    assert Credential.objects.count() == 1


def test_two_rows_of_one_file_that_say_different_parts_are_one(cast, now, told):
    hand_in(cast, now, texts(occupation="钳工", job_title=""), texts(occupation="钳工", job_title="机修钳工", skill_score=""))

    assert LevelCertificate.objects.get().occupation.name_zh == "机修钳工"


def test_thirteen_digits_and_their_padded_form_are_one_number(cast, now, told):
    old = {"issued_on": "2012-05-03", "level": "4"}
    hand_in(cast, now, texts(number="1209003000123", **old))

    again = judge(cast, texts(number="0001209003000123", **old))[0]

    assert again.outcome == "unchanged"
    assert Credential.objects.get().number == "1209003000123"


def test_a_number_of_unknown_shape_is_kept_and_not_confirmed(cast, now, told):
    judgement = hand_in(cast, now, texts(number="沪人社2022第12号"))[0]

    certificate = LevelCertificate.objects.get()
    assert (certificate.number_shape, certificate.number_confirmed) == ("other", False)
    assert "number" in [warning.column for warning in judgement.warnings]


def test_an_unmapped_occupation_is_kept_as_written_and_listed(cast, now, told):
    hand_in(cast, now, texts(occupation="钳工", job_title=""))

    certificate = LevelCertificate.objects.get()
    assert (certificate.occupation, certificate.occupation_text) == (None, "钳工")
    assert OccupationName.objects.get().state == "ambiguous"


def test_a_known_number_under_another_name_is_held_and_never_told(cast, now, told):
    holder_of(name="王小明")

    judgement = hand_in(cast, now, texts())[0]

    assert judgement.outcome == "refused"
    assert columns_of(judgement) == ["name"]
    assert judgement.held_for
    assert "王小明" not in "".join(str(fault.text) + str(fault.values) for fault in judgement.faults)
    conflict = NameConflict.objects.get()
    assert judgement.held_for == f"name:{conflict.public_id.hex}"
    assert not Credential.objects.exists()


def test_a_name_ruled_to_be_the_same_person_is_accepted(cast, now, told):
    person = holder_of(name="王小明")
    hand_in(cast, now, texts())
    NameConflict.objects.update(state="same_person", ruled_at=now)

    judgement = hand_in(cast, now, texts())[0]

    assert judgement.outcome == "created"
    assert Credential.objects.get().holder == person


def test_a_certificate_waits_for_its_person_and_joins_by_itself(cast, now, told):
    hand_in(cast, now, texts())
    assert Credential.objects.get().holder is None
    assert told == []
    person = holder_of()

    assert join_waiting({person.pk}, actor=cast.hr, now=now) == 1

    assert Credential.objects.get().holder == person
    assert join_waiting({person.pk}, actor=cast.hr, now=now) == 0


def test_a_waiting_certificate_does_not_join_under_another_name_or_kind(cast, now, told):
    hand_in(cast, now, texts())
    other = holder_of(name="王小明")

    assert join_waiting({other.pk}, actor=cast.hr, now=now) == 0

    assert Credential.objects.get().holder is None


def test_a_withdrawn_certificate_stays_withdrawn_when_it_comes_again(cast, now, told):
    hand_in(cast, now, texts())
    withdraw_certificate(Credential.objects.get(), reason="误登", actor=cast.clerk, now=now)

    judgement = hand_in(cast, now, texts())[0]

    assert judgement.outcome == "unchanged"
    assert Credential.objects.get().status == "withdrawn"
    assert [warning.column for warning in judgement.warnings] == ["number"]


def test_a_masked_export_comes_back_unchanged(cast, now, told):
    hand_in(cast, now, texts())
    credential = Credential.objects.get()
    masked = texts(name="陈*", document_number="1101**********002X", number=credential.masked_number)

    assert judge(cast, masked | {"record_id": str(credential.public_id)})[0].outcome == "unchanged"
    assert judge(cast, masked)[0].outcome == "refused"
    assert judge(cast, masked | {"record_id": str(uuid.uuid4())})[0].outcome == "refused"
    wrong = masked | {"record_id": str(credential.public_id), "name": "王*"}
    assert columns_of(judge(cast, wrong)[0]) == ["name"]


def test_judging_and_applying_take_a_constant_number_of_queries(cast, now, told, django_assert_num_queries):
    def rows(count, start):
        return [texts(number=f"S0000310000012230000{start + at:02}") for at in range(count)]

    with django_assert_num_queries(7):
        judge(cast, *rows(1, 1))
    with django_assert_num_queries(7):
        judge(cast, *rows(3, 1))


def test_the_form_registers_by_the_rules_of_the_sheet(cast, now, told):
    judgement = register_certificate(texts(), today=TODAY, actor=cast.clerk, now=now)

    assert judgement.outcome == "created"
    with pytest.raises(RowRefused) as refused:
        register_certificate(texts(level="四级"), today=TODAY, actor=cast.clerk, now=now)
    assert {fault.column for fault in refused.value.faults} == {"level", "number"}
    assert Credential.objects.count() == 1


@pytest.mark.parametrize("part", ["hr", "worker", "auditor", "visitor"])
def test_only_the_clerks_register(cast, now, part):
    with pytest.raises(NotAllowed):
        register_certificate(texts(), today=TODAY, actor=getattr(cast, part), now=now)

    assert not CertificateSheet().may_import(getattr(cast, part), {})
    assert not Credential.objects.exists()
