"""Nobody judges in conflict, the largest load is the least there can be, and the same question has the same answer."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from denggao.engines.reviews.rules.flow import balance, least_largest_load


@st.composite
def questions(draw):
    papers, experts = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    pairs = [(paper, f"e{expert}") for paper in range(papers) for expert in range(experts)]
    forbidden = draw(st.sets(st.sampled_from(pairs)))
    wanted = draw(st.fixed_dictionaries({paper: st.integers(0, 4) for paper in range(papers)}))
    likes = draw(st.dictionaries(st.sampled_from(pairs), st.integers(0, 3)))
    existing = draw(st.dictionaries(st.sampled_from([f"e{expert}" for expert in range(experts)]), st.integers(0, 6)))
    return list(range(papers)), [f"e{expert}" for expert in range(experts)], forbidden, wanted, likes, existing


def _network(papers, experts, forbidden, wanted, existing, largest, likes=None):
    graph = nx.DiGraph()
    graph.add_node("from")
    graph.add_node("to")
    for paper in papers:
        allowed = [expert for expert in experts if (paper, expert) not in forbidden]
        graph.add_edge("from", paper, capacity=min(wanted[paper], len(allowed)), weight=0)
        for expert in allowed:
            graph.add_edge(paper, expert, capacity=1, weight=-(likes or {}).get((paper, expert), 0))
    for expert in experts:
        graph.add_edge(expert, "to", capacity=max(0, largest - existing.get(expert, 0)), weight=0)
    return graph


def _least_by_max_flow(papers, experts, forbidden, wanted, existing):
    """The least largest load that still lets every review find an expert."""
    full = sum(min(wanted[paper], sum((paper, expert) not in forbidden for expert in experts)) for paper in papers)
    if not full:
        return 0
    largest = 0
    while nx.maximum_flow_value(_network(papers, experts, forbidden, wanted, existing, largest), "from", "to") < full:
        largest += 1
    return largest


@settings(max_examples=200, deadline=None)
@given(questions())
def test_the_largest_load_is_what_max_flow_says_and_nobody_is_in_conflict(question):
    papers, experts, forbidden, wanted, likes, existing = question

    done = balance(papers, experts, forbidden, wanted, likes, existing)

    for paper in papers:
        given_to = done.assigned[paper]
        possible = [expert for expert in experts if (paper, expert) not in forbidden]
        assert set(given_to) <= set(possible)
        assert len(given_to) == len(set(given_to)) == min(wanted[paper], len(possible))
        assert done.short.get(paper, 0) == wanted[paper] - len(given_to)
    for expert in experts:
        assert done.loads[expert] == existing.get(expert, 0) + sum(expert in taken for taken in done.assigned.values())
    assert done.largest == _least_by_max_flow(papers, experts, forbidden, wanted, existing)
    assert least_largest_load(papers, experts, forbidden, wanted, done) == done.largest


@settings(max_examples=100, deadline=None)
@given(questions())
def test_preferences_are_met_as_far_as_the_largest_load_lets_them(question):
    papers, experts, forbidden, wanted, likes, existing = question

    done = balance(papers, experts, forbidden, wanted, likes, existing)

    met = sum(likes.get((paper, expert), 0) for paper, taken in done.assigned.items() for expert in taken)
    best = nx.max_flow_min_cost(_network(papers, experts, forbidden, wanted, existing, done.largest, likes), "from", "to")
    possible = sum(likes.get((paper, expert), 0) * flow for paper in papers for expert, flow in best[paper].items())
    assert met == possible


@settings(max_examples=50, deadline=None)
@given(questions())
def test_the_same_question_has_the_same_answer(question):
    assert balance(*question) == balance(*question)


def test_loads_are_even_where_nothing_forbids_it():
    done = balance(range(7), ["a", "b", "c"], set(), 1)

    assert sorted(done.loads.values()) == [2, 2, 3]


def test_who_has_much_already_gets_little():
    done = balance(range(4), ["busy", "free"], set(), 1, existing={"busy": 3})

    assert done.loads == {"busy": 4, "free": 3} or done.loads == {"busy": 3, "free": 4}
    assert done.largest <= 4


@pytest.mark.parametrize(("papers", "experts"), [([], ["a"]), ([1], []), ([], [])])
def test_nothing_to_give_gives_nothing(papers, experts):
    done = balance(papers, experts, set(), 2)

    assert done.largest == 0
    assert done.short == dict.fromkeys(papers, 2)
