"""The yearly appraisal through its actions: numbers of the platform, what the base enters, two persons, remedies, exit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from denggao.engines.ledger.actions import recount
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing, action
from denggao.foundation.audit.actors import Role, system
from denggao.foundation.audit.models import Record
from denggao.foundation.calendar.models import CalendarYear
from denggao.foundation.files.models import StoredFile
from denggao.systems.bases.actions import appraising
from denggao.systems.bases.actions.acts import TwoPersons
from denggao.systems.bases.actions.appraising import (
    AppraisalMoved,
    CycleOrder,
    CycleRefused,
    ValueRefused,
    check_remedy,
    confirm_grade,
    enter_value,
    hand_in,
    open_cycle,
    propose_grade,
    report_remedy,
    return_grade,
    send_back,
    set_points,
)
from denggao.systems.bases.appraisal import providers
from denggao.systems.bases.models import Appraisal, AppraisalCycle, Base, BaseAct, TeacherInvitation
from denggao.systems.bases.policies import EVIDENCE
from tests.facts import a_person, an_employer, certified, in_post
from tests.systems.bases.facts import a_base, a_base_plan, a_body, a_paper, a_teacher

State, Grade = Appraisal.State, Appraisal.Grade
ENTERED = {"trained": 200, "courses": 4, "contests": 2, "satisfaction": 95, "shared_days": 60, "accidents": 0}
NEAR = {"longitude": Decimal("121.91"), "latitude": Decimal("30.91")}
FAR = {"longitude": Decimal("120.5"), "latitude": Decimal("30.9")}


@pytest.fixture
def plan(cast):
    return a_base_plan()


@pytest.fixture
def base(cast, plan):
    return a_base(plan, cast.base)


@pytest.fixture
def cycle(cast, plan, base, now):
    return opened(cast, plan, now)


@pytest.fixture
def appraisal(cycle, base):
    return Appraisal.objects.get(base=base)


def opened(cast, plan, now, year=2022):
    return open_cycle(CycleOrder(plan, year, due_on=now.date() + dt.timedelta(days=30)), actor=cast.clerk, now=now)


def evidence(cast):
    return StoredFile.objects.get(public_id=a_paper(cast.base_manager, kind=EVIDENCE))


def fill(appraisal, cast, now, **changes):
    paper = evidence(cast)
    for code, number in {**ENTERED, **changes}.items():
        value = appraisal.values.get(indicator=code)
        enter_value(value, number=Decimal(number), evidence=paper, actor=cast.base_manager, now=now)


def handed_in(appraisal, cast, now, **changes):
    fill(appraisal, cast, now, **changes)
    return hand_in(appraisal, actor=cast.base_manager, now=now)


def failed(appraisal, cast, now):
    handed_in(appraisal, cast, now, accidents=1)
    propose_grade(appraisal, opinion="发生责任事故。", demands="完成隐患整改。", actor=cast.reviewer, now=now)
    return confirm_grade(appraisal, actor=cast.approver, now=now)


@action("tests.bases.recount", requires=lambda actor, subject: True, batch=True)
def counted_again(people, *, actor, now):
    return recount(people, actor=actor, now=now)


def raised(plan, employer, name, now, issued="2022-06-01"):
    person = a_person(name)
    in_post(person, employer)
    certified(person, issued, "4")
    counted_again({person.pk}, actor=system("test"), now=now)
    return person


# The platform's own numbers


def test_raises_count_where_employer_occupation_and_year_fit(plan, base, now):
    near, far, unplaced = (
        an_employer("近", plan=plan, **NEAR), an_employer("远", plan=plan, **FAR), an_employer("无址", plan=plan),
    )  # fmt: skip
    outside = an_employer("未参与", **NEAR)
    for employer, name in ((near, "甲一"), (near, "乙二"), (far, "丙三"), (unplaced, "丁四"), (outside, "戊五")):
        raised(plan, employer, name, now)
    raised(plan, near, "己六", now, issued="2021-12-31")

    filled = {code: provider.fill([base], 2022)[base.pk] for code, provider in providers.own_providers().items()}

    assert filled["raised"].value == 2
    assert len(filled["raised"].rows) == 2
    assert (filled["employers_served"].value, filled["employers_served"].rows) == (1, (near.public_id,))
    assert filled["employers_in_reach"].rows == (near.public_id,)


def test_teachers_are_qualified_at_the_years_end_also_those_invited(base, now):
    lent = a_teacher(a_body())
    TeacherInvitation.objects.create(
        base=base, teacher=lent, subject="车工", from_on=dt.date(2022, 9, 1), to_on=dt.date(2023, 6, 30), state="accepted",
        asked_by="x", asked_at=now, answered_by="y", answered_at=now,
    )  # fmt: skip
    a_teacher(base.organisation, expires_on=dt.date(2022, 12, 31))
    lapsed = a_teacher(base.organisation, expires_on=dt.date(2022, 12, 30))
    a_teacher(base.organisation, left_on=dt.date(2022, 12, 30))
    a_teacher(a_body())

    provider = providers.own_providers()
    assert provider["qualified_teachers"].fill([base], 2022)[base.pk].value == 2
    share = provider["teachers_share"].fill([base], 2022)[base.pk]
    assert (share.value, share.rows) == (Decimal("66.67"), (lapsed.public_id,))


@pytest.mark.parametrize("code", list(providers.own_providers()))
def test_filling_takes_as_many_queries_for_three_bases_as_for_one(plan, cast, now, code, django_assert_num_queries):
    an_employer("近", plan=plan, **NEAR)
    bases = [a_base(plan, body) for body in (cast.base, a_body(), a_body())]
    for base in bases:
        a_teacher(base.organisation)
    loaded = list(Base.objects.select_related("plan").order_by("id"))
    fill_ = providers.own_providers()[code].fill
    queries = 4 if "employers" in code or code == "raised" else 3

    with django_assert_num_queries(queries):
        fill_(loaded[:1], 2022)
    with django_assert_num_queries(queries):
        assert len(fill_(loaded, 2022)) == 3


def test_the_rows_behind_a_number_open_without_naming_anybody(plan, base, cast, now):
    raised(plan, an_employer("近", plan=plan, **NEAR), "甲一", now)
    teacher = a_teacher(base.organisation)
    own = providers.own_providers()

    raises = own["raised"].open(own["raised"].fill([base], 2022)[base.pk].rows, cast.base_manager)
    teachers = own["qualified_teachers"].open([teacher.public_id], cast.base_manager)

    assert [(row.text.split(" · ")[0], row.detail) for row in raises] == [("近", "2022-06")]
    assert "甲一" not in str(raises)
    assert teacher.person.name not in str(teachers)


# A year's way


def test_a_cycle_opens_for_every_base_in_force_with_the_numbers_of_today(cast, plan, base, now):
    gone = a_base(plan, a_body(), state="exited", ended_on=dt.date(2022, 2, 1))
    later = a_base(plan, a_body(), accredited_on=dt.date(2023, 1, 1))
    a_teacher(base.organisation)

    cycle = opened(cast, plan, now)

    assert [item.base for item in cycle.appraisals.all()] == [base]
    assert (gone.appraisals.count(), later.appraisals.count()) == (0, 0)
    assert cycle.thresholds == {"excellent": "90.00", "good": "80.00", "pass": "60.00"}
    value = cycle.appraisals.get().values.get(indicator="qualified_teachers")
    assert (value.value, value.points, len(value.rows)) == (1, Decimal("1.00"), 1)
    with pytest.raises(CycleRefused):
        opened(cast, plan, now)
    with pytest.raises(CycleRefused):
        opened(cast, plan, now, year=2023)
    with pytest.raises(NotAllowed):
        open_cycle(CycleOrder(plan, 2021, due_on=now.date()), actor=cast.base_manager, now=now)


def test_a_good_year_is_graded_by_two_and_closes(cast, appraisal, cycle, now):
    handed_in(appraisal, cast, now)
    for code, points in {"raised": 20, "employers_served": 10}.items():
        set_points(
            appraisal.values.get(indicator=code),
            points=Decimal(points),
            reason="台账滞后，已核名册。",
            actor=cast.reviewer,
            now=now,
        )
    propose_grade(appraisal, opinion="全年运行良好。", actor=cast.reviewer, now=now)
    assert (appraisal.state, appraisal.points, appraisal.grade) == (State.PROPOSED, Decimal("80.00"), Grade.GOOD)

    confirm_grade(appraisal, actor=cast.approver, now=now)

    cycle.refresh_from_db()
    assert (appraisal.state, appraisal.outcome, cycle.state) == (State.CLOSED, "stays", AppraisalCycle.State.CLOSED)
    assert list(appraisal.steps.values_list("state_to", flat=True)) == ["open", "handed_in", "proposed", "closed"]
    assert Record.objects.filter(action="bases.appraisal.confirm").count() == 1


def test_what_is_entered_needs_evidence_and_a_sensible_number(cast, appraisal, now):
    value = appraisal.values.get(indicator="satisfaction")
    with pytest.raises(ValueRefused, match=r"Evidence|佐证"):
        enter_value(value, number=Decimal(95), actor=cast.base_manager, now=now)
    for wrong in ("-1", "100.01", "95.123"):
        with pytest.raises(ValueRefused):
            enter_value(value, number=Decimal(wrong), evidence=evidence(cast), actor=cast.base_manager, now=now)
    with pytest.raises(ValueRefused):
        enter_value(appraisal.values.get(indicator="raised"), number=Decimal(1), actor=cast.base_manager, now=now)

    kept = enter_value(value, number=Decimal(95), evidence=evidence(cast), actor=cast.base_manager, now=now)
    again = enter_value(kept, number=Decimal(85), actor=cast.base_manager, now=now)
    assert (again.points, again.evidence_id) == (Decimal(4), kept.evidence_id)


def test_nothing_is_handed_in_half_filled(cast, appraisal, now):
    with pytest.raises(ValueRefused):
        hand_in(appraisal, actor=cast.base_manager, now=now)
    handed_in(appraisal, cast, now)
    with pytest.raises(AppraisalMoved):
        fill(appraisal, cast, now)
    with pytest.raises(AppraisalMoved):
        hand_in(appraisal, actor=cast.base_manager, now=now)


@pytest.mark.parametrize("part", ["hr", "other_hr", "clerk", "expert", "auditor"])
def test_only_the_bases_manager_fills_in(cast, appraisal, now, part):
    with pytest.raises(NotAllowed):
        enter_value(appraisal.values.get(indicator="accidents"), number=Decimal(0), actor=getattr(cast, part), now=now)
    with pytest.raises(NotAllowed):
        hand_in(appraisal, actor=getattr(cast, part), now=now)


def test_sent_back_it_can_be_changed_and_handed_in_again(cast, appraisal, now):
    handed_in(appraisal, cast, now)
    with pytest.raises(ReasonMissing):
        send_back(appraisal, reason=" ", actor=cast.clerk, now=now)
    send_back(appraisal, reason="花名册缺页。", actor=cast.clerk, now=now)

    handed_in(appraisal, cast, now, trained=150)
    assert appraisal.values.get(indicator="trained").points == Decimal("15.00")


def test_a_grade_takes_two_persons_and_a_fail_says_what_to_remedy(cast, appraisal, now):
    handed_in(appraisal, cast, now, accidents=1)
    with pytest.raises(ValueRefused):
        propose_grade(appraisal, opinion="发生责任事故。", actor=cast.reviewer, now=now)
    with pytest.raises(NotAllowed):
        propose_grade(appraisal, opinion="x", demands="y", actor=cast.base_manager, now=now)
    propose_grade(appraisal, opinion="发生责任事故。", demands="完成隐患整改。", actor=cast.reviewer, now=now)
    with pytest.raises(NotAllowed):
        confirm_grade(appraisal, actor=cast.reviewer, now=now)

    Appraisal.objects.filter(pk=appraisal.pk).update(proposed_by=cast.approver.id)
    appraisal.refresh_from_db()
    with pytest.raises(TwoPersons):
        confirm_grade(appraisal, actor=cast.approver, now=now)
    return_grade(appraisal, reason="请核对事故认定。", actor=cast.approver, now=now)
    assert (appraisal.state, appraisal.grade, appraisal.points) == (State.HANDED_IN, "", None)


def test_remedies_run_in_working_days_and_a_remedied_base_stays(cast, appraisal, base, now):
    failed(appraisal, cast, now)
    assert (appraisal.state, appraisal.remedy_until) == (State.REMEDY, dt.date(2023, 1, 3))
    with pytest.raises(AppraisalMoved):
        check_remedy(appraisal, remedied=True, reason="未报告。", actor=cast.clerk, now=now)

    report_remedy(appraisal, report="隐患已整改。", evidence=evidence(cast), actor=cast.base_manager, now=now)
    check_remedy(appraisal, remedied=True, reason="现场复核合格。", actor=cast.clerk, now=now)

    base.refresh_from_db()
    assert (appraisal.state, appraisal.outcome, base.state) == (State.CLOSED, "remedied", "accredited")


def test_what_is_not_remedied_proposes_the_withdrawal(cast, appraisal, base, now):
    failed(appraisal, cast, now)
    report_remedy(appraisal, report="正在整改。", evidence=None, actor=cast.base_manager, now=now)

    check_remedy(appraisal, remedied=False, reason="主要隐患仍在。", actor=cast.clerk, now=now)

    base.refresh_from_db()
    act = BaseAct.objects.get(base=base)
    assert (appraisal.outcome, base.state) == ("exit", "accredited")
    assert (act.kind, act.state, act.appraisal, act.proposed_by) == ("withdraw", "proposed", appraisal, cast.clerk.id)


def test_after_the_last_day_nothing_is_reported_and_the_office_goes_on(cast, appraisal, now):
    failed(appraisal, cast, now)
    with pytest.raises(AppraisalMoved):
        check_remedy(appraisal, remedied=False, reason="未报告。", actor=cast.clerk, now=now)
    late = dt.datetime(2023, 1, 4, 9, 0, tzinfo=now.tzinfo)
    with pytest.raises(ValueRefused):
        report_remedy(appraisal, report="已整改。", evidence=None, actor=cast.base_manager, now=late)

    check_remedy(appraisal, remedied=False, reason="逾期未报告。", actor=cast.clerk, now=late)
    assert (appraisal.state, appraisal.outcome) == (State.CLOSED, "exit")


def test_in_a_year_without_calendar_the_end_is_fixed_when_it_is_entered(cast, appraisal, now):
    december = dt.datetime(2022, 12, 1, 9, 0, tzinfo=now.tzinfo)
    later = CalendarYear.objects.filter(year=2023)
    kept = list(later)
    later.delete()
    failed(appraisal, cast, december)
    assert appraisal.remedy_until is None

    for year in kept:
        year.save(force_insert=True)
    fix = action("tests.bases.fix", requires=lambda actor, subject: True, batch=True)(appraising.fix_remedy_ends)
    assert fix([2023], actor=system("test"), now=december) == 1
    appraisal.refresh_from_db()
    assert appraisal.remedy_until is not None
    assert appraisal.remedy_until.year == 2023


def test_two_officers_at_once_end_with_one_grade(cast, appraisal, now):
    handed_in(appraisal, cast, now)
    other = Appraisal.objects.select_related("cycle", "base").get(pk=appraisal.pk)
    propose_grade(appraisal, opinion="良好。", demands="x", actor=cast.reviewer, now=now)

    with pytest.raises(AppraisalMoved):
        propose_grade(other, opinion="优秀。", demands="x", actor=cast.clerk, now=now)
    assert Appraisal.objects.get(pk=appraisal.pk).proposed_by == cast.reviewer.id


ACTS = {
    "enter": lambda item, cast, now: fill(item, cast, now),
    "hand_in": lambda item, cast, now: hand_in(item, actor=cast.base_manager, now=now),
    "send_back": lambda item, cast, now: send_back(item, reason="x", actor=cast.clerk, now=now),
    "propose": lambda item, cast, now: propose_grade(item, opinion="x", demands="y", actor=cast.reviewer, now=now),
    "confirm": lambda item, cast, now: confirm_grade(item, actor=cast.approver, now=now),
    "return": lambda item, cast, now: return_grade(item, reason="x", actor=cast.approver, now=now),
    "report": lambda item, cast, now: report_remedy(item, report="x", evidence=None, actor=cast.base_manager, now=now),
    "check": lambda item, cast, now: check_remedy(item, remedied=True, reason="x", actor=cast.clerk, now=now),
}
POSSIBLE = {
    State.OPEN: {"enter", "hand_in"},
    State.HANDED_IN: {"send_back", "propose"},
    State.PROPOSED: {"confirm", "return"},
    State.REMEDY: {"report"},
    State.REMEDIED: {"check"},
    State.CLOSED: set(),
}


@pytest.mark.parametrize("state", list(State))
def test_every_act_in_every_state(cast, appraisal, now, state):
    fill(appraisal, cast, now)
    facts = {"state": state}
    if state != State.OPEN:
        facts |= {"points": Decimal(50), "grade": "fail", "proposed_by": cast.reviewer.id}
    if state in {State.REMEDY, State.REMEDIED, State.CLOSED}:
        facts |= {"confirmed_by": cast.approver.id}
    if state == State.CLOSED:
        facts |= {"closed_at": now, "outcome": "remedied"}
    for name, act in ACTS.items():
        Appraisal.objects.filter(pk=appraisal.pk).update(
            **{"points": None, "grade": "", "proposed_by": "", "confirmed_by": "", "closed_at": None, "outcome": "", **facts}
        )
        fresh = Appraisal.objects.select_related("cycle__plan", "base").get(pk=appraisal.pk)
        if name in POSSIBLE[state]:
            act(fresh, cast, now)
        else:
            with pytest.raises(AppraisalMoved):
                act(fresh, cast, now)


def test_the_cast_has_the_roles_this_room_knows(cast):
    assert cast.base_manager.organisations_as(Role.BASE_MANAGER) == {cast.base.pk}
