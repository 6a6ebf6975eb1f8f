"""What the settings of each kind of unit may be: from a form, a package or the API alike. Pure; what can't be read is refused
with a sentence that names the field, the rule and the fix."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from denggao.systems.university.cleaning import clean_html

Settings = dict[str, Any]
CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
MOST_QUESTIONS, MOST_CHOICES, MOST_STEPS, MOST_CRITERIA, MOST_LEVELS = 100, 20, 60, 20, 10
QUESTION_KINDS: dict[str, Promise] = {
    "single": gettext_lazy("one answer"),
    "multiple": gettext_lazy("several answers"),
    "truefalse": gettext_lazy("true or false"),
    "number": gettext_lazy("a number"),
    "text": gettext_lazy("a word"),
}


class SettingsWrong(ValueError):
    """The settings don't fit their kind; ``sentences`` says all that is wrong, each for itself."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


class _Reader:
    """Reads settings, and keeps what was wrong with them."""

    def __init__(self, raw: object) -> None:
        self.wrong: list[str] = []
        self.raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        if not isinstance(raw, Mapping):
            self.wrong.append(_("The settings are not an object of names and values."))

    def whole(self, name: str, label: str, *, default: int, least: int = 0, most: int) -> int:
        value = self.raw.get(name, default)
        if value in ("", None):
            value = default
        try:
            if isinstance(value, bool):
                raise ValueError
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            self.wrong.append(_("%(field)s: give a whole number.") % {"field": label})
            return default
        if not least <= number <= most:
            self.wrong.append(_("%(field)s: between %(least)s and %(most)s.") % {"field": label, "least": least, "most": most})
        return number

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.raw.get(name, default) in (True, "true", "on", "1", 1)

    def rows(self, name: str, label: str, most: int) -> list[Mapping[str, Any]]:
        rows = self.raw.get(name) or []
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            self.wrong.append(_("%(field)s: a list is expected.") % {"field": label})
            return []
        if len(rows) > most:
            self.wrong.append(_("%(field)s: at most %(most)s.") % {"field": label, "most": most})
        return rows[:most]

    def done(self, settings: Settings) -> Settings:
        if self.wrong:
            raise SettingsWrong(self.wrong)
        return settings


def line(value: object, most: int = 300) -> str:
    """Plain text on one line."""
    return " ".join(str(value if value is not None else "").replace("\x00", "").split())[:most]


def text(value: object, most: int = 2000) -> str:
    """Plain text as it was typed."""
    return str(value if value is not None else "").replace("\x00", "").replace("\r\n", "\n").strip()[:most]


def played(raw: object) -> Settings:
    """Video and audio: whether it may be skipped, and how much of it must be played (percent)."""
    read = _Reader(raw)
    watch = read.whole("watch_percent", _("Share to be played"), default=90, least=1, most=100)
    return read.done({"no_skip": read.flag("no_skip"), "watch_percent": watch})


def read_through(raw: object) -> Settings:
    """Pages and texts: how long they must lie open (seconds)."""
    read = _Reader(raw)
    return read.done({"min_seconds": read.whole("min_seconds", _("Shortest time"), default=0, most=4 * 3600)})


def live(raw: object) -> Settings:
    """A class by link: where, when, how long, and how much of it must be attended (percent)."""
    read = _Reader(raw)
    link = line(read.raw.get("link"), 300)
    parts = urlsplit(link) if link and "\\" not in link else None
    if link and (parts is None or parts.scheme not in {"http", "https"} or not parts.hostname):
        read.wrong.append(_("Link: it must begin with https:// and name a host."))
    starts = line(read.raw.get("starts_at"), 40)
    if starts:
        try:
            dt.datetime.fromisoformat(starts)
        except ValueError:
            read.wrong.append(_("Begins: give date and time, such as 2026-12-01T19:00."))
    return read.done(
        {
            "link": link,
            "starts_at": starts,
            "minutes": read.whole("minutes", _("Length"), default=45, least=1, most=1440),
            "attend_percent": read.whole("attend_percent", _("Share to be attended"), default=80, least=1, most=100),
        }
    )


def assignment(raw: object) -> Settings:
    """What is to be handed in, and the rubric it is marked by. ``pass_points`` never more than the rubric gives."""
    read = _Reader(raw)
    rubric = []
    for position, row in enumerate(read.rows("rubric", _("Criteria"), MOST_CRITERIA), 1):
        inner = _Reader(row)
        criterion: Settings = {
            "code": _code(row.get("code"), f"c{position}"),
            "title": line(row.get("title"), 120),
            "points": inner.whole("points", _("Points"), default=0, most=1000),
            "levels": _levels(inner),
        }
        if not criterion["title"]:
            inner.wrong.append(_("Say what is looked at."))
        if any(level["points"] > criterion["points"] for level in criterion["levels"]):
            inner.wrong.append(_("No level may give more points than the criterion has."))
        read.wrong += [_("Criterion %(number)s: %(wrong)s") % {"number": position, "wrong": wrong} for wrong in inner.wrong]
        rubric.append(criterion)
    if len({row["code"] for row in rubric}) < len(rubric):
        read.wrong.append(_("Two criteria have the same code."))
    most = sum(row["points"] for row in rubric)
    passes = read.whole("pass_points", _("Points to pass"), default=0, most=20_000)
    if rubric and passes > most:
        read.wrong.append(_("Points to pass: the criteria give %(most)s at most.") % {"most": most})
    task = clean_html(text(read.raw.get("task"), 50_000))
    return read.done({"task": task, "rubric": rubric, "pass_points": passes, "files": read.flag("files", default=True)})


