"""Who takes part, and where a case stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page

from denggao.engines.cases.models import Case, Round
from denggao.engines.reviews.models import Assignment, Expert, Panel
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import operator
from denggao.foundation.people.signin.actions import add_second_factor
from denggao.foundation.plans.models import Part, Plan
from denggao.systems.bases.actions.rubric import bring_rubric
from tests.cast import Cast
from tests.engines.agreements.conftest import Three, make_three
from tests.engines.reviews.facts import an_expert
from tests.journeys.conftest import Language, Size, Visitor, follow, look
from tests.systems.bases.facts import PDF, a_base_plan

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
JUDGES = ("欧阳晓峰", "李明", "王丽华", "陈建国")


@dataclass
class Scene:
    """``own`` is the applicant's, the experts' and the signatories' screen, ``desk`` the office's. ``recovery``: codes by account."""

    office: Visitor
    cast: Cast
    language: Language
    own: Size
    desk: Size
    plan: Plan
    three: Three
    experts: list[Expert]
    folder: Path
    recovery: dict[str, list[str]] = field(default_factory=dict)

    @contextmanager
    def at(self, path: str, who: str | User = "", *, size: Size | None = None) -> Iterator[Page]:
        """A looked-at page of one of them, whose window is left afterwards."""
        with self.office.at(path, size=size or self.own, language=self.language, signed_in_as=who) as page:
            yield look(page)

    @property
    def round(self) -> Round:
        return Round.objects.get()

    @property
    def case(self) -> Case:
        return Case.objects.with_labels().get()

    @property
    def panel(self) -> Panel:
        return Panel.objects.select_related("rubric_version").get(subject_id=self.case.public_id)

    def seat_of(self, expert: Expert) -> Assignment:
        seats = Assignment.objects.select_related("panel__rubric_version", "expert__person")
        return seats.get(panel=self.panel, expert=expert)

    def stands(self, stage: str, state: str = "open") -> None:
        case = self.case
        assert (case.stage, case.state) == (stage, state)

    def paper(self, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(PDF)
        return path

    def forgive(self, code: str) -> None:
        """A browser says aloud that a page was refused: here that was wanted."""
        self.office.complaints[:] = [said for said in self.office.complaints if code not in said]


def a_scene(office: Visitor, language: Language, own: Size, desk: Size, folder: Path) -> Scene:
    """Nothing has been applied for, nor called for."""
    cast, now = office.cast, timezone.now()
    assert cast is not None
    three = make_three(cast, now)
    plan = a_base_plan(authorities=0)
    plan.last_year = now.year + 1
    plan.save()
    for position, body in enumerate(three.bodies):
        goal = plan.goals.get(code="bases")
        Part.objects.create(plan=plan, goal=goal, role="accredit", organisation=body, position=position)
    bring_rubric(plan, actor=operator("test"), now=now)
    experts = [an_expert(name, title="高级工程师") for name in JUDGES]
    scene = Scene(office, cast, language, own, desk, plan, three, experts, folder)
    for _body, signatory in three.pairs:
        assert isinstance(signatory.user, User)
        scene.recovery[signatory.id] = add_second_factor(signatory.user, secret=SECRET, actor=signatory, now=now)
    return scene


def go(page: Page, form: str = "main form") -> Page:
    """Send a form and look at what comes."""
    return look(follow(page.locator(f"{form} button[type=submit]")))


def go_to(page: Page, link: str) -> Page:
    """Follow a link of the page and look at what comes."""
    return look(follow(page.locator(f"main a[href{link}]").first))


def shifted(days: int) -> str:
    """A moment as a form takes it."""
    return f"{timezone.localtime() + dt.timedelta(days=days):%Y-%m-%dT%H:%M}"
