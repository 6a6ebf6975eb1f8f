"""A hall in which every craftsman shows a page, and whom they taught: one of them 60 people, all together a thousand."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from django.db import transaction

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.audit.bulk import insert
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.hall.models import LineageYes, Part, Profile, Work
from denggao.systems.craftsmen.models import Craftsman

LEARNERS, OF_ONE = 1_000, 60


def open_hall(now: dt.datetime) -> list[Profile]:
    """Everybody shows everything, with three works each. A page that was begun at the naming is taken as it is."""
    begun = set(Profile.objects.values_list("craftsman_id", flat=True))
    with transaction.atomic():
        insert(
            [
                Profile(craftsman=one, trade="磨削", headline="剩下那一点，在手上", created_at=now, changed_at=now)
                for one in Craftsman.objects.exclude(pk__in=begun)
            ]
        )
        Profile.objects.update(
            state="shown", first_shown_at=now, story="十九岁进厂，做了二十一年。\n\n后来带徒弟。", motto="剩下那一点，在手上。",
            **{f"{part.value}_yes_at": now for part in Part},
        )  # fmt: skip
        profiles = list(Profile.objects.select_related("craftsman__person").order_by("pk"))
        insert(
            [
                Work(profile=one, position=at, title=f"攻关成果{at}", line="误差 0.06 mm → 0.02 mm", year=2021)
                for one in profiles
                for at in (10, 11, 12)
            ]
        )
    return profiles


def grow_tree(profiles: Sequence[Profile], chance: random.Random, now: dt.datetime) -> None:
    """The first has 60 learners, the others the rest; a fifth of those were taught by learners. Two in three show their name."""
    start = now.date() - dt.timedelta(days=700)
    mentors = [one.craftsman.person for one in profiles]
    with transaction.atomic():
        learners = [Person(name=f"徒弟{at}", name_key=f"徒弟{at}", created_at=now) for at in range(LEARNERS)]
        insert(learners)
        taught: list[Mentorship] = []
        for at, learner in enumerate(learners):
            mentor = mentors[0] if at < OF_ONE else chance.choice(mentors[1:]) if at % 5 else chance.choice(learners[:OF_ONE])
            taught.append(
                Mentorship(
                    mentor=mentor,
                    learner=learner,
                    from_on=start,
                    created_at=now,
                    confirmed_by_mentor_at=now,
                    confirmed_by_learner_at=now,
                )
            )
        insert(taught)
        insert([LineageYes(mentorship=one, person=one.learner, given_at=now) for at, one in enumerate(taught) if at % 3])
