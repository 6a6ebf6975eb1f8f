"""The title's end, and what ends with it: certificate, count, page, appointment and letter."""

from __future__ import annotations

from playwright.sync_api import expect

from denggao.engines.credentials.models import Issued
from denggao.engines.ledger.models import Entry
from denggao.systems.craftsmen.mentors.models import LearnerGap
from denggao.systems.craftsmen.models import CraftsmanAct
from tests.journeys.becoming_a_base.scene import go, go_to
from tests.journeys.conftest import look
from tests.journeys.naming_a_craftsman.scene import Scene

REASON = "业绩材料不实。"
WITHDRAWN = {"zh": "撤销", "en": "withdrawn"}


def is_revoked(scene: Scene) -> None:
    """Proposed by a clerk, confirmed by an approver: the count is reversed with that, and the craftsman reads why."""
    with scene.at(f"/craftsmen/{scene.craftsman.public_id}/", "clerk", size=scene.desk) as page:
        go_to(page, "$='/acts/revoke/'")
        page.select_option("[name=grounds]", "forged")
        page.fill("[name=reason]", REASON)
        go(page)
    act = CraftsmanAct.objects.get()
    with scene.at(f"/craftsmen/acts/{act.public_id}/", "approver", size=scene.desk) as page:
        go_to(page, "$='/confirm/'")
        go(page)
    assert scene.craftsman.state == "revoked"
    assert [entry.sign for entry in Entry.objects.order_by("pk")] == [1, -1]
    with scene.at("/craftsmen/mine/", "worker", size="phone") as page:
        expect(page.locator("main")).to_contain_text(REASON)


def is_withdrawn_everywhere(scene: Scene) -> None:
    """A visitor with the old papers and the old address learns it, and of whom no more than that."""
    certificate = scene.craftsman.certificate
    assert certificate is not None
    for paper in (certificate, Issued.objects.get(pk=scene.letter.pk)):
        with scene.at(f"/credentials/{paper.public_id}/") as page:
            expect(page.locator("main")).to_contain_text(WITHDRAWN[scene.language], ignore_case=True)
    with scene.at("/hall/") as page:
        expect(page.locator("main")).not_to_contain_text(scene.nominee.name)
        gone = page.goto(f"/hall/{scene.craftsman.public_id}/")
        assert gone is not None
        assert gone.status == 410
        assert scene.nominee.name not in look(page).content()
        go_to(page, "='/hall/'")
    scene.forgive("410")


def teaches_no_more(scene: Scene) -> None:
    """The appointment ended that day, its hours stay; the learner at the base waits for another mentor, the one at work does not."""
    duty = scene.duty
    assert duty.appointment is not None
    assert duty.appointment.ended_on is not None
    assert duty.sessions.get().state == "confirmed"
    assert LearnerGap.objects.get().mentorship.learner == scene.learner_at_base
    for who in ("worker", "base_manager"):
        with scene.at(f"/craftsmen/mentors/{duty.public_id}/", who, size="phone") as page:
            expect(page.locator("main")).to_contain_text(REASON)
            expect(page.locator("main")).to_contain_text("刀具补偿")
    with scene.at("/craftsmen/mentors/learners/", "clerk", size=scene.desk) as page:
        expect(page.locator("main")).to_contain_text(scene.learner_at_base.masked_name)
