"""Bases, and the teachers they share: two bases of two bodies, a teacher with a qualification, an invitation."""

from __future__ import annotations

import datetime as dt

from denggao.foundation.files.actions import store_file
from denggao.systems.bases.models import Base, Qualification, TeacherInvitation
from tests.cast import Cast
from tests.house.world import World
from tests.systems.bases.facts import a_base, a_teacher


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    base = Base.objects.in_force().filter(organisation=cast.base).first() or a_base(world.plan, cast.base, trains="")
    teacher = a_teacher(cast.employer, qualified=False)
    scan = store_file("qualification.pdf", b"%PDF-1.4 scan", kind="bases.qualification", actor=cast.hr, now=now)
    paper = Qualification.objects.create(teacher=teacher, kind="高级技师", number="S1", file=scan, created_at=now)
    invitation = TeacherInvitation.objects.create(
        base=base,
        teacher=teacher,
        subject="五轴加工",
        from_on=dt.date(2022, 11, 1),
        to_on=dt.date(2099, 1, 1),
        asked_by=cast.base_manager.id,
        asked_at=now,
    )
    world.values |= {
        "training-bases/": {"public_id": base.public_id},
        "api/v1/bases/": {"base": base.public_id},
        "teachers/": {"public_id": teacher.public_id, "paper_id": paper.public_id},
        "teachers/invitations/": {"public_id": invitation.public_id},
    }
    world.forms |= {
        "teachers/invitations/<uuid:public_id>/answer/": {"answer": "yes"},
        "teachers/invitations/<uuid:public_id>/end/": {"reason": "The term was changed."},
        "teachers/<uuid:public_id>/leave/": {"on": "2022-12-31"},
    }
