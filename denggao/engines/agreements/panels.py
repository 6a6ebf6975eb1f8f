"""What this room shows on others' pages: who has signed a case, and who teaches or taught a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.agreements.mentoring import STATES, rows_of
from denggao.engines.agreements.models import Signer, SigningRequest
from denggao.engines.agreements.policies import signer_for, visible_mentorships
from denggao.engines.agreements.queries import rounds_of, standings
from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.models import Person
from denggao.foundation.people.panels import Panel as PersonPanel


def mentorships_panel(actor: Actor, person: Person) -> PersonPanel | None:
    """PRIVACY: each of the two sees the other's name as it is masked everywhere."""
    found = visible_mentorships(actor).filter(Q(mentor=person) | Q(learner=person))
    today = timezone.localdate()
    items = list(found.select_related("mentor", "learner", "organisation", "place", "occupation"))
    rows = rows_of(actor, items, today)
    return (
        PersonPanel(_("Mentors and learners"), "agreements/panel_mentorships.html", {"rows": rows, "states": STATES})
        if rows
        else None
    )


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
        "signing": newest,
        "standings": standings(newest),
        "earlier": earlier,
        "waits_for_me": waits,
        "url": reverse("agreements:request", args=[newest.public_id]),
    }
    return Panel("agreements/panel.html", context)
