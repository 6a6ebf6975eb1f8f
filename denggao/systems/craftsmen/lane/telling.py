"""Who is told what of candidacies. Messages name no person but the reader."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send_once
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.members.queries import holders
from denggao.systems.craftsmen.lane.models import Candidacy, CandidacyOutcome

register("lane.proposed", title=_("You are put forward for a selection of the city: %(year)s"), tone=Tone.INFO)
register("lane.handed_over", title=_("Your file was handed over to the city: %(year)s"), tone=Tone.INFO)
register("lane.accepted", title=_("The city accepted you: %(year)s"), tone=Tone.DONE)
register("lane.not_accepted", title=_("The city did not accept you this time: %(year)s"), tone=Tone.INFO)
register("lane.withdrawn", title=_("Your candidacy was withdrawn: %(year)s"), tone=Tone.REFUSED)
register("lane.outcome.proposed", title=_("An outcome of a candidacy waits for a second person"), tone=Tone.WAITING)
register(
    "lane.to_tell",
    title=_("A title was revoked: whoever has the file is to be told"),
    body=_("Open the candidacy to see to whom it was handed over, and note how you told them."),
    tone=Tone.WAITING,
)


def tell_candidate(candidacy: Candidacy, what: str, *, now: dt.datetime) -> None:
    send_once(
        [candidacy.craftsman.person.account],
        f"lane.{what}",
        {"year": candidacy.year},
        f"/craftsmen/lane/{candidacy.public_id}/",
        now=now,
    )


def tell_proposed(proposed: CandidacyOutcome, *, now: dt.datetime) -> None:
    """The approvers; never the one who entered it."""
    others = holders(Role.APPROVER, but=proposed.proposed_by, on=localdate(now))
    send_once(others, "lane.outcome.proposed", {}, f"/craftsmen/lane/{proposed.candidacy.public_id}/", now=now)


def tell_to_tell(candidacy: Candidacy, *, now: dt.datetime) -> None:
    send_once(
        holders(Role.CLERK, Role.REVIEWER, on=localdate(now)),
        "lane.to_tell",
        {},
        f"/craftsmen/lane/{candidacy.public_id}/",
        now=now,
    )
