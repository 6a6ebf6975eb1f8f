"""Whoever is put forward reads the application on a phone and agrees, with and without a script; a film breaks off and goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case, Draft
from denggao.engines.cases.procedures import registered
from denggao.foundation.files import pieces
from denggao.foundation.files.models import UploadPiece
from tests.engines.cases.procedures import CONSENT, a_round
from tests.engines.cases.test_arriving import FILMS
from tests.engines.cases.test_consents import asked_case, of
from tests.journeys.conftest import Visitor, follow, look, until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _trial_procedures() -> Iterator[None]:
    with registered(CONSENT, FILMS):
        yield


def test_it_is_read_and_agreed_to_on_a_phone(office: Visitor) -> None:
    assert office.cast is not None
    case = asked_case(office.cast, timezone.now())

    page = office.open("/cases/consents/", size="phone", language="en", signed_in_as="worker")
    look(page)
    follow(page.get_by_role("link", name=case.title))
    look(page)
    page.get_by_text("To the answer").click()
    follow(page.get_by_role("button", name="I agree"))
    look(page)

    assert of(case).state == "agreed"
    applicant = office.open(case.link, language="en", signed_in_as="base_manager")
    expect(applicant.locator("#consents")).to_contain_text("agreed")
    look(applicant)


def test_without_a_script_it_goes_back_with_a_reason(office: Visitor) -> None:
    assert office.cast is not None
    case = asked_case(office.cast, timezone.now())
    client = office.cast.client_of("worker")
    page = office.browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    cookie = client.cookies["sessionid"] if "sessionid" in client.cookies else next(iter(client.cookies.values()))
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": office.address}])
    page.goto(f"{office.address}{of(case).link}")

    page.locator("#answer details summary").first.click()
    page.locator("#answer details[open] textarea").fill("工种写错了")
    page.locator("#answer details[open] button").click()

    assert of(case).state == "changes"
    page.context.close()


def test_a_film_breaks_off_and_goes_on_when_it_is_chosen_again(
    office: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.cast is not None
    monkeypatch.setattr(pieces, "PIECE", 64 * 1024)
    now = timezone.now()
    cast = office.cast
    case: Case = actions.open_case(a_round(cast, now, procedure="trial_films"), body=cast.base, actor=cast.base_manager, now=now)
    film = tmp_path / "feat.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + os.urandom(64 * 1024 * 8))
    page = office.open(f"{case.link}edit/work/", size="phone", language="en", signed_in_as="base_manager")
    look(page)

    # The line goes down before the last piece.
    page.route("**/files/uploads/*/8/", lambda route: route.abort())
    page.set_input_files("dg-upload input[type=file]", film)
    until(lambda: UploadPiece.objects.filter(stored_at__isnull=False).count() == 8, page)
    page.on("dialog", lambda dialog: dialog.accept())
    again = office.open(f"{case.link}edit/work/", size="phone", language="en", signed_in_as="base_manager")
    expect(again.locator("[data-field=film]")).to_contain_text("has arrived by 88 %")
    look(again)
    again.set_input_files("dg-upload input[type=file]", film)

    expect(again.locator("[data-field=film] .dg-file a")).to_have_text("feat.mp4")
    answers = Draft.objects.get(case=case).answers
    assert answers is not None
    assert len(answers["film"]) == 1
    look(again)
    office.complaints.clear()  # the line that was cut
