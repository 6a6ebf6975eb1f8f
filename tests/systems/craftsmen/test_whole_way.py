"""A round from its nominations to the naming, with the real engines below: consent, check, five experts, ranking within the
industries, jury, notice with objections, decision, naming."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from denggao.engines.cases import actions
from denggao.engines.cases.actions.consenting import take_back_consent
from denggao.engines.cases.actions.noticing import publish_notice
from denggao.engines.cases.actions.ranking import ROUND_KIND, confirm_ranking, rank_round
from denggao.engines.cases.models import SUBJECT_KIND, Case, Consent, Round
from denggao.engines.cases.states import State
from denggao.engines.ledger.evidence import evidence_of
from denggao.engines.ledger.models import Entry
from denggao.engines.notices.actions import close_due_notices, object_to, rule_on_objection, take_up
from denggao.engines.notices.models import NoticeItem, Objection
from denggao.engines.reviews.actions.assigning import accept_assignment, assign_by_hand
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.scoring import EntryGiven, ScoringRefused, save_entries, submit_score
from denggao.engines.reviews.meetings.actions.closing import confirm_closing, end_votes
from denggao.engines.reviews.meetings.actions.planning import MeetingGiven, invite_members, name_chair, plan_meeting
from denggao.engines.reviews.meetings.actions.sitting import arrive, open_meeting
from denggao.engines.reviews.meetings.actions.voting import ballot_of, call_item, enter_votes, settle_ballot
from denggao.engines.reviews.meetings.models import Item, Recusal
from denggao.engines.reviews.meetings.refusals import MeetingRefused
from denggao.engines.reviews.models import Assignment, Expert, Panel
from denggao.engines.reviews.refusals import AssignmentRefused
from denggao.foundation.audit.actors import visitor
from denggao.foundation.jobs import work
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.actions.naming import NotNamed
from denggao.systems.craftsmen.models import Craftsman, Nomination
from tests.cast import Cast
from tests.engines.reviews.scene import actor_of, an_expert
from tests.facts import in_post
from tests.systems.craftsmen.scene import a_nominee, agreed, an_order, craftsmen_plan, craftsmen_round, nominated

LATER = dt.timedelta(days=10)


def consented(case: Case, now: dt.datetime) -> Case:
    """The nominee has an account of the own, and agrees."""
    consent = Consent.objects.get(case=case, state="asked")
    person = consent.person
    assert person is not None
    expert_like = an_expert()
    account, expert_like.person.account = expert_like.person.account, None
    expert_like.person.save(update_fields=["account"])
    person.account = account
    person.save(update_fields=["account"])
    return agreed(case, actor=actor_of(Expert(person=person)), now=now)


def checked(case: Case, cast: Cast, now: dt.datetime) -> Case:
    for item in case.declared.system.checklist(case):
        actions.record_check(case, item=item.code, ok=True, actor=cast.clerk, now=now)
    return actions.pass_check(case, actor=cast.clerk, now=now)


def judged(case: Case, cast: Cast, now: dt.datetime, experts: list[Expert], points: dict[str, str]) -> Case:
    panel = Panel.objects.running().get(subject_kind=SUBJECT_KIND, subject_id=case.public_id)
    for seat in assign_by_hand(panel, experts, actor=cast.reviewer, now=now):
        accept_assignment(seat, actor=actor_of(seat.expert), now=now)
    for seat in Assignment.objects.filter(panel=panel).select_related("panel__rubric_version", "expert__person"):
        entries = [EntryGiven(code, value, "有据可查", uuid.uuid4(), dt.timedelta()) for code, value in points.items()]
        save_entries(seat, entries=entries, actor=actor_of(seat.expert), now=now)
        submit_score(seat, actor=actor_of(seat.expert), now=now)
    close_panel(panel, actor=cast.reviewer, now=now)
    case.refresh_from_db()
    return case


def scores(craft: int) -> dict[str, str]:
    return {"craft": str(craft), "invention": "15", "honours": "5", "contribution": "20", "spirit": "10"}


@pytest.fixture
def round_(cast, now) -> Round:
    return craftsmen_round(cast, now, plan=craftsmen_plan(cast, now), quota=3, options={"rank": {"groups": {"ic": 2, "ai": 2}}})


def ranked(cast: Cast, now: dt.datetime, round_: Round, *craft: int, industries: str = "") -> list[Case]:
    """One nominee for each number of points, all at the ranking."""
    experts = [an_expert() for _at in range(5)]
    cases = []
    for at, points in enumerate(craft):
        industry = "ai" if at < len(industries) and industries[at] == "a" else "ic"
        case = nominated(cast, round_, a_nominee(cast, f"周启{chr(0x4E00 + at)}"), now, nominee={"industry": industry})
        cases.append(judged(checked(consented(case, now), cast, now), cast, now, experts, scores(points)))
    return cases


def at_the_jury(cast: Cast, now: dt.datetime, round_: Round) -> None:
    confirm_ranking(round_, rank_round(round_, actor=cast.reviewer, now=now), actor=cast.approver, now=now)


def voted(cast: Cast, now: dt.datetime, round_: Round, *, against: frozenset[str] = frozenset()) -> None:
    """Seven jurors; all are for it, but for those named."""
    given = MeetingGiven("评委会会议", "会议室", now, cast.user("clerk"))
    meeting = plan_meeting(ROUND_KIND, round_.public_id, given, actor=cast.reviewer, now=now)
    seats = invite_members(meeting, [an_expert() for _at in range(7)], actor=cast.reviewer, now=now)
    name_chair(seats[0], actor=cast.reviewer, now=now)
    for seat in seats:
        arrive(seat, actor=cast.clerk, now=now)
    open_meeting(meeting, actor=cast.clerk, now=now)
    for item in Item.objects.filter(meeting=meeting).select_related("meeting"):
        called = call_item(item, actor=cast.clerk, now=now)
        choice = "against" if any(name in item.title_zh for name in against) else "for"
        enter_votes(called, {str(seat.public_id): choice for seat in seats}, actor=cast.clerk, now=now)
        settle_ballot(ballot_of(called), actor=cast.clerk, now=now)
    end_votes(meeting, actor=cast.clerk, now=now)
    confirm_closing(meeting, actor=cast.reviewer, now=now)


def on_notice(cast: Cast, now: dt.datetime, round_: Round) -> list[Case]:
    waiting = list(Case.objects.filter(round=round_, stage_kind="notice").order_by("number"))
    publish_notice(waiting, actor=cast.reviewer, now=now)
    return waiting


def objected(case: Case, cast: Cast, now: dt.datetime, *, upheld: bool) -> None:
    item = NoticeItem.objects.select_related("notice").get(subject_id=case.public_id)
    said = {"kind": "named", "name": "赵望潮", "contact": "15400000001", "text": "专利不是他的。"}
    object_to(item.notice, item, **said, actor=visitor("web:127.0.0.1"), now=now)
    objection = Objection.objects.latest("pk")
    take_up(objection, actor=cast.reviewer, now=now)
    objection.refresh_from_db()
    rule_on_objection(
        objection, upheld=upheld, consequence="end" if upheld else "none", reason="经查属实。" if upheld else "经查不实。",
        actor=cast.approver, now=now,
    )  # fmt: skip


def test_a_round_ends_with_those_named_whom_everything_speaks_for(cast, now, round_):
    first, second, third, fourth = ranked(cast, now, round_, 28, 26, 24, 22, industries="iiia")
    at_the_jury(cast, now, round_)
    third.refresh_from_db()
    assert third.state == State.REJECTED, "two of its industry stand above, and it has two places"
    voted(cast, now, round_)
    on_notice(cast, now, round_)
    objected(second, cast, now, upheld=True)
    objected(first, cast, now, upheld=False)
    close_due_notices(now=now + LATER)
    for case in (first, second, fourth):
        case.refresh_from_db()
    with pytest.raises(NotNamed, match="Naming order"):
        actions.decide_case(first, approve=True, reason="同意", actor=cast.approver, now=now + LATER)
    an_order(cast, round_, now + LATER)
    for case in (first, fourth):
        actions.decide_case(case, approve=True, reason="同意", actor=cast.approver, now=now + LATER)
    work.drain(clock=lambda: now + LATER)

    assert set(Craftsman.objects.values_list("case_id", flat=True)) == {first.pk, fourth.pk}
    second.refresh_from_db()
    assert (second.state, Nomination.objects.get(case=second).stands) == (State.ENDED, False)
    steps = {
        step.kind: step.state
        for step in evidence_of(Entry.objects.get(person=Nomination.objects.get(case=first).person), cast.auditor)
    }
    assert (steps["naming"], steps["decision"], steps["certificate"]) == ("proven",) * 3
    assert list(first.steps.values_list("kind", flat=True)) == [
        "opened", "submitted", "consented", "passed", "reviewed", "ranked", "voted", "notice_opened", "noticed", "decided", "awarded",
    ]  # fmt: skip


def test_a_tie_at_the_edge_of_an_industry_leaves_the_place_unfilled(cast, now, round_):
    ranked(cast, now, round_, 28, 24, 24)

    ranking = rank_round(round_, actor=cast.reviewer, now=now)

    told = [(line["advances"], line["why"]) for line in ranking.result]
    assert [advances for advances, _why in told] == [True, False, False]
    assert {why for _advances, why in told[1:]} == {"group_tie_held"}


def test_scores_after_the_seal_change_nothing(cast, now, round_):
    (case,) = ranked(cast, now, round_, 28)
    seat = Assignment.objects.filter(panel__subject_id=case.public_id).select_related("panel__rubric_version", "expert__person")[0]

    with pytest.raises(ScoringRefused, match=r"closed on .*nothing can be entered any more"):
        save_entries(
            seat, entries=[EntryGiven("craft", "1", "改分", uuid.uuid4(), dt.timedelta())], actor=actor_of(seat.expert), now=now
        )
    case.refresh_from_db()

    assert Panel.objects.get(subject_id=case.public_id).result == 78


def test_an_expert_of_the_nominees_employer_takes_no_seat(cast, now, round_):
    case = checked(consented(nominated(cast, round_, a_nominee(cast), now), now), cast, now)
    conflicted = an_expert()
    in_post(conflicted.person, cast.employer)
    panel = Panel.objects.running().get(subject_id=case.public_id)

    with pytest.raises(AssignmentRefused, match="has a conflict of interest"):
        assign_by_hand(panel, [conflicted], actor=cast.reviewer, now=now)

    assert not Assignment.objects.filter(panel=panel).exists()


def test_a_nominee_is_no_juror_of_the_round(cast, now, round_):
    cases = ranked(cast, now, round_, 28, 26)
    at_the_jury(cast, now, round_)
    nominee = Nomination.objects.get(case=cases[0]).person
    juror = Expert.objects.create(person=nominee, from_on=dt.date(2020, 1, 1), created_at=now)
    given = MeetingGiven("评委会会议", "会议室", now, cast.user("clerk"))
    meeting = plan_meeting(ROUND_KIND, round_.public_id, given, actor=cast.reviewer, now=now)

    with pytest.raises(MeetingRefused, match="put forward in this round"):
        invite_members(meeting, [juror], actor=cast.reviewer, now=now)


def test_a_juror_of_the_employer_is_out_for_its_nominees(cast, now, round_):
    ranked(cast, now, round_, 28)
    at_the_jury(cast, now, round_)
    juror = an_expert()
    in_post(juror.person, cast.employer)
    given = MeetingGiven("评委会会议", "会议室", now, cast.user("clerk"))
    meeting = plan_meeting(ROUND_KIND, round_.public_id, given, actor=cast.reviewer, now=now)

    invite_members(meeting, [juror, an_expert()], actor=cast.reviewer, now=now)

    assert {row.member.expert_id for row in Recusal.objects.filter(item__meeting=meeting)} == {juror.pk}


def test_a_nominee_who_takes_the_consent_back_during_the_notice_drops_out(cast, now, round_):
    first, second = ranked(cast, now, round_, 28, 26)
    at_the_jury(cast, now, round_)
    voted(cast, now, round_)
    on_notice(cast, now, round_)
    consent = Consent.objects.select_related("case", "person").get(case=first, state="agreed")
    nominee = Person.objects.get(pk=consent.person_id)

    take_back_consent(consent, reason="个人原因", actor=actor_of(Expert(person=nominee)), now=now)
    close_due_notices(now=now + LATER)
    first.refresh_from_db()
    second.refresh_from_db()

    assert (first.state, second.stage) == (State.ENDED, "decide")
    assert not NoticeItem.objects.filter(subject_id=first.public_id, state__in=["shown", "passed"]).exists()
    assert not Nomination.objects.get(case=first).stands


def test_the_body_may_withdraw_during_the_notice_too(cast, now, round_):
    first, second = ranked(cast, now, round_, 28, 26)
    at_the_jury(cast, now, round_)
    voted(cast, now, round_)
    on_notice(cast, now, round_)
    first.refresh_from_db()

    actions.withdraw_case(first, reason="当事人调离", actor=cast.hr, now=now)
    close_due_notices(now=now + LATER)
    second.refresh_from_db()

    assert (first.state, second.stage) == (State.WITHDRAWN, "decide")
    assert not Nomination.objects.get(case=first).stands


def test_whom_the_jury_does_not_pass_is_rejected_with_the_vote(cast, now, round_):
    first, second = ranked(cast, now, round_, 28, 26)
    at_the_jury(cast, now, round_)
    voted(cast, now, round_, against=frozenset({Nomination.objects.get(case=second).person.name}))
    second.refresh_from_db()
    first.refresh_from_db()

    assert (first.stage_kind, second.state) == ("notice", State.REJECTED)
    assert "0" in second.steps.get(kind="rejected").reason
