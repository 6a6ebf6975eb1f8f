"""Who may see and change bodies, their staff and what was found about it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.models import Appointment, Employment, EmploymentOverlap, Organisation, OrganisationLink


def can_keep_organisations(actor: Actor, _subject: object = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER, Role.ADMINISTRATOR)


def can_see_roster(actor: Actor, organisation: object) -> bool:
    """The office sees every roster; HR that of the own body."""
    return isinstance(organisation, Organisation) and (actor.is_office or actor.has(Role.HR, organisation_id=organisation.pk))


def can_keep_roster(actor: Actor, subject: object) -> bool:
    """Of a body, or of the employer of an employment."""
    employer_id = (
        subject.pk if isinstance(subject, Organisation) else subject.employer_id if isinstance(subject, Employment) else None
    )
    return actor.has(Role.CLERK, Role.REVIEWER) or (employer_id is not None and actor.has(Role.HR, organisation_id=employer_id))


def can_explain_overlaps(actor: Actor, _subject: object = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


def visible_organisations(actor: Actor) -> QuerySet[Organisation]:
    """The office sees all bodies; everyone else those in which a role is held."""
    if actor.is_office:
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=actor.organisations_as(*Role))


def keepable_employers(actor: Actor) -> QuerySet[Organisation]:
    """The employers whose roster the actor keeps."""
    employers = Organisation.objects.filter(kind=Organisation.Kind.EMPLOYER)
    if actor.has(Role.CLERK, Role.REVIEWER):
        return employers
    return employers.filter(pk__in=actor.organisations_as(Role.HR))


def visible_employments(actor: Actor) -> QuerySet[Employment]:
    """The office sees all; HR the own body's; a person the own ones."""
    if actor.is_office:
        return Employment.objects.all()
    condition = Q(employer_id__in=actor.organisations_as(Role.HR))
    if actor.user is not None:
        condition |= Q(person__account=actor.user)
    return Employment.objects.filter(condition)


def employed_here(actor: Actor) -> Q | None:
    """The persons HR may see: who is or was on the own roster. A reason for ``people.policies.plug_visibility``."""
    bodies = actor.organisations_as(Role.HR)
    return Q(pk__in=Employment.objects.filter(employer_id__in=bodies).values("person_id")) if bodies else None


def visible_overlaps(actor: Actor) -> QuerySet[EmploymentOverlap]:
    """PRIVACY: for the office alone. Neither employer learns of the other."""
    return EmploymentOverlap.objects.all() if actor.is_office else EmploymentOverlap.objects.none()


def get_organisation_for(actor: Actor, public_id: UUID) -> Organisation:
    """Raises Http404, also where the body is none of the actor's business."""
    return _only(visible_organisations(actor).select_related("industry").filter(public_id=public_id))


def get_organisation_for_roster(actor: Actor, public_id: UUID) -> Organisation:
    """Raises Http404."""
    organisation = get_organisation_for(actor, public_id)
    if not can_see_roster(actor, organisation):
        raise Http404
    return organisation


def get_organisation_for_staffing(actor: Actor, public_id: UUID) -> Organisation:
    """Raises Http404."""
    organisation = get_organisation_for(actor, public_id)
    if not can_keep_roster(actor, organisation):
        raise Http404
    return organisation


def get_employment_for_change(actor: Actor, public_id: UUID) -> Employment:
    """Raises Http404."""
    employment = visible_employments(actor).select_related("person", "employer").filter(public_id=public_id).first()
    if employment is None or not can_keep_roster(actor, employment):
        raise Http404
    return employment


def get_employment_for(actor: Actor, public_id: UUID) -> Employment:
    """Raises Http404."""
    employment = visible_employments(actor).select_related("person", "employer", "occupation").filter(public_id=public_id).first()
    if employment is None:
        raise Http404
    return employment


def get_link_for(actor: Actor, body: Organisation, other_id: UUID, *, upstream: bool) -> OrganisationLink:
    """The link of a body with another, which is upstream of it or downstream. Raises Http404."""
    ends = (
        {"upstream__public_id": other_id, "downstream": body} if upstream else {"upstream": body, "downstream__public_id": other_id}
    )
    link = OrganisationLink.objects.filter(**ends).first()
    if link is None or not can_keep_organisations(actor):
        raise Http404
    return link


def get_overlap_for(actor: Actor, public_id: UUID) -> EmploymentOverlap:
    """Raises Http404."""
    overlap = (
        visible_overlaps(actor).select_related("person", "first__employer", "second__employer").filter(public_id=public_id).first()
    )
    if overlap is None:
        raise Http404
    return overlap


_APPOINTING = (Role.HR, Role.BASE_MANAGER, Role.AUTHORITY)


def can_appoint(actor: Actor, _subject: object = None) -> bool:
    """The office, and whoever acts for a body; that it is the own one is checked by ``can_appoint_in``."""
    return actor.has(Role.CLERK, Role.REVIEWER, Role.APPROVER) or bool(actor.organisations_as(*_APPOINTING))


def can_appoint_in(actor: Actor, organisation_id: int) -> bool:
    """Appoint for this body: the office, its HR, the manager of its base, an authority for itself."""
    return actor.has(Role.CLERK, Role.REVIEWER, Role.APPROVER) or actor.has(*_APPOINTING, organisation_id=organisation_id)


def can_keep_appointment(actor: Actor, appointment: object) -> bool:
    return isinstance(appointment, Appointment) and can_appoint_in(actor, appointment.organisation_id)


def visible_appointments(actor: Actor) -> QuerySet[Appointment]:
    """The office sees all; who appoints in a body sees that body's; a person the own ones."""
    if actor.is_office or actor.is_operator:
        return Appointment.objects.all()
    condition = Q(organisation_id__in=actor.organisations_as(*_APPOINTING))
    if actor.user is not None:
        condition |= Q(person__account=actor.user)
    return Appointment.objects.filter(condition)


def appointing_bodies(actor: Actor) -> QuerySet[Organisation]:
    """Those for which the actor appoints."""
    if actor.has(Role.CLERK, Role.REVIEWER, Role.APPROVER):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=actor.organisations_as(*_APPOINTING))


def get_appointment_for(actor: Actor, public_id: UUID) -> Appointment:
    """Raises Http404."""
    found = visible_appointments(actor).select_related("person", "organisation").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_appointment_for_change(actor: Actor, public_id: UUID) -> Appointment:
    """Raises Http404."""
    found = get_appointment_for(actor, public_id)
    if not can_keep_appointment(actor, found):
        raise Http404
    return found


def _only(found: QuerySet[Organisation]) -> Organisation:
    organisation = found.first()
    if organisation is None:
        raise Http404
    return organisation
