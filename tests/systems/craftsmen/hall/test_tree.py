"""The drawing of trees: nobody stands on anybody, nothing is cut off, the same people give the same drawing."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import pytest

from denggao.engines.agreements.outcomes import Became as Outcome
from denggao.engines.agreements.outcomes import Success
from denggao.systems.craftsmen.hall import tree
from denggao.systems.craftsmen.hall.rules import FINISHED, RAISED, WITH, became, drawing_for, drawing_of_work
from denggao.systems.craftsmen.hall.tree import Person, columns, fan, lines_of, small_tree, text_width, view_of

LONG = "阿依努尔·买买提江·阿卜杜热合曼·图尔荪尼亚孜"
FOREIGN = "Maximiliane Alexandra von Hohenstein-Bartholomäus"


def people(count: int, *, each: int = 0, name: str = "许星野") -> list[Person]:
    theirs = tuple(Person(f"陆一诺{n}", "带教中", "k") for n in range(each))
    return [Person(f"{name}{n}", "四级 → 二级/技师", "j", learners=theirs if n % 3 == 0 else ()) for n in range(count)]


def overlapping(drawn: tree.Drawn) -> list[tuple[tree.Box, tree.Box]]:
    return [
        (one, other)
        for one, other in itertools.combinations(drawn.boxes, 2)
        if one.x < other.right and other.x < one.right and one.y < other.y + other.height and other.y < one.y + one.height
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 5, 14, 60])
@pytest.mark.parametrize("each", [0, 1, 4])
@pytest.mark.parametrize("name", ["许星野", LONG, FOREIGN])
def test_no_two_boxes_stand_over_each_other_and_all_lie_inside(count, each, name):
    mentors = [Person(name, "师傅"), Person("严守正")]
    own = Person(name, "临港工匠", "g")

    for drawn in (
        fan(mentors, own, people(count, each=each, name=name), "另有 9 人"),
        columns(own, people(count, each=each, name=name)),
    ):
        assert overlapping(drawn) == []
        assert all(box.x >= 0 and box.right <= drawn.width for box in drawn.boxes)
        assert all(box.y >= 0 and box.y + box.height <= drawn.height for box in drawn.boxes)
        assert all(note.y <= drawn.height for note in drawn.notes)


def test_everybody_is_drawn_and_joined():
    drawn = fan([Person("严守正")], Person("周启明"), people(5, each=2))

    assert len(drawn.boxes) == 1 + 1 + 5 + 2 * 2
    assert len(drawn.paths) == len(drawn.boxes) - 1


def test_the_same_people_give_the_same_drawing():
    assert columns(Person("周启明"), people(60, each=2)) == columns(Person("周启明"), people(60, each=2))


def test_the_whole_tree_of_sixty_fits_four_columns():
    drawn = columns(Person("周启明"), people(60))

    assert len({box.x for box in drawn.boxes[1:]}) == 4
    assert drawn.height < 1300


@pytest.mark.parametrize("name", ["周", LONG, FOREIGN, "Ä" * 80])
def test_names_are_parted_never_cut(name):
    lines = lines_of(name, 15, 190)

    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert all(text_width(line, 15) <= 190 for line in lines)


@pytest.mark.parametrize("count", [1, 6, 14, 24, 40, 60])
def test_leaves_never_touch_and_lie_inside(count):
    drawn = small_tree(["j"] * count)

    assert len(drawn.leaves) == count
    for one, other in itertools.combinations(drawn.leaves, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius - 0.2
    for leaf in drawn.leaves:
        assert leaf.radius <= leaf.x <= tree.TREE_WIDTH - leaf.radius
        assert leaf.radius <= leaf.y <= tree.TREE_HEIGHT - leaf.radius


def test_who_taught_nobody_is_a_sapling():
    assert small_tree([]).leaves == ()
    assert small_tree([]).branches


# What became of a learner

TODAY = dt.date(2022, 10, 10)


@pytest.mark.parametrize(
    ("told", "to_on", "expected"),
    [
        ([("", "")], None, (WITH, "", "")),
        ([("", "")], "2022-10-10", (WITH, "", "")),
        ([("", "")], "2022-10-09", (FINISHED, "", "")),
        ([("4", "4")], None, (WITH, "4", "")),
        ([("", "4")], None, (RAISED, "", "4")),
        ([("4", "3")], "2022-01-01", (RAISED, "4", "3")),
        ([("2", "4")], None, (WITH, "2", "")),
        ([("5", "4"), ("4", "2")], None, (RAISED, "5", "2")),
        ([("5", "5"), ("5", "3")], "2022-01-01", (RAISED, "5", "3")),
    ],
)
def test_what_became_of_a_learner(told, to_on, expected):
    found = became([Outcome(then, now) for then, now in told], dt.date.fromisoformat(to_on) if to_on else None, TODAY)

    assert (found.state, found.before, found.after) == expected


def test_weeks_left_are_told_while_it_lasts():
    assert became([Outcome()], TODAY + dt.timedelta(days=60), TODAY).weeks == 8
    assert became([Outcome()], None, TODAY).weeks is None
    assert became([Outcome()], TODAY - dt.timedelta(days=1), TODAY).weeks is None


def test_what_was_won_is_told():
    assert became([Outcome(successes=[Success("市赛一等奖", TODAY)])], None, TODAY).won == ("市赛一等奖",)


@pytest.mark.parametrize(
    ("industry", "drawing"),
    [("ic", "wafer"), ("biomedicine", "bioreactor"), ("civil-aviation", "turbine"), ("ai", "robot"), ("x", "turbine")],
)
def test_an_industry_has_its_drawing(industry, drawing):
    assert drawing_for(industry) == drawing


def test_the_works_of_a_page_are_drawn_in_turn():
    assert [drawing_of_work("turbine", n) for n in range(4)] == ["blade", "fixture", "measuring", "blade"]


@pytest.mark.parametrize("counts", [(0,), (1, 8), (0, 40), (3, 200)])
def test_a_row_of_trees_shows_all_of_each(counts):
    trees = [small_tree(["j"] * count) for count in counts]
    left, top, width, height = map(float, view_of(trees).split())
    assert top + height == 184
    for leaf in (leaf for each in trees for leaf in each.leaves):
        assert left <= leaf.x - leaf.radius
        assert leaf.x + leaf.radius <= left + width
        assert top <= leaf.y - leaf.radius
