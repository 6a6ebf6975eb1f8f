"""The papers of what is issued, made in the background. May run twice: the second finds the paper kept and does nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.credentials.actions.issued import PDF_JOB, PaperMoot, keep_paper
from denggao.engines.credentials.appointing import withdraw_ended
from denggao.engines.credentials.models import Issued
from denggao.engines.credentials.paper import paper_of, register_papers
from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.registry import Progress, job

register_papers()


@job(PDF_JOB, title=_("Making the paper of a credential"), queue="heavy", attempts=5)
def make_paper(arguments: dict[str, Any], progress: Progress) -> None:
    """A character no font can draw fails it with the sentence that says so; once a font is there, it is tried again from
    the page of background work."""
    issued = Issued.objects.get(public_id=arguments["issued"])
    if issued.has_current_pdf:
        return
    pdf = paper_of(issued)
    with suppress(PaperMoot):
        keep_paper(issued, pdf, content=issued.content_hash, actor=progress.actor, now=progress.now())


@job("credentials.ended_letters", title=_("Withdrawing letters of appointments that have ended"), cron="20 0 * * *", keep=False)
def ended_letters(arguments: dict[str, Any], progress: Progress) -> None:
    withdraw_ended(actor=system("credentials.ended_letters"), now=progress.now())
