"""How far a unit is, in words: what is there, what it asks for, what is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.hours.models import Sitting
from denggao.engines.hours.rules import coverage, merge
from denggao.foundation.ui.templatetags.dg import moment, number, points
from denggao.systems.university.learning.models import UnitProgress
from denggao.systems.university.learning.queries.steps import length_of
from denggao.systems.university.learning.rules.progress import Aim, UnitState, percent_of
from denggao.systems.university.outlines import OutlineUnit


@dataclass(frozen=True, slots=True)
class There:
    """What there is of a unit, as it is shown. ``attended`` is a share 0–1, None while nobody confirmed it."""

    state: UnitState = UnitState.FRESH
    seconds: int = 0
    coverage: float = 0
    score: float | None = None
    position: int | None = None
    signed: int = 0
    attended: float | None = None
    joined: bool = False


NOTHING = There()


def there_of(row: UnitProgress | None) -> There:
    if row is None:
        return NOTHING
    score = float(row.score) if row.score is not None else None
    return There(UnitState(row.state), row.seconds, row.coverage, score, row.position_seconds)


def with_open(there: There, row: UnitProgress | None, sitting: Sitting, unit: OutlineUnit) -> There:
    """With what an open sitting has earned and is not folded in yet."""
    watched, length = row.watched if row is not None else [], length_of(unit) or sitting.length_seconds or 0
    share = coverage(merge([*watched, *sitting.parts]), length) if sitting.parts else there.coverage
    return replace(
        there,
        state=UnitState.STARTED if there.state is UnitState.FRESH else there.state,
        seconds=there.seconds + sitting.unentered_seconds,
        coverage=max(there.coverage, share),
        position=int(sitting.position_seconds) if sitting.position_seconds is not None else there.position,
    )


def sentence(aim: Aim, there: There, opens_at: dt.datetime | None = None) -> str:
    """The state in a sentence; empty for a unit that is simply open and untouched."""
    if opens_at is not None:
        return _("Opens on %(when)s.") % {"when": moment(opens_at)}
    if there.state is UnitState.DONE:
        return _done(aim, there)
    if there.state is UnitState.WAITING:
        return _("Handed in; waits to be marked.")
    if there.state is UnitState.FRESH:
        return ""
    if aim.by == "watched":
        return _("Played %(share)s of the %(asked)s it asks for.") % _shares(there.coverage, aim.percent)
    if aim.by == "read":
        if not aim.seconds:
            return _("Opened; say that you have read it.")
        return _("Read %(there)s of %(asked)s.") % {"there": minutes(there.seconds), "asked": minutes(aim.seconds)}
    if aim.by == "passed":
        if there.score is None:
            return _("Opened; %(asked)s right answers are asked for.") % {"asked": _percent(aim.percent)}
        return _("Best result %(share)s; %(asked)s are asked for.") % {
            "share": _percent(there.score),
            "asked": _percent(aim.percent),
        }
    if aim.by == "graded":
        if there.score is None:
            return _("Returned to be mended, or not handed in yet.")
        return _("%(points)s points; %(asked)s are asked for. Hand it in again.") % {
            "points": points(there.score),
            "asked": points(aim.points),
        }
    if aim.by == "signed":
        return _("%(there)s of %(asked)s steps signed.") % {"there": there.signed, "asked": len(aim.steps)}
    if there.attended is None:
        return _("You opened the link; the teacher confirms who was there.") if there.joined else ""
    return _("Attended %(share)s of the %(asked)s it asks for.") % _shares(there.attended, aim.percent)


def _done(aim: Aim, there: There) -> str:
    if aim.by == "watched":
        return _("Played %(share)s.") % {"share": _percent(percent_of(there.coverage))}
    if aim.by == "passed" and there.score is not None:
        return _("Passed with %(share)s.") % {"share": _percent(there.score)}
    if aim.by == "graded" and there.score is not None:
        return _("%(points)s points.") % {"points": points(there.score)}
    if aim.by == "signed":
        return _("All steps signed.")
    if aim.by == "attended" and there.attended is not None:
        return _("Attended %(share)s.") % {"share": _percent(percent_of(there.attended))}
    return ""


def asks(aim: Aim) -> str:
    """What completes a unit, said before it is begun."""
    if aim.by == "watched":
        return _("Done once %(asked)s of it are played; a part played twice counts once.") % {"asked": _percent(aim.percent)}
    if aim.by == "read":
        if not aim.seconds:
            return _("Done once you say that you have read it.")
        return _("Done after %(asked)s of reading.") % {"asked": minutes(aim.seconds)}
    if aim.by == "passed":
        return _("Done with %(asked)s right; the best of all goes counts.") % {"asked": _percent(aim.percent)}
    if aim.by == "graded":
        return _("Done with %(asked)s points from whoever marks it.") % {"asked": points(aim.points)}
    if aim.by == "signed":
        return _("Done once an instructor has signed every step.")
    return _("Done once the teacher confirms that you attended %(asked)s of the class.") % {"asked": _percent(aim.percent)}


def _shares(share: float, asked: float) -> dict[str, str]:
    return {"share": _percent(percent_of(share)), "asked": _percent(asked)}


def _percent(value: float) -> str:
    return f"{points(round(value, 1))}%"


def minutes(seconds: int) -> str:
    """12 min · 1 h 5 min; of less than a minute its seconds."""
    if seconds < 60:
        return _("%(number)s s") % {"number": seconds}
    whole = seconds // 60
    if whole < 60:
        return _("%(number)s min") % {"number": number(whole)}
    hours, rest = divmod(whole, 60)
    return (
        _("%(hours)s h %(minutes)s min") % {"hours": number(hours), "minutes": rest}
        if rest
        else _("%(hours)s h") % {"hours": number(hours)}
    )


def beside(unit: OutlineUnit, there: There) -> str:
    """The short word at the end of a line: what is left, or what it takes."""
    if there.state is UnitState.STARTED and unit.completes_by.value == "watched":
        length = length_of(unit)
        if length:
            left = max(int(length * (1 - there.coverage)), 0)
            return _("%(time)s left") % {"time": minutes(max(left, 60))}
    if unit.kind == "check":
        count = len(unit.settings.get("questions") or ())
        return ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}
    if unit.kind == "practical":
        count = len(unit.settings.get("steps") or ())
        return ngettext("%(count)s step", "%(count)s steps", count) % {"count": count}
    return minutes(unit.minutes * 60) if unit.minutes else ""


def clock_of(second: int | None) -> str:
    """04:12 · 1:04:12, a place in a film."""
    if second is None:
        return ""
    whole, rest = divmod(second, 60)
    hours, least = divmod(whole, 60)
    return f"{hours}:{least:02d}:{rest:02d}" if hours else f"{least:02d}:{rest:02d}"
