import datetime as dt
import itertools
import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from denggao.foundation.audit.actors import operator
from denggao.foundation.audit.models import Record, RecordPersonal
from denggao.foundation.audit.records import Line, write_lines
from denggao.foundation.audit.seals import seal_pending

pytestmark = pytest.mark.django_db
READERS = ("auditor", "administrator")
OTHERS = ("worker", "hr", "clerk", "reviewer", "approver", "finance", "authority", "expert")


def write(now, count=1, act_id=None, **given) -> None:
    lines = [
        Line(
            given.get("action", "people.person.correct"),
            "people.person",
            given.get("object_id", str(uuid.UUID(int=number))),
            "陈* (masked)",
            before={"name": "陈晓明", "sex": "male"},
            after={"name": "陈小明", "sex": "female"},
            personal=frozenset({"name"}),
        )
        for number in range(count)
    ]
    with transaction.atomic():
        write_lines(
            lines, act_id=act_id or uuid.uuid4(), positions=itertools.count(), actor=given.get("actor", operator("test")), at=now
        )


@pytest.fixture
def record(now):
    write(now)
    seal_pending(now)
    return Record.objects.get()


@pytest.mark.parametrize("part", OTHERS)
def test_the_audit_is_open_to_readers_only(cast, part, record):
    client = cast.client_of(part)

    for page in (
        reverse("auditing:list"),
        reverse("auditing:numbered", args=[1]),
        reverse("auditing:record", args=[record.act_id, 0]),
    ):
        response = client.get(page)
        assert response.status_code == 403
        assert "masked" not in response.content.decode()
    assert client.post(reverse("auditing:unmask", args=[record.act_id, 0]), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("part", READERS)
def test_readers_see_the_list_and_the_record_with_its_proof(cast, part, record):
    client = cast.client_of(part)

    page = client.get(reverse("auditing:list"))
    one = client.get(reverse("auditing:numbered", args=[1]), follow=True)

    assert "陈* (masked)" in page.content.decode()
    assert one.status_code == 200
    assert one.context["proof"].holds
    assert "小明" not in one.content.decode()


def test_the_list_takes_the_same_queries_for_any_number_of_records(cast, now, django_assert_max_num_queries):
    client = cast.client_of("auditor")
    counts = []
    for actor in (cast.clerk, cast.hr, cast.approver):
        write(now, actor=actor)
        with django_assert_max_num_queries(16) as queries:
            client.get(reverse("auditing:list"))
        counts.append(len(queries))

    assert counts[1] == counts[2]


def test_the_list_is_paged_both_ways_without_counting(cast, now):
    client = cast.client_of("auditor")
    write(now, 120)
    seal_pending(now)

    first = client.get(reverse("auditing:list")).context["page"]
    second = client.get(reverse("auditing:list"), {"before": first.older}).context["page"]
    third = client.get(reverse("auditing:list"), {"before": second.older}).context["page"]
    back = client.get(reverse("auditing:list"), {"after": third.newer}).context["page"]

    numbers = [[record.number for record in page.records] for page in (first, second, third)]
    assert numbers == [list(range(120, 70, -1)), list(range(70, 20, -1)), list(range(20, 0, -1))]
    assert third.older is None
    assert first.newer is None
    assert [record.number for record in back.records] == numbers[1]


def test_the_list_is_filtered_by_what_who_and_when(cast, now):
    client = cast.client_of("auditor")
    actor = cast.clerk
    write(now, 2)
    write(now - dt.timedelta(days=3), action="plans.load", actor=actor)
    act = uuid.uuid4()
    write(now - dt.timedelta(days=9), action="plans.load", act_id=act, object_id="x")

    def shown(**asked):
        return len(client.get(reverse("auditing:list"), asked).context["page"].records)

    assert shown() == 4
    assert shown(action="plans.load") == 2
    assert shown(action="nonsense") == 4
    assert shown(object_type="people.person", object="x") == 1
    assert shown(actor=actor.id) == shown(actor=actor.id[:8]) == 1
    assert shown(act=str(act)) == 1
    assert shown(from_on="2022-10-07", to_on="2022-10-09") == 1
    assert shown(from_on="2022-10-07") == 3
    assert shown(to_on="nonsense") == 4


def test_an_empty_list_says_so(cast):
    client = cast.client_of("auditor")

    assert client.get(reverse("auditing:list")).status_code == 200
    assert client.get(reverse("auditing:list"), {"actor": "nobody"}).status_code == 200


def test_what_is_shown_is_exported(cast, now):
    write(now, 2)
    seal_pending(now)

    response = cast.client_of("administrator").get(reverse("auditing:list"), {"export": "csv"})

    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "小明" not in response.content.decode()


def test_an_auditor_sees_the_personal_values_once_with_a_reason_and_leaves_a_record(cast, record):
    client = cast.client_of("auditor")
    page = reverse("auditing:unmask", args=[record.act_id, record.position])

    without = client.post(page, {"reason": " "})
    shown = client.post(page, {"reason": "Complaint 12"})
    after = client.get(reverse("auditing:record", args=[record.act_id, record.position]))

    assert without.status_code == 422
    assert "陈小明" not in without.content.decode()
    assert "陈小明" in shown.content.decode()
    assert "陈小明" not in after.content.decode()
    assert shown["Cache-Control"].count("no-store")
    left = Record.objects.get(action="audit.record.unmask")
    assert (left.actor_id, left.after["reason"], left.after["number"]) == (cast.auditor.id, "Complaint 12", 1)


def test_an_administrator_does_not_see_the_personal_values(cast, record):
    response = cast.client_of("administrator").post(reverse("auditing:unmask", args=[record.act_id, 0]), {"reason": "curious"})

    assert response.status_code == 403
    assert "小明" not in response.content.decode()
    assert not Record.objects.filter(action="audit.record.unmask").exists()


def test_erased_values_are_told_as_erased(cast, record):
    RecordPersonal.objects.all().delete()

    response = cast.client_of("auditor").get(reverse("auditing:record", args=[record.act_id, 0]))

    assert not response.context["can_unmask"]
    assert response.context["proof"].holds


def test_a_touched_record_shows_that_it_does_not_hold(cast, record):
    Record.objects.update(actor_text="somebody else")

    assert cast.client_of("auditor").get(reverse("auditing:numbered", args=[1]), follow=True).context["proof"].state == "broken"


def test_an_unsealed_record_waits(cast, now):
    write(now)
    record = Record.objects.get()

    assert cast.client_of("auditor").get(reverse("auditing:record", args=[record.act_id, 0])).context["proof"].state == "waiting"


def test_what_does_not_exist_is_not_found(cast):
    client = cast.client_of("auditor")

    assert client.get(reverse("auditing:numbered", args=[99])).status_code == 404
    assert client.get(reverse("auditing:record", args=[uuid.uuid4(), 0])).status_code == 404
