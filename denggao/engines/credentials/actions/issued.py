"""Every write on what the platform issues. Each change fires ``hooks.issued_changed`` and keeps its event; the paper is made
by a job once the change is committed."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.credentials import hooks, policies
from denggao.engines.credentials.models import Issued, IssuedEvent, ReasonClass
from denggao.engines.credentials.models.issued import ACTOR_TEXT_LENGTH, REASON_LENGTH
from denggao.engines.credentials.numbers import take_number
from denggao.engines.credentials.registry import issued_kind
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, canonical, plain, snapshot
from denggao.foundation.files.actions import erase_file, store_file
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan

PDF_JOB = "credentials.pdf"
PAPER_KIND = "credentials.paper"


class IssuedRefused(Refused):
    """What was asked can't be done to this credential."""


class PaperMoot(Refused):
    """A paper was made that is no longer wanted."""


@dataclass(frozen=True)
class IssueOrder:
    """What is to be issued, to one body or one person. ``holder_zh`` and ``holder_en`` are the holder as printed, the
    registered name where empty. ``granters`` [{zh, en, code}] in the order they are printed. ``valid_until`` is the last
    day, None for no end. ``issued_on`` is today where None.

    ``facts`` a plaque prints: ``place_zh/en`` (the line above the title), ``detail_zh/en`` (below it: 第二实训基地 · 航空航天).
    A letter of appointment: ``role_zh/en``, ``text_zh/en`` (what the person is appointed for).
    """

    kind: str
    title_zh: str
    granters: Sequence[Mapping[str, str]]
    valid_from: dt.date
    subject_kind: str
    subject_id: uuid.UUID
    valid_until: dt.date | None = None
    holder_organisation: Organisation | None = None
    holder_person: Person | None = None
    holder_zh: str = ""
    holder_en: str = ""
    title_en: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    plan: Plan | None = None
    issued_on: dt.date | None = None


@action("credentials.issued.issue", requires=policies.can_issue, batch=True)
def issue_credential(order: IssueOrder, *, actor: Actor, now: dt.datetime) -> Issued:
    """Issue what the order says, under the next number of its kind, and ask for its paper. The same order again (equal kind,
    subject and first day) changes nothing and returns what was issued, however it stands now.

    Raises IssuedRefused for an order that can't be printed, KeyError for a kind no room registered.
    """
    rule = issued_kind(order.kind).number_rule
    _check(order)
    if found := _issued_before(order):
        return found
    try:
        with transaction.atomic():
            issued = _new(order, now)
            issued.number = take_number(rule, plan=order.plan, on=issued.issued_on)
            issued.content_hash = content_hash(issued)
            issued.save(force_insert=True)
    except IntegrityError:
        # Two issued the same at the same moment; the other was first, and our number went back with the savepoint.
        found = _issued_before(order)
        if found is None:
            raise
        return found
    note([Line.about("credentials.issued.issue", issued, after=snapshot(issued))])
    _happened(issued, IssuedEvent.Kind.ISSUED, actor=actor, now=now)
    ask_for_paper(issued, actor=actor, now=now)
    return issued


@action("credentials.issued.suspend", requires=policies.can_change_issued)
def suspend_issued(
    issued: Issued, *, reason: str, reason_class: str = ReasonClass.GRANTERS, actor: Actor, now: dt.datetime
) -> Issued:
    """For a time it does not hold; ``restore_issued`` ends that. The public is told ``reason_class`` only.

    Raises IssuedRefused where it is suspended, withdrawn or expired, or without a reason.
    """
    reason, reason_class = _given(reason), _class(reason_class)
    if issued.valid_until is not None and issued.valid_until < localdate(now):
        raise IssuedRefused(_("Its term has ended: there is nothing to suspend. Renew or withdraw it."))
    _turn(issued, [Issued.Status.VALID], Issued.Status.SUSPENDED, reason=reason, reason_class=reason_class, now=now)
    _happened(issued, IssuedEvent.Kind.SUSPENDED, reason=reason, reason_class=reason_class, actor=actor, now=now)
    return issued


