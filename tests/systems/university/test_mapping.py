from __future__ import annotations

import pytest

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.standards.teaching.queries import tree
from denggao.systems.university.actions.contents import begin_draft
from denggao.systems.university.actions.mapping import map_standard
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.covering import CourseCoverage
from denggao.systems.university.kinds import kind_of
from denggao.systems.university.models import Course, CourseVersion, Unit, UnitItem
from tests.foundation.standards.teaching.facts import a_standard
from tests.systems.university.facts import make_course, make_school

PAIRS = ("standard_code", "item_code")


def test_a_course_is_held_beside_a_standard_item_by_item(cast, now, django_assert_max_num_queries):
    a_standard(now)
    school = make_school(cast, now)
    course = make_course(school, now, units=2)
    UnitItem.objects.create(course=course, standard_code="OTHER", item_code="9")
    client, address = cast.client_of("base_manager"), f"/university/courses/{course.public_id}/items/"

    without = client.get(address + "?lang=en").content.decode()
    assert "There is no draft" in without
    client.post(address, {"whole": ["1"]})
    draft = begin_draft(course, actor=cast.base_manager, now=now)
    first, second = Unit.objects.filter(version=draft).order_by("position")
    with django_assert_max_num_queries(40) as few:
        page = client.get(address + "?lang=en").content.decode()
    most = len(few)
    assert "0 of 4 items" not in page
    assert page.count('type="checkbox"') == 4 * 3
    answer = client.post(address, {"whole": ["1"], f"u-{first.key}": ["2.1"], f"u-{second.key}": ["2.1", "2.2"]}, follow=True)

    assert answer.status_code == 200
    assert list(course.items.order_by(*PAIRS).values_list(*PAIRS)) == [("OTHER", "9"), ("TS-1", "1")]
    assert list(second.items.order_by(*PAIRS).values_list(*PAIRS)) == [("TS-1", "2.1"), ("TS-1", "2.2")]
    assert "3 of 4 items" in client.get(address + "?lang=en").content.decode()
    client.post(address, {f"u-{first.key}": ["2.1"]})
    assert list(UnitItem.objects.filter(unit__version=draft).values_list(*PAIRS)) == [("TS-1", "2.1")]
    assert list(course.items.values_list(*PAIRS)) == [("OTHER", "9")]
    assert Record.objects.filter(action="university.unit.items").count() == 3
    a_standard(now, "TS-2", level="2")
    with django_assert_max_num_queries(most):
        client.get(address)


def test_only_items_in_force_and_only_by_who_writes(cast, now):
    a_standard(now)
    course = make_course(make_school(cast, now), now, units=1)

    with pytest.raises(CourseRefused):
        map_standard(course, "TS-1", whole=["7.7"], by_unit={}, actor=cast.base_manager, now=now)
    key = Unit.objects.get().key
    with pytest.raises(CourseRefused):
        map_standard(course, "TS-1", whole=[], by_unit={key: ["1"]}, actor=cast.base_manager, now=now)
    with pytest.raises(NotAllowed):
        map_standard(course, "TS-1", whole=["1"], by_unit={}, actor=cast.hr, now=now)
    assert not UnitItem.objects.exists()
    assert cast.client_of("hr").get(f"/university/courses/{course.public_id}/items/").status_code == 404


def test_a_question_serves_an_item_as_units_do(cast, now):
    version = a_standard(now)
    course = make_course(make_school(cast, now), now, units=3, published=False)
    check = Unit.objects.get(kind="check")
    raw = {**check.settings, "questions": [{**check.settings["questions"][0], "serves": "TS-1 2.1，TS-1 1, nonsense, TS-1 2.1"}]}
    clean = kind_of("check").settings(raw)
    assert clean["questions"][0]["serves"] == [{"standard": "TS-1", "item": "2.1"}, {"standard": "TS-1", "item": "1"}]
    assert kind_of("check").settings(clean) == clean
    Unit.objects.filter(pk=check.pk).update(settings=clean)
    assert CourseCoverage().covering(["TS-1"]) == {}

    draft = CourseVersion.objects.get(course=course)
    draft.state, draft.content_hash, draft.published_at = CourseVersion.State.PUBLISHED, "1" * 64, now
    draft.save()
    course.current, course.state = draft, Course.State.PUBLISHED
    course.save()

    served = {line.item.code: [one.title for one in line.served] for line in tree(version)}
    assert served["2.1"] == served["1"] == [f"{course.title} · {check.title} · 1"]
    assert served["2.2"] == []
