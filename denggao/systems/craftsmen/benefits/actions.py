"""Every write of this room: answers kept and deleted, an application's rows, its handing over, its outcome by two persons, and what
a revocation means for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases.actions.following import ground_fell
from denggao.engines.cases.models import Case
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.benefits import policies
from denggao.systems.craftsmen.benefits.gathering import plain, reckon, said_from, title_of
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome, SavedAnswers
from denggao.systems.craftsmen.benefits.telling import tell_ended, tell_outcome, tell_proposed, tell_review
from denggao.systems.craftsmen.models import Craftsman

BENEFIT = "benefit"
OFFICIAL = "zh-hans"
Outcome, Review, State = BenefitApplication.Outcome, BenefitApplication.Review, BenefitOutcome.State


class BenefitRefused(Refused):
    """This can't be done to the application, or somebody came first."""


# What a person tells the reckoner


@action("craftsmen.benefit.answers.save", requires=policies.is_own, batch=True)
def save_answers(person: Person, answers: Mapping[str, Any], *, actor: Actor, now: dt.datetime) -> SavedAnswers:
    """Keep what was told, in place of what was kept. PRIVACY: the record names no answer."""
    kept, _created = SavedAnswers.objects.update_or_create(person=person, defaults={"answers": dict(answers), "saved_at": now})
    note([Line.about("craftsmen.benefit.answers.save", kept, after=snapshot(kept))])
    return kept


@action("craftsmen.benefit.answers.forget", requires=policies.is_own, batch=True)
def forget_answers(person: Person, *, actor: Actor, now: dt.datetime) -> None:
    """Delete what was kept, for good. Deleting nothing changes nothing."""
    for kept in SavedAnswers.objects.filter(person=person):
        note([Line.about("craftsmen.benefit.answers.forget", kept, before=snapshot(kept))])
        kept.delete()


# An application


