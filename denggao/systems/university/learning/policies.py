"""Who sees a class and its learners, who teaches it, and what a learner's own things are."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.queries import persons_of
from denggao.systems.university.learning.models import (
    Announcement,
    Enrolment,
    Note,
    PracticalSigning,
    Reply,
    Run,
    Submission,
    Thread,
)
from denggao.systems.university.models import School
from denggao.systems.university.policies import PUBLISHES, schools_of

KEEPERS = (Role.ADMINISTRATOR, Role.CLERK)
WORK = "learning.submission"


# Whose is what


def person_id_of(actor: Actor) -> int | None:
    """The person behind the account, if there is one."""
    return next((pk for pk, _name in persons_of(actor)), None)


def school_of(subject: object) -> School | None:
    """The school that stands behind a thing; None where none does."""
    if isinstance(subject, School):
        return subject
    run = run_of(subject)
    return run.school if run is not None else None


def run_of(subject: object) -> Run | None:
    """The class a thing belongs to."""
    if isinstance(subject, Run):
        return subject
    if isinstance(subject, Enrolment | Thread | Announcement):
        return subject.run
    if isinstance(subject, Submission | PracticalSigning):
        return subject.enrolment.run
    return subject.thread.run if isinstance(subject, Reply) else None


def teaches(actor: Actor, subject: object) -> bool:
    """Whoever teaches at the school that holds the class."""
    school = school_of(subject)
    return school is not None and actor.has(Role.TEACHER, organisation_id=school.organisation_id)


def is_own(actor: Actor, subject: object) -> bool:
    """Whether a thing is this very learner's."""
    own = person_id_of(actor)
    if own is None:
        return False
    if isinstance(subject, Submission | PracticalSigning):
        subject = subject.enrolment
    return isinstance(subject, Enrolment | Note) and subject.person_id == own


# Classes


def can_keep_runs(actor: Actor, subject: object) -> bool:
    """Open a class, change and close it: the school's teachers and deans, not its assistants; and the office."""
    school = school_of(subject)
    return actor.has(*KEEPERS) or (school is not None and schools_of(actor).get(school.pk) in PUBLISHES)


def can_teach(actor: Actor, subject: object) -> bool:
    """Mark, sign, confirm attendance, answer as a teacher, tell the class: whoever teaches at its school, nobody else; and never
    one's own work, where a teacher learns at the own school."""
    return teaches(actor, subject) and not is_own(actor, subject)


def can_see_teaching(actor: Actor, _subject: object = None) -> bool:
    """The teacher's pages at all."""
    return actor.is_office or bool(actor.organisations_as(Role.TEACHER))


def can_see_team(actor: Actor, _subject: object = None) -> bool:
    """HR's page of its own people."""
    return bool(actor.organisations_as(Role.HR))


def teachable_schools(actor: Actor) -> QuerySet[School]:
    """Those whose classes the actor keeps."""
    schools = School.objects.filter(state=School.State.OPEN)
    if actor.has(*KEEPERS):
        return schools
    return schools.filter(pk__in=[school for school, role in schools_of(actor).items() if role in PUBLISHES])


def visible_runs(actor: Actor) -> QuerySet[Run]:
    """The office sees all, a school its own."""
    if actor.is_office or actor.is_operator:
        return Run.objects.all()
    return Run.objects.filter(school__organisation_id__in=actor.organisations_as(Role.TEACHER))


def get_run_for(actor: Actor, public_id: UUID) -> Run:
    """A class as its school or the office sees it. Raises Http404."""
    return _only(
        visible_runs(actor).select_related("course", "version__course", "school__organisation").filter(public_id=public_id)
    )


def get_run_for_keeping(actor: Actor, public_id: UUID) -> Run:
    """Raises Http404."""
    run = get_run_for(actor, public_id)
    if not can_keep_runs(actor, run):
        raise Http404
    return run


def get_run_for_teaching(actor: Actor, public_id: UUID) -> Run:
    """Raises Http404."""
    run = get_run_for(actor, public_id)
    if not can_teach(actor, run):
        raise Http404
    return run


def enterable_runs() -> QuerySet[Run]:
    """What the catalogue shows: classes open for entry."""
    return Run.objects.filter(state=Run.State.OPEN, course__state="published", school__state="open")


