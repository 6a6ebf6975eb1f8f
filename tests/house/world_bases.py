"""A base of ``cast.base`` with an act that waits for its second person, and its appraisal in each state the addresses need."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from denggao.foundation.files.actions import store_file
from denggao.systems.bases.actions.acts import propose_act
from denggao.systems.bases.actions.appraising import CycleOrder, open_cycle
from denggao.systems.bases.models import Appraisal, AppraisalCycle, Base
from denggao.systems.bases.policies import EVIDENCE
from tests.cast import Cast
from tests.house.world import World
from tests.systems.bases.facts import a_base, a_body


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    """Today is the machine's own: the pages ask what is open at this moment."""
    today = dt.datetime.now(tz=now.tzinfo)
    base = Base.objects.in_force().filter(organisation=cast.base).first() or a_base(world.plan, cast.base)
    Base.objects.filter(pk=base.pk).update(valid_until=(today + dt.timedelta(days=90)).date())
    other = a_base(world.plan, a_body(), valid_until=(today + dt.timedelta(days=90)).date())
    scan = store_file("整改通知.pdf", b"%PDF-1.4 notice", kind=EVIDENCE, actor=cast.clerk, now=today)
    act = propose_act(other, kind="suspend", reason="不可泄露的理由", evidence=scan, actor=cast.clerk, now=today)
    open_cycle(CycleOrder(world.plan, today.year, (today + dt.timedelta(days=30)).date()), actor=cast.clerk, now=today)
    cycle = AppraisalCycle.objects.get(year=today.year)
    states = _in_each_state(cycle, base, cast, today)
    world.values |= {
        "bases/": {"public_id": base.public_id, "kind": "exit"},
        "bases/acts/": {"public_id": act.public_id},
        "bases/appraisals/": {"public_id": states["open"], "code": "trained"},
        "bases/appraisals/cycles/": {"public_id": cycle.public_id},
    }
    for page, state in {
        "send-back": "handed_in",
        "propose": "handed_in",
        "confirm": "proposed",
        "return": "proposed",
        "report": "remedy",
        "check": "remedied",
        "values/<slug:code>/points": "handed_in",
        "values/<slug:code>/rows": "open",
    }.items():
        code = "raised" if "rows" in page else "trained"
        world.values[f"bases/appraisals/<uuid:public_id>/{page}/"] = {"public_id": states[state], "code": code}
    reason = {"reason": "As the papers say."}
    at = "bases/appraisals/<uuid:public_id>"
    world.forms |= {
        "bases/acts/<uuid:public_id>/dismiss/": reason,
        "bases/<uuid:public_id>/acts/<slug:kind>/": reason,
        f"{at}/send-back/": reason,
        f"{at}/return/": reason,
        f"{at}/propose/": {"opinion": "运行正常。", "demands": "补齐台账。"},
        f"{at}/report/": {"report": "已整改。"},
        f"{at}/check/": {"remedied": "yes", **reason},
        f"{at}/values/<slug:code>/": {"number": "0"},
        f"{at}/values/<slug:code>/points/": {"points": "5", **reason},
        "bases/appraisals/cycles/new/": {
            "plan": world.plan.code, "year": str(today.year - 1), "due_on": (today + dt.timedelta(days=9)).date().isoformat(),
        },
    }  # fmt: skip


def _in_each_state(cycle: AppraisalCycle, base: Base, cast: Cast, now: dt.datetime) -> dict[str, Any]:
    """The public id of an appraisal of ``base`` in each state: the first is this year's, the others lie in years before."""
    first = cycle.appraisals.get(base=base)
    first.values.filter(source="entered").update(value=Decimal(0), points=Decimal(0), filled_at=now)
    found = {"open": first.public_id}
    graded = {"points": Decimal(50), "grade": "fail", "proposed_by": cast.reviewer.id, "opinion": "不可泄露的评语"}
    confirmed = {**graded, "confirmed_by": cast.approver.id, "demands": "补齐台账。"}
    facts: dict[str, dict[str, Any]] = {"handed_in": {}, "proposed": graded, "remedy": confirmed, "remedied": confirmed}
    for back, (state, given) in enumerate(facts.items(), start=10):
        year = AppraisalCycle.objects.create(
            plan=cycle.plan, year=now.year - back, indicators=cycle.indicators, thresholds=cycle.thresholds,
            remedy_days=cycle.remedy_days, opened_on=now.date(), due_on=now.date(), opened_at=now, opened_by="test",
        )  # fmt: skip
        appraisal = Appraisal.objects.create(cycle=year, base=base, state=state, created_at=now, **given)
        for value in first.values.all():
            value.pk, value.appraisal, value._state.adding = None, appraisal, True
            value.save(force_insert=True)
        found[state] = appraisal.public_id
    return found
