"""Writing a draft, unit by unit. A unit is saved against the count of its savings: of two who write at once the second is told,
and nothing is lost."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.systems.university import kinds, policies
from denggao.systems.university.actions.refusals import CourseRefused, EditedElsewhere
from denggao.systems.university.cleaning import BODY_LIMIT, clean_html, pictures_in
from denggao.systems.university.hooks import file_added
from denggao.systems.university.models import CourseVersion, FileRole, Module, Unit, UnitFile, UnitItem
from denggao.systems.university.packages.reading import MOST_MODULES, MOST_UNITS
from denggao.systems.university.packages.shapes import Pair


def _must_be_draft(version: CourseVersion) -> None:
    if not CourseVersion.objects.filter(pk=version.pk, state=CourseVersion.State.DRAFT).exists():
        raise CourseRefused(_("This version is published and stays as it is. Open the draft."))


@action("university.module.add", requires=policies.can_write)
def add_module(draft: CourseVersion, *, title: str, actor: Actor, now: dt.datetime) -> Module:
    """A module at the end. Raises CourseRefused for a published version or too many."""
    _must_be_draft(draft)
    if draft.modules.count() >= MOST_MODULES:
        raise CourseRefused(_("More than %(most)s modules.") % {"most": MOST_MODULES})
    last = draft.modules.aggregate(last=Max("position"))["last"]
    return Module.objects.create(version=draft, title=_title(title), position=0 if last is None else last + 1)


def _title(text: str) -> str:
    title = " ".join(text.split())[:120]
    if not title:
        raise CourseRefused(_("Title: say what it is about."))
    return title


@action("university.module.rename", requires=policies.can_write)
def rename_module(module: Module, *, title: str, actor: Actor, now: dt.datetime) -> Module:
    """Raises CourseRefused."""
    _must_be_draft(module.version)
    module.title = _title(title)
    module.save(update_fields=["title"])
    return module


@action("university.module.remove", requires=policies.can_write, batch=True)
def remove_module(module: Module, *, actor: Actor, now: dt.datetime) -> None:
    """A module that is empty. Raises CourseRefused while units are in it: none goes by accident."""
    _must_be_draft(module.version)
    if module.units.exists():
        raise CourseRefused(_("There are units in it. Move them or take them out first."))
    note([Line.about("university.module.remove", module, before=snapshot(module))])
    module.delete()


@action("university.unit.add", requires=policies.can_write)
def add_unit(module: Module, *, kind: str, title: str, actor: Actor, now: dt.datetime) -> Unit:
    """A unit at the end of a module. Raises CourseRefused for a kind that isn't known."""
    _must_be_draft(module.version)
    if not kinds.known(kind):
        raise CourseRefused(_("Kind: choose one of the list."))
    if module.version.units.count() >= MOST_UNITS:
        raise CourseRefused(_("More than %(most)s units.") % {"most": MOST_UNITS})
    last = module.units.aggregate(last=Max("position"))["last"]
    return Unit.objects.create(
        version=module.version,
        module=module,
        kind=kind,
        title=_title(title),
        position=0 if last is None else last + 1,
        settings=kinds.kind_of(kind).settings({}),
    )


@dataclass(frozen=True)
class Writing:
    """What an author gives for a unit. ``body`` is HTML as it was written, ``settings`` as the kind's form gives them."""

    title: str
    minutes: int = 0
    required: bool = True
    body: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


@action("university.unit.save", requires=policies.can_write)
def save_unit(unit: Unit, writing: Writing, *, lock: int, actor: Actor, now: dt.datetime) -> Unit:
    """Save a unit as it stands in a window that read it at ``lock``; returns it as it is kept, with its new count.

    Raises EditedElsewhere where it was saved in between, SettingsWrong for settings that don't fit, CourseRefused otherwise.
    """
    _must_be_draft(unit.version)
    if len(writing.body) > BODY_LIMIT:
        raise CourseRefused(_("Text: longer than 200,000 characters. Divide the unit."))
    if not 0 <= writing.minutes <= 6000:
        raise CourseRefused(_("Minutes: a whole number from 0 to 6000."))
    saved = Unit.objects.filter(pk=unit.pk, lock=lock).update(
        title=_title(writing.title),
        minutes=writing.minutes,
        required=writing.required,
        body=clean_html(writing.body),
        settings=kinds.kind_of(unit.kind).settings(writing.settings),
        lock=F("lock") + 1,
    )
    if not saved:
        raise EditedElsewhere(
            _("This unit was saved in another window, or by a colleague, meanwhile. Your text is still here; nothing is lost.")
        )
    unit.refresh_from_db()
    return unit


@action("university.unit.remove", requires=policies.can_write, batch=True)
def remove_unit(unit: Unit, *, actor: Actor, now: dt.datetime) -> None:
    """Take a unit out of the draft; in published versions it stays."""
    _must_be_draft(unit.version)
    note([Line.about("university.unit.remove", unit, before=snapshot(unit))])
    unit.delete()


