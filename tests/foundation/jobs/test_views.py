import pytest
from django.urls import reverse

from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.jobs.registry import job
from denggao.foundation.jobs.work import claim_next, drain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_jobs")]


@pytest.fixture
def asked(cast, now):
    @job("test.slow", title="Reading the roster", attempts=1)
    def slow(arguments, progress):
        raise ValueError

    return enqueue("test.slow", {}, link="/imports/7/", actor=cast.hr, now=now)


def test_a_job_is_seen_by_who_asked_for_it_and_the_office(cast, asked):
    for page in (reverse("jobs:job", args=[asked.public_id]), reverse("jobs:json", args=[asked.public_id])):
        statuses = {part: cast.client_of(part).get(page).status_code for part in ("hr", "clerk", "other_hr", "worker", "visitor")}
        assert statuses == {"hr": 200, "clerk": 200, "other_hr": 404, "worker": 404, "visitor": 302}


def test_its_page_asks_again_until_it_has_ended(cast, asked, clock):
    client, page = cast.client_of("hr"), reverse("jobs:job", args=[asked.public_id])
    waiting = client.get(page).content.decode()
    held = claim_next("w", clock=clock)
    held(3, 12, "Rows read")
    running = client.get(page, headers={"HX-Request": "true"})
    told = client.get(reverse("jobs:json", args=[asked.public_id])).json()
    held.end(state="done", ended_at=clock())
    ended = client.get(page, headers={"HX-Request": "true"})

    assert 'hx-trigger="every 2s"' in waiting
    assert '<meta http-equiv="refresh"' in waiting
    assert "<html" not in running.content.decode()
    assert 'value="25"' in running.content.decode()
    assert (told["state"], told["done"], told["total"]) == ("running", 3, 12)
    assert "hx-get" not in ended.content.decode()
    assert ended["HX-Refresh"] == "true"


def test_a_waiting_job_is_cancelled_by_who_asked_for_it(cast, asked):
    page = reverse("jobs:cancel", args=[asked.public_id])

    assert cast.client_of("other_hr").post(page).status_code == 404
    assert cast.client_of("clerk").post(page).status_code == 403
    assert cast.client_of("hr").get(page).status_code == 405
    assert cast.client_of("hr").post(page).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "cancelled"


def test_a_failed_job_says_why_and_is_tried_again(cast, asked, clock):
    drain(clock=clock)
    client = cast.client_of("hr")

    page = client.get(reverse("jobs:job", args=[asked.public_id]))
    client.post(reverse("jobs:retry", args=[asked.public_id]))

    assert page.context["row"].job.error in page.content.decode()
    asked.refresh_from_db()
    assert asked.state == "queued"


def test_a_job_under_way_is_not_cancelled(cast, asked, clock):
    claim_next("w", clock=clock)

    response = cast.client_of("hr").post(reverse("jobs:cancel", args=[asked.public_id]), follow=True)

    asked.refresh_from_db()
    assert asked.state == "running"
    assert list(response.context["messages"])


def test_the_list_takes_the_same_queries_for_any_number_of_jobs(cast, asked, now, django_assert_max_num_queries):
    client = cast.client_of("clerk")
    counts = []
    for number in (1, 2, 3):
        with django_assert_max_num_queries(15) as queries:
            response = client.get(reverse("jobs:list"))
        counts.append(len(queries))
        assert len(response.context["rows"]) == number
        enqueue("test.slow", {}, actor=cast.hr, now=now)

    assert counts[1] == counts[2]


def test_the_list_holds_nobody_elses_jobs(cast, asked):
    assert len(cast.client_of("hr").get(reverse("jobs:list")).context["rows"]) == 1
    assert "Reading the roster" not in cast.client_of("other_hr").get(reverse("jobs:list")).content.decode().partition("<tbody")[2]
