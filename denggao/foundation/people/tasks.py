"""Letters that sign-in and invitations write, carried by the worker: a page answers alike whether or not one goes out."""

from __future__ import annotations

from typing import Any

from django.core.mail import send_mail
from django.utils.translation import gettext_lazy as _

from denggao.foundation.jobs.registry import Progress, job
from denggao.foundation.people.signin.letters import LETTER_JOB, open_letter


@job(LETTER_JOB, title=_("Sending an e-mail"), attempts=6, keep=False)
def deliver_letter(arguments: dict[str, Any], progress: Progress) -> None:
    letter = open_letter(arguments)
    if letter.address:
        send_mail(letter.subject, letter.body, None, [letter.address])
