"""How ten training bases came to be, told to the product through everybody's own actions, each with its own date.

Every application is a thread: a generator that says when it goes on, and then does what was done that day. The teller
(``loading``) always lets the thread go on that is due first, so what happened is known in the order in which it happened.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from denggao.demo import numbers
from denggao.demo.region import at
from denggao.demo.scans import scan
from denggao.demo.training import JUDGES, SITES, Judge, Site
from denggao.engines.agreements.actions import refuse_to_sign, sign
from denggao.engines.agreements.models import SigningRequest
from denggao.engines.cases import actions as cases
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.models import SUBJECT_KIND, Case, Round
from denggao.engines.notices.actions import close_due_notices, object_to, rule_on_objection, take_up
from denggao.engines.notices.models import NoticeItem, Objection
from denggao.engines.reviews.actions.assigning import accept_assignment, assign_automatically
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.experts import ExpertDetails, add_expert
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.actions.visits import RecordGiven, VisitGiven, plan_visit, record_visit
from denggao.engines.reviews.models import Assignment, Panel
from denggao.foundation.audit.actors import Actor, Role, system, visitor
from denggao.foundation.calendar.queries import nth_working_day
from denggao.foundation.files.actions import store_file
from denggao.foundation.organisations.actions.bodies import Details, keep_organisation
from denggao.foundation.organisations.members.demo import make_demo_account
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.organisations.queries import actor_of_account
from denggao.foundation.people.models import Person
from denggao.foundation.people.signin.proofs import Factor, SecondFactorGiven
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Industry
from denggao.systems.bases.actions import appraising
from denggao.systems.bases.models import Appraisal, Base
from denggao.systems.bases.procedures import BASE, BASE_RENEWAL

Thread = Iterator[dt.datetime]
# A thread that tells on which day it came to its end.
Walk = Generator[dt.datetime, None, dt.date]

ROUNDS = (
    ("2020年产业实训基地申报", "Training bases 2020", dt.date(2020, 5, 11), dt.date(2020, 6, 30), range(4)),
    ("2021年第一批产业实训基地申报", "Training bases 2021, first call", dt.date(2021, 3, 1), dt.date(2021, 4, 30), range(4, 8)),
    ("2021年第二批产业实训基地申报", "Training bases 2021, second call", dt.date(2021, 9, 1), dt.date(2021, 10, 15), range(8, 10)),
)
APPRAISED_YEAR = 2021
LEVELS = "54321"
GRADES = {"5": "五级", "4": "四级", "3": "三级", "2": "二级", "1": "一级"}
DOCUMENT = "临港演示〔{year}〕{number}号"
REMARKS = ("设备完好，台账清楚。", "场地分区合理，安全标识到位。", "师资结构合理，双师比例较高。", "课程与岗位对应，记录可核。")


@dataclass
class TrainingStory:
    """``office`` gives the office's demo accounts by role, once they are there."""

    operator: Actor
    office: Mapping[Role, str]
    now: dt.datetime
    lot: Random = field(default_factory=lambda: Random("training"))  # noqa: S311 -- the demo draws lots, it keeps no secrets
    bodies: list[Organisation] = field(default_factory=list)
    managers: list[str] = field(default_factory=list)
    experts: dict[int, str] = field(default_factory=dict)
    signatories: dict[int, str] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return Plan.objects.get(code="lingang-2020")

    def threads(self) -> list[Thread]:
        told = [self._round(*facts) for facts in ROUNDS]
        return [self._prepare(), *told, self._appraisal(), self._present()]

    # Who takes part -------------------------------------------------------------------------------------------------

    def _prepare(self) -> Thread:
        yield at(dt.date(2020, 4, 20), 9)
        now = at(dt.date(2020, 4, 20), 9)
        for number, site in enumerate(SITES):
            self.bodies.append(self._body(number, site, now))
            self.managers.append(
                self._account(f"base-manager-{number + 1}" if number else "base-manager", Role.BASE_MANAGER, self.bodies[-1], now)
            )
        names = {0: "authority-union", 1: "authority", 2: "authority-area"}
        for number, body in enumerate(self._authorities()):
            self.signatories[body.pk] = self._account(names.get(number, f"authority-{number}"), Role.AUTHORITY, body, now)
        for number, judge in enumerate(JUDGES):
            self._expert(number, judge, now)

    def _body(self, number: int, site: Site, now: dt.datetime) -> Organisation:
        known = (
            Organisation.objects.filter(name_zh=f"上海{site.name_zh}有限公司（演示）").first() if site.kind == "employer" else None
        )
        if known is not None:
            return known
        details = Details(
            name_zh=site.full_name,
            name_en=f"{site.name_en} (demo)",
            uscc=numbers.uscc(500 + number),
            kind=site.kind,
            industry=Industry.objects.get(code=site.industry),
            address=f"临港新片区演示路{600 + number * 8}号",
            longitude=Decimal(str(site.longitude)),
            latitude=Decimal(str(site.latitude)),
        )
        return keep_organisation(None, details, actor=self.operator, now=now)

    def _account(
        self, local: str, role: Role | None, body: Organisation | None, now: dt.datetime, person: Person | None = None
    ) -> str:
        user = make_demo_account(local, role, body, person=person, actor=self.operator, now=now)
        return str(user.public_id)

    def _authorities(self) -> list[Organisation]:
        parts = self.plan.parts.filter(role="accredit", organisation__isnull=False).select_related("organisation")
        return [part.organisation for part in parts.order_by("position", "id") if part.organisation is not None]

    def _expert(self, number: int, judge: Judge, now: dt.datetime) -> None:
        person = Person.objects.create(name=judge.name, name_key=judge.name, is_demo=True, created_at=now)
        home = next((body for site, body in zip(SITES, self.bodies, strict=True) if site.code == judge.employer), None)
        details = ExpertDetails(
            fields=list(Industry.objects.filter(code__in=judge.fields)),
            title=judge.title,
            employer=home,
            employer_text="" if home else judge.employer,
        )
        expert = add_expert(person, details, from_on=now.date(), is_demo=True, actor=self.operator, now=now)
        self.experts[expert.pk] = self._account("expert" if number == 0 else f"expert-{number + 1}", None, None, now, person)

    def _as(self, account: str, when: dt.datetime) -> Actor:
        return actor_of_account(account, when.date()) or self.operator

    def _office(self, role: Role, when: dt.datetime) -> Actor:
        return self._as(self.office[role], when) if role in self.office else self.operator

    # Applications ---------------------------------------------------------------------------------------------------

    def _round(self, title: str, english: str, first: dt.date, last: dt.date, numbers_: Sequence[int]) -> Thread:
        yield at(first, 9)
        round_ = self._open_round(BASE, title, english, at(first, 9), at(last, 17))
        walks = [
            self._accredited(round_, number, first + dt.timedelta(days=8 + 5 * place)) for place, number in enumerate(numbers_)
        ]
        yield from merged(walks)

    def _open_round(self, procedure: str, title: str, english: str, opens: dt.datetime, closes: dt.datetime) -> Round:
        given = cases.RoundGiven(
            procedure=procedure,
            title_zh=title,
            title_en=english,
            opens_at=opens,
            closes_at=closes,
            plan=self.plan,
            call_zh="面向新片区院校、培训机构和企业培训中心征集。优先考虑尚无基地覆盖的职业与等级。",
            call_en="For colleges, providers and employers. Occupations and levels nobody covers yet come first.",
            document=DOCUMENT.format(year=opens.year, number=opens.month + 3),
        )
        clerk = self._office(Role.CLERK, opens)
        return cases.open_round(cases.prepare_round(given, actor=clerk, now=opens), actor=clerk, now=opens)

    def _draft(self, round_: Round, number: int, when: dt.datetime) -> Case:
        site, manager = SITES[number], self._as(self.managers[number], when)
        case = cases.open_case(round_, body=self.bodies[number], actor=manager, now=when)
        for section, answers in self._answers(site, case, manager, when).items():
            cases.save_draft(case, section=section, answers=answers, base_revision=0, actor=manager, now=when)
        return case

    def _answers(self, site: Site, case: Case, manager: Actor, when: dt.datetime) -> dict[str, dict[str, Any]]:
        def paper(name: str, section: str, name_of_field: str) -> list[str]:
            return [self._attach(case, name, section, name_of_field, manager, when)]

        kind = {"school": "college", "provider": "provider", "employer": "employer"}[site.kind]
        year = when.year
        first = site.covers[0][0]
        return {
            "body": {
                "kind": kind, "industry": site.industry, "industries": [site.industry], "contact": "021-5800 0000（演示）",
                "capability": f"{site.story}近三年面向上下游企业培训一线职工{site.size * 24}人次。",
                "shares_with": "向新片区同产业企业开放。", "licence": paper("登记证书.png", "body", "licence"),
            },
            "site": {
                "base_name_zh": site.base_zh, "base_name_en": site.base_en, "address": "临港新片区演示路（演示）",
                "longitude": f"{site.longitude:.6f}", "latitude": f"{site.latitude:.6f}", "floor_area_m2": str(site.floor_area),
                "workstations": str(site.size), "site_right": "own", "site_papers": paper("场地产权.png", "site", "site_papers"),
            },
            "equipment": {"equipment": list(_equipment(site))},
            "teachers": {"teachers": list(self._teachers(site, when))},
            "occupations": {
                "coverage": [
                    {"occupation": name, "levels": f"{GRADES[low]}至{GRADES[high]}" if low != high else GRADES[low],
                     "industry": Industry.objects.get(code=site.industry).name_zh, "people_a_year": str(site.size * 3)}
                    for name, low, high in site.covers
                ]
            },
            "plan": {
                "training_plan": f"三年内以{first}等职业为重点，逐年扩大向上下游企业开放的比例。",
                "planned": [
                    {"year": str(year + more), "programme": programme, "occupation": occupation, "level": GRADES[low],
                     "people": str(site.size + 20 * more), "hours": "120"}
                    for more, programme in enumerate(("上岗培训", "高师带徒", "技术研修"))
                    for occupation, low, _high in site.covers
                ],
            },
            "safety": {
                "fire": paper("消防验收.png", "safety", "fire"), "fire_until": f"{year + 3}-12-31",
                "safety": paper("安全生产制度.png", "safety", "safety"), "no_accident": "on",
            },
            "finance": {
                "invested_yuan": str(sum(machine.amount * machine.yuan for machine in site.machines)),
                "yearly_income_yuan": str(site.size * 21_000), "yearly_cost_yuan": str(site.size * 19_500),
                "own_funds_yuan": str(site.size * 30_000), "statement": paper("财务报表.png", "finance", "statement"),
            },
        }  # fmt: skip

    def _attach(self, case: Case, name: str, section: str, asked: str, manager: Actor, when: dt.datetime) -> str:
        stored = attach_file(
            case,
            name,
            io.BytesIO(scan()),
            section=section,
            field=asked,
            taken=("pdf", "png", "jpeg"),
            limit=10_000_000,
            actor=manager,
            now=when,
        )
        return str(stored.public_id)

    def _teachers(self, site: Site, when: dt.datetime) -> Iterator[dict[str, str]]:
        place = SITES.index(site)
        for position in range(4):
            order = 100 + place * 10 + position
            born = dt.date(1968 + (place + 3 * position) % 24, 1 + position, 8 + place)
            yield {
                "name": _TEACHERS[(place * 4 + position) % len(_TEACHERS)],
                "document_number": numbers.resident_id("3101", born, order, male=position % 2 == 0),
                "kind": "专职" if position < 3 else "兼职",
                "qualification": f"{site.covers[0][0]}职业技能等级证书",
                "level": "一级" if position == 0 else "二级",
                "qualification_number": f"D{place:02d}{position:02d}",
                "issued_on": f"{2014 + position}-06-18",
                "expires_on": "" if position < 3 else f"{when.year + 9}-06-17",
            }

    def _accredited(self, round_: Round, number: int, submitted_on: dt.date) -> Thread:
        """One application that goes all the way; the first is returned once for correction."""
        yield at(submitted_on - dt.timedelta(days=5), 10)
        case = self._draft(round_, number, at(submitted_on - dt.timedelta(days=5), 10))
        yield at(submitted_on, 15)
        cases.submit_case(case, actor=self._as(self.managers[number], at(submitted_on, 15)), now=at(submitted_on, 15))
        checked = yield from self._check(case, number, submitted_on, returns=number == 0)
        closed = yield from self._review(case, number, checked)
        passed = yield from self._notice(case, closed, objects=number == 4)
        yield from self._decide_and_sign(case, passed, refuses=number == 2)
        yield from self._renewals(number)

    def _check(self, case: Case, number: int, submitted_on: dt.date, *, returns: bool) -> Walk:
        when = at(_after(submitted_on, 3), 10, 20)
        yield when
        clerk = self._office(Role.CLERK, when)
        case.refresh_from_db()
        if returns:
            cases.record_check(case, item="finance", ok=False, remark="财务报表不是上一年度的。", actor=clerk, now=when)
            case.refresh_from_db()
            cases.return_case(
                case, reason="请补交上一年度财务报表。", fields=[cases.FieldRemark("finance", "statement", "须为上一年度")],
                actor=clerk, now=when,
            )  # fmt: skip
            when = at(_after(when.date(), 4), 16)
            yield when
            self._correct(case, number, when)
            when = at(_after(when.date(), 2), 9, 40)
            yield when
            clerk = self._office(Role.CLERK, when)
            case.refresh_from_db()
        for item in case.declared.system.checklist(case):
            cases.record_check(case, item=item.code, ok=True, actor=clerk, now=when)
        case.refresh_from_db()
        cases.pass_check(case, actor=clerk, now=when)
        case.refresh_from_db()
        return when.date()

    def _correct(self, case: Case, number: int, when: dt.datetime) -> None:
        manager = self._as(self.managers[number], when)
        case.refresh_from_db()
        paper = self._attach(case, "上一年度财务报表.png", "finance", "statement", manager, when)
        draft = case.drafts.get(section="finance")
        cases.save_draft(
            case,
            section="finance",
            answers={"statement": [paper]},
            base_revision=draft.revision,
            actor=manager,
            now=when,
        )
        case.refresh_from_db()
        cases.resubmit_case(case, actor=manager, now=when)

    def _panel(self, case: Case) -> Panel:
        return Panel.objects.filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id).order_by("-pk").get()

    def _review(self, case: Case, number: int, checked_on: dt.date) -> Walk:
        when = at(_after(checked_on, 2), 14)
        yield when
        site = SITES[number]
        assign_automatically([self._panel(case)], actor=self._office(Role.REVIEWER, when), now=when)
        when = at(_after(checked_on, 7), 9, 30)
        yield when
        self._visit(case, site, when)
        for place, assignment in enumerate(self._seats(case)):
            when = at(_after(checked_on, 8), 10 + place, 12)
            yield when
            self._score(assignment, number, place, when)
        when = at(_after(checked_on, 9), 15)
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
            when = at(_after(closed_on, 2), 11, 5)
            yield when
            objection = self._object(case, when)
            when = at(_after(closed_on, 4), 16, 40)
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

    def _decide_and_sign(self, case: Case, passed_on: dt.date, *, refuses: bool = False) -> Thread:
        when = at(_after(passed_on, 2), 10)
        yield when
        cases.decide_case(
            case, approve=True, reason="评审、公示程序完备，同意认定。", actor=self._office(Role.APPROVER, when), now=when
        )
        day = when.date()
        if refuses:
            when = at(_after(day, 2), 11)
            yield when
            self._refuse(case, when)
            when = at(_after(day, 4), 15)
            yield when
            case.refresh_from_db()
            cases.ask_again(case, reason="有效期起算日期已按意见核对。", actor=self._office(Role.CLERK, when), now=when)
            day = when.date()
        for place, body in enumerate(self._authorities()):
            when = at(_after(day, 2 + place), 10 + place, 25)
            yield when
            self._sign(case, body, when)
        case.refresh_from_db()
        cases.award_case(case, actor=system("cases.award"), now=when + dt.timedelta(minutes=1))

    def _request(self, case: Case) -> SigningRequest:
        return SigningRequest.objects.get(subject_id=case.public_id, state=SigningRequest.State.OPEN)

    def _sign(self, case: Case, body: Organisation, when: dt.datetime) -> None:
        request, account = self._request(case), self.signatories[body.pk]
        given = SecondFactorGiven(account, Factor.PASSWORD, when)
        sign(
            request,
            organisation=body,
            shown_hash=request.content_hash,
            second_factor=given,
            actor=self._as(account, when),
            now=when,
        )

    def _refuse(self, case: Case, when: dt.datetime) -> None:
        body, request = self._authorities()[1], self._request(case)
        account = self.signatories[body.pk]
        refuse_to_sign(
            request, organisation=body, shown_hash=request.content_hash, reason="请核对有效期起算日期后再签。",
            actor=self._as(account, when), now=when,
        )  # fmt: skip

    # Renewals -------------------------------------------------------------------------------------------------------

    def _renewals(self, number: int) -> Thread:
        """As often as it takes for the base to be in force today."""
        soon = self.now.date() + dt.timedelta(days=60)
        while base := Base.objects.filter(organisation=self.bodies[number], state="accredited", valid_until__lte=soon).first():
            yield from self._renewal(base, base.valid_until - dt.timedelta(days=100))

    def _renewal(self, base: Base, day: dt.date) -> Thread:
        number = self.bodies.index(base.organisation)
        when = at(_after(day, 1), 10)
        yield when
        manager = self._as(self.managers[number], when)
        case = cases.open_case(
            None, body=base.organisation, procedure=BASE_RENEWAL, plan=self.plan, about_id=base.public_id, actor=manager, now=when
        )
        self._fill_renewal(case, number, manager, when)
        cases.submit_case(case, actor=manager, now=when)
        when = at(_after(day, 4), 10)
        yield when
        clerk = self._office(Role.CLERK, when)
        case.refresh_from_db()
        for item in case.declared.system.checklist(case):
            cases.record_check(case, item=item.code, ok=True, actor=clerk, now=when)
        case.refresh_from_db()
        cases.pass_check(case, actor=clerk, now=when)
        case.refresh_from_db()
        yield from self._decide_and_sign(case, when.date())

    def _fill_renewal(self, case: Case, number: int, manager: Actor, when: dt.datetime) -> None:
        answers = self._answers(SITES[number], case, manager, when)
        results = {"results": f"三年培训一线职工{SITES[number].size * 30}人次，向上下游企业开放。", "changes": ""}
        for section, given in {"results": results, "plan": answers["plan"], "safety": answers["safety"]}.items():
            cases.save_draft(case, section=section, answers=given, base_revision=0, actor=manager, now=when)
        case.refresh_from_db()

    # One appraisal, from opening to remedy --------------------------------------------------------------------------

    def _appraisal(self) -> Thread:
        when = at(dt.date(2022, 2, 14), 9)
        yield when
        order = appraising.CycleOrder(self.plan, APPRAISED_YEAR, dt.date(2022, 3, 15), DOCUMENT.format(year=2022, number=2))
        cycle = appraising.open_cycle(order, actor=self._office(Role.CLERK, when), now=when)
        for place, appraisal in enumerate(cycle.appraisals.select_related("base__organisation", "cycle").order_by("pk")):
            when = at(dt.date(2022, 2, 21) + dt.timedelta(days=place), 11)
            yield when
            self._fill_in(appraisal, place, when)
        for place, appraisal in enumerate(cycle.appraisals.select_related("base__organisation", "cycle").order_by("pk")):
            when = at(dt.date(2022, 3, 21) + dt.timedelta(days=place), 10)
            yield when
            self._grade(appraisal, when)
        for appraisal in cycle.appraisals.filter(state=Appraisal.State.REMEDY).select_related("base__organisation", "cycle"):
            when = at(dt.date(2022, 5, 10), 10)
            yield when
            self._remedy(appraisal, when)

    def _manager_of(self, appraisal: Appraisal, when: dt.datetime) -> Actor:
        return self._as(self.managers[self.bodies.index(appraisal.base.organisation)], when)

    def _fill_in(self, appraisal: Appraisal, place: int, when: dt.datetime) -> None:
        manager = self._manager_of(appraisal, when)
        poor = place == 5
        for value in appraisal.values.filter(source="entered").order_by("pk"):
            indicator = appraising.indicator_of(appraisal, value.indicator)
            number = _entered(indicator, poor=poor, place=place)
            evidence = (
                store_file(f"{indicator.zh}.png", scan(), kind="bases.evidence", actor=manager, now=when) if number > 0 else None
            )
            appraising.enter_value(value, number=number, evidence=evidence, actor=manager, now=when)
        appraisal.refresh_from_db()
        appraising.hand_in(appraisal, actor=manager, now=when + dt.timedelta(minutes=30))

    def _grade(self, appraisal: Appraisal, when: dt.datetime) -> None:
        appraising.propose_grade(
            appraisal, opinion="资料齐全，数据与平台记录一致。", demands="补足培训记录，完善设备开放制度。",
            actor=self._office(Role.REVIEWER, when), now=when,
        )  # fmt: skip
        appraisal.refresh_from_db()
        appraising.confirm_grade(appraisal, actor=self._office(Role.APPROVER, when), now=when + dt.timedelta(hours=2))

    def _remedy(self, appraisal: Appraisal, when: dt.datetime) -> None:
        manager = self._manager_of(appraisal, when)
        evidence = store_file("整改报告.png", scan(), kind="bases.evidence", actor=manager, now=when)
        appraising.report_remedy(appraisal, report="培训记录已补齐，开放制度已公布。", evidence=evidence, actor=manager, now=when)
        appraisal.refresh_from_db()
        later = when + dt.timedelta(days=6)
        appraising.check_remedy(
            appraisal, remedied=True, reason="现场复核，整改到位。", actor=self._office(Role.REVIEWER, later), now=later
        )

    # What goes on today ---------------------------------------------------------------------------------------------

    def _present(self) -> Thread:
        """A call that is open now, with applications at every stage."""
        today = timezone.localtime(self.now).date()
        start = today - dt.timedelta(days=75)
        yield at(start, 9)
        round_ = self._open_round(
            BASE,
            f"{start.year}年产业实训基地申报",
            f"Training bases {start.year}",
            at(start, 9),
            at(today + dt.timedelta(days=45), 17),
        )
        walks = [
            self._cosigning(round_, 10, _before(today, 25)),
            self._noticed(round_, 11, today),
            self._judged(round_, 12, today),
            self._returned(round_, 13, today),
        ]
        yield from merged([self._until(walk, self.now) for walk in walks])

    def _until(self, walk: Thread, end: dt.datetime) -> Thread:
        """As far as it has come by now."""
        for when in walk:
            if when > end:
                return
            yield when

    def _cosigning(self, round_: Round, number: int, submitted_on: dt.date) -> Thread:
        """One of three authorities has signed."""
        walk = self._accredited(round_, number, submitted_on)
        for when in walk:
            yield when
            # The thread goes on after this; it is left before the second signature.
            request = SigningRequest.objects.filter(title_zh__contains=SITES[number].base_zh, state="open").first()
            if request is not None and request.signers.filter(state="signed").exists():
                return

    def _noticed(self, round_: Round, number: int, today: dt.date) -> Thread:
        """In public notice, with an objection nobody has ruled on."""
        submitted = _before(today, 14)
        yield at(submitted, 9)
        case = self._draft(round_, number, at(submitted, 9))
        cases.submit_case(case, actor=self._as(self.managers[number], at(submitted, 9)), now=at(submitted, 9))
        checked = yield from self._check(case, number, submitted, returns=False)
        closed = yield from self._review(case, number, checked)
        yield at(_after(closed, 1), 10)
        self._object(case, at(_after(closed, 1), 10))

    def _judged(self, round_: Round, number: int, today: dt.date) -> Thread:
        """With the experts: the visit was made, one sheet is handed in, one half filled."""
        submitted = _before(today, 12)
        yield at(submitted, 9)
        case = self._draft(round_, number, at(submitted, 9))
        cases.submit_case(case, actor=self._as(self.managers[number], at(submitted, 9)), now=at(submitted, 9))
        checked = yield from self._check(case, number, submitted, returns=False)
        when = at(_after(checked, 2), 14)
        yield when
        assign_automatically([self._panel(case)], actor=self._office(Role.REVIEWER, when), now=when)
        when = at(_after(checked, 6), 9, 30)
        yield when
        self._visit(case, SITES[number], when)
        for place, assignment in enumerate(self._seats(case)[:2]):
            when = at(_after(checked, 7), 10 + place)
            yield when
            self._score(assignment, number, place, when, submits=place == 0)

    def _returned(self, round_: Round, number: int, today: dt.date) -> Thread:
        """Sent back for correction; the clock stands still."""
        submitted = _before(today, 6)
        yield at(submitted, 9)
        case = self._draft(round_, number, at(submitted, 9))
        cases.submit_case(case, actor=self._as(self.managers[number], at(submitted, 9)), now=at(submitted, 9))
        when = at(_after(submitted, 3), 10)
        yield when
        clerk = self._office(Role.CLERK, when)
        case.refresh_from_db()
        cases.return_case(
            case, reason="消防验收材料不清晰，请重新提交。", fields=[cases.FieldRemark("safety", "fire", "请提交清晰的扫描件")],
            actor=clerk, now=when,
        )  # fmt: skip


