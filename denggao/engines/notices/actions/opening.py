"""Opening a notice, and what may change of it while it is on show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.notices import policies
from denggao.engines.notices.actions.closing import close_if_settled
from denggao.engines.notices.actions.refusals import AlreadyOnNotice, NoticeRefused, NotMasked
from denggao.engines.notices.actions.snapshots import take_snapshot
from denggao.engines.notices.models import Notice, NoticeCounter, NoticeItem, NoticeSnapshot
from denggao.engines.notices.registry import subject_of
from denggao.engines.notices.rules import MOST_DAYS, MOST_EXTENSION, Shown, given_reason, shown_of, unmasked
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.calendar.queries import nth_working_day
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.queries import RuleTable

DAYS_RULE, FIRST_DAY_RULE = "notice.working_days", "notice.first_day_counts"
_DROPPED_REASON = 300
_DECEMBER = dt.timedelta(days=20)


@dataclass(frozen=True)
class ItemOrder:
    """A subject, and what the public reads of it: masked lines (``rules.Shown``, or a mapping from label to value). ``name``
    is what it is called on the page; without one, the first line's value."""

    subject_id: UUID
    shown: Sequence[Shown] | Mapping[str, Any]
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class NoticeOrder:
    """What is to be shown, and how long. ``days`` None: as the rule of the day says (``notice.working_days``)."""

    subject_kind: str
    title_zh: str
    items: Sequence[ItemOrder]
    title_en: str = ""
    body_zh: str = ""
    body_en: str = ""
    days: int | None = None
    document: str = ""
    plan: Plan | None = None
    opens_on: dt.date | None = None
    issuer_zh: str = ""
    issuer_en: str = ""
    contact: str = ""
    region: str = "national"


@action("notices.notice.open", requires=policies.follows_from_an_act)
def open_notice(order: NoticeOrder, *, actor: Actor, now: dt.datetime) -> Notice:
    """Put subjects on public notice. It ends at 24:00 of its last working day; where the calendar does not reach that far,
    the end stays open until the year's arrangement is entered, and nothing passes meanwhile.

    Raises NotMasked, AlreadyOnNotice, NoticeRefused; KeyError for a kind of subject no room registered.
    """
    subject_of(order.subject_kind)
    first_on = order.opens_on or localdate(now)
    table = RuleTable(DAYS_RULE, FIRST_DAY_RULE, region=order.region)
    rule = table.rule(DAYS_RULE, first_on) if order.days is None else None
    days = int(rule.value) if rule is not None else order.days or 0
    items = _checked(order, days, first_on, today=localdate(now))
    counts_from = first_on if table.value(FIRST_DAY_RULE, first_on) else first_on + dt.timedelta(days=1)
    notice = Notice.objects.create(
        subject_kind=order.subject_kind,
        number=_next_number(first_on.year),
        title_zh=order.title_zh[:200],
        title_en=order.title_en[:200],
        body_zh=order.body_zh,
        body_en=order.body_en,
        issuer_zh=order.issuer_zh[:200],
        issuer_en=order.issuer_en[:200],
        contact=order.contact[:200],
        plan=order.plan,
        document=order.document[:200],
        days=days,
        days_document=rule.document if rule is not None else "",
        days_confidence=rule.confidence if rule is not None else "",
        first_on=first_on,
        counts_from=counts_from,
        last_on=nth_working_day(counts_from, days),
        opened_at=now,
        opened_by=actor.id,
        opened_by_text=actor.text[:120],
    )
    for item in items:
        item.notice = notice
    NoticeItem.objects.bulk_create(items)
    take_snapshot(notice, NoticeSnapshot.Cause.OPENED, now=now)
    return notice


def _checked(order: NoticeOrder, days: int, first_on: dt.date, *, today: dt.date) -> list[NoticeItem]:
    if not order.title_zh.strip() or not order.items:
        raise NoticeRefused(_("A notice has a title, and at least one name on it."))
    if not 1 <= days <= MOST_DAYS:
        raise NoticeRefused(_("Working days: a notice lasts from 1 to %(most)s.") % {"most": MOST_DAYS})
    if first_on < today:
        raise NoticeRefused(_("First day: a notice can’t have been shown before it was opened."))
    items = [_item(position, item) for position, item in enumerate(order.items, start=1)]
    texts = [order.title_zh, order.title_en, order.body_zh, order.body_en, *(text for item in items for text in _texts(item))]
    if unmasked(texts):
        raise NotMasked(_("A whole identity or mobile number would be shown: a notice shows masked fields only."))
    ids = [item.subject_id for item in items]
    if len(set(ids)) < len(ids) or NoticeItem.objects.filter(subject_id__in=ids, state=NoticeItem.State.SHOWN).exists():
        raise AlreadyOnNotice(_("One of these stands on a notice already, and that notice has not ended for it."))
    return items


def _item(position: int, order: ItemOrder) -> NoticeItem:
    shown = shown_of(order.shown)
    first = shown[0]["value"] if shown else {"zh": "", "en": ""}
    item = NoticeItem(
        subject_id=order.subject_id,
        position=position,
        name_zh=(order.name_zh or first["zh"])[:200],
        name_en=(order.name_en or ("" if order.name_zh else first["en"]))[:200],
        shown=shown,
    )
    if not item.name_zh.strip():
        raise NoticeRefused(_("Each entry of a notice has a name."))
    return item


def _texts(item: NoticeItem) -> list[str]:
    return [item.name_zh, item.name_en, *(text for line in item.shown for side in line.values() for text in side.values())]


