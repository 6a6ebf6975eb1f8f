"""Who taught a craftsman, whom the craftsman taught, and whom they taught: from confirmed mentorships, with names only of those who
said yes. Counts are of everybody."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from denggao.engines.agreements.models import Mentorship
from denggao.engines.agreements.outcomes import Became as Outcome
from denggao.engines.agreements.outcomes import became_of
from denggao.foundation.people.models import Person
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.ui.words import level_name, listed
from denggao.systems.craftsmen.hall import tree
from denggao.systems.craftsmen.hall.models import LineageYes, Profile
from denggao.systems.craftsmen.hall.rules import FINISHED, RAISED, WITH, Became, became
from denggao.systems.craftsmen.models import Craftsman

DRAWN_AT_FIRST = 5
DRAWN_OF_THEIRS = 3
_TONES = {RAISED: "j", WITH: "k", FINISHED: ""}


@dataclass(frozen=True)
class Pair:
    """Mentor and learner, of all mentorships of the two together."""

    mentor: Person
    learner: Person
    mentorships: tuple[Mentorship, ...]
    named: frozenset[int]
    """Which of the two said yes, by person id."""

    @property
    def to_on(self) -> dt.date | None:
        """The last day of all; None while one has no end."""
        ends = [each.to_on for each in self.mentorships]
        return None if None in ends else max(end for end in ends if end is not None)


@dataclass
class Node:
    """Somebody of the tree. ``name`` is empty for who did not say yes; ``page`` the craftsman's id where a page opens."""

    name: str
    became: Became | None = None
    page: UUID | None = None
    learners: list[Node] = field(default_factory=list)
    craftsman: bool = False

    @property
    def label(self) -> str:
        return self.name or _("A learner")

    @property
    def link(self) -> str:
        return reverse("hall:page", args=[self.page]) if self.page else ""

    @property
    def state(self) -> str:
        return self.became.state if self.became else ""

    @property
    def tone(self) -> str:
        return "g" if self.craftsman else _TONES.get(self.state, "")

    @property
    def line(self) -> str:
        """What became of a learner, in a line. Of whoever is not named, no level is told."""
        told = self.became
        if told is None:
            return _("Lingang craftsman") if self.craftsman else pgettext("a person", "mentor")
        if not self.name:
            return {RAISED: pgettext("a learner", "raised a level"), WITH: _with(told)}.get(told.state, _over())
        line = {RAISED: _raised, WITH: _with}.get(told.state, _over)(told)
        return f"{line} · {told.won[-1]}" if told.won else line


def _raised(told: Became) -> str:
    after = level_name(told.after) if told.after else ""
    if not told.before:
        return _("reached %(level)s") % {"level": after}
    return f"{_short(told.before)} → {after}"


def _over(_told: Became | None = None) -> str:
    return pgettext("a learner", "finished")


def _short(code: str) -> str:
    level = BY_CODE.get(code)
    return level.grade_zh if level and level.grade_zh and level_name(code) == level.name_zh else level_name(code).split(" (")[0]


def _with(told: Became) -> str:
    weeks = told.weeks
    if weeks is None:
        return pgettext("a learner", "with the mentor")
    return ngettext("with the mentor, %(weeks)s week left", "with the mentor, %(weeks)s weeks left", weeks) % {"weeks": weeks}


@dataclass
class Lineage:
    """``learners`` named ones first, each with those they taught. ``in_all`` counts the craftsman's own learners, ``raised``
    those of them who raised a level, ``further`` the learners of learners."""

    own: Node
    mentors: list[Node]
    learners: list[Node]

    @property
    def in_all(self) -> int:
        return len(self.learners)

    @property
    def raised(self) -> int:
        return sum(learner.state == RAISED for learner in self.learners)

    @property
    def further(self) -> int:
        return sum(len(learner.learners) for learner in self.learners)

    @property
    def is_empty(self) -> bool:
        return not self.learners and not self.mentors

    @property
    def shown(self) -> list[Node]:
        """Those drawn on the page of the craftsman; the whole tree has all."""
        return self.learners[:DRAWN_AT_FIRST]

    @property
    def rest(self) -> int:
        return max(self.in_all - DRAWN_AT_FIRST, 0)

    @property
    def in_words(self) -> str:
        """The tree for who can't see it."""
        told = {"name": self.own.name, "count": self.in_all, "raised": self.raised}
        said = _("%(name)s taught %(count)s, %(raised)s of them raised a level.") % told
        if not self.mentors:
            return said
        mentors = listed([each.label for each in self.mentors])
        return _("%(mentors)s taught %(name)s.") % {"mentors": mentors, "name": self.own.name} + " " + said

    def fan(self) -> tree.Drawn:
        learners = [_person(each, most=DRAWN_OF_THEIRS) for each in self.shown]
        return tree.fan([_person(each) for each in self.mentors], self._own(), learners, more_of(self.rest) if self.rest else "")

    def whole(self, *, count: int = 4) -> tree.Drawn:
        return tree.columns(self._own(), [_person(each) for each in self.learners], count=count)

    def _own(self) -> tree.Person:
        return tree.Person(self.own.name, f"{_('Lingang craftsman')} · 1+{self.in_all}", "g")


def more_of(count: int) -> str:
    return npgettext("people in a tree", "and %(count)s more", "and %(count)s more", count) % {"count": count}


def _person(node: Node, *, most: int | None = None) -> tree.Person:
    theirs = node.learners if most is None else node.learners[:most]
    rest = len(node.learners) - len(theirs)
    return tree.Person(
        node.label, node.line, node.tone, node.link, tuple(_person(each) for each in theirs), more_of(rest) if rest else ""
    )


