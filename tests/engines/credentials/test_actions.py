"""What is done to a certificate after it was registered, by whom, and what anyone may learn of it."""

import dataclasses
import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import Http404

from denggao.engines.credentials import hooks
from denggao.engines.credentials.actions import (
    AlreadyWithdrawn,
    CertificateRefused,
    compare_scan,
    confirm_certificate,
    hand_in_scan,
    join_certificate,
    part_certificate,
    read_whole,
    withdraw_certificate,
)
from denggao.engines.credentials.models import Credential, Scan
from denggao.engines.credentials.policies import get_credential_for, visible_credentials
from denggao.engines.credentials.queries import VerifyAnswer, VerifyState, WaitsFor, verify, waiting
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.files.actions import store_file
from denggao.foundation.people.models import IdentityDocument, Person
from denggao.foundation.people.queries import identity_index
from tests.facts import a_person, certified, in_post

pytestmark = pytest.mark.django_db

ID, OTHER_ID = "11010519491231002X", "440524188001010014"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture
def told(monkeypatch):
    calls = []
    monkeypatch.setattr(
        hooks.certificates_changed, "_handlers", [lambda people, **given: calls.append((people, given.get("reason")))]
    )
    return calls


@pytest.fixture
def credential() -> Credential:
    return certified(a_person()).credential


def waiting_one(name: str = "陈晨", number: str = ID) -> Credential:
    credential = certified(a_person(name)).credential
    credential.holder = None
    credential.document_number = number
    credential.document_index = identity_index("resident_id", number)
    credential.save()
    Person.objects.all().delete()
    return credential


def known(name: str, number: str, born_on: str = "1949-12-31") -> Person:
    person = a_person(name)
    person.born_on = dt.date.fromisoformat(born_on)
    person.save()
    index = identity_index("resident_id", number)
    IdentityDocument.objects.create(
        person=person, kind="resident_id", number=number, number_index=index, created_at=person.created_at
    )
    return person


def a_scan(cast, credential, now, part="clerk") -> Scan:
    actor = getattr(cast, part)
    file = store_file("scan.png", PNG, kind="credential_scan", actor=actor, now=now)
    return hand_in_scan(credential, file=file, actor=actor, now=now)


# Withdrawing


def test_a_withdrawn_certificate_says_when_and_why(cast, now, credential, told):
    withdraw_certificate(credential, reason=" 发证机构  声明撤销 ", actor=cast.reviewer, now=now)

    credential.refresh_from_db()
    assert (credential.status, credential.withdrawn_at, credential.withdrawn_reason) == ("withdrawn", now, "发证机构 声明撤销")
    assert told == [({credential.holder_id}, "withdrawn")]
    record = Record.objects.get(action="credentials.certificate.withdraw")
    assert record.after == {"status": "withdrawn", "withdrawn_reason": "发证机构 声明撤销"}


def test_withdrawing_twice_or_without_a_reason_is_refused(cast, now, credential, told):
    with pytest.raises(CertificateRefused):
        withdraw_certificate(credential, reason="  ", actor=cast.clerk, now=now)
    withdraw_certificate(credential, reason="误登", actor=cast.clerk, now=now)

    with pytest.raises(AlreadyWithdrawn):
        withdraw_certificate(credential, reason="又一次", actor=cast.clerk, now=now)

    assert Credential.objects.get().withdrawn_reason == "误登"
    assert len(told) == 1


@pytest.mark.parametrize("part", ["hr", "worker", "auditor", "finance", "approver", "authority", "visitor"])
def test_who_keeps_no_certificates_withdraws_none(cast, now, credential, part):
    with pytest.raises(NotAllowed):
        withdraw_certificate(credential, reason="想撤", actor=getattr(cast, part), now=now)

    assert Credential.objects.get().status == "valid"


def test_the_command_withdraws_by_number(credential, capsys, told):
    call_command("withdraw_certificate", credential.number.lower(), "--reason", "误登", "--json")

    assert json.loads(capsys.readouterr().out)["status"] == "withdrawn"
    with pytest.raises(SystemExit) as ended:
        call_command("withdraw_certificate", "S999", "--reason", "误登", "--language", "en")
    assert ended.value.code == 1
    assert "no certificate" in capsys.readouterr().err


# Proof


def test_a_register_query_confirms(cast, now, credential, told):
    today = now.date()

    confirm_certificate(credential, asked_on=today, asked_by="全国联网查询 · 李明", today=today, actor=cast.clerk, now=now)

    credential.refresh_from_db()
    assert (credential.proof, credential.confirmed_on, credential.confirmed_name) == ("confirmed", today, "全国联网查询 · 李明")
    assert len(told) == 1


