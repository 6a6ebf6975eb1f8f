"""Planning, opening, voting and closing a meeting; every fault is a sentence."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from denggao.engines.reviews.meetings import policies
from denggao.engines.reviews.meetings.actions.closing import (
    confirm_closing,
    end_votes,
    resume_votes,
    write_addendum,
    write_minutes,
)
from denggao.engines.reviews.meetings.actions.planning import (
    MeetingGiven,
    answer_invitation,
    call_off_meeting,
    candidates_changed,
    change_meeting,
    drop_candidate,
    invite_members,
    plan_meeting,
    remove_member,
)
from denggao.engines.reviews.meetings.actions.recusing import clear_recusal, declare_recusal, look_at, people_changed, set_recusal
from denggao.engines.reviews.meetings.actions.sitting import arrive, leave, open_meeting
from denggao.engines.reviews.meetings.actions.voting import (
    ballot_of,
    call_item,
    cast_vote,
    check_count,
    count_ballot,
    enter_votes,
    open_second_vote,
    settle_ballot,
    vote_again,
    write_decision,
)
from denggao.engines.reviews.meetings.models import Addendum, Ballot, Item, Meeting, Recusal, Vote
from denggao.engines.reviews.meetings.refusals import (
    MeetingOver,
    MeetingRefused,
    MovedOn,
    NoQuorum,
    SecondPerson,
    VoteRefused,
)
from denggao.engines.reviews.meetings.registry import Setting
from denggao.engines.reviews.rules.ranking import hash_of
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.actors import Grant, Role, account, operator
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from tests.engines.reviews.meetings.jury import KIND, NOW, a_candidate, a_jury
from tests.engines.reviews.scene import actor_of, an_expert
from tests.facts import an_employer, in_post

pytestmark = pytest.mark.django_db


# Planning


def test_the_rules_of_the_day_hold_unless_the_meeting_sets_its_own(cast):
    usual = a_jury(cast).meeting
    own = a_jury(cast, quorum=(3, 4), majority=(2, 3)).meeting

    assert (usual.quorum_parts, usual.quorum_of, usual.majority_parts, usual.majority_of, usual.own_rule) == (2, 3, 1, 2, False)
    assert (own.quorum_parts, own.quorum_of, own.majority_parts, own.majority_of, own.own_rule) == (3, 4, 2, 3, True)


def test_only_a_reviewer_plans(cast):
    jury = a_jury(cast)
    given = MeetingGiven("会", "室", NOW, cast.user("clerk"))

    for part in ("clerk", "approver", "hr", "expert", "worker"):
        with pytest.raises(NotAllowed):
            plan_meeting(KIND, uuid.uuid4(), given, actor=getattr(cast, part), now=NOW)
        with pytest.raises(NotAllowed):
            change_meeting(jury.meeting, given, actor=getattr(cast, part), now=NOW)


def test_a_second_meeting_about_the_same_is_refused_while_one_runs(cast):
    jury = a_jury(cast)
    given = MeetingGiven("会", "室", NOW, cast.user("clerk"))

    with pytest.raises(MeetingRefused):
        plan_meeting(KIND, jury.meeting.subject_id, given, actor=cast.reviewer, now=NOW)
    call_off_meeting(jury.meeting, reason="改期", actor=cast.reviewer, now=NOW)
    assert plan_meeting(KIND, jury.meeting.subject_id, given, actor=cast.reviewer, now=NOW).state == "planned"


def test_who_is_invited_is_told_and_answers(cast):
    jury = a_jury(cast)
    member = jury.members[1]

    answer_invitation(member, coming=True, actor=jury.own(1), now=NOW)

    member.refresh_from_db()
    assert member.answer == "coming"
    assert Message.objects.filter(account=member.expert.person.account, code="meetings.invited").count() == 1
    with pytest.raises(NotAllowed):
        answer_invitation(member, coming=False, actor=jury.own(0), now=NOW)


def test_whoever_is_put_forward_in_the_round_cannot_be_a_member(cast):
    candidate = a_candidate("甲")
    jury = a_jury(cast, candidates=[candidate])
    nominee, earlier = an_expert("提名人"), an_expert("初审中")
    jury.round.persons[candidate.subject_id] = {nominee.person_id}
    jury.round.earlier = {earlier.person_id}

    for expert in (nominee, earlier):
        with pytest.raises(MeetingRefused, match=expert.person.name):
            invite_members(jury.meeting, [an_expert(), expert], actor=cast.reviewer, now=NOW)
    assert jury.meeting.members.count() == 3


def test_a_member_put_forward_later_is_found_and_the_meeting_does_not_open(cast):
    jury = a_jury(cast)
    late = a_candidate("乙")
    jury.round.waiting.append(late)
    jury.round.persons[late.subject_id] = {jury.members[2].expert.person_id}

    candidates_changed(KIND, jury.meeting.subject_id, actor=operator("test"), now=NOW)

    assert Message.objects.filter(account=cast.user("clerk"), code="meetings.nominated").count() == 1
    jury.here()
    with pytest.raises(MeetingRefused, match=jury.members[2].expert.person.name):
        open_meeting(jury.meeting, actor=cast.clerk, now=NOW)
    remove_member(jury.members[2], actor=cast.reviewer, now=NOW)
    assert open_meeting(jury.meeting, actor=cast.clerk, now=NOW).state == "open"


# Opening


def test_without_a_quorum_it_does_not_open_and_says_how_many_are_missing(cast):
    jury = a_jury(cast, members=6)
    jury.here(0, 1)

    with pytest.raises(NoQuorum, match="2"):
        open_meeting(jury.meeting, actor=cast.clerk, now=NOW)
    jury.here(2, 3)
    assert open_meeting(jury.meeting, actor=cast.clerk, now=NOW).state == "open"


def test_the_chair_opens_in_person(cast):
    jury = a_jury(cast, members=4)
    jury.here(1, 2, 3)

    with pytest.raises(MeetingRefused):
        open_meeting(jury.meeting, actor=cast.clerk, now=NOW)


def test_nothing_is_voted_before_it_is_open(cast):
    jury = a_jury(cast)

    with pytest.raises(MeetingRefused):
        call_item(jury.item(), actor=cast.clerk, now=NOW)


def test_an_open_meeting_keeps_its_plan(cast):
    jury = a_jury(cast).open()
    given = MeetingGiven("会", "室", NOW, cast.user("clerk"))

    for act in (
        lambda: change_meeting(jury.meeting, given, actor=cast.reviewer, now=NOW),
        lambda: invite_members(jury.meeting, [an_expert()], actor=cast.reviewer, now=NOW),
        lambda: remove_member(jury.members[1], actor=cast.reviewer, now=NOW),
    ):
        with pytest.raises(MeetingRefused):
            act()


# Recusals


def test_ties_are_found_for_all_members_and_items_with_as_many_queries_for_three_as_for_one(cast):
    counts = []
    for number in (1, 3):
        employer = an_employer(f"单位{number}")
        experts = [an_expert() for _at in range(number)]
        for expert in experts:
            in_post(expert.person, employer)
        candidates = [a_candidate(f"候选{at}") for at in range(number)]
        jury = a_jury(cast, experts=experts, candidates=candidates)
        jury.round.bodies = {each.subject_id: {employer.pk} for each in candidates}
        look_at(jury.meeting, actor=operator("test"), now=NOW)
        assert Recusal.objects.filter(item__meeting=jury.meeting).count() == number * number
        with CaptureQueriesContext(
            connection,
        ) as queries:
            look_at(jury.meeting, actor=operator("test"), now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_recused_member_neither_votes_nor_counts_in_the_base(cast):
    jury = a_jury(cast, members=3).open()
    item = call_item(jury.item(), actor=cast.clerk, now=NOW)
    declare_recusal(jury.members[2], item, reason="近亲", actor=jury.own(2), now=NOW)

    with pytest.raises(VoteRefused):
        jury.vote(2)
    with pytest.raises(VoteRefused, match=jury.members[2].expert.person.name):
        enter_votes(item, {str(jury.members[2].public_id): "for"}, actor=cast.clerk, now=NOW)
    jury.vote(0)
    jury.vote(1)
    ballot = settle_ballot(ballot_of(item), actor=cast.clerk, now=NOW)
    assert (ballot.present, ballot.recused, ballot.entitled, ballot.needed, ballot.in_favour) == (3, 1, 2, 2, 2)
    assert ballot.carried


def test_a_recused_member_does_not_reach_the_file(cast):
    jury = a_jury(cast).open()
    set_recusal(jury.members[1], jury.item(), reason="合作发明人", actor=cast.clerk, now=NOW)

    from django.http import Http404

    with pytest.raises(Http404):
        policies.get_item_of_seat(jury.members[1], jury.item().public_id)
    assert policies.get_item_of_seat(jury.members[0], jury.item().public_id)


def test_what_is_found_during_the_meeting_sets_a_vote_aside_and_says_so(cast):
    candidate = a_candidate("甲")
    jury = a_jury(cast, members=4, candidates=[candidate]).open()
    ballot = jury.voted(0, 4)
    employer = an_employer("新单位")
    jury.round.bodies = {candidate.subject_id: {employer.pk}}
    in_post(jury.members[3].expert.person, employer)

    people_changed([jury.members[3].expert.person_id], actor=operator("test"), now=NOW)

    ballot.refresh_from_db()
    assert (ballot.state, bool(ballot.reason)) == ("set_aside", True)
    assert Message.objects.filter(account=cast.user("clerk"), code="meetings.set_aside").count() == 1
    assert Message.objects.filter(account=jury.members[3].expert.person.account, code="meetings.recused").count() == 1
    with pytest.raises(MeetingRefused):
        end_votes(jury.meeting, actor=cast.clerk, now=NOW)
    again = jury.voted(0, 3)
    assert (again.number, again.entitled, again.recused) == (2, 3, 1)


def test_a_vote_in_a_running_ballot_is_set_aside_alone(cast):
    candidate = a_candidate("甲")
    jury = a_jury(cast, members=4, candidates=[candidate]).open()
    call_item(jury.item(), actor=cast.clerk, now=NOW)
    for at in range(4):
        jury.vote(at)

    declare_recusal(jury.members[3], jury.item(), reason="师徒", actor=jury.own(3), now=NOW)

    ballot = settle_ballot(ballot_of(jury.item()), actor=cast.clerk, now=NOW)
    assert (ballot.in_favour, ballot.entitled) == (3, 3)
    assert Vote.objects.exclude(set_aside_reason="").count() == 1
    assert Record.objects.filter(action="meetings.vote.set_aside").count() == 1


def test_a_conflict_after_the_end_was_proposed_takes_the_end_back(cast):
    candidate = a_candidate("甲")
    jury = a_jury(cast, members=4, candidates=[candidate]).open()
    jury.voted(0, 4)
    end_votes(jury.meeting, actor=cast.clerk, now=NOW)

    declare_recusal(jury.members[3], jury.item(), reason="师徒", actor=jury.own(3), now=NOW)

    with pytest.raises(MeetingRefused):
        confirm_closing(jury.meeting, actor=cast.reviewer, now=NOW)


def test_what_is_found_is_cleared_with_a_reason_and_does_not_come_back(cast):
    candidate = a_candidate("甲")
    employer = an_employer("单位")
    expert = an_expert()
    in_post(expert.person, employer)
    jury = a_jury(cast, experts=[an_expert(), expert, an_expert()], candidates=[candidate])
    jury.round.bodies = {candidate.subject_id: {employer.pk}}
    look_at(jury.meeting, actor=operator("test"), now=NOW)
    recusal = Recusal.objects.get()

    with pytest.raises(ReasonMissing):
        clear_recusal(recusal, reason=" ", actor=cast.reviewer, now=NOW)
    clear_recusal(recusal, reason="同名单位", actor=cast.reviewer, now=NOW)
    look_at(jury.meeting, actor=operator("test"), now=NOW)

    assert Recusal.objects.filter(cleared_at__isnull=True).count() == 0


def test_nobody_takes_a_members_own_word_back(cast):
    jury = a_jury(cast)
    said = declare_recusal(jury.members[1], jury.item(), reason="近亲", actor=jury.own(1), now=NOW)

    with pytest.raises(MeetingRefused):
        clear_recusal(said, reason="不要紧", actor=cast.reviewer, now=NOW)


# Votes


def test_votes_by_name_are_changed_until_settled(cast):
    jury = a_jury(cast).open()
    call_item(jury.item(), actor=cast.clerk, now=NOW)
    for at in range(3):
        jury.vote(at, "against")
    jury.vote(0, "for")
    ballot = settle_ballot(ballot_of(jury.item()), actor=cast.clerk, now=NOW)

    assert (ballot.in_favour, ballot.against, ballot.carried) == (1, 2, False)
    with pytest.raises(VoteRefused):
        jury.vote(0, "against")


def test_a_member_votes_for_nobody_else_and_outsiders_not_at_all(cast):
    jury = a_jury(cast).open()
    call_item(jury.item(), actor=cast.clerk, now=NOW)

    for actor in (jury.own(1), actor_of(an_expert()), cast.approver, cast.hr):
        with pytest.raises(NotAllowed):
            cast_vote(jury.members[0], jury.item(), "for", actor=actor, now=NOW)


def test_silent_members_count_as_not_in_favour(cast):
    jury = a_jury(cast, members=4).open()
    ballot = jury.voted(0, 2)

    assert (ballot.in_favour, ballot.entitled, ballot.needed, ballot.silent, ballot.carried) == (2, 4, 3, 2, False)


def test_who_is_not_in_the_room_does_not_vote_and_who_leaves_loses_the_vote(cast):
    jury = a_jury(cast, members=4)
    jury.here(0, 1, 2)
    jury.meeting = open_meeting(jury.meeting, actor=cast.clerk, now=NOW)
    call_item(jury.item(), actor=cast.clerk, now=NOW)

    with pytest.raises(VoteRefused):
        jury.vote(3)
    arrive(jury.members[3], actor=cast.clerk, now=NOW)
    for at in range(4):
        jury.vote(at)
    leave(jury.members[3], actor=cast.clerk, now=NOW)
    ballot = settle_ballot(ballot_of(jury.item()), actor=cast.clerk, now=NOW)
    assert (ballot.in_favour, ballot.entitled) == (3, 3)


def test_a_quorum_lost_in_the_middle_stops_the_votes(cast):
    jury = a_jury(cast, members=3).open()
    call_item(jury.item(), actor=cast.clerk, now=NOW)
    jury.vote(0)
    for at in (1, 2):
        leave(jury.members[at], actor=cast.clerk, now=NOW)

    for act in (
        lambda: jury.vote(0, "against"),
        lambda: settle_ballot(ballot_of(jury.item()), actor=cast.clerk, now=NOW),
        lambda: enter_votes(jury.item(), {str(jury.members[0].public_id): "against"}, actor=cast.clerk, now=NOW),
    ):
        with pytest.raises(NoQuorum, match="1"):
            act()
    arrive(jury.members[1], actor=cast.clerk, now=NOW)
    assert settle_ballot(ballot_of(jury.item()), actor=cast.clerk, now=NOW).state == "settled"


def test_too_many_recused_leave_an_item_without_its_quorum_alone(cast):
    jury = a_jury(cast, members=3, candidates=[a_candidate("甲", 1), a_candidate("乙", 2)])
    jury.here(0, 1)
    jury.meeting = open_meeting(jury.meeting, actor=cast.clerk, now=NOW)
    declare_recusal(jury.members[1], jury.item(0), reason="近亲", actor=jury.own(1), now=NOW)

    call_item(jury.item(0), actor=cast.clerk, now=NOW)
    with pytest.raises(NoQuorum):
        jury.vote(0)
    call_item(jury.item(1), actor=cast.clerk, now=NOW)
    jury.vote(0, item=1)


def test_a_secret_count_never_exceeds_the_voters_and_is_checked_by_a_second(cast):
    jury = a_jury(cast, way="secret").open()
    call_item(jury.item(), actor=cast.clerk, now=NOW)
    with pytest.raises(VoteRefused):
        jury.vote(0)
    with pytest.raises(VoteRefused, match="3"):
        count_ballot(ballot_of(jury.item()), in_favour=3, against=1, abstained=0, actor=cast.clerk, now=NOW)

    counted = count_ballot(ballot_of(jury.item()), in_favour=2, against=1, abstained=0, actor=cast.clerk, now=NOW)
    assert counted.state == "counted"
    with pytest.raises(SecondPerson):
        check_count(counted, actor=cast.clerk, now=NOW)
    with pytest.raises(NotAllowed):
        check_count(counted, actor=cast.approver, now=NOW)
    checked = check_count(counted, actor=jury.own(1), now=NOW)
    assert (checked.state, checked.carried, checked.needed) == ("settled", True, 2)


def test_who_is_recused_or_gone_does_not_check_a_count(cast):
    jury = a_jury(cast, members=4, way="secret").open()
    call_item(jury.item(), actor=cast.clerk, now=NOW)
    set_recusal(jury.members[3], jury.item(), reason="师徒", actor=cast.clerk, now=NOW)
    counted = count_ballot(ballot_of(jury.item()), in_favour=2, against=1, abstained=0, actor=cast.clerk, now=NOW)

    with pytest.raises(VoteRefused):
        check_count(counted, actor=jury.own(3), now=NOW)
    leave(jury.members[2], actor=cast.clerk, now=NOW)
    with pytest.raises(VoteRefused):
        check_count(counted, actor=jury.own(1), now=NOW)


def test_an_item_is_voted_on_again_for_a_reason(cast):
    jury = a_jury(cast).open()
    first = jury.voted(0, 1, 2)

    with pytest.raises(ReasonMissing):
        vote_again(jury.item(), reason="", actor=cast.clerk, now=NOW)
    vote_again(jury.item(), reason="计票有误", actor=cast.clerk, now=NOW)

    first.refresh_from_db()
    assert (first.state, first.reason) == ("set_aside", "计票有误")
    assert jury.voted(0, 3).carried


def test_two_who_take_minutes_do_not_overwrite_each_other(cast):
    jury = a_jury(cast).open()
    call_item(jury.item(), actor=cast.clerk, now=NOW)
    jury.vote(0)
    seen = ballot_of(jury.item()).lock
    settle_ballot(ballot_of(jury.item()), seen=seen, actor=cast.clerk, now=NOW)
    stale = Ballot.objects.select_related("item__meeting").get()

    with pytest.raises(MovedOn):
        settle_ballot(stale, seen=seen, actor=cast.reviewer, now=NOW)
    write_decision(jury.item(), text="同意推荐", seen="", actor=cast.clerk, now=NOW)
    with pytest.raises(MovedOn):
        write_decision(jury.item(), text="另一种说法", seen="", actor=cast.reviewer, now=NOW)
    write_minutes(jury.meeting, text="一", seen="", actor=cast.clerk, now=NOW)
    with pytest.raises(MovedOn):
        write_minutes(jury.meeting, text="二", seen="", actor=cast.reviewer, now=NOW)


# The end


def test_the_end_asks_for_every_item_and_for_two_persons(cast):
    jury = a_jury(cast, candidates=[a_candidate("甲", 1), a_candidate("乙", 2)]).open()
    jury.voted(0, 3)
    with pytest.raises(MeetingRefused, match="乙"):
        end_votes(jury.meeting, actor=cast.clerk, now=NOW)
    jury.voted(1, 1, 2)
    with pytest.raises(MeetingRefused):
        confirm_closing(jury.meeting, actor=cast.reviewer, now=NOW)
    end_votes(jury.meeting, actor=cast.clerk, now=NOW)

    with pytest.raises(NotAllowed):
        confirm_closing(jury.meeting, actor=cast.clerk, now=NOW)
    with pytest.raises(MeetingRefused):
        call_item(jury.item(), actor=cast.clerk, now=NOW)
    closed = confirm_closing(jury.meeting, actor=cast.reviewer, now=NOW)

    assert jury.round.closed == [("甲", "passed"), ("乙", "not_passed")]
    assert [item.why for item in jury.items()] == ["majority", "too_few"]
    assert closed.record_hash == hash_of(closed.record)
    assert closed.record["items"][0]["ballots"][0]["in_favour"] == 3


def test_who_ended_the_votes_does_not_confirm(cast):
    jury = a_jury(cast).open()
    jury.voted(0, 3)
    end_votes(jury.meeting, actor=cast.reviewer, now=NOW)

    with pytest.raises(SecondPerson):
        confirm_closing(jury.meeting, actor=cast.reviewer, now=NOW)
    resume_votes(jury.meeting, actor=cast.clerk, now=NOW)
    assert jury.close().state == "closed"


def test_who_took_the_minutes_does_not_confirm(cast):
    minutes = account(cast.user("clerk"), [Grant(Role.CLERK), Grant(Role.REVIEWER)])
    jury = a_jury(cast).open()
    jury.voted(0, 3)
    end_votes(jury.meeting, actor=cast.reviewer, now=NOW)

    with pytest.raises(SecondPerson):
        confirm_closing(jury.meeting, actor=minutes, now=NOW)


def test_places_go_to_the_better_vote_and_a_tie_to_a_second_vote(cast):
    names = [a_candidate("甲", 1), a_candidate("乙"), a_candidate("丙"), a_candidate("丁", 4)]
    jury = a_jury(cast, members=5, candidates=names, setting=Setting("会", quota=2)).open()
    for at, votes in enumerate((5, 4, 4, 2)):
        jury.voted(at, votes, 5 - votes)

    begun = open_second_vote(jury.meeting, actor=cast.clerk, now=NOW)
    assert [ballot.item.title_zh for ballot in begun] == ["乙", "丙"]
    jury.voted(1, 2, 3)
    jury.voted(2, 3, 2)
    jury.close()

    assert {item.title_zh: (item.outcome, item.why) for item in jury.items()} == {
        "甲": ("passed", "majority"),
        "丙": ("passed", "majority"),
        "乙": ("not_passed", "beyond_quota"),
        "丁": ("not_passed", "too_few"),
    }


def test_without_a_second_vote_none_of_the_equal_passes(cast):
    jury = a_jury(cast, candidates=[a_candidate("甲"), a_candidate("乙")], setting=Setting("会", quota=1)).open()
    jury.voted(0, 3)
    jury.voted(1, 3)
    jury.close()

    assert {(item.outcome, item.why) for item in jury.items()} == {("not_passed", "tie_held")}


def test_a_second_vote_needs_somebody_equal(cast):
    jury = a_jury(cast).open()
    jury.voted(0, 3)

    with pytest.raises(MeetingRefused):
        open_second_vote(jury.meeting, actor=cast.clerk, now=NOW)


def test_groups_have_their_own_places(cast):
    names = [a_candidate("甲", 1, "ic"), a_candidate("乙", 2, "ic"), a_candidate("丙", 3, "ai")]
    jury = a_jury(cast, candidates=names, setting=Setting("会", quota=3, quotas={"ic": 1})).open()
    for at in range(3):
        jury.voted(at, 3)
    jury.close()

    assert [item.outcome for item in jury.items()] == ["passed", "not_passed", "passed"]


def test_nothing_changes_after_the_end(cast):
    jury = a_jury(cast).open()
    jury.voted(0, 3)
    jury.close()
    item, member = jury.item(), jury.members[0]

    for act in (
        lambda: call_item(item, actor=cast.clerk, now=NOW),
        lambda: cast_vote(member, item, "against", actor=jury.own(0), now=NOW),
        lambda: enter_votes(item, {}, actor=cast.clerk, now=NOW),
        lambda: vote_again(item, reason="再投", actor=cast.clerk, now=NOW),
        lambda: write_decision(item, text="改", actor=cast.clerk, now=NOW),
        lambda: write_minutes(jury.meeting, text="改", actor=cast.clerk, now=NOW),
        lambda: leave(member, actor=cast.clerk, now=NOW),
        lambda: declare_recusal(member, item, reason="近亲", actor=jury.own(0), now=NOW),
        lambda: call_off_meeting(jury.meeting, reason="作废", actor=cast.reviewer, now=NOW),
        lambda: confirm_closing(jury.meeting, actor=cast.reviewer, now=NOW),
    ):
        with pytest.raises(MeetingOver):
            act()
    said = write_addendum(jury.meeting, text="更正：甲的单位已更名。", actor=cast.clerk, now=NOW)
    assert said.number == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Addendum.objects.update(text="另一种")


def test_whoever_drops_out_is_struck_through_and_not_voted_on(cast):
    names = [a_candidate("甲", 1), a_candidate("乙", 2)]
    jury = a_jury(cast, candidates=names).open()
    call_item(jury.item(1), actor=cast.clerk, now=NOW)

    drop_candidate("trial_case", names[1].subject_id, reason="申报人撤回", actor=operator("test"), now=NOW)

    with pytest.raises(VoteRefused):
        call_item(jury.item(1), actor=cast.clerk, now=NOW)
    with pytest.raises(VoteRefused):
        jury.vote(0, item=1)
    jury.voted(0, 3)
    jury.close()
    assert jury.round.closed == [("甲", "passed")]
    assert (jury.item(1).state, jury.item(1).outcome) == ("dropped", "")


def test_the_database_refuses_more_votes_than_voters_and_an_end_by_one_person(cast):
    jury = a_jury(cast).open()
    ballot = jury.voted(0, 3)

    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(in_favour=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=jury.meeting.pk).update(
            state="closed", closed_at=NOW, record_hash="x", closing_by="a", closed_by="a"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.update(state="dropped")


def test_the_audit_tells_who_did_what(cast):
    jury = a_jury(cast).open()
    jury.voted(0, 3)
    jury.close()

    told = set(Record.objects.filter(action__startswith="meetings.").values_list("action", flat=True))
    assert {
        "meetings.meeting.plan", "meetings.member.invite", "meetings.member.arrive", "meetings.meeting.open", "meetings.item.call",
        "meetings.vote.cast", "meetings.ballot.settle", "meetings.meeting.end_votes", "meetings.meeting.close",
    } <= told  # fmt: skip


def test_an_office_account_in_the_jury_or_in_conflict_knows_nothing_as_office(cast):
    person = an_expert(user=cast.user("reviewer"))
    jury = a_jury(cast)
    assert policies.visible_meetings(cast.reviewer).count() == 1
    jury.meeting.members.create(expert=person, invited_at=NOW, invited_by="x")

    assert policies.visible_meetings(cast.reviewer).count() == 0
    assert policies.visible_meetings(cast.clerk).count() == 1
    assert policies.visible_meetings(cast.hr).count() == 0


def test_members_arrive_and_leave_several_times(cast):
    jury = a_jury(cast)
    member = jury.members[1]
    for minutes in (0, 20):
        at = NOW + dt.timedelta(minutes=minutes)
        arrive(member, actor=cast.clerk, now=at)
        with pytest.raises(MovedOn):
            arrive(member, actor=cast.clerk, now=at)
        leave(member, actor=cast.clerk, now=at + dt.timedelta(minutes=10))

    assert member.presences.count() == 2
    with pytest.raises(MovedOn):
        leave(member, actor=cast.clerk, now=NOW)