@action("university.draft.order", requires=policies.can_write, batch=True)
def order_units(
    draft: CourseVersion, order: Iterable[tuple[uuid.UUID, list[uuid.UUID]]], *, actor: Actor, now: dt.datetime
) -> None:
    """Put modules and their units into this order, by their keys. Raises CourseRefused where it doesn't name each exactly once:
    then somebody added or removed one in between."""
    _must_be_draft(draft)
    wanted = list(order)
    modules = {module.key: module for module in draft.modules.all()}
    units = {unit.key: unit for unit in Unit.objects.filter(version=draft)}
    named = [key for _module, keys in wanted for key in keys]
    if sorted(key for key, _keys in wanted) != sorted(modules) or sorted(named) != sorted(units):
        raise CourseRefused(_("The outline changed in another window. Load the page again."))
    before = [(str(unit.key), str(unit.module_id), unit.position) for unit in units.values()]
    for place, (key, keys) in enumerate(wanted):
        modules[key].position = place
        for inner, unit_key in enumerate(keys):
            units[unit_key].module, units[unit_key].position = modules[key], inner
    Module.objects.bulk_update(modules.values(), ["position"])
    Unit.objects.bulk_update(units.values(), ["module", "position"])
    after = [(str(unit.key), str(unit.module_id), unit.position) for unit in units.values()]
    if before != after:
        note([Line.about("university.draft.order", draft, after={"order": [str(key) for key in named]})])


def moved(draft: CourseVersion, unit: Unit, *, by: int) -> list[tuple[uuid.UUID, list[uuid.UUID]]]:
    """The order after a unit went one place up (−1) or down (1), past the end of its module into the next."""
    order = [(module.key, [one.key for one in module.units.order_by("position", "pk")]) for module in draft.modules.all()]
    at = next(index for index, (_key, keys) in enumerate(order) if unit.key in keys)
    keys = order[at][1]
    place = keys.index(unit.key)
    keys.pop(place)
    if 0 <= place + by <= len(keys):
        keys.insert(place + by, unit.key)
    elif 0 <= at + by < len(order):
        order[at + by][1].insert(len(order[at + by][1]) if by < 0 else 0, unit.key)
    else:
        keys.insert(place, unit.key)
    return order


def moved_module(draft: CourseVersion, module: Module, *, by: int) -> list[tuple[uuid.UUID, list[uuid.UUID]]]:
    """The order after a module went one place up or down."""
    order = [(one.key, [unit.key for unit in one.units.order_by("position", "pk")]) for one in draft.modules.all()]
    at = next(index for index, (key, _keys) in enumerate(order) if key == module.key)
    if 0 <= at + by < len(order):
        order[at], order[at + by] = order[at + by], order[at]
    return order


@action("university.unit.items", requires=policies.can_write, batch=True)
def map_unit(unit: Unit, pairs: Iterable[Pair], *, actor: Actor, now: dt.datetime) -> Unit:
    """Say which items of teaching standards a unit serves."""
    _must_be_draft(unit.version)
    before, after = sorted(unit.items.values_list("standard_code", "item_code")), sorted(set(pairs))
    if before != after:
        unit.items.all().delete()
        UnitItem.objects.bulk_create(UnitItem(unit=unit, standard_code=one, item_code=item) for one, item in after)
        note([Line.about("university.unit.items", unit, before={"items": before}, after={"items": after})])
    return unit


@action("university.file.add", requires=policies.can_write)
def add_file(
    unit: Unit,
    stored: StoredFile,
    *,
    role: str,
    language: str = "",
    label: str = "",
    actor: Actor,
    now: dt.datetime,
) -> UnitFile:
    """Put a stored file into a unit. A unit has one main file and one still picture: a new one takes the old one's place.
    Raises CourseRefused for a role the kind does not know."""
    _must_be_draft(unit.version)
    if role == FileRole.MAIN and not kinds.kind_of(unit.kind).main:
        raise CourseRefused(_("This kind of unit shows no file of its own. Add it as material."))
    if role in {FileRole.MAIN, FileRole.POSTER}:
        replaced = {FileRole.MAIN: [FileRole.MAIN, FileRole.RENDITION, FileRole.PAGE]}.get(FileRole(role), [role])
        unit.files.filter(role__in=replaced).delete()
    path = _path(unit.version, stored)
    last = unit.files.aggregate(last=Max("position"))["last"]
    held, _created = UnitFile.objects.update_or_create(
        unit=unit,
        path=path,
        defaults={
            "file": stored,
            "role": role,
            "language": language[:10],
            "label": " ".join(label.split())[:120],
            "position": 0 if last is None else last + 1,
        },
    )
    file_added(held, actor=actor, now=now)
    return held


def _path(draft: CourseVersion, stored: StoredFile) -> str:
    """A path that stands for this content alone within the version."""
    name = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in stored.name)[-100:]
    path = f"files/{name}"
    others = UnitFile.objects.filter(unit__version=draft, path=path).exclude(file__sha256=stored.sha256)
    return f"files/{stored.sha256[:8]}-{name}" if others.exists() else path


@action("university.file.remove", requires=policies.can_write, batch=True)
def remove_file(file: UnitFile, *, actor: Actor, now: dt.datetime) -> None:
    """Take a file out of the draft; what was made from it goes too. Raises CourseRefused while the text shows it."""
    _must_be_draft(file.unit.version)
    if file.path in pictures_in(file.unit.body):
        raise CourseRefused(_("The text shows this picture. Take it out of the text first."))
    note([Line.about("university.file.remove", file, before=snapshot(file))])
    if file.role == FileRole.MAIN:
        file.unit.files.filter(role__in=[FileRole.RENDITION, FileRole.PAGE]).delete()
    file.delete()
