"""Who is asked: by hand, by a rule, balanced automatically; replacing, accepting, declining."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions.conflicts import look_at
from denggao.engines.reviews.actions.seats import barred, candidates, fields_of, hold, hold_all, preferences, refill, seat
from denggao.engines.reviews.models import Assignment, Conflict, Expert, Panel
from denggao.engines.reviews.queries import askable, open_loads, standing_conflicts
from denggao.engines.reviews.refusals import AssignmentRefused, given_reason
from denggao.engines.reviews.rules.flow import balance
from denggao.engines.reviews.telling import tell_chair, tell_expert
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.standards.ladder import rank


@action("reviews.assign.hand", requires=policies.can_run_panel, batch=True)
def assign_by_hand(panel: Panel, experts: Sequence[Expert], *, actor: Actor, now: dt.datetime) -> list[Assignment]:
    """Ask these experts. Conflicts are looked for first. Raises AssignmentRefused, naming the first who can't be asked, with
    nobody asked; PanelClosed."""
    panel = hold(panel)
    look_at([panel], actor=actor, now=now)
    taken = panel.assignments.filter(state__in=Assignment.WORKING).count()
    if not experts:
        raise AssignmentRefused(_("Choose at least one expert."))
    if taken + len(set(experts)) > panel.seats:
        raise AssignmentRefused(
            _("%(free)s of %(seats)s seats are free. Choose fewer experts, replace one, or raise the seats.")
            % {"free": max(0, panel.seats - taken), "seats": panel.seats}
        )
    for expert in experts:
        _check(panel, expert)
    return seat([(panel, expert) for expert in dict.fromkeys(experts)], how=Assignment.How.HAND, actor=actor, now=now)


def _check(panel: Panel, expert: Expert) -> None:
    """Raises AssignmentRefused with what stands in the way."""
    name = {"name": expert.person.name}
    if not askable(Expert.objects.filter(pk=expert.pk)).exists():
        raise AssignmentRefused(
            _("%(name)s can’t be asked: paused, left the register, or without an account to sign in with.") % name
        )
    against = standing_conflicts([panel])[panel.pk].get(expert.person_id)
    if against:
        kind = Conflict.Kind(against[0].kind).label
        raise AssignmentRefused(_("%(name)s has a conflict of interest (%(kind)s).") % {**name, "kind": kind})
    if panel.chair_id is not None and panel.chair_id == expert.person.account_id:
        raise AssignmentRefused(_("%(name)s chairs this panel, and can’t judge in it.") % name)
    before = panel.assignments.filter(expert=expert).first()
    if before is not None:
        state = Assignment.State(before.state).label
        raise AssignmentRefused(_("%(name)s was asked here before (%(state)s).") % {**name, "state": state})


@dataclass(frozen=True)
class AssignRule:
    """Who fits: knows one of ``fields`` (codes; empty: the panel's own), a skill level of at least ``level`` (empty: any),
    and ``distinct_employers``: no two of one employer. Nobody of an applicant's employer ever fits."""

    fields: frozenset[str] = frozenset()
    level: str = ""
    distinct_employers: bool = True


@action("reviews.assign.rule", requires=policies.can_run_panel, batch=True)
def assign_by_rule(panel: Panel, rule: AssignRule, *, actor: Actor, now: dt.datetime) -> list[Assignment]:
    """Fill the empty seats with those who fit and owe the fewest reviews; as many as there are, perhaps none. Raises
    AssignmentRefused where no seat is empty, PanelClosed."""
    panel = hold(panel)
    look_at([panel], actor=actor, now=now)
    working = list(panel.assignments.filter(state__in=Assignment.WORKING).select_related("expert"))
    free = panel.seats - len(working)
    if free <= 0:
        raise AssignmentRefused(_("All seats are taken. Replace an expert, or raise the seats."))
    chosen = _fitting(panel, rule, [row.expert for row in working])[:free]
    return seat([(panel, expert) for expert in chosen], how=Assignment.How.RULE, actor=actor, now=now)


def _fitting(panel: Panel, rule: AssignRule, seated: Sequence[Expert]) -> list[Expert]:
    possible = candidates(panel)
    fields, wanted = fields_of(possible), set(rule.fields) or set(panel.fields)
    employers = {expert.employer_name for expert in seated if expert.employer_name}
    fitting: list[Expert] = []
    for expert in possible:
        if (wanted and not wanted & fields[expert.pk]) or (rule.level and not _reaches(expert.level, rule.level)):
            continue
        if rule.distinct_employers and expert.employer_name in employers:
            continue
        employers |= {expert.employer_name} - {""}
        fitting.append(expert)
    return fitting


def _reaches(level: str, least: str) -> bool:
    return bool(level) and rank(level) >= rank(least)


@dataclass(frozen=True)
class Assigned:
    """``short``: how many reviews each panel (by id) still lacks for want of experts without a conflict; ``largest``: the
    largest load of those who were asked."""

    assignments: list[Assignment]
    short: dict[int, int]
    largest: int


def _can_run_all(actor: Actor, panels: Any) -> bool:
    if actor.is_operator:
        return True
    wanted = {panel.pk for panel in panels}
    seen = set(policies.visible_panels(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    return wanted == seen and (actor.has(*policies.ASSIGNERS) or all(policies.can_run_panel(actor, panel) for panel in panels))


@action("reviews.assign.auto", requires=_can_run_all, batch=True)
def assign_automatically(panels: Sequence[Panel], *, per_panel: int | None = None, actor: Actor, now: dt.datetime) -> Assigned:
    """Fill the empty seats of these panels (``per_panel``: at most so many experts each) so that the largest load is the
    least that any conflict-free assignment allows; who knows the field comes before who doesn't. Loads count what
    experts owe elsewhere. Panels where no expert is left stay short. Raises PanelClosed."""
    held = hold_all(panels)
    look_at(held, actor=actor, now=now)
    experts = list(askable())
    taken: dict[int, int] = {}
    for panel_id in Assignment.objects.filter(panel__in=held, state__in=Assignment.WORKING).values_list("panel_id", flat=True):
        taken[panel_id] = taken.get(panel_id, 0) + 1
    wanted = {panel.pk: max(0, min(panel.seats, per_panel or panel.seats) - taken.get(panel.pk, 0)) for panel in held}
    names = {expert.pk: expert for expert in experts}
    done = balance(
        [panel.pk for panel in held],
        list(names),
        barred(held, experts),
        wanted,
        preferences(held, fields_of(experts)),
        open_loads(),
    )
    pairs = [(panel, names[expert]) for panel in held for expert in done.assigned[panel.pk]]
    return Assigned(seat(pairs, how=Assignment.How.AUTO, actor=actor, now=now), done.short, done.largest)


def ask_further(panel: Panel, *, actor: Actor, now: dt.datetime) -> Assignment | None:
    """One more expert beyond the seats, as far as the panel's rule allows: the scores lie too far apart. Runs inside the
    act that found it; None where none may or can be asked (the chair is told). Raises PanelClosed."""
    panel = hold(panel)
    look_at([panel], actor=actor, now=now)
    return refill(panel, widen=True, actor=actor, now=now)


def _runs_its_panel(actor: Actor, assignment: Any) -> bool:
    return isinstance(assignment, Assignment) and policies.can_run_panel(actor, assignment.panel)


@action("reviews.assignment.replace", requires=_runs_its_panel, batch=True)
def replace_expert(
    assignment: Assignment, *, reason: str, by: Expert | None = None, actor: Actor, now: dt.datetime
) -> Assignment | None:
    """Take the seat from an expert who has not submitted, and give it to another: ``by``, or the first choice. Returns the
    new assignment, None where nobody is left.

    Raises ReasonMissing; AssignmentRefused for submitted scores, which only a conflict sets aside, and for a ``by`` who
    can't be asked; PanelClosed.
    """
    text = given_reason(reason)
    panel = hold(assignment.panel)
    look_at([panel], actor=actor, now=now)
    _end(assignment, Assignment.State.REPLACED, text, code="reviews.assignment.replace", now=now)
    tell_expert(assignment, "reviews.replaced", now=now)
    if by is None:
        return refill(panel, actor=actor, now=now)
    _check(panel, by)
    return seat([(panel, by)], how=Assignment.How.HAND, actor=actor, now=now)[0]


@action("reviews.assignment.accept", requires=policies.is_own_assignment)
def accept_assignment(assignment: Assignment, *, actor: Actor, now: dt.datetime) -> Assignment:
    """The expert takes the seat. Accepting again changes nothing. Raises PanelClosed."""
    panel = hold(assignment.panel)
    asked = Assignment.objects.filter(pk=assignment.pk, panel=panel, state=Assignment.State.ASKED)
    asked.update(state=Assignment.State.ACCEPTED, answered_at=now)
    assignment.refresh_from_db()
    return assignment


@action("reviews.assignment.decline", requires=policies.is_own_assignment, batch=True)
def decline_assignment(assignment: Assignment, *, reason: str, actor: Actor, now: dt.datetime) -> Assignment:
    """The expert has no time; the chair is told. Raises ReasonMissing, AssignmentRefused once submitted, PanelClosed."""
    text = given_reason(reason, _("Say in a few words why; the chair reads it. For a conflict of interest declare one instead."))
    panel = hold(assignment.panel)
    _end(assignment, Assignment.State.DECLINED, text, code="reviews.assignment.decline", now=now)
    tell_chair(panel, "reviews.declined", now=now)
    return assignment


def _end(assignment: Assignment, state: str, reason: str, *, code: str, now: dt.datetime) -> None:
    before = snapshot(assignment)
    values: dict[str, Any] = {"state": state, "ended_at": now, "reason": reason}
    if state == Assignment.State.DECLINED:
        values["answered_at"] = now
    if not Assignment.objects.filter(pk=assignment.pk, state__in=Assignment.PENDING).update(**values):
        raise AssignmentRefused(_("This can’t be done any more: the expert has submitted, or no longer holds the seat."))
    for name, value in values.items():
        setattr(assignment, name, value)
    note([Line.about(code, assignment, before=before, after=snapshot(assignment))])
