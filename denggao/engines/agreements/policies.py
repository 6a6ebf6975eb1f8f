"""Who may sign, and who may see what is signed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.engines.agreements.models import Mentorship, MentorshipQuerySet, Signer, SigningRequest
from denggao.engines.agreements.registry import subject_of
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.signin.queries import label_of


def can_ask(actor: Actor, _subject: object = None) -> bool:
    """Nobody unknown. What is asked about whom is checked by ``can_manage``."""
    return actor.kind != ActorKind.VISITOR


def can_manage(actor: Actor, subject_kind: str, subject_id: UUID) -> bool:
    """Ask for signatures and void what was asked: the office, and whom the subject's room names (its applicant, say)."""
    return actor.is_office or subject_of(subject_kind).can_manage(actor, subject_id)


def can_void(actor: Actor, request: object) -> bool:
    return isinstance(request, SigningRequest) and can_manage(actor, request.subject_kind, request.subject_id)


def can_speak(actor: Actor, request: object) -> bool:
    """Sign or refuse for at least one of the bodies asked. A program or the operator never does: a person signs."""
    return isinstance(request, SigningRequest) and signer_for(actor, request) is not None


def holds_office_in(actor: Actor, request: SigningRequest, organisation_id: int) -> bool:
    """Whether the role asked for is held today in that very body."""
    return actor.kind == ActorKind.ACCOUNT and organisation_id in actor.organisations_as(Role(request.role))


def signer_for(actor: Actor, request: SigningRequest) -> Signer | None:
    """The body the actor speaks for here: one that still waits first. None where it is none of the bodies asked."""
    if actor.kind != ActorKind.ACCOUNT:
        return None
    bodies = actor.organisations_as(Role(request.role))
    mine = [signer for signer in request.signers.all() if signer.organisation_id in bodies]
    return min(mine, key=lambda signer: (signer.state != Signer.State.WAITING, signer.position), default=None)


def is_barred(actor: Actor, request: SigningRequest) -> bool:
    """Whoever acted for the office on the same matter doesn't sign for an authority."""
    return actor.id in subject_of(request.subject_kind).office_of(request.subject_id)


def visible_requests(actor: Actor) -> QuerySet[SigningRequest]:
    """Those whose signers the actor speaks for; the office sees all. (A single one is also open to whom its subject's
    room lets see it: ``get_request_for``.)"""
    if actor.is_office:
        return SigningRequest.objects.all()
    return SigningRequest.objects.filter(spoken_for_by(actor))


def signs_for_a_body(actor: Actor) -> bool:
    """Whether anything could wait for the actor's signature: as an authority, or in a role that a text was asked of."""
    if actor.kind != ActorKind.ACCOUNT:
        return False
    return bool(actor.organisations_as(Role.AUTHORITY)) or SigningRequest.objects.filter(spoken_for_by(actor)).exists()


def spoken_for_by(actor: Actor) -> Q:
    """A condition on SigningRequest: one of the bodies asked is the actor's, in the role asked for."""
    condition = Q(pk__in=[])
    if actor.kind != ActorKind.ACCOUNT:
        return condition
    for role in sorted({grant.role for grant in actor.grants if grant.organisation_id is not None}):
        mine = Signer.objects.filter(organisation_id__in=actor.organisations_as(role))
        condition |= Q(role=role, pk__in=mine.values("request_id"))
    return condition


def get_request_for(actor: Actor, public_id: UUID) -> SigningRequest:
    """Raises Http404, also where the request is none of the actor's business."""
    request = SigningRequest.objects.filter(public_id=public_id).prefetch_related("signers__organisation").first()
    if request is None or actor.kind == ActorKind.VISITOR:
        raise Http404
    if actor.is_office or signer_for(actor, request) or subject_of(request.subject_kind).can_see(actor, request.subject_id):
        return request
    raise Http404


def get_signer_for(actor: Actor, public_id: UUID) -> SigningRequest:
    """A request that asks a body the actor speaks for. Raises Http404."""
    request = get_request_for(actor, public_id)
    if signer_for(actor, request) is None:
        raise Http404
    return request


def name_shown(actor: Actor) -> str:
    """The name under which the account signs, as its page shows it: the person's, else the address it signs in by."""
    if actor.user is None:
        return actor.text
    return Person.objects.filter(account=actor.user).values_list("name", flat=True).first() or label_of(actor.user)


