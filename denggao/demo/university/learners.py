"""Learners in every state: who has finished, who is midway, whose work waits to be marked, who is late, who left; and one whose
hours a script made."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from uuid import UUID

from django.db.models import QuerySet

from denggao.demo.region import at
from denggao.demo.training_story.threads import Thread, merged
from denggao.demo.university import studying
from denggao.demo.university.events import Events
from denggao.demo.university.facts import CLASSES, ClassPlan
from denggao.demo.university.selecting import Selecting
from denggao.demo.university.studying import Learner, begin, study
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.members.demo import make_demo_account
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.organisations.queries import employed_on
from denggao.foundation.people.models import Person
from denggao.systems.university.learning.actions import enrolling, runs
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.outlines import OutlineUnit
from denggao.systems.university.queries import outline

# How far into the course each goes; the rest of the units stay as they are.
REACH = {"finished": 1.0, "handed": 1.0, "midway": 0.5, "overdue": 0.35, "left": 0.25, "removed": 0.15, "script": 0.1}
MOST_UNITS = {"worker": 17, "": 8}
AIRFRAME = "上海长脊飞机装配有限公司（演示）"


class Learning(Events, Selecting):
    """The present: classes that are open today, and what happened in them."""

    def _learning(self) -> Thread:
        yield from merged([self.until_now(self._class(plan)) for plan in CLASSES])

    def _class(self, plan: ClassPlan) -> Thread:
        opens = self.today + dt.timedelta(days=plan.opens)
        when = at(min(opens, self.today) - dt.timedelta(days=4), 9)
        yield when
        run = self._open(plan, opens, when)
        if plan.entry == Run.Entry.SELECTED:
            yield from self._selection(run, [self.learners[person.pk] for person in self._coming(self._fates(plan, when), when)])
            return
        when = at(opens, 6, 30)
        yield when
        walks = [self._walk(run, plan, learner) for learner in self._enrol(run, plan, when)]
        others = [self._talk(run, plan, opens), self._live_class(run)]
        if plan.code == "turning":
            others += [self._one_tablet(run), self._by_hand(run)]
        yield from merged([*walks, *others])
        if run.closes_on is not None and run.closes_on < self.today:
            when = at(run.closes_on + dt.timedelta(days=1), 9)
            yield when
            runs.set_run_state(run, Run.State.CLOSED, actor=self.teaching(run.course, when), now=when)

    def _open(self, plan: ClassPlan, opens: dt.date, when: dt.datetime) -> Run:
        """With a class by link this week, and a third unit that is due after three weeks."""
        course = self.courses[plan.course]
        course.refresh_from_db()
        closes = None if plan.closes is None else self.today + dt.timedelta(days=plan.closes)
        facts = runs.RunFacts(plan.title, opens, closes, plan.seats, plan.entry)
        teacher = self.teaching(course, when)
        run = runs.open_run(course.school, course, facts, actor=teacher, now=when)
        units = list(outline(run.version).units)
        live = at(self.today + dt.timedelta(days=plan.live), 19)
        dates: dict[object, tuple[dt.datetime | None, dt.datetime | None]] = {
            unit.key: (live, None) for unit in units if unit.kind == "live"
        }
        if closes is not None:
            dates[units[2].key] = (None, at(opens + dt.timedelta(days=21), 23, 59))
        return runs.set_unit_dates(run, dates, actor=teacher, now=when)  # type: ignore[arg-type]  # keys of units

    # Who comes

    def _enrol(self, run: Run, plan: ClassPlan, when: dt.datetime) -> list[Learner]:
        fates = dict(self._fates(plan, when))
        people = self._coming(fates.items(), when)
        if plan.entry == Run.Entry.OPEN:
            for person in people:
                enrolling.enrol_self(run, actor=self.acting(self.learners[person.pk], when), now=when)
        else:
            self._bring(run, plan, people, fates, when)
        rows = Enrolment.objects.filter(run=run).select_related("person", "run__course", "run__version__course", "run__school")
        return [
            Learner(one, self.learners[one.person_id], fates[one.person_id], Random(f"{plan.code} {place}"))  # noqa: S311 -- lots
            for place, one in enumerate(rows.order_by("pk"))
        ]

    def _coming(self, fates: Iterable[tuple[int, str]], when: dt.datetime) -> list[Person]:
        """In their order, each with an account."""
        ids = [pk for pk, _fate in fates]
        people = list(Person.objects.filter(pk__in=ids).select_related("account"))
        people.sort(key=lambda person: ids.index(person.pk))
        for person in people:
            self._open_account(person, when)
        return people

    def _bring(self, run: Run, plan: ClassPlan, people: Sequence[Person], fates: Mapping[int, str], when: dt.datetime) -> None:
        """By their employer, or by the school: some with an earlier day, some are only asked to come."""
        late = [person for person in people if fates[person.pk] == "overdue"]
        asked = [person for person in people if fates[person.pk] == "invited"]
        rest = [person for person in people if person not in late and person not in asked]
        for group, due, invite in ((late, self.today - dt.timedelta(days=6), False), (rest, None, False), (asked, None, True)):
            if group and plan.entry == Run.Entry.EMPLOYER:
                hr, employer = self._employer(plan, when)
                enrolling.enrol_staff(employer, run, group, due_on=due, invite=invite, actor=hr, now=when)
            elif group:
                enrolling.enrol_persons(run, group, due_on=due, invite=invite, actor=self.teaching(run.course, when), now=when)

    def _employer(self, plan: ClassPlan, when: dt.datetime) -> tuple[Actor, Organisation]:
        if plan.of == "changji":
            body = Organisation.objects.get(name_zh=AIRFRAME)
            if "hr-2" not in self.accounts:
                user = make_demo_account("hr-2", Role.HR, body, actor=self.operator, now=when)
                self.accounts["hr-2"] = str(user.public_id)
            return self.acting(self.accounts["hr-2"], when), body
        shown = self._shown()
        assert shown is not None
        return self.in_office(Role.HR, when), shown

    def _fates(self, plan: ClassPlan, when: dt.datetime) -> Iterable[tuple[int, str]]:
        """Who comes, by database id, and what becomes of them: the demo's worker where the plan says so, then others."""
        if plan.of == "shown" and self._shown() is None:
            return []
        there = self._there(plan, when.date())
        worker = Person.objects.filter(account__public_id=self.office.get(Role.WORKER, UUID(int=0))).first()
        there = there.exclude(person_id__in=[person.pk for person in self.elsewhere.values()])
        ids = there.order_by("person_id").values_list("person_id", flat=True)[:400]
        pool = [pk for pk in dict.fromkeys(ids) if worker is None or pk != worker.pk]
        if plan.of == "others":
            pool.sort(key=lambda pk: pk in self.learners)
        if plan.worker and worker is not None and (plan.of == "others" or there.filter(person=worker).exists()):
            return [(worker.pk, plan.worker), *zip(pool, plan.learners, strict=False)]
        return zip(pool, plan.learners, strict=False)

    def _there(self, plan: ClassPlan, day: dt.date) -> QuerySet[Employment]:
        there, shown = employed_on(Employment.objects.all(), day), self._shown()
        if plan.of == "shown":
            return there.filter(employer=shown)
        if plan.of == "changji":
            return there.filter(employer__name_zh=AIRFRAME)
        return there.exclude(employer=shown).exclude(employer__name_zh=AIRFRAME)

    def _shown(self) -> Organisation | None:
        bodies = self.in_office(Role.HR, self.now).organisations_as(Role.HR) if Role.HR in self.office else ()
        return Organisation.objects.filter(pk__in=bodies).order_by("pk").first()

    def _open_account(self, person: Person, when: dt.datetime) -> None:
        if person.pk in self.learners:
            return
        if person.account is None:
            local = f"learner-{len(self.learners) + 1}"
            person.account = make_demo_account(local, None, None, person=person, actor=self.operator, now=when)
        self.learners[person.pk] = str(person.account.public_id)

    # What they do

    def _walk(self, run: Run, plan: ClassPlan, learner: Learner) -> Thread:
        units, after = self._reached(run, learner)
        slots = self._slots(run, plan, len(units) + (after is not None), learner)
        if learner.fate == "script":
            learner.scripted = next(unit.key for unit in reversed(units) if unit.kind == "reading")
        for unit, when in zip(units, slots, strict=False):
            yield when
            yield from self._study(learner, unit, when)
        if after is not None and len(slots) > len(units):
            yield slots[-1]
            begin(learner, after, actor=self.acting(learner.account, slots[-1]), now=slots[-1])
        if learner.fate in {"left", "removed"} and learner.enrolment.state == "enrolled":
            when = (slots[-1] if slots else at(run.opens_on, 12)) + dt.timedelta(hours=20)
            yield when
            self._ends(learner, when)

    def _study(self, learner: Learner, unit: OutlineUnit, when: dt.datetime) -> Thread:
        ended = study(learner, unit, actor=self.acting(learner.account, when), now=when)
        following = ended + dt.timedelta(hours=14)
        if unit.kind == "practical" or (unit.kind == "assignment" and learner.fate != "handed"):
            yield following
            studying.judge(learner, unit, actor=self.teaching(learner.enrolment.run.course, following), now=following)

    def _ends(self, learner: Learner, when: dt.datetime) -> None:
        enrolment = learner.enrolment
        if learner.fate == "left":
            enrolling.leave(enrolment, reason="调到夜班，下一期再学。", actor=self.acting(learner.account, when), now=when)
            return
        course = enrolment.run.course
        remover = self.in_office(Role.HR, when) if enrolment.employer_id else self.teaching(course, when)
        enrolling.remove(enrolment, reason="已离开本岗位，名额给新到的人。", actor=remover, now=when)

    def _reached(self, run: Run, learner: Learner) -> tuple[list[OutlineUnit], OutlineUnit | None]:
        """The units somebody has done, and the film or recording left in the middle after them."""
        if learner.enrolment.state not in {"enrolled", "finished"}:
            return [], None
        wanted = [unit for unit in outline(run.version).units if unit.kind != "live"]
        if learner.fate == "finished":
            return wanted, None
        if learner.fate == "handed":
            task = next((place for place, unit in enumerate(wanted) if unit.kind == "assignment"), len(wanted) - 2)
            return wanted[: task + 1], None
        most = MOST_UNITS["worker" if learner.account == self.office.get(Role.WORKER) else ""]
        count = min(math.ceil(len(wanted) * REACH.get(learner.fate, 0)), most)
        played = [place for place, unit in enumerate(wanted) if unit.kind in {"video", "audio"}]
        if learner.fate == "midway" and played:
            count = min(played, key=lambda place: (abs(place - count), -place))
            return wanted[:count], wanted[count]
        return wanted[:count], None

    def _slots(self, run: Run, plan: ClassPlan, count: int, learner: Learner) -> list[dt.datetime]:
        """So many moments between the class's first day and yesterday, at the hours of the plan: who finished did so a while ago,
        who is late stopped early."""
        first = run.opens_on + dt.timedelta(days=1)
        last = min(self.today, run.closes_on or self.today)
        days = max((last - first).days, 1)
        if learner.fate == "finished":
            days = max(round(days * learner.lot.uniform(0.55, 0.85)), 1)
        elif learner.account != self.office.get(Role.WORKER):
            days = max(days - learner.lot.randrange(4), 1)
        hours = [(day, hour) for day in range(days) for hour in plan.hours]
        every = [at(first + dt.timedelta(days=day), hour, 5 + learner.lot.randrange(30)) for day, hour in hours]
        if learner.fate in {"overdue", "left", "removed"}:
            every = every[: count * 2]
        if count >= len(every):
            return every
        # The demo's worker learns more of late than at first: there is a week to look at.
        bend = 0.5 if learner.account == self.office.get(Role.WORKER) and learner.fate == "midway" else 1
        return [every[round((place / max(count - 1, 1)) ** bend * (len(every) - 1))] for place in range(count)]
