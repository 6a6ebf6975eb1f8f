"""A round of craftsmen: 900 nominations, 200 experts, five to a panel; ranked in four industries, 150 before a jury of 50, 100
shown, decided and named together. Acts are counted whole, pages warm."""

from __future__ import annotations

from bench.stage import cpu_ms, pace, queries, say, seconds, set_stage, tell

asked = set_stage()

import datetime as dt  # noqa: E402
import random  # noqa: E402
from collections.abc import Callable, Iterator, Sequence  # noqa: E402
from typing import Any  # noqa: E402

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.craftsmen_hall import grow_tree, open_hall  # noqa: E402
from bench.craftsmen_round import JURORS, NAMED, NOMINATIONS, TO_JURY, Stand, hand_all_in, judge_as_rows, make_round  # noqa: E402
from bench.limits import ASSIGN_SECONDS, CASE_MS, PAGE_MS, Measure  # noqa: E402
from denggao.engines.cases.actions.deciding import pass_many  # noqa: E402
from denggao.engines.cases.actions.noticing import publish_notice  # noqa: E402
from denggao.engines.cases.actions.ranking import ROUND_KIND, confirm_ranking, rank_round  # noqa: E402
from denggao.engines.cases.models import Case  # noqa: E402
from denggao.engines.notices.actions import close_due_notices  # noqa: E402
from denggao.engines.reviews.actions.assigning import assign_automatically  # noqa: E402
from denggao.engines.reviews.actions.closing import close_panel, settle  # noqa: E402
from denggao.engines.reviews.actions.conflicts import look_at_running  # noqa: E402
from denggao.engines.reviews.meetings.actions.closing import confirm_closing, end_votes  # noqa: E402
from denggao.engines.reviews.meetings.actions.planning import (  # noqa: E402
    MeetingGiven,
    invite_members,
    name_chair,
    plan_meeting,
)
from denggao.engines.reviews.meetings.actions.sitting import arrive, open_meeting  # noqa: E402
from denggao.engines.reviews.meetings.actions.voting import (  # noqa: E402
    ballot_of,
    call_item,
    enter_votes,
    settle_ballot,
)
from denggao.engines.reviews.meetings.models import Item, Meeting, Member, Recusal  # noqa: E402
from denggao.engines.reviews.models import Assignment, Conflict, Panel, Ranking, Tally  # noqa: E402
from denggao.foundation.accounts.models import User  # noqa: E402
from denggao.foundation.audit.actors import operator  # noqa: E402
from denggao.foundation.jobs import work  # noqa: E402
from denggao.systems.craftsmen.actions.naming import record_naming_order  # noqa: E402
from denggao.systems.craftsmen.models import Craftsman, Nomination  # noqa: E402
from tests.cast import Cast, browser_of, make_cast  # noqa: E402

REPEATS = 15
# What the engine of reviews is held to, seat for seat: 500 panels of 5 in ASSIGN_SECONDS.
ASSIGN_ALL = ASSIGN_SECONDS * NOMINATIONS / 500
# What is done to many together costs no more for each than the page on which one alone would be done.
EACH = CASE_MS / 1000


def main() -> Iterator[Measure]:
    now, chance = timezone.now(), random.Random(2022)
    cast = make_cast(now)
    took, stand = seconds(lambda: make_round(cast, chance, now))
    say(f"{Nomination.objects.count()} nominations in {took:.0f} s")
    found = pace()
    say(f"pace {found:.0f} ms")
    yield Measure("craftsmen: the machine's pace, a million additions", found, "ms")
    yield from _review(cast, stand, chance, now)
    yield from _rank(cast, stand, now)
    yield from _jury(cast, stand, now)
    yield from _name(cast, stand, now)
    yield from _pages(cast, stand)
    yield from _hall(cast, chance, now)
    yield Measure("craftsmen: the machine's pace afterwards", pace(), "ms")


def _review(cast: Cast, stand: Stand, chance: random.Random, now: dt.datetime) -> Iterator[Measure]:
    yield from _act("find conflicts: 900 panels × 200 experts", lambda: look_at_running(actor=operator("bench"), now=now), None)
    say(f"{Conflict.objects.count()} conflicts")
    done: list[Any] = []
    yield from _act(
        "assign 900 × 200 × 5, the whole act",
        lambda: done.append(assign_automatically(stand.panels, actor=cast.reviewer, now=now)),
        ASSIGN_ALL,
    )
    against = set(Conflict.objects.values_list("panel_id", "person_id"))
    broken = sum((row.panel_id, row.expert.person_id) in against for row in done[0].assignments)
    say(f"{len(done[0].assignments)} seats, largest load {done[0].largest}, short {len(done[0].short)}")
    yield Measure("craftsmen: conflicts broken", broken, "", 0)
    expert = _busiest()
    yield from _page("an expert's queue", browser_of(expert, ["password"]), "/reviews/")
    yield from _page("panels, the office's list", cast.client_of("reviewer"), "/reviews/panels/")
    hand_all_in(stand.panels, chance, now)
    panels = list(Panel.objects.select_related("rubric_version").order_by("pk"))
    opened, one_by_one = Tally.Why.OPENED, panels[:NAMED]
    yield from _act(
        f"count {NAMED} panels, one by one",
        lambda: [settle(panel, why=opened, actor=operator("bench"), now=now) for panel in one_by_one],
        NAMED * EACH,
    )
    yield from _act(
        f"close {NAMED} panels, one by one",
        lambda: [close_panel(panel, actor=cast.reviewer, now=now) for panel in one_by_one],
        NAMED * EACH,
    )
    judge_as_rows(panels[NAMED:], now)


