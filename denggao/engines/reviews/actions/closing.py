"""From the last sheet handed in to the panel's result: opening all scores at once, counting them anew when one is set
aside or changed, asking a further expert when they are too far apart, closing.

A tally is never changed: each count of the same scores is one, whatever comes to light later gives the next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.reviews import hooks, policies
from denggao.engines.reviews.actions.assigning import ask_further
from denggao.engines.reviews.actions.conflicts import look_at, write_late
from denggao.engines.reviews.actions.seats import hold
from denggao.engines.reviews.models import Assignment, Panel, Score, SiteVisit, Tally
from denggao.engines.reviews.refusals import given_reason
from denggao.engines.reviews.registry import review_subject
from denggao.engines.reviews.rules import statistics
from denggao.engines.reviews.rules.ranking import hash_of
from denggao.engines.reviews.rules.rubric import plain
from denggao.engines.reviews.rules.statistics import Aggregate, Summary, summarise
from denggao.engines.reviews.sealing import follows, opened_ids, outstanding
from denggao.engines.reviews.telling import tell_chair, tell_expert
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot


def _chairs_its_panel(actor: Actor, assignment: Any) -> bool:
    return isinstance(assignment, Assignment) and policies.can_chair_panel(actor, assignment.panel)


class PanelNotReady(Refused):
    """The scores can't be opened, or the panel can't be closed, yet; the message says what is missing."""


def lock_panel(panel: Panel) -> Panel:
    """The panel as it stands, kept from everybody else until the act is done, so that handing in, setting aside and closing
    take turns; it is being scored from now on. Raises PanelClosed."""
    held = hold(panel)
    if held.state == Panel.State.OPEN:
        Panel.objects.filter(pk=held.pk, state=Panel.State.OPEN).update(state=Panel.State.SCORING)
    return Panel.objects.select_related("rubric_version").get(pk=held.pk)


@action("reviews.scores.count", requires=follows, batch=True)
def settle(panel: Panel, *, why: Tally.Why, actor: Actor, now: dt.datetime) -> Tally | None:
    """See what follows from a change among a panel's scores: open them when the last expert has handed in, count them anew
    where they were open, ask a further expert where they are too far apart. None while they are sealed.

    Called by the acts that change scores, whose permission it is. What was never open is counted only once nobody's scores are
    outstanding: otherwise the mean would give a sealed sheet away.
    """
    last = panel.tallies.order_by("-number").first()
    waiting = outstanding(panel)
    scores = _counting(panel, None if not waiting else opened_ids(panel))
    if last is None:
        if waiting or not scores or len(scores) < panel.seats:
            return None
        why = Tally.Why.OPENED
    elif why == Tally.Why.FURTHER and waiting:
        return last
    tally = _count(panel, scores, last, why, now=now)
    if tally is last:
        return last
    _tell(panel, tally, now=now)
    if panel.state == Panel.State.CLOSED:
        _change_result(panel, tally, actor=actor, now=now)
    elif tally.too_wide and why in {Tally.Why.OPENED, Tally.Why.CHANGED}:
        _ask_further(panel, actor=actor, now=now)
    return tally


def count_anew(panel: Panel, *, actor: Actor, now: dt.datetime) -> None:
    """Plugged into ``hooks.counting_changed``: submitted scores stopped counting, or count again. Raises
    PanelClosed."""
    panel = lock_panel(panel)
    last = panel.tallies.order_by("-number").first()
    counted = {one["assignment"] for one in last.inputs["scores"]} if last is not None else set()
    still = panel.assignments.filter(public_id__in=counted, state=Assignment.State.SUBMITTED).count()
    why = Tally.Why.SET_ASIDE if still < len(counted) else Tally.Why.RESTORED
    settle(panel, why=why, actor=actor, now=now)


@action("reviews.scores.open", requires=policies.can_chair_panel, batch=True)
def open_scores(panel: Panel, *, reason: str, actor: Actor, now: dt.datetime) -> Tally | None:
    """Open the scores although fewer experts than wanted have handed in, and none is left to wait for. (With all of them,
    they open by themselves.) None, with the scores still sealed, where a conflict came to light at this moment.

    Raises PanelNotReady, PanelClosed, ReasonMissing.
    """
    reason = given_reason(reason, _("Reason: say why fewer experts than wanted are enough."))
    panel = lock_panel(panel)
    if panel.tallies.exists():
        raise PanelNotReady(_("The scores are open already."))
    _refuse_outstanding(panel)
    if _came_to_light(panel, actor=actor, now=now):
        return None
    scores = _counting(panel, None)
    if not scores:
        raise PanelNotReady(_("Nobody has handed in scores yet: there is nothing to open."))
    tally = _count(panel, scores, None, Tally.Why.OPENED, now=now)
    note([Line.about("reviews.scores.open", panel, after={"count": len(scores), "seats": panel.seats, "reason": reason})])
    if tally.too_wide:
        _ask_further(panel, actor=actor, now=now)
    return tally


@action("reviews.panel.close", requires=policies.can_chair_panel, batch=True)
def close_panel(panel: Panel, *, reason: str = "", actor: Actor, now: dt.datetime) -> Panel:
    """Close the panel with its result; the subject's room goes on from there in the same transaction. ``reason`` is needed
    where fewer experts handed in than wanted. The panel stays open where a conflict came to light at this moment.

    Raises PanelNotReady, PanelClosed, ReasonMissing.
    """
    panel = lock_panel(panel)
    _refuse_outstanding(panel)
    if _came_to_light(panel, actor=actor, now=now):
        return panel
    tally = panel.tallies.order_by("-number").first()
    if tally is None or tally.result is None:
        raise PanelNotReady(_("There are no open scores that count: ask further experts first."))
    if panel.rule.get("visit_required") and not panel.visits.filter(state=SiteVisit.State.HELD).exists():
        raise PanelNotReady(_("The rule of this review requires a site visit, and none is recorded. Record the visit first."))
    if tally.count < wanted(panel):
        reason = given_reason(
            reason,
            _("Reason: %(count)d of %(wanted)d wanted experts count. Say why they are enough, or ask a further one.")
            % {"count": tally.count, "wanted": wanted(panel)},
        )
    before = snapshot(panel)
    Panel.objects.filter(pk=panel.pk).update(state=Panel.State.CLOSED, closed_at=now, result=tally.result)
    panel.refresh_from_db()
    said = {**snapshot(panel), "tally": tally.number, "reason": reason.strip()}
    note([Line.about("reviews.panel.close", panel, before=before, after=said)])
    subject = review_subject(panel.subject_kind)
    if subject is not None:
        subject.on_closed(panel, actor=actor, now=now)
    return panel


@action("reviews.assignment.set_aside_late", requires=_chairs_its_panel, batch=True)
def set_aside_late(assignment: Assignment, *, reason: str, actor: Actor, now: dt.datetime) -> Assignment:
    """A conflict comes to light after the panel was closed: the scores stop counting, the result and the rankings made from it
    follow, and what stood before is kept. The conflict is written down as the chair's. (In a running panel a conflict does it by
    itself.) Raises ReasonMissing, PanelNotReady for a running panel or scores that don't count."""
    reason = given_reason(reason)
    panel = Panel.objects.select_related("rubric_version").get(pk=assignment.panel_id)
    if panel.state != Panel.State.CLOSED:
        raise PanelNotReady(_("This review is running: pin the conflict instead, and the scores are set aside."))
    before = snapshot(assignment)
    counting = Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.SUBMITTED)
    values = {"state": Assignment.State.SET_ASIDE, "was_state": Assignment.State.SUBMITTED, "ended_at": now, "reason": reason}
    if not counting.update(**values):
        raise PanelNotReady(_("These scores don’t count: there is nothing to set aside."))
    assignment.refresh_from_db()
    write_late(panel, assignment.expert, reason=reason, actor=actor, now=now)
    tell_expert(assignment, "reviews.recused", now=now)
    note([Line.about("reviews.assignment.set_aside_late", assignment, before=before, after=snapshot(assignment))])
    settle(panel, why=Tally.Why.SET_ASIDE, actor=actor, now=now)
    return assignment


