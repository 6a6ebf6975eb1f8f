"""Every write on the standards. What changes the meaning of a name fires ``hooks.occupations_changed``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.standards import hooks, policies
from denggao.foundation.standards.models import JobTitle, Occupation, OccupationEntry, OccupationMove, OccupationName
from denggao.foundation.standards.queries import Found, OccupationFinder, Resolution
from denggao.foundation.standards.rules import occupation_key, read_occupation
from denggao.foundation.standards.seeds import regroup

NAME_LENGTH = 120


class OccupationRefused(Refused):
    """The change would leave the standards in contradiction."""


@action("standards.occupation_name.list", requires=policies.can_list_occupation_names, batch=True)
def list_occupation_names(found: Iterable[Found], *, actor: Actor, now: dt.datetime) -> None:
    """Keep the names that no occupation answers to, or several do, for mapping; those listed already stay as they are."""
    fresh: dict[str, OccupationName] = {}
    for item in found:
        if item.is_listed:
            written = read_occupation(item.name)
            key = (written.key or written.code)[:NAME_LENGTH]
            fresh.setdefault(
                key, OccupationName(text=item.name[:NAME_LENGTH], name_key=key, state=item.state.value, first_seen_at=now)
            )
    for key in OccupationName.objects.filter(name_key__in=fresh).values_list("name_key", flat=True):
        del fresh[key]
    if fresh:
        OccupationName.objects.bulk_create(fresh.values(), ignore_conflicts=True)
        note(Line.about("standards.occupation_name.list", name, after=snapshot(name)) for name in fresh.values())


@action("standards.occupation_name.map", requires=policies.can_map_occupation_names)
def map_occupation_name(name: OccupationName, *, occupation: Occupation, actor: Actor, now: dt.datetime) -> OccupationName:
    """Say which occupation a written name means, for every record that carries it; those records count at once."""
    if occupation.merged_into_id is not None:
        raise OccupationRefused(_("This occupation became part of another one: map to that one."))
    name.occupation, name.state = occupation, OccupationName.State.MAPPED
    name.mapped_at, name.mapped_by = now, actor.id
    name.save(update_fields=["occupation", "state", "mapped_at", "mapped_by"])
    hooks.occupations_changed(actor=actor, now=now)
    return name


@action("standards.occupation_name.unmap", requires=policies.can_map_occupation_names)
def unmap_occupation_name(name: OccupationName, *, actor: Actor, now: dt.datetime) -> OccupationName:
    """Take a mapping back: the records that carry the name no longer count by it."""
    if name.state != OccupationName.State.MAPPED:
        raise OccupationRefused(_("This name is not mapped."))
    name.occupation, name.state, name.mapped_at, name.mapped_by = None, OccupationName.State.UNKNOWN, None, ""
    name.save(update_fields=["occupation", "state", "mapped_at", "mapped_by"])
    if OccupationFinder().resolve(name.text).state is Resolution.AMBIGUOUS:
        name.state = OccupationName.State.AMBIGUOUS
        name.save(update_fields=["state"])
    hooks.occupations_changed(actor=actor, now=now)
    return name


@action("standards.job_title.add", requires=policies.can_map_occupation_names)
def add_job_title(occupation: Occupation, *, name_zh: str, source: str, actor: Actor, now: dt.datetime) -> JobTitle:
    """Say that a 工种 belongs to an occupation. Raises OccupationRefused when the name is one already."""
    key = occupation_key(name_zh)
    if not key or len(key) > NAME_LENGTH:
        raise OccupationRefused(_("Job title: write its name, at most 120 characters."))
    if any(key == occupation_key(known) for known in OccupationEntry.objects.values_list("name_zh", flat=True)):
        raise OccupationRefused(_("Job title: this is the name of an occupation."))
    title = JobTitle.objects.filter(name_key=key).first()
    if title is not None and title.removed_at is None:
        raise OccupationRefused(_("Job title: it is there already, under %(occupation)s.") % {"occupation": title.occupation.name})
    title = title or JobTitle(name_key=key)
    title.name_zh, title.occupation, title.source, title.confidence, title.removed_at = (
        name_zh.strip(),
        occupation,
        source,
        "A",
        None,
    )
    title.save()
    hooks.occupations_changed(actor=actor, now=now)
    return title


@action("standards.job_title.remove", requires=policies.can_map_occupation_names)
def remove_job_title(title: JobTitle, *, actor: Actor, now: dt.datetime) -> JobTitle:
    """Take a job title back: what was resolved by it is listed again."""
    title.removed_at = now
    title.save(update_fields=["removed_at"])
    hooks.occupations_changed(actor=actor, now=now)
    return title


@action("standards.move.add", requires=policies.can_map_occupation_names, batch=True)
def add_occupation_move(*, old_code: str, new_code: str, source: str, actor: Actor, now: dt.datetime) -> OccupationMove:
    """Say that two codes are one occupation. Raises OccupationRefused for a code that is unknown, or that stands for
    different occupations in different editions."""
    homes = {}
    for field, code in ((_("Old code"), old_code), (_("New code"), new_code)):
        held = set(OccupationEntry.objects.filter(code=code).values_list("occupation_id", flat=True))
        if not held:
            raise OccupationRefused(_("%(field)s: no edition has the code %(code)s.") % {"field": field, "code": code})
        if len(held) > 1:
            raise OccupationRefused(
                _("%(field)s: %(code)s stands for different occupations in different editions.") % {"field": field, "code": code}
            )
        homes[code] = held.pop()
    if homes[old_code] == homes[new_code]:
        raise OccupationRefused(_("These two codes are one occupation already."))
    move, _made = OccupationMove.objects.update_or_create(
        old_code=old_code, new_code=new_code, defaults={"source": source, "removed_at": None}
    )
    regroup()
    note([Line.about("standards.move.add", move, after=snapshot(move))])
    hooks.occupations_changed(actor=actor, now=now)
    return move


@action("standards.move.remove", requires=policies.can_map_occupation_names)
def remove_occupation_move(move: OccupationMove, *, actor: Actor, now: dt.datetime) -> OccupationMove:
    """Take a move back: its codes are two occupations again, unless they share a name or another move joins them."""
    move.removed_at = now
    move.save(update_fields=["removed_at"])
    regroup()
    hooks.occupations_changed(actor=actor, now=now)
    return move
