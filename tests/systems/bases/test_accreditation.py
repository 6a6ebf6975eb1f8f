"""From an empty application to the plaque, through the actions of every engine, and back when it is withdrawn."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from denggao.engines.agreements.actions import refuse_to_sign, sign
from denggao.engines.agreements.models import SigningRequest
from denggao.engines.cases import actions
from denggao.engines.cases.actions.deciding import award_case
from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.engines.cases.refusals import AnswersIncomplete, CaseRefused, StageMoved, TwoPersons
from denggao.engines.cases.states import State
from denggao.engines.credentials.models import Issued
from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.queries import board_of
from denggao.engines.notices.actions import close_due_notices
from denggao.engines.notices.models import NoticeItem
from denggao.engines.reviews.actions.assigning import accept_assignment, assign_by_hand
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.actions.visits import RecordGiven, VisitGiven, plan_visit, record_visit
from denggao.engines.reviews.models import Assignment, Criterion, Panel, SiteVisit
from denggao.foundation.audit.actors import Role, operator, system
from denggao.foundation.jobs import work
from denggao.foundation.people.signin.proofs import Factor, SecondFactorGiven
from denggao.systems.bases.actions.acts import confirm_act, propose_act
from denggao.systems.bases.actions.renewing import RenewalRefused, ask_renewal
from denggao.systems.bases.actions.rubric import bring_rubric
from denggao.systems.bases.models import Base, BaseAct, BaseApplication
from denggao.systems.bases.procedures import ACCREDITATION
from tests.engines.agreements.matter import a_signatory
from tests.engines.reviews.scene import actor_of, an_expert
from tests.systems.bases.facts import a_base, a_base_plan, a_paper, a_round, typed_answers

LATER = dt.timedelta(days=8)
SIGNING = dt.timedelta(days=10)


@pytest.fixture
def plan(cast, now):
    plan = a_base_plan()
    bring_rubric(plan, actor=operator("test"), now=now)
    return plan


@pytest.fixture
def case(cast, plan, now):
    return drafted(cast, plan, now)


def drafted(cast, plan, now) -> Case:
    case = actions.open_case(a_round(plan), body=cast.base, actor=cast.base_manager, now=now)
    for section, answers in typed_answers(a_paper(cast.base_manager)).items():
        actions.save_draft(case, section=section, answers=answers, base_revision=0, actor=cast.base_manager, now=now)
    return case


def checked(case, cast, now) -> Case:
    for item in case.declared.system.checklist(case):
        actions.record_check(case, item=item.code, ok=True, actor=cast.clerk, now=now)
    return actions.pass_check(case, actor=cast.clerk, now=now)


def judged(case, cast, now, share: str = "0.8") -> Case:
    """Three experts, who were at the site, give so large a share of each criterion's points."""
    panel = Panel.objects.running().get(subject_id=case.public_id)
    experts = [an_expert() for _seat in range(panel.seats)]
    seats = assign_by_hand(panel, experts, actor=cast.reviewer, now=now)
    for seat in seats:
        accept_assignment(seat, actor=actor_of(seat.expert), now=now)
    given = VisitGiven(on=now.date(), place="环湖西一路1号", longitude=Decimal("121.9"), latitude=Decimal("30.9"))
    visit = plan_visit(panel, given=given, actor=cast.reviewer, now=now)
    record_visit(visit, given=given, record=RecordGiven(experts, "设备与清单一致。"), actor=cast.reviewer, now=now)
    criteria = list(Criterion.objects.filter(version=panel.rubric_version))
    for seat in Assignment.objects.filter(panel=panel).select_related("panel__rubric_version", "expert__person"):
        entries = [
            EntryGiven(line.code, f"{half(line.max_points * Decimal(share)):f}", "有据可查", uuid.uuid4(), dt.timedelta())
            for line in criteria
        ]
        save_entries(seat, entries=entries, actor=actor_of(seat.expert), now=now)
        submit_score(seat, actor=actor_of(seat.expert), now=now)
    close_panel(Panel.objects.get(pk=panel.pk), actor=cast.reviewer, now=now)
    case.refresh_from_db()
    return case


def half(points: Decimal) -> Decimal:
    return (points * 2).quantize(Decimal(1)) / 2


def decided(case, cast, now) -> Case:
    return actions.decide_case(case, approve=True, reason="符合条件，同意授牌。", actor=cast.approver, now=now)


def request_of(case) -> SigningRequest:
    return SigningRequest.objects.filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id).order_by("-round")[0]


