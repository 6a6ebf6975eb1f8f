"""Two rounds that are over, one that runs, and a title that was revoked: told through everybody's own actions, as threads."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from denggao.demo.craftsmen.benefits import Helped
from denggao.demo.craftsmen.casting import Nominee
from denggao.demo.craftsmen.facts import BEFORE_JURY, ROUNDS, Fate, RoundPlan
from denggao.demo.craftsmen.honours import Honours
from denggao.demo.craftsmen.naming import passed, revoked_of
from denggao.demo.craftsmen.present import Present
from denggao.demo.region import at
from denggao.demo.training_story.threads import Thread, after, merged
from denggao.engines.cases import actions as cases
from denggao.foundation.audit.actors import Role


class CraftsmenStory(Present, Honours, Helped):
    """The whole of it."""

    def threads(self) -> list[Thread]:
        rounds = [self._round(plan) for plan in ROUNDS]
        pages = [self._pages(plan) for plan in ROUNDS]
        taught = [self._learners(0), self._learners(1), self._elders(), self._now()]
        after_it = [self._studios(0), self._studios(1), self._mentors(), self._candidates()]
        helped = [self._benefits_of_then(), self._benefits_now()]
        return [self._people(), *rounds, *pages, *taught, *after_it, *helped, self._running()]

    def _round(self, plan: RoundPlan) -> Thread:
        opens, closes = at(plan.opens, 9), at(plan.closes, 17)
        yield opens
        nominees = self.cast.by_round[plan.year]
        judged = [one for one in nominees if one.fate not in {Fate.UNFIT, Fate.DECLINED}]
        seats = Counter(one.trade.industry for one in nominees if one.fate in BEFORE_JURY)
        document = f"沪临工匠演〔{plan.year}〕{plan.opens.month:03d}号"
        round_ = self._open_round((plan.title_zh, plan.title_en), opens, closes, document, seats, passed(nominees))
        yield from merged([self._until_checked(round_, one, self._first_day(plan, one)) for one in nominees])
        when = at(after(plan.closes, 4), 17)
        yield when
        cases.close_round(round_, actor=self.in_office(Role.CLERK, when), now=when)
        begins = after(plan.closes, 5)
        yield from self._review(judged, begins)
        judged_on = after(begins, 6)
        yield from self._interviews(round_, plan.title_zh, after(judged_on, 1), after(judged_on, 3))
        yield from self._rank(round_, after(judged_on, 5))
        yield from self._jury(round_, plan.title_zh, nominees, plan.jury)
        yield from self._notice(plan, nominees, after(plan.jury, 2))
        yield from self._name(plan, round_, nominees)
        if plan.year == ROUNDS[0].year:
            yield from self._revocation(revoked_of(nominees))

    def _first_day(self, plan: RoundPlan, nominee: Nominee) -> dt.date:
        """Spread over the call, none so late that the check would not be done when it closes."""
        days = (plan.closes - plan.opens).days - 8
        return after(plan.opens + dt.timedelta(days=1 + nominee.place * 11 % days), 1)
