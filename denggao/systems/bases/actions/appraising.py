"""The yearly appraisal: the office opens it, the base hands in, one person grades and another confirms; who fails remedies in
time and is checked again, or leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import ReasonMissing, Refused, action, note
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.calendar.queries import nth_working_day
from denggao.foundation.files.models import StoredFile
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.queries import RuleTable
from denggao.foundation.ui.words import listed
from denggao.systems.bases import policies
from denggao.systems.bases.actions.acts import TwoPersons, propose_act
from denggao.systems.bases.appraisal import providers
from denggao.systems.bases.appraisal.indicators import Indicator, Source, read_indicators, shipped
from denggao.systems.bases.appraisal.marking import marks_of
from denggao.systems.bases.models import Appraisal, AppraisalCycle, AppraisalStep, AppraisalValue, Base, BaseAct
from denggao.systems.bases.telling import tell_appraisal, tell_office

State, Grade, Outcome = Appraisal.State, Appraisal.Grade, Appraisal.Outcome
THRESHOLDS = {grade: f"bases.appraisal_{grade}" for grade in (Grade.EXCELLENT, Grade.GOOD, Grade.PASS)}
REMEDY_DAYS = "bases.remedy_days"


class CycleRefused(Refused):
    """A yearly appraisal that can't be opened or closed."""


class AppraisalMoved(Refused):
    """The appraisal is not in a state in which this can be done; the sentence says in which it is."""


class ValueRefused(Refused):
    """What was entered can't be taken; ``field`` names which entry."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class CycleOrder:
    """What is opened: for which plan and year, to be handed in by when; ``document`` with its number, if any."""

    plan: Plan
    year: int
    due_on: dt.date
    document: str = ""
    indicators: Sequence[dict[str, Any]] = ()


@action("bases.cycle.open", requires=policies.can_open_cycle, batch=True)
def open_cycle(order: CycleOrder, *, actor: Actor, now: dt.datetime) -> AppraisalCycle:
    """Open the appraisal of a year for every base that stood in it and still stands. Indicators, thresholds and the days to
    remedy are kept as they are today. Raises CycleRefused."""
    today = localdate(now)
    if order.year > today.year:
        raise CycleRefused(_("Year: %(year)s has not begun.") % {"year": order.year})
    if order.due_on < today:
        raise CycleRefused(_("To be handed in by: this day is past."))
    indicators = list(order.indicators or shipped())
    read_indicators(indicators)
    table = RuleTable(*THRESHOLDS.values(), REMEDY_DAYS)
    try:
        with transaction.atomic():
            cycle = AppraisalCycle.objects.create(
                plan=order.plan,
                year=order.year,
                indicators=indicators,
                thresholds={str(grade): f"{table.value(key, today):.2f}" for grade, key in THRESHOLDS.items()},
                remedy_days=int(table.value(REMEDY_DAYS, today)),
                document=order.document.strip()[:200],
                opened_on=today,
                due_on=order.due_on,
                opened_at=now,
                opened_by=actor.id,
            )
    except IntegrityError:
        raise CycleRefused(_("Year: the appraisal of %(year)s was opened before.") % {"year": order.year}) from None
    note([Line.about("bases.cycle.open", cycle, after=snapshot(cycle))])
    bases = list(
        Base.objects.in_force()
        .filter(plan=order.plan, accredited_on__lte=cycle.last_day)
        .select_related("plan", "organisation")
        .order_by("id")
    )
    for base in bases:
        _open_one(cycle, base, actor, now)
    refill(list(Appraisal.objects.filter(cycle=cycle).select_related("cycle", "base__plan")), now=now)
    for appraisal in cycle.appraisals.select_related("cycle", "base"):
        tell_appraisal(appraisal, "opened", now=now)
    return cycle


def _open_one(cycle: AppraisalCycle, base: Base, actor: Actor, now: dt.datetime) -> None:
    appraisal = Appraisal.objects.create(cycle=cycle, base=base, created_at=now)
    AppraisalValue.objects.bulk_create(
        AppraisalValue(appraisal=appraisal, indicator=indicator.code, source=indicator.source)
        for indicator in read_indicators(cycle.indicators)
    )
    _step(appraisal, "", actor, now)
    note([Line.about("bases.appraisal.open", appraisal, after=snapshot(appraisal))])


def refill(appraisals: Sequence[Appraisal], *, now: dt.datetime) -> None:
    """Bring the platform's own numbers up to date, for appraisals of one cycle. A constant number of queries to find them."""
    if not appraisals:
        return
    cycle = appraisals[0].cycle
    indicators = {item.code: item for item in read_indicators(cycle.indicators) if item.is_platform}
    numbers = providers.fill([item.base for item in appraisals], cycle.year, list(indicators))
    base_of = {item.pk: item.base_id for item in appraisals}
    changed = []
    for value in AppraisalValue.objects.filter(appraisal__in=appraisals, source=Source.PLATFORM):
        filled = numbers.get(value.indicator, {}).get(base_of[value.appraisal_id])
        if filled is None:
            continue
        value.value, value.rows, value.filled_at = filled.value, [str(row) for row in filled.rows], now
        value.points = indicators[value.indicator].points_for(filled.value)
        changed.append(value)
    AppraisalValue.objects.bulk_update(changed, ["value", "rows", "points", "filled_at"], batch_size=200)


