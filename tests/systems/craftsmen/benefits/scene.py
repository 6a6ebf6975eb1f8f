"""A craftsman with an account, a call for benefits, and answers that pass."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from denggao.engines.cases import actions
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.actions.deciding import award_case
from denggao.engines.cases.models import Case, Round
from denggao.systems.craftsmen.benefits.models import BenefitApplication
from denggao.systems.craftsmen.models import Craftsman
from tests.cast import Cast
from tests.systems.craftsmen.scene import PDF, WEEK, a_nominee, at_award, fill, named

ANSWERS: dict[str, Any] = {"lives_since": "2018-01-01", "permit_since": "2018-01-01", "education": "college", "promise": "yes"}


def a_craftsman(cast: Cast, now: dt.datetime) -> Craftsman:
    """Named, and able to sign in as the cast's worker."""
    return named(cast, now, nominee=a_nominee(cast, account=True))


def benefits_round(cast: Cast, now: dt.datetime, **given: Any) -> Round:
    facts = {"opens_at": now - WEEK, "closes_at": now + WEEK, **given}
    round_ = actions.prepare_round(actions.RoundGiven("benefit", "2022年工匠政策兑现", **facts), actor=cast.clerk, now=now)
    return actions.open_round(round_, actor=cast.clerk, now=now)


def a_draft(cast: Cast, craftsman: Craftsman, round_: Round, now: dt.datetime, kind: str = "points") -> Case:
    case = actions.open_case(round_, person=craftsman.person, actor=cast.worker, now=now)
    stored = attach_file(
        case, "居住证.pdf", io.BytesIO(PDF), section="papers", field="papers", taken=("pdf",), limit=1_000_000,
        actor=cast.worker, now=now,
    )  # fmt: skip
    said = {"benefit": {"kind": kind}, "declared": ANSWERS, "papers": {"papers": [str(stored.public_id)]}}
    return fill(case, said, actor=cast.worker, now=now)


def applied(cast: Cast, craftsman: Craftsman, now: dt.datetime, *, round_: Round | None = None, kind: str = "points") -> Case:
    case = a_draft(cast, craftsman, round_ or benefits_round(cast, now), now, kind)
    return actions.submit_case(case, actor=cast.worker, now=now)


def handed_over(cast: Cast, craftsman: Craftsman, now: dt.datetime, **given: Any) -> BenefitApplication:
    case = applied(cast, craftsman, now, **given)
    award_case(at_award(case), actor=cast.clerk, now=now)
    return BenefitApplication.objects.get(case=case)
