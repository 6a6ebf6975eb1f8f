"""A number opens down to its evidence: each kind of evidence has an opener, registered in ``wiring.py``; the ledger adds
its own entry and the audit record at the end of the chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.policies import can_see_every_head, names_its_heads
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.models import Record
from denggao.foundation.audit.records import mac_of
from denggao.foundation.ui.words import actor_name


@dataclass(frozen=True)
class EvidenceStep:
    """One link of a proof chain. ``state`` is proven, waiting or broken (what is stored no longer says what was counted);
    ``lines`` are label and value in the reader's language; ``url`` leads to the record for those who may open it."""

    kind: str
    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    state: str = "proven"
    url: str = ""


Opener = Callable[[Entry, Actor], list[EvidenceStep]]
_OPENERS: dict[str, Opener] = {}


def register_opener(kind: str, opener: Opener) -> None:
    _OPENERS[kind] = opener


def evidence_of(entry: Entry, actor: Actor) -> list[EvidenceStep]:
    """The chain of one head, from its proof to the sealed record of the count."""
    opener = _OPENERS.get(entry.evidence_kind)
    steps = opener(entry, actor) if opener else []
    return [*steps, _ledger_step(entry, actor)]


def _ledger_step(entry: Entry, actor: Actor) -> EvidenceStep:
    """The entry itself, and the audit record that says who made it count, with its seal."""
    record = Record.objects.filter(object_type="ledger.entry", object_id=str(entry.public_id)).order_by("id").first()
    lines = [
        (_("Entry"), f"{entry.goal.name} · {str(entry.public_id)[:8]}"),
        (_("Happened on"), entry.happened_on.isoformat()),
        (_("Known since"), localtime(entry.known_at).strftime("%Y-%m-%d %H:%M")),
        (_("Evidence hash (SHA-256)"), entry.evidence_hash),
    ]
    state = "proven"
    if record is None or record.mac != mac_of(record):
        state = "broken"
        lines.append((_("Audit record"), _("missing or changed")))
    else:
        number = str(record.number) if record.number else _("not sealed yet")
        lines.append((_("Audit record"), number))
        # PRIVACY: a body's evidence is public, the name of who made it count is not.
        if can_see_every_head(actor) or not names_its_heads(entry.goal):
            lines.append((_("Recorded by"), f"{actor_name(record.actor_id, record.actor_text)} · {_way(record.origin)}"))
    return EvidenceStep(kind="ledger", title=_("Ledger and audit seal"), lines=lines, state=state)


def _way(origin: str) -> str:
    """By which way it came, without the address it came from."""
    kind = origin.partition(":")[0]
    ways = {"web": _("web"), "command": _("command"), "job": _("background work"), "api": _("API")}
    return ways.get(kind, kind)