@action("bases.appraisal.enter", requires=policies.can_fill)
def enter_value(
    value: AppraisalValue,
    *,
    number: Decimal,
    remark: str = "",
    evidence: StoredFile | None = None,
    actor: Actor,
    now: dt.datetime,
) -> AppraisalValue:
    """Enter what the platform does not know, with its evidence. Without a new file the one given before stays.

    Raises AppraisalMoved, ValueRefused.
    """
    appraisal = _held(value.appraisal, State.OPEN)
    indicator = indicator_of(appraisal, value.indicator)
    _check_number(indicator, number)
    evidence = evidence or value.evidence
    if indicator.evidence and number > 0 and evidence is None:
        raise ValueRefused("evidence", _("Evidence: hand in a file that shows this number."))
    value.value, value.remark, value.evidence = number, " ".join(remark.split())[:500], evidence
    value.points, value.filled_at = indicator.points_for(number), now
    value.save(update_fields=["value", "remark", "evidence", "points", "filled_at"])
    return value


def _check_number(indicator: Indicator, number: Decimal) -> None:
    if indicator.is_platform:
        raise ValueRefused("number", _("The platform fills this in from its own records."))
    if number < 0 or number != number.quantize(Decimal("0.01")) or number > (indicator.most or 10**9):
        most = indicator.most
        raise ValueRefused(
            "number",
            _("Number: from 0 to %(most)s, with at most two places.") % {"most": f"{most:f}"}
            if most is not None
            else _("Number: 0 or more, with at most two places."),
        )


@action("bases.appraisal.hand_in", requires=policies.can_fill)
def hand_in(appraisal: Appraisal, *, actor: Actor, now: dt.datetime) -> Appraisal:
    """Hand the appraisal in: from now on its numbers stand still. Raises AppraisalMoved, ValueRefused where one is missing."""
    _held(appraisal, State.OPEN)
    missing = [value.indicator for value in appraisal.values.filter(source=Source.ENTERED, value__isnull=True)]
    if missing:
        names = listed(indicator_of(appraisal, code).name for code in missing)
        raise ValueRefused(missing[0], _("Not entered yet: %(names)s. Enter 0 where there was nothing.") % {"names": names})
    _move(appraisal, [State.OPEN], State.HANDED_IN, actor, now, handed_in_at=now)
    refill([appraisal], now=now)
    return appraisal


@action("bases.appraisal.send_back", requires=policies.can_grade)
def send_back(appraisal: Appraisal, *, reason: str, actor: Actor, now: dt.datetime) -> Appraisal:
    """Ask the base to correct what it handed in. Raises AppraisalMoved, ReasonMissing."""
    _move(appraisal, [State.HANDED_IN], State.OPEN, actor, now, reason=_reason(reason), handed_in_at=None)
    tell_appraisal(appraisal, "returned", now=now)
    return appraisal


@action("bases.appraisal.set_points", requires=lambda actor, value: policies.can_grade(actor))
def set_points(value: AppraisalValue, *, points: Decimal | None, reason: str, actor: Actor, now: dt.datetime) -> AppraisalValue:
    """Give other points than the rule's, with a reason; None goes back to the rule's. Raises AppraisalMoved, ValueRefused,
    ReasonMissing."""
    appraisal = _held(value.appraisal, State.HANDED_IN)
    most = indicator_of(appraisal, value.indicator).points
    if points is not None and not 0 <= points <= most:
        raise ValueRefused("points", _("Points: from 0 to %(most)s.") % {"most": f"{most:f}"})
    value.set_points, value.set_reason = points, _reason(reason)[:300] if points is not None else ""
    value.save(update_fields=["set_points", "set_reason"])
    return value


