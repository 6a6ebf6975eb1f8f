"""A text that two authorities are asked to sign, about a matter of no system."""

from __future__ import annotations

import datetime as dt
import uuid

from denggao.engines.agreements.actions import ask_signatures
from denggao.engines.agreements.mentorships import record_mentorship
from denggao.engines.agreements.registry import SigningSubject, register_signing
from denggao.foundation.organisations.models import Organisation
from tests.cast import Cast
from tests.facts import a_person
from tests.house.world import World

KIND = "test_world"


def _nothing(*args: object, **kwargs: object) -> None:
    return None


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    register_signing(KIND, SigningSubject(on_complete=_nothing, on_refused=_nothing, can_see=lambda actor, subject_id: False))
    other = Organisation.objects.create(name_zh="第二主管部门", name_key="第二主管部门", kind="authority", created_at=now)
    request = ask_signatures(
        KIND,
        uuid.UUID(int=7),
        title_zh="认定登高实训基地",
        content={"基地": "登高实训基地"},
        signers=[cast.authority_body, other],
        actor=cast.approver,
        now=now,
    )
    world.values["signatures/"] = {"public_id": request.public_id}
    mentorship = record_mentorship(
        a_person("登小师傅"), cast.worker_person, organisation=cast.employer, from_on=now.date(), actor=cast.clerk, now=now
    )
    world.values["signatures/mentorships/"] = {"public_id": mentorship.public_id}
    world.forms |= {
        "signatures/<uuid:public_id>/refuse/": {
            "organisation": cast.authority_body.public_id,
            "shown_hash": request.content_hash,
            "reason": "The site is smaller than stated.",
        },
        "signatures/mentorships/<uuid:public_id>/decline/": {"reason": "It is not so."},
        "signatures/mentorships/<uuid:public_id>/dates/": {
            "from_on": now.date().isoformat(),
            "to_on": "2030-01-01",
            "reason": "So.",
        },
    }
