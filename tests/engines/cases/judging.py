"""Experts who judge a case, for tests: they take their seats, hand in, and the office closes."""

from __future__ import annotations

import datetime as dt
import uuid

from denggao.engines.agreements.actions import refuse_to_sign, sign
from denggao.engines.agreements.models import Signature, SigningRequest
from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.engines.reviews.actions.assigning import accept_assignment, assign_by_hand
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.models import Assignment, Expert, Panel
from denggao.foundation.people.signin.proofs import Factor, SecondFactorGiven
from tests.cast import Cast
from tests.engines.reviews.scene import actor_of, an_expert


def panel_of(case: Case) -> Panel:
    return Panel.objects.running().get(subject_kind=SUBJECT_KIND, subject_id=case.public_id)


def seated(case: Case, cast: Cast, now: dt.datetime, *, experts: int = 2) -> list[Expert]:
    panel = panel_of(case)
    people = [an_expert() for _at in range(experts)]
    for assignment in assign_by_hand(panel, people, actor=cast.reviewer, now=now):
        accept_assignment(assignment, actor=actor_of(assignment.expert), now=now)
    return people


def hand_in(case: Case, expert: Expert, work: str, spirit: str, now: dt.datetime) -> None:
    seat = Assignment.objects.select_related("panel__rubric_version", "expert__person").get(panel=panel_of(case), expert=expert)
    entries = [
        EntryGiven(code, points, "有据可查", uuid.uuid4(), dt.timedelta()) for code, points in (("work", work), ("spirit", spirit))
    ]
    save_entries(seat, entries=entries, actor=actor_of(expert), now=now)
    submit_score(seat, actor=actor_of(expert), now=now)


def judged(case: Case, cast: Cast, now: dt.datetime, *, work: str = "8", spirit: str = "1") -> Case:
    """Two experts give the same points; the reviewer closes."""
    for expert in seated(case, cast, now):
        hand_in(case, expert, work, spirit, now)
    close_panel(panel_of(case), actor=cast.reviewer, now=now)
    case.refresh_from_db()
    return case


def request_of(case: Case) -> SigningRequest:
    return SigningRequest.objects.filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id).order_by("-round")[0]


def signed(case: Case, cast: Cast, now: dt.datetime) -> Signature:
    request = request_of(case)
    proof = SecondFactorGiven(cast.authority.id, Factor.APP, now)
    said = sign(
        request,
        organisation=cast.authority_body,
        shown_hash=request.content_hash,
        second_factor=proof,
        actor=cast.authority,
        now=now,
    )
    case.refresh_from_db()
    return said


def refused(case: Case, cast: Cast, now: dt.datetime, reason: str = "场地证明已过期") -> None:
    request = request_of(case)
    refuse_to_sign(
        request, organisation=cast.authority_body, shown_hash=request.content_hash, reason=reason, actor=cast.authority, now=now
    )
    case.refresh_from_db()
