from __future__ import annotations

import pytest

from denggao.systems.bases.layout.matrix import Covered, matrix, missing

pytestmark = pytest.mark.once

AEROSPACE, CHIPS = 1, 2
TURNER, FITTER, WELDER = 11, 12, 13


def rows(covered=(), wanted=None, **options):
    options = {"industries": [AEROSPACE, CHIPS], "tells_workers": True, **options}
    return matrix(covered, wanted or {}, **options)


def test_industries_stand_in_the_plans_order_even_when_empty():
    assert [group.industry_id for group in rows()] == [AEROSPACE, CHIPS]
    assert [group.rows for group in rows()] == [(), ()]


def test_a_cell_names_the_bases_that_cover_it():
    (group, _other) = rows([Covered(AEROSPACE, TURNER, "4", 7), Covered(AEROSPACE, TURNER, "4", 3)])

    cell = group.rows[0].cells[1]
    assert cell.level == "4"
    assert cell.bases == (3, 7)
    assert cell.shared


def test_a_gap_is_a_level_that_is_wanted_and_that_nobody_covers():
    (group, _other) = rows([Covered(AEROSPACE, TURNER, "5", 1)], {AEROSPACE: {TURNER: 8}})

    assert group.rows[0].missing == ("4", "3")


def test_what_nobody_works_in_is_no_gap():
    (group, _other) = rows([Covered(AEROSPACE, TURNER, "5", 1)])

    assert group.rows[0].missing == ()


def test_the_upper_levels_are_no_gap_either():
    (group, _other) = rows([], {AEROSPACE: {TURNER: 8}})

    assert [cell.level for cell in group.rows[0].cells if cell.gap] == ["5", "4", "3"]


def test_what_nobody_trains_stands_first_and_the_larger_before_the_smaller():
    (group, _other) = rows([Covered(AEROSPACE, TURNER, "5", 1)], {AEROSPACE: {TURNER: 90, FITTER: 8, WELDER: 30}})

    assert [row.occupation_id for row in group.rows] == [WELDER, FITTER, TURNER]
    assert group.covered == 1


def test_coverage_under_another_industry_does_not_close_a_gap():
    found = rows([Covered(CHIPS, TURNER, level, 1) for level in "543"], {AEROSPACE: {TURNER: 8}})

    assert missing(found) == [(AEROSPACE, TURNER, ("5", "4", "3"))]


def test_workers_are_told_only_where_they_may_be():
    (told, _other) = rows([], {AEROSPACE: {TURNER: 8}})
    (silent, _other) = rows([], {AEROSPACE: {TURNER: 8}}, tells_workers=False)

    assert told.rows[0].workers == 8
    assert silent.rows[0].workers is None
    assert silent.rows[0].missing == told.rows[0].missing
