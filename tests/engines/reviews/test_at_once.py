"""Two at the same moment: an expert on two devices, two experts who are the last, two chairs, a conflict that comes to light."""

from __future__ import annotations

import uuid

import pytest

from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.conflicts import declare_conflict
from denggao.engines.reviews.actions.scoring import ScoringRefused, save_entries, submit_score
from denggao.engines.reviews.models import Assignment, Panel, Score, ScoreChange, ScoreEntry, Tally
from denggao.engines.reviews.refusals import PanelClosed
from denggao.foundation.audit.models import Record
from tests.cast import make_cast
from tests.engines.cases.test_at_once import side_by_side
from tests.engines.reviews.scene import NOW, a_panel, actor_of, entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return make_cast(NOW)


@pytest.fixture
def scene(cast):
    return a_panel(cast, experts=2)


def submit(scene, at: int):
    seat, actor = scene.seat(at), actor_of(scene.experts[at])
    return lambda: submit_score(seat, actor=actor, now=NOW)


def test_the_same_entry_sent_twice_at_once_is_kept_once(scene):
    seat, actor, sent = scene.seat(0), actor_of(scene.experts[0]), entry("work", "7", "一", client_id=uuid.uuid4())

    outcomes = side_by_side(*[lambda: save_entries(seat, entries=[sent], actor=actor, now=NOW)] * 2)

    assert [outcome[0].saved_at for outcome in outcomes] == [NOW, NOW]
    assert ScoreChange.objects.count() == ScoreEntry.objects.count() == Score.objects.count() == 1


def test_two_devices_at_once_lose_no_text(scene):
    seat, actor = scene.seat(0), actor_of(scene.experts[0])
    texts = [f"第{number}台" for number in range(4)]

    outcomes = side_by_side(
        *[lambda text=text: save_entries(seat, entries=[entry("work", "7", text)], actor=actor, now=NOW) for text in texts]
    )

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert set(ScoreChange.objects.values_list("comment", flat=True)) == set(texts)
    assert ScoreEntry.objects.get().comment in texts


def test_a_sheet_handed_in_twice_at_once_is_handed_in_once(scene):
    scene.save(0, "8", "1")

    outcomes = side_by_side(submit(scene, 0), submit(scene, 0))

    assert sorted(type(outcome) for outcome in outcomes if isinstance(outcome, Exception)) == [ScoringRefused]
    assert Record.objects.filter(action="reviews.score.submit").count() == 1


def test_two_experts_who_are_the_last_open_the_scores_once(scene):
    for at in range(2):
        scene.save(at, "8", "1")

    outcomes = side_by_side(submit(scene, 0), submit(scene, 1))

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    tally = Tally.objects.get()
    assert (tally.why, tally.count, tally.result) == ("opened", 2, 9)


def test_two_chairs_close_once(scene, cast):
    for at in range(2):
        scene.hand_in(at)
    chairs = [cast.clerk, cast.reviewer]

    outcomes = side_by_side(*[lambda chair=chair: close_panel(scene.panel, actor=chair, now=NOW) for chair in chairs])

    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [PanelClosed]
    assert Panel.objects.get().result == 9
    assert Record.objects.filter(action="reviews.panel.close").count() == 1


def test_a_conflict_while_the_last_expert_hands_in_leaves_no_score_that_must_not_count(scene):
    scene.hand_in(0, "2")
    scene.save(1, "8", "1")
    seat, actor = scene.seat(0), actor_of(scene.experts[0])

    side_by_side(submit(scene, 1), lambda: declare_conflict(seat, reason="近亲", actor=actor, now=NOW))

    gone = Assignment.objects.get(pk=seat.pk)
    last = Tally.objects.order_by("-number").first()
    assert gone.state == Assignment.State.SET_ASIDE
    assert last is None or [one["assignment"] for one in last.inputs["scores"]] == [str(scene.seat(1).public_id)]
