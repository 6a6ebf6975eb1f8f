"""A conflict hides, empties the seat, keeps what was entered; the chair clears it with a reason, never the own one."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions import conflicts
from denggao.engines.reviews.actions.assigning import assign_by_hand
from denggao.engines.reviews.actions.conflicts import (
    clear_conflict,
    declare_conflict,
    look_at_running,
    pin_conflict,
    restore_assignment,
)
from denggao.engines.reviews.actions.experts import declare_kin
from denggao.engines.reviews.models import Assignment, Conflict, Panel
from denggao.engines.reviews.queries import loads_shown
from denggao.engines.reviews.refusals import AssignmentRefused, ConflictRefused, PanelClosed
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.actors import Grant, Role, operator
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.foundation.organisations.models import Membership
from denggao.foundation.people.models import IdentityDocument
from denggao.foundation.people.queries import identity_index
from denggao.foundation.sheets.actions import apply_import, check_import, hand_in
from denggao.foundation.sheets.kinds import kind_of
from tests.engines.reviews.facts import a_panel, actor_of_expert, an_expert, an_office_account
from tests.facts import a_person, an_employer, in_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    calls = []
    monkeypatch.setattr(conflicts.counting_changed, "_handlers", [lambda panel, **given: calls.append(panel)])
    return calls


def submitted(panel: Panel, expert, cast, now) -> Assignment:
    (row,) = assign_by_hand(panel, [expert], actor=cast.clerk, now=now)
    row.state = "submitted"
    row.save()
    return row


ID = "11010519491231002X"


def roster_says(body, expert, *, actor, now) -> None:
    """The body's roster names the expert: handed in, checked and applied."""
    IdentityDocument.objects.create(
        person=expert.person, kind="resident_id", number=ID, number_index=identity_index("resident_id", ID), created_at=now
    )
    table = f"姓名,证件号码,入职日期\n{expert.person.name},{ID},2022-10-01\n".encode()
    options = {"employer": str(body.public_id)}
    listed = hand_in(kind_of("roster"), "名册.csv", table, options, as_of=now.date(), actor=actor, now=now)
    check_import(listed, actor=actor, now=now)
    apply_import(listed, actor=actor, now=now)


# A conflict that comes to light


def test_a_new_employment_sets_submitted_scores_aside_and_asks_a_further_expert(cast, now, told):
    body, expert, spare = an_employer(), an_expert("甲"), an_expert("乙")
    panel = a_panel(body, seats=1)
    scored = submitted(panel, expert, cast, now)

    roster_says(body, expert, actor=cast.clerk, now=now)

    scored.refresh_from_db()
    assert (scored.state, scored.was_state, scored.reason) == ("set_aside", "submitted", "conflict")
    assert told == [panel]
    further = Assignment.objects.get(expert=spare)
    assert (further.state, further.how) == ("asked", "extra")
    codes = set(Message.objects.values_list("account", "code"))
    assert (expert.person.account_id, "reviews.recused") in codes
    assert (spare.person.account_id, "reviews.asked") in codes
    assert (cast.user("clerk").pk, "reviews.conflict") in codes
    assert {record.action for record in Record.objects.filter(action__startswith="reviews.")} >= {
        "reviews.conflict.found",
        "reviews.assignment.set_aside",
        "reviews.assignment.ask",
    }


def test_what_came_in_any_other_way_is_found_at_night(cast, now, told):
    body, expert = an_employer(), an_expert()
    panel = a_panel(body, seats=1)
    scored = submitted(panel, expert, cast, now)
    Membership.objects.create(account=expert.person.account, organisation=body, role=Role.TEACHER, from_on=now.date())

    assert look_at_running(actor=operator("test"), now=now) == 1

    scored.refresh_from_db()
    assert scored.state == "set_aside"
    assert Message.objects.filter(code="reviews.nobody_left").exists()


def test_a_closed_panel_keeps_its_scores(cast, now, told):
    body, expert = an_employer(), an_expert()
    panel = a_panel(body, seats=1)
    scored = submitted(panel, expert, cast, now)
    Panel.objects.update(state="closed", closed_at=now)
    in_post(expert.person, body)

    assert look_at_running(actor=operator("test"), now=now) == 0

    scored.refresh_from_db()
    assert (scored.state, told) == ("submitted", [])


def test_a_chair_found_in_conflict_chairs_no_more_and_is_told_nothing_of_it(cast, now):
    body, person = an_employer(), a_person("组长")
    chair = an_office_account(Role.APPROVER, person=person)
    panel = a_panel(body, chair=chair.user)
    in_post(person, body)

    look_at_running(actor=operator("test"), now=now)

    panel.refresh_from_db()
    assert panel.chair is None
    assert not Message.objects.filter(account=chair.user).exists()
    assert Message.objects.filter(code="reviews.chair_left", account=cast.user("clerk")).exists()


