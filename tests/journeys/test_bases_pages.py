"""The pages of bases and of the yearly appraisal as a browser shows them: clean for axe-core, within the window, on desk and
phone, in both languages, dark too."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.foundation.audit.actors import system
from denggao.systems.bases.actions.accrediting import accredit
from denggao.systems.bases.actions.acts import propose_act
from denggao.systems.bases.actions.appraising import CycleOrder, open_cycle
from denggao.systems.bases.models import Appraisal
from tests.facts import an_employer
from tests.journeys.conftest import Visitor, look
from tests.systems.bases.facts import a_base, a_base_plan, a_body, a_teacher, kept_application
from tests.systems.bases.test_appraisal import NEAR, fill, raised

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def pages(cast, now) -> dict[str, tuple[str, str]]:
    """Name of a page: address, and who looks."""
    plan = a_base_plan()
    base = accredit(
        kept_application(plan, cast.base, cast.base_manager).case, signed_on=dt.date(2022, 9, 1), actor=system("test"), now=now
    )
    other = a_base(plan, a_body(name_zh="上海临港新片区航空航天与集成电路装备制造高技能人才培养示范性公共实训中心"))
    for name in ("甲一", "乙二"):
        raised(plan, an_employer(f"近{name}", plan=plan, **NEAR), name, now)
    a_teacher(base.organisation)
    act = propose_act(other, kind="withdraw", reason="连续两年未开展培训，整改未到位。", actor=cast.clerk, now=now)
    cycle = open_cycle(CycleOrder(plan, 2022, dt.date(2022, 12, 20), "沪人社职〔2022〕1号"), actor=cast.clerk, now=now)
    appraisal = Appraisal.objects.get(base=base)
    fill(appraisal, cast, now, satisfaction=88)
    at = f"/bases/appraisals/{appraisal.public_id}/"
    return {
        "list": ("/bases/", "clerk"),
        "file": (f"/bases/{base.public_id}/file/", "base_manager"),
        "file-office": (f"/bases/{other.public_id}/file/", "approver"),
        "act": (f"/bases/acts/{act.public_id}/", "approver"),
        "acts": ("/bases/acts/", "approver"),
        "confirm": (f"/bases/acts/{act.public_id}/confirm/", "approver"),
        "exit": (f"/bases/{base.public_id}/acts/exit/", "base_manager"),
        "appraisals": ("/bases/appraisals/", "clerk"),
        "cycle": (f"/bases/appraisals/cycles/{cycle.public_id}/", "clerk"),
        "open-year": ("/bases/appraisals/cycles/new/", "clerk"),
        "appraisal": (at, "base_manager"),
        "value": (f"{at}values/satisfaction/", "base_manager"),
        "rows": (f"{at}values/raised/rows/", "base_manager"),
        "hand-in": (f"{at}hand-in/", "base_manager"),
    }


def test_the_pages_are_clean(office: Visitor, pages: dict[str, tuple[str, str]]) -> None:
    """On a desk in Chinese, on a phone in English; some of them in the dark too."""
    dark = {name: pages[name] for name in ("file", "appraisal", "cycle", "act")}
    for size, language, at_night, wanted in (
        ("desk", "zh", False, pages),
        ("phone", "en", False, pages),
        ("desk", "en", True, dark),
    ):
        for name, (address, part) in wanted.items():
            with office.at(address, signed_in_as=part, size=size, language=language, dark=at_night) as page:
                look(page, f"base-{name}-{size}-{language}{'-dark' if at_night else ''}")
