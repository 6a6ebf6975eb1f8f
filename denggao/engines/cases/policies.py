"""Who may. Predicates answer for one case, ``visible_…`` for all, gates give one or raise Http404.

A conflicted expert sees nothing of a case in whatever role. The office sees a case from its first submission on; before
that it is the applicant's own.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from denggao.engines.cases import procedures
from denggao.engines.cases.consents import asks_consent, consenting, has_part
from denggao.engines.cases.models import SUBJECT_KIND, Case, CaseQuerySet, Draft, DraftVersion, Round, SavedView, Snapshot, Step
from denggao.engines.cases.procedures import Audience, Stage, StageKind
from denggao.engines.cases.sight import conflicted_cases, handled_cases, judged_cases, signed_cases
from denggao.engines.cases.states import WaitsFor
from denggao.engines.notices.models import NoticeItem
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import OFFICE_ROLES, Actor, ActorKind, Role
from denggao.foundation.audit.readied import Readied, readied
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Membership
from denggao.foundation.people.queries import persons_of

ROUND_KEEPERS = frozenset({Role.CLERK, Role.REVIEWER, Role.ADMINISTRATOR})
HANDERS = frozenset({Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR})
REJECTORS = frozenset({Role.APPROVER})
SENDERS_BACK = frozenset({Role.REVIEWER, Role.APPROVER})


def can_keep_rounds(actor: Actor, _subject: object = None) -> bool:
    return actor.has(*ROUND_KEEPERS)


def can_open_case(actor: Actor, subject: object) -> bool:
    """Whoever is signed in may try; for whom, the action looks at (``acts_for``)."""
    return actor.kind != ActorKind.VISITOR


def acts_for(actor: Actor, case: Case) -> bool:
    """Whether the actor writes for the applicant: a role of the procedure's in its body, or being the person."""
    if actor.is_operator:
        return True
    if actor.kind == ActorKind.TOKEN:
        return False
    if case.body_id is not None:
        return case.body_id in actor.organisations_as(*_applicant_roles(case.procedure))
    return actor.user is not None and case.person is not None and case.person.account_id == actor.user.pk


def may_act_for_body(actor: Actor, procedure: procedures.Procedure, body_id: int) -> bool:
    if actor.kind == ActorKind.TOKEN:
        return False
    return actor.is_operator or body_id in actor.organisations_as(*procedure.applicant_roles)


def can_write(actor: Actor, subject: object) -> bool:
    """Write, submit, withdraw an application."""
    case = _case_of(subject)
    return case is not None and acts_for(actor, case)


def can_work_on(actor: Actor, subject: object) -> bool:
    """Do the work of the stage in which the case stands: check, decide, send back."""
    case = _case_of(subject)
    if case is None or is_conflicted(actor, case):
        return False
    stage = _stage_of(case)
    return stage is not None and _works_in(actor, case, stage)


def _works_in(actor: Actor, case: Case, stage: Stage) -> bool:
    """One of the stage's roles, in the office; or in the body whose own people work on this case."""
    if not stage.workers:
        return False
    return actor.has(*stage.workers) or (bool(actor.organisations_as(*stage.workers)) and handles(actor, case))


def handles(actor: Actor, case: Case) -> bool:
    """Whether the case is one that a body's own people work on in the office's place, and the actor is of that body."""
    if case.submitted_at is None or is_conflicted(actor, case):
        return False
    handled = handled_cases(actor)
    return handled is not None and Case.objects.filter(pk=case.pk, public_id__in=handled).exists()


# The doors of actions ask whether an actor ever does such a thing in this procedure: who comes too late is told what happened
# meanwhile, not that a role is missing. That it is the actor's to do just now, the action sees to (``must_work_on``).


def can_check(actor: Actor, subject: object) -> bool:
    return _works_on_kind(actor, subject, StageKind.CHECK)


def can_decide(actor: Actor, subject: object) -> bool:
    return _works_on_kind(actor, subject, StageKind.DECIDE)


def can_ask_again(actor: Actor, subject: object) -> bool:
    return _works_on_kind(actor, subject, StageKind.COSIGN)