def _next_number(year: int) -> str:
    """``GS-2022-0007``: without gap or double, whoever asks at once."""
    NoticeCounter.objects.get_or_create(year=year)
    NoticeCounter.objects.filter(year=year).update(last=F("last") + 1)
    return f"GS-{year}-{NoticeCounter.objects.get(year=year).last:04d}"


def locked(notice: Notice) -> Notice:
    """The notice as it is now, held until the act ends (SQLite has one writer anyway)."""
    return Notice.objects.select_for_update().get(pk=notice.pk)


@action("notices.notice.extend", requires=policies.can_manage_notice, batch=True)
def extend_notice(notice: Notice, days: int, reason: str, *, actor: Actor, now: dt.datetime) -> Notice:
    """Show a notice some working days longer. Raises NoticeRefused once it ended, or without days or reason."""
    reason = given_reason(reason)
    if not 1 <= days <= MOST_EXTENSION:
        raise NoticeRefused(_("Working days: an extension lasts from 1 to %(most)s.") % {"most": MOST_EXTENSION})
    if not reason:
        raise NoticeRefused(_("Reason: say why the notice is extended; it is kept in the record."))
    notice = locked(notice)
    if not notice.is_open or (notice.last_on is not None and notice.last_on < localdate(now)):
        raise NoticeRefused(_("This notice has ended: it can’t be extended."))
    before = snapshot(notice)
    notice.extended_days += days
    notice.last_on = _end_after(notice, days)
    notice.save(update_fields=["extended_days", "last_on"])
    _keep("notices.notice.extend", notice, before, reason)
    take_snapshot(notice, NoticeSnapshot.Cause.EXTENDED, now=now)
    return notice


def _end_after(notice: Notice, days: int) -> dt.date | None:
    """The end with so many days more; counted from the beginning where no end was fixed yet."""
    if notice.last_on is None:
        return nth_working_day(notice.counts_from, notice.all_days)
    return nth_working_day(notice.last_on + dt.timedelta(days=1), days)


@action("notices.item.drop", requires=policies.can_manage_item, batch=True)
def drop_item(item: NoticeItem, reason: str, *, actor: Actor, now: dt.datetime) -> NoticeItem:
    """Take a name off a notice: it can no longer pass. The page says so from now on; what it showed before stays proven.
    Tells the room above (``on_dropped``). Raises NoticeRefused."""
    notice = _drop(item, reason, now=now)
    subject_of(notice.subject_kind).on_dropped(item.subject_id, notice, reason=item.dropped_reason, actor=actor, now=now)
    return item


@action("notices.item.withdraw", requires=policies.follows_from_an_act, batch=True)
def drop_subject(subject_kind: str, subject_id: UUID, reason: str, *, actor: Actor, now: dt.datetime) -> NoticeItem | None:
    """The room above takes its subject off the notice it stands on (an application was withdrawn): as ``drop_item``, without
    telling it. None where it stands on none."""
    item = NoticeItem.objects.filter(notice__subject_kind=subject_kind, subject_id=subject_id, state=NoticeItem.State.SHOWN).first()
    if item is not None:
        _drop(item, reason, now=now)
    return item


def _drop(item: NoticeItem, reason: str, *, now: dt.datetime) -> Notice:
    reason = given_reason(reason)[:_DROPPED_REASON]
    if not reason:
        raise NoticeRefused(_("Reason: say why the name drops out; it is kept in the record."))
    notice = locked(item.notice)
    before = snapshot(item)
    dropped = NoticeItem.objects.filter(pk=item.pk, state=NoticeItem.State.SHOWN).update(
        state=NoticeItem.State.DROPPED, settled_at=now, dropped_reason=reason
    )
    if not dropped:
        raise NoticeRefused(_("This name is no longer on show: nothing was changed."))
    item.refresh_from_db()
    note([Line.about("notices.item.drop", item, before=before, after=snapshot(item))])
    if not close_if_settled(notice, now=now):
        take_snapshot(notice, NoticeSnapshot.Cause.DROPPED, now=now)
    return notice


@action("notices.notice.fix_end", requires=policies.follows_from_an_act, batch=True)
def fix_open_ends(years: Collection[int], *, actor: Actor, now: dt.datetime) -> int:
    """Fix the ends of open notices that these years' arrangements bear on; how many changed. Plugged into
    ``calendar_changed``. An end once shown is never brought forward, and none is fixed in the past: whoever relied on an open
    end has until 24:00 of the day it was fixed."""
    since = dt.date(min(years), 1, 1) - _DECEMBER
    found = Notice.objects.select_for_update().filter(Q(last_on__isnull=True) | Q(last_on__gte=since), state=Notice.State.OPEN)
    changed = 0
    for notice in found.order_by("pk"):
        end = nth_working_day(notice.counts_from, notice.all_days)
        today = localdate(now)
        if end is not None and notice.last_on is None:
            end = max(end, today)
        if end is None or (notice.last_on is not None and (end <= notice.last_on or notice.last_on < today)):
            continue
        before = snapshot(notice)
        notice.last_on = end
        notice.save(update_fields=["last_on"])
        _keep("notices.notice.fix_end", notice, before, "")
        take_snapshot(notice, NoticeSnapshot.Cause.END_FIXED, now=now)
        changed += 1
    return changed


def _keep(code: str, notice: Notice, before: dict[str, object], reason: str) -> None:
    line = Line.about(code, notice, before=before, after=snapshot(notice))
    note([replace(line, after={**(line.after or {}), "reason": reason}) if reason else line])
