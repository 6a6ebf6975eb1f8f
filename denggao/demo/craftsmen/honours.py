"""What comes after the title: special mentors at training bases with what they taught there, and candidates of the city's own
selections in two years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from denggao.demo.craftsmen.casting import Nominee
from denggao.demo.craftsmen.teaching import Teaching
from denggao.demo.region import at
from denggao.demo.training_story.threads import Thread, merged
from denggao.foundation.audit.actors import Role
from denggao.foundation.organisations.models import Organisation
from denggao.systems.craftsmen.lane import actions as lane
from denggao.systems.craftsmen.lane.models import Selection
from denggao.systems.craftsmen.mentors.actions.duties import DutyGiven, answer_duty, confirm_duty, propose_duty
from denggao.systems.craftsmen.mentors.actions.sessions import SessionGiven, answer_session, enter_session
from denggao.systems.craftsmen.mentors.models import MentorDuty

# By trade: the place in the list of applicants of the base that teaches it.
BASE_OF = {
    "飞机装配工": 0, "车工": 1, "铣工": 1, "晶片加工工": 2, "半导体芯片制造工": 2, "发酵工程制药工": 3, "药物制剂工": 3,
    "半导体分立器件和集成电路装调工": 4, "工业机器人系统运维员": 5, "工业视觉系统运维员": 5, "人工智能训练师": 6,
    "航空发动机装配工": 7, "医疗器械装配工": 8, "疫苗制品工": 8, "电子专用设备装调工": 9, "无损检测员": 0,
}  # fmt: skip
SESSIONS = ("从一件废品讲起", "上手：分组实操", "各人讲一件差点弄错的事")
RECOMMENDATION = "长期在一线，成果可复核，带徒成效明显，推荐参加选树。"


@dataclass
class Honours(Teaching):
    """``managers`` are the accounts of the training bases, ``sites`` their bodies, in one order."""

    managers: Sequence[str] = field(default_factory=list)
    sites: Sequence[Organisation] = field(default_factory=list)

    def _mentors(self) -> Thread:
        """Some months ago, for a year: proposed by the base, accepted, confirmed; the last waits for an answer."""
        careful = [one for one in self.cast if one.with_care and one.trade.occupation in BASE_OF]
        first = self.today - dt.timedelta(days=150)
        yield at(first, 9)
        walks = [
            self.until_now(self._mentor(one, first + dt.timedelta(days=place * 3), answers=one is not careful[-1]))
            for place, one in enumerate(careful)
        ]
        yield from merged(walks)

    def _mentor(self, nominee: Nominee, day: dt.date, *, answers: bool) -> Thread:
        when = at(day, 10)
        yield when
        place = BASE_OF[nominee.trade.occupation]
        given = DutyGiven(
            day + dt.timedelta(days=14), day + dt.timedelta(days=378), nominee.told["works"][0]["title"], 48, learners_at_once=4
        )
        manager = self.acting(self.managers[place], when)
        duty = propose_duty(self.craftsman(nominee), self.sites[place], given, actor=manager, now=when)
        if not answers:
            return
        when = at(day + dt.timedelta(days=2), 19)
        yield when
        answer_duty(self._duty(duty), accept=True, actor=self.own(nominee, when), now=when)
        when = at(day + dt.timedelta(days=5), 10)
        yield when
        confirm_duty(self._duty(duty), actor=self.in_office(Role.APPROVER, when), now=when)
        for number, topic in enumerate(SESSIONS):
            when = at(given.from_on + dt.timedelta(days=12 + 21 * number), 18)
            yield when
            taught = SessionGiven(when.date(), dt.time(13, 30), dt.time(16, 30), topic, 8 + (nominee.serial + number) % 9)
            session = enter_session(self._duty(duty), taught, actor=self.own(nominee, when), now=when)
            when += dt.timedelta(hours=15)
            yield when
            if number < 2 or nominee.serial % 2:
                answer_session(session, agree=True, actor=self.acting(self.managers[place], when), now=when)

    def _duty(self, duty: MentorDuty) -> MentorDuty:
        found = MentorDuty.objects.select_related("craftsman__person__account", "craftsman__plan", "place", "appointment")
        return found.get(pk=duty.pk)

    def _candidates(self) -> Thread:
        """Last year's were handed over and decided: one accepted, one not; this year's are being prepared."""
        named = [one for one in self.cast if one.with_care]
        when = at(dt.date(self.today.year - 1, 6, 9), 10)
        yield when
        clerk = self.in_office(Role.CLERK, when)
        found = [self.craftsman(one) for one in named[:3]]
        last = lane.propose_candidates(
            found, selection=Selection.SHANGHAI, year=when.year, recommendation=RECOMMENDATION, actor=clerk, now=when
        ).made
        for one in last:
            lane.make_file(one, actor=clerk, now=when + dt.timedelta(hours=1))
        when = at(dt.date(self.today.year - 1, 6, 20), 15)
        yield when
        for one in last:
            one.refresh_from_db()
        clerk = self.in_office(Role.CLERK, when)
        letter, office = f"沪临工匠演〔{when.year}〕031号", "上海工匠选树办公室（演示）"
        lane.hand_over(last, document=letter, recipient=office, on=when.date(), actor=clerk, now=when)
        when = at(dt.date(self.today.year - 1, 9, 22), 10)
        yield when
        for one, accepted in zip(last, (True, False), strict=False):
            one.refresh_from_db()
            outcome = lane.propose_outcome(
                one, accepted=accepted, decided_on=when.date(), document=f"演示公布〔{when.year}〕9号",
                actor=self.in_office(Role.CLERK, when), now=when,
            )  # fmt: skip
            lane.confirm_outcome(outcome, actor=self.in_office(Role.APPROVER, when), now=when + dt.timedelta(hours=4))
        when = self.now - dt.timedelta(days=20)
        yield when
        clerk = self.in_office(Role.CLERK, when)
        found = [self.craftsman(one) for one in named[3:6]]
        now = lane.propose_candidates(
            found, selection=Selection.SHANGHAI, year=self.today.year, recommendation=RECOMMENDATION, actor=clerk, now=when
        ).made
        for one in now[:1]:
            lane.make_file(one, actor=clerk, now=when + dt.timedelta(hours=1))
