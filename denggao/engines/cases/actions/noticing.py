"""One public notice for several cases, opened by the office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from denggao.engines.cases import policies
from denggao.engines.cases.models import Case, StepKind
from denggao.engines.cases.moves import Move, move, must_allow
from denggao.engines.cases.persons import must_not_be_own
from denggao.engines.cases.procedures import Audience
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.stages.notice import show
from denggao.engines.cases.states import Act, WaitsFor
from denggao.engines.notices.models import Notice
from denggao.foundation.audit.actions import NotAllowed, action
from denggao.foundation.audit.actors import Actor


@action("cases.notice.open", requires=policies.can_work_in_bulk, batch=True)
def publish_notice(
    cases: Sequence[Case],
    *,
    title_zh: str = "",
    title_en: str = "",
    body_zh: str = "",
    body_en: str = "",
    days: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Notice:
    """Put these cases, which wait for it, on one public notice: all of them or, where one can't be, none.

    Raises NotAllowed, StageMoved, TwoPersons for the applicant's side, CaseRefused for cases of different procedures or that
    are shown already, and what ``notices`` refuses.
    """
    if not cases:
        raise CaseRefused(_("Choose at least one application."))
    if len({(case.procedure, case.version, case.stage) for case in cases}) > 1:
        raise CaseRefused(_("One notice is for applications of one kind."))
    for case in cases:
        _must_fit(case, actor)
    notice = show(cases, cases[0].at, now=now, title_zh=title_zh, title_en=title_en, body_zh=body_zh, body_en=body_en, days=days)
    facts = {"notice": str(notice.public_id), "number": notice.number}
    for case in cases:
        also = {"waits_for": WaitsFor.NOTICE, "waits_since": now}
        move(case, Move(StepKind.NOTICE_OPENED, shown_to=Audience.PUBLIC, facts=facts, also=also), actor=actor, now=now)
    return notice


def _must_fit(case: Case, actor: Actor) -> None:
    must_allow(case, Act.OPEN_NOTICE)
    if not policies.can_work_on(actor, case):
        raise NotAllowed("cases.notice.open")
    must_not_be_own(case, actor)
    if case.waits_for != WaitsFor.OFFICE:
        raise CaseRefused(_("%(number)s is on a public notice already.") % {"number": case.number})