def test_kin_declared_later_counts_at_once(cast, now, told):
    body, expert = an_employer(), an_expert()
    panel = a_panel(body, seats=1)
    scored = submitted(panel, expert, cast, now)

    declare_kin(expert, organisation=body, actor=actor_of_expert(expert), now=now)

    scored.refresh_from_db()
    assert (scored.state, told) == ("set_aside", [panel])


# What it hides


def test_an_expert_who_declares_sees_nothing_any_more(cast, now):
    expert, spare = an_expert("甲"), an_expert("乙")
    panel = a_panel(seats=1)
    (asked,) = assign_by_hand(panel, [expert], actor=cast.clerk, now=now)
    actor = actor_of_expert(expert)
    assert policies.get_assignment_for(actor, asked.public_id) == asked

    declare_conflict(asked, reason="曾共同申报专利", actor=actor, now=now)

    with pytest.raises(Http404):
        policies.get_assignment_for(actor, asked.public_id)
    assert policies.conflicted_subjects(actor) == {("case", panel.subject_id)}
    assert policies.hidden_subject_ids(actor, "case") == {panel.subject_id}
    assert policies.hidden_subject_ids(actor, "other") == set()
    assert Assignment.objects.get(expert=spare).how == "extra"


def test_an_office_account_in_conflict_infers_nothing(cast, now):
    """HotCRP #426, OpenReview #351: neither page, nor list, nor a number that would change."""
    body, person = an_employer(), a_person("王科员")
    clerk = an_office_account(person=person)
    in_post(person, body)
    open_panel, hidden = a_panel(), a_panel(body)
    expert = an_expert()
    assign_by_hand(open_panel, [expert], actor=cast.clerk, now=now)
    before = loads_shown(clerk, [expert.pk])
    assign_by_hand(hidden, [expert], actor=cast.clerk, now=now)

    assert loads_shown(clerk, [expert.pk]) == before == {expert.pk: 1}
    assert loads_shown(cast.clerk, [expert.pk]) == {expert.pk: 2}
    assert list(policies.visible_panels(clerk)) == [open_panel]
    with pytest.raises(Http404):
        policies.get_panel_for(clerk, hidden.public_id)
    for may in (policies.can_see_panel, policies.can_run_panel, policies.can_chair_panel):
        assert may(clerk, open_panel)
        assert not may(clerk, hidden)
    with pytest.raises(NotAllowed):
        assign_by_hand(hidden, [an_expert("好友")], actor=clerk, now=now)
    assert not Message.objects.filter(account=clerk.user).exists()


def test_an_office_account_without_a_person_is_judged_by_its_roles(cast, now):
    body = an_employer()
    panel = a_panel(body)
    clerk = an_office_account()
    both = type(clerk)(clerk.kind, clerk.id, clerk.text, user=clerk.user, grants=clerk.grants | {Grant(Role.HR, body.pk)})

    assert policies.can_see_panel(clerk, panel)
    assert not policies.can_see_panel(both, panel)
    assert not policies.can_run_panel(both, panel)
    assert policies.hidden_subject_ids(both, "case") == {panel.subject_id}
    assert list(policies.visible_panels(both)) == []


def test_an_officer_who_judges_sees_the_panel_as_an_expert_until_it_is_closed(cast, now):
    person = a_person("专家科员")
    clerk = an_office_account(person=person)
    panel = a_panel()
    assign_by_hand(panel, [an_expert(person=person)], actor=cast.clerk, now=now)

    assert not policies.can_see_panel(clerk, panel)
    assert not policies.can_run_panel(clerk, panel)
    Panel.objects.update(state="closed", closed_at=now)
    assert policies.can_see_panel(clerk, panel)


def test_a_conflict_hides_later_panels_of_the_same_subject(cast, now):
    subject, expert = uuid.uuid4(), an_expert()
    first = a_panel(subject_id=subject)
    pin_conflict(first, expert, reason="师门", actor=cast.clerk, now=now)
    Panel.objects.update(state="closed", closed_at=now)
    second = a_panel(subject_id=subject)

    with pytest.raises(AssignmentRefused):
        assign_by_hand(second, [expert], actor=cast.clerk, now=now)


# Pinning and clearing


