"""Programmes of study: courses in an order, published by a school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.standards.models import Industry
from denggao.systems.university import policies
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.cleaning import clean_html
from denggao.systems.university.models import Course, Programme, ProgrammeCourse, School
from denggao.systems.university.queries import courses_of


@dataclass(frozen=True)
class Study:
    """A programme as a form gives it; ``about`` is cleaned."""

    title_zh: str
    title_en: str = ""
    industry: Industry | None = None
    track: str = "general"
    about: str = ""
    entry: str = "open"
    seats: int | None = None


@action("university.programme.begin", requires=policies.can_keep_programmes)
def begin_programme(school: School, said: Study, *, actor: Actor, now: dt.datetime) -> Programme:
    """Raises CourseRefused for selection without seats."""
    programme = Programme(school=school, created_at=now)
    _describe(programme, said)
    return programme


@action("university.programme.describe", requires=policies.can_keep_programmes)
def describe_programme(programme: Programme, said: Study, *, actor: Actor, now: dt.datetime) -> Programme:
    """Raises CourseRefused for selection without seats."""
    _describe(programme, said)
    return programme


def _describe(programme: Programme, said: Study) -> None:
    if said.entry == Programme.Entry.SELECTED and not said.seats:
        raise CourseRefused(_("Seats: who selects must say for how many."))
    programme.title_zh, programme.title_en = said.title_zh, said.title_en
    programme.industry, programme.track = said.industry, said.track
    programme.about, programme.entry, programme.seats = clean_html(said.about), said.entry, said.seats
    programme.save()


@action("university.programme.courses", requires=policies.can_keep_programmes, batch=True)
def set_courses(programme: Programme, places: Sequence[tuple[Course, bool]], *, actor: Actor, now: dt.datetime) -> Programme:
    """Which courses, in which order, required or not. Raises CourseRefused for a course the school may not offer, or one that
    is named twice."""
    courses = [course for course, _required in places]
    if len({course.pk for course in courses}) < len(courses):
        raise CourseRefused(_("Courses: one stands there twice."))
    allowed = set(courses_of(programme.school).filter(pk__in=[course.pk for course in courses]).values_list("pk", flat=True))
    for course in courses:
        if course.pk not in allowed:
            raise CourseRefused(_("“%(course)s” is not a course of the school, nor lent to it.") % {"course": course.title})
    before = list(programme.places.values_list("course__code", "required"))
    programme.places.all().delete()
    ProgrammeCourse.objects.bulk_create(
        ProgrammeCourse(programme=programme, course=course, position=place, required=required)
        for place, (course, required) in enumerate(places)
    )
    after = [(course.code, required) for course, required in places]
    note([Line.about("university.programme.courses", programme, before={"courses": before}, after={"courses": after})])
    return programme


@action("university.programme.publish", requires=policies.can_keep_programmes, batch=True)
def publish_programme(programme: Programme, *, actor: Actor, now: dt.datetime) -> Programme:
    """Put it into the catalogue. Raises CourseRefused without a published course, or where it is there already."""
    if not programme.places.filter(course__state=Course.State.PUBLISHED).exists():
        raise CourseRefused(_("Courses: a programme needs one that is published."))
    _turn(programme, Programme.State.PUBLISHED, "university.programme.publish", on=timezone.localdate(now))
    return programme


@action("university.programme.retire", requires=policies.can_keep_programmes, batch=True)
def retire_programme(programme: Programme, *, actor: Actor, now: dt.datetime) -> Programme:
    """Take it out of the catalogue. Raises CourseRefused where it is out."""
    _turn(programme, Programme.State.RETIRED, "university.programme.retire")
    return programme


def _turn(programme: Programme, state: str, code: str, *, on: dt.date | None = None) -> None:
    before = snapshot(programme)
    changes = {"state": state} | ({"published_on": programme.published_on or on} if on else {})
    if not Programme.objects.filter(pk=programme.pk).exclude(state=state).update(**changes):
        raise CourseRefused(_("The programme stands so already."))
    programme.refresh_from_db()
    note([Line.about(code, programme, before=before, after=snapshot(programme))])
