"""An application from its call to the completeness check, with one that is returned for correction."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from denggao.demo import numbers
from denggao.demo.region import at
from denggao.demo.scans import scan
from denggao.demo.training import SITES, Site
from denggao.demo.training_story.people import People
from denggao.demo.training_story.threads import Walk, after
from denggao.engines.cases import actions as cases
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.models import Case, Round
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.standards.models import Industry

LEVELS = "54321"
GRADES = {"5": "五级", "4": "四级", "3": "三级", "2": "二级", "1": "一级"}
DOCUMENT = "临港演示〔{year}〕{number}号"


class Applying(People):
    """Calls, drafts and checks."""

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

    def _check(self, case: Case, number: int, submitted_on: dt.date, *, returns: bool) -> Walk:
        when = at(after(submitted_on, 3), 10, 20)
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
            when = at(after(when.date(), 4), 16)
            yield when
            self._correct(case, number, when)
            when = at(after(when.date(), 2), 9, 40)
            yield when
            clerk = self._office(Role.CLERK, when)
            case.refresh_from_db()
        self._pass_check(case, clerk, when)
        return when.date()

    def _pass_check(self, case: Case, clerk: Actor, when: dt.datetime) -> None:
        """Every point in order."""
        for item in case.declared.system.checklist(case):
            cases.record_check(case, item=item.code, ok=True, actor=clerk, now=when)
        case.refresh_from_db()
        cases.pass_check(case, actor=clerk, now=when)
        case.refresh_from_db()

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


_TEACHERS = (
    "陆沉舟", "贺知秋", "程远岫", "江渡", "白露生", "秦望舒", "何以安", "周行", "谢临川", "苏合", "蒋映雪", "温如许", "杜若衡",
    "罗怀远", "叶知微", "纪南乔", "方既明", "孟春晓", "薛听松", "顾行之", "乔木森", "严致远", "石砚青", "范舟", "季明远", "裴秀川",
    "沙里木·买买提", "段青山",
)  # fmt: skip
