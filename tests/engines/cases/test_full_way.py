"""Every stage in turn, with the real engines below: what each hands on, and what calls it off."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.agreements.models import SigningRequest
from denggao.engines.cases import actions, policies, queries
from denggao.engines.cases.actions.noticing import publish_notice
from denggao.engines.cases.actions.ranking import confirm_ranking, rank_round
from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import Audience
from denggao.engines.cases.refusals import CaseRefused, TwoPersons
from denggao.engines.cases.states import State
from denggao.engines.notices.actions import close_due_notices
from denggao.engines.notices.actions.objecting import object_to
from denggao.engines.notices.actions.ruling import rule_on_objection
from denggao.engines.notices.models import Notice, NoticeItem
from denggao.engines.reviews.actions.conflicts import pin_conflict
from denggao.engines.reviews.models import Assignment, Conflict, Panel
from denggao.foundation.audit.actors import Actor, ActorKind, Grant, Role, account, operator
from denggao.foundation.jobs import work
from denggao.foundation.messages.models import Message
from tests.cast import parts
from tests.engines.cases.judging import hand_in, judged, panel_of, refused, request_of, seated, signed
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import ANSWERS, SYSTEM, a_draft, a_round
from tests.engines.reviews.scene import a_rubric, actor_of, an_expert

WEEK = dt.timedelta(days=8)


@pytest.fixture
def rubric(cast):
    return a_rubric()


def submitted(cast, now, **given) -> Case:
    return actions.submit_case(
        a_draft(cast, now, round_=a_round(cast, now, procedure="trial_full", **given)), actor=cast.base_manager, now=now
    )


def on_notice(cast, now, **given) -> Case:
    case = judged(checked(submitted(cast, now, **given), cast, now), cast, now)
    ranking = rank_round(case.round, actor=cast.reviewer, now=now)
    confirm_ranking(case.round, ranking, actor=cast.approver, now=now)
    case.refresh_from_db()
    return case


def at_cosign(cast, now) -> Case:
    case = on_notice(cast, now)
    close_due_notices(now=now + WEEK)
    case.refresh_from_db()
    return actions.decide_case(case, approve=True, reason="同意", actor=cast.approver, now=now + WEEK)


@pytest.mark.usefixtures("rubric")
def test_a_case_goes_through_every_stage_to_its_award(cast, now):
    case = at_cosign(cast, now)
    signed(case, cast, now + WEEK)
    work.drain(clock=lambda: now + WEEK)

    case.refresh_from_db()
    assert case.state == State.AWARDED
    assert SYSTEM.told == [("award", str(case.public_id))]
    assert list(case.steps.values_list("kind", flat=True)) == [
        "opened", "submitted", "passed", "reviewed", "ranked", "noticed", "decided", "cosigned", "awarded",
    ]  # fmt: skip
    assert case.steps.get(kind="cosigned").actor_id == cast.authority.id


@pytest.mark.usefixtures("rubric")
def test_too_few_points_wait_for_the_office_and_no_machine_rejects(cast, now):
    case = judged(checked(submitted(cast, now), cast, now), cast, now, work="2")

    assert (case.state, case.stage, case.waits_for) == (State.OPEN, "review", "office")
    actions.reject_case(case, reason="未达到六分", actor=cast.approver, now=now)
    assert (case.state, SYSTEM.told) == (State.REJECTED, [("rejected", str(case.public_id))])


@pytest.mark.usefixtures("rubric")
def test_ranking_asks_for_two_persons_and_rejects_beyond_the_quota(cast, now):
    round_ = a_round(cast, now, procedure="trial_full", quota=1)
    first = actions.submit_case(a_draft(cast, now, round_=round_), actor=cast.base_manager, now=now)
    second = a_draft_of(cast, round_, now)
    for case, points in ((first, "8"), (second, "6")):
        judged(checked(case, cast, now), cast, now, work=points)
    ranking = rank_round(round_, actor=cast.reviewer, now=now)

    with pytest.raises(TwoPersons):
        confirm_ranking(round_, ranking, actor=cast.reviewer, now=now)
    confirm_ranking(round_, ranking, actor=cast.approver, now=now)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, first.state) == ("notice", State.OPEN)
    assert (second.stage, second.state) == ("rank", State.REJECTED)
    assert "2" in second.steps.last().reason
    with pytest.raises(CaseRefused):
        confirm_ranking(round_, ranking, actor=cast.approver, now=now)


def a_draft_of(cast, round_, now) -> Case:
    """Another body's application in the same round."""
    writer = account(cast.user("hr"), [Grant(Role.HR, cast.employer.pk)])
    case = actions.open_case(round_, body=cast.employer, actor=writer, now=now)
    for section, answers in ANSWERS.items():
        actions.save_draft(case, section=section, answers=answers, base_revision=0, actor=writer, now=now)
    return actions.submit_case(case, actor=writer, now=now)


