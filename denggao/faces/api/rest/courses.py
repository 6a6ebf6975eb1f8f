"""The catalogue of the university, as everybody sees it: schools, programmes of study, courses. Published ones only."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, for_anyone
from denggao.faces.api.rest.notices import Both
from denggao.systems.university.learning.panels import open_classes
from denggao.systems.university.models import Course, Programme, School
from denggao.systems.university.queries import items_of, outline

router = Router(tags=["courses"])
MOST_CLASSES = 100


class SchoolRef(Schema):
    id: uuid.UUID
    name: Both


class SchoolSummary(SchoolRef):
    """A school of the university."""

    body: Both
    opened_on: dt.date
    courses: int = Field(description=_("How many of its own are published."))
    page: str = Field(description=_("A path of this site."))


class CourseSummary(Schema):
    """A course in a list."""

    id: uuid.UUID
    code: str
    title: Both
    summary: Both
    school: SchoolRef
    industry: str = Field(description=_("Code of the industry; empty where it serves all."))
    occupation: str = Field(description=_("Code of the occupation; empty where it serves all."))
    level: str
    language: str
    provider: str = Field(description=_("Who made it, where that is not the school."))
    licence: str
    version: int
    published_at: dt.datetime | None
    units: int
    minutes: int
    fee_yuan: Decimal | None = Field(description=_("Paid to the school, not here. None: free of charge."))
    page: str = Field(description=_("A path of this site."))


class UnitLine(Schema):
    id: uuid.UUID = Field(description=_("The same in every version."))
    number: str
    kind: str
    title: str
    minutes: int
    required: bool


class ServedItem(Schema):
    """A teaching standard, and its items that the course serves."""

    standard: str
    items: list[str]


class ClassLine(Schema):
    """A class that is open for entry."""

    id: uuid.UUID
    title: str
    school: SchoolRef
    opens_on: dt.date
    closes_on: dt.date | None = Field(description=_("Its last day."))
    entry: str = Field(description=_("open, employer, invited or selected"))
    seats: int | None = Field(description=_("None: as many as come."))
    seats_left: int | None
    fee_yuan: Decimal | None
    page: str = Field(description=_("A path of this site."))


class CourseDetail(CourseSummary):
    source_version: str = Field(description=_("The version as its provider calls it."))
    prerequisites: list[uuid.UUID]
    contents: list[UnitLine]
    serves: list[ServedItem]
    classes: list[ClassLine]


class ProgrammeSummary(Schema):
    """A programme of study in a list."""

    id: uuid.UUID
    title: Both
    school: SchoolRef
    industry: str
    track: str = Field(description=_("general, urgent, advanced or international"))
    entry: str = Field(description=_("open or selected"))
    seats: int | None
    published_on: dt.date | None
    courses: int
    page: str = Field(description=_("A path of this site."))


class PlaceLine(Schema):
    """A course's place in a programme."""

    course: uuid.UUID
    title: Both
    required: bool


class ProgrammeDetail(ProgrammeSummary):
    about: str = Field(description=_("Clean HTML."))
    places: list[PlaceLine]


class SchoolQuery(Schema):
    plan: str = Field("", max_length=40, description=_("Code of the plan."))
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


class CourseQuery(Schema):
    school: uuid.UUID | None = None
    industry: str = Field("", max_length=40, description=_("Code of the industry."))
    occupation: str = Field("", max_length=20, description=_("Code of the occupation."))
    level: Literal["", "5", "4", "3", "2", "1"] = ""
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


class ProgrammeQuery(Schema):
    school: uuid.UUID | None = None
    industry: str = Field("", max_length=40, description=_("Code of the industry."))
    track: Literal["", "general", "urgent", "advanced", "international"] = ""
    entry: Literal["", "open", "selected"] = ""
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/schools",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.Page[SchoolSummary], **schemas.problems(401)},
    summary=_("Schools of the university"),
    description=_("Those that are open, in the order in which they opened."),
)
def list_schools(request: HttpRequest, asked: Query[SchoolQuery]) -> schemas.Page[SchoolSummary]:
    found = School.objects.filter(state=School.State.OPEN, **schemas.narrowed({"plan__code": asked.plan}))
    published = Count("courses", filter=Q(courses__state=Course.State.PUBLISHED), distinct=True)
    rows = found.select_related("organisation").annotate(published=published).order_by("opened_on", "pk")
    items = [
        SchoolSummary(
            **_school(row),
            body=Both(zh=row.organisation.name_zh, en=row.organisation.name_en),
            opened_on=row.opened_on,
            courses=row.published,
            page=f"/courses/schools/{row.public_id}/",
        )
        for row in rows[asked.offset : asked.offset + asked.limit]
    ]
    return schemas.Page[SchoolSummary](count=found.count(), limit=asked.limit, offset=asked.offset, items=items)


@router.get(
    "/courses",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.Page[CourseSummary], **schemas.problems(401)},
    summary=_("Courses"),
    description=_("Those in the catalogue, the newest version first."),
)
def list_courses(request: HttpRequest, asked: Query[CourseQuery]) -> schemas.Page[CourseSummary]:
    wanted = {
        "school__public_id": asked.school,
        "industry__code": asked.industry,
        "occupation__code": asked.occupation,
        "level": asked.level,
    }
    found = _courses().filter(**schemas.narrowed(wanted)).order_by("-current__published_at", "-pk")
    items = [CourseSummary(**_course(row)) for row in found[asked.offset : asked.offset + asked.limit]]
    return schemas.Page[CourseSummary](count=found.count(), limit=asked.limit, offset=asked.offset, items=items)