@action("bases.appraisal.propose", requires=policies.can_grade)
def propose_grade(appraisal: Appraisal, *, opinion: str, demands: str = "", actor: Actor, now: dt.datetime) -> Appraisal:
    """The grade that follows from the points, with an opinion, for a second person to confirm. A fail says what is to be
    remedied. Raises AppraisalMoved, ValueRefused."""
    _held(appraisal, State.HANDED_IN)
    marked = marks_of(appraisal, appraisal.values.all())
    if not opinion.strip():
        raise ValueRefused("opinion", _("Opinion: say in a sentence or two how the year was."))
    if marked.grade == Grade.FAIL and not demands.strip():
        raise ValueRefused("demands", _("To be remedied: this grade is a fail; say what must be put right."))
    _move(
        appraisal,
        [State.HANDED_IN],
        State.PROPOSED,
        actor,
        now,
        reason=opinion.strip(),
        points=marked.points,
        grade=marked.grade,
        opinion=opinion.strip(),
        demands=demands.strip() if marked.grade == Grade.FAIL else "",
        proposed_by=actor.id,
    )
    tell_office(appraisal, "proposed", {Role.APPROVER}, but=actor.id, now=now)
    return appraisal


@action("bases.appraisal.confirm", requires=policies.can_confirm_grade)
def confirm_grade(appraisal: Appraisal, *, actor: Actor, now: dt.datetime) -> Appraisal:
    """The second person's word: the grade stands. Whoever passed is done; whoever failed has the cycle's working days to
    remedy, counted from tomorrow (open-ended while the calendar of a year on the way is not known).

    Raises TwoPersons, AppraisalMoved.
    """
    if appraisal.proposed_by == actor.id:
        raise TwoPersons(_("Whoever proposed this may not confirm it: a second person must."))
    if appraisal.grade == Grade.FAIL:
        until = remedy_end(appraisal.cycle, localdate(now))
        _move(appraisal, [State.PROPOSED], State.REMEDY, actor, now, confirmed_by=actor.id, remedy_until=until)
        tell_appraisal(appraisal, "remedy", now=now)
        return appraisal
    _move(appraisal, [State.PROPOSED], State.CLOSED, actor, now, confirmed_by=actor.id, outcome=Outcome.STAYS, closed_at=now)
    tell_appraisal(appraisal, "closed", now=now)
    _close_when_all_are(appraisal.cycle, now)
    return appraisal


@action("bases.appraisal.return_grade", requires=policies.can_confirm_grade)
def return_grade(appraisal: Appraisal, *, reason: str, actor: Actor, now: dt.datetime) -> Appraisal:
    """The second person does not agree: back to whoever grades. Raises AppraisalMoved, ReasonMissing."""
    cleared = {"points": None, "grade": "", "opinion": "", "demands": "", "proposed_by": ""}
    return _move(appraisal, [State.PROPOSED], State.HANDED_IN, actor, now, reason=_reason(reason), **cleared)


@action("bases.appraisal.report_remedy", requires=policies.can_fill)
def report_remedy(appraisal: Appraisal, *, report: str, evidence: StoredFile | None, actor: Actor, now: dt.datetime) -> Appraisal:
    """What the base put right. Raises AppraisalMoved, ValueRefused; after the last day as well, which is said."""
    if not report.strip():
        raise ValueRefused("report", _("Report: say what was put right, point by point."))
    if appraisal.remedy_until is not None and localdate(now) > appraisal.remedy_until:
        raise ValueRefused(
            "report", _("The days to remedy ended on %(day)s. Speak with the office.") % {"day": appraisal.remedy_until}
        )
    _move(
        appraisal, [State.REMEDY], State.REMEDIED, actor, now,
        reason=report.strip(), remedy_report=report.strip(), remedy_file=evidence,
    )  # fmt: skip
    tell_office(appraisal, "remedied", {Role.CLERK, Role.REVIEWER}, now=now)
    return appraisal


