"""A studio as a visitor, its employer on the phone and the office see it; a result is entered and confirmed by a second person."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from playwright.sync_api import expect

from denggao.engines.agreements.models import Mentorship
from denggao.engines.cases.models import Case
from denggao.systems.craftsmen.studios.models import (
    Alliance,
    AllianceMembership,
    Evaluation,
    Project,
    Result,
    StudioMember,
    Visit,
)
from tests.facts import a_person
from tests.journeys.conftest import follow, look
from tests.systems.craftsmen.studios.facts import PDF, a_bare_studio, a_craftsman, a_studio

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
KINDS = [("desk", "en", True), ("phone", "zh", False)]


@pytest.fixture
def studio(cast, now):
    """With something of everything, and two more beside it."""
    studio = a_studio(cast, a_craftsman(cast))
    day = studio.named_on
    StudioMember.objects.filter(studio=studio).update(confirmed_at=now)
    for name, role in (("沈听澜", "member"), ("蒋采薇", "learner")):
        StudioMember.objects.create(
            studio=studio,
            person=a_person(name),
            role=role,
            from_on=day,
            confirmed_at=now,
            is_public=role == "member",
            created_at=now,
        )
    Mentorship.objects.create(
        mentor=studio.leader.person, learner=a_person("秦时雨"), from_on=day, confirmed_by_mentor_at=now, confirmed_by_learner_at=now,
        created_at=now,
    )  # fmt: skip
    for kind, title, state in (("breakthrough", "空心叶片自适应磨削", "running"), ("course", "“量三遍”实操课程", "finished")):
        ended = day if state == "finished" else None
        Project.objects.create(
            studio=studio, kind=kind, title=title, state=state, from_on=day, to_on=ended, partners="上海电机学院", created_at=now
        )
    for kind, title, number, amount in (
        ("patent", "五轴夹具快换系统", "ZL202210000001.2", None),
        ("saving", "换型由70分钟降到12分钟", "", 1280000),
        ("standard", "榫齿根部在线测量方法", "T/SHLG 012-2022", None),
        ("award", "上海市职工先进操作法", "2022-018", None),
    ):
        Result.objects.create(
            studio=studio, kind=kind, title=title, number=number, amount_yuan=amount, on=day, state="confirmed", reported_by="a",
            reported_at=now, decided_by="b", decided_at=now,
        )  # fmt: skip
    Visit.objects.create(
        studio=studio, on=day, visitors="上海市总工会", people=12, about="调研工匠工作室建设", recorded_by="a", recorded_at=now
    )
    alliance = Alliance.objects.create(
        plan=studio.plan, lead=studio, name_zh="临港工匠工作室联盟", name_en="Lingang Alliance of Studios", charter="互学互访，联合攻关。",
        founded_on=day, created_at=now,
    )  # fmt: skip
    AllianceMembership.objects.create(
        alliance=alliance, studio=studio, state="member", from_on=day, asked_by="a", asked_at=now, answered_at=now
    )
    Evaluation.objects.create(
        studio=studio, case=a_copy(studio.case), first_on=day, last_on=day, points=92, grade="excellent", thresholds={},
        outcome="stays", decided_on=day, created_at=now,
    )  # fmt: skip
    a_bare_studio(cast, a_craftsman(cast, "许云帆"), "许云帆精密测量工作室")
    a_bare_studio(cast, a_craftsman(cast, "何守一"), "何守一装配工作室", state="unnamed", ended_on=dt.date(2022, 10, 10))
    return studio


def a_copy(case):
    """As if the studio's evaluation had been walked."""
    case = Case.objects.get(pk=case.pk)
    case.pk, case.number, case.public_id, case._state.adding = None, "GZP-2022-001", uuid.uuid4(), True
    case.save()
    return case


@pytest.mark.parametrize(("size", "language", "dark"), KINDS)
def test_every_page_is_open_to_everybody_and_fits(office, studio, size, language, dark):
    alliance = Alliance.objects.get()
    pages = (
        ("/studios/", ""),
        (f"/studios/{studio.public_id}/", ""),
        (f"/studios/alliances/{alliance.public_id}/", ""),
        ("/craftsmen/studios/", "clerk"),
        (f"/craftsmen/studios/{studio.public_id}/", "hr"),
        (f"/craftsmen/studios/{studio.public_id}/results/", "hr"),
        (f"/craftsmen/studios/{studio.public_id}/acts/unname/", "clerk"),
        ("/craftsmen/studios/orders/", "clerk"),
    )
    for number, (path, who) in enumerate(pages):
        with office.at(path, size=size, language=language, signed_in_as=who, dark=dark) as page:
            look(page, f"studios-{number}-{size}-{language}")


def test_empty_pages_say_what_comes_next(office):
    for path, who in (
        ("/studios/", ""),
        ("/craftsmen/studios/", "clerk"),
        ("/craftsmen/studios/", "hr"),
        ("/craftsmen/studios/acts/", "clerk"),
    ):
        with office.at(path, size="phone", signed_in_as=who) as page:
            look(page, f"empty-{path.strip('/').replace('/', '-')}-{who}")


def test_a_result_is_entered_on_the_phone_and_public_once_a_second_person_confirmed_it(office, studio):
    with office.at(f"/craftsmen/studios/{studio.public_id}/results/", size="phone", language="en", signed_in_as="hr") as page:
        page.get_by_label("Kind").select_option("patent")
        page.get_by_label("Title").fill("自适应磨削装置")
        page.get_by_label("Day").fill(studio.named_on.isoformat())
        page.get_by_label("Number").fill("ZL202210000009.9")
        page.get_by_label("Proof").set_input_files({"name": "专利证书.pdf", "mimeType": "application/pdf", "buffer": PDF})
        follow(page.get_by_role("button", name="Enter"))
        expect(page.get_by_text("waits to be confirmed")).to_be_visible()
    with office.at(f"/studios/{studio.public_id}/") as page:
        expect(page.get_by_text("自适应磨削装置")).to_have_count(0)
    with office.at(f"/craftsmen/studios/{studio.public_id}/", language="en", signed_in_as="clerk") as page:
        follow(page.get_by_role("link", name="自适应磨削装置"))
        page.get_by_label("The proof shows it: confirmed").check()
        follow(page.get_by_role("button", name="Record"))
    with office.at(f"/studios/{studio.public_id}/") as page:
        expect(page.get_by_text("自适应磨削装置")).to_be_visible()
