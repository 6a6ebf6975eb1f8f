"""Who is asked: by hand, by rule, balanced; two officers at once; replacing, accepting, declining."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.engines.reviews.actions.assigning import (
    AssignRule,
    accept_assignment,
    assign_automatically,
    assign_by_hand,
    assign_by_rule,
    decline_assignment,
    replace_expert,
)
from denggao.engines.reviews.actions.panels import change_panel, name_chair
from denggao.engines.reviews.actions.seats import seat
from denggao.engines.reviews.models import Assignment, Conflict, Expert, Panel
from denggao.engines.reviews.refusals import AssignmentRefused, PanelClosed, PanelRefused
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from tests.engines.reviews.facts import a_panel, actor_of_expert, an_expert, an_office_account
from tests.facts import a_person, an_employer, in_post

pytestmark = pytest.mark.django_db


def close(panel: Panel, now) -> Panel:
    panel.state, panel.closed_at = "closed", now
    panel.save()
    return panel


def test_by_hand_asks_tells_and_is_recorded(cast, now):
    panel, expert = a_panel(), an_expert()

    (asked,) = assign_by_hand(panel, [expert], actor=cast.clerk, now=now)

    assert (asked.state, asked.how, asked.asked_by) == ("asked", "hand", cast.clerk.id)
    message = Message.objects.get()
    assert (message.account, message.code, message.link) == (expert.person.account, "reviews.asked", f"/reviews/{asked.public_id}/")
    assert Record.objects.get(action="reviews.assignment.ask").object_id == str(asked.public_id)


@pytest.mark.parametrize(
    "part", ["hr", "worker", "auditor", "finance", "approver", "authority", "visitor", "administrator", "expert"]
)
def test_who_does_not_run_the_panel_asks_nobody(cast, now, part):
    panel, expert = a_panel(), an_expert()

    with pytest.raises(NotAllowed):
        assign_by_hand(panel, [expert], actor=getattr(cast, part), now=now)

    assert not Assignment.objects.exists()


def test_somebody_in_conflict_is_refused_by_name_and_nobody_is_asked(cast, now):
    body, clear, close_one = an_employer(), an_expert("李明"), an_expert("王强")
    panel = a_panel(body)
    in_post(close_one.person, body)  # Became known after the panel was opened.

    with pytest.raises(AssignmentRefused, match="王强"):
        assign_by_hand(panel, [clear, close_one], actor=cast.clerk, now=now)

    assert not Assignment.objects.exists()


def test_who_cannot_be_asked_is_refused(cast, now):
    panel = a_panel()
    paused = an_expert("停用", state=Expert.State.PAUSED, state_reason="出国")
    without = an_expert("无号", signs_in=False)
    chair = an_expert("组长")
    name_chair(panel, chair.person.account, actor=cast.clerk, now=now)

    for expert in (paused, without, chair):
        with pytest.raises(AssignmentRefused, match=expert.person.name):
            assign_by_hand(panel, [expert], actor=cast.clerk, now=now)


def test_more_than_the_seats_is_refused(cast, now):
    panel = a_panel(seats=1)

    with pytest.raises(AssignmentRefused, match="1"):
        assign_by_hand(panel, [an_expert("甲"), an_expert("乙")], actor=cast.clerk, now=now)

    assign_by_hand(panel, [an_expert("丙")], actor=cast.clerk, now=now)
    with pytest.raises(AssignmentRefused):
        assign_by_hand(panel, [an_expert("丁")], actor=cast.reviewer, now=now)


def test_two_officers_at_once_ask_an_expert_once(cast, now):
    panel, expert = a_panel(), an_expert()
    assign_by_hand(panel, [expert], actor=cast.clerk, now=now)

    with pytest.raises(AssignmentRefused, match="李明"):
        assign_by_hand(panel, [expert], actor=cast.reviewer, now=now)
    with pytest.raises(AssignmentRefused):  # The other read the panel before the first one wrote.
        seat([(panel, an_expert("新人")), (panel, expert)], how="hand", actor=cast.reviewer, now=now)

    assert Assignment.objects.count() == 1


def test_by_rule_takes_the_field_the_level_and_one_of_an_employer(cast, now):
    an_expert("别的行业", fields=("ai",), level="1")
    an_expert("级别低", level="4")
    same = an_employer("同一单位")
    first = an_expert("甲", level="1", employer=same)
    an_expert("乙", level="1", employer=same)
    third = an_expert("丙", level="2")

    asked = assign_by_rule(a_panel(), AssignRule(level="2"), actor=cast.clerk, now=now)

    assert [row.expert for row in asked] == [first, third]
    assert {row.how for row in asked} == {"rule"}


def test_automatic_assignment_breaks_no_conflict_and_balances(cast, now):
    bodies = [an_employer(f"单位{index}") for index in range(6)]
    panels = [a_panel(body, seats=2) for body in bodies]
    experts = [an_expert(f"专家{index}", fields=("ic",) if index % 2 else ("ai",)) for index in range(4)]
    for index, expert in enumerate(experts):
        in_post(expert.person, bodies[index])

    done = assign_automatically(panels, actor=cast.clerk, now=now)

    assert len(done.assignments) == 12
    assert (done.short, done.largest) == ({}, 3)
    against = set(Conflict.objects.values_list("panel_id", "person_id"))
    assert len(against) == 4
    assert not against & {(row.panel_id, row.expert.person_id) for row in done.assignments}
    assert Message.objects.filter(code="reviews.asked_many").count() == 4


def test_automatic_assignment_prefers_the_field_and_fills_only_what_is_empty(cast, now):
    panel, other = a_panel(seats=2), an_expert("外行", fields=("ai",))
    insider = an_expert("内行")
    assign_by_hand(panel, [other], actor=cast.clerk, now=now)

    done = assign_automatically([panel], actor=cast.clerk, now=now)

    assert [row.expert for row in done.assignments] == [insider]
    assert assign_automatically([panel], actor=cast.clerk, now=now).assignments == []


def test_where_experts_are_missing_it_says_so(cast, now):
    panel = a_panel(seats=3)
    an_expert()

    assert assign_automatically([panel], actor=cast.clerk, now=now).short == {panel.pk: 2}


def test_automatic_assignment_asks_no_more_queries_for_more_panels(cast, now):
    experts = [an_expert(f"专家{index}") for index in range(3)]

    def count(panels: list[Panel]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assign_automatically(panels, actor=cast.clerk, now=now)
        return len(queries)

    for expert in experts:
        expert.person.account.language = "zh-hans"
    first = count([a_panel(seats=3), a_panel(seats=3)])

    assert count([a_panel(seats=3) for _index in range(6)]) == first


def test_replacing_asks_the_next_and_keeps_why(cast, now):
    panel, expert, other = a_panel(), an_expert("甲"), an_expert("乙")
    (asked,) = assign_by_hand(panel, [expert], actor=cast.clerk, now=now)

    new = replace_expert(asked, reason="三周没有回音", actor=cast.clerk, now=now)

    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("replaced", "三周没有回音")
    assert (new.expert, new.how) == (other, "extra")
    assert Message.objects.filter(code="reviews.replaced", account=expert.person.account).exists()


def test_replacing_needs_a_reason_and_leaves_submitted_scores_alone(cast, now):
    (asked,) = assign_by_hand(a_panel(), [an_expert()], actor=cast.clerk, now=now)

    with pytest.raises(ReasonMissing):
        replace_expert(asked, reason=" ", actor=cast.clerk, now=now)
    asked.state = "submitted"
    asked.save()
    with pytest.raises(AssignmentRefused):
        replace_expert(asked, reason="分数不合意", actor=cast.clerk, now=now)

    asked.refresh_from_db()
    assert asked.state == "submitted"


def test_an_expert_accepts_or_declines_the_own_seat_alone(cast, now):
    one, two = an_expert("甲"), an_expert("乙")
    first, second = assign_by_hand(a_panel(), [one, two], actor=cast.clerk, now=now)

    with pytest.raises(NotAllowed):
        accept_assignment(second, actor=actor_of_expert(one), now=now)
    assert accept_assignment(first, actor=actor_of_expert(one), now=now).state == "accepted"
    assert accept_assignment(first, actor=actor_of_expert(one), now=now).state == "accepted"
    with pytest.raises(ReasonMissing):
        decline_assignment(second, reason="", actor=actor_of_expert(two), now=now)
    decline_assignment(second, reason="当周出差", actor=actor_of_expert(two), now=now)

    second.refresh_from_db()
    assert (second.state, second.reason, second.answered_at) == ("declined", "当周出差", now)
    assert {message.account for message in Message.objects.filter(code="reviews.declined")} == {
        cast.user("clerk"),
        cast.user("reviewer"),
    }
    with pytest.raises(NotAllowed):
        accept_assignment(second, actor=actor_of_expert(two), now=now)


def test_nothing_moves_in_a_closed_panel(cast, now):
    panel, expert = a_panel(), an_expert()
    (asked,) = assign_by_hand(panel, [expert], actor=cast.clerk, now=now)
    close(panel, now)

    for act in (
        lambda: assign_by_hand(panel, [an_expert("晚到")], actor=cast.clerk, now=now),
        lambda: assign_by_rule(panel, AssignRule(), actor=cast.clerk, now=now),
        lambda: assign_automatically([panel], actor=cast.clerk, now=now),
        lambda: replace_expert(asked, reason="晚", actor=cast.clerk, now=now),
        lambda: accept_assignment(asked, actor=actor_of_expert(expert), now=now),
        lambda: decline_assignment(asked, reason="晚", actor=actor_of_expert(expert), now=now),
        lambda: change_panel(panel, seats=5, due_on=None, actor=cast.clerk, now=now),
        lambda: name_chair(panel, None, actor=cast.clerk, now=now),
    ):
        with pytest.raises(PanelClosed):
            act()


def test_a_subject_has_one_running_panel(now):
    subject = uuid.uuid4()
    first = a_panel(subject_id=subject)

    with pytest.raises(PanelRefused):
        a_panel(subject_id=subject)

    close(first, now)
    a_panel(subject_id=subject)


def test_seats_do_not_fall_below_those_taken(cast, now):
    panel = a_panel(seats=3)
    assign_by_hand(panel, [an_expert("甲"), an_expert("乙")], actor=cast.clerk, now=now)

    with pytest.raises(PanelRefused):
        change_panel(panel, seats=1, due_on=None, actor=cast.clerk, now=now)
    assert change_panel(panel, seats=2, due_on=None, actor=cast.clerk, now=now).seats == 2


def test_a_chair_in_conflict_or_judging_is_refused(cast, now):
    body, expert, colleague = an_employer(), an_expert("评委"), a_person("同事")
    panel = a_panel(body)
    office = an_office_account(person=colleague)
    in_post(colleague, body)
    assign_by_hand(panel, [expert], actor=cast.clerk, now=now)

    for user in (office.user, expert.person.account):
        with pytest.raises(PanelRefused):
            name_chair(panel, user, actor=cast.clerk, now=now)
    assert name_chair(panel, cast.user("reviewer"), actor=cast.clerk, now=now).chair == cast.user("reviewer")