def get_run_to_enter(actor: Actor, public_id: UUID) -> Run:
    """A class anybody signed in may look at, to enter it or to enrol others. Raises Http404."""
    return _only(enterable_runs().select_related("course", "version__course", "school").filter(public_id=public_id))


# Entering


def can_enrol_self(actor: Actor, _run: object) -> bool:
    """A person with an account. Whether the class takes them is the rule's to say."""
    return person_id_of(actor) is not None


def can_enrol_others(actor: Actor, run: object) -> bool:
    """Whoever keeps the class. An employer's HR enrols through ``can_enrol_staff``."""
    return can_keep_runs(actor, run)


def can_enrol_staff(actor: Actor, employer: object) -> bool:
    """HR, for its own body."""
    return isinstance(employer, Organisation) and actor.has(Role.HR, organisation_id=employer.pk)


def can_answer_invitation(actor: Actor, enrolment: object) -> bool:
    return is_own(actor, enrolment)


def can_remove(actor: Actor, enrolment: object) -> bool:
    """Take somebody out: whoever keeps the class, and the employer that enrolled."""
    if not isinstance(enrolment, Enrolment):
        return False
    return can_keep_runs(actor, enrolment) or (
        enrolment.employer_id is not None and actor.has(Role.HR, organisation_id=enrolment.employer_id)
    )


def can_remind(actor: Actor, subject: object) -> bool:
    """The school its learners; an employer its own people."""
    return teaches(actor, subject) or (isinstance(subject, Organisation) and actor.has(Role.HR, organisation_id=subject.pk))


# Learners


def visible_enrolments(actor: Actor) -> QuerySet[Enrolment]:
    """The learner's own; a school's own; an employer's those it enrolled itself. PRIVACY: what somebody learns on their own is
    none of the employer's business. The office sees all."""
    if actor.is_office or actor.is_operator:
        return Enrolment.objects.all()
    condition = Q(pk__in=())
    # A program that acts for a school's body sees what its teachers do.
    teaching = (Role.TEACHER, Role.HR) if actor.kind is ActorKind.TOKEN else (Role.TEACHER,)
    if schools := actor.organisations_as(*teaching):
        condition |= Q(run__school__organisation_id__in=schools)
    if bodies := actor.organisations_as(Role.HR):
        condition |= Q(employer_id__in=bodies)
    if own := person_id_of(actor):
        condition |= Q(person_id=own)
    return Enrolment.objects.filter(condition)


def own_enrolments(actor: Actor) -> QuerySet[Enrolment]:
    own = person_id_of(actor)
    return Enrolment.objects.filter(person_id=own) if own is not None else Enrolment.objects.none()


_WITH = ("run__course", "run__version__course", "run__school", "person")


def get_own_enrolment(actor: Actor, public_id: UUID) -> Enrolment:
    """The learner's own, whatever its state. Raises Http404."""
    return _only(own_enrolments(actor).select_related(*_WITH).filter(public_id=public_id))


def get_enrolment_to_learn(actor: Actor, public_id: UUID) -> Enrolment:
    """The learner's own, with its content open. Raises Http404."""
    enrolment = get_own_enrolment(actor, public_id)
    if not enrolment.is_learning:
        raise Http404
    return enrolment


def get_enrolment_for(actor: Actor, public_id: UUID) -> Enrolment:
    """Raises Http404."""
    return _only(visible_enrolments(actor).select_related(*_WITH, "employer").filter(public_id=public_id))


def get_enrolment_for_teaching(actor: Actor, public_id: UUID) -> Enrolment:
    """Raises Http404."""
    enrolment = get_enrolment_for(actor, public_id)
    if not can_teach(actor, enrolment):
        raise Http404
    return enrolment


def get_enrolment_for_removal(actor: Actor, public_id: UUID) -> Enrolment:
    """Raises Http404."""
    enrolment = get_enrolment_for(actor, public_id)
    if not can_remove(actor, enrolment):
        raise Http404
    return enrolment


def can_learn(actor: Actor, enrolment: object) -> bool:
    """The learner, while the content is open."""
    return is_own(actor, enrolment) and isinstance(enrolment, Enrolment) and enrolment.is_learning


def knows_names(actor: Actor, run: Run) -> bool:
    """Whole names of the learners: the school that teaches them. Everybody else reads them masked."""
    return teaches(actor, run)


# Talking


