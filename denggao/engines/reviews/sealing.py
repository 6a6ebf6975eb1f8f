"""What is sealed from whom.

SECURITY: until a panel's scores are opened nobody but the expert reads a sheet, whatever role the account holds: pages, lists,
panels on other rooms' pages and exports ask here first. Before that, not even a mean, a number of points or an order by
points is given away. An expert learns what the others gave only once nobody's scores are outstanding.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from denggao.engines.reviews import policies
from denggao.engines.reviews.models import Assignment, Panel, Ranking, Rubric, RubricVersion, SiteVisit, Tally, VisitPhoto
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.files.models import StoredFile

RUBRIC_KEEPERS = (Role.CLERK, Role.ADMINISTRATOR)
PHOTO_KIND = "reviews.visit_photo"


def follows(actor: Actor, _subject: Any = None) -> bool:
    """What follows from another act, inside it: the permission is that act's."""
    return True


# Sheets


def can_score(actor: Actor, assignment: Any) -> bool:
    """The expert whose seat it is, and nobody else; what may still be entered is for the action to say."""
    return isinstance(assignment, Assignment) and policies.is_own_assignment(actor, assignment)


def opened(panel: Panel) -> bool:
    """Whether the panel's scores were opened: the first tally does it."""
    return panel.tallies.exists()


def opened_ids(panel: Panel) -> set[str]:
    """Public ids of the assignments whose scores were ever open: a further expert's may be handed in and still sealed."""
    return {one["assignment"] for inputs in panel.tallies.values_list("inputs", flat=True) for one in inputs["scores"]}


def outstanding(panel: Panel) -> bool:
    """Whether anyone who holds a seat has not submitted."""
    return panel.assignments.filter(state__in=Assignment.PENDING).exists()


def can_see_scores(actor: Actor, panel: Any) -> bool:
    """The chair and the office, once opened; neither in conflict nor judging here."""
    return isinstance(panel, Panel) and opened(panel) and policies.can_see_panel(actor, panel)


def can_see_others(actor: Actor, assignment: Any) -> bool:
    """An expert of this panel who has submitted, once the scores are open and nobody is still judging."""
    if not (can_score(actor, assignment) and assignment.state == Assignment.State.SUBMITTED):
        return False
    return opened(assignment.panel) and not outstanding(assignment.panel)


def readable_panels(panels: QuerySet[Panel]) -> QuerySet[Panel]:
    """Of these panels, those whose scores are open."""
    return panels.filter(Exists(Tally.objects.filter(panel=OuterRef("pk"))))


# Rubrics: known to everyone who judges or keeps them.


def can_see_rubrics(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office or policies.expert_of(actor) is not None


def can_keep_rubrics(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(*RUBRIC_KEEPERS)


def get_rubric_for(actor: Actor, code: str) -> Rubric:
    """Raises Http404."""
    rubric = Rubric.objects.filter(code=code).first() if can_see_rubrics(actor) else None
    if rubric is None:
        raise Http404
    return rubric


def get_version_for(actor: Actor, code: str, number: int, *, keeping: bool = False) -> RubricVersion:
    """Raises Http404."""
    if keeping and not can_keep_rubrics(actor):
        raise Http404
    found = get_rubric_for(actor, code).versions.select_related("rubric", "based_on").filter(version=number).first()
    if found is None:
        raise Http404
    return found


# Visits: seen by the chair, the office and the panel's experts; a conflict hides them.


def _judges(actor: Actor, panel: Panel) -> bool:
    return policies.visible_assignments(actor).filter(panel=panel).exists()


def can_see_visits(actor: Actor, panel: Any) -> bool:
    return isinstance(panel, Panel) and (policies.can_see_panel(actor, panel) or _judges(actor, panel))


def can_record_visit(actor: Actor, subject: Any) -> bool:
    """Whoever runs the panel, and its experts."""
    panel = subject.panel if isinstance(subject, SiteVisit) else subject
    return isinstance(panel, Panel) and (policies.can_run_panel(actor, panel) or _judges(actor, panel))


def get_panel_for_visits(actor: Actor, public_id: UUID) -> Panel:
    """Raises Http404, also where a conflict hides it."""
    panel = Panel.objects.select_related("rubric_version__rubric").filter(public_id=public_id).first()
    if panel is None or not can_record_visit(actor, panel):
        raise Http404
    return panel


def get_visit_for(actor: Actor, public_id: UUID, *, recording: bool = False) -> SiteVisit:
    """Raises Http404, also where a conflict hides it."""
    visit = SiteVisit.objects.select_related("panel").filter(public_id=public_id).first()
    may = can_record_visit if recording else can_see_visits
    if visit is None or not may(actor, visit.panel):
        raise Http404
    return visit


def get_photo_for(actor: Actor, visit_id: UUID, public_id: UUID) -> VisitPhoto:
    """Raises Http404."""
    visit = get_visit_for(actor, visit_id, recording=True)
    photo = visit.photos.filter(public_id=public_id, removed_at__isnull=True).select_related("file").first()
    if photo is None:
        raise Http404
    return photo


def can_read_photo(actor: Actor, stored: StoredFile) -> bool:
    """Files of the kind ``reviews.visit_photo``: whoever sees the visit."""
    photo = VisitPhoto.objects.select_related("visit__panel").filter(file=stored, removed_at__isnull=True).first()
    return photo is not None and can_see_visits(actor, photo.visit.panel)


# Rankings


def can_rank(actor: Actor, _subject: Any = None) -> bool:
    """The room above makes rankings as a round goes on; remade by the office's clerks and reviewers."""
    return actor.has(Role.CLERK, Role.REVIEWER)


def visible_rankings(actor: Actor) -> QuerySet[Ranking]:
    """The office's, without those that rank a subject hidden from the actor: its place would give its points away."""
    if not actor.is_office:
        return Ranking.objects.none()
    hidden = {str(public_id) for _kind, public_id in policies.conflicted_subjects(actor)}
    if not hidden:
        return Ranking.objects.all()
    touched = Panel.objects.filter(subject_id__in=hidden)
    return Ranking.objects.exclude(panels__in=touched)


def get_ranking_for(actor: Actor, public_id: UUID) -> Ranking:
    """Raises Http404."""
    found = visible_rankings(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
