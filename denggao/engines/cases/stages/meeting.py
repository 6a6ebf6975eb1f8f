"""Jury meeting: the cases of a round wait for the office, and go on by what the jury voted, by ``engines/reviews/meetings``."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.engines.cases.actions.following import go_on
from denggao.engines.cases.actions.ranking import ROUND_KIND
from denggao.engines.cases.actions.walking import end
from denggao.engines.cases.consents import with_consenting
from denggao.engines.cases.models import SUBJECT_KIND, Case, Round, StepKind
from denggao.engines.cases.moves import Move, move
from denggao.engines.cases.persons import owns_any
from denggao.engines.cases.procedures import Audience, Group, Stage, StageKind
from denggao.engines.cases.refusals import CaseRefused, TwoPersons
from denggao.engines.cases.stages import PRODUCT, Progress, options_of, title_en
from denggao.engines.cases.stages.review import ReviewedCases
from denggao.engines.cases.states import STANDING, State
from denggao.engines.reviews.actions.ranking import latest_ranking
from denggao.engines.reviews.meetings.actions.planning import candidates_changed, drop_candidate
from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting
from denggao.engines.reviews.meetings.policies import can_plan, visible_meetings
from denggao.engines.reviews.meetings.registry import Candidate, Setting
from denggao.engines.reviews.parties import Parties
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor

_RUNNING = [Meeting.State.PLANNED, Meeting.State.OPEN]


class Meetings:
    """What ``meetings`` does for a case."""

    def hold(self, case: Case) -> None:
        """A meeting that closes takes its own row, then its cases': so does a case that leaves it."""
        items = Item.objects.filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id, meeting__state__in=_RUNNING)
        Meeting.objects.filter(pk__in=items.values("meeting_id")).update(lock=F("lock") + 1)

    def enter(self, case: Case, stage: Stage, *, actor: Actor, now: dt.datetime) -> None:
        """The case waits for the office; a meeting that is planned already takes it on its list."""
        if case.round is not None:
            candidates_changed(ROUND_KIND, case.round.public_id, actor=PRODUCT, now=now)

    def leave(self, case: Case, stage: Stage, *, reason: str, actor: Actor, now: dt.datetime) -> None:
        drop_candidate(SUBJECT_KIND, case.public_id, reason=reason, actor=PRODUCT, now=now)

    def waited_for(self, case: Case, *, now: dt.datetime) -> list[tuple[User, str]]:
        return []

    def progress(self, cases: Sequence[Case]) -> Mapping[uuid.UUID, Progress]:
        """The day of the meeting. One query."""
        items = Item.objects.filter(
            subject_kind=SUBJECT_KIND, subject_id__in=[case.public_id for case in cases], meeting__state__in=_RUNNING
        )
        days = items.values_list("subject_id", "meeting__starts_at")
        return {subject_id: Progress(until=starts_at.date()) for subject_id, starts_at in days}


class RoundsMeet:
    """What ``meetings`` asks and tells of subjects of the kind ``case_round``; registered in ``wiring.py``."""

    candidate_kind = SUBJECT_KIND

    def setting(self, subject_id: uuid.UUID) -> Setting | None:
        """What the meeting's stage and the round's own options say: ``quota`` (the round's unless told), ``quotas`` by group,
        ``quorum`` and ``majority`` (``"2/3"``), ``way`` (``named`` or ``secret``)."""
        round_ = Round.objects.filter(public_id=subject_id).first()
        if round_ is None:
            return None
        cases = _waiting(subject_id)
        options = options_of(cases[0], cases[0].at) if cases else {}
        quota = options.get("quota", round_.quota)
        return Setting(
            title_zh=f"{round_.title_zh} 评委会会议",
            title_en=f"{round_.title_en or round_.title_zh}: jury meeting",
            quota=None if quota in (None, "") else int(quota),
            quotas={str(code): int(places) for code, places in (options.get("quotas") or _ranked_by_group(cases)).items()},
            quorum=_share(options.get("quorum")),
            majority=_share(options.get("majority")),
            way=options.get("way", Meeting.Way.NAMED),
            is_demo=bool(cases) and cases[0].is_demo,
        )

    def candidates(self, subject_id: uuid.UUID) -> Sequence[Candidate]:
        """By the ranking's places; without a ranking by number. Four queries, beside what the system needs for its groups."""
        cases = _waiting(subject_id)
        ranking = latest_ranking(ROUND_KIND, subject_id)
        lines = {line["code"]: line for line in (ranking.result if ranking is not None else [])}
        groups = cases[0].declared.system.groups_of(cases) if cases else {}
        found = [_candidate(case, lines.get(str(case.public_id), {}), groups.get(case.public_id)) for case in cases]
        order = {case.public_id: case.number or "" for case in cases}
        return sorted(found, key=lambda each: (each.place is None, each.place or 0, order[each.subject_id]))

    def parties(self, subject_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Parties]:
        return _parties(list(Case.objects.with_labels().filter(public_id__in=subject_ids)))

    def nominated(self, subject_id: uuid.UUID) -> Collection[int]:
        """Persons of all cases of the round that still stand, drafts too."""
        standing = Case.objects.filter(round__public_id=subject_id, state__in=STANDING)
        cases = list(standing.only("public_id", "procedure", "version", "body", "person"))
        return {pk for parties in _parties(cases).values() for pk in parties.person_ids}

    def file(self, actor: Actor, subject_id: uuid.UUID) -> tuple[str, dict[str, Any]] | None:
        """What the experts read as well: the latest submission, as it was frozen."""
        return ReviewedCases().file(actor, subject_id)

    def on_closed(self, meeting: Meeting, items: Sequence[Item], *, actor: Actor, now: dt.datetime) -> None:
        """Each that passed goes on; the others are rejected, with the vote in the reason. All of it or nothing. Raises TwoPersons
        for the applicant's side of one, CaseRefused where one moved on without leaving the list."""
        cases = {case.public_id: case for case in _waiting(meeting.subject_id)}
        ballots = _first_ballots(items)
        if owns_any([cases[item.subject_id] for item in items if item.subject_id in cases], actor):
            raise TwoPersons(_("You act for one of the applicants: someone else must confirm the meeting."))
        for item in items:
            case = cases.get(item.subject_id)
            if case is None:
                raise CaseRefused(_("%(title)s no longer waits for the jury. Look at its page.") % {"title": item.title})
            facts = _facts(meeting, item, ballots[item.pk])
            if item.outcome == Item.Outcome.PASSED:
                go_on(case, StageKind.MEETING, facts=facts, actor=actor, now=now)
            else:
                _reject(case, item, ballots[item.pk], facts, actor=actor, now=now)

    def url(self, subject_id: uuid.UUID) -> str:
        return f"/cases/rounds/{subject_id}/"

    def item_url(self, subject_id: uuid.UUID) -> str:
        return f"/cases/{subject_id}/"


