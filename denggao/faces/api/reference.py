"""The OpenAPI schema as a page can show it. Pure: from the schema alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str
    type: str
    required: bool
    text: str


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    text: str
    depth: int = 0


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    text: str
    scope: str
    example: str
    parameters: list[Parameter] = field(default_factory=list)
    answer: list[Field] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    code: str
    title: str
    operations: list[Operation] = field(default_factory=list)


def _titles() -> dict[str, str]:
    return {
        "plans": _("Plans and board"),
        "organisations": _("Organisations"),
        "persons": _("People"),
        "imports": _("Spreadsheets"),
        "certificates": _("Certificates"),
        "verify": _("Verification"),
    }


def groups(schema: Mapping[str, Any], base_url: str) -> list[Group]:
    """Operations by tag, in the schema's order."""
    titles = _titles()
    made: dict[str, Group] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            code = (operation.get("tags") or [""])[0]
            group = made.setdefault(code, Group(code, titles.get(code, code)))
            group.operations.append(_operation(schema, base_url, path, method, operation))
    return sorted(made.values(), key=lambda group: list(titles).index(group.code) if group.code in titles else 99)


def _operation(schema: Mapping[str, Any], base_url: str, path: str, method: str, operation: Mapping[str, Any]) -> Operation:
    security = operation.get("security") or []
    parameters = [
        Parameter(item["name"], item["in"], _type(item["schema"]), item["required"], item.get("description", ""))
        for item in operation.get("parameters", [])
    ]
    body = _content(operation.get("requestBody"))
    parameters += [
        Parameter(item.name, "body", item.type, item.name in _resolved(schema, body).get("required", []), item.text)
        for item in _fields(schema, body)
    ]
    good: Mapping[str, Any] = next((value for status, value in operation["responses"].items() if int(status) < 300), {})
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        text=operation.get("description", ""),
        scope=operation.get("x-scope", "") if security else "",
        example=_example(base_url, path, method, operation, public={} in security or not security),
        parameters=parameters,
        answer=_fields(schema, _content(good)),
        statuses=[str(status) for status in operation["responses"]],
    )


def _content(part: Mapping[str, Any] | None) -> Mapping[str, Any]:
    for content in ((part or {}).get("content") or {}).values():
        return content.get("schema") or {}  # type: ignore[no-any-return]  # the library gives Any
    return {}


def _resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in part:
        return schema["components"]["schemas"].get(part["$ref"].rsplit("/", 1)[-1], {})  # type: ignore[no-any-return]  # the library gives Any
    return part


def _fields(schema: Mapping[str, Any], part: Mapping[str, Any], depth: int = 0) -> list[Field]:
    """The fields of an object, those of nested ones behind them, two levels deep."""
    part = _resolved(schema, part)
    if part.get("type") == "array":
        part = _resolved(schema, part.get("items", {}))
    found: list[Field] = []
    for name, item in part.get("properties", {}).items():
        found.append(Field(name, _type(item), item.get("description", ""), depth))
        if depth < 2:
            found += _fields(schema, _inner(item), depth + 1)
    return found


def _inner(item: Mapping[str, Any]) -> Mapping[str, Any]:
    for choice in (item, *item.get("anyOf", [])):
        for nested in (choice, choice.get("items", {}), choice.get("additionalProperties", {})):
            if isinstance(nested, Mapping) and "$ref" in nested:
                return nested
    return {}


def _type(item: Mapping[str, Any]) -> str:
    if "enum" in item:
        return " | ".join(str(value) for value in item["enum"] if value != "")
    if "anyOf" in item:
        return " | ".join(_type(choice) for choice in item["anyOf"])
    if "$ref" in item:
        return str(item["$ref"]).rsplit("/", 1)[-1]
    if item.get("type") == "array":
        return f"{_type(item.get('items', {}))}[]"
    return str(item.get("format") or item.get("type") or "object")


def _example(base_url: str, path: str, method: str, operation: Mapping[str, Any], *, public: bool) -> str:
    """A call that can be pasted into a terminal."""
    filled = path.replace("{plan}", "lingang-2020").replace("{goal}", "upgrades")
    required = [
        f"{item['name']}={(item['schema'].get('enum') or ['…'])[0]}"
        for item in operation.get("parameters", [])
        if item["in"] == "query" and item["required"]
    ]
    query = f"?{'&'.join(required)}" if required else ""
    lines = [f"curl '{base_url}{filled}{query}'"]
    if not public:
        lines.append("-H 'Authorization: Bearer dg_…'")
    if method != "get":
        lines.insert(1, f"-X {method.upper()}")
        content = next(iter((operation.get("requestBody") or {}).get("content", {})), "")
        if content == "application/json":
            lines += ["-H 'Content-Type: application/json'", """-d '{"number": "S000031990001213000001", "name": "陈晨"}'"""]
        elif content == "multipart/form-data":
            lines.append("-F kind=roster -F as_of=2022-09-30 -F file=@roster.xlsx")
    return " \\\n  ".join(lines)
