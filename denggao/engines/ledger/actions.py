"""Writing the ledger. Nobody writes a number: a room says "these heads may have changed", and what differs from what
the counting rule derives is written: an entry, a reversal, or both."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.db import connection, transaction

from denggao.engines.ledger.models import Entry, Rollup, Standing, head_column
from denggao.engines.ledger.registry import Claim, known_rules, rule_named
from denggao.engines.ledger.rules import roll_up, says_the_same
from denggao.foundation.audit.actions import action, current_act, note
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.bulk import insert
from denggao.foundation.audit.records import Line
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Goal, Plan

CHUNK = 2000


def _parts(ids: Iterable[int], size: int = CHUNK) -> Iterator[list[int]]:
    waiting = iter(ids)
    while part := list(islice(waiting, size)):
        yield part


def recount(
    person_ids: Collection[int],
    *,
    actor: Actor,
    now: dt.datetime,
    reason: str = Entry.Reason.FACTS_CHANGED,
    goals: Iterable[Goal] | None = None,
) -> int:
    """Derive these persons again for every goal that counts persons and write the differences; returns how many entries
    and reversals. Runs inside the caller's act. Call it after the facts are written and before the act ends: the heads
    stay locked until then, so of two acts on one head the later one sees the facts of the earlier."""
    return _recount(Goal.Unit.PERSON, person_ids, now=now, reason=reason, goals=goals)


def recount_bodies(
    organisation_ids: Collection[int],
    *,
    actor: Actor,
    now: dt.datetime,
    reason: str = Entry.Reason.FACTS_CHANGED,
    goals: Iterable[Goal] | None = None,
) -> int:
    """The same for bodies and the goals that count them: a rule's heads are then ids of organisations. ``reason`` stands
    on reversals: ``withdrawn`` where the body's accreditation was taken back."""
    return _recount(Goal.Unit.BODY, organisation_ids, now=now, reason=reason, goals=goals)


def _recount(unit: str, ids: Collection[int], *, now: dt.datetime, reason: str, goals: Iterable[Goal] | None) -> int:
    heads = sorted(set(ids))
    if not heads:
        return 0
    if goals is None:
        goals = Goal.objects.filter(unit=unit, counting_rule__in=known_rules()).select_related("plan").order_by("id")
    _lock(unit, heads)
    return sum(_recount_goal(goal, heads, now=now, reason=reason) for goal in goals)


