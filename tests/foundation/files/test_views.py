import pytest
from django.urls import reverse

from denggao.foundation.audit.actors import Role
from denggao.foundation.audit.models import Record
from denggao.foundation.files import policies
from denggao.foundation.files.actions import erase_file, store_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(cast, now, monkeypatch):
    monkeypatch.setattr(policies, "_POLICIES", {})
    policies.register("test.upload", lambda actor, stored: actor.has(Role.CLERK))
    policies.register("test.report", lambda actor, stored: actor.has(Role.CLERK), personal=False)
    return store_file("名册.csv", "姓名\n陈晓明\n".encode(), kind="test.upload", actor=cast.hr, now=now)


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_who_handed_a_file_in_gets_it_back_as_an_attachment(cast, stored):
    response = cast.client_of("hr").get(reverse("files:file", args=[stored.public_id]))

    assert body(response) == "姓名\n陈晓明\n".encode()
    assert response["Content-Disposition"].startswith("attachment")
    assert "%E5%90%8D%E5%86%8C.csv" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("part", ["worker", "other_hr", "auditor", "visitor"])
def test_for_others_there_is_no_such_file(cast, stored, part):
    response = cast.client_of(part).get(reverse("files:file", args=[stored.public_id]))

    assert response.status_code == (302 if part == "visitor" else 404)
    assert "陈晓明" not in response.content.decode()


def test_the_office_reads_it_by_post_with_a_purpose_and_leaves_a_record(cast, stored):
    client, page = cast.client_of("clerk"), reverse("files:file", args=[stored.public_id])

    asked = client.get(page)
    without = client.post(page, {"purpose": ""})
    given = client.post(page, {"purpose": "Complaint 12"})

    assert (asked.status_code, without.status_code, given.status_code) == (200, 422, 200)
    assert "陈晓明" not in asked.content.decode() + without.content.decode()
    assert "陈晓明" in body(given).decode()
    left = Record.objects.get(action="audit.reading")
    assert (left.object_id, left.actor_id, left.after["purpose"]) == (str(stored.public_id), cast.clerk.id, "Complaint 12")


def test_a_file_without_personal_data_is_read_at_once(cast, stored, now):
    report = store_file("report.csv", b"a,b", kind="test.report", actor=cast.hr, now=now)

    assert body(cast.client_of("clerk").get(reverse("files:file", args=[report.public_id]))) == b"a,b"


def test_an_erased_file_says_so(cast, stored, now):
    erase_file(stored, actor=cast.hr, now=now)

    response = cast.client_of("hr").get(reverse("files:file", args=[stored.public_id]))

    assert response.status_code == 410
    assert stored.sha256 in response.content.decode()
