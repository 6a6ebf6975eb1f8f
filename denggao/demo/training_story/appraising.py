"""One yearly appraisal, from opening to remedy."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from denggao.demo.region import at
from denggao.demo.scans import scan
from denggao.demo.training_story.applying import DOCUMENT
from denggao.demo.training_story.people import People
from denggao.demo.training_story.threads import Thread
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.files.actions import store_file
from denggao.systems.bases.actions import appraising
from denggao.systems.bases.models import Appraisal

APPRAISED_YEAR = 2021


class Appraising(People):
    """What the bases hand in, how it is graded, what is remedied."""

    def _appraisal(self) -> Thread:
        when = at(dt.date(2022, 2, 14), 9)
        yield when
        order = appraising.CycleOrder(self.plan, APPRAISED_YEAR, dt.date(2022, 3, 15), DOCUMENT.format(year=2022, number=2))
        cycle = appraising.open_cycle(order, actor=self._office(Role.CLERK, when), now=when)
        for place, appraisal in enumerate(cycle.appraisals.select_related("base__organisation", "cycle").order_by("pk")):
            when = at(dt.date(2022, 2, 21) + dt.timedelta(days=place), 11)
            yield when
            self._fill_in(appraisal, place, when)
        for place, appraisal in enumerate(cycle.appraisals.select_related("base__organisation", "cycle").order_by("pk")):
            when = at(dt.date(2022, 3, 21) + dt.timedelta(days=place), 10)
            yield when
            self._grade(appraisal, when)
        for appraisal in cycle.appraisals.filter(state=Appraisal.State.REMEDY).select_related("base__organisation", "cycle"):
            when = at(dt.date(2022, 5, 10), 10)
            yield when
            self._remedy(appraisal, when)

    def _manager_of(self, appraisal: Appraisal, when: dt.datetime) -> Actor:
        return self._as(self.managers[self.bodies.index(appraisal.base.organisation)], when)

    def _fill_in(self, appraisal: Appraisal, place: int, when: dt.datetime) -> None:
        manager = self._manager_of(appraisal, when)
        poor = place == 5
        for value in appraisal.values.filter(source="entered").order_by("pk"):
            indicator = appraising.indicator_of(appraisal, value.indicator)
            number = _entered(indicator, poor=poor, place=place)
            evidence = (
                store_file(f"{indicator.zh}.png", scan(), kind="bases.evidence", actor=manager, now=when) if number > 0 else None
            )
            appraising.enter_value(value, number=number, evidence=evidence, actor=manager, now=when)
        appraisal.refresh_from_db()
        appraising.hand_in(appraisal, actor=manager, now=when + dt.timedelta(minutes=30))

    def _grade(self, appraisal: Appraisal, when: dt.datetime) -> None:
        appraising.propose_grade(
            appraisal, opinion="资料齐全，数据与平台记录一致。", demands="补足培训记录，完善设备开放制度。",
            actor=self._office(Role.REVIEWER, when), now=when,
        )  # fmt: skip
        appraisal.refresh_from_db()
        appraising.confirm_grade(appraisal, actor=self._office(Role.APPROVER, when), now=when + dt.timedelta(hours=2))

    def _remedy(self, appraisal: Appraisal, when: dt.datetime) -> None:
        manager = self._manager_of(appraisal, when)
        evidence = store_file("整改报告.png", scan(), kind="bases.evidence", actor=manager, now=when)
        appraising.report_remedy(appraisal, report="培训记录已补齐，开放制度已公布。", evidence=evidence, actor=manager, now=when)
        appraisal.refresh_from_db()
        later = when + dt.timedelta(days=6)
        appraising.check_remedy(
            appraisal, remedied=True, reason="现场复核，整改到位。", actor=self._office(Role.REVIEWER, later), now=later
        )


def _entered(indicator: Any, *, poor: bool, place: int) -> Decimal:
    """What a base enters of one year: enough for a good grade, unless it is the one that fails."""
    if indicator.veto or indicator.mark["kind"] == "none_best":
        return Decimal(0)
    full = Decimal(str(indicator.mark.get("full_at") or indicator.mark["steps"][-1][0]))
    share = Decimal("0.2") if poor else Decimal("0.9") + Decimal(place % 4) / 10
    number = (full * share).quantize(Decimal(1))
    return min(number, indicator.most) if indicator.most is not None else number
