"""What everybody may see of the bases: list, map, matrix, a page each; bodies only."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.foundation.organisations.models import Employment
from denggao.foundation.plans.models import Participation
from denggao.foundation.standards.models import RuleValue
from denggao.systems.bases.layout import queries
from denggao.systems.bases.models import Base
from tests.facts import a_person, a_plan, an_employer, an_occupation, in_post
from tests.systems.bases.facts import a_base, covers

pytestmark = pytest.mark.django_db
TODAY = dt.date(2022, 10, 10)


@pytest.fixture
def plan(db):
    return a_plan()


def staff(employer, number, occupation):
    for place in range(number):
        in_post(a_person(f"{employer.name_zh}{place}"), employer)
    Employment.objects.filter(employer=employer).update(occupation=occupation)


def test_the_list_shows_those_in_force_and_the_address_narrows_it(plan, cast, client):
    lake = a_base(plan, cast.base, "滴水湖基地", trains="")
    covers(lake, "车工", "5", "4")
    gone = a_base(plan, cast.employer, "旧基地", state="exited", ended_on=dt.date(2022, 1, 1), trains="")
    other = a_base(plan, cast.other_employer, "望潮基地", industry="ai", trains="")
    covers(other, "铣工", "3", code="6-18-01-02")

    def shown(query=""):
        page = client.get(f"/training-bases/{query}").content.decode()
        return {base.name_zh for base in (lake, gone, other) if f"/training-bases/{base.public_id}/" in page}

    assert shown() == {"滴水湖基地", "望潮基地"}
    assert shown("?state=ended") == {"旧基地"}
    assert shown("?state=all") == {"滴水湖基地", "旧基地", "望潮基地"}
    assert shown("?industry=ai") == {"望潮基地"}
    assert shown("?occupation=6-18-01-01&level=4") == {"滴水湖基地"}
    assert shown("?occupation=6-18-01-01&level=3") == set()
    assert shown("?level=3") == {"望潮基地"}
    assert shown("?q=铣工") == {"望潮基地"}
    assert shown("?industry=nowhere") == {"滴水湖基地", "望潮基地"}


def test_without_a_plan_or_a_base_the_pages_say_what_comes_first(db, client):
    assert client.get("/training-bases/").status_code == 200
    assert client.get("/training-bases/layout/").status_code == 200
    a_plan()
    assert client.get("/training-bases/").status_code == 200
    assert client.get("/training-bases/layout/").status_code == 200
    assert client.get("/training-bases/?plan=nothing").status_code == 404


def test_the_export_holds_what_is_shown(plan, cast, client):
    covers(a_base(plan, cast.base, "滴水湖基地", trains=""), "车工", "5", "4")
    a_base(plan, cast.other_employer, "望潮基地", industry="ai", trains="")

    answer = client.get("/training-bases/?industry=ic&export=csv", headers={"Accept-Language": "zh-hans"})

    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    assert "滴水湖基地" in text
    assert "车工" in text
    assert "望潮基地" not in text


def test_the_map_numbers_bases_in_the_order_they_were_accredited(plan, cast):
    second = a_base(plan, cast.base, "后", accredited_on=dt.date(2022, 1, 1), trains="")
    first = a_base(plan, cast.employer, "先", accredited_on=dt.date(2021, 1, 1), trains="")

    numbers = queries.numbers_of(queries.shown_bases(plan))

    assert (numbers[first.pk], numbers[second.pk]) == (1, 2)


def test_a_base_page_tells_of_bodies_only(plan, cast, client):
    base = a_base(plan, cast.base, trains="")
    covers(base)
    near = an_employer("近处企业", plan=plan, longitude="121.930000", latitude="30.900000")
    an_employer("远处企业", plan=plan, longitude="120.000000", latitude="30.000000")
    staff(near, 3, an_occupation())

    page = client.get(f"/training-bases/{base.public_id}/").content.decode()

    assert "近处企业" in page
    assert "远处企业" not in page
    assert "近处企业0" not in page
    assert client.get(f"/training-bases/{near.public_id}/").status_code == 404


def test_a_former_base_keeps_its_page_and_says_so(plan, cast, client):
    base = a_base(plan, cast.base, state="withdrawn", ended_on=dt.date(2022, 1, 1), trains="")

    page = client.get(f"/training-bases/{base.public_id}/?lang=en")

    assert page.status_code == 200
    assert "withdrawn" in page.content.decode()


def test_the_matrix_names_gaps_and_overlaps(plan, cast):
    turner, miller = an_occupation("车工", "6-18-01-01"), an_occupation("铣工", "6-18-01-02")
    covers(a_base(plan, cast.base, trains=""), "车工", "5", "4")
    covers(a_base(plan, cast.other_employer, "望潮基地", trains=""), "车工", "5")
    employer = an_employer("沧屿", plan=plan)
    staff(employer, 6, turner)
    another = an_employer("汐芯", plan=plan)
    staff(another, 7, miller)

    layout = queries.layout_of(plan, on=TODAY, tells_workers=True)

    group = next(group for group in layout.groups if group.industry.code == "ic")
    uncovered, covered = group.rows
    assert uncovered.occupation == miller
    assert uncovered.uncovered
    assert [number for number, _base in covered.cells[0].bases] == [1, 2]
    assert (layout.occupations, layout.covered, layout.shared) == (2, 1, 1)
    assert [(item.occupation, item.levels) for item in layout.missing] == [(miller, ("5", "4", "3")), (turner, ("3",))]
    assert covered.workers == 6


@pytest.mark.parametrize(("workers", "in_public"), [(4, False), (5, True)])
def test_an_occupation_of_few_is_not_looked_at_in_public(workers, in_public, plan):
    employer = an_employer("沧屿", plan=plan)
    staff(employer, workers, an_occupation())

    public = queries.layout_of(plan, on=TODAY, tells_workers=False)
    office = queries.layout_of(plan, on=TODAY, tells_workers=True)

    assert bool(public.missing) is in_public
    assert all(row.workers is None for group in public.groups for row in group.rows)
    assert len(office.missing) == 1


def test_who_left_or_works_elsewhere_wants_nothing(plan):
    stranger = an_employer("不在计划内", industry="ic")
    staff(stranger, 9, an_occupation())
    employer = an_employer("沧屿", plan=plan)
    staff(employer, 9, an_occupation())
    Employment.objects.filter(employer=employer).update(left_on=dt.date(2022, 1, 1))

    assert queries.layout_of(plan, on=TODAY, tells_workers=True).missing == []


def test_only_a_base_accredited_today_covers_anything(plan, cast):
    covers(a_base(plan, cast.base, state="suspended", trains=""))
    covers(a_base(plan, cast.employer, "过期", valid_until=dt.date(2022, 10, 9), trains=""))
    Participation.objects.create(plan=plan, organisation=cast.employer)

    assert queries.layout_of(plan, on=TODAY, tells_workers=True).covered == 0


def test_reads_do_not_grow_with_the_bases(plan, cast, client, django_assert_max_num_queries):
    bodies = [cast.base, cast.employer, cast.other_employer]
    covers(a_base(plan, bodies[0], "一", trains=""))
    with django_assert_max_num_queries(14) as few:
        client.get("/training-bases/")
    for name, body in zip("二三", bodies[1:], strict=True):
        covers(a_base(plan, body, name, trains=""))
    with django_assert_max_num_queries(14) as many:
        client.get("/training-bases/")

    assert len(many) == len(few)
    assert Base.objects.count() == 3


def test_what_is_missing_goes_into_the_next_call(plan, cast):
    covers(a_base(plan, cast.base, trains=""), "车工", "5", "4", "3")
    for number, code, name in ((6, "6-18-01-02", "铣工"), (2, "6-18-01-03", "磨工")):
        employer = an_employer(f"望潮厂{number}")
        Participation.objects.create(plan=plan, organisation=employer)
        employer.industry = plan.industries.get(code="ic")
        employer.save()
        staff(employer, number, an_occupation(name, code))
    clerk, visitor = cast.client_of("clerk"), cast.client_of("visitor")

    page = clerk.get("/training-bases/layout/").content.decode()
    address = f"/cases/rounds/new/?procedure=base&amp;plan={plan.code}"
    assert address in page
    assert address not in visitor.get("/training-bases/layout/").content.decode()
    form = clerk.get(f"/cases/rounds/new/?procedure=base&plan={plan.code}")

    offered = list(form.context["form"].offered.values())
    assert [one.zh for one in offered] == ["铣工（五级、四级、三级）"]
    assert form.content.decode().count('name="focus"') == 1
    points = form.context["form"].fields["option-review-minimum"].help_text
    assert "70 — " in points
    assert RuleValue.objects.get(key="bases.review_minimum").document in points
