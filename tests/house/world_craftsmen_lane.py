"""Candidacies of a craftsman of ``cast.employer``: one open, one handed over with an outcome that waits, one whose recipient is to
be told."""

from __future__ import annotations

import datetime as dt

from denggao.systems.craftsmen.lane.actions import propose_candidates, propose_outcome
from denggao.systems.craftsmen.lane.models import Candidacy, HandOver
from denggao.systems.craftsmen.models import Craftsman
from tests.cast import Cast
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    today = dt.datetime.now(tz=now.tzinfo)
    craftsman = Craftsman.objects.get(public_id=world.values["craftsmen/"]["public_id"])
    letter = HandOver.objects.create(
        document="不可泄露的函号", recipient="市总工会", handed_over_on=today.date(), recorded_by=cast.clerk.id,
        recorded_by_text="clerk", recorded_at=today,
    )  # fmt: skip
    open_, over, free, told = (_candidacy(cast, craftsman, year, today) for year in (2022, 2021, 2020, 2019))
    for one in (over, free):
        Candidacy.objects.filter(pk=one.pk).update(state="handed_over", hand_over=letter)
    Candidacy.objects.filter(pk=told.pk).update(
        state="withdrawn", hand_over=letter, withdrawn_reason="不可泄露的缘由", told_due=True
    )
    outcome = propose_outcome(over, accepted=True, decided_on=today.date(), document="不可泄露的决定", actor=cast.clerk, now=today)
    day = today.date().isoformat()
    world.values |= {
        "craftsmen/lane/": {"public_id": open_.public_id},
        "craftsmen/lane/<uuid:public_id>/outcome/": {"public_id": free.public_id},
        "craftsmen/lane/<uuid:public_id>/told/": {"public_id": told.public_id},
        "craftsmen/lane/outcomes/": {"public_id": outcome.public_id, "act": "dismiss"},
    }
    chosen = {"chosen": str(open_.public_id)}
    world.forms |= {
        "craftsmen/lane/propose/": {"selection": "outstanding_talent", "year": "2022", "craftsmen": str(craftsman.public_id)},
        "craftsmen/lane/prepare/": chosen,
        "craftsmen/lane/hand-over/": {**chosen, "document": "新函", "recipient": "市总", "on": day},
        "craftsmen/lane/<uuid:public_id>/outcome/": {"accepted": "yes", "decided_on": day, "document": "某号"},
        "craftsmen/lane/<uuid:public_id>/withdraw/": {"reason": "As the papers say."},
        "craftsmen/lane/<uuid:public_id>/told/": {"how": "函告。"},
        "craftsmen/lane/outcomes/<uuid:public_id>/<slug:act>/": {"reason": "As the papers say."},
    }


def _candidacy(cast: Cast, craftsman: Craftsman, year: int, now: dt.datetime) -> Candidacy:
    done = propose_candidates([craftsman], selection="shanghai_craftsman", year=year, actor=cast.clerk, now=now)
    return done.made[0]