def can_send_back(actor: Actor, subject: object) -> bool:
    """Who works on a stage of the procedure, or the office's reviewer and approver."""
    return _works_on_kind(actor, subject, *StageKind) or _works_by_role(actor, subject, SENDERS_BACK)


def can_reject(actor: Actor, subject: object) -> bool:
    """Who checks rejects in the check; later it is an approver's."""
    return can_check(actor, subject) or _works_by_role(actor, subject, REJECTORS)


def must_work_on(actor: Actor, case: Case, code: str, *, roles: frozenset[Role] = frozenset()) -> None:
    """Raises NotAllowed for who neither works on the stage in which the case stands nor has one of these roles."""
    if not can_work_on(actor, case) and not _works_by_role(actor, case, roles):
        raise NotAllowed(code)


def _works_on_kind(actor: Actor, subject: object, *kinds: StageKind) -> bool:
    case = _case_of(subject)
    if case is None or is_conflicted(actor, case):
        return False
    try:
        stages = case.declared.stages
    except KeyError:
        return False
    return any(stage.kind in kinds and _works_in(actor, case, stage) for stage in stages)


def _works_by_role(actor: Actor, subject: object, roles: frozenset[Role]) -> bool:
    case = _case_of(subject)
    return case is not None and bool(roles) and actor.has(*roles) and not is_conflicted(actor, case)


def can_hand_over(actor: Actor, subject: object) -> bool:
    case = _case_of(subject)
    return case is not None and actor.has(*HANDERS) and not is_conflicted(actor, case)


def can_work_in_bulk(actor: Actor, _subject: object = None) -> bool:
    """Asked again for each case."""
    return actor.has(*HANDERS)


def can_rank(actor: Actor, _subject: object = None) -> bool:
    return actor.has(Role.REVIEWER, Role.APPROVER)


def can_confirm_ranking(actor: Actor, _subject: object = None) -> bool:
    return actor.has(Role.REVIEWER, Role.APPROVER)


def can_award(actor: Actor, _subject: object) -> bool:
    """The product itself, by its job; a clerk where that failed."""
    return actor.has(Role.CLERK)


def follows_from_an_act(actor: Actor, _subject: object = None) -> bool:
    """What follows from an act of an engine below (the last signature, the closing of a panel) has that act's policy."""
    return actor.kind != ActorKind.VISITOR


def is_product(actor: Actor, _subject: object = None) -> bool:
    return actor.is_operator


def is_conflicted(actor: Actor, case: Case) -> bool:
    return case.public_id in conflicted_cases(actor)


def hidden_cases(actor: Actor) -> Collection[UUID]:
    """Public ids of the cases of which an actor learns nothing as office, expert or signer."""
    return conflicted_cases(actor)


def audience_of(actor: Actor, case: Case) -> Audience:
    """As whom the actor sees a case: the applicant's side first, with who is asked to agree; then the office; who only signs, as
    the public."""
    if is_applicant(actor, case) or (actor.kind == ActorKind.TOKEN and case.body_id in actor.organisations_as(*Role)):
        return Audience.APPLICANT
    if is_asked(actor, case):
        return Audience.APPLICANT
    return Audience.OFFICE if actor.is_office or handles(actor, case) else Audience.PUBLIC


def is_asked(actor: Actor, case: Case) -> bool:
    """Whether the actor reads a case because it was asked to agree to it: from its submission on, whatever its other roles."""
    if case.submitted_at is None or not asks_consent(case):
        return False
    # A list asks of many cases: those of one account are read at once where a page is being made.
    return case.public_id in consenting(actor) if actor.answers is not None else has_part(actor, case)


def is_applicant(actor: Actor, case: Case) -> bool:
    return not actor.is_operator and acts_for(actor, case)


