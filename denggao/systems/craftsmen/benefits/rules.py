"""What the settlement rules say of given facts, step by step. Pure: no database, no clock.

Sources: the Lingang notice of 2019-11-20 as reported (rules.md §2, S35, S36, B); points of skill levels as reported (S37, B for
level five, C for the others and for the standard score). Neither text nor number of a document was seen: nothing here is law, each
step says so, and whoever decides is the authority. What the platform can't know is asked, or stays unverified: never a pass.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

AREA_PER_YEAR, AREA_AFTER, AREA_MOST = (
    "benefits.area_points_per_year", "benefits.area_points_after_years", "benefits.area_points_most",
)  # fmt: skip
HUKOU_YEARS, HUKOU_AREA_YEARS, HUKOU_AREA_LEAST = "benefits.hukou_years", "benefits.hukou_area_years", "benefits.hukou_area_least"
HUKOU_CORE_YEARS, HUKOU_CORE_LEAST = "benefits.hukou_core_years", "benefits.hukou_core_least"
PROMISE_YEARS, DIRECT_CORE_YEARS = "benefits.promise_years", "benefits.direct_core_years"
DIRECT_SCARCE, DIRECT_HIGH, GAP_BREAKS = "benefits.direct_scarce", "benefits.direct_high", "benefits.gap_breaks"
SKILL_MOST, POINTS_STANDARD = "benefits.skill_most", "benefits.points_standard"
SKILL_LEVELS = ("5", "4", "3", "2", "1")
SKILL: dict[str, str] = {level: f"benefits.skill_{level}" for level in SKILL_LEVELS}
KEYS = (
    AREA_PER_YEAR, AREA_AFTER, AREA_MOST, HUKOU_YEARS, HUKOU_AREA_YEARS, HUKOU_AREA_LEAST, HUKOU_CORE_YEARS, HUKOU_CORE_LEAST,
    PROMISE_YEARS, DIRECT_CORE_YEARS, DIRECT_SCARCE, DIRECT_HIGH, GAP_BREAKS, SKILL_MOST, *SKILL.values(), POINTS_STANDARD,
)  # fmt: skip
BACHELOR = frozenset({"bachelor", "master"})


class Source(models.TextChoices):
    """Where something taken comes from."""

    PLATFORM = "platform", pgettext_lazy("source of a fact", "known to the platform")
    DECLARED = "declared", pgettext_lazy("source of a fact", "as you say")
    UNVERIFIED = "unverified", pgettext_lazy("source of a fact", "not verified")


class Verdict(models.TextChoices):
    """What a step says. There is no pass: that is the authority's word."""

    MET = "met", pgettext_lazy("verdict of a step", "met by what the platform knows")
    DECLARED = "declared", pgettext_lazy("verdict of a step", "met as you say; to be proven")
    NOT_YET = "not_yet", pgettext_lazy("verdict of a step", "not yet")
    NO = "no", pgettext_lazy("verdict of a step", "not met")
    UNVERIFIED = "unverified", pgettext_lazy("verdict of a step", "not verified")


@dataclass(frozen=True)
class Rule:
    """A rule value as a step shows it."""

    key: str
    value: Decimal
    unit: str
    document: str
    clause: str
    valid_from: dt.date
    confidence: str


Rules = Mapping[str, Rule]


@dataclass(frozen=True)
class Span:
    """Work from ``first`` to ``last``, both included; None where it goes on. ``in_area``: None is not known, and does not count."""

    first: dt.date
    last: dt.date | None
    where: str
    in_area: bool | None = True


@dataclass(frozen=True)
class Level:
    """A level certificate. ``in_shanghai`` and ``fits_post``: None is not known."""

    level: str
    issued_on: dt.date
    number: str = ""
    in_shanghai: bool | None = None
    fits_post: bool | None = None
    is_proven: bool = False
    name: str = ""


