"""What is done to a base that stands: two persons, base and plaque and ledger together, every state with every act."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.credentials.models import Issued
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.actors import system
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.systems.bases import rules
from denggao.systems.bases.actions.accrediting import NotAccredited, accredit, renew
from denggao.systems.bases.actions.acts import (
    ActDecided,
    ActUnderWay,
    BaseMoved,
    TwoPersons,
    confirm_act,
    dismiss_act,
    expire_bases,
    propose_act,
)
from denggao.systems.bases.models import Base, BaseAct, Teacher
from denggao.systems.bases.system import Accreditation
from tests.systems.bases.facts import a_base_plan, a_body, a_case, a_paper, a_round, kept_application

Kind, State = BaseAct.Kind, Base.State
SIGNED = dt.date(2022, 9, 1)


@pytest.fixture
def plan(cast):
    return a_base_plan()


@pytest.fixture
def case(cast, plan):
    return kept_application(plan, cast.base, cast.base_manager).case


@pytest.fixture
def base(case, now):
    return accredit(case, signed_on=SIGNED, actor=system("test"), now=now)


def counted(plan) -> int:
    return sum(Entry.objects.filter(goal__plan=plan, goal__code="bases").values_list("sign", flat=True))


def done(base, kind, cast, now, by="clerk"):
    act = propose_act(base, kind=kind, reason="见整改通知书。", actor=getattr(cast, by), now=now)
    return confirm_act(act, actor=cast.approver, now=now)


def test_an_accredited_base_stands_with_plaque_teachers_and_entry(plan, base, case):
    assert (base.state, base.accredited_on, base.valid_from, base.valid_until) == (
        "accredited",
        SIGNED,
        SIGNED,
        dt.date(2025, 8, 31),
    )
    plaque = base.plaque
    assert [item["zh"] for item in plaque.granters] == [part.organisation.name_zh for part in plan.parts.filter(role="accredit")]
    assert (plaque.number, plaque.status, plaque.valid_until) == ("LG-B-01", "valid", base.valid_until)
    entry = Entry.objects.get(goal__code="bases")
    assert (entry.organisation_id, entry.happened_on, entry.industry, entry.proof) == (
        base.organisation_id,
        SIGNED,
        "ic",
        "confirmed",
    )
    assert sorted(base.coverage.values_list("occupation__name_zh", "level")) == [
        ("车工", "3"), ("车工", "4"), ("车工", "5"), ("铣工", "4"),
    ]  # fmt: skip
    assert base.equipment.count() == 2
    assert Teacher.objects.filter(home=base.organisation).count() == 2
    assert BaseAct.objects.get(base=base).kind == Kind.ACCREDIT
    assert Record.objects.filter(action="bases.base.accredit").count() == 1


def test_accrediting_twice_does_nothing_twice(plan, base, case, now):
    again = accredit(case, signed_on=SIGNED, actor=system("test"), now=now)

    assert again == base
    assert (Base.objects.count(), Issued.objects.count(), counted(plan), Teacher.objects.count()) == (1, 1, 1, 2)


def test_a_case_that_is_not_at_its_award_makes_no_base(cast, plan, now):
    case = kept_application(plan, cast.base, cast.base_manager).case
    type(case).objects.filter(pk=case.pk).update(
        stage="decide", stage_kind="decide", state="open", waits_for="office", ended_at=None
    )
    case.refresh_from_db()

    with pytest.raises(NotAccredited):
        accredit(case, signed_on=SIGNED, actor=system("test"), now=now)
    assert not Base.objects.exists()


@pytest.mark.parametrize("part", ["base_manager", "hr", "expert", "worker"])
def test_who_is_neither_office_nor_authority_accredits_nothing(cast, case, now, part):
    with pytest.raises(NotAllowed):
        accredit(case, signed_on=SIGNED, actor=getattr(cast, part), now=now)


def test_withdrawal_takes_plaque_and_entry_back_in_one_act(cast, plan, base, now):
    done(base, Kind.WITHDRAW, cast, now)

    base.refresh_from_db()
    assert (base.state, base.ended_on) == (State.WITHDRAWN, dt.date(2022, 10, 10))
    assert Issued.objects.get().status == "withdrawn"
    reversal = Entry.objects.get(goal__code="bases", sign=-1)
    assert (reversal.reason, reversal.happened_on, counted(plan)) == ("withdrawn", SIGNED, 0)
    assert Record.objects.filter(action="bases.act.confirm").values_list("act_id").get() == (reversal.act_id,)


def test_suspension_and_restoration_turn_the_plaque_and_keep_the_count(cast, plan, base, now):
    done(base, Kind.SUSPEND, cast, now)
    base.refresh_from_db()
    assert (base.state, Issued.objects.get().status, counted(plan)) == (State.SUSPENDED, "suspended", 1)

    done(base, Kind.RESTORE, cast, now)
    base.refresh_from_db()
    assert (base.state, Issued.objects.get().status, counted(plan)) == (State.ACCREDITED, "valid", 1)


def test_a_manager_asks_to_leave_and_nothing_more(cast, plan, base, now):
    with pytest.raises(NotAllowed):
        propose_act(base, kind=Kind.SUSPEND, reason="x", actor=cast.base_manager, now=now)

    done(base, Kind.EXIT, cast, now, by="base_manager")

    base.refresh_from_db()
    issued = Issued.objects.get()
    assert (base.state, issued.status, issued.status_reason_class, counted(plan)) == (State.EXITED, "withdrawn", "request", 0)


def test_the_manager_of_another_body_asks_nothing(cast, plan, now):
    other = accredit(kept_application(plan, a_body(), cast.base_manager).case, signed_on=SIGNED, actor=system("test"), now=now)

    with pytest.raises(NotAllowed):
        propose_act(other, kind=Kind.EXIT, reason="x", actor=cast.base_manager, now=now)


def test_whoever_proposes_does_not_confirm(cast, base, now):
    both = cast.approver
    act = propose_act(base, kind=Kind.WITHDRAW, reason="x", actor=cast.administrator, now=now)
    BaseAct.objects.filter(pk=act.pk).update(proposed_by=both.id)
    act.refresh_from_db()

    with pytest.raises(TwoPersons):
        confirm_act(act, actor=both, now=now)
    with pytest.raises(NotAllowed):
        confirm_act(act, actor=cast.clerk, now=now)
    base.refresh_from_db()
    assert base.state == State.ACCREDITED


def test_one_thing_at_a_time_and_never_twice(cast, base, now):
    act = propose_act(base, kind=Kind.SUSPEND, reason="x", actor=cast.clerk, now=now)
    with pytest.raises(ActUnderWay):
        propose_act(base, kind=Kind.WITHDRAW, reason="x", actor=cast.reviewer, now=now)

    stale = BaseAct.objects.get(pk=act.pk)
    confirm_act(act, actor=cast.approver, now=now)
    with pytest.raises(ActDecided):
        confirm_act(stale, actor=cast.approver, now=now)
    with pytest.raises(ActDecided):
        dismiss_act(BaseAct.objects.get(pk=act.pk), reason="x", actor=cast.approver, now=now)
    assert Record.objects.filter(action="bases.act.confirm").count() == 1


def test_a_dismissed_act_changes_nothing_and_makes_room(cast, base, now):
    act = propose_act(base, kind=Kind.SUSPEND, reason="x", actor=cast.clerk, now=now)
    with pytest.raises(ReasonMissing):
        dismiss_act(act, reason=" ", actor=cast.clerk, now=now)
    dismiss_act(act, reason="证据不足", actor=cast.clerk, now=now)

    base.refresh_from_db()
    assert base.state == State.ACCREDITED
    assert propose_act(base, kind=Kind.SUSPEND, reason="x", actor=cast.clerk, now=now).state == "proposed"


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("kind", [Kind.SUSPEND, Kind.RESTORE, Kind.WITHDRAW, Kind.EXIT])
def test_every_act_from_every_state(cast, base, now, state, kind):
    ends = state not in {State.ACCREDITED, State.SUSPENDED}
    if state == State.SUSPENDED:
        done(base, Kind.SUSPEND, cast, now)
    elif ends:
        Base.objects.filter(pk=base.pk).update(state=state, ended_on=now.date())
    base.refresh_from_db()

    if kind in rules.POSSIBLE[state]:
        done(base, kind, cast, now)
        base.refresh_from_db()
        assert base.state == rules.LEADS_TO[kind]
    else:
        with pytest.raises(BaseMoved):
            propose_act(base, kind=kind, reason="x", actor=cast.clerk, now=now)


def test_a_base_that_moved_meanwhile_keeps_what_it_became(cast, base, now):
    act = propose_act(base, kind=Kind.SUSPEND, reason="x", actor=cast.clerk, now=now)
    Base.objects.filter(pk=base.pk).update(state=State.EXPIRED, ended_on=now.date())

    with pytest.raises(BaseMoved):
        confirm_act(act, actor=cast.approver, now=now)
    act.refresh_from_db()
    assert (act.state, Issued.objects.get().status) == ("proposed", "valid")


def test_a_term_ends_by_itself_once(cast, plan, base, now):
    last = dt.datetime(2025, 8, 31, 23, 59, tzinfo=now.tzinfo)
    waiting = propose_act(base, kind=Kind.SUSPEND, reason="x", actor=cast.clerk, now=now)
    assert expire_bases(actor=system("bases.expire"), now=last) == 0

    after = last + dt.timedelta(minutes=2)
    assert expire_bases(actor=system("bases.expire"), now=after) == 1
    assert expire_bases(actor=system("bases.expire"), now=after) == 0

    base.refresh_from_db()
    waiting.refresh_from_db()
    assert (base.state, base.ended_on, waiting.state) == (State.EXPIRED, dt.date(2025, 8, 31), "dismissed")
    assert counted(plan) == 1  # the plan ended before the term did
    assert str(Issued.objects.get().standing(after.date())) == "expired"
    with pytest.raises(NotAllowed):
        expire_bases(actor=cast.clerk, now=after)


def test_a_renewal_lengthens_term_and_plaque_once(plan, base, now):
    later = dt.datetime(2025, 6, 1, 9, 0, tzinfo=now.tzinfo)
    case = a_case(plan, base.organisation, procedure="base_renewal")

    renewed = renew(base, case=case, actor=system("test"), now=later)
    renew(base, case=case, actor=system("test"), now=later)

    assert (renewed.valid_from, renewed.valid_until) == (SIGNED, dt.date(2028, 8, 31))
    issued = Issued.objects.get()
    assert (issued.number, issued.valid_until) == ("LG-B-01", dt.date(2028, 8, 31))
    assert BaseAct.objects.filter(kind=Kind.RENEW).count() == 1


def test_a_suspended_base_is_not_renewed(cast, plan, base, now):
    done(base, Kind.SUSPEND, cast, now)

    with pytest.raises(NotAccredited):
        renew(base, case=a_case(plan, base.organisation, procedure="base_renewal"), actor=system("test"), now=now)


def test_a_base_whose_renewal_is_under_way_does_not_expire(plan, base, now):
    case = a_case(plan, base.organisation, procedure="base_renewal")
    type(case).objects.filter(pk=case.pk).update(stage="check", stage_kind="check", state="open", waits_for="office", ended_at=None)

    assert expire_bases(actor=system("bases.expire"), now=dt.datetime(2025, 10, 1, tzinfo=now.tzinfo)) == 0


def test_after_leaving_a_body_comes_back_with_another_base_and_plaque(cast, plan, base, now):
    done(base, Kind.EXIT, cast, now, by="base_manager")
    round_ = a_round(plan)
    assert Accreditation().may_apply(cast.base_manager, round_, cast.base) is None

    second = accredit(
        kept_application(plan, cast.base, cast.base_manager).case, signed_on=dt.date(2022, 12, 1), actor=system("test"), now=now
    )

    assert (second.pk != base.pk, second.plaque.number, counted(plan)) == (True, "LG-B-02", 1)
    assert Accreditation().may_apply(cast.base_manager, round_, cast.base) is not None


def test_the_office_is_asked_and_the_base_told(cast, base, now):
    act = propose_act(base, kind=Kind.WITHDRAW, reason="x", actor=cast.clerk, now=now)
    assert set(Message.objects.filter(code="bases.act.proposed").values_list("account", flat=True)) == {cast.user("approver").pk}

    confirm_act(act, actor=cast.approver, now=now)
    told = set(Message.objects.filter(code="bases.act.done").values_list("account", flat=True))
    assert told == {cast.user("base_manager").pk, cast.user("clerk").pk}


def test_teachers_known_by_their_number_join_as_the_person_they_are(cast, plan, now):
    first = kept_application(plan, cast.base, cast.base_manager)
    accredit(first.case, signed_on=SIGNED, actor=system("test"), now=now)
    second = kept_application(plan, a_body(), cast.base_manager)
    second.teachers.filter(name="钱望潮").update(name="孙另名")

    accredit(second.case, signed_on=SIGNED, actor=system("test"), now=now)

    assert Teacher.objects.count() == 2
    assert set(Teacher.objects.values_list("home", flat=True)) == {cast.base.pk}
    assert Teacher.objects.get(person__name="钱望潮").person.name_conflicts.count() == 1


def test_evidence_is_a_file_of_its_own_kind(cast, base, now):
    from denggao.foundation.files.models import StoredFile
    from denggao.foundation.files.policies import can_read_file
    from denggao.systems.bases.policies import EVIDENCE

    stored = StoredFile.objects.get(public_id=a_paper(cast.clerk, kind=EVIDENCE))
    act = propose_act(base, kind=Kind.SUSPEND, reason="x", evidence=stored, actor=cast.clerk, now=now)
    assert not can_read_file(cast.base_manager, stored)
    confirm_act(act, actor=cast.approver, now=now)

    assert can_read_file(cast.base_manager, stored)
    assert can_read_file(cast.auditor, stored)
    assert not can_read_file(cast.hr, stored)
    assert not can_read_file(cast.expert, stored)
