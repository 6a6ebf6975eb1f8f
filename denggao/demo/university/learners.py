"""Learners in every state: who has finished, who is midway, whose work waits to be marked, who is late, who left; and one whose
hours a script made."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from django.utils import timezone

from denggao.demo.region import at
from denggao.demo.training_story.threads import Thread, merged
from denggao.demo.university import studying
from denggao.demo.university.facts import CLASSES, QUESTIONS, ClassPlan
from denggao.demo.university.studying import Learner, study
from denggao.engines.hours.actions.finding import clear_finding, look_through
from denggao.engines.hours.models import Finding
from denggao.foundation.audit.actors import Actor, Role, system
from denggao.foundation.organisations.members.demo import make_demo_account
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.organisations.queries import actor_of_account, employed_on
from denggao.foundation.people.models import Person
from denggao.systems.university.learning.actions import enrolling, runs, talking
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.models import Course, School
from denggao.systems.university.outlines import OutlineUnit
from denggao.systems.university.queries import outline

# How far into the course each goes; the rest of the units stay as they are.
REACH = {"finished": 1.0, "handed": 1.0, "midway": 0.55, "overdue": 0.35, "left": 0.25, "removed": 0.15, "script": 0.25}
MOST_UNITS = 12
AIRFRAME = "上海长脊飞机装配有限公司（演示）"
TABLET = "4d1f" * 8


@dataclass
class Learning:
    """The present: classes that are open today, and what happened in them. ``accounts`` are public ids by local name,
    ``learners`` by a person's database id; ``office`` as in ``People``."""

    operator: Actor
    office: Mapping[Role, str]
    now: dt.datetime
    schools: dict[str, School] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    teachers: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    learners: dict[int, str] = field(default_factory=dict)
    known: dict[tuple[str, dt.date], Actor] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    def acting(self, account: str, when: dt.datetime) -> Actor:
        key = (account, when.date())
        if key not in self.known:
            self.known[key] = actor_of_account(*key) or self.operator
        return self.known[key]

    def _teacher_of(self, course: Course, when: dt.datetime) -> Actor:
        return self.acting(self.teachers[course.code], when)

    def _learning(self) -> Thread:
        yield from merged([self._until(self._class(plan)) for plan in CLASSES])

    def _until(self, walk: Thread) -> Thread:
        """As far as it has come by now."""
        for when in walk:
            if when >= self.now:
                return
            yield when

    def _class(self, plan: ClassPlan) -> Thread:
        opens = self.today + dt.timedelta(days=plan.opens)
        when = at(min(opens, self.today) - dt.timedelta(days=4), 9)
        yield when
        course = self.courses[plan.course]
        course.refresh_from_db()
        closes = None if plan.closes is None else self.today + dt.timedelta(days=plan.closes)
        facts = runs.RunFacts(plan.title, opens, closes, plan.seats, plan.entry)
        run = runs.open_run(course.school, course, facts, actor=self._teacher_of(course, when), now=when)
        self._set_dates(run, opens, when)
        when = at(opens, 8, 30)
        yield when
        walks = [self._walk(run, learner) for learner in self._enrol(run, plan, when)]
        yield from merged([*walks, self._talk(run, plan, opens)])
        if plan.code == "riveting":
            yield from self._one_tablet(run)

    def _set_dates(self, run: Run, opens: dt.date, when: dt.datetime) -> None:
        """A live class in three days, and a first stage that is due after three weeks."""
        units = outline(run.version).units
        dates: dict[object, tuple[dt.datetime | None, dt.datetime | None]] = {
            unit.key: (at(self.today + dt.timedelta(days=3), 19), None) for unit in units if unit.kind == "live"
        }
        if run.closes_on is not None and len(units) > 2:
            dates[units[2].key] = (None, at(opens + dt.timedelta(days=21), 23, 59))
        runs.set_unit_dates(run, dates, actor=self._teacher_of(run.course, when), now=when)  # type: ignore[arg-type]

    # Who comes

    def _enrol(self, run: Run, plan: ClassPlan, when: dt.datetime) -> list[Learner]:
        people = self._people(plan, len(plan.learners))
        fates = dict(zip([person.pk for person in people], plan.learners, strict=False))
        for person in people:
            self._open_account(person, when)
        if plan.entry == Run.Entry.EMPLOYER:
            self._by_employer(run, plan, people, fates, when)
        elif plan.entry == Run.Entry.OPEN:
            for person in people:
                enrolling.enrol_self(run, actor=self.acting(self.learners[person.pk], when), now=when)
        elif people:
            enrolling.enrol_persons(run, people, actor=self._teacher_of(run.course, when), now=when)
        rows = Enrolment.objects.filter(run=run).select_related("person", "run__course", "run__version__course", "run__school")
        return [
            Learner(one, self.learners[one.person_id], fates[one.person_id], Random(f"{plan.code} {place}"))  # noqa: S311 -- lots
            for place, one in enumerate(rows.order_by("pk"))
        ]

    def _by_employer(
        self, run: Run, plan: ClassPlan, people: Sequence[Person], fates: Mapping[int, str], when: dt.datetime
    ) -> None:
        hr, employer = self._employer(plan, when)
        late = [person for person in people if fates[person.pk] == "overdue"]
        asked = [person for person in people if fates[person.pk] == "invited"]
        rest = [person for person in people if person not in late and person not in asked]
        for group, due, invite in ((rest, None, False), (late, self.today - dt.timedelta(days=6), False), (asked, None, True)):
            if group:
                enrolling.enrol_staff(employer, run, group, due_on=due, invite=invite, actor=hr, now=when)

    def _employer(self, plan: ClassPlan, when: dt.datetime) -> tuple[Actor, Organisation]:
        if plan.of == "changji":
            body = Organisation.objects.get(name_zh=AIRFRAME)
            if "hr-2" not in self.accounts:
                user = make_demo_account("hr-2", Role.HR, body, actor=self.operator, now=when)
                self.accounts["hr-2"] = str(user.public_id)
            return self.acting(self.accounts["hr-2"], when), body
        hr = self.acting(self.office[Role.HR], when)
        return hr, Organisation.objects.get(pk=min(hr.organisations_as(Role.HR)))

    def _people(self, plan: ClassPlan, count: int) -> list[Person]:
        """The demo's worker first where it is their employer's class, then whoever works there, or anywhere else."""
        if plan.of == "shown" and Role.HR not in self.office:
            return []
        there = employed_on(Employment.objects.all(), self.today)
        shown = self._shown()
        if plan.of == "others":
            there = there.exclude(employer=shown).exclude(employer__name_zh=AIRFRAME).exclude(person_id__in=self.learners)
        else:
            there = there.filter(employer=shown) if plan.of == "shown" else there.filter(employer__name_zh=AIRFRAME)
        ids = list(dict.fromkeys(there.order_by("person__account__isnull", "person_id").values_list("person_id", flat=True)[: count * 2]))
        chosen = {person.pk: person for person in Person.objects.filter(pk__in=ids[:count]).select_related("account")}
        people = [chosen[pk] for pk in ids[:count]]
        return [*self._worker(), *people][:count] if plan.code == "lessons" else people

    def _shown(self) -> Organisation | None:
        hr = self.office.get(Role.HR)
        bodies = self.acting(hr, self.now).organisations_as(Role.HR) if hr else ()
        return Organisation.objects.filter(pk__in=bodies).first()

    def _worker(self) -> list[Person]:
        return list(Person.objects.filter(account__public_id=self.office.get(Role.WORKER)).select_related("account"))

    def _open_account(self, person: Person, when: dt.datetime) -> None:
        if person.pk in self.learners:
            return
        if person.account is None:
            local = f"learner-{len(self.learners) + 1}"
            person.account = make_demo_account(local, None, None, person=person, actor=self.operator, now=when)
        self.learners[person.pk] = str(person.account.public_id)

    # What they do

    def _walk(self, run: Run, learner: Learner) -> Thread:
        units = _reached(outline(run.version).units, learner)
        slots = self._slots(run.opens_on, len(units), learner)
        for unit, when in zip(units, slots, strict=False):
            yield when
            yield from self._study(learner, unit, when)
        if learner.fate in {"left", "removed"}:
            when = (slots[-1] if slots else at(run.opens_on, 12)) + dt.timedelta(hours=20)
            yield when
            self._ends(learner, when)

    def _study(self, learner: Learner, unit: OutlineUnit, when: dt.datetime) -> Thread:
        ended = study(learner, unit, actor=self.acting(learner.account, when), now=when)
        following = ended + dt.timedelta(hours=14)
        if unit.kind == "practical" or (unit.kind == "assignment" and learner.fate != "handed"):
            yield following
            studying.judge(learner, unit, actor=self._teacher_of(learner.enrolment.run.course, following), now=following)

    def _ends(self, learner: Learner, when: dt.datetime) -> None:
        enrolment = learner.enrolment
        if learner.fate == "left":
            enrolling.leave(enrolment, reason="调到夜班，下一期再学。", actor=self.acting(learner.account, when), now=when)
            return
        hr = self.acting(self.office[Role.HR], when)
        enrolling.remove(enrolment, reason="已离开本岗位，名额给新到的人。", actor=hr, now=when)

    def _slots(self, opens_on: dt.date, count: int, learner: Learner) -> list[dt.datetime]:
        """So many moments from the class's first day until yesterday: at noon or in the evening, two days apart where there is
        room."""
        first = opens_on + dt.timedelta(days=1)
        days = (self.today - first).days
        every = [
            at(first + dt.timedelta(days=day), hour, 5 + learner.lot.randrange(40)) for day in range(days) for hour in (12, 19)
        ]
        if learner.fate in {"overdue", "left", "removed"}:
            every = every[: count * 2]
        if count >= len(every):
            return every
        return [every[round(place * (len(every) - 1) / max(count - 1, 1))] for place in range(count)]

    def _talk(self, run: Run, plan: ClassPlan, opens: dt.date) -> Thread:
        when = at(opens + dt.timedelta(days=1), 9)
        yield when
        teacher = self._teacher_of(run.course, when)
        text = "每周三晚上答疑。视频看过再来，带上自己的问题。实操前把工艺卡写好。"
        talking.announce(run, "开班了，先看第一课", text, actor=teacher, now=when)
        first = Enrolment.objects.filter(run=run, state__in=("enrolled", "finished")).order_by("pk").first()
        asked = QUESTIONS.get(plan.code)
        if first is None or asked is None:
            return
        name, title, text, answer = asked
        when = at(opens + dt.timedelta(days=4), 21)
        yield when
        key = self.unit_key(run.course.code, name)
        author = self.acting(self.learners[first.person_id], when)
        thread = talking.ask(run, title, text, unit_key=key, actor=author, now=when)
        when = at(opens + dt.timedelta(days=5), 9, 40)
        yield when
        given = talking.reply(thread, answer, actor=self._teacher_of(run.course, when), now=when)
        when = at(opens + dt.timedelta(days=5), 12, 30)
        yield when
        talking.accept_reply(given, actor=self.acting(self.learners[first.person_id], when), now=when)
        when = at(self.today - dt.timedelta(days=1), 20, 50)
        yield when
        open_question = "这一课的做法，和我们机台的作业指导书对不上，听谁的？"
        talking.ask(run, open_question, "指导书是去年的版本。", actor=self.acting(self.learners[first.person_id], when), now=when)

    def unit_key(self, course: str, name: str) -> object:
        raise NotImplementedError

    def _one_tablet(self, run: Run) -> Thread:
        """Three of a team on the workshop's tablet in one evening: found, looked into, cleared."""
        rows = Enrolment.objects.filter(run=run, state="enrolled").select_related("person", "run__version__course", "run__school")
        day = self.today - dt.timedelta(days=2)
        there = list(rows.order_by("pk")[:3])
        unit = outline(run.version).units[0]
        for place, one in enumerate(there):
            when = at(day, 21, 3 + place * 17)
            yield when
            learner = Learner(one, self.learners[one.person_id], "midway", Random(place), device=TABLET)  # noqa: S311 -- lots
            study(learner, unit, actor=self.acting(learner.account, when), now=when)
        when = at(day + dt.timedelta(days=1), 1, 30)
        yield when
        look_through(day, actor=system("hours"), now=when)
        when = at(day + dt.timedelta(days=1), 10)
        yield when
        reason = "铆接工位的公用平板，当晚三人轮流学，班组长在场，已核实。"
        for finding in Finding.objects.filter(kind="device", day=day, state="open"):
            clear_finding(finding, reason=reason, actor=self.acting(self.office[Role.CLERK], when), now=when)


def _reached(units: Sequence[OutlineUnit], learner: Learner) -> list[OutlineUnit]:
    if learner.enrolment.state not in {"enrolled", "finished"}:
        return []
    wanted = [unit for unit in units if unit.kind != "live"]
    if learner.fate == "handed":
        task = next((place for place, unit in enumerate(wanted) if unit.kind == "assignment"), len(wanted) - 2)
        return wanted[: task + 1]
    count = math.ceil(len(wanted) * REACH.get(learner.fate, 0))
    return wanted if learner.fate == "finished" else wanted[: min(count, MOST_UNITS)]