@pytest.mark.usefixtures("rubric")
def test_a_ranking_waits_until_all_of_the_round_are_judged(cast, now):
    round_ = a_round(cast, now, procedure="trial_full", quota=1)
    first = actions.submit_case(a_draft(cast, now, round_=round_), actor=cast.base_manager, now=now)
    judged(checked(first, cast, now), cast, now)
    a_draft_of(cast, round_, now)

    with pytest.raises(CaseRefused):
        rank_round(round_, actor=cast.reviewer, now=now)


@pytest.mark.usefixtures("rubric")
def test_withdrawing_calls_the_review_off(cast, now):
    case = checked(submitted(cast, now), cast, now)
    one, other = seated(case, cast, now)
    hand_in(case, one, "8", "1", now)

    actions.withdraw_case(case, actor=cast.base_manager, now=now)

    panel = Panel.objects.get(subject_id=case.public_id)
    assert (panel.state, panel.result) == ("closed", None)
    assert Assignment.objects.get(expert=one).state == "submitted"
    assert Assignment.objects.get(expert=other).state == "replaced"
    assert Message.objects.filter(account=other.person.account, code="reviews.called_off").count() == 1


@pytest.mark.usefixtures("rubric")
def test_withdrawing_takes_the_name_off_the_notice(cast, now):
    case = on_notice(cast, now)

    actions.withdraw_case(case, actor=cast.base_manager, now=now)

    item = NoticeItem.objects.get(subject_id=case.public_id)
    assert item.state == "dropped"
    close_due_notices(now=now + WEEK)
    case.refresh_from_db()
    assert (case.state, case.stage) == (State.WITHDRAWN, "notice")


@pytest.mark.usefixtures("rubric")
@pytest.mark.parametrize(("consequence", "state"), [("send_back", State.RETURNED), ("end", State.ENDED)])
def test_an_upheld_objection_sends_back_or_ends(cast, now, consequence, state):
    case = on_notice(cast, now)
    item = NoticeItem.objects.select_related("notice").get(subject_id=case.public_id)
    received = object_to(
        item.notice,
        item,
        kind="named",
        name="王小明",
        contact="13800000000",
        text="申请书所写场地面积与现场不符，请核查。",
        actor=cast.visitor,
        now=now,
    )
    objection = received.objection

    rule_on_objection(objection, upheld=True, consequence=consequence, reason="材料不实", actor=cast.approver, now=now)

    case.refresh_from_db()
    assert (case.state, case.stage) == (state, "notice")
    assert case.steps.last().reason == "材料不实"
    if state == State.RETURNED:
        assert queries.open_correction(case).resumes_at == "check"


@pytest.mark.usefixtures("rubric")
def test_edits_after_signing_void_what_was_signed(cast, now):
    case = at_cosign(cast, now)
    later = now + WEEK
    first = request_of(case)

    actions.return_case(
        case, reason="名称要改", fields=[actions.FieldRemark("place", "name", "写全称")], actor=cast.reviewer, now=later
    )

    assert SigningRequest.objects.get(pk=first.pk).state == "void"
    assert case.state == State.RETURNED


@pytest.mark.usefixtures("rubric")
def test_after_a_refusal_the_office_asks_again_and_the_next_round_counts(cast, now):
    case = at_cosign(cast, now)
    later = now + WEEK
    refused(case, cast, later)
    assert (case.stage, case.waits_for) == ("cosign", "office")
    assert case.steps.last().reason == "场地证明已过期"

    actions.ask_again(case, reason="已补充证明", actor=cast.clerk, now=later)

    assert (request_of(case).round, case.waits_for) == (2, "signers")
    with pytest.raises(CaseRefused):
        actions.ask_again(case, actor=cast.clerk, now=later)
    signed(case, cast, later)
    assert case.stage == "award"


