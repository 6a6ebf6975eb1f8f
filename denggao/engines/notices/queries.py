"""Reads: what a page shows of a notice, its days, its proof, and where an objection stands."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language

from denggao.engines.notices.actions.objecting import receipt_index
from denggao.engines.notices.models import OPEN_STATES, Notice, NoticeItem, NoticeSnapshot, Objection, shown_lines
from denggao.engines.notices.policies import can_handle_objections, visible_objections
from denggao.engines.notices.registry import subjects
from denggao.engines.notices.rules import read_receipt
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.models import Record
from denggao.foundation.audit.readied import readied
from denggao.foundation.audit.records import identity
from denggao.foundation.calendar.queries import Arrangement, arrangement_of

# The days of a notice


@dataclass(frozen=True)
class StripDay:
    """A working day of a notice: ``state`` is past, today, coming, or unknown (then there is no ``day``)."""

    day: dt.date | None
    state: str


@dataclass(frozen=True)
class Strip:
    """The working days of a notice in order, and what is particular about them: make-up days among them, holidays between."""

    days: list[StripDay]
    make_up: list[dt.date] = field(default_factory=list)
    holidays: list[tuple[dt.date, dt.date, str]] = field(default_factory=list)
    unknown_year: int | None = None

    @property
    def passed(self) -> int:
        """How many days are over or under way."""
        return sum(item.state in {"past", "today"} for item in self.days)


def strip_of(notice: Notice, *, today: dt.date, arrangement: Arrangement | None = None) -> Strip:
    """The days of a notice as a page draws them. One query, none with an ``arrangement`` of its years."""
    known = arrangement or arrangement_of(range(notice.counts_from.year, notice.counts_from.year + 2))
    days = known.known_working_days(notice.counts_from, notice.all_days)
    drawn = [StripDay(day, "past" if day < today else "today" if day == today else "coming") for day in days]
    missing = notice.all_days - len(days)
    unknown = None
    if missing:
        drawn += [StripDay(None, "unknown")] * missing
        unknown = next(year for year in range(notice.counts_from.year, notice.counts_from.year + 3) if year not in known.years)
    make_up = [day for day in days if day.weekday() >= 5]
    return Strip(drawn, make_up, _holidays_between(days, known), unknown)


def _holidays_between(days: Sequence[dt.date], known: Arrangement) -> list[tuple[dt.date, dt.date, str]]:
    """Days off by the arrangement between the first and the last day, as spans with their name."""
    if not days:
        return []
    spans: list[tuple[dt.date, dt.date, str]] = []
    for named in sorted(known.days.values(), key=lambda item: item.day):
        if named.is_working or not days[0] < named.day < days[-1]:
            continue
        if spans and named.day - spans[-1][1] == dt.timedelta(days=1) and spans[-1][2] == named.note:
            spans[-1] = (spans[-1][0], named.day, named.note)
        else:
            spans.append((named.day, named.day, named.note))
    return spans


# What the page shows


@dataclass(frozen=True)
class ShownItem:
    position: int
    name: str
    lines: list[tuple[str, str]]
    state: str
    settled_at: dt.datetime | None


@dataclass(frozen=True)
class ShownObjection:
    """The redacted copy of an objection. ``about`` is the name it is against; empty for the whole notice."""

    about: str
    text: str
    received_at: dt.datetime | None
    state: str
    ruled_at: dt.datetime | None


@dataclass(frozen=True)
class ShownNotice:
    """A snapshot in the reader's language."""

    number: str
    title: str
    body: str
    issuer: str
    contact: str
    document: str
    days: int
    extended_days: int
    first_on: dt.date | None
    last_on: dt.date | None
    state: str
    items: list[ShownItem]
    objections: list[ShownObjection]


def shown(snapshot: NoticeSnapshot) -> ShownNotice:
    """What this snapshot shows. The public page is drawn from the newest, and from nothing else."""
    content = snapshot.content
    items = [
        ShownItem(
            int(item["position"]), _said(item["name"]), shown_lines(item["shown"]), str(item["state"]), _moment(item["settled_at"])
        )
        for item in content["items"]
    ]
    names = {item.position: item.name for item in items}
    return ShownNotice(
        number=content["number"],
        title=_said(content["title"]),
        body=_said(content["body"]),
        issuer=_said(content["issuer"]),
        contact=content["contact"],
        document=content["document"],
        days=int(content["days"]),
        extended_days=int(content["extended_days"]),
        first_on=parse_date(content["first_on"]),
        last_on=parse_date(content["last_on"]) if content["last_on"] else None,
        state=content["state"],
        items=items,
        objections=[
            ShownObjection(
                names.get(item["position"], "") if item["position"] else "",
                item["text"],
                _moment(item["received_at"]),
                item["state"],
                _moment(item["ruled_at"]),
            )
            for item in content["objections"]
        ],
    )


def _said(both: dict[str, str]) -> str:
    return both["en"] if both["en"] and (get_language() or "").startswith("en") else both["zh"]


