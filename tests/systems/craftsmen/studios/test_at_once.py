"""Two at the same moment: one studio of a leader, one word on an act, one plaque, one yes; the other is told what stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from denggao.engines.credentials.models import Issued
from denggao.foundation.audit.actors import Grant, Role, account
from denggao.foundation.files.actions import store_file
from denggao.systems.craftsmen.actions import revoking
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios.actions.acts import ActDecided, ActUnderWay, Proposal, confirm_act, dismiss_act, propose_act
from denggao.systems.craftsmen.studios.actions.doing import ResultDecided, ResultGiven, decide_result, report_result
from denggao.systems.craftsmen.studios.actions.founding import NotNamed, name_studio
from denggao.systems.craftsmen.studios.actions.members import MemberRefused, ask_member
from denggao.systems.craftsmen.studios.models import Result, Studio, StudioAct
from denggao.systems.craftsmen.studios.policies import EVIDENCE
from tests.cast import make_cast
from tests.engines.cases.test_at_once import side_by_side
from tests.systems.craftsmen.studios.facts import PDF, a_call, a_craftsman, a_studio, an_order, decided, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db, now):
    return make_cast(now)


@pytest.fixture(autouse=True)
def _one_audit_head(monkeypatch):
    monkeypatch.setattr(settings, "AUDIT_HEAD_DIR", settings.KEYS_DIR)
    for head in Path(settings.KEYS_DIR).glob("*.head"):
        head.unlink()


def refusals(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def copies(row, number=2):
    """The row as each of several requests loaded it."""
    return [type(row).objects.get(pk=row.pk) for _at in range(number)]


def second_approver(cast):
    return account(cast.user("administrator"), [Grant(Role.APPROVER)])


def test_of_two_studios_of_one_leader_named_at_once_one_stands(cast, now):
    craftsman = a_craftsman(cast)
    call = a_call(craftsman)
    an_order(cast, call)
    first = decided(submitted(cast, call, craftsman), cast)
    second = decided(submitted(cast, call, craftsman, studio={"name_zh": "第二工作室"}), cast)

    outcomes = side_by_side(
        lambda: name_studio(first, actor=cast.clerk, now=now), lambda: name_studio(second, actor=cast.clerk, now=now)
    )

    assert [type(one) for one in refusals(outcomes)] == [NotNamed], outcomes
    assert Studio.objects.count() == 1
    assert Issued.objects.filter(kind="studio_plaque").count() == 1


def test_one_case_named_by_two_workers_makes_one_studio(cast, now):
    craftsman = a_craftsman(cast)
    call = a_call(craftsman)
    an_order(cast, call)
    case = decided(submitted(cast, call, craftsman), cast)
    mine, theirs = copies(case)

    outcomes = side_by_side(
        lambda: name_studio(mine, actor=cast.clerk, now=now), lambda: name_studio(theirs, actor=cast.clerk, now=now)
    )

    assert all(isinstance(one, NotNamed | Studio) for one in outcomes), outcomes
    assert Studio.objects.count() == 1
    assert Issued.objects.filter(kind="studio_plaque").count() == 1


def test_a_title_revoked_while_its_studio_is_named_leaves_no_studio_with_a_leader_who_lost_it(cast, now):
    craftsman = a_craftsman(cast)
    call = a_call(craftsman)
    an_order(cast, call)
    case = decided(submitted(cast, call, craftsman), cast)
    act = revoking.propose_act(craftsman, kind="revoke", grounds="forged", reason="x", actor=cast.clerk, now=now)

    outcomes = side_by_side(
        lambda: name_studio(case, actor=cast.clerk, now=now), lambda: revoking.confirm_act(act, actor=cast.approver, now=now)
    )

    assert Craftsman.objects.get().state == "revoked", outcomes
    assert all(isinstance(one, NotNamed) for one in refusals(outcomes)), outcomes
    assert list(Studio.objects.values_list("state", flat=True)) == ([] if refusals(outcomes) else ["suspended"])
    assert set(Issued.objects.filter(kind="studio_plaque").values_list("status", flat=True)) <= {"suspended"}


def test_of_two_who_propose_or_decide_one_does(cast, now):
    studio = a_studio(cast)
    mine, theirs = copies(studio)
    outcomes = side_by_side(
        lambda: propose_act(mine, Proposal("suspend", "idle", "一"), actor=cast.clerk, now=now),
        lambda: propose_act(theirs, Proposal("unname", "idle", "二"), actor=cast.reviewer, now=now),
    )
    assert [type(one) for one in refusals(outcomes)] == [ActUnderWay], outcomes

    mine, theirs = copies(StudioAct.objects.get())
    outcomes = side_by_side(
        lambda: confirm_act(mine, actor=cast.approver, now=now),
        lambda: dismiss_act(theirs, reason="不同意。", actor=second_approver(cast), now=now),
    )
    assert [type(one) for one in refusals(outcomes)] == [ActDecided], outcomes
    act = StudioAct.objects.get()
    studio.refresh_from_db()
    assert (studio.state == "named") is (act.state == "dismissed")
    assert (Issued.objects.get(kind="studio_plaque").status == "valid") is (act.state == "dismissed")


def test_one_person_is_asked_once_and_one_result_decided_once(cast, now):
    studio = a_studio(cast)
    learner = studio.members.select_related("person").get(role="learner").person
    studio.members.filter(person=learner).delete()
    mine, theirs = copies(studio)
    outcomes = side_by_side(
        lambda: ask_member(mine, learner, role="member", actor=cast.hr, now=now),
        lambda: ask_member(theirs, learner, role="learner", actor=cast.hr, now=now),
    )
    assert [type(one) for one in refusals(outcomes)] == [MemberRefused], outcomes

    with transaction.atomic():
        proof = store_file("证书.pdf", PDF, kind=EVIDENCE, actor=cast.hr, now=now)
    report_result(studio, ResultGiven("award", "金奖", now.date(), proof=proof), actor=cast.hr, now=now)
    mine, theirs = copies(Result.objects.get())
    outcomes = side_by_side(
        lambda: decide_result(mine, confirmed=True, actor=cast.clerk, now=now),
        lambda: decide_result(theirs, confirmed=False, reason="证书不清。", actor=cast.reviewer, now=now),
    )
    assert [type(one) for one in refusals(outcomes)] == [ResultDecided], outcomes
