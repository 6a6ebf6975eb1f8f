"""What the platform knows of a craftsman for the reckoning, and the reckoning itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from denggao.foundation.organisations.models import Employment
from denggao.foundation.people.masks import mask_certificate
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Participation
from denggao.foundation.standards.queries import RuleTable
from denggao.systems.craftsmen.benefits import rules
from denggao.systems.craftsmen.benefits.models import BenefitApplication, SavedAnswers
from denggao.systems.craftsmen.benefits.rules import Answer, Facts, Level, Rule, Said, Span, Step, Taken
from denggao.systems.craftsmen.benefits.sources import LevelPaper, levels_of
from denggao.systems.craftsmen.models import Craftsman

# Of a national number the sixth and seventh character say the province (GB/T 2260); others than these say nothing.
_SHANGHAI, _PROVINCE = "31", slice(5, 7)
_PROVINCES = frozenset(
    str(number)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for number in range(first, last + 1)
)
Kind = BenefitApplication.Kind


def title_of(person: Person) -> Craftsman | None:
    """The title in force, the newest of several."""
    held = Craftsman.objects.in_force().filter(person=person).select_related("person", "order", "plan", "employer", "industry")
    return held.order_by("-named_on", "-pk").first()


def rules_on(on: dt.date) -> dict[str, Rule]:
    """The rules in force on a day, by key. One query. Raises NoRuleInForce for a day before the notice."""
    table = RuleTable(*rules.KEYS)
    found = {}
    for key in rules.KEYS:
        row = table.rule(key, on)
        found[key] = Rule(key, row.value, row.unit, row.document, row.clause, row.valid_from, row.confidence)
    return found


def facts_of(person: Person, said: Said, on: dt.date) -> Facts:
    """Employments and level certificates as the platform keeps them, beside what the person says. Three queries."""
    employments = list(Employment.objects.filter(person=person).select_related("employer").order_by("known_from", "pk"))
    of_plans = set(
        Participation.objects.filter(organisation_id__in=[one.employer_id for one in employments]).values_list(
            "organisation_id", flat=True
        )
    )
    spans = [
        Span(one.hired_on or one.known_from, one.left_on, one.employer.name, True if one.employer_id in of_plans else None)
        for one in employments
        if (one.hired_on or one.known_from) <= on
    ]
    occupations = {one.occupation_id for one in employments if one.left_on is None and one.occupation_id is not None}
    levels = [_level(paper, occupations) for paper in levels_of(person.pk)]
    return Facts(on, spans, levels, said)


def _level(paper: LevelPaper, occupations: set[int]) -> Level:
    """Where it was earned: what its number says (22 characters), else what its issuer's name says, else not known."""
    in_shanghai: bool | None = None
    if paper.is_national and len(paper.number) == 22:
        province = paper.number[_PROVINCE]
        in_shanghai = province == _SHANGHAI if province in _PROVINCES else None
    elif "上海" in paper.issuer:
        in_shanghai = True
    fits = paper.occupation_id in occupations if paper.occupation_id is not None and occupations else None
    number = mask_certificate(paper.number)
    return Level(paper.level, paper.issued_on, number, in_shanghai, fits, paper.is_proven, str(paper.level_name))


def reckon(person: Person, said: Said, on: dt.date, *, known_on: dt.date) -> dict[str, Answer]:
    """All three answers as of a day, by code. ``known_on`` is today: rules of days ahead are those of today."""
    facts, in_force = facts_of(person, said, on), rules_on(min(on, known_on))
    return {
        "points": rules.points(facts, in_force),
        "residence": rules.years_to_hukou(facts, in_force),
        "settlement": rules.direct_settlement(facts, in_force),
    }


# What was said, as it is kept


def said_from(answers: Mapping[str, Any]) -> Said:
    """From cleaned answers of a form, or from those kept."""

    def day(key: str) -> dt.date | None:
        value = answers.get(key)
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(value) if value else None

    def yes(key: str) -> bool | None:
        return {"yes": True, "no": False}.get(str(answers.get(key) or ""))

    other = answers.get("other_points")
    return Said(
        lives_since=day("lives_since"),
        permit_since=day("permit_since"),
        education=str(answers.get("education") or ""),
        core_talent=yes("core_talent"),
        key_institution=yes("key_institution"),
        scarce_skill=yes("scarce_skill"),
        promise=yes("promise"),
        other_points=int(other) if other not in {None, ""} else None,
    )


def saved_of(person: Person) -> SavedAnswers | None:
    return SavedAnswers.objects.filter(person=person).first()


def plain(answer: Answer) -> dict[str, Any]:
    """An answer as it is frozen with an application."""
    return {
        "code": answer.code, "verdict": answer.verdict, "headline": answer.headline, "next_step": answer.next_step,
        "due_on": answer.due_on.isoformat() if answer.due_on else None,
        "steps": [
            {
                "code": step.code, "title": step.title, "verdict": step.verdict, "reckoning": step.reckoning, "result": step.result,
                "due_on": step.due_on.isoformat() if step.due_on else None,
                "taken": [[one.label, one.value, str(one.source)] for one in step.taken],
                "rules": [
                    [rule.key, str(rule.value), rule.unit, rule.document, rule.clause, rule.valid_from.isoformat(), rule.confidence]
                    for rule in step.rules
                ],
            }
            for step in answer.steps
        ],
    }  # fmt: skip


def thawed(kept: Mapping[str, Any]) -> Answer:
    """The other way round."""
    return Answer(
        kept["code"], kept["verdict"], kept["headline"],
        tuple(
            Step(
                step["code"], step["title"], step["verdict"],
                tuple(Taken(*one) for one in step["taken"]),
                tuple(
                    Rule(key, Decimal(value), unit, document, clause, dt.date.fromisoformat(valid_from), confidence)
                    for key, value, unit, document, clause, valid_from, confidence in step["rules"]
                ),
                step["reckoning"], step["result"], _day(step["due_on"]),
            )
            for step in kept["steps"]
        ),
        kept["next_step"], _day(kept["due_on"]),
    )  # fmt: skip


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