def _ranked_by_group(cases: Sequence[Case]) -> Mapping[str, Any]:
    """The places by group of the ranking before the meeting, unless it sent more to the jury than there are places."""
    for stage in cases[0].declared.stages if cases else ():
        if stage.kind == StageKind.RANK:
            options = options_of(cases[0], stage)
            return {} if options.get("places") else options.get("groups") or {}
    return {}


def _waiting(round_id: uuid.UUID) -> list[Case]:
    found = Case.objects.with_labels().filter(round__public_id=round_id, stage_kind=StageKind.MEETING, state=State.OPEN)
    return list(found.order_by("number"))


def _candidate(case: Case, line: Mapping[str, Any], group: Group | None) -> Candidate:
    points = line.get("points")
    return Candidate(
        subject_id=case.public_id,
        title_zh=f"{case.number} {case.title}",
        title_en=title_en(case, among_its_like=True),
        group=group.code if group else "",
        group_zh=group.zh if group else "",
        group_en=group.en if group else "",
        place=line.get("place"),
        points=None if points is None else Decimal(points),
    )


def _parties(cases: Sequence[Case]) -> dict[uuid.UUID, Parties]:
    by_procedure: dict[tuple[str, int], list[Case]] = {}
    for case in cases:
        by_procedure.setdefault((case.procedure, case.version), []).append(case)
    found: dict[uuid.UUID, Parties] = {}
    for together in by_procedure.values():
        found |= with_consenting(together, together[0].declared.system.parties_of(together))
    return found


def _share(text: Any) -> tuple[int, int] | None:
    """``"2/3"`` as (2, 3)."""
    if not text:
        return None
    parts, _slash, of = str(text).partition("/")
    return int(parts), int(of)


def _first_ballots(items: Sequence[Item]) -> dict[int, Ballot]:
    """By item: the vote that decides whether it passes. One query."""
    rows = Ballot.objects.filter(item__in=[item.pk for item in items], state=Ballot.State.SETTLED, second=False)
    return {ballot.item_id: ballot for ballot in rows}


def _facts(meeting: Meeting, item: Item, ballot: Ballot) -> dict[str, Any]:
    return {
        "meeting": str(meeting.public_id),
        "for": ballot.in_favour,
        "against": ballot.against,
        "abstain": ballot.abstained,
        "recused": ballot.recused,
        "present": ballot.present,
        "why": item.why,
    }


_REASONS = {
    Item.Why.TOO_FEW: gettext_lazy("The jury did not pass it: %(votes)s."),
    Item.Why.BEYOND_QUOTA: gettext_lazy("The jury voted for it (%(votes)s), but no place was left: others had the better vote."),
    Item.Why.TIE_HELD: gettext_lazy("The jury voted for it (%(votes)s), but it was equal to another at the last place."),
}


def _reject(case: Case, item: Item, ballot: Ballot, facts: dict[str, Any], *, actor: Actor, now: dt.datetime) -> None:
    said = {"for": ballot.in_favour, "against": ballot.against, "abstain": ballot.abstained, "needed": ballot.needed}
    votes = _("%(for)s in favour, %(against)s against, %(abstain)s abstained; %(needed)s needed") % said
    reason = str(_REASONS[Item.Why(item.why)]) % {"votes": votes}
    left = case.at
    given = Move(StepKind.REJECTED, None, State.REJECTED, reason=reason, shown_to=Audience.APPLICANT, facts=facts)
    move(case, given, actor=actor, now=now)
    end(case, left, actor=actor, now=now)


@dataclass(frozen=True)
class MeetingCard:
    """What the round's office page shows of its jury: ``waiting`` cases, the meeting that runs, those before, and whether this
    actor may plan one."""

    waiting: int
    running: Meeting | None
    earlier: list[Meeting]
    may_plan: bool


def meeting_card(round_: Round, actor: Actor, waiting: int) -> MeetingCard | None:
    """None where nothing of this round is voted on. One query."""
    found = list(visible_meetings(actor).filter(subject_kind=ROUND_KIND, subject_id=round_.public_id))
    if not waiting and not found:
        return None
    running = next((each for each in found if each.is_running), None)
    return MeetingCard(waiting, running, [each for each in found if not each.is_running], running is None and can_plan(actor))
