"""Who judges what: the assignment whose largest load is the least that any conflict-free assignment allows.

A flow of minimal cost from papers through experts, where an expert's n-th review costs more than the one before: it is
minimal when no cycle of its residual graph costs less than nothing. All cost lies at the experts, so the residual
graph is kept contracted to them: from one expert to another leads the cheapest paper that could be handed over. (As in
Harvey, Ladner, Lovász and Tamir, "Semi-matchings for bipartite graphs and load balancing", 2003.) Nothing is random:
the same papers and experts in the same order give the same assignment.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P", bound=Hashable)
E = TypeVar("E", bound=Hashable)


@dataclass(frozen=True)
class Balance(Generic[P, E]):
    """``assigned``: the experts of each paper, in the order the experts were given. ``short``: how many reviews each
    paper lacks because too few experts are left without a conflict (absent where none is lacking). ``loads``: every
    expert's reviews, the existing ones included. ``largest``: the largest load of those who were given something, 0
    where nobody was."""

    assigned: dict[P, list[E]]
    short: dict[P, int]
    loads: dict[E, int]
    largest: int


def balance(
    papers: Sequence[P],
    experts: Sequence[E],
    forbidden: Collection[tuple[P, E]],
    per_paper: int | Mapping[P, int],
    preferences: Mapping[tuple[P, E], int] | None = None,
    existing: Mapping[E, int] | None = None,
) -> Balance[P, E]:
    """Give every paper ``per_paper`` different experts, none of them forbidden.

    First the largest load (existing reviews included) is as small as any such assignment allows; then the sum of
    ``preferences`` (higher is better, absent is 0) is as large as it can be under that; then loads are evened out.
    """
    graph = _Graph(papers, experts, forbidden, per_paper, existing or {})
    graph.fill()
    graph.improve()
    if preferences:
        graph.prefer(preferences)
        graph.fill()
        graph.improve()
    return graph.result(papers, experts)


def least_largest_load(
    papers: Sequence[P],
    experts: Sequence[E],
    forbidden: Collection[tuple[P, E]],
    per_paper: int | Mapping[P, int],
    balanced: Balance[P, E],
) -> int:
    """A load below which no conflict-free assignment can stay, by a cut: reviews that only a set of experts can take,
    poured evenly onto what they have. Where it equals ``balanced.largest``, that is proven minimal."""
    graph = _Graph(papers, experts, forbidden, per_paper, {})
    graph.take(balanced)
    base = [load - len(graph.papers_of[index]) for index, load in enumerate(graph.load)]
    graph.improve()
    largest = graph.largest()
    start = {index for index, papers_of in enumerate(graph.papers_of) if papers_of and graph.load[index] == largest}
    if not start:
        return 0
    cut = graph.reach(start)
    forced = sum(max(0, want - len(graph.allowed[paper] - cut)) for paper, want in enumerate(graph.wanted))
    least = 0
    while sum(max(0, least - base[index]) for index in cut) < forced:
        least += 1
    return least


_NO_PREFERENCE: dict[int, int] = {}


class _Graph(Generic[P, E]):
    """Papers and experts by their positions. ``taken`` holds the experts of each paper, ``papers_of`` the reverse."""

    def __init__(
        self,
        papers: Sequence[P],
        experts: Sequence[E],
        forbidden: Collection[tuple[P, E]],
        per_paper: int | Mapping[P, int],
        existing: Mapping[E, int],
    ) -> None:
        barred = forbidden if isinstance(forbidden, (set, frozenset, dict)) else set(forbidden)
        self.papers, self.experts = papers, experts
        self.allowed = [{index for index, expert in enumerate(experts) if (paper, expert) not in barred} for paper in papers]
        asked = [per_paper if isinstance(per_paper, int) else per_paper.get(paper, 0) for paper in papers]
        self.wanted = [max(0, min(want, len(self.allowed[index]))) for index, want in enumerate(asked)]
        self.asked = asked
        self.load = [existing.get(expert, 0) for expert in experts]
        self.taken: list[set[int]] = [set() for _ in papers]
        self.papers_of: list[set[int]] = [set() for _ in experts]
        self.dislike: list[dict[int, int]] = [_NO_PREFERENCE for _ in papers]
        self.limit: int | None = None
        self.worth = 1
        self.steep = 0

    def fill(self) -> None:
        """A first assignment: papers with the least choice first, each to the experts that cost least just then."""
        for paper in sorted(range(len(self.papers)), key=lambda index: (len(self.allowed[index]), index)):
            costs = {index: self._more(index) + self.worth * self.dislike[paper].get(index, 0) for index in self.allowed[paper]}
            for expert in sorted(costs, key=lambda index: (costs[index], index))[: self.wanted[paper]]:
                self._give(paper, expert)

    def _more(self, expert: int) -> int:
        """What one more review of this expert costs; beyond the largest load, more than anything it could be worth."""
        load = self.load[expert]
        return 2 * load + 1 + (self.steep if self.limit is not None and load >= self.limit else 0)

    def _less(self, expert: int) -> int:
        """What one review less saves."""
        load = self.load[expert] - 1
        return 2 * load + 1 + (self.steep if self.limit is not None and load >= self.limit else 0)

    def take(self, balanced: Balance[P, E]) -> None:
        positions = {expert: index for index, expert in enumerate(self.experts)}
        for index, paper in enumerate(self.papers):
            for expert in balanced.assigned[paper]:
                self._give(index, positions[expert])
        self.load = [balanced.loads[expert] for expert in self.experts]

    def prefer(self, preferences: Mapping[tuple[P, E], int]) -> None:
        """Begin anew: what is liked less costs more than any uneven load, and no gain outweighs more than the largest
        load."""
        self.limit = self.largest()
        for paper, name in enumerate(self.papers):
            for expert in list(self.taken[paper]):
                self._withdraw(paper, expert)
            likes = {index: preferences.get((name, self.experts[index]), 0) for index in self.allowed[paper]}
            best = max(likes.values(), default=0)
            self.dislike[paper] = {index: best - like for index, like in likes.items()}
        steps = len(self.experts) + 1
        self.worth = 2 * (sum(self.wanted) + max(self.load, default=0) + 2)
        self.steep = self.worth * (1 + steps * max((cost for costs in self.dislike for cost in costs.values()), default=0))

    def largest(self) -> int:
        return max((self.load[index] for index, papers in enumerate(self.papers_of) if papers), default=0)

    def improve(self) -> None:
        """Hand papers on along cycles that cost less than nothing, until there is none."""
        rows = [self._row(expert) for expert in range(len(self.experts))]
        while cycle := self._cheaper_cycle(rows):
            stale: set[int] = set()
            for giver, taker in cycle:
                if giver < len(self.experts) and taker < len(self.experts):
                    paper = rows[giver][taker][1]
                    stale |= self.taken[paper] | {taker}
                    self._withdraw(paper, giver)
                    self._give(paper, taker)
            for expert in stale:
                rows[expert] = self._row(expert)

    def _row(self, giver: int) -> dict[int, tuple[int, int]]:
        """Whom this expert could hand a paper: the least cost and the paper, by taker."""
        row: dict[int, tuple[int, int]] = {}
        for paper in sorted(self.papers_of[giver]):
            dislike = self.dislike[paper]
            now = dislike.get(giver, 0) if dislike else 0
            for taker in self.allowed[paper] - self.taken[paper]:
                cost = dislike.get(taker, 0) - now if dislike else 0
                if taker not in row or (cost, paper) < row[taker]:
                    row[taker] = (cost, paper)
        return row

    def _cheaper_cycle(self, rows: list[dict[int, tuple[int, int]]]) -> list[tuple[int, int]]:
        """The edges of a cycle that costs less than nothing and uses no paper twice; empty where there is none. The last
        position stands for "nobody": through it an expert's load grows or shrinks."""
        nobody = len(self.experts)
        edges = [
            (giver, taker, self.worth * cost) for giver, row in enumerate(rows) for taker, (cost, _paper) in sorted(row.items())
        ]
        for expert in range(nobody):
            edges.append((expert, nobody, self._more(expert)))
            if self.papers_of[expert]:
                edges.append((nobody, expert, -self._less(expert)))
        return _negative_cycle(nobody + 1, edges)

    def reach(self, start: set[int]) -> set[int]:
        """The experts to whom a review of these could end up going."""
        seen, waiting = set(start), sorted(start)
        while waiting:
            expert = waiting.pop()
            for paper in self.papers_of[expert]:
                new = self.allowed[paper] - self.taken[paper] - seen
                seen |= new
                waiting += sorted(new)
        return seen

    def result(self, papers: Sequence[P], experts: Sequence[E]) -> Balance[P, E]:
        return Balance(
            assigned={paper: [experts[index] for index in sorted(self.taken[at])] for at, paper in enumerate(papers)},
            short={paper: self.asked[at] - self.wanted[at] for at, paper in enumerate(papers) if self.asked[at] > self.wanted[at]},
            loads={expert: self.load[index] for index, expert in enumerate(experts)},
            largest=self.largest(),
        )

    def _give(self, paper: int, expert: int) -> None:
        self.taken[paper].add(expert)
        self.papers_of[expert].add(paper)
        self.load[expert] += 1

    def _withdraw(self, paper: int, expert: int) -> None:
        self.taken[paper].discard(expert)
        self.papers_of[expert].discard(paper)
        self.load[expert] -= 1


def _negative_cycle(size: int, edges: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Bellman and Ford from everywhere at once; the edges of one simple cycle of negative cost, or none."""
    edges = list(edges)
    distance, before = [0] * size, [-1] * size
    for _pass in range(size):
        moved = False
        for start, end, cost in edges:
            if distance[start] + cost < distance[end]:
                distance[end] = distance[start] + cost
                before[end] = start
                moved = True
        if not moved:
            return []
        if cycle := _cycle_among(before):
            return cycle
    return []


def _cycle_among(before: list[int]) -> list[tuple[int, int]]:
    """A cycle among predecessors, as edges from giver to taker."""
    state = [0] * len(before)
    for root in range(len(before)):
        path, at = [], root
        while at != -1 and state[at] == 0:
            state[at] = 1
            path.append(at)
            at = before[at]
        if at != -1 and state[at] == 1:
            cycle = [at]
            step = before[at]
            while step != at:
                cycle.append(step)
                step = before[step]
            return [(before[node], node) for node in cycle]
        for node in path:
            state[node] = 2
    return []
