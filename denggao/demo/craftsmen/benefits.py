"""What craftsmen applied for: two calls for benefits, one that is over and one that runs, with applications in every state."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from denggao.demo.craftsmen.casting import Nominee
from denggao.demo.craftsmen.facts import ROUNDS, Fate
from denggao.demo.craftsmen.naming import REVOKED_ON, NamingThem, revoked_of
from denggao.demo.region import at
from denggao.demo.scans import scan
from denggao.demo.training_story.threads import Thread, after, before, merged
from denggao.engines.cases import actions as cases
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.models import Case, Round
from denggao.foundation.audit.actors import Actor, Role, system
from denggao.systems.craftsmen.benefits.actions import BENEFIT, confirm_outcome, note_told, propose_outcome, save_answers
from denggao.systems.craftsmen.benefits.models import BenefitApplication
from denggao.systems.craftsmen.forms.nomination import PAPERS

FIRST_CALL = dt.date(2022, 1, 17)
OPEN_SINCE, CLOSES_IN = 45, 50
CALL_ZH = (
    "面向称号在册的临港工匠：居住证积分、居转户、直接落户和杰出人才推荐，每人每项报一次。平台的测算供参考；材料由选树办公室核对后报主管部门，"
    "以主管部门的决定为准。"
)
CALL_EN = (
    "For craftsmen whose title is in force. What the platform reckons is a help; the office checks the papers and hands them over, "
    "the authority decides."
)
INCOMPLETE = "居住证明只有第一页，看不到起始日期，请补全。"
WITHOUT_PROOF = "单位未列入推荐名单，所附承诺书也没有本人签字；补正期满没有补充，不予报送。待单位列入名单后可以重新申报。"
FORWARDED = "材料齐全，测算与平台记录一致，同意报送。"
LETTER = "已以沪临工匠演〔2022〕007号函告知市人才服务中心（演示），附撤销决定。"
Outcome = BenefitApplication.Outcome
HOME: dict[str, str] = {"lives_since": "2016-03-01", "permit_since": "2015-06-15", "education": "college"}


@dataclass(frozen=True)
class Wish:
    """``who`` counts the craftsmen in force, over and over; None is the one whose title was revoked. ``days`` lie between the
    opening of the call and the submission. ``state`` is how far it came."""

    who: int | None
    kind: str
    state: str
    days: int
    declared: Mapping[str, str]
    remark: str = ""
    document: str = ""


OVER = (
    Wish(0, "points", "granted", 8, {**HOME, "other_points": "74"}, document="市人才服务中心积分确认通知（演示）〔2022〕0418号"),
    Wish(
        1, "settlement", "refused", 11, {**HOME, "scarce_skill": "yes"}, "本工种全区不足二十人。",
        "市人才服务中心不予受理决定（演示）〔2022〕0093号：职业未列入当年紧缺急需目录",
    ),
    Wish(2, "residence", "rejected", 15, {**HOME, "core_talent": "yes"}),
    Wish(None, "residence", "revoked", 20, {**HOME, "promise": "yes"}),
    Wish(3, "outstanding", "granted", 22, {}, "主要成果已由三家单位采用。", "市杰出人才推荐人选公布（演示）〔2022〕第3号"),
)  # fmt: skip
RUNNING = (
    Wish(0, "residence", "draft", 30, {**HOME, "promise": "yes"}),
    Wish(1, "residence", "check", 32, {**HOME, "promise": "yes", "core_talent": "no"}, "承诺书原件可随时提交。"),
    Wish(2, "points", "returned", 28, {**HOME, "other_points": "61"}),
    Wish(3, "settlement", "decide", 24, {**HOME, "education": "bachelor", "key_institution": "yes"}),
    Wish(4, "points", "with_authority", 14, {**HOME, "other_points": "88"}),
    Wish(5, "residence", "proposed", 6, {**HOME, "promise": "yes"}, document="市人才服务中心批复（演示）第1107号"),
)


class Helped(NamingThem):
    """Reckoned by the craftsman, checked and handed over by the office, decided by the authority."""

    def _benefits_of_then(self) -> Thread:
        yield at(FIRST_CALL, 9)
        round_ = self._call_benefits(FIRST_CALL, FIRST_CALL + dt.timedelta(days=60))
        yield from merged([self._applies(round_, wish) for wish in OVER])
        when = at(FIRST_CALL + dt.timedelta(days=200), 17)
        yield when
        cases.close_round(round_, actor=self.in_office(Role.CLERK, when), now=when)

    def _benefits_now(self) -> Thread:
        opens = self.today - dt.timedelta(days=OPEN_SINCE)
        yield at(opens, 9)
        round_ = self._call_benefits(opens, self.today + dt.timedelta(days=CLOSES_IN))
        yield from merged([self.until_now(self._applies(round_, wish)) for wish in RUNNING])

    def _call_benefits(self, opens: dt.date, closes: dt.date) -> Round:
        given = cases.RoundGiven(
            procedure=BENEFIT, title_zh=f"{opens.year}年工匠人才政策申报", title_en=f"Benefits for craftsmen {opens.year}",
            opens_at=at(opens, 9), closes_at=at(closes, 17), plan=self.plan, call_zh=CALL_ZH, call_en=CALL_EN,
            document=f"沪临工匠政演〔{opens.year}〕{opens.month:03d}号",
        )  # fmt: skip
        clerk = self.in_office(Role.CLERK, given.opens_at)
        return cases.open_round(cases.prepare_round(given, actor=clerk, now=given.opens_at), actor=clerk, now=given.opens_at)

    def _who(self, wish: Wish) -> Nominee:
        named = [one for plan in ROUNDS for one in self.cast.by_round[plan.year] if one.fate is Fate.NAMED]
        revoked = revoked_of(self.cast.by_round[ROUNDS[0].year])
        standing = [one for one in named if one is not revoked]
        return revoked if wish.who is None else standing[wish.who % len(standing)]

    def _applies(self, round_: Round, wish: Wish) -> Thread:
        nominee = self._who(wish)
        when = at(after(timezone.localdate(round_.opens_at) + dt.timedelta(days=wish.days - 1), 1), 19, 5 + nominee.serial % 50)
        yield when
        own = self.own(nominee, when)
        save_answers(self.people[nominee.serial], wish.declared, actor=own, now=when)
        case = cases.open_case(round_, person=self.people[nominee.serial], actor=own, now=when)
        for section, answers in self._wanted(case, wish, own, when).items():
            cases.save_draft(case, section=section, answers=answers, base_revision=0, actor=own, now=when)
        if wish.state == "draft":
            return
        when += dt.timedelta(minutes=25)
        yield when
        cases.submit_case(case, actor=own, now=when)
        when = at(after(when.date(), 3), 10, nominee.serial % 60)
        yield when
        yield from self._worked_on(case, wish, nominee, when)

    def _wanted(self, case: Case, wish: Wish, own: Actor, when: dt.datetime) -> dict[str, dict[str, Any]]:
        paper = attach_file(
            case, "居住证及单位证明.png", io.BytesIO(scan(6)), section="papers", field="papers", taken=PAPERS, limit=10_000_000,
            actor=own, now=when,
        )  # fmt: skip
        return {
            "benefit": {"kind": wish.kind, "remark": wish.remark},
            "declared": dict(wish.declared),
            "papers": {"papers": [str(paper.public_id)]},
        }

    def _worked_on(self, case: Case, wish: Wish, nominee: Nominee, when: dt.datetime) -> Thread:
        """By the office: half checked, sent back, turned down, or passed on."""
        case.refresh_from_db()
        clerk = self.in_office(Role.CLERK, when)
        if wish.state == "check":
            for item in list(case.declared.system.checklist(case))[:2]:
                cases.record_check(case, item=item.code, ok=True, actor=clerk, now=when)
        elif wish.state == "returned":
            remark = cases.FieldRemark("papers", "papers", "补全居住证明")
            cases.return_case(case, reason=INCOMPLETE, fields=[remark], actor=clerk, now=when)
        elif wish.state == "rejected":
            cases.record_check(case, item="home", ok=False, remark=WITHOUT_PROOF, actor=clerk, now=when)
            case.refresh_from_db()
            cases.reject_case(case, reason=WITHOUT_PROOF, actor=clerk, now=when)
        else:
            self._check(case, nominee, when)
            yield from self._handed_over(case, wish, after(when.date(), 2))

    def _handed_over(self, case: Case, wish: Wish, day: dt.date) -> Thread:
        if wish.state == "decide":
            return
        when = at(day, 15, 10)
        yield when
        approver = self.in_office(Role.APPROVER, when)
        cases.decide_case(case, approve=True, reason=FORWARDED, actor=approver, now=when)
        case.refresh_from_db()
        cases.award_case(case, actor=system("cases.award"), now=when + dt.timedelta(minutes=3))
        if wish.state == "revoked":
            yield from self._authority_told(case)
        elif wish.document:
            yield from self._decided(case, wish, after(day, 12))

    def _decided(self, case: Case, wish: Wish, day: dt.date) -> Thread:
        """By the authority; its paper is entered by one and confirmed by another."""
        when = at(day, 9, 40)
        yield when
        result = Outcome.REFUSED if wish.state == "refused" else Outcome.GRANTED
        application = BenefitApplication.objects.select_related("case", "person__account").get(case=case)
        proposed = propose_outcome(
            application, result=result, document=wish.document, decided_on=before(day, 1), actor=self.in_office(Role.CLERK, when),
            now=when,
        )  # fmt: skip
        if wish.state == "proposed":
            return
        when += dt.timedelta(hours=5)
        yield when
        confirm_outcome(proposed, actor=self.in_office(Role.APPROVER, when), now=when)

    def _authority_told(self, case: Case) -> Thread:
        """The title was revoked while it was there."""
        when = at(after(REVOKED_ON, 8), 10)
        yield when
        application = BenefitApplication.objects.select_related("case", "person").get(case=case)
        note_told(application, how=LETTER, actor=self.in_office(Role.CLERK, when), now=when)
