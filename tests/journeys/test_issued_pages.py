"""What the platform issued, in a browser: the live plaque, a letter, the pictures, the verification."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from denggao.engines.credentials.actions import keep_paper, suspend_issued, withdraw_issued
from denggao.engines.credentials.models import Issued
from denggao.engines.credentials.paper import paper_of
from tests.cast import Cast
from tests.engines.credentials.issuing import OFFICE, issued, letter_order, plaque_order
from tests.facts import NOW, a_plan, an_employer
from tests.journeys.conftest import Language, Size, Visitor, follow, look

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
EVERY: list[tuple[Size, Language, bool]] = [
    ("desk", "zh", False), ("phone", "zh", True), ("desk", "en", True), ("phone", "en", False),
]  # fmt: skip


def with_paper(item: Issued) -> Issued:
    return keep_paper(item, paper_of(item), content=item.content_hash, actor=OFFICE, now=NOW)


def shows_its_pages(page: Page, name: str) -> None:
    page.wait_for_function("() => document.querySelector('.dg-paper-page').naturalWidth == 1400")
    look(page, name)


def test_a_plaque_stands_on_its_live_page(visitor: Visitor) -> None:
    plan = a_plan()
    body = an_employer("翎川航空制造培训中心", plan=plan, name_en="Lingchuan Aviation Training Centre")
    item = with_paper(issued(plaque_order(body, plan=plan, valid_until=None)))

    for size, language, dark in EVERY:
        with visitor.at(f"/credentials/{item.public_id}/", size=size, language=language, dark=dark) as page:
            look(page, f"plaque-{size}-{language}")
            assert page.locator(".dg-plq").get_attribute("aria-label")
            assert "LG-B-01" in (page.locator(".dg-plq").text_content() or "")
            follow(page.locator(f'a[href$="{item.public_id}/pages/"]'))
            shows_its_pages(page, f"pages-{size}-{language}")

    suspend_issued(item, reason="整改", reason_class="conditions", actor=OFFICE, now=timezone.now())
    for size, language, dark in EVERY:
        with visitor.at(f"/credentials/{item.public_id}/", size=size, language=language, dark=dark) as page:
            assert look(page, f"suspended-{size}-{language}").locator(".dg-vr-h.amber").count() == 1

    withdraw_issued(item, reason="x", reason_class="appraisal", actor=OFFICE, now=timezone.now())
    for size, language, dark in EVERY:
        with visitor.at(f"/credentials/{item.public_id}/", size=size, language=language, dark=dark) as page:
            assert look(page, f"withdrawn-{size}-{language}").locator(".dg-plq.dull").count() == 1


def test_a_letter_is_verified_by_anyone_and_read_by_its_holder(office: Visitor, cast: Cast) -> None:
    item = with_paper(issued(letter_order(cast.worker_person, valid_until=None)))

    for size, language, dark in EVERY:
        name = f"{size}-{language}"
        with office.at("/verify/", size=size, language=language, dark=dark) as page:
            page.fill("#id_number", item.number)
            page.fill("#id_name", cast.worker_person.name)
            follow(page.locator('main button[type="submit"]'))
            look(page, f"verified-{name}")
            follow(page.locator(f'a[href="/credentials/{item.public_id}/"]'))
            look(page, f"letter-{name}")
            assert cast.worker_person.name not in page.content()
        at = f"/credentials/{item.public_id}"
        with office.at(f"{at}/pages/", size=size, language=language, dark=dark, signed_in_as="worker") as page:
            shows_its_pages(page, f"letter-pages-{name}")
        with office.at(f"{at}/pdf/", size=size, language=language, dark=dark, signed_in_as="clerk") as page:
            look(page, f"letter-reading-{name}")
