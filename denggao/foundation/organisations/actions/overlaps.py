"""Two employers, one person, the same days: found for the office, and explained by it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations

from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line
from denggao.foundation.organisations.models import Employment, EmploymentOverlap
from denggao.foundation.organisations.policies import can_explain_overlaps
from denggao.foundation.organisations.queries import chunks, employed_by_several
from denggao.foundation.organisations.rules import overlap

BATCH_ROWS = 2000


class ReasonMissing(Refused):
    """An explanation that explains nothing."""


class AlreadyExplained(Refused):
    """The office has explained this overlap before."""


def find_overlaps(person_ids: Collection[int], *, now: dt.datetime) -> None:
    """Keep for the office which employments of these persons overlap, and let go what no longer does and was not
    explained. Runs inside the act under way; notes a line for each finding."""
    found = {(one.pk, other.pk): (one, other) for one, other in _overlapping(person_ids)}
    known = {
        (item.first_id, item.second_id): item
        for part in chunks(set(person_ids))
        for item in EmploymentOverlap.objects.filter(person_id__in=part).select_related("person")
    }
    fresh = [
        EmploymentOverlap(person=one.person, first=one, second=other, found_at=now)
        for key, (one, other) in sorted(found.items())
        if key not in known
    ]
    gone = [item for key, item in known.items() if key not in found and item.state == EmploymentOverlap.State.OPEN]
    EmploymentOverlap.objects.bulk_create(fresh, batch_size=BATCH_ROWS, ignore_conflicts=True)
    EmploymentOverlap.objects.filter(pk__in=[item.pk for item in gone]).delete()
    note(
        Line.about(
            "organisations.overlap.find", item, after={"first": str(item.first.public_id), "second": str(item.second.public_id)}
        )
        for item in fresh
    )
    note(Line.about("organisations.overlap.resolve", item) for item in gone)


def _overlapping(person_ids: Collection[int]) -> Iterator[tuple[Employment, Employment]]:
    by_person: dict[int, list[Employment]] = defaultdict(list)
    for employment in employed_by_several(person_ids):
        by_person[employment.person_id].append(employment)
    for employments in by_person.values():
        for one, other in combinations(employments, 2):
            if one.employer_id != other.employer_id and overlap(one, other):
                yield (one, other) if one.pk < other.pk else (other, one)


@action("organisations.overlap.explain", requires=can_explain_overlaps)
def explain_overlap(found: EmploymentOverlap, *, reason: str, actor: Actor, now: dt.datetime) -> EmploymentOverlap:
    """Say why both employments stand (a second job, a transfer within a group …). The finding is closed.

    Raises ReasonMissing, AlreadyExplained.
    """
    if not reason.strip():
        raise ReasonMissing(_("Reason: say why both employments stand."))
    explained = EmploymentOverlap.objects.filter(pk=found.pk, state=EmploymentOverlap.State.OPEN).update(
        state=EmploymentOverlap.State.EXPLAINED, ruled_at=now, ruled_by=actor.text[:60], reason=reason.strip()[:300]
    )
    if not explained:
        raise AlreadyExplained(_("The office has explained this overlap already."))
    found.refresh_from_db()
    return found
