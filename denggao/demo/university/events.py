"""What happens in a class beside learning: it is talked, met, doubted and put right."""

from __future__ import annotations

import datetime as dt
from random import Random

from denggao.demo.region import at
from denggao.demo.scans import scan
from denggao.demo.training_story.threads import Thread
from denggao.demo.university.facts import QUESTIONS, ClassPlan
from denggao.demo.university.packing import key_of
from denggao.demo.university.people import Company
from denggao.demo.university.studying import Learner, study
from denggao.engines.hours.actions.finding import clear_finding, look_through
from denggao.engines.hours.actions.fixing import Missing, answer_fix, ask_fix
from denggao.engines.hours.models import Finding, Fix
from denggao.engines.hours.policies import FIX_FILE
from denggao.foundation.audit.actors import Actor, Role, system
from denggao.foundation.files.actions import store_file
from denggao.systems.university.learning.actions import talking, working
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.learning.queries.steps import CONTEXT
from denggao.systems.university.queries import outline

TABLET = "4d1f" * 8


class Events(Company):
    """Announcements, questions, a class by link, a tablet that three share, hours put right by hand."""

    def _talk(self, run: Run, plan: ClassPlan, opens: dt.date) -> Thread:
        when = at(opens + dt.timedelta(days=1), 9)
        yield when
        text = "每周三晚上答疑。视频看过再来，带上自己的问题。实操前把工艺卡写好。"
        talking.announce(run, "开班了，先看第一课", text, actor=self.teaching(run.course, when), now=when)
        first = next(iter(self._of(run)), None)
        if first is None or plan.code not in QUESTIONS:
            return
        name, title, text, answer = QUESTIONS[plan.code]
        when = at(opens + dt.timedelta(days=4), 21)
        yield when
        thread = talking.ask(run, title, text, unit_key=key_of(run.course.code, name), actor=self._self(first, when), now=when)
        when = at(opens + dt.timedelta(days=5), 9, 40)
        yield when
        given = talking.reply(thread, answer, actor=self.teaching(run.course, when), now=when)
        when = at(opens + dt.timedelta(days=5), 12, 30)
        yield when
        talking.accept_reply(given, actor=self._self(first, when), now=when)
        when = at(self.today - dt.timedelta(days=1), 20, 50)
        yield when
        open_question = "这一课的做法，和我们机台的作业指导书对不上，听谁的？"
        talking.ask(run, open_question, "指导书是去年的版本。", actor=self._self(first, when), now=when)

    def _live_class(self, run: Run) -> Thread:
        """It was held four days ago; the day after, the teacher says who was there for how long."""
        unit = next((unit for unit in outline(run.version).units if unit.kind == "live"), None)
        if unit is None or run.opens_on >= self.today - dt.timedelta(days=5):
            return
        when = at(self.today - dt.timedelta(days=3), 9)
        yield when
        there = [working.Present(one, minutes) for one, minutes in zip(self._of(run), (45, 12, 0), strict=False)]
        held_on = when.date() - dt.timedelta(days=1)
        working.confirm_attendance(run, unit.key, held_on, 45, there, actor=self.teaching(run.course, when), now=when)

    def _one_tablet(self, run: Run) -> Thread:
        """Three of a class on the workshop's tablet in one evening: found, looked into, cleared."""
        day = self.today - dt.timedelta(days=2)
        there = list(self._of(run)[:3])
        unit = next(outline(run.version).units)
        for place, one in enumerate(there):
            when = at(day, 22, 3 + place * 17)
            yield when
            learner = Learner(one, self.learners[one.person_id], "midway", Random(place), device=TABLET)  # noqa: S311 -- lots
            study(learner, unit, actor=self._self(one, when), now=when)
        when = at(day + dt.timedelta(days=1), 1, 30)
        yield when
        look_through(day, actor=system("hours"), now=when)
        when = at(day + dt.timedelta(days=1), 10)
        yield when
        reason = "实训车间的公用平板，当晚三人轮流学，带班老师在场，已核实。"
        for finding in Finding.objects.filter(kind="device", day=day, state="open"):
            clear_finding(finding, reason=reason, actor=self.in_office(Role.CLERK, when), now=when)

    def _by_hand(self, run: Run) -> Thread:
        """Hours that no event stands for: those of one evening were confirmed, those of another wait for a second person."""
        there = list(self._of(run)[:2])
        for place, one in enumerate(there):
            day = self.today - dt.timedelta(days=9 - 5 * place)
            when = at(day + dt.timedelta(days=1), 9, 10)
            yield when
            fix = self._ask(run, one, day, self.teaching(run.course, when), when)
            if place == 0:
                when = at(day + dt.timedelta(days=2), 14)
                yield when
                answer_fix(fix, confirm=True, reason="签到表核对过。", actor=self.in_office(Role.CLERK, when), now=when)

    def _ask(self, run: Run, one: Enrolment, day: dt.date, teacher: Actor, when: dt.datetime) -> Fix:
        sheet = store_file(f"签到表{day:%m%d}.png", scan(4), kind=FIX_FILE, actor=teacher, now=when)
        what = Missing((CONTEXT, one.public_id), "practical", day, 90 * 60)
        reason = f"{day.month}月{day.day}日晚车间断网，加练两课时的签到在纸上。"
        return ask_fix(one.person, what, reason=reason, file=sheet, organisation=run.school.organisation, actor=teacher, now=when)

    def _of(self, run: Run) -> list[Enrolment]:
        """Who learns in a class now, in the order in which they came."""
        rows = Enrolment.objects.filter(run=run, state="enrolled").select_related("person__account")
        return list(rows.select_related("run__course", "run__version__course", "run__school__organisation").order_by("pk"))

    def _self(self, one: Enrolment, when: dt.datetime) -> Actor:
        return self.acting(self.learners[one.person_id], when)