def test_clearing_needs_a_reason_and_leaves_what_was_found(cast, now):
    body, expert = an_employer(), an_expert()
    in_post(expert.person, body, left="2020-01-31")
    panel = a_panel(body)
    found = Conflict.objects.get()

    with pytest.raises(ReasonMissing):
        clear_conflict(found, reason="  ", actor=cast.clerk, now=now)
    cleared = clear_conflict(found, reason="两年前短期借调", actor=cast.clerk, now=now)

    assert (cleared.state, cleared.cleared_reason, cleared.cleared_by) == ("cleared", "两年前短期借调", cast.clerk.id)
    assert (cleared.kind, cleared.source, cleared.detail["body"]["zh"]) == ("former_employer", "found", body.name_zh)
    assert look_at_running(actor=operator("test"), now=now) == 0
    assert len(assign_by_hand(panel, [expert], actor=cast.clerk, now=now)) == 1
    with pytest.raises(ConflictRefused):
        clear_conflict(found, reason="再来", actor=cast.reviewer, now=now)
    assert Record.objects.filter(action="reviews.conflict.clear").count() == 1


def test_nobody_clears_the_own_conflict(cast, now):
    body, person = an_employer(), a_person("组长")
    clerk = an_office_account(person=person)
    in_post(person, body)
    a_panel(body)
    own = Conflict.objects.get()

    with pytest.raises(NotAllowed):
        clear_conflict(own, reason="我没问题", actor=clerk, now=now)

    own.refresh_from_db()
    assert own.state == "standing"


def test_where_a_chair_is_named_the_chair_alone_clears(cast, now):
    body, expert = an_employer(), an_expert()
    in_post(expert.person, body)
    panel = a_panel(body, chair=cast.user("approver"))
    found = Conflict.objects.get()

    for part in ("clerk", "reviewer", "hr", "auditor", "visitor"):
        with pytest.raises(NotAllowed):
            clear_conflict(found, reason="可以", actor=getattr(cast, part), now=now)
    assert clear_conflict(found, reason="可以", actor=cast.approver, now=now).state == "cleared"
    assert policies.can_run_panel(cast.clerk, panel)


def test_pinning_empties_the_seat_and_is_done_once(cast, now):
    expert, panel = an_expert(), a_panel()
    (asked,) = assign_by_hand(panel, [expert], actor=cast.clerk, now=now)

    pin_conflict(panel, expert, reason="师门", actor=cast.clerk, now=now)

    asked.refresh_from_db()
    assert asked.state == "set_aside"
    with pytest.raises(ConflictRefused):
        pin_conflict(panel, expert, reason="师门", actor=cast.reviewer, now=now)
    Panel.objects.update(state="closed", closed_at=now)
    panel.refresh_from_db()
    with pytest.raises(PanelClosed):
        pin_conflict(panel, an_expert("乙"), reason="晚", actor=cast.clerk, now=now)


def test_what_was_set_aside_counts_again_once_all_is_cleared(cast, now, told):
    expert, panel = an_expert(), a_panel(seats=1)
    scored = submitted(panel, expert, cast, now)
    pinned = pin_conflict(panel, expert, reason="误记", actor=cast.clerk, now=now)
    scored.refresh_from_db()

    with pytest.raises(AssignmentRefused):
        restore_assignment(scored, reason="误记", actor=cast.clerk, now=now)
    clear_conflict(pinned, reason="误记", actor=cast.clerk, now=now)
    restored = restore_assignment(scored, reason="误记", actor=cast.clerk, now=now)

    assert (restored.state, restored.reason, restored.ended_at) == ("submitted", "", None)
    assert told == [panel, panel]
    with pytest.raises(AssignmentRefused):
        restore_assignment(scored, reason="误记", actor=cast.clerk, now=now)
    again = pin_conflict(panel, expert, reason="没错", actor=cast.clerk, now=now)
    assert again.pk != pinned.pk


def test_declaring_needs_the_own_seat_and_a_reason(cast, now):
    one, two = an_expert("甲"), an_expert("乙")
    (asked,) = assign_by_hand(a_panel(seats=1), [one], actor=cast.clerk, now=now)

    with pytest.raises(NotAllowed):
        declare_conflict(asked, reason="替他", actor=actor_of_expert(two), now=now)
    with pytest.raises(NotAllowed):
        declare_conflict(asked, reason="替他", actor=cast.clerk, now=now)
    with pytest.raises(ReasonMissing):
        declare_conflict(asked, reason="", actor=actor_of_expert(one), now=now)
    assert not Conflict.objects.exists()


def test_the_database_refuses_a_clearing_without_a_reason_and_an_end_without_one(cast, now):
    expert, panel = an_expert(), a_panel()
    pin_conflict(panel, expert, reason="师门", actor=cast.clerk, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Conflict.objects.update(state="cleared", cleared_at=now, cleared_by="x", cleared_reason="")
    (asked,) = assign_by_hand(panel, [an_expert("乙")], actor=cast.clerk, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=asked.pk).update(state="replaced", ended_at=now)
