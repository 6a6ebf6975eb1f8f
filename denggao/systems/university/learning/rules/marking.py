"""How a self-check is marked, and what a rubric gives."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

SINGLE, MULTIPLE, TRUE_FALSE, NUMBER, TEXT = "single", "multiple", "truefalse", "number", "text"
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Marked:
    """One question's result. ``right`` is all or nothing; ``feedback`` what the author says to this answer."""

    code: str
    right: bool
    answered: bool
    feedback: str = ""


def mark_question(question: Mapping[str, Any], given: Sequence[str]) -> Marked:
    """``given`` are the codes chosen, or what was typed. What can't be understood is wrong, never an error."""
    kind, code = question.get("kind"), str(question.get("code", ""))
    answers = [str(item).strip() for item in given if str(item).strip()]
    if not answers:
        return Marked(code, False, False, str(question.get("feedback") or ""))
    if kind in {SINGLE, MULTIPLE, TRUE_FALSE}:
        return _mark_choice(question, code, answers)
    right = _same_number(question, answers[0]) if kind == NUMBER else _same_text(question, answers[0])
    return Marked(code, right, True, str(question.get("feedback") or ""))


def _mark_choice(question: Mapping[str, Any], code: str, answers: Sequence[str]) -> Marked:
    choices = [choice for choice in question.get("choices") or () if isinstance(choice, Mapping)]
    if not choices:  # true or false may be kept as the answer alone
        wanted = {str(question.get("answer")).lower()}
        return Marked(code, {answer.lower() for answer in answers} == wanted, True, str(question.get("feedback") or ""))
    wanted = {str(choice.get("code")) for choice in choices if choice.get("right")}
    said = [str(choice.get("feedback") or "") for choice in choices if str(choice.get("code")) in answers]
    feedback = " ".join(filter(None, [*said, str(question.get("feedback") or "")]))
    return Marked(code, set(answers) == wanted, True, feedback)


def read_number(text: str) -> float | None:
    """A number as people type it: full-width digits, thousands' commas, 12，5; None where it is none."""
    plain = text.strip().translate(str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+"))
    plain = plain.replace(",", "") if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", plain) else plain.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _same_number(question: Mapping[str, Any], answer: str) -> bool:
    wanted, given = read_number(str(question.get("answer", ""))), read_number(answer)
    tolerance = read_number(str(question.get("tolerance") or 0)) or 0.0
    if wanted is None or given is None:
        return False
    # Tolerances are typed in decimals; a binary rounding at the edge is nobody's mistake.
    return abs(given - wanted) <= abs(tolerance) + 1e-9 * max(1.0, abs(wanted))


def _same_text(question: Mapping[str, Any], answer: str) -> bool:
    """Any of the accepted wordings, parted by ``|``; letters and spaces don't matter."""
    accepted = question.get("answer")
    listed = accepted if isinstance(accepted, list | tuple) else str(accepted or "").split("|")
    return _plain(answer) in {_plain(str(item)) for item in listed if str(item).strip()}


def _plain(text: str) -> str:
    return _SPACES.sub("", text).casefold()


def mark_check(questions: Sequence[Mapping[str, Any]], given: Mapping[str, Sequence[str]]) -> tuple[list[Marked], int]:
    """Each question's result, and the whole as percent (0–100, rounded half up). Nothing asked: 0."""
    marked = [mark_question(question, given.get(str(question.get("code")), ())) for question in questions]
    if not marked:
        return [], 0
    share = Decimal(100 * sum(item.right for item in marked)) / len(marked)
    return marked, int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True)
class Criterion:
    """A line of a rubric: at most ``points``; ``levels`` are (points, words), for the marker to pick from."""

    code: str
    title: str
    points: Decimal
    levels: tuple[tuple[Decimal, str], ...] = ()


def read_rubric(lines: Sequence[Mapping[str, Any]]) -> list[Criterion]:
    """The rubric as an assignment's settings keep it."""
    return [
        Criterion(
            str(line.get("code") or place),
            str(line.get("title") or ""),
            _points(line.get("points")),
            tuple((_points(level.get("points")), str(level.get("text") or "")) for level in line.get("levels") or ()),
        )
        for place, line in enumerate(lines, start=1)
    ]


def _points(value: Any) -> Decimal:
    try:
        found = Decimal(str(value if value is not None else 0))
    except ArithmeticError:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


def faults_of(rubric: Sequence[Criterion], marks: Mapping[str, Decimal]) -> list[str]:
    """Codes of criteria that are not marked, or outside of nought and their points."""
    return [line.code for line in rubric if line.code not in marks or not 0 <= marks[line.code] <= line.points]


def total_of(rubric: Sequence[Criterion], marks: Mapping[str, Decimal]) -> Decimal:
    return sum((marks[line.code] for line in rubric), Decimal(0))


def most_of(rubric: Sequence[Criterion]) -> Decimal:
    return sum((line.points for line in rubric), Decimal(0))


def attended_share(minutes_there: int, minutes_held: int) -> float:
    """0–1. A class of no length is attended by who was there."""
    return min(max(minutes_there, 0) / minutes_held, 1.0) if minutes_held > 0 else float(minutes_there > 0)
