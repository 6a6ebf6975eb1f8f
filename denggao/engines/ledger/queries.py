"""What the board reads. Figures of today's knowledge come from the roll-ups, with the days of a month that is not over
taken from the entries; "as it was known on" a day comes from the entries alone. Results are kept in the cache under the
ledger's version, so a warm read costs one small query."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Max, QuerySet, Sum
from django.utils.translation import get_language

from denggao.engines.ledger.disclosure import Period, public_periods, withhold, withhold_nested
from denggao.engines.ledger.models import Entry, Rollup, Standing, head_column
from denggao.engines.ledger.registry import known_rules, rule_named
from denggao.engines.ledger.rules import TOTAL, month_of, next_month, roll_up, says_the_same
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Goal, Plan, ProofGrade
from denggao.foundation.standards.ladder import LADDER
from denggao.foundation.standards.models import Industry, Occupation

T = TypeVar("T")
SHANGHAI = ZoneInfo("Asia/Shanghai")
CACHE_SECONDS = 24 * 3600
DIMENSIONS = ("industry", "occupation", "level", "employer", "month", "proof", "year")
_COLUMNS = {
    "industry": "industry",
    "occupation": "occupation_id",
    "level": "level",
    "employer": "employer_id",
    "proof": "proof",
    TOTAL: None,
}


def version(plan: Plan) -> str:
    """Changes whenever anything the board shows may have changed, names of bodies and occupations aside."""
    newest = Entry.objects.aggregate(newest=Max("id"))["newest"] or 0
    return f"{plan.pk}.{int(plan.loaded_at.timestamp())}.{newest}"


def _cached(key: str, make: Callable[[], T]) -> T:
    kept = cache.get(key)
    if kept is None:
        kept = (make(),)
        cache.set(key, kept, CACHE_SECONDS)
    return kept[0]  # type: ignore[no-any-return]  # the cache gives Any


def end_of(day: dt.date) -> dt.datetime:
    """The first moment of the day after, in Shanghai."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)


def known_entries(goals: Iterable[int], *, as_of: dt.date, known_on: dt.date | None) -> QuerySet[Entry]:
    """Entries and reversals of events up to ``as_of`` that were known at the end of ``known_on`` (None: now)."""
    entries = Entry.objects.filter(goal_id__in=list(goals), happened_on__lte=as_of)
    return entries.filter(known_at__lt=end_of(known_on)) if known_on else entries


def _by_month(
    goals: Iterable[int], dimension: str, *, as_of: dt.date, known_on: dt.date | None
) -> dict[int, dict[str, Counter[dt.date]]]:
    """Net heads by goal id, value and month of the event."""
    found: dict[int, dict[str, Counter[dt.date]]] = defaultdict(lambda: defaultdict(Counter))
    column = _COLUMNS[dimension]
    goals = list(goals)
    whole_month = next_month(as_of) - dt.timedelta(days=1) == as_of
    if known_on is None:
        upto = next_month(as_of) if whole_month else month_of(as_of)
        rows = Rollup.objects.filter(goal_id__in=goals, dimension=dimension, month__lt=upto, net__gt=0)
        for goal, value, month, net in rows.values_list("goal_id", "value", "month", "net"):
            found[goal][value][month] += net
        entries = (
            Entry.objects.none() if whole_month else known_entries(goals, as_of=as_of, known_on=None).filter(happened_on__gte=upto)
        )
    else:
        entries = known_entries(goals, as_of=as_of, known_on=known_on)
    if entries.query.is_empty():
        return found
    names = ["goal_id", "happened_on", *([column] if column else [])]
    for goal, day, *rest, net in entries.values_list(*names).annotate(net=Sum("sign")).order_by():
        if net:
            found[goal][str(rest[0] or "") if rest else ""][month_of(day)] += net
    return found


@dataclass(frozen=True)
class Forecast:
    """Where the goal ends if the pace of the last twelve months (or of all months, if fewer) goes on. An estimate."""

    at_end: int
    shortfall: int
    pace_a_month: float


