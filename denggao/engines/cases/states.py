"""What can be done to a case where: read it in ten seconds. Everything else is refused."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.procedures import StageKind

K = StageKind


class State(models.TextChoices):
    """Where a case stands beside its stage. The last four are ends: nothing follows."""

    OPEN = "open", _("under way")
    RETURNED = "returned", _("returned for correction")
    WITHDRAWN = "withdrawn", pgettext_lazy("an application", "withdrawn")
    REJECTED = "rejected", _("rejected")
    AWARDED = "awarded", _("awarded")
    ENDED = "ended", _("ended")


STANDING = (State.OPEN, State.RETURNED)


class Act(StrEnum):
    """What can be done to a case; those of the engines below come through their handlers."""

    SAVE = "save"
    SUBMIT = "submit"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    CHECK = "check"
    PASS = "pass"
    REJECT = "reject"
    DECIDE = "decide"
    REASSIGN = "reassign"
    CONSENTED = "consented"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    REVIEWED = "reviewed"
    RANKED = "ranked"
    VOTED = "voted"
    OPEN_NOTICE = "open_notice"
    NOTICED = "noticed"
    UPHELD = "upheld"
    FALL = "fall"
    COSIGNED = "cosigned"
    REFUSED = "refused"
    ASK_AGAIN = "ask_again"
    AWARD = "award"


_IN_OFFICE = frozenset({K.CHECK, K.REVIEW, K.RANK, K.MEETING, K.NOTICE, K.COSIGN, K.DECIDE})

# Act → the stages in which it can be done to an open case.
WHILE_OPEN: dict[Act, frozenset[StageKind]] = {
    Act.SAVE: frozenset({K.DRAFT}),
    Act.SUBMIT: frozenset({K.DRAFT}),
    Act.RESUBMIT: frozenset(),
    Act.WITHDRAW: frozenset(K),
    Act.RETURN: _IN_OFFICE,
    Act.CHECK: frozenset({K.CHECK}),
    Act.PASS: frozenset({K.CHECK}),
    Act.REJECT: _IN_OFFICE - {K.DECIDE},
    Act.DECIDE: frozenset({K.DECIDE}),
    Act.REASSIGN: _IN_OFFICE,
    Act.CONSENTED: frozenset({K.CONSENT}),
    Act.DECLINED: frozenset({K.CONSENT}),
    Act.TAKEN_BACK: frozenset(K) - {K.DRAFT},
    Act.REVIEWED: frozenset({K.REVIEW}),
    Act.RANKED: frozenset({K.RANK}),
    Act.VOTED: frozenset({K.MEETING}),
    Act.OPEN_NOTICE: frozenset({K.NOTICE}),
    Act.NOTICED: frozenset({K.NOTICE}),
    Act.UPHELD: frozenset({K.NOTICE}),
    Act.FALL: frozenset(K) - {K.DRAFT},
    Act.COSIGNED: frozenset({K.COSIGN}),
    Act.REFUSED: frozenset({K.COSIGN}),
    Act.ASK_AGAIN: frozenset({K.COSIGN}),
    Act.AWARD: frozenset({K.AWARD}),
}
# What can be done while the applicant has it back, whichever stage it came from.
WHILE_RETURNED = frozenset({Act.SAVE, Act.RESUBMIT, Act.WITHDRAW, Act.REASSIGN, Act.TAKEN_BACK, Act.FALL})


def can(act: Act, state: str, kind: str) -> bool:
    """Whether the act can be done to a case in this state and this kind of stage."""
    if state == State.RETURNED:
        return act in WHILE_RETURNED and (act != Act.REASSIGN or kind in _IN_OFFICE)
    return state == State.OPEN and kind in WHILE_OPEN[act]


class WaitsFor(models.TextChoices):
    """Whose turn it is; follows from stage and state."""

    APPLICANT = "applicant", _("the applicant")
    OFFICE = "office", _("the office")
    CONSENT = "consent", _("the other side’s consent")
    EXPERTS = "experts", _("the experts")
    NOTICE = "notice", _("the end of the public notice")
    SIGNERS = "signers", _("the signing authorities")
    PLATFORM = "platform", _("the platform")
    NOBODY = "nobody", _("nobody")


_TURN = {
    K.DRAFT: WaitsFor.APPLICANT,
    K.CONSENT: WaitsFor.CONSENT,
    K.CHECK: WaitsFor.OFFICE,
    K.REVIEW: WaitsFor.EXPERTS,
    K.RANK: WaitsFor.OFFICE,
    K.MEETING: WaitsFor.OFFICE,
    K.NOTICE: WaitsFor.NOTICE,
    K.COSIGN: WaitsFor.SIGNERS,
    K.DECIDE: WaitsFor.OFFICE,
    K.AWARD: WaitsFor.PLATFORM,
}


def whose_turn(state: str, kind: str) -> WaitsFor:
    if state == State.RETURNED:
        return WaitsFor.APPLICANT
    return _TURN[StageKind(kind)] if state == State.OPEN else WaitsFor.NOBODY
