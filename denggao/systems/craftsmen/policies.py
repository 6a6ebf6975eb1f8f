"""Who may see nominations and craftsmen, and act on them. What a craftsman publishes is the hall's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.engines.cases import policies as cases
from denggao.engines.cases.models import Case, Round
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.files.models import StoredFile
from denggao.systems.craftsmen.models import Craftsman, CraftsmanAct, CraftsmanQuerySet, Medal, NamingOrder, Nomination
from denggao.systems.craftsmen.queries import NOMINATION

EVIDENCE = "craftsmen.evidence"
ORDER_FILE = "craftsmen.order"
NOMINATORS = frozenset({Role.HR, Role.BASE_MANAGER})


def can_keep(actor: Actor, case: Any) -> bool:
    """Whoever may submit the case: the engine has asked; a visitor never."""
    return actor.kind is not ActorKind.VISITOR


# Rounds


def can_keep_terms(actor: Actor, _round: Any = None) -> bool:
    return cases.can_keep_rounds(actor)


def can_record_order(actor: Actor, _round: Any = None) -> bool:
    """The naming order is entered by a clerk or reviewer; who decides the cases is somebody else."""
    return actor.has(Role.CLERK, Role.REVIEWER)


def can_see_rounds(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office


def get_round_for(actor: Actor, public_id: UUID) -> Round:
    """A round of nominations, for the office. Raises Http404."""
    found = Round.objects.filter(public_id=public_id, procedure=NOMINATION).select_related("plan").first()
    if found is None or not can_see_rounds(actor):
        raise Http404
    return found


def get_own_list_for(actor: Actor, public_id: UUID) -> Round:
    """A round in which a body of the actor's has nominated. Raises Http404."""
    found = Round.objects.filter(public_id=public_id, procedure=NOMINATION).select_related("plan").first()
    if found is None or not may_order_own_list(actor, found):
        raise Http404
    return found


def may_order_own_list(actor: Actor, round_: Round) -> bool:
    """Whether a body of the actor's has nominated in a round."""
    bodies = actor.organisations_as(*NOMINATORS)
    return bool(bodies) and Case.objects.filter(round=round_, body_id__in=bodies).exists()


def can_order_list(actor: Actor, body_id: Any) -> bool:
    return isinstance(body_id, int) and body_id in actor.organisations_as(*NOMINATORS)


# Craftsmen


def visible_craftsmen(actor: Actor) -> CraftsmanQuerySet:
    """With all that is kept: the office sees all but those whose case it is in conflict with, an employer its own, a person the
    own title."""
    found = Craftsman.objects.select_related("person", "employer", "industry", "order", "certificate", "plan")
    if actor.is_office:
        hidden = cases.hidden_cases(actor)
        return found.exclude(case__public_id__in=hidden) if hidden else found
    condition = Q(employer_id__in=actor.organisations_as(Role.HR))
    if actor.user is not None:
        condition |= Q(person__account=actor.user)
    return found.filter(condition)


def get_craftsman_for(actor: Actor, public_id: UUID) -> Craftsman:
    """Raises Http404."""
    found = visible_craftsmen(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_craftsman_for_office(actor: Actor, public_id: UUID) -> Craftsman:
    """Raises Http404."""
    if not actor.is_office:
        raise Http404
    return get_craftsman_for(actor, public_id)


def can_see_craftsmen(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office or bool(actor.organisations_as(Role.HR))


def is_holder(actor: Actor, craftsman: Any) -> bool:
    return isinstance(craftsman, Craftsman) and actor.user is not None and craftsman.person.account_id == actor.user.pk


def can_name(actor: Actor, _case: Any) -> bool:
    """The engine brings a case here once it is decided; a reinstatement comes from its second person."""
    return actor.is_office


# Acts by two persons


def can_propose(actor: Actor, _craftsman: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


def can_confirm(actor: Actor, _act: Any = None) -> bool:
    """The second person. That it is not the first one, the action says in a sentence of its own."""
    return actor.has(Role.APPROVER)


def can_call_off(actor: Actor, act: Any) -> bool:
    """Whoever proposed may take it back; the second person may dismiss it."""
    return can_confirm(actor) or (isinstance(act, CraftsmanAct) and act.proposed_by == actor.id)


def visible_acts(actor: Actor) -> QuerySet[CraftsmanAct]:
    """The office's alone, until they are done: then the holder reads them on the own page."""
    acts = CraftsmanAct.objects.select_related("craftsman__person", "craftsman__order", "craftsman__plan", "evidence")
    if actor.is_office:
        return acts.filter(craftsman__in=visible_craftsmen(actor).values("pk"))
    if actor.user is None:
        return acts.none()
    return acts.filter(craftsman__person__account=actor.user, state=CraftsmanAct.State.DONE)


def get_act_for(actor: Actor, public_id: UUID) -> CraftsmanAct:
    """For the office. Raises Http404."""
    act = visible_acts(actor).filter(public_id=public_id).first() if actor.is_office else None
    if act is None:
        raise Http404
    return act


def can_keep_medals(actor: Actor, _medal: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


def get_medal_for(actor: Actor, public_id: UUID) -> Medal:
    """For the office. Raises Http404."""
    found = Medal.objects.select_related("craftsman__person", "craftsman__order").filter(public_id=public_id).first()
    if found is None or not visible_craftsmen(actor).filter(pk=found.craftsman_id).exists() or not actor.is_office:
        raise Http404
    return found


def can_read_evidence(actor: Actor, stored: StoredFile) -> bool:
    """Papers behind an act: the office's."""
    return visible_acts(actor).filter(evidence=stored).exists() and actor.is_office


def can_read_order(actor: Actor, stored: StoredFile) -> bool:
    """The scan of a naming order: the office, and who is named by it."""
    if actor.is_office:
        return True
    order = NamingOrder.objects.filter(file=stored).first()
    return order is not None and visible_craftsmen(actor).filter(order=order).exists()


def visible_nominations(actor: Actor) -> QuerySet[Nomination]:
    """Of cases the actor sees."""
    return Nomination.objects.filter(case__in=cases.visible_cases(actor).filter(procedure=NOMINATION).values("pk"))
