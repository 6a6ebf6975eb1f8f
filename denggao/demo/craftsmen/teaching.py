"""Whom they teach: mentorships confirmed by both, of three times; and the pages by which they are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from denggao.demo.craftsmen.casting import Nominee
from denggao.demo.craftsmen.facts import ROUNDS, TRADES, Fate, RoundPlan
from denggao.demo.craftsmen.people import local_of
from denggao.demo.craftsmen.studios import Studios
from denggao.demo.region import at
from denggao.demo.training_story.threads import Thread, after
from denggao.engines.agreements.mentorships import Terms, confirm_mentorship, end_mentorship, record_several
from denggao.engines.agreements.models import Mentorship
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.organisations.queries import employed_on
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.hall.actions.lineage import say_yes
from denggao.systems.craftsmen.hall.actions.pages import agree, hide_page, show_page, write_words
from denggao.systems.craftsmen.hall.models import Drawing, Part, Profile
from denggao.systems.craftsmen.models import Craftsman

# Of those named in a year: from which day, until which, how many learners each.
TIMES = (
    (2020, dt.date(2021, 2, 22), dt.date(2022, 12, 31), 2),
    (2021, dt.date(2022, 1, 10), dt.date(2024, 6, 30), 2),
)
MOST_OF_A_YEAR = 20
LEFT = "调到外地分厂，师徒协议到此为止。"
# How a trade is drawn on a page.
DRAWINGS = {
    "fab": Drawing.WAFER, "wafer": Drawing.WAFER, "pack": Drawing.CHIP, "equip": Drawing.CHIP, "robot": Drawing.ROBOT,
    "trainer": Drawing.CHIP, "vision": Drawing.MEASURING, "hardware": Drawing.CHIP, "ferment": Drawing.BIOREACTOR,
    "vaccine": Drawing.BIOREACTOR, "pharm": Drawing.BIOREACTOR, "device": Drawing.GEAR, "chem": Drawing.MEASURING,
    "airframe": Drawing.FIXTURE, "engine": Drawing.TURBINE, "mill": Drawing.BLADE, "turn": Drawing.SPINDLE,
    "ndt": Drawing.MEASURING, "uav": Drawing.GEAR, "weld": Drawing.FIXTURE,
}  # fmt: skip
HIDDEN = "一张成果数据与备案的不一致，请核对后再公开。"


@dataclass
class Teaching(Studios):
    """Pages and learners. ``taken`` holds database ids of those who are somebody's learners already."""

    taken: set[int] = field(default_factory=set)

    # Pages

    def _pages(self, plan: RoundPlan) -> Thread:
        """Most say yes to all of it, some keep the story or the learners to themselves, a few show nothing; one is hidden."""
        named = [one for one in self.cast.by_round[plan.year] if one.fate is Fate.NAMED]
        first = after(plan.named_on, 9)
        for place, nominee in enumerate(named):
            when = at(first + dt.timedelta(days=place // 3), 18 + place % 3, place)
            yield when
            self._page(nominee, place, when)
        if plan.year == ROUNDS[-1].year:
            when = at(first + dt.timedelta(days=40), 10)
            yield when
            profile = self._profile(named[-2])
            hide_page(profile, reason=HIDDEN, actor=self.in_office(Role.CLERK, when), now=when)

    def _profile(self, nominee: Nominee) -> Profile:
        found = Profile.objects.select_related("craftsman__person", "craftsman__plan")
        return found.get(craftsman__case=self.cases[nominee.serial])

    def _page(self, nominee: Nominee, place: int, when: dt.datetime) -> None:
        if place % 9 == 8:
            return
        profile, own = self._profile(nominee), self.own(nominee, when)
        code = next(code for code, trade in TRADES.items() if trade is nominee.trade)
        words = nominee.told
        headline = words.get("headline") or words["works"][0]["title"]
        write_words(
            profile, trade=nominee.trade.word, headline=headline, motto=words["motto"], story=words["story"].strip(),
            drawing=DRAWINGS[code], actor=own, now=when,
        )  # fmt: skip
        kept_back = {3: {Part.LINEAGE}, 5: {Part.STORY}}.get(place % 9, set())
        agree(profile, set(Part) - kept_back - {Part.PORTRAIT, Part.FILM}, actor=own, now=when)
        show_page(profile, actor=own, now=when)

    # Learners

    def _learners(self, number: int) -> Thread:
        """Put down by HR, confirmed by both; most learners let their names be seen."""
        year, first, last, each = TIMES[number]
        named = [one for one in self.cast.by_round[year] if one.fate is Fate.NAMED][:MOST_OF_A_YEAR]
        when = at(first, 9)
        for place, nominee in enumerate(named):
            when = at(first + dt.timedelta(days=place // 4), 9 + place % 4)
            yield when
            if not self._holds(nominee):
                continue
            wanted = each + (nominee.with_care and place % 2 == 0)
            learners = self._free(nominee, first, wanted)
            yield from self._bound(nominee, learners, Terms(first, last, Mentorship.Kind.CRAFTSMAN, goal_level="3"), when)
        if number == 0:
            yield from self._leaves(named[0])

    def _now(self) -> Thread:
        """Those who learn today; and what their first learners teach in turn."""
        careful = [one for one in self.cast if one.with_care]
        first = self.today - dt.timedelta(days=210)
        for place, nominee in enumerate(careful):
            when = at(first + dt.timedelta(days=place), 10)
            yield when
            terms = Terms(first, self.today + dt.timedelta(days=330 + 30 * (place % 4)), Mentorship.Kind.CRAFTSMAN, goal_level="3")
            yield from self._bound(nominee, self._free(nominee, first, 1 + (place % 2 == 0)), terms, when)
        yield from self._grandchildren(careful[:6], self.today - dt.timedelta(days=150))

    def _grandchildren(self, careful: Sequence[Nominee], first: dt.date) -> Thread:
        for place, nominee in enumerate(careful):
            when = at(first + dt.timedelta(days=place), 11)
            yield when
            of_theirs = Mentorship.objects.filter(mentor=self.people[nominee.serial], to_on__lt=self.today).order_by("pk")
            taught = of_theirs.select_related("learner__account").first()
            if taught is None:
                continue
            account = self.account_of(taught.learner, when)
            learners = self._free(nominee, first, 1 + place % 2)
            terms = Terms(first, self.today + dt.timedelta(days=400))
            yield from self._taught(taught.learner, account, nominee.employer, learners, terms, when)

    def _elders(self) -> Thread:
        """Who taught them when they were young, where that is a craftsman too: the older of a trade in one firm."""
        when = at(dt.date(2022, 2, 14), 10)
        yield when
        for young, old in self._pairs():
            first = dt.date(max(young.hired_on.year + 1, old.hired_on.year + 4), 3, 1)
            terms = Terms(first, first + dt.timedelta(days=1095))
            when += dt.timedelta(hours=1)
            yield when
            learners = [self.people[young.serial]]
            yield from self._taught(self.people[old.serial], self.account(old), young.employer, learners, terms, when, both=True)

    def _pairs(self) -> Iterator[tuple[Nominee, Nominee]]:
        named = [one for one in self.cast if one.fate is Fate.NAMED and self._holds(one)]
        careful = [one for one in named if one.with_care]
        for young in named:
            old = next((one for one in careful if one.trade is young.trade and one.employer == young.employer), None)
            if old is not None and old.hired_on.year + 6 < young.hired_on.year:
                yield young, old

    def _holds(self, nominee: Nominee) -> bool:
        return Craftsman.objects.in_force().filter(case=self.cases[nominee.serial]).exists()

    def account(self, nominee: Nominee) -> str:
        return self.accounts[local_of(nominee)]

    def _free(self, nominee: Nominee, day: dt.date, wanted: int) -> list[Person]:
        """Who works there on a day and is nobody's learner yet; in a small region somebody from another firm."""
        cast = {person.pk for person in self.people.values()}
        there = employed_on(Employment.objects.filter(front_line=True), day).exclude(person_id__in=cast | self.taken)
        rows = there.select_related("person__account").order_by("person_id")
        found = list(rows.filter(employer=self.employers()[nominee.employer])[:wanted])
        if len(found) < wanted and self.workers < 200:
            found = list(rows.exclude(pk__in=[row.pk for row in found])[: wanted - len(found)]) + found
        people = list({row.person_id: row.person for row in found}.values())
        self.taken.update(person.pk for person in people)
        return people

    def _bound(self, nominee: Nominee, learners: Sequence[Person], terms: Terms, when: dt.datetime) -> Thread:
        yield from self._taught(self.people[nominee.serial], self.account(nominee), nominee.employer, learners, terms, when)

    def _taught(
        self,
        mentor: Person,
        account: str,
        employer: int,
        learners: Sequence[Person],
        terms: Terms,
        when: dt.datetime,
        *,
        both: bool = False,
    ) -> Thread:
        """``both``: the mentor lets the own name be seen as well."""
        if not learners:
            return
        body: Organisation = self.employers()[employer]
        given = Terms(terms.from_on, terms.to_on, terms.kind, body, body, terms.occupation, terms.goal_level)
        made = record_several(mentor, learners, given, actor=self.hr_of(employer, when), now=when)
        when += dt.timedelta(minutes=30)
        yield when
        for place, (mentorship, learner) in enumerate(zip(made, learners, strict=True)):
            teacher, pupil = self.acting(account, when), self.acting(self.account_of(learner, when), when)
            confirm_mentorship(mentorship, actor=teacher, now=when)
            confirm_mentorship(mentorship, actor=pupil, now=when)
            mentorship.mentor, mentorship.learner = mentor, learner
            if (learner.pk + place) % 4 != 0:
                say_yes(mentorship, actor=pupil, now=when)
            if both:
                say_yes(mentorship, actor=teacher, now=when)

    def _leaves(self, nominee: Nominee) -> Thread:
        """One of the first goes elsewhere before the time is over."""
        when = at(dt.date(2022, 3, 15), 16)
        yield when
        taught = Mentorship.objects.filter(mentor=self.people[nominee.serial], to_on__gt=when.date())
        last = taught.select_related("mentor", "learner", "organisation", "place").order_by("-pk").first()
        if last is not None:
            actor: Actor = self.hr_of(nominee.employer, when)
            end_mentorship(last, on=when.date(), reason=LEFT, actor=actor, now=when)
