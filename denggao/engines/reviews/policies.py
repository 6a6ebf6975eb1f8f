"""Who may see and run panels, keep the expert register, and what a conflict hides.

SECURITY: whoever has a standing conflict with a subject is told nothing of its panels, whatever other roles the account
holds: neither pages, nor lists, nor numbers that would change with them. Every read of panels starts from
``visible_panels`` (or ``hidden_subject_ids`` in the rooms above).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from denggao.engines.reviews.models import Assignment, Conflict, Expert, Panel
from denggao.engines.reviews.parties import Parties
from denggao.engines.reviews.registry import review_subject
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.readied import readied

REGISTER_SCOPE = "experts"
"""Of a program's token: given by an administrator alone."""
ASSIGNERS = (Role.CLERK, Role.REVIEWER)


def is_operator(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_operator


# What a conflict hides


def conflicts_of(actor: Actor) -> QuerySet[Conflict]:
    """The standing conflicts of the person behind this account."""
    if actor.user is None:
        return Conflict.objects.none()
    return Conflict.objects.filter(person__account=actor.user, state=Conflict.State.STANDING)


def conflicted_subjects(actor: Actor) -> set[tuple[str, UUID]]:
    """Kind and id of every subject this actor must learn nothing of as office or expert. (What an applicant sees of the
    own application is the room above's to say: the body's own people are always in conflict with it.)"""
    return actor.once("reviews.conflicts", lambda: _conflicted_subjects(actor))


def _conflicted_subjects(actor: Actor) -> set[tuple[str, UUID]]:
    found = _subjects_of_conflicts.rows(actor.user.pk) if actor.user is not None else []
    return {*found} | {(panel.subject_kind, panel.subject_id) for panel in _by_roles(actor)}


@readied(int)
def _subjects_of_conflicts(account_id: int) -> QuerySet[Conflict, tuple[str, UUID]]:
    found = Conflict.objects.filter(person__account_id=account_id, state=Conflict.State.STANDING)
    return found.values_list("panel__subject_kind", "panel__subject_id")


def accounts_in_conflict(kind: str, subject_id: UUID) -> QuerySet[Any]:
    """Keys of the accounts whose person has a standing conflict with a subject, as a subquery."""
    found = Conflict.objects.filter(
        state=Conflict.State.STANDING, panel__subject_kind=kind, panel__subject_id=subject_id, person__account__isnull=False
    )
    return found.values("person__account_id")


def hidden_subject_ids(actor: Actor, kind: str) -> set[UUID]:
    """Of ``conflicted_subjects``, those of one kind."""
    return {subject_id for found, subject_id in conflicted_subjects(actor) if found == kind}


def hidden_subjects(actor: Actor) -> set[UUID]:
    """Of ``conflicted_subjects``, the ids alone."""
    return {subject_id for _kind, subject_id in conflicted_subjects(actor)}


def is_conflicted(actor: Actor, panel: Panel) -> bool:
    """Whether the actor has a standing conflict in any panel of the same subject."""
    same = conflicts_of(actor).filter(panel__subject_kind=panel.subject_kind, panel__subject_id=panel.subject_id)
    return _touches(actor, panel) or same.exists()


def _by_roles(actor: Actor) -> Iterable[Panel]:
    """Panels of subjects in whose parties an office account holds a role: for accounts of which no person is known."""
    if not (actor.user is not None and actor.is_office and actor.organisations_as(*Role)):
        return []
    return [panel for panel in Panel.objects.only("subject_kind", "subject_id", "parties") if _touches(actor, panel)]


def _touches(actor: Actor, panel: Panel) -> bool:
    parties = Parties.from_json(panel.parties)
    return bool(actor.organisations_as(*Role) & (parties.organisation_ids | parties.nominator_ids))


# Panels


def can_open_panel(actor: Actor, _order: Any = None) -> bool:
    """The room above says when its subject is reviewed, and who may bring it there."""
    return True


def visible_panels(actor: Actor) -> QuerySet[Panel]:
    """The office's and the chair's, without those of subjects hidden from the actor, and without running ones in which the
    actor judges: there an expert sees what an expert sees."""
    if actor.is_operator:
        return Panel.objects.all()
    if actor.user is None:
        return Panel.objects.none()
    panels = Panel.objects.all() if actor.is_office else Panel.objects.filter(chair=actor.user)
    return panels.exclude(_hidden(actor)).exclude(pk__in=_judging(actor))


def _hidden(actor: Actor, panel: str = "") -> Q:
    """What to exclude: panels of subjects hidden from the actor. ``panel`` is the way to them (``"panel__"``)."""
    same = conflicts_of(actor).filter(
        panel__subject_kind=OuterRef(f"{panel}subject_kind"), panel__subject_id=OuterRef(f"{panel}subject_id")
    )
    return Q(Exists(same)) | Q(**{f"{panel}subject_id__in": {found.subject_id for found in _by_roles(actor)}})


def _judging(actor: Actor) -> Any:
    seats = Assignment.objects.filter(expert__person__account=actor.user, state__in=Assignment.WORKING)
    return seats.exclude(panel__state=Panel.State.CLOSED).values("panel_id")


def can_see_panel(actor: Actor, panel: Any) -> bool:
    if not isinstance(panel, Panel):
        return False
    if visible_panels(actor).filter(pk=panel.pk).exists():
        return True
    return _chairs_by_subject(actor, panel) and _stands_apart(actor, panel)


def _stands_apart(actor: Actor, panel: Panel) -> bool:
    """Neither in conflict nor judging."""
    return actor.is_operator or not (
        is_conflicted(actor, panel) or panel.pk in set(_judging(actor).values_list("panel_id", flat=True))
    )


def _chairs_by_subject(actor: Actor, panel: Panel) -> bool:
    subject = review_subject(panel.subject_kind)
    return subject is not None and actor.user is not None and subject.can_chair(actor, panel.subject_id)


def can_run_panel(actor: Actor, panel: Any) -> bool:
    """Ask experts, replace them, name a chair: the chair, and the office's clerks and reviewers."""
    if not isinstance(panel, Panel) or not _stands_apart(actor, panel):
        return False
    return actor.has(*ASSIGNERS) or _is_chair(actor, panel) or _chairs_by_subject(actor, panel)


def can_chair_panel(actor: Actor, panel: Any) -> bool:
    """Pin and clear conflicts, open the scores, close: the named chair, else the office's clerks and reviewers."""
    if not isinstance(panel, Panel) or not _stands_apart(actor, panel):
        return False
    if actor.is_operator or _is_chair(actor, panel) or _chairs_by_subject(actor, panel):
        return True
    return panel.chair_id is None and actor.has(*ASSIGNERS)


def _is_chair(actor: Actor, panel: Panel) -> bool:
    return actor.user is not None and panel.chair_id == actor.user.pk


def can_clear_conflict(actor: Actor, conflict: Any) -> bool:
    """The chair, never one's own."""
    if not isinstance(conflict, Conflict) or not can_chair_panel(actor, conflict.panel):
        return False
    return actor.user is None or conflict.person.account_id != actor.user.pk


def get_panel_for(actor: Actor, public_id: UUID) -> Panel:
    """Raises Http404, also where a conflict hides it."""
    panel = _panels().filter(public_id=public_id).first()
    if panel is None or not can_see_panel(actor, panel):
        raise Http404
    return panel


def get_panel_for_running(actor: Actor, public_id: UUID) -> Panel:
    """Raises Http404."""
    panel = get_panel_for(actor, public_id)
    if not can_run_panel(actor, panel):
        raise Http404
    return panel


def get_panel_for_chairing(actor: Actor, public_id: UUID) -> Panel:
    """Raises Http404."""
    panel = get_panel_for(actor, public_id)
    if not can_chair_panel(actor, panel):
        raise Http404
    return panel


def get_assignment_for_running(actor: Actor, panel_id: UUID, public_id: UUID) -> Assignment:
    """Raises Http404."""
    panel = get_panel_for_running(actor, panel_id)
    found = panel.assignments.select_related("expert__person", "panel__rubric_version").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_conflict_for_clearing(actor: Actor, panel_id: UUID, public_id: UUID) -> Conflict:
    """Raises Http404."""
    panel = get_panel_for_chairing(actor, panel_id)
    found = panel.conflicts.select_related("person", "panel").filter(public_id=public_id).first()
    if found is None or not can_clear_conflict(actor, found):
        raise Http404
    return found


def _panels() -> QuerySet[Panel]:
    return Panel.objects.select_related("rubric_version__rubric", "plan", "chair")


# Experts


def expert_of(actor: Actor) -> Expert | None:
    """The expert this account is, whether or not still asked for anything."""
    if actor.user is None:
        return None
    return Expert.objects.select_related("person", "employer").filter(person__account=actor.user).first()


def visible_assignments(actor: Actor) -> QuerySet[Assignment]:
    """An expert's own, without those of subjects hidden by a conflict, and without those that ended otherwise than by
    being scored."""
    if actor.user is None:
        return Assignment.objects.none()
    own = Assignment.objects.filter(expert__person__account=actor.user, state__in=Assignment.WORKING)
    return own.exclude(_hidden(actor, "panel__"))


def is_own_assignment(actor: Actor, assignment: Any) -> bool:
    return isinstance(assignment, Assignment) and visible_assignments(actor).filter(pk=assignment.pk).exists()


def get_assignment_for(actor: Actor, public_id: UUID) -> Assignment:
    """The expert's own. Raises Http404, also once a conflict hides it."""
    found = visible_assignments(actor).select_related("panel__rubric_version__rubric", "expert__person").filter(public_id=public_id)
    assignment = found.first()
    if assignment is None:
        raise Http404
    return assignment


def can_see_register(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office


def can_keep_register(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER)


def visible_experts(actor: Actor) -> QuerySet[Expert]:
    """The office and its programs see the register, an expert the own entry."""
    if actor.is_office or REGISTER_SCOPE in actor.scopes:
        return Expert.objects.all()
    return Expert.objects.filter(person__account=actor.user) if actor.user is not None else Expert.objects.none()


def get_expert_for(actor: Actor, public_id: UUID) -> Expert:
    """Raises Http404."""
    found = visible_experts(actor).select_related("person", "employer").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_expert_for_keeping(actor: Actor, public_id: UUID) -> Expert:
    """Raises Http404."""
    if not can_keep_register(actor):
        raise Http404
    return get_expert_for(actor, public_id)


def can_declare_kin(actor: Actor, expert: Any) -> bool:
    """The expert for oneself; the register's keepers for any."""
    if can_keep_register(actor):
        return True
    return isinstance(expert, Expert) and actor.user is not None and expert.person.account_id == actor.user.pk
