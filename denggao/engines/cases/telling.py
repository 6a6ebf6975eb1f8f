"""What is told to whom when a case moves. Nothing here decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from denggao.engines.cases.models import Case
from denggao.engines.cases.policies import applicant_accounts, office_accounts
from denggao.engines.cases.procedures import Stage
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.messages.actions import send
from denggao.foundation.messages.registry import Tone, register

register(
    "cases.submitted",
    title=_("Your application %(number)s has been received"),
    body=_("%(title)s. It is now in: %(stage)s."),
    tone=Tone.DONE,
)
register("cases.arrived", title=_("%(number)s waits for you: %(stage)s"), body="%(title)s", tone=Tone.WAITING, by_mail=False)
register(
    "cases.returned",
    title=_("%(number)s was sent back for correction"),
    body=_("%(title)s. Please correct it by %(due)s."),
    tone=Tone.REFUSED,
)
register(
    "cases.rejected",
    title=_("%(number)s was not approved"),
    body=_("%(title)s. The reason is on the page of the application."),
    tone=Tone.REFUSED,
)
register(
    "cases.ended",
    title=_("%(number)s has ended"),
    body=_("%(title)s. The reason is on the page of the application."),
    tone=Tone.REFUSED,
)
register("cases.withdrawn", title=_("%(number)s was withdrawn by the applicant"), body="%(title)s", by_mail=False)
register("cases.moved", title=_("%(number)s has come to: %(stage)s"), body="%(title)s")
register("cases.awarded", title=_("%(number)s was awarded"), body="%(title)s", tone=Tone.DONE)
register("cases.handed_over", title=_("%(number)s was handed to you"), body="%(title)s", tone=Tone.WAITING)
register(
    "cases.signing_refused",
    title=_("A signature was refused: %(number)s"),
    body=_("%(title)s. Send it back, or ask for the signatures again."),
    tone=Tone.REFUSED,
)
register("cases.objection", title=_("An objection against %(number)s was received"), body="%(title)s", tone=Tone.WAITING)
register(
    "cases.below",
    title=_("%(number)s stayed below the points needed"),
    body=_("%(title)s. Reject it with a reason, or send it back."),
    tone=Tone.REFUSED,
)
register(
    "cases.result_changed",
    title=_("The review of %(number)s was counted anew"),
    body=_("%(title)s. The result is now %(result)s."),
    tone=Tone.WAITING,
)
register("cases.due_soon", title=_("%(number)s: please act by %(due)s"), body="%(title)s", tone=Tone.WAITING)
register(
    "cases.draft_due",
    title=_("Your application closes on %(due)s"),
    body=_("%(title)s has not been submitted yet."),
    tone=Tone.WAITING,
)
register("cases.review_due", title=_("A review is due on %(due)s"), body="%(title)s", tone=Tone.WAITING)
register(
    "cases.overdue",
    title=_("Overdue: %(number)s, %(stage)s"),
    body=_("%(title)s should have moved on by %(due)s."),
    tone=Tone.REFUSED,
)

NO_DAY = gettext_noop("no fixed day")


def tell_applicant(case: Case, code: str, *, actor: Actor | None = None, now: dt.datetime, **values: Any) -> None:
    """Everybody who writes for the applicant, except who did it."""
    _tell(applicant_accounts(case, localdate(now)), case, code, actor=actor, now=now, **values)


def tell_office(
    case: Case, code: str, roles: frozenset[Role], *, actor: Actor | None = None, now: dt.datetime, **values: Any
) -> None:
    """The office's accounts with one of these roles; only the one the case is handed to, where it is."""
    accounts = office_accounts(roles, localdate(now))
    if case.assignee and accounts.filter(public_id=case.assignee).exists():
        accounts = accounts.filter(public_id=case.assignee)
    _tell(accounts, case, code, actor=actor, now=now, **values)


def tell_account(account: User, case: Case, code: str, *, link: str = "", now: dt.datetime, **values: Any) -> None:
    _tell([account], case, code, actor=None, link=link, now=now, **values)


def _tell(
    accounts: Iterable[User], case: Case, code: str, *, actor: Actor | None, link: str = "", now: dt.datetime, **values: Any
) -> None:
    said = {"number": case.number or in_both(case.get_state_display), "title": case.title, "due": day(case.due_on), **values}
    for account in accounts:
        if actor is None or str(account.public_id) != actor.id:
            send(account, code, said, link or case.link, now=now)


def day(given: dt.date | None) -> Any:
    return given.isoformat() if given else in_both(lambda: translation.gettext(NO_DAY))


def stage_words(stage: Stage, name: str) -> dict[str, str]:
    """The stage's name for one audience, in both languages."""
    return in_both(lambda: str(getattr(stage.names, name)))


def in_both(text: Any) -> dict[str, str]:
    spoken = {}
    for name, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            spoken[name] = str(text())
    return spoken
