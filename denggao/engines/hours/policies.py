"""Whose hours are whose business. A person sees the own, the office all; teachers those earned in their school, and whoever
a room above lets (``registry.plug_hours_sight``)."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from denggao.engines.hours.models import Finding, Fix, HourEntry, Sitting
from denggao.engines.hours.registry import sights
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.files.models import StoredFile
from denggao.foundation.people.models import Person

JUDGES = (Role.CLERK, Role.REVIEWER, Role.APPROVER)
"""Who looks into findings."""
FIX_FILE = "hours.fix"
T = TypeVar("T", bound=Model)


def can_sit(actor: Actor, person: object) -> bool:
    """Time is earned by the person's own account alone."""
    if not isinstance(person, Person):
        return False
    return actor.is_operator or (actor.user is not None and person.account_id == actor.user.pk)


def is_machine(actor: Actor, _subject: object = None) -> bool:
    """What the product does by itself: beats arrive without a session."""
    return actor.is_operator


def can_count(actor: Actor, _subject: object = None) -> bool:
    """Hours from another source are written by the room that knows the source, in an act with its own policy."""
    return actor.kind != ActorKind.VISITOR


def visible(actor: Actor, queryset: QuerySet[T]) -> QuerySet[T]:
    """Of sittings, entries or fixes those the actor may see."""
    if actor.is_office:
        return queryset
    if actor.kind not in {ActorKind.ACCOUNT, ActorKind.TOKEN}:
        return queryset.none()
    allowed = Q(organisation_id__in=actor.organisations_as(Role.TEACHER))
    if actor.kind == ActorKind.TOKEN:
        # A token acts as HR of its organisation: what a school's programs read is what was earned there.
        allowed |= Q(organisation_id__in=actor.organisations_as(Role.HR))
    if actor.user is not None:
        allowed |= Q(person__account=actor.user)
    for sight in sights():
        condition = sight(actor)
        if condition is not None:
            allowed |= condition
    return queryset.filter(allowed)


def visible_sittings(actor: Actor) -> QuerySet[Sitting]:
    return visible(actor, Sitting.objects.all())


def visible_entries(actor: Actor) -> QuerySet[HourEntry]:
    return visible(actor, HourEntry.objects.all())


def visible_fixes(actor: Actor) -> QuerySet[Fix]:
    return visible(actor, Fix.objects.all())


def visible_findings(actor: Actor) -> QuerySet[Finding]:
    """Doubts are the office's until they are settled: neither the person nor a school sees them."""
    return Finding.objects.all() if actor.is_office else Finding.objects.none()


def own_person(actor: Actor) -> Person | None:
    return Person.objects.filter(account=actor.user).first() if actor.user is not None else None


def get_learner_for(actor: Actor, public_id: UUID) -> Person:
    """Somebody of whose hours the actor may see some; the office sees everybody. Raises Http404."""
    person = Person.objects.filter(public_id=public_id).first()
    if person is None:
        raise Http404
    if actor.is_office or can_sit(actor, person):
        return person
    if not (visible_entries(actor).filter(person=person).exists() or visible_sittings(actor).filter(person=person).exists()):
        raise Http404
    return person


def get_sitting_for(actor: Actor, public_id: UUID) -> Sitting:
    """Raises Http404."""
    found = visible_sittings(actor).select_related("person", "organisation").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def can_ask_fix(actor: Actor, person: object) -> bool:
    """The office's clerks and reviewers; a teacher for hours in the own school (the action checks which)."""
    return (
        isinstance(person, Person)
        and not is_own(actor, person)
        and (actor.has(*JUDGES) or bool(actor.organisations_as(Role.TEACHER)))
    )


def can_answer_fix(actor: Actor, fix: object) -> bool:
    """Any of those who may ask, but not who asked, and not the person whose hours they are."""
    if not isinstance(fix, Fix) or fix.asked_by == actor.id or is_own(actor, fix.person):
        return False
    return actor.has(*JUDGES) or (fix.organisation_id is not None and actor.has(Role.TEACHER, organisation_id=fix.organisation_id))


def can_judge(actor: Actor, finding: object = None) -> bool:
    """Clear a finding, or propose to uphold it."""
    return actor.has(*JUDGES) and not (isinstance(finding, Finding) and is_own(actor, finding.person))


def can_confirm(actor: Actor, finding: object) -> bool:
    """Uphold what a colleague proposed."""
    return isinstance(finding, Finding) and can_judge(actor, finding) and finding.asked_by != actor.id


def is_own(actor: Actor, person: Person) -> bool:
    return actor.user is not None and person.account_id == actor.user.pk


def get_fix_for(actor: Actor, public_id: UUID) -> Fix:
    """Raises Http404."""
    found = visible_fixes(actor).select_related("person", "organisation", "file", "entry").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_finding_for(actor: Actor, public_id: UUID) -> Finding:
    """Raises Http404."""
    found = visible_findings(actor).select_related("person").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def can_read_fix_file(actor: Actor, stored: StoredFile) -> bool:
    """The paper behind a fix: who sees the fix, the person it is about included."""
    return visible_fixes(actor).filter(file=stored).exists()
