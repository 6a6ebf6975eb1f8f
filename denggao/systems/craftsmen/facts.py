"""What the platform itself knows of a person: employment and learners from below, level certificates from whichever room keeps
them (plugged in ``wiring.py``). Nobody types these."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.organisations.models import Employment


@dataclass(frozen=True)
class KnownFact:
    """Label and value in the reader's language; ``source`` says where it comes from."""

    label: str
    value: str
    source: str = ""


FactSource = Callable[[Collection[int], dt.date], Mapping[int, Sequence[KnownFact]]]
_SOURCES: dict[str, tuple[int, FactSource]] = {}


def register_facts(code: str, source: FactSource, *, position: int) -> None:
    """``source(person_ids, on)`` gives facts by person id, in a constant number of queries."""
    _SOURCES[code] = (position, source)


def facts_of(person_ids: Collection[int], on: dt.date) -> dict[int, list[KnownFact]]:
    """By person id, in the order of the sources."""
    found: dict[int, list[KnownFact]] = {pk: [] for pk in person_ids}
    for _position, source in sorted(_SOURCES.values(), key=lambda each: each[0]):
        for pk, facts in source(person_ids, on).items():
            found[pk] += facts
    return found


def employment_facts(person_ids: Collection[int], on: dt.date) -> dict[int, list[KnownFact]]:
    """Where they work, since when, in what kind of post. One query."""
    held = Employment.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gte=on), Q(hired_on__lte=on) | Q(known_from__lte=on), person_id__in=person_ids
    )
    found: dict[int, list[KnownFact]] = {}
    for row in held.select_related("employer").order_by("person_id", "-last_listed_on", "-pk"):
        since = row.hired_on or row.known_from
        value = _("%(employer)s, since %(day)s") % {"employer": row.employer.name, "day": since.isoformat()}
        listed = _("roster of %(day)s") % {"day": row.last_listed_on.isoformat()}
        kind = {True: _("yes"), False: _("no"), None: _("not known")}[row.front_line]
        found.setdefault(row.person_id, []).extend(
            [KnownFact(_("Employer"), value, listed), KnownFact(_("Front-line post"), kind, listed)]
        )
    return found


def learner_facts(person_ids: Collection[int], on: dt.date) -> dict[int, list[KnownFact]]:
    """How many they teach or taught, both sides having confirmed. One query."""
    confirmed = Mentorship.objects.filter(
        mentor_id__in=person_ids, confirmed_by_mentor_at__isnull=False, confirmed_by_learner_at__isnull=False, from_on__lte=on
    )
    counts = Counter(confirmed.values_list("mentor_id", flat=True))
    said = _("mentorships confirmed by both")
    return {
        pk: [KnownFact(_("Learners"), ngettext("%(count)s person", "%(count)s people", count) % {"count": count}, said)]
        for pk, count in counts.items()
    }


register_facts("employment", employment_facts, position=10)
register_facts("learners", learner_facts, position=30)
