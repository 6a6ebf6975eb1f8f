import datetime as dt
import threading
import uuid

import pytest
from django.db import connection

from denggao.foundation.accounts.models import User
from denggao.foundation.audit import actions
from denggao.foundation.audit.actions import AlreadyDone, NotAllowed, Refused, action, current_act, note, record_reading
from denggao.foundation.audit.actors import operator, visitor
from denggao.foundation.audit.models import ActionKey, Record, RecordPersonal
from denggao.foundation.audit.records import Line, mac_of
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person

pytestmark = pytest.mark.django_db
OPERATOR = operator("test")


@pytest.fixture(autouse=True)
def _codes(monkeypatch):
    monkeypatch.setattr(actions, "CODES", dict(actions.CODES))


def anyone(actor, subject):
    return True


def make_person(now, **given) -> Person:
    return Person.objects.create(**{"name": "陈晓明", "name_key": "陈晓明", "created_at": now, **given})


def test_what_is_created_is_recorded_as_it_stands_in_the_database(now):
    @action("test.create", requires=anyone)
    def create(*, actor, now):
        return Organisation.objects.create(
            name_zh="甲厂", name_key="甲厂", kind="employer", longitude="121.9", latitude="30.9", created_at=now
        )

    body = create(actor=OPERATOR, now=now)

    record = Record.objects.get()
    assert (record.action, record.object_type, record.object_id) == (
        "test.create",
        "organisations.organisation",
        str(body.public_id),
    )
    assert record.before is None
    assert record.after["longitude"] == "121.900000"
    assert (record.actor_kind, record.actor_id, record.origin, record.at) == ("operator", "operator", "command:test", now)
    assert bytes(record.mac) == mac_of(record)


def test_before_is_what_was_stored_whatever_was_done_to_the_instance(now):
    @action("test.rename", requires=anyone)
    def rename(body, *, actor, now):
        body.save()
        return body

    body = Organisation.objects.create(name_zh="甲厂", name_key="甲厂", kind="employer", created_at=now)
    body.name_zh = "乙厂"  # as a bound form does before the action is called
    rename(body, actor=OPERATOR, now=now)

    record = Record.objects.get()
    assert (record.before, record.after) == ({"name_zh": "甲厂"}, {"name_zh": "乙厂"})


def test_after_is_what_is_stored_even_if_the_instance_was_not_refreshed(now):
    @action("test.close", requires=anyone)
    def close(user, *, actor, now):
        User.objects.filter(pk=user.pk).update(is_active=False)
        return User.objects.get(pk=user.pk)

    close(User.objects.create_user(), actor=OPERATOR, now=now)

    record = Record.objects.get()
    assert (record.before, record.after) == ({"is_active": True}, {"is_active": False})


def test_what_is_deleted_is_recorded_as_it_was(now):
    @action("test.delete", requires=anyone)
    def delete(user, *, actor, now):
        user.delete()

    user = User.objects.create_user()
    public_id = str(user.public_id)
    delete(user, actor=OPERATOR, now=now)

    record = Record.objects.get()
    assert (record.object_id, record.after) == (public_id, None)
    assert record.before == {"is_active": True, "is_demo": False}


def test_personal_values_stand_apart_salted_and_encrypted(now):
    @action("test.correct", requires=anyone)
    def correct(person, *, actor, now):
        person.name = "陈小明"
        person.save()
        return person

    correct(make_person(now), actor=OPERATOR, now=now)

    record = Record.objects.get()
    personal = RecordPersonal.objects.get()
    assert set(record.after["name"]) == {"hash"}
    assert "小明" not in str([record.before, record.after, record.object_text])
    assert personal.values == {"before": {"name": "陈晓明"}, "after": {"name": "陈小明"}}
    with connection.cursor() as cursor:
        cursor.execute('SELECT "values" FROM audit_record_personal')
        assert "小明".encode() not in bytes(cursor.fetchone()[0])


def test_the_same_name_of_two_people_has_two_hashes(now):
    @action("test.create", requires=anyone)
    def create(*, actor, now):
        return make_person(now)

    create(actor=OPERATOR, now=now)
    create(actor=OPERATOR, now=now)

    first, second = Record.objects.order_by("id")
    assert first.after["name"] != second.after["name"]


def test_who_may_not_changes_nothing(now):
    @action("test.refuse", requires=lambda actor, subject: False)
    def refuse(user, *, actor, now):
        user.delete()

    with pytest.raises(NotAllowed) as refused:
        refuse(User.objects.create_user(), actor=OPERATOR, now=now)

    assert refused.value.code == "test.refuse"
    assert "test.refuse" not in str(refused.value)
    assert User.objects.count() == 1
    assert not Record.objects.exists()


@pytest.mark.parametrize("given", [{"actor": None, "now": dt.datetime.now(dt.UTC)}, {"actor": OPERATOR, "now": "today"}])
def test_actor_and_now_must_be_given(given):
    @action("test.bare", requires=anyone)
    def bare(*, actor, now): ...

    with pytest.raises(TypeError):
        bare(**given)


