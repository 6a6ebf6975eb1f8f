"""The part of a case's page that shows who has signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from denggao.engines.agreements.models import Signer, SigningRequest
from denggao.engines.agreements.policies import signer_for
from denggao.engines.agreements.queries import rounds_of, standings
from denggao.foundation.audit.actors import Actor


@dataclass(frozen=True)
class Panel:
    """A template and what it is drawn with."""

    template: str
    context: dict[str, Any]


def panel_for(actor: Actor, subject_kind: str, subject_id: UUID) -> Panel | None:
    """The newest round, and the ones before it in a line each; None where nothing was ever to be signed. Who may see the
    subject may see who signed it."""
    rounds = rounds_of(subject_kind, subject_id)
    if not rounds:
        return None
    newest, *earlier = rounds
    mine = signer_for(actor, newest)
    waits = newest.state == SigningRequest.State.OPEN and mine is not None and mine.state == Signer.State.WAITING
    context = {
        "request": newest,
        "standings": standings(newest),
        "earlier": earlier,
        "waits_for_me": waits,
        "url": reverse("agreements:request", args=[newest.public_id]),
    }
    return Panel("agreements/panel.html", context)
