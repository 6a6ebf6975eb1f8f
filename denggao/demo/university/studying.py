"""How somebody studies one unit: sits, watches, answers, hands in; and how a teacher judges it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from denggao.demo.university.facts import HANDED_IN, NOTES
from denggao.engines.hours.actions.beating import receive_beats
from denggao.engines.hours.actions.sitting import start_sitting
from denggao.engines.hours.rules import Beat
from denggao.foundation.audit.actors import Actor
from denggao.systems.university.learning.actions import progressing, talking, working
from denggao.systems.university.learning.models import Enrolment, Submission
from denggao.systems.university.learning.queries.steps import ACTIVITY, CONTEXT, aim_of, length_of
from denggao.systems.university.outlines import OutlineUnit

# Longer than any film or recording of the demo: for those whose length nobody has read yet.
LONGEST = 45.0
SCRIPTED_BEATS = 24
MINUTE = dt.timedelta(minutes=1)
DEVICES = ("Android · WeChat", "Windows · Edge", "Android · Chrome", "HarmonyOS", "iPhone · WeChat")


@dataclass
class Learner:
    """Somebody in a class: by which account, how it goes with them (``learners.REACH``), on which device they learn, and the unit
    that a script clicks through for them."""

    enrolment: Enrolment
    account: str
    fate: str
    lot: Random
    device: str = ""
    scripted: UUID | None = None

    @property
    def device_id(self) -> str:
        return self.device or hashlib.md5(f"demo {self.enrolment.person_id}".encode(), usedforsecurity=False).hexdigest()


def study(learner: Learner, unit: OutlineUnit, *, actor: Actor, now: dt.datetime) -> dt.datetime:
    """Do what the unit asks for. Returns when it was over."""
    if unit.kind in {"practical", "live"}:
        return now
    ended = _sit(learner, unit, actor, now)
    if learner.lot.random() < (0.4 if unit.kind == "video" else 0.06):
        text = learner.lot.choice(NOTES)
        second = learner.lot.randrange(3, 15) if unit.kind == "video" else None
        talking.write_note(learner.enrolment, unit.key, text, second=second, actor=actor, now=ended)
    if unit.kind == "check":
        if learner.lot.random() < 0.4:
            working.answer_check(learner.enrolment, unit.key, answers_to(unit.settings, slips=1), actor=actor, now=ended)
        working.answer_check(learner.enrolment, unit.key, answers_to(unit.settings), actor=actor, now=ended + MINUTE)
    elif unit.kind == "assignment":
        text = HANDED_IN[learner.enrolment.run.course.code.startswith("ic-")]
        working.hand_in(learner.enrolment, unit.key, text=text, actor=actor, now=ended)
    elif aim_of(unit).by == "read" and not aim_of(unit).seconds:
        progressing.say_read(learner.enrolment, unit.key, actor=actor, now=ended)
    return ended + 2 * MINUTE


def begin(learner: Learner, unit: OutlineUnit, *, actor: Actor, now: dt.datetime) -> dt.datetime:
    """Play a film to its middle, keep a note there, and go. Returns when that was."""
    second = round(min(length_of(unit) or LONGEST, LONGEST) * 0.4)
    ended = _sit(learner, unit, actor, now, until=float(second))
    talking.write_note(learner.enrolment, unit.key, learner.lot.choice(NOTES), second=second, actor=actor, now=ended)
    return ended


def _sit(learner: Learner, unit: OutlineUnit, actor: Actor, now: dt.datetime, *, until: float | None = None) -> dt.datetime:
    played = unit.kind in {"video", "audio"}
    length = (length_of(unit) or LONGEST) if played else None
    started = start_sitting(
        learner.enrolment.person,
        (ACTIVITY, unit.key),
        (CONTEXT, learner.enrolment.public_id),
        device=learner.device_id,
        address=f"203.0.113.{learner.enrolment.person_id % 250}",
        device_text=DEVICES[learner.enrolment.person_id % len(DEVICES)],
        organisation=learner.enrolment.run.school.organisation,
        length=length,
        no_skip=bool(unit.settings.get("no_skip")),
        actor=actor,
        now=now,
    )
    if learner.scripted == unit.key:
        return _script(started.token, now)
    minutes = 2 if played else max(aim_of(unit).seconds // 60 + 1, round(min(unit.minutes, 20) * learner.lot.uniform(0.6, 1.1)))
    beats = [
        Beat(
            number,
            active=True,
            playing=played,
            parts=((0.0, until or length),) if played and length and number == 1 else (),
            position=(until or length) if played else None,
            span_ms=60_000,
            acts=learner.lot.randrange(2, 26),
            last_act_ms=learner.lot.randrange(900, 42_000),
        )
        for number in range(1, minutes + 1)
    ]
    ended = now + minutes * MINUTE
    receive_beats(started.token, beats, ended, client_time=ended, leaves=True)
    return ended


def _script(token: str, now: dt.datetime) -> dt.datetime:
    """As a program clicks: every minute twelve signs of a hand, the last always seven seconds ago."""
    beats = [Beat(number, active=True, span_ms=60_000, acts=12, last_act_ms=7_000) for number in range(1, SCRIPTED_BEATS + 1)]
    ended = now + SCRIPTED_BEATS * MINUTE
    receive_beats(token, beats, ended, client_time=ended, leaves=True)
    return ended


def answers_to(settings: Mapping[str, Any], *, slips: int = 0) -> dict[str, list[str]]:
    """The right answers to a check; the first ``slips`` of them wrong."""
    answers: dict[str, list[str]] = {}
    for place, question in enumerate(settings["questions"]):
        choices, wrong = question.get("choices") or [], place < slips
        if choices:
            answers[question["code"]] = [choice["code"] for choice in choices if choice["right"] is not wrong]
        else:
            answers[question["code"]] = ["0" if wrong else str(question["answer"]).split("\n")[0]]
    return answers


def judge(learner: Learner, unit: OutlineUnit, *, actor: Actor, now: dt.datetime) -> None:
    """Mark what was handed in, or sign what was seen done."""
    if unit.kind == "practical":
        steps = [step["code"] for step in unit.settings["steps"]]
        minutes = min(unit.minutes, 240)
        working.sign_practical(
            learner.enrolment, unit.key, steps, minutes=minutes, words="过程自己讲得清楚。", actor=actor, now=now
        )
        return
    handed_in = Submission.objects.filter(enrolment=learner.enrolment, unit_key=unit.key, state="handed_in").first()
    if handed_in is None:
        return
    marks = {row["code"]: Decimal(max(level["points"] for level in row["levels"])) for row in unit.settings["rubric"]}
    dearest = unit.settings["rubric"][-1]
    points = sorted(level["points"] for level in dearest["levels"])
    marks[dearest["code"]] = Decimal(points[-2 if len(points) > 2 else -1])
    feedback = "次序和算式都对。最后一条再写具体：在哪一步、量哪里、差多少就停。"
    working.mark_work(handed_in, marks, feedback=feedback, actor=actor, now=now)
