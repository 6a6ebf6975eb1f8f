"""From an empty application to the plaque on the wall, in a browser, with everybody who takes part.

The base's manager, the clerk, the reviewer, four experts of whom one has a conflict, a visitor who objects, the approver, the
signatories of three authorities of whom one refuses at first, and the auditor. Twice: in Chinese with the base's side on a phone
and the office at a desk, in English the other way round. axe-core looks at every page.
"""

from __future__ import annotations

import datetime as dt
import io
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import Page, expect

from denggao.engines.agreements.models import Signature, SigningRequest
from denggao.engines.cases import actions
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.models import Case, Round
from denggao.engines.credentials.models import Issued
from denggao.engines.ledger.models import Entry
from denggao.engines.notices.actions import close_due_notices
from denggao.engines.notices.models import Notice, NoticeItem, Objection
from denggao.engines.reviews.actions.assigning import accept_assignment
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.actions.visits import RecordGiven, VisitGiven, plan_visit, record_visit
from denggao.engines.reviews.models import Assignment, Conflict, Expert, Panel
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, operator
from denggao.foundation.jobs.work import drain
from denggao.foundation.people.signin.actions import add_second_factor
from denggao.foundation.plans.models import Part, Plan
from denggao.systems.bases.actions.rubric import bring_rubric
from denggao.systems.bases.models import Base
from tests.cast import Cast
from tests.engines.agreements.conftest import Three, make_three
from tests.engines.reviews.facts import actor_of_expert, an_expert
from tests.journeys.conftest import Language, Size, Visitor, barriers, sticks_out
from tests.systems.bases.facts import PDF, a_base_plan, typed_answers

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PAPERS = ("pdf", "png", "jpeg")
JUDGES = ("欧阳晓峰", "李明", "王丽华", "陈建国")
GO = "main form button[type=submit]"


def looked_at(page: Page) -> Page:
    assert barriers(page) == [], page.url
    assert sticks_out(page) <= 0, page.url
    return page


@dataclass
class Scene:
    """Who takes part, and in what they sit: ``own`` is the applicant's, the experts' and the visitor's screen, ``desk`` the
    office's and the authorities'."""

    office: Visitor
    cast: Cast
    language: Language
    own: Size
    desk: Size
    plan: Plan
    round: Round
    three: Three
    experts: list[Expert]
    folder: Path
    recovery: dict[str, list[str]] = field(default_factory=dict)

    @contextmanager
    def at(self, path: str, who: str | User = "", *, size: Size | None = None) -> Iterator[Page]:
        """A looked-at page of one of them, whose window is closed afterwards."""
        page = self.office.open(path, size=size or self.own, language=self.language, signed_in_as=who)
        looked_at(page)
        yield page
        page.context.close()

    @property
    def case(self) -> Case:
        return Case.objects.with_labels().get(round=self.round)

    @property
    def panel(self) -> Panel:
        return Panel.objects.select_related("rubric_version").get(subject_id=self.case.public_id)

    def stands(self, stage: str, state: str = "open") -> None:
        case = self.case
        assert (case.stage, case.state) == (stage, state)

    def paper(self, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(PDF)
        return path


def a_scene(office: Visitor, language: Language, own: Size, desk: Size, folder: Path) -> Scene:
    cast, now = office.cast, timezone.now()
    assert cast is not None
    three = make_three(cast, now)
    plan = a_base_plan(authorities=0)
    plan.last_year = now.year + 1
    plan.save()
    goal = plan.goals.get(code="bases")
    for position, body in enumerate(three.bodies):
        Part.objects.create(plan=plan, goal=goal, role="accredit", organisation=body, position=position)
    bring_rubric(plan, actor=operator("test"), now=now)
    given = actions.RoundGiven(
        procedure="base", title_zh="产业实训基地申报", title_en="Training bases", plan=plan, call_zh="面向院校和培训机构征集。",
        opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=30),
    )  # fmt: skip
    round_ = actions.open_round(actions.prepare_round(given, actor=cast.clerk, now=now), actor=cast.clerk, now=now)
    experts = [an_expert(name, title="高级工程师") for name in JUDGES]
    scene = Scene(office, cast, language, own, desk, plan, round_, three, experts, folder)
    for _body, signatory in three.pairs:
        assert isinstance(signatory.user, User)
        scene.recovery[signatory.id] = add_second_factor(signatory.user, secret=SECRET, actor=signatory, now=now)
    return scene


# The application


