"""What the engines below do in a stage: asked for when a case enters it, called off when the case leaves it otherwise.

Each kind of stage that needs one has a module here; its handlers bring the case on (``actions.following``).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils import translation
from django.utils.timezone import localdate

from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import Rule, Stage, StageKind
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, system
from denggao.foundation.standards.queries import rule_value


@dataclass(frozen=True)
class Progress:
    """How far the work of a stage is: ``done`` of ``total`` (0 where there is nothing to count), until when, and what of it
    can't be told yet (``open_end``: the calendar of that year is missing)."""

    done: int = 0
    total: int = 0
    until: dt.date | None = None
    open_end: bool = False
    refused: bool = False


class StageWork(Protocol):
    """What a kind of stage has done for it."""

    def hold(self, case: Case) -> None:
        """Take the row of the engine below before the case's own: two acts then never wait for each other in a circle."""

    def enter(self, case: Case, stage: Stage, *, actor: Actor, now: dt.datetime) -> None:
        """Ask the engine below for its work. Called in the transaction of the step."""

    def leave(self, case: Case, stage: Stage, *, reason: str, actor: Actor, now: dt.datetime) -> None:
        """Call off what is still open: the case leaves the stage by another way than its own."""

    def waited_for(self, case: Case, *, now: dt.datetime) -> list[tuple[User, str]]:
        """The accounts whose work is still owed here, each with the address where it is done; none where a machine's or the
        calendar's turn it is."""

    def progress(self, cases: Sequence[Case]) -> Mapping[uuid.UUID, Progress]:
        """By public id, for cases that stand in stages of this kind; a fixed number of queries, however many."""


_WORKS: dict[str, StageWork] = {}


def plug_stage(kind: StageKind, work: StageWork) -> None:
    _WORKS[kind] = work


def work_of(kind: str) -> StageWork | None:
    return _WORKS.get(kind)


def options_of(case: Case, stage: Stage) -> dict[str, Any]:
    """What holds for this case in this stage: the round's word before the procedure's."""
    options = dict(stage.options)
    if case.round is not None:
        given = case.round.options
        options.update(given.get(stage.code) or {})
    on = localdate(case.submitted_at or case.opened_at)
    return {name: plain_rule(value, on) if isinstance(value, Rule) else value for name, value in options.items()}


def plain_rule(rule: Rule, on: dt.date) -> str:
    """The rule's number of a day, as an option is written: ``"70"``."""
    return f"{rule_value(rule.key, on).normalize():f}"


def case_of(public_id: uuid.UUID) -> Case | None:
    return Case.objects.with_labels().filter(public_id=public_id).first()


def title_en(case: Case, *, among_its_like: bool = False) -> str:
    """What a case is called on an English page of the engines below: by the applicant, and where its own title is not the
    applicant's name, by that before it, as it was written. ``among_its_like``: without what kind of case it is."""
    with translation.override("zh-hans"):
        known = case.applicant_name in case.title
    with translation.override("en"):
        kind, applicant = str(case.declared.name), case.applicant_name
    told = applicant if known else f"{case.title} ({applicant})"
    return (f"{case.number} {told}" if among_its_like else f"{case.number} {kind}: {told}")[:160]


# What the engines below do for a case follows from an act of this room: the product itself asks them for it. Who took the step
# stands in the step, and in the audit under the same act.
PRODUCT = system("cases")
