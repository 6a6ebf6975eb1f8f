"""What is done to a studio that stands: two persons, studio and plaque and people together; and the loss of its leader."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.credentials.models import Issued
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.actors import Grant, Role, account
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.systems.craftsmen.actions import revoking
from denggao.systems.craftsmen.studios import rules, turns
from denggao.systems.craftsmen.studios.actions.acts import (
    ActDecided,
    ActRefused,
    ActUnderWay,
    Proposal,
    StudioMoved,
    TwoPersons,
    confirm_act,
    dismiss_act,
    propose_act,
)
from denggao.systems.craftsmen.studios.models import Studio, StudioAct
from tests.systems.craftsmen.studios.facts import a_craftsman, a_studio

Kind, Grounds, State = StudioAct.Kind, StudioAct.Grounds, Studio.State
TODAY = dt.date(2022, 10, 10)


@pytest.fixture
def craftsman(cast):
    return a_craftsman(cast)


@pytest.fixture
def studio(cast, craftsman):
    return a_studio(cast, craftsman)


def proposed(studio, cast, now, kind, *, grounds=None, actor=None, **given):
    proposal = Proposal(kind, grounds or rules.GROUNDS[kind][-1], "见通知。", **given)
    return propose_act(studio, proposal, actor=actor or cast.clerk, now=now)


def done(studio, cast, now, kind, **given):
    confirm_act(proposed(studio, cast, now, kind, **given), actor=cast.approver, now=now)
    studio.refresh_from_db()
    return studio


def revoked(craftsman, cast, now):
    act = revoking.propose_act(craftsman, kind="revoke", grounds="forged", reason="材料造假。", actor=cast.clerk, now=now)
    revoking.confirm_act(act, actor=cast.approver, now=now)


def test_studio_and_plaque_change_together_once_a_second_person_confirms(cast, studio, now):
    act = proposed(studio, cast, now, Kind.SUSPEND)
    studio.refresh_from_db()
    assert studio.state == State.NAMED
    with pytest.raises(TwoPersons):
        confirm_act(act, actor=account(cast.user("clerk"), [Grant(Role.APPROVER)]), now=now)
    confirm_act(act, actor=cast.approver, now=now)

    studio.refresh_from_db()
    assert (studio.state, Issued.objects.get(pk=studio.plaque_id).status) == (State.SUSPENDED, "suspended")
    done(studio, cast, now, Kind.RESTORE)
    assert (studio.state, Issued.objects.get(pk=studio.plaque_id).status) == (State.NAMED, "valid")
    done(studio, cast, now, Kind.UNNAME)
    assert (studio.state, studio.ended_on) == (State.UNNAMED, TODAY)
    assert Issued.objects.get(pk=studio.plaque_id).status == "withdrawn"
    assert not studio.members.filter(to_on__isnull=True).exists()
    assert {f"studios.studio.{kind}" for kind in (Kind.SUSPEND, Kind.RESTORE, Kind.UNNAME)} <= set(
        Record.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("kind", Kind.values)
def test_every_state_allows_what_its_table_says(cast, craftsman, studio, now, state, kind):
    other = a_craftsman(cast, "沈听澜") if kind == Kind.LEAD else None
    Studio.objects.filter(pk=studio.pk).update(state=state, ended_on=TODAY if state == State.UNNAMED else None)
    studio.refresh_from_db()

    if kind in rules.POSSIBLE[state]:
        assert proposed(studio, cast, now, kind, leader=other).state == StudioAct.State.PROPOSED
    else:
        with pytest.raises(StudioMoved):
            proposed(studio, cast, now, kind, leader=other)


def test_what_can_not_be_proposed_so_says_why(cast, studio, now):
    with pytest.raises(ReasonMissing):
        propose_act(studio, Proposal(Kind.SUSPEND, Grounds.IDLE, " "), actor=cast.clerk, now=now)
    with pytest.raises(ActRefused, match="Grounds"):
        propose_act(studio, Proposal(Kind.SUSPEND, Grounds.MENDED, "x"), actor=cast.clerk, now=now)
    with pytest.raises(ActRefused, match="leads this studio already"):
        proposed(studio, cast, now, Kind.LEAD, leader=studio.leader)
    proposed(studio, cast, now, Kind.SUSPEND)
    with pytest.raises(ActUnderWay):
        proposed(studio, cast, now, Kind.UNNAME)


def test_the_employer_asks_for_its_end_or_another_leader_alone(cast, studio, now):
    for kind in (Kind.SUSPEND, Kind.RESTORE):
        with pytest.raises(NotAllowed):
            proposed(studio, cast, now, kind, actor=cast.hr)
    for actor in (cast.other_hr, cast.worker, cast.base_manager, cast.auditor, cast.visitor):
        with pytest.raises(NotAllowed):
            proposed(studio, cast, now, Kind.UNNAME, actor=actor)

    act = proposed(studio, cast, now, Kind.UNNAME, grounds=Grounds.REQUEST, actor=cast.hr)
    with pytest.raises(NotAllowed):
        confirm_act(act, actor=cast.hr, now=now)
    with pytest.raises(NotAllowed):
        dismiss_act(act, reason="x", actor=cast.other_hr, now=now)
    dismiss_act(act, reason="再议。", actor=cast.hr, now=now)
    with pytest.raises(ActDecided):
        confirm_act(act, actor=cast.approver, now=now)
    assert Studio.objects.get().state == State.NAMED


def test_a_revoked_leader_suspends_the_studio_at_once_and_gives_the_office_work(cast, craftsman, studio, now):
    waiting = proposed(studio, cast, now, Kind.SUSPEND)

    revoked(craftsman, cast, now)

    studio.refresh_from_db()
    waiting.refresh_from_db()
    act = StudioAct.objects.get(state="done")
    assert (studio.state, act.grounds, waiting.state) == (State.SUSPENDED, Grounds.LEADER, "dismissed")
    assert Issued.objects.get(pk=studio.plaque_id).status == "suspended"
    assert studio.members.get(role="leader").to_on == TODAY
    assert turns.without_leader(cast.clerk) == 1
    assert turns.without_leader(cast.hr) == 0
    assert Message.objects.filter(code="studios.leaderless", account=cast.user("clerk")).exists()
    with pytest.raises(ActRefused, match="holds the title no more"):
        proposed(studio, cast, now, Kind.RESTORE)


def test_another_craftsman_leads_and_the_studio_stands_again(cast, craftsman, studio, now):
    other = a_craftsman(cast, "沈听澜")
    revoked(craftsman, cast, now)
    studio.refresh_from_db()

    done(studio, cast, now, Kind.LEAD, leader=other)

    assert (studio.state, studio.leader) == (State.NAMED, other)
    assert Issued.objects.get(pk=studio.plaque_id).status == "valid"
    assert [item.person for item in studio.members.filter(role="leader", to_on=None)] == [other.person]
    assert turns.without_leader(cast.clerk) == 0


def test_a_change_of_leader_does_not_end_a_suspension_for_other_grounds(cast, craftsman, studio, now):
    other = a_craftsman(cast, "沈听澜")
    done(studio, cast, now, Kind.SUSPEND, grounds=Grounds.IDLE)

    done(studio, cast, now, Kind.LEAD, leader=other)

    assert (studio.state, studio.leader) == (State.SUSPENDED, other)


def test_who_was_to_lead_must_still_be_able_to_when_it_is_confirmed(cast, craftsman, studio, now):
    other = a_craftsman(cast, "沈听澜")
    act = proposed(studio, cast, now, Kind.LEAD, leader=other)
    revoked(other, cast, now)

    with pytest.raises(ActRefused, match="no title in force"):
        confirm_act(act, actor=cast.approver, now=now)

    studio.refresh_from_db()
    assert studio.leader == craftsman


def test_a_revocation_of_who_leads_nothing_changes_no_studio(cast, studio, now):
    revoked(a_craftsman(cast, "沈听澜"), cast, now)

    studio.refresh_from_db()
    assert studio.state == State.NAMED
