"""Who sees and records benefits: the person its own, the office. The employer sees nothing of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from denggao.engines.cases import policies as cases
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome, SavedAnswers


def own_person(actor: Actor) -> Person | None:
    return Person.objects.filter(account=actor.user).first() if actor.user is not None else None


def is_own(actor: Actor, subject: Any) -> bool:
    """Answers are the person's alone: the office does not read them."""
    person = subject.person if isinstance(subject, SavedAnswers) else subject
    return isinstance(person, Person) and actor.user is not None and person.account_id == actor.user.pk


def can_keep(actor: Actor, _case: Any) -> bool:
    """Whoever may submit the case: the engine has asked; a visitor never."""
    return actor.kind is not ActorKind.VISITOR


def can_follow(actor: Actor, _subject: Any = None) -> bool:
    """What follows from an act elsewhere (an award, a revocation) has that act's policy."""
    return actor.is_office


def can_record(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


def can_confirm(actor: Actor, _outcome: Any = None) -> bool:
    """The second person. That it is not the first one, the action says in a sentence of its own."""
    return actor.has(Role.APPROVER)


def can_call_off(actor: Actor, outcome: Any) -> bool:
    return can_confirm(actor) or (isinstance(outcome, BenefitOutcome) and outcome.proposed_by == actor.id)


def visible_benefits(actor: Actor) -> QuerySet[BenefitApplication]:
    """The office all but those it is in conflict with; a person the own ones."""
    found = BenefitApplication.objects.select_related("case", "person", "craftsman__order", "craftsman__employer")
    if actor.is_office:
        hidden = cases.hidden_cases(actor)
        return found.exclude(case__public_id__in=hidden).exclude(craftsman__case__public_id__in=hidden) if hidden else found
    if actor.user is None:
        return found.none()
    return found.filter(person__account=actor.user)


def get_benefit_for(actor: Actor, public_id: UUID) -> BenefitApplication:
    """Raises Http404."""
    found = visible_benefits(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_benefit_for_office(actor: Actor, public_id: UUID) -> BenefitApplication:
    """Raises Http404."""
    if not actor.is_office:
        raise Http404
    return get_benefit_for(actor, public_id)


def get_outcome_for(actor: Actor, public_id: UUID) -> BenefitOutcome:
    """For the office. Raises Http404."""
    found = (
        BenefitOutcome.objects.filter(public_id=public_id, application__in=visible_benefits(actor).values("pk"))
        .select_related("application__case", "application__person", "application__craftsman")
        .first()
    )
    if found is None or not actor.is_office:
        raise Http404
    return found