def _levels(read: _Reader) -> list[Settings]:
    levels = []
    for row in read.rows("levels", _("Levels"), MOST_LEVELS):
        inner = _Reader(row)
        levels.append({"points": inner.whole("points", _("Points"), default=0, most=1000), "text": line(row.get("text"), 300)})
        read.wrong += inner.wrong
    return levels


def practical(raw: object) -> Settings:
    """What the instructor signs, step by step, and where."""
    read = _Reader(raw)
    steps = []
    for position, row in enumerate(read.rows("steps", _("Steps"), MOST_STEPS), 1):
        said = line(row.get("text"), 300)
        if not said:
            read.wrong.append(_("Step %(number)s: say what is to be done.") % {"number": position})
        steps.append({"code": _code(row.get("code"), f"s{position}"), "text": said})
    if len({row["code"] for row in steps}) < len(steps):
        read.wrong.append(_("Two steps have the same code."))
    return read.done({"steps": steps, "place": line(read.raw.get("place"), 120)})


def check(raw: object) -> Settings:
    """Self-check questions. Each question can be answered, and says what is right."""
    read = _Reader(raw)
    questions = []
    for position, row in enumerate(read.rows("questions", _("Questions"), MOST_QUESTIONS), 1):
        try:
            questions.append(question(row, fallback=f"q{position}"))
        except SettingsWrong as wrong:
            read.wrong += [_("Question %(number)s: %(wrong)s") % {"number": position, "wrong": one} for one in wrong.sentences]
    if len({row["code"] for row in questions}) < len(questions):
        read.wrong.append(_("Two questions have the same code."))
    percent = read.whole("pass_percent", _("Share to pass"), default=60, least=1, most=100)
    return read.done({"pass_percent": percent, "questions": questions})


def items_from(value: object) -> list[tuple[str, str]]:
    """Standards and items, as a list of objects or as authors write them: ``turner-5 3.2``, one a line or parted by commas. What
    is no pair is left out; none twice."""
    if isinstance(value, str):
        words = [part.split() for part in re.split(r"[\n,，;；]", value[:20_000])]
    elif isinstance(value, list):
        said = [row for row in value if isinstance(row, Mapping)]
        words = [[line(row.get("standard"), 60), line(row.get("item"), 20)] for row in said]
    else:
        words = []
    pairs = [(pair[0][:60], pair[1][:20]) for pair in words if len(pair) == 2 and all(pair)]
    return list(dict.fromkeys(pairs))


def question(raw: Mapping[str, Any], *, fallback: str = "q1") -> Settings:
    """One question, cleaned. Raises SettingsWrong."""
    read = _Reader(raw)
    kind = line(raw.get("kind"), 20)
    kept: Settings = {
        "code": _code(raw.get("code"), fallback),
        "kind": kind,
        "text": text(raw.get("text")),
        "feedback": text(raw.get("feedback"), 1000),
    }
    items = items_from(raw.get("serves"))
    if items:
        kept["serves"] = [{"standard": standard, "item": item} for standard, item in items]
    if kind not in QUESTION_KINDS:
        raise SettingsWrong([_("This kind of question is not known: %(kind)s.") % {"kind": kind or "–"}])
    if not kept["text"]:
        read.wrong.append(_("ask something."))
    if kind in {"single", "multiple", "truefalse"}:
        kept["choices"] = _choices(read, kind)
    elif kind == "number":
        kept["answer"] = _decimal(read, "answer", pgettext("to a question", "Answer"))
        kept["tolerance"] = _decimal(read, "tolerance", _("Tolerance"), default="0")
        if Decimal(kept["tolerance"]) < 0:
            read.wrong.append(_("Tolerance: not below zero."))
    else:
        kept["answer"] = "|".join(filter(None, (line(one, 120) for one in re.split(r"[\n|]", text(raw.get("answer"))))))
        if not kept["answer"]:
            read.wrong.append(_("give the right answer; several are taken, parted by |."))
    return read.done(kept)


def _choices(read: _Reader, kind: str) -> list[Settings]:
    rows = read.rows("choices", _("Choices"), MOST_CHOICES)
    choices = []
    for position, row in enumerate(rows, 1):
        choices.append(
            {
                "code": _code(row.get("code"), f"a{position}"),
                "text": line(row.get("text"), 500),
                "right": row.get("right") in (True, "true", "on", "1", 1),
                "feedback": text(row.get("feedback"), 500),
            }
        )
    if kind == "truefalse" and not choices and read.raw.get("answer") is not None:
        right = read.raw.get("answer") in (True, "true", "on", "1", 1)
        choices = [
            {"code": "true", "text": "", "right": right, "feedback": ""},
            {"code": "false", "text": "", "right": not right, "feedback": ""},
        ]
    if kind != "truefalse" and not all(choice["text"] for choice in choices):
        read.wrong.append(_("a choice says nothing."))
    if len(choices) < 2:
        read.wrong.append(_("give two choices at least."))
    marked = sum(bool(choice["right"]) for choice in choices)
    if kind == "multiple" and not marked:
        read.wrong.append(_("mark at least one choice as right."))
    if kind != "multiple" and marked != 1:
        read.wrong.append(_("mark exactly one choice as right."))
    if len({choice["code"] for choice in choices}) < len(choices):
        read.wrong.append(_("two choices have the same code."))
    return choices


def _decimal(read: _Reader, name: str, label: str, *, default: str = "") -> str:
    value = line(read.raw.get(name, default), 40) or default
    try:
        number = Decimal(value.replace(",", "."))
        if not number.is_finite() or abs(number) > Decimal("1e15"):
            raise InvalidOperation
    except InvalidOperation:
        read.wrong.append(_("%(field)s: give a number.") % {"field": label})
        return "0"
    return format(number.normalize(), "f")


def _code(value: object, fallback: str) -> str:
    given = line(value, 60)
    return given if CODE.fullmatch(given) else fallback


Clean = Callable[[object], Settings]
