"""A craftsman whose page is hidden from the public in all but the name, one whose page is a draft, and a work, a film and a learner."""

from __future__ import annotations

import datetime as dt

from denggao.systems.craftsmen.hall.models import Profile, Work
from denggao.systems.craftsmen.models import Craftsman
from tests.cast import Cast
from tests.facts import a_person
from tests.house.world import World
from tests.systems.craftsmen.hall.scene import a_file, shown_by_hand, taught


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    standing = Craftsman.objects.get(person__name="不可泄露的工匠")
    profile = shown_by_hand(standing, now, "name", "lineage")
    draft = Craftsman.objects.get(person__name="不可泄露的姓名")
    work = Work.objects.filter(profile__craftsman=draft).first()
    portrait = a_file(cast, now)
    Profile.objects.filter(craftsman=draft).update(portrait=portrait)
    learner = a_person("不可泄露的学徒")
    pair = taught(standing.person, learner, now, named=False)
    world.values |= {
        "hall/": {"public_id": profile.craftsman.public_id, "size": "a6"},
        "api/v1/craftsmen/": {"craftsman": profile.craftsman.public_id},
        "hall/files/": {"public_id": portrait.public_id},
        "craftsmen/mine/lineage/": {"public_id": pair.public_id},
        "craftsmen/mine/page/works/": {"work_id": work.public_id if work else ""},
        "craftsmen/<uuid:public_id>/page/": {"public_id": draft.public_id, "size": "a6"},
        "craftsmen/<uuid:public_id>/page/hide/": {"public_id": standing.public_id},
    }
    world.forms |= {"craftsmen/<uuid:public_id>/page/hide/": {"reason": "请更换作品图。"}}
