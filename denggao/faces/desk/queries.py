"""What the desk counts, shows and finds. Every read starts from what the actor may see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from denggao.engines.cases.consents import consents_to_answer
from denggao.engines.cases.filters import search_cases
from denggao.engines.cases.policies import office_work, own_cases, visible_cases
from denggao.engines.cases.states import WaitsFor
from denggao.engines.credentials.models import Credential
from denggao.engines.credentials.policies import visible_credentials
from denggao.engines.ledger.policies import visible_heads
from denggao.engines.ledger.queries import Board, board_of
from denggao.faces.desk.registry import Hit
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.models import Record, Seal
from denggao.foundation.organisations.models import EmploymentOverlap, Organisation
from denggao.foundation.organisations.policies import visible_employments, visible_organisations, visible_overlaps
from denggao.foundation.organisations.rules import employed_on
from denggao.foundation.people.models import NameConflict, Person
from denggao.foundation.people.policies import visible_name_conflicts, visible_persons
from denggao.foundation.people.rules import name_key
from denggao.foundation.plans.models import Goal, Plan
from denggao.foundation.sheets.models import Import
from denggao.foundation.standards.models import OccupationName
from denggao.foundation.ui.words import account_names
from denggao.systems.assessment.counting import Explanation, explain_many
from denggao.systems.assessment.models import LevelCertificate
from denggao.systems.bases.policies import visible_bases
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.university.models import Course
from denggao.systems.university.policies import can_see_office, visible_courses

UNFINISHED = (Import.State.UPLOADED, Import.State.CHECKING, Import.State.CHECKED, Import.State.APPLYING)

# --- Work ------------------------------------------------------------------------------------------------------------


def open_name_conflicts(actor: Actor) -> int:
    return visible_name_conflicts(actor).filter(state=NameConflict.State.OPEN).count()


def open_overlaps(actor: Actor) -> int:
    return visible_overlaps(actor).filter(state=EmploymentOverlap.State.OPEN).count()


def names_to_map(actor: Actor) -> int:
    return OccupationName.objects.exclude(state=OccupationName.State.MAPPED).count()


def waiting_certificates(actor: Actor) -> int:
    return visible_credentials(actor).filter(holder__isnull=True, status=Credential.Status.VALID).count()


def certificates_to_confirm(actor: Actor) -> int:
    return visible_credentials(actor).filter(level_certificate__number_confirmed=False, status=Credential.Status.VALID).count()


def cases_waiting(actor: Actor) -> int:
    """The office's turn: handed to this actor, or nobody's yet in a stage the actor works on."""
    return office_work(actor).count()


def applications_waiting(actor: Actor) -> int:
    """Drafts and corrections that wait for the body the actor writes for, or for the actor."""
    return own_cases(actor).standing().filter(waits_for=WaitsFor.APPLICANT).count()


def consents_waiting(actor: Actor) -> int:
    """What others put forward and this account, or its body, has not answered."""
    return consents_to_answer(actor).count()


def unfinished_imports(actor: Actor) -> int:
    """One's own, and the own body's; the office's clerks see each other's."""
    return _imports_of(actor).filter(state__in=UNFINISHED).count()


def _imports_of(actor: Actor) -> QuerySet[Import]:
    imports = Import.objects.all()
    if actor.is_office:
        return imports
    return imports.filter(Q(created_by=actor.id) | Q(body_id__in=actor.organisations_as(Role.HR)))


# --- Parts of the desk -------------------------------------------------------------------------------------------------


def current_board(today: dt.date) -> Board | None:
    """The board of the plan under way (else the newest), with all its numbers."""
    plan = Plan.objects.filter(first_year__lte=today.year, last_year__gte=today.year).order_by("-first_year").first()
    plan = plan or Plan.objects.order_by("-last_year").first()
    if plan is None:
        return None
    return board_of(plan, as_of=min(max(today, plan.first_day), plan.last_day))


@dataclass(frozen=True)
class OwnBody:
    """An employer as its HR sees it."""

    body: Organisation
    employed: int
    front_line: int
    front_line_unknown: int
    counted: int
    last_import: Import | None


def own_bodies(actor: Actor, *, today: dt.date, board: Board | None) -> list[OwnBody]:
    """Each body the actor keeps the staff of. Four queries a body."""
    found = []
    for body in Organisation.objects.filter(pk__in=actor.organisations_as(Role.HR)).order_by("name_key"):
        staff = [item for item in visible_employments(actor).filter(employer=body) if employed_on(item, today)]
        goal = _person_goal(board)
        counted = visible_heads(actor, goal, as_of=board.as_of).filter(employer=body).count() if board and goal else 0
        last = Import.objects.filter(kind="roster", body_id=body.pk, state=Import.State.APPLIED)
        found.append(
            OwnBody(
                body,
                employed=len(staff),
                front_line=sum(1 for item in staff if item.front_line),
                front_line_unknown=sum(1 for item in staff if item.front_line is None),
                counted=counted,
                last_import=last.order_by("-applied_at").first(),
            )
        )
    return found


def _person_goal(board: Board | None) -> Goal | None:
    """The goal that is counted by heads in this installation."""
    counted = [item.goal for item in board.goals if item.goal.counting_rule and item.goal.unit == Goal.Unit.PERSON] if board else []
    return next(iter(counted), None)


@dataclass(frozen=True)
class AuditState:
    records: int
    unsealed: int
    seal: Seal | None


def audit_state() -> AuditState:
    numbers = Record.objects.aggregate(all=Count("id"), sealed=Count("number"))
    return AuditState(numbers["all"], numbers["all"] - numbers["sealed"], Seal.objects.order_by("-number").first())


@dataclass(frozen=True)
class OwnCertificate:
    certificate: LevelCertificate
    explanation: Explanation | None


def own_certificates(actor: Actor) -> list[OwnCertificate]:
    """The signed-in person's own, newest first, each with the sentence why it counts or not."""
    if actor.user is None:
        return []
    certificates = list(
        LevelCertificate.objects.select_related("credential", "occupation")
        .filter(credential__holder__account=actor.user)
        .order_by("-credential__issued_on", "-pk")
    )
    explained = explain_many(certificates) if certificates else {}
    return [OwnCertificate(item, explained.get(item.pk)) for item in certificates]


