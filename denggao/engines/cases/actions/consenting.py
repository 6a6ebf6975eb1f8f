"""Agreeing to an application that somebody else made: each who is asked says yes, asks for changes, or declines; and may take a
yes back while the case stands.

The case's row is taken first, so that two who answer at once come one after the other. Where a consent is taken back, what the
engines below hold of the case is taken before it, as with a withdrawal.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from denggao.engines.agreements.policies import name_shown
from denggao.engines.cases import clock
from denggao.engines.cases.actions.checking import latest_snapshot, send_back
from denggao.engines.cases.actions.following import go_on
from denggao.engines.cases.actions.office import remind_before, remind_once
from denggao.engines.cases.actions.walking import called_off, end, hold
from denggao.engines.cases.consents import accounts_of, may_answer
from denggao.engines.cases.models import Case, Consent, Snapshot, StepKind, WaitsFor
from denggao.engines.cases.models.consents import joined_roles
from denggao.engines.cases.moves import Move, given_reason, move, moved, must_allow
from denggao.engines.cases.persons import wrote
from denggao.engines.cases.policies import follows_from_an_act, is_product
from denggao.engines.cases.procedures import Agreeing, Audience, Stage, StageKind
from denggao.engines.cases.refusals import CaseRefused, TwoPersons
from denggao.engines.cases.states import Act, State
from denggao.engines.cases.telling import tell, tell_office
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.messages.registry import in_both


@action("cases.consent.ask", requires=follows_from_an_act, batch=True)
def ask_consents(case: Case, *, actor: Actor, now: dt.datetime) -> list[Consent]:
    """Ask whoever must agree to what was just submitted; what was said of an earlier submission is void. Nobody to ask: the case
    goes on at once."""
    call_off_consents(case, actor=actor, now=now)
    frozen = Snapshot.objects.get(case=case, number=latest_snapshot(case))
    asked = [
        Consent.objects.create(
            case=case,
            snapshot=frozen.number,
            content_hash=frozen.content_hash,
            person=each.person,
            body=each.body,
            roles=joined_roles(each.roles) if each.body is not None else "",
            words=in_both(lambda words=each.words: words),  # type: ignore[misc]  # said in each language
            asked_at=now,
        )
        for each in _others(case)
    ]
    if not asked:
        go_on(case, StageKind.CONSENT, facts={"asked": 0}, actor=actor, now=now)
        return []
    note([Line.about("cases.consent.ask", each, after=snapshot(each)) for each in asked])
    for account, consent in accounts_of(asked, clock.today(now)):
        tell([account], case, "cases.consent_asked", link=consent.link, now=now)
    return asked


def _others(case: Case) -> list[Agreeing]:
    """Each once, without the applicant."""
    found: dict[tuple[str, int], Agreeing] = {}
    for each in case.declared.system.agreeing(case):
        if each.person is not None and each.person.pk != case.person_id:
            found["person", each.person.pk] = each
        elif each.body is not None and each.body.pk != case.body_id:
            found["body", each.body.pk] = each
    return list(found.values())


def call_off_consents(case: Case, *, actor: Actor, now: dt.datetime, agreed_too: bool = True) -> None:
    """What was asked, and what was agreed to of an earlier submission, no longer matters."""
    states = Consent.IN_FORCE if agreed_too else (Consent.State.ASKED,)
    Consent.objects.filter(case=case, state__in=states).update(state=Consent.State.VOID, ended_at=now, ended_by=actor.id)


@action("cases.consent.agree", requires=may_answer)
def agree(consent: Consent, *, hash_seen: str, actor: Actor, now: dt.datetime) -> Consent:
    """Agree to the application as it was submitted. When all have, it goes on.

    Raises StageMoved, CaseRefused where it was answered before or the page showed another submission, TwoPersons for who wrote the
    application and would now agree for a body.
    """
    case = _held(consent)
    must_allow(case, Act.CONSENTED)
    _must_see(consent, hash_seen)
    if consent.body_id is not None and wrote(case, actor):
        raise TwoPersons(_("You wrote or submitted this application: somebody else must agree for the body."))
    _answer(consent, Consent.State.AGREED, "", hash_seen, actor, now)
    if not Consent.objects.filter(case=case, state=Consent.State.ASKED).exists():
        given = Consent.objects.filter(case=case, state=Consent.State.AGREED).values_list("public_id", flat=True)
        facts = {"snapshot": consent.snapshot, "hash": consent.content_hash, "consents": [str(each) for each in given]}
        go_on(case, StageKind.CONSENT, facts=facts, actor=actor, now=now)
    return consent


@action("cases.consent.ask_for_changes", requires=may_answer)
def ask_for_changes(consent: Consent, *, reason: str, hash_seen: str, actor: Actor, now: dt.datetime) -> Consent:
    """Give the application back to its applicant, with what should be changed: corrected, it is agreed to anew by all.
    Raises StageMoved, CaseRefused without a reason, where it was answered before or the page showed another submission."""
    case = _held(consent)
    must_allow(case, Act.DECLINED)
    _must_see(consent, hash_seen)
    reason = given_reason(reason)
    _answer(consent, Consent.State.CHANGES, reason, hash_seen, actor, now)
    stage = case.at
    send_back(case, StepKind.CHANGES_ASKED, reason=reason, remarks=[], resumes=stage, days=None, actor=actor, now=now)
    called_off(case, stage, reason=reason, actor=actor, now=now)
    return consent


@action("cases.consent.decline", requires=may_answer)
def decline(consent: Consent, *, reason: str, hash_seen: str, actor: Actor, now: dt.datetime) -> Consent:
    """Say no: the application ends. Raises as ``ask_for_changes``."""
    case = _held(consent)
    must_allow(case, Act.DECLINED)
    _must_see(consent, hash_seen)
    reason = given_reason(reason)
    _answer(consent, Consent.State.DECLINED, reason, hash_seen, actor, now)
    _end(case, StepKind.DECLINED, case.at, reason, Audience.APPLICANT, consent, actor, now)
    return consent


@action("cases.consent.take_back", requires=may_answer)
def take_back_consent(consent: Consent, *, reason: str, actor: Actor, now: dt.datetime) -> Consent:
    """Take a consent back, at whatever stage the case stands: it ends, its name drops out of a public notice, what was asked of
    experts, a jury or signers is called off.

    Raises StageMoved once the case has ended, CaseRefused without a reason or where there is no consent to take back.
    """
    case = Case.objects.with_labels().get(pk=consent.case_id)
    must_allow(case, Act.TAKEN_BACK)
    reason = given_reason(reason)
    left = case.at
    hold(case)
    _end(case, StepKind.TAKEN_BACK, left, reason, Audience.PUBLIC, consent, actor, now)
    taken = Consent.objects.filter(pk=consent.pk, state=Consent.State.AGREED).update(
        state=Consent.State.TAKEN_BACK, reason=reason, ended_at=now, ended_by=actor.id
    )
    if not taken:
        raise CaseRefused(_("There is no consent of yours to take back here."))
    tell_office(case, "cases.consent_taken_back", left.workers, actor=actor, now=now)
    consent.refresh_from_db()
    return consent


def _held(consent: Consent) -> Case:
    """The case as it stands, its row held until this is committed. Raises StageMoved."""
    case = Case.objects.with_labels().get(pk=consent.case_id)
    if not Case.objects.filter(pk=case.pk, stage=case.stage, state=case.state, lock=case.lock).update(lock=F("lock")):
        raise moved(case)
    return case


def _must_see(consent: Consent, hash_seen: str) -> None:
    if hash_seen != consent.content_hash:
        raise CaseRefused(_("The page showed another submission. Read the application as it is now, then answer."))


def _answer(consent: Consent, state: Consent.State, reason: str, hash_seen: str, actor: Actor, now: dt.datetime) -> None:
    """One conditional update: of two answers the first stands. Raises CaseRefused."""
    given = {"answered_at": now, "answered_by": actor.id, "name": name_shown(actor)[:120], "hash_seen": hash_seen}
    taken = Consent.objects.filter(pk=consent.pk, state=Consent.State.ASKED).update(state=state, reason=reason, **given)
    consent.refresh_from_db()
    if not taken:
        told = {"what": consent.get_state_display(), "who": consent.name or _("the office")}
        raise CaseRefused(_("This was answered before: %(what)s (%(who)s). Nothing was changed.") % told)


def _end(
    case: Case, kind: StepKind, left: Stage, reason: str, shown_to: Audience, consent: Consent, actor: Actor, now: dt.datetime
) -> None:
    facts: dict[str, Any] = {"consent": str(consent.public_id), "snapshot": consent.snapshot}
    move(case, Move(kind, None, State.ENDED, reason=reason, shown_to=shown_to, facts=facts), actor=actor, now=now)
    # PRIVACY: why somebody no longer agrees is for the applicant and the office; a public notice says only that it is so.
    called_off(case, left, reason=_("A consent is missing."), actor=actor, now=now)
    call_off_consents(case, actor=actor, now=now, agreed_too=False)
    end(case, left, actor=actor, now=now)


@action("cases.case.remind_consents", requires=is_product, batch=True)
def remind_consents(*, actor: Actor, now: dt.datetime) -> int:
    """Remind those whose consent is still missing, each once for each day named; how many were told."""
    today = clock.today(now)
    due = Case.objects.filter(state=State.OPEN, waits_for=WaitsFor.CONSENT, due_on__gte=today, due_on__lte=remind_before(today))
    missing = (
        Consent.objects.filter(case__in=due, state=Consent.State.ASKED).select_related("case", "person", "body").order_by("pk")
    )
    return sum(
        remind_once(consent.case, account, "cases.due_soon", consent.case.due_on or today, now, link=consent.link)
        for account, consent in accounts_of(missing, today)
    )