def _busiest() -> User:
    seat = Assignment.objects.select_related("expert__person__account").order_by("pk")[0]
    assert seat.expert.person.account is not None
    return seat.expert.person.account


def _rank(cast: Cast, stand: Stand, now: dt.datetime) -> Iterator[Measure]:
    yield from _act("rank 900 in four industries", lambda: rank_round(stand.round, actor=cast.reviewer, now=now), ASSIGN_SECONDS)
    ranking = Ranking.objects.get()
    clerk = cast.client_of("clerk")
    yield from _page("ranking of 900, the first page", clerk, f"/reviews/rankings/{ranking.public_id}/")
    yield from _page("ranking of 900, one industry", clerk, f"/reviews/rankings/{ranking.public_id}/?group=ic")
    yield from _page("the round's page of the office", clerk, f"/cases/rounds/{stand.round.public_id}/")
    with transaction.atomic():
        _plan(cast, stand, now)
        yield from _act(
            "confirm the ranking, with a jury planned",
            lambda: confirm_ranking(stand.round, ranking, actor=cast.approver, now=now),
            NOMINATIONS * EACH,
        )
        transaction.set_rollback(True)
    yield from _act(
        "confirm the ranking", lambda: confirm_ranking(stand.round, ranking, actor=cast.approver, now=now), NOMINATIONS * EACH
    )


def _plan(cast: Cast, stand: Stand, now: dt.datetime) -> Meeting:
    given = MeetingGiven("评委会会议", "会议室", now + dt.timedelta(hours=1), cast.user("clerk"))
    meeting = plan_meeting(ROUND_KIND, stand.round.public_id, given, actor=cast.reviewer, now=now)
    members = invite_members(meeting, stand.experts[:JURORS], actor=cast.reviewer, now=now)
    name_chair(members[0], actor=cast.reviewer, now=now)
    return meeting


def _jury(cast: Cast, stand: Stand, now: dt.datetime) -> Iterator[Measure]:
    yield from _act(f"plan a jury: {TO_JURY} candidates × {JURORS}", lambda: _plan(cast, stand, now), ASSIGN_SECONDS)
    meeting = Meeting.objects.get()
    say(f"{Item.objects.count()} candidates, {Recusal.objects.count()} recusals")
    clerk, path = cast.client_of("clerk"), f"/reviews/meetings/{meeting.public_id}/"
    yield from _page("the jury's page before the day", cast.client_of("reviewer"), path)
    members = list(Member.objects.filter(meeting=meeting).select_related("expert__person__account", "meeting"))
    yield from _act(
        f"{JURORS} arrive, one by one", lambda: [arrive(one, actor=cast.clerk, now=now) for one in members], JURORS * EACH
    )
    open_meeting(meeting, actor=cast.clerk, now=now)
    items = list(Item.objects.filter(meeting=meeting).select_related("meeting"))
    call_item(items[0], actor=cast.clerk, now=now)
    yield from _page("the jury's page, nothing voted", clerk, path)
    yield from _act(
        f"vote on {TO_JURY}: called, entered, settled", lambda: _vote(cast, items[:-1], members, now), 3 * TO_JURY * EACH
    )
    call_item(items[-1], actor=cast.clerk, now=now)
    yield from _page("the jury's page, all but one voted", clerk, path)
    yield from _page("its counters, every 5 s", clerk, path, part="meet-counters")
    yield from _page("its vote, every 5 s", clerk, path, part="meet-vote")
    account = members[1].expert.person.account
    assert account is not None
    juror = browser_of(account, ["password"])
    own = f"/reviews/meetings/mine/{meeting.public_id}/"
    yield from _page("a juror's page on the phone", juror, own)
    yield from _page("what is on the table there, every 8 s", juror, own, part="now")
    _vote(cast, items[-1:], members, now)
    end_votes(meeting, actor=cast.clerk, now=now)
    yield from _act("close the jury", lambda: confirm_closing(meeting, actor=cast.reviewer, now=now), TO_JURY * EACH)
    yield from _page("the jury's page, closed", clerk, path)


