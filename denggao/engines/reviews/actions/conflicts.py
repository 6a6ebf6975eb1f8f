"""Conflicts of interest: found, declared, pinned, cleared; and what follows for the expert's seat and scores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions.seats import refill
from denggao.engines.reviews.finding import find_conflicts, twins_of
from denggao.engines.reviews.hooks import counting_changed
from denggao.engines.reviews.models import Assignment, Conflict, Expert, Panel
from denggao.engines.reviews.parties import Parties
from denggao.engines.reviews.queries import judging_person_ids, standing_conflicts, watched_person_ids
from denggao.engines.reviews.refusals import AssignmentRefused, ConflictRefused, PanelClosed, given_reason
from denggao.engines.reviews.telling import NO, YES, tell_chair, tell_expert
from denggao.engines.reviews.words import CONFLICT
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.people.models import Person


def look_at(
    panels: Sequence[Panel], *, also: Person | None = None, judging: bool = False, actor: Actor, now: dt.datetime
) -> list[Conflict]:
    """Ask every finder about these panels and write what is new; seats of whoever is newly in conflict are emptied.
    ``also`` is somebody to look at beside those always watched; with ``judging`` only whoever has a hand in these panels is looked
    at, not the whole register. Runs inside the act under way; the number of queries does not grow with the panels as long as
    nothing is found."""
    running = [panel for panel in panels if panel.state != Panel.State.CLOSED]
    if not running:
        return []
    on = timezone.localdate(now)
    people = judging_person_ids(running, actor) if judging else watched_person_ids(running, on)
    people |= {also.pk} if also is not None else set()
    found = find_conflicts({panel.pk: Parties.from_json(panel.parties) for panel in running}, people, on)
    known = set(Conflict.objects.filter(panel__in=running).values_list("panel_id", "person_id", "kind", "fact"))
    new = [
        Conflict(
            panel=panel,
            person_id=item.person_id,
            kind=item.kind,
            source=Conflict.Source.FOUND,
            fact=item.fact,
            detail=dict(item.detail),
            found_at=now,
            found_by=actor.id,
        )
        for panel in running
        for item in found[panel.pk]
        if (panel.pk, item.person_id, item.kind, item.fact) not in known
    ]
    if judging and new:  # a seat will be asked for anew
        return look_at(panels, also=also, actor=actor, now=now)
    return _write(new, actor=actor, now=now)


def people_changed(person_ids: Collection[int], *, actor: Actor, now: dt.datetime) -> None:
    """Look again at running panels when something became known of persons: plugged into ``heads_changed``. One query where
    no panel runs."""
    running = list(Panel.objects.running().select_related("chair"))
    if not running:
        return
    changed = set(person_ids)
    touched = [panel for panel in running if changed & Parties.from_json(panel.parties).person_ids]
    watched = watched_person_ids(running, timezone.localdate(now))
    if changed & {*watched, *twins_of(watched)}:
        touched = running
    look_at(touched, actor=actor, now=now)


@action("reviews.conflicts.look", requires=policies.is_operator, batch=True)
def look_at_running(*, actor: Actor, now: dt.datetime) -> int:
    """Look at every running panel: every night. Returns how many conflicts are new."""
    return len(look_at(list(Panel.objects.running().select_related("chair")), actor=actor, now=now))


@action("reviews.conflict.declare", requires=policies.is_own_assignment, batch=True)
def declare_conflict(assignment: Assignment, *, reason: str, actor: Actor, now: dt.datetime) -> Conflict:
    """An expert recuses themselves: from now on the subject is hidden from them. Raises ReasonMissing, PanelClosed."""
    text = given_reason(reason, _("Say in a few words what the conflict is. Only the chair and the office read it."))
    if assignment.panel.state == Panel.State.CLOSED:
        raise PanelClosed
    told = Conflict.objects.filter(panel=assignment.panel, person=assignment.expert.person, kind=Conflict.Kind.DECLARED)
    conflict = Conflict(
        panel=assignment.panel,
        person=assignment.expert.person,
        kind=Conflict.Kind.DECLARED,
        source=Conflict.Source.DECLARED,
        fact=f"declared:{told.count() + 1}",
        detail={"text": text},
        found_at=now,
        found_by=actor.id,
    )
    return _write_one(conflict, actor=actor, now=now)


@action("reviews.conflict.pin", requires=policies.can_chair_panel, batch=True)
def pin_conflict(panel: Panel, expert: Expert, *, reason: str, actor: Actor, now: dt.datetime) -> Conflict:
    """The chair says that this expert must not judge here. Raises ConflictRefused where it is pinned, PanelClosed."""
    text = given_reason(reason)
    if panel.state == Panel.State.CLOSED:
        raise PanelClosed
    return _pin(panel, expert, text, actor=actor, now=now)


def write_late(panel: Panel, expert: Expert, *, reason: str, actor: Actor, now: dt.datetime) -> Conflict:
    """The same for a closed panel, inside the act that sets the scores aside. Raises ConflictRefused where it is pinned."""
    return _pin(panel, expert, reason, actor=actor, now=now)


def _pin(panel: Panel, expert: Expert, text: str, *, actor: Actor, now: dt.datetime) -> Conflict:
    pinned = Conflict.objects.filter(panel=panel, person=expert.person, kind=Conflict.Kind.PINNED)
    if pinned.filter(state=Conflict.State.STANDING).exists():
        raise ConflictRefused(_("A conflict of this expert is pinned already."))
    conflict = Conflict(
        panel=panel,
        person=expert.person,
        kind=Conflict.Kind.PINNED,
        source=Conflict.Source.PINNED,
        fact=f"pinned:{pinned.count() + 1}",
        detail={"text": text},
        found_at=now,
        found_by=actor.id,
    )
    return _write_one(conflict, actor=actor, now=now)


@action("reviews.conflict.clear", requires=policies.can_clear_conflict, batch=True)
def clear_conflict(conflict: Conflict, *, reason: str, actor: Actor, now: dt.datetime) -> Conflict:
    """The chair's word that a conflict is none; what was found stays written. The same fact found in another panel of the
    same subject is cleared with it. Raises ReasonMissing; ConflictRefused where it is cleared already."""
    text = given_reason(reason)
    panel = conflict.panel
    alike = Conflict.objects.filter(
        panel__subject_kind=panel.subject_kind,
        panel__subject_id=panel.subject_id,
        person_id=conflict.person_id,
        kind=conflict.kind,
        fact=conflict.fact,
        state=Conflict.State.STANDING,
    )
    cleared = list(alike.select_related("panel", "person"))
    if conflict.pk not in {row.pk for row in cleared}:
        raise ConflictRefused(_("This conflict is cleared already; somebody was a moment faster."))
    before = {row.pk: snapshot(row) for row in cleared}
    said = {"state": Conflict.State.CLEARED, "cleared_at": now, "cleared_by": actor.id, "cleared_reason": text}
    alike.filter(pk__in=before).update(**said)
    for row in cleared:
        for name, value in said.items():
            setattr(row, name, value)
        note([Line.about("reviews.conflict.clear", row, before=before[row.pk], after=snapshot(row))])
    conflict.refresh_from_db()
    return conflict


@action("reviews.assignment.restore", requires=lambda actor, subject: policies.can_chair_panel(actor, subject.panel))
def restore_assignment(assignment: Assignment, *, reason: str, actor: Actor, now: dt.datetime) -> Assignment:
    """Let an expert go on, and scores count again, once every conflict that set them aside is cleared. Raises
    AssignmentRefused where one stands, where nothing was set aside, or where the seat went to somebody else."""
    given_reason(reason)
    panel = assignment.panel
    if panel.state == Panel.State.CLOSED:
        raise PanelClosed
    if standing_conflicts([panel])[panel.pk].get(assignment.expert.person_id):
        raise AssignmentRefused(_("A conflict of this expert still stands: clear it first."))
    taken = panel.assignments.filter(state__in=Assignment.WORKING).count()
    if taken >= panel.seats + int(panel.rule.get("extra_seats", 0)):
        raise AssignmentRefused(_("All seats went to other experts: raise the seats first."))
    back = Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.SET_ASIDE)
    if not back.update(state=F("was_state"), was_state="", ended_at=None, reason=""):
        raise AssignmentRefused(_("Nothing of this expert is set aside."))
    assignment.refresh_from_db()
    if assignment.state == Assignment.State.SUBMITTED:
        counting_changed(panel, actor=actor, now=now)
    return assignment


# What follows from a conflict


def _write_one(conflict: Conflict, *, actor: Actor, now: dt.datetime) -> Conflict:
    if not _write([conflict], actor=actor, now=now):
        raise ConflictRefused(_("This conflict is written down already."))
    return Conflict.objects.select_related("panel", "person").get(
        panel=conflict.panel, person=conflict.person, kind=conflict.kind, fact=conflict.fact
    )


def _write(new: Sequence[Conflict], *, actor: Actor, now: dt.datetime) -> list[Conflict]:
    """Write conflicts, once each however many acts find them at the same time, and empty the seats."""
    if not new:
        return []
    Conflict.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    written = list(
        Conflict.objects.filter(public_id__in=[row.public_id for row in new])
        .select_related("panel__chair", "person")
        .order_by("pk")
    )
    note(Line.about(f"reviews.conflict.{row.source}", row, after=snapshot(row)) for row in written)
    _empty_chairs(written, now=now)
    _empty_seats(written, actor=actor, now=now)
    return written


def _empty_chairs(written: Iterable[Conflict], *, now: dt.datetime) -> None:
    """A chair in conflict chairs no more; the office does until another is named."""
    for row in written:
        panel = row.panel
        if panel.state == Panel.State.CLOSED or panel.chair_id is None or panel.chair_id != row.person.account_id:
            continue
        before = snapshot(panel)
        if Panel.objects.filter(pk=panel.pk, chair=panel.chair).update(chair=None):
            panel.chair = None
            note([Line.about("reviews.panel.chair_left", panel, before=before, after=snapshot(panel))])
            tell_chair(panel, "reviews.chair_left", now=now)


def _empty_seats(written: Iterable[Conflict], *, actor: Actor, now: dt.datetime) -> None:
    """Set the experts' work aside, tell everyone, ask further experts."""
    pairs = {(row.panel_id, row.person_id): row.panel for row in written if row.panel.state != Panel.State.CLOSED}
    rows = Assignment.objects.filter(
        panel__in={panel.pk for panel in pairs.values()},
        expert__person__in={person for _panel, person in pairs},
        state__in=Assignment.WORKING,
    ).select_related("panel__chair", "expert__person__account")
    emptied: dict[int, list[Assignment]] = {}
    for row in rows.order_by("pk"):
        if (row.panel_id, row.expert.person_id) in pairs and _set_aside(row, now=now):
            emptied.setdefault(row.panel_id, []).append(row)
    for gone in emptied.values():
        _go_on_without(gone, actor=actor, now=now)


def _set_aside(assignment: Assignment, *, now: dt.datetime) -> bool:
    before = snapshot(assignment)
    here = Assignment.objects.filter(pk=assignment.pk, state__in=Assignment.WORKING)
    values: dict[str, Any] = {"state": Assignment.State.SET_ASIDE, "ended_at": now, "reason": CONFLICT}
    if not here.update(was_state=F("state"), **values):
        return False
    assignment.was_state = assignment.state
    for name, value in values.items():
        setattr(assignment, name, value)
    note([Line.about("reviews.assignment.set_aside", assignment, before=before, after=snapshot(assignment))])
    return True


def _go_on_without(gone: Sequence[Assignment], *, actor: Actor, now: dt.datetime) -> None:
    panel = gone[0].panel
    for assignment in gone:
        tell_expert(assignment, "reviews.recused", now=now)
    asked = refill(panel, actor=actor, now=now)
    if any(assignment.was_state == Assignment.State.SUBMITTED for assignment in gone):
        counting_changed(panel, actor=actor, now=now)
    tell_chair(panel, "reviews.conflict", {"asked": YES if asked else NO}, now=now)
