"""Plain facts of the founding: a plan that wants a university, a school of it with a published programme, an application."""

from __future__ import annotations

import datetime as dt
from typing import Any

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case
from denggao.foundation.audit.actors import operator
from denggao.foundation.plans.models import Goal, Part, Plan
from denggao.systems.university.models import Programme, ProgrammeCourse, School, University
from tests.cast import Cast
from tests.facts import NOW, a_plan
from tests.systems.bases.facts import a_body, a_paper, a_round
from tests.systems.university.facts import make_course, make_school


def a_university_plan(cast: Cast, code: str = "lingang-2020") -> Plan:
    """A plan that names the cast's employer as lead of its university, the base as implementer, and a partner."""
    plan = a_plan(code=code)
    goal = Goal.objects.create(
        plan=plan, position=2, code="university", name_zh="新建1所产业网络大学", short_name_zh="网络大学", short_name_en="University",
        unit="body", target=1, counting_rule="founded_university",
    )  # fmt: skip
    named = {"lead": cast.employer, "implement": cast.base, "partner": a_body("school")}
    for position, (role, body) in enumerate(named.items()):
        Part.objects.create(plan=plan, goal=goal, role=role, organisation=body, position=position)
    Part.objects.create(plan=plan, goal=goal, role="partner", class_zh="临港地区高校", position=9)
    return plan


def a_programme(school: School, now: dt.datetime, **fields: Any) -> Programme:
    """Published a month ago, with one published course."""
    title = fields.pop("title_zh", "数控加工")
    facts = {
        "title_en": "Machining", "state": "published", "published_on": now.date() - dt.timedelta(days=30), "created_at": now, **fields,
    }  # fmt: skip
    programme = Programme.objects.create(school=school, title_zh=title, **facts)
    course = school.courses.first() or make_course(school, now)
    ProgrammeCourse.objects.create(programme=programme, course=course, position=0)
    return programme


def typed_answers(plan: Plan, programme: Programme, paper: str) -> dict[str, dict[str, Any]]:
    """A whole application as it is typed."""

    def named(role: str) -> list[str]:
        parts = Part.objects.filter(plan=plan, role=role, organisation__isnull=False).select_related("organisation")
        return [str(part.organisation.public_id) for part in parts if part.organisation]

    return {
        "university": {
            "name_zh": "滴水湖产业网络大学", "name_en": "Dishui Lake Online University", "lead": named("lead")[0],
            "implementers": named("implement"), "partners": named("partner"), "other_partners": "临港地区高校\n重点企业",
            "statutes": "独立运行，网上教学。",
        },
        "opening": {"programme": str(programme.public_id), "opened_on": "2022-09-01", "papers": [paper]},
    }  # fmt: skip


def a_plan_with_programme(cast: Cast, now: dt.datetime) -> tuple[Plan, Programme]:
    plan = a_university_plan(cast)
    school = make_school(cast, now)
    School.objects.filter(pk=school.pk).update(plan=plan)
    school.refresh_from_db()
    return plan, a_programme(school, now)


def drafted(cast: Cast, plan: Plan, programme: Programme, now: dt.datetime, **opening: Any) -> Case:
    """Written by the implementer's manager."""
    case: Case = actions.open_case(a_round(plan, "university"), body=cast.base, actor=cast.base_manager, now=now)
    typed = typed_answers(plan, programme, a_paper(cast.base_manager))
    typed["opening"] |= opening
    for section, answers in typed.items():
        actions.save_draft(case, section=section, answers=answers, base_revision=0, actor=cast.base_manager, now=now)
    return case


def checked(case: Case, cast: Cast, now: dt.datetime) -> Case:
    actions.submit_case(case, actor=cast.base_manager, now=now)
    for item in case.declared.system.checklist(case):
        actions.record_check(case, item=item.code, ok=True, actor=cast.clerk, now=now)
    actions.pass_check(case, actor=cast.clerk, now=now)
    return case


def decided(cast: Cast, plan: Plan, programme: Programme, now: dt.datetime) -> Case:
    case = checked(drafted(cast, plan, programme, now), cast, now)
    actions.decide_case(case, approve=True, reason="符合规划，同意设立。", actor=cast.approver, now=now)
    return case


def a_university(cast: Cast, now: dt.datetime = NOW) -> University:
    """Founded, and counted for the plan."""
    plan, programme = a_plan_with_programme(cast, now)
    case = decided(cast, plan, programme, now)
    actions.award_case(case, actor=operator("tests"), now=now)
    return University.objects.select_related("organisation", "plan", "case", "programme__school").get(case=case)
