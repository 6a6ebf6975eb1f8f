"""What a studio does: projects, results, visits. Each is a row of its own; every number a page shows is counted from them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.models import StoredFile
from denggao.systems.craftsmen.studios import policies
from denggao.systems.craftsmen.studios.facts import fact
from denggao.systems.craftsmen.studios.models import Alliance, Project, Result, Studio, Visit, VisitPhoto
from denggao.systems.craftsmen.studios.queries import alliances_of
from denggao.systems.craftsmen.studios.telling import tell_result_reported

MOST_PHOTOS = 6


class DoingRefused(Refused):
    """What was entered can't be taken; the sentence says which part, and why."""


class ResultDecided(Refused):
    """The result was confirmed or refused before, or by the wrong person."""


@dataclass(frozen=True)
class ProjectGiven:
    kind: str
    title: str
    from_on: dt.date
    aim: str = ""
    partners: str = ""
    alliance: Alliance | None = None


@dataclass(frozen=True)
class ResultGiven:
    """``amount_yuan`` of a saving alone. ``course``: public id of a course of the university, where the result is one."""

    kind: str
    title: str
    on: dt.date
    number: str = ""
    amount_yuan: Decimal | None = None
    proof: StoredFile | None = None
    project: Project | None = None
    course: uuid.UUID | None = None


@dataclass(frozen=True)
class VisitGiven:
    on: dt.date
    visitors: str
    people: int
    about: str = ""
    alliance: Alliance | None = None
    photos: Sequence[StoredFile] = ()


@action("studios.project.begin", requires=policies.can_keep)
def begin_project(studio: Studio, given: ProjectGiven, *, actor: Actor, now: dt.datetime) -> Project:
    """Raises DoingRefused for a studio that stands no more, a day before its naming or ahead, an alliance it is not in."""
    _must_stand(studio)
    _must_fit(studio, given.from_on, now, _("First day"))
    _must_be_in(studio, given.alliance)
    if not given.title.strip():
        raise DoingRefused(_("Title: say in a few words what is worked on."))
    return Project.objects.create(
        studio=studio,
        alliance=given.alliance,
        kind=given.kind,
        title=given.title.strip()[:160],
        aim=given.aim.strip(),
        partners=given.partners.strip()[:300],
        from_on=given.from_on,
        created_at=now,
    )


@action("studios.project.end", requires=policies.can_keep)
def end_project(project: Project, *, finished: bool, on: dt.date, actor: Actor, now: dt.datetime) -> Project:
    """Finished, or given up. Raises DoingRefused for a day before its first or ahead, and where it has ended."""
    if on < project.from_on or on > localdate(now):
        raise DoingRefused(_("Last day: not before the first day, and not ahead."))
    state = Project.State.FINISHED if finished else Project.State.STOPPED
    ended = Project.objects.filter(pk=project.pk, state=Project.State.RUNNING).update(state=state, to_on=on)
    project.refresh_from_db()
    if not ended:
        raise DoingRefused(_("This project has ended: %(state)s.") % {"state": project.get_state_display()})
    return project


@action("studios.result.report", requires=policies.can_keep)
def report_result(studio: Studio, given: ResultGiven, *, actor: Actor, now: dt.datetime) -> Result:
    """Enter what came of the work. A course that the university itself knows counts at once; everything else with the confirmation
    of a second person. Raises DoingRefused."""
    _must_stand(studio)
    _must_fit(studio, given.on, now, _("Day"))
    known = _checked(studio, given)
    try:
        with transaction.atomic():
            result = Result.objects.create(
                studio=studio,
                project=given.project,
                kind=given.kind,
                title=(given.title.strip() or known)[:160],
                on=given.on,
                number=given.number.strip()[:80],
                amount_yuan=given.amount_yuan,
                proof=given.proof,
                fact_kind="course" if known else "",
                fact_id=given.course if known else None,
                state=Result.State.CONFIRMED if known else Result.State.REPORTED,
                reported_by=actor.id,
                reported_at=now,
                decided_at=now if known else None,
            )
    except IntegrityError:
        raise DoingRefused(_("Course: it stands among the results of this studio already.")) from None
    if not known:
        tell_result_reported(result, now=now)
    return result


