"""Hours put right by hand: one person asks with a reason and a paper, another confirms. What a hand did stays told apart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.hours.actions.folding import DAY_SECONDS, HoursRefused, Source, count_hours, reverse_entry
from denggao.engines.hours.hooks import hours_corrected
from denggao.engines.hours.kinds import kinds
from denggao.engines.hours.models import Fix, HourEntry
from denggao.engines.hours.policies import JUDGES, can_answer_fix, can_ask_fix
from denggao.engines.hours.telling import tell_fixed
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person

FIX = "fix"
_REASON = 500


@dataclass(frozen=True)
class Missing:
    """Hours that no event stands for."""

    context: tuple[str, UUID]
    kind: str
    day: dt.date
    seconds: int


@action("hours.fix.ask", requires=can_ask_fix, batch=True)
def ask_fix(
    person: Person,
    what: Missing | HourEntry,
    *,
    reason: str,
    file: StoredFile,
    organisation: Organisation | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Fix:
    """Ask to add hours, or to take an entry back. ``organisation`` is whose hours they are. Raises HoursRefused for another's
    school, a day that has not come, more than a day has, an entry that is taken back already, or without a reason."""
    reason = _given(reason)
    body = what.organisation if isinstance(what, HourEntry) else organisation
    if not actor.has(*JUDGES) and not (body is not None and actor.has(Role.TEACHER, organisation_id=body.pk)):
        raise HoursRefused(_("You put right the hours of your own school alone."))
    if isinstance(what, HourEntry):
        if what.person_id != person.pk or what.reverses_id is not None or HourEntry.objects.filter(reverses=what).exists():
            raise HoursRefused(_("This entry does not count any more: there is nothing to take back."))
        facts = {
            "act": Fix.Kind.REMOVE, "entry": what, "context_kind": what.context_kind, "context_id": what.context_id,
            "kind": what.kind, "day": what.day, "seconds": what.seconds,
        }  # fmt: skip
    else:
        _must_fit(person, what, now)
        facts = {
            "act": Fix.Kind.ADD, "context_kind": what.context[0], "context_id": what.context[1],
            "kind": what.kind, "day": what.day, "seconds": what.seconds,
        }  # fmt: skip
    try:
        with transaction.atomic():
            fix = Fix.objects.create(
                person=person,
                organisation=body,
                reason=reason,
                file=file,
                asked_by=actor.id,
                asked_by_text=actor.text[:120],
                asked_at=now,
                **facts,
            )
    except IntegrityError:
        raise HoursRefused(_("Somebody has asked to take this entry back already.")) from None
    note([Line.about("hours.fix.ask", fix, after=snapshot(fix))])
    return fix


@action("hours.fix.answer", requires=can_answer_fix)
def answer_fix(fix: Fix, *, confirm: bool, reason: str = "", actor: Actor, now: dt.datetime) -> Fix:
    """The second person says yes or no. Raises HoursRefused where it was answered, or refused without a reason, or where the
    hours no longer fit."""
    reason = " ".join(reason.split())[:_REASON] if confirm else _given(reason)
    done = Fix.objects.filter(pk=fix.pk, state=Fix.State.ASKED).update(
        state=Fix.State.CONFIRMED if confirm else Fix.State.REFUSED,
        answered_by=actor.id,
        answered_by_text=actor.text[:120],
        answered_at=now,
        answer=reason,
    )
    if not done:
        raise HoursRefused(_("This was answered already."))
    fix.refresh_from_db()
    if confirm:
        _carry_out(fix, actor=actor, now=now)
        hours_corrected(fix.person, {(fix.context_kind, fix.context_id)}, now=now)
        tell_fixed(fix, now=now)
    return fix


def _carry_out(fix: Fix, *, actor: Actor, now: dt.datetime) -> None:
    # Two fixes of one person at once would each find room in the day.
    Person.objects.select_for_update().get(pk=fix.person_id)
    source = Source(FIX, fix.public_id)
    if fix.entry is not None:
        reverse_entry(fix.entry, source=source, reason=fix.reason, actor=actor, now=now)
        return
    wanted = Missing((fix.context_kind, fix.context_id), fix.kind, fix.day, fix.seconds)
    _must_fit(fix.person, wanted, now)
    count_hours(
        fix.person,
        context=wanted.context,
        kind=fix.kind,
        day=fix.day,
        seconds=fix.seconds,
        source=source,
        organisation=fix.organisation,
        reason=fix.reason,
        actor=actor,
        now=now,
    )


def _must_fit(person: Person, wanted: Missing, now: dt.datetime) -> None:
    if wanted.kind not in {kind.code for kind in kinds()}:
        raise HoursRefused(_("Kind of hours: choose one of the list."))
    if wanted.day > timezone.localdate(now):
        raise HoursRefused(_("Day: it has not come yet."))
    if not 0 < wanted.seconds <= DAY_SECONDS:
        raise HoursRefused(_("Time: more than nothing, and no more than a day has."))
    has = HourEntry.objects.filter(person=person, day=wanted.day).aggregate(total=Sum("seconds"))["total"] or 0
    if has + wanted.seconds > DAY_SECONDS:
        raise HoursRefused(_("Time: with what counts on this day already it would be more than 24 hours."))


def _given(reason: str) -> str:
    reason = " ".join(reason.split())[:_REASON]
    if not reason:
        raise HoursRefused(_("Reason: say why; it stays with the hours for good."))
    return reason