def own_title(actor: Actor) -> Craftsman | None:
    """The title this person holds as a craftsman, while it is in force. One query."""
    if actor.user is None:
        return None
    return Craftsman.objects.in_force().filter(person__account=actor.user).select_related("certificate").first()


def recent_imports(actor: Actor, limit: int = 5) -> list[tuple[Import, str]]:
    """The newest, each with who handed it in. Three queries."""
    imports = list(_imports_of(actor).order_by("-created_at")[:limit])
    names = account_names({item.created_by for item in imports})
    return [(item, names.get(item.created_by, item.created_by_text)) for item in imports]


# --- Search ------------------------------------------------------------------------------------------------------------


def find_people(actor: Actor, text: str, limit: int) -> list[Hit]:
    """By name: whole, or its beginning; shown masked."""
    key = name_key(text)
    people = visible_persons(actor).filter(name_key__startswith=key).order_by("name_key", "pk")
    shown = people.prefetch_related("employments__employer")[:limit]
    return [Hit(item.masked_name, _employers_of(item), _address("people:person", item.public_id)) for item in shown]


def _employers_of(person: Person) -> str:
    names = sorted({item.employer.name for item in person.employments.all() if item.left_on is None})
    return " · ".join(names)


def find_bases(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Those whose file the actor may see."""
    found = visible_bases(actor).filter(
        Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(organisation__name_zh__icontains=text) | Q(plaque__number=text)
    )
    return [
        Hit(
            base.name,
            " · ".join(filter(None, [base.plaque.number if base.plaque else "", str(base.get_state_display())])),
            _address("bases:file", base.public_id),
        )
        for base in found.order_by("name_zh", "id")[:limit]
    ]


def find_courses(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Those behind the catalogue for whoever works there, the published ones for everybody else."""
    works = can_see_office(actor)
    courses = visible_courses(actor) if works else Course.objects.published()
    found = courses.filter(Q(title_zh__icontains=text) | Q(title_en__icontains=text) | Q(code__iexact=text))
    return [
        Hit(
            course.title,
            " · ".join([course.school.name, str(course.get_state_display())]),
            _address("university:course" if works else "courses:course", course.public_id),
        )
        for course in found.select_related("school").order_by("title_zh", "id")[:limit]
    ]


def find_organisations(actor: Actor, text: str, limit: int) -> list[Hit]:
    found = visible_organisations(actor).filter(
        Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(uscc=text.upper()) | Q(aliases__name__icontains=text)
    )
    shown = found.select_related("industry").order_by("name_key").distinct()[:limit]
    return [
        Hit(
            item.name,
            " · ".join(filter(None, [item.uscc or "", item.industry.name if item.industry else ""])),
            _address("organisations:organisation", item.public_id),
        )
        for item in shown
    ]


def find_cases(actor: Actor, text: str, limit: int) -> list[Hit]:
    """By number, title or the applying body."""
    found = search_cases(visible_cases(actor).with_labels(), text).order_by("-opened_at")[:limit]
    return [
        Hit(item.title or item.applicant_name, " · ".join(filter(None, [item.number, item.applicant_name])), item.link)
        for item in found
    ]


def find_certificates(actor: Actor, text: str, limit: int) -> list[Hit]:
    """By the whole number, or at least six of its last or first characters."""
    number = "".join(text.upper().split())
    if len(number) < 6:
        return []
    found = visible_credentials(actor).filter(Q(number__startswith=number) | Q(number__endswith=number)).order_by("number")[:limit]
    return [
        Hit(item.masked_number, item.issued_on.isoformat(), _address("assessment:certificate", item.public_id)) for item in found
    ]


def _address(route: str, public_id: object) -> str:
    try:
        return reverse(route, args=[public_id])
    except NoReverseMatch:
        return ""
