"""The plan file: read, checked, and told what is wrong with it, line by line. See docs, "The plan file".

Pure: what the database knows (organisations, registered rules) is passed in. ``nodes`` reads the YAML.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from denggao.foundation.plans.nodes import FileRefused, Node, Reader, compose

YEARS = range(1949, 2200)
UNITS = ("person", "body")
PROOFS = ("declared", "documented", "confirmed")
BODY_KINDS = ("employer", "school", "provider", "union", "authority")
ROLES = ("guide", "host", "co_host", "lead", "undertake", "implement", "partner", "accredit", "cooperate")

PlanFileRefused = FileRefused


@dataclass(frozen=True)
class Wording:
    """A thing with a Chinese name and, for readers of English, an English one."""

    zh: str
    en: str = ""


@dataclass(frozen=True)
class IndustryLine:
    code: str
    name: Wording


@dataclass(frozen=True)
class BodyLine:
    """A body the plan names; ``aliases`` are other names documents use for it."""

    code: str
    kind: str
    name: Wording
    aliases: tuple[str, ...] = ()
    industry: str = ""


@dataclass(frozen=True)
class PartLine:
    """A role of a body (its code), or of a class of bodies (``class_zh``)."""

    role: str
    body: str = ""
    class_zh: str = ""


@dataclass(frozen=True)
class GoalLine:
    code: str
    name: Wording
    short: Wording
    unit: str
    target: int
    yearly: dict[int, int] = field(default_factory=dict)
    rule: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    lowest_proof: str = "declared"
    parts: tuple[PartLine, ...] = ()
    facts: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class PlanFile:
    """A plan as its file says it; everything in it is consistent."""

    code: str
    name: Wording
    short: Wording
    region: Wording
    first_year: int
    last_year: int
    sha256: str
    industries: tuple[IndustryLine, ...] = ()
    bodies: tuple[BodyLine, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    parts: tuple[PartLine, ...] = ()
    facts: tuple[dict[str, Any], ...] = ()


def read_plan_file(content: bytes, *, rules: Mapping[str, Collection[str]]) -> PlanFile:
    """``rules`` are the registered counting rules with the names of their parameters. Raises PlanFileRefused with every
    fault found."""
    return _Reader(rules).read(compose(content), hashlib.sha256(content).hexdigest())


class _Reader(Reader):
    """Builds the plan, only where there is no fault."""

    def __init__(self, rules: Mapping[str, Collection[str]]) -> None:
        super().__init__()
        self.rules = rules
        self.industries: set[str] = set()
        self.bodies: set[str] = set()
        self.years = YEARS

    def read(self, root: Node, sha256: str) -> PlanFile:
        top = self._fields(root, {"plan", "goals"}, {"industries", "organisations"})
        head = self._fields(
            top.get("plan"),
            {"code", "zh", "first_year", "last_year"},
            {"en", "short_zh", "short_en", "region_zh", "region_en", "parts", "facts"},
        )
        first, last = self._year(head.get("first_year")), self._year(head.get("last_year"))
        if first and last and last < first:
            self._say(head["last_year"], _("must not lie before first_year (%(year)d).") % {"year": first})
        elif first and last:
            self.years = range(first, last + 1)
        industries = self._each(top.get("industries"), self._industry)
        self.industries = {item.code for item in industries}
        bodies = self._each(top.get("organisations"), self._body)
        self.bodies = {item.code for item in bodies}
        goals = self._each(top.get("goals"), self._goal)
        if "goals" in top and not goals and not self.faults:
            self._say(top["goals"], _("must hold at least one goal."))
        plan = PlanFile(
            code=self._code(head.get("code")),
            name=self._wording(head, "zh", "en", 120, 160),
            short=self._wording(head, "short_zh", "short_en", 60, 80),
            region=self._wording(head, "region_zh", "region_en", 60, 80),
            first_year=first,
            last_year=last,
            sha256=sha256,
            industries=tuple(industries),
            bodies=tuple(bodies),
            goals=tuple(goals),
            parts=self._parts(head.get("parts")),
            facts=self._facts(head.get("facts")),
        )
        if self.faults:
            raise PlanFileRefused(self.sentences())
        return plan

    def _industry(self, node: Node) -> IndustryLine:
        fields = self._fields(node, {"code", "zh"}, {"en"})
        return IndustryLine(self._code(fields.get("code")), self._wording(fields, "zh", "en", 120, 160))

    def _body(self, node: Node) -> BodyLine:
        fields = self._fields(node, {"code", "kind", "zh"}, {"en", "aliases", "industry"})
        industry = self._text(fields.get("industry"), 40)
        if industry and industry not in self.industries:
            self._say(fields["industry"], _("there is no industry “%(code)s” in this file.") % {"code": industry})
        return BodyLine(
            self._code(fields.get("code")),
            self._choice(fields.get("kind"), BODY_KINDS),
            self._wording(fields, "zh", "en", 120, 160),
            tuple(self._text(item, 120) for item in self._list(fields.get("aliases"))),
            industry,
        )

    def _goal(self, node: Node) -> GoalLine:
        fields = self._fields(
            node,
            {"code", "zh", "short_zh", "unit", "target"},
            {"en", "short_en", "yearly", "counting", "parts", "facts"},
        )
        counting = self._fields(fields["counting"], {"rule"}, {"parameters", "lowest_proof"}) if "counting" in fields else {}
        rule = self._rule(counting.get("rule"))
        return GoalLine(
            code=self._code(fields.get("code")),
            name=self._wording(fields, "zh", "en", 120, 160),
            short=self._wording(fields, "short_zh", "short_en", 40, 60),
            unit=self._choice(fields.get("unit"), UNITS),
            target=self._whole(fields.get("target"), 1),
            yearly=self._yearly(fields.get("yearly")),
            rule=rule,
            parameters=self._parameters(counting.get("parameters"), rule),
            lowest_proof=self._choice(counting["lowest_proof"], PROOFS) if "lowest_proof" in counting else "declared",
            parts=self._parts(fields.get("parts")),
            facts=self._facts(fields.get("facts")),
        )

    def _rule(self, node: Node | None) -> str:
        name = self._text(node, 60)
        if node is not None and name and name not in self.rules:
            known = ", ".join(sorted(self.rules)) or _("none")
            self._say(node, _("there is no counting rule “%(name)s”; known: %(known)s.") % {"name": name, "known": known})
        return name

    def _parameters(self, node: Node | None, rule: str) -> dict[str, Any]:
        taken = self.rules.get(rule, ())
        found: dict[str, Any] = {}
        for name, value in self._mapping(node).items():
            if rule in self.rules and name not in taken:
                self._say(value, _("the rule %(rule)s takes no such parameter.") % {"rule": rule})
            elif isinstance(value.value, dict | list):
                self._say(value, _("must be a single value."))
            else:
                found[name] = value.value
        return found

    def _yearly(self, node: Node | None) -> dict[int, int]:
        found: dict[int, int] = {}
        for name, value in self._mapping(node).items():
            if not name.isdecimal() or int(name) not in self.years:
                self._say(
                    value,
                    _("is not a year of the plan (%(first)d to %(last)d).") % {"first": self.years[0], "last": self.years[-1]},
                )
            else:
                found[int(name)] = self._whole(value, 0)
        return found

    def _parts(self, node: Node | None) -> tuple[PartLine, ...]:
        found: list[PartLine] = []
        for role, bodies in self._mapping(node).items():
            if role not in ROLES:
                self._say(bodies, _("there is no such role; known: %(known)s.") % {"known": ", ".join(ROLES)})
                continue
            for item in self._list(bodies):
                part = self._part(role, item)
                if part in found:
                    self._say(item, _("stands here twice. Keep one."))
                found.append(part)
        return tuple(found)

    def _part(self, role: str, node: Node) -> PartLine:
        if isinstance(node.value, dict):
            fields = self._fields(node, {"class"}, set())
            return PartLine(role, class_zh=self._text(fields.get("class"), 80))
        code = self._text(node, 40)
        if code and code not in self.bodies:
            self._say(node, _("there is no organisation “%(code)s” in this file.") % {"code": code})
        return PartLine(role, body=code)

    def _facts(self, node: Node | None) -> tuple[dict[str, Any], ...]:
        return tuple(self._each(node, self._fact)) if node is not None else ()

    def _fact(self, node: Node) -> Any:
        fields = self._fields(node, {"code", "zh", "items"}, {"en"})
        items = [self._fact_item(item) for item in self._list(fields.get("items"))]
        return _Fact(
            code=self._code(fields.get("code")),
            zh=self._text(fields.get("zh"), 200),
            en=self._text(fields.get("en"), 200),
            items=items,
        )

    def _fact_item(self, node: Node) -> dict[str, str]:
        if not isinstance(node.value, dict):
            return {"zh": self._text(node, 300)}
        fields = self._fields(node, {"zh"}, {"code", "en"})
        return {name: self._text(value, 300) for name, value in fields.items()}

    # The shapes

    def _year(self, node: Node | None) -> int:
        if node is None:
            return 0
        if not isinstance(node.value, int) or isinstance(node.value, bool) or node.value not in YEARS:
            self._say(node, _("must be a year, such as 2020."))
            return 0
        return node.value

    def _wording(self, fields: Mapping[str, Node], zh: str, en: str, limit_zh: int, limit_en: int) -> Wording:
        return Wording(self._text(fields.get(zh), limit_zh), self._text(fields.get(en), limit_en))


class _Fact(dict[str, Any]):
    """A fact as it is stored: a plain dict, with its code at hand while reading."""

    @property
    def code(self) -> str:
        return str(self["code"])


def flat(plan: PlanFile) -> Iterator[tuple[str, Any]]:
    """Every statement of a plan as (path, plain value): two plans say the same where these are equal."""
    yield from (("plan.name", [plan.name.zh, plan.name.en]), ("plan.short", [plan.short.zh, plan.short.en]))
    yield from (("plan.region", [plan.region.zh, plan.region.en]), ("plan.years", [plan.first_year, plan.last_year]))
    yield "plan.facts", [dict(fact) for fact in plan.facts]
    yield "plan.parts", _plain_parts(plan.parts)
    yield "industries", [item.code for item in plan.industries]
    for item in plan.industries:
        yield f"industries.{item.code}.name", [item.name.zh, item.name.en]
    for goal in plan.goals:
        place = f"goals.{goal.code}"
        yield from ((f"{place}.name", [goal.name.zh, goal.name.en]), (f"{place}.short", [goal.short.zh, goal.short.en]))
        yield from ((f"{place}.unit", goal.unit), (f"{place}.target", goal.target))
        yield f"{place}.yearly", {str(year): target for year, target in sorted(goal.yearly.items())}
        yield from ((f"{place}.counting.rule", goal.rule), (f"{place}.counting.parameters", goal.parameters))
        yield from ((f"{place}.counting.lowest_proof", goal.lowest_proof), (f"{place}.parts", _plain_parts(goal.parts)))
        yield f"{place}.facts", [dict(fact) for fact in goal.facts]
    yield "goals", [goal.code for goal in plan.goals]


def _plain_parts(parts: tuple[PartLine, ...]) -> list[list[str]]:
    return [[part.role, part.body, part.class_zh] for part in parts]