@pytest.mark.usefixtures("rubric")
def test_who_waits_for_whom_is_said_in_every_stage(cast, now):
    today = queries.today_of(now)
    said = {}

    def keep(case):
        case = Case.objects.with_labels().get(pk=case.pk)
        said[case.stage] = queries.waiting([case], today=today)[case.pk]
        return case

    case = keep(submitted(cast, now))
    case = keep(checked(case, cast, now))
    one, other = seated(case, cast, now)
    hand_in(case, one, "8", "1", now)
    keep(case)

    assert (said["check"].whom, said["check"].due_on) == ("office", dt.date(2022, 10, 17))
    assert (said["review"].whom, said["review"].done, said["review"].total) == ("experts", 1, 2)
    assert "1" in said["review"].text
    assert other.pk != one.pk


def seen_alike(cast, *cases, others=()):
    """Who sees one case is who finds it among all: the rule is said twice, for a page and for lists."""
    program = Actor(ActorKind.TOKEN, "t", "t", grants=frozenset({Grant(Role.BASE_MANAGER, cast.base.pk)}))
    actors = [*(getattr(cast, part) for part in parts()), operator("x"), program, *others]
    for actor in actors:
        for case in cases:
            case = Case.objects.get(pk=case.pk)
            assert policies.sees(actor, case) == policies.visible_cases(actor).filter(pk=case.pk).exists(), actor
    return True


@pytest.mark.usefixtures("rubric")
def test_an_expert_in_conflict_sees_nothing_of_the_case_whatever_other_role(cast, now):
    case = checked(submitted(cast, now), cast, now)
    assert policies.visible_cases(cast.finance).filter(pk=case.pk).exists()
    expert = an_expert(user=cast.user("finance"))

    pin_conflict(panel_of(case), expert, reason="亲属", actor=cast.reviewer, now=now)

    assert not policies.visible_cases(cast.finance).exists()
    assert seen_alike(cast, case, others=[actor_of(expert)])
    assert queries.counts(cast.finance, today=queries.today_of(now)) == queries.Counts(0, 0, 0, 0)
    assert not policies.can_read_answers(cast.finance, case)
    assert policies.visible_cases(cast.clerk).filter(pk=case.pk).exists()


@pytest.mark.usefixtures("rubric")
def test_the_applying_bodys_own_people_see_their_application_all_the_same(cast, now):
    options = {"notice": {"together": True}}
    case = on_notice(cast, now, options=options)
    publish_notice([case], actor=cast.clerk, now=now)
    person = an_expert(user=cast.user("base_manager")).person
    panel = Panel.objects.get(subject_id=case.public_id)
    Conflict.objects.create(panel=panel, person=person, kind="party", source="found", fact="x", found_at=now, found_by="x")
    assert case.public_id in policies.hidden_cases(cast.base_manager)

    assert policies.visible_cases(cast.base_manager).get() == case
    assert seen_alike(cast, case)
    assert policies.can_read_answers(cast.base_manager, case)


@pytest.mark.usefixtures("rubric")
def test_who_signs_sees_the_case_as_the_public_and_only_once_asked(cast, now):
    case = on_notice(cast, now)
    assert not policies.visible_cases(cast.authority).exists()
    close_due_notices(now=now + WEEK)
    case.refresh_from_db()
    actions.decide_case(case, approve=True, reason="同意", actor=cast.approver, now=now + WEEK)

    assert policies.visible_cases(cast.authority).get() == case
    assert seen_alike(cast, case)
    assert policies.audience_of(cast.authority, case) == Audience.PUBLIC
    assert not policies.can_read_answers(cast.authority, case)
    assert {step.kind for step in policies.visible_steps(cast.authority, case)} == {"noticed"}


@pytest.mark.usefixtures("rubric")
def test_one_notice_for_several_is_opened_by_the_office(cast, now):
    options = {"notice": {"together": True, "days": 3}}
    case = on_notice(cast, now, options=options)
    assert (case.waits_for, Notice.objects.count()) == ("office", 0)

    notice = publish_notice([case], title_zh="拟授牌公示", actor=cast.clerk, now=now)

    case.refresh_from_db()
    assert (notice.days, case.waits_for) == (3, "notice")
    with pytest.raises(CaseRefused):
        publish_notice([case], actor=cast.clerk, now=now)


@pytest.mark.usefixtures("rubric")
def test_an_expert_reads_the_file_only_while_seated(cast, now):
    case = checked(submitted(cast, now), cast, now)
    one, _other = seated(case, cast, now)

    assert policies.can_read_answers(actor_of(one), case)
    assert not policies.visible_cases(actor_of(one)).exists()
