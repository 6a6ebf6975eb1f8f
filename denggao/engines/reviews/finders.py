"""What in the platform's own data makes a conflict: one finder a source. Registered in ``wiring.py``.

How far back an ended tie still counts is the rule value ``review.recusal_years`` (a configurable default, no law).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from denggao.engines.agreements.models import Mentorship
from denggao.engines.reviews.finding import Found, Side
from denggao.engines.reviews.models import Conflict, Expert, KinDeclaration
from denggao.engines.reviews.parties import Parties
from denggao.foundation.organisations.models import Appointment, Employment, Membership, Organisation, OrganisationAlias
from denggao.foundation.organisations.queries import chunks
from denggao.foundation.organisations.rules import body_key
from denggao.foundation.people.models import Person
from denggao.foundation.standards.queries import NoRuleInForce, rule_value

Kind = Conflict.Kind
RECUSAL_RULE = "review.recusal_years"
_DEFAULT_YEARS = 3


def recusal_since(on: dt.date) -> dt.date:
    """The first day on which a tie that has ended since still counts, seen from ``on``."""
    try:
        years = int(rule_value(RECUSAL_RULE, on))
    except NoRuleInForce:
        years = _DEFAULT_YEARS
    day = on.day if (on.month, on.day) != (2, 29) else 28
    return on.replace(year=on.year - years, day=day)


@dataclass(frozen=True)
class Tie:
    """A person and a body: ``lasts`` is whether it has not ended on the day asked about."""

    person_id: int
    organisation_id: int
    kind: str
    fact: str
    lasts: bool
    detail: Mapping[str, Any]


def ties(person_ids: Collection[int], organisation_ids: Collection[int] | None, on: dt.date) -> list[Tie]:
    """What binds these persons to these bodies (None: to any), now or since ``recusal_since``: employments whoever stated
    them, roles of their accounts, appointments, the employer the expert register names. Some seven queries."""
    if not person_ids or (organisation_ids is not None and not organisation_ids):
        return []
    since = recusal_since(on)
    found: list[Tie] = []
    for part in chunks(set(person_ids)):
        found += _employments(part, organisation_ids, since, on)
        found += _roles(part, organisation_ids, since, on)
        found += _appointments(part, organisation_ids, since, on)
        found += _registered(part, organisation_ids)
    return found


def _employments(part: list[int], bodies: Collection[int] | None, since: dt.date, on: dt.date) -> Iterable[Tie]:
    rows = Employment.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=since), person_id__in=part)
    if bodies is not None:
        rows = rows.filter(employer_id__in=bodies)
    named = rows.order_by("pk").values_list(
        "pk", "person_id", "employer_id", "hired_on", "left_on", "employer__name_zh", "employer__name_en"
    )
    for pk, person_id, employer_id, hired_on, left_on, name_zh, name_en in named:
        lasts = left_on is None or left_on >= on
        kind = Kind.EMPLOYER if lasts else Kind.FORMER_EMPLOYER
        yield Tie(person_id, employer_id, kind, f"employment:{pk}", lasts, _detail(name_zh, name_en, hired_on, left_on))


def _roles(part: list[int], bodies: Collection[int] | None, since: dt.date, on: dt.date) -> Iterable[Tie]:
    rows = Membership.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=since), account__person__in=part, organisation__isnull=False
    )
    if bodies is not None:
        rows = rows.filter(organisation_id__in=bodies)
    for row in rows.select_related("organisation", "account__person").order_by("pk"):
        if row.organisation is not None:
            lasts = row.to_on is None or row.to_on >= on
            detail = {**_of_body(row.organisation, row.from_on, row.to_on), "role": row.role}
            person_id = row.account.person.pk
            yield Tie(person_id, row.organisation.pk, Kind.APPOINTMENT, f"membership:{row.pk}", lasts, detail)


def _appointments(part: list[int], bodies: Collection[int] | None, since: dt.date, on: dt.date) -> Iterable[Tie]:
    """Posts of honour or duty: a special mentor of the body."""
    rows = Appointment.objects.annotate(last=Coalesce("ended_on", "to_on")).filter(
        Q(last__isnull=True) | Q(last__gte=since), person_id__in=part
    )
    if bodies is not None:
        rows = rows.filter(organisation_id__in=bodies)
    for row in rows.select_related("organisation").order_by("pk"):
        last = row.ended_on or row.to_on
        detail = {**_of_body(row.organisation, row.from_on, last), "text": row.title_zh}
        lasts = last is None or last >= on
        yield Tie(row.person_id, row.organisation_id, Kind.APPOINTMENT, f"appointment:{row.pk}", lasts, detail)


def _registered(part: list[int], bodies: Collection[int] | None) -> Iterable[Tie]:
    """The employer as the register has it: a body, or only a name that is a body's or one of its other names."""
    experts = list(Expert.objects.filter(person_id__in=part).exclude(employer__isnull=True, employer_text="").order_by("pk"))
    keys = {body_key(expert.employer_text) for expert in experts if expert.employer_text}
    named: dict[str, set[int]] = defaultdict(set)
    rows = Organisation.objects.filter(name_key__in=keys) if keys else Organisation.objects.none()
    aliases = OrganisationAlias.objects.filter(name_key__in=keys) if keys else OrganisationAlias.objects.none()
    for pk, key in [*rows.values_list("pk", "name_key"), *aliases.values_list("organisation_id", "name_key")]:
        named[key].add(pk)
    meant = {expert.pk: {expert.employer_id, *named.get(body_key(expert.employer_text), ())} - {None} for expert in experts}
    wanted = {pk for ids in meant.values() for pk in ids if pk is not None and (bodies is None or pk in bodies)}
    known = Organisation.objects.in_bulk(wanted)
    for expert in experts:
        for pk in sorted(pk for pk in meant[expert.pk] if pk in known):
            yield Tie(expert.person_id, pk, Kind.EMPLOYER, f"register:{pk}", True, _of_body(known[pk], None, None))


