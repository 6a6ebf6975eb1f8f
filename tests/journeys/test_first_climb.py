"""From spreadsheets to a number that opens: the office's clerk, an employer's HR and a visitor, in a browser.

Twice: in Chinese with the clerk at a desk and HR on a phone, in English the other way round. axe-core looks at every page.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from denggao.foundation.jobs.work import drain
from tests.climb.sheets import EMPLOYERS, certificate_number, employers_sheet, person, register_sheet, roster_sheet, run
from tests.journeys.conftest import Language, Size, Visitor, follow, look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WORKERS = 12
HIRED, ISSUED = "2018-03-01", "2021-06-15"


def hand_in(page: Page, file: Path, *, as_of: str = "", **options: str) -> Page:
    """Upload, wait for the check as the page does, apply, and see the result."""
    look(page)
    for key, value in options.items():
        page.select_option(f"select[name={key}]", value)
    if as_of:
        page.fill("input[name=as_of]", as_of)
    page.set_input_files("input[name=file]", file)
    follow(page.locator("main form button[type=submit]"))
    drain()
    page.reload()
    look(page)
    button = page.locator("form[action$='/apply/'] button[type=submit]")
    if not button.is_visible():
        page.locator("details.dg-confirm summary").click()
    follow(button)
    drain()
    page.reload()
    return look(page)


def rows(page: Page, position: int) -> str:
    return page.locator(".dg-stat b").nth(position).inner_text()


@pytest.mark.parametrize(("language", "clerk_at", "hr_at"), [("zh", "desk", "phone"), ("en", "phone", "desk")])
def test_from_spreadsheets_to_a_number_that_opens(
    language: Language, clerk_at: Size, hr_at: Size, office: Visitor, tmp_path: Path
) -> None:
    cast = office.cast
    assert cast is not None
    cast.employer.uscc = EMPLOYERS[0]
    cast.employer.save()
    assert run("load_plan", "plans/lingang-2020.yaml")[0] == 0
    number = certificate_number("4", ISSUED, 1)
    wrong = (person(40)[0], "310199199001010001", HIRED, "", "操作工", "是")
    roster = roster_sheet(
        tmp_path / "roster.xlsx", [(*person(index), HIRED, "", "操作工", "是") for index in range(WORKERS)] + [wrong]
    )
    register = register_sheet(
        tmp_path / "register.xlsx",
        [(*person(index), "车工", "四级/中级工", certificate_number("4", ISSUED, index + 1), ISSUED) for index in range(WORKERS)],
    )

    # 1. The clerk hands in the employers, who join the plan.
    page = office.open("/imports/new/employers/", size=clerk_at, language=language, signed_in_as="clerk")
    page = hand_in(page, employers_sheet(tmp_path / "employers.xlsx"), plan="lingang-2020")
    assert [rows(page, position) for position in range(4)] == ["2", "1", "0", "0"]
    office.close(page)

    # 2. HR hands in the roster: one number is wrong, the others are taken.
    page = office.open("/imports/new/roster/", size=hr_at, language=language, signed_in_as="hr")
    page = hand_in(page, roster, as_of="2022-06-30")
    assert [rows(page, position) for position in range(4)] == [str(WORKERS), "0", "0", "1"]
    page.goto("/desk/")
    look(page)
    office.close(page)

    # 3. The clerk hands in the register of certificates.
    page = office.open("/imports/new/certificates/", size=clerk_at, language=language, signed_in_as="clerk")
    page = hand_in(page, register)
    assert rows(page, 0) == str(WORKERS)

    # 4 and 5. The number stands on the board, and opens head by head down to the sheet's row.
    for size in ("desk", "phone"):
        with office.at("/", size=size, language=language) as public:
            assert look(public).get_by_text(str(WORKERS), exact=True).locator("visible=true").count()
            public.goto("/board/lingang-2020/upgrades/")
            look(public)
    page.goto("/board/lingang-2020/upgrades/heads/")
    look(page)
    one = page.locator("tbody a[href*='/heads/']").last
    address = one.get_attribute("href") or ""
    one.click()
    page.get_by_text("register.xlsx").first.wait_for()
    look(page)
    page.goto(address)
    look(page)
    assert "register.xlsx" in page.inner_text("main")
    assert "roster.xlsx" in page.inner_text("main")

    # 6. A visitor verifies a certificate.
    visitor = office.open("/verify/", size=hr_at, language=language)
    visitor.fill("input[name=number]", number)
    visitor.fill("input[name=name]", person(0)[0])
    look(follow(visitor.locator("main form button[type=submit]")))
    assert person(0)[0] not in visitor.inner_text("main")
    assert ISSUED[:4] in visitor.inner_text("main")
