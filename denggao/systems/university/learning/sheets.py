"""Enrolments as a sheet (``enrolments``): who is to learn in a class. Ten thousand rows at a time; handed in again, nothing
happens twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.bulk import without_collecting
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.organisations.queries import chunks, employed_on
from denggao.foundation.organisations.sheets.roster_columns import column
from denggao.foundation.people.masks import mask_name, mask_number
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import Key, NameMatcher, holders, key_of, persons
from denggao.foundation.people.rules import name_key, read_identity
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Absence, Column, Context, Fault, Judgement, Option, Row
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions.enrolling import Entrant, enter, learners_of, standing_in
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.learning.rules.entry import seats_left

OBJECT = Enrolment._meta.label_lower
_INSIDE = frozenset({"enrolled", "finished", "waiting"})

COLUMNS = (
    column(
        "name", "姓名", "Name", cells.person_name,
        "员工姓名 | 职工姓名 | 学员姓名 | 人员姓名 | 名字 | Full name | Learner | Employee",
        required=True, personal=True, mask=mask_name, example="赵登高",
        help_zh="与证件一致。", help_en="As on the document.",
    ),
    column("document_kind", "证件类型", "Document kind", cells.text, "证件种类 | ID type | Document type", example="居民身份证"),
    column(
        "document_number", "证件号码", "Document number", cells.code_text,
        "身份证号 | 身份证号码 | 身份证 | 证件号 | 公民身份号码 | ID number | ID card",
        required=True, personal=True, mask=mask_number, example="11010519491231002X",
        help_zh="请设为文本格式。", help_en="Format as text.",
    ),
    column(
        "due_on", "学完日期", "Due on", cells.date_exact, "截止日期 | 要求完成日期 | 完成期限 | Due date | Deadline",
        example="2026-12-31",
        help_zh="不填时按开班的结束日期。", help_en="Left empty: the class’s last day.",
    ),
)  # fmt: skip


@dataclass
class Reading:
    """A row as far as it could be understood."""

    row: Row
    faults: list[Fault]
    warnings: list[Fault] = field(default_factory=list)
    key: Key | None = None
    person: Person | None = None
    known: Enrolment | None = None


def run_choices(actor: Actor) -> list[tuple[str, str]]:
    """Classes into which the actor may bring people: the own school's, and for HR those open to employers."""
    runs = Run.objects.exclude(state=Run.State.CLOSED).select_related("course", "school")
    if not actor.has(*policies.KEEPERS):
        mine = Q(school__in=policies.teachable_schools(actor))
        if actor.organisations_as(Role.HR):
            mine |= Q(state=Run.State.OPEN, entry__in=(Run.Entry.OPEN, Run.Entry.EMPLOYER), school__state="open")
        runs = runs.filter(mine)
    ordered = runs.order_by("course__title_zh", "-opens_on")
    return [(str(run.public_id), f"{run.course.title} · {run.title} · {run.school.name}") for run in ordered]


def employer_choices(actor: Actor) -> list[tuple[str, str]]:
    """The bodies whose HR the actor is."""
    bodies = Organisation.objects.filter(pk__in=actor.organisations_as(Role.HR)).order_by("name_key")
    return [(str(body.public_id), body.name) for body in bodies]


class EnrolmentSheet:
    """The sheet ``enrolments``. Options: ``run``; ``employer`` where HR hands it in. People must be known already: an employer's
    by its roster, a school's by anybody's."""

    code = "enrolments"
    title_zh = "选课名单"
    title_en = "Enrolments in a class"
    columns: Sequence[Column] = COLUMNS
    options = (
        Option("run", "开班", "Class", run_choices),
        Option(
            "employer", "用人单位", "Employer", employer_choices, required=False,
            help_zh="企业人事提交时选择本单位；学校提交时不选。",
            help_en="Chosen by an employer’s HR; a school leaves it empty.",
        ),
    )  # fmt: skip

    def offered_to(self, actor: Actor) -> bool:
        return bool(actor.organisations_as(Role.HR)) or policies.teachable_schools(actor).exists()

    def may_import(self, actor: Actor, options: Mapping[str, Any]) -> bool:
        run, employer = _run(options.get("run")), _body(options.get("employer"))
        if run is None:
            return False
        if options.get("employer"):
            open_to = run.state == Run.State.OPEN and run.entry in {Run.Entry.OPEN, Run.Entry.EMPLOYER}
            return open_to and employer is not None and policies.can_enrol_staff(actor, employer)
        return policies.can_enrol_others(actor, run)

    def resolve(self, options: Mapping[str, str]) -> dict[str, Any]:
        run = _run(options.get("run"))
        if run is None:
            raise Refused(str(_("Class: choose the class the people are to learn in.")))
        if run.state == Run.State.CLOSED:
            raise Refused(str(_("Class: it has ended. Choose a later one.")))
        employer = _body(options.get("employer"))
        if options.get("employer") and employer is None:
            raise Refused(str(_("Employer: there is no such body.")))
        return {"run": run, "employer": employer}

    @without_collecting()
    def check(self, rows: Sequence[Row], context: Context) -> list[Judgement]:
        run: Run = context.options["run"]
        employer: Organisation | None = context.options["employer"]
        readings = [Reading(row, list(row.faults)) for row in rows]
        _find(readings, employer, context.today)
        known = standing_in(run, [item.person.pk for item in readings if item.person])
        left = seats_left(run.seats, learners_of(run).count())
        seen: dict[int, Row] = {}
        judged = []
        for item in readings:
            item.known = known.get(item.person.pk) if item.person else None
            _refuse_second(item, seen)
            _look_at_due(item, run, context.today)
            judgement = _judge(item)
            if judgement.outcome in {"created", "updated"} and _takes_seat(item):
                if left is not None and left <= 0:
                    item.warnings.append(Fault("", _("The class is full: this person goes on the waiting list.")))
                left = None if left is None else left - 1
            judged.append(judgement)
        return judged

    def absent(self, rows: Sequence[Row], context: Context) -> list[Absence]:
        """A list of enrolments is never complete."""
        return []

    @without_collecting()
    def apply(self, judgements: Sequence[Judgement], context: Context, *, now: dt.datetime) -> None:
        judged = [item for item in judgements if item.outcome != "refused"]
        entrants = [Entrant(item.payload.person, item.payload.row.values.get("due_on"), item.row.source) for item in judged]
        employer: Organisation | None = context.options["employer"]
        entered = enter(
            context.options["run"],
            entrants,
            how=Enrolment.How.SHEET,
            employer=employer,
            code="learning.enrolment.sheet",
            now=now,
        )
        for judgement, result in zip(judged, entered, strict=True):
            judgement.outcome = result.outcome
            judgement.object_type, judgement.object_id = OBJECT, str(result.enrolment.public_id)


