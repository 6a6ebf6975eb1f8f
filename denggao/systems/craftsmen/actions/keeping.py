"""From the answers of a nomination to typed rows; and the nominating body's own order of its nominees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import StageKind
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.people.models import Person
from denggao.foundation.people.naming import PersonUnclear
from denggao.foundation.standards.models import Industry
from denggao.systems.craftsmen import policies
from denggao.systems.craftsmen.models import Channel, Deed, Nomination
from denggao.systems.craftsmen.queries import employment_of, nominee_of
from denggao.systems.craftsmen.rules import CONDITIONS, channel_of_body

Answers = Mapping[str, Mapping[str, Any]]

# Which table of the form holds the deeds of a kind.
TABLES = (
    (Deed.Kind.WORK, "works"),
    (Deed.Kind.PATENT, "patents"),
    (Deed.Kind.AWARD, "awards"),
    (Deed.Kind.STANDARD, "standards"),
    (Deed.Kind.TAUGHT, "taught"),
)


class NominationRefused(Refused):
    """This nomination can't be kept so; the sentence names the field and the fix."""


class ListMoved(Refused):
    """The list changed meanwhile, or is closed."""


def channel_of(case: Case, nominee: Person, on: dt.date) -> str:
    """Through which channel the nominee is put forward; empty where the body may not nominate this person."""
    if case.body is None:
        return Channel.SELF
    employed = nominee.employments.filter(employer=case.body, left_on__isnull=True).exists()
    return channel_of_body(case.body.kind, employs=employed)


@action("craftsmen.nomination.keep", requires=policies.can_keep)
def keep_nomination(case: Case, answers: Answers, *, actor: Actor, now: dt.datetime) -> Nomination:
    """Write what was submitted as typed rows, in place of those of an earlier submission.

    Raises NominationRefused where the nominee is no longer known, or stands nominated in this round by another case: of two
    submitted at the same moment the second one.
    """
    said, deeds, opinion = answers["nominee"], answers["deeds"], answers["opinion"]
    on = localdate(now)
    try:
        person = nominee_of(case, said)
    except PersonUnclear as unclear:
        raise NominationRefused(str(unclear)) from None
    employment = employment_of(person, on)
    told = {code: str(answers["conditions"].get(code) or "").strip() for code in CONDITIONS}
    fields = {
        "round": case.round,
        "plan": case.plan,
        "person": person,
        "channel": channel_of(case, person, on),
        "nominator": case.body,
        "employer": employment.employer if employment else None,
        "industry": Industry.objects.get(code=said["industry"]),
        "post": said["post"],
        "occupation": said["occupation"],
        "nationality": said["nationality"],
        "union_member": _is_on(said.get("union_member")),
        "front_line_years": int(said["front_line_years"]),
        "conditions": {code: text for code, text in told.items() if text},
        "motto": said.get("motto") or "",
        "story": deeds["story"],
        "place": int(opinion["place"]) if case.body is not None and opinion.get("place") else None,
        "submitted_at": now,
        "stands": True,
    }
    try:
        with transaction.atomic():
            nomination, _created = Nomination.objects.update_or_create(case=case, defaults=fields)
    except IntegrityError:
        raise NominationRefused(_clash(case, person, fields["place"])) from None
    nomination.deeds.all().delete()
    Deed.objects.bulk_create(
        _deed(nomination, kind, position, row)
        for kind, table in TABLES
        for position, row in enumerate(deeds.get(table) or (), start=1)
    )
    return nomination


def _clash(case: Case, person: Person, place: int | None) -> str:
    if Nomination.objects.filter(round=case.round, person=person, stands=True).exclude(case=case).exists():
        return _("This person is nominated in this round already. One channel counts: have one of the two withdrawn.")
    return _("Place on the body’s own list: place %(place)s is taken by another of your nominees. Choose another one.") % {
        "place": place
    }


def _is_on(value: Any) -> bool:
    return value in {True, "on", "true", "True", "1"}


def _deed(nomination: Nomination, kind: str, position: int, row: Mapping[str, Any]) -> Deed:
    return Deed(
        nomination=nomination,
        kind=kind,
        position=position,
        title=str(row["title"])[:160],
        detail=str(row.get("detail") or "")[:400],
        number=str(row.get("number") or "")[:80],
        year=int(row["year"]) if row.get("year") else None,
        rank=int(row["rank"]) if row.get("rank") else None,
    )


@action("craftsmen.nomination.end", requires=policies.can_keep, batch=True)
def end_nomination(case: Case, *, actor: Actor, now: dt.datetime) -> None:
    """The case ended otherwise than by naming: the nominee may be put forward anew."""
    for nomination in Nomination.objects.filter(case=case, stands=True).select_related("person", "round"):
        before = snapshot(nomination)
        Nomination.objects.filter(pk=nomination.pk).update(stands=False)
        nomination.refresh_from_db()
        note([Line.about("craftsmen.nomination.end", nomination, before=before, after=snapshot(nomination))])


@action("craftsmen.list.order", requires=policies.can_order_list, batch=True)
def order_list(body_id: int, round_: Round, places: Sequence[Nomination], *, actor: Actor, now: dt.datetime) -> None:
    """The nominating body's own order (单位推荐排序表): first to last, all of its nominations that stand. It may change as long as
    none of them is past the check.

    Raises ListMoved where others stand than those given, or one is judged already.
    """
    standing = list(
        Nomination.objects.filter(round=round_, nominator_id=body_id, stands=True)
        .select_related("case", "person", "round")
        .order_by("pk")
    )
    if {each.pk for each in standing} != {each.pk for each in places}:
        raise ListMoved(_("Your nominations have changed meanwhile. Look at the list again."))
    if any(each.case.stage_kind not in {StageKind.CONSENT, StageKind.CHECK} for each in standing):
        raise ListMoved(_("The experts judge already: the list stays as it was handed in."))
    before = {each.pk: each.place for each in standing}
    # Two places can't be equal at any moment: first all leave theirs.
    Nomination.objects.filter(pk__in=before).update(place=None)
    for place, each in enumerate(places, start=1):
        Nomination.objects.filter(pk=each.pk).update(place=place)
        each.place = place
        note([Line.about("craftsmen.list.order", each, before={"place": before[each.pk]}, after={"place": place})])
