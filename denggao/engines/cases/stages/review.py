"""Expert review: experts without a conflict judge a case by a rubric, by ``engines/reviews``."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F

from denggao.engines.cases.actions.following import go_on, stayed_below
from denggao.engines.cases.consents import parties_of
from denggao.engines.cases.models import SUBJECT_KIND, Case, Snapshot
from denggao.engines.cases.procedures import Audience, Stage, StageKind
from denggao.engines.cases.rubrics import rubric_of
from denggao.engines.cases.showing import files_among, shown_sections
from denggao.engines.cases.stages import PRODUCT, Progress, case_of, options_of, title_en
from denggao.engines.cases.states import Act, WaitsFor, can
from denggao.engines.cases.telling import tell_office
from denggao.engines.reviews.actions.calling_off import call_off_panel
from denggao.engines.reviews.actions.panels import PanelOrder, open_panel
from denggao.engines.reviews.models import Assignment, Panel
from denggao.engines.reviews.policies import hidden_subject_ids
from denggao.engines.reviews.queries import progress_of
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor

_SEATS = 3


class Reviewing:
    """What ``reviews`` does for a case."""

    def hold(self, case: Case) -> None:
        """A panel that closes takes its own row, then its case's: so does a case that leaves it."""
        Panel.objects.running().filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id).update(seats=F("seats"))

    def enter(self, case: Case, stage: Stage, *, actor: Actor, now: dt.datetime) -> None:
        options = options_of(case, stage)
        order = PanelOrder(
            subject_kind=SUBJECT_KIND,
            subject_id=case.public_id,
            title_zh=f"{case.number} {case.title}",
            title_en=title_en(case),
            rubric_version=rubric_of(options),
            parties=parties_of(case),
            seats=int(options.get("seats", _SEATS)),
            plan=case.plan,
            rule=options.get("rule") or {},
            fields=tuple(options.get("fields") or ()),
            due_on=case.due_on,
            is_demo=case.is_demo,
        )
        open_panel(order, actor=PRODUCT, now=now)

    def leave(self, case: Case, stage: Stage, *, reason: str, actor: Actor, now: dt.datetime) -> None:
        call_off_panel(SUBJECT_KIND, case.public_id, reason=reason, actor=PRODUCT, now=now)

    def waited_for(self, case: Case, *, now: dt.datetime) -> list[tuple[User, str]]:
        """Experts who have not handed in. Nobody with a standing conflict holds a seat."""
        seats = Assignment.objects.filter(
            state__in=Assignment.PENDING, panel__subject_kind=SUBJECT_KIND, panel__subject_id=case.public_id,
            expert__person__account__is_active=True,
        ).exclude(panel__state=Panel.State.CLOSED)  # fmt: skip
        owed = seats.select_related("expert__person__account").order_by("pk")
        return [(seat.expert.person.account, f"/reviews/{seat.public_id}/") for seat in owed if seat.expert.person.account]

    def progress(self, cases: Sequence[Case]) -> Mapping[uuid.UUID, Progress]:
        """Of the running panel of each. Two queries."""
        panels = list(Panel.objects.running().filter(subject_kind=SUBJECT_KIND, subject_id__in=[case.public_id for case in cases]))
        found = progress_of(panels)
        return {panel.subject_id: Progress(found[panel.pk].submitted, panel.seats) for panel in panels}


class ReviewedCases:
    """What ``reviews`` asks and tells of subjects of the kind ``case``; registered in ``wiring.py``."""

    def on_closed(self, panel: Panel, *, actor: Actor, now: dt.datetime) -> None:
        """Enough points: the case goes on. Fewer than the stage's minimum: it waits for the office, which rejects it or sends it
        back; no machine rejects."""
        case = case_of(panel.subject_id)
        if case is None or not can(Act.REVIEWED, case.state, case.stage_kind):
            return
        facts = {"panel": str(panel.public_id), "result": str(panel.result)}
        minimum = options_of(case, case.at).get("minimum")
        if minimum is not None and panel.result is not None and panel.result < Decimal(str(minimum)):
            stayed_below(case, facts={**facts, "minimum": str(minimum)}, actor=actor, now=now)
        else:
            go_on(case, StageKind.REVIEW, facts=facts, actor=actor, now=now)

    def can_chair(self, actor: Actor, subject_id: uuid.UUID) -> bool:
        """Beside a named chair nobody; without one the office's clerks and reviewers, as ``reviews`` has it."""
        return False

    def file(self, actor: Actor, subject_id: uuid.UUID) -> tuple[str, dict[str, Any]] | None:
        """What experts read: the latest submission, as it was frozen."""
        case = case_of(subject_id)
        filed = Snapshot.objects.filter(case=case).order_by("-number").first() if case is not None else None
        if case is None or filed is None:
            return None
        form = case.declared.forms[filed.form_version]
        answers = filed.answers or {}
        return "cases/parts/reviewed.html", {
            "case": case,
            "facts": case.declared.system.facts(case, Audience.OFFICE),
            "sections": shown_sections(form, answers, files_among(answers), filed.known),
            "snapshot": filed,
        }

    def url(self, subject_id: uuid.UUID) -> str:
        return f"/cases/{subject_id}/"


def look_again(panel: Panel, *, actor: Actor, now: dt.datetime) -> None:
    """Plugged into ``result_changed``: scores of a closed panel were set aside. A case that still stands where the result decides
    is looked at again; of one that has gone on, the office is told."""
    if panel.subject_kind != SUBJECT_KIND:
        return
    case = case_of(panel.subject_id)
    if case is None or not case.is_standing:
        return
    if case.stage_kind == StageKind.REVIEW and case.waits_for == WaitsFor.OFFICE:
        minimum = options_of(case, case.at).get("minimum")
        if panel.result is not None and minimum is not None and panel.result >= Decimal(str(minimum)):
            facts = {"panel": str(panel.public_id), "result": str(panel.result)}
            go_on(case, StageKind.REVIEW, facts=facts, actor=actor, now=now)
            return
    tell_office(case, "cases.result_changed", case.at.workers, now=now, result=str(panel.result or "—"))


def in_conflict(actor: Actor) -> Collection[uuid.UUID]:
    """Public ids of the cases the actor must learn nothing of as office, expert or signer."""
    return actor.once("cases.conflicts", lambda: hidden_subject_ids(actor, SUBJECT_KIND)) if actor.user is not None else ()


def judged_by(actor: Actor) -> Collection[uuid.UUID]:
    """Public ids of the cases whose file the actor reads as an expert: seats taken, no conflict."""
    return actor.once("cases.judged", lambda: _judged_by(actor)) if actor.user is not None else ()


def _judged_by(actor: Actor) -> set[uuid.UUID]:
    seats = Assignment.objects.filter(
        expert__person__account=actor.user,
        state__in=[Assignment.State.ACCEPTED, Assignment.State.SCORING, Assignment.State.SUBMITTED],
        panel__subject_kind=SUBJECT_KIND,
    )
    return set(seats.values_list("panel__subject_id", flat=True)) - set(in_conflict(actor))
