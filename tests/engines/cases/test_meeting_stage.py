"""Cases of a round at the jury: they wait for the office, go on by what was voted, and drop off the list when they leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.engines.cases import actions
from denggao.engines.cases.actions.ranking import ROUND_KIND
from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import Procedure, StageKind, registered
from denggao.engines.cases.refusals import TwoPersons
from denggao.engines.cases.stages.meeting import RoundsMeet
from denggao.engines.cases.states import State
from denggao.engines.reviews.meetings.actions.closing import confirm_closing, end_votes
from denggao.engines.reviews.meetings.actions.planning import MeetingGiven, invite_members, name_chair, plan_meeting
from denggao.engines.reviews.meetings.actions.sitting import arrive, open_meeting
from denggao.engines.reviews.meetings.actions.voting import ballot_of, call_item, enter_votes, settle_ballot
from denggao.engines.reviews.meetings.models import Item, Meeting, Member, Recusal
from denggao.engines.reviews.meetings.refusals import MeetingRefused
from denggao.foundation.audit.actors import Grant, Role, account
from denggao.foundation.organisations.models import Membership, Organisation
from tests.cast import Cast
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import ANSWERS, FORM, SYSTEM, a_draft, a_round, stage
from tests.engines.reviews.scene import an_expert
from tests.facts import an_employer, in_post

K = StageKind
JUDGED = Procedure(
    "trial_jury",
    1,
    "Trial with a jury",
    (stage(K.DRAFT), stage(K.CHECK), stage(K.MEETING, options={"quorum": "1/2"}), stage(K.DECIDE), stage(K.AWARD)),
    {1: FORM},
    SYSTEM,
    number="PW-{year}-{serial:04d}",
)


@pytest.fixture(autouse=True)
def _with_a_jury(_trial_procedures: None) -> Iterator[None]:
    with registered(JUDGED):
        yield


def waiting(cast: Cast, now: dt.datetime, round_: Round, body: Organisation | None = None) -> Case:
    if body is None:
        case = actions.submit_case(a_draft(cast, now, round_=round_), actor=cast.base_manager, now=now)
    else:
        writer = account(cast.user("hr"), [Grant(Role.HR, body.pk)])
        case = actions.open_case(round_, body=body, actor=writer, now=now)
        for section, answers in ANSWERS.items():
            actions.save_draft(case, section=section, answers=answers, base_revision=0, actor=writer, now=now)
        case = actions.submit_case(case, actor=writer, now=now)
    case = checked(case, cast, now)
    assert (case.stage_kind, case.waits_for) == (K.MEETING, "office")
    return case


def planned(cast: Cast, now: dt.datetime, round_: Round, *, members: int = 3) -> tuple[Meeting, list[Member]]:
    given = MeetingGiven("评委会会议", "会议室", now, cast.user("clerk"))
    meeting = plan_meeting(ROUND_KIND, round_.public_id, given, actor=cast.reviewer, now=now)
    seats = invite_members(meeting, [an_expert() for _at in range(members)], actor=cast.reviewer, now=now)
    name_chair(seats[0], actor=cast.reviewer, now=now)
    return meeting, seats


def opened(cast: Cast, now: dt.datetime, round_: Round) -> tuple[Meeting, list[Member]]:
    meeting, seats = planned(cast, now, round_)
    for seat in seats:
        arrive(seat, actor=cast.clerk, now=now)
    return open_meeting(meeting, actor=cast.clerk, now=now), seats


def vote(cast: Cast, now: dt.datetime, case: Case, seats: list[Member], in_favour: int) -> None:
    item = call_item(Item.objects.select_related("meeting").get(subject_id=case.public_id), actor=cast.clerk, now=now)
    said = ["for"] * in_favour + ["against"] * (len(seats) - in_favour)
    choices = {str(seat.public_id): choice for seat, choice in zip(seats, said, strict=True)}
    enter_votes(item, choices, actor=cast.clerk, now=now)
    settle_ballot(ballot_of(item), actor=cast.clerk, now=now)


@pytest.fixture
def round_(cast, now):
    return a_round(cast, now, procedure="trial_jury", quota=1)


def test_who_passes_goes_on_and_the_others_are_rejected_with_the_vote(cast, now, round_):
    first, second = waiting(cast, now, round_), waiting(cast, now, round_, cast.employer)
    third = waiting(cast, now, round_, cast.other_employer)
    meeting, seats = opened(cast, now, round_)
    for case, votes in ((first, 3), (second, 1), (third, 2)):
        vote(cast, now, case, seats, votes)
    end_votes(meeting, actor=cast.clerk, now=now)

    confirm_closing(meeting, actor=cast.reviewer, now=now)

    for case in (first, second, third):
        case.refresh_from_db()
    assert [(case.stage, case.state) for case in (first, second, third)] == [
        ("decide", State.OPEN),
        ("meeting", State.REJECTED),
        ("meeting", State.REJECTED),
    ]
    step = first.steps.get(kind="voted")
    assert {name: step.facts[name] for name in ("for", "against", "abstain", "recused", "present")} == {
        "for": 3, "against": 0, "abstain": 0, "recused": 0, "present": 3,
    }  # fmt: skip
    assert step.facts["meeting"] == str(meeting.public_id)
    assert "1" in second.steps.get(kind="rejected").reason
    assert third.steps.get(kind="rejected").facts["why"] == "beyond_quota"
    assert ("rejected", str(second.public_id)) in SYSTEM.told


def test_the_meeting_takes_what_round_and_stage_say(cast, now, round_):
    waiting(cast, now, round_)
    Round.objects.update(options={"meeting": {"quota": 4, "quotas": {"ic": 2}, "majority": "2/3", "way": "secret"}})

    setting = RoundsMeet().setting(round_.public_id)

    assert setting is not None
    assert (setting.quota, setting.quotas, setting.quorum, setting.majority, setting.way) == (
        4,
        {"ic": 2},
        (1, 2),
        (2, 3),
        "secret",
    )


def test_a_case_that_comes_later_joins_the_planned_list_and_an_open_one_stays_as_it_is(cast, now, round_):
    waiting(cast, now, round_)
    meeting, seats = planned(cast, now, round_)
    waiting(cast, now, round_, cast.employer)
    assert meeting.items.count() == 2

    for seat in seats:
        arrive(seat, actor=cast.clerk, now=now)
    open_meeting(meeting, actor=cast.clerk, now=now)
    waiting(cast, now, round_, cast.other_employer)
    assert meeting.items.count() == 2


def test_a_case_withdrawn_or_sent_back_meanwhile_drops_out(cast, now, round_):
    first, second = waiting(cast, now, round_), waiting(cast, now, round_, cast.employer)
    meeting, seats = opened(cast, now, round_)
    vote(cast, now, first, seats, 3)

    actions.withdraw_case(first, actor=cast.base_manager, now=now)

    item = meeting.items.get(subject_id=first.public_id)
    assert (item.state, bool(item.dropped_reason)) == ("dropped", True)
    vote(cast, now, second, seats, 3)
    end_votes(meeting, actor=cast.clerk, now=now)
    confirm_closing(meeting, actor=cast.reviewer, now=now)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.stage) == (State.WITHDRAWN, "decide")


def test_a_member_employed_by_an_applicant_is_recused(cast, now, round_):
    waiting(cast, now, round_)
    meeting, _seats = planned(cast, now, round_)
    expert = an_expert()
    in_post(expert.person, cast.base)

    invite_members(meeting, [expert], actor=cast.reviewer, now=now)

    assert Recusal.objects.filter(member__expert=expert, kind="employer").count() == 1


def test_the_applicants_side_does_not_confirm(cast, now, round_):
    case = waiting(cast, now, round_)
    meeting, seats = opened(cast, now, round_)
    vote(cast, now, case, seats, 3)
    end_votes(meeting, actor=cast.clerk, now=now)
    Membership.objects.create(account=cast.user("reviewer"), role=Role.BASE_MANAGER, organisation=cast.base, from_on=now.date())
    both = account(cast.user("reviewer"), [Grant(Role.REVIEWER), Grant(Role.BASE_MANAGER, cast.base.pk)])

    with pytest.raises(TwoPersons):
        confirm_closing(meeting, actor=both, now=now)
    case.refresh_from_db()
    meeting.refresh_from_db()
    assert (case.stage, meeting.state) == ("meeting", "open")


def test_nobody_meets_about_an_empty_list(cast, now, round_):
    meeting, seats = planned(cast, now, round_)
    for seat in seats:
        arrive(seat, actor=cast.clerk, now=now)

    with pytest.raises(MeetingRefused):
        open_meeting(meeting, actor=cast.clerk, now=now)


def test_candidates_and_parties_are_read_with_the_same_queries_for_one_and_three(cast, now, round_):
    counts = []
    for bodies in ([None], [cast.employer, an_employer("三号")]):
        for body in bodies:
            waiting(cast, now, round_, body)
        rounds = RoundsMeet()
        with CaptureQueriesContext(connection) as queries:
            candidates = rounds.candidates(round_.public_id)
            rounds.parties([each.subject_id for each in candidates])
            rounds.nominated(round_.public_id)
        counts.append((len(candidates), len(queries)))

    assert [count for count, _queries in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]
