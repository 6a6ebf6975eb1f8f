"""An alliance is founded by one studio, joined by the yes of both sides, left by either."""

from __future__ import annotations

import pytest

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Grant, Role, account
from denggao.foundation.organisations.models import Employment
from denggao.systems.craftsmen.studios.actions.alliances import (
    AllianceRefused,
    answer_alliance,
    ask_alliance,
    found_alliance,
    leave_alliance,
)
from denggao.systems.craftsmen.studios.actions.doing import DoingRefused, ProjectGiven, VisitGiven, begin_project, record_visit
from denggao.systems.craftsmen.studios.models import AllianceMembership, Studio
from tests.systems.craftsmen.studios.facts import a_craftsman, a_studio


@pytest.fixture
def lead(cast):
    return a_studio(cast, a_craftsman(cast))


@pytest.fixture
def other(cast, lead):
    """Of the other employer, kept by its own HR."""
    studio = a_studio(cast, a_craftsman(cast, "沈听澜"))
    Employment.objects.filter(person=studio.leader.person).update(employer=cast.other_employer)
    Studio.objects.filter(pk=studio.pk).update(organisation=cast.other_employer, name_zh="沈听澜工匠工作室")
    return Studio.objects.select_related("leader__person", "organisation", "plan").get(pk=studio.pk)


@pytest.fixture
def alliance(cast, lead, now):
    return found_alliance(lead, name_zh="临港工匠工作室联盟", name_en="", charter="互学互访。", actor=cast.hr, now=now)


def loaded(membership):
    names = ("alliance__lead__leader__person", "alliance__lead__organisation", "studio__leader__person", "studio__organisation")
    return AllianceMembership.objects.select_related(*names).get(pk=membership.pk)


def test_a_studio_joins_by_the_yes_of_both_sides(cast, alliance, other, now):
    asked = ask_alliance(alliance, other, actor=cast.other_hr, now=now)
    assert asked.state == "asked"
    with pytest.raises(NotAllowed):
        answer_alliance(loaded(asked), yes=True, actor=cast.other_hr, now=now)

    assert answer_alliance(loaded(asked), yes=True, actor=cast.hr, now=now).state == "member"
    with pytest.raises(NotAllowed):
        answer_alliance(loaded(asked), yes=True, actor=cast.hr, now=now)


def test_an_invitation_is_answered_by_the_studio_and_may_be_refused_with_a_reason(cast, alliance, other, now):
    invited = ask_alliance(alliance, other, actor=cast.hr, now=now)
    assert invited.state == "invited"
    with pytest.raises(AllianceRefused, match="Reason"):
        answer_alliance(loaded(invited), yes=False, actor=cast.other_hr, now=now)

    answer_alliance(loaded(invited), yes=False, reason="暂不参加。", actor=cast.other_hr, now=now)

    assert ask_alliance(alliance, other, actor=cast.other_hr, now=now).state == "asked"
    with pytest.raises(AllianceRefused, match="already"):
        ask_alliance(alliance, other, actor=cast.hr, now=now)


def test_others_neither_found_nor_ask(cast, lead, alliance, other, now):
    for part in ("worker", "base_manager", "clerk", "visitor"):
        actor = getattr(cast, part)
        with pytest.raises(NotAllowed):
            found_alliance(lead, name_zh="x", name_en="", charter="x", actor=actor, now=now)
        with pytest.raises(NotAllowed):
            ask_alliance(alliance, other, actor=actor, now=now)


def test_an_alliance_has_a_name_of_its_own_and_a_charter(cast, lead, alliance, now):
    with pytest.raises(AllianceRefused, match="exists already"):
        found_alliance(lead, name_zh=alliance.name_zh, name_en="", charter="x", actor=cast.hr, now=now)
    with pytest.raises(AllianceRefused, match="charter"):
        found_alliance(lead, name_zh="y", name_en="", charter=" ", actor=cast.hr, now=now)
    Studio.objects.filter(pk=lead.pk).update(state="suspended")
    with pytest.raises(AllianceRefused, match="suspended"):
        found_alliance(lead, name_zh="z", name_en="", charter="x", actor=cast.hr, now=now)


def test_a_member_leaves_and_the_leading_studio_does_not(cast, lead, alliance, other, now):
    both = account(cast.user("hr"), [Grant(Role.HR, cast.employer.pk), Grant(Role.HR, cast.other_employer.pk)])
    member = ask_alliance(alliance, other, actor=both, now=now)
    assert member.state == "member"
    with pytest.raises(AllianceRefused, match="can’t leave"):
        leave_alliance(loaded(alliance.memberships.get(studio=lead)), reason="x", actor=cast.hr, now=now)

    leave_alliance(loaded(member), reason="合并。", actor=cast.other_hr, now=now)

    member.refresh_from_db()
    assert (member.state, member.reason) == ("left", "合并。")


def test_joint_projects_and_shared_visits_are_of_members_alone(cast, lead, alliance, other, now):
    project = begin_project(lead, ProjectGiven("breakthrough", "联合攻关", now.date(), alliance=alliance), actor=cast.hr, now=now)
    record_visit(lead, VisitGiven(now.date(), "兄弟园区", 12, alliance=alliance), actor=cast.hr, now=now)

    assert list(alliance.projects.all()) == [project]
    assert alliance.visits.count() == 1
    with pytest.raises(DoingRefused, match="not in it"):
        begin_project(other, ProjectGiven("other", "x", now.date(), alliance=alliance), actor=cast.other_hr, now=now)