def visible_cases(actor: Actor) -> CaseQuerySet:
    """Applicants: their body's and their own, drafts too. The office: all that were ever submitted. A body that signs: what it
    was asked to sign; one whose people work on cases themselves: those. The latter three without what the actor is in conflict
    with, whichever other way it would be seen. Who is asked to agree: those, once submitted."""
    if actor.is_operator:
        return Case.objects.all()
    if actor.kind == ActorKind.VISITOR:
        return Case.objects.none()
    others = Q(submitted_at__isnull=False) if actor.is_office else _either(_to_sign(actor), _to_handle(actor))
    own, hidden = _own(actor), conflicted_cases(actor) if others is not None else ()
    # The office sees what it is asked about with all the rest, unless that would be hidden.
    if (hidden or not actor.is_office) and (asked := consenting(actor)):
        own |= Q(public_id__in=asked, submitted_at__isnull=False)
    if others is None:
        return Case.objects.filter(own)
    if hidden:
        others &= ~Q(public_id__in=hidden)
    return Case.objects.filter(own | others)


def sees_all_submitted(actor: Actor) -> bool:
    """Whether ``visible_cases(actor).submitted()`` is all that were ever submitted."""
    return actor.is_office and not conflicted_cases(actor)


def _to_sign(actor: Actor) -> Q | None:
    signed = signed_cases(actor)
    return Q(public_id__in=signed, submitted_at__isnull=False) if signed is not None else None


def _to_handle(actor: Actor) -> Q | None:
    handled = handled_cases(actor)
    return Q(public_id__in=handled, submitted_at__isnull=False) if handled is not None else None


def _either(one: Q | None, other: Q | None) -> Q | None:
    return one | other if one is not None and other is not None else one or other


def own_cases(actor: Actor) -> CaseQuerySet:
    """Those the actor writes for: the body's and the own, drafts too."""
    return Case.objects.filter(_own(actor))


def cases_to_work_on(actor: Actor) -> Q:
    """Those whose turn it is the actor's, as a condition on visible cases: handed to the actor, or nobody's yet in a stage
    the actor's roles work on; and, of the own applications, those that wait for the applicant. (Only an open case waits for the
    office.)"""
    return (Q(waits_for=WaitsFor.OFFICE) & _work(actor.id, stages_worked(actor))) | (Q(waits_for=WaitsFor.APPLICANT) & _own(actor))


def office_work(actor: Actor) -> CaseQuerySet:
    """Of ``cases_to_work_on`` an office account's own work: none that it writes. (What waits for the office was submitted and
    is seen by all of it: asked without that, the answer comes from one index.)"""
    found = Case.objects.filter(_work(actor.id, stages_worked(actor)), waits_for=WaitsFor.OFFICE)
    hidden = conflicted_cases(actor)
    return found.exclude(public_id__in=hidden) if hidden else found


Worked = tuple[tuple[str, int, tuple[str, ...]], ...]
"""Procedures, their versions, and the stages of each."""


def stages_worked(actor: Actor) -> Worked:
    """Those the actor's roles work on."""
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    for code, version, stage in procedures.stages_of(lambda each: bool(each.workers) and actor.has(*each.workers)):
        groups[code, version].append(stage)
    return tuple((code, version, tuple(stages)) for (code, version), stages in groups.items())


def _work(account: str, worked: Worked) -> Q:
    mine = Q(assignee=account)
    for code, version, stages in worked:
        mine |= Q(assignee="", procedure=code, version=version, stage__in=stages)
    # Said once more, so that a database walks along one index and looks at no row.
    return Q(assignee__in=["", account]) & mine


@cache
def work_due_before(worked: Worked) -> Readied[[str, dt.date], Case, Case]:
    """Of ``office_work`` what is due before a day, to be counted; for an account (its public id) that nothing is hidden from."""
    return readied(str, dt.date)(lambda account, day: _work_of(account, worked).filter(due_on__lt=day))


@cache
def work_to_count(worked: Worked) -> Readied[[str], Case, Case]:
    """``office_work``, to be counted; for an account (its public id) that nothing is hidden from."""
    return readied(str)(lambda account: _work_of(account, worked))


def _work_of(account: str, worked: Worked) -> CaseQuerySet:
    return Case.objects.filter(_work(account, worked), waits_for=WaitsFor.OFFICE).order_by()