def hands_in(scene: Scene) -> None:
    """Begun, two sections written by hand with a file, one table from a sheet, submitted."""
    with scene.at(f"/cases/calls/{scene.round.public_id}/", "base_manager") as page:
        page.click("form[action$='/apply/'] button")
        page.wait_for_url("**/edit/body/")
        answers = answers_of(scene)
        _writes_of_the_body(scene, page, answers["body"])
        page.wait_for_url("**/edit/site/")
        _writes_of_the_site(scene, page, answers["site"])
        page.wait_for_url("**/edit/equipment/")
        _takes_a_sheet(scene, page)
        for section in ("teachers", "occupations", "plan", "safety", "finance"):
            actions.save_draft(
                scene.case, section=section, answers=answers[section], base_revision=0,
                actor=scene.cast.base_manager, now=timezone.now(),
            )  # fmt: skip
        page.goto(f"{scene.case.link}edit/finance/")
        looked_at(page)
        _submits(page)
    scene.stands("check")


def _writes_of_the_body(scene: Scene, page: Page, answers: dict) -> None:  # type: ignore[type-arg]  # answers of any shape
    looked_at(page)
    page.select_option("[name=kind]", answers["kind"])
    page.select_option("[name=industry]", answers["industry"])
    for code in answers["industries"]:
        page.check(f"[name=industries][value={code}]")
    page.fill("[name=contact]", answers["contact"])
    page.fill("[name=capability]", answers["capability"])
    page.set_input_files("[name=licence-new]", scene.paper("登记证书.pdf"))
    expect(page.locator("[data-field=licence] .dg-file")).to_contain_text("登记证书.pdf")
    looked_at(page)
    page.click("[name=go][value=next]")


def _writes_of_the_site(scene: Scene, page: Page, answers: dict) -> None:  # type: ignore[type-arg]  # answers of any shape
    looked_at(page)
    for name, text in answers.items():
        if name not in {"site_right", "site_papers"}:
            page.fill(f"[name={name}]", text)
    page.select_option("[name=site_right]", answers["site_right"])
    page.set_input_files("[name=site_papers-new]", scene.paper("场地产权.pdf"))
    expect(page.locator("[data-field=site_papers] .dg-file")).to_contain_text("场地产权.pdf")
    page.click("[name=go][value=next]")


def _takes_a_sheet(scene: Scene, page: Page) -> None:
    looked_at(page)
    sheet = scene.folder / "设备.csv"
    sheet.write_text("设备名称,型号,数量,工位,权属\n数控车床,CK6140,12,24,自有\n钳工台,,16,16,租赁\n", encoding="utf-8")
    page.click("a[href*='/rows/equipment/']")
    page.set_input_files("[name=file]", sheet)
    looked_at(page)
    page.click(GO)
    expect(page.locator("main table")).to_contain_text("数控车床")
    looked_at(page)
    page.click(GO)
    expect(page.locator("[name=equipment-1-name]")).to_have_value("钳工台")
    looked_at(page)


def _submits(page: Page) -> None:
    page.locator("a[href$='/review/']").first.click()
    page.wait_for_url("**/review/")
    looked_at(page)
    page.check("#sure")
    page.click("form[action$='/submit/'] button[type=submit]")
    page.wait_for_url("**/cases/*-*/")
    looked_at(page)


def answers_of(scene: Scene) -> dict:  # type: ignore[type-arg]  # answers of any shape
    """The whole application as it is typed, with papers of its own, for the years from now on."""
    case, manager, now = scene.case, scene.cast.base_manager, timezone.now()

    def paper(section: str, name: str) -> list[str]:
        kept = attach_file(
            case, f"{name}.pdf", io.BytesIO(PDF), section=section, field=name, taken=PAPERS, limit=10_000_000,
            actor=manager, now=now,
        )  # fmt: skip
        return [str(kept.public_id)]

    answers = typed_answers("")
    answers["safety"] |= {
        "fire": paper("safety", "fire"),
        "safety": paper("safety", "safety"),
        "fire_until": f"{now.year + 3}-12-31",
    }
    answers["finance"] |= {"statement": paper("finance", "statement")}
    for ahead, row in enumerate(answers["plan"]["planned"]):
        row["year"] = str(now.year + ahead)
    return answers


# The office's check


def sends_back(scene: Scene) -> None:
    with scene.at("/cases/", "clerk", size=scene.desk) as page:
        page.click(f"main a[href*='{scene.case.link}']")
        looked_at(page)
        _checks(scene, page, faulty="finance")
        page.click("a[href$='/return/']")
        looked_at(page)
        tick = page.locator("input[name=field][value='finance.statement']")
        section = page.locator("details", has=tick)
        if section.get_attribute("open") is None:
            section.locator("summary").click()
        tick.check()
        page.fill("[name='remark-finance.statement']", "须为上一年度")
        page.fill("[name=reason]", "请补交上一年度财务报表。")
        looked_at(page)
        page.click(GO)
        page.wait_for_url(f"**{scene.case.link}")
        looked_at(page)
    scene.stands("check", "returned")


