"""Two at the same moment: two who take minutes, many phones, an end confirmed twice, somebody who leaves while a vote is settled."""

from __future__ import annotations

import pytest

from denggao.engines.reviews.meetings.actions.closing import confirm_closing, end_votes
from denggao.engines.reviews.meetings.actions.recusing import declare_recusal
from denggao.engines.reviews.meetings.actions.sitting import arrive, leave, open_meeting
from denggao.engines.reviews.meetings.actions.voting import ballot_of, call_item, count_ballot, settle_ballot, write_decision
from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Presence, Vote
from denggao.foundation.audit.actors import Grant, Role, account
from tests.at_once import at_once
from tests.cast import make_cast
from tests.engines.reviews.meetings.jury import NOW, a_jury

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return make_cast(NOW)


def test_two_who_take_minutes_settle_once(cast):
    jury = a_jury(cast).open()
    item = call_item(jury.item(), actor=cast.clerk, now=NOW)
    jury.vote(0)
    seen = ballot_of(item).lock

    def settle(actor):
        return lambda: settle_ballot(ballot_of(jury.item()), seen=seen, actor=actor, now=NOW)

    outcomes = at_once(settle(cast.clerk), settle(cast.reviewer))

    assert sorted(outcomes) in (["MovedOn", "done"], ["VoteRefused", "done"])
    assert Ballot.objects.get().state == "settled"


def test_two_counts_at_once_do_not_overwrite_each_other(cast):
    jury = a_jury(cast, way="secret").open()
    item = call_item(jury.item(), actor=cast.clerk, now=NOW)
    seen = ballot_of(item).lock

    def count(actor, yes):
        return lambda: count_ballot(
            ballot_of(jury.item()), in_favour=yes, against=3 - yes, abstained=0, seen=seen, actor=actor, now=NOW
        )

    outcomes = at_once(count(cast.clerk, 3), count(cast.reviewer, 1))

    assert outcomes == ["MovedOn", "done"]
    ballot = Ballot.objects.get()
    assert (ballot.in_favour, ballot.counted_by) in {(3, cast.clerk.id), (1, cast.reviewer.id)}


def test_two_texts_at_once_leave_one_and_tell_the_other(cast):
    jury = a_jury(cast).open()

    def write(actor, text):
        return lambda: write_decision(jury.item(), text=text, seen="", actor=actor, now=NOW)

    assert at_once(write(cast.clerk, "同意"), write(cast.reviewer, "不同意")) == ["MovedOn", "done"]
    assert Item.objects.get().decision in {"同意", "不同意"}


def test_many_phones_at_once_lose_no_vote(cast):
    jury = a_jury(cast, members=6).open()
    call_item(jury.item(), actor=cast.clerk, now=NOW)

    assert at_once(*[lambda at=at: jury.vote(at) for at in range(6)]) == ["done"] * 6
    assert Vote.objects.count() == 6


def test_a_meeting_is_opened_and_closed_once(cast):
    jury = a_jury(cast)
    jury.here()
    assert at_once(*[lambda: open_meeting(jury.meeting, actor=cast.clerk, now=NOW)] * 2) == ["MeetingRefused", "done"]
    jury.voted(0, 3)
    end_votes(jury.meeting, actor=cast.clerk, now=NOW)
    other = account(cast.user("approver"), [Grant(Role.REVIEWER)])

    outcomes = at_once(*[lambda who=who: confirm_closing(jury.meeting, actor=who, now=NOW) for who in (cast.reviewer, other)])

    assert outcomes == ["MeetingOver", "done"]
    assert len(jury.round.closed) == 1
    assert Meeting.objects.get().state == "closed"


def test_somebody_who_leaves_while_the_vote_is_settled_counts_wholly_or_not_at_all(cast):
    jury = a_jury(cast, members=4).open()
    item = call_item(jury.item(), actor=cast.clerk, now=NOW)
    for at in range(4):
        jury.vote(at)

    outcomes = at_once(
        lambda: leave(jury.members[3], actor=cast.reviewer, now=NOW),
        lambda: settle_ballot(ballot_of(item), actor=cast.clerk, now=NOW),
    )

    ballot = Ballot.objects.get()
    assert outcomes == ["done", "done"]
    assert (ballot.in_favour, ballot.entitled) in {(4, 4), (3, 3)}


def test_somebody_recused_while_the_vote_is_settled_does_not_count(cast):
    jury = a_jury(cast, members=4).open()
    item = call_item(jury.item(), actor=cast.clerk, now=NOW)
    for at in range(4):
        jury.vote(at)

    at_once(
        lambda: declare_recusal(jury.members[3], item, reason="近亲", actor=jury.own(3), now=NOW),
        lambda: settle_ballot(ballot_of(item), actor=cast.clerk, now=NOW),
    )

    ballot = Ballot.objects.get()
    assert ballot.state == "set_aside" or (ballot.state, ballot.entitled, ballot.in_favour) == ("settled", 3, 3)


def test_a_member_arrives_once(cast):
    jury = a_jury(cast)

    assert at_once(*[lambda: arrive(jury.members[0], actor=cast.clerk, now=NOW)] * 2) == ["MovedOn", "done"]
    assert Presence.objects.count() == 1
