"""Expert review with its visit and scores, and the public notice that follows."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from denggao.demo.region import at
from denggao.demo.training import SITES, Site
from denggao.demo.training_story.applying import Applying
from denggao.demo.training_story.threads import Walk, after
from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.engines.notices.actions import close_due_notices, object_to, rule_on_objection, take_up
from denggao.engines.notices.models import NoticeItem, Objection
from denggao.engines.reviews.actions.assigning import accept_assignment, assign_automatically
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.actions.visits import RecordGiven, VisitGiven, plan_visit, record_visit
from denggao.engines.reviews.models import Assignment, Panel
from denggao.foundation.audit.actors import Role, visitor

REMARKS = ("设备完好，台账清楚。", "场地分区合理，安全标识到位。", "师资结构合理，双师比例较高。", "课程与岗位对应，记录可核。")


class Judging(Applying):
    """Panels, scores, notices, an objection."""

    def _panel(self, case: Case) -> Panel:
        return Panel.objects.filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id).order_by("-pk").get()

    def _review(self, case: Case, number: int, checked_on: dt.date) -> Walk:
        when = at(after(checked_on, 2), 14)
        yield when
        site = SITES[number]
        assign_automatically([self._panel(case)], actor=self._office(Role.REVIEWER, when), now=when)
        when = at(after(checked_on, 7), 9, 30)
        yield when
        self._visit(case, site, when)
        for place, assignment in enumerate(self._seats(case)):
            when = at(after(checked_on, 8), 10 + place, 12)
            yield when
            self._score(assignment, number, place, when)
        when = at(after(checked_on, 9), 15)
        yield when
        panel = self._panel(case)
        if panel.state != Panel.State.CLOSED:
            close_panel(panel, actor=self._office(Role.REVIEWER, when), now=when)
        case.refresh_from_db()
        return when.date()

    def _seats(self, case: Case) -> list[Assignment]:
        seats = Assignment.objects.filter(panel=self._panel(case)).exclude(state__in=["declined", "set_aside"])
        return list(seats.select_related("expert__person", "panel__rubric_version").order_by("pk"))

    def _visit(self, case: Case, site: Site, when: dt.datetime) -> None:
        panel, reviewer = self._panel(case), self._office(Role.REVIEWER, when)
        given = VisitGiven(when.date(), "临港新片区演示路（演示）", Decimal(str(site.longitude)), Decimal(str(site.latitude)))
        seats = self._seats(case)
        for assignment in seats:
            accept_assignment(assignment, actor=self._as(self.experts[assignment.expert_id], when), now=when)
        visit = plan_visit(panel, given=given, actor=reviewer, now=when - dt.timedelta(hours=1))
        findings = f"实地察看{site.size}个工位，与申报材料一致。{self.lot.choice(REMARKS)}"
        record = RecordGiven(experts=[assignment.expert for assignment in seats], findings=findings)
        record_visit(visit, given=given, record=record, actor=reviewer, now=when + dt.timedelta(hours=4))

    def _score(self, assignment: Assignment, number: int, place: int, when: dt.datetime, *, submits: bool = True) -> None:
        expert = self._as(self.experts[assignment.expert_id], when)
        criteria = list(assignment.panel.rubric_version.criteria.order_by("position"))
        entries = []
        for position, criterion in enumerate(criteria if submits else criteria[:4]):
            share = Decimal("0.78") + Decimal((number * 3 + place * 2 + position) % 5) / 50
            points = (criterion.max_points * share * 2).quantize(Decimal(1)) / 2
            entries.append(
                EntryGiven(
                    criterion.code, str(points), self.lot.choice(REMARKS), uuid.UUID(int=self.lot.getrandbits(128), version=4)
                )
            )
        save_entries(assignment, entries=entries, actor=expert, now=when)
        if submits:
            submit_score(assignment, actor=expert, now=when + dt.timedelta(minutes=20))

    def _item(self, case: Case) -> NoticeItem:
        return NoticeItem.objects.filter(subject_id=case.public_id).select_related("notice").order_by("-pk").get()

    def _notice(self, case: Case, closed_on: dt.date, *, objects: bool) -> Walk:
        notice = self._item(case).notice
        assert notice.last_on is not None
        if objects:
            when = at(after(closed_on, 2), 11, 5)
            yield when
            objection = self._object(case, when)
            when = at(after(closed_on, 4), 16, 40)
            yield when
            take_up(objection, actor=self._office(Role.REVIEWER, when), now=when)
            reason = "经核对设备采购合同与现场铭牌，申报数量属实；租赁设备已在清单中注明。"
            rule_on_objection(
                objection, upheld=False, consequence="none", reason=reason, actor=self._office(Role.APPROVER, when), now=when
            )
        when = at(notice.last_on + dt.timedelta(days=1), 0, 10)
        yield when
        close_due_notices(now=when)
        case.refresh_from_db()
        return when.date()

    def _object(self, case: Case, when: dt.datetime) -> Objection:
        item = self._item(case)
        object_to(
            item.notice,
            item,
            kind=Objection.Kind.PROTECTED,
            name="赵望潮",
            contact="15400000001",
            text="该单位申报的引线键合机中有两台是租来的，请核实数量。",
            actor=visitor("web:demo"),
            now=when,
        )
        return Objection.objects.filter(notice=item.notice).latest("pk")