@pytest.mark.parametrize("days", [-1, 1])
def test_a_query_lies_between_issue_and_today(cast, now, credential, days):
    today = now.date()
    day = today + dt.timedelta(days=1) if days > 0 else credential.issued_on - dt.timedelta(days=1)

    with pytest.raises(CertificateRefused):
        confirm_certificate(credential, asked_on=day, asked_by="李明", today=today, actor=cast.clerk, now=now)

    assert Credential.objects.get().proof == "declared"


def test_a_withdrawn_certificate_is_not_proven(cast, now, credential, told):
    withdraw_certificate(credential, reason="误登", actor=cast.clerk, now=now)

    with pytest.raises(CertificateRefused):
        confirm_certificate(credential, asked_on=now.date(), asked_by="李明", today=now.date(), actor=cast.clerk, now=now)
    with pytest.raises(CertificateRefused):
        a_scan(cast, credential, now)


def test_a_scan_is_compared_by_a_second_person(cast, now, credential, told):
    scan = a_scan(cast, credential, now)

    with pytest.raises(NotAllowed):
        compare_scan(scan, agrees=True, remark="", actor=cast.clerk, now=now)
    compare_scan(scan, agrees=True, remark="", actor=cast.reviewer, now=now)

    credential.refresh_from_db()
    assert credential.proof == "documented"
    assert told == [({credential.holder_id}, None)]
    assert set(Record.objects.filter(action__startswith="credentials.").values_list("action", flat=True)) == {
        "credentials.scan.hand_in", "credentials.scan.compare", "credentials.certificate.document",
    }  # fmt: skip


def test_a_scan_that_differs_proves_nothing_and_says_why(cast, now, credential, told):
    scan = a_scan(cast, credential, now)

    with pytest.raises(CertificateRefused):
        compare_scan(scan, agrees=False, remark=" ", actor=cast.reviewer, now=now)
    compare_scan(scan, agrees=False, remark="日期不同", actor=cast.reviewer, now=now)
    with pytest.raises(CertificateRefused):
        compare_scan(scan, agrees=True, remark="", actor=cast.reviewer, now=now)

    assert Credential.objects.get().proof == "declared"
    assert told == []


def test_a_scan_does_not_lower_what_the_register_confirmed(cast, now, credential, told):
    scan = a_scan(cast, credential, now)
    confirm_certificate(credential, asked_on=now.date(), asked_by="李明", today=now.date(), actor=cast.clerk, now=now)

    compare_scan(scan, agrees=True, remark="", actor=cast.reviewer, now=now)

    assert Credential.objects.get().proof == "confirmed"


