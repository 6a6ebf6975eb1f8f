"""What is done about persons: found or created once, unmasked with a record, ruled on when names contradict each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from denggao.foundation.audit.actions import NotAllowed, action
from denggao.foundation.audit.actors import Actor, operator
from denggao.foundation.audit.models import Record, RecordPersonal
from denggao.foundation.people import actions as people_actions
from denggao.foundation.people.actions import (
    AlreadyRuled,
    DocumentTaken,
    NameMissing,
    Newcomer,
    NotAPhone,
    ReasonMissing,
    Ruling,
    add_document,
    conflict_id,
    correct_person,
    create_persons,
    held_for,
    keep_name_conflicts,
    look_up_person,
    rule_name_conflict,
    unmask_document,
)
from denggao.foundation.people.models import IdentityDocument, NameConflict, Person
from denggao.foundation.people.queries import Key, NameMatcher, find_by_identity, key_of, match_name, unmask_readings
from denggao.foundation.people.rules import Identity, check_character, name_key, read_identity
from tests.cast import Cast

pytestmark = pytest.mark.django_db

OPERATOR = operator("test")


def an_identity(order: int = 2) -> Identity:
    first = f"31011519900101{order:03}"
    read = read_identity(None, first + check_character(first))
    assert isinstance(read, Identity)
    return read


@action("test.people.create", requires=lambda actor, subject: True, batch=True)
def _create(newcomers: Sequence[Newcomer], *, actor: Actor, now: dt.datetime) -> dict[Key, Person]:
    return create_persons({key_of(item.identity): item for item in newcomers}, now=now)


@action("test.people.conflict", requires=lambda actor, subject: True, batch=True)
def _conflict(person: Person, name: str, *, actor: Actor, now: dt.datetime) -> None:
    keep_name_conflicts([(person, name)], source="roster", now=now)


def a_person(now: dt.datetime, name: str = "陈晓红", order: int = 2) -> Person:
    identity = an_identity(order)
    return _create([Newcomer(identity, name, phone="13800000001")], actor=OPERATOR, now=now)[key_of(identity)]


def a_conflict(now: dt.datetime, name: str = "陈小红") -> NameConflict:
    _conflict(a_person(now), name, actor=OPERATOR, now=now)
    return NameConflict.objects.get()


# Finding and creating


def test_a_person_is_created_with_what_the_number_tells(now: dt.datetime) -> None:
    person = a_person(now)

    assert (person.sex, person.born_on, person.phone) == ("female", dt.date(1990, 1, 1), "13800000001")
    assert person.documents.get().number == an_identity().number
    assert Record.objects.get(action="people.person.create").object_text == "陈**"


def test_a_known_number_links(now: dt.datetime) -> None:
    first, again = a_person(now), a_person(now, "别的名字")

    assert first == again
    assert Person.objects.count() == 1


def test_nothing_personal_is_written_in_plain_text(now: dt.datetime) -> None:
    person = a_person(now)
    record = Record.objects.get(action="people.person.create")

    for secret in ("陈晓红", "13800000001", an_identity().number):
        assert secret not in str(record.after)
    assert an_identity().number not in str(RecordPersonal.objects.get(record=record).values)
    assert person.documents.get().masked_number == f"3101**********{an_identity().number[-4:]}"


def test_who_loses_the_race_for_a_number_takes_the_winners_person(now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    winner = a_person(now, order=2)
    monkeypatch.setattr(people_actions, "find_by_identity", lambda keys: {} if len(keys) == 2 else find_by_identity(keys))

    found = _create([Newcomer(an_identity(2), "陈晓红"), Newcomer(an_identity(4), "周小登")], actor=OPERATOR, now=now)

    assert found[key_of(an_identity(2))] == winner
    assert set(Person.objects.values_list("name", flat=True)) == {"陈晓红", "周小登"}
    assert Record.objects.filter(action="people.person.create").count() == 2


def test_a_number_stands_once_in_the_database(now: dt.datetime) -> None:
    document = a_person(now).documents.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityDocument.objects.create(
            person=document.person, kind=document.kind, number="x", number_index=document.number_index, created_at=now
        )


def test_a_further_document_joins_the_person_and_no_second_holder(cast: Cast, now: dt.datetime) -> None:
    person, other = a_person(now), a_person(now, "周小登", order=4)
    passport = Identity("passport", "E12345678")

    add_document(person, passport, actor=cast.clerk, now=now)

    assert find_by_identity([key_of(passport)]) == {key_of(passport): person}
    with pytest.raises(DocumentTaken):
        add_document(other, passport, actor=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        add_document(person, Identity("passport", "E87654321"), actor=cast.hr, now=now)


# Unmasking


@pytest.mark.parametrize("part", ["clerk", "reviewer"])
def test_a_number_is_unmasked_with_a_reason_and_a_record(cast: Cast, now: dt.datetime, part: str) -> None:
    document = a_person(now).documents.get()

    number = unmask_document(document, reason="比对证件", actor=getattr(cast, part), now=now)

    record = Record.objects.get(action="people.document.unmask")
    assert number == an_identity().number
    assert (record.actor_id, record.after["reason"], record.object_id) == (
        getattr(cast, part).id,
        "比对证件",
        str(document.public_id),
    )
    assert number not in str([record.before, record.after, record.object_text])


@pytest.mark.parametrize("part", ["worker", "hr", "auditor", "approver", "finance", "administrator", "authority", "visitor"])
def test_nobody_else_unmasks(cast: Cast, now: dt.datetime, part: str) -> None:
    document = a_person(now).documents.get()

    with pytest.raises(NotAllowed):
        unmask_document(document, reason="x", actor=getattr(cast, part), now=now)
    assert not Record.objects.filter(action="people.document.unmask").exists()


def test_without_a_reason_nothing_is_shown(cast: Cast, now: dt.datetime) -> None:
    document = a_person(now).documents.get()

    with pytest.raises(ReasonMissing):
        unmask_document(document, reason=" ", actor=cast.clerk, now=now)


def test_auditors_see_how_often_numbers_were_read(cast: Cast, now: dt.datetime) -> None:
    document = a_person(now).documents.get()
    for days in (40, 20, 3, 0):
        unmask_document(document, reason="x", actor=cast.clerk, now=now - dt.timedelta(days=days))

    (reading,) = unmask_readings(now=now)

    assert (reading.day, reading.week, reading.month, reading.last_at) == (1, 2, 3, now)


def test_a_look_up_by_number_leaves_a_record_found_or_not(cast: Cast, now: dt.datetime) -> None:
    person = a_person(now)

    found = look_up_person(an_identity(), actor=cast.auditor, now=now)
    missing = look_up_person(an_identity(6), actor=cast.auditor, now=now)

    assert (found, missing) == (person, None)
    assert Record.objects.filter(action="people.person.look_up").count() == 2
    with pytest.raises(NotAllowed):
        look_up_person(an_identity(), actor=cast.hr, now=now)


# Names


def test_a_conflict_is_kept_once_and_its_name_is_not_in_the_audit(now: dt.datetime) -> None:
    conflict = a_conflict(now)
    _conflict(conflict.person, "陈 小红", actor=OPERATOR, now=now)

    assert NameConflict.objects.count() == 1
    assert conflict.public_id == conflict_id(conflict.person, name_key("陈小红"))
    assert len(held_for(conflict.public_id)) <= 40
    assert "陈小红" not in str(Record.objects.get(action="people.name_conflict.find").after)


def test_one_person_keeps_the_name_and_both_names_stand(cast: Cast, now: dt.datetime) -> None:
    conflict = a_conflict(now)

    rule_name_conflict(conflict, Ruling.KEEP_NAME, reason="户口簿", actor=cast.reviewer, now=now)

    person = Person.objects.get(pk=conflict.person_id)
    assert person.name == "陈晓红"
    assert match_name(person, name_key("陈晓红"))
    assert match_name(person, name_key("陈小红"))
    assert not match_name(person, name_key("陈大红"))


def test_one_person_takes_the_other_name_and_both_names_stand(cast: Cast, now: dt.datetime) -> None:
    conflict = a_conflict(now)

    rule_name_conflict(conflict, Ruling.TAKE_NAME, reason="改名", actor=cast.clerk, now=now)

    person = Person.objects.get(pk=conflict.person_id)
    assert (person.name, person.name_key) == ("陈小红", "陈小红")
    assert match_name(person, name_key("陈晓红"))
    assert Record.objects.filter(action="people.person.correct").count() == 1


def test_two_persons_stay_two(cast: Cast, now: dt.datetime) -> None:
    conflict = a_conflict(now)

    rule_name_conflict(conflict, Ruling.REFUSE, reason="证件号写错", actor=cast.clerk, now=now)

    names = NameMatcher([conflict.person])
    assert not names.accepts(conflict.person_id, name_key("陈小红"))
    assert names.refused(conflict.person_id, name_key("陈小红"))


def test_a_name_is_ruled_on_once_with_a_reason_by_those_who_may(cast: Cast, now: dt.datetime) -> None:
    conflict = a_conflict(now)

    with pytest.raises(ReasonMissing):
        rule_name_conflict(conflict, Ruling.KEEP_NAME, reason="", actor=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        rule_name_conflict(conflict, Ruling.KEEP_NAME, reason="x", actor=cast.auditor, now=now)
    rule_name_conflict(conflict, Ruling.KEEP_NAME, reason="x", actor=cast.clerk, now=now)
    with pytest.raises(AlreadyRuled):
        rule_name_conflict(conflict, Ruling.REFUSE, reason="x", actor=cast.clerk, now=now)
    assert Record.objects.filter(action="people.name_conflict.rule").count() == 1


def test_a_corrected_name_leaves_the_earlier_one_standing(cast: Cast, now: dt.datetime) -> None:
    person = a_person(now)

    correct_person(person, name="陈小红", phone="13800000002", reason="户口簿", actor=cast.clerk, now=now)

    person.refresh_from_db()
    record = Record.objects.get(action="people.person.correct")
    assert (person.name, person.phone) == ("陈小红", "13800000002")
    assert match_name(person, name_key("陈晓红"))
    assert record.after["reason"] == "户口簿"
    assert "陈小红" not in str(record.after)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"name": " "}, NameMissing), ({"phone": "6828"}, NotAPhone), ({"reason": ""}, ReasonMissing)],
)
def test_a_correction_that_cannot_be_is_refused(
    cast: Cast, now: dt.datetime, given: dict[str, str], refusal: type[Exception]
) -> None:
    person = a_person(now)

    with pytest.raises(refusal):
        correct_person(person, **{"name": "陈小红", "phone": "", "reason": "x", **given}, actor=cast.clerk, now=now)


# Pages


def test_the_office_searches_people_by_name_and_hr_does_not(cast: Cast, now: dt.datetime) -> None:
    a_person(now)

    found = cast.client_of("clerk").get(reverse("people:list"), {"q": "陈 晓"})

    assert [row["person"].name for row in found.context["rows"]] == ["陈晓红"]
    assert an_identity().number not in found.content.decode()
    assert cast.client_of("hr").get(reverse("people:list")).status_code == 403


def test_a_number_is_looked_up_by_post(cast: Cast, now: dt.datetime) -> None:
    person = a_person(now)
    client, url = cast.client_of("clerk"), reverse("people:look_up")

    found = client.post(url, {"document_kind": "resident_id", "document_number": an_identity().number})
    unknown = client.post(url, {"document_kind": "resident_id", "document_number": an_identity(8).number})
    wrong = client.post(url, {"document_kind": "resident_id", "document_number": "110105194912310021"})

    assert found["Location"] == reverse("people:person", args=[person.public_id])
    assert (unknown.status_code, wrong.status_code) == (422, 422)


def test_the_whole_number_is_shown_once_and_by_post_only(cast: Cast, now: dt.datetime) -> None:
    person = a_person(now)
    document = person.documents.get()
    client, url = cast.client_of("clerk"), reverse("people:unmask", args=[person.public_id, document.public_id])

    shown = client.post(url, {"reason": "比对"})

    assert an_identity().number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert client.get(url).status_code == 405
    assert client.post(url, {"reason": ""}).status_code == 422
    assert an_identity().number not in client.get(reverse("people:person", args=[person.public_id])).content.decode()
    assert cast.client_of("auditor").post(url, {"reason": "x"}).status_code == 404


def test_a_person_of_no_own_body_does_not_exist_for_hr_and_workers(cast: Cast, now: dt.datetime) -> None:
    person = a_person(now)

    for part in ("hr", "worker"):
        assert cast.client_of(part).get(reverse("people:person", args=[person.public_id])).status_code == 404


def test_a_worker_sees_the_own_page(cast: Cast) -> None:
    assert cast.client_of("worker").get(reverse("people:person", args=[cast.worker_person.public_id])).status_code == 200


def test_names_are_ruled_on_by_form(cast: Cast, now: dt.datetime) -> None:
    conflict = a_conflict(now)
    url = reverse("people:conflict", args=[conflict.public_id])

    shown = cast.client_of("clerk").get(url).content.decode()
    hidden = cast.client_of("finance").get(url).content.decode()
    done = cast.client_of("clerk").post(url, {"ruling": "keep_name", "reason": "户口簿"})

    assert "陈小红" in shown
    assert "陈小红" not in hidden
    assert done.status_code == 302
    assert NameConflict.objects.get().state == "same_person"
    assert cast.client_of("hr").get(url).status_code == 404


def test_readings_are_for_auditors(cast: Cast, now: dt.datetime) -> None:
    assert cast.client_of("auditor").get(reverse("people:readings")).status_code == 200
    assert cast.client_of("clerk").get(reverse("people:readings")).status_code == 403


def test_an_export_of_people_is_masked(cast: Cast, now: dt.datetime) -> None:
    a_person(now)

    text = cast.client_of("clerk").get(reverse("people:list"), {"export": "csv"}).content.decode()

    assert "陈晓红" in text
    assert an_identity().number not in text
