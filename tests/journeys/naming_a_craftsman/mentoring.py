"""A base asks the craftsman, who accepts on the phone; the office appoints by letter; a session is held."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import expect

from denggao.engines.agreements.mentorships import confirm_mentorship, record_mentorship
from denggao.engines.agreements.models import Mentorship
from denggao.systems.craftsmen.mentors.models import MentorDuty
from tests.journeys.becoming_a_base.scene import go, go_to, shifted
from tests.journeys.conftest import follow, look
from tests.journeys.naming_a_craftsman.scene import Scene, by_account

SUBJECT = "五轴叶片磨削"


def is_appointed(scene: Scene) -> None:
    """Proposed by the base, accepted by the craftsman, confirmed by an approver: the letter is issued with that."""
    with scene.at("/craftsmen/mentors/", "base_manager") as page:
        go_to(page, "='/craftsmen/mentors/new/'")
        page.fill("[name=craftsman]", scene.nominee.name)
        page.fill("[name=from_on]", shifted(0)[:10])
        page.fill("[name=to_on]", shifted(364)[:10])
        page.fill("[name=subject]", SUBJECT)
        page.fill("[name=hours_a_year]", "60")
        page.fill("[name=learners_at_once]", "3")
        go(page)
    at = f"/craftsmen/mentors/{MentorDuty.objects.get().public_id}/"
    with scene.at(at, "worker", size="phone") as page:
        go_to(page, "$='/answer/'")
        page.check("[name=answer][value=yes]")
        go(page)
    with scene.at(at, "approver", size=scene.desk) as page:
        go_to(page, "$='/confirm/'")
        go(page)
    assert scene.duty.state == "appointed"


def is_known_by_letter(scene: Scene) -> None:
    """The letter is verified by its number and the holder's name, as anybody may."""
    letter = scene.letter
    with scene.at("/verify/", size="phone") as page:
        page.fill("#id_number", letter.number)
        page.fill("#id_name", scene.nominee.name)
        look(follow(page.locator("main button[type=submit]")))
        go_to(page, f"='/credentials/{letter.public_id}/'")
        expect(page.locator("main")).to_contain_text(letter.number)
        assert scene.nominee.name not in page.inner_text("main"), "the name is masked"


def teaches(scene: Scene) -> None:
    """A learner at the base, by the same actions; two hours, entered by the mentor on the phone and confirmed by the base."""
    _takes_a_learner_on(scene)
    at = f"/craftsmen/mentors/{scene.duty.public_id}/"
    with scene.at(at, "worker", size="phone") as page:
        go_to(page, "$='/sessions/new/'")
        page.fill("[name=starts]", "09:00")
        page.fill("[name=ends]", "11:00")
        page.fill("[name=topic]", "刀具补偿")
        page.fill("[name=learners]", "3")
        page.check("[name=mentored]")
        go(page)
    with scene.at("/craftsmen/mentors/sessions/", "base_manager") as page:
        look(follow(page.locator("form[action$='/confirm/'] button")))
    with scene.at(at, "base_manager") as page:
        expect(page.locator("main")).to_contain_text("刀具补偿")
    assert scene.duty.sessions.get().state == "confirmed"


def _takes_a_learner_on(scene: Scene) -> None:
    cast, now, learner = scene.cast, timezone.now(), scene.learner_at_base
    pair = record_mentorship(
        scene.nominee, learner, organisation=cast.other_employer, place=cast.base, kind=Mentorship.Kind.CRAFTSMAN,
        from_on=timezone.localdate(), actor=cast.clerk, now=now,
    )  # fmt: skip
    for actor in (cast.worker, by_account(learner)):
        confirm_mentorship(pair, actor=actor, now=now)
