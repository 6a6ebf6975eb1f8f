from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from denggao.systems.university import queries
from denggao.systems.university.models import CourseVersion, Unit
from tests.systems.university.facts import make_course, make_school


def test_an_outline_holds_all_units_in_order_and_costs_the_same_however_many(cast, now):
    school = make_school(cast, now)
    few = make_course(school, now, units=1, published=False, code="few")
    many = make_course(school, now, units=8, published=False, code="many")

    counts = []
    for course in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            outline = queries.outline(course.versions.get())
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert [unit.number for unit in outline.units] == [f"1.{place}" for place in range(1, 9)]
    assert outline.minutes == 80
    assert len(outline.required_keys) == 8
    first = next(outline.units)
    assert outline.neighbours(first.key) == (None, list(outline.units)[1])


def test_a_published_outline_is_read_once_and_stays(cast, now):
    version = make_course(make_school(cast, now), now).current
    assert version is not None
    version.refresh_from_db()
    first = queries.outline(version)

    with CaptureQueriesContext(connection) as asked:
        assert queries.outline(version) is first
    assert not len(asked)
    unit = Unit.objects.filter(version=version).first()
    for change in (
        lambda: Unit.objects.filter(pk=unit.pk).update(title="anders"),
        lambda: Unit.objects.create(version=version, module=unit.module, kind="reading", title="neu", position=9),
        lambda: CourseVersion.objects.filter(pk=version.pk).update(note="anders"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
