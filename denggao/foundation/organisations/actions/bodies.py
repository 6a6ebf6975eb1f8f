"""Keeping the bodies that take part: employers, schools, providers, unions, authorities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import insert
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.hooks import heads_changed
from denggao.foundation.organisations.models import Employment, Organisation, OrganisationLink
from denggao.foundation.organisations.policies import can_keep_organisations
from denggao.foundation.organisations.rules import body_key, credit_code_fault
from denggao.foundation.standards.models import Industry

STATE = "organisations.organisation.state"


class BodyRefused(Refused):
    """A body that can't be kept as given."""


class LinkRefused(Refused):
    """A link that joins a body to itself, or stands already."""


@dataclass(frozen=True)
class Details:
    """All that is kept of a body. Coordinates come in pairs; the code is normalised, or None."""

    name_zh: str
    name_en: str = ""
    uscc: str | None = None
    kind: str = Organisation.Kind.EMPLOYER
    industry: Industry | None = None
    address: str = ""
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    contact: str = ""

    @classmethod
    def of(cls, body: Organisation) -> Details:
        return cls(**{name: getattr(body, name) for name in _DETAILS})


_DETAILS = ("name_zh", "name_en", "uscc", "kind", "industry", "address", "longitude", "latitude", "contact")


def write_bodies(
    given: Sequence[tuple[Organisation | None, Details]], *, actor: Actor, now: dt.datetime
) -> list[tuple[Organisation, bool]]:
    """Create (where no body is given) or bring up to date; each body with whether anything changed, in their order. For
    batches: runs inside the act under way and notes a line for each body created or changed. Whoever works for a body of
    which the industry changed is counted by the new one."""
    written: list[tuple[Organisation, bool]] = []
    fresh: list[Organisation] = []
    moved: list[int] = []
    for known, details in given:
        body = known or Organisation(created_at=now)
        before = snapshot(body) if known else None
        for name in _DETAILS:
            value = getattr(details, name)
            setattr(body, name, round(value, 6) if isinstance(value, Decimal) else value)
        body.name_key = body_key(body.name_zh)
        changed = before != snapshot(body)
        written.append((body, changed))
        if known is None:
            fresh.append(body)
        elif changed:
            body.save()
            if before and before["industry_id"] != body.industry_id:
                moved.append(body.pk)
            note([Line.about(STATE, body, before=before, after=snapshot(body))])
    insert(fresh)
    note(Line.about(STATE, body, after=snapshot(body)) for body in fresh)
    people = set(Employment.objects.filter(employer_id__in=moved).values_list("person_id", flat=True)) if moved else set()
    if people:
        heads_changed(people, actor=actor, now=now)
    return written


@action(STATE, requires=can_keep_organisations, batch=True)
def keep_organisation(body: Organisation | None, details: Details, *, actor: Actor, now: dt.datetime) -> Organisation:
    """Create a body (None) or change it, by form.

    Raises BodyRefused for a missing name, a wrong or taken credit code, or half a pair of coordinates.
    """
    if not details.name_zh.strip():
        raise BodyRefused(_("Name: write the name as on the licence."))
    fault = credit_code_fault(details.uscc) if details.uscc else None
    if fault:
        raise BodyRefused(str(fault.text) % fault.values)
    if (details.longitude is None) != (details.latitude is None):
        raise BodyRefused(_("Longitude and latitude: give both or neither."))
    try:
        with transaction.atomic():
            return write_bodies([(body, details)], actor=actor, now=now)[0][0]
    except IntegrityError:
        raise BodyRefused(_("Unified social credit code: another body has it already.")) from None


@action("organisations.link.add", requires=can_keep_organisations)
def link_organisations(upstream: Organisation, downstream: Organisation, *, actor: Actor, now: dt.datetime) -> OrganisationLink:
    """Say that one body supplies another. Raises LinkRefused."""
    if upstream.pk == downstream.pk:
        raise LinkRefused(_("A body does not supply itself: choose another one."))
    link, created = OrganisationLink.objects.get_or_create(upstream=upstream, downstream=downstream)
    if not created:
        raise LinkRefused(_("These two are linked already."))
    return link


@action("organisations.link.remove", requires=can_keep_organisations, batch=True)
def unlink_organisations(link: OrganisationLink, *, actor: Actor, now: dt.datetime) -> None:
    """They do not supply each other any more."""
    note([Line.about("organisations.link.remove", link, before=snapshot(link))])
    link.delete()
