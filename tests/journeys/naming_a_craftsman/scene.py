"""Who takes part, and where the two nominations stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page

from denggao.engines.cases.models import Case, Round
from denggao.engines.credentials.appointing import letter_of
from denggao.engines.credentials.models import Issued
from denggao.engines.reviews.models import Assignment, Expert, Panel
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, account
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.systems.craftsmen.mentors.models import MentorDuty
from denggao.systems.craftsmen.models import Craftsman
from tests.cast import Cast
from tests.engines.reviews.facts import an_expert
from tests.facts import a_person, in_post
from tests.journeys.conftest import Language, Size, Visitor, look
from tests.systems.bases.facts import a_base
from tests.systems.craftsmen.scene import PDF, craftsmen_plan

JUDGES = ("欧阳晓峰", "李明", "王丽华", "陈建国", "赵一鸣", "孙悦")
JURORS = ("何以安", "周行", "谢临川", "苏合", "蒋映雪")


@dataclass
class Scene:
    """``own`` is the employer's, the nominee's and the experts' screen, ``desk`` the office's. ``nominee`` is the cast's worker;
    ``other`` is nominated beside; ``learner`` learns from the nominee at work, ``learner_at_base`` at a base."""

    office: Visitor
    cast: Cast
    language: Language
    own: Size
    desk: Size
    dark: bool
    plan: Plan
    nominee: Person
    other: Person
    learner: Person
    learner_at_base: Person
    experts: list[Expert]
    jurors: list[Expert]
    folder: Path

    @contextmanager
    def at(self, path: str, who: str | User = "", *, size: Size | None = None) -> Iterator[Page]:
        """A looked-at page of one of them, whose window is left afterwards."""
        window = {"size": size or self.own, "language": self.language, "dark": self.dark}
        with self.office.at(path, signed_in_as=who, **window) as page:
            yield look(page)

    @property
    def round(self) -> Round:
        return Round.objects.get()

    @property
    def case(self) -> Case:
        """The nominee's."""
        return Case.objects.with_labels().get(nomination__person=self.nominee)

    @property
    def other_case(self) -> Case:
        return Case.objects.with_labels().get(nomination__person=self.other)

    @property
    def panel(self) -> Panel:
        return Panel.objects.select_related("rubric_version").get(subject_id=self.case.public_id)

    @property
    def craftsman(self) -> Craftsman:
        return Craftsman.objects.select_related("certificate", "person").get()

    @property
    def duty(self) -> MentorDuty:
        """What the craftsman owes the base."""
        return MentorDuty.objects.select_related("appointment").get()

    @property
    def letter(self) -> Issued:
        held = self.duty.appointment
        assert held is not None
        letter = letter_of(held)
        assert letter is not None
        return letter

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


def a_scene(office: Visitor, language: Language, own: Size, desk: Size, folder: Path, *, dark: bool) -> Scene:
    """Nobody has been nominated, nor called for."""
    cast, now = office.cast, timezone.now()
    assert cast is not None
    plan = craftsmen_plan(cast, now)
    plan.last_year = now.year + 1
    plan.save()
    a_base(plan, cast.base, trains="")
    nominee, other = cast.worker_person, _with_account("阿依努尔·买买提江")
    learner, learner_at_base = _with_account("沈听澜"), _with_account("司徒望舒")
    for person in (nominee, other, learner):
        in_post(person, cast.employer)
    experts = [an_expert(name, title="高级工程师") for name in JUDGES]
    jurors = [an_expert(name, title="正高级工程师") for name in JURORS]
    return Scene(office, cast, language, own, desk, dark, plan, nominee, other, learner, learner_at_base, experts, jurors, folder)


def _with_account(name: str) -> Person:
    person = a_person(name)
    person.account = User.objects.create_user()
    person.save()
    return person


def by_account(person: Person) -> Actor:
    """With no role: as the own account acts."""
    assert person.account is not None
    return account(person.account, [], "web:127.0.0.1")
