"""The expert register, and what experts say of their kin."""

from __future__ import annotations

import pytest
from django.http import Http404

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions.assigning import assign_by_hand
from denggao.engines.reviews.actions.experts import (
    ExpertDetails,
    add_expert,
    change_expert,
    declare_kin,
    end_kin,
    let_expert_leave,
    pause_expert,
    resume_expert,
)
from denggao.engines.reviews.models import Assignment, Conflict, Expert, KinDeclaration
from denggao.engines.reviews.refusals import ExpertRefused
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.models import Record
from denggao.foundation.standards.models import Industry
from tests.engines.reviews.facts import a_panel, actor_of_expert, an_expert
from tests.facts import a_person, an_employer

pytestmark = pytest.mark.django_db

OUTSIDE = ["hr", "worker", "auditor", "finance", "approver", "authority", "administrator", "expert", "visitor"]


def details(**facts) -> ExpertDetails:
    field, _new = Industry.objects.get_or_create(code="ic", defaults={"name_zh": "集成电路"})
    return ExpertDetails(**{"fields": [field], "title": " 高级  工程师 ", **facts})


def test_a_person_enters_the_register_once(cast, now):
    person = a_person()

    expert = add_expert(person, details(employer_text="某研究院"), from_on=now.date(), actor=cast.clerk, now=now)

    assert (expert.title, expert.employer_name, expert.state) == ("高级 工程师", "某研究院", "active")
    assert Record.objects.get(action="reviews.expert.add").object_id == str(expert.public_id)
    with pytest.raises(ExpertRefused):
        add_expert(person, details(), from_on=now.date(), actor=cast.reviewer, now=now)
    assert Expert.objects.count() == 1


def test_an_expert_has_a_field(cast, now):
    with pytest.raises(ExpertRefused):
        add_expert(a_person(), details(fields=[]), from_on=now.date(), actor=cast.clerk, now=now)


@pytest.mark.parametrize("part", OUTSIDE)
def test_who_does_not_keep_the_register_changes_nothing(cast, now, part):
    expert, actor = an_expert(title="原"), getattr(cast, part)

    for act in (
        lambda: add_expert(a_person(), details(), from_on=now.date(), actor=actor, now=now),
        lambda: change_expert(expert, details(title="改"), actor=actor, now=now),
        lambda: pause_expert(expert, reason="停", actor=actor, now=now),
        lambda: let_expert_leave(expert, reason="停", actor=actor, now=now),
        lambda: declare_kin(expert, organisation=cast.base, actor=actor, now=now),
    ):
        with pytest.raises(NotAllowed):
            act()

    expert.refresh_from_db()
    assert (expert.title, expert.state, Expert.objects.count()) == ("原", "active", 1)
    if not actor.is_office:
        with pytest.raises(Http404):
            policies.get_expert_for(actor, expert.public_id)


def test_a_new_employer_is_looked_at_at_once(cast, now):
    body, expert = an_employer(), an_expert()
    panel = a_panel(body)
    (asked,) = assign_by_hand(panel, [expert], actor=cast.clerk, now=now)

    change_expert(expert, details(employer=body), actor=cast.clerk, now=now)

    asked.refresh_from_db()
    assert (Conflict.objects.get().kind, asked.state) == ("employer", "set_aside")
    fields = Record.objects.filter(action="reviews.expert.change")
    assert fields.count() == 1


def test_pausing_needs_a_reason_and_reviews_under_way_go_on(cast, now):
    expert = an_expert()
    assign_by_hand(a_panel(), [expert], actor=cast.clerk, now=now)

    with pytest.raises(ReasonMissing):
        pause_expert(expert, reason=" ", actor=cast.clerk, now=now)
    assert pause_expert(expert, reason="出国", actor=cast.clerk, now=now).state == "paused"
    with pytest.raises(ExpertRefused):
        pause_expert(expert, reason="出国", actor=cast.clerk, now=now)
    assert Assignment.objects.get().state == "asked"
    assert resume_expert(expert, actor=cast.clerk, now=now).state_reason == ""
    assert let_expert_leave(expert, reason="退休", actor=cast.clerk, now=now).state == "left"


def test_an_expert_declares_the_own_kin_alone_and_the_office_takes_it_back(cast, now):
    one, two, body = an_expert("甲"), an_expert("乙"), an_employer()

    with pytest.raises(NotAllowed):
        declare_kin(two, organisation=body, actor=actor_of_expert(one), now=now)
    kin = declare_kin(one, organisation=body, note_text="配偶任职", actor=actor_of_expert(one), now=now)
    with pytest.raises(ExpertRefused):
        declare_kin(one, organisation=body, actor=actor_of_expert(one), now=now)
    with pytest.raises(NotAllowed):
        end_kin(kin, actor=actor_of_expert(one), now=now)
    end_kin(kin, actor=cast.clerk, now=now)
    with pytest.raises(ExpertRefused):
        end_kin(kin, actor=cast.clerk, now=now)
    declare_kin(one, organisation=body, actor=actor_of_expert(one), now=now)

    assert KinDeclaration.objects.count() == 2


def test_kin_is_one_person_or_one_body_and_not_oneself(cast, now):
    expert, body = an_expert(), an_employer()

    for named in ({"person": a_person("甲"), "organisation": body}, {}, {"person": expert.person}):
        with pytest.raises(ExpertRefused):
            declare_kin(expert, **named, actor=cast.clerk, now=now)
