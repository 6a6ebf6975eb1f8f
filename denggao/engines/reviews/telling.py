"""What experts and chairs are told. No message holds a person's name; whoever a conflict hides a panel from is told
nothing of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.models import Assignment, Conflict, Panel
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.messages.actions import send
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.organisations.models import Membership

register(
    "reviews.asked",
    title=_("You are asked to review: %(title)s"),
    body=_("Say whether you take it, or declare a conflict of interest. Scores are due by %(due)s."),
    tone=Tone.WAITING,
)
register(
    "reviews.asked_many",
    title=_("You are asked for %(count)s reviews"),
    body=_("Say for each whether you take it, or declare a conflict of interest."),
    tone=Tone.WAITING,
)
register(
    "reviews.replaced",
    title=_("Your review is no longer needed: %(title)s"),
    body=_("Another expert was asked in your place. Thank you."),
)
register(
    "reviews.called_off",
    title=_("Your review is no longer needed: %(title)s"),
    body=_("The application was withdrawn, sent back or ended. Thank you."),
)
register(
    "reviews.recused",
    title=_("You are recused from one review: %(title)s"),
    body=_("A conflict of interest was declared or found. What you had entered is kept, and no longer counts."),
)
register(
    "reviews.conflict",
    title=_("A conflict of interest came to light: %(title)s"),
    body=_("The expert’s seat is empty; submitted scores are set aside. A further expert was asked: %(asked)s."),
    tone=Tone.WAITING,
)
register(
    "reviews.declined",
    title=_("An expert declined: %(title)s"),
    body=_("Ask another expert in their place."),
    tone=Tone.WAITING,
)
register(
    "reviews.chair_left",
    title=_("A review needs another chair: %(title)s"),
    body=_("A conflict of interest of its chair came to light. Until another is named, the office chairs it."),
    tone=Tone.WAITING,
)
register(
    "reviews.nobody_left",
    title=_("No expert without a conflict is left: %(title)s"),
    body=_("Add experts to the register, or clear a conflict with a reason; then assign again."),
    tone=Tone.REFUSED,
)

register(
    "reviews.scores_open",
    title=_("Scores are open: %(title)s"),
    body=_("%(count)s experts have handed in; the result so far is %(result)s. Look at the spread, then close the review."),
    tone=Tone.WAITING,
)
register(
    "reviews.scores_counted_anew",
    title=_("Scores were counted anew: %(title)s"),
    body=_("%(count)s scores count; the result is %(result)s. What stood before is kept."),
    tone=Tone.WAITING,
)

YES, NO = {"zh": "是", "en": "yes"}, {"zh": "否", "en": "no"}


def tell_asked(assignments: Sequence[Assignment], *, now: dt.datetime) -> None:
    """One message an expert, however many reviews."""
    by_expert: dict[int, list[Assignment]] = {}
    for assignment in assignments:
        by_expert.setdefault(assignment.expert_id, []).append(assignment)
    for asked in by_expert.values():
        account = asked[0].expert.person.account
        if len(asked) == 1:
            tell_expert(asked[0], "reviews.asked", now=now)
        elif account is not None:
            send(account, "reviews.asked_many", {"count": len(asked)}, "/reviews/", now=now)


def tell_expert(assignment: Assignment, code: str, *, now: dt.datetime) -> None:
    account = assignment.expert.person.account
    if account is not None:
        link = f"/reviews/{assignment.public_id}/" if code == "reviews.asked" else ""
        send(account, code, _values(assignment.panel), link, now=now)


def tell_called_off(assignments: Sequence[Assignment], *, now: dt.datetime) -> None:
    for assignment in assignments:
        tell_expert(assignment, "reviews.called_off", now=now)


def tell_chair(panel: Panel, code: str, values: Mapping[str, Any] | None = None, *, now: dt.datetime) -> None:
    link = f"/reviews/panels/{panel.public_id}/"
    for account in chairs_of(panel, timezone.localdate(now)):
        send(account, code, {**_values(panel), **(values or {})}, link, now=now)


def chairs_of(panel: Panel, on: dt.date) -> list[User]:
    """The chair, else the office's clerks and reviewers; nobody in conflict."""
    standing = Conflict.objects.filter(
        panel__subject_kind=panel.subject_kind, panel__subject_id=panel.subject_id, state=Conflict.State.STANDING
    )
    barred = set(standing.values_list("person__account_id", flat=True))
    if panel.chair is not None and panel.chair.pk not in barred:
        return [panel.chair]
    holding = Membership.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on), role__in=[Role.CLERK, Role.REVIEWER], organisation__isnull=True, from_on__lte=on
    )
    accounts = User.objects.filter(pk__in=holding.values("account_id"), is_active=True).order_by("pk")
    return [account for account in accounts if account.pk not in barred]


def _values(panel: Panel) -> dict[str, Any]:
    due = panel.due_on.isoformat() if panel.due_on else "—"
    return {"title": {"zh": panel.title_zh, "en": panel.title_en or panel.title_zh}, "due": due}