@dataclass(frozen=True)
class GoalFigures:
    """``by_year`` holds every year of the plan, in order; a year is None where it is withheld from the public."""

    goal: Goal
    target: int
    count: int
    by_year: dict[int, int | None]
    yearly_targets: dict[int, int]
    forecast: Forecast | None

    @property
    def share(self) -> float:
        return self.count / self.target if self.target else 0.0

    @property
    def missing(self) -> int:
        return max(self.target - self.count, 0)


@dataclass(frozen=True)
class Board:
    plan: Plan
    as_of: dt.date
    known_on: dt.date | None
    public: bool
    goals: list[GoalFigures]
    distinct_people: int
    summed_people: int
    last_proven_at: dt.datetime | None

    def of(self, code: str) -> GoalFigures:
        """Raises KeyError."""
        return {figures.goal.code: figures for figures in self.goals}[code]


def board_of(plan: Plan, *, as_of: dt.date, known_on: dt.date | None = None, public: bool = False) -> Board:
    """The plan's numbers against their targets."""
    key = f"ledger.board.{version(plan)}.{as_of}.{known_on}.{public}"
    return _cached(key, lambda: _board_of(plan, as_of, known_on, public))


def _board_of(plan: Plan, as_of: dt.date, known_on: dt.date | None, public: bool) -> Board:
    goals = list(plan.goals.prefetch_related("yearly_targets"))
    months = _by_month([goal.pk for goal in goals], TOTAL, as_of=as_of, known_on=known_on)
    figures = [_figures(goal, plan, months[goal.pk].get("", Counter()), as_of, public) for goal in goals]
    people = [item for item in figures if item.goal.unit == Goal.Unit.PERSON]
    entries = known_entries([goal.pk for goal in goals], as_of=as_of, known_on=known_on)
    return Board(
        plan=plan,
        as_of=as_of,
        known_on=known_on,
        public=public,
        goals=figures,
        distinct_people=_distinct_people([item.goal.pk for item in people if item.count], as_of, known_on, people),
        summed_people=sum(item.count for item in people),
        last_proven_at=entries.order_by("-id").values_list("known_at", flat=True).first(),
    )


def _distinct_people(goals: list[int], as_of: dt.date, known_on: dt.date | None, figures: list[GoalFigures]) -> int:
    if len(goals) < 2:
        return sum(item.count for item in figures)
    return (
        known_entries(goals, as_of=as_of, known_on=known_on)
        .values("person_id", "goal_id")
        .annotate(net=Sum("sign"))
        .filter(net__gt=0)
        .values("person_id")
        .distinct()
        .count()
    )


def _figures(goal: Goal, plan: Plan, months: Counter[dt.date], as_of: dt.date, public: bool) -> GoalFigures:
    years = {year: sum(net for month, net in months.items() if month.year == year) for year in plan.years}
    outside = sum(net for month, net in months.items() if month.year not in years)
    hidden = _hidden_years(goal, years) if public else set()
    return GoalFigures(
        goal=goal,
        target=goal.target,
        count=sum(years.values()) + outside,
        by_year={year: None if year in hidden else count for year, count in years.items()},
        yearly_targets={item.year: item.target for item in goal.yearly_targets.all()},
        forecast=_forecast(goal, plan, months, as_of),
    )


def _hidden_years(goal: Goal, years: dict[int, int]) -> set[int]:
    if goal.unit == Goal.Unit.BODY:
        return set()
    return {int(year) for year in withhold({str(year): count for year, count in years.items()})}


def _forecast(goal: Goal, plan: Plan, months: Counter[dt.date], as_of: dt.date) -> Forecast | None:
    if as_of >= plan.last_day or as_of < plan.first_day or goal.unit == Goal.Unit.BODY or not months:
        return None
    since = max(plan.first_day, month_of(as_of).replace(year=as_of.year - 1))
    elapsed = (as_of - since).days + 1
    recent = sum(net for month, net in months.items() if month >= since)
    pace = recent / elapsed
    at_end = sum(months.values()) + round(pace * (plan.last_day - as_of).days)
    return Forecast(at_end=at_end, shortfall=max(goal.target - at_end, 0), pace_a_month=round(pace * 30.4, 1))


