"""The register and a panel, as the office's clerk and an expert walk through them: phone and desk, both languages, dark too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from denggao.engines.reviews.actions.assigning import assign_by_hand
from denggao.engines.reviews.actions.conflicts import clear_conflict
from denggao.engines.reviews.actions.experts import declare_kin
from denggao.engines.reviews.models import Assignment, Conflict, Panel
from tests.engines.reviews.facts import a_panel, an_expert
from tests.facts import NOW, a_person, an_employer, in_post
from tests.journeys.conftest import Language, Size, Visitor, follow, look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
EVERY: list[tuple[Size, Language, bool]] = [
    ("desk", "zh", False), ("phone", "zh", True), ("desk", "en", True), ("phone", "en", False),
]  # fmt: skip


def scene(office: Visitor) -> Panel:
    """A panel with a seat taken, two conflicts (one cleared) and a register of twelve."""
    cast = office.cast
    assert cast is not None
    body = an_employer("沧屿微电子有限公司")
    panel = a_panel(body, title_zh="沧屿微电子实训基地申报", title_en="Training base of Cangyu Microelectronics", due_on=NOW.date())
    person = a_person("郑国栋")
    person.account = cast.user("expert")
    person.save()
    judge = an_expert(person=person, title="高级工程师", employer_text="滴水湖应用技术研究院", level="1")
    names = ["欧阳晓峰", "李明", "王丽华", "陈建国", "刘洋", "赵敏", "孙立", "周波", "吴静", "徐强", "朱琳"]
    others = [
        an_expert(name, fields=("ic",) if index % 3 else ("ai",), level=str(1 + index % 3)) for index, name in enumerate(names)
    ]
    in_post(others[0].person, body, left="2020-06-30")
    in_post(others[1].person, body)
    assign_by_hand(panel, [judge], actor=cast.clerk, now=NOW)
    found = Conflict.objects.filter(kind="former_employer").get()
    clear_conflict(found, reason="两年前短期借调，与本次申报无关", actor=cast.reviewer, now=NOW)
    declare_kin(judge, organisation=cast.other_employer, note_text="配偶在该单位任职", actor=cast.clerk, now=NOW)
    return panel


def test_register_and_panel_read_well(office: Visitor) -> None:
    panel, seat = scene(office), Assignment.objects.get()
    pages = {
        "experts-none": "/reviews/experts/?q=无此人",
        "experts": "/reviews/experts/",
        "expert": f"/reviews/experts/{seat.expert.public_id}/",
        "expert-form": f"/reviews/experts/{seat.expert.public_id}/edit/",
        "expert-choose": "/reviews/experts/new/?q=李",
        "panels": "/reviews/panels/",
        "panel-form": f"/reviews/panels/{panel.public_id}/change/",
        "panel": f"/reviews/panels/{panel.public_id}/",
    }
    for size, language, dark in EVERY:
        tail = f"{size}-{language}{'-dark' if dark else ''}"
        with office.at("/reviews/panels/", size=size, language=language, signed_in_as="clerk", dark=dark) as page:
            for name, path in pages.items():
                page.goto(path)
                look(page, f"{name}-{tail}")
            for summary in page.locator("main details > summary").all():
                summary.click()
            look(page, f"panel-open-{tail}")
            for name in ("clear", "replace"):
                page.goto(pages["panel"])
                follow(page.locator(f"main a[href$='/{name}/']").first)
                look(page, f"{name}-{tail}")
        own = f"/reviews/{seat.public_id}/conflict/"
        with office.at(own, size=size, language=language, signed_in_as="expert", dark=dark) as page:
            look(page, f"recuse-{tail}")
            page.goto("/reviews/experts/mine/")
            look(page, f"mine-{tail}")


def test_a_clerk_fills_a_panel_and_an_expert_recuses_without_a_trace(office: Visitor) -> None:
    panel = scene(office)
    seat = Assignment.objects.get()
    page = office.open(f"/reviews/panels/{panel.public_id}/", signed_in_as="clerk", language="en")

    page.get_by_role("button", name="Fill, balanced").click()
    expect(page.get_by_text("2 reviews were given out")).to_be_visible()

    expert = office.open(f"/reviews/{seat.public_id}/conflict/", size="phone", language="en", signed_in_as="expert")
    expert.get_by_label("Reason").fill("We hold a patent together")
    expert.get_by_role("button", name="Recuse me").click()
    expect(expert.get_by_text("You are recused")).to_be_visible()
    answer = expert.goto(f"/reviews/{seat.public_id}/")
    assert answer is not None
    assert answer.status == 404

    page.reload()
    expect(page.get_by_text("We hold a patent together")).to_be_visible()
    assert Assignment.objects.filter(panel=panel, state="asked").count() == 3
    office.complaints[:] = [said for said in office.complaints if "404" not in said]