def test_the_database_wants_two_people_and_one_open_scan(cast, now, credential):
    scan = a_scan(cast, credential, now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(state="agrees", compared_by=scan.handed_in_by, compared_at=now)
    with pytest.raises(CertificateRefused):
        a_scan(cast, credential, now)


# Waiting and joining


def test_a_waiting_certificate_is_offered_by_name_and_birth_date(cast, now, told):
    credential = waiting_one()
    namesake = known("陈晨", OTHER_ID)
    known("陈晨", "110105194912310038"[:17] + "8", born_on="1950-01-01")

    found = waiting([credential])[0]

    assert (found.waits_for, [item.person for item in found.candidates]) == (WaitsFor.OFFER, [namesake])
    assert Credential.objects.get().holder is None


def test_a_number_known_under_another_name_is_shown_to_the_office(cast, now):
    credential = waiting_one()
    other = known("王小明", ID)

    found = waiting([credential])[0]

    assert (found.waits_for, [item.person for item in found.candidates]) == (WaitsFor.OTHER_NAME, [other])


def test_waiting_reads_a_constant_number_of_times(django_assert_num_queries):
    certificates = [waiting_one("陈晨", ID)]
    known("王小明", ID)

    with django_assert_num_queries(4):
        waiting(certificates)
    with django_assert_num_queries(4):
        waiting(certificates * 3)


def test_the_office_joins_with_a_reason_and_parts_again(cast, now, told):
    credential = waiting_one()
    namesake = known("陈晨", OTHER_ID)

    with pytest.raises(CertificateRefused):
        join_certificate(credential, person=namesake, reason="", actor=cast.clerk, now=now)
    join_certificate(credential, person=namesake, reason="核对了护照与身份证", actor=cast.clerk, now=now)
    with pytest.raises(CertificateRefused):
        join_certificate(credential, person=namesake, reason="又一次", actor=cast.clerk, now=now)

    assert Credential.objects.get().holder == namesake
    assert Record.objects.get(action="credentials.certificate.assign").after["reason"] == "核对了护照与身份证"

    part_certificate(credential, reason="不是同一人", actor=cast.reviewer, now=now)

    assert Credential.objects.get().holder is None
    assert told == [({namesake.pk}, None), ({namesake.pk}, None)]


def test_what_joined_by_number_and_name_is_not_parted(cast, now, told):
    credential = waiting_one()
    holder = known("陈晨", ID)
    Credential.objects.update(holder=holder)
    credential.refresh_from_db()

    with pytest.raises(CertificateRefused):
        part_certificate(credential, reason="误", actor=cast.clerk, now=now)

    assert Credential.objects.get().holder == holder


# Who sees what


def test_an_employer_sees_the_certificates_of_its_own_staff_until_they_leave(cast, now):
    here, gone, elsewhere = (certified(a_person(name)).credential for name in ("甲甲", "乙乙", "丙丙"))
    in_post(here.holder, cast.employer)
    in_post(gone.holder, cast.employer, left="2021-12-31")
    in_post(elsewhere.holder, cast.other_employer)

    assert set(visible_credentials(cast.hr)) == {here}
    assert set(visible_credentials(cast.auditor)) == {here, gone, elsewhere}
    for part in ("worker", "base_manager", "expert", "authority", "visitor"):
        assert not visible_credentials(getattr(cast, part)).exists()
    with pytest.raises(Http404):
        get_credential_for(cast.hr, elsewhere.public_id)


def test_reading_whole_is_recorded_with_its_reason(cast, now):
    credential = waiting_one()

    whole = read_whole(credential, reason="到全国平台查询", actor=cast.clerk, now=now)

    assert (whole.name, whole.document_number, whole.number) == ("陈晨", ID, credential.number)
    record = Record.objects.get(action="credentials.certificate.read_whole")
    assert record.after == {"reason": "到全国平台查询"}
    assert "陈晨" not in f"{record.object_text}{record.after}"
    for part in ("administrator", "auditor", "hr", "worker"):
        with pytest.raises(NotAllowed):
            read_whole(credential, reason="好奇", actor=getattr(cast, part), now=now)


# Verifying


def test_number_and_name_together_verify(credential):
    answer = verify(f" {credential.number.lower()} ", "陈 晨")

    assert answer.state is VerifyState.VALID
    assert (answer.name, answer.number, answer.issued_on) == ("陈*", credential.masked_number, credential.issued_on)
    assert [value for _label, value in answer.facts] == ["车工", "四级/中级工"]
    assert "陈晨" not in json.dumps(dataclasses.asdict(answer), default=str, ensure_ascii=False)


@pytest.mark.parametrize(
    ("number", "name"), [("", ""), ("S1", "陈晨"), ("own", "王晨"), ("own", ""), ("own", "陈*"), ("own", "\x00")]
)
def test_whichever_is_wrong_the_answer_is_the_same(credential, number, name, django_assert_num_queries):
    with django_assert_num_queries(2):
        answer = verify(credential.number if number == "own" else number, name)

    assert answer == VerifyAnswer(VerifyState.NOT_FOUND)


def test_a_waiting_certificate_is_not_opened_by_what_stands_for_no_name():
    assert verify(waiting_one().number, "\x00") == VerifyAnswer(VerifyState.NOT_FOUND)


def test_the_registered_name_verifies_too(credential):
    holder = credential.holder
    holder.name = holder.name_key = "陈辰"
    holder.save()

    assert verify(credential.number, "陈辰").state is VerifyState.VALID
    assert verify(credential.number, "陈晨").state is VerifyState.VALID


def test_a_withdrawn_certificate_is_shown_as_withdrawn(cast, now, credential, told):
    withdraw_certificate(credential, reason="误登", actor=cast.clerk, now=now)

    answer = verify(credential.number, "陈晨")

    assert (answer.state, answer.withdrawn_on) == (VerifyState.WITHDRAWN, now.date())


def test_thirteen_digits_verify_in_both_spellings(credential):
    credential.number = "1209003000123"
    credential.save()

    assert verify("0001209003000123", "陈晨").state is VerifyState.VALID
    assert verify("1209003000123", "陈晨").number == "1209*****0123"
