"""How benefits are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from denggao.foundation.ui.words import actor_names
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome
from denggao.systems.craftsmen.benefits.rules import Answer, Rule, Source, Verdict

OUTCOME_TONES: dict[str, str] = {"none": "amber", "granted": "jade", "refused": "crimson"}
STATE_TONES: dict[str, str] = {"proposed": "amber", "confirmed": "jade", "dismissed": ""}
VERDICT_TONES: dict[str, str] = {
    Verdict.MET: "jade", Verdict.DECLARED: "lake", Verdict.NOT_YET: "amber", Verdict.NO: "", Verdict.UNVERIFIED: "withdrawn",
}  # fmt: skip
VERDICT_ICONS: dict[str, str] = {Verdict.UNVERIFIED: "info-circle", Verdict.NO: "x", Verdict.DECLARED: "user"}
SOURCE_TONES: dict[str, str] = {Source.PLATFORM: "jade", Source.DECLARED: "lake", Source.UNVERIFIED: "amber"}


def shown(answer: Answer) -> dict[str, Any]:
    """An answer as its card shows it."""
    return {
        "answer": answer,
        "tone": VERDICT_TONES[answer.verdict],
        "words": Verdict(answer.verdict).label,
        "icon": VERDICT_ICONS.get(answer.verdict, ""),
        "steps": [
            {
                "step": step,
                "tone": VERDICT_TONES[step.verdict],
                "icon": VERDICT_ICONS.get(step.verdict, ""),
                "taken": [(one, SOURCE_TONES[one.source]) for one in step.taken],
                "rules": [(rule, value_of(rule)) for rule in step.rules],
            }
            for step in answer.steps
        ],
    }


def value_of(rule: Rule) -> str:
    return f"{rule.value.normalize():f}"


def told(outcomes: Iterable[BenefitOutcome]) -> list[dict[str, Any]]:
    """Outcomes as pages show them, with who entered and who answered. Two queries at most."""
    listed = list(outcomes)
    entered = [(one.proposed_by, one.proposed_by_text) for one in listed]
    names = actor_names([*entered, *((one.answered_by, one.answered_by_text) for one in listed)])
    return [
        {
            "outcome": one,
            "tone": STATE_TONES[one.state],
            "proposed_by": names[one.proposed_by],
            "answered_by": names.get(one.answered_by, ""),
        }
        for one in listed
    ]


_BAR_TONES = {"none": "amber", "granted": "done", "refused": ""}


@dataclass(frozen=True)
class Bar:
    """How many applications of a kind stand with an outcome."""

    label: str
    count: int
    tone: str


@dataclass(frozen=True)
class BarGroup:
    label: str
    total: int
    bars: list[Bar]


@dataclass(frozen=True)
class Plot:
    """Bars by kind and outcome, all of one scale: ``most`` is its end."""

    most: int
    groups: list[BarGroup]


def plot(counts: Mapping[tuple[str, str], int]) -> Plot | None:
    """None where there is nothing."""
    if not counts:
        return None
    groups = []
    for kind, label in BenefitApplication.Kind.choices:
        bars = [
            Bar(str(words), counts.get((kind, outcome), 0), _BAR_TONES[outcome])
            for outcome, words in BenefitApplication.Outcome.choices
        ]
        groups.append(BarGroup(str(label), sum(bar.count for bar in bars), bars))
    return Plot(max(counts.values()), groups)
