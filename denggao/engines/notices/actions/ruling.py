"""What the office does with an objection: take it up, note what it finds, publish a redacted copy, rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from denggao.engines.notices import policies
from denggao.engines.notices.actions.closing import close_if_settled, settle
from denggao.engines.notices.actions.refusals import RulingRefused
from denggao.engines.notices.actions.snapshots import take_snapshot
from denggao.engines.notices.models import (
    OPEN_STATES,
    Notice,
    NoticeItem,
    NoticeSnapshot,
    Objection,
    ObjectionNote,
)
from denggao.engines.notices.registry import subject_of
from denggao.engines.notices.rules import TEXT_LENGTH, given_reason, unmasked
from denggao.foundation.audit.actions import action, note, record_reading
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot


@action("notices.objection.investigate", requires=policies.can_handle_objection, batch=True)
def take_up(objection: Objection, *, reason: str = "", actor: Actor, now: dt.datetime) -> Objection:
    """Investigate an objection, or take its investigation over from a colleague, with a reason.

    Who investigates reads who objects, also of a protected objection, and can't rule on it. Raises RulingRefused.
    """
    reason = given_reason(reason)
    before = snapshot(objection)
    if objection.investigator == actor.id:
        raise RulingRefused(_("You investigate this objection already."))
    if objection.investigator and not reason:
        raise RulingRefused(_("Reason: say why you take the investigation over; it is kept in the record."))
    taken = Objection.objects.filter(pk=objection.pk, state__in=OPEN_STATES, investigator=objection.investigator).update(
        state=Objection.State.INVESTIGATING, investigator=actor.id, investigator_text=actor.text[:120], investigating_at=now
    )
    if not taken:
        raise RulingRefused(_("This objection was taken up or ruled on meanwhile: look at it again."))
    objection.refresh_from_db()
    _keep("notices.objection.investigate", objection, before, reason)
    return objection


@action("notices.objection.note", requires=policies.can_handle_objection, batch=True)
def add_note(objection: Objection, text: str, *, actor: Actor, now: dt.datetime) -> ObjectionNote:
    """Note what was found; for the office alone, and never changed. Raises RulingRefused once it was ruled on."""
    text = text.strip()
    if not text:
        raise RulingRefused(_("Note: it is empty."))
    if len(text) > TEXT_LENGTH:
        raise RulingRefused(_("Note: it is longer than %(most)s characters.") % {"most": TEXT_LENGTH})
    if not Objection.objects.filter(pk=objection.pk, state__in=OPEN_STATES).exists():
        raise RulingRefused(_("This objection was ruled on: nothing is added to its investigation."))
    made = ObjectionNote.objects.create(
        objection=objection, text=text, noted_by=actor.id, noted_by_text=actor.text[:120], noted_at=now
    )
    note([Line.about("notices.objection.note", objection, after={"noted_by": actor.id})])
    return made


@action("notices.objection.redact", requires=policies.can_handle_objection, batch=True)
def publish_redacted(objection: Objection, text: str, *, actor: Actor, now: dt.datetime) -> Objection:
    """Publish a copy of an objection from which everything personal was taken out. The original stays as it is.

    Raises RulingRefused where the copy is empty, or still holds a number of a person or the objector's own name.
    """
    text = text.strip().replace("\r\n", "\n")
    if not text:
        raise RulingRefused(_("Redacted copy: it is empty."))
    if len(text) > TEXT_LENGTH:
        raise RulingRefused(_("Redacted copy: it is longer than %(most)s characters.") % {"most": TEXT_LENGTH})
    if unmasked([text]):
        raise RulingRefused(_("Redacted copy: it still holds a whole identity or mobile number. Black it out (▇▇▇)."))
    if any(given and given in text for given in (objection.name, objection.contact)):
        raise RulingRefused(_("Redacted copy: it still holds the objector’s name or contact. Black it out (▇▇▇)."))
    notice = Notice.objects.select_for_update().get(pk=objection.notice_id)
    before = snapshot(objection)
    Objection.objects.filter(pk=objection.pk).update(redacted_text=text, redacted_by=actor.id, redacted_at=now)
    objection.refresh_from_db()
    _keep("notices.objection.redact", objection, before, "")
    take_snapshot(notice, NoticeSnapshot.Cause.REDACTED, now=now)
    return objection


@dataclass(frozen=True)
class Identity:
    """Who objects, for the one who asked."""

    name: str
    contact: str


@action("notices.objection.read_identity", requires=policies.can_read_identity, batch=True)
def read_identity(objection: Objection, *, purpose: str, actor: Actor, now: dt.datetime) -> Identity:
    """Who objects, once. Every reading is recorded with its purpose. Raises RulingRefused without one."""
    purpose = given_reason(purpose)
    if not purpose:
        raise RulingRefused(_("Purpose: say what you need it for; the reading is recorded."))
    record_reading(objection, fields=["name", "contact"], purpose=purpose, actor=actor, now=now)
    return Identity(objection.name, objection.contact)


@action("notices.objection.rule", requires=policies.may_rule, batch=True)
def rule_on_objection(
    objection: Objection,
    *,
    upheld: bool,
    consequence: str = Objection.Consequence.NONE,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> Objection:
    """Rule on an objection, with reasons that its author reads. Upheld, it takes the name off the notice and sends its
    subject back, or ends it (``consequence``; the whole notice: every name on show). Dismissed, the notice goes on; if its
    period is over and nothing else is open, the name passes with this act.

    Raises RulingRefused: no reason, no consequence, ruled on before, or not a second person.
    """
    reason = given_reason(reason)
    _check_ruling(objection, upheld=upheld, consequence=consequence, reason=reason, actor=actor)
    notice = Notice.objects.select_for_update().get(pk=objection.notice_id)
    before = snapshot(objection)
    ruled = Objection.objects.filter(pk=objection.pk, state__in=OPEN_STATES).update(
        state=Objection.State.UPHELD if upheld else Objection.State.DISMISSED,
        consequence=consequence,
        ruling_reason=reason,
        ruled_by=actor.id,
        ruled_by_text=actor.text[:120],
        ruled_at=now,
    )
    if not ruled:
        raise RulingRefused(_("This objection was ruled on meanwhile: the earlier ruling stands."))
    objection.refresh_from_db()
    _keep("notices.objection.rule", objection, before, "")
    taken_off = _take_off(objection, notice, actor=actor, now=now) if upheld else 0
    if not close_if_settled(notice, now=now):
        if taken_off or objection.redacted_text:
            take_snapshot(notice, NoticeSnapshot.Cause.UPHELD if taken_off else NoticeSnapshot.Cause.RULED, now=now)
        settle(notice, actor=actor, now=now)
    return objection


def _check_ruling(objection: Objection, *, upheld: bool, consequence: str, reason: str, actor: Actor) -> None:
    if not reason:
        raise RulingRefused(_("Reasons: an objection is ruled on with reasons; its author reads them."))
    wanted = {Objection.Consequence.SEND_BACK, Objection.Consequence.END} if upheld else {Objection.Consequence.NONE}
    if consequence not in wanted:
        raise RulingRefused(
            _("Consequence: an upheld objection sends back or ends.")
            if upheld
            else _("Consequence: a dismissed objection has none; the notice goes on.")
        )
    if subject_of(objection.notice.subject_kind).two_persons and not policies.is_second_person(actor, objection):
        raise RulingRefused(_("You opened this notice, or investigate this objection: another person rules on it."))


def _take_off(objection: Objection, notice: Notice, *, actor: Actor, now: dt.datetime) -> int:
    """The names an upheld objection is against leave the notice; how many."""
    items = [objection.item] if objection.item else list(notice.items.all())
    subject, count = subject_of(notice.subject_kind), 0
    for item in items:
        before = snapshot(item)
        if not NoticeItem.objects.filter(pk=item.pk, state=NoticeItem.State.SHOWN).update(
            state=NoticeItem.State.UPHELD, settled_at=now
        ):
            continue
        item.refresh_from_db()
        note([Line.about("notices.item.uphold", item, before=before, after=snapshot(item))])
        subject.on_upheld(item.subject_id, objection, consequence=objection.consequence, actor=actor, now=now)
        count += 1
    return count


def _keep(code: str, objection: Objection, before: dict[str, object], reason: str) -> None:
    line = Line.about(code, objection, before=before, after=snapshot(objection))
    note([replace(line, after={**(line.after or {}), "reason": reason}) if reason else line])
