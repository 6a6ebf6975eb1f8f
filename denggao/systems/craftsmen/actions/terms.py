"""What holds in one round beside what the engine keeps of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from denggao.engines.cases.models import Round
from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.systems.craftsmen import policies
from denggao.systems.craftsmen.models import RoundTerms
from denggao.systems.craftsmen.rules import DEFAULT_CHANNELS


class TermsRefused(Refused):
    """A round can't have these terms."""


@action("craftsmen.terms.keep", requires=policies.can_keep_terms)
def keep_terms(
    round_: Round,
    *,
    channels: Mapping[str, Mapping[str, Any]],
    conditions_least: int | None,
    calendar: Sequence[Mapping[str, str]] = (),
    actor: Actor,
    now: dt.datetime,
) -> RoundTerms:
    """Set a round's own terms. ``calendar`` is what happens when, ``[{on, zh, en}]``. Raises TermsRefused for a closed round, where
    no channel is open, or a calendar entry has no day or no word."""
    if round_.state == Round.State.CLOSED:
        raise TermsRefused(_("This round is closed; it stays as it was."))
    if not any(channels.get(code, {}).get("open") for code in DEFAULT_CHANNELS):
        raise TermsRefused(_("Channels: at least one must be open."))
    if conditions_least is not None and not 1 <= conditions_least <= 4:
        raise TermsRefused(_("Conditions: between one and four of the four can be asked for."))
    days = sorted(
        ({"on": str(each["on"]), "zh": str(each["zh"]), "en": str(each.get("en", ""))} for each in calendar),
        key=lambda each: each["on"],
    )
    if any(not each["on"] or not each["zh"].strip() for each in days):
        raise TermsRefused(_("Calendar: each line has a day and a word for what happens."))
    kept = {
        code: {"open": bool(said.get("open")), "most": said.get("most"), "stamp": bool(said.get("stamp"))}
        for code in DEFAULT_CHANNELS
        for said in [channels.get(code, {})]
    }
    terms, _created = RoundTerms.objects.update_or_create(
        round=round_,
        defaults={
            "channels": kept, "conditions_least": conditions_least, "calendar": days, "changed_at": now, "changed_by": actor.id,
        },
    )  # fmt: skip
    return terms
