"""Site visits: planned, held and recorded with findings and photos, or called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from denggao.engines.reviews.models import Assignment, Expert, Panel, SiteVisit, VisitPhoto
from denggao.engines.reviews.refusals import given_reason
from denggao.engines.reviews.sealing import can_record_visit
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile

MOST_PHOTOS = 60


class VisitRefused(Refused):
    """What was entered is no visit of this panel; the message names the field."""


@dataclass(frozen=True)
class VisitGiven:
    """``place`` as written; coordinates in WGS 84 degrees, both or neither."""

    on: dt.date
    place: str
    longitude: Decimal | None = None
    latitude: Decimal | None = None


@dataclass(frozen=True)
class RecordGiven:
    """What came of a visit: which experts of the panel were present, who else, and what was found."""

    experts: Collection[Expert]
    findings: str
    others: str = ""


def _can_plan(actor: Actor, panel: object) -> bool:
    return can_record_visit(actor, panel)


@action("reviews.visit.plan", requires=_can_plan, batch=True)
def plan_visit(panel: Panel, *, given: VisitGiven, actor: Actor, now: dt.datetime) -> SiteVisit:
    """Say when and where the experts will look. Raises VisitRefused."""
    _refuse_closed(panel)
    _refuse_place(given)
    visit = SiteVisit.objects.create(panel=panel, planned_by=actor.id, created_at=now, **_columns(given))
    note([Line.about("reviews.visit.plan", visit, after=snapshot(visit))])
    return visit


@action("reviews.visit.record", requires=can_record_visit, batch=True)
def record_visit(
    visit: SiteVisit, *, given: VisitGiven, record: RecordGiven, reason: str = "", actor: Actor, now: dt.datetime
) -> SiteVisit:
    """Record that the visit was held. Recorded before, it is corrected, which needs a ``reason``; the audit keeps what stood.
    Raises VisitRefused, ReasonMissing."""
    _refuse_closed(visit.panel)
    _refuse_place(given)
    findings = record.findings.replace("\r\n", "\n").replace("\x00", "").strip()
    if given.on > now.date() + dt.timedelta(days=1):
        raise VisitRefused(_("Date: a visit is recorded once it was held; this day is yet to come."))
    if not findings:
        raise VisitRefused(_("Findings: say what was found; without it there is no record."))
    _refuse_strangers(visit.panel, record.experts)
    before = _told(visit)
    if SiteVisit.objects.get(pk=visit.pk).state == SiteVisit.State.HELD:
        reason = given_reason(reason, _("Reason: this visit is recorded already. Say why its record is corrected."))
    changed = SiteVisit.objects.filter(pk=visit.pk).exclude(state=SiteVisit.State.CALLED_OFF)
    values = _columns(given) | {"findings": findings, "others": " ".join(record.others.split())[:300], "reason": reason}
    if not changed.update(state=SiteVisit.State.HELD, recorded_at=now, recorded_by=actor.id, **values):
        raise VisitRefused(_("This visit was called off. Plan a new one."))
    visit.refresh_from_db()
    visit.experts.set(record.experts)
    note([Line.about("reviews.visit.record", visit, before=before, after=_told(visit))])
    return visit


@action("reviews.visit.call_off", requires=can_record_visit)
def call_off_visit(visit: SiteVisit, *, reason: str, actor: Actor, now: dt.datetime) -> SiteVisit:
    """Raises VisitRefused for one that was held, ReasonMissing."""
    reason = given_reason(reason, _("Reason: say why the visit is called off."))
    planned = SiteVisit.objects.filter(pk=visit.pk, state=SiteVisit.State.PLANNED)
    if not planned.update(state=SiteVisit.State.CALLED_OFF, reason=reason):
        raise VisitRefused(_("Only a planned visit can be called off."))
    visit.refresh_from_db()
    return visit


@action("reviews.visit.add_photo", requires=can_record_visit, batch=True)
def add_photo(visit: SiteVisit, *, file: StoredFile, caption: str, actor: Actor, now: dt.datetime) -> VisitPhoto:
    """Keep a picture with the visit. Raises VisitRefused."""
    _refuse_closed(visit.panel)
    if visit.photos.filter(removed_at__isnull=True).count() >= MOST_PHOTOS:
        raise VisitRefused(_("A visit has at most %(most)d photos. Remove one first.") % {"most": MOST_PHOTOS})
    photo = VisitPhoto.objects.create(
        visit=visit, file=file, caption=" ".join(caption.split())[:200], added_at=now, added_by=actor.id
    )
    note([Line.about("reviews.visit.add_photo", photo, after=snapshot(photo))])
    return photo


def _of_photo(actor: Actor, photo: object) -> bool:
    return isinstance(photo, VisitPhoto) and can_record_visit(actor, photo.visit)


@action("reviews.visit.remove_photo", requires=_of_photo)
def remove_photo(photo: VisitPhoto, *, actor: Actor, now: dt.datetime) -> VisitPhoto:
    """Take a picture away from the visit: nobody sees it any more, its row stays. Removing twice changes nothing."""
    _refuse_closed(photo.visit.panel)
    VisitPhoto.objects.filter(pk=photo.pk, removed_at__isnull=True).update(removed_at=now)
    photo.refresh_from_db()
    return photo


def _columns(given: VisitGiven) -> dict[str, object]:
    place = " ".join(given.place.split())[:200]
    return {"on": given.on, "place": place, "longitude": given.longitude, "latitude": given.latitude}


def _told(visit: SiteVisit) -> dict[str, object]:
    return {**snapshot(visit), "experts": sorted(str(expert.public_id) for expert in visit.experts.all())}


def _refuse_closed(panel: Panel) -> None:
    if Panel.objects.filter(pk=panel.pk, state=Panel.State.CLOSED).exists():
        raise VisitRefused(_("This review is closed; its visits stay as they are."))


def _refuse_place(given: VisitGiven) -> None:
    if not given.place.strip():
        raise VisitRefused(_("Place: say where the visit takes place."))
    if (given.longitude is None) != (given.latitude is None):
        raise VisitRefused(_("Coordinates: give both longitude and latitude, or neither."))
    if (
        given.longitude is not None
        and given.latitude is not None
        and not (abs(given.longitude) <= 180 and abs(given.latitude) <= 90)
    ):
        raise VisitRefused(_("Coordinates: longitude lies between −180 and 180, latitude between −90 and 90 degrees."))


def _refuse_strangers(panel: Panel, experts: Collection[Expert]) -> None:
    if not experts:
        raise VisitRefused(_("Experts present: name at least one expert of the panel."))
    seated = set(panel.assignments.filter(state__in=Assignment.WORKING).values_list("expert_id", flat=True))
    if any(expert.pk not in seated for expert in experts):
        raise VisitRefused(_("Experts present: name experts of this panel only; others who were present are written in words."))
