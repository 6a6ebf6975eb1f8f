"""Who may see studios, keep what they do, and act on them. A studio is public; its people are named only as they agreed."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.files.models import StoredFile
from denggao.systems.craftsmen.studios.models import (
    Alliance,
    AllianceMembership,
    Project,
    Result,
    Studio,
    StudioAct,
    StudioMember,
    StudioOrder,
    Visit,
    VisitPhoto,
)

EVIDENCE = "studios.evidence"
PHOTO = "studios.photo"
OF_THE_EMPLOYER = (Role.HR, Role.BASE_MANAGER)
OFFICE_KEEPERS = (Role.CLERK, Role.REVIEWER, Role.ADMINISTRATOR)


def led_by(actor: Actor, studio: Studio) -> bool:
    return actor.user is not None and studio.leader.is_in_force and studio.leader.person.account_id == actor.user.pk


def employs(actor: Actor, studio: Studio) -> bool:
    """Whether the actor keeps the employer's affairs (the operator included)."""
    return actor.has(*OF_THE_EMPLOYER, organisation_id=studio.organisation_id)


def can_keep(actor: Actor, subject: Any) -> bool:
    """What a studio does is kept by its employer and by the craftsman who leads it, while it stands."""
    studio = studio_of(subject)
    return studio is not None and (employs(actor, studio) or led_by(actor, studio))


def studio_of(subject: Any) -> Studio | None:
    if isinstance(subject, Studio):
        return subject
    studio = getattr(subject, "studio", None)
    return studio if isinstance(studio, Studio) else None


def works_in(actor: Actor) -> Q:
    """Studios in which the actor leads, works, or is asked to."""
    if actor.user is None:
        return Q(pk__in=[])
    mine = StudioMember.objects.filter(person__account=actor.user, to_on__isnull=True)
    return Q(leader__person__account=actor.user) | Q(pk__in=mine.values("studio_id"))


def visible_studios(actor: Actor) -> QuerySet[Studio]:
    """With what is kept on them: the office sees all, an employer its own, whoever works in one that one."""
    studios = Studio.objects.select_related("organisation", "industry", "plan", "plaque", "leader__person", "order", "case")
    if actor.is_office:
        return studios
    if actor.kind is ActorKind.VISITOR:
        return studios.none()
    return studios.filter(Q(organisation_id__in=actor.organisations_as(*OF_THE_EMPLOYER)) | works_in(actor))


def get_studio_for(actor: Actor, public_id: uuid.UUID) -> Studio:
    """Raises Http404, also where the studio's file is none of the actor's business."""
    studio = visible_studios(actor).filter(public_id=public_id).first()
    if studio is None:
        raise Http404
    return studio