def sign_for(case, body, now) -> None:
    actor = a_signatory(body, f"签署人{body.pk}", now)
    request = request_of(case)
    sign(
        request, organisation=body, shown_hash=request.content_hash,
        second_factor=SecondFactorGiven(actor.id, Factor.APP, now), actor=actor, now=now,
    )  # fmt: skip


def authorities(plan):
    return [part.organisation for part in plan.parts.filter(role="accredit").order_by("position")]


def at_signing(case, cast, now) -> Case:
    actions.submit_case(case, actor=cast.base_manager, now=now)
    judged(checked(case, cast, now), cast, now)
    close_due_notices(now=now + LATER)
    case.refresh_from_db()
    return decided(case, cast, now + LATER)


def bases_on_the_board(plan) -> int:
    return board_of(plan, as_of=plan.last_day).of("bases").count


def test_from_an_empty_application_to_the_plaque(cast, plan, case, now):
    actions.submit_case(case, actor=cast.base_manager, now=now)
    assert (case.number, case.stage, case.title) == ("JD-2022-001", "check", "滴水湖集成电路实训基地")

    fault = actions.FieldRemark("site", "workstations", "与设备清单不符。")
    actions.return_case(case, reason="工位数不一致。", fields=[fault], actor=cast.clerk, now=now)
    draft = case.drafts.get(section="site")
    changed = {**draft.answers, "workstations": "38"}
    actions.save_draft(case, section="site", answers=changed, base_revision=draft.revision, actor=cast.base_manager, now=now)
    actions.resubmit_case(case, actor=cast.base_manager, now=now)
    application = BaseApplication.objects.get(case=case)
    assert (application.snapshot, application.workstations) == (2, 38)

    checked(case, cast, now)
    judged(case, cast, now)
    assert case.stage == "notice"
    assert SiteVisit.objects.get(panel__subject_id=case.public_id).state == "held"
    shown = NoticeItem.objects.get(subject_id=case.public_id).shown
    assert "滴水湖集成电路实训基地" in str(shown)
    assert "赵" not in str(shown)
    close_due_notices(now=now + LATER)
    case.refresh_from_db()
    with pytest.raises(TwoPersons):
        decided(case, cast_with_approver(cast, "clerk"), now + LATER)
    decided(case, cast, now + LATER)

    first, second, last = authorities(plan)
    sign_for(case, second, now + LATER)
    sign_for(case, first, now + LATER)
    work.drain(clock=lambda: now + LATER)
    assert (Base.objects.count(), bases_on_the_board(plan)) == (0, 0)
    sign_for(case, last, now + SIGNING)
    work.drain(clock=lambda: now + SIGNING + dt.timedelta(days=1))

    case.refresh_from_db()
    base = Base.objects.get()
    day = (now + SIGNING).date()
    assert (case.state, base.case, base.state, base.accredited_on) == (State.AWARDED, case, "accredited", day)
    assert (base.plaque.number, len(base.plaque.granters)) == ("LG-B-01", 3)
    assert str(base.plaque.standing(day)) == "valid"
    entry = Entry.objects.get(goal__code="bases")
    assert (entry.happened_on, entry.organisation, bases_on_the_board(plan)) == (day, cast.base, 1)


def cast_with_approver(cast, part):
    """The cast, with whoever checked as the one who would decide."""
    from dataclasses import replace

    from denggao.foundation.audit.actors import Grant

    same = getattr(cast, part)
    return replace(cast, approver=replace(same, grants=same.grants | {Grant(Role.APPROVER)}))


def test_withdrawing_takes_plaque_and_count_back(cast, plan, case, now):
    at_signing(case, cast, now)
    for body in authorities(plan):
        sign_for(case, body, now + SIGNING)
    work.drain(clock=lambda: now + SIGNING)
    base = Base.objects.get()

    act = propose_act(base, kind=BaseAct.Kind.WITHDRAW, reason="材料不实。", actor=cast.clerk, now=now + SIGNING)
    confirm_act(act, actor=cast.approver, now=now + SIGNING)

    assert (Base.objects.get().state, Issued.objects.get(kind="plaque").status) == ("withdrawn", "withdrawn")
    assert Entry.objects.filter(goal__code="bases").values_list("sign", flat=True).order_by("id").last() == -1
    assert bases_on_the_board(plan) == 0


