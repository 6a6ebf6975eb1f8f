"""From the call to the check: who nominates whom, what is told, and whether the other side agrees."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from denggao.demo.craftsmen.casting import Nominee
from denggao.demo.craftsmen.facts import Fate
from denggao.demo.craftsmen.people import Guild
from denggao.demo.region import at
from denggao.demo.scans import scan
from denggao.demo.training_story.threads import Walk, after
from denggao.engines.cases import actions as cases
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.models import Case, Consent, Round
from denggao.foundation.audit.actors import Actor, Role
from denggao.systems.craftsmen.actions.terms import keep_terms
from denggao.systems.craftsmen.queries import NOMINATION

CHANNELS: dict[str, dict[str, Any]] = {
    "employer": {"open": True, "most": None, "stamp": False},
    "association": {"open": True, "most": 8, "stamp": False},
    "self": {"open": True, "most": None, "stamp": True},
}
UNFIT = (
    "岗位为管理岗，不属于生产、技术一线，不符合选树条件。",
    "主要成果的完成时间和本人作用无法核实，材料与单位出具的证明不一致。",
    "“高超技能”一项没有可核实的数据，补正通知期满仍未补充。",
)
CALL_ZH = (
    "面向新片区四个重点产业的一线职工。单位推荐、行业协会和工会推荐、个人自荐三个渠道任选其一；须具备工艺专长、高超技能、领军作用、"
    "突出贡献四项条件，并有可核实的数据。"
)
CALL_EN = (
    "For front-line workers of the four industries, by one of three channels. All four conditions are told, with figures that can "
    "be checked."
)


@dataclass
class Nominating(Guild):
    """Calls, nominations, consents, checks. ``cases`` by the nominee's serial."""

    cases: dict[int, Case] = field(default_factory=dict)

    def _open_round(
        self, title: tuple[str, str], opens: dt.datetime, closes: dt.datetime, document: str, seats: Mapping[str, int], quota: int
    ) -> Round:
        """``seats`` by industry are the places before the jury; ``quota`` is how many it may pass."""
        given = cases.RoundGiven(
            procedure=NOMINATION,
            title_zh=title[0],
            title_en=title[1],
            opens_at=opens,
            closes_at=closes,
            plan=self.plan,
            call_zh=CALL_ZH,
            call_en=CALL_EN,
            document=document,
            quota=quota,
            options={"review": {"seats": 3}, "rank": {"groups": dict(seats), "places": sum(seats.values())}},
        )
        clerk = self.in_office(Role.CLERK, opens)
        round_ = cases.prepare_round(given, actor=clerk, now=opens)
        day = opens.date()
        calendar = [
            {"on": day.isoformat(), "zh": "开始推荐", "en": "Nominations begin"},
            {"on": closes.date().isoformat(), "zh": "推荐截止", "en": "Nominations end"},
            {"on": after(closes.date(), 15).isoformat(), "zh": "专家评审结束", "en": "Experts have judged"},
            {"on": after(closes.date(), 25).isoformat(), "zh": "评委会会议", "en": "The jury meets"},
            {"on": after(closes.date(), 28).isoformat(), "zh": "公示", "en": "Public notice"},
        ]
        keep_terms(round_, channels=CHANNELS, conditions_least=None, calendar=calendar, actor=clerk, now=opens)
        return cases.open_round(round_, actor=clerk, now=opens)

    def writer(self, nominee: Nominee, when: dt.datetime) -> Actor:
        return self.own(nominee, when) if nominee.channel == "self" else self.nominator(nominee, when)[1]

    def _draft(self, round_: Round, nominee: Nominee, when: dt.datetime) -> Case:
        writer = self.writer(nominee, when)
        if nominee.channel == "self":
            case = cases.open_case(round_, person=self.people[nominee.serial], actor=writer, now=when)
        else:
            case = cases.open_case(round_, body=self.nominator(nominee, when)[0], actor=writer, now=when)
        for section, answers in self._answers(case, nominee, writer, when).items():
            cases.save_draft(case, section=section, answers=answers, base_revision=0, actor=writer, now=when)
        return case

    def _submitted(self, round_: Round, nominee: Nominee, when: dt.datetime) -> Case:
        case = self._draft(round_, nominee, when)
        return cases.submit_case(case, actor=self.writer(nominee, when), now=when + dt.timedelta(minutes=30))

    def _answers(self, case: Case, nominee: Nominee, writer: Actor, when: dt.datetime) -> dict[str, dict[str, Any]]:
        told, alone = nominee.told, nominee.channel == "self"
        papers = [self._paper(case, "证明材料.png", "papers", writer, when)]
        photos = [self._paper(case, "工作照.png", "photos", writer, when)] if nominee.with_care else []
        shown = {} if alone else {"shown_from": _day(when, -9), "shown_to": _day(when, -2)}
        return {
            "nominee": {
                "name": nominee.name, "document_number": "" if alone else nominee.number, "industry": nominee.trade.industry,
                "occupation": nominee.trade.occupation, "post": nominee.post,
                "front_line_years": str(max(when.year - nominee.since, 1)), "nationality": "chinese", "union_member": "on",
                "motto": told["motto"],
            },
            "conditions": dict(told["conditions"]),
            "deeds": {
                "story": told["story"].strip(),
                **{table: told[table] for table in ("works", "patents", "awards", "standards", "taught") if told.get(table)},
            },
            "evidence": {"papers": papers, "photos": photos},
            "opinion": {"opinion": "" if alone else told["opinion"], **shown},
        }  # fmt: skip

    def _paper(self, case: Case, name: str, asked: str, writer: Actor, when: dt.datetime) -> str:
        lines = 5 + case.pk % 2
        stored = attach_file(
            case, name, io.BytesIO(scan(lines)), section="evidence", field=asked, taken=("pdf", "png", "jpeg"), limit=10_000_000,
            actor=writer, now=when,
        )  # fmt: skip
        return str(stored.public_id)

    # Consent and check

    def _asked(self, case: Case) -> Consent:
        return Consent.objects.get(case=case, state=Consent.State.ASKED)

    def _other_side(self, nominee: Nominee, when: dt.datetime) -> Actor:
        """Who must agree: the nominee whom somebody else puts forward; the employer of who nominates oneself."""
        return self.hr_of(nominee.employer, when) if nominee.channel == "self" else self.own(nominee, when)

    def _agrees(self, case: Case, nominee: Nominee, when: dt.datetime) -> None:
        asked = self._asked(case)
        cases.agree(asked, hash_seen=asked.content_hash, actor=self._other_side(nominee, when), now=when)
        case.refresh_from_db()

    def _declines(self, case: Case, nominee: Nominee, when: dt.datetime) -> None:
        asked, reason = self._asked(case), "今年刚换到新线，成果还不够，想再做两年。"
        cases.decline(asked, reason=reason, hash_seen=asked.content_hash, actor=self._other_side(nominee, when), now=when)

    def _until_checked(self, round_: Round, nominee: Nominee, first: dt.date) -> Walk:
        """From the nomination, on the first day, to what the check says. Returns the day of the last step."""
        when = at(first, 9 + nominee.serial % 8, nominee.serial % 55)
        yield when
        case = self.cases[nominee.serial] = self._submitted(round_, nominee, when)
        when = at(after(first, 1), 18 + nominee.serial % 3, 5)
        yield when
        if nominee.fate is Fate.DECLINED:
            self._declines(case, nominee, when)
            return when.date()
        self._agrees(case, nominee, when)
        when = at(after(first, 3 + nominee.serial % 3), 10, nominee.serial % 60)
        yield when
        self._check(case, nominee, when)
        return when.date()

    def _check(self, case: Case, nominee: Nominee, when: dt.datetime) -> None:
        clerk = self.in_office(Role.CLERK, when)
        if nominee.fate is Fate.UNFIT:
            reason = UNFIT[nominee.serial % len(UNFIT)]
            cases.record_check(case, item="conditions", ok=False, remark=reason, actor=clerk, now=when)
            case.refresh_from_db()
            cases.reject_case(case, reason=reason, actor=clerk, now=when)
            return
        for item in case.declared.system.checklist(case):
            cases.record_check(case, item=item.code, ok=True, actor=clerk, now=when)
        case.refresh_from_db()
        cases.pass_check(case, actor=clerk, now=when)
        case.refresh_from_db()


def _day(when: dt.datetime, days: int) -> str:
    return (when.date() + dt.timedelta(days=days)).isoformat()
