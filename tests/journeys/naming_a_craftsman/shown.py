"""The craftsman's own page: written on the phone, agreed to, shown; and how a visitor comes to it."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import expect

from denggao.engines.agreements.mentorships import confirm_mentorship, record_mentorship
from denggao.systems.craftsmen.hall.actions.lineage import say_yes
from tests.journeys.becoming_a_base.scene import go, go_to
from tests.journeys.conftest import follow, look
from tests.journeys.naming_a_craftsman.scene import Scene, by_account

HEADING = "量三遍，下一刀"
STORY = "十九岁进厂，师傅只教了一句话：量三遍，下一刀。\n\n二十一年，叶片磨削误差从 0.06 毫米降到 0.02 毫米。"


def has_taught(scene: Scene) -> None:
    """A learner at work, by the same actions: confirmed by both, and willing to stand in the tree by name."""
    cast, now, learner = scene.cast, timezone.now(), scene.learner
    for_learner = by_account(learner)
    pair = record_mentorship(
        scene.nominee, learner, organisation=cast.employer, from_on=timezone.localdate(), actor=cast.hr, now=now
    )
    for actor in (cast.worker, for_learner):
        confirm_mentorship(pair, actor=actor, now=now)
    say_yes(pair, actor=for_learner, now=now)


def publishes(scene: Scene) -> None:
    """Nothing of the draft is public before the craftsman has written, agreed and shown it, all on the phone."""
    at = f"/hall/{scene.craftsman.public_id}/"
    with scene.office.at(at, size="phone", language=scene.language) as page:
        expect(page.locator("body")).not_to_contain_text(scene.nominee.name)
    scene.forgive("404")
    with scene.at("/craftsmen/mine/", "worker", size="phone") as page:
        go_to(page, "='/craftsmen/mine/page/'")
        go_to(page, "$='/words/'")
        page.fill("[name=headline]", HEADING)
        page.fill("[name=trade]", "叶片磨削")
        page.fill("[name=story]", STORY)
        go(page)
        for part in page.locator("[name=parts]").all():
            part.check()
        look(follow(page.locator("form[action$='/agree/'] button")))
        go_to(page, "$='/preview/'")
        expect(page.locator("h1")).to_contain_text(scene.nominee.name)
        page.goto("/craftsmen/mine/page/")
        look(follow(page.locator("form[action$='/show/'] button")))


def is_found(scene: Scene) -> None:
    """A visitor searches, filters by industry, reads the page, looks at the tree, takes the card along."""
    person, name = f"/hall/{scene.craftsman.public_id}/", scene.nominee.name
    with scene.at("/hall/") as page:
        page.fill("[name=q]", "叶片磨削")
        with page.expect_navigation():
            page.press("[name=q]", "Enter")
        expect(look(page).locator("main h3")).to_have_text([name])
        page.goto("/hall/?q=%E9%93%B8%E9%80%A0")
        expect(look(page).locator("main h3")).to_have_count(0)
        page.goto("/hall/")
        go_to(page, "*='industry=ic'")
        expect(page.locator("main h3")).to_have_text([name])
        look(follow(page.locator("main h3 a")))
        for said in (HEADING, "量三遍，下一刀。", "空心叶片自适应磨削"):
            expect(page.locator("main")).to_contain_text(said)
        go_to(page, f"*='{person}behind/'")
        page.goto(f"{person}lineage/")
        expect(look(page).locator("main")).to_contain_text(scene.learner.name)
        page.goto("/hall/tree/")
        expect(look(page).locator("main")).to_contain_text(name)
        for size in ("a6", "a4"):
            card = page.request.get(f"{person}card/{size}/")
            assert card.ok
            assert card.body().startswith(b"%PDF")
