"""Findings: noted by the product, cleared by one person, upheld by two. Nothing is deleted: what no longer counts is reversed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from denggao.engines.hours import rhythm
from denggao.engines.hours.actions.folding import SITTING, Source, reverse_entry
from denggao.engines.hours.detectors import (
    Doubt,
    Sat,
    Span,
    Thresholds,
    doubts_of_sitting,
    impossible_days,
    overlaps,
    same_rhythm,
    shared_devices,
)
from denggao.engines.hours.hooks import hours_corrected
from denggao.engines.hours.limits import values_on
from denggao.engines.hours.models import Finding, HourEntry, Sitting
from denggao.engines.hours.policies import can_confirm, can_judge, is_machine
from denggao.engines.hours.queries import SHANGHAI
from denggao.engines.hours.telling import tell_upheld
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.people.models import Person

_REASON = 500
FINDING = "finding"


class FindingRefused(Refused):
    """The finding can't be settled so."""


def thresholds_on(day: dt.date) -> Thresholds:
    values = values_on(day)
    return Thresholds(
        beats=int(values["hours.rhythm_beats"]),
        variation=float(values["hours.rhythm_variation"]),
        accounts=int(values["hours.device_accounts"]),
        day_seconds=int(values["hours.impossible_day_minutes"] * 60),
        takeovers=int(values["hours.takeovers"]),
        swing_seconds=int(values["hours.clock_swing_minutes"] * 60),
    )


def sat_of(sitting: Sitting) -> Sat:
    return Sat(
        id=sitting.public_id,
        person_id=sitting.person_id,
        day=sitting.started_at.astimezone(SHANGHAI).date(),
        started_at=sitting.started_at,
        ended_at=sitting.last_beat_at,
        device=sitting.device_hash,
        address=sitting.address_hash,
        seconds=sitting.seconds,
        present_seconds=sitting.present_ms // 1000,
        beats=tuple(rhythm.read(sitting.rhythm)),
        swing=sitting.clock_swing,
        taken_over=sitting.end_reason == Sitting.End.ELSEWHERE,
    )


def look_at(sitting: Sitting, *, actor: Actor, now: dt.datetime) -> None:
    """What a sitting that just ended shows by itself."""
    sat = sat_of(sitting)
    doubts = doubts_of_sitting(sat, thresholds_on(sat.day))
    if doubts:
        note_findings(doubts, actor=actor, now=now)


@action("hours.finding.look", requires=is_machine, batch=True)
def look_through(day: dt.date, *, actor: Actor, now: dt.datetime) -> int:
    """Run all detectors over a day; how many findings were new. Running again finds nothing twice."""
    start = dt.datetime.combine(day, dt.time.min, SHANGHAI)
    rows = Sitting.objects.filter(started_at__gte=start, started_at__lt=start + dt.timedelta(days=1), voided_at__isnull=True)
    sats = [sat_of(sitting) for sitting in rows.order_by("pk").iterator(chunk_size=500)]
    limits = thresholds_on(day)
    standing = HourEntry.objects.filter(day=day)
    entered = {
        (person, day): seconds
        for person, seconds in standing.values_list("person_id").annotate(total=Sum("seconds")).order_by()
        if seconds > 0
    }
    timed = standing.filter(from_at__isnull=False, reverses__isnull=True, reversal__isnull=True)
    spans = [
        Span(entry.public_id, entry.person_id, entry.day, entry.from_at, entry.to_at)
        for entry in timed
        if entry.from_at is not None and entry.to_at is not None
    ]
    doubts = [doubt for sat in sats for doubt in doubts_of_sitting(sat, limits)]
    doubts += [*same_rhythm(sats, limits), *shared_devices(sats, limits)]
    doubts += [*impossible_days(sats, entered, limits), *overlaps(sats, spans, limits)]
    return note_findings(doubts, actor=actor, now=now)