def _checks(scene: Scene, page: Page, faulty: str = "") -> None:
    for item in scene.case.declared.system.checklist(scene.case):
        page.check(f"[name={item.code}][value={'no' if item.code == faulty else 'yes'}]")
        if item.code == faulty:
            page.fill(f"[name={item.code}-remark]", "财务报表不是上一年度的。")
    page.click("form[action$='/check/'] button[type=submit]")
    page.wait_for_load_state()
    looked_at(page)


def corrects(scene: Scene) -> None:
    with scene.at("/cases/mine/", "base_manager") as page:
        page.click(f"main a[href*='{scene.case.link}']")
        expect(page.locator("main")).to_contain_text("请补交上一年度财务报表。")
        looked_at(page)
        page.locator("a[href*='/edit/finance/']").first.click()
        looked_at(page)
        assert page.locator("[name=invested_yuan]").count() == 0
        page.set_input_files("[name=statement-new]", scene.paper("上一年度财务报表.pdf"))
        expect(page.locator("[data-field=statement]")).to_contain_text("上一年度财务报表.pdf")
        _submits(page)
    scene.stands("check")


def passes_on(scene: Scene) -> None:
    with scene.at(scene.case.link, "clerk", size=scene.desk) as page:
        page.goto(f"{scene.case.link}snapshots/2/changes/")
        looked_at(page)
        page.goto(scene.case.link)
        _checks(scene, page)
        page.click("a[href$='/pass/']")
        looked_at(page)
        page.click(GO)
        page.wait_for_url(f"**{scene.case.link}")
    scene.stands("review")


# The experts


def asks_experts(scene: Scene) -> None:
    with scene.at(scene.case.link, "reviewer", size=scene.desk) as page:
        page.click(f"main a[href='/reviews/panels/{scene.panel.public_id}/']")
        looked_at(page)
        for expert in scene.experts[:3]:
            page.check(f"[name=experts][value='{expert.public_id}']")
        page.click("form[action$='/ask/'] button")
        page.wait_for_load_state()
        looked_at(page)
    assert Assignment.objects.filter(panel=scene.panel, state="asked").count() == 3


