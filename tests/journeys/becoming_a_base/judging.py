"""The experts: asked, one in conflict and replaced, a site visit, scores opened at once."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Page, expect

from denggao.engines.reviews.actions.assigning import accept_assignment
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.actions.visits import RecordGiven, VisitGiven, plan_visit, record_visit
from denggao.engines.reviews.models import Assignment, Conflict, Expert
from tests.engines.reviews.facts import actor_of_expert
from tests.journeys.becoming_a_base.scene import Scene, go, go_to
from tests.journeys.conftest import follow, look

CONFLICT = "本人曾为该单位设计实训课程。"


def asks_experts(scene: Scene) -> None:
    with scene.at(scene.case.link, "reviewer", size=scene.desk) as page:
        go_to(page, f"='/reviews/panels/{scene.panel.public_id}/'")
        for expert in scene.experts[:3]:
            page.check(f"[name=experts][value='{expert.public_id}']")
        look(follow(page.locator("form[action$='/ask/'] button").first))
    assert Assignment.objects.filter(panel=scene.panel, state="asked").count() == 3


def recuses(scene: Scene) -> None:
    """An expert declares a conflict, is replaced, and finds nothing of the application any more."""
    expert = scene.experts[0]
    seat = scene.seat_of(expert)
    with scene.at("/reviews/", expert.person.account) as page:
        go_to(page, f"='/reviews/{seat.public_id}/'")
        go_to(page, "$='/conflict/'")
        page.fill("[name=reason]", CONFLICT)
        go(page)
        assert page.locator(f"a[href='/reviews/{seat.public_id}/']").count() == 0
        for path in (f"/reviews/{seat.public_id}/", scene.case.link, f"/reviews/panels/{scene.panel.public_id}/"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 404, path
            assert scene.case.title not in page.inner_text("body")
        look(page)
    scene.forgive("404")
    assert Conflict.objects.filter(panel=scene.panel, person=expert.person, source="declared").exists()
    seated = Assignment.objects.filter(panel=scene.panel, state="asked").values_list("expert", flat=True)
    assert set(seated) == {each.pk for each in scene.experts[1:]}
    with scene.at(f"/reviews/panels/{scene.panel.public_id}/", "reviewer", size=scene.desk) as page:
        expect(page.locator("main")).to_contain_text(CONFLICT)


def judge(scene: Scene) -> None:
    """One expert with the pages, two by the same actions; the reviewer opens the scores."""
    first, *others = scene.experts[1:]
    with scene.at(f"/reviews/{scene.seat_of(first).public_id}/", first.person.account) as page:
        look(follow(page.locator("form[action$='/accept/'] button")))
        for other in others:
            accept_assignment(scene.seat_of(other), actor=actor_of_expert(other), now=timezone.now())
        _visit(scene)
        _fills_the_sheet(scene, page)
    for other in others:
        _scores(scene, other)
    with scene.at(f"/reviews/panels/{scene.panel.public_id}/results/", "reviewer", size=scene.desk) as page:
        look(follow(page.locator("form[action$='/close/'] button")))
    scene.stands("notice")


def _visit(scene: Scene) -> None:
    reviewer, now = scene.cast.reviewer, timezone.now()
    given = VisitGiven(timezone.localdate(), "南汇新城镇环湖西一路1号", Decimal("121.912345"), Decimal("30.901234"))
    visit = plan_visit(scene.panel, given=given, actor=reviewer, now=now)
    record_visit(visit, given=given, record=RecordGiven(scene.experts[1:], "与申报材料一致。"), actor=reviewer, now=now)
    with scene.at(f"/reviews/visits/{visit.public_id}/", "reviewer", size=scene.desk):
        pass


def _fills_the_sheet(scene: Scene, page: Page) -> None:
    for line in scene.panel.rubric_version.criteria.all():
        page.fill(f"[name=points-{line.code}]", points_of(line.max_points))
        page.fill(f"[name=comment-{line.code}]", "有据可查")
    expect(page.locator("[data-all]")).to_have_attribute("data-state", "ok")
    look(page)
    look(follow(page.locator("button[data-submit]")))
    go(page)


def _scores(scene: Scene, expert: Expert) -> None:
    seat, actor, now = scene.seat_of(expert), actor_of_expert(expert), timezone.now()
    entries = [
        EntryGiven(line.code, points_of(line.max_points), "有据可查", uuid.uuid4())
        for line in seat.panel.rubric_version.criteria.all()
    ]
    save_entries(seat, entries=entries, actor=actor, now=now)
    submit_score(seat, actor=actor, now=now)


def points_of(most: Decimal) -> str:
    """Four fifths, in halves of a point."""
    return f"{(most * Decimal('1.6')).quantize(Decimal(1)) / 2:f}"
