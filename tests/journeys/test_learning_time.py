"""Learning time in a browser: a page that counts, a second device, a lost line; the own hours explained; a finding settled by two."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from denggao.engines.hours.actions import Missing, answer_fix, ask_fix
from denggao.engines.hours.models import Finding, Fix, HourEntry
from denggao.engines.hours.policies import FIX_FILE
from denggao.foundation.files.actions import store_file
from tests.engines.hours.learning import ENROLMENT, MINUTE, learns
from tests.journeys.conftest import Visitor, follow, look

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