def can_see_list(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office or bool(actor.organisations_as(*OF_THE_EMPLOYER)) or visible_studios(actor).exists()


# Naming and acts


def can_record_order(actor: Actor, _round: Any = None) -> bool:
    return actor.has(*OFFICE_KEEPERS)


def visible_orders(actor: Actor) -> QuerySet[StudioOrder]:
    orders = StudioOrder.objects.select_related("round__plan", "file")
    return orders if actor.is_office else orders.none()


def can_propose_any(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(*OFFICE_KEEPERS)


def can_propose(actor: Actor, studio: Any) -> bool:
    """The office; the employer may ask that its own be given up, or led by another of its craftsmen."""
    return can_propose_any(actor) or (isinstance(studio, Studio) and employs(actor, studio))


def may_propose(actor: Actor, studio: Studio, kind: str) -> bool:
    if can_propose_any(actor):
        return True
    return kind in {StudioAct.Kind.UNNAME, StudioAct.Kind.LEAD} and employs(actor, studio)


def can_confirm(actor: Actor, _act: Any = None) -> bool:
    """The second person. That it is not the first one, the action says in a sentence of its own."""
    return actor.has(Role.APPROVER)


def can_call_off(actor: Actor, act: Any) -> bool:
    """Whoever proposed may take it back; the second person may dismiss it."""
    return can_confirm(actor) or (isinstance(act, StudioAct) and act.proposed_by == actor.id)


def visible_acts(actor: Actor) -> QuerySet[StudioAct]:
    """The office sees all. The employer sees what was done, and what its own side asked for; what the office only weighs stays with
    the office."""
    acts = StudioAct.objects.select_related("studio__organisation", "studio__leader__person", "evidence", "leader__person")
    if actor.is_office:
        return acts
    own = Studio.objects.filter(organisation_id__in=actor.organisations_as(*OF_THE_EMPLOYER))
    return acts.filter(Q(state=StudioAct.State.DONE) | Q(proposed_by=actor.id), studio__in=own.values("pk"))


def get_act_for(actor: Actor, public_id: uuid.UUID) -> StudioAct:
    """Raises Http404."""
    act = visible_acts(actor).filter(public_id=public_id).first()
    if act is None:
        raise Http404
    return act


# Members


def is_self(actor: Actor, member: Any) -> bool:
    return isinstance(member, StudioMember) and actor.user is not None and member.person.account_id == actor.user.pk


def can_end_membership(actor: Actor, member: Any) -> bool:
    return is_self(actor, member) or can_keep(actor, member)


def get_member_for(actor: Actor, public_id: uuid.UUID) -> StudioMember:
    """The person asked, the studio's keepers and the office. Raises Http404."""
    found = StudioMember.objects.select_related("studio__organisation", "studio__leader__person", "person")
    member = found.filter(public_id=public_id).first()
    if member is None or not (is_self(actor, member) or can_keep(actor, member) or actor.is_office):
        raise Http404
    return member


def memberships_to_answer(actor: Actor) -> QuerySet[StudioMember]:
    """What asks for the actor's own yes."""
    asked = StudioMember.objects.filter(confirmed_at__isnull=True, to_on__isnull=True)
    return asked.filter(person__account=actor.user) if actor.user is not None else asked.none()


# What a studio does


def get_project_for(actor: Actor, public_id: uuid.UUID) -> Project:
    """Raises Http404."""
    project = Project.objects.select_related("studio__leader__person", "studio__organisation").filter(public_id=public_id).first()
    if project is None or not can_keep(actor, project):
        raise Http404
    return project


def can_confirm_result(actor: Actor, result: Any) -> bool:
    """A second person of the employer's side or of the office: that it is not who reported it, the action says."""
    if not isinstance(result, Result):
        return False
    return actor.has(Role.CLERK, Role.REVIEWER) or employs(actor, result.studio)


def get_result_for(actor: Actor, public_id: uuid.UUID) -> Result:
    """Raises Http404."""
    found = Result.objects.select_related("studio__leader__person", "studio__organisation", "project", "proof")
    result = found.filter(public_id=public_id).first()
    if result is None or not (can_keep(actor, result) or actor.is_office):
        raise Http404
    return result


def can_read_evidence(actor: Actor, stored: StoredFile) -> bool:
    """Proofs, papers of acts and orders: for the office, and for who keeps the studio they belong to."""
    if actor.is_office:
        return True
    if actor.kind is ActorKind.VISITOR:
        return False
    mine = visible_studios(actor).values("pk")
    return (
        Result.objects.filter(proof=stored, studio__in=mine).exists()
        or visible_acts(actor).filter(evidence=stored).exists()
        or Studio.objects.filter(order__file=stored, pk__in=mine).exists()
    )


def can_read_photo(actor: Actor, stored: StoredFile) -> bool:
    if actor.kind is ActorKind.VISITOR:
        return False
    mine = visible_studios(actor).values("pk")
    return VisitPhoto.objects.filter(file=stored, visit__studio__in=mine).exists()


def visible_visits(actor: Actor) -> QuerySet[Visit]:
    return Visit.objects.filter(studio__in=visible_studios(actor).values("pk"))


# Evaluation


def can_ask_evaluation(actor: Actor, studio: Any) -> bool:
    return isinstance(studio, Studio) and employs(actor, studio)


def can_check_remedy(actor: Actor, _evaluation: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


# Alliances


def can_found_alliance(actor: Actor, studio: Any) -> bool:
    return can_keep(actor, studio)


def leads_alliance(actor: Actor, alliance: Any) -> bool:
    return isinstance(alliance, Alliance) and can_keep(actor, alliance.lead)


def can_answer_alliance(actor: Actor, membership: Any) -> bool:
    """Of what a studio asked, the leading studio; of an invitation, the studio."""
    if not isinstance(membership, AllianceMembership):
        return False
    if membership.state == AllianceMembership.State.ASKED:
        return leads_alliance(actor, membership.alliance)
    return can_keep(actor, membership.studio)


def can_end_alliance(actor: Actor, membership: Any) -> bool:
    """Either side ends it."""
    if not isinstance(membership, AllianceMembership):
        return False
    return leads_alliance(actor, membership.alliance) or can_keep(actor, membership.studio)


def get_alliance_membership_for(actor: Actor, public_id: uuid.UUID) -> AllianceMembership:
    """Raises Http404."""
    found = AllianceMembership.objects.select_related(
        "alliance__lead__leader__person", "alliance__lead__organisation", "studio__leader__person", "studio__organisation"
    )
    membership = found.filter(public_id=public_id).first()
    if membership is None or not can_end_alliance(actor, membership):
        raise Http404
    return membership
