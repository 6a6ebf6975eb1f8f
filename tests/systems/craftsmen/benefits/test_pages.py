"""The reckoner, and who reads what."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from denggao.foundation.audit.models import Record
from denggao.systems.craftsmen.benefits.actions import BENEFIT
from denggao.systems.craftsmen.benefits.models import SavedAnswers
from tests.facts import certified
from tests.systems.craftsmen.benefits.scene import a_craftsman, handed_over

ADDRESS = "/craftsmen/mine/benefits/"


def browser(cast, part: str) -> Client:
    """Speaks English."""
    client = cast.client_of(part)
    client.cookies["dg_language"] = "en"
    return client


def typed(**given: str) -> dict[str, str]:
    return {"on": timezone.localdate().isoformat(), "lives_since": "2018-03-04", "permit_since": "2018-01-01", **given}


def page(response) -> str:
    assert response.status_code in {200, 422}, response.status_code
    return response.content.decode()


def test_it_is_filled_with_what_the_platform_knows_and_says_that_it_decides_nothing(cast, now):
    craftsman = a_craftsman(cast, now)
    certified(craftsman.person, level="3")

    shown = page(browser(cast, "worker").get(ADDRESS))

    assert "A help, not a decision" in shown
    assert cast.employer.name in shown
    assert "second hand, official text not seen" in shown
    assert "this platform’s own assumption" in shown


def test_what_is_typed_is_reckoned_and_not_kept(cast, now):
    a_craftsman(cast, now)
    before = Record.objects.count()

    shown = page(browser(cast, "worker").post(ADDRESS, typed()))

    assert "2018-03-04" in shown
    assert SavedAnswers.objects.count() == 0
    assert Record.objects.count() == before


def test_answers_are_kept_encrypted_when_asked_and_deleted_when_asked(cast, now):
    person = a_craftsman(cast, now).person
    client = browser(cast, "worker")
    client.post(ADDRESS, typed(act="save"))

    kept = SavedAnswers.objects.get(person=person)
    assert kept.answers["lives_since"] == "2018-03-04"
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM craftsmen_benefits_savedanswers")
        assert b"2018-03-04" not in bytes(cursor.fetchone()[0])
    assert "2018-03-04" in page(client.get(ADDRESS))
    client.post(f"{ADDRESS}forget/")
    assert SavedAnswers.objects.count() == 0
    assert "2018-03-04" not in str(list(Record.objects.values_list("after", flat=True)))


def test_a_day_ahead_shows_what_would_be(cast, now):
    a_craftsman(cast, now)

    shown = page(browser(cast, "worker").post(ADDRESS, typed(ahead="2035-03-04")))

    assert "20 points" in shown
    assert "as if everything stayed as it is" in shown.replace("\n", " ")


@pytest.mark.parametrize(("name", "value"), [("on", "2019-11-19"), ("on", "2099-01-01"), ("lives_since", "2099-01-01")])
def test_days_that_can_t_be_are_refused(cast, now, name, value):
    a_craftsman(cast, now)

    assert browser(cast, "worker").post(ADDRESS, typed(**{name: value})).status_code == 422


def test_who_holds_no_title_is_told_whom_it_is_for(cast, now):
    assert "whose title is in force" in page(browser(cast, "worker").get(ADDRESS))


@pytest.mark.parametrize("part", ["hr", "other_hr", "base_manager", "expert", "authority"])
def test_nobody_but_the_person_and_the_office_reads_a_benefit(cast, now, part):
    application = handed_over(cast, a_craftsman(cast, now), now)
    client = browser(cast, part)

    assert client.get(f"/craftsmen/benefits/{application.public_id}/").status_code == 404
    assert client.get("/craftsmen/benefits/").status_code == 403


def test_the_employer_s_page_of_the_craftsman_says_nothing_of_benefits(cast, now):
    application = handed_over(cast, a_craftsman(cast, now), now)
    address = f"/craftsmen/{application.craftsman.public_id}/"

    assert application.case.number not in page(browser(cast, "hr").get(address))
    assert application.case.number in page(browser(cast, "clerk").get(address))
    assert application.case.number in page(browser(cast, "worker").get("/craftsmen/mine/"))


def test_the_office_s_list_counts_filters_and_exports(cast, now):
    application = handed_over(cast, a_craftsman(cast, now), now)
    client = browser(cast, "clerk")

    shown = page(client.get("/craftsmen/benefits/"))
    assert application.case.number in shown
    assert "By kind and outcome" in shown
    assert application.case.number not in page(client.get("/craftsmen/benefits/?kind=settlement"))
    assert application.case.number in client.get("/craftsmen/benefits/?export=csv").content.decode()
    assert application.case.procedure == BENEFIT


def test_an_outcome_is_entered_confirmed_and_shown(cast, now):
    application = handed_over(cast, a_craftsman(cast, now), now)
    today = timezone.localdate().isoformat()
    address = f"/craftsmen/benefits/{application.public_id}/"
    answer = browser(cast, "clerk").post(f"{address}outcome/", {"result": "granted", "decided_on": today, "document": "某号"})
    assert answer.status_code == 302, page(answer)
    outcome = application.outcomes.get()
    assert browser(cast, "clerk").post(f"/craftsmen/benefits/outcomes/{outcome.public_id}/confirm/").status_code == 403
    assert browser(cast, "approver").post(f"/craftsmen/benefits/outcomes/{outcome.public_id}/confirm/").status_code == 302

    assert "granted" in page(browser(cast, "worker").get(address))
    assert browser(cast, "worker").get(f"{address}outcome/").status_code == 404