def visible_rounds(actor: Actor) -> QuerySet[Round]:
    """The office: all. Everyone else: those that were opened."""
    return Round.objects.all() if can_keep_rounds(actor) or actor.is_office else Round.objects.exclude(state=Round.State.DRAFT)


def open_calls(now: dt.datetime) -> QuerySet[Round]:
    """What can be applied for at this moment; public."""
    return Round.objects.filter(state=Round.State.OPEN, opens_at__lte=now, closes_at__gt=now)


def visible_steps(actor: Actor, case: Case) -> QuerySet[Step]:
    steps = Step.objects.filter(case=case)
    audience = audience_of(actor, case)
    if audience == Audience.OFFICE:
        return steps
    return steps.exclude(shown_to=Audience.OFFICE) if audience == Audience.APPLICANT else steps.filter(shown_to=audience)


def get_case_for(actor: Actor, public_id: UUID) -> Case:
    """Raises Http404, also where the case is none of the actor's business."""
    case = _labelled.first(public_id)
    if case is None or not sees(actor, case):
        raise Http404
    return case


@readied(UUID)
def _labelled(public_id: UUID) -> QuerySet[Case]:
    return Case.objects.with_labels().filter(public_id=public_id)


def sees(actor: Actor, case: Case) -> bool:
    """Whether a case is one of ``visible_cases``, without looking for it among all."""
    if actor.is_operator:
        return True
    if actor.kind == ActorKind.VISITOR:
        return False
    if actor.kind == ActorKind.TOKEN and case.body_id in actor.organisations_as(*Role):
        return True
    if acts_for(actor, case) or is_asked(actor, case):
        return True
    if case.submitted_at is None or is_conflicted(actor, case):
        return False
    if actor.is_office:
        return True
    signed = signed_cases(actor)
    if signed is not None and Case.objects.filter(pk=case.pk, public_id__in=signed).exists():
        return True
    return handles(actor, case)


def get_case_to_step_aside(actor: Actor, public_id: UUID) -> Case:
    """A case in which the actor has a conflict of interest, once the public was shown it: its page then shows that, and
    nothing else. Raises Http404 for all others, and before."""
    if public_id not in conflicted_cases(actor):
        raise Http404
    shown = NoticeItem.objects.filter(subject_id=OuterRef("public_id"), notice__subject_kind=SUBJECT_KIND)
    case = Case.objects.with_labels().filter(Exists(shown), public_id=public_id).first()
    if case is None:
        raise Http404
    return case


def get_case_for_writing(actor: Actor, public_id: UUID) -> Case:
    """Raises Http404."""
    case = get_case_for(actor, public_id)
    if not can_write(actor, case):
        raise Http404
    return case


def get_case_for_office(actor: Actor, public_id: UUID) -> Case:
    """Raises Http404."""
    case = get_case_for(actor, public_id)
    if audience_of(actor, case) != Audience.OFFICE:
        raise Http404
    return case


def get_round_for(actor: Actor, public_id: UUID) -> Round:
    """Raises Http404."""
    found = visible_rounds(actor).filter(public_id=public_id).select_related("plan").first()
    if found is None:
        raise Http404
    return found


def get_round_for_keeping(actor: Actor, public_id: UUID) -> Round:
    """Raises Http404."""
    if not can_keep_rounds(actor):
        raise Http404
    return get_round_for(actor, public_id)


def get_snapshot_for(actor: Actor, public_id: UUID, number: int) -> Snapshot:
    """Of a case the actor sees. Raises Http404."""
    case = get_case_for(actor, public_id)
    found: Snapshot | None = Snapshot.objects.filter(case=case, number=number).first()
    if found is None or not can_read_answers(actor, case):
        raise Http404
    found.case = case
    return found


def can_read_answers(actor: Actor, case: Case) -> bool:
    """The whole file: the applicant's side, who is asked to agree, the office, and the experts who judge it, once it was submitted.
    Who signs reads the text that is signed."""
    if acts_for(actor, case) or is_asked(actor, case):
        return True
    if case.submitted_at is None or is_conflicted(actor, case):
        return False
    return actor.is_office or case.public_id in judged_cases(actor) or handles(actor, case)