def recuses(scene: Scene) -> None:
    """An expert declares a conflict, is replaced, and finds nothing of the application any more."""
    expert = scene.experts[0]
    seat = Assignment.objects.get(panel=scene.panel, expert=expert)
    with scene.at("/reviews/", expert.person.account) as page:
        page.click(f"main a[href='/reviews/{seat.public_id}/']")
        looked_at(page)
        page.click("main a[href$='/conflict/']")
        looked_at(page)
        page.fill("[name=reason]", "本人曾为该单位设计实训课程。")
        page.click(GO)
        page.wait_for_url("**/reviews/")
        looked_at(page)
        assert page.locator(f"a[href='/reviews/{seat.public_id}/']").count() == 0
        for path in (f"/reviews/{seat.public_id}/", scene.case.link, f"/reviews/panels/{scene.panel.public_id}/"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 404, path
            assert scene.case.title not in page.inner_text("body")
        looked_at(page)
    quiet(scene.office, "404")
    assert Conflict.objects.filter(panel=scene.panel, person=expert.person, source="declared").exists()
    seated = Assignment.objects.filter(panel=scene.panel, state="asked").values_list("expert", flat=True)
    assert set(seated) == {each.pk for each in scene.experts[1:]}
    with scene.at(f"/reviews/panels/{scene.panel.public_id}/", "reviewer", size=scene.desk) as page:
        expect(page.locator("main")).to_contain_text("本人曾为该单位设计实训课程。")


def quiet(office: Visitor, code: str) -> None:
    """A browser says aloud that a page was refused: here that was wanted."""
    office.complaints[:] = [said for said in office.complaints if code not in said]


def judge(scene: Scene) -> None:
    first, *others = scene.experts[1:]
    seat = Assignment.objects.get(panel=scene.panel, expert=first)
    with scene.at(f"/reviews/{seat.public_id}/", first.person.account) as page:
        page.click("form[action$='/accept/'] button")
        page.wait_for_url(f"**/reviews/{seat.public_id}/")
        looked_at(page)
        for other in others:
            accept_assignment(seat_of(scene, other), actor=actor_of_expert(other), now=timezone.now())
        _visit(scene)
        _fills_the_sheet(scene, page)
    for other in others:
        _scores(seat_of(scene, other), actor_of_expert(other))
    with scene.at(f"/reviews/panels/{scene.panel.public_id}/results/", "reviewer", size=scene.desk) as page:
        page.click("form[action$='/close/'] button")
        page.wait_for_load_state()
        looked_at(page)
    scene.stands("notice")


def seat_of(scene: Scene, expert: Expert) -> Assignment:
    seats = Assignment.objects.select_related("panel__rubric_version", "expert__person")
    return seats.get(panel=scene.panel, expert=expert)


def _visit(scene: Scene) -> None:
    reviewer, now = scene.cast.reviewer, timezone.now()
    given = VisitGiven(timezone.localdate(), "南汇新城镇环湖西一路1号", Decimal("121.912345"), Decimal("30.901234"))
    visit = plan_visit(scene.panel, given=given, actor=reviewer, now=now)
    record_visit(visit, given=given, record=RecordGiven(scene.experts[1:], "与申报材料一致。"), actor=reviewer, now=now)
    with scene.at(f"/reviews/visits/{visit.public_id}/", "reviewer", size=scene.desk):
        pass


def points_of(most: Decimal) -> str:
    return f"{(most * Decimal('1.6')).quantize(Decimal(1)) / 2:f}"


def _fills_the_sheet(scene: Scene, page: Page) -> None:
    for line in scene.panel.rubric_version.criteria.all():
        page.fill(f"[name=points-{line.code}]", points_of(line.max_points))
        page.fill(f"[name=comment-{line.code}]", "有据可查")
    expect(page.locator("[data-all]")).to_have_attribute("data-state", "ok")
    page.click("button[data-submit]")
    page.wait_for_url("**/submit/")
    looked_at(page)
    page.click(GO)
    page.wait_for_url("**/reviews/*-*/")
    looked_at(page)


def _scores(seat: Assignment, actor: Actor) -> None:
    now = timezone.now()
    entries = [
        EntryGiven(line.code, points_of(line.max_points), "有据可查", uuid.uuid4())
        for line in seat.panel.rubric_version.criteria.all()
    ]
    save_entries(seat, entries=entries, actor=actor, now=now)
    submit_score(seat, actor=actor, now=now)


# The notice


def notice_of(scene: Scene) -> Notice:
    return NoticeItem.objects.select_related("notice").get(subject_id=scene.case.public_id).notice


def objects(scene: Scene) -> str:
    """A visitor objects with a protected identity; the address of the receipt."""
    with scene.at("/notices/", size="phone") as page:
        page.locator(f"main a[href='/notices/{notice_of(scene).public_id}/']").first.click()
        looked_at(page)
        page.click("main a[href$='/object/']")
        looked_at(page)
        page.select_option("[name=item]", index=1)
        page.fill("[name=text]", "该单位申报的数控车床中有两台是租来的，请核实数量。")
        page.check("[name=kind][value=protected]")
        page.click(GO)
        page.wait_for_url("**/notices/objections/*/")
        looked_at(page)
        return page.url


def rules(scene: Scene, receipt: str) -> None:
    objection = Objection.objects.get()
    assert objection.kind == "protected"
    with scene.at("/notices/objections/", "reviewer", size=scene.desk) as page:
        page.click(f"main a[href*='{objection.public_id}']")
        looked_at(page)
        page.click("main a[href$='/take-up/']")
        looked_at(page)
        page.click(GO)
        page.wait_for_url(f"**/notices/objections/{objection.public_id}/")
    reason = "经核对采购合同与现场铭牌，申报数量属实。"
    with scene.at(f"/notices/objections/{objection.public_id}/", "approver", size=scene.desk) as page:
        page.click("a[href$='/rule/']")
        looked_at(page)
        page.check("[name=outcome][value=none]")
        page.fill("[name=reason]", reason)
        page.click(GO)
        page.wait_for_url(f"**/notices/objections/{objection.public_id}/")
        looked_at(page)
    with scene.at(receipt, size="phone") as page:
        expect(page.locator("main")).to_contain_text(reason)
    scene.stands("notice")


def notice_ends(scene: Scene) -> None:
    notice = notice_of(scene)
    assert notice.last_on is not None
    close_due_notices(now=timezone.now() + dt.timedelta(days=(notice.last_on - timezone.localdate()).days + 1))
    scene.stands("decide")


# Decision, signatures, plaque


def decides(scene: Scene) -> None:
    with scene.at(scene.case.link, "approver", size=scene.desk) as page:
        page.click("a[href$='/approve/']")
        looked_at(page)
        page.fill("[name=reason]", "评审、公示程序完备，同意认定。")
        page.click(GO)
        page.wait_for_url(f"**{scene.case.link}")
        looked_at(page)
    scene.stands("cosign")


def request_of(scene: Scene) -> SigningRequest:
    return SigningRequest.objects.get(subject_id=scene.case.public_id, state="open")


def signs(scene: Scene, who: Actor, proof: str = "") -> None:
    request = request_of(scene)
    assert isinstance(who.user, User)
    with scene.at("/signatures/", who.user) as page:
        page.click(f"main a[href='/signatures/{request.public_id}/']")
        looked_at(page)
        page.check("[name=read]")
        page.fill("[name=proof]", proof or format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))
        page.click("form[action*='/sign/'] button[type=submit]")
        page.wait_for_url(f"**/signatures/{request.public_id}/#sign")
        looked_at(page)
    assert Signature.objects.filter(signer__request=request, account_id=who.id).exists()


