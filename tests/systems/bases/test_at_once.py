"""Two officers at the same moment: one act holds, the other is told what stands; base, plaque, count and grade agree."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from denggao.engines.credentials.models import Issued, IssuedEvent
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actors import Grant, Role, account, operator, system
from denggao.systems.bases.actions.accrediting import NotAccredited, accredit, renew
from denggao.systems.bases.actions.acts import (
    ActDecided,
    ActUnderWay,
    BaseMoved,
    confirm_act,
    dismiss_act,
    expire_bases,
    propose_act,
)
from denggao.systems.bases.actions.appraising import (
    AppraisalMoved,
    confirm_grade,
    enter_value,
    hand_in,
    propose_grade,
    return_grade,
    set_points,
)
from denggao.systems.bases.appraisal.marking import marks_of
from denggao.systems.bases.models import Appraisal, AppraisalValue, Base, BaseAct
from tests.cast import make_cast
from tests.engines.cases.test_at_once import side_by_side
from tests.systems.bases.facts import a_base, a_base_plan, a_case, kept_application
from tests.systems.bases.test_appraisal import fill, opened

pytestmark = pytest.mark.django_db(transaction=True)
Kind, State = BaseAct.Kind, Base.State


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


def test_of_two_acts_on_a_base_one_holds(cast, now):
    """Proposed by two, confirmed by two, confirmed while another dismisses: what came second is told so."""
    plan = a_base_plan()
    case = kept_application(plan, cast.base, cast.base_manager).case
    base = accredit(case, signed_on=dt.date(2022, 9, 1), actor=system("test"), now=now)
    mine, theirs = copies(base)

    outcomes = side_by_side(
        lambda: propose_act(mine, kind=Kind.SUSPEND, reason="见通知。", actor=cast.clerk, now=now),
        lambda: propose_act(theirs, kind=Kind.WITHDRAW, reason="见通知。", actor=cast.reviewer, now=now),
    )
    assert [type(one) for one in refusals(outcomes)] == [ActUnderWay], outcomes
    act = BaseAct.objects.get(state=BaseAct.State.PROPOSED)

    mine, theirs = copies(act)
    outcomes = side_by_side(
        lambda: confirm_act(mine, actor=cast.approver, now=now),
        lambda: confirm_act(theirs, actor=second_approver(cast), now=now),
    )
    assert [type(one) for one in refusals(outcomes)] == [ActDecided], outcomes
    base.refresh_from_db()
    plaque = Issued.objects.get()
    withdrawn = act.kind == Kind.WITHDRAW
    assert (base.state, plaque.status) == ((State.WITHDRAWN, "withdrawn") if withdrawn else (State.SUSPENDED, "suspended"))
    assert IssuedEvent.objects.filter(issued=plaque).count() == 2
    if withdrawn:
        return

    act = propose_act(base, kind=Kind.RESTORE, reason="已整改。", actor=cast.clerk, now=now)
    mine, theirs = copies(act)
    outcomes = side_by_side(
        lambda: confirm_act(mine, actor=cast.approver, now=now),
        lambda: dismiss_act(theirs, reason="尚未整改。", actor=second_approver(cast), now=now),
    )
    assert [type(one) for one in refusals(outcomes)] == [ActDecided], outcomes
    base.refresh_from_db()
    act.refresh_from_db()
    assert (base.state == State.ACCREDITED) is (act.state == BaseAct.State.DONE)


def test_a_base_withdrawn_while_its_term_is_renewed_is_withdrawn(cast, now):
    plan = a_base_plan()
    case = kept_application(plan, cast.base, cast.base_manager).case
    base = accredit(case, signed_on=dt.date(2022, 9, 1), actor=system("test"), now=now)
    act = propose_act(base, kind=Kind.WITHDRAW, reason="见通知。", actor=cast.clerk, now=now)
    renewal = a_case(plan, cast.base, procedure="base_renewal")
    copy = Base.objects.get(pk=base.pk)

    outcomes = side_by_side(
        lambda: confirm_act(act, actor=cast.approver, now=now),
        lambda: renew(copy, case=renewal, actor=system("test"), now=now),
    )

    assert all(isinstance(one, NotAccredited) for one in refusals(outcomes)), outcomes
    base.refresh_from_db()
    plaque = Issued.objects.get()
    renewed = BaseAct.objects.filter(kind=Kind.RENEW).exists()
    assert (base.state, plaque.status) == (State.WITHDRAWN, "withdrawn")
    assert (base.valid_until, plaque.valid_until) == ((dt.date(2028, 8, 31),) * 2 if renewed else (dt.date(2025, 8, 31),) * 2)
    assert renewed is not bool(refusals(outcomes))
    assert sum(Entry.objects.filter(goal__code="bases").values_list("sign", flat=True)) == 0


def test_a_term_that_ends_while_an_act_is_confirmed_leaves_one_of_both(cast, now):
    plan = a_base_plan()
    base = a_base(plan, cast.base, valid_until=now.date() - dt.timedelta(days=1))
    act = propose_act(base, kind=Kind.WITHDRAW, reason="见通知。", actor=cast.clerk, now=now)

    outcomes = side_by_side(
        lambda: confirm_act(act, actor=cast.approver, now=now),
        lambda: expire_bases(actor=operator("test"), now=now),
    )

    base.refresh_from_db()
    act = BaseAct.objects.get(pk=act.pk)
    assert all(isinstance(one, ActDecided | BaseMoved) for one in refusals(outcomes)), outcomes
    expected = (State.WITHDRAWN, "done") if not refusals(outcomes) else (State.EXPIRED, "dismissed")
    assert (base.state, act.state) == expected


def test_of_two_who_move_an_appraisal_one_does_and_its_numbers_stand_still(cast, now):
    """Handed in while a number is entered, graded while points are set, confirmed by two and while another disagrees."""
    plan = a_base_plan()
    base = a_base(plan, cast.base)
    opened(cast, plan, now)
    appraisal = Appraisal.objects.get(base=base)
    fill(appraisal, cast, now)
    value = appraisal.values.select_related("appraisal").get(indicator="accidents")

    outcomes = side_by_side(
        lambda: hand_in(copies(appraisal, 1)[0], actor=cast.base_manager, now=now),
        lambda: enter_value(value, number=Decimal(1), remark="晚到", evidence=None, actor=cast.base_manager, now=now),
        lambda: hand_in(copies(appraisal, 1)[0], actor=cast.base_manager, now=now),
    )
    assert all(isinstance(one, Exception) or one is not None for one in outcomes)
    assert 1 <= len(refusals(outcomes)) <= 2, outcomes
    appraisal.refresh_from_db()
    assert appraisal.state == Appraisal.State.HANDED_IN
    entered = not isinstance(outcomes[1], Exception)
    assert (AppraisalValue.objects.get(pk=value.pk).value == 1) is entered

    value = appraisal.values.select_related("appraisal").get(indicator="satisfaction")
    side_by_side(
        lambda: propose_grade(copies(appraisal, 1)[0], opinion="平稳。", demands="整改。", actor=cast.reviewer, now=now),
        lambda: set_points(value, points=Decimal(0), reason="问卷无效。", actor=cast.clerk, now=now),
    )
    appraisal.refresh_from_db()
    assert appraisal.state == Appraisal.State.PROPOSED
    assert appraisal.points == marks_of(appraisal, appraisal.values.all()).points

    outcomes = side_by_side(
        lambda: confirm_grade(copies(appraisal, 1)[0], actor=cast.approver, now=now),
        lambda: confirm_grade(copies(appraisal, 1)[0], actor=second_approver(cast), now=now),
        lambda: return_grade(copies(appraisal, 1)[0], reason="再核。", actor=second_approver(cast), now=now),
    )
    assert [type(one) for one in refusals(outcomes)] == [AppraisalMoved, AppraisalMoved], outcomes
    appraisal.refresh_from_db()
    assert appraisal.steps.count() == 4
    assert (appraisal.confirmed_by == "") is (appraisal.state == Appraisal.State.HANDED_IN)
