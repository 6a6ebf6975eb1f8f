"""Learning time in a browser: a page that counts, a second device, a lost line; the own hours explained; a finding settled by two."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from denggao.engines.hours.actions import Missing, answer_fix, ask_fix
from denggao.engines.hours.models import Finding, Fix, HourEntry, Sitting
from denggao.engines.hours.policies import FIX_FILE
from denggao.foundation.files.actions import store_file
from denggao.foundation.standards.models import RuleValue
from tests.engines.hours.learning import ENROLMENT, MINUTE, learns
from tests.journeys.conftest import Visitor, follow, look, until
from tests.systems.university.learning.facts import a_class, key_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def a_history(office: Visitor) -> dt.datetime:
    """Two weeks of learning, one of the sittings a script's, and a correction by two."""
    cast = office.cast
    assert cast is not None
    now = timezone.now()
    nine = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0) - dt.timedelta(days=1)
    for back, minutes in enumerate((35, 64, 12, 0, 48, 130, 22, 15, 51)):
        if minutes:
            learns(cast.worker_person, cast.worker, nine - dt.timedelta(days=back), minutes, device_text="Android · Chrome")
    learns(cast.worker_person, cast.worker, nine + 100 * MINUTE, 30, steady=True, device_text="Windows · Chrome")
    paper = store_file("签到表.pdf", b"%PDF-1.4\n%%EOF\n", kind=FIX_FILE, actor=cast.clerk, now=now)
    day = (now - dt.timedelta(days=2)).date()
    fix = ask_fix(
        cast.worker_person,
        Missing(ENROLMENT, "classroom", day, 5400),
        reason="当天现场授课，签到在纸上。",
        file=paper,
        actor=cast.clerk,
        now=now,
    )
    answer_fix(Fix.objects.get(pk=fix.pk), confirm=True, actor=cast.reviewer, now=now)
    ask_fix(
        cast.worker_person,
        Missing(ENROLMENT, "practical", day, 2700),
        reason="带教记录补录。",
        file=paper,
        actor=cast.clerk,
        now=now,
    )
    return nine


@pytest.mark.parametrize(("size", "language", "dark"), [("phone", "zh", False), ("desk", "en", True)])
def test_the_own_hours_are_explained_and_a_faked_rhythm_is_settled_by_two(office: Visitor, size, language, dark):
    a_history(office)
    with office.at("/hours/", size=size, language=language, signed_in_as="worker", dark=dark) as page:
        look(page, f"hours-own-{size}-{language}")
        follow(page.locator(".dg-why .su a").first)
        look(page, f"hours-sitting-{size}-{language}")
    finding = Finding.objects.get()
    with office.at("/hours/findings/", size=size, language=language, signed_in_as="clerk", dark=dark) as page:
        look(page, f"hours-findings-{size}-{language}")
        follow(page.locator(f"main a[href='/hours/findings/{finding.public_id}/']"))
        look(page, f"hours-finding-{size}-{language}")
        follow(page.locator("a[href$='/propose/']"))
        page.fill("[name=reason]", "三十分钟里每分钟恰好六次操作。")
        look(page, f"hours-propose-{size}-{language}")
        follow(page.locator("main form button[type=submit]"))
    with office.at(
        f"/hours/findings/{finding.public_id}/", size=size, language=language, signed_in_as="reviewer", dark=dark
    ) as page:
        look(page, f"hours-proposed-{size}-{language}")
        follow(page.locator("a[href$='/confirm/']"))
        follow(page.locator("main form button[type=submit]"))
        look(page, f"hours-upheld-{size}-{language}")
        page.goto("/hours/corrections/")
        look(page, f"hours-fixes-{size}-{language}")
        follow(page.locator("main tbody a").first)
        look(page, f"hours-fix-{size}-{language}")
        page.goto(f"/hours/{finding.person.public_id}/correct/")
        look(page, f"hours-ask-{size}-{language}")
        page.goto(f"/hours/{finding.person.public_id}/?kind=online")
        look(page, f"hours-office-{size}-{language}")
    assert HourEntry.objects.filter(reverses__isnull=False, seconds=-1800).count() == 1
    with office.at("/hours/", size=size, language=language, signed_in_as="worker", dark=dark) as page:
        expect(page.locator(".dg-why .off")).to_have_count(1)


def test_empty_pages(office: Visitor):
    for part, path in (
        ("worker", "/hours/"),
        ("clerk", "/hours/"),
        ("clerk", "/hours/findings/"),
        ("clerk", "/hours/corrections/"),
    ):
        with office.at(path, size="phone", signed_in_as=part) as page:
            look(page, f"hours-empty-{part}-{path.strip('/').replace('/', '-')}")


@pytest.fixture
def a_unit(office: Visitor) -> str:
    """A reading unit of a class that the worker is in; its page says every second that somebody is there."""
    assert office.cast is not None
    now = timezone.now()
    run, enrolment = a_class(office.cast, now, "reading", opens_on=now.date() - dt.timedelta(days=1))
    RuleValue.objects.filter(key="hours.beat_seconds").update(value=1)
    return f"/learn/{enrolment.public_id}/{key_of(run, 'reading')}/"


def read_on(page: Page, seconds: float = 3) -> None:
    """A hand at work for some seconds."""
    for place in range(int(seconds * 4)):
        page.mouse.move(100 + place * 3 % 80, 200 + place * 7 % 90)
        page.wait_for_timeout(250)


def latest() -> Sitting:
    return Sitting.objects.order_by("-pk")[0]


def test_a_page_counts_survives_a_lost_line_and_hands_over_to_a_desk(office: Visitor, a_unit: str):
    phone = office.open(a_unit, size="phone", signed_in_as="worker")
    receipt, note = phone.locator("[data-receipt]"), phone.locator("[data-note]")
    expect(receipt).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    read_on(phone)
    first = latest()
    assert first.beats >= 1
    assert first.seconds >= 1
    look(phone, "hours-unit-phone")

    phone.context.set_offline(True)
    read_on(phone, 3)
    expect(note).to_be_visible()
    before = latest().last_sequence
    look(phone, "hours-unit-offline")
    phone.context.set_offline(False)
    read_on(phone, 2)
    expect(note).to_be_hidden()
    assert latest().last_sequence >= before + 3

    desk = office.open(a_unit, size="desk", language="en", signed_in_as="worker")
    expect(desk.locator("[data-receipt]")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    read_on(phone, 2)
    expect(note).to_be_visible()
    expect(phone.locator("[data-here]")).to_be_visible()
    first.refresh_from_db()
    assert first.end_reason == "elsewhere"
    look(phone, "hours-unit-elsewhere")
    read_on(desk, 2)
    desk.goto("/hours/")

    until(lambda: not Sitting.objects.filter(ended_at__isnull=True).exists(), desk)
    assert latest().end_reason == "closed"
    assert sum(HourEntry.objects.values_list("seconds", flat=True)) == sum(Sitting.objects.values_list("seconds", flat=True)) > 3
    look(desk, "hours-own-after")
    office.complaints[:] = [said for said in office.complaints if "ERR_INTERNET_DISCONNECTED" not in said]