@action("craftsmen.benefit.keep", requires=policies.can_keep)
def keep_application(case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> BenefitApplication:
    """Write what was submitted, with the reckoning of this day, in place of an earlier submission. Raises BenefitRefused for who
    holds no title in force."""
    craftsman = title_of(case.person) if case.person is not None else None
    if craftsman is None or case.person is None:
        raise BenefitRefused(_("Benefits are applied for by craftsmen whose title is in force."))
    kind, declared = answers["benefit"]["kind"], dict(answers["declared"])
    today = localdate(now)
    with translation.override(OFFICIAL):
        reckoned = reckon(case.person, said_from(declared), today, known_on=today)
    fields = {
        "craftsman": craftsman,
        "person": case.person,
        "kind": kind,
        "declared": {**declared, "remark": answers["benefit"].get("remark") or ""},
        "reckoned": plain(reckoned[kind]) if kind in reckoned else {},
        "submitted_at": now,
    }
    kept, _created = BenefitApplication.objects.update_or_create(case=case, defaults=fields)
    return kept


@action("craftsmen.benefit.hand_over", requires=policies.can_follow)
def hand_over(case: Case, *, actor: Actor, now: dt.datetime) -> BenefitApplication:
    """Note that the office handed the application to the authority. Called again it changes nothing."""
    BenefitApplication.objects.filter(case=case, handed_over_on__isnull=True).update(handed_over_on=localdate(now))
    return BenefitApplication.objects.get(case=case)


# The outcome, by two persons


@action("craftsmen.benefit.outcome.propose", requires=policies.can_record)
def propose_outcome(
    application: BenefitApplication, *, result: str, document: str, decided_on: dt.date, actor: Actor, now: dt.datetime
) -> BenefitOutcome:
    """Enter what the authority's paper says. It holds once a second person confirms. Raises BenefitRefused."""
    document = " ".join(document.split())[:200]
    application.refresh_from_db(fields=["handed_over_on", "outcome"])
    if result not in {Outcome.GRANTED, Outcome.REFUSED}:
        raise BenefitRefused(_("Outcome: choose granted or refused."))
    if not document:
        raise BenefitRefused(_("Document: enter number or name of the authority’s paper."))
    if application.handed_over_on is None:
        raise BenefitRefused(_("This application was not handed over yet."))
    if not application.handed_over_on <= decided_on <= localdate(now):
        raise BenefitRefused(
            _("Day of the decision: it lies between the day of handing over (%(day)s) and today.")
            % {"day": application.handed_over_on.isoformat()}
        )
    if application.outcome != Outcome.NONE:
        raise BenefitRefused(_("An outcome is recorded already: %(outcome)s.") % {"outcome": application.get_outcome_display()})
    try:
        with transaction.atomic():
            proposed = BenefitOutcome.objects.create(
                application=application, result=result, document=document, decided_on=decided_on, proposed_by=actor.id,
                proposed_by_text=actor.text[:120], proposed_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise BenefitRefused(_("An outcome waits for its second person already.")) from None
    tell_proposed(proposed, now=now)
    return proposed


@action("craftsmen.benefit.outcome.confirm", requires=policies.can_confirm)
def confirm_outcome(proposed: BenefitOutcome, *, actor: Actor, now: dt.datetime) -> BenefitOutcome:
    """The second person confirms; the craftsman is told. What was marked for the authority after a revocation stays so unless it
    was refused. Raises BenefitRefused for the first person, and for who comes second."""
    if proposed.proposed_by == actor.id:
        raise BenefitRefused(_("Whoever entered this may not confirm it: a second person must."))
    application = proposed.application
    before = snapshot(application)
    fields = {"outcome": proposed.result, "outcome_on": proposed.decided_on, "outcome_document": proposed.document}
    taken = BenefitApplication.objects.filter(pk=application.pk, outcome=Outcome.NONE).update(**fields)
    _answer(proposed, State.CONFIRMED, "", actor, now)
    if not taken:
        raise BenefitRefused(_("An outcome is recorded already."))
    application.refresh_from_db()
    if proposed.result == Outcome.REFUSED and application.review == Review.DUE:
        BenefitApplication.objects.filter(pk=application.pk).update(review=Review.NONE, review_reason="")
        application.refresh_from_db()
    note([Line.about("craftsmen.benefit.outcome.record", application, before=before, after=snapshot(application))])
    tell_outcome(application, now=now)
    return proposed


@action("craftsmen.benefit.outcome.dismiss", requires=policies.can_call_off)
def dismiss_outcome(proposed: BenefitOutcome, *, reason: str, actor: Actor, now: dt.datetime) -> BenefitOutcome:
    """Say no to what was entered, or take it back. Raises BenefitRefused."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise BenefitRefused(_("Reason: say why, in a sentence."))
    _answer(proposed, State.DISMISSED, reason, actor, now)
    return proposed


def _answer(proposed: BenefitOutcome, state: str, remark: str, actor: Actor, now: dt.datetime) -> None:
    answered = BenefitOutcome.objects.filter(pk=proposed.pk, state=State.PROPOSED).update(
        state=state, remark=remark, answered_by=actor.id, answered_by_text=actor.text[:120], answered_at=now
    )
    proposed.refresh_from_db()
    if not answered:
        raise BenefitRefused(_("This was answered before: %(state)s.") % {"state": proposed.get_state_display()})


# After a revocation


@action("craftsmen.benefit.revoked", requires=policies.can_follow, batch=True)
def title_revoked(craftsman: Craftsman, *, reason: str, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    """Open applications end with a sentence; what was handed over and not refused is marked for the authority. Nothing goes."""
    _end_open(craftsman, actor=actor, now=now)
    marked = []
    due = BenefitApplication.objects.filter(craftsman=craftsman, handed_over_on__isnull=False, review=Review.NONE)
    for application in due.exclude(outcome=Outcome.REFUSED).select_related("case", "person"):
        before = snapshot(application)
        BenefitApplication.objects.filter(pk=application.pk).update(
            review=Review.DUE, review_reason=_("The title was revoked on %(day)s.") % {"day": on.isoformat()}
        )
        application.refresh_from_db()
        note([Line.about("craftsmen.benefit.review", application, before=before, after=snapshot(application))])
        marked.append(application)
    if marked:
        tell_review(marked, now=now)


def _end_open(craftsman: Craftsman, *, actor: Actor, now: dt.datetime) -> None:
    """Those that rest on this title. A draft stays: it can't be handed in without a title."""
    for case in list(Case.objects.standing().filter(procedure=BENEFIT, benefit__craftsman=craftsman)):
        ground_fell(
            case,
            reason=_("The title this application rests on was revoked. Once it is given back, you can apply anew."),
            facts={"craftsman": str(craftsman.public_id)},
            actor=actor,
            now=now,
        )
        tell_ended(case, now=now)


@action("craftsmen.benefit.review.told", requires=policies.can_record)
def note_told(application: BenefitApplication, *, how: str, actor: Actor, now: dt.datetime) -> BenefitApplication:
    """The authority was told that the title is gone: by which letter, to whom. Raises BenefitRefused."""
    how = " ".join(how.split())[:300]
    if not how:
        raise BenefitRefused(_("How: say by which letter, to whom and when the authority was told."))
    told = BenefitApplication.objects.filter(pk=application.pk, review=Review.DUE).update(review=Review.TOLD, reviewed_note=how)
    application.refresh_from_db()
    if not told:
        raise BenefitRefused(_("Nothing of this application is to be reviewed."))
    return application