def _checked(studio: Studio, given: ResultGiven) -> str:
    """The title of the course the result is; empty where it is none the platform knows. Raises DoingRefused."""
    if given.project is not None and given.project.studio_id != studio.pk:
        raise DoingRefused(_("Project: it is none of this studio."))
    if (given.kind == Result.Kind.SAVING) != (given.amount_yuan is not None and given.amount_yuan > 0):
        raise DoingRefused(_("Amount: a saving has one, above 0; nothing else has."))
    if given.course is not None:
        if given.kind != Result.Kind.COURSE:
            raise DoingRefused(_("Course: only of a result that is a course."))
        title = fact("course", given.course)
        if title is None:
            raise DoingRefused(_("Course: the catalogue has no published course of this address."))
        return title
    if not given.title.strip():
        raise DoingRefused(_("Title: say in a few words what it is."))
    if given.kind in {Result.Kind.PATENT, Result.Kind.STANDARD} and not given.number.strip():
        raise DoingRefused(_("Number: a patent or a standard has one; write it as printed."))
    if given.proof is None:
        raise DoingRefused(_("Proof: hand in a file that shows it."))
    return ""


@action("studios.result.decide", requires=policies.can_confirm_result)
def decide_result(result: Result, *, confirmed: bool, reason: str = "", actor: Actor, now: dt.datetime) -> Result:
    """A second person looked at the proof. Raises ResultDecided for who reported it, without a reason for a no, and where it was
    decided before."""
    if result.reported_by == actor.id:
        raise ResultDecided(_("Whoever reported it may not confirm it: a second person must."))
    reason = " ".join(reason.split())[:300]
    if not confirmed and not reason:
        raise ResultDecided(_("Reason: say what is missing."))
    decided = Result.objects.filter(pk=result.pk, state=Result.State.REPORTED).update(
        state=Result.State.CONFIRMED if confirmed else Result.State.REFUSED,
        decided_by=actor.id,
        decided_at=now,
        decision_reason=reason,
    )
    result.refresh_from_db()
    if not decided:
        raise ResultDecided(_("This was decided before: %(state)s.") % {"state": result.get_state_display()})
    return result


@action("studios.visit.record", requires=policies.can_keep)
def record_visit(studio: Studio, given: VisitGiven, *, actor: Actor, now: dt.datetime) -> Visit:
    """Raises DoingRefused."""
    _must_stand(studio)
    _must_fit(studio, given.on, now, _("Day"))
    _must_be_in(studio, given.alliance)
    if not given.visitors.strip():
        raise DoingRefused(_("Visitors: name the body that came."))
    if given.people < 1:
        raise DoingRefused(_("People: at least 1."))
    if len(given.photos) > MOST_PHOTOS:
        raise DoingRefused(_("Photos: at most %(most)s.") % {"most": MOST_PHOTOS})
    visit = Visit.objects.create(
        studio=studio,
        alliance=given.alliance,
        on=given.on,
        visitors=given.visitors.strip()[:160],
        people=given.people,
        about=given.about.strip()[:300],
        recorded_by=actor.id,
        recorded_at=now,
    )
    VisitPhoto.objects.bulk_create(VisitPhoto(visit=visit, file=photo) for photo in given.photos)
    return visit


def _must_stand(studio: Studio) -> None:
    studio.refresh_from_db(fields=["state"])
    if not studio.is_in_force:
        raise DoingRefused(_("The studio was un-named; nothing is entered any more. What it did stays."))


def _must_fit(studio: Studio, day: dt.date, now: dt.datetime, field: str) -> None:
    if not studio.named_on <= day <= localdate(now):
        raise DoingRefused(_("%(field)s: from the naming on %(named)s until today.") % {"field": field, "named": studio.named_on})


def _must_be_in(studio: Studio, alliance: Alliance | None) -> None:
    if alliance is not None and not alliances_of(studio).filter(pk=alliance.pk).exists():
        raise DoingRefused(_("Alliance: this studio is not in it."))
