"""Every write of the fast lane: craftsmen put forward, their files made, handed over, the outcome by two persons, and what a
revocation means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import NotAllowed, ReasonMissing, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.actions import store_file
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.jobs.models import Job
from denggao.foundation.people.actions import unmask_document
from denggao.systems.craftsmen.lane import policies
from denggao.systems.craftsmen.lane.content import content_of, document_of, evidence_of, hash_of, nomination_snapshot
from denggao.systems.craftsmen.lane.models import Candidacy, CandidacyOutcome, CandidateFile, HandOver, Selection
from denggao.systems.craftsmen.lane.packing import Package, index_of, names_of, pdf_document, word_document
from denggao.systems.craftsmen.lane.telling import tell_candidate, tell_proposed, tell_to_tell
from denggao.systems.craftsmen.models import Craftsman

State = Candidacy.State
PREPARE_JOB = "craftsmen.lane.prepare"
PACKAGE_LIMIT = 4 * 1024 * 1024 * 1024


class LaneRefused(Refused):
    """This can't be done to the candidacy, or somebody came first."""


@dataclass
class Proposed:
    """Who was put forward, and who was not with the reason."""

    made: list[Candidacy] = field(default_factory=list)
    refused: list[tuple[Craftsman, str]] = field(default_factory=list)


