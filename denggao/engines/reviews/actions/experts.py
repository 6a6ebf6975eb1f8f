"""The expert register, and what experts declare of their kin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions.conflicts import people_changed
from denggao.engines.reviews.models import Expert, KinDeclaration
from denggao.engines.reviews.refusals import ExpertRefused, given_reason
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.rules import name_key
from denggao.foundation.standards.models import Industry, Occupation


@dataclass(frozen=True)
class ExpertDetails:
    """What the register says of an expert. The employer is a body, or its name where the platform knows no such body."""

    fields: Sequence[Industry]
    occupations: Sequence[Occupation] = ()
    level: str = ""
    title: str = ""
    employer: Organisation | None = None
    employer_text: str = ""


@action("reviews.expert.add", requires=policies.can_keep_register)
def add_expert(
    person: Person, details: ExpertDetails, *, from_on: dt.date, is_demo: bool = False, actor: Actor, now: dt.datetime
) -> Expert:
    """Enter a person into the register. Raises ExpertRefused where the person is in it, or without a field."""
    _check(details)
    try:
        with transaction.atomic():
            expert = Expert.objects.create(person=person, from_on=from_on, is_demo=is_demo, created_at=now, **_columns(details))
    except IntegrityError:
        raise ExpertRefused(_("This person is in the expert register already.")) from None
    _relate(expert, details)
    people_changed({person.pk}, actor=actor, now=now)
    return expert


@action("reviews.expert.change", requires=policies.can_keep_register)
def change_expert(expert: Expert, details: ExpertDetails, *, actor: Actor, now: dt.datetime) -> Expert:
    """Write what the register says now; a new employer is looked at for conflicts at once. Raises ExpertRefused."""
    _check(details)
    for name, value in _columns(details).items():
        setattr(expert, name, value)
    expert.save(update_fields=list(_columns(details)))
    _relate(expert, details)
    people_changed({expert.person_id}, actor=actor, now=now)
    return expert


def _check(details: ExpertDetails) -> None:
    if not details.fields:
        raise ExpertRefused(_("Fields: choose at least one industry in which the expert can judge."))


def _columns(details: ExpertDetails) -> dict[str, object]:
    text = "" if details.employer is not None else " ".join(details.employer_text.split())[:120]
    title = " ".join(details.title.split())[:80]
    return {"level": details.level, "title": title, "employer": details.employer, "employer_text": text}


def _relate(expert: Expert, details: ExpertDetails) -> None:
    """Fields and occupations, with a record of what changed."""
    before = {
        "fields": sorted(expert.fields.values_list("code", flat=True)),
        "occupations": sorted(expert.occupations.values_list("code", flat=True)),
    }
    after = {
        "fields": sorted(field.code for field in details.fields),
        "occupations": sorted(occupation.code for occupation in details.occupations),
    }
    if before != after:
        expert.fields.set(details.fields)
        expert.occupations.set(details.occupations)
        note([Line.about("reviews.expert.fields", expert, before=before, after=after)])


@action("reviews.expert.pause", requires=policies.can_keep_register)
def pause_expert(expert: Expert, *, reason: str, actor: Actor, now: dt.datetime) -> Expert:
    """Ask this expert for nothing new until further notice. Reviews under way go on."""
    return _turn(expert, Expert.State.PAUSED, given_reason(reason))


@action("reviews.expert.resume", requires=policies.can_keep_register)
def resume_expert(expert: Expert, *, actor: Actor, now: dt.datetime) -> Expert:
    """Paused, or left, and back."""
    turned = _turn(expert, Expert.State.ACTIVE, "")
    people_changed({expert.person_id}, actor=actor, now=now)
    return turned


@action("reviews.expert.leave", requires=policies.can_keep_register)
def let_expert_leave(expert: Expert, *, reason: str, actor: Actor, now: dt.datetime) -> Expert:
    """The expert leaves the register. Reviews under way go on, as with a pause: a refusal would tell whoever a conflict
    hides a panel from that there is one."""
    return _turn(expert, Expert.State.LEFT, given_reason(reason))


def _turn(expert: Expert, state: str, reason: str) -> Expert:
    if not Expert.objects.filter(pk=expert.pk).exclude(state=state).update(state=state, state_reason=reason):
        raise ExpertRefused(_("The register says so already."))
    expert.state, expert.state_reason = state, reason
    return expert


@action("reviews.kin.declare", requires=policies.can_declare_kin, batch=True)
def declare_kin(
    expert: Expert,
    *,
    person: Person | None = None,
    organisation: Organisation | None = None,
    name: str = "",
    born_on: dt.date | None = None,
    note_text: str = "",
    actor: Actor,
    now: dt.datetime,
) -> KinDeclaration:
    """Write down whom an expert is kin to (a person chosen, or a name as declared), or at which body kin works; running panels
    are looked at at once. Raises ExpertRefused unless exactly one is named, for oneself, and for what is declared already."""
    name = name_key(name)[:80]
    if [person is not None, organisation is not None, bool(name)].count(True) != 1:
        raise ExpertRefused(_("Name either a person or a body."))
    if person is not None and person.pk == expert.person_id:
        raise ExpertRefused(_("That is the expert: name somebody else."))
    try:
        with transaction.atomic():
            kin = KinDeclaration.objects.create(
                expert=expert,
                person=person,
                organisation=organisation,
                name=name,
                born_on=born_on if name else None,
                note=" ".join(note_text.split())[:300],
                declared_at=now,
            )
    except IntegrityError:
        raise ExpertRefused(_("This is declared already.")) from None
    note([Line.about("reviews.kin.declare", kin, after=snapshot(kin))])
    people_changed({expert.person_id}, actor=actor, now=now)
    return kin


@action("reviews.kin.end", requires=policies.can_keep_register)
def end_kin(kin: KinDeclaration, *, actor: Actor, now: dt.datetime) -> KinDeclaration:
    """It no longer holds, or was a mistake. What it stood against before stands until the chair clears it."""
    if not KinDeclaration.objects.filter(pk=kin.pk, ended_at__isnull=True).update(ended_at=now):
        raise ExpertRefused(_("This is taken back already."))
    kin.ended_at = now
    return kin