@action("credentials.issued.restore", requires=policies.can_change_issued)
def restore_issued(
    issued: Issued, *, reason: str, reason_class: str = ReasonClass.GRANTERS, actor: Actor, now: dt.datetime
) -> Issued:
    """It holds again, for what is left of its term. Raises IssuedRefused where it is not suspended, or without a reason."""
    reason, reason_class = _given(reason), _class(reason_class)
    _turn(issued, [Issued.Status.SUSPENDED], Issued.Status.VALID, reason="", reason_class="", now=now)
    _happened(issued, IssuedEvent.Kind.RESTORED, reason=reason, reason_class=reason_class, actor=actor, now=now)
    return issued


@action("credentials.issued.withdraw", requires=policies.can_change_issued)
def withdraw_issued(
    issued: Issued, *, reason: str, reason_class: str = ReasonClass.GRANTERS, actor: Actor, now: dt.datetime
) -> Issued:
    """It holds no more, for good. Its number is never given again. Raises IssuedRefused where it was withdrawn before, or
    without a reason."""
    reason, reason_class = _given(reason), _class(reason_class)
    standing = [Issued.Status.VALID, Issued.Status.SUSPENDED]
    _turn(issued, standing, Issued.Status.WITHDRAWN, reason=reason, reason_class=reason_class, now=now)
    _happened(issued, IssuedEvent.Kind.WITHDRAWN, reason=reason, reason_class=reason_class, actor=actor, now=now)
    return issued


@action("credentials.issued.renew", requires=policies.can_change_issued)
def renew_issued(issued: Issued, *, valid_until: dt.date | None, reason: str = "", actor: Actor, now: dt.datetime) -> Issued:
    """Its term goes on to a later last day (None: without end), under the same number, and the paper is made anew. Repeating
    it with the same day is refused.

    Raises IssuedRefused where it is suspended or withdrawn, or the new last day is not a later one.
    """
    old = issued.valid_until
    if old is None or (valid_until is not None and valid_until <= old):
        raise IssuedRefused(
            _("New last day: it must lie after %(day)s, the last day now.") % {"day": old}
            if old
            else _("New last day: this credential has no end; there is nothing to renew.")
        )
    fresh = Issued.objects.get(pk=issued.pk)
    fresh.valid_until, fresh.printed_at = valid_until, now
    renewed = Issued.objects.filter(pk=issued.pk, status=Issued.Status.VALID, valid_until=old).update(
        valid_until=valid_until, printed_at=now, content_hash=content_hash(fresh)
    )
    issued.refresh_from_db()
    if not renewed:
        raise _moved(issued)
    _happened(issued, IssuedEvent.Kind.RENEWED, reason=" ".join(reason.split())[:REASON_LENGTH], actor=actor, now=now)
    ask_for_paper(issued, actor=actor, now=now)
    return issued


@action("credentials.issued.keep_paper", requires=policies.can_keep_paper, batch=True)
def keep_paper(issued: Issued, pdf: bytes, *, content: str, actor: Actor, now: dt.datetime) -> Issued:
    """Keep the paper made from ``content``; the one before is erased. Raises PaperMoot where it is no longer wanted: what it
    says has changed meanwhile, or another worker kept it first."""
    before = Issued.objects.select_related("pdf").get(pk=issued.pk)
    if before.content_hash != content or before.has_current_pdf:
        raise PaperMoot(_("This paper is no longer wanted."))
    stored = store_file(f"{issued.number}.pdf", pdf, kind=PAPER_KIND, taken={"pdf"}, actor=actor, now=now)
    wanted = Issued.objects.filter(pk=issued.pk, content_hash=content, pdf_hash=before.pdf_hash)
    if not wanted.update(pdf=stored, pdf_hash=content):
        raise PaperMoot(_("This paper is no longer wanted."))
    issued.refresh_from_db()
    if before.pdf is not None:
        erase_file(before.pdf, actor=actor, now=now)
    note([Line.about("credentials.issued.keep_paper", issued, after={"content_hash": content, "sha256": stored.sha256})])
    return issued


