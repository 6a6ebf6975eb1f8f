"""Ranking within and across groups: seats of each, places before a jury, and what the pages say of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from denggao.engines.cases import actions
from denggao.engines.cases.actions.ranking import confirm_ranking, rank_round
from denggao.engines.cases.actions.rounds import RoundGiven
from denggao.engines.cases.models import Round
from denggao.engines.cases.procedures import Group, registered
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.reviews.actions.ranking import rank_anew
from denggao.engines.reviews.models import Panel, Ranking
from denggao.engines.reviews.rules.ranking import hash_of
from tests.engines.cases.judging import judged
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import FULL, SYSTEM, WHOLE, a_round, a_submitted
from tests.engines.reviews.scene import a_rubric

AI, BIO = Group("ai", "人工智能", "Artificial intelligence"), Group("bio", "生物医药", "Biomedicine")
MANY = dataclasses.replace(FULL, code="trial_many", once=False)
JURY = dataclasses.replace(WHOLE, code="trial_jury", once=False)


@pytest.fixture(autouse=True)
def _kinds(db):
    a_rubric()
    with registered(MANY, JURY):
        yield


def judged_round(cast, now, points, *, procedure="trial_many", **given) -> Round:
    """A case for each of these points: the odd ones of the first group, the even ones of the second."""
    SYSTEM.grouping = [AI, BIO]
    round_ = a_round(cast, now, procedure=procedure, **given)
    for each in points:
        judged(checked(a_submitted(cast, now, round_=round_), cast, now), cast, now, work=each)
    return round_


def test_seats_of_the_whole_and_of_each_group(cast, now):
    round_ = judged_round(cast, now, ["9", "6", "8.5", "6.5"], quota=3, options={"rank": {"groups": {"ai": 1, "bio": 2}}})

    ranking = rank_round(round_, actor=cast.reviewer, now=now)
    confirm_ranking(round_, ranking, actor=cast.approver, now=now)

    assert [(line["group"], line["place"], line["group_place"], line["advances"], line["why"]) for line in ranking.result] == [
        ("ai", 1, 1, True, "within_quota"),
        ("ai", 2, 2, False, "beyond_group"),
        ("bio", 3, 1, True, "within_quota"),
        ("bio", 4, 2, True, "within_quota"),
    ]
    assert ranking.labels["ai"] == {"zh": "人工智能", "en": "Artificial intelligence"}
    assert ranking.input_hash == hash_of(ranking.inputs)
    third = round_.cases.get(number__endswith="0003")
    assert third.state == "rejected"
    step = third.steps.last()
    assert "2" in step.reason
    assert (step.facts["group"], step.facts["group_place"]) == ("ai", 2)


def test_a_changed_result_ranks_again_in_the_same_groups(cast, now):
    round_ = judged_round(cast, now, ["9", "6"], quota=1, options={"rank": {"groups": {"ai": 1}}})
    first = rank_round(round_, actor=cast.reviewer, now=now)
    panel = Panel.objects.get(subject_id=round_.cases.get(number__endswith="0001").public_id)
    Panel.objects.filter(pk=panel.pk).update(result=Decimal("1.0"))

    rank_anew(panel, actor=cast.reviewer, now=now)

    second = Ranking.objects.get(number=2)
    assert (second.inputs["groups"], second.labels) == (first.inputs["groups"], first.labels)
    assert {line["code"]: line["group"] for line in second.result} == {line["code"]: line["group"] for line in first.result}


def test_without_groups_the_list_is_what_it_was(cast, now):
    round_ = judged_round(cast, now, ["9"], quota=1)
    SYSTEM.grouping = []

    ranking = rank_round(round_, actor=cast.reviewer, now=now)

    assert set(ranking.inputs) == {"entries", "quota", "ties", "minimum"}
    assert set(ranking.inputs["entries"][0]) == {"code", "points", "parts"}
    assert set(ranking.result[0]) == {"code", "points", "place", "advances", "why"}


def test_more_than_the_quota_may_go_before_the_jury(cast, now):
    round_ = judged_round(
        cast, now, ["9", "8", "7"], procedure="trial_jury", quota=1, options={"rank": {"places": 2, "groups": {}}}
    )

    ranking = rank_round(round_, actor=cast.reviewer, now=now)

    assert ranking.inputs["quota"] == 2
    assert [line["advances"] for line in ranking.result] == [True, True, False]


@pytest.mark.parametrize("options", [{"places": 1}, {"places": 0}, {"groups": {"ai": -1}}, {"groups": {"nowhere": 1}}], ids=str)
def test_seats_that_make_no_sense_are_refused(cast, now, options):
    SYSTEM.grouping = [AI, BIO]
    given = RoundGiven("trial_jury", "新一批", now, now + dt.timedelta(days=9), quota=2, options={"rank": options})

    with pytest.raises(CaseRefused):
        actions.prepare_round(given, actor=cast.clerk, now=now)


def test_the_office_enters_seats_and_a_further_call_begins_with_them(cast, now):
    SYSTEM.grouping = [AI, BIO]
    clerk = cast.client_of("clerk")
    today = dt.datetime.now(tz=now.tzinfo)
    sent = {
        "procedure": "trial_jury", "title_zh": "新一批", "quota": "2",
        "opens_at": f"{today:%Y-%m-%dT%H:%M}", "closes_at": f"{today + dt.timedelta(days=20):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    page = clerk.get("/cases/rounds/new/?procedure=trial_jury").content.decode()
    assert "人工智能" in page

    assert clerk.post("/cases/rounds/new/", {**sent, "seats-ai": "2", "seats-bio": "", "places": "1"}).status_code == 422
    assert clerk.post("/cases/rounds/new/", {**sent, "seats-ai": "2", "seats-bio": "3", "places": "4"}).status_code == 302

    made = Round.objects.get(procedure="trial_jury")
    assert made.options["rank"] == {"groups": {"ai": 2, "bio": 3}, "places": 4}
    shown = clerk.get(f"/cases/rounds/{made.public_id}/?lang=en").content.decode()
    assert "Artificial intelligence" in shown
    assert "5 seats in the groups, 4 in all" in shown
    again = clerk.get("/cases/rounds/new/?procedure=trial_jury").content.decode()
    assert again.count('value="3"') >= 1
    clerk.post(f"/cases/rounds/{made.public_id}/edit/", {**sent, "seats-ai": "0"})
    made.refresh_from_db()
    assert made.options["rank"] == {"groups": {"ai": 0}}


def test_the_list_is_read_across_all_and_within_one_group(cast, now):
    round_ = judged_round(cast, now, ["9", "6", "8.5"], quota=3, options={"rank": {"groups": {"ai": 1}}})
    ranking = rank_round(round_, actor=cast.reviewer, now=now)
    client = cast.client_of("reviewer")
    address = f"/reviews/rankings/{ranking.public_id}/"

    everything = client.get(f"{address}?lang=en").content.decode()
    within = client.get(f"{address}?group=ai").context
    sheet = client.get(f"{address}?group=bio&export=csv").content.decode()

    assert "no seat left in the group" in everything
    assert [row["group_place"] for row in within["rows"]] == [1, 2]
    assert within["seats"][0][1].startswith("1")
    assert sheet.count("\n") == 2
    assert len(client.get(f"{address}?group=nowhere").context["rows"]) == 3
