"""Craftsmen with pages, and whom they taught."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from PIL import Image

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.audit.actors import system
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.hall.actions.pages import agree, begin_page, show_page
from denggao.systems.craftsmen.hall.models import LineageYes, Part, Profile
from denggao.systems.craftsmen.hall.policies import PICTURE
from denggao.systems.craftsmen.models import Craftsman
from tests.cast import Cast
from tests.facts import a_person
from tests.systems.craftsmen.scene import a_nominee, an_order, craftsmen_round, named


def a_craftsman(cast: Cast, now: dt.datetime, name: str = "周启明", *, account: bool = True, **given: Any) -> Craftsman:
    """Named; signed in as ``cast.worker`` unless told."""
    return named(cast, now, nominee=a_nominee(cast, name, account=account), **given)


def a_page(
    cast: Cast, now: dt.datetime, *, parts: Any = tuple(Part), shown: bool = True, craftsman: Craftsman | None = None
) -> Profile:
    craftsman = craftsman or a_craftsman(cast, now)
    profile = begin_page(craftsman, actor=cast.worker, now=now)
    agree(profile, parts, actor=cast.worker, now=now)
    return show_page(profile, actor=cast.worker, now=now) if shown else profile


def shown_by_hand(craftsman: Craftsman, now: dt.datetime, *parts: str) -> Profile:
    """As if its craftsman had shown it: of those without an account here."""
    yes = {f"{part}_yes_at": now for part in parts or [part.value for part in Part]}
    Profile.objects.filter(craftsman=craftsman).update(state="shown", first_shown_at=now, **yes)
    return Profile.objects.get(craftsman=craftsman)


def more_craftsmen(cast: Cast, now: dt.datetime, *names: str, first: Craftsman) -> list[Craftsman]:
    """Of the same plan, each in a round of its own."""
    made = []
    for number, name in enumerate(names):
        round_ = craftsmen_round(cast, now, plan=first.plan, title=f"第{number + 3}批")
        an_order(cast, round_, now, number=f"沪临工匠〔2022〕{number + 30:03d}号")
        made.append(named(cast, now, round_=round_, nominee=a_nominee(cast, name)))
    return made


def taught(
    mentor: Person, learner: Person | str, now: dt.datetime, *, from_on: str = "2021-01-04", to_on: str | None = None,
    named: bool = True, confirmed: bool = True,
) -> Mentorship:  # fmt: skip
    learner = learner if isinstance(learner, Person) else a_person(learner)
    pair = Mentorship.objects.create(
        mentor=mentor, learner=learner, from_on=from_on, to_on=to_on, created_at=now, confirmed_by_mentor_at=now,
        confirmed_by_learner_at=now if confirmed else None,
    )  # fmt: skip
    if named:
        LineageYes.objects.create(mentorship=pair, person=learner, given_at=now)
    return pair


def a_picture(size: tuple[int, int] = (640, 800), *, kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (40, 70, 90)).save(made, kind)
    return made.getvalue()


def a_file(cast: Cast, now: dt.datetime) -> StoredFile:
    """A picture that somebody else than the cast handed in."""
    return store_file("p.jpg", a_picture(), kind=PICTURE, taken=("jpeg",), actor=system("tests"), now=now)