def content_hash(issued: Issued) -> str:
    """SHA-256 over what the paper prints, in hexadecimal."""
    said = {
        "kind": issued.kind,
        "number": issued.number,
        "holder": [issued.holder_zh, issued.holder_en],
        "title": [issued.title_zh, issued.title_en],
        "granters": issued.granters,
        "facts": issued.facts,
        "issued_on": plain(issued.issued_on),
        "term": [plain(issued.valid_from), plain(issued.valid_until)],
    }
    return hashlib.sha256(canonical(said)).hexdigest()


def ask_for_paper(issued: Issued, *, actor: Actor, now: dt.datetime) -> None:
    """The key holds the content: a paper under way for what it said before does not stand in the way of this one."""
    arguments = {"issued": str(issued.public_id)}
    enqueue(PDF_JOB, arguments, key=f"{issued.public_id}:{issued.content_hash[:16]}", actor=actor, now=now)


def _check(order: IssueOrder) -> None:
    if (order.holder_organisation is None) == (order.holder_person is None):
        raise IssuedRefused(_("Holder: name one body or one person."))
    if not order.title_zh.strip():
        raise IssuedRefused(_("Title: say what is issued."))
    if not order.granters or not all(str(item.get("zh", "")).strip() for item in order.granters):
        raise IssuedRefused(_("Granting bodies: name at least one, each by its Chinese name."))
    if order.valid_until is not None and order.valid_until < order.valid_from:
        raise IssuedRefused(_("Last day: it can’t lie before the first day."))


def _issued_before(order: IssueOrder) -> Issued | None:
    return Issued.objects.filter(
        kind=order.kind, subject_kind=order.subject_kind, subject_id=order.subject_id, valid_from=order.valid_from
    ).first()


def _new(order: IssueOrder, now: dt.datetime) -> Issued:
    holder = order.holder_organisation
    name_zh = holder.name_zh if holder else order.holder_person.name if order.holder_person else ""
    return Issued(
        kind=order.kind,
        plan=order.plan,
        holder_organisation=holder,
        holder_person=order.holder_person,
        holder_zh=order.holder_zh or name_zh,
        holder_en=order.holder_en or (holder.name_en if holder else ""),
        title_zh=order.title_zh.strip(),
        title_en=order.title_en.strip(),
        granters=[{"zh": item["zh"], "en": item.get("en", ""), "code": item.get("code", "")} for item in order.granters],
        facts=plain(dict(order.facts)),
        subject_kind=order.subject_kind,
        subject_id=order.subject_id,
        issued_on=order.issued_on or localdate(now),
        valid_from=order.valid_from,
        valid_until=order.valid_until,
        status_at=now,
        printed_at=now,
    )


def _turn(issued: Issued, from_: Sequence[str], to: str, *, reason: str, reason_class: str, now: dt.datetime) -> None:
    turned = Issued.objects.filter(pk=issued.pk, status__in=from_).update(
        status=to, status_at=now, status_reason=reason, status_reason_class=reason_class
    )
    issued.refresh_from_db()
    if not turned:
        raise _moved(issued)


def _moved(issued: Issued) -> IssuedRefused:
    return IssuedRefused(
        {
            Issued.Status.VALID: _("It is not suspended: nothing was done."),
            Issued.Status.SUSPENDED: _("It is suspended. Restore it first, or withdraw it."),
            Issued.Status.WITHDRAWN: _("It was withdrawn before: nothing more is done to it."),
        }[Issued.Status(issued.status)]
    )


def _happened(issued: Issued, kind: str, *, reason: str = "", reason_class: str = "", actor: Actor, now: dt.datetime) -> None:
    IssuedEvent.objects.create(
        issued=issued,
        kind=kind,
        at=now,
        reason=reason,
        reason_class=reason_class,
        valid_until=issued.valid_until,
        actor_id=actor.id,
        actor_text=actor.text[:ACTOR_TEXT_LENGTH],
    )
    hooks.issued_changed(issued, actor=actor, now=now)


def _given(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise IssuedRefused(_("Reason: say what this rests on."))
    return reason[:REASON_LENGTH]


def _class(reason_class: str) -> str:
    if reason_class not in ReasonClass.values:
        raise IssuedRefused(_("Class of the reason: choose one of the list."))
    return reason_class
