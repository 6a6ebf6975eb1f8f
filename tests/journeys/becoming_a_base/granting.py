"""The decision, the signatures of three authorities of whom one refuses at first, the plaque."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from denggao.engines.agreements.models import Signature, SigningRequest
from denggao.engines.credentials.models import Issued
from denggao.engines.ledger.models import Entry
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor
from denggao.foundation.jobs.work import drain
from denggao.systems.bases.models import Base
from tests.journeys.becoming_a_base.scene import SECRET, Scene, go, go_to
from tests.journeys.conftest import follow, look

REFUSED, MENDED = "请核对有效期起算日期后再签。", "有效期起算日期已按意见核对。"


def decides(scene: Scene) -> None:
    with scene.at(scene.case.link, "approver", size=scene.desk) as page:
        go_to(page, "$='/approve/'")
        page.fill("[name=reason]", "评审、公示程序完备，同意认定。")
        go(page)
    scene.stands("cosign")


def request_of(scene: Scene) -> SigningRequest:
    return SigningRequest.objects.get(subject_id=scene.case.public_id, state="open")


def signs(scene: Scene, who: Actor, proof: str = "") -> None:
    request = request_of(scene)
    assert isinstance(who.user, User)
    with scene.at("/signatures/", who.user) as page:
        go_to(page, f"='/signatures/{request.public_id}/'")
        page.check("[name=read]")
        page.fill("[name=proof]", proof or format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))
        go(page, "form[action*='/sign/']")
    assert Signature.objects.filter(signer__request=request, account_id=who.id).exists()


def refuses(scene: Scene, who: Actor) -> None:
    """What was signed before counts no more."""
    request = request_of(scene)
    assert isinstance(who.user, User)
    with scene.at(f"/signatures/{request.public_id}/", who.user) as page:
        page.click("#sign details summary")
        page.fill("#sign [name=reason]", REFUSED)
        look(page)
        go(page, "form[action*='/refuse/']")
    assert not SigningRequest.objects.filter(subject_id=scene.case.public_id, state="open").exists()
    assert not Entry.objects.filter(goal__code="bases").exists()


def asks_again(scene: Scene) -> None:
    with scene.at(scene.case.link, "clerk", size=scene.desk) as page:
        expect(page.locator("main")).to_contain_text(REFUSED)
        go_to(page, "$='/ask-again/'")
        page.fill("[name=reason]", MENDED)
        go(page)


def plaque_hangs(scene: Scene) -> None:
    drain()
    scene.stands("award", "awarded")
    base, plaque = Base.objects.get(), Issued.objects.get(kind="plaque")
    assert base.plaque == plaque
    assert [entry.sign for entry in Entry.objects.filter(goal__code="bases")] == [1]
    with scene.at("/cases/mine/", "base_manager") as page:
        go_to(page, f"*='{scene.case.link}'")
        page.goto(f"/bases/{base.public_id}/file/")
        look(page)
    for size in ("phone", "desk"):
        with scene.at(f"/training-bases/{base.public_id}/", size=size) as page:
            look(follow(page.locator(f"main a[href*='/credentials/{plaque.public_id}/']").first))
            shown = page.inner_text("main")
            for said in (plaque.number, *(body.name for body in scene.three.bodies)):
                assert said in shown


def auditor_reads(scene: Scene) -> None:
    """Every reason stands there; nothing can be done."""
    with scene.at(scene.case.link, "auditor", size=scene.desk) as page:
        assert page.locator("main form[method=post]").count() == 0
        for reason in ("请补交上一年度财务报表。", REFUSED, MENDED):
            assert reason in page.inner_text("main")
        for act in ("approve", "return", "ask-again"):
            answer = page.goto(f"{scene.case.link}{act}/")
            assert answer is not None
            assert answer.status in {403, 404} or page.url.endswith(scene.case.link), act
    scene.forgive("403")
    scene.forgive("404")
