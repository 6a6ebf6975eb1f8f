"""The token's organisation and its people."""

from __future__ import annotations

import uuid
from typing import Literal

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, actor_of, needs
from denggao.faces.api.rules import Scope
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.organisations.policies import get_organisation_for, visible_employments, visible_organisations
from denggao.foundation.people.models import Person
from denggao.foundation.people.policies import visible_persons

router = Router()


@router.get(
    "/organisations",
    **needs(Scope.ORGANISATION),
    throttle=READING,
    response={200: schemas.Page[schemas.OrganisationDetail], **schemas.problems(401, 403)},
    summary=_("Organisations the token acts for"),
    description=_("One: a token belongs to one organisation."),
    tags=["organisations"],
)
def list_organisations(request: HttpRequest) -> schemas.Page[schemas.OrganisationDetail]:
    own = [_organisation(body) for body in visible_organisations(actor_of(request)).select_related("industry")]
    return schemas.Page[schemas.OrganisationDetail](count=len(own), limit=schemas.LARGEST_PAGE, offset=0, items=own)


@router.get(
    "/organisations/{organisation}",
    **needs(Scope.ORGANISATION),
    throttle=READING,
    response={200: schemas.OrganisationDetail, **schemas.problems(401, 403, 404)},
    summary=_("One organisation"),
    description=_("The token's own; any other does not exist for it."),
    tags=["organisations"],
)
def read_organisation(request: HttpRequest, organisation: uuid.UUID) -> schemas.OrganisationDetail:
    return _organisation(get_organisation_for(actor_of(request), organisation))


def _organisation(body: Organisation) -> schemas.OrganisationDetail:
    industry = body.industry
    return schemas.OrganisationDetail(
        id=body.public_id,
        name_zh=body.name_zh,
        name_en=body.name_en,
        kind=body.kind,
        uscc=body.uscc,
        industry=schemas.Named(code=industry.code, name_zh=industry.name_zh, name_en=industry.name_en) if industry else None,
        address=body.address,
        longitude=float(body.longitude) if body.longitude is not None else None,
        latitude=float(body.latitude) if body.latitude is not None else None,
        demo=body.is_demo,
    )


class PersonFilter(Schema):
    status: Literal["employed", "left", "all"] = Field("employed", description=_("Employed today, left, or both."))
    front_line: bool | None = Field(None, description=_("Only front-line staff, or only others."))
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


@router.get(
    "/persons",
    **needs(Scope.PERSONS),
    throttle=READING,
    response={200: schemas.Page[schemas.PersonDetail], **schemas.problems(401, 403)},
    summary=_("The organisation's people"),
    description=_("Masked, in the order in which they came to be known."),
    tags=["persons"],
)
def list_persons(request: HttpRequest, asked: Query[PersonFilter]) -> schemas.Page[schemas.PersonDetail]:
    employments = visible_employments(actor_of(request))
    today = timezone.localdate()
    if asked.status == "employed":
        employments = employments.exclude(left_on__lt=today)
    elif asked.status == "left":
        employments = employments.filter(left_on__lt=today)
    if asked.front_line is not None:
        employments = employments.filter(front_line=asked.front_line)
    # One body's ids are few enough to be read at once, which is cheaper than asking for a page of them and for their count.
    ids = sorted(set(employments.values_list("person_id", flat=True)))
    page = _with_records(Person.objects.filter(pk__in=ids[asked.offset : asked.offset + asked.limit]), request)
    return schemas.Page[schemas.PersonDetail](
        count=len(ids),
        limit=asked.limit,
        offset=asked.offset,
        items=[_person(person) for person in page.order_by("pk")],
    )


@router.get(
    "/persons/{person}",
    **needs(Scope.PERSONS),
    throttle=READING,
    response={200: schemas.PersonDetail, **schemas.problems(401, 403, 404)},
    summary=_("One person"),
    description=_("Somebody who works or worked for the token's organisation."),
    tags=["persons"],
)
def read_person(request: HttpRequest, person: uuid.UUID) -> schemas.PersonDetail:
    found = _with_records(visible_persons(actor_of(request)).filter(public_id=person), request).first()
    if found is None:
        raise Http404
    return _person(found)


def _with_records(people: QuerySet[Person], request: HttpRequest) -> QuerySet[Person]:
    """PRIVACY: with the employments this organisation may see, which are its own. The phone is not even read."""
    own = visible_employments(actor_of(request)).order_by("-known_from", "-pk")
    return people.defer("phone").prefetch_related("documents", Prefetch("employments", queryset=own, to_attr="own_employments"))


def _person(person: Person) -> schemas.PersonDetail:
    employments: list[Employment] = person.own_employments  # type: ignore[attr-defined]  # prefetched under this name
    return schemas.PersonDetail(
        id=person.public_id,
        name=person.masked_name,
        sex=person.sex,
        documents=[f"{document.kind} {document.masked_number}" for document in person.documents.all()],
        employments=[
            schemas.EmploymentDetail(
                id=item.public_id,
                hired_on=item.hired_on,
                left_on=item.left_on,
                post=item.post,
                occupation=item.occupation_text,
                front_line=item.front_line,
            )
            for item in employments
        ],
    )