@action("hours.finding.note", requires=is_machine, batch=True)
def note_findings(doubts: Iterable[Doubt], *, actor: Actor, now: dt.datetime) -> int:
    """Keep doubts as findings, one a person, kind and day; how many were new. What was settled stays settled: only a sitting
    that it did not know opens another one."""
    gathered: dict[str, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        gathered[doubt.key].append(doubt)
    ids = {public_id for doubt in _all(gathered.values()) for public_id in doubt.sittings}
    rows = dict(Sitting.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
    new = 0
    for key, found in sorted(gathered.items()):
        sittings = {rows[public_id] for doubt in found for public_id in doubt.sittings if public_id in rows}
        standing = list(Finding.objects.filter(Q(key=key) | Q(key__startswith=f"{key}#")).order_by("pk"))
        known = set(Finding.sittings.through.objects.filter(finding__in=standing).values_list("sitting_id", flat=True))
        if standing and sittings <= known:
            continue
        last = standing[-1] if standing else None
        if last is not None and last.state == Finding.State.OPEN and last.asked_at is None:
            last.sittings.add(*(sittings - known))
            Finding.objects.filter(pk=last.pk).update(evidence={**last.evidence, **dict(found[0].evidence)})
            continue
        if last is not None and not sittings - known:
            continue
        first = found[0]
        finding = Finding.objects.create(
            kind=first.kind,
            key=f"{key}#{len(standing) + 1}" if standing else key,
            group=first.group,
            person_id=first.person_id,
            day=first.day,
            evidence=dict(first.evidence),
            found_at=now,
        )
        finding.sittings.add(*(sittings - known))
        note([Line.about("hours.finding.note", finding, after=snapshot(finding))])
        new += 1
    return new


def _all(groups: Iterable[list[Doubt]]) -> Iterable[Doubt]:
    return (doubt for group in groups for doubt in group)


@action("hours.finding.clear", requires=can_judge)
def clear_finding(finding: Finding, *, reason: str, actor: Actor, now: dt.datetime) -> Finding:
    """It has an explanation: the hours count as they do. Raises FindingRefused where it is settled, or without a reason."""
    reason = given(reason)
    settled = Finding.objects.filter(pk=finding.pk, state=Finding.State.OPEN).update(
        state=Finding.State.CLEARED,
        reason=reason,
        answer="",
        answered_by=actor.id,
        answered_by_text=actor.text[:120],
        answered_at=now,
    )
    return _settled(finding, settled)


@action("hours.finding.propose", requires=can_judge)
def propose_upholding(finding: Finding, *, reason: str, actor: Actor, now: dt.datetime) -> Finding:
    """Ask a colleague to uphold it: then its hours are reversed. Raises FindingRefused where it is settled or proposed."""
    reason = given(reason)
    done = Finding.objects.filter(pk=finding.pk, state=Finding.State.OPEN, asked_at__isnull=True).update(
        asked_by=actor.id, asked_by_text=actor.text[:120], asked_at=now, reason=reason
    )
    return _settled(finding, done)


@action("hours.finding.recall", requires=can_judge)
def recall_proposal(finding: Finding, *, reason: str, actor: Actor, now: dt.datetime) -> Finding:
    """Not upheld, not cleared: it is open again, for another look. Raises FindingRefused where nothing is proposed."""
    reason = given(reason)
    done = Finding.objects.filter(pk=finding.pk, state=Finding.State.OPEN, asked_at__isnull=False).update(
        asked_by="", asked_by_text="", asked_at=None, reason="", answer=reason
    )
    return _settled(finding, done)


@action("hours.finding.confirm", requires=can_confirm)
def uphold_finding(finding: Finding, *, reason: str = "", actor: Actor, now: dt.datetime) -> Finding:
    """The second person: the sittings are void, their entries reversed, the person told. Raises FindingRefused where it is
    settled, or where nobody, or the same person, proposed it."""
    held = Finding.objects.select_for_update(of=("self",)).select_related("person").get(pk=finding.pk)
    if held.asked_at is None:
        raise FindingRefused(_("Nobody has proposed to uphold this finding."))
    if held.asked_by == actor.id:
        raise FindingRefused(_("You proposed this yourself: a second person confirms it."))
    done = Finding.objects.filter(pk=held.pk, state=Finding.State.OPEN, asked_by=held.asked_by).update(
        state=Finding.State.UPHELD,
        answer=" ".join(reason.split())[:_REASON],
        answered_by=actor.id,
        answered_by_text=actor.text[:120],
        answered_at=now,
    )
    _settled(finding, done)
    taken = _void(held, actor=actor, now=now)
    contexts = {(entry.context_kind, entry.context_id) for entry in taken}
    if contexts:
        hours_corrected(held.person, contexts, now=now)
    tell_upheld(finding, seconds=-sum(entry.seconds for entry in taken), now=now)
    return finding


def _void(finding: Finding, *, actor: Actor, now: dt.datetime) -> list[HourEntry]:
    """The reversals. A sitting still open ends; what it earned and never entered is not entered any more."""
    Person.objects.select_for_update().get(pk=finding.person_id)
    mine = Q(findings=finding)
    ids = list(Sitting.objects.filter(mine).values_list("pk", flat=True))
    Sitting.objects.filter(pk__in=ids, ended_at__isnull=True).update(
        ended_at=now, end_reason=Sitting.End.CLOSED, touched=F("touched") + 1
    )
    voided = list(Sitting.objects.filter(pk__in=ids, voided_at__isnull=True))
    Sitting.objects.filter(pk__in=[item.pk for item in voided]).update(voided_at=now, touched=F("touched") + 1)
    note([Line.about("hours.sitting.void", item, after={"voided_at": now.isoformat()}) for item in voided])
    public_ids = list(Sitting.objects.filter(pk__in=ids).values_list("public_id", flat=True))
    behind = Q(source_kind=SITTING, source_id__in=public_ids) | Q(
        public_id__in=[UUID(item) for item in finding.evidence.get("entries", [])], person_id=finding.person_id
    )
    entries = HourEntry.objects.filter(behind, reverses__isnull=True, reversal__isnull=True).order_by("pk")
    source = Source(FINDING, finding.public_id)
    return [reverse_entry(entry, source=source, reason=finding.reason, actor=actor, now=now) for entry in entries]


def _settled(finding: Finding, done: int) -> Finding:
    if not done:
        raise FindingRefused(_("A colleague was faster: look at the finding again."))
    finding.refresh_from_db()
    return finding


def given(reason: str) -> str:
    """Raises FindingRefused for an empty reason."""
    reason = " ".join(reason.split())[:_REASON]
    if not reason:
        raise FindingRefused(_("Reason: say why; it is kept with the finding."))
    return reason
