"""What waits for whose signature, and how a request stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from denggao.engines.agreements.models import DateFix, Mentorship, Refusal, Signature, Signer, SigningRequest
from denggao.engines.agreements.policies import spoken_for_by
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.audit.readied import readied
from denggao.foundation.organisations.members.queries import holding
from denggao.foundation.organisations.models import Membership


def waiting_for(actor: Actor) -> QuerySet[SigningRequest]:
    """Open requests that wait for a body the actor speaks for."""
    if actor.kind != ActorKind.ACCOUNT:
        return SigningRequest.objects.none()
    condition = Q(pk__in=[])
    for role in sorted({grant.role for grant in actor.grants if grant.organisation_id is not None}):
        mine = Signer.objects.filter(state=Signer.State.WAITING, organisation_id__in=actor.organisations_as(role))
        condition |= Q(role=role, pk__in=mine.values("request_id"))
    return SigningRequest.objects.filter(condition, state=SigningRequest.State.OPEN)


def waiting_count(actor: Actor) -> int:
    """For the worklist and the navigation. No query for those who sign for no body."""
    return waiting_for(actor).count() if any(grant.organisation_id is not None for grant in actor.grants) else 0


def signed_for_mine(actor: Actor) -> QuerySet[SigningRequest]:
    """All requests that ask a body the actor speaks for."""
    return SigningRequest.objects.filter(spoken_for_by(actor))


@dataclass(frozen=True)
class Standing:
    """One body's place in a request, with what it said."""

    signer: Signer
    word: Signature | Refusal | None

    @property
    def state(self) -> str:
        return self.signer.state


def standings(request: SigningRequest) -> list[Standing]:
    """By the order on paper. One query."""
    signers = request.signers.select_related("organisation", "signature", "refusal").order_by("position", "pk")
    return [Standing(signer, word_of(signer)) for signer in signers]


def signatories_owing(request: SigningRequest, *, now: dt.datetime) -> list[User]:
    """The accounts that may sign for the bodies which have not yet, on this day. One query."""
    owing = request.signers.filter(state=Signer.State.WAITING).values("organisation_id")
    held = holding(Membership.objects.filter(organisation_id__in=owing, role=request.role), timezone.localdate(now))
    return [each.account for each in held.filter(account__is_active=True).select_related("account").order_by("pk")]


def word_of(signer: Signer) -> Signature | Refusal | None:
    if signer.state == Signer.State.SIGNED:
        return signer.signature
    return signer.refusal if signer.state == Signer.State.REFUSED else None


def own_words(found: Iterable[Standing], actor: Actor) -> list[Signature | Refusal]:
    """What this account said itself: its receipts."""
    return [standing.word for standing in found if standing.word is not None and standing.word.account_id == actor.id]


def rounds_of(subject_kind: str, subject_id: UUID) -> list[SigningRequest]:
    """All rounds of a subject, the newest first."""
    return list(SigningRequest.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("-round"))


@dataclass(frozen=True)
class Row:
    """A request in a list: how many have signed, and who is waited for."""

    request: SigningRequest
    signed: int
    total: int
    waits: list[str]


def rows_of(requests: Iterable[SigningRequest]) -> list[Row]:
    """Of one page whose signers are prefetched with their bodies."""
    return [_row(request) for request in requests]


def _row(request: SigningRequest) -> Row:
    signers = list(request.signers.all())
    open_ = request.state == SigningRequest.State.OPEN
    return Row(
        request,
        sum(signer.state == Signer.State.SIGNED for signer in signers),
        len(signers),
        [signer.organisation.name for signer in signers if open_ and signer.state == Signer.State.WAITING],
    )


def mentorships_to_answer(actor: Actor) -> int:
    """For the desk: mentorships, and other dates of them, that wait for the actor's own word. One query."""
    if actor.user is None:
        return 0
    return _mentorships_waiting.count(actor.user.pk, timezone.localdate())


@readied(int, dt.date)
def _mentorships_waiting(account_id: int, today: dt.date) -> QuerySet[Mentorship]:
    mine, taught = Q(mentor__account=account_id), Q(learner__account=account_id)
    waits = (mine & Q(confirmed_by_mentor_at=None)) | (taught & Q(confirmed_by_learner_at=None))
    asked = DateFix.objects.filter(mentorship=OuterRef("pk"), state=DateFix.State.ASKED)
    dates = (mine & Exists(asked.filter(agreed_by_mentor_at=None))) | (taught & Exists(asked.filter(agreed_by_learner_at=None)))
    open_ = Mentorship.objects.filter(Q(to_on=None) | Q(to_on__gte=today), declined_at=None, end_reason="")
    return open_.filter(waits | dates).order_by()
