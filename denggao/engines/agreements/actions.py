"""Asking for signatures, signing, refusing, and making void. Each act holds the request's row until it ends: of two at
once the later one sees what the earlier did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.agreements import policies
from denggao.engines.agreements.models import Refusal, Signature, Signer, SigningRequest
from denggao.engines.agreements.registry import subject_of
from denggao.engines.agreements.rules import hash_of
from denggao.engines.agreements.telling import tell_asked, tell_void
from denggao.foundation.audit.actions import NotAllowed, Refused, action, note
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.records import Line, plain, snapshot
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.signin.proofs import SecondFactorGiven

REASON_LENGTH = 500
State = SigningRequest.State


class SigningRefused(Refused):
    """What was asked can't be done to this request."""


class NotOpen(SigningRefused):
    """The request waits for nothing any more."""


class StaleText(SigningRefused):
    """The page showed another text than the one that is to be signed; ``newer`` is the open request, if there is one."""

    def __init__(self, message: str, newer: SigningRequest | None = None) -> None:
        super().__init__(message)
        self.newer = newer


class AlreadySpoken(SigningRefused):
    """The body has signed or refused before; ``word`` is what it said."""

    def __init__(self, message: str, word: Signature | Refusal) -> None:
        super().__init__(message)
        self.word = word


class Barred(SigningRefused):
    """The account acted for the office on the same matter."""


class SecondFactorMissing(SigningRefused):
    """No second factor was given for this signature, or too long ago."""


@action("agreements.ask", requires=policies.can_ask, batch=True)
def ask_signatures(
    subject_kind: str,
    subject_id: UUID,
    *,
    title_zh: str,
    title_en: str = "",
    content: Mapping[str, Any],
    signers: Sequence[Organisation],
    due_on: dt.date | None = None,
    link: str = "",
    role: str = Role.AUTHORITY,
    actor: Actor,
    now: dt.datetime,
) -> SigningRequest:
    """Ask these bodies to sign this text, and tell their signatories. ``content`` holds plain values (what is shown: labels
    and values); the same text asked twice is one request; another text makes what was asked before void and opens the next
    round. Raises SigningRefused without signers, NotAllowed.
    """
    if not policies.can_manage(actor, subject_kind, subject_id):
        raise NotAllowed("agreements.ask")
    bodies = list(dict.fromkeys(signers))
    if not bodies:
        raise SigningRefused(_("Signers: name at least one body that must sign."))
    subject_of(subject_kind).hold(subject_id)
    text = plain(dict(content))
    content_hash = hash_of(
        subject_kind=subject_kind,
        subject_id=subject_id,
        title_zh=title_zh,
        title_en=title_en,
        content=text,
        signers=[str(body.public_id) for body in bodies],
    )
    rounds = SigningRequest.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    standing = rounds.filter(state=State.OPEN).first()
    if standing is not None and standing.content_hash == content_hash:
        return standing
    if standing is not None:
        void_request(standing, reason=_("The text was changed: it is asked for anew."), actor=actor, now=now)
    last = rounds.aggregate(last=Max("round"))["last"] or 0
    request = SigningRequest.objects.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        round=last + 1,
        title_zh=title_zh,
        title_en=title_en,
        content=text,
        content_hash=content_hash,
        role=role,
        link=link,
        asked_by=actor.id,
        asked_by_text=actor.text[:120],
        asked_at=now,
        due_on=due_on,
    )
    Signer.objects.bulk_create(Signer(request=request, organisation=body, position=at) for at, body in enumerate(bodies))
    said = snapshot(request) | {"signers": [body.name_zh for body in bodies]}
    note([Line.about("agreements.ask", request, after=said)])
    tell_asked(request, bodies, now=now)
    return request


@action("agreements.sign", requires=policies.can_speak, batch=True)
def sign(
    request: SigningRequest,
    *,
    organisation: Organisation,
    shown_hash: str,
    second_factor: SecondFactorGiven | None,
    actor: Actor,
    now: dt.datetime,
) -> Signature:
    """Sign for a body. With the last signature the request is complete, and what its subject's room does then is done in
    the same transaction: once, whoever signs at the same moment.

    Raises NotAllowed, AlreadySpoken, NotOpen, StaleText (the page showed another text), Barred, SecondFactorMissing.
    """
    signer = _signer_to_speak(request, organisation, shown_hash, actor)
    if second_factor is None or not second_factor.holds(actor.id, now):
        raise SecondFactorMissing(_("Give your second factor now: a signature needs a code of its own."))
    said = Signature.objects.create(second_factor=second_factor.kind, **_word(signer, shown_hash, actor, now))
    _spoken(signer, Signer.State.SIGNED)
    note([Line.about("agreements.sign", said, after=snapshot(said) | {"request": str(signer.request.public_id)})])
    if not signer.request.signers.filter(state=Signer.State.WAITING).exists():
        complete = _end(signer.request, State.COMPLETE, "", now)
        subject_of(complete.subject_kind).on_complete(complete, actor=actor, now=now)
    return said


@action("agreements.refuse", requires=policies.can_speak, batch=True)
def refuse_to_sign(
    request: SigningRequest, *, organisation: Organisation, shown_hash: str, reason: str, actor: Actor, now: dt.datetime
) -> Refusal:
    """Say no for a body, and why. The request ends with it; what others signed stays kept and counts for nothing.

    Raises as ``sign``, and SigningRefused without a reason.
    """
    reason = _given(reason)
    signer = _signer_to_speak(request, organisation, shown_hash, actor)
    said = Refusal.objects.create(reason=reason, **_word(signer, shown_hash, actor, now))
    _spoken(signer, Signer.State.REFUSED)
    note([Line.about("agreements.refuse", said, after=snapshot(said) | {"request": str(signer.request.public_id)})])
    refused = _end(signer.request, State.REFUSED, reason, now)
    subject_of(refused.subject_kind).on_refused(refused, actor=actor, now=now)
    return said


