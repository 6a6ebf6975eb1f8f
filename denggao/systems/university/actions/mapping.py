"""Which items of a teaching standard a course and its units serve, said for one standard at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line
from denggao.foundation.standards.teaching.queries import known_items
from denggao.systems.university import policies
from denggao.systems.university.actions.contents import draft_of
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.models import Course, Unit, UnitItem


@action("university.course.standard", requires=policies.can_write, batch=True)
def map_standard(
    course: Course,
    standard: str,
    *,
    whole: Collection[str],
    by_unit: Mapping[UUID, Collection[str]],
    actor: Actor,
    now: dt.datetime,
) -> Course:
    """Replace what is said of one standard: item codes the course as a whole serves, and by unit key of the draft. What is said of
    other standards stays. Raises CourseRefused for an item that is not in force, or a unit that is not in the draft."""
    draft = draft_of(course)
    units = {unit.key: unit for unit in Unit.objects.filter(version=draft).prefetch_related("items")} if draft else {}
    asked = set(whole).union(*by_unit.values())
    strange = sorted(asked - set(known_items([standard]).get(standard, {})))
    if strange:
        raise CourseRefused(_("Item %(code)s is not in force in this standard. Open the page again.") % {"code": strange[0][:20]})
    if set(by_unit) - set(units):
        raise CourseRefused(_("A unit has gone from the draft meanwhile. Open the page again."))
    note([*_said_of_course(course, standard, set(whole)), *_said_of_units(units, standard, by_unit)])
    return course


def _said_of_course(course: Course, standard: str, after: set[str]) -> Iterator[Line]:
    before = set(course.items.filter(standard_code=standard).values_list("item_code", flat=True))
    if before != after:
        course.items.filter(standard_code=standard, item_code__in=before - after).delete()
        new = sorted(after - before)
        UnitItem.objects.bulk_create(UnitItem(course=course, standard_code=standard, item_code=item) for item in new)
        yield Line.about("university.course.items", course, before=_told(standard, before), after=_told(standard, after))


def _said_of_units(units: Mapping[UUID, Unit], standard: str, by_unit: Mapping[UUID, Collection[str]]) -> Iterator[Line]:
    gone: list[int] = []
    new: list[UnitItem] = []
    for key, unit in units.items():
        held = {row.item_code: row.pk for row in unit.items.all() if row.standard_code == standard}
        before, after = set(held), set(by_unit.get(key, ()))
        if before != after:
            gone += [held[item] for item in before - after]
            new += [UnitItem(unit=unit, standard_code=standard, item_code=item) for item in sorted(after - before)]
            yield Line.about("university.unit.items", unit, before=_told(standard, before), after=_told(standard, after))
    UnitItem.objects.filter(pk__in=gone).delete()
    UnitItem.objects.bulk_create(new)


def _told(standard: str, items: Collection[str]) -> dict[str, object]:
    return {"items": [[standard, item] for item in sorted(items)]}