def can_talk(actor: Actor, subject: object) -> bool:
    """Ask and answer in a class: its learners, and its school."""
    run = run_of(subject)
    if run is None:
        return False
    return teaches(actor, run) or own_enrolments(actor).filter(run=run, state__in=("enrolled", "finished")).exists()


def visible_threads(actor: Actor) -> QuerySet[Thread]:
    """Those of classes one learns in or teaches; what was hidden only the school and the office still see."""
    if actor.is_office or actor.is_operator:
        return Thread.objects.all()
    schools = actor.organisations_as(Role.TEACHER)
    mine = own_enrolments(actor).filter(state__in=("enrolled", "finished")).values("run_id")
    return Thread.objects.filter(Q(run__school__organisation_id__in=schools) | Q(run_id__in=mine, hidden_at__isnull=True))


def get_thread_for(actor: Actor, public_id: UUID) -> Thread:
    """Raises Http404."""
    return _only(
        visible_threads(actor).select_related("run__school", "run__course", "run__version__course").filter(public_id=public_id)
    )


def get_reply_for(actor: Actor, public_id: UUID) -> Reply:
    """Raises Http404."""
    found = Reply.objects.filter(public_id=public_id, thread__in=visible_threads(actor))
    return _only(found.select_related("thread__run__school"))


def can_accept(actor: Actor, reply: object) -> bool:
    """Say that this answers the question: who asked, and the school."""
    if not isinstance(reply, Reply):
        return False
    asked = actor.user is not None and reply.thread.author_id == actor.user.pk
    return asked or teaches(actor, reply)


def can_hide(actor: Actor, subject: object) -> bool:
    return teaches(actor, subject)


def can_write_note(actor: Actor, enrolment: object) -> bool:
    return can_learn(actor, enrolment)


def can_change_note(actor: Actor, note: object) -> bool:
    return is_own(actor, note)


def get_note_for(actor: Actor, public_id: UUID) -> Note:
    """Raises Http404."""
    return _only(Note.objects.filter(public_id=public_id, person_id__in=[person_id_of(actor)]))


# Work


def visible_submissions(actor: Actor) -> QuerySet[Submission]:
    """The learner's own, and the school's. An employer sees results, never the work itself."""
    if actor.is_office or actor.is_operator:
        return Submission.objects.all()
    schools = actor.organisations_as(Role.TEACHER)
    return Submission.objects.filter(
        Q(enrolment__run__school__organisation_id__in=schools) | Q(enrolment__person_id=person_id_of(actor) or 0)
    )


def get_submission_for_marking(actor: Actor, public_id: UUID) -> Submission:
    """Raises Http404."""
    found = visible_submissions(actor).select_related(
        "enrolment__run__school", "enrolment__run__version__course", "enrolment__run__course", "enrolment__person"
    )
    submission = _only(found.filter(public_id=public_id))
    if not can_teach(actor, submission):
        raise Http404
    return submission


def get_signing_for(actor: Actor, public_id: UUID) -> PracticalSigning:
    """Raises Http404."""
    found = PracticalSigning.objects.select_related(
        "enrolment__run__school", "enrolment__run__version__course", "enrolment__person"
    )
    signing = _only(found.filter(public_id=public_id))
    if not can_teach(actor, signing):
        raise Http404
    return signing


def can_read_work(actor: Actor, stored: StoredFile) -> bool:
    """A file handed in: the learner whose it is, and the school that marks it."""
    submission = Submission.objects.filter(files__file=stored).select_related("enrolment__run__school").first()
    return submission is not None and (is_own(actor, submission) or teaches(actor, submission))


def learns_version(actor: Actor, version_id: int) -> bool:
    """Whether the actor learns in a class of this version, or teaches one: for its files."""
    if own_enrolments(actor).filter(run__version_id=version_id, state__in=("enrolled", "finished")).exists():
        return True
    schools = actor.organisations_as(Role.TEACHER)
    return bool(schools) and Run.objects.filter(version_id=version_id, school__organisation_id__in=schools).exists()


def is_product(actor: Actor, _subject: object = None) -> bool:
    """Scheduled work, and what follows from time counted."""
    return actor.is_operator


ModelT = TypeVar("ModelT", bound=models.Model)


def _only(found: QuerySet[ModelT]) -> ModelT:
    thing = found.first()
    if thing is None:
        raise Http404
    return thing