@action("agreements.void", requires=policies.can_void, batch=True)
def void_request(request: SigningRequest, *, reason: str, actor: Actor, now: dt.datetime) -> SigningRequest:
    """Take an open request back (its text was edited, its matter withdrawn): all signatures given for it are void, and who
    signed is told. Raises NotOpen, and SigningRefused without a reason."""
    reason = _given(reason)
    subject_of(request.subject_kind).hold(request.subject_id)
    held = _hold(request)
    if held.state != State.OPEN:
        raise NotOpen(_not_open(held))
    void = _end(held, State.VOID, reason, now)
    tell_void(void, now=now)
    return void


def must_be_able_to_speak(request: SigningRequest, *, organisation: Organisation, shown_hash: str, actor: Actor) -> None:
    """What ``sign`` and ``refuse_to_sign`` would refuse, asked before a code is taken: a code is good once."""
    if not policies.holds_office_in(actor, request, organisation.pk):
        raise NotAllowed("agreements.sign")
    _signer_in(SigningRequest.objects.get(pk=request.pk), organisation, shown_hash, actor)


def _signer_to_speak(request: SigningRequest, organisation: Organisation, shown_hash: str, actor: Actor) -> Signer:
    """The body's place in the request, whose row is held from here on."""
    if not policies.holds_office_in(actor, request, organisation.pk):
        raise NotAllowed("agreements.sign")
    subject_of(request.subject_kind).hold(request.subject_id)
    return _signer_in(_hold(request), organisation, shown_hash, actor)


def _signer_in(held: SigningRequest, organisation: Organisation, shown_hash: str, actor: Actor) -> Signer:
    signer = held.signers.select_related("organisation", "signature", "refusal").filter(organisation=organisation).first()
    if signer is None:
        raise NotAllowed("agreements.sign")
    signer.request = held
    _must_not_have_spoken(signer)
    if held.state != State.OPEN:
        if held.state == State.VOID:
            raise StaleText(_not_open(held), newer_round(held))
        raise NotOpen(_not_open(held))
    if shown_hash != held.content_hash:
        raise StaleText(
            _("The page you signed on showed another text than the one asked for. Load it again and read what it says now.")
        )
    if policies.is_barred(actor, held):
        raise Barred(_("You have acted for the programme office on this matter. Somebody else must sign for this body."))
    return signer


def _hold(request: SigningRequest) -> SigningRequest:
    """The request as it is now, its row held until the transaction ends."""
    SigningRequest.objects.filter(pk=request.pk).update(touched=F("touched") + 1)
    return SigningRequest.objects.get(pk=request.pk)


def _must_not_have_spoken(signer: Signer) -> None:
    if signer.state == Signer.State.WAITING:
        return
    signed = signer.state == Signer.State.SIGNED
    word: Signature | Refusal = signer.signature if signed else signer.refusal
    told = {"body": signer.organisation.name, "name": word.name, "when": f"{timezone.localtime(word.at):%Y-%m-%d %H:%M:%S}"}
    said = (
        _("%(body)s has signed already: %(name)s, %(when)s.") if signed else _("%(body)s has refused already: %(name)s, %(when)s.")
    )
    raise AlreadySpoken(said % told, word)


def _word(signer: Signer, shown_hash: str, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    return {
        "signer": signer,
        "account_id": actor.id,
        "account_text": actor.text[:120],
        "name": policies.name_shown(actor)[:120],
        "body_name": signer.organisation.name_zh,
        "hash_seen": shown_hash,
        "origin": actor.origin[:120],
        "at": now,
    }


def _spoken(signer: Signer, state: Signer.State) -> None:
    if not Signer.objects.filter(pk=signer.pk, state=Signer.State.WAITING).update(state=state):
        raise SigningRefused(_("This body has spoken already."))


def _end(request: SigningRequest, state: State, reason: str, now: dt.datetime) -> SigningRequest:
    before = snapshot(request)
    ended = SigningRequest.objects.filter(pk=request.pk, state=State.OPEN).update(state=state, ended_at=now, end_reason=reason)
    if not ended:
        raise NotOpen(_not_open(request))
    request.refresh_from_db()
    note([Line.about(f"agreements.request.{state}", request, before=before, after=snapshot(request))])
    return request


def newer_round(request: SigningRequest) -> SigningRequest | None:
    """The open request that took this one's place."""
    return SigningRequest.objects.filter(
        subject_kind=request.subject_kind, subject_id=request.subject_id, round__gt=request.round, state=State.OPEN
    ).first()


def _not_open(request: SigningRequest) -> str:
    when = f"{timezone.localtime(request.ended_at):%Y-%m-%d %H:%M}" if request.ended_at else ""
    if request.state == State.VOID:
        said = _("This text was made void on %(when)s: %(reason)s What was signed of it no longer holds.")
    elif request.state == State.REFUSED:
        said = _("Signing ended on %(when)s: one of the bodies refused. %(reason)s")
    else:
        said = _("All bodies have signed; this was complete on %(when)s.")
    return said % {"when": when, "reason": request.end_reason}


def _given(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise SigningRefused(_("Reason: say why; it is kept and shown to everyone concerned."))
    return reason[:REASON_LENGTH]
