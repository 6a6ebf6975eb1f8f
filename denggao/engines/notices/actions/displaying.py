"""Proof that a page was on show: the product looks at what it shows and notes, day by day, that it is the frozen content."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate

from denggao.engines.notices.actions.snapshots import content_of
from denggao.engines.notices.models import Notice, NoticeDisplay, NoticeSnapshot
from denggao.engines.notices.rules import content_hash
from denggao.foundation.audit.records import canonical


class DisplayDiffers(Exception):
    """What a notice would show is not what was frozen: somebody changed rows past the product."""


def note_displays(*, now: dt.datetime) -> int:
    """Note for every open notice that its page shows its newest snapshot; how many. Like the worker's own bookkeeping this
    decides nothing and leaves no audit record. Raises DisplayDiffers when all others are done."""
    today, differing, noted = localdate(now), [], 0
    for notice in Notice.objects.filter(state=Notice.State.OPEN, first_on__lte=today).order_by("pk"):
        taken = notice.snapshots.order_by("-number").first()
        if taken is None or not is_genuine(notice, taken):
            differing.append(notice.number)
            continue
        _display, fresh = NoticeDisplay.objects.get_or_create(snapshot=taken, on=today, defaults={"first_at": now, "last_at": now})
        if not fresh:
            NoticeDisplay.objects.filter(snapshot=taken, on=today, last_at__lt=now).update(last_at=now)
        noted += 1
    if differing:
        raise DisplayDiffers(", ".join(differing))
    return noted


def is_genuine(notice: Notice, taken: NoticeSnapshot) -> bool:
    """Whether a snapshot's content has its hash, and is what the notice's rows say now."""
    live = content_of(notice, previous=str(taken.content.get("previous", "")))
    return content_hash(canonical(taken.content)) == taken.content_hash == content_hash(canonical(live))
