"""How a notice comes to its end: names pass when the period is over and no objection against them is open."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.timezone import localdate

from denggao.engines.notices import policies
from denggao.engines.notices.actions.snapshots import take_snapshot
from denggao.engines.notices.models import OPEN_STATES, Notice, NoticeItem, NoticeSnapshot
from denggao.engines.notices.registry import subject_of
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor, system
from denggao.foundation.audit.records import Line, snapshot

log = logging.getLogger(__name__)


@dataclass
class Settled:
    """What one look at a notice brought: names that passed now, and those whose next step could not be done."""

    notice: Notice
    passed: list[NoticeItem] = field(default_factory=list)
    failed: list[NoticeItem] = field(default_factory=list)


class SomeDidNotPass(Exception):
    """The next step of some names failed; they stay on their notice and are tried again."""


def close_due_notices(*, now: dt.datetime, actor: Actor | None = None) -> int:
    """Let pass what may pass, notice by notice, each in a transaction of its own; how many names passed. However many call
    this at once, a name passes once. Raises SomeDidNotPass when all others are done."""
    actor = actor or system("notices.close")
    passed = 0
    failed: list[str] = []
    for notice in Notice.objects.filter(state=Notice.State.OPEN, last_on__lt=localdate(now)).order_by("last_on", "pk"):
        settled = close_notice(notice, actor=actor, now=now)
        passed += len(settled.passed)
        failed.extend(str(item.public_id) for item in settled.failed)
    if failed:
        raise SomeDidNotPass(", ".join(failed))
    return passed


@action("notices.notice.close", requires=policies.follows_from_an_act, batch=True)
def close_notice(notice: Notice, *, actor: Actor, now: dt.datetime) -> Settled:
    """Let the names of one notice pass that may: the period is over and no objection against them, or against the whole
    notice, is open. Changes nothing where there is nothing to do."""
    return settle(Notice.objects.select_for_update().get(pk=notice.pk), actor=actor, now=now)


def settle(notice: Notice, *, actor: Actor, now: dt.datetime) -> Settled:
    """As ``close_notice``, within another act. The caller holds the notice's row."""
    settled = Settled(notice)
    if not notice.is_open or notice.last_on is None or localdate(now) <= notice.last_on:
        return settled
    blocked = set(notice.objections.filter(state__in=OPEN_STATES).values_list("item_id", flat=True))
    if None not in blocked:
        for item in notice.items.filter(state=NoticeItem.State.SHOWN).exclude(pk__in=blocked):
            _pass(item, settled, actor=actor, now=now)
    if not close_if_settled(notice, now=now) and settled.passed:
        take_snapshot(notice, NoticeSnapshot.Cause.PASSED, now=now)
    return settled


def _pass(item: NoticeItem, settled: Settled, *, actor: Actor, now: dt.datetime) -> None:
    """One name. Where the room above fails, only its name stays behind."""
    before = snapshot(item)
    try:
        with transaction.atomic():
            passed = NoticeItem.objects.filter(pk=item.pk, state=NoticeItem.State.SHOWN).update(
                state=NoticeItem.State.PASSED, settled_at=now
            )
            if not passed:
                return
            subject_of(settled.notice.subject_kind).on_passed(item.subject_id, settled.notice, actor=actor, now=now)
    except Exception:
        log.exception("A name could not pass its notice.", extra={"notice": settled.notice.number})
        settled.failed.append(item)
        return
    item.refresh_from_db()
    note([Line.about("notices.item.pass", item, before=before, after=snapshot(item))])
    settled.passed.append(item)


def close_if_settled(notice: Notice, *, now: dt.datetime) -> bool:
    """End a notice on which no name is on show any more. Whether it ended now."""
    states = set(notice.items.values_list("state", flat=True))
    if NoticeItem.State.SHOWN in states or not notice.is_open:
        return False
    before = snapshot(notice)
    # Without a fixed end nothing passes: then every name was taken off.
    passed = NoticeItem.State.PASSED in states
    notice.state = Notice.State.PASSED if passed else Notice.State.CLOSED_EARLY
    notice.closed_at = now
    notice.save(update_fields=["state", "closed_at"])
    note([Line.about("notices.notice.close", notice, before=before, after=snapshot(notice))])
    take_snapshot(notice, NoticeSnapshot.Cause.CLOSED, now=now)
    return True