_RECORDERS = (Role.CLERK, Role.REVIEWER)
_BODY_RECORDERS = (Role.HR, Role.BASE_MANAGER)


def can_record_mentorship(actor: Actor, _subject: object = None) -> bool:
    """The office; HR and a base for their own body is checked by the action; a person for oneself."""
    return actor.kind in {ActorKind.ACCOUNT, ActorKind.OPERATOR, ActorKind.SYSTEM}


def can_keep_mentorship(actor: Actor, mentorship: object) -> bool:
    """End it, ask for other dates: the office, the two themselves, HR of its body, the base where they meet."""
    return isinstance(mentorship, Mentorship) and (can_hand_on(actor, mentorship) or is_party(actor, mentorship))


def can_hand_on(actor: Actor, mentorship: object) -> bool:
    """Name another mentor: the office, HR of its body, the base where they meet."""
    if not isinstance(mentorship, Mentorship):
        return False
    bodies = [body for body in (mentorship.organisation_id, mentorship.place_id) if body is not None]
    return actor.has(*_RECORDERS) or any(actor.has(*_BODY_RECORDERS, organisation_id=body) for body in bodies)


def can_end_bound(actor: Actor, _subject: object = None) -> bool:
    """What rested on an appointment ends with it: the room that ended that one has asked who may."""
    return actor.kind is not ActorKind.VISITOR


def can_answer_mentorship(actor: Actor, mentorship: object) -> bool:
    return is_party(actor, mentorship)


def is_party(actor: Actor, mentorship: object) -> bool:
    return (
        isinstance(mentorship, Mentorship)
        and actor.user is not None
        and actor.user.pk in {mentorship.mentor.account_id, mentorship.learner.account_id}
    )


def may_confirm(actor: Actor, mentorship: Mentorship) -> bool:
    """One of the two who has not yet."""
    if actor.user is None or mentorship.declined_at is not None:
        return False
    waits = {
        mentorship.mentor.account_id: mentorship.confirmed_by_mentor_at is None,
        mentorship.learner.account_id: mentorship.confirmed_by_learner_at is None,
    }
    return waits.get(actor.user.pk, False)


def visible_mentorships(actor: Actor) -> MentorshipQuerySet:
    """The office sees all; HR and bases their own body's, be it the learner's or the place; a person the own ones."""
    if actor.is_office:
        return Mentorship.objects.all()
    bodies = actor.organisations_as(Role.HR, Role.BASE_MANAGER)
    condition = Q(organisation_id__in=bodies) | Q(place_id__in=bodies)
    if actor.user is not None:
        condition |= Q(mentor__account=actor.user) | Q(learner__account=actor.user)
    return Mentorship.objects.filter(condition)


def records_for_others(actor: Actor) -> bool:
    """Whether the actor records mentorships of others: the office, HR, bases."""
    return actor.has(*_RECORDERS) or bool(actor.organisations_as(*_BODY_RECORDERS))


def recording_bodies(actor: Actor) -> QuerySet[Organisation]:
    """Those within which the actor records mentorships."""
    if actor.has(*_RECORDERS):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=actor.organisations_as(*_BODY_RECORDERS))


def get_mentorship_for(actor: Actor, public_id: UUID) -> Mentorship:
    """Raises Http404."""
    found = (
        visible_mentorships(actor)
        .select_related("mentor", "learner", "organisation", "place", "occupation")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_mentorship_to_confirm(actor: Actor, public_id: UUID) -> Mentorship:
    """For one of the two alone. Raises Http404."""
    found = get_mentorship_for(actor, public_id)
    if not is_party(actor, found):
        raise Http404
    return found


def get_mentorship_to_end(actor: Actor, public_id: UUID) -> Mentorship:
    """Raises Http404."""
    found = get_mentorship_for(actor, public_id)
    if not can_keep_mentorship(actor, found):
        raise Http404
    return found


def get_mentorship_to_hand_on(actor: Actor, public_id: UUID) -> Mentorship:
    """Raises Http404."""
    found = get_mentorship_for(actor, public_id)
    if not can_hand_on(actor, found):
        raise Http404
    return found


def own_mentorships(actor: Actor) -> MentorshipQuerySet:
    """In which the actor is mentor or learner."""
    if actor.user is None:
        return Mentorship.objects.none()
    return Mentorship.objects.filter(Q(mentor__account=actor.user) | Q(learner__account=actor.user))
