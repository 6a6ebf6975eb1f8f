"""How the demo's university came to be, and who learns there today: told through everybody's own actions, as threads."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field

from denggao.demo import numbers
from denggao.demo.region import at
from denggao.demo.training_story.threads import Thread
from denggao.demo.university.facts import SPACES, STUDIES, Space, StudyPlan, Teacher
from denggao.demo.university.founding import Founding
from denggao.demo.university.learners import Learning
from denggao.demo.university.packing import Source, sources
from denggao.demo.university.teaching import standards, write_and_put_in_force
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.files.actions import store_file
from denggao.foundation.organisations.actions.bodies import Details, keep_organisation
from denggao.foundation.organisations.members.demo import make_demo_account
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Industry
from denggao.systems.university.actions.courses import Description, describe_course, set_cover
from denggao.systems.university.actions.importing import import_package
from denggao.systems.university.actions.programmes import Study, begin_programme, publish_programme, set_courses
from denggao.systems.university.actions.publishing import publish_draft
from denggao.systems.university.actions.schools import Brand, add_member, open_school
from denggao.systems.university.actions.sharing import answer_share, offer_course
from denggao.systems.university.models import Course, School
from denggao.systems.university.packages.reading import read_package
from denggao.systems.university.policies import LOGO

STANDARDS_ON, FOUNDED = dt.date(2020, 8, 20), dt.date(2020, 9, 1)
LENT = (
    ("workshop-safety", "lanjia", "lent", "新工都要学，放在你们的目录里也好找。"),
    ("measuring", "changji", "joint", "量具课两家一起教：你们出装配现场的题。"),
)
SPACE_OF = {code: space for space in SPACES for code in space.courses}


@dataclass
class UniversityStory(Founding, Learning):
    """The whole of it: standards, the founding of three schools and their courses, and what is learned today."""

    sources: dict[str, Source] = field(default_factory=sources)

    def threads(self) -> list[Thread]:
        return [self._standards(), self._schools(), self._university(STUDIES[0].title_zh), self._learning()]

    def _standards(self) -> Thread:
        """What is to be taught is set down before the schools open."""
        when = at(STANDARDS_ON, 10)
        yield when
        for source in standards():
            write_and_put_in_force(source, actor=self.in_office(Role.CLERK, when), now=when)

    def _schools(self) -> Thread:
        when = at(FOUNDED, 9)
        yield when
        for position, space in enumerate(SPACES):
            self._school(position, space, when)
        for place, (code, source) in enumerate(self.sources.items()):
            when = at(FOUNDED + dt.timedelta(days=1 + place), 10)
            yield when
            self._course(code, source, when)
        when = at(FOUNDED + dt.timedelta(days=20), 15)
        yield when
        for code, school, kind, note in LENT:
            self._lend(self.courses[code], school, kind, note, when)
        for plan in STUDIES:
            self._programme(plan, when)

    def _school(self, position: int, space: Space, when: dt.datetime) -> None:
        body = Organisation.objects.filter(name_zh=space.body).first() or self._body(position, space, when)
        brand = Brand(space.name_zh, space.name_en, space.about, space.colour)
        plan = Plan.objects.get(code="lingang-2020")
        school = open_school(body, brand, plan=plan, on=when.date(), actor=self.operator, now=when)
        self.schools[space.code] = school
        for teacher in space.teachers:
            self._teacher(school, teacher, when)

    def _body(self, position: int, space: Space, when: dt.datetime) -> Organisation:
        details = Details(
            name_zh=space.body,
            name_en=f"{space.name_en} (demo)",
            uscc=numbers.uscc(700 + position),
            kind="school",
            industry=Industry.objects.get(code="ic"),
            address=f"临港新片区演示路{900 + position}号",
        )
        return keep_organisation(None, details, actor=self.operator, now=when)

    def _teacher(self, school: School, teacher: Teacher, when: dt.datetime) -> None:
        person = Person.objects.create(name=teacher.name, name_key=teacher.name, is_demo=True, created_at=when)
        user = make_demo_account(teacher.local, Role.TEACHER, school.organisation, person=person, actor=self.operator, now=when)
        add_member(school, user, role=teacher.role, title=teacher.title, from_on=when.date(), actor=self.operator, now=when)
        self.accounts[teacher.local] = str(user.public_id)

    def _dean(self, space: Space, when: dt.datetime) -> Actor:
        return self.acting(self.accounts[space.teachers[0].local], when)

    def _course(self, code: str, source: Source, when: dt.datetime) -> None:
        space = SPACE_OF[code]
        dean = self._dean(space, when)
        with read_package(io.BytesIO(source.package())) as package:
            course = import_package(package, self.schools[space.code], actor=dean, now=when).course
        if source.requires:
            first = [self.courses[name] for name in source.requires]
            describe_course(course, _said(course), prerequisites=first, actor=dean, now=when)
        picture = store_file(source.cover.name, source.cover.read_bytes(), kind=LOGO, taken=("webp",), actor=dean, now=when)
        set_cover(course, picture, actor=dean, now=when)
        publish_draft(course, note_text="首次发布", actor=dean, now=when)
        self.courses[code] = course
        self.teachers[code] = self.accounts[space.teachers[min(1, len(space.teachers) - 1)].local]

    def _lend(self, course: Course, borrower: str, kind: str, note: str, when: dt.datetime) -> None:
        course.refresh_from_db()
        lender, taker = SPACE_OF[course.code], next(space for space in SPACES if space.code == borrower)
        share = offer_course(
            course, self.schools[borrower], kind=kind, note=note,
            actor=self._dean(lender, when), now=when,
        )  # fmt: skip
        answer_share(share, accept=True, actor=self._dean(taker, when), now=when)

    def _programme(self, plan: StudyPlan, when: dt.datetime) -> None:
        said = Study(
            plan.title_zh, plan.title_en, Industry.objects.get(code=plan.industry), plan.track, plan.about, plan.entry, plan.seats
        )
        dean = self._dean(next(space for space in SPACES if space.code == plan.school), when)
        programme = begin_programme(self.schools[plan.school], said, actor=dean, now=when)
        set_courses(programme, [(self.courses[code], required) for code, required in plan.courses], actor=dean, now=when)
        publish_programme(programme, actor=dean, now=when)


def _said(course: Course) -> Description:
    names = (
        "code", "title_zh", "title_en", "summary_zh", "summary_en", "industry", "occupation", "level", "language", "provider",
        "licence", "source_version", "fee_yuan",
    )  # fmt: skip
    return Description(**{name: getattr(course, name) for name in names})
