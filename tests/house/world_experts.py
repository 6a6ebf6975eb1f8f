"""A panel of the office, an expert with a seat and with kin declared, a conflict pinned; nothing of the cast's experts."""

from __future__ import annotations

import datetime as dt

from denggao.engines.reviews.actions.assigning import assign_by_hand
from denggao.engines.reviews.actions.conflicts import pin_conflict
from denggao.engines.reviews.actions.experts import declare_kin
from denggao.foundation.people.models import Person
from tests.cast import Cast
from tests.engines.reviews.facts import a_panel, an_expert
from tests.facts import a_person
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    panel = a_panel(cast.employer, seats=3)
    expert, other = an_expert("评委甲", person=_person_of(cast)), an_expert("评委乙")
    (seat,) = assign_by_hand(panel, [expert], actor=cast.clerk, now=now)
    conflict = pin_conflict(panel, other, reason="师门", actor=cast.clerk, now=now)
    kin = declare_kin(expert, organisation=cast.other_employer, note_text="配偶任职", actor=cast.clerk, now=now)
    world.values |= {
        "reviews/": {"public_id": seat.public_id},
        "reviews/experts/": {"public_id": expert.public_id, "kin_id": kin.public_id},
        "reviews/panels/": {
            "public_id": panel.public_id,
            "conflict_id": conflict.public_id,
            "assignment_id": seat.public_id,
        },
    }
    world.values["api/v1/experts/"] = {"expert": expert.public_id}
    world.forms |= {
        "reviews/<uuid:public_id>/decline/": {"reason": "出差"},
        "reviews/<uuid:public_id>/conflict/": {"reason": "合作过专利"},
        "reviews/panels/<uuid:public_id>/conflicts/<uuid:conflict_id>/clear/": {"reason": "误记"},
        "reviews/panels/<uuid:public_id>/experts/<uuid:assignment_id>/replace/": {"reason": "没有回音"},
    }


def _person_of(cast: Cast) -> Person:
    """The cast's expert is a person as well: the one who judges."""
    person = a_person("评委甲")
    person.account = cast.user("expert")
    person.save()
    return person