@action("bases.appraisal.check_remedy", requires=policies.can_grade)
def check_remedy(appraisal: Appraisal, *, remedied: bool, reason: str, actor: Actor, now: dt.datetime) -> Appraisal:
    """The check after the remedies. Remedied: the base stays. Not remedied, or nothing reported by the last day: its withdrawal
    is proposed, which a second person confirms. Raises AppraisalMoved, ReasonMissing."""
    reason = _reason(reason)
    lapsed = appraisal.state == State.REMEDY and appraisal.remedy_until is not None and localdate(now) > appraisal.remedy_until
    if remedied and appraisal.state == State.REMEDY:
        raise _moved(appraisal)
    allowed = [State.REMEDIED, State.REMEDY] if lapsed else [State.REMEDIED]
    outcome = Outcome.REMEDIED if remedied else Outcome.EXIT
    _move(appraisal, allowed, State.CLOSED, actor, now, reason=reason, outcome=outcome, closed_at=now)
    if not remedied and appraisal.base.is_in_force:
        propose_act(appraisal.base, kind=BaseAct.Kind.WITHDRAW, reason=reason, appraisal=appraisal, actor=actor, now=now)
    tell_appraisal(appraisal, "closed", now=now)
    _close_when_all_are(appraisal.cycle, now)
    return appraisal


def fix_remedy_ends(years: Sequence[int], *, actor: Actor, now: dt.datetime) -> int:
    """When the calendar of a year becomes known: the last day of remedies that were open-ended. Plugged into
    ``calendar_changed``; returns how many. Runs inside the act under way."""
    fixed = 0
    for appraisal in Appraisal.objects.filter(state=State.REMEDY, remedy_until__isnull=True).select_related("cycle", "base"):
        begun = appraisal.steps.filter(state_to=State.REMEDY).aggregate(at=Max("at"))["at"]
        until = remedy_end(appraisal.cycle, localdate(begun or now))
        if until is None:
            continue
        before = snapshot(appraisal)
        appraisal.remedy_until = until
        appraisal.save(update_fields=["remedy_until"])
        note([Line.about("bases.appraisal.fix_remedy", appraisal, before=before, after=snapshot(appraisal))])
        tell_appraisal(appraisal, "remedy", now=now)
        fixed += 1
    return fixed


def remedy_end(cycle: AppraisalCycle, asked_on: dt.date) -> dt.date | None:
    """The last day to remedy: so many working days after the day it was asked."""
    return nth_working_day(asked_on + dt.timedelta(days=1), cycle.remedy_days)


def indicator_of(appraisal: Appraisal, code: str) -> Indicator:
    """Raises KeyError."""
    return {item.code: item for item in read_indicators(appraisal.cycle.indicators)}[code]


def _held(appraisal: Appraisal, state: str) -> Appraisal:
    """The appraisal as it stands, its row taken: nobody moves it until this act is done. Raises AppraisalMoved where it is not in
    this state."""
    held = Appraisal.objects.filter(pk=appraisal.pk, state=state).update(state=state)
    fresh = Appraisal.objects.select_related("cycle", "base").get(pk=appraisal.pk)
    if not held:
        raise _moved(fresh)
    return fresh


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise ReasonMissing(_("Reason: say why, in a sentence. The base reads it."))
    return reason


def _moved(appraisal: Appraisal) -> AppraisalMoved:
    return AppraisalMoved(_("This can’t be done now: the appraisal is %(state)s.") % {"state": appraisal.get_state_display()})


def _move(
    appraisal: Appraisal,
    sources: Sequence[str],
    to: str,
    actor: Actor,
    now: dt.datetime,
    *,
    reason: str = "",
    **fields: Any,
) -> Appraisal:
    """One conditional update, then the step. Raises AppraisalMoved where another was faster."""
    source = appraisal.state
    moved = Appraisal.objects.filter(Q(state__in=sources), pk=appraisal.pk).update(state=to, **fields)
    appraisal.refresh_from_db()
    if not moved:
        raise _moved(appraisal)
    _step(appraisal, source, actor, now, reason)
    return appraisal


def _step(appraisal: Appraisal, source: str, actor: Actor, now: dt.datetime, reason: str = "") -> None:
    last = appraisal.steps.aggregate(last=Max("number"))["last"] or 0
    AppraisalStep.objects.create(
        appraisal=appraisal,
        number=last + 1,
        state_from=source,
        state_to=appraisal.state,
        at=now,
        actor=actor.id,
        actor_text=actor.text[:120],
        reason=reason,
    )


def _close_when_all_are(cycle: AppraisalCycle, now: dt.datetime) -> None:
    if not cycle.appraisals.exclude(state=State.CLOSED).exists():
        AppraisalCycle.objects.filter(pk=cycle.pk, state=AppraisalCycle.State.OPEN).update(
            state=AppraisalCycle.State.CLOSED, closed_at=now
        )