def _run(value: Any) -> Run | None:
    if isinstance(value, Run):
        return value
    try:
        found = Run.objects.filter(public_id=uuid.UUID(str(value)))
    except ValueError:
        return None
    return found.select_related("course", "version__course", "school").first()


def _body(value: Any) -> Organisation | None:
    if isinstance(value, Organisation):
        return value
    try:
        return Organisation.objects.filter(public_id=uuid.UUID(str(value))).first()
    except ValueError:
        return None


def _find(readings: Sequence[Reading], employer: Organisation | None, today: dt.date) -> None:
    """The person each row names; a constant number of queries a few thousand rows. PRIVACY: whether somebody is known under
    another name, or not at all, is not told apart."""
    for item in readings:
        number = item.row.values.get("document_number")
        if not isinstance(number, str):
            continue
        if cells.is_masked(number):
            item.faults.append(Fault("document_number", _("Document number: it is masked. Write it in full.")))
            continue
        read = read_identity(item.row.values.get("document_kind"), number)
        if isinstance(read, Fault):
            item.faults.append(read)
        else:
            item.key = key_of(read)
    held = holders([item.key for item in readings if item.key])
    known = persons(held.values())
    names = NameMatcher(known.values())
    there = _employed(employer, set(known), today) if employer is not None else set(known)
    for item in readings:
        name = item.row.values.get("name")
        if item.key is None or not isinstance(name, str):
            continue
        person_id = held.get(item.key)
        if person_id is None or person_id not in there or not names.accepts(person_id, name_key(name)):
            item.faults.append(Fault("document_number", _NOT_YOURS if employer is not None else _UNKNOWN))
        else:
            item.person = known[person_id]


_NOT_YOURS = _("Nobody with this name and number is on your roster today. Correct the row, or hand the roster in first.")
_UNKNOWN = _("The platform knows nobody with this name and number. Correct the row; an employer’s roster brings people in.")


def _employed(employer: Organisation, ids: set[int], today: dt.date) -> set[int]:
    there = employed_on(Employment.objects.filter(employer=employer), today)
    return {pk for part in chunks(ids) for pk in there.filter(person_id__in=part).values_list("person_id", flat=True)}


def _refuse_second(item: Reading, seen: dict[int, Row]) -> None:
    if item.person is None:
        return
    first = seen.setdefault(item.person.pk, item.row)
    if first is not item.row:
        text = _("This person is in the file already, in row %(row)s. Keep one of the rows.")
        item.faults.append(Fault("document_number", text, {"row": first.number}))


def _look_at_due(item: Reading, run: Run, today: dt.date) -> None:
    due = item.row.values.get("due_on")
    if not isinstance(due, dt.date):
        return
    if due < today:
        item.faults.append(Fault("due_on", _("Due on: this day has passed.")))
    elif run.closes_on is not None and due > run.closes_on:
        item.faults.append(Fault("due_on", _("Due on: the class ends on %(day)s."), {"day": run.closes_on.isoformat()}))


def _takes_seat(item: Reading) -> bool:
    return item.known is None or item.known.state not in _INSIDE


def _judge(item: Reading) -> Judgement:
    judged = Judgement(item.row, "refused", item.faults, item.warnings, object_type=OBJECT, payload=item)
    if item.faults or item.person is None:
        return judged
    if item.known is None:
        judged.outcome = "created"
        return judged
    judged.object_id = str(item.known.public_id)
    due = item.row.values.get("due_on")
    if item.known.state not in _INSIDE:
        judged.changes = [("state", item.known.get_state_display(), str(Enrolment.State.ENROLLED.label))]
    elif isinstance(due, dt.date) and due != item.known.due_on:
        judged.changes = [("due_on", item.known.due_on.isoformat() if item.known.due_on else "", due.isoformat())]
    judged.outcome = "updated" if judged.changes else "unchanged"
    return judged
