"""Public notice: a case is shown for some working days, by ``engines/notices``; a name may drop out."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from denggao.engines.cases import policies
from denggao.engines.cases.actions.following import go_on, name_dropped, objection_upheld
from denggao.engines.cases.consents import consenting
from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.engines.cases.procedures import Stage, StageKind
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.stages import PRODUCT, Progress, case_of, options_of
from denggao.engines.cases.states import Act, WaitsFor, can
from denggao.engines.cases.telling import tell_office
from denggao.engines.notices.actions import ItemOrder, NoticeOrder, drop_subject, open_notice
from denggao.engines.notices.models import Notice, NoticeItem, Objection
from denggao.engines.notices.registry import NoticeSubject
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor


class Noticing:
    """What ``notices`` does for a case."""

    def hold(self, case: Case) -> None:
        """A notice that closes takes its own row, then its cases': so does a case that leaves it."""
        items = NoticeItem.objects.filter(subject_id=case.public_id, state="shown", notice__subject_kind=SUBJECT_KIND)
        Notice.objects.filter(pk__in=items.values("notice_id")).update(opened_by=F("opened_by"))

    def enter(self, case: Case, stage: Stage, *, actor: Actor, now: dt.datetime) -> None:
        if options_of(case, stage).get("together"):
            Case.objects.filter(pk=case.pk).update(waits_for=WaitsFor.OFFICE)
            return
        show([case], stage, now=now)

    def leave(self, case: Case, stage: Stage, *, reason: str, actor: Actor, now: dt.datetime) -> None:
        drop_subject(SUBJECT_KIND, case.public_id, reason[:300], actor=PRODUCT, now=now)

    def waited_for(self, case: Case, *, now: dt.datetime) -> list[tuple[User, str]]:
        return []

    def progress(self, cases: Sequence[Case]) -> Mapping[uuid.UUID, Progress]:
        """One query."""
        items = NoticeItem.objects.filter(
            subject_id__in=[case.public_id for case in cases], state="shown", notice__subject_kind=SUBJECT_KIND
        )
        return {
            subject_id: Progress(until=last_on, open_end=last_on is None)
            for subject_id, last_on in items.values_list("subject_id", "notice__last_on")
        }


def show(cases: Sequence[Case], stage: Stage, *, now: dt.datetime, **given: Any) -> Notice:
    """Put cases of one procedure on one notice. ``given`` is what the office wrote instead of the procedure's own words."""
    options = {**options_of(cases[0], stage), **{name: value for name, value in given.items() if value}}
    shown = [(case, case.declared.system.public_facts(case)) for case in cases]
    if not all(facts for _case, facts in shown):
        raise CaseRefused(_("There is nothing a public notice could show of this application."))
    round_ = cases[0].round
    order = NoticeOrder(
        subject_kind=SUBJECT_KIND,
        title_zh=options.get("title_zh") or (round_.title_zh if round_ is not None else cases[0].title),
        title_en=options.get("title_en") or (round_.title_en if round_ is not None else ""),
        body_zh=options.get("body_zh", ""),
        body_en=options.get("body_en", ""),
        items=[ItemOrder(case.public_id, facts, name_zh=case.title) for case, facts in shown],
        days=options.get("days"),
        document=options.get("document") or (round_.document if round_ is not None else ""),
        plan=cases[0].plan,
        issuer_zh=options.get("issuer_zh", ""),
        issuer_en=options.get("issuer_en", ""),
        contact=options.get("contact", ""),
    )
    return open_notice(order, actor=PRODUCT, now=now)


def notice_subject() -> NoticeSubject:
    """Registered in ``wiring.py`` for subjects of the kind ``case``."""
    return NoticeSubject(
        on_passed=_passed,
        on_upheld=_upheld,
        on_dropped=_dropped,
        on_objection=_objection,
        can_manage=_can_manage,
        can_manage_all=_can_manage_all,
        hidden_from=_hidden_from,
        url=_url,
    )


def _passed(subject_id: uuid.UUID, notice: Notice, *, actor: Actor, now: dt.datetime) -> None:
    case = case_of(subject_id)
    if case is not None and can(Act.NOTICED, case.state, case.stage_kind):
        go_on(case, StageKind.NOTICE, facts=_facts(notice), actor=actor, now=now)


def _upheld(subject_id: uuid.UUID, objection: Objection, *, consequence: str, actor: Actor, now: dt.datetime) -> None:
    case = case_of(subject_id)
    if case is not None and can(Act.UPHELD, case.state, case.stage_kind):
        facts = {"objection": str(objection.public_id), "consequence": consequence}
        objection_upheld(case, consequence=consequence, reason=objection.ruling_reason, facts=facts, actor=actor, now=now)


def _dropped(subject_id: uuid.UUID, notice: Notice, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    case = case_of(subject_id)
    if case is not None and can(Act.UPHELD, case.state, case.stage_kind):
        name_dropped(case, reason=reason, facts=_facts(notice), actor=actor, now=now)


def _objection(subject_id: uuid.UUID, objection: Objection, *, actor: Actor, now: dt.datetime) -> None:
    case = case_of(subject_id)
    if case is not None and case.is_standing:
        tell_office(case, "cases.objection", case.at.workers, now=now)


def _facts(notice: Notice) -> dict[str, Any]:
    return {"notice": str(notice.public_id), "number": notice.number}


def _can_manage(actor: Actor, subject_id: uuid.UUID) -> bool:
    return _can_manage_all(actor, [subject_id])


def _can_manage_all(actor: Actor, subject_ids: Collection[uuid.UUID]) -> bool:
    """A conflict with one of them shuts out, and so does being of the applicant's side. Up to four queries, however many."""
    wanted = set(subject_ids)
    if wanted & set(policies.hidden_cases(actor)):
        return False
    cases = Case.objects.filter(public_id__in=wanted)
    if cases.count() < len(wanted):
        return False
    if actor.is_operator:
        return True
    return wanted.isdisjoint(consenting(actor)) and not policies.own_cases(actor).filter(public_id__in=wanted).exists()


def _hidden_from(actor: Actor) -> Collection[uuid.UUID]:
    return policies.hidden_cases(actor)


def _url(subject_id: uuid.UUID) -> str:
    return f"/cases/{subject_id}/"
