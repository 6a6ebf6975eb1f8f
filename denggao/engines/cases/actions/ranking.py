"""Ranking the cases of a round that were judged together, and going on by the list: one makes it, another confirms it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.cases import policies
from denggao.engines.cases.actions.following import go_on
from denggao.engines.cases.actions.walking import end
from denggao.engines.cases.models import SUBJECT_KIND, Case, Round, StepKind
from denggao.engines.cases.moves import Move, move
from denggao.engines.cases.persons import owns_any
from denggao.engines.cases.procedures import Audience, Stage, StageKind
from denggao.engines.cases.refusals import CaseRefused, TwoPersons
from denggao.engines.cases.stages import PRODUCT, options_of
from denggao.engines.cases.states import State
from denggao.engines.reviews.actions.ranking import RankingOrder, latest_ranking, make_ranking
from denggao.engines.reviews.meetings.actions.planning import changed_together
from denggao.engines.reviews.models import Panel, Ranking
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.ui.words import listed

ROUND_KIND = "case_round"
_IN_ITS_GROUP = frozenset({"beyond_group", "group_tie_held", "group_tie_settled"})
_BEFORE = (StageKind.CONSENT, StageKind.CHECK, StageKind.REVIEW)


@action("cases.round.rank", requires=policies.can_rank, batch=True)
def rank_round(round_: Round, *, reason: str = "", actor: Actor, now: dt.datetime) -> Ranking:
    """Rank the cases of a round that wait for it, by their reviews' results, with the round's quota. Nothing moves yet: a second
    person confirms the list. Made again (a result changed), the old one is kept; that needs a ``reason``.

    Raises CaseRefused while cases of the round are still being checked or judged, or where none waits; TwoPersons for the
    applicant's side of one; and what ``reviews`` refuses.
    """
    cases, stage = _waiting(round_)
    _must_not_be_own(cases, actor)
    behind = Case.objects.standing().filter(round=round_, stage_kind__in=_BEFORE).count()
    if behind:
        raise CaseRefused(
            ngettext(
                "%(count)s application of this call is still being checked or judged: rank them all together.",
                "%(count)s applications of this call are still being checked or judged: rank them all together.",
                behind,
            )
            % {"count": behind}
        )
    options = options_of(cases[0], stage)
    minimum = options.get("minimum")
    order = RankingOrder(
        subject_kind=ROUND_KIND,
        subject_id=round_.public_id,
        panels=_panels(cases),
        quota=options.get("places") or round_.quota,
        ties=options.get("ties", "none_advance"),
        minimum=Decimal(str(minimum)) if minimum is not None else None,
        **_in_groups(cases, round_, options),
    )
    return make_ranking(order, reason=reason, actor=actor, now=now)


def _in_groups(cases: Sequence[Case], round_: Round, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``reviews`` is told of the groups the cases belong to; nothing where they belong to none."""
    found = cases[0].declared.system.groups_of(cases)
    if not found:
        return {}
    known = {each.code: each for each in [*cases[0].declared.system.groups(round_.plan), *found.values()]}
    return {
        "groups": {code: int(seats) for code, seats in (options.get("groups") or {}).items() if code in known},
        "group_of": {public_id: group.code for public_id, group in found.items()},
        "labels": {code: {"zh": each.zh, "en": each.en} for code, each in known.items()},
    }


@action("cases.round.confirm_ranking", requires=policies.can_confirm_ranking, batch=True)
def confirm_ranking(round_: Round, ranking: Ranking, *, actor: Actor, now: dt.datetime) -> list[Case]:
    """Go on by a ranking: who advances goes on, everybody else is rejected with the place as the reason. All of it or nothing.
    Returns the cases, in the order of the list.

    Raises CaseRefused where a newer list stands or it does not name just the cases that wait; TwoPersons for who made it or is
    on the applicant's side of one.
    """
    latest = latest_ranking(ROUND_KIND, round_.public_id)
    if latest is None or latest.pk != ranking.pk:
        raise CaseRefused(_("This ranking is not the latest one. Look at the newer list."))
    if ranking.made_by == actor.id:
        raise TwoPersons(_("You made this ranking: a second person must confirm it."))
    cases, _stage = _waiting(round_)
    _must_not_be_own(cases, actor)
    by_id = {str(case.public_id): case for case in cases}
    if {line["code"] for line in ranking.result} != set(by_id):
        raise CaseRefused(_("The applications that wait are no longer those of this ranking. Rank them again."))
    with changed_together(actor=PRODUCT, now=now):
        for line in ranking.result:
            case = by_id[line["code"]]
            facts = {"ranking": str(ranking.public_id), "place": line["place"], "points": line["points"], "why": line["why"]}
            if "group" in line:
                facts |= {"group": line["group"], "group_place": line["group_place"]}
            if line["advances"]:
                go_on(case, StageKind.RANK, facts=facts, actor=actor, now=now)
            else:
                _reject(case, facts, ranking.group_label(line.get("group", "")), actor=actor, now=now)
    return [by_id[line["code"]] for line in ranking.result]


def _reject(case: Case, facts: dict[str, object], group: str, *, actor: Actor, now: dt.datetime) -> None:
    if facts["why"] == "below_minimum":
        reason = _("%(points)s points: fewer than needed.") % facts
    elif facts["why"] in _IN_ITS_GROUP:
        reason = _("Place %(group_place)s in %(name)s: not among those that advance there.") % {**facts, "name": group}
    else:
        reason = _("Place %(place)s: not among those that advance.") % facts
    left = case.at
    given = Move(StepKind.REJECTED, None, State.REJECTED, reason=reason, shown_to=Audience.APPLICANT, facts=facts)
    move(case, given, actor=actor, now=now)
    end(case, left, actor=actor, now=now)


def _waiting(round_: Round) -> tuple[list[Case], Stage]:
    """The cases that wait to be ranked, and their stage. Raises CaseRefused."""
    found = Case.objects.with_labels().filter(round=round_, stage_kind=StageKind.RANK, state=State.OPEN)
    cases = list(found.order_by("number"))
    if not cases:
        raise CaseRefused(_("No application of this call waits to be ranked."))
    if len({(case.procedure, case.version, case.stage) for case in cases}) > 1:
        raise CaseRefused(_("Applications of different versions can’t be ranked together."))
    return cases, cases[0].at


def _panels(cases: Sequence[Case]) -> list[Panel]:
    """The last closed panel with a result, of each."""
    ids = [case.public_id for case in cases]
    found = Panel.objects.filter(subject_kind=SUBJECT_KIND, subject_id__in=ids, state=Panel.State.CLOSED, result__isnull=False)
    latest = {panel.subject_id: panel for panel in found.order_by("closed_at", "pk")}
    missing = [case.number for case in cases if case.public_id not in latest]
    if missing:
        raise CaseRefused(_("There is no review result of: %(cases)s.") % {"cases": listed(missing)})
    return [latest[public_id] for public_id in ids]


def _must_not_be_own(cases: Sequence[Case], actor: Actor) -> None:
    if owns_any(cases, actor):
        raise TwoPersons(_("You act for one of the applicants: someone else must rank them."))
