"""The public notice, the order, the naming; and a title that was taken away again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from denggao.demo.craftsmen.casting import Nominee
from denggao.demo.craftsmen.facts import PASSED, Fate, RoundPlan
from denggao.demo.craftsmen.judging import Judging
from denggao.demo.region import at
from denggao.demo.scans import scan
from denggao.demo.training_story.threads import Thread, after
from denggao.engines.cases import actions as cases
from denggao.engines.cases.actions.noticing import publish_notice
from denggao.engines.cases.models import Case, Consent, Round
from denggao.engines.notices.actions import close_due_notices, object_to, rule_on_objection, take_up
from denggao.engines.notices.models import Notice, NoticeItem, Objection
from denggao.foundation.audit.actors import Role, system, visitor
from denggao.foundation.files.actions import store_file
from denggao.systems.craftsmen.actions.naming import record_naming_order
from denggao.systems.craftsmen.actions.revoking import confirm_act, keep_medal, propose_act
from denggao.systems.craftsmen.models import Craftsman, CraftsmanAct, Medal
from denggao.systems.craftsmen.policies import EVIDENCE

REVOKED_ON = dt.date(2022, 5, 17)
UPHELD = (
    "“主要成果”中的改造方案由班组共同完成，申报材料写成本人独立完成，请核查。",
    "经调阅项目档案并询问当事人，申报材料对本人作用的表述与事实不符，异议成立，取消本次公示人选资格。",
)
DISMISSED = (
    "公示的年节约金额偏高，请说明是怎么算的。",
    "财务部门提供了两年的领料与返修台账，金额按报废减少量乘以当年采购价计算，可以复核，异议不成立。",
)
BACKS_OUT = "本人已确定年内回原籍工作，请求退出本次评选，把名额留给别人。"
FORGED = "申报时提交的一份获奖证书经发证单位书面确认系伪造，命名所依据的材料不实。"


class NamingThem(Judging):
    """From the jury's list to medals handed over."""

    def _standing(self, nominees: Sequence[Nominee], stage: str) -> list[Case]:
        ids = [self.cases[nominee.serial].pk for nominee in nominees]
        return list(Case.objects.with_labels().filter(pk__in=ids, state="open", stage_kind=stage).order_by("number"))

    def _notice(self, plan: RoundPlan, nominees: Sequence[Nominee], day: dt.date) -> Thread:
        when = at(day, 9)
        yield when
        title = f"{plan.year}年“临港工匠”拟命名人选公示"
        notice = publish_notice(
            self._standing(nominees, "notice"), title_zh=title, title_en=f"Proposed Lingang craftsmen {plan.year}",
            actor=self.in_office(Role.CLERK, when), now=when,
        )  # fmt: skip
        against = next((one for one in nominees if one.fate is Fate.UPHELD), None)
        if against is not None:
            yield from self._objection(notice, against, UPHELD, day, upheld=True)
        quiet = next(one for one in reversed(nominees) if one.fate is Fate.NAMED)
        yield from self._objection(notice, quiet, DISMISSED, after(day, 2), upheld=False)
        leaving = next((one for one in nominees if one.fate is Fate.BACKED_OUT), None)
        if leaving is not None:
            when = at(after(day, 4), 20, 15)
            yield when
            given = Consent.objects.get(case=self.cases[leaving.serial], state=Consent.State.AGREED)
            cases.take_back_consent(given, reason=BACKS_OUT, actor=self._other_side(leaving, when), now=when)
        notice.refresh_from_db()
        assert notice.last_on is not None
        when = at(notice.last_on + dt.timedelta(days=1), 0, 10)
        yield when
        close_due_notices(now=when)

    def _objection(self, notice: Notice, nominee: Nominee, words: tuple[str, str], day: dt.date, *, upheld: bool) -> Thread:
        when = at(after(day, 1), 11, 5)
        yield when
        item = NoticeItem.objects.select_related("notice").get(notice=notice, subject_id=self.cases[nominee.serial].public_id)
        kind = Objection.Kind.NAMED if upheld else Objection.Kind.PROTECTED
        received = object_to(
            notice, item, kind=kind, name="赵望潮", contact="15400000002", text=words[0], actor=visitor("web:demo"), now=when
        )  # fmt: skip
        when = at(after(day, 2), 9, 40)
        yield when
        take_up(received.objection, actor=self.in_office(Role.REVIEWER, when), now=when)
        when += dt.timedelta(hours=5)
        yield when
        rule_on_objection(
            received.objection, upheld=upheld, consequence="end" if upheld else "none", reason=words[1],
            actor=self.in_office(Role.APPROVER, when), now=when,
        )  # fmt: skip

    def _name(self, plan: RoundPlan, round_: Round, nominees: Sequence[Nominee]) -> Thread:
        when = at(plan.named_on, 15)
        yield when
        record_naming_order(
            round_, number=plan.order, title=f"关于命名{plan.year}年“临港工匠”的决定", issued_on=plan.named_on,
            actor=self.in_office(Role.CLERK, when), now=when,
        )  # fmt: skip
        when += dt.timedelta(minutes=40)
        yield when
        waiting = self._standing(nominees, "decide")
        done = cases.pass_many(
            waiting, reason="评审、公示程序完备，同意命名。", actor=self.in_office(Role.APPROVER, when), now=when
        )
        when += dt.timedelta(minutes=5)
        yield when
        for one in done:
            assert one.done, one.sentence
            one.case.refresh_from_db()
            cases.award_case(one.case, actor=system("cases.award"), now=when)
        when = at(after(plan.named_on, 7), 14, 30)
        yield when
        for medal in Medal.objects.filter(craftsman__nomination__round=round_, state=Medal.State.MADE).select_related("craftsman"):
            keep_medal(medal, state=Medal.State.HELD, on=when.date(), actor=self.in_office(Role.CLERK, when), now=when)

    def craftsman(self, nominee: Nominee) -> Craftsman:
        return Craftsman.objects.select_related("person", "employer", "plan").get(case=self.cases[nominee.serial])

    def _revocation(self, nominee: Nominee) -> Thread:
        """Proposed by one, confirmed by another; the medal comes back."""
        when = at(REVOKED_ON, 10)
        yield when
        clerk, craftsman = self.in_office(Role.CLERK, when), self.craftsman(nominee)
        paper = store_file("发证单位复函.png", scan(5), kind=EVIDENCE, actor=clerk, now=when)
        act = propose_act(
            craftsman, kind=CraftsmanAct.Kind.REVOKE, grounds=CraftsmanAct.Grounds.FORGED, reason=FORGED,
            document="沪临工匠演〔2022〕006号", evidence=paper, actor=clerk, now=when,
        )  # fmt: skip
        when = at(after(REVOKED_ON, 5), 16)
        yield when
        confirm_act(act, reason="证据充分，同意撤销。", actor=self.in_office(Role.APPROVER, when), now=when)
        when = at(after(REVOKED_ON, 12), 11)
        yield when
        medal = Medal.objects.select_related("craftsman").get(craftsman=craftsman)
        keep_medal(medal, state=Medal.State.RETURNED, on=when.date(), actor=self.in_office(Role.CLERK, when), now=when)


def passed(nominees: Sequence[Nominee]) -> int:
    return sum(one.fate in PASSED for one in nominees)


def revoked_of(nominees: Sequence[Nominee]) -> Nominee:
    """Whose title was revoked: the last who was named and not written with care."""
    return next(one for one in reversed(nominees) if one.fate is Fate.NAMED and not one.with_care)
