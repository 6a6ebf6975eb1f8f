"""Automatic assignment: 500 panels, 60 experts, 5 reviews each, one pair in ten in conflict. The largest load is proven the
least there can be by a cut, the conflicts are counted, and the whole act (finding, balancing, writing, telling) is timed."""

from __future__ import annotations

from bench.stage import say, seconds, set_stage, tell

set_stage()

import datetime as dt  # noqa: E402
import random  # noqa: E402
import uuid  # noqa: E402
from collections.abc import Iterator  # noqa: E402

from django.utils import timezone  # noqa: E402

from bench.limits import ASSIGN_SECONDS, Measure  # noqa: E402
from denggao.engines.reviews.actions.assigning import assign_automatically  # noqa: E402
from denggao.engines.reviews.actions.conflicts import look_at_running  # noqa: E402
from denggao.engines.reviews.models import Conflict, Expert, Panel, Rubric, RubricVersion  # noqa: E402
from denggao.engines.reviews.parties import Parties  # noqa: E402
from denggao.engines.reviews.rules.flow import balance, least_largest_load  # noqa: E402
from denggao.foundation.accounts.models import User  # noqa: E402
from denggao.foundation.audit.actors import operator  # noqa: E402
from denggao.foundation.organisations.models import Employment, Organisation  # noqa: E402
from denggao.foundation.people.models import Person  # noqa: E402

PANELS, EXPERTS, EACH, IN_CONFLICT = 500, 60, 5, 0.1
ACTOR = operator("bench")


def main() -> Iterator[Measure]:
    chance = random.Random(2022)
    yield from _pure(chance)
    now = timezone.now()
    panels, experts = _panels(now), _experts(now)
    _bind(panels, experts, chance, now)
    took, found = seconds(lambda: look_at_running(actor=ACTOR, now=now))
    yield Measure("find conflicts: 500 panels × 60 experts", took, "s", note=f"{found} new")
    took, done = seconds(lambda: assign_automatically(panels, actor=ACTOR, now=now))
    against = set(Conflict.objects.values_list("panel_id", "person_id"))
    broken = sum((row.panel_id, row.expert.person_id) in against for row in done.assignments)
    say(f"{len(done.assignments)} reviews, largest load {done.largest}, {broken} conflicts broken")
    yield Measure("assign 500 × 60 × 5: the whole act", took, "s", ASSIGN_SECONDS, note=took.cpu)
    yield Measure("conflicts broken", broken, "", 0)


def _pure(chance: random.Random) -> Iterator[Measure]:
    papers, experts = list(range(PANELS)), list(range(EXPERTS))
    barred = {(paper, expert) for paper in papers for expert in experts if chance.random() < IN_CONFLICT}
    likes = {(paper, expert): 1 for paper in papers for expert in experts if paper % 4 == expert % 4}
    load = {expert: chance.randrange(6) for expert in experts}
    for name, wishes in (("", None), (", by field", likes)):
        took, done = seconds(lambda wishes=wishes: balance(papers, experts, barred, EACH, wishes, load))
        least = least_largest_load(papers, experts, barred, EACH, done)
        yield Measure(f"balance 500 × 60 × 5{name}", took, "s", ASSIGN_SECONDS, note=f"largest {done.largest}")
        yield Measure(f"largest load above the least possible{name}", done.largest - least, "", 0)


def _panels(now: dt.datetime) -> list[Panel]:
    rubric = Rubric.objects.create(code="bench", title_zh="评分表", confidence="C")
    version = RubricVersion.objects.create(rubric=rubric, version=1, total=100, content_hash="", created_at=now)
    names = [f"申报单位{number:03d}" for number in range(PANELS)]
    bodies = Organisation.objects.bulk_create(
        Organisation(name_zh=name, name_key=name, kind="employer", created_at=now) for name in names
    )
    return Panel.objects.bulk_create(
        Panel(
            subject_kind="case",
            subject_id=uuid.uuid4(),
            title_zh=f"{body.name_zh}实训基地申报",
            rubric_version=version,
            seats=EACH,
            parties=Parties.of(organisations=[body.pk]).as_json(),
            opened_at=now,
        )
        for body in bodies
    )


def _experts(now: dt.datetime) -> list[Expert]:
    users = User.objects.bulk_create(User(password="") for _number in range(EXPERTS))
    people = Person.objects.bulk_create(
        Person(name=f"专家{number}", name_key=f"专家{number}", account=user, created_at=now) for number, user in enumerate(users)
    )
    return Expert.objects.bulk_create(Expert(person=person, from_on=now.date(), created_at=now) for person in people)


def _bind(panels: list[Panel], experts: list[Expert], chance: random.Random, now: dt.datetime) -> None:
    """One pair in ten: the expert worked for the applicant last year."""
    start = now.date() - dt.timedelta(days=800)
    Employment.objects.bulk_create(
        Employment(
            person_id=expert.person_id,
            employer_id=panel.parties["organisations"][0],
            hired_on=start,
            left_on=start + dt.timedelta(days=400),
            known_from=start,
            last_listed_on=start,
            created_at=now,
        )
        for panel in panels
        for expert in experts
        if chance.random() < IN_CONFLICT
    )


if __name__ == "__main__":
    tell(list(main()))
