"""The public notice, and one objection that is dismissed with reasons."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from playwright.sync_api import expect

from denggao.engines.notices.actions import close_due_notices
from denggao.engines.notices.models import Notice, NoticeItem, Objection
from tests.journeys.becoming_a_base.scene import Scene, go, go_to

DISMISSED = "经核对采购合同与现场铭牌，申报数量属实。"


def notice_of(scene: Scene) -> Notice:
    return NoticeItem.objects.select_related("notice").get(subject_id=scene.case.public_id).notice


def objects(scene: Scene) -> str:
    """A visitor objects with a protected identity; the address of the receipt."""
    with scene.at("/notices/", size="phone") as page:
        go_to(page, f"='/notices/{notice_of(scene).public_id}/'")
        go_to(page, "$='/object/'")
        page.select_option("[name=item]", index=1)
        page.fill("[name=text]", "该单位申报的数控车床中有两台是租来的，请核实数量。")
        page.check("[name=kind][value=protected]")
        go(page)
        return page.url


def rules(scene: Scene, receipt: str) -> None:
    objection = Objection.objects.get()
    assert objection.kind == "protected"
    with scene.at("/notices/objections/", "reviewer", size=scene.desk) as page:
        go_to(page, f"*='{objection.public_id}'")
        go_to(page, "$='/take-up/'")
        go(page)
    with scene.at(f"/notices/objections/{objection.public_id}/", "approver", size=scene.desk) as page:
        go_to(page, "$='/rule/'")
        page.check("[name=outcome][value=none]")
        page.fill("[name=reason]", DISMISSED)
        go(page)
    objection.refresh_from_db()
    assert (objection.state, objection.ruling_reason) == ("dismissed", DISMISSED)
    with scene.at(receipt, size="phone") as page:
        expect(page.locator("main")).to_contain_text(DISMISSED)
    scene.stands("notice")


def notice_ends(scene: Scene) -> None:
    notice = notice_of(scene)
    assert notice.last_on is not None
    close_due_notices(now=timezone.now() + dt.timedelta(days=(notice.last_on - timezone.localdate()).days + 1))
    scene.stands("decide")