@dataclass(frozen=True)
class Said:
    """What only the person can say; None is not said."""

    lives_since: dt.date | None = None
    permit_since: dt.date | None = None
    education: str = ""
    core_talent: bool | None = None
    key_institution: bool | None = None
    scarce_skill: bool | None = None
    promise: bool | None = None
    other_points: int | None = None


@dataclass(frozen=True)
class Facts:
    """All that is taken, as of the beginning of ``on``: that day itself does not count yet."""

    on: dt.date
    spans: Sequence[Span] = ()
    levels: Sequence[Level] = ()
    said: Said = Said()


@dataclass(frozen=True)
class Taken:
    label: str
    value: str
    source: str

    @property
    def source_words(self) -> str:
        return str(Source(self.source).label)


@dataclass(frozen=True)
class Step:
    """One step: what was taken, by which rules, the reckoning in words, and what comes of it. ``due_on`` is when it will be
    reached if everything stays as it is."""

    code: str
    title: str
    verdict: str
    taken: tuple[Taken, ...]
    rules: tuple[Rule, ...]
    reckoning: str
    result: str
    due_on: dt.date | None = None

    @property
    def verdict_words(self) -> str:
        return str(Verdict(self.verdict).label)


@dataclass(frozen=True)
class Answer:
    """The steps in order and what they come to. ``certain`` are points that rest on no guess, where points are asked."""

    code: str
    verdict: str
    headline: str
    steps: tuple[Step, ...]
    next_step: str = ""
    due_on: dt.date | None = None
    certain: int | None = None


# Days and years