def _lock(unit: str, heads: list[int]) -> None:
    """Hold the heads until the transaction ends, always in the same order. SQLite's writer holds everything already."""
    if connection.features.has_select_for_update:
        rows = Person.objects.all() if unit == Goal.Unit.PERSON else Organisation.objects.all()
        for part in _parts(heads):
            list(rows.filter(pk__in=part).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def _recount_goal(goal: Goal, heads: list[int], *, now: dt.datetime, reason: str) -> int:
    claims = rule_named(goal.counting_rule).claims(goal, heads)
    standings: dict[int, Standing] = {}
    for part in _parts(heads):
        for row in Standing.objects.filter(goal=goal, **{f"{head_column(goal)}__in": part}).select_related("entry"):
            standings[row.head_id] = row
    reversals: list[Entry] = []
    entries: list[Entry] = []
    for head in heads:
        claim, standing = claims.get(head), standings.get(head)
        current = standing.entry if standing else None
        if current is None and claim is None:
            continue
        if current is not None and claim is not None and says_the_same(current, claim):
            continue
        if current is not None:
            reversals.append(_reversal(current, claim, now=now, reason=reason))
        if claim is not None:
            entries.append(_entry(goal, head, claim, now=now))
    _write(goal, standings, reversals, entries)
    return len(reversals) + len(entries)


def _entry(goal: Goal, head: int, claim: Claim, *, now: dt.datetime) -> Entry:
    return Entry(
        goal=goal,
        sign=1,
        known_at=now,
        act_id=current_act().id,
        happened_on=claim.happened_on,
        industry=claim.industry,
        occupation_id=claim.occupation_id,
        level=claim.level,
        level_before=claim.level_before,
        employer_id=claim.employer_id,
        channel=claim.channel,
        proof=claim.proof,
        evidence_kind=claim.evidence_kind,
        evidence_id=claim.evidence_id,
        evidence_hash=claim.evidence_hash,
        facts=claim.facts,
        **{head_column(goal): head},
    )


def _reversal(entry: Entry, claim: Claim | None, *, now: dt.datetime, reason: str) -> Entry:
    if claim is not None and claim.evidence_id != entry.evidence_id and claim.happened_on <= entry.happened_on:
        reason = Entry.Reason.EARLIER_FOUND
    return Entry(
        goal_id=entry.goal_id,
        person_id=entry.person_id,
        organisation_id=entry.organisation_id,
        sign=-1,
        reverses=entry,
        reason=reason,
        known_at=now,
        act_id=current_act().id,
        happened_on=entry.happened_on,
        industry=entry.industry,
        occupation_id=entry.occupation_id,
        level=entry.level,
        level_before=entry.level_before,
        employer_id=entry.employer_id,
        channel=entry.channel,
        proof=entry.proof,
        evidence_kind=entry.evidence_kind,
        evidence_id=entry.evidence_id,
        evidence_hash=entry.evidence_hash,
        facts=entry.facts,
    )


def _write(goal: Goal, standings: dict[int, Standing], reversals: list[Entry], entries: list[Entry]) -> None:
    insert(reversals)
    insert(entries)
    now_counted = {entry.head_id: entry for entry in entries}
    no_longer = {entry.head_id for entry in reversals} - set(now_counted)
    fresh = [
        Standing(goal=goal, entry=entry, **{head_column(goal): head})
        for head, entry in now_counted.items()
        if head not in standings
    ]
    changed = []
    for head, standing in standings.items():
        if head in now_counted or head in no_longer:
            standing.entry = now_counted.get(head)
            changed.append(standing)
    insert(fresh)
    Standing.objects.bulk_update(changed, ["entry"], batch_size=500)
    add_to_rollups(roll_up([*reversals, *entries]))
    note([_line("ledger.reverse", entry) for entry in reversals] + [_line("ledger.count", entry) for entry in entries])


def _line(code: str, entry: Entry) -> Line:
    return Line(
        action=code,
        object_type="ledger.entry",
        object_id=str(entry.public_id),
        after={
            "goal": entry.goal_id,
            "person" if entry.person_id is not None else "organisation": entry.head_id,
            "happened_on": entry.happened_on,
            "evidence": str(entry.evidence_id),
            "evidence_hash": entry.evidence_hash,
            "reason": entry.reason,
        },
    )


def add_to_rollups(cells: Counter[tuple[int, str, str, dt.date]]) -> None:
    """Add net counts to the roll-ups, in one order for all, so that two acts never wait for each other in a circle."""
    rows = [(goal, dimension, value, month, net) for (goal, dimension, value, month), net in sorted(cells.items()) if net]
    if not rows:
        return
    table = connection.ops.quote_name(Rollup._meta.db_table)
    sql = (
        f"INSERT INTO {table} (goal_id, dimension, value, month, net) VALUES (%s, %s, %s, %s, %s) "  # noqa: S608 (no value is spliced in)
        f"ON CONFLICT (goal_id, dimension, value, month) DO UPDATE SET net = {table}.net + excluded.net"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def rebuild_changed_plan(plan: Plan, *, actor: Actor, now: dt.datetime) -> None:
    """What follows when a plan was loaded anew: any head may count otherwise. Runs inside the act that loaded it."""
    _rebuild(plan, actor=actor, now=now, reason=Entry.Reason.PLAN_CHANGED)


def _may_rebuild(actor: Actor, _subject: object) -> bool:
    return actor.has(Role.ADMINISTRATOR)


@action("ledger.rebuild", requires=_may_rebuild)
def rebuild(plan: Plan, *, actor: Actor, now: dt.datetime) -> int:
    """Derive every head of the plan again from the source facts and write the differences; returns how many."""
    return _rebuild(plan, actor=actor, now=now, reason=Entry.Reason.FACTS_CHANGED)


def _rebuild(plan: Plan, *, actor: Actor, now: dt.datetime, reason: str) -> int:
    written = 0
    for goal in plan.goals.filter(counting_rule__in=known_rules()).select_related("plan"):
        heads = set(rule_named(goal.counting_rule).all_heads(goal))
        heads |= set(
            Standing.objects.filter(goal=goal, entry__isnull=False)
            .exclude(**{head_column(goal): None})
            .values_list(head_column(goal), flat=True)
        )
        written += _recount(goal.unit, heads, now=now, reason=reason, goals=[goal])
    return written


@action("ledger.rebuild_rollups", requires=_may_rebuild)
def rebuild_rollups(plan: Plan, *, actor: Actor, now: dt.datetime) -> int:
    """Write the plan's roll-ups anew from its entries; returns how many cells."""
    with transaction.atomic():
        Rollup.objects.filter(goal__plan=plan).delete()
        cells = roll_up(Entry.objects.filter(goal__plan=plan).iterator(chunk_size=5000))
        add_to_rollups(cells)
    return sum(1 for net in cells.values() if net)
