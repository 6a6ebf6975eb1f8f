"""What an expert enters: saved as it is entered, in whatever order and however often it arrives, then handed in once.

SECURITY: the audit records that a sheet was saved, changed and handed in, never points or comments: it is read by people from
whom the sheet is sealed. What was entered, and when, lies in ``ScoreChange``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.reviews.actions.closing import lock_panel, settle
from denggao.engines.reviews.actions.conflicts import look_at
from denggao.engines.reviews.models import Assignment, Criterion, Panel, Score, ScoreChange, ScoreEntry, SiteVisit, Tally
from denggao.engines.reviews.refusals import given_reason
from denggao.engines.reviews.rules.rubric import COMMENT_LIMIT, Given, PointsRefused, missing, name_of, read_points, weighed
from denggao.engines.reviews.sealing import can_score
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line

MOST_AT_ONCE = 100
OLDEST = dt.timedelta(days=60)
ENTERING = (Assignment.State.ACCEPTED, Assignment.State.SCORING)


class ScoringRefused(Refused):
    """Nothing can be entered, handed in or changed; the message says why."""


class SheetIncomplete(Refused):
    """The sheet can't be handed in, or not be changed so. ``faults`` are sentences by criterion code."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("\n".join(faults.values()))
        self.faults = dict(faults)


@dataclass(frozen=True)
class EntryGiven:
    """What an expert entered for one criterion. ``points`` as written, empty for none yet. ``client_id`` names this one
    entry: sent again, it changes nothing. ``age`` is how long before its sending it was entered, by the device's own clock, so
    that a wrong clock does no harm."""

    criterion: str
    points: str
    comment: str
    client_id: UUID
    age: dt.timedelta = dt.timedelta(0)


@dataclass(frozen=True)
class Receipt:
    """``stands`` is False where something newer stands, which this did not replace; it is kept in the history. ``fault`` says
    why an entry was not taken; it is not kept then."""

    client_id: UUID
    criterion: str
    saved_at: dt.datetime | None
    stands: bool = True
    fault: str = ""


@action("reviews.score.save", requires=can_score, batch=True)
def save_entries(assignment: Assignment, *, entries: Sequence[EntryGiven], actor: Actor, now: dt.datetime) -> list[Receipt]:
    """Save what was entered; a receipt for each, in their order. An entry that can't be taken (its ``fault``) doesn't keep the
    others from being saved. Raises ScoringRefused where nothing may be entered at all."""
    if len(entries) > MOST_AT_ONCE:
        raise ScoringRefused(_("At most %(most)d entries are taken at once.") % {"most": MOST_AT_ONCE})
    assignment = _fresh(assignment)
    _refuse_entering(assignment)
    score, _created = Score.objects.get_or_create(assignment=assignment, defaults={"created_at": now})
    if not Score.objects.filter(pk=score.pk, state=Score.State.DRAFT).update(revision=F("revision") + 1):
        raise ScoringRefused(_handed_in(score))
    Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.ACCEPTED).update(state=Assignment.State.SCORING)
    receipts = _Saving(assignment, score, actor, now).save(entries)
    saved = sorted({receipt.criterion for receipt in receipts if receipt.saved_at == now})
    if saved:
        note([Line.about("reviews.score.save", assignment, after={"criteria": saved})])
    return receipts


