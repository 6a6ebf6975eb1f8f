"""What the platform issued, in a browser: the live plaque, a letter, the pictures, the verification."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from denggao.engines.credentials.actions import keep_paper, suspend_issued, withdraw_issued
from denggao.engines.credentials.models import Issued
from denggao.engines.credentials.paper import paper_of
from tests.cast import Cast
from tests.engines.credentials.issuing import OFFICE, issued, letter_order, plaque_order
from tests.facts import NOW, a_plan, an_employer
from tests.journeys.conftest import Language, Size, Visitor, barriers, sticks_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
EVERY = [("desk", "zh", False), ("phone", "zh", True), ("desk", "en", True), ("phone", "en", False)]


def look(page: Page, name: str) -> None:
    """Kept where somebody wants to look: LOOK names the folder."""
    folder = os.environ.get("LOOK")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def with_paper(item: Issued) -> Issued:
    return keep_paper(item, paper_of(item), content=item.content_hash, actor=OFFICE, now=NOW)


@pytest.mark.parametrize(("size", "language", "dark"), EVERY)
def test_a_plaque_stands_on_its_live_page(visitor: Visitor, size: Size, language: Language, dark: bool) -> None:
    plan = a_plan()
    body = an_employer("翎川航空制造培训中心", plan=plan, name_en="Lingchuan Aviation Training Centre")
    item = with_paper(issued(plaque_order(body, plan=plan, valid_until=None)))
    name = f"{size}-{language}"

    page = visitor.open(f"/credentials/{item.public_id}/", size=size, language=language, dark=dark)
    look(page, f"plaque-{name}")
    assert page.locator(".dg-plq").get_attribute("aria-label")
    assert "LG-B-01" in page.locator(".dg-plq").text_content()  # type: ignore[operator]  # there is text
    assert barriers(page) == []
    assert sticks_out(page) <= 0

    page.click(f'a[href$="{item.public_id}/pages/"]')
    page.wait_for_load_state("networkidle")
    look(page, f"pages-{name}")
    assert page.evaluate("document.querySelector('.dg-paper-page').naturalWidth") == 1400
    assert barriers(page) == []

    suspend_issued(item, reason="整改", reason_class="conditions", actor=OFFICE, now=timezone.now())
    page.goto(f"/credentials/{item.public_id}/")
    look(page, f"suspended-{name}")
    assert page.locator(".dg-vr-h.amber").count() == 1
    assert barriers(page) == []
    withdraw_issued(item, reason="x", reason_class="appraisal", actor=OFFICE, now=timezone.now())
    page.goto(f"/credentials/{item.public_id}/")
    look(page, f"withdrawn-{name}")
    assert page.locator(".dg-plq.dull").count() == 1
    assert barriers(page) == []


@pytest.mark.parametrize(("size", "language", "dark"), EVERY)
def test_a_letter_is_verified_by_anyone_and_read_by_its_holder(
    office: Visitor, cast: Cast, size: Size, language: Language, dark: bool
) -> None:
    item = with_paper(issued(letter_order(cast.worker_person, valid_until=None)))
    name = f"{size}-{language}"

    page = office.open("/verify/", size=size, language=language, dark=dark)
    page.fill("#id_number", item.number)
    page.fill("#id_name", cast.worker_person.name)
    page.click('main button[type="submit"]')
    look(page, f"verified-{name}")
    assert barriers(page) == []
    page.click(f'a[href="/credentials/{item.public_id}/"]')
    look(page, f"letter-{name}")
    assert cast.worker_person.name not in page.content()
    assert barriers(page) == []
    assert sticks_out(page) <= 0

    holder = office.open(f"/credentials/{item.public_id}/pages/", size=size, language=language, dark=dark, signed_in_as="worker")
    holder.wait_for_load_state("networkidle")
    look(holder, f"letter-pages-{name}")
    assert holder.evaluate("document.querySelector('.dg-paper-page').naturalWidth") == 1400
    clerk = office.open(f"/credentials/{item.public_id}/pdf/", size=size, language=language, dark=dark, signed_in_as="clerk")
    look(clerk, f"letter-reading-{name}")
    assert barriers(clerk) == []
