"""Ranking what was judged together; made again, the old list stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.engines.reviews.models import Panel, Ranking, Tally
from denggao.engines.reviews.refusals import given_reason
from denggao.engines.reviews.rules.ranking import Entry, Ranked, RankingFault, hash_of, inputs_of, rank_again
from denggao.engines.reviews.rules.rubric import plain
from denggao.engines.reviews.rules.statistics import rounded
from denggao.engines.reviews.sealing import follows
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.queries import chunks


class RankingRefused(Refused):
    """No ranking can be made of this; the message says why."""


@dataclass(frozen=True)
class RankingOrder:
    """What is ranked: the panels of a round (``subject_kind``, ``subject_id``), whose subjects' public ids stand in the
    result. ``ties`` as in ``rules.ranking``, and so ``groups``: the seats of each; ``group_of`` is a subject's group, ``labels``
    what each group is called, ``{code: {"zh": …, "en": …}}``."""

    subject_kind: str
    subject_id: UUID
    panels: Sequence[Panel]
    quota: int | None
    ties: str = "none_advance"
    minimum: Decimal | None = None
    groups: Mapping[str, int] | None = None
    group_of: Mapping[UUID, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@action("reviews.ranking.make", requires=follows, batch=True)
def make_ranking(order: RankingOrder, *, reason: str = "", actor: Actor, now: dt.datetime) -> Ranking:
    """Rank the results of panels. The same question gives the ranking that stands; another one gives the next, which needs a
    ``reason``. Called by the room above, whose act's permission it is. Raises RankingRefused, ReasonMissing."""
    tallies = _last_tallies(order.panels)
    entries = [
        Entry(str(panel.subject_id), panel.result, _parts(tallies.get(panel.pk)), order.group_of.get(panel.subject_id, ""))
        for panel in order.panels
    ]
    inputs = inputs_of(entries, quota=order.quota, ties=order.ties, minimum=order.minimum, groups=order.groups)
    try:
        result = rank_again(inputs)
    except RankingFault as fault:
        raise RankingRefused(_("These can't be ranked: %(fault)s.") % {"fault": fault}) from None
    last = latest_ranking(order.subject_kind, order.subject_id)
    if last is not None and last.input_hash == hash_of(inputs):
        return last
    if last is not None:
        reason = given_reason(reason, _("Reason: say why the ranking is made again. The old one is kept beside it."))
    try:
        with transaction.atomic():
            made = Ranking.objects.create(
                subject_kind=order.subject_kind,
                subject_id=order.subject_id,
                number=last.number + 1 if last is not None else 1,
                inputs=inputs,
                input_hash=hash_of(inputs),
                result=[_line(one, in_groups=order.groups is not None) for one in result],
                labels={code: dict(label) for code, label in order.labels.items()},
                reason=reason,
                at=now,
                made_by=actor.id,
            )
    except IntegrityError:
        raise RankingRefused(_("Someone made a ranking at this moment. Look at it, then try again.")) from None
    made.panels.set(order.panels)
    note([Line.about("reviews.ranking.make", made, after=snapshot(made))])
    return made


def _line(one: Ranked, *, in_groups: bool) -> dict[str, Any]:
    line = {
        "code": one.code,
        "points": None if one.points is None else plain(one.points),
        "place": one.place,
        "advances": one.advances,
        "why": str(one.why),
    }
    return {**line, "group": one.group, "group_place": one.group_place} if in_groups else line


def rank_anew(panel: Panel, *, actor: Actor, now: dt.datetime) -> None:
    """Plugged into ``hooks.result_changed``: every ranking that stands and was made from this panel is made again."""
    for kind, subject_id in sorted(set(panel.rankings.values_list("subject_kind", "subject_id"))):
        last = latest_ranking(kind, subject_id)
        if last is None or not last.panels.filter(pk=panel.pk).exists():
            continue
        minimum = last.inputs["minimum"]
        order = RankingOrder(
            kind,
            subject_id,
            list(last.panels.order_by("pk")),
            last.inputs["quota"],
            last.inputs["ties"],
            None if minimum is None else Decimal(minimum),
            groups=last.inputs.get("groups"),
            group_of={UUID(item["code"]): item.get("group", "") for item in last.inputs["entries"]},
            labels=last.labels,
        )
        make_ranking(order, reason=str(_("A result changed: %(title)s") % {"title": panel.title_zh}), actor=actor, now=now)


def latest_ranking(subject_kind: str, subject_id: UUID) -> Ranking | None:
    return Ranking.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("-number").first()


def _last_tallies(panels: Sequence[Panel]) -> dict[int, dict[str, Any]]:
    """By panel (id): what its last count was made from. One query for some hundred panels."""
    found: dict[int, dict[str, Any]] = {}
    for part in chunks({panel.pk for panel in panels}):
        rows = Tally.objects.filter(panel_id__in=part).order_by("panel_id", "number")
        found |= dict(rows.values_list("panel_id", "inputs"))
    return found


def _parts(inputs: Mapping[str, Any] | None) -> dict[str, Decimal]:
    """The experts' mean points by criterion, as they stood in the last count."""
    scores = inputs["scores"] if inputs is not None else []
    codes = sorted({code for score in scores for code in score["parts"]})
    return {
        code: rounded(sum((Decimal(score["parts"].get(code, "0")) for score in scores), Decimal(0)) / len(scores)) for code in codes
    }