def shifted(day: dt.date, years: int) -> dt.date:
    """So many years later; of a 29 February in a common year the 1 March: the year is full only then."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def full_years(first: dt.date, end: dt.date) -> int:
    """How many years lie wholly between the beginning of one day and that of another; 0 where it lies before."""
    if end <= first:
        return 0
    years = end.year - first.year
    return years if shifted(first, years) <= end else years - 1


@dataclass(frozen=True)
class Counted:
    """Days that count, gaps left out. ``since`` is the day from which they would run to ``until`` without a gap."""

    days: int = 0
    gap_days: int = 0
    since: dt.date | None = None
    until: dt.date | None = None
    goes_on: bool = False

    @property
    def years(self) -> int:
        return full_years(self.since, self.until) if self.since and self.until else 0

    @property
    def rest_days(self) -> int:
        """Days beyond the full years."""
        return (self.until - shifted(self.since, self.years)).days if self.since and self.until else 0

    def reaches(self, years: int) -> dt.date | None:
        """The day on which so many years are full, if it goes on; None where it does not."""
        if self.since is None or (not self.goes_on and self.years < years):
            return None
        return shifted(self.since, years)


def count_days(spans: Iterable[Span], lives_since: dt.date | None, on: dt.date, *, gap_breaks: bool) -> Counted:
    """Days up to ``on`` on which somebody both worked and lived in the area. Where a gap breaks, only the last unbroken run counts;
    else the days of gaps are left out and the others go on counting."""
    if lives_since is None:
        return Counted()
    pieces = sorted((max(span.first, lives_since), _end(span, on)) for span in spans if span.in_area)
    runs: list[list[dt.date]] = []
    for first, end in pieces:
        if end <= first:
            continue
        if runs and first <= runs[-1][1]:
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([first, end])
    if not runs:
        return Counted()
    if gap_breaks:
        runs = runs[-1:]
    days = sum((end - first).days for first, end in runs)
    until = runs[-1][1]
    return Counted(
        days=days,
        gap_days=(until - runs[0][0]).days - days,
        since=until - dt.timedelta(days=days),
        until=until,
        goes_on=any(span.in_area and span.first < on and (span.last is None or span.last >= on) for span in spans) and until == on,
    )


def _end(span: Span, on: dt.date) -> dt.date:
    return on if span.last is None else min(on, span.last + dt.timedelta(days=1))


def span_words(counted: Counted) -> str:
    if counted.since is None:
        return "—"
    years = ngettext("%(count)s full year", "%(count)s full years", counted.years) % {"count": counted.years}
    rest = ngettext("%(count)s day", "%(count)s days", counted.rest_days) % {"count": counted.rest_days}
    return _("%(years)s and %(days)s") % {"years": years, "days": rest}


def area_step(facts: Facts, rules: Rules) -> tuple[Step, Counted]:
    """How long somebody has worked and lived in the area. Rests on what the person says: the platform knows no homes."""
    said, breaks = facts.said, bool(rules[GAP_BREAKS].value)
    counted = count_days(facts.spans, said.lives_since, facts.on, gap_breaks=breaks)
    taken = [_span_taken(span) for span in facts.spans]
    taken.append(Taken(_("Lives in the area since"), _day(said.lives_since), _said(said.lives_since)))
    if said.lives_since is None:
        verdict, result = Verdict.UNVERIFIED, _("Say since when you live in the area: without it nothing counts.")
    elif not facts.spans:
        verdict, result = Verdict.UNVERIFIED, _("No employment is known here. Ask your employer’s HR to list you on its roster.")
    else:
        verdict, result = Verdict.DECLARED, span_words(counted)
    gap = _("Days between employments do not count: %(days)s.") % {"days": counted.gap_days} if counted.gap_days else ""
    reckoning = _("Days that are work and home in the area at once, up to the day before %(on)s: %(days)s.") % {
        "on": facts.on.isoformat(), "days": counted.days,
    }  # fmt: skip
    step = Step(
        "area_years", _("Years of work and home in the area"), verdict, tuple(taken), (rules[GAP_BREAKS],),
        f"{reckoning} {gap}".strip(), result,
    )  # fmt: skip
    return step, counted


def points(facts: Facts, rules: Rules) -> Answer:
    """Points of the residence permit, as far as they are reckoned here: years in the area, skill level, what else is said."""
    years, counted = area_step(facts, rules)
    area, area_certain = _area_points(years, counted, rules)
    skill, skill_certain, skill_possible = _skill_points(facts, rules)
    other = facts.said.other_points
    certain = area_certain + skill_certain + (other or 0)
    standard = int(rules[POINTS_STANDARD].value)
    taken = (
        Taken(_("Points for the area"), str(area_certain), Source.DECLARED if area_certain else Source.PLATFORM),
        Taken(_("Points for the skill level"), str(skill_certain), Source.PLATFORM if skill_certain else Source.UNVERIFIED),
        Taken(_("Points of all other items"), "—" if other is None else str(other), _said(other)),
    )
    reckoning = _("%(area)s + %(skill)s + %(other)s = %(sum)s") % {
        "area": area_certain, "skill": skill_certain, "other": "?" if other is None else other, "sum": certain,
    }  # fmt: skip
    if certain >= standard:
        verdict, result = Verdict.DECLARED, _("The standard score of %(standard)s is reached as you say.") % {"standard": standard}
    elif other is None or certain + skill_possible - skill_certain >= standard or years.verdict == Verdict.UNVERIFIED:
        verdict = Verdict.UNVERIFIED
        result = _(
            "%(sum)s of %(standard)s for what is reckoned here. Age, schooling, insurance and other items are not reckoned; "
            "the authority’s own reckoner knows them."
        ) % {"sum": certain, "standard": standard}
    else:
        verdict = Verdict.NOT_YET
        result = _("%(missing)s more are missing to the standard score of %(standard)s.") % {
            "missing": standard - certain, "standard": standard,
        }  # fmt: skip
    total = Step("points_sum", _("Together"), verdict, taken, (rules[POINTS_STANDARD],), reckoning, result)
    headline = ngettext("%(count)s point", "%(count)s points", certain) % {"count": certain}
    next_step, due = _next_point(counted, rules)
    return Answer("points", verdict, headline, (years, area, skill, total), next_step, due, certain)


def _area_points(years: Step, counted: Counted, rules: Rules) -> tuple[Step, int]:
    per, after, most = (int(rules[key].value) for key in (AREA_PER_YEAR, AREA_AFTER, AREA_MOST))
    used = (rules[AREA_PER_YEAR], rules[AREA_AFTER], rules[AREA_MOST])
    taken = (Taken(_("Full years"), str(counted.years), Source.DECLARED if counted.days else Source.UNVERIFIED),)
    given, title = 0, _("Special points for the area")
    if years.verdict == Verdict.UNVERIFIED:
        return Step("area_points", title, Verdict.UNVERIFIED, taken, used, "—", _("Not reckoned.")), 0
    if counted.years < after:
        reckoning = _("%(years)s full years < %(after)s") % {"years": counted.years, "after": after}
        result = _("None yet: they count from %(after)s full years on.") % {"after": after}
        return Step("area_points", title, Verdict.NOT_YET, taken, used, reckoning, result, counted.reaches(after)), 0
    given = min(counted.years * per, most)
    reckoning = _("%(years)s × %(per)s = %(sum)s, at most %(most)s") % {
        "years": counted.years, "per": per, "sum": counted.years * per, "most": most,
    }  # fmt: skip
    result = ngettext("%(count)s point", "%(count)s points", given) % {"count": given}
    return Step("area_points", title, Verdict.DECLARED, taken, used, reckoning, result), given


def _next_point(counted: Counted, rules: Rules) -> tuple[str, dt.date | None]:
    per, after, most = (int(rules[key].value) for key in (AREA_PER_YEAR, AREA_AFTER, AREA_MOST))
    if counted.since is None or (counted.years >= after and counted.years * per >= most):
        return "", None
    next_years = max(after, counted.years + 1)
    due, gain = counted.reaches(next_years), min(next_years * per, most)
    if due is None:
        return _("Years no longer run: no employment in the area goes on."), None
    return _("%(points)s points for the area once %(years)s years are full.") % {"points": gain, "years": next_years}, due


def _skill_points(facts: Facts, rules: Rules) -> tuple[Step, int, int]:
    """The one highest level counts: earned in Shanghai and matching the post. What of it is not known makes it possible only."""
    taken, used, certain, possible, notes = [], [rules[SKILL_MOST]], 0, 0, []
    most = int(rules[SKILL_MOST].value)
    for one in facts.levels:
        source = Source.PLATFORM if one.is_proven else Source.UNVERIFIED
        taken.append(Taken(one.name or one.level, _level_words(one), source))
        if one.level not in SKILL:
            notes.append(_("%(level)s: no points were found for it.") % {"level": one.name or one.level})
            continue
        rule = rules[SKILL[one.level]]
        used += [rule] if rule not in used else []
        worth = min(int(rule.value), most)
        if one.issued_on > facts.on:
            notes.append(_("%(level)s: issued after this day.") % {"level": one.name or one.level})
        elif one.in_shanghai is False or one.fits_post is False:
            notes.append(_("%(level)s: 0, not earned in Shanghai or not matching the post.") % {"level": one.name or one.level})
        elif one.in_shanghai and one.fits_post and one.is_proven:
            certain, possible = max(certain, worth), max(possible, worth)
        else:
            possible = max(possible, worth)
            notes.append(_("%(level)s: %(worth)s, once proof, place and post are confirmed.") % {
                "level": one.name or one.level, "worth": worth,
            })  # fmt: skip
    if not facts.levels:
        verdict, result = Verdict.UNVERIFIED, _("No level certificate of yours is known here.")
    elif possible > certain:
        verdict = Verdict.UNVERIFIED
        result = _("%(certain)s; up to %(possible)s once it is verified.") % {"certain": certain, "possible": possible}
    else:
        verdict = Verdict.MET if certain else Verdict.NO
        result = ngettext("%(count)s point", "%(count)s points", certain) % {"count": certain}
    reckoning = " ".join(notes) or _("The highest counts, once: %(count)s, at most %(most)s.") % {"count": certain, "most": most}
    return Step("skill", _("Skill level"), verdict, tuple(taken), tuple(used), reckoning, result), certain, possible


# From residence permit to hukou


def years_to_hukou(facts: Facts, rules: Rules) -> Answer:
    """The usual way and the two shorter ones; the shortest that is open says when."""
    years, counted = area_step(facts, rules)
    said, promise = facts.said, rules[PROMISE_YEARS]
    core_title = _("Shortened for core talent of recommended employers")
    ways = [
        _way("hukou_usual", _("As usual"), facts, rules[HUKOU_YEARS], None, Counted(), ()),
        _way(
            "hukou_area", _("Shortened for the area"), facts, rules[HUKOU_AREA_YEARS], rules[HUKOU_AREA_LEAST], counted,
            (_yes(_promise_words(promise), said.promise),), promise,
        ),
        _way(
            "hukou_core", core_title, facts, rules[HUKOU_CORE_YEARS], rules[HUKOU_CORE_LEAST], counted,
            (_yes(_("Core talent of an employer on the recommended list"), said.core_talent),
             _yes(_promise_words(promise), said.promise)), promise,
        ),
    ]  # fmt: skip
    return _best("residence", (years, *ways), ways)


def _way(
    code: str,
    title: str,
    facts: Facts,
    whole: Rule,
    least: Rule | None,
    counted: Counted,
    asks: tuple[Taken, ...],
    *also: Rule,
) -> Step:
    """``whole`` years with a residence permit, at least ``least`` of them in the area."""
    since = facts.said.permit_since
    taken = [Taken(_("Residence permit since"), _day(since), _said(since))]
    if least is not None:
        taken.append(Taken(_("Full years in the area"), str(counted.years), Source.DECLARED if counted.days else Source.UNVERIFIED))
    used = (whole, *([least] if least is not None else []), *also)
    dates: list[dt.date | None] = [shifted(since, int(whole.value)) if since else None]
    if least is not None:
        dates.append(counted.reaches(int(least.value)))
    words = [_("%(years)s years of permit: full on %(day)s.") % {"years": int(whole.value), "day": _day(dates[0])}]
    if least is not None:
        words.append(_("%(years)s years in the area: full on %(day)s.") % {"years": int(least.value), "day": _day(dates[1])})
    verdict, result, due = _judged(facts.on, dates, asks)
    return Step(code, title, verdict, (*taken, *asks), used, " ".join(words), result, due)


def _judged(on: dt.date, dates: Sequence[dt.date | None], asks: Sequence[Taken]) -> tuple[str, str, dt.date | None]:
    """What the days and the questions of a way come to. What is not said is never taken for a yes."""
    if any(each.value == _no_word() for each in asks):
        return Verdict.NO, _("You say that one of the conditions is not met."), None
    known = [each for each in dates if each is not None]
    due = max(known) if len(known) == len(dates) else None
    missing = [each.label for each in asks if each.source == Source.UNVERIFIED]
    if due is None:
        return Verdict.UNVERIFIED, _("Not reckoned: a day is missing, or the years no longer run."), None
    if missing:
        return Verdict.UNVERIFIED, _("Not verified: %(what)s.") % {"what": _("; ").join(missing)}, due
    if due > on:
        return Verdict.NOT_YET, _("On %(day)s, if everything stays as it is.") % {"day": due.isoformat()}, due
    return Verdict.DECLARED, _("The years are full, as you say; the authority verifies and decides."), due


def _best(code: str, steps: tuple[Step, ...], ways: Sequence[Step]) -> Answer:
    ready = [way for way in ways if way.verdict == Verdict.DECLARED]
    coming = sorted((way for way in ways if way.verdict == Verdict.NOT_YET and way.due_on), key=lambda way: str(way.due_on))
    open_ = [way for way in ways if way.verdict == Verdict.UNVERIFIED]
    next_step, due = "", None
    if coming:
        next_step, due = _("%(way)s: reached then.") % {"way": coming[0].title}, coming[0].due_on
    if ready:
        return Answer(code, Verdict.DECLARED, ready[-1].title, steps, "", None)
    if coming:
        return Answer(code, Verdict.NOT_YET, _("On %(day)s") % {"day": coming[0].due_on}, steps, next_step, due)
    verdict = Verdict.UNVERIFIED if open_ else Verdict.NO
    return Answer(code, verdict, _("Not verified") if open_ else _("No way is open"), steps, "", None)


# Direct settlement


def direct_settlement(facts: Facts, rules: Rules) -> Answer:
    """The three ways the notice names. Which level is high, which skill is scarce, which institution is key: no list was seen."""
    years, counted = area_step(facts, rules)
    ways = [_key_institution(facts, rules, counted), _scarce(facts, rules), _high(facts, rules)]
    return _best("settlement", (years, *ways), ways)


def _key_institution(facts: Facts, rules: Rules, counted: Counted) -> Step:
    rule, said = rules[DIRECT_CORE_YEARS], facts.said
    schooling = said.education in BACHELOR if said.education else None
    asks = (
        _yes(_("Core staff of a key institution"), said.key_institution),
        _yes(_("Bachelor’s degree or higher"), schooling),
    )
    due = counted.reaches(int(rule.value))
    taken = Taken(_("Full years in the area"), str(counted.years), Source.DECLARED if counted.days else Source.UNVERIFIED)
    verdict, result, due = _judged(facts.on, [due], asks)
    reckoning = _("%(years)s years in the area: full on %(day)s.") % {"years": int(rule.value), "day": _day(due)}
    return Step("direct_core", _("Core staff of key institutions"), verdict, (taken, *asks), (rule,), reckoning, result, due)


def _scarce(facts: Facts, rules: Rules) -> Step:
    asked = _yes(_("Skill on the list of scarce and urgent ones"), facts.said.scarce_skill)
    title, used = _("Scarce and urgently needed skill"), (rules[DIRECT_SCARCE],)
    if facts.said.scarce_skill is False:
        return Step("direct_scarce", title, Verdict.NO, (asked,), used, "—", _("You say that one of the conditions is not met."))
    result = _("No such list was seen: ask the authority whether your skill is on it.")
    return Step("direct_scarce", title, Verdict.UNVERIFIED, (asked,), used, "—", result)


def _high(facts: Facts, rules: Rules) -> Step:
    held = tuple(
        Taken(one.name or one.level, one.issued_on.isoformat(), Source.PLATFORM if one.is_proven else Source.UNVERIFIED)
        for one in facts.levels
        if one.issued_on <= facts.on
    )
    result = (
        _("Which level is high, no document seen says: ask the authority with your certificate.")
        if held
        else _("No level certificate of yours is known here.")
    )
    return Step("direct_high", _("High skill level"), Verdict.UNVERIFIED, held, (rules[DIRECT_HIGH],), "—", result)


# Words


def place_words(level: Level) -> str:
    if level.in_shanghai is None:
        return _("place not verified")
    return _("earned in Shanghai") if level.in_shanghai else _("earned elsewhere")


def _level_words(level: Level) -> str:
    return " · ".join(filter(None, [level.number, level.issued_on.isoformat(), place_words(level), fit_words(level)]))


def fit_words(level: Level) -> str:
    if level.fits_post is None:
        return _("match with the post not verified")
    return _("matches the post") if level.fits_post else _("another occupation than the post")


def _promise_words(rule: Rule) -> str:
    return _("Written promise to stay at least %(years)s more years") % {"years": int(rule.value)}


def _span_taken(span: Span) -> Taken:
    last = span.last.isoformat() if span.last else _("today")
    where = span.where if span.in_area else _("%(employer)s (in the area? not verified)") % {"employer": span.where}
    return Taken(where, f"{span.first.isoformat()} – {last}", Source.PLATFORM if span.in_area else Source.UNVERIFIED)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else "—"


def _said(value: Any) -> str:
    return Source.UNVERIFIED if value is None or value == "" else Source.DECLARED


def _no_word() -> str:
    return _("no")


def _yes(label: str, value: bool | None) -> Taken:
    """An answer to a question; not said is not verified."""
    return Taken(label, "—" if value is None else _("yes") if value else _no_word(), _said(value))
