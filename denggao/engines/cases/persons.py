"""The rule of two persons: whoever checked does not decide, and whoever is on the applicant's side, or agreed, does neither."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from denggao.engines.cases.consents import has_part, has_part_in_any, parties_of
from denggao.engines.cases.models import Case, CheckResult, DraftVersion, Step, StepKind
from denggao.engines.cases.policies import acts_for
from denggao.engines.cases.refusals import TwoPersons
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.readied import readied
from denggao.foundation.organisations.queries import chunks

_CHECKING = [StepKind.PASSED]
_APPLYING = [StepKind.OPENED, StepKind.SUBMITTED, StepKind.RESUBMITTED]


def who_checked(case: Case) -> set[str]:
    """Ids of all who recorded a line of the check or passed it, of whatever snapshot. One query."""
    lines = CheckResult.objects.filter(case=case).order_by().values_list("by")
    steps = Step.objects.filter(case=case, kind__in=_CHECKING).order_by().values_list("actor_id")
    return {row[0] for row in lines.union(steps)}


def who_applied(case: Case) -> set[str]:
    """Ids of all who opened, wrote or submitted it. One query."""
    steps = Step.objects.filter(case=case, kind__in=_APPLYING).order_by().values_list("actor_id")
    versions = DraftVersion.objects.filter(draft__case=case).order_by().values_list("saved_by")
    return {row[0] for row in steps.union(versions)}


def is_own(case: Case, actor: Actor, steps: Sequence[Step] | None = None) -> bool:
    """Whether the actor is on the applicant's side, now or when the application was written: of who wrote it, or of who was asked
    to agree. ``steps``: all of the case's, where they are at hand."""
    if not actor.is_operator and acts_for(actor, case):
        return True
    return wrote(case, actor, steps) or has_part(actor, case)


def wrote(case: Case, actor: Actor, steps: Sequence[Step] | None = None) -> bool:
    """Whether the actor opened, wrote or submitted it."""
    if actor.id == case.opened_by:
        return True
    return _took(_APPLYING, case, actor, steps) or bool(_written.rows(case.pk, actor.id))


def _took(kinds: Sequence[StepKind], case: Case, actor: Actor, steps: Sequence[Step] | None) -> bool:
    if steps is not None:
        return any(step.kind in kinds and step.actor_id == actor.id for step in steps)
    return Step.objects.filter(case=case, kind__in=kinds, actor_id=actor.id).exists()


def owns_any(cases: Sequence[Case], actor: Actor) -> bool:
    """Whether ``is_own`` holds for one of many; three queries for some hundred cases."""
    if any(actor.id == case.opened_by or (not actor.is_operator and acts_for(actor, case)) for case in cases):
        return True
    return any(
        Step.objects.filter(case__in=part, kind__in=_APPLYING, actor_id=actor.id).exists()
        or DraftVersion.objects.filter(draft__case__in=part, saved_by=actor.id).exists()
        or has_part_in_any(actor, part)
        for part in chunks(cases)
    )


def must_not_be_own(case: Case, actor: Actor) -> None:
    """Raises TwoPersons for the applicant's side, and for who holds a role in a body the application is about."""
    if is_own(case, actor):
        raise TwoPersons(_("You wrote or submitted this application, or act for its applicant: someone else must deal with it."))
    if _is_of_a_party(case, actor):
        raise TwoPersons(_("You hold a role in a body this application is about: someone else must deal with it."))


def _is_of_a_party(case: Case, actor: Actor) -> bool:
    bodies = set() if actor.is_operator else actor.organisations_as(*Role)
    return bool(bodies) and not bodies.isdisjoint(parties_of(case).organisation_ids)


def has_checked(case: Case, actor: Actor, steps: Sequence[Step] | None = None) -> bool:
    return _took(_CHECKING, case, actor, steps) or bool(_checked.rows(case.pk, actor.id))


@readied(int, str)
def _written(case_id: int, account: str) -> QuerySet[DraftVersion, tuple[int]]:
    return DraftVersion.objects.filter(draft__case_id=case_id, saved_by=account).order_by().values_list("pk")[:1]


@readied(int, str)
def _checked(case_id: int, account: str) -> QuerySet[CheckResult, tuple[int]]:
    return CheckResult.objects.filter(case_id=case_id, by=account).order_by().values_list("pk")[:1]


def must_be_second(case: Case, actor: Actor) -> None:
    """Raises TwoPersons for who checked, or is on the applicant's side."""
    must_not_be_own(case, actor)
    if has_checked(case, actor):
        raise TwoPersons(_("You checked this application: a second person must decide on it."))
