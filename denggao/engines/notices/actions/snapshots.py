"""What the public page shows, frozen whenever it changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from denggao.engines.notices.models import Notice, NoticeSnapshot, Objection
from denggao.engines.notices.rules import content_hash
from denggao.foundation.audit.actions import note
from denggao.foundation.audit.records import Line, canonical, plain


def content_of(notice: Notice, *, previous: str) -> dict[str, Any]:
    """All that the page shows of a notice, as plain values. ``previous`` is the hash of the snapshot before."""
    items = list(notice.items.all())
    positions = {item.pk: item.position for item in items}
    published = notice.objections.exclude(redacted_text="").order_by("received_at", "pk")
    told: dict[str, Any] = plain(
        {
            "id": notice.public_id,
            "number": notice.number,
            "title": {"zh": notice.title_zh, "en": notice.title_en},
            "body": {"zh": notice.body_zh, "en": notice.body_en},
            "issuer": {"zh": notice.issuer_zh, "en": notice.issuer_en},
            "contact": notice.contact,
            "document": notice.document,
            "days": notice.days,
            "extended_days": notice.extended_days,
            "first_on": notice.first_on,
            "last_on": notice.last_on,
            "state": notice.state,
            "items": [
                {
                    "position": item.position,
                    "name": {"zh": item.name_zh, "en": item.name_en},
                    "shown": item.shown,
                    "state": item.state,
                    "settled_at": item.settled_at,
                }
                for item in items
            ],
            "objections": [_published(objection, positions) for objection in published],
            "previous": previous,
        }
    )
    return told


def _published(objection: Objection, positions: dict[int, int]) -> dict[str, Any]:
    return {
        "position": positions[objection.item_id] if objection.item_id else None,
        "received_at": objection.received_at,
        "text": objection.redacted_text,
        "state": objection.state,
        "ruled_at": objection.ruled_at,
    }


def take_snapshot(notice: Notice, cause: NoticeSnapshot.Cause, *, now: dt.datetime) -> NoticeSnapshot:
    """Freeze what the page shows from now on. The caller holds the notice's row."""
    last = notice.snapshots.order_by("-number").first()
    content = content_of(notice, previous=last.content_hash if last else "")
    taken = NoticeSnapshot.objects.create(
        notice=notice,
        number=last.number + 1 if last else 1,
        cause=cause,
        at=now,
        content=content,
        content_hash=content_hash(canonical(content)),
    )
    said = {"number": taken.number, "cause": str(cause), "content_hash": taken.content_hash}
    note([Line.about("notices.notice.show", notice, after=said)])
    return taken