# Hundreds of people stand in a forest: of each no more than the name is read.
_OF_A_PAIR = (
    *(field.name for field in Mentorship._meta.concrete_fields),
    *(f"{who}__{part}" for who in ("mentor", "learner") for part in ("public_id", "name")),
)


def pairs_where(condition: Q) -> list[Pair]:
    """Mentorships confirmed by both, joined by the two, the earliest first, with who of the two said yes. Two queries."""
    found = list(
        Mentorship.objects.standing()
        .filter(condition, confirmed_by_mentor_at__isnull=False, confirmed_by_learner_at__isnull=False)
        .select_related("mentor", "learner")
        .only(*_OF_A_PAIR)
        .order_by("from_on", "pk")
    )
    yes: dict[int, set[int]] = defaultdict(set)
    stands = LineageYes.objects.filter(mentorship__in=[each.pk for each in found], taken_back_at__isnull=True)
    for mentorship, person in stands.values_list("mentorship_id", "person_id"):
        yes[mentorship].add(person)
    joined: dict[tuple[int, int], list[Mentorship]] = defaultdict(list)
    for each in found:
        joined[each.mentor_id, each.learner_id].append(each)
    return [_pair(same, yes) for same in joined.values()]


def _pair(same: Sequence[Mentorship], yes: dict[int, set[int]]) -> Pair:
    named = frozenset(person for each in same for person in yes.get(each.pk, ()))
    return Pair(same[0].mentor, same[0].learner, tuple(same), named)


def outcomes_of(pairs: Iterable[Pair]) -> dict[int, Outcome]:
    """What became of the learners, by mentorship, in one query a source."""
    return became_of([each for pair in pairs for each in pair.mentorships])


def pages_of(persons: Collection[int]) -> dict[int, UUID]:
    """Craftsmen among these persons whose page shows their lineage, by person id. One query."""
    shown = Profile.objects.public().filter(craftsman__person__in=persons, lineage_yes_at__isnull=False)
    return dict(shown.values_list("craftsman__person_id", "craftsman__public_id"))


def lineage_of(craftsman: Craftsman, today: dt.date) -> Lineage:
    """A constant number of queries, however many learners."""
    me = craftsman.person_id
    near = pairs_where(Q(mentor=me) | Q(learner=me))
    up = [pair for pair in near if pair.learner.pk == me]
    down = [pair for pair in near if pair.mentor.pk == me]
    taught = [pair.learner.pk for pair in down]
    further = pairs_where(Q(mentor__in=taught) & ~Q(learner=me) & ~Q(learner=F("mentor")))
    everybody = {pair.learner.pk for pair in (*down, *further)}
    outcomes = outcomes_of((*down, *further))
    pages = pages_of(everybody | {pair.mentor.pk for pair in up})
    theirs: dict[int, list[Pair]] = defaultdict(list)
    for pair in further:
        theirs[pair.mentor.pk].append(pair)
    learners = [_learner(pair, outcomes, pages, today, theirs[pair.learner.pk]) for pair in down]
    return Lineage(
        Node(craftsman.person.name, craftsman=True),
        [_mentor(pair, pages) for pair in up],
        sorted(learners, key=_order),
    )


def _order(node: Node) -> tuple[bool, int]:
    """The named first; of them who raised a level, then who is with the mentor."""
    return not node.name, {RAISED: 0, WITH: 1}.get(node.state, 2)


def _mentor(pair: Pair, pages: dict[int, UUID]) -> Node:
    page = pages.get(pair.mentor.pk)
    name = pair.mentor.name if page or pair.mentor.pk in pair.named else _("A mentor")
    return Node(name, page=page, craftsman=page is not None)


def _learner(pair: Pair, outcomes: dict[int, Outcome], pages: dict[int, UUID], today: dt.date, theirs: Iterable[Pair]) -> Node:
    pk = pair.learner.pk
    page = pages.get(pk)
    return Node(
        pair.learner.name if page or pk in pair.named else "",
        became([outcomes[each.pk] for each in pair.mentorships], pair.to_on, today),
        page,
        sorted((_learner(each, outcomes, pages, today, ()) for each in theirs), key=_order),
    )


# The forest


@dataclass(frozen=True)
class Planted:
    """One craftsman of the forest."""

    profile: Profile
    tree: tree.SmallTree
    learners: int
    raised: int

    @property
    def person(self) -> Person:
        return self.profile.craftsman.person


def planted(profiles: Sequence[Profile], today: dt.date) -> list[Planted]:
    """In the order given. Three queries and those of the levels, however many."""
    persons = [profile.craftsman.person_id for profile in profiles]
    by_mentor: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs_where(Q(mentor__in=persons)):
        by_mentor[pair.mentor.pk].append(pair)
    outcomes = outcomes_of(pair for pairs in by_mentor.values() for pair in pairs)
    return [_planted(profile, by_mentor[profile.craftsman.person_id], outcomes, today) for profile in profiles]


def _planted(profile: Profile, pairs: Sequence[Pair], outcomes: dict[int, Outcome], today: dt.date) -> Planted:
    states = sorted(
        (became([outcomes[each.pk] for each in pair.mentorships], pair.to_on, today).state for pair in pairs),
        key=[RAISED, WITH, FINISHED].index,
    )
    drawn = tree.small_tree([_TONES[state] or "n" for state in states])
    return Planted(profile, drawn, len(states), states.count(RAISED))
