"""The papers of what is issued, made in the background."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.credentials.actions.issued import PDF_JOB
from denggao.foundation.jobs.registry import Progress, job


@job(PDF_JOB, title=_("Making the paper of a credential"), queue="heavy", attempts=5)
def make_paper(arguments: dict[str, Any], progress: Progress) -> None:
    pass
