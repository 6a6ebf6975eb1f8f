"""The live status page: how it stands now, since when, and of the reason its class alone."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from denggao.engines.credentials.actions import renew_issued, restore_issued, suspend_issued, withdraw_issued
from denggao.engines.credentials.drawings import plaque_of
from denggao.engines.credentials.models import Issued
from tests.cast import Cast
from tests.engines.credentials.issuing import OFFICE, THREE, issued, letter_order, plaque_order
from tests.facts import a_person, an_employer

pytestmark = pytest.mark.django_db
SECRET = "三名教师资格过期（内部）"


def today() -> dt.date:
    return timezone.localdate()


def days(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


def page_of(item: Issued) -> str:
    response = Client().get(f"/credentials/{item.public_id}/?lang=en")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def a_plaque(first: int = -100, last: int | None = 100) -> Issued:
    until = None if last is None else days(last)
    order = plaque_order(an_employer("翎川航空制造培训中心"), valid_from=days(first), valid_until=until)
    return issued(order, now=timezone.now())


def standing_of(page: str) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"dg-vr-h[^>]*>.*?<h1>(.*?)</h1>", page, re.DOTALL).group(1))  # type: ignore[union-attr]  # the heading is there


def test_a_plaque_in_force_shows_its_bodies_its_holder_and_its_term() -> None:
    page = page_of(a_plaque())

    assert standing_of(page) == "Genuine and in force"
    for body in THREE:
        assert body["en"] in page
        assert body["zh"] in page
    assert "翎川航空制造培训中心" in page


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (-100, 0, "Genuine and in force"),
        (-100, -1, "Genuine, but its term has ended"),
        (0, 5, "Genuine and in force"),
        (1, 5, "Genuine, not yet in force"),
        (-100, None, "Genuine and in force"),
    ],
)
def test_the_page_follows_the_term_day_by_day(first: int, last: int | None, says: str) -> None:
    assert standing_of(page_of(a_plaque(first, last))) == says


def test_the_page_follows_each_act_and_tells_the_class_of_the_reason_alone() -> None:
    item, now = a_plaque(), timezone.now()

    suspend_issued(item, reason=SECRET, reason_class="conditions", actor=OFFICE, now=now)
    suspended = page_of(item)
    restore_issued(item, reason=SECRET, reason_class="granters", actor=OFFICE, now=now)
    restored = page_of(item)
    renew_issued(item, valid_until=days(900), reason=SECRET, actor=OFFICE, now=now)
    renewed = page_of(item)
    withdraw_issued(item, reason=SECRET, reason_class="appraisal", actor=OFFICE, now=now)
    withdrawn = page_of(item)

    assert [standing_of(page) for page in (suspended, restored, renewed, withdrawn)] == [
        "Suspended for the time being", "Genuine and in force", "Genuine and in force", "Withdrawn",
    ]  # fmt: skip
    assert "the conditions are no longer met" in suspended
    assert "after an appraisal" in withdrawn
    for page in (suspended, restored, renewed, withdrawn):
        assert SECRET not in page
        assert "operator" not in page


def test_a_letter_shows_a_masked_name_and_no_paper_to_anyone() -> None:
    item = issued(letter_order(a_person("欧阳明强"), valid_from=days(-1), valid_until=days(9)), now=timezone.now())

    page = page_of(item)

    assert "欧阳**" in page
    assert "明强" not in page
    assert "dg-plq" not in page
    assert "/pdf/" not in page


def test_the_holder_finds_the_letter_on_its_page(cast: Cast) -> None:
    item = issued(letter_order(cast.worker_person))
    Issued.objects.update(pdf_hash=item.content_hash, pdf=_any_file())

    page = cast.client_of("worker").get(f"/credentials/{item.public_id}/").content.decode()

    assert f"/credentials/{item.public_id}/pdf/" in page


def _any_file() -> int:
    from denggao.foundation.files.actions import store_file

    return store_file("x.pdf", b"%PDF-1.7", kind="credentials.paper", actor=OFFICE, now=timezone.now()).pk


def test_an_address_made_up_is_not_found() -> None:
    assert Client().get(f"/credentials/{uuid.uuid4()}/").status_code == 404


def test_the_page_asks_as_much_for_a_long_history_as_for_a_short_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    short, long = a_plaque(), a_plaque()
    for _time in range(3):
        suspend_issued(long, reason="x", actor=OFFICE, now=timezone.now())
        restore_issued(long, reason="x", actor=OFFICE, now=timezone.now())
    page_of(short)

    for item in (short, long):
        with django_assert_num_queries(2):
            page_of(item)


def test_nothing_on_the_page_needs_an_inline_style_or_script() -> None:
    page = page_of(a_plaque())

    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)


# The drawing


def test_the_drawing_keeps_every_line_within_its_frame() -> None:
    long = {
        "zh": "中国（上海）自由贸易试验区临港新片区管理委员会社会事业发展与人才服务处",
        "en": "Office of Talent " * 5,
        "code": "",
    }
    for bodies in range(1, 7):
        order = plaque_order(
            an_employer(f"上海临港新片区航空航天高端装备制造与集成电路产业技能人才培训中心有限公司{bodies}"),
            title_zh="高技能人才培养与产业工人技能提升联合实训示范基地",
            granters=[long] * bodies,
        )
        for line in plaque_of(issued(order), day=today()).lines:
            wide = len(line.text) * (float(line.size) if line.style != "e" else float(line.size) * 0.55)
            assert 100 <= float(line.y) <= 452
            assert wide <= 680, line
            assert float(line.x) - wide / 2 >= 24, line


def test_the_drawing_tells_all_to_who_cant_see_it() -> None:
    label = plaque_of(a_plaque(), day=today()).label

    assert "翎川航空制造培训中心" in label
    assert "DG-B-001" in label
    assert not plaque_of(a_plaque(), day=today()).dull
    assert plaque_of(a_plaque(-9, -1), day=today()).dull
