"""The check with what the platform found, five experts of whom one steps aside, the ranking, the jury."""

from __future__ import annotations

import uuid

from django.utils import timezone
from playwright.sync_api import Page, expect

from denggao.engines.reviews.actions.assigning import accept_assignment
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.meetings.actions.sitting import arrive
from denggao.engines.reviews.meetings.actions.voting import ballot_of, call_item, enter_votes, settle_ballot
from denggao.engines.reviews.meetings.models import Item, Meeting, Member
from denggao.engines.reviews.models import Assignment, Expert
from tests.engines.reviews.facts import actor_of_expert
from tests.journeys.becoming_a_base.scene import go, go_to, shifted
from tests.journeys.conftest import follow, look
from tests.journeys.naming_a_craftsman.scene import Scene

CONFLICT = "本人是被推荐人的师傅。"


def checks(scene: Scene) -> None:
    with scene.at(scene.case.link, "clerk", size=scene.desk) as page:
        for item in scene.case.declared.system.checklist(scene.case):
            page.check(f"[name={item.code}][value=yes]")
        go(page, "form[action$='/check/']")
        go_to(page, "$='/pass/'")
        go(page)
    scene.stands("review")


def asks_experts(scene: Scene) -> None:
    """Five seats; the one who declares a conflict is replaced by the sixth and finds nothing any more."""
    with scene.at(f"/reviews/panels/{scene.panel.public_id}/", "reviewer", size=scene.desk) as page:
        for expert in scene.experts[:5]:
            page.check(f"[name=experts][value='{expert.public_id}']")
        look(follow(page.locator("form[action$='/ask/'] button").first))
    first = scene.experts[0]
    seat = scene.seat_of(first)
    with scene.at(f"/reviews/{seat.public_id}/", first.person.account) as page:
        go_to(page, "$='/conflict/'")
        page.fill("[name=reason]", CONFLICT)
        go(page)
        answer = page.goto(scene.case.link)
        assert answer is not None
        assert answer.status == 404
    scene.forgive("404")
    seated = Assignment.objects.filter(panel=scene.panel, state="asked").values_list("expert", flat=True)
    assert set(seated) == {each.pk for each in scene.experts[1:]}


def judge(scene: Scene) -> None:
    """One with the pages, four by the same actions; the reviewer opens the scores."""
    first, *others = scene.experts[1:]
    with scene.at(f"/reviews/{scene.seat_of(first).public_id}/", first.person.account) as page:
        look(follow(page.locator("form[action$='/accept/'] button")))
        for line in scene.panel.rubric_version.criteria.all():
            page.fill(f"[name=points-{line.code}]", _points(scene, line.code))
            page.fill(f"[name=comment-{line.code}]", "有据可查")
        expect(page.locator("[data-all]")).to_have_attribute("data-state", "ok")
        look(follow(page.locator("button[data-submit]")))
        go(page)
    for other in others:
        _scores(scene, other)
    with scene.at(f"/reviews/panels/{scene.panel.public_id}/results/", "reviewer", size=scene.desk) as page:
        look(follow(page.locator("form[action$='/close/'] button")))
    scene.stands("rank")


def _points(scene: Scene, code: str) -> str:
    most = scene.panel.rubric_version.criteria.get(code=code).max_points
    return f"{(most * 4 / 5).normalize():f}"


def _scores(scene: Scene, expert: Expert) -> None:
    seat, actor, now = scene.seat_of(expert), actor_of_expert(expert), timezone.now()
    accept_assignment(seat, actor=actor, now=now)
    seat = scene.seat_of(expert)
    entries = [
        EntryGiven(line.code, _points(scene, line.code), "有据可查", uuid.uuid4())
        for line in scene.panel.rubric_version.criteria.all()
    ]
    save_entries(seat, entries=entries, actor=actor, now=now)
    submit_score(seat, actor=actor, now=now)


def ranks(scene: Scene) -> None:
    """The reviewer makes the list, an approver goes on by it."""
    at = f"/cases/rounds/{scene.round.public_id}/"
    with scene.at(at, "reviewer", size=scene.desk) as page:
        go(page, "form[action$='/rank/']")
        look(follow(page.locator("main a[href*='/rankings/']").first))
    with scene.at(at, "approver", size=scene.desk) as page:
        page.locator("details.dg-confirm summary").last.click()
        go(page, "form[action$='/confirm-ranking/']")
    scene.stands("jury")


def the_jury_votes(scene: Scene) -> None:
    """Planned and opened with the pages; one vote is entered there, the other by the same actions; a second person confirms."""
    with scene.at(f"/cases/rounds/{scene.round.public_id}/", "reviewer", size=scene.desk) as page:
        go_to(page, "*='/reviews/meetings/new/'")
        page.fill("[name=place]", "新片区会议中心")
        page.fill("[name=starts_at]", shifted(0))
        _chooses_the_clerk(scene, page)
        go(page)
        for juror in scene.jurors:
            page.check(f"[name=experts][value='{juror.public_id}']")
        look(follow(page.locator("form[action$='/members/'] button").last))
        look(follow(page.locator("button[formaction$='/chair/']").first))
    meeting, now, clerk = Meeting.objects.get(), timezone.now(), scene.cast.clerk
    for member in Member.objects.filter(meeting=meeting):
        arrive(member, actor=clerk, now=now)
    with scene.at(f"/reviews/meetings/{meeting.public_id}/", "clerk", size=scene.desk) as page:
        look(follow(page.locator("form[action$='/open/'] button")))
        for item in Item.objects.filter(meeting=meeting).select_related("meeting"):
            called = call_item(item, actor=clerk, now=now)
            page.reload()
            look(page)
            choices = {str(member.public_id): "for" for member in Member.objects.filter(meeting=meeting)}
            enter_votes(called, choices, actor=clerk, now=now)
            settle_ballot(ballot_of(called), actor=clerk, now=now)
        page.reload()
        look(page)
        look(follow(page.locator("form[action$='/end/'] button")))
    with scene.at(f"/reviews/meetings/{meeting.public_id}/", "reviewer", size=scene.desk) as page:
        close = page.locator("form[action$='/close/'] button[type=submit]")
        page.locator("details", has=close).locator("summary").first.click()
        look(follow(close))
    scene.stands("notice")


def _chooses_the_clerk(scene: Scene, page: Page) -> None:
    """Whoever takes the minutes is not who confirms them."""
    chosen = page.locator("[name=minute_taker] option", has_text=scene.cast.email("clerk"))
    value = chosen.first.get_attribute("value") if chosen.count() else None
    if value:
        page.select_option("[name=minute_taker]", value)
    else:
        page.select_option("[name=minute_taker]", index=1)
