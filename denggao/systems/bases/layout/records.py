"""How a base came to be one, as the public may know it: signatures, notice, appraisals, and what it trains for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from denggao.engines.agreements.models import Signature, SigningRequest
from denggao.engines.cases.models import SUBJECT_KIND
from denggao.engines.notices.models import NoticeItem
from denggao.foundation.standards.queries import rule_value
from denggao.foundation.ui.templatetags.dg import grade
from denggao.systems.bases.appraisal.providers import REACH_KM
from denggao.systems.bases.models import Appraisal, Base


def reach_km(on: dt.date) -> Decimal:
    """How far an employer may lie to be within reach of a base: a default of ours, not law."""
    return rule_value(REACH_KM, on)


@dataclass(frozen=True)
class Signed:
    """PRIVACY: the body and the moment; who signed for it is not told."""

    body: str
    at: dt.datetime


@dataclass(frozen=True)
class PublicRecord:
    signatures: list[Signed]
    notice: NoticeItem | None
    appraisals: list[Appraisal]


def public_record(base: Base) -> PublicRecord:
    """Three queries."""
    signatures = Signature.objects.filter(
        signer__request__subject_kind=SUBJECT_KIND,
        signer__request__subject_id=base.case.public_id,
        signer__request__state=SigningRequest.State.COMPLETE,
    ).select_related("signer__organisation")
    notice = NoticeItem.objects.filter(
        notice__subject_kind=SUBJECT_KIND, subject_id=base.case.public_id, state=NoticeItem.State.PASSED
    ).select_related("notice")
    return PublicRecord(
        signatures=[Signed(item.signer.organisation.name, item.at) for item in signatures.order_by("at")],
        notice=notice.order_by("-pk").first(),
        appraisals=list(
            Appraisal.objects.filter(base=base, state=Appraisal.State.CLOSED).select_related("cycle").order_by("-cycle__year")
        ),
    )


@dataclass(frozen=True)
class Trained:
    """An occupation a base trains for, its levels from the lowest, and how many people a year where that is told."""

    occupation: str
    levels: list[str]
    people_a_year: int

    @property
    def grades(self) -> str:
        return " · ".join(grade(level) for level in self.levels)


def trained_by(base: Base) -> list[Trained]:
    """Reads what was prefetched (``coverage__occupation``)."""
    levels: dict[str, list[str]] = {}
    people: dict[str, int] = {}
    for item in base.coverage.all():
        levels.setdefault(item.occupation.name, []).append(item.level)
        people[item.occupation.name] = people.get(item.occupation.name, 0) + item.people_a_year
    return [Trained(name, sorted(found, reverse=True), people[name]) for name, found in levels.items()]
