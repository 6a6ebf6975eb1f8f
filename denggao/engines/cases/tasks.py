"""Background work on cases. Each job may run twice and bears it: the step it takes is one conditional update."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.actions.consenting import remind_consents
from denggao.engines.cases.actions.deciding import award_case
from denggao.engines.cases.actions.office import escalate_due, prune_versions, remind
from denggao.engines.cases.actions.reminding import remind_experts
from denggao.engines.cases.actions.walking import AWARD_JOB, ask_for_award
from denggao.engines.cases.models import Case
from denggao.engines.cases.refusals import StageMoved
from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.registry import Progress, job


@job(AWARD_JOB, title=_("Making what was decided"), attempts=6)
def award(arguments: dict[str, Any], progress: Progress) -> None:
    """The award is the product's own act: whoever decided has long said so. A case that was awarded or taken back meanwhile is
    left alone."""
    case = Case.objects.with_labels().filter(public_id=arguments["case"]).first()
    if case is None:
        return
    try:
        award_case(case, actor=system(AWARD_JOB), now=progress.now())
    except StageMoved:
        return


@job("cases.awards_left", title=_("Awards left undone"), cron="25 * * * *", keep=False)
def awards_left(arguments: dict[str, Any], progress: Progress) -> None:
    """Ask again for awards whose job has failed for good: what hindered it may be gone."""
    for case in Case.objects.filter(state="open", stage_kind="award"):
        ask_for_award(case, actor=system("cases.awards_left"), now=progress.now())


@job("cases.escalate", title=_("Telling of overdue applications"), cron="5 8 * * *", keep=False)
def escalate(arguments: dict[str, Any], progress: Progress) -> None:
    escalate_due(actor=system("cases.escalate"), now=progress.now())


@job("cases.remind", title=_("Reminding before deadlines"), cron="35 8 * * *", keep=False)
def reminders(arguments: dict[str, Any], progress: Progress) -> None:
    remind(actor=system("cases.remind"), now=progress.now())
    remind_experts(actor=system("cases.remind"), now=progress.now())
    remind_consents(actor=system("cases.remind"), now=progress.now())


@job("cases.prune", title=_("Clearing away old versions of drafts"), cron="30 3 * * *", keep=False)
def prune(arguments: dict[str, Any], progress: Progress) -> None:
    """PRIVACY: what was typed and then changed is kept while it may still be needed: not after the case has ended."""
    prune_versions(actor=system("cases.prune"), now=progress.now())
