"""A roster of 10,000 rows and a register of 10,000 certificates, from file to ledger; the roster in a process of its own
peak. Wall time: reading a file and waiting for the database both count."""

from __future__ import annotations

from bench.stage import say, seconds, set_stage, tell

asked = set_stage()

import datetime as dt  # noqa: E402
import resource  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from random import Random  # noqa: E402

from django.utils import timezone  # noqa: E402

from bench import region  # noqa: E402
from bench.limits import (  # noqa: E402
    APPLY_SECONDS,
    CERTIFICATE_ROWS,
    CERTIFICATES_SECONDS,
    MEMORY_MB,
    PREVIEW_SECONDS,
    ROSTER_ROWS,
    Measure,
)
from denggao.demo import bodies, careers, numbers  # noqa: E402
from denggao.demo.region import REGISTER_COLUMNS, ROSTER_COLUMNS, Handover  # noqa: E402
from denggao.demo.workbooks import workbook  # noqa: E402
from denggao.engines.ledger.models import Standing  # noqa: E402
from denggao.foundation.audit.actors import operator  # noqa: E402
from denggao.foundation.sheets.actions import apply_import, check_import, hand_in  # noqa: E402
from denggao.foundation.sheets.kinds import kind_of  # noqa: E402
from denggao.foundation.sheets.models import Import  # noqa: E402

ACTOR = operator("bench")
DAY = dt.date(2022, 9, 30)


def main() -> Iterator[Measure]:
    now = timezone.now()
    plan = region.make_plan(ACTOR, now)
    employer = region.make_employers(plan, now)[0]
    people = careers.workers(Random(1), bodies.employers(Random(2020)), ROSTER_ROWS)
    options = {"employer": str(employer.public_id)}
    files = {"roster": workbook(_roster(people)), "certificates": workbook(_register(people, employer.name_zh))}
    before = _peak_mb()

    preview, roster = seconds(lambda: _checked("roster", files["roster"], options))
    apply, _applied = seconds(lambda: apply_import(roster, actor=ACTOR, now=timezone.now()))
    yield Measure(f"roster of {ROSTER_ROWS}: preview", preview, "s", PREVIEW_SECONDS, preview.cpu)
    yield Measure(f"roster of {ROSTER_ROWS}: apply", apply, "s", APPLY_SECONDS, apply.cpu)
    yield Measure(f"roster of {ROSTER_ROWS}: peak memory", _peak_mb(), "MB", MEMORY_MB)
    say(f"before it began: {before:.0f} MB; {roster.counts}")

    again, second = seconds(lambda: _checked("roster", files["roster"], options))
    yield Measure("the same roster again: preview", again, "s", PREVIEW_SECONDS, again.cpu)
    applied, _second = seconds(lambda: apply_import(second, actor=ACTOR, now=timezone.now()))
    yield Measure("the same roster again: apply", applied, "s", APPLY_SECONDS, applied.cpu)

    preview, register = seconds(lambda: _checked("certificates", files["certificates"], {}))
    apply, _applied = seconds(lambda: apply_import(register, actor=ACTOR, now=timezone.now()))
    counted = Standing.objects.filter(entry__isnull=False).count()
    say(f"{register.counts}; {counted} heads count")
    yield Measure(f"register of {CERTIFICATE_ROWS}: preview", preview, "s", None, preview.cpu)
    yield Measure(f"register of {CERTIFICATE_ROWS}: apply and count", apply, "s", None, apply.cpu)
    yield Measure(f"register of {CERTIFICATE_ROWS}: all", preview + apply, "s", CERTIFICATES_SECONDS, f"{counted} heads")


def _checked(kind: str, data: bytes, options: dict[str, str]) -> Import:
    now = timezone.now()
    handed_in = hand_in(kind_of(kind), f"{kind}.xlsx", data, options, as_of=DAY, actor=ACTOR, now=now, in_background=False)
    return check_import(handed_in, actor=ACTOR, now=now)


def _roster(people: list[careers.Worker]) -> Handover:
    rows = [
        (worker.name, worker.document, worker.number, "男" if worker.male else "女", worker.phone, _hired(worker), None, "操作工",
         worker.spells[0].occupation, "是")
        for worker in people
    ]  # fmt: skip
    return Handover("roster", "roster.xlsx", "在职人员名册", ROSTER_COLUMNS, rows, DAY, _moment())


def _hired(worker: careers.Worker) -> dt.date:
    """Long ago, though of age."""
    return max(dt.date(2019, 6, 3), worker.born_on + dt.timedelta(days=18 * 366))


def _register(people: list[careers.Worker], employer: str) -> Handover:
    lot, calendar = Random(2), careers.Calendar()
    rows = []
    for serial, worker in enumerate(people, start=1):
        level, issued_on = lot.choice("543"), calendar.in_plan(lot, 0)
        number = numbers.national_certificate("S", 7, issued_on, level, serial)
        body = bodies.EVALUATORS[0].name_zh
        occupation = worker.spells[0].occupation
        rows.append(
            (
                worker.name,
                worker.document,
                worker.number,
                employer,
                occupation,
                None,
                level,
                number,
                issued_on,
                body,
                body,
                81,
                77.5,
            )
        )
    return Handover("certificates", "register.xlsx", "职业技能等级证书登记表", REGISTER_COLUMNS, rows, DAY, _moment())


def _moment() -> dt.datetime:
    return dt.datetime.combine(DAY, dt.time(9), dt.UTC)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    tell(list(main()))