@action("craftsmen.lane.propose", requires=policies.can_keep, batch=True)
def propose_candidates(
    craftsmen: Sequence[Craftsman], *, selection: str, year: int, recommendation: str = "", actor: Actor, now: dt.datetime
) -> Proposed:
    """Put craftsmen forward for a selection of a year. Who can't be is told with the reason; the others are. Raises LaneRefused
    for a selection or year there is not."""
    if selection not in Selection.values:
        raise LaneRefused(_("Selection: choose one of the list."))
    if not 2016 <= year <= localdate(now).year + 1:
        raise LaneRefused(_("Year: choose one from 2016 to next year."))
    done = Proposed()
    for craftsman in craftsmen:
        if not craftsman.is_in_force:
            done.refused.append((craftsman, _("The title is not in force.")))
            continue
        candidacy = Candidacy(
            craftsman=craftsman, selection=selection, year=year, recommendation=recommendation.strip()[:600], proposed_by=actor.id,
            proposed_by_text=actor.text[:120], proposed_at=now, changed_at=now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                candidacy.save(force_insert=True)
        except IntegrityError:
            done.refused.append((craftsman, _("Put forward for this selection and year already.")))
            continue
        note([Line.about("craftsmen.lane.propose", candidacy, after=snapshot(candidacy))])
        tell_candidate(candidacy, "proposed", now=now)
        done.made.append(candidacy)
    return done


# The file


@action("craftsmen.lane.prepare", requires=policies.can_keep, batch=True)
def ask_for_files(candidacies: Sequence[Candidacy], *, whole_reason: str = "", actor: Actor, now: dt.datetime) -> Job:
    """Ask for the files to be made in the background. ``whole_reason`` says why the whole document number is needed; without it the
    number stays masked. Raises NotAllowed for who may not read whole numbers, LaneRefused where none is open."""
    if whole_reason.strip() and not policies.can_take_whole_numbers(actor):
        raise NotAllowed("craftsmen.lane.prepare")
    open_ = [one for one in candidacies if one.is_open]
    if not open_:
        raise LaneRefused(_("Choose candidacies that are under way."))
    arguments = {"candidacies": [str(one.public_id) for one in open_], "whole": whole_reason.strip()[:300]}
    for one in open_:
        note([Line.about("craftsmen.lane.prepare", one, after={"whole": bool(whole_reason.strip())})])
    return enqueue(PREPARE_JOB, arguments, link="/craftsmen/lane/", actor=actor, now=now)


@action("craftsmen.lane.file.make", requires=policies.can_keep, batch=True)
def make_file(candidacy: Candidacy, *, whole_reason: str = "", actor: Actor, now: dt.datetime) -> tuple[CandidateFile, bool]:
    """Make document, PDF and package from what is kept now: the next version, or the latest where nothing changed. Returns it, and
    whether it is new. Raises LaneRefused where the candidacy has ended, GlyphMissing, ReasonMissing."""
    # Two at once make one version after the other.
    Candidacy.objects.filter(pk=candidacy.pk).update(changed_at=F("changed_at"))
    candidacy.refresh_from_db()
    if not candidacy.is_open:
        raise LaneRefused(_("This candidacy has ended: %(state)s.") % {"state": candidacy.get_state_display()})
    craftsman, number = candidacy.craftsman, ""
    document = document_of(craftsman)
    if document is not None:
        whole = bool(whole_reason)
        number = unmask_document(document, reason=whole_reason, actor=actor, now=now) if whole else document.masked_number
    content = content_of(candidacy, number=number, on=localdate(now))
    content_hash = hash_of(content)
    known = candidacy.files.filter(content_hash=content_hash).first()
    if known is not None:
        return known, False
    return _made(candidacy, content, content_hash, whole=bool(whole_reason), actor=actor, now=now), True


def _made(
    candidacy: Candidacy, content: dict[str, object], content_hash: str, *, whole: bool, actor: Actor, now: dt.datetime
) -> CandidateFile:
    frozen = nomination_snapshot(candidacy.craftsman.case)
    evidence = evidence_of(frozen) if frozen is not None else []
    version = (candidacy.files.order_by("-version").values_list("version", flat=True).first() or 0) + 1
    name = (
        f"{candidacy.year}-{candidacy.craftsman.certificate.number if candidacy.craftsman.certificate else candidacy.pk}-v{version}"
    )
    word, pdf = word_document(content, content_hash), pdf_document(content, content_hash, at=now)
    kept = {}
    for ending, data in (("docx", word), ("pdf", pdf)):
        kept[ending] = store_file(f"{name}.{ending}", data, kind=policies.LANE_FILE, actor=actor, now=now)
    names = names_of(evidence)
    entries = [(f"{name}.{ending}", one.size, one.sha256) for ending, one in kept.items()]
    entries += [(inside, one.size, one.sha256) for inside, one in zip(names, evidence, strict=True)]
    made = [(f"{name}.docx", word), (f"{name}.pdf", pdf), ("00_index.xlsx", index_of(entries))]
    package = store_file(
        f"{name}.zip", Package(made, list(zip(names, evidence, strict=True))), kind=policies.LANE_FILE, limit=PACKAGE_LIMIT,
        actor=actor, now=now,
    )  # fmt: skip
    file = CandidateFile.objects.create(
        candidacy=candidacy, version=version, content=content, content_hash=content_hash, whole_numbers=whole,
        docx=kept["docx"], pdf=kept["pdf"], package=package, evidence_count=len(evidence), made_by=actor.id,
        made_by_text=actor.text[:120], made_at=now,
    )  # fmt: skip
    note([Line.about("craftsmen.lane.file.make", file, after=snapshot(file))])
    if Candidacy.objects.filter(pk=candidacy.pk, state=State.PROPOSED).update(state=State.PREPARED, changed_at=now):
        candidacy.refresh_from_db()
        note([Line.about("craftsmen.lane.prepared", candidacy, before={"state": State.PROPOSED}, after={"state": State.PREPARED})])
    return file


# Handing over, outcome


@action("craftsmen.lane.hand_over", requires=policies.can_keep, batch=True)
def hand_over(
    candidacies: Sequence[Candidacy], *, document: str, recipient: str, on: dt.date, actor: Actor, now: dt.datetime
) -> HandOver:
    """Hand candidates over with one letter: all of those given, or none. Raises LaneRefused."""
    document, recipient = " ".join(document.split())[:120], " ".join(recipient.split())[:160]
    if not document or not recipient:
        raise LaneRefused(_("Document and recipient: enter both."))
    if on > localdate(now):
        raise LaneRefused(_("Day: it lies ahead."))
    if not candidacies:
        raise LaneRefused(_("Choose at least one candidate."))
    try:
        with transaction.atomic():
            letter = HandOver.objects.create(
                document=document, recipient=recipient, handed_over_on=on, recorded_by=actor.id,
                recorded_by_text=actor.text[:120], recorded_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise LaneRefused(_("Document: a letter of this number is recorded already.")) from None
    ids = [one.pk for one in candidacies]
    taken = Candidacy.objects.filter(pk__in=ids, state=State.PREPARED).update(
        state=State.HANDED_OVER, hand_over=letter, changed_at=now
    )
    if taken != len(ids):
        raise LaneRefused(
            _("%(count)s of those chosen have no file ready, or moved on meanwhile. Prepare the files first.")
            % {"count": len(ids) - taken}
        )
    note([Line.about("craftsmen.lane.letter", letter, after=snapshot(letter))])
    for one in candidacies:
        one.refresh_from_db()
        note([Line.about("craftsmen.lane.hand_over", one, before={"state": State.PREPARED}, after=snapshot(one))])
        tell_candidate(one, "handed_over", now=now)
    return letter


@action("craftsmen.lane.outcome.propose", requires=policies.can_keep)
def propose_outcome(
    candidacy: Candidacy, *, accepted: bool, decided_on: dt.date, document: str, actor: Actor, now: dt.datetime
) -> CandidacyOutcome:
    """Enter what the city decided. It holds once a second person confirms. Raises LaneRefused."""
    document = " ".join(document.split())[:200]
    candidacy.refresh_from_db()
    if candidacy.state != State.HANDED_OVER or candidacy.hand_over is None:
        raise LaneRefused(_("This can’t be decided: the candidacy is %(state)s.") % {"state": candidacy.get_state_display()})
    if not document:
        raise LaneRefused(_("Document: enter number or name of the city’s decision."))
    first = candidacy.hand_over.handed_over_on
    if not first <= decided_on <= localdate(now):
        raise LaneRefused(
            _("Day of the decision: it lies between the day of handing over (%(day)s) and today.") % {"day": first.isoformat()}
        )
    try:
        with transaction.atomic():
            proposed = CandidacyOutcome.objects.create(
                candidacy=candidacy, accepted=accepted, decided_on=decided_on, document=document, proposed_by=actor.id,
                proposed_by_text=actor.text[:120], proposed_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise LaneRefused(_("An outcome waits for its second person already.")) from None
    tell_proposed(proposed, now=now)
    return proposed


@action("craftsmen.lane.outcome.confirm", requires=policies.can_confirm)
def confirm_outcome(proposed: CandidacyOutcome, *, actor: Actor, now: dt.datetime) -> CandidacyOutcome:
    """The second person confirms; the candidate is told. Raises LaneRefused for the first person, and for who comes second."""
    if proposed.proposed_by == actor.id:
        raise LaneRefused(_("Whoever entered this may not confirm it: a second person must."))
    candidacy = proposed.candidacy
    before = snapshot(candidacy)
    state = State.ACCEPTED if proposed.accepted else State.NOT_ACCEPTED
    taken = Candidacy.objects.filter(pk=candidacy.pk, state=State.HANDED_OVER).update(
        state=state, decided_on=proposed.decided_on, document=proposed.document, changed_at=now
    )
    _answer(proposed, CandidacyOutcome.State.CONFIRMED, "", actor, now)
    candidacy.refresh_from_db()
    if not taken:
        raise LaneRefused(_("This can’t be decided: the candidacy is %(state)s.") % {"state": candidacy.get_state_display()})
    note([Line.about("craftsmen.lane.decided", candidacy, before=before, after=snapshot(candidacy))])
    tell_candidate(candidacy, str(state), now=now)
    return proposed


@action("craftsmen.lane.outcome.dismiss", requires=policies.can_call_off)
def dismiss_outcome(proposed: CandidacyOutcome, *, reason: str, actor: Actor, now: dt.datetime) -> CandidacyOutcome:
    """Say no to what was entered, or take it back. Raises ReasonMissing, LaneRefused."""
    _answer(proposed, CandidacyOutcome.State.DISMISSED, _reason(reason), actor, now)
    return proposed


def _answer(proposed: CandidacyOutcome, state: str, remark: str, actor: Actor, now: dt.datetime) -> None:
    answered = CandidacyOutcome.objects.filter(pk=proposed.pk, state=CandidacyOutcome.State.PROPOSED).update(
        state=state, remark=remark, answered_by=actor.id, answered_by_text=actor.text[:120], answered_at=now
    )
    proposed.refresh_from_db()
    if not answered:
        raise LaneRefused(_("This was answered before: %(state)s.") % {"state": proposed.get_state_display()})


# Ends


@action("craftsmen.lane.withdraw", requires=policies.can_keep)
def withdraw(candidacy: Candidacy, *, reason: str, actor: Actor, now: dt.datetime) -> Candidacy:
    """Take a candidacy back before it is decided. Raises ReasonMissing, LaneRefused."""
    _withdraw(candidacy, _reason(reason), now=now)
    return candidacy


def _withdraw(candidacy: Candidacy, reason: str, *, now: dt.datetime) -> None:
    taken = Candidacy.objects.filter(pk=candidacy.pk, state__in=[State.PROPOSED, State.PREPARED, State.HANDED_OVER]).update(
        state=State.WITHDRAWN, withdrawn_reason=reason, changed_at=now
    )
    candidacy.refresh_from_db()
    if not taken:
        raise LaneRefused(_("This candidacy has ended: %(state)s.") % {"state": candidacy.get_state_display()})
    CandidacyOutcome.objects.filter(candidacy=candidacy, state=CandidacyOutcome.State.PROPOSED).update(
        state=CandidacyOutcome.State.DISMISSED, remark=reason, answered_by="system", answered_by_text="", answered_at=now
    )
    tell_candidate(candidacy, "withdrawn", now=now)


@action("craftsmen.lane.revoked", requires=policies.can_follow, batch=True)
def title_revoked(craftsman: Craftsman, *, reason: str, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    """Open candidacies are withdrawn; of those handed over, decided ones too, whoever has the file is to be told."""
    why = _("The title was revoked on %(day)s.") % {"day": on.isoformat()}
    for candidacy in Candidacy.objects.filter(craftsman=craftsman).exclude(state__in=[State.WITHDRAWN, State.NOT_ACCEPTED]):
        before = snapshot(candidacy)
        if candidacy.is_open:
            _withdraw(candidacy, why, now=now)
        if candidacy.hand_over_id is not None:
            Candidacy.objects.filter(pk=candidacy.pk).update(told_due=True, changed_at=now)
            tell_to_tell(candidacy, now=now)
        candidacy.refresh_from_db()
        note([Line.about("craftsmen.lane.revoked", candidacy, before=before, after=snapshot(candidacy))])


@action("craftsmen.lane.told", requires=policies.can_keep)
def note_told(candidacy: Candidacy, *, how: str, actor: Actor, now: dt.datetime) -> Candidacy:
    """Whoever has the file was told that the title is gone. Raises LaneRefused."""
    how = " ".join(how.split())[:300]
    if not how:
        raise LaneRefused(_("How: say by which letter, to whom and when they were told."))
    told = Candidacy.objects.filter(pk=candidacy.pk, told_due=True).update(told_due=False, told_note=how, changed_at=now)
    candidacy.refresh_from_db()
    if not told:
        raise LaneRefused(_("Nobody is to be told of this candidacy."))
    return candidacy


def _reason(text: str) -> str:
    reason = " ".join(text.split())[:300]
    if not reason:
        raise ReasonMissing(_("Reason: say why, in a sentence."))
    return reason