@dataclass(frozen=True)
class Cell:
    """One value of a dimension. ``count`` is None where withheld from the public; ``value`` is a code or id as text."""

    value: str
    label_zh: str
    label_en: str
    count: int | None

    @property
    def label(self) -> str:
        return self.label_en if self.label_en and (get_language() or "").startswith("en") else self.label_zh


def breakdown(goal: Goal, dimension: str, *, as_of: dt.date, known_on: dt.date | None = None, public: bool = False) -> list[Cell]:
    """A goal's heads by one dimension: industries in the plan's order, levels up the ladder, years and months in order,
    others by count. Values without heads are shown where the list of values is closed (industry, level, proof, year)."""
    if dimension not in DIMENSIONS:
        raise ValueError(dimension)
    key = f"ledger.breakdown.{version(goal.plan)}.{goal.pk}.{dimension}.{as_of}.{known_on}.{public}"
    return _cached(key, lambda: _breakdown(goal, dimension, as_of, known_on, public))


def _breakdown(goal: Goal, dimension: str, as_of: dt.date, known_on: dt.date | None, public: bool) -> list[Cell]:
    if dimension in {"month", "year"}:
        return _breakdown_by_time(goal, dimension, as_of, known_on, public)
    counts = _counts(goal, dimension, as_of, known_on)
    hidden: set[str] = set()
    if public and goal.unit == Goal.Unit.PERSON:
        hidden = _hidden_employers(goal, counts, as_of, known_on) if dimension == "employer" else withhold(counts)
    cells = [
        Cell(shown, zh, en, None if value in hidden else counts.get(value, 0))
        for value, shown, zh, en in _labels(goal, dimension, counts)
    ]
    if dimension in {"occupation", "employer"}:
        cells.sort(key=lambda cell: (cell.count is None, -(cell.count or 0), cell.label_zh))
    return cells


def _counts(goal: Goal, dimension: str, as_of: dt.date, known_on: dt.date | None) -> dict[str, int]:
    months = _by_month([goal.pk], dimension, as_of=as_of, known_on=known_on)[goal.pk]
    totals = {value: sum(nets.values()) for value, nets in months.items()}
    return {value: count for value, count in totals.items() if count}


def _hidden_employers(goal: Goal, counts: dict[str, int], as_of: dt.date, known_on: dt.date | None) -> set[str]:
    industries = _counts(goal, "industry", as_of, known_on)
    of_employer = dict(
        Organisation.objects.filter(pk__in=[int(value) for value in counts if value]).values_list("pk", "industry__code")
    )
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for value, count in counts.items():
        groups[(of_employer.get(int(value)) if value else None) or ""][value] = count
    return withhold_nested(groups, withhold(industries))


def _labels(goal: Goal, dimension: str, counts: dict[str, int]) -> list[tuple[str, str, str, str]]:
    """(stored value, public value, Chinese, English) of each value to show, in order."""
    if dimension == "industry":
        known = list(goal.plan.industries.order_by("planindustry__position"))
        others = Industry.objects.filter(code__in=set(counts) - {item.code for item in known} - {""})
        shown = [(item.code, item.code, item.name_zh, item.name_en) for item in [*known, *others]]
        return shown + ([("", "other", "其他", "Other")] if "" in counts else [])
    if dimension == "level":
        levels = [level for level in LADDER if level.code in counts or level.code in "54321"]
        return [(level.code, level.code, level.name_zh, level.name_en) for level in levels]
    if dimension == "proof":
        return [(grade.value, grade.value, *_PROOF[grade]) for grade in ProofGrade]
    ids = [int(value) for value in counts if value]
    if dimension == "occupation":
        occupations = Occupation.objects.filter(pk__in=ids).values_list("pk", "code", "name_zh", "name_en")
        return [(str(pk), code, zh, en) for pk, code, zh, en in occupations]
    bodies = Organisation.objects.filter(pk__in=ids).values_list("pk", "public_id", "name_zh", "name_en")
    return [(str(pk), str(public_id), zh, en) for pk, public_id, zh, en in bodies]


_PROOF = {
    ProofGrade.DECLARED: ("表格申报", "Declared"),
    ProofGrade.DOCUMENTED: ("扫描件比对", "Documented"),
    ProofGrade.CONFIRMED: ("发证方确认", "Confirmed"),
}


