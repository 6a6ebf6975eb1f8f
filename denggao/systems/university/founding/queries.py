"""Reads that span tables."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from denggao.engines.cases.models import Case, Decision
from denggao.engines.reviews.parties import Parties
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Goal, Part, Plan
from denggao.systems.university.founding.rules import FOUNDED_UNIVERSITY, why_not_begin_with
from denggao.systems.university.models import FoundingApplication, Programme, School, University

LEADS = (Part.Role.LEAD,)
IMPLEMENTS = (Part.Role.IMPLEMENT, Part.Role.UNDERTAKE, Part.Role.HOST)
PARTNERS = (Part.Role.PARTNER, Part.Role.COOPERATE, Part.Role.CO_HOST)


def is_counted(plan: Plan) -> bool:
    """Whether the plan wants a university that is counted by its founding."""
    return Goal.objects.filter(plan=plan, counting_rule=FOUNDED_UNIVERSITY).exists()


def bodies_named(roles: Collection[str], plan: Plan | None = None) -> list[Organisation]:
    """Whom plans (or one) name for their university in one of these roles, in the plan's order."""
    parts = Part.objects.filter(goal__counting_rule=FOUNDED_UNIVERSITY, role__in=list(roles), organisation__isnull=False)
    if plan is not None:
        parts = parts.filter(plan=plan)
    rows = parts.select_related("organisation").order_by("plan_id", "goal__position", "position", "pk")
    return list({part.organisation_id: part.organisation for part in rows if part.organisation}.values())


def partners_offered() -> list[Organisation]:
    """Those the plans name as partners, and every body that has a school in the university."""
    named = {body.pk: body for body in bodies_named(PARTNERS)}
    schools = School.objects.filter(state=School.State.OPEN).select_related("organisation").order_by("name_zh")
    return list((named | {school.organisation_id: school.organisation for school in schools}).values())


def programmes_offered() -> list[Programme]:
    """What is in the catalogue; and what an application names, so that it can be shown as long as the application is."""
    published = Q(state=Programme.State.PUBLISHED, school__state=School.State.OPEN)
    named = Q(pk__in=FoundingApplication.objects.values("programme"))
    return list(Programme.objects.filter(published | named).select_related("school").order_by("school__name_zh", "title_zh", "pk"))


def application_of(case: Case) -> FoundingApplication | None:
    """What the body said when it last submitted; None while the application is a draft."""
    found = FoundingApplication.objects.select_related("plan", "lead", "programme__school")
    return found.filter(case_id=case.pk).first()


def university_led_by(body: Organisation, plan: Plan) -> University | None:
    return University.objects.filter(organisation=body, plan=plan, state=University.State.FOUNDED).first()


def fault_of(programme: Programme, plan: Plan) -> str | None:
    """Why the university of a plan can't begin with a programme today; None where it can."""
    begun = University.objects.filter(programme=programme, state=University.State.FOUNDED).first()
    return why_not_begin_with(
        title=programme.title,
        published=programme.state == Programme.State.PUBLISHED,
        school_open=programme.school.state == School.State.OPEN,
        of_the_plan=programme.school.plan_id == plan.pk,
        taken_by=begun.name if begun else "",
    )


def approval_of(case: Case) -> Decision | None:
    """The decision by which the case was approved."""
    found: Decision | None = Decision.objects.filter(case=case, approved=True).order_by("-pk").first()
    return found


def parties_of(case: Case) -> Parties:
    """The applying body, and all the application names: who is of one of them does not decide on it."""
    bodies = {case.body_id} if case.body_id else set()
    application = application_of(case)
    if application is not None:
        bodies |= {application.lead_id}
        bodies |= set(application.implementers.values_list("pk", flat=True))
        bodies |= set(application.partners.values_list("pk", flat=True))
    return Parties(frozenset(bodies))


def universities_of_school(school: School) -> QuerySet[University]:
    """Those that began with a programme of this school."""
    return University.objects.filter(programme__school=school)
