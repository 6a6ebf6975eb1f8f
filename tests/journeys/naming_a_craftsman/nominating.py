"""The office calls, an employer nominates two of its staff, and each is asked."""

from __future__ import annotations

import uuid

from django.utils import timezone
from playwright.sync_api import Page, expect

from denggao.engines.cases import actions
from denggao.engines.cases.actions.consenting import agree
from denggao.engines.cases.models import Case, Consent
from denggao.engines.reviews.actions.assigning import accept_assignment, assign_by_hand
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.models import Assignment, Panel
from tests.engines.reviews.facts import actor_of_expert
from tests.journeys.becoming_a_base.applying import _chooses
from tests.journeys.becoming_a_base.scene import go, go_to, shifted
from tests.journeys.conftest import follow, look
from tests.journeys.naming_a_craftsman.scene import Scene, by_account
from tests.systems.craftsmen.scene import nominated

NEXT = "[name=go][value=next]"


def calls(scene: Scene) -> None:
    """The clerk writes the round and publishes it; its terms are looked at."""
    with scene.at("/craftsmen/rounds/", "clerk", size=scene.desk) as page:
        go_to(page, "*='/cases/rounds/new/'")
        _chooses(page, "plan", label=scene.plan.name)
        page.fill("[name=title_zh]", "2026年临港工匠选树")
        page.fill("[name=title_en]", "Lingang craftsmen 2026")
        page.fill("[name=opens_at]", shifted(-1))
        page.fill("[name=closes_at]", shifted(30))
        page.fill("[name=quota]", "2")
        page.fill("[name=call_zh]", "面向新片区一线职工。")
        go(page)
        page.locator("details.dg-confirm summary").click()
        go(page, "form[action$='/open/']")
        page.goto(f"/craftsmen/rounds/{scene.round.public_id}/")
        look(page)
        go_to(page, "$='/terms/'")
    assert scene.round.state == "open"


def nominates(scene: Scene) -> None:
    """The employer's HR writes the nomination page by page and hands it in."""
    with scene.at("/cases/calls/", "hr") as page:
        go_to(page, f"*='{scene.round.public_id}'")
        look(follow(page.locator("form[action$='/apply/'] button[type=submit]").first))
        _writes_of_the_nominee(scene, page)
        for name in ("craft", "skill", "lead", "contribution"):
            page.fill(f"[name={name}]", "叶片磨削误差由 0.06 降到 0.02 mm，年节约 120 万元。")
        look(follow(page.locator(NEXT)))
        page.fill("[name=story]", "十九岁进厂，做了二十一年。\n\n量三遍，下一刀。")
        page.fill("[name=works-0-title]", "空心叶片自适应磨削")
        page.fill("[name=works-0-detail]", "型面误差 0.06 → 0.02 mm")
        page.fill("[name=works-0-year]", "2021")
        look(follow(page.locator(NEXT)))
        page.set_input_files("[name=papers-new]", scene.paper("获奖证书.pdf"))
        expect(page.locator("[data-field=papers] .dg-file")).to_contain_text("获奖证书.pdf")
        look(follow(page.locator(NEXT)))
        page.fill("[name=opinion]", "同意推荐。")
        page.fill("[name=place]", "1")
        look(follow(page.locator("[name=go].btn-primary").last))
        if not page.url.endswith("/review/"):
            go_to(page, "$='/review/'")
        page.check("#sure")
        go(page, "form[action$='/submit/']")
    scene.stands("consent")


def _writes_of_the_nominee(scene: Scene, page: Page) -> None:
    page.fill("[name=name]", scene.nominee.name)
    page.select_option("[name=industry]", "ic")
    page.fill("[name=occupation]", "车工")
    page.fill("[name=post]", "班组长")
    page.fill("[name=front_line_years]", "21")
    page.select_option("[name=nationality]", "chinese")
    page.check("[name=union_member]")
    page.fill("[name=motto]", "剩下那一点，在手上。")
    look(follow(page.locator(NEXT)))


def accepts(scene: Scene) -> None:
    """The nominee reads all of it on the phone, and agrees."""
    consent = Consent.objects.get(case=scene.case)
    with scene.at("/desk/", "worker", size="phone") as page:
        page.goto("/cases/consents/")
        look(page)
        go_to(page, f"*='{consent.public_id}'")
        expect(page.locator("main")).to_contain_text("空心叶片自适应磨削")
        look(follow(page.locator("form[action$='/agree/'] button")))
    scene.stands("check")


def another_is_nominated(scene: Scene) -> None:
    """By the same actions, up to where the first one stands."""
    cast, now = scene.cast, timezone.now()
    case = nominated(cast, scene.round, scene.other, now, place=2)
    asked = Consent.objects.get(case=case)
    agree(asked, hash_seen=asked.content_hash, actor=by_account(scene.other), now=now)
    case.refresh_from_db()
    for item in case.declared.system.checklist(case):
        actions.record_check(case, item=item.code, ok=True, actor=cast.clerk, now=now)
    actions.pass_check(case, actor=cast.clerk, now=now)
    _is_judged(scene, case)


def _is_judged(scene: Scene, case: Case) -> None:
    now = timezone.now()
    panel = Panel.objects.get(subject_id=case.public_id)
    for seat in assign_by_hand(panel, scene.experts[1:], actor=scene.cast.reviewer, now=now):
        accept_assignment(seat, actor=actor_of_expert(seat.expert), now=now)
    for seat in Assignment.objects.filter(panel=panel).select_related("panel__rubric_version", "expert__person"):
        entries = [
            EntryGiven(line.code, str(int(line.max_points * 7 / 10)), "有据可查", uuid.uuid4())
            for line in panel.rubric_version.criteria.all()
        ]
        save_entries(seat, entries=entries, actor=actor_of_expert(seat.expert), now=now)
        submit_score(seat, actor=actor_of_expert(seat.expert), now=now)
    panel.refresh_from_db()
    close_panel(panel, actor=scene.cast.reviewer, now=now)
