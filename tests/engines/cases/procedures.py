"""Kinds of applications for tests: a short one (check, decision) and one of every stage, with a system that remembers what it
was told. ``trial_procedures`` registers them; a process of its own calls ``register_trials``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django import forms

from denggao.engines.cases import procedures
from denggao.engines.cases.actions import RoundGiven, open_case, open_round, prepare_round, save_draft, submit_case
from denggao.engines.cases.fields import RowsField
from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import (
    Agreeing,
    CaseForm,
    CaseSystem,
    CheckItem,
    Group,
    KnownSection,
    Procedure,
    Section,
    Stage,
    StageKind,
    StageNames,
)
from denggao.foundation.audit.actors import Actor
from denggao.foundation.messages.models import Message
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.sheets.kinds import Cell, Column
from tests.cast import Cast


def as_text(cell: Cell) -> str:
    return cell.text


class PlaceForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name")
    area = forms.IntegerField(min_value=1, label="Floor area (m²)")
    ready = forms.BooleanField(required=False, label="Ready")


class PlanForm(forms.Form):
    aim = forms.CharField(max_length=2000, widget=forms.Textarea, label="Aim")
    machines = RowsField(
        columns=[Column("name", "名称", "Name", as_text, required=True), Column("count", "数量", "Count", as_text)],
        required=False,
        label="Machines",
    )


FORM = CaseForm(1, (Section("place", "The place", PlaceForm), Section("plan", "The plan", PlanForm)))
ANSWERS: dict[str, dict[str, Any]] = {
    "place": {"name": "滴水湖工坊", "area": "1200", "ready": True},
    "plan": {"aim": "三年培养三百名高级工。", "machines": [{"name": "数控车床", "count": "4"}]},
}


@dataclass
class TrialSystem(CaseSystem):
    """Says yes to everything, and remembers what it was told."""

    refuses: str | None = None
    breaks: bool = False
    signing: list[Organisation] = field(default_factory=list)
    agrees: list[Agreeing] = field(default_factory=list)
    grouping: list[Group] = field(default_factory=list)
    knows: list[KnownSection] = field(default_factory=list)
    asked_known: int = 0
    kept: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)

    def may_apply(self, actor: Actor, round_: Round, applicant: object) -> str | None:
        return self.refuses

    def title(self, case: Case) -> str:
        return f"{case.applicant_name} 申请"

    def checklist(self, case: Case) -> list[CheckItem]:
        return [CheckItem("papers", "Papers are there"), CheckItem("seal", "Seal is there", "On the last page")]

    def facts(self, case: Case, audience: str) -> list[tuple[str, str]]:
        return [("Applicant", case.applicant_name)]

    def keep_answers(self, case: Case, answers: Any, *, actor: Actor, now: dt.datetime) -> None:
        self.kept.append(dict(answers))

    def agreeing(self, case: Case) -> list[Agreeing]:
        return self.agrees

    def known(self, case: Case) -> list[KnownSection]:
        self.asked_known += 1
        return self.knows

    def groups(self, plan: object) -> list[Group]:
        return self.grouping

    def group(self, case: Case) -> Group | None:
        """By the number, in turn."""
        if not self.grouping or not case.number:
            return None
        return self.grouping[(int(case.number[-4:]) - 1) % len(self.grouping)]

    def signers(self, case: Case) -> list[Organisation]:
        return self.signing or list(Organisation.objects.filter(kind="authority").order_by("pk"))

    def signing_content(self, case: Case) -> dict[str, Any]:
        return {"number": case.number, "title": case.title}

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        if self.breaks:
            raise RuntimeError("the system broke")
        self.told.append(("award", str(case.public_id)))
        # A row of the database, so that a process of its own can be seen to have awarded.
        if (user := case_opener(case)) is not None:
            Message.objects.create(account=user, code="trial.made", created_at=now)

    def ended(self, case: Case, state: str, *, actor: Actor, now: dt.datetime) -> None:
        self.told.append((state, str(case.public_id)))


def case_opener(case: Case) -> Any:
    from denggao.foundation.accounts.models import User

    return User.objects.filter(public_id=case.opened_by).first()


def names(text: str) -> StageNames:
    return StageNames(f"{text} (yours)", text, f"{text} (public)")


def stage(kind: StageKind, **given: Any) -> Stage:
    return Stage(kind.value, kind, names(kind.value.title()), **given)


K = StageKind
SYSTEM = TrialSystem()
SHORT = Procedure(
    "trial",
    1,
    "Trial",
    (stage(K.DRAFT), stage(K.CHECK, days=5, bulk=True), stage(K.DECIDE, days=10, bulk=True), stage(K.AWARD)),
    {1: FORM},
    SYSTEM,
    number="SY-{year}-{serial:04d}",
)
FULL = Procedure(
    "trial_full",
    1,
    "Full trial",
    (
        stage(K.DRAFT),
        stage(K.CHECK, days=5),
        stage(K.REVIEW, days=20, options={"rubric": "small", "seats": 2, "minimum": "6"}),
        stage(K.RANK, days=5),
        stage(K.NOTICE, options={"days": 5}),
        stage(K.DECIDE, days=10),
        stage(K.COSIGN, days=10),
        stage(K.AWARD),
    ),
    {1: FORM},
    SYSTEM,
    number="QS-{year}-{serial:04d}",
)
# Every kind of stage, in an order that makes sense: for the tables of places.
WHOLE = Procedure(
    "trial_whole",
    1,
    "Whole trial",
    (
        stage(K.DRAFT),
        stage(K.CONSENT, days=5),
        *FULL.stages[1:4],
        stage(K.MEETING, days=10),
        *FULL.stages[4:],
    ),
    {1: FORM},
    SYSTEM,
    number="ZS-{year}-{serial:04d}",
)
CONSENT = Procedure(
    "trial_consent",
    1,
    "Trial with consent",
    (
        stage(K.DRAFT),
        stage(K.CONSENT, days=5),
        stage(K.CHECK, days=5),
        stage(K.NOTICE, options={"days": 5}),
        stage(K.DECIDE),
        stage(K.AWARD),
    ),
    {1: FORM},
    SYSTEM,
    number="TY-{year}-{serial:04d}",
)
TRIALS = (SHORT, FULL, WHOLE, CONSENT)


def register_trials() -> None:
    for each in TRIALS:
        procedures.register(each)


def forget() -> None:
    """Back to a system that says yes and has heard nothing."""
    SYSTEM.refuses, SYSTEM.breaks = None, False
    SYSTEM.signing, SYSTEM.agrees, SYSTEM.grouping, SYSTEM.knows, SYSTEM.kept, SYSTEM.told = [], [], [], [], [], []


def a_round(cast: Cast, now: dt.datetime, *, procedure: str = "trial", **given: Any) -> Round:
    """Open now, for thirty days."""
    facts = {"title_zh": "二〇二二年度申报", "title_en": "Call of 2022", "call_zh": "欢迎申报。"} | given
    times = {"opens_at": now - dt.timedelta(days=1), "closes_at": now + dt.timedelta(days=30)}
    round_ = prepare_round(RoundGiven(procedure=procedure, **{**times, **facts}), actor=cast.clerk, now=now)
    return open_round(round_, actor=cast.clerk, now=now)


def a_draft(cast: Cast, now: dt.datetime, *, round_: Round | None = None, filled: bool = True, **given: Any) -> Case:
    """Of ``cast.base``, written by its manager."""
    case = open_case(round_ or a_round(cast, now, **given), body=cast.base, actor=cast.base_manager, now=now)
    if filled:
        for section, answers in ANSWERS.items():
            save_draft(case, section=section, answers=answers, base_revision=0, actor=cast.base_manager, now=now)
    return case


def a_submitted(cast: Cast, now: dt.datetime, **given: Any) -> Case:
    return submit_case(a_draft(cast, now, **given), actor=cast.base_manager, now=now)
