"""The round that is open today: nominations at every stage."""

from __future__ import annotations

import datetime as dt

from denggao.demo.craftsmen.casting import Nominee
from denggao.demo.craftsmen.facts import INDUSTRIES, Fate
from denggao.demo.craftsmen.judging import Judging
from denggao.demo.region import at
from denggao.demo.training_story.threads import Thread, after, before, merged
from denggao.engines.cases import actions as cases
from denggao.engines.cases.models import Round
from denggao.engines.reviews.actions.conflicts import declare_conflict
from denggao.foundation.audit.actors import Role

OPEN_SINCE, CLOSES_IN, QUOTA = 34, 14, 40
CHANGES = "第二项成果是我和班组一起做的，请把另外三个人的名字写上。"
RETURNED = "“突出贡献”一项的节约金额没有计算过程，请补充财务证明。"
CONFLICT = "人选曾是我带的徒弟，申请回避。"
# How many working days ago each was handed in, at the least.
AGO = {Fate.SCORED: 17, Fate.RECUSED: 16, Fate.RETURNED: 10, Fate.CHECKED: 7, Fate.WITHDRAWN: 12, Fate.DECLINED: 9}


class Present(Judging):
    """As far as it has come by now."""

    def _running(self) -> Thread:
        opens = at(self.today - dt.timedelta(days=OPEN_SINCE), 9)
        yield opens
        title = (f"{opens.year}年临港工匠选树", f"Lingang craftsmen {opens.year}")
        closes = at(self.today + dt.timedelta(days=CLOSES_IN), 17)
        seats = dict.fromkeys(INDUSTRIES, 12)
        round_ = self._open_round(title, opens, closes, f"沪临工匠演〔{opens.year}〕{opens.month:03d}号", seats, QUOTA)
        yield from merged([self.until_now(self._walk(round_, nominee)) for nominee in self.cast.by_round[0]])
        when = self.now - dt.timedelta(hours=1)
        yield when
        self._plan_interviews(round_, title[0], after(self.today, 6), when)

    def _walk(self, round_: Round, nominee: Nominee) -> Thread:
        first = before(self.today, AGO.get(nominee.fate, 3) + nominee.serial % 3)
        when = at(first, 10 + nominee.serial % 6, nominee.serial % 50)
        if nominee.fate is Fate.DRAFT:
            yield when
            self._draft(round_, nominee, when)
            return
        if nominee.fate in {Fate.SCORED, Fate.RECUSED}:
            yield from self._judged(round_, nominee, first)
            return
        yield when
        case = self.cases[nominee.serial] = self._submitted(round_, nominee, when)
        if nominee.fate in {Fate.ASKED, Fate.STAMP}:
            return
        when += dt.timedelta(hours=9)
        yield when
        if nominee.fate is Fate.CHANGES:
            asked = self._asked(case)
            other = self._other_side(nominee, when)
            cases.ask_for_changes(asked, reason=CHANGES, hash_seen=asked.content_hash, actor=other, now=when)
            return
        if nominee.fate is Fate.DECLINED:
            self._declines(case, nominee, when)
            return
        self._agrees(case, nominee, when)
        when += dt.timedelta(days=2)
        yield when
        if nominee.fate is Fate.WITHDRAWN:
            cases.withdraw_case(case, reason="人选调离一线，撤回推荐。", actor=self.writer(nominee, when), now=when)
            return
        clerk = self.in_office(Role.CLERK, when)
        if nominee.fate is Fate.RETURNED:
            remark = cases.FieldRemark("conditions", "contribution", "补充计算过程")
            cases.return_case(case, reason=RETURNED, fields=[remark], actor=clerk, now=when)
            return
        for item in list(case.declared.system.checklist(case))[:3]:
            cases.record_check(case, item=item.code, ok=True, actor=clerk, now=when)

    def _judged(self, round_: Round, nominee: Nominee, first: dt.date) -> Thread:
        """With the experts: some sheets are in, one half filled; of one an expert turned out to know the nominee."""
        checked = yield from self._until_checked(round_, nominee, first)
        case = self.cases[nominee.serial]
        when = at(checked + dt.timedelta(days=1), 14, nominee.serial % 60)
        yield when
        self._ask_experts([case], when)
        if nominee.fate is Fate.RECUSED:
            when += dt.timedelta(hours=3)
            yield when
            seat = self._seats(case)[0]
            declare_conflict(seat, reason=CONFLICT, actor=self.acting(self.experts[seat.expert_id], when), now=when)
        for place, seat in enumerate(self._seats(case)[: 1 + nominee.serial % 2]):
            when += dt.timedelta(days=1, minutes=10 * place)
            yield when
            self._score(seat, nominee, place, when, submits=place == 0)