def _vote(cast: Cast, items: Sequence[Item], members: Sequence[Member], now: dt.datetime) -> None:
    for item in items:
        called = call_item(item, actor=cast.clerk, now=now)
        out = set(Recusal.objects.filter(item=item).values_list("member_id", flat=True))
        votes = {str(one.public_id): "for" for one in members if one.pk not in out}
        enter_votes(called, votes, actor=cast.clerk, now=now)
        settle_ballot(ballot_of(called), actor=cast.clerk, now=now)


def _name(cast: Cast, stand: Stand, now: dt.datetime) -> Iterator[Measure]:
    waiting = list(Case.objects.with_labels().filter(stage_kind="notice", state="open").order_by("number"))
    say(f"{len(waiting)} passed the jury")
    yield from _act(f"one notice of {NAMED}", lambda: publish_notice(waiting, actor=cast.reviewer, now=now), NAMED * EACH)
    yield from _page(f"public notice of {NAMED}", Client(), f"/notices/{_notice(waiting)}/")
    later = now + dt.timedelta(days=20)
    yield from _act(f"{NAMED} pass their notice", lambda: close_due_notices(now=later), NAMED * EACH)
    record_naming_order(
        stand.round, number="沪临工匠〔2022〕018号", title="命名决定", issued_on=now.date(), actor=cast.clerk, now=now
    )
    work.drain(clock=lambda: later)  # letters to all who were told so far are not the naming's
    decided = list(Case.objects.with_labels().filter(stage_kind="decide", state="open"))
    yield from _act(
        f"decide {NAMED} together",
        lambda: pass_many(decided, reason="评委会会议通过，公示无异议。", actor=cast.approver, now=later),
        NAMED * EACH,
    )
    yield from _act(f"name {NAMED}, by the job", lambda: work.drain(clock=lambda: later, limit=len(decided)), 2 * NAMED * EACH)
    say(f"{Craftsman.objects.count()} named")
    yield from _act(f"their {NAMED} certificates drawn and letters sent", lambda: work.drain(clock=lambda: later), None)


def _notice(waiting: Sequence[Case]) -> str:
    from denggao.engines.notices.models import Notice

    return str(Notice.objects.get(items__subject_id=waiting[0].public_id).public_id)


def _pages(cast: Cast, stand: Stand) -> Iterator[Measure]:
    clerk, path = cast.client_of("clerk"), f"/craftsmen/rounds/{stand.round.public_id}/"
    yield from _page("the round", clerk, path)
    yield from _page("the bodies' lists of 900", clerk, f"{path}lists/")
    yield from _page("rounds", clerk, "/craftsmen/rounds/")
    yield from _page(f"{NAMED} craftsmen, the list", clerk, "/craftsmen/")
    yield from _page("the file of one", clerk, f"/craftsmen/{Craftsman.objects.order_by('pk')[0].public_id}/")


def _hall(cast: Cast, chance: random.Random, now: dt.datetime) -> Iterator[Measure]:
    profiles = open_hall(now)
    grow_tree(profiles, chance, now)
    visitor = Client()
    yield from _page(f"hall of {len(profiles)}", visitor, "/hall/", PAGE_MS)
    yield from _page("hall, one industry", visitor, "/hall/?industry=ic", PAGE_MS)
    yield from _page("a craftsman of 60 learners", visitor, f"/hall/{profiles[0].craftsman.public_id}/", PAGE_MS)
    yield from _page("the tree of 60 learners", visitor, f"/hall/{profiles[0].craftsman.public_id}/lineage/", CASE_MS)
    yield from _page("the whole tree, 1,000 learners", visitor, "/hall/tree/", None)


def _act(name: str, work: Callable[[], Any], limit: float | None) -> Iterator[Measure]:
    """``limit`` in seconds, of this process's own: what other guests of the machine take is not the act's."""
    asked = 0

    def counted(execute: Any, *given: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*given)

    with connection.execute_wrapper(counted):
        took, _result = seconds(work)
    say(f"{name}: {took:.2f} s, {took.cpu}, {asked} q")
    yield Measure(f"craftsmen: {name}", float(took.cpu.split()[0]), "s", limit, f"{asked} q")


def _page(name: str, client: Client, path: str, limit: float | None = CASE_MS, part: str = "") -> Iterator[Measure]:
    """``part``: the element that the page asks for anew by itself, without the rest."""
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    answer = client.get(path, headers=headers)
    if answer.status_code != 200:
        say(f"{name}: {answer.status_code}")
        return
    found = cpu_ms(lambda: client.get(path, headers=headers), REPEATS)
    asked = queries(lambda: client.get(path, headers=headers))
    measure = Measure(f"craftsmen: {name}", found, "ms", limit, f"{asked} q")
    say(f"{name}: {found:.1f} ms, {measure.note}, {len(answer.content) / 1000:.0f} kB")
    yield measure


if __name__ == "__main__":
    tell(list(main()))