def refuses(scene: Scene, who: Actor) -> None:
    request = request_of(scene)
    assert isinstance(who.user, User)
    with scene.at(f"/signatures/{request.public_id}/", who.user) as page:
        page.click("#sign details summary")
        page.fill("#sign [name=reason]", "请核对有效期起算日期后再签。")
        looked_at(page)
        page.click("form[action*='/refuse/'] button[type=submit]")
        page.wait_for_url(f"**/signatures/{request.public_id}/#sign")
        looked_at(page)


def asks_again(scene: Scene) -> None:
    with scene.at(scene.case.link, "clerk", size=scene.desk) as page:
        expect(page.locator("main")).to_contain_text("请核对有效期起算日期后再签。")
        page.click("a[href$='/ask-again/']")
        looked_at(page)
        page.fill("[name=reason]", "有效期起算日期已按意见核对。")
        page.click(GO)
        page.wait_for_url(f"**{scene.case.link}")
        looked_at(page)


def plaque_hangs(scene: Scene) -> None:
    drain()
    scene.stands("award", "awarded")
    base, plaque = Base.objects.get(), Issued.objects.get(kind="plaque")
    assert base.plaque == plaque
    assert [entry.sign for entry in Entry.objects.filter(goal__code="bases")] == [1]
    with scene.at("/cases/mine/", "base_manager") as page:
        page.click(f"main a[href*='{scene.case.link}']")
        looked_at(page)
        page.goto(f"/bases/{base.public_id}/file/")
        looked_at(page)
    for size in ("phone", "desk"):
        with scene.at(f"/training-bases/{base.public_id}/", size=size) as page:
            page.locator(f"main a[href*='/credentials/{plaque.public_id}/']").first.click()
            looked_at(page)
            shown = page.inner_text("main")
            for said in (plaque.number, *(body.name for body in scene.three.bodies)):
                assert said in shown


def auditor_reads(scene: Scene) -> None:
    with scene.at(scene.case.link, "auditor", size=scene.desk) as page:
        assert page.locator("main form[method=post]").count() == 0
        for reason in ("请补交上一年度财务报表。", "请核对有效期起算日期后再签。", "有效期起算日期已按意见核对。"):
            assert reason in page.inner_text("main")
        for act in ("approve", "return", "ask-again"):
            answer = page.goto(f"{scene.case.link}{act}/")
            assert answer is not None
            assert answer.status in {403, 404} or page.url.endswith(scene.case.link), act
    quiet(scene.office, "403")
    quiet(scene.office, "404")


@pytest.mark.parametrize(("language", "own", "desk"), [("zh", "phone", "desk")])
def test_a_base_comes_to_be(language, own, desk, office: Visitor, tmp_path: Path):
    scene = a_scene(office, language, own, desk, tmp_path)
    for_union, for_labour, for_area = (actor for _body, actor in scene.three.pairs)

    hands_in(scene)
    sends_back(scene)
    corrects(scene)
    passes_on(scene)

    asks_experts(scene)
    recuses(scene)
    judge(scene)

    receipt = objects(scene)
    rules(scene, receipt)
    notice_ends(scene)
    decides(scene)

    signs(scene, for_union)
    refuses(scene, for_labour)
    asks_again(scene)
    # A code is good once: the union's signatory takes one of the recovery codes for the second round.
    signs(scene, for_union, scene.recovery[for_union.id][0])
    signs(scene, for_labour)
    signs(scene, for_area)

    plaque_hangs(scene)
    auditor_reads(scene)
