"""What is told to whom when a case moves. Nothing here decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.models import SUBJECT_KIND, Case
from denggao.engines.cases.policies import applicant_accounts, office_accounts
from denggao.engines.cases.procedures import Stage
from denggao.engines.reviews.policies import accounts_in_conflict
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.messages.actions import send
from denggao.foundation.messages.registry import Tone, in_both, register

_DONE, _INFO, _REFUSED, _WAITING = Tone.DONE, Tone.INFO, Tone.REFUSED, Tone.WAITING
_TITLE = "%(title)s"
# Code, tone, headline, text.
_KINDS: tuple[tuple[str, Tone, Any, Any], ...] = (
    ("submitted", _DONE, _("Your application %(number)s has been received"), _("%(title)s. It is now in: %(stage)s.")),
    ("arrived", _WAITING, _("%(number)s waits for you: %(stage)s"), _TITLE),
    ("returned", _REFUSED, _("%(number)s was sent back for correction"), _("%(title)s. Please correct it by %(due)s.")),
    (
        "rejected",
        _REFUSED,
        _("%(number)s was not approved"),
        _("%(title)s. The reason is on the page of the application."),
    ),
    ("ended", _REFUSED, _("%(number)s has ended"), _("%(title)s. The reason is on the page of the application.")),
    ("withdrawn", _INFO, _("%(number)s was withdrawn by the applicant"), _TITLE),
    ("moved", _INFO, _("%(number)s has come to: %(stage)s"), _TITLE),
    ("awarded", _DONE, _("%(number)s was awarded"), _TITLE),
    ("handed_over", _WAITING, _("%(number)s was handed to you"), _TITLE),
    (
        "signing_refused",
        _REFUSED,
        _("A signature was refused: %(number)s"),
        _("%(title)s. Send it back, or ask for the signatures again."),
    ),
    ("objection", _WAITING, _("An objection against %(number)s was received"), _TITLE),
    (
        "below",
        _REFUSED,
        _("%(number)s stayed below the points needed"),
        _("%(title)s. Reject it with a reason, or send it back."),
    ),
    (
        "result_changed",
        _WAITING,
        _("The review of %(number)s was counted anew"),
        _("%(title)s. The result is now %(result)s."),
    ),
    (
        "consent_asked",
        _WAITING,
        _("%(number)s needs your consent"),
        _("%(title)s. Read it, then agree, ask for changes or decline."),
    ),
    (
        "consent_taken_back",
        _REFUSED,
        _("%(number)s has ended: a consent was taken back"),
        _("%(title)s. The reason is on the page of the application."),
    ),
    ("due_soon", _WAITING, _("%(number)s: please act by %(due)s"), _TITLE),
    ("draft_due", _WAITING, _("Your application closes on %(due)s"), _("%(title)s has not been submitted yet.")),
    ("review_due", _WAITING, _("A review is due on %(due)s"), _TITLE),
    ("overdue", _REFUSED, _("Overdue: %(number)s, %(stage)s"), _("%(title)s should have moved on by %(due)s.")),
    (
        "nudged",
        _WAITING,
        _("The office reminds you: %(number)s waits for you"),
        _("%(title)s. Please do what is yours to do; due: %(due)s."),
    ),
)
_NOT_BY_MAIL = frozenset({"arrived", "withdrawn"})

for _code, _tone, _headline, _text in _KINDS:
    register(f"cases.{_code}", title=_headline, body=_text, tone=_tone, by_mail=_code not in _NOT_BY_MAIL)

NO_DAY = gettext_noop("no fixed day")


def tell_applicant(case: Case, code: str, *, actor: Actor | None = None, now: dt.datetime, **values: Any) -> None:
    """Everybody who writes for the applicant, except who did it."""
    tell(applicant_accounts(case, localdate(now)), case, code, actor=actor, now=now, **values)


def tell_office(
    case: Case, code: str, roles: frozenset[Role], *, actor: Actor | None = None, now: dt.datetime, **values: Any
) -> None:
    """The office's accounts that ``officers`` names, except who did it."""
    tell(officers(case, roles, now=now), case, code, actor=actor, now=now, **values)


def officers(case: Case, roles: frozenset[Role], *, now: dt.datetime) -> QuerySet[User]:
    """The office's accounts with one of these roles; only the one the case is handed to, where it is. PRIVACY: who has a
    conflict of interest is told nothing of the case, not even that it exists."""
    accounts = free_officers(case, roles, now=now)
    handed_to = accounts.filter(public_id=case.assignee) if case.assignee else accounts.none()
    return handed_to if handed_to.exists() else accounts


def free_officers(case: Case, roles: frozenset[Role], *, now: dt.datetime) -> QuerySet[User]:
    """The same whoever the case is handed to."""
    return office_accounts(roles, localdate(now)).exclude(pk__in=accounts_in_conflict(SUBJECT_KIND, case.public_id))


def tell(
    accounts: Iterable[User],
    case: Case,
    code: str,
    *,
    actor: Actor | None = None,
    link: str = "",
    now: dt.datetime,
    **values: Any,
) -> None:
    """Each of the accounts but the actor's own. ``link`` is the case's page unless given."""
    said = {"number": case.number or in_both(case.get_state_display), "title": case.title, "due": day(case.due_on), **values}
    for account in accounts:
        if actor is None or str(account.public_id) != actor.id:
            send(account, code, said, link or case.link, now=now)


def day(given: dt.date | None) -> Any:
    return given.isoformat() if given else in_both(lambda: gettext(NO_DAY))


def stage_words(stage: Stage, name: str) -> dict[str, str]:
    """The stage's name for one audience, in both languages."""
    return in_both(lambda: getattr(stage.names, name))
