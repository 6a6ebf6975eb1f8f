"""What a ranking's page says: the rule, ties, seats left unfilled; made again, the old list stands beside the new one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import translation

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import registered
from denggao.engines.notices.models import Notice
from denggao.engines.reviews.actions.closing import set_aside_late
from denggao.engines.reviews.actions.ranking import latest_ranking, make_ranking
from denggao.engines.reviews.models import Panel, Ranking
from tests.engines.cases.judging import judged
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import FULL, SHORT, a_draft, a_round, forget
from tests.engines.cases.test_full_way import a_draft_of
from tests.engines.reviews.scene import NOW, a_rubric
from tests.engines.reviews.test_closing import closed, order_of

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def page_of(client, ranking: Ranking) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    shown = client.get(f"/reviews/rankings/{ranking.public_id}/").content.decode()
    return " ".join(shown.split("<main")[1].split("</main>")[0].split())


@pytest.mark.parametrize(
    ("ties", "filled", "said"),
    [
        ("none_advance", "2 · 1 filled", "none advances; seats stay unfilled"),
        ("all_advance", "2 · 3 filled", "across the last seat, all advance"),
        ("by_criterion:work", "2 · 2 filled", "the higher points in a criterion go first: 业绩"),
    ],
)
def test_the_page_states_the_rule_the_ties_and_the_seats_filled(cast, ties, filled, said):
    first, low = closed(cast, "10"), closed(cast, "2", "丁基地")
    one, other = closed(cast, "7", "乙基地"), closed(cast, "7", "丙基地")
    if ties.startswith("by"):
        tally = other.panel.tallies.get()
        tally.inputs = {**tally.inputs, "scores": [{**one, "parts": {"work": "6"}} for one in tally.inputs["scores"]]}
        tally.save()
    ranking = make_ranking(order_of(first, one, other, low, quota=2, ties=ties), actor=cast.reviewer, now=NOW)

    page = page_of(cast.client_of("reviewer"), ranking)

    assert filled in page
    assert said in page
    assert ranking.input_hash in page
    assert page.count("does not advance") == 4 - int(filled.split("· ")[1][0])
    table = cast.client_of("reviewer").get(f"/reviews/rankings/{ranking.public_id}/?export=csv").content.decode("utf-8-sig")
    assert next(line.split(",")[0] for line in table.splitlines()[1:]) == "1"
    assert "丁基地" in table


def test_a_minimum_leaves_seats_unfilled(cast):
    first, low = closed(cast, "10"), closed(cast, "2", "丁基地")
    ranking = make_ranking(order_of(first, low, quota=2, minimum=Decimal(6)), actor=cast.reviewer, now=NOW)

    page = page_of(cast.client_of("reviewer"), ranking)

    assert "2 · 1 filled" in page
    assert "below the minimum" in page


def test_after_scores_are_set_aside_both_lists_are_shown_with_the_reason(cast):
    first, second = closed(cast, "8"), closed(cast, "7", "乙基地")
    old = make_ranking(order_of(first, second), actor=cast.reviewer, now=NOW)
    Panel.objects.filter(pk=first.panel.pk).update(rule={**first.panel.rule, "aggregate": "mean"})
    client = cast.client_of("reviewer")
    before = page_of(client, old)
    for at in range(2):
        set_aside_late(first.seat(at), reason="查实曾任职", actor=cast.reviewer, now=LATER)

    new = latest_ranking(old.subject_kind, old.subject_id)

    assert new is not None
    assert new.number > old.number
    assert new.result[0]["code"] == str(second.panel.subject_id)
    fresh, kept = page_of(client, new), page_of(client, old)
    assert "no result" in fresh
    assert "A result changed" in fresh
    assert f"/reviews/rankings/{old.public_id}/" in fresh
    assert before.split("<table")[1].split("</table>")[0] == kept.split("<table")[1].split("</table>")[0]
    assert cast.client_of("hr").get(f"/reviews/rankings/{new.public_id}/").status_code == 404


def test_a_round_is_ranked_by_two_persons_and_several_cases_go_on_one_notice(cast, now):
    a_rubric()
    forget()
    with registered(SHORT, FULL):
        round_ = a_round(cast, now, procedure="trial_full", quota=2, options={"notice": {"together": True}})
        first = actions.submit_case(a_draft(cast, now, round_=round_), actor=cast.base_manager, now=now)
        cases = [first, a_draft_of(cast, round_, now)]
        for case, points in zip(cases, ("8", "7"), strict=True):
            judged(checked(case, cast, now), cast, now, work=points)
        where = f"/cases/rounds/{round_.public_id}/"
        reviewer, approver, clerk = (cast.client_of(part) for part in ("reviewer", "approver", "clerk"))

        reviewer.post(f"{where}rank/", {})
        ranking = Ranking.objects.get()
        assert approver.post(f"{where}confirm-ranking/", {"ranking": "nonsense"}).status_code == 404
        reviewer.post(f"{where}confirm-ranking/", {"ranking": str(ranking.public_id)})
        assert set(Case.objects.values_list("stage", flat=True)) == {"rank"}, "who made the list does not confirm it"
        approver.post(f"{where}confirm-ranking/", {"ranking": str(ranking.public_id)})
        assert set(Case.objects.values_list("stage", "waits_for")) == {("notice", "office")}

        sent = {"do": "notice", "case": [str(case.public_id) for case in cases]}
        asked = clerk.post("/cases/bulk/", sent)
        assert not Notice.objects.exists()
        assert all(case.number in asked.content.decode() for case in Case.objects.all())
        clerk.post("/cases/bulk/", {**sent, "sure": "1", "title_zh": "拟入选名单公示", "days": "5"})

        notice = Notice.objects.get()
        assert notice.items.count() == 2
        assert set(Case.objects.values_list("waits_for", flat=True)) == {"notice"}
        public = cast.client_of("visitor").get(f"/notices/{notice.public_id}/").content.decode()
        assert "拟入选名单公示" in public
        assert all(item.name_zh in public for item in notice.items.all())
        clerk.post("/cases/bulk/", {**sent, "sure": "1", "title_zh": "又一次"})
        assert Notice.objects.count() == 1
