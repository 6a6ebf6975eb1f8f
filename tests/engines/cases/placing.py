"""A case put into any place of the longest procedure, for tables of tests: rows as the engine would have written them, without
walking there each time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case, Consent, Correction, Step
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.states import Act, State, whose_turn
from tests.cast import Cast
from tests.engines.cases.procedures import ANSWERS, a_draft, a_round, a_submitted
from tests.engines.reviews.scene import a_rubric


@dataclass(frozen=True)
class Place:
    kind: StageKind
    state: State

    def __str__(self) -> str:
        return f"{self.state}-{self.kind}"


_OFFICE = [
    StageKind.CHECK, StageKind.REVIEW, StageKind.RANK, StageKind.MEETING, StageKind.NOTICE, StageKind.COSIGN, StageKind.DECIDE,
]  # fmt: skip
PLACES = [
    *[Place(kind, State.OPEN) for kind in StageKind],
    *[Place(kind, State.RETURNED) for kind in _OFFICE],
    Place(StageKind.DRAFT, State.WITHDRAWN),
    *[Place(kind, State.WITHDRAWN) for kind in [*_OFFICE, StageKind.AWARD]],
    *[Place(kind, State.REJECTED) for kind in _OFFICE],
    *[Place(StageKind.CONSENT, state) for state in (State.RETURNED, State.WITHDRAWN, State.ENDED)],
    Place(StageKind.NOTICE, State.ENDED),
    Place(StageKind.AWARD, State.AWARDED),
]


def place(cast: Cast, now: dt.datetime, at: Place, *, for_act: Act | None = None) -> Case:
    """Whoever checked is the clerk. The rubric of the review is loaded. ``for_act``: with what that act needs beside the place (a whole check, a changed draft)."""
    a_rubric()
    case = _placed(cast, now, at, for_act)
    agreed = for_act == Act.TAKEN_BACK
    answer = {"state": "agreed", "answered_at": now, "answered_by": cast.worker.id, "name": "周小登", "hash_seen": "0" * 64}
    Consent.objects.create(
        case=case, snapshot=1, content_hash="0" * 64, person=cast.worker_person, asked_at=now, **(answer if agreed else {})
    )
    return case


def _placed(cast: Cast, now: dt.datetime, at: Place, for_act: Act | None) -> Case:
    if at.kind == StageKind.DRAFT:
        case = a_draft(cast, now, procedure="trial_whole")
        return actions.withdraw_case(case, actor=cast.base_manager, now=now) if at.state == State.WITHDRAWN else case
    case = a_submitted(cast, now, round_=a_round(cast, now, procedure="trial_whole"))
    for item in ("papers", "seal"):
        if for_act != Act.CHECK or item == "papers":
            actions.record_check(case, item=item, ok=True, actor=cast.clerk, now=now)
    put(case, at, now)
    if at.state == State.RETURNED:
        _give_back(case, now)
        changed = ANSWERS["place"] | {"name": "补正后的名称"}
        actions.save_draft(case, section="place", answers=changed, base_revision=1, actor=cast.base_manager, now=now)
    if for_act == Act.ASK_AGAIN or for_act == Act.OPEN_NOTICE:
        Case.objects.filter(pk=case.pk, state=State.OPEN).update(waits_for="office")
        case.refresh_from_db()
    return case


def checked(case: Case, cast: Cast, now: dt.datetime) -> Case:
    """The clerk finds everything in order, and passes it."""
    for item in ("papers", "seal"):
        actions.record_check(case, item=item, ok=True, actor=cast.clerk, now=now)
    return actions.pass_check(case, actor=cast.clerk, now=now)


def put(case: Case, at: Place, now: dt.datetime) -> None:
    ended = at.state not in {State.OPEN, State.RETURNED}
    columns: dict[str, Any] = {
        "stage": at.kind.value,
        "stage_kind": at.kind,
        "state": at.state,
        "waits_for": whose_turn(at.state, at.kind),
        "ended_at": now if ended else None,
        "clock_stopped_at": now if at.state == State.RETURNED else None,
    }
    if ended:
        columns["due_on"] = None
    Case.objects.filter(pk=case.pk).update(**columns)
    case.refresh_from_db()


def _give_back(case: Case, now: dt.datetime) -> None:
    Case.objects.filter(pk=case.pk).update(lock=case.lock + 1)
    case.refresh_from_db()
    step = Step.objects.create(
        case=case, number=case.lock, kind="returned", stage_from=case.stage, stage_to=case.stage, state_to="returned", at=now,
        actor_kind="account", actor_id="office", actor_text="office", shown_to="applicant", reason="缺页",
    )  # fmt: skip
    fields = [{"section": "place", "field": "name", "remark": "写全称"}]
    Correction.objects.create(case=case, step=step, snapshot=1, fields=fields, resumes_at=case.stage, opened_at=now)
