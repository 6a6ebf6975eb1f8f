"""What an expert enters: saved in whatever order it arrives, sealed, handed in once."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import translation

from denggao.engines.reviews.actions import conflicts
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.conflicts import declare_conflict
from denggao.engines.reviews.actions.scoring import (
    ScoringRefused,
    SheetIncomplete,
    change_submitted,
    save_entries,
    submit_score,
)
from denggao.engines.reviews.actions.visits import RecordGiven, VisitGiven, plan_visit, record_visit
from denggao.engines.reviews.finding import Found
from denggao.engines.reviews.models import Assignment, Conflict, Panel, Score, ScoreChange, ScoreEntry, Tally
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.models import Record, RecordPersonal
from denggao.foundation.messages.models import Message
from tests.engines.reviews.scene import NOW, a_panel, actor_of, entry

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene(cast):
    return a_panel(cast, experts=2)


def standing(scene, at: int = 0) -> dict[str, tuple[str, str]]:
    return {
        one.criterion.code: ("" if one.points is None else f"{one.points.normalize():f}", one.comment)
        for one in ScoreEntry.objects.filter(score__assignment=scene.seat(at)).select_related("criterion")
    }


def test_an_entry_is_saved_with_its_receipt(scene):
    receipt, other = scene.save(0, "7.5", "2")

    assert (receipt.criterion, receipt.saved_at, receipt.stands, receipt.fault) == ("work", NOW, True, "")
    assert other.saved_at == NOW
    assert standing(scene) == {"work": ("7.5", ""), "spirit": ("2", "")}
    assert scene.seat(0).state == Assignment.State.SCORING


def test_a_comment_may_come_before_its_points(scene):
    scene.save(0, comment="先看现场")

    assert standing(scene)["work"] == ("", "先看现场")


def test_an_entry_sent_again_changes_nothing(scene):
    sent = entry("work", "7", "一", client_id=uuid.uuid4())
    first = save_entries(scene.seat(0), entries=[sent, sent], actor=actor_of(scene.experts[0]), now=NOW)
    scene.save(0, "9", now=LATER)

    again = save_entries(scene.seat(0), entries=[sent], actor=actor_of(scene.experts[0]), now=LATER)

    assert [receipt.saved_at for receipt in (*first, *again)] == [NOW, NOW, NOW]
    assert standing(scene)["work"] == ("9", "")
    assert ScoreChange.objects.count() == 2


def test_the_newest_of_two_devices_stands_and_the_other_text_is_kept(scene):
    """A device that was off the line for an hour sends what is older than what stands."""
    scene.save(0, "9", comment="后写的")

    receipts = save_entries(
        scene.seat(0), entries=[entry("work", "3", "先写的", age=3600)], actor=actor_of(scene.experts[0]), now=LATER
    )

    assert [receipt.stands for receipt in receipts] == [False]
    assert standing(scene)["work"] == ("9", "后写的")
    assert set(ScoreChange.objects.filter(criterion__code="work").values_list("comment", "stands")) == {
        ("后写的", True), ("先写的", False),
    }  # fmt: skip


@pytest.mark.parametrize("age", [-1e9, 1e9])
def test_a_device_with_a_wrong_clock_does_no_harm(scene, age):
    scene.save(0, "9", age=age)

    entered = ScoreEntry.objects.get(criterion__code="work").entered_at
    assert NOW - dt.timedelta(days=60) <= entered <= NOW


def test_the_same_again_under_another_name_is_not_a_change(scene):
    scene.save(0, "7")
    scene.save(0, "7.0", now=LATER)

    assert ScoreChange.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "points", "comment", "said"),
    [
        ("work", "10.5", "", "more than there is"),
        ("work", "NaN", "", "is not a number"),
        ("work", "7.3", "", "in steps of 0.5"),
        ("work", "-1", "", "is not a number"),
        ("none", "1", "", "no such criterion"),
        ("work", "1", "长" * 2001, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_taken_says_why_and_keeps_nothing_else_back(scene, code, points, comment, said):
    bad, good = save_entries(
        scene.seat(0), entries=[entry(code, points, comment), entry("spirit", "1")], actor=actor_of(scene.experts[0]), now=NOW
    )

    assert said in bad.fault
    assert bad.saved_at is None
    assert good.saved_at == NOW
    assert standing(scene) == {"spirit": ("1", "")}


def test_text_no_database_takes_is_cleaned(scene):
    scene.save(0, "5", comment="一\r\n二\x00\ud800")

    assert standing(scene)["work"][1].startswith("一\n二")


def test_nothing_is_entered_before_the_seat_is_taken(cast):
    scene = a_panel(cast, accepted=False)

    with pytest.raises(ScoringRefused, match="First say"):
        scene.save(0, "5")
    assert not Score.objects.exists()


def test_only_the_expert_enters(scene, cast):
    for actor in (actor_of(scene.experts[1]), cast.clerk, cast.reviewer, cast.administrator, cast.visitor):
        for act in (lambda actor: save_entries(scene.seat(0), entries=[entry("work", "1")], actor=actor, now=NOW),
                    lambda actor: submit_score(scene.seat(0), actor=actor, now=NOW),
                    lambda actor: change_submitted(scene.seat(0), entries=[], reason="因", actor=actor, now=NOW)):  # fmt: skip
            with pytest.raises(NotAllowed):
                act(actor)
    assert not ScoreEntry.objects.exists()


def test_a_sheet_sent_again_from_the_queue_is_not_handed_in_twice(scene, monkeypatch):
    """Also where a conflict found at the first hand-in set it aside: kept as it was, found and told once."""
    seat = scene.seat(0)
    scene.save(0, "8", "1", "有据可查")
    person = seat.expert.person_id
    late = Found(person, "organisation", 1, Conflict.Kind.EMPLOYER, "late")
    monkeypatch.setattr(conflicts, "find_conflicts", lambda parties, people, on: {panel: [late] for panel in parties})
    submit_score(seat, actor=actor_of(scene.experts[0]), now=NOW)
    assert scene.seat(0).state == Assignment.State.SET_ASIDE

    def written():
        counts = [model.objects.count() for model in (Score, Assignment, Conflict, Tally, Message)]
        return counts, Score.objects.values_list("submitted_at", "revision", "total").get()

    before = written()
    with pytest.raises(NotAllowed):
        submit_score(seat, actor=actor_of(scene.experts[0]), now=LATER)
    assert written() == before


def test_a_sheet_is_handed_in_once(scene):
    scene.hand_in(0)

    assert scene.seat(0).state == Assignment.State.SUBMITTED
    score = Score.objects.get()
    assert (score.state, score.total, score.submitted_at) == ("submitted", 9, NOW)
    with pytest.raises(ScoringRefused, match=r"handed this sheet in on 2022-10-10 10:00:00"):
        submit_score(scene.seat(0), actor=actor_of(scene.experts[0]), now=LATER)
    with pytest.raises(ScoringRefused, match="only with a reason"):
        scene.save(0, "3")
    assert Score.objects.get().submitted_at == NOW


@pytest.mark.parametrize(
    ("work", "spirit", "comment", "lacking"),
    [("", "", "", ["work", "spirit"]), ("10", "1", "", ["work"]), ("0", "1", "", ["work"]), ("7", "", "", ["spirit"])],
)
def test_an_incomplete_sheet_says_what_is_missing(scene, work, spirit, comment, lacking):
    scene.save(0, work, spirit, comment)

    with pytest.raises(SheetIncomplete) as refused:
        submit_score(scene.seat(0), actor=actor_of(scene.experts[0]), now=NOW)
    assert list(refused.value.faults) == lacking
    assert scene.seat(0).state != Assignment.State.SUBMITTED


def test_a_sheet_that_changed_since_it_was_shown_is_not_handed_in(scene):
    scene.save(0, "7", "1")
    shown = Score.objects.get().revision
    scene.save(0, "8")

    with pytest.raises(ScoringRefused, match="changed after you looked"):
        submit_score(scene.seat(0), revision=shown, actor=actor_of(scene.experts[0]), now=NOW)


def test_a_required_visit_comes_before_the_scores(cast):
    scene = a_panel(cast, experts=1, rule={"visit_required": True})
    scene.save(0, "7", "1")
    with pytest.raises(ScoringRefused, match="site visit"):
        submit_score(scene.seat(0), actor=actor_of(scene.experts[0]), now=NOW)

    given = VisitGiven(NOW.date(), "滴水湖畔1号")
    visit = plan_visit(scene.panel, given=given, actor=cast.reviewer, now=NOW)
    record_visit(visit, given=given, record=RecordGiven(scene.experts, "设备齐全"), actor=actor_of(scene.experts[0]), now=NOW)
    submit_score(scene.seat(0), actor=actor_of(scene.experts[0]), now=NOW)

    assert Tally.objects.count() == 1


def test_a_late_change_keeps_what_stood_and_its_reason(scene):
    scene.hand_in(0, "8")

    with pytest.raises(ReasonMissing):
        change_submitted(scene.seat(0), entries=[entry("work", "6")], reason=" ", actor=actor_of(scene.experts[0]), now=LATER)
    change_submitted(
        scene.seat(0), entries=[entry("work", "6", "复核")], reason="看错一行", actor=actor_of(scene.experts[0]), now=LATER
    )

    score = Score.objects.get()
    assert (score.total, score.changed_at, score.submitted_at) == (7, LATER, NOW)
    assert list(ScoreChange.objects.filter(criterion__code="work").values_list("points", "reason", "after_submission")) == [
        (6, "看错一行", True), (8, "", False),
    ]  # fmt: skip


@pytest.mark.parametrize(("points", "comment"), [("11", ""), ("0", ""), ("", "删掉了")])
def test_a_late_change_leaves_the_sheet_complete_or_changes_nothing(scene, points, comment):
    scene.hand_in(0, "8")

    with pytest.raises(SheetIncomplete):
        change_submitted(
            scene.seat(0), entries=[entry("work", points, comment)], reason="因", actor=actor_of(scene.experts[0]), now=LATER
        )

    assert standing(scene)["work"] == ("8", "有据可查")
    assert Score.objects.get().total == 9


def test_a_late_change_of_nothing_is_none(scene):
    scene.hand_in(0, "8")
    with pytest.raises(ScoringRefused, match="Nothing differs"):
        change_submitted(
            scene.seat(0), entries=[entry("work", "8", "有据可查")], reason="因", actor=actor_of(scene.experts[0]), now=LATER
        )
    scene.save(1, "5")
    with pytest.raises(ScoringRefused, match="not handed in yet"):
        change_submitted(scene.seat(1), entries=[entry("work", "8")], reason="因", actor=actor_of(scene.experts[1]), now=LATER)


def test_after_closing_nothing_is_entered_or_changed(scene, cast):
    scene.hand_in(0)
    scene.hand_in(1)
    close_panel(scene.panel, actor=cast.reviewer, now=NOW)

    with pytest.raises(ScoringRefused, match="closed on 2022-10-10"):
        scene.save(0, "3")
    from denggao.engines.reviews.refusals import PanelClosed

    with pytest.raises(PanelClosed):
        change_submitted(scene.seat(0), entries=[entry("work", "3")], reason="因", actor=actor_of(scene.experts[0]), now=NOW)
    assert Panel.objects.get().result == 9


def test_whoever_is_set_aside_enters_nothing_more(scene):
    scene.save(0, "7")
    declare_conflict(scene.seat(0), reason="亲属", actor=actor_of(scene.experts[0]), now=NOW)

    with pytest.raises(NotAllowed):
        scene.save(0, "9")
    with pytest.raises(NotAllowed):
        submit_score(scene.seat(0), actor=actor_of(scene.experts[0]), now=NOW)
    assert standing(scene) == {"work": ("7", "")}


def test_the_audit_says_that_a_sheet_was_saved_and_never_what_stands_in_it(scene):
    scene.save(0, "7.5", "2", "藏好的话")
    scene.save(0, "6.5", now=LATER)
    submit_score(scene.seat(0), actor=actor_of(scene.experts[0]), now=LATER)
    change_submitted(
        scene.seat(0), entries=[entry("work", "5.5", "又一句")], reason="看错", actor=actor_of(scene.experts[0]), now=LATER
    )

    records = Record.objects.filter(action__startswith="reviews.score.")
    assert {"reviews.score.save", "reviews.score.submit", "reviews.score.change"} == set(records.values_list("action", flat=True))
    told = "".join(f"{record.before}{record.after}{record.object_text}" for record in records)
    told += "".join(str(kept.values) for kept in RecordPersonal.objects.filter(record__in=records))
    for secret in ("7.5", "6.5", "5.5", "8.5", "藏好的话", "又一句"):
        assert secret not in told