@action("reviews.score.submit", requires=can_score, batch=True)
def submit_score(assignment: Assignment, *, revision: int | None = None, actor: Actor, now: dt.datetime) -> Score:
    """Hand the sheet in: from now on it changes only with a reason. Conflicts are looked for once more, the expert's own and the
    others': a sheet that must not count is kept and set aside, and a further expert asked. The last expert to hand in opens the
    panel's scores. ``revision`` is that of the sheet the expert was shown. Raises ScoringRefused, SheetIncomplete."""
    panel = lock_panel(assignment.panel)
    assignment = _fresh(assignment)
    _refuse_entering(assignment)
    score = Score.objects.filter(assignment=assignment).first()
    if score is not None and revision is not None and score.revision != revision:
        raise ScoringRefused(_("The sheet changed after you looked at it, perhaps on another device. Look at it once more."))
    _refuse_without_visit(panel)
    criteria = list(panel.rubric_version.criteria.all())
    given = given_in(score)
    lines = [criterion.line for criterion in criteria]
    faults = missing(lines, given)
    if faults or score is None:
        raise SheetIncomplete(faults)
    total = weighed(lines, points_in(given))
    handed_in = Score.objects.filter(pk=score.pk, state=Score.State.DRAFT).update(
        state=Score.State.SUBMITTED, submitted_at=now, total=total, revision=F("revision") + 1
    )
    seated = Assignment.objects.filter(pk=assignment.pk, state__in=ENTERING).update(state=Assignment.State.SUBMITTED)
    if not (handed_in and seated):
        raise ScoringRefused(_handed_in(score))
    note([Line.about("reviews.score.submit", assignment, after={"state": "submitted"})])
    look_at([panel], judging=True, actor=actor, now=now)
    settle(panel, why=Tally.Why.FURTHER, actor=actor, now=now)
    score.refresh_from_db()
    return score


@action("reviews.score.change", requires=can_score, batch=True)
def change_submitted(
    assignment: Assignment, *, entries: Sequence[EntryGiven], reason: str, actor: Actor, now: dt.datetime
) -> Score:
    """Change a sheet that was handed in, until the panel is closed. What stood before stays in the history, with the reason.
    Where scores are open they are counted anew. Raises ScoringRefused, SheetIncomplete, ReasonMissing."""
    reason = given_reason(reason, _("Reason: say why the points change after you handed them in; the chair reads it."))
    panel = lock_panel(assignment.panel)
    assignment = _fresh(assignment)
    score = Score.objects.filter(assignment=assignment, state=Score.State.SUBMITTED).first()
    if score is None:
        raise ScoringRefused(_("This sheet is not handed in yet: change it as it is."))
    saving = _Saving(assignment, score, actor, now, reason=reason)
    faults = {receipt.criterion: receipt.fault for receipt in saving.save(entries) if receipt.fault}
    lines = [criterion.line for criterion in saving.criteria.values()]
    given = given_in(score)
    faults = faults or missing(lines, given)
    if faults:
        raise SheetIncomplete(faults)
    if not saving.changed:
        raise ScoringRefused(_("Nothing differs from what you handed in."))
    Score.objects.filter(pk=score.pk).update(total=weighed(lines, points_in(given)), changed_at=now, revision=F("revision") + 1)
    note([Line.about("reviews.score.change", assignment, after={"criteria": sorted(saving.changed), "reason": reason})])
    settle(panel, why=Tally.Why.CHANGED, actor=actor, now=now)
    score.refresh_from_db()
    return score


