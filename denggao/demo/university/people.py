"""Who takes part in the university's story, and by which account each acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from denggao.demo.training_story.threads import Thread
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.queries import actor_of_account
from denggao.foundation.people.models import Person
from denggao.systems.university.models import Course, School


@dataclass
class Company:
    """``office`` gives the office's demo accounts by role; ``accounts`` public ids by their local name; ``teachers`` the account
    that teaches a course, by its code; ``learners`` accounts by a person's database id. ``elsewhere`` are people of another story,
    who learn nothing here."""

    operator: Actor
    office: Mapping[Role, str]
    now: dt.datetime
    elsewhere: Mapping[int, Person] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    teachers: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    learners: dict[int, str] = field(default_factory=dict)
    known: dict[tuple[str, dt.date], Actor] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    def acting(self, account: str, when: dt.datetime) -> Actor:
        key = (account, when.date())
        if key not in self.known:
            self.known[key] = actor_of_account(*key) or self.operator
        return self.known[key]

    def in_office(self, role: Role, when: dt.datetime) -> Actor:
        return self.acting(self.office[role], when) if role in self.office else self.operator

    def teaching(self, course: Course, when: dt.datetime) -> Actor:
        return self.acting(self.teachers[course.code], when)

    def until_now(self, walk: Thread) -> Thread:
        """As far as it has come by now."""
        for when in walk:
            if when >= self.now:
                return
            yield when
