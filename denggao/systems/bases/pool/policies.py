"""Who sees the teachers of the pool, keeps them, asks for them and answers."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.systems.bases.models import Base, Qualification, Teacher, TeacherInvitation

KEEPERS = (Role.ADMINISTRATOR, Role.CLERK)
MANAGERS = (Role.BASE_MANAGER, Role.HR)
PAPER = "bases.qualification"


def can_see_pool(actor: Actor, _subject: object = None) -> bool:
    """The office, the authorities, and everybody who manages a base or the body a teacher belongs to."""
    return actor.is_office or bool(actor.organisations_as(Role.AUTHORITY, *MANAGERS))


def keepable_homes(actor: Actor) -> QuerySet[Organisation]:
    """The bodies whose teachers the actor keeps: those that run a base, or have teachers in the pool already."""
    homes = Organisation.objects.filter(Q(bases__isnull=False) | Q(teachers__isnull=False)).distinct()
    return homes if actor.has(*KEEPERS) else homes.filter(pk__in=actor.organisations_as(*MANAGERS))


def can_keep_teachers(actor: Actor, subject: object = None) -> bool:
    """Of a body, or of the body a teacher, qualification or invitation belongs to."""
    if isinstance(subject, Qualification):
        subject = subject.teacher
    home = subject.home_id if isinstance(subject, Teacher) else subject.pk if isinstance(subject, Organisation) else None
    return actor.has(*KEEPERS) or (home is not None and actor.has(*MANAGERS, organisation_id=home))


def can_invite(actor: Actor, base: object) -> bool:
    """Whoever manages the base, as long as it is one."""
    return isinstance(base, Base) and base.is_in_force and actor.has(Role.BASE_MANAGER, organisation_id=base.organisation_id)


def can_answer(actor: Actor, invitation: object) -> bool:
    """The body the teacher belongs to."""
    return isinstance(invitation, TeacherInvitation) and actor.has(*MANAGERS, organisation_id=invitation.teacher.home_id)


def can_end(actor: Actor, invitation: object) -> bool:
    """Either side, and the office."""
    return isinstance(invitation, TeacherInvitation) and (
        can_answer(actor, invitation)
        or actor.has(Role.BASE_MANAGER, organisation_id=invitation.base.organisation_id)
        or actor.has(*KEEPERS)
    )


def can_appoint_mentor(actor: Actor, invitation: object) -> bool:
    """The base that asked."""
    return isinstance(invitation, TeacherInvitation) and actor.has(
        Role.BASE_MANAGER, organisation_id=invitation.base.organisation_id
    )


def visible_teachers(actor: Actor) -> QuerySet[Teacher]:
    """PRIVACY: names are masked in the pool; whole for the teacher's own body and the base that has the teacher's yes."""
    return Teacher.objects.all() if can_see_pool(actor) else Teacher.objects.none()


def knows_name(actor: Actor, teacher: Teacher) -> bool:
    """Whether the teacher's whole name is shown: to the own body, and to a base whose invitation was accepted."""
    if actor.has(*MANAGERS, organisation_id=teacher.home_id):
        return True
    lent_to = {item.base.organisation_id for item in teacher.invitations.all() if item.state == TeacherInvitation.State.ACCEPTED}
    return bool(lent_to & actor.organisations_as(Role.BASE_MANAGER))


def visible_invitations(actor: Actor) -> QuerySet[TeacherInvitation]:
    """Those of one's own bases and of one's own teachers; the office sees all."""
    if actor.is_office:
        return TeacherInvitation.objects.all()
    own = actor.organisations_as(*MANAGERS)
    return TeacherInvitation.objects.filter(
        Q(base__organisation_id__in=actor.organisations_as(Role.BASE_MANAGER)) | Q(teacher__home_id__in=own)
    )


def get_teacher_for(actor: Actor, public_id: UUID) -> Teacher:
    """Raises Http404."""
    teachers = visible_teachers(actor).select_related("person", "home").prefetch_related("industries", "invitations__base")
    teacher = teachers.filter(public_id=public_id).first()
    if teacher is None:
        raise Http404
    return teacher


def get_teacher_for_keeping(actor: Actor, public_id: UUID) -> Teacher:
    """Raises Http404."""
    teacher = get_teacher_for(actor, public_id)
    if not can_keep_teachers(actor, teacher):
        raise Http404
    return teacher


def get_invitation_for(actor: Actor, public_id: UUID) -> TeacherInvitation:
    """Raises Http404."""
    found = visible_invitations(actor).select_related("base__organisation", "base__plan", "teacher__person", "teacher__home")
    invitation = found.filter(public_id=public_id).first()
    if invitation is None:
        raise Http404
    return invitation


def can_read_paper(actor: Actor, stored: StoredFile) -> bool:
    """The scan of a qualification: its teacher's own body, and the office."""
    qualification = Qualification.objects.select_related("teacher").filter(file=stored).first()
    return qualification is not None and (actor.is_office or can_keep_teachers(actor, qualification))
