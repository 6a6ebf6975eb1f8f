"""The public notice with two objections, the naming, the certificate in a visitor's hands."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from playwright.sync_api import expect

from denggao.engines.cases.actions.noticing import publish_notice
from denggao.engines.cases.models import Case
from denggao.engines.ledger.models import Entry
from denggao.engines.notices.actions import close_due_notices
from denggao.engines.notices.models import Notice, NoticeItem, Objection
from denggao.foundation.jobs.work import drain
from tests.journeys.becoming_a_base.scene import go, go_to
from tests.journeys.naming_a_craftsman.scene import Scene

ORDER = "沪临工匠〔2026〕018号"
UPHELD, DISMISSED = "经查，所报专利不属于本人。", "经查，所报材料属实。"


def are_shown(scene: Scene) -> None:
    """Both on one notice, by name: they agreed to that."""
    publish_notice(list(Case.objects.filter(round=scene.round)), actor=scene.cast.reviewer, now=timezone.now())
    with scene.at(f"/notices/{Notice.objects.get().public_id}/", size="phone") as page:
        expect(page.locator("main")).to_contain_text(scene.nominee.name)
        expect(page.locator("main")).to_contain_text(scene.other.name)


def are_objected_to(scene: Scene) -> None:
    """One objection is dismissed with reasons, one is upheld: that name drops out."""
    for case, outcome, reason in ((scene.case, "none", DISMISSED), (scene.other_case, "end", UPHELD)):
        objection = _objects(scene, case)
        with scene.at(f"/notices/objections/{objection.public_id}/", "reviewer", size=scene.desk) as page:
            go_to(page, "$='/take-up/'")
            go(page)
        with scene.at(f"/notices/objections/{objection.public_id}/", "approver", size=scene.desk) as page:
            go_to(page, "$='/rule/'")
            page.check(f"[name=outcome][value={outcome}]")
            page.fill("[name=reason]", reason)
            go(page)
    assert scene.other_case.state == "ended"
    scene.stands("notice")
    notice = Notice.objects.get()
    assert notice.last_on is not None
    close_due_notices(now=timezone.now() + dt.timedelta(days=(notice.last_on - timezone.localdate()).days + 1))
    scene.stands("decide")


def _objects(scene: Scene, case: Case) -> Objection:
    item = NoticeItem.objects.select_related("notice").get(subject_id=case.public_id)
    with scene.at(f"/notices/{item.notice.public_id}/object/", size="phone") as page:
        page.select_option("[name=item]", value=str(item.public_id))
        page.fill("[name=text]", "请核实专利是否属于本人。")
        page.check("[name=kind][value=protected]")
        go(page)
    return Objection.objects.latest("pk")


def is_named(scene: Scene) -> None:
    """The order first, then the decision; the job does the rest."""
    with scene.at(f"/craftsmen/rounds/{scene.round.public_id}/order/", "clerk", size=scene.desk) as page:
        page.fill("[name=number]", ORDER)
        page.fill("[name=title]", "关于命名临港工匠的决定")
        page.fill("[name=issued_on]", timezone.localdate().isoformat())
        go(page)
    with scene.at(scene.case.link, "approver", size=scene.desk) as page:
        go_to(page, "$='/approve/'")
        page.fill("[name=reason]", "评审、公示程序完备，同意命名。")
        go(page)
    drain()
    scene.stands("award", "awarded")
    assert [entry.sign for entry in Entry.objects.all()] == [1]
    with scene.at("/craftsmen/mine/", "worker", size="phone") as page:
        expect(page.locator("main")).to_contain_text(ORDER)


def is_verified(scene: Scene) -> None:
    """A visitor scans the code of the certificate."""
    certificate = scene.craftsman.certificate
    assert certificate is not None
    for size in ("phone", "desk"):
        with scene.at(f"/credentials/{certificate.public_id}/", size=size) as page:
            expect(page.locator("main")).to_contain_text(certificate.number)
            expect(page.locator("main")).to_contain_text(ORDER)
            assert scene.nominee.name not in page.inner_text("main"), "the name is masked"