def _moment(text: str | None) -> dt.datetime | None:
    return parse_datetime(text) if text else None


def newest_snapshot(notice: Notice) -> NoticeSnapshot:
    return notice.snapshots.order_by("-number")[:1].get()


# Lists


def with_counts(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """With ``names`` (all), ``open_objections`` and ``changed_at`` (the newest snapshot's moment)."""
    return notices.annotate(
        names=Count("items", distinct=True),
        open_objections=Count("objections", filter=Q(objections__state__in=OPEN_STATES), distinct=True),
        changed_at=Max("snapshots__at"),
    )


@dataclass(frozen=True)
class NoticeCard:
    """A notice in the public list."""

    notice: Notice
    strip: Strip
    phase: str


def cards(notices: Sequence[Notice], *, today: dt.date) -> list[NoticeCard]:
    """One query for the calendar, however many."""
    years = {year for notice in notices for year in (notice.counts_from.year, notice.counts_from.year + 1)}
    arrangement = arrangement_of(years) if years else Arrangement(frozenset())
    return [NoticeCard(item, strip_of(item, today=today, arrangement=arrangement), phase_of(item, today)) for item in notices]


def phase_of(notice: Notice, today: dt.date) -> str:
    """coming, open, waiting (the period is over and an objection is not ruled on, or the next step not done yet), passed or
    closed_early."""
    if not notice.is_open:
        return notice.state
    if today < notice.first_on:
        return "coming"
    return "waiting" if notice.last_on is not None and notice.last_on < today else "open"


def open_objections(actor: Actor) -> QuerySet[Objection]:
    return visible_objections(actor).filter(state__in=OPEN_STATES)


def count_open_objections(actor: Actor) -> int:
    if not can_handle_objections(actor):
        return 0
    if any(subject.hidden_from(actor) for subject in subjects().values()):
        return open_objections(actor).count()
    return _all_open_objections.count()


@readied()
def _all_open_objections() -> QuerySet[Objection]:
    return Objection.objects.filter(state__in=OPEN_STATES).order_by()


# Proof


@dataclass(frozen=True)
class ProofLine:
    """A snapshot with until when it was shown (None: it still is), and the number its record has in the sealed audit (None
    until it is sealed)."""

    snapshot: NoticeSnapshot
    until: dt.datetime | None
    record: int | None


def proof_of(notice: Notice) -> list[ProofLine]:
    """Every snapshot, the newest first, with the days on which the product saw it on show. Three queries."""
    taken = list(notice.snapshots.order_by("number").prefetch_related("displays"))
    object_type, object_id = identity(notice)
    records = Record.objects.filter(object_type=object_type, object_id=object_id, action="notices.notice.show")
    numbers: dict[Any, int | None] = {
        after.get("content_hash"): number for after, number in records.values_list("after", "number") if after
    }
    untils = [item.at for item in taken[1:]] + [None]
    return [
        ProofLine(item, until, numbers.get(item.content_hash)) for item, until in reversed(list(zip(taken, untils, strict=True)))
    ]


# Receipts


def objection_by_receipt(code: str) -> Objection | None:
    """The objection whose receipt this is, however it was typed. PRIVACY: neither name, contact nor text is read."""
    receipt = read_receipt(code)
    if not receipt:
        return None
    return (
        Objection.objects.select_related("notice", "item")
        .defer("name", "contact")
        .filter(receipt_index=receipt_index(receipt))
        .annotate(files_count=Count("files"))
        .first()
    )


# For the case page


@dataclass(frozen=True)
class SubjectNotice:
    """The newest notice a subject stands on, with its own objections."""

    notice: Notice
    item: NoticeItem
    strip: Strip
    phase: str
    objections: list[Objection]

    @property
    def open_objections(self) -> int:
        return sum(item.is_open for item in self.objections)


def notice_of_subject(subject_kind: str, subject_id: Any, *, today: dt.date) -> SubjectNotice | None:
    """Three queries; None where the subject was never on notice."""
    item = _newest_item.first(subject_id, subject_kind)
    if item is None:
        return None
    notice = item.notice
    about = _objections_about.objects(notice.pk, item.pk)
    return SubjectNotice(notice, item, strip_of(notice, today=today), phase_of(notice, today), about)


@readied(uuid.UUID, str)
def _newest_item(subject_id: uuid.UUID, subject_kind: str) -> QuerySet[NoticeItem]:
    found = NoticeItem.objects.filter(subject_id=subject_id, notice__subject_kind=subject_kind).select_related("notice")
    return found.order_by("-notice__opened_at", "-pk")[:1]


@readied(int, int)
def _objections_about(notice_id: int, item_id: int) -> QuerySet[Objection]:
    found = Objection.objects.filter(Q(item_id=item_id) | Q(item__isnull=True), notice_id=notice_id).defer("name", "contact")
    return found.order_by(F("ruled_at").desc(nulls_first=True), "-received_at")