# What the rule of a panel says


def aggregate_of(panel: Panel) -> Aggregate:
    named = panel.rule.get("aggregate", "mean")
    return named if named in statistics.AGGREGATES else "mean"


def max_spread_of(panel: Panel) -> Decimal | None:
    """None where any spread is allowed."""
    try:
        return Decimal(str(panel.rule["max_spread"]))
    except (KeyError, InvalidOperation):
        return None


def wanted(panel: Panel) -> int:
    """How many scores are wanted: the seats, and the further ones once the scores were too far apart."""
    further = int(panel.rule.get("extra_seats", 1)) if panel.tallies.filter(too_wide=True).exists() else 0
    return panel.seats + further


# Counting


def _came_to_light(panel: Panel, *, actor: Actor, now: dt.datetime) -> bool:
    """Look for conflicts once more. True where scores stopped counting, or the actor must not chair any more: what was found is
    kept, and the act under way ends without doing anything else."""
    before = _counting(panel, None)
    found = look_at([panel], judging=True, actor=actor, now=now)
    return bool(found) and (_counting(panel, None) != before or not policies.can_chair_panel(actor, panel))


def _refuse_outstanding(panel: Panel) -> None:
    count = panel.assignments.filter(state__in=Assignment.PENDING).count()
    if count:
        raise PanelNotReady(
            ngettext(
                "%(count)d expert has not handed in yet. Wait, remind, or replace.",
                "%(count)d experts have not handed in yet. Wait, remind, or replace.",
                count,
            )
            % {"count": count}
        )