def _of_body(body: Organisation, from_on: dt.date | None, to_on: dt.date | None) -> dict[str, Any]:
    return _detail(body.name_zh, body.name_en, from_on, to_on)


def _detail(name_zh: str, name_en: str, from_on: dt.date | None, to_on: dt.date | None) -> dict[str, Any]:
    days = {"from": from_on, "to": to_on}
    said = {name: day.isoformat() for name, day in days.items() if day is not None}
    return {"body": {"zh": name_zh, "en": name_en}, **said}


class PartyFinder:
    """Whoever is named in the application does not judge it, nor does who put it forward."""

    def find(self, parties: Parties, person_ids: Collection[int], on: dt.date) -> list[Found]:
        asked = set(person_ids)
        named = [(Side.PERSON, Kind.PARTY, pk) for pk in sorted(parties.person_ids & asked)]
        named += [(Side.NOMINATOR_PERSON, Kind.NOMINATOR, pk) for pk in sorted(parties.nominator_person_ids & asked)]
        return [Found(pk, side, pk, kind, f"{kind}:{pk}") for side, kind, pk in named]


class BodyFinder:
    """Bound to an applying body, or to the same body as an applicant: an employer, a role, an entry in the register."""

    def find(self, parties: Parties, person_ids: Collection[int], on: dt.date) -> list[Found]:
        shared: dict[int, list[Tie]] = defaultdict(list)
        for tie in ties(parties.person_ids, None, on):
            shared[tie.organisation_id].append(tie)
        found: list[Found] = []
        for tie in ties(person_ids, parties.organisation_ids | shared.keys(), on):
            if tie.organisation_id in parties.organisation_ids:
                found.append(Found(tie.person_id, Side.ORGANISATION, tie.organisation_id, tie.kind, tie.fact, tie.detail))
            for other in shared.get(tie.organisation_id, ()):
                if other.person_id != tie.person_id:
                    kind = _kind_of_both(tie, other)
                    fact = f"{tie.fact}+{other.fact}"
                    found.append(Found(tie.person_id, Side.PERSON, other.person_id, kind, fact, tie.detail))
        return found


def _kind_of_both(one: Tie, other: Tie) -> str:
    if Kind.APPOINTMENT in {one.kind, other.kind}:
        return Kind.APPOINTMENT
    return Kind.EMPLOYER if one.lasts and other.lasts else Kind.FORMER_EMPLOYER


