"""What the API says and takes. Ids are public ids; people are masked; identity numbers never appear in full."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from denggao.engines.credentials.models import Issued
from denggao.faces.api.rest.problems import Problem

ItemT = TypeVar("ItemT")
LARGEST_PAGE = 200


class Page(Schema, Generic[ItemT]):
    """Part of a list, in the list's order. ``count`` is how many there are in all."""

    count: int
    limit: int
    offset: int
    items: list[ItemT]


def narrowed(wanted: Mapping[str, object]) -> dict[str, Any]:
    """Of what a list may be narrowed by, what was asked: nothing said narrows nothing."""
    return {name: value for name, value in wanted.items() if value}


class IssuedSummary(Schema):
    """A certificate or plaque, and where its live status stands."""

    number: str
    standing: str = Field(description=_("valid, suspended, withdrawn, expired or not yet in force"))
    status_page: str = Field(description=_("A path of this site."))


def issued_summary(issued: Issued | None, day: dt.date) -> IssuedSummary | None:
    if issued is None:
        return None
    return IssuedSummary(number=issued.number, standing=issued.standing(day), status_page=f"/credentials/{issued.public_id}/")


class Named(Schema):
    code: str
    name_zh: str
    name_en: str


class PlanSummary(Named):
    """A plan in a list."""

    first_year: int
    last_year: int
    region_zh: str
    region_en: str
    demo: bool = Field(description=_("True for the demo region, whose people and numbers are invented."))


class PartDetail(Schema):
    """What a body, or a class of bodies, does towards a goal."""

    role: str
    organisation: str | None = Field(description=_("Name of the body; null for a class of bodies."))
    class_of_bodies: str


class GoalDetail(Named):
    """One number the plan wants."""

    unit: str = Field(description=_("person or body"))
    target: int
    yearly_targets: dict[str, int] = Field(description=_("Target by year, where the plan sets one."))
    counting_rule: str = Field(description=_("Empty while nothing counts this goal yet."))
    lowest_proof: str = Field(description=_("declared, documented or confirmed: the lowest grade that counts."))
    parts: list[PartDetail]


class PlanDetail(PlanSummary):
    industries: list[Named]
    goals: list[GoalDetail]


class ForecastDetail(Schema):
    """Where the goal ends if the pace of the last twelve months goes on: an estimate."""

    at_end: int
    shortfall: int
    pace_a_month: float


class GoalFigures(Schema):
    name_zh: str
    name_en: str
    unit: str
    target: int
    count: int
    by_year: dict[str, int | None] = Field(description=_("By year of the plan; null where a small number is withheld."))
    yearly_targets: dict[str, int]
    forecast: ForecastDetail | None


class BoardDetail(Schema):
    """The plan's numbers against their targets, by goal code."""

    plan: str
    as_of: dt.date
    known_on: dt.date | None = Field(description=_("What was known at the end of this day; null for what is known now."))
    public: bool = Field(description=_("True where small numbers are withheld."))
    goals: dict[str, GoalFigures]
    distinct_people: int
    summed_people: int
    last_proven_at: dt.datetime | None
    demo: bool


class CellDetail(Schema):
    value: str
    label_zh: str
    label_en: str
    count: int | None = Field(description=_("null where a small number is withheld."))


class BreakdownDetail(Schema):
    """A goal's heads by one dimension."""

    plan: str
    goal: str
    dimension: str
    as_of: dt.date
    known_on: dt.date | None
    public: bool
    cells: list[CellDetail]


class ReleaseDates(Schema):
    """The days the public may ask the board for: neighbouring days would give single people away."""

    plan: str
    dates: list[dt.date]


class Reference(Schema):
    """Something named elsewhere by its id."""

    id: uuid.UUID
    name_zh: str
    name_en: str


class HeadDetail(Schema):
    """A head that counts."""

    id: uuid.UUID = Field(description=_("Id of the ledger's entry."))
    name: str = Field(description=_("Masked."))
    happened_on: dt.date
    known_at: dt.datetime
    industry: str
    occupation: Named | None
    level: str
    level_before: str
    employer: Reference | None
    proof: str


class EvidenceLink(Schema):
    kind: str
    title: str
    state: str = Field(description=_("proven, waiting or broken"))
    lines: list[tuple[str, str]]


class HeadEvidence(HeadDetail):
    """A head with its chain of proof, in the reader's language."""

    evidence: list[EvidenceLink]


class OrganisationDetail(Schema):
    id: uuid.UUID
    name_zh: str
    name_en: str
    kind: str
    uscc: str | None = Field(description=_("Unified social credit code."))
    industry: Named | None
    address: str
    longitude: float | None
    latitude: float | None
    demo: bool


class EmploymentDetail(Schema):
    id: uuid.UUID
    hired_on: dt.date | None
    left_on: dt.date | None
    post: str
    occupation: str
    front_line: bool | None = Field(description=_("null where no list has said so."))


class PersonDetail(Schema):
    """A person as their employer may see them: masked."""

    id: uuid.UUID
    name: str = Field(description=_("Masked."))
    sex: str
    documents: list[str] = Field(description=_("Kind and masked number."))
    employments: list[EmploymentDetail] = Field(description=_("With this organisation only, newest first."))


class CertificateDetail(Schema):
    id: uuid.UUID
    number: str = Field(description=_("Masked."))
    holder: str = Field(description=_("Masked."))
    person: uuid.UUID | None
    occupation: str
    occupation_code: str | None = Field(description=_("null while the name is not mapped; then it does not count."))
    level: str
    issued_on: dt.date
    evaluator: str
    issuer: str
    status: str = Field(description=_("valid or withdrawn"))
    proof: str


class Question(Schema):
    """What is written on the certificate."""

    number: str = Field(min_length=1, max_length=60, description=_("Certificate number."))
    name: str = Field(min_length=1, max_length=80, description=_("Holder's name."))


class FactDetail(Schema):
    """What the certificate says beside its number, in the reader's language."""

    label: str
    value: str


class Answer(Schema):
    """The masked minimum. ``not_found`` does not tell which of the two was wrong."""

    result: str = Field(description=_("valid, not_yet, expired, suspended, withdrawn or not_found"))
    name: str = Field(default="", description=_("Masked where the holder is a person."))
    number: str = Field(default="", description=_("Masked for certificates of persons; whole for what the platform issued."))
    issued_on: dt.date | None = None
    withdrawn_on: dt.date | None = None
    evaluator: str = ""
    issuer: str = ""
    title: str = Field(default="", description=_("What a plaque or a letter calls itself."))
    since: dt.date | None = Field(default=None, description=_("First day of this result."))
    reason: str = Field(default="", description=_("Class of the reason, in words; never the reason itself."))
    valid_from: dt.date | None = None
    valid_until: dt.date | None = Field(default=None, description=_("The last day; none for no end."))
    status_page: str = Field(default="", description=_("Address of its live status page, for plaques and letters."))
    facts: list[FactDetail] = Field(default_factory=list)


def problems(*statuses: int) -> dict[int, type[Problem]]:
    """The errors an operation may answer with; every one may answer 422 and 429."""
    return dict.fromkeys(sorted({*statuses, 422, 429}), Problem)
