"""Every write on the pool: teachers and their qualifications, invitations between bases, appointments as special mentor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.credentials.appointing import MENTOR, MENTOR_EN, MENTOR_ZH, appoint_by_letter, end_by_letter
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor, Grant, Role
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Appointment, Organisation
from denggao.foundation.people.actions import Newcomer, create_persons
from denggao.foundation.people.queries import find_by_identity, key_of, match_name
from denggao.foundation.people.rules import Identity, name_key
from denggao.foundation.standards.models import Industry
from denggao.systems.bases.models import Base, Qualification, Teacher, TeacherInvitation
from denggao.systems.bases.pool import policies
from denggao.systems.bases.pool.telling import tell_answered, tell_asked, tell_ended

INVITATION = "bases.invitation"
_REASON_LENGTH = 300


class TeacherRefused(Refused):
    """The teacher can't be kept, lent or appointed so."""


@action("bases.teacher.enrol", requires=policies.can_keep_teachers, batch=True)
def enrol_teacher(
    home: Organisation,
    *,
    identity: Identity,
    name: str,
    kind: str,
    industries: Collection[Industry],
    from_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Teacher:
    """Bring a person into the pool as a teacher of this body; who left it before comes back.

    Raises TeacherRefused where the document is known under another name, or the person teaches for another body.
    """
    key = key_of(identity)
    known = find_by_identity([key]).get(key)
    if known is not None and not match_name(known, name_key(name)):
        raise TeacherRefused(_("Name: this document is known under another name. Compare the paper, or ask the office."))
    person = known or create_persons({key: Newcomer(identity, name)}, now=now)[key]
    teacher = Teacher.objects.filter(person=person).select_for_update().first()
    if teacher is not None and teacher.left_on is None:
        if teacher.home_id == home.pk:
            raise TeacherRefused(_("This person is in the pool already."))
        raise TeacherRefused(_("This person teaches for another body. Invite the teacher from the pool instead."))
    before = snapshot(teacher) if teacher else None
    teacher = teacher or Teacher(person=person, created_at=now)
    teacher.home, teacher.kind, teacher.from_on, teacher.left_on = home, kind, from_on, None
    try:
        with transaction.atomic():
            teacher.save()
    except IntegrityError:
        raise TeacherRefused(_("This person is in the pool already.")) from None
    teacher.industries.set(industries)
    note([Line.about("bases.teacher.enrol", teacher, before=before, after=snapshot(teacher))])
    return teacher


@action("bases.teacher.leave", requires=policies.can_keep_teachers)
def let_teacher_go(teacher: Teacher, *, on: dt.date, actor: Actor, now: dt.datetime) -> Teacher:
    """The teacher is no longer in the pool after this day; what was asked of the teacher ends, appointments with it.

    Raises TeacherRefused for a day before the first, or where the teacher has left.
    """
    if on < teacher.from_on:
        raise TeacherRefused(_("Last day: it lies before the first."))
    if not Teacher.objects.filter(pk=teacher.pk, left_on=None).update(left_on=on):
        raise TeacherRefused(_("This teacher has left the pool already."))
    reason = _("The teacher left the pool.")
    open_ones = TeacherInvitation.objects.filter(teacher=teacher, state__in=_OPEN, to_on__gt=on)
    for invitation in open_ones.select_related("base__organisation", "teacher__person", "teacher__home"):
        _end(invitation, reason=reason, on=on, actor=actor, now=now)
    teacher.refresh_from_db()
    return teacher


@dataclass(frozen=True)
class Paper:
    """A qualification as a form gives it; ``expires_on`` is its last day."""

    kind: str
    number: str = ""
    level: str = ""
    issuer: str = ""
    issued_on: dt.date | None = None
    expires_on: dt.date | None = None


@action("bases.qualification.add", requires=policies.can_keep_teachers, batch=True)
def add_qualification(
    teacher: Teacher, paper: Paper, *, file: StoredFile | None = None, actor: Actor, now: dt.datetime
) -> Qualification:
    """Keep by what a teacher may teach. Raises TeacherRefused for dates the wrong way round, or a number kept already."""
    if paper.issued_on and paper.expires_on and paper.expires_on < paper.issued_on:
        raise TeacherRefused(_("Valid until: it lies before the issue date."))
    if paper.issued_on and paper.issued_on > timezone.localdate(now):
        raise TeacherRefused(_("Issue date: it lies in the future."))
    try:
        with transaction.atomic():
            kept = Qualification.objects.create(
                teacher=teacher,
                kind=paper.kind,
                number=paper.number,
                level=paper.level,
                issuer=paper.issuer,
                issued_on=paper.issued_on,
                expires_on=paper.expires_on,
                file=file,
                created_at=now,
            )
    except IntegrityError:
        raise TeacherRefused(_("Number: this qualification is kept already.")) from None
    note([Line.about("bases.qualification.add", kept, after=snapshot(kept))])
    return kept


@action("bases.qualification.remove", requires=policies.can_keep_teachers, batch=True)
def remove_qualification(qualification: Qualification, *, actor: Actor, now: dt.datetime) -> None:
    """Take a qualification out that was entered by mistake; the record of it stays in the audit."""
    note([Line.about("bases.qualification.remove", qualification, before=snapshot(qualification))])
    qualification.delete()


_OPEN = (TeacherInvitation.State.ASKED, TeacherInvitation.State.ACCEPTED)


@action("bases.invitation.send", requires=policies.can_invite, batch=True)
def invite_teacher(
    base: Base, teacher: Teacher, *, subject: str, from_on: dt.date, to_on: dt.date, actor: Actor, now: dt.datetime
) -> TeacherInvitation:
    """Ask a teacher of the pool to teach at a base for a time; the teacher's body answers.

    Raises TeacherRefused for one's own teacher, one who left, days in the past or the wrong way round, or where the same
    was asked already.
    """
    subject = " ".join(subject.split())
    if not subject:
        raise TeacherRefused(_("Subject: say what the teacher is to teach."))
    if teacher.home_id == base.organisation_id:
        raise TeacherRefused(_("This teacher is your own; nobody need be asked."))
    if teacher.left_on is not None:
        raise TeacherRefused(_("This teacher has left the pool."))
    if to_on < from_on:
        raise TeacherRefused(_("Last day: it lies before the first."))
    if to_on < timezone.localdate(now):
        raise TeacherRefused(_("Last day: it has passed."))
    standing = TeacherInvitation.objects.filter(base=base, teacher=teacher, state__in=_OPEN)
    if standing.filter(from_on__lte=to_on, to_on__gte=from_on).exists():
        raise TeacherRefused(_("This teacher is invited for some of these days already."))
    try:
        with transaction.atomic():
            invitation = TeacherInvitation.objects.create(
                base=base,
                teacher=teacher,
                subject=subject[:120],
                from_on=from_on,
                to_on=to_on,
                asked_by=actor.id,
                asked_at=now,
            )
    except IntegrityError:
        raise TeacherRefused(_("This teacher is invited for some of these days already.")) from None
    note([Line.about("bases.invitation.send", invitation, after=snapshot(invitation))])
    tell_asked(invitation, now=now)
    return invitation


@action("bases.invitation.answer", requires=policies.can_answer)
def answer_invitation(
    invitation: TeacherInvitation, *, accept: bool, reason: str = "", actor: Actor, now: dt.datetime
) -> TeacherInvitation:
    """Yes or no of the teacher's body. Raises TeacherRefused where it was answered, or is declined without a reason."""
    reason = _given(reason) if not accept else ""
    state = TeacherInvitation.State.ACCEPTED if accept else TeacherInvitation.State.DECLINED
    answered = TeacherInvitation.objects.filter(pk=invitation.pk, state=TeacherInvitation.State.ASKED).update(
        state=state, reason=reason, answered_by=actor.id, answered_at=now
    )
    if not answered:
        raise TeacherRefused(_("This invitation has been answered or called off already."))
    invitation.refresh_from_db()
    tell_answered(invitation, now=now)
    return invitation


@action("bases.invitation.end", requires=policies.can_end)
def end_invitation(invitation: TeacherInvitation, *, reason: str, actor: Actor, now: dt.datetime) -> TeacherInvitation:
    """Call an invitation off, or end what it led to before its last day. Raises TeacherRefused where it has ended."""
    _end(invitation, reason=_given(reason), on=timezone.localdate(now), actor=actor, now=now)
    return invitation


def _end(invitation: TeacherInvitation, *, reason: str, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    ended = TeacherInvitation.objects.filter(pk=invitation.pk, state__in=_OPEN).update(
        state=TeacherInvitation.State.ENDED, reason=reason, answered_by=actor.id, answered_at=now
    )
    if not ended:
        raise TeacherRefused(_("This invitation has ended already."))
    invitation.refresh_from_db()
    _end_appointment(invitation, reason=reason, on=on, actor=actor, now=now)
    tell_ended(invitation, now=now)


def _end_appointment(invitation: TeacherInvitation, *, reason: str, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    if invitation.appointment_id is None:
        return
    held = Appointment.objects.filter(public_id=invitation.appointment_id, ended_on=None).first()
    if held is not None:
        end_by_letter(held, on=on, reason=reason, actor=_for(invitation, actor), now=now)


def _for(invitation: TeacherInvitation, actor: Actor) -> Actor:
    """The appointment is the base's. Who may end the invitation ends what came of it as well: the same actor, for this one
    consequence with the base's right."""
    return replace(actor, grants=actor.grants | {Grant(Role.BASE_MANAGER, invitation.base.organisation_id)})


@action("bases.mentor.appoint", requires=policies.can_appoint_mentor)
def appoint_mentor(invitation: TeacherInvitation, *, actor: Actor, now: dt.datetime) -> TeacherInvitation:
    """Appoint an accepted teacher as the base's special mentor for the time agreed, with a letter. Doing it again changes
    nothing. Raises TeacherRefused before the teacher's body has agreed."""
    if invitation.state != TeacherInvitation.State.ACCEPTED:
        raise TeacherRefused(_("The teacher’s body has not agreed: appoint once it has."))
    if invitation.appointment_id is not None:
        return invitation
    base, body, person = invitation.base, invitation.base.organisation, invitation.teacher.person
    held = appoint_by_letter(
        person,
        body,
        role=MENTOR,
        title_zh=MENTOR_ZH,
        title_en=MENTOR_EN,
        text_zh=f"{base.name_zh}，{invitation.subject}",
        text_en=f"{base.name_en or base.name_zh}: {invitation.subject}",
        from_on=invitation.from_on,
        to_on=invitation.to_on,
        source_kind=INVITATION,
        source_id=invitation.public_id,
        plan=base.plan,
        actor=actor,
        now=now,
    )
    TeacherInvitation.objects.filter(pk=invitation.pk).update(appointment_id=held.public_id)
    invitation.refresh_from_db()
    return invitation


def _given(reason: str) -> str:
    reason = " ".join(reason.split())[:_REASON_LENGTH]
    if not reason:
        raise TeacherRefused(_("Reason: say why; the other side reads it."))
    return reason