class MentorshipFinder:
    """Mentor or learner of an applicant, however long ago; or in a mentorship of the applying body, now or lately.
    Whether it was confirmed makes no difference."""

    def find(self, parties: Parties, person_ids: Collection[int], on: dt.date) -> list[Found]:
        found: list[Found] = []
        for part in chunks(set(person_ids)):
            asked = set(part)
            rows = Mentorship.objects.filter(
                Q(mentor_id__in=part, learner_id__in=parties.person_ids)
                | Q(learner_id__in=part, mentor_id__in=parties.person_ids)
                | (Q(organisation_id__in=parties.organisation_ids) & (Q(mentor_id__in=part) | Q(learner_id__in=part)))
            )
            for row in rows.select_related("mentor", "learner", "organisation").order_by("pk"):
                found += _of_mentorship(row, asked, recusal_since(on))
        return found


def _of_mentorship(row: Mentorship, asked: Collection[int], since: dt.date) -> Iterable[Found]:
    fact = f"mentorship:{row.pk}"
    days = {"from": row.from_on.isoformat()} | ({"to": row.to_on.isoformat()} if row.to_on else {})
    for judge, other in ((row.mentor, row.learner), (row.learner, row.mentor)):
        if judge.pk not in asked:
            continue
        yield Found(judge.pk, Side.PERSON, other.pk, Kind.MENTORSHIP, fact, {"person": other.masked_name, **days})
        if row.organisation is not None and (row.to_on is None or row.to_on >= since):
            detail = {**_of_body(row.organisation, row.from_on, row.to_on)}
            yield Found(judge.pk, Side.ORGANISATION, row.organisation.pk, Kind.MENTORSHIP, fact, detail)


class NominatorFinder:
    """Bound to a body that put the application forward."""

    def find(self, parties: Parties, person_ids: Collection[int], on: dt.date) -> list[Found]:
        return [
            Found(tie.person_id, Side.NOMINATOR, tie.organisation_id, Kind.NOMINATOR, tie.fact, tie.detail)
            for tie in ties(person_ids, parties.nominator_ids, on)
        ]


class KinFinder:
    """What experts declared of their kin, as long as it was not taken back. A name as declared fits whoever bears it, unless both
    birth dates are known and differ."""

    def find(self, parties: Parties, person_ids: Collection[int], on: dt.date) -> list[Found]:
        bodies, persons = parties.organisation_ids | parties.nominator_ids, parties.person_ids | parties.nominator_person_ids
        parts = [
            row
            for part in chunks(set(person_ids))
            for row in KinDeclaration.objects.filter(
                Q(organisation_id__in=bodies) | Q(person_id__in=persons) | ~Q(name=""),
                ended_at__isnull=True,
                expert__person_id__in=part,
            )
            .select_related("expert", "organisation", "person")
            .order_by("pk")
        ]
        named = _bearers(persons, {row.name for row in parts if row.name})
        return [found for row in parts for found in _of_kin(row, named)]


def _bearers(person_ids: Collection[int], names: Collection[str]) -> dict[str, list[Person]]:
    """Of these persons, those of these names; one query, none where no name was declared."""
    found: dict[str, list[Person]] = defaultdict(list)
    for part in chunks(set(person_ids)) if names else ():
        for person in Person.objects.filter(pk__in=part, name_key__in=names).order_by("pk"):
            found[person.name_key].append(person)
    return found


def _of_kin(row: KinDeclaration, named: Mapping[str, Sequence[Person]]) -> Iterable[Found]:
    fact, judge = f"kin:{row.pk}", row.expert.person_id
    if row.organisation is not None:
        for side in (Side.ORGANISATION, Side.NOMINATOR):
            yield Found(judge, side, row.organisation.pk, Kind.KIN, fact, _of_body(row.organisation, None, None))
    for person in [row.person] if row.person is not None else named.get(row.name, ()):
        if person.pk == judge or (row.born_on and person.born_on and row.born_on != person.born_on):
            continue
        for side in (Side.PERSON, Side.NOMINATOR_PERSON):
            yield Found(judge, side, person.pk, Kind.KIN, fact, {"person": person.masked_name})