def test_an_award_that_was_cut_off_and_one_that_is_repeated_make_one_base(cast, plan, case, now, monkeypatch):
    at_signing(case, cast, now)
    for body in authorities(plan):
        sign_for(case, body, now + SIGNING)
    case.refresh_from_db()
    assert (case.stage, case.state) == ("award", State.OPEN)

    def cut_off(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the worker was killed")

    with monkeypatch.context() as patched:
        patched.setattr("denggao.systems.bases.actions.accrediting.recount_bodies", cut_off)
        with pytest.raises(RuntimeError):
            award_case(case, actor=system("cases.award"), now=now + SIGNING)
    case.refresh_from_db()
    assert (case.state, Base.objects.count(), Issued.objects.count(), Entry.objects.filter(goal__code="bases").count()) == (
        State.OPEN, 0, 0, 0,
    )  # fmt: skip

    work.drain(clock=lambda: now + SIGNING)
    case.refresh_from_db()
    with pytest.raises(StageMoved):
        award_case(case, actor=system("cases.award"), now=now + SIGNING)
    assert (Base.objects.count(), Issued.objects.count(), bases_on_the_board(plan)) == (1, 1, 1)


def test_a_refused_signature_makes_no_base_until_all_sign_anew(cast, plan, case, now):
    at_signing(case, cast, now)
    first, second, last = authorities(plan)
    sign_for(case, first, now + LATER)
    sign_for(case, second, now + LATER)
    request = request_of(case)
    refuse_to_sign(
        request, organisation=last, shown_hash=request.content_hash, reason="场地证明已过期。",
        actor=a_signatory(last, "拒签人", now), now=now + LATER,
    )  # fmt: skip
    work.drain(clock=lambda: now + LATER)
    case.refresh_from_db()

    assert (case.state, case.stage, Base.objects.count(), bases_on_the_board(plan)) == (State.OPEN, "cosign", 0, 0)


def test_too_few_points_go_no_further_by_themselves(cast, case, now):
    actions.submit_case(case, actor=cast.base_manager, now=now)
    judged(checked(case, cast, now), cast, now, share="0.5")

    assert (case.stage, case.waits_for, NoticeItem.objects.count()) == ("review", "office", 0)


def test_a_body_with_a_base_opens_no_application(cast, plan, now):
    a_base(plan, cast.base)

    with pytest.raises(CaseRefused, match="实训基地"):
        actions.open_case(a_round(plan), body=cast.base, actor=cast.base_manager, now=now)


def test_sections_that_contradict_each_other_are_not_submitted(cast, plan, case, now):
    changed = {**case.drafts.get(section="site").answers, "workstations": "41"}
    actions.save_draft(case, section="site", answers=changed, base_revision=1, actor=cast.base_manager, now=now)

    with pytest.raises(AnswersIncomplete) as refused:
        actions.submit_case(case, actor=cast.base_manager, now=now)
    assert [(section, field) for section, field, _sentence in refused.value.faults] == [("equipment", "equipment")]


def test_the_procedure_is_the_one_of_the_plan():
    assert [stage.code for stage in ACCREDITATION.stages] == ["draft", "check", "review", "notice", "decide", "cosign", "award"]


def test_a_renewal_is_checked_decided_and_signed_and_lengthens_the_term(cast, plan, case, now):
    at_signing(case, cast, now)
    for body in authorities(plan):
        sign_for(case, body, now + SIGNING)
    work.drain(clock=lambda: now + SIGNING)
    base = Base.objects.get()
    later = dt.datetime(2025, 8, 1, 10, 0, tzinfo=now.tzinfo)

    renewal = ask_renewal(base, actor=cast.base_manager, now=later)
    written = typed_answers(a_paper(cast.base_manager))
    answers = {"results": {"results": "三年共培训两千余人次。"}, "plan": written["plan"], "safety": written["safety"]}
    for section, given in answers.items():
        actions.save_draft(renewal, section=section, answers=given, base_revision=0, actor=cast.base_manager, now=later)
    actions.submit_case(renewal, actor=cast.base_manager, now=later)
    with pytest.raises(RenewalRefused, match="JX-2025-001"):
        ask_renewal(base, actor=cast.base_manager, now=later)
    checked(renewal, cast, later)
    decided(renewal, cast, later)
    assert (renewal.number, renewal.stage) == ("JX-2025-001", "cosign")
    for body in authorities(plan):
        sign_for(renewal, body, later)
    work.drain(clock=lambda: later)

    renewal.refresh_from_db()
    base.refresh_from_db()
    assert renewal.state == State.AWARDED
    first_end = dt.date(2025, 10, 19)
    assert (base.state, base.accredited_on, base.valid_until) == ("accredited", dt.date(2022, 10, 20), dt.date(2028, 10, 19))
    assert Issued.objects.get(kind="plaque").valid_until == base.valid_until > first_end
    assert (Base.objects.count(), bases_on_the_board(plan)) == (1, 1)