class _Saving:
    """Several entries of one sheet, whose row is locked: each is kept, and the newest of a criterion stands."""

    def __init__(self, assignment: Assignment, score: Score, actor: Actor, now: dt.datetime, *, reason: str = "") -> None:
        self.score, self.actor, self.now, self.reason = score, actor, now, reason
        version = assignment.panel.rubric_version_id
        self.criteria = {criterion.code: criterion for criterion in Criterion.objects.filter(version_id=version)}
        self.standing = {entry.criterion_id: entry for entry in score.entries.all()}
        self.changed: set[str] = set()

    def save(self, entries: Sequence[EntryGiven]) -> list[Receipt]:
        before = {
            change.client_id: change for change in self.score.changes.filter(client_id__in=[one.client_id for one in entries])
        }
        receipts: list[Receipt] = []
        for entry in entries:
            if entry.client_id in before:
                kept = before[entry.client_id]
                receipts.append(Receipt(entry.client_id, entry.criterion, kept.saved_at, kept.stands))
                continue
            receipts.append(self._one(entry))
            if (last := receipts[-1]).saved_at is not None:
                before[entry.client_id] = ScoreChange(saved_at=last.saved_at, stands=last.stands)
        return receipts

    def _one(self, given: EntryGiven) -> Receipt:
        criterion = self.criteria.get(given.criterion)
        if criterion is None:
            return Receipt(
                given.client_id, given.criterion, None, False, _("This rubric has no such criterion. Open the page again.")
            )
        comment = _clean(given.comment)
        try:
            points = read_points(given.points, criterion.line) if given.points.strip() else None
        except PointsRefused as refused:
            return Receipt(given.client_id, given.criterion, None, False, str(refused))
        if len(comment) > COMMENT_LIMIT:
            fault = _("%(name)s: a comment has at most %(most)d characters; this one has %(count)d.") % {
                "name": name_of(criterion.line), "most": COMMENT_LIMIT, "count": len(comment),
            }  # fmt: skip
            return Receipt(given.client_id, given.criterion, None, False, fault)
        return self._keep(given, criterion, points, comment)

    def _keep(self, given: EntryGiven, criterion: Criterion, points: Decimal | None, comment: str) -> Receipt:
        entered_at = self.now - min(max(given.age, dt.timedelta(0)), OLDEST)
        standing = self.standing.get(criterion.pk)
        if standing is not None and (standing.points, standing.comment) == (points, comment):
            return Receipt(given.client_id, criterion.code, standing.saved_at)
        stands = standing is None or entered_at >= standing.entered_at
        ScoreChange.objects.create(
            score=self.score,
            criterion=criterion,
            client_id=given.client_id,
            points=points,
            comment=comment,
            entered_at=entered_at,
            saved_at=self.now,
            stands=stands,
            reason=self.reason,
            after_submission=bool(self.reason),
            saved_by=self.actor.id,
        )
        if stands:
            values = {
                "points": points,
                "comment": comment,
                "client_id": given.client_id,
                "entered_at": entered_at,
                "saved_at": self.now,
            }
            self.standing[criterion.pk], _new = ScoreEntry.objects.update_or_create(
                score=self.score, criterion=criterion, defaults=values
            )
            self.changed.add(criterion.code)
        return Receipt(given.client_id, criterion.code, self.now, stands)


def given_in(score: Score | None) -> dict[str, Given]:
    """What stands in a sheet, by criterion code. One query."""
    if score is None:
        return {}
    entries = score.entries.select_related("criterion")
    return {entry.criterion.code: Given(entry.points, entry.comment) for entry in entries}


def points_in(given: Mapping[str, Given]) -> dict[str, Decimal]:
    return {code: entry.points for code, entry in given.items() if entry.points is not None}


def _fresh(assignment: Assignment) -> Assignment:
    return Assignment.objects.select_related("panel__rubric_version").get(pk=assignment.pk)


def _refuse_entering(assignment: Assignment) -> None:
    """Raises ScoringRefused unless the seat is one in which points are being entered."""
    state, panel = assignment.state, assignment.panel
    if panel.state == Panel.State.CLOSED:
        day = timezone.localtime(panel.closed_at).date().isoformat() if panel.closed_at else ""
        raise ScoringRefused(_("This review was closed on %(day)s; nothing can be entered any more.") % {"day": day})
    if state == Assignment.State.SUBMITTED:
        raise ScoringRefused(_handed_in(Score.objects.filter(assignment=assignment).first()))
    if state == Assignment.State.ASKED:
        raise ScoringRefused(_("First say that you take this review and have no conflict of interest; then enter points."))
    if state not in ENTERING:
        raise ScoringRefused(_("This review is no longer yours: nothing you enter counts."))


def _handed_in(score: Score | None) -> str:
    when = timezone.localtime(score.submitted_at) if score is not None and score.submitted_at else None
    if when is None:
        return _("This sheet is handed in already. It changes only with a reason.")
    return _("You handed this sheet in on %(when)s. It changes only with a reason.") % {"when": f"{when:%Y-%m-%d %H:%M:%S}"}


def _refuse_without_visit(panel: Panel) -> None:
    if panel.rule.get("visit_required") and not panel.visits.filter(state=SiteVisit.State.HELD).exists():
        raise ScoringRefused(_("The rule of this review requires a site visit. Record the visit first; what you entered is kept."))


def _clean(comment: str) -> str:
    """With one kind of line end, without what no database takes."""
    text = comment.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode().strip()
