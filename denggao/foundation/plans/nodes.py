"""YAML files of the product's own formats (a plan, a rubric), read by hand: nodes that know their line, and a reader that
collects every fault as a sentence.

Pure. A file is read as events first, so that one with anchors, aliases or absurd depth is refused before anything is
built from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused

LIMIT_BYTES = 512 * 1024
LIMIT_EVENTS = 50_000
LIMIT_DEPTH = 12
CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
T = TypeVar("T")
# The parser in C where the package brings it: the same events, many times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FileRefused(Refused):
    """The file is not what it should be. ``faults`` are sentences, each with its line and field, in the order of the lines."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Node:
    """A value with its line. ``value`` is a dict (of name → node), a list of nodes, or a plain scalar."""

    value: Any
    line: int
    path: str = ""


def compose(content: bytes) -> Node:
    if len(content) > LIMIT_BYTES:
        raise FileRefused([_("The file is larger than %(limit)d KB.") % {"limit": LIMIT_BYTES // 1024}])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused([_("The file is not UTF-8 text. Save it as UTF-8.")]) from None
    try:
        _look_over(text)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FileRefused(
            [_("line %(line)d: this is not YAML (%(problem)s).") % {"line": line, "problem": error.problem}]
        ) from None
    except yaml.YAMLError:
        raise FileRefused([_("The file holds characters that YAML does not allow.")]) from None
    if root is None:
        raise FileRefused([_("The file is empty.")])
    faults: list[str] = []
    node = _node(root, "", faults)
    if faults:
        raise FileRefused(faults)
    return node


def _look_over(text: str) -> None:
    """Refuse what no such file needs and what makes YAML dangerous, without building anything."""
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FileRefused(
                [_("line %(line)d: anchors and aliases (& and *) are not read. Write the value out.") % {"line": line}]
            )
        if getattr(event, "tag", None) not in {None, "!"}:
            raise FileRefused([_("line %(line)d: tags (!…) are not read. Write the value alone.") % {"line": line}])
        if depth > LIMIT_DEPTH or count > LIMIT_EVENTS:
            raise FileRefused([_("line %(line)d: the file is nested too deep or too long.") % {"line": line}])
        if documents > 1:
            raise FileRefused([_("line %(line)d: a second document (---) begins here. A file holds one.") % {"line": line}])


def _node(node: yaml.Node, path: str, faults: list[str]) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return Node([_node(item, f"{path}[{at}]", faults) for at, item in enumerate(node.value)], line, path)
    if isinstance(node, yaml.ScalarNode):
        try:
            return Node(yaml.constructor.SafeConstructor().construct_object(node), line, path)
        except (ValueError, yaml.constructor.ConstructorError):
            # Such as “=” alone, which YAML 1.1 has a tag of its own for.
            return Node(node.value, line, path)
    found: dict[str, Node] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        place = f"{path}.{name}" if path else name
        if name in found:
            faults.append(fault_at(key.start_mark.line + 1, place, _("stands here twice. Keep one.")))
        found[name] = _node(value, place, faults)
        if not found[name].value and found[name].value != 0:
            found[name].line = key.start_mark.line + 1
    return Node(found, line, path)


def fault_at(line: int, path: str, text: str) -> str:
    return _("line %(line)d, %(path)s: %(text)s") % {"line": line, "path": path or _("the file"), "text": text}


class Reader:
    """Walks the nodes once and collects every fault, by line."""

    def __init__(self) -> None:
        self.faults: list[tuple[int, str]] = []

    def sentences(self) -> list[str]:
        """The faults in the order of their lines."""
        return [text for _line, text in sorted(self.faults, key=lambda fault: fault[0])]

    def _say(self, node: Node, text: str) -> None:
        self.faults.append((node.line, fault_at(node.line, node.path, text)))

    def _mapping(self, node: Node | None) -> dict[str, Node]:
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self._say(node, _("must be a group of fields (name: value)."))
            return {}
        return node.value

    def _fields(self, node: Node | None, required: Collection[str], optional: Collection[str]) -> dict[str, Node]:
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
                self.faults.append((node.line, fault_at(node.line, path, _("is missing."))))
        return {name: value for name, value in found.items() if name in required or name in optional}

    def _list(self, node: Node | None) -> list[Node]:
        if node is None:
            return []
        if not isinstance(node.value, list):
            self._say(node, _("must be a list."))
            return []
        return node.value

    def _each(self, node: Node | None, read: Callable[[Node], T]) -> list[T]:
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

    def _text(self, node: Node | None, limit: int) -> str:
        if node is None:
            return ""
        if not isinstance(node.value, str) or not node.value.strip():
            self._say(node, _("must be text."))
            return ""
        text = " ".join(node.value.split())
        if len(text) > limit:
            self._say(node, _("must have at most %(limit)d characters.") % {"limit": limit})
        return text

    def _code(self, node: Node | None) -> str:
        if node is None:
            return ""
        if not isinstance(node.value, str) or len(node.value) > 40 or not CODE.fullmatch(node.value):
            self._say(node, _("must be a code of small letters, digits, - and _, at most 40."))
            return ""
        return node.value

    def _whole(self, node: Node | None, least: int) -> int:
        if node is None:
            return 0
        if not isinstance(node.value, int) or isinstance(node.value, bool) or not least <= node.value <= 10**9:
            self._say(node, _("must be a whole number ≥ %(least)d.") % {"least": least})
            return 0
        return node.value

    def _choice(self, node: Node | None, known: Collection[str]) -> str:
        if node is None:
            return ""
        if node.value not in known:
            self._say(node, _("must be one of: %(known)s.") % {"known": ", ".join(known)})
            return ""
        return str(node.value)