def can_read_attachment(actor: Actor, stored: StoredFile) -> bool:
    """Whoever reads the case's answers. An answer that names a file of another case opens nothing: what counts is with which
    case the file was handed in."""
    case = Case.objects.filter(attachments__file=stored).select_related("body", "person").first()
    return case is not None and can_read_answers(actor, case)


def can_hand_in_large(actor: Actor) -> bool:
    """Whoever writes an application that stands."""
    return own_cases(actor).standing().exists()


def can_keep_views(actor: Actor, _subject: object = None) -> bool:
    return actor.kind == ActorKind.ACCOUNT


def owns_view(actor: Actor, subject: object) -> bool:
    return isinstance(subject, SavedView) and actor.user is not None and subject.account_id == actor.user.pk


def visible_views(actor: Actor) -> QuerySet[SavedView]:
    """One's own, and nobody else's."""
    return SavedView.objects.filter(account=actor.user) if actor.user is not None else SavedView.objects.none()


def get_view_for(actor: Actor, public_id: UUID) -> SavedView:
    """Raises Http404."""
    found = visible_views(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_conflict_for(actor: Actor, public_id: UUID, version_id: UUID) -> DraftVersion:
    """Two texts of one section that nobody has chosen between yet. Raises Http404."""
    case = get_case_for_writing(actor, public_id)
    found = (
        DraftVersion.objects.filter(draft__case=case, public_id=version_id, outcome="conflict", settled_at__isnull=True)
        .select_related("draft")
        .first()
    )
    if found is None:
        raise Http404
    found.draft.case = case
    return found


def applicant_accounts(case: Case, on: dt.date) -> QuerySet[User]:
    """The accounts that write for the applicant on a day: who is told of what happens to the case."""
    if case.body_id is not None:
        held = Membership.objects.filter(
            Q(to_on__isnull=True) | Q(to_on__gte=on), organisation_id=case.body_id, from_on__lte=on,
            role__in=_applicant_roles(case.procedure),
        )  # fmt: skip
        return User.objects.filter(pk__in=held.values("account_id"), is_active=True)
    account_id = case.person.account_id if case.person is not None else None
    return User.objects.filter(pk__in=[account_id] if account_id is not None else [], is_active=True)


def office_accounts(roles: frozenset[Role], on: dt.date) -> QuerySet[User]:
    """The accounts that hold one of these office roles on a day."""
    held = Membership.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on), organisation__isnull=True, from_on__lte=on, role__in=roles & OFFICE_ROLES
    )
    return User.objects.filter(pk__in=held.values("account_id"), is_active=True)


def _own(actor: Actor) -> Q:
    return actor.once("cases.own", lambda: _own_condition(actor))


def _own_condition(actor: Actor) -> Q:
    if actor.kind == ActorKind.TOKEN:
        # A program reads what its body applied for, whichever of the body's people write it; it writes nothing itself.
        return Q(body_id__in=actor.organisations_as(*Role))
    by_roles: dict[frozenset[Role], set[str]] = defaultdict(set)
    for each in procedures.every_version():
        by_roles[each.applicant_roles].add(each.code)
    condition = Q(pk__in=())
    for roles, codes in by_roles.items():
        bodies = actor.organisations_as(*roles)
        if bodies:
            condition |= Q(body_id__in=bodies, procedure__in=sorted(codes))
    # Ids, not a join: the condition stands in questions about many thousands of cases.
    persons = [pk for pk, _name in persons_of(actor)]
    return condition | Q(person_id__in=persons) if persons else condition


def _applicant_roles(code: str) -> frozenset[Role]:
    try:
        return procedures.latest(code).applicant_roles
    except KeyError:
        return frozenset({Role.BASE_MANAGER, Role.HR})


def _stage_of(case: Case) -> Stage | None:
    try:
        return case.at
    except KeyError:
        return None


def _case_of(subject: object) -> Case | None:
    if isinstance(subject, Case):
        return subject
    if isinstance(subject, Draft):
        return subject.case
    return subject.draft.case if isinstance(subject, DraftVersion) else None
