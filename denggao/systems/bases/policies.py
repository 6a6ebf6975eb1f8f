"""Who may see bases, act on them and appraise them. A base itself is public; what the office weighs is not."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.files.models import StoredFile
from denggao.foundation.plans.models import Part
from denggao.systems.bases.models import Appraisal, AppraisalCycle, AppraisalValue, Base, BaseAct

EVIDENCE = "bases.evidence"
OFFICE_ACTS = frozenset({BaseAct.Kind.SUSPEND, BaseAct.Kind.RESTORE, BaseAct.Kind.WITHDRAW, BaseAct.Kind.EXIT})


def manages(actor: Actor, base: Base) -> bool:
    """Whether the actor manages this base for its body (the office's own operator included)."""
    return actor.has(Role.BASE_MANAGER, organisation_id=base.organisation_id)


def visible_bases(actor: Actor) -> QuerySet[Base]:
    """With all that is kept on them: the office sees every base, a manager those of the own bodies, an authority those it
    accredits."""
    bases = Base.objects.select_related("organisation", "industry", "plan", "plaque")
    if actor.is_office:
        return bases
    mine = Q(organisation_id__in=actor.organisations_as(Role.BASE_MANAGER))
    authorities = actor.organisations_as(Role.AUTHORITY)
    if not authorities:
        return bases.filter(mine)
    accredits = Part.objects.filter(role=Part.Role.ACCREDIT, organisation_id__in=authorities)
    return bases.filter(mine | Q(plan_id__in=accredits.values("plan_id")))


def get_base_for(actor: Actor, public_id: uuid.UUID) -> Base:
    """Raises Http404, also where the base's file is none of the actor's business."""
    base = visible_bases(actor).filter(public_id=public_id).first()
    if base is None:
        raise Http404
    return base


def can_see_bases(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office or bool(actor.organisations_as(Role.BASE_MANAGER, Role.AUTHORITY))


# Acts


def can_propose_any(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER, Role.ADMINISTRATOR)


def can_ask_exit(actor: Actor, base: Any) -> bool:
    """A base leaves of its own accord: its manager asks, or the office for it on paper."""
    return isinstance(base, Base) and (manages(actor, base) or can_propose_any(actor))


def can_propose(actor: Actor, base: Any) -> bool:
    """Anything but an exit is the office's; which kind is meant, the action asks again."""
    return can_propose_any(actor) or can_ask_exit(actor, base)


def can_confirm(actor: Actor, _act: Any = None) -> bool:
    """The second person. That it is not the first one, the action says in a sentence of its own."""
    return actor.has(Role.APPROVER)


def can_call_off(actor: Actor, act: Any) -> bool:
    """Whoever proposed may take it back; the second person may dismiss it."""
    return can_confirm(actor) or (isinstance(act, BaseAct) and act.proposed_by == actor.id)


def visible_acts(actor: Actor) -> QuerySet[BaseAct]:
    """The office sees all. Who manages or accredits a base sees what was done to it, and what the own side asked for; what the
    office only weighs stays with the office."""
    acts = BaseAct.objects.select_related("base__organisation", "base__plan", "evidence", "appraisal")
    if actor.is_office:
        return acts
    told = Q(state=BaseAct.State.DONE) | Q(kind=BaseAct.Kind.EXIT) | Q(proposed_by=actor.id)
    return acts.filter(told, base__in=visible_bases(actor).values("pk"))


def get_act_for(actor: Actor, public_id: uuid.UUID) -> BaseAct:
    """Raises Http404."""
    act = visible_acts(actor).filter(public_id=public_id).first()
    if act is None:
        raise Http404
    return act


# Appraisal


def can_open_cycle(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER, Role.ADMINISTRATOR)


def can_grade(actor: Actor, _appraisal: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


def can_confirm_grade(actor: Actor, _appraisal: Any = None) -> bool:
    """The second person of a grade; that it is another one, the action says."""
    return actor.has(Role.APPROVER)


def can_see_cycles(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office


def can_fill(actor: Actor, subject: Any) -> bool:
    """The base's manager enters what the platform does not know."""
    if isinstance(subject, AppraisalValue):
        subject = subject.appraisal
    return isinstance(subject, Appraisal) and manages(actor, subject.base)


def visible_cycles(actor: Actor) -> QuerySet[AppraisalCycle]:
    cycles = AppraisalCycle.objects.select_related("plan")
    return cycles if can_see_cycles(actor) else cycles.none()


def get_cycle_for(actor: Actor, public_id: uuid.UUID) -> AppraisalCycle:
    """Raises Http404."""
    cycle = visible_cycles(actor).filter(public_id=public_id).first()
    if cycle is None:
        raise Http404
    return cycle


def visible_appraisals(actor: Actor) -> QuerySet[Appraisal]:
    """The office sees all; a manager those of the own bases. An authority sees grades once they are confirmed."""
    appraisals = Appraisal.objects.select_related("cycle__plan", "base__organisation", "base__industry")
    if actor.is_office:
        return appraisals
    return appraisals.filter(base__organisation_id__in=actor.organisations_as(Role.BASE_MANAGER))


def get_appraisal_for(actor: Actor, public_id: uuid.UUID) -> Appraisal:
    """Raises Http404."""
    appraisal = visible_appraisals(actor).filter(public_id=public_id).first()
    if appraisal is None:
        raise Http404
    return appraisal


def can_read_evidence(actor: Actor, stored: StoredFile) -> bool:
    """Files of the kind ``bases.evidence``: for the office, and for the managers of the base they belong to."""
    if actor.is_office:
        return True
    mine = actor.organisations_as(Role.BASE_MANAGER)
    if not mine:
        return False
    return (
        AppraisalValue.objects.filter(evidence=stored, appraisal__base__organisation_id__in=mine).exists()
        or Appraisal.objects.filter(remedy_file=stored, base__organisation_id__in=mine).exists()
        or visible_acts(actor).filter(evidence=stored).exists()
    )