def _equipment(site: Site) -> Iterator[dict[str, str]]:
    """The machines; what they give of workstations is what the site has."""
    left = site.size
    for place, machine in enumerate(site.machines, start=1):
        seats = left if place == len(site.machines) else min(machine.amount, left)
        left -= seats
        yield {
            "name": machine.name,
            "make": machine.model,
            "quantity": str(machine.amount),
            "workstations": str(seats),
            "value_yuan": str(machine.amount * machine.yuan),
            "ownership": "自有",
        }


def merged(threads: Sequence[Thread]) -> Thread:
    """Several threads as one: whichever is due first goes on."""
    waiting = [(next(thread, None), place, thread) for place, thread in enumerate(threads)]
    while waiting := [item for item in waiting if item[0] is not None]:
        when, place, thread = min(waiting, key=lambda item: (item[0], item[1]))
        assert when is not None
        yield when
        waiting = [item for item in waiting if item[2] is not thread]
        waiting.append((next(thread, None), place, thread))


def _after(day: dt.date, days: int) -> dt.date:
    """So many working days later."""
    found = nth_working_day(day + dt.timedelta(days=1), days)
    return found or day + dt.timedelta(days=days)


def _before(day: dt.date, days: int) -> dt.date:
    """So many working days earlier, roughly: then ``days`` of them lie between."""
    return day - dt.timedelta(days=days * 7 // 5 + 1)


def _entered(indicator: Any, *, poor: bool, place: int) -> Decimal:
    """What a base enters of one year: enough for a good grade, unless it is the one that fails."""
    if indicator.veto or indicator.mark["kind"] == "none_best":
        return Decimal(0)
    full = Decimal(str(indicator.mark.get("full_at") or indicator.mark["steps"][-1][0]))
    share = Decimal("0.2") if poor else Decimal("0.9") + Decimal(place % 4) / 10
    number = (full * share).quantize(Decimal(1))
    return min(number, indicator.most) if indicator.most is not None else number


_TEACHERS = (
    "陆沉舟", "贺知秋", "程远岫", "江渡", "白露生", "秦望舒", "何以安", "周行", "谢临川", "苏合", "蒋映雪", "温如许", "杜若衡",
    "罗怀远", "叶知微", "纪南乔", "方既明", "孟春晓", "薛听松", "顾行之", "乔木森", "严致远", "石砚青", "范舟", "季明远", "裴秀川",
    "沙里木·买买提", "段青山",
)  # fmt: skip