def test_an_inner_action_belongs_to_the_same_act(now):
    @action("test.inner", requires=anyone)
    def inner(user, *, actor, now):
        return user

    @action("test.outer", requires=anyone)
    def outer(user, *, actor, now):
        inner(user, actor=actor, now=now)
        return user

    outer(User.objects.create_user(), actor=OPERATOR, now=now)

    records = list(Record.objects.order_by("position"))
    assert [record.action for record in records] == ["test.inner", "test.outer"]
    assert len({record.act_id for record in records}) == 1
    assert [record.position for record in records] == [0, 1]


def test_a_failed_inner_action_takes_its_records_with_it_and_the_outer_goes_on(now):
    @action("test.inner", requires=anyone)
    def inner(*, actor, now):
        User.objects.create_user()
        note([Line("test.noted")])
        raise Refused("no")

    @action("test.outer", requires=anyone)
    def outer(*, actor, now):
        try:
            inner(actor=actor, now=now)
        except Refused:
            note([Line("test.beside")])
        return current_act().code

    assert outer(actor=OPERATOR, now=now) == "test.outer"
    assert not User.objects.exists()
    assert sorted(Record.objects.values_list("action", flat=True)) == ["test.beside", "test.outer"]


def test_a_failed_action_leaves_nothing(now):
    @action("test.fail", requires=anyone, once_by="key")
    def fail(*, key, actor, now):
        User.objects.create_user()
        raise ValueError

    for _attempt in range(2):
        with pytest.raises(ValueError):
            fail(key="k", actor=OPERATOR, now=now)

    assert not User.objects.exists()
    assert not Record.objects.exists()
    assert not ActionKey.objects.exists()
    with pytest.raises(RuntimeError):
        current_act()


def test_a_batch_writes_what_it_notes_and_no_more(now):
    @action("test.batch", requires=anyone, batch=True)
    def batch(*, actor, now):
        note(Line("test.row", object_id=str(number), after={"n": number}) for number in range(3))
        note([Line("test.row", object_id="same")] * 2)

    batch(actor=OPERATOR, now=now)

    assert [record.position for record in Record.objects.order_by("id")] == [0, 1, 2, 3, 4]
    assert len({bytes(mac) for mac in Record.objects.values_list("mac", flat=True)}) == 5


def test_a_retry_is_told_what_came_of_the_first(now):
    @action("test.once", requires=anyone, once_by="key")
    def once(*, key, actor, now):
        return User.objects.create_user()

    user = once(key="k" * 500, actor=OPERATOR, now=now)
    with pytest.raises(AlreadyDone) as again:
        once(key="k" * 500, actor=OPERATOR, now=now)

    assert again.value.result == str(user.public_id)
    assert User.objects.count() == 1


def test_without_a_key_nothing_is_claimed(now):
    @action("test.once", requires=anyone, once_by="key")
    def once(*, key="", actor, now):
        return User.objects.create_user()

    once(actor=OPERATOR, now=now)
    once(key="", actor=OPERATOR, now=now)

    assert User.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_done_once(now):
    @action("test.once", requires=anyone, once_by="key")
    def once(*, key, actor, now):
        return User.objects.create_user()

    both = threading.Barrier(2)
    outcomes = []

    def click():
        both.wait()
        try:
            outcomes.append(str(once(key="k", actor=OPERATOR, now=now).public_id))
        except AlreadyDone as done:
            outcomes.append(done.result)
        connection.close()

    threads = [threading.Thread(target=click) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.count() == 1
    assert outcomes == [str(User.objects.get().public_id)] * 2


def test_a_code_is_taken_once():
    action("test.code", requires=anyone)(lambda *, actor, now: None)
    with pytest.raises(RuntimeError):
        action("test.code", requires=anyone)


def test_a_write_outside_an_action_has_no_doorway():
    with pytest.raises(RuntimeError):
        note([Line("test.row")])


def test_values_that_no_database_could_hold_are_made_to_fit(now):
    @action("test.odd", requires=anyone, batch=True)
    def odd(*, actor, now):
        note(
            [
                Line(
                    "test.odd",
                    object_text="a\x00b",
                    after={"a\x00": "x\x00y\ud800", "b": b"\x01", "f": 1.5, "id": uuid.UUID(int=1)},
                )
            ]
        )

    odd(actor=OPERATOR, now=now)

    record = Record.objects.get()
    assert record.object_text == "ab"
    assert bytes(record.mac) == mac_of(record)


def test_reading_personal_data_leaves_a_record_without_any(now):
    person = make_person(now)

    record_reading(person, fields=["phone", "name"], purpose=" a call ", actor=OPERATOR, now=now)
    record_reading("people.person", fields=["name"], purpose="export", rows=40, actor=OPERATOR, now=now)

    one, many = Record.objects.order_by("id")
    assert one.object_id == str(person.public_id)
    assert one.after == {"fields": ["name", "phone"], "purpose": "a call", "rows": 1}
    assert many.after["rows"] == 40
    assert not RecordPersonal.objects.exists()
    with pytest.raises(NotAllowed):
        record_reading(person, fields=["name"], purpose="x", actor=visitor(), now=now)