def _counting(panel: Panel, only: set[str] | None) -> list[Score]:
    """The submitted scores that count; of those in ``only``, where given."""
    rows = Score.objects.filter(assignment__panel=panel, assignment__state=Assignment.State.SUBMITTED, state=Score.State.SUBMITTED)
    rows = rows.select_related("assignment").prefetch_related("entries__criterion").order_by("assignment__public_id")
    return [score for score in rows if only is None or str(score.assignment.public_id) in only]


def _count(panel: Panel, scores: Iterable[Score], last: Tally | None, why: Tally.Why, *, now: dt.datetime) -> Tally:
    inputs = _inputs(panel, scores)
    found = hash_of(inputs)
    if last is not None and last.content_hash == found:
        return last
    totals = [Decimal(one["total"]) for one in inputs["scores"]]
    summary = summarise(totals) if totals else None
    tally = Tally.objects.create(
        panel=panel,
        number=last.number + 1 if last is not None else 1,
        why=why,
        at=now,
        inputs=inputs,
        content_hash=found,
        count=len(totals),
        too_wide=summary is not None and statistics.too_wide(summary, max_spread_of(panel)),
        **_columns(summary, aggregate_of(panel)),
    )
    note([Line.about("reviews.scores.count", tally, after=snapshot(tally))])
    return tally


def _columns(summary: Summary | None, aggregate: Aggregate) -> dict[str, Decimal | None]:
    names = ("mean", "median", "trimmed", "deviation", "lowest", "highest")
    if summary is None:
        return dict.fromkeys((*names, "result"))
    return {**{name: getattr(summary, name) for name in names}, "result": summary.by(aggregate)}


def _inputs(panel: Panel, scores: Iterable[Score]) -> dict[str, Any]:
    most = max_spread_of(panel)
    return {
        "aggregate": aggregate_of(panel),
        "max_spread": None if most is None else plain(most),
        "rubric": panel.rubric_version.content_hash,
        "scores": [
            {
                "assignment": str(score.assignment.public_id),
                "total": plain(score.total or Decimal(0)),
                "parts": {
                    entry.criterion.code: plain(entry.points)
                    for entry in sorted(score.entries.all(), key=lambda entry: entry.criterion.code)
                    if entry.points is not None
                },
            }
            for score in scores
        ],
    }


def _tell(panel: Panel, tally: Tally, *, now: dt.datetime) -> None:
    values = {"result": plain(tally.result) if tally.result is not None else "—", "count": tally.count}
    code = "reviews.scores_open" if tally.number == 1 else "reviews.scores_counted_anew"
    tell_chair(panel, code, values, now=now)


def _ask_further(panel: Panel, *, actor: Actor, now: dt.datetime) -> None:
    """Fill the further seats that scores too far apart call for; each is asked for once."""
    missing = wanted(panel) - panel.assignments.filter(state__in=Assignment.WORKING).count()
    for _further in range(missing):
        if ask_further(panel, actor=actor, now=now) is None:
            return


def _change_result(panel: Panel, tally: Tally, *, actor: Actor, now: dt.datetime) -> None:
    """Scores of a closed panel stopped counting: its result follows, and so do the rankings made from it."""
    before = snapshot(panel)
    Panel.objects.filter(pk=panel.pk).update(result=tally.result)
    panel.refresh_from_db()
    note([Line.about("reviews.panel.recount", panel, before=before, after=snapshot(panel))])
    hooks.result_changed(panel, actor=actor, now=now)
