"""The founding of the university: applied for by a body the plan names, checked, decided by a second person, and counted."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from denggao.demo.bodies import MARK
from denggao.demo.region import at
from denggao.demo.scans import scan
from denggao.demo.training_story.threads import Thread, after
from denggao.demo.university.people import Company
from denggao.engines.cases import actions as cases
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.models import Case
from denggao.foundation.audit.actors import Actor, Role, system
from denggao.foundation.organisations.members.demo import make_demo_account
from denggao.foundation.plans.models import Part, Plan
from denggao.systems.university.founding.procedures import UNIVERSITY
from denggao.systems.university.founding.queries import IMPLEMENTS, LEADS, bodies_named
from denggao.systems.university.models import Programme, School

STATUTES = (
    "独立运行，网上教学，面授和实操由各学院就近安排。校务会由牵头、实施单位和各学院院长组成，每季一次，定课程、定教学标准、看质量。"
    "课程须对应教学标准才能发布；学时以学习过程的记录为准；每门课每年由别的学院复看一次。"
)
OPENED = dt.date(2020, 9, 28)


class Founding(Company):
    """One case, from the draft to the award."""

    def _university(self, programme: str) -> Thread:
        """``programme`` is the Chinese title of that with which it began."""
        plan = Plan.objects.get(code="lingang-2020")
        day = after(OPENED, 8)
        when = at(day, 9)
        yield when
        implementers = bodies_named(IMPLEMENTS, plan)
        applicant = implementers[-1]
        user = make_demo_account("hr-university", Role.HR, applicant, actor=self.operator, now=when)
        self.accounts["hr-university"] = str(user.public_id)
        round_ = self._round(plan, when)
        case = cases.open_case(round_, body=applicant, actor=self._founder(when), now=when)
        for section, answers in self._answers(plan, programme, case, when).items():
            cases.save_draft(case, section=section, answers=answers, base_revision=0, actor=self._founder(when), now=when)
        when = at(day, 15, 30)
        yield when
        cases.submit_case(case, actor=self._founder(when), now=when)
        when = at(after(day, 3), 10)
        yield when
        self._passes(case, self.in_office(Role.CLERK, when), when)
        when = at(after(day, 6), 14)
        yield when
        reason = "牵头、实施单位与规划一致，已按期开放并有项目发布，同意设立。"
        cases.decide_case(case, approve=True, reason=reason, actor=self.in_office(Role.APPROVER, when), now=when)
        case.refresh_from_db()
        cases.award_case(case, actor=system("cases.award"), now=when + dt.timedelta(minutes=1))

    def _founder(self, when: dt.datetime) -> Actor:
        return self.acting(self.accounts["hr-university"], when)

    def _round(self, plan: Plan, when: dt.datetime) -> Any:
        given = cases.RoundGiven(
            procedure=UNIVERSITY,
            title_zh="产业网络大学设立申报",
            title_en="Founding of the industry online university",
            opens_at=when,
            closes_at=at(dt.date(2022, 12, 30), 17),
            plan=plan,
            call_zh="由规划所列牵头或实施单位申报；开放之后、有培养项目发布即可提交。",
            call_en="For the bodies the plan names, once the university is open and has published a programme.",
            document="临港演示〔2020〕21号",
        )
        clerk = self.in_office(Role.CLERK, when)
        return cases.open_round(cases.prepare_round(given, actor=clerk, now=when), actor=clerk, now=when)

    def _answers(self, plan: Plan, programme: str, case: Case, when: dt.datetime) -> dict[str, dict[str, Any]]:
        partners = [part.organisation for part in _partners(plan) if part.organisation is not None]
        partners += [school.organisation for school in School.objects.select_related("organisation").order_by("pk")]
        return {
            "university": {
                "name_zh": f"滴水湖产业网络大学{MARK}",
                "name_en": "Dishui Lake Online University (demo)",
                "lead": str(bodies_named(LEADS, plan)[0].public_id),
                "implementers": [str(body.public_id) for body in bodies_named(IMPLEMENTS, plan)],
                "partners": [str(body.public_id) for body in partners],
                "other_partners": "临港地区高校\n新片区重点企业",
                "statutes": STATUTES,
            },
            "opening": {
                "programme": str(Programme.objects.get(title_zh=programme).public_id),
                "opened_on": OPENED.isoformat(),
                "papers": [self._paper(name, case, when) for name in ("合作协议.png", "章程.png", "开学记录.png")],
            },
        }

    def _paper(self, name: str, case: Case, when: dt.datetime) -> str:
        taken, content = ("pdf", "png", "jpeg"), io.BytesIO(scan())
        stored = attach_file(
            case, name, content, section="opening", field="papers", taken=taken, limit=10_000_000,
            actor=self._founder(when), now=when,
        )  # fmt: skip
        return str(stored.public_id)

    def _passes(self, case: Case, clerk: Actor, when: dt.datetime) -> None:
        case.refresh_from_db()
        for item in case.declared.system.checklist(case):
            cases.record_check(case, item=item.code, ok=True, actor=clerk, now=when)
        case.refresh_from_db()
        cases.pass_check(case, actor=clerk, now=when)
        case.refresh_from_db()


def _partners(plan: Plan) -> list[Part]:
    parts = Part.objects.filter(goal__plan=plan, goal__counting_rule="founded_university", role=Part.Role.PARTNER)
    return list(parts.filter(organisation__isnull=False).select_related("organisation").order_by("position"))