def _breakdown_by_time(goal: Goal, dimension: str, as_of: dt.date, known_on: dt.date | None, public: bool) -> list[Cell]:
    if dimension == "year":
        figures = board_of(goal.plan, as_of=as_of, known_on=known_on, public=public).of(goal.code)
        return [Cell(str(year), f"{year}年", str(year), count) for year, count in figures.by_year.items()]
    return [
        Cell(f"{point.start:%Y-%m}", _span(point, "{0}年{1}月"), _span(point, "{0}-{1:02d}"), point.new)
        for point in curve(goal, as_of=as_of, known_on=known_on, public=public)
    ]


def _span(point: Period, shape: str) -> str:
    first, last = shape.format(point.start.year, point.start.month), shape.format(point.end.year, point.end.month)
    return first if first == last else f"{first}–{last}"


def curve(goal: Goal, *, as_of: dt.date, known_on: dt.date | None = None, public: bool = False) -> list[Period]:
    """Heads by month from the plan's first month to ``as_of``, new and cumulative. For the public, months are joined
    until none holds fewer than five."""
    key = f"ledger.curve.{version(goal.plan)}.{goal.pk}.{as_of}.{known_on}.{public}"
    return _cached(key, lambda: _curve(goal, as_of, known_on, public))


def _curve(goal: Goal, as_of: dt.date, known_on: dt.date | None, public: bool) -> list[Period]:
    plan = goal.plan
    counted = _by_month([goal.pk], TOTAL, as_of=as_of, known_on=known_on)[goal.pk].get("", Counter())
    last = min(as_of, plan.last_day)
    months: dict[dt.date, int] = {}
    month = plan.first_day
    while month <= last:
        months[month] = counted.get(month, 0)
        month = next_month(month)
    if public and goal.unit == Goal.Unit.PERSON:
        years: Counter[int] = Counter()
        for month, net in months.items():
            years[month.year] += net
        return public_periods(months, _hidden_years(goal, dict(years)))
    periods, running = [], 0
    for month, net in months.items():
        running += net
        periods.append(Period(month, next_month(month) - dt.timedelta(days=1), net, running))
    return periods


def release_dates(plan: Plan, *, today: dt.date) -> list[dt.date]:
    """The as-of dates the public may choose, newest first: ends of periods, for every goal at once, whose numbers can be
    told beside each other; and today."""
    goals = plan.goals.filter(unit=Goal.Unit.PERSON).select_related("plan")
    common: set[dt.date] | None = None
    for goal in goals:
        points = curve(goal, as_of=today, public=True)
        if any(point.new for point in points) or any(point.new is None for point in points):
            ends = {point.end for point in points if point.cumulative is not None and point.end < today}
            common = ends if common is None else common & ends
    return [today, *sorted(common or set(), reverse=True)]


def heads(goal: Goal, *, as_of: dt.date, known_on: dt.date | None = None) -> QuerySet[Entry]:
    """The entries that count at ``as_of``, with what was known at the end of ``known_on`` (None: now)."""
    if known_on is None:
        return Entry.objects.filter(goal=goal, standing__isnull=False, happened_on__lte=as_of)
    reversed_then = Entry.objects.filter(goal=goal, sign=-1, known_at__lt=end_of(known_on)).values("reverses_id")
    return known_entries([goal.pk], as_of=as_of, known_on=known_on).filter(sign=1).exclude(pk__in=reversed_then)


@dataclass(frozen=True)
class Because:
    """``reason`` is ``later_known`` (entered after that day) or an Entry.Reason of what was taken back since."""

    reason: str
    count: int


@dataclass(frozen=True)
class Difference:
    """What that day's number was, what the same date gives today, and why they differ."""

    then: int
    now: int
    because: list[Because]


def difference(goal: Goal, *, as_of: dt.date, known_on: dt.date) -> Difference:
    key = f"ledger.difference.{version(goal.plan)}.{goal.pk}.{as_of}.{known_on}"
    return _cached(key, lambda: _difference(goal, as_of, known_on))


