"""Who puts craftsmen forward and reads their files: the office; a person sees the own candidacies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from denggao.engines.cases import policies as cases
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.files.models import StoredFile
from denggao.foundation.people.policies import can_unmask
from denggao.systems.craftsmen.lane.models import Candidacy, CandidacyOutcome, CandidateFile

LANE_FILE = "craftsmen.lane"


def can_keep(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


def can_take_whole_numbers(actor: Actor) -> bool:
    return can_keep(actor) and can_unmask(actor)


def can_follow(actor: Actor, _craftsman: Any = None) -> bool:
    """What follows from a revocation has that act's policy."""
    return actor.is_office


def can_confirm(actor: Actor, _outcome: Any = None) -> bool:
    """The second person. That it is not the first one, the action says in a sentence of its own."""
    return actor.has(Role.APPROVER)


def can_call_off(actor: Actor, outcome: Any) -> bool:
    return can_confirm(actor) or (isinstance(outcome, CandidacyOutcome) and outcome.proposed_by == actor.id)


def visible_candidacies(actor: Actor) -> QuerySet[Candidacy]:
    """The office all but those of cases it is in conflict with; a person the own ones."""
    found = Candidacy.objects.select_related("craftsman__person", "craftsman__employer", "craftsman__certificate", "hand_over")
    if actor.is_office:
        hidden = cases.hidden_cases(actor)
        return found.exclude(craftsman__case__public_id__in=hidden) if hidden else found
    if actor.user is None:
        return found.none()
    return found.filter(craftsman__person__account=actor.user)


def get_candidacy_for(actor: Actor, public_id: UUID) -> Candidacy:
    """Raises Http404."""
    found = visible_candidacies(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_candidacy_for_office(actor: Actor, public_id: UUID) -> Candidacy:
    """Raises Http404."""
    if not actor.is_office:
        raise Http404
    return get_candidacy_for(actor, public_id)


def get_outcome_for(actor: Actor, public_id: UUID) -> CandidacyOutcome:
    """For the office. Raises Http404."""
    found = (
        CandidacyOutcome.objects.filter(public_id=public_id, candidacy__in=visible_candidacies(actor).values("pk"))
        .select_related("candidacy__craftsman__person")
        .first()
    )
    if found is None or not actor.is_office:
        raise Http404
    return found


def can_read_file(actor: Actor, stored: StoredFile) -> bool:
    """A file with the whole document number only who may read one; another the office, and the person it is about."""
    found = CandidateFile.objects.filter(docx=stored) | CandidateFile.objects.filter(pdf=stored)
    made = (found | CandidateFile.objects.filter(package=stored)).select_related("candidacy").first()
    if made is None or not visible_candidacies(actor).filter(pk=made.candidacy_id).exists():
        return False
    return not made.whole_numbers or can_unmask(actor) or not actor.is_office
