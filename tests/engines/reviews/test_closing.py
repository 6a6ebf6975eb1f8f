"""From the last sheet to the result: opened at once, counted anew, a further expert, closed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from denggao.engines.reviews import registry
from denggao.engines.reviews.actions.assigning import accept_assignment, replace_expert
from denggao.engines.reviews.actions.closing import PanelNotReady, close_panel, open_scores, set_aside_late
from denggao.engines.reviews.actions.conflicts import clear_conflict, declare_conflict, pin_conflict, restore_assignment
from denggao.engines.reviews.actions.ranking import RankingOrder, RankingRefused, latest_ranking, make_ranking
from denggao.engines.reviews.actions.scoring import change_submitted
from denggao.engines.reviews.models import Assignment, Conflict, Panel, Ranking, Score, Tally
from denggao.engines.reviews.parties import Parties
from denggao.engines.reviews.policies import is_own_assignment
from denggao.engines.reviews.refusals import PanelClosed
from denggao.engines.reviews.rules.ranking import hash_of, rank_again
from denggao.engines.reviews.sealing import can_see_others, can_see_scores, visible_rankings
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing, Refused
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.foundation.organisations.models import Membership
from tests.engines.reviews.scene import NOW, Scene, a_panel, actor_of, an_expert, entry

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def results(scene: Scene) -> list[tuple[str, int, Decimal | None, bool]]:
    return list(scene.panel.tallies.values_list("why", "count", "result", "too_wide"))


def test_scores_open_at_once_when_the_last_expert_hands_in(cast):
    scene = a_panel(cast, experts=3)
    for at, points in enumerate(("9", "7", "5")):
        assert not can_see_scores(cast.reviewer, scene.panel)
        assert not can_see_others(actor_of(scene.experts[0]), scene.seat(0))
        scene.hand_in(at, points)

    tally = Tally.objects.get()
    assert (tally.why, tally.count, tally.mean, tally.median, tally.trimmed) == ("opened", 3, 8, 8, 8)
    assert (tally.deviation, tally.spread, tally.result) == (Decimal("1.63"), 4, 8)
    assert can_see_scores(cast.reviewer, scene.panel)
    assert can_see_others(actor_of(scene.experts[0]), scene.seat(0))
    assert scene.panel.result is None
    assert Message.objects.filter(code="reviews.scores_open", account=cast.user("reviewer")).exists()


def test_scores_of_fewer_experts_than_seats_stay_sealed(cast):
    scene = a_panel(cast, experts=2, seats=3)
    scene.hand_in(0)
    scene.hand_in(1)

    assert not Tally.objects.exists()
    with pytest.raises(PanelNotReady):
        close_panel(scene.panel, reason="因", actor=cast.reviewer, now=NOW)


def test_the_chair_opens_fewer_scores_with_a_reason(cast):
    scene = a_panel(cast, experts=2, seats=3)
    scene.hand_in(0)
    with pytest.raises(PanelNotReady, match="1 expert has not handed in"):
        open_scores(scene.panel, reason="人手不足", actor=cast.reviewer, now=NOW)
    scene.hand_in(1)
    with pytest.raises(ReasonMissing):
        open_scores(scene.panel, reason="", actor=cast.reviewer, now=NOW)
    with pytest.raises(NotAllowed):
        open_scores(scene.panel, reason="人手不足", actor=actor_of(scene.experts[0]), now=NOW)
    open_scores(scene.panel, reason="人手不足", actor=cast.reviewer, now=NOW)

    assert results(scene) == [("opened", 2, 9, False)]
    with pytest.raises(PanelNotReady, match="open already"):
        open_scores(scene.panel, reason="人手不足", actor=cast.reviewer, now=NOW)
    with pytest.raises(ReasonMissing, match="2 of 3"):
        close_panel(scene.panel, actor=cast.reviewer, now=NOW)
    close_panel(scene.panel, reason="人手不足", actor=cast.reviewer, now=NOW)
    assert Panel.objects.get().result == 9


@pytest.mark.parametrize(("aggregate", "result"), [("mean", "7.33"), ("median", "9"), ("trimmed", "9"), ("nonsense", "7.33")])
def test_the_rule_of_the_panel_says_which_middle_counts(cast, aggregate, result):
    scene = a_panel(cast, experts=3, rule={"aggregate": aggregate})
    for at, points in enumerate(("10", "8", "1")):
        scene.hand_in(at, points)

    assert Tally.objects.get().result == Decimal(result)


@pytest.mark.parametrize(("most", "asked"), [("4", 0), ("3.99", 1), ("", 0)])
def test_too_wide_a_spread_asks_one_further_expert(cast, most, asked):
    scene = a_panel(cast, experts=2, rule={"max_spread": most, "extra_seats": 1})
    an_expert("候补")
    scene.hand_in(0, "9")
    scene.hand_in(1, "5")

    further = scene.panel.assignments.filter(how=Assignment.How.EXTRA)
    assert further.count() == asked
    assert Tally.objects.get().too_wide is bool(asked)
    if asked:
        # Nobody learns anything from the open scores before the further expert has judged.
        assert not can_see_others(actor_of(scene.experts[0]), scene.seat(0))
        with pytest.raises(PanelNotReady):
            close_panel(scene.panel, actor=cast.reviewer, now=NOW)
        scene.experts.append(further.get().expert)
        accept_assignment(further.get(), actor=actor_of(scene.experts[2]), now=NOW)
        scene.hand_in(2, "7")
        assert results(scene) == [("opened", 2, 8, True), ("further", 3, 8, True)]
        assert scene.panel.assignments.count() == 3, "a second further expert was asked"
        close_panel(scene.panel, actor=cast.reviewer, now=NOW)


def test_nobody_left_for_a_wide_spread_leaves_it_to_the_chair(cast):
    scene = a_panel(cast, experts=2, rule={"max_spread": "1", "extra_seats": 1})
    scene.hand_in(0, "9")
    scene.hand_in(1, "5")

    assert results(scene) == [("opened", 2, 8, True)]
    with pytest.raises(ReasonMissing, match="2 of 3"):
        close_panel(scene.panel, actor=cast.reviewer, now=NOW)
    close_panel(scene.panel, reason="无其他专家", actor=cast.reviewer, now=NOW)


def test_a_conflict_after_scoring_sets_the_scores_aside_and_keeps_what_stood(cast):
    scene = a_panel(cast, experts=3)
    an_expert("候补")
    for at, points in enumerate(("9", "7", "2")):
        scene.hand_in(at, points)

    pin_conflict(scene.panel, scene.experts[2], reason="曾任职", actor=cast.reviewer, now=LATER)

    assert results(scene) == [("opened", 3, Decimal("7.00"), False), ("set_aside", 2, 9, False)]
    assert Score.objects.filter(total=3).exists(), "the scores set aside are kept"
    further = scene.panel.assignments.get(how=Assignment.How.EXTRA)
    scene.experts[2] = further.expert
    accept_assignment(further, actor=actor_of(further.expert), now=LATER)
    scene.hand_in(2, "8", now=LATER)
    assert results(scene)[-1] == ("further", 3, 9, False)
    close_panel(scene.panel, actor=cast.reviewer, now=LATER)


def test_a_further_sheet_is_sealed_while_another_is_outstanding(cast):
    """Counting it at once would give it away by the mean."""
    scene = a_panel(cast, experts=3)
    for name in ("候补一", "候补二"):
        an_expert(name)
    for at in range(3):
        scene.hand_in(at, "8")
    for at in (1, 2):
        pin_conflict(scene.panel, scene.experts[at], reason="因", actor=cast.reviewer, now=LATER)
    further = list(scene.panel.assignments.filter(how=Assignment.How.EXTRA))
    assert len(further) == 2
    before = results(scene)
    for at, assignment in enumerate(further, start=1):
        accept_assignment(assignment, actor=actor_of(assignment.expert), now=LATER)
        scene.experts[at] = assignment.expert

    scene.hand_in(1, "1", now=LATER)
    assert results(scene) == before
    change_submitted(scene.seat(0), entries=[entry("work", "7")], reason="因", actor=actor_of(scene.experts[0]), now=LATER)
    assert results(scene)[-1] == ("changed", 1, 8, False), "only what was open before is counted"

    scene.hand_in(2, "1", now=LATER)
    assert results(scene)[-1][:2] == ("further", 3)


def test_all_set_aside_leaves_no_result(cast):
    scene = a_panel(cast, experts=1)
    scene.hand_in(0)
    pin_conflict(scene.panel, scene.experts[0], reason="因", actor=cast.reviewer, now=LATER)

    assert results(scene) == [("opened", 1, 9, False), ("set_aside", 0, None, False)]
    with pytest.raises(PanelNotReady, match="no open scores"):
        close_panel(scene.panel, reason="因", actor=cast.reviewer, now=LATER)


def test_cleared_conflicts_let_scores_count_again(cast):
    scene = a_panel(cast, experts=2)
    scene.hand_in(0, "8")
    scene.hand_in(1, "6")
    conflict = pin_conflict(scene.panel, scene.experts[1], reason="因", actor=cast.reviewer, now=LATER)
    clear_conflict(conflict, reason="查无此事", actor=cast.reviewer, now=LATER)
    gone = scene.seat(1)
    restore_assignment(gone, reason="查无此事", actor=cast.reviewer, now=LATER)

    assert [row[:3] for row in results(scene)] == [("opened", 2, 8), ("set_aside", 1, 9), ("restored", 2, 8)]


def test_a_late_change_is_counted_anew(cast):
    scene = a_panel(cast, experts=2)
    scene.hand_in(0, "8")
    scene.hand_in(1, "6")

    change_submitted(scene.seat(0), entries=[entry("work", "6")], reason="看错", actor=actor_of(scene.experts[0]), now=LATER)

    assert [row[:3] for row in results(scene)] == [("opened", 2, 8), ("changed", 2, 7)]


def test_an_expert_who_does_not_hand_in_is_replaced(cast):
    scene = a_panel(cast, experts=2)
    scene.hand_in(0)
    by = an_expert("接手")
    replaced = replace_expert(scene.seat(1), by=by, reason="逾期", actor=cast.reviewer, now=LATER)
    assert replaced is not None
    scene.experts[1] = by
    accept_assignment(replaced, actor=actor_of(by), now=LATER)
    scene.hand_in(1, now=LATER)

    assert results(scene) == [("opened", 2, 9, False)]


def test_a_closed_panel_tells_its_subject_and_closes_once(cast, monkeypatch):
    told = []

    class Subject:
        def on_closed(self, panel, *, actor, now):
            told.append((panel.state, panel.result, actor, now))

        def can_chair(self, actor, subject_id):
            return False

    monkeypatch.setitem(registry._subjects, "test", Subject())
    scene = a_panel(cast, experts=1)
    scene.hand_in(0)
    for refused in (cast.clerk, cast.hr, cast.auditor, cast.administrator, actor_of(scene.experts[0])):
        if refused is cast.clerk:
            continue
        with pytest.raises(NotAllowed):
            close_panel(scene.panel, actor=refused, now=LATER)
    close_panel(scene.panel, actor=cast.reviewer, now=LATER)

    assert told == [("closed", 9, cast.reviewer, LATER)]
    with pytest.raises(PanelClosed):
        close_panel(scene.panel, actor=cast.reviewer, now=LATER)
    record = Record.objects.get(action="reviews.panel.close")
    assert record.after is not None
    assert (record.after["state"], record.after["result"], record.after["tally"]) == ("closed", "9.00", 1)


def test_what_the_subject_refuses_leaves_the_panel_open(cast, monkeypatch):
    class Subject:
        def on_closed(self, panel, *, actor, now):
            raise Refused("the case moved on")

        def can_chair(self, actor, subject_id):
            return False

    monkeypatch.setitem(registry._subjects, "test", Subject())
    scene = a_panel(cast, experts=1)
    scene.hand_in(0)

    with pytest.raises(Refused):
        close_panel(scene.panel, actor=cast.reviewer, now=LATER)

    assert Panel.objects.get().state == Panel.State.SCORING


def test_a_visit_the_rule_requires_stands_before_the_end(cast):
    scene = a_panel(cast, experts=1)
    scene.hand_in(0)
    Panel.objects.update(rule={**scene.panel.rule, "visit_required": True})

    with pytest.raises(PanelNotReady, match="site visit"):
        close_panel(scene.panel, actor=cast.reviewer, now=LATER)


def test_a_conflicted_officer_learns_nothing_of_the_scores(cast):
    """The reviewer chairs, and then is found to stand too close."""
    scene = a_panel(cast, experts=1)
    scene.hand_in(0)
    officer = an_expert("周审", user=cast.user("clerk"))
    assert can_see_scores(cast.clerk, scene.panel)

    pin_conflict(scene.panel, officer, reason="近亲", actor=cast.reviewer, now=LATER)

    assert not can_see_scores(cast.clerk, scene.panel)
    for act in (lambda: close_panel(scene.panel, actor=cast.clerk, now=LATER),
                lambda: open_scores(scene.panel, reason="因", actor=cast.clerk, now=LATER)):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()


def test_an_officer_who_judges_reads_no_scores_as_officer(cast):
    scene = a_panel(cast, experts=2, user=cast.user("clerk"))
    scene.hand_in(1)

    assert not can_see_scores(cast.clerk, scene.panel)
    with pytest.raises(NotAllowed):
        close_panel(scene.panel, actor=cast.clerk, now=LATER)


# Rankings


def closed(cast, points: str, title: str = "甲基地") -> Scene:
    scene = a_panel(cast, experts=2, title_zh=title)
    for at in range(2):
        scene.hand_in(at, points)
    close_panel(scene.panel, actor=cast.reviewer, now=NOW)
    scene.panel.refresh_from_db()
    return scene


def order_of(*scenes: Scene, **rule) -> RankingOrder:
    import uuid

    given = {"quota": 1, **rule}
    return RankingOrder("round", uuid.UUID(int=7), [scene.panel for scene in scenes], **given)


def test_a_ranking_can_be_made_again_by_anyone_from_what_is_kept(cast):
    first, second = closed(cast, "9"), closed(cast, "7", "乙基地")

    ranking = make_ranking(order_of(first, second), actor=cast.reviewer, now=NOW)

    assert [(one["code"], one["place"], one["advances"]) for one in ranking.result] == [
        (str(first.panel.subject_id), 1, True), (str(second.panel.subject_id), 2, False),
    ]  # fmt: skip
    assert hash_of(ranking.inputs) == ranking.input_hash
    assert [one.code for one in rank_again(ranking.inputs)] == [one["code"] for one in ranking.result]


def test_the_same_question_gives_the_ranking_that_stands(cast):
    one = closed(cast, "9")

    first = make_ranking(order_of(one), actor=cast.reviewer, now=NOW)
    assert make_ranking(order_of(one), actor=cast.reviewer, now=LATER) == first
    with pytest.raises(ReasonMissing):
        make_ranking(order_of(one, quota=0), actor=cast.reviewer, now=LATER)
    again = make_ranking(order_of(one, quota=0), reason="名额取消", actor=cast.reviewer, now=LATER)

    assert (first.number, again.number, Ranking.objects.count()) == (1, 2, 2)
    with pytest.raises(RankingRefused, match="no tie rule"):
        make_ranking(order_of(one, ties="by_lot"), reason="因", actor=cast.reviewer, now=LATER)


def test_a_tie_is_settled_by_the_experts_mean_of_a_criterion(cast):
    level, other = closed(cast, "8"), a_panel(cast, experts=1)
    other.hand_in(0, "9", "0")
    close_panel(other.panel, actor=cast.reviewer, now=NOW)
    other.panel.refresh_from_db()
    assert level.panel.result == other.panel.result == 9

    ranking = make_ranking(order_of(level, other, ties="by_criterion:work"), actor=cast.reviewer, now=NOW)

    assert ranking.result[0] == {
        "code": str(other.panel.subject_id), "points": "9", "place": 1, "advances": True, "why": "tie_settled",
    }  # fmt: skip


def test_a_conflict_after_closing_recounts_and_ranks_anew_and_keeps_both(cast):
    first, second = closed(cast, "8"), a_panel(cast, experts=2, title_zh="乙基地")
    second.hand_in(0, "10")
    second.hand_in(1, "7")
    close_panel(second.panel, actor=cast.reviewer, now=NOW)
    second.panel.refresh_from_db()
    old = make_ranking(order_of(first, second), actor=cast.reviewer, now=NOW)
    assert old.result[0]["code"] == str(second.panel.subject_id)

    with pytest.raises(ReasonMissing):
        set_aside_late(second.seat(0), reason="", actor=cast.reviewer, now=LATER)
    with pytest.raises(NotAllowed):
        set_aside_late(second.seat(0), reason="因", actor=cast.auditor, now=LATER)
    set_aside_late(second.seat(0), reason="查实曾任职", actor=cast.reviewer, now=LATER)

    second.panel.refresh_from_db()
    assert (second.panel.state, second.panel.result) == ("closed", 8)
    written = Conflict.objects.get(panel=second.panel)
    assert (written.person, written.source, written.detail) == (second.experts[0].person, "pinned", {"text": "查实曾任职"})
    assert not is_own_assignment(actor_of(second.experts[0]), second.seat(0))
    assert Record.objects.filter(action="reviews.conflict.pinned", object_id=str(written.public_id)).count() == 1
    new = latest_ranking(old.subject_kind, old.subject_id)
    assert new is not None
    assert (new.number, new.result[0]["code"]) == (2, str(first.panel.subject_id))
    assert Ranking.objects.get(number=1).result == old.result
    with pytest.raises(PanelNotReady):
        set_aside_late(second.seat(0), reason="又来", actor=cast.reviewer, now=LATER)


# What nobody told us: a role in the applying body, found when it matters


def bound(scene: Scene, at: int, body) -> None:
    """From now on the expert holds a role in a body that is party; nothing fires."""
    Membership.objects.create(account=scene.experts[at].person.account, role="hr", organisation=body, from_on=dt.date(2022, 1, 1))
    Panel.objects.filter(pk=scene.panel.pk).update(parties=Parties.of(organisations=[body.pk]).as_json())
    scene.panel.refresh_from_db()


def test_a_conflict_found_when_a_sheet_is_handed_in_sets_it_aside_and_asks_a_further_expert(cast):
    spare = an_expert("备选")
    scene = a_panel(cast, experts=2)
    scene.hand_in(0)
    bound(scene, 1, cast.employer)

    scene.hand_in(1)

    seat = scene.seat(1)
    assert (seat.state, seat.was_state, seat.score.state) == ("set_aside", "submitted", "submitted")
    assert not scene.panel.tallies.exists(), "the scores stay sealed: a further sheet is outstanding"
    assert Assignment.objects.get(expert=spare).state == "asked"
    assert Message.objects.filter(code="reviews.conflict", account=cast.user("reviewer")).exists()
    assert Conflict.objects.get(panel=scene.panel).kind == "appointment"
    assert not is_own_assignment(actor_of(scene.experts[1]), seat)


def test_whoever_is_asked_instead_is_looked_at_too(cast):
    first, second = an_expert("备选一"), an_expert("备选二")
    scene = a_panel(cast, experts=2)
    scene.hand_in(0)
    scene.experts.append(first)
    for at in (1, 2):
        bound(scene, at, cast.employer)
    del scene.experts[2]

    scene.hand_in(1)

    assert set(Conflict.objects.filter(panel=scene.panel).values_list("person_id", flat=True)) == {
        scene.experts[1].person_id,
        first.person_id,
    }
    assert Assignment.objects.get(panel=scene.panel, state="asked").expert == second


def test_another_expert_s_conflict_is_found_before_the_last_sheet_opens_the_scores(cast):
    spare = an_expert("备选")
    scene = a_panel(cast, experts=2)
    scene.hand_in(0)
    bound(scene, 0, cast.employer)

    scene.hand_in(1)

    assert (scene.seat(0).state, scene.seat(1).state) == ("set_aside", "submitted")
    assert not scene.panel.tallies.exists()
    assert Assignment.objects.get(expert=spare).state == "asked"


def test_opening_early_and_closing_stop_where_a_conflict_comes_to_light(cast):
    early, late = a_panel(cast, experts=2, seats=3), a_panel(cast, experts=2)
    for scene in (early, late):
        scene.hand_in(0)
        scene.hand_in(1)
        bound(scene, 0, cast.employer)

    assert open_scores(early.panel, reason="人数不足", actor=cast.reviewer, now=LATER) is None
    assert close_panel(late.panel, actor=cast.reviewer, now=LATER).state != "closed"

    assert not early.panel.tallies.exists()
    assert results(late) == [("opened", 2, Decimal("9.00"), False), ("set_aside", 1, Decimal("9.00"), False)]
    assert [scene.seat(0).state for scene in (early, late)] == ["set_aside", "set_aside"]


def test_setting_aside_late_is_not_for_running_panels(cast):
    scene = a_panel(cast, experts=2)
    scene.hand_in(0)
    with pytest.raises(PanelNotReady, match="running"):
        set_aside_late(scene.seat(0), reason="因", actor=cast.reviewer, now=LATER)


def test_a_ranking_is_hidden_from_whoever_must_not_know_of_one_in_it(cast):
    one = a_panel(cast, experts=2, user=cast.user("clerk"))
    declare_conflict(one.seat(0), reason="近亲", actor=actor_of(one.experts[0]), now=NOW)
    make_ranking(order_of(one), actor=cast.reviewer, now=NOW)

    assert visible_rankings(cast.reviewer).count() == 1
    assert visible_rankings(cast.clerk).count() == 0
    assert visible_rankings(cast.hr).count() == 0