def _difference(goal: Goal, as_of: dt.date, known_on: dt.date) -> Difference:
    head = head_column(goal)
    then_heads = dict(heads(goal, as_of=as_of, known_on=known_on).values_list(head, "id"))
    now_heads = dict(heads(goal, as_of=as_of).values_list(head, "id"))
    gone = [entry for one, entry in then_heads.items() if one not in now_heads]
    reasons: Counter[str] = Counter()
    reasons["later_known"] = sum(1 for one in now_heads if one not in then_heads)
    taken_back = Entry.objects.filter(goal=goal, sign=-1, happened_on__lte=as_of, known_at__gte=end_of(known_on))
    why = dict(taken_back.values_list("reverses_id", "reason"))
    for entry in gone:
        reasons[why.get(entry, Entry.Reason.FACTS_CHANGED)] += 1
    return Difference(
        len(then_heads), len(now_heads), [Because(reason, count) for reason, count in sorted(reasons.items()) if count]
    )


@dataclass(frozen=True)
class Problem:
    """One thing ``rebuild_ledger --check`` found."""

    goal: str
    what: str
    head: str
    expected: str
    found: str


def check_plan(plan: Plan) -> list[Problem]:
    """Derive every head again from source facts, and the roll-ups from entries; every difference, none if all agrees."""
    problems: list[Problem] = []
    for goal in plan.goals.filter(counting_rule__in=known_rules()).select_related("plan"):
        rule = rule_named(goal.counting_rule)
        standing = {
            row.head_id: row.entry
            for row in Standing.objects.filter(goal=goal)
            .exclude(**{head_column(goal): None})
            .select_related("entry", "entry__person", "entry__organisation")
            .iterator(chunk_size=2000)
            if row.entry
        }
        claims = rule.claims(goal, sorted({*rule.all_heads(goal), *standing}))
        for head in sorted({*claims, *standing}):
            entry, claim = standing.get(head), claims.get(head)
            if entry is not None and claim is not None and says_the_same(entry, claim):
                continue
            expected = f"{claim.happened_on} {claim.evidence_id}" if claim else "does not count"
            found = f"{entry.happened_on} {entry.evidence_id}" if entry else "not counted"
            problems.append(Problem(goal.code, "head", _public_id(entry) if entry else str(head), expected, found))
        problems += _unbalanced(goal, standing)
        problems += _rollup_problems(goal, roll_up(Entry.objects.filter(goal=goal).iterator(chunk_size=5000)))
    return problems


def _public_id(entry: Entry) -> str:
    head = entry.person or entry.organisation
    return str(head.public_id) if head else ""


def _unbalanced(goal: Goal, standing: dict[int, Entry]) -> list[Problem]:
    """Entries in force must be the standing ones, one a head."""
    reversed_ids = Entry.objects.filter(goal=goal, sign=-1).values("reverses_id")
    in_force = Entry.objects.filter(goal=goal, sign=1).exclude(**{head_column(goal): None}).exclude(pk__in=reversed_ids)
    known = {entry.pk for entry in standing.values()}
    problems = []
    seen = set()
    for pk, public_id in in_force.values_list("pk", "public_id").iterator(chunk_size=5000):
        seen.add(pk)
        if pk not in known:
            problems.append(Problem(goal.code, "entry", str(public_id), "reversed or standing", "in force without standing"))
    problems += [
        Problem(goal.code, "entry", str(entry.public_id), "in force", "standing but reversed")
        for entry in standing.values()
        if entry.pk not in seen
    ]
    return problems


def _rollup_problems(goal: Goal, expected: Counter[tuple[int, str, str, dt.date]]) -> list[Problem]:
    stored = {
        (row.goal_id, row.dimension, row.value, row.month): row.net
        for row in Rollup.objects.filter(goal=goal).iterator(chunk_size=5000)
    }
    return [
        Problem(goal.code, "rollup", f"{key[1]}={key[2] or '-'} {key[3]:%Y-%m}", str(expected.get(key, 0)), str(stored.get(key, 0)))
        for key in sorted({*expected, *stored})
        if expected.get(key, 0) != stored.get(key, 0)
    ]