@router.get(
    "/courses/{course}",
    **for_anyone(),
    throttle=READING,
    response={200: CourseDetail, **schemas.problems(401, 404)},
    summary=_("One course"),
    description=_("Its units, what it serves of the teaching standards, the classes that are open for entry."),
)
def read_course(request: HttpRequest, course: uuid.UUID) -> CourseDetail:
    found = _courses().filter(public_id=course).first()
    if found is None or found.current is None:
        raise Http404
    required = found.prerequisites.filter(state=Course.State.PUBLISHED)
    return CourseDetail(
        **_course(found),
        source_version=found.source_version,
        prerequisites=list(required.order_by("pk").values_list("public_id", flat=True)),
        contents=[
            UnitLine(
                id=unit.key, number=unit.number, kind=unit.kind, title=unit.title, minutes=unit.minutes, required=unit.required
            )
            for unit in outline(found.current).units
        ],
        serves=[ServedItem(standard=standard, items=codes) for standard, codes in items_of(found).items()],
        classes=_classes(found),
    )


@router.get(
    "/programmes",
    **for_anyone(),
    throttle=READING,
    response={200: schemas.Page[ProgrammeSummary], **schemas.problems(401)},
    summary=_("Programmes of study"),
    description=_("Those in the catalogue, the newest first."),
)
def list_programmes(request: HttpRequest, asked: Query[ProgrammeQuery]) -> schemas.Page[ProgrammeSummary]:
    wanted = {
        "school__public_id": asked.school,
        "industry__code": asked.industry,
        "track": asked.track,
        "entry": asked.entry,
    }
    found = Programme.objects.published().filter(**schemas.narrowed(wanted))
    rows = _programmes(found).order_by("-published_on", "-pk")
    items = [ProgrammeSummary(**_programme(row)) for row in rows[asked.offset : asked.offset + asked.limit]]
    return schemas.Page[ProgrammeSummary](count=found.count(), limit=asked.limit, offset=asked.offset, items=items)


@router.get(
    "/programmes/{programme}",
    **for_anyone(),
    throttle=READING,
    response={200: ProgrammeDetail, **schemas.problems(401, 404)},
    summary=_("One programme of study"),
    description=_("Its courses in their order."),
)
def read_programme(request: HttpRequest, programme: uuid.UUID) -> ProgrammeDetail:
    found = _programmes(Programme.objects.published()).filter(public_id=programme).first()
    if found is None:
        raise Http404
    places = found.places.filter(course__state=Course.State.PUBLISHED, course__school__state=School.State.OPEN)
    return ProgrammeDetail(
        **_programme(found),
        about=found.about,
        places=[
            PlaceLine(
                course=place.course.public_id,
                title=Both(zh=place.course.title_zh, en=place.course.title_en),
                required=place.required,
            )
            for place in places.select_related("course")
        ],
    )


def _courses() -> QuerySet[Course]:
    return Course.objects.published().select_related("school", "industry", "occupation", "current")


def _programmes(found: QuerySet[Programme]) -> QuerySet[Programme]:
    published = Count("places", filter=Q(places__course__state=Course.State.PUBLISHED), distinct=True)
    return found.select_related("school", "industry").annotate(published=published)


def _school(school: School) -> dict[str, Any]:
    return {"id": school.public_id, "name": Both(zh=school.name_zh, en=school.name_en)}


def _course(course: Course) -> dict[str, Any]:
    version = course.current
    assert version is not None  # the database sees to it
    return {
        "id": course.public_id,
        "code": course.code,
        "title": Both(zh=course.title_zh, en=course.title_en),
        "summary": Both(zh=course.summary_zh, en=course.summary_en),
        "school": SchoolRef(**_school(course.school)),
        "industry": course.industry.code if course.industry else "",
        "occupation": course.occupation.code if course.occupation else "",
        "level": course.level,
        "language": course.language,
        "provider": course.provider,
        "licence": course.licence,
        "version": version.number,
        "published_at": version.published_at,
        "units": version.units_count,
        "minutes": version.minutes,
        "fee_yuan": course.fee_yuan,
        "page": f"/courses/{course.public_id}/",
    }


def _classes(course: Course) -> list[ClassLine]:
    return [
        ClassLine(
            id=one.run.public_id,
            title=one.run.title,
            school=SchoolRef(**_school(one.run.school)),
            opens_on=one.run.opens_on,
            closes_on=one.run.closes_on,
            entry=one.run.entry,
            seats=one.run.seats,
            seats_left=one.left,
            fee_yuan=one.fee_yuan,
            page=f"/learn/enter/{one.run.public_id}/",
        )
        for one in open_classes(Q(course=course), timezone.localdate(), MOST_CLASSES)
    ]


def _programme(programme: Any) -> dict[str, Any]:
    """Of one that was counted by ``_programmes``."""
    return {
        "id": programme.public_id,
        "title": Both(zh=programme.title_zh, en=programme.title_en),
        "school": SchoolRef(**_school(programme.school)),
        "industry": programme.industry.code if programme.industry else "",
        "track": programme.track,
        "entry": programme.entry,
        "seats": programme.seats,
        "published_on": programme.published_on,
        "courses": programme.published,
        "page": f"/courses/programmes/{programme.public_id}/",
    }
