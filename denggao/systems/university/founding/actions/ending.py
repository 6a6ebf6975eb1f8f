"""The end of a university: proposed by one person and confirmed by another; university and ledger change in one transaction.
A school that closes or opens again has its universities counted anew."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.ledger.actions import recount_bodies
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actions import ReasonMissing, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.systems.university.founding import policies
from denggao.systems.university.founding.queries import universities_of_school
from denggao.systems.university.founding.telling import tell_act_decided, tell_act_proposed
from denggao.systems.university.models import School, University, UniversityAct

Kind, State = UniversityAct.Kind, UniversityAct.State
LEADS_TO = {Kind.WITHDRAW: University.State.WITHDRAWN, Kind.CLOSE: University.State.CLOSED}


class EndRefused(Refused):
    """This end can't be put to the university, or somebody came first."""


@action("university.end.propose", requires=policies.can_propose)
def propose_end(university: University, *, kind: str, reason: str, actor: Actor, now: dt.datetime) -> UniversityAct:
    """Propose that the founding be withdrawn, or the university closed. Nothing changes before a second person confirms.

    Raises ReasonMissing; EndRefused where it has ended, or another end waits for its second person.
    """
    reason = _reason(reason)
    university.refresh_from_db(fields=["state"])
    if university.state != University.State.FOUNDED or kind not in LEADS_TO:
        raise _ended(university)
    try:
        with transaction.atomic():
            act = UniversityAct.objects.create(
                university=university,
                kind=kind,
                reason=reason,
                proposed_by=actor.id,
                proposed_by_text=actor.text[:120],
                proposed_at=now,
            )
    except IntegrityError:
        raise EndRefused(
            _("Something else is proposed for this university and waits for a second person. Let it be decided first.")
        ) from None
    tell_act_proposed(act, now=now)
    return act


@action("university.end.confirm", requires=policies.can_confirm)
def confirm_end(act: UniversityAct, *, reason: str = "", actor: Actor, now: dt.datetime) -> UniversityAct:
    """Do what was proposed: the university ends today, and the count is taken back where it no longer holds. Raises EndRefused for
    whoever proposed it, and where it was decided or the university ended before."""
    if act.proposed_by == actor.id:
        raise EndRefused(_("Whoever proposed this may not confirm it: a second person must."))
    university = _held(act)
    _decide(act, State.DONE, reason, actor, now)
    before = snapshot(university)
    moved = University.objects.filter(pk=university.pk, state=University.State.FOUNDED).update(
        state=LEADS_TO[Kind(act.kind)], ended_on=max(localdate(now), university.founded_on)
    )
    university.refresh_from_db()
    if not moved:
        raise _ended(university)
    note([Line.about("university.founding.end", university, before=before, after=snapshot(university))])
    withdrawn = act.kind == Kind.WITHDRAW
    why = Entry.Reason.WITHDRAWN if withdrawn else Entry.Reason.FACTS_CHANGED
    recount_bodies({university.organisation_id}, actor=actor, now=now, reason=why)
    tell_act_decided(act, now=now)
    return act


@action("university.end.dismiss", requires=policies.can_call_off)
def dismiss_end(act: UniversityAct, *, reason: str, actor: Actor, now: dt.datetime) -> UniversityAct:
    """Say no to what was proposed, or take it back; the university stays. Raises ReasonMissing, EndRefused."""
    _held(act)
    _decide(act, State.DISMISSED, _reason(reason), actor, now)
    tell_act_decided(act, now=now)
    return act


def recount_schools(school: School, *, actor: Actor, now: dt.datetime) -> None:
    """What follows when a school closed or opened again, inside that act: whether its universities count is derived anew."""
    recount_bodies(set(universities_of_school(school).values_list("organisation_id", flat=True)), actor=actor, now=now)


def _reason(text: str) -> str:
    reason = " ".join(text.split())[:500]
    if not reason:
        raise ReasonMissing(_("Reason: say why, in a sentence. The leading body reads it."))
    return reason


def _ended(university: University) -> EndRefused:
    return EndRefused(_("This can’t be done: %(state)s.") % {"state": university.get_state_display()})


def _held(act: UniversityAct) -> University:
    """The university of an act, its row taken before the act's."""
    University.objects.filter(pk=act.university_id).update(state=F("state"))
    act.university.refresh_from_db()
    return act.university


def _decide(act: UniversityAct, state: str, reason: str, actor: Actor, now: dt.datetime) -> None:
    decided = UniversityAct.objects.filter(pk=act.pk, state=State.PROPOSED).update(
        state=state,
        decided_by=actor.id,
        decided_by_text=actor.text[:120],
        decided_at=now,
        decision_reason=" ".join(reason.split())[:500],
    )
    act.refresh_from_db()
    if not decided:
        raise EndRefused(_("This was decided before: %(state)s.") % {"state": act.get_state_display()})
