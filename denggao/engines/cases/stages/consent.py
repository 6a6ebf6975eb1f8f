"""Consent: those whom the application is about, besides its applicant, agree to it as it was submitted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.timezone import localdate

from denggao.engines.cases.actions.consenting import ask_consents, call_off_consents
from denggao.engines.cases.consents import accounts_of
from denggao.engines.cases.models import Case, Consent
from denggao.engines.cases.procedures import Stage
from denggao.engines.cases.stages import PRODUCT, Progress
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor


class Consenting:
    """What this room does for a case that needs a consent."""

    def hold(self, case: Case) -> None:
        """The case's own row is the first that is taken."""

    def enter(self, case: Case, stage: Stage, *, actor: Actor, now: dt.datetime) -> None:
        ask_consents(case, actor=PRODUCT, now=now)

    def leave(self, case: Case, stage: Stage, *, reason: str, actor: Actor, now: dt.datetime) -> None:
        call_off_consents(case, actor=actor, now=now, agreed_too=False)

    def waited_for(self, case: Case, *, now: dt.datetime) -> list[tuple[User, str]]:
        missing = Consent.objects.filter(case=case, state=Consent.State.ASKED).select_related("person", "body")
        return [(account, consent.link) for account, consent in accounts_of(missing, localdate(now))]

    def progress(self, cases: Sequence[Case]) -> Mapping[uuid.UUID, Progress]:
        """One query."""
        rows = Consent.objects.filter(case__in=[case.pk for case in cases], state__in=Consent.IN_FORCE)
        states: dict[uuid.UUID, list[str]] = defaultdict(list)
        for public_id, state in rows.order_by().values_list("case__public_id", "state"):
            states[public_id].append(state)
        return {public_id: Progress(found.count(Consent.State.AGREED), len(found)) for public_id, found in states.items()}
