"""Nothing typed is lost: saves, merges, conflicts, snapshots and what differs between them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from denggao.engines.cases import actions, queries
from denggao.engines.cases.answers import content_hash, diff, merge
from denggao.engines.cases.models import Case, Draft, DraftVersion, Snapshot
from denggao.engines.cases.refusals import AnswersIncomplete, CaseRefused, RoundNotOpen, StageMoved
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Grant, Role, account
from denggao.foundation.audit.models import Record
from tests.engines.cases.procedures import ANSWERS, SYSTEM, a_draft, a_round, a_submitted


def save(case, cast, now, base, **answers):
    return actions.save_draft(case, section="place", answers=answers, base_revision=base, actor=cast.base_manager, now=now)


def test_a_save_counts_the_revision_up_and_keeps_fields_not_sent(cast, now):
    case = a_draft(cast, now, filled=False)

    first = save(case, cast, now, 0, name="甲", area="10")
    second = save(case, cast, now, first.revision, name="乙")

    assert (first.revision, second.revision, second.outcome) == (1, 2, "saved")
    assert Draft.objects.get().answers == {"name": "乙", "area": "10"}
    assert DraftVersion.objects.count() == 2


def test_saving_the_same_again_writes_nothing(cast, now):
    case = a_draft(cast, now, filled=False)
    first = save(case, cast, now, 0, name="甲")

    again = save(case, cast, now + dt.timedelta(minutes=1), 0, name="甲")

    assert (again.revision, again.saved_at) == (first.revision, now)
    assert DraftVersion.objects.count() == 1


def test_line_ends_of_a_form_and_of_a_script_are_the_same_text(cast, now):
    case = a_draft(cast, now, filled=False)
    save(case, cast, now, 0, name="甲\r\n乙")

    again = save(case, cast, now, 0, name="甲\n乙")

    assert (again.outcome, again.revision) == ("saved", 1)
    assert Draft.objects.get().answers == {"name": "甲\n乙"}


def test_two_tabs_that_write_in_different_fields_are_merged(cast, now):
    case = a_draft(cast, now, filled=False)
    save(case, cast, now, 0, name="甲", area="10")

    save(case, cast, now, 1, name="乙")
    merged = save(case, cast, now, 1, name="甲", area="20")

    assert (merged.outcome, merged.answers) == ("merged", {"name": "乙", "area": "20"})


def test_two_tabs_that_write_in_one_field_lose_neither_text(cast, now):
    case = a_draft(cast, now)
    save(case, cast, now, 1, name="乙")

    clash = save(case, cast, now, 1, name="丙", area="99")

    assert (clash.outcome, clash.clashing) == ("conflict", ("name",))
    assert (clash.answers["name"], clash.answers["area"]) == ("乙", "99")
    assert clash.conflict.sent["name"] == "丙"
    assert queries.open_conflicts(case) == [clash.conflict]
    with pytest.raises(CaseRefused):
        actions.submit_case(case, actor=cast.base_manager, now=now)
    again = save(case, cast, now, 1, name="丙")
    assert (again.conflict, DraftVersion.objects.filter(outcome="conflict").count()) == (clash.conflict, 1)

    actions.settle_conflict(clash.conflict, take={"name": "mine"}, actor=cast.base_manager, now=now)

    assert Draft.objects.get(section="place").answers["name"] == "丙"
    assert queries.open_conflicts(case) == []
    with pytest.raises(CaseRefused):
        actions.settle_conflict(clash.conflict, take={"name": "theirs"}, actor=cast.base_manager, now=now)


def test_an_unknown_base_clashes_rather_than_overwrites(cast, now):
    case = a_draft(cast, now, filled=False)
    save(case, cast, now, 0, name="甲")
    save(case, cast, now, 1, name="乙")

    clash = save(case, cast, now, 0, name="丙")

    assert (clash.outcome, clash.answers["name"]) == ("conflict", "乙")


def test_a_stranger_neither_writes_nor_submits(cast, now):
    case = a_draft(cast, now)
    other = account(cast.user("hr"), [Grant(Role.HR, cast.employer.pk)])

    for who in (other, cast.clerk, cast.administrator, cast.expert):
        with pytest.raises(NotAllowed):
            actions.save_draft(case, section="place", answers={"name": "x"}, base_revision=0, actor=who, now=now)
        with pytest.raises(NotAllowed):
            actions.submit_case(case, actor=who, now=now)

    assert Draft.objects.get(section="place").answers["name"] == ANSWERS["place"]["name"]


def test_a_colleague_of_the_body_writes_too(cast, now):
    case = a_draft(cast, now)
    colleague = account(cast.user("hr"), [Grant(Role.HR, cast.base.pk)])

    actions.save_draft(case, section="place", answers={"name": "同事写的"}, base_revision=1, actor=colleague, now=now)

    assert Draft.objects.get(section="place").saved_by == colleague.id


def test_a_submission_freezes_hashes_and_numbers(cast, now):
    case = a_submitted(cast, now)

    frozen = case.snapshots.get()
    assert frozen.content_hash == content_hash(str(case.public_id), 1, 1, frozen.answers, frozen.files)
    assert frozen.answers["place"] == {"name": "滴水湖工坊", "area": 1200, "ready": True}
    assert SYSTEM.kept == [frozen.answers]
    assert (case.number, case.submitted_at) == ("SY-2022-0001", now)
    assert set(Record.objects.values_list("action", flat=True)) >= {"cases.case.submit", "cases.snapshot.freeze"}


def test_numbers_have_no_gap_after_a_refused_submission(cast, now):
    round_ = a_round(cast, now)
    case = a_draft(cast, now, round_=round_, filled=False)

    with pytest.raises(AnswersIncomplete) as refused:
        actions.submit_case(case, actor=cast.base_manager, now=now)

    assert {(section, field) for section, field, _said in refused.value.faults} == {
        ("place", "name"),
        ("place", "area"),
        ("plan", "aim"),
    }
    assert (case.stage, case.number, case.lock) == ("draft", None, 1)
    for section, answers in ANSWERS.items():
        actions.save_draft(case, section=section, answers=answers, base_revision=0, actor=cast.base_manager, now=now)
    assert actions.submit_case(case, actor=cast.base_manager, now=now).number == "SY-2022-0001"


def test_submitting_twice_is_done_once(cast, now):
    case = a_draft(cast, now)
    stale = Case.objects.get(pk=case.pk)
    actions.submit_case(case, actor=cast.base_manager, now=now)

    with pytest.raises(StageMoved):
        actions.submit_case(stale, actor=cast.base_manager, now=now)

    assert (Snapshot.objects.count(), stale.stage) == (1, "draft")


@pytest.mark.parametrize(("days", "taken"), [(29, True), (30, False)])
def test_the_closing_moment_is_no_longer_taken(cast, now, days, taken):
    case = a_draft(cast, now)
    at = now + dt.timedelta(days=days)

    if taken:
        assert actions.submit_case(case, actor=cast.base_manager, now=at).stage == "check"
    else:
        with pytest.raises(RoundNotOpen):
            actions.submit_case(case, actor=cast.base_manager, now=at)


def test_the_systems_refusal_is_told(cast, now):
    case = a_draft(cast, now)
    SYSTEM.refuses = "不是本区单位。"

    with pytest.raises(CaseRefused, match="不是本区单位"):
        actions.submit_case(case, actor=cast.base_manager, now=now)


def test_one_application_stands_for_an_applicant_and_round(cast, now):
    round_ = a_round(cast, now)
    case = a_draft(cast, now, round_=round_)

    with pytest.raises(CaseRefused):
        actions.open_case(round_, body=cast.base, actor=cast.base_manager, now=now)

    assert actions.standing_case(round_, cast.base) == case
    actions.withdraw_case(case, actor=cast.base_manager, now=now)
    assert actions.open_case(round_, body=cast.base, actor=cast.base_manager, now=now).pk != case.pk


def test_a_correction_changes_what_was_named_and_shows_what_changed(cast, now):
    case = a_submitted(cast, now)
    remark = actions.FieldRemark("place", "name", "写全称")
    actions.return_case(case, reason="名称不全", fields=[remark], actor=cast.clerk, now=now)

    with pytest.raises(CaseRefused):
        actions.resubmit_case(case, actor=cast.base_manager, now=now)
    with pytest.raises(CaseRefused):
        save(case, cast, now, 1, name="滴水湖精密工坊", area="9000")
    save(case, cast, now, 1, name="滴水湖精密工坊", area="1200")
    actions.resubmit_case(case, actor=cast.base_manager, now=now)

    (change,) = queries.changes(case, 1, 2)
    assert (change.section, change.field, change.before, change.after) == ("place", "name", "滴水湖工坊", "滴水湖精密工坊")
    assert (case.state, case.stage, case.snapshots.count()) == ("open", "check", 2)
    assert queries.open_correction(case) is None
    assert [line.result for line in queries.checklist(case)] == [None, None]


VALUES = st.sampled_from(["", "a", "b", None, [], [{"x": "1"}], [{"x": "2"}], True])
SECTION = st.dictionaries(st.sampled_from("klmn"), VALUES)


UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@UNHURRIED
@given(SECTION, SECTION, SECTION)
def test_merging_loses_nothing(base, standing, sent):
    merged = merge(base, standing, sent)

    for name, value in sent.items():
        if value != base.get(name) and value != standing.get(name):
            assert name in merged.clashing or merged.answers[name] == value
    for name, value in standing.items():
        if name in merged.clashing or name not in sent or sent[name] == base.get(name):
            assert merged.answers[name] == value


@UNHURRIED
@given(st.dictionaries(st.sampled_from(["one", "two"]), SECTION), st.dictionaries(st.sampled_from(["one", "two"]), SECTION))
def test_a_difference_is_symmetric_and_empty_with_itself(before, after):
    there, back = diff(before, after), diff(after, before)

    assert {(item.section, item.field) for item in there} == {(item.section, item.field) for item in back}
    assert diff(before, before) == []


def test_rows_that_moved_are_no_difference():
    one, two, three = {"x": "1"}, {"x": "2"}, {"x": "3"}

    (change,) = diff({"s": {"t": [one, two]}}, {"s": {"t": [two, one, three]}})

    assert change.rows == ((3, None, three),)
