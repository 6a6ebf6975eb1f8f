"""Benefits of a craftsman of ``cast.employer``: one with an outcome that waits, one without, one to be reviewed."""

from __future__ import annotations

import datetime as dt

from denggao.engines.cases.models import Case
from denggao.systems.craftsmen.benefits.actions import propose_outcome
from denggao.systems.craftsmen.benefits.models import BenefitApplication
from denggao.systems.craftsmen.models import Craftsman
from tests.cast import Cast
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    today = dt.datetime.now(tz=now.tzinfo)
    craftsman = Craftsman.objects.get(public_id=world.values["craftsmen/"]["public_id"])
    waits, without, review = (_benefit(craftsman, serial, today) for serial in (9001, 9002, 9003))
    BenefitApplication.objects.filter(pk=review.pk).update(review="due", review_reason="不可泄露的缘由")
    outcome = propose_outcome(
        waits, result="granted", document="不可泄露的文号", decided_on=today.date(), actor=cast.clerk, now=today
    )
    world.values |= {
        "craftsmen/benefits/": {"public_id": without.public_id},
        "craftsmen/benefits/<uuid:public_id>/told/": {"public_id": review.public_id},
        "craftsmen/benefits/outcomes/": {"public_id": outcome.public_id, "act": "dismiss"},
    }
    world.forms |= {
        "craftsmen/benefits/<uuid:public_id>/outcome/": {
            "result": "refused", "decided_on": today.date().isoformat(), "document": "某号",
        },
        "craftsmen/benefits/<uuid:public_id>/told/": {"how": "函告。"},
        "craftsmen/benefits/outcomes/<uuid:public_id>/<slug:act>/": {"reason": "As the papers say."},
        "craftsmen/mine/benefits/": {"on": today.date().isoformat()},
    }  # fmt: skip


def _benefit(craftsman: Craftsman, serial: int, now: dt.datetime) -> BenefitApplication:
    case = Case.objects.create(
        number=f"RCZC-2022-{serial}", procedure="benefit", version=1, form_version=1, person=craftsman.person, stage="award",
        stage_kind="award", state="awarded", waits_for="nobody", stage_since=now, waits_since=now, opened_by="test", opened_at=now,
        submitted_at=now, ended_at=now, lock=9,
    )  # fmt: skip
    return BenefitApplication.objects.create(
        case=case, craftsman=craftsman, person=craftsman.person, kind="points", declared={"lives_since": "2018-03-04"}, reckoned={},
        submitted_at=now, handed_over_on=now.date(),
    )  # fmt: skip
