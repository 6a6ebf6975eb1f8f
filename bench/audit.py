"""How fast records are sealed and verified."""

from __future__ import annotations

from bench.stage import seconds, set_stage, tell

asked = set_stage()

from collections.abc import Iterator  # noqa: E402

from django.utils import timezone  # noqa: E402

from bench.limits import Measure  # noqa: E402
from denggao.foundation.audit.actions import action, note  # noqa: E402
from denggao.foundation.audit.actors import Actor, operator  # noqa: E402
from denggao.foundation.audit.records import Line  # noqa: E402
from denggao.foundation.audit.seals import seal_pending  # noqa: E402

ACTOR = operator("bench")
BATCH = 10_000


@action("bench.write", requires=lambda actor, subject: True, batch=True)
def write(*, actor: Actor, now: object) -> None:
    personal = frozenset({"name"})
    note(
        Line("bench.write", "bench.thing", str(number), after={"name": "陈晨", "level": "3"}, personal=personal)
        for number in range(BATCH)
    )


def main() -> Iterator[Measure]:
    records = min(asked.entries, 50_000)
    rounds = records // BATCH
    took, _nothing = seconds(lambda: [write(actor=ACTOR, now=timezone.now()) for _round in range(rounds)])
    yield Measure("audit: writing 10,000 records", took / rounds, "s")
    took, _nothing = seconds(lambda: seal_pending(timezone.now()))
    yield Measure("audit: sealing 10,000 records", took / rounds, "s")
    took, _nothing = seconds(_verify)
    yield Measure("verify_audit: 10,000 records", took / rounds, "s")


def _verify() -> None:
    import io

    from django.core.management import call_command

    call_command("verify_audit", stdout=io.StringIO())


if __name__ == "__main__":
    tell(list(main()))
