"""The plan file: read, checked, and told what is wrong with it, line by line. See docs, "The plan file".

Pure: what the database knows (organisations, registered rules) is passed in. YAML is read as events first, so that a file
with anchors, aliases or absurd depth is refused before anything is built from it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused

LIMIT_BYTES = 512 * 1024
LIMIT_EVENTS = 50_000
LIMIT_DEPTH = 12
YEARS = range(1949, 2200)
CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
UNITS = ("person", "body")
PROOFS = ("declared", "documented", "confirmed")
BODY_KINDS = ("employer", "school", "provider", "union", "authority")
ROLES = ("guide", "host", "co_host", "lead", "undertake", "implement", "partner", "accredit", "cooperate")


class PlanFileRefused(Refused):
    """The file is not a plan. ``faults`` are sentences, each with its line and field, in the order of the lines."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


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
    return _Reader(rules).read(_compose(content), hashlib.sha256(content).hexdigest())


# YAML → nodes


@dataclass
class _Node:
    """A value with its line. ``value`` is a dict (of name → node), a list of nodes, or a plain scalar."""

    value: Any
    line: int
    path: str = ""


def _compose(content: bytes) -> _Node:
    if len(content) > LIMIT_BYTES:
        raise PlanFileRefused([_("The file is larger than %(limit)d KB: this is not a plan.") % {"limit": LIMIT_BYTES // 1024}])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlanFileRefused([_("The file is not UTF-8 text. Save it as UTF-8.")]) from None
    try:
        _look_over(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PlanFileRefused(
            [_("line %(line)d: this is not YAML (%(problem)s).") % {"line": line, "problem": error.problem}]
        ) from None
    except yaml.YAMLError:
        raise PlanFileRefused([_("The file holds characters that YAML does not allow.")]) from None
    if root is None:
        raise PlanFileRefused([_("The file is empty.")])
    faults: list[str] = []
    node = _node(root, "", faults)
    if faults:
        raise PlanFileRefused(faults)
    return node


def _look_over(text: str) -> None:
    """Refuse what no plan needs and what makes YAML dangerous, without building anything."""
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PlanFileRefused(
                [_("line %(line)d: anchors and aliases (& and *) are not read. Write the value out.") % {"line": line}]
            )
        if getattr(event, "tag", None) not in {None, "!"}:
            raise PlanFileRefused([_("line %(line)d: tags (!…) are not read. Write the value alone.") % {"line": line}])
        if depth > LIMIT_DEPTH or count > LIMIT_EVENTS:
            raise PlanFileRefused([_("line %(line)d: the file is nested too deep or too long for a plan.") % {"line": line}])
        if documents > 1:
            raise PlanFileRefused(
                [_("line %(line)d: a second document (---) begins here. A file holds one plan.") % {"line": line}]
            )


def _node(node: yaml.Node, path: str, faults: list[str]) -> _Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return _Node([_node(item, f"{path}[{at}]", faults) for at, item in enumerate(node.value)], line, path)
    if isinstance(node, yaml.ScalarNode):
        try:
            return _Node(yaml.constructor.SafeConstructor().construct_object(node), line, path)
        except ValueError:
            return _Node(node.value, line, path)
    found: dict[str, _Node] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        place = f"{path}.{name}" if path else name
        if name in found:
            faults.append(_fault(key.start_mark.line + 1, place, _("stands here twice. Keep one.")))
        found[name] = _node(value, place, faults)
        if not found[name].value and found[name].value != 0:
            found[name].line = key.start_mark.line + 1
    return _Node(found, line, path)


def _fault(line: int, path: str, text: str) -> str:
    return _("line %(line)d, %(path)s: %(text)s") % {"line": line, "path": path or _("the file"), "text": text}


# Nodes → plan

T = TypeVar("T")


class _Reader:
    """Walks the nodes once and collects every fault; builds the plan only where there is none."""

    def __init__(self, rules: Mapping[str, Collection[str]]) -> None:
        self.rules = rules
        self.faults: list[tuple[int, str]] = []
        self.industries: set[str] = set()
        self.bodies: set[str] = set()
        self.years = YEARS

    def read(self, root: _Node, sha256: str) -> PlanFile:
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
            raise PlanFileRefused([text for _line, text in sorted(self.faults, key=lambda fault: fault[0])])
        return plan

    def _industry(self, node: _Node) -> IndustryLine:
        fields = self._fields(node, {"code", "zh"}, {"en"})
        return IndustryLine(self._code(fields.get("code")), self._wording(fields, "zh", "en", 120, 160))

    def _body(self, node: _Node) -> BodyLine:
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

    def _goal(self, node: _Node) -> GoalLine:
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

    def _rule(self, node: _Node | None) -> str:
        name = self._text(node, 60)
        if node is not None and name and name not in self.rules:
            known = ", ".join(sorted(self.rules)) or _("none")
            self._say(node, _("there is no counting rule “%(name)s”; known: %(known)s.") % {"name": name, "known": known})
        return name

    def _parameters(self, node: _Node | None, rule: str) -> dict[str, Any]:
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

    def _yearly(self, node: _Node | None) -> dict[int, int]:
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

    def _parts(self, node: _Node | None) -> tuple[PartLine, ...]:
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

    def _part(self, role: str, node: _Node) -> PartLine:
        if isinstance(node.value, dict):
            fields = self._fields(node, {"class"}, set())
            return PartLine(role, class_zh=self._text(fields.get("class"), 80))
        code = self._text(node, 40)
        if code and code not in self.bodies:
            self._say(node, _("there is no organisation “%(code)s” in this file.") % {"code": code})
        return PartLine(role, body=code)

    def _facts(self, node: _Node | None) -> tuple[dict[str, Any], ...]:
        return tuple(self._each(node, self._fact)) if node is not None else ()

    def _fact(self, node: _Node) -> Any:
        fields = self._fields(node, {"code", "zh", "items"}, {"en"})
        items = [self._fact_item(item) for item in self._list(fields.get("items"))]
        return _Fact(
            code=self._code(fields.get("code")),
            zh=self._text(fields.get("zh"), 200),
            en=self._text(fields.get("en"), 200),
            items=items,
        )

    def _fact_item(self, node: _Node) -> dict[str, str]:
        if not isinstance(node.value, dict):
            return {"zh": self._text(node, 300)}
        fields = self._fields(node, {"zh"}, {"code", "en"})
        return {name: self._text(value, 300) for name, value in fields.items()}

    # The shapes

    def _say(self, node: _Node, text: str) -> None:
        self.faults.append((node.line, _fault(node.line, node.path, text)))

    def _mapping(self, node: _Node | None) -> dict[str, _Node]:
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self._say(node, _("must be a group of fields (name: value)."))
            return {}
        return node.value

    def _fields(self, node: _Node | None, required: Collection[str], optional: Collection[str]) -> dict[str, _Node]:
        found = self._mapping(node)
        if node is None or not isinstance(node.value, dict):
            return {}
        for name, value in found.items():
            if name not in required and name not in optional:
                known = ", ".join(sorted({*required, *optional}))
                self._say(value, _("there is no such field; known here: %(known)s.") % {"known": known})
        for name in sorted(required):
            if name not in found:
                path = f"{node.path}.{name}" if node.path else name
                self.faults.append((node.line, _fault(node.line, path, _("is missing."))))
        return {name: value for name, value in found.items() if name in required or name in optional}

    def _list(self, node: _Node | None) -> list[_Node]:
        if node is None:
            return []
        if not isinstance(node.value, list):
            self._say(node, _("must be a list."))
            return []
        return node.value

    def _each(self, node: _Node | None, read: Callable[[_Node], T]) -> list[T]:
        """Read each item of a list of things with a code; a code stands once."""
        found: list[T] = []
        seen: set[str] = set()
        for item in self._list(node):
            thing = read(item)
            code = str(getattr(thing, "code", ""))
            if code and code in seen:
                self._say(item.value.get("code", item), _("the code “%(code)s” is taken by an earlier one.") % {"code": code})
            seen.add(code)
            found.append(thing)
        return found

    def _text(self, node: _Node | None, limit: int) -> str:
        if node is None:
            return ""
        if not isinstance(node.value, str) or not node.value.strip():
            self._say(node, _("must be text."))
            return ""
        text = " ".join(node.value.split())
        if len(text) > limit:
            self._say(node, _("must have at most %(limit)d characters.") % {"limit": limit})
        return text

    def _code(self, node: _Node | None) -> str:
        if node is None:
            return ""
        if not isinstance(node.value, str) or len(node.value) > 40 or not CODE.fullmatch(node.value):
            self._say(node, _("must be a code of small letters, digits, - and _, at most 40."))
            return ""
        return node.value

    def _whole(self, node: _Node | None, least: int) -> int:
        if node is None:
            return 0
        if not isinstance(node.value, int) or isinstance(node.value, bool) or not least <= node.value <= 10**9:
            self._say(node, _("must be a whole number ≥ %(least)d.") % {"least": least})
            return 0
        return node.value

    def _year(self, node: _Node | None) -> int:
        if node is None:
            return 0
        if not isinstance(node.value, int) or isinstance(node.value, bool) or node.value not in YEARS:
            self._say(node, _("must be a year, such as 2020."))
            return 0
        return node.value

    def _choice(self, node: _Node | None, known: Collection[str]) -> str:
        if node is None:
            return ""
        if node.value not in known:
            self._say(node, _("must be one of: %(known)s.") % {"known": ", ".join(known)})
            return ""
        return str(node.value)

    def _wording(self, fields: Mapping[str, _Node], zh: str, en: str, limit_zh: int, limit_en: int) -> Wording:
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
