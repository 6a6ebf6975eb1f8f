import pytest
from django.urls import reverse

from denggao.foundation.messages import registry
from denggao.foundation.messages.actions import send
from denggao.foundation.messages.models import Message, MessagePreference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(registry, "_KINDS", dict(registry._KINDS))
    registry.register("test.told", title="%(name)s is ready", by_mail=False)


def test_the_list_takes_the_same_queries_for_any_number_of_messages(cast, now, django_assert_max_num_queries):
    client = cast.client_of("hr")
    counts = []
    for number in (1, 2, 3):
        send(cast.user("hr"), "test.told", {"name": f"List {number}"}, "/imports/", now=now)
        with django_assert_max_num_queries(15) as queries:
            page = client.get(reverse("denggao_messages:list"))
        counts.append(len(queries))
        assert len(page.context["rows"]) == number
        assert f"List {number} is ready" in page.content.decode()

    assert counts[1] == counts[2]


def test_a_message_is_shown_to_its_reader_only(cast, now):
    message = send(cast.user("hr"), "test.told", {"name": "The secret list"}, now=now)
    other = cast.client_of("other_hr")

    assert "secret" not in other.get(reverse("denggao_messages:list")).content.decode()
    assert other.post(reverse("denggao_messages:open", args=[message.public_id])).status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_opening_a_message_marks_it_and_goes_where_it_leads(cast, now):
    message = send(cast.user("hr"), "test.told", {"name": "x"}, "/imports/7/", now=now)
    client = cast.client_of("hr")

    response = client.post(reverse("denggao_messages:open", args=[message.public_id]))

    assert response.url == "/imports/7/"
    message.refresh_from_db()
    assert message.read_at is not None
    assert len(client.get(reverse("denggao_messages:list"), {"show": "unread"}).context["rows"]) == 0


def test_all_are_marked_at_once(cast, now):
    for _number in range(3):
        send(cast.user("hr"), "test.told", {"name": "x"}, now=now)
    send(cast.user("worker"), "test.told", {"name": "x"}, now=now)

    cast.client_of("hr").post(reverse("denggao_messages:read_all"))

    assert Message.objects.filter(read_at=None).count() == 1


def test_e_mail_is_switched_off_and_on(cast):
    client = cast.client_of("hr")

    client.post(reverse("denggao_messages:preference"), {})
    assert MessagePreference.objects.get().by_mail is False
    client.post(reverse("denggao_messages:preference"), {"by_mail": "on"})
    assert MessagePreference.objects.get().by_mail is True


def test_a_visitor_has_no_messages(cast):
    assert cast.client_of("visitor").get(reverse("denggao_messages:list")).status_code == 302
