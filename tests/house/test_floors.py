"""Lines that no import linter sees point downwards too: foreign keys, reverse accessors, templates, addresses."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import django.forms
import pytest
from django.apps import apps
from django.db.models import Field, Model
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.rooms import PACKAGE, ROOT, files, may_use, room_of, room_of_file

pytestmark = pytest.mark.once

MODELS = [model for model in apps.get_models() if model.__module__.startswith("denggao.")]


def room(model: type[Model]) -> str:
    return room_of(model.__module__)


@pytest.mark.parametrize(
    ("user", "used", "allowed"),
    [
        ("denggao.foundation.plans", "denggao.foundation.people", True),
        ("denggao.foundation.people", "denggao.foundation.plans", False),
        ("denggao.engines.ledger", "denggao.foundation.plans", True),
        ("denggao.foundation.vault", "denggao.engines.ledger", False),
        ("denggao.faces.board", "denggao.faces.desk", False),
        ("denggao.faces.board", "denggao.systems.assessment", True),
        ("denggao.engines.ledger", "denggao.engines.credentials", True),
        ("denggao.engines.credentials", "denggao.engines.ledger", False),
        ("denggao", "denggao.faces.board", True),
        ("denggao.faces.board", "denggao", False),
        ("denggao.foundation.vault", "django", True),
        ("denggao.demo", "denggao.faces.board", True),
        ("denggao.faces.board", "denggao.demo", False),
    ],
)
def test_the_house_is_read_as_it_is_drawn(user, used, allowed):
    assert may_use(user, used) is allowed


def test_the_import_contracts_hold():
    program = Path(sys.executable).parent / "lint-imports"

    checked = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout[-3000:]


def test_foreign_keys_point_downwards():
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in MODELS
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.is_relation and field.related_model
        if not may_use(room(model), room(field.related_model))
    ]

    assert upward == []


def test_reverse_accessors_are_used_from_above_only():
    """A name that a room above plants on a model (``employer.participations``) is not for the rooms below that one."""
    planted: dict[str, set[str]] = defaultdict(set)
    own: dict[str, set[str]] = defaultdict(set)
    for model in apps.get_models():
        for field in model._meta.get_fields():
            origin = field.related_model if field.auto_created and not field.concrete else model
            name = field.get_accessor_name() if origin is not model else field.name
            if not name:
                continue
            if room(origin).startswith("denggao.") and origin is not model and room(origin) != room(model):
                planted[name].add(room(origin))
            else:
                own[room(model)].add(name)

    reached = []
    for path in files(".py"):
        here = room_of_file(path)
        known = {name for below, names in own.items() if may_use(here, below) for name in names} | _names_made_below(path.parent)
        for line, name in _names_reached_in(path):
            if name not in known and planted[name] and not any(may_use(here, above) for above in planted[name]):
                reached.append(f"{path.relative_to(ROOT)}:{line}: {name}")

    assert reached == []


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def _names_made_below(folder: Path) -> frozenset[str]:
    """Attributes that the classes and functions of a room have, and what it imports from elsewhere."""
    made: set[str] = set()
    for node in (node for path in files(".py", below=folder) for node in ast.walk(_tree(path))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            made.add(node.target.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            made.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            made.update(alias.name for alias in node.names)
    return frozenset(made)


def _names_reached_in(path: Path) -> list[tuple[int, str]]:
    reached = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            reached.append((node.lineno, node.attr))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"-?\w+(__\w+)+", node.value):
            reached.extend((node.lineno, part) for part in node.value.lstrip("-").split("__"))
        elif isinstance(node, ast.keyword) and node.arg and "__" in node.arg:
            reached.extend((node.value.lineno, part) for part in node.arg.split("__"))
    return reached


def _templates() -> dict[str, Path]:
    """Path by the name it is loaded under."""
    folders = sorted(PACKAGE.rglob("templates"))
    return {str(path.relative_to(folder)): path for folder in folders for path in files(".html", below=folder)}


_LOADS = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"'#]+)""")
_COMPONENT = re.compile(r"<c-([a-z][\w.-]*)")
_REVERSED = re.compile(r"""\b(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*["']([\w:-]+)["']""")
_ADDRESS = re.compile(r"""{%\s*url\s+["']([\w:-]+)["']""")


def test_templates_load_from_below():
    templates = _templates()
    upward, missing = [], []
    for name, path in templates.items():
        text = path.read_text()
        loaded = [*_LOADS.findall(text), *(f"components/{name}.html" for name in _components(text))]
        for wanted in loaded:
            if wanted not in templates:
                if not _is_a_librarys(wanted):
                    missing.append(f"{name} → {wanted}")
            elif not may_use(room_of_file(path), room_of_file(templates[wanted])):
                upward.append(f"{name} → {wanted}")

    assert (upward, missing) == ([], [])


def _components(text: str) -> set[str]:
    return {name.replace(".", "/").replace("-", "_") for name in _COMPONENT.findall(text) if name not in {"vars", "slot"}}


def _rooms_of_addresses(resolver: URLResolver | None = None, space: str = "") -> dict[str, str]:
    """Room by the full name of an address: ``people:person`` → ``denggao.foundation.people``."""
    found: dict[str, str] = {}
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found |= _rooms_of_addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name:
            found[space + entry.name] = room_of(entry.callback.__module__)
    return found


def test_addresses_are_named_from_above():
    rooms = _rooms_of_addresses()
    upward, unknown = [], []
    for name, path in _templates().items():
        for address in _ADDRESS.findall(path.read_text()):
            if address not in rooms:
                unknown.append(f"{name} → {address}")
            elif not may_use(room_of_file(path), rooms[address]):
                upward.append(f"{name} → {address}")
    for path in files(".py"):
        for address in _REVERSED.findall(path.read_text()):
            if address in rooms and not may_use(room_of_file(path), rooms[address]):
                upward.append(f"{path.relative_to(PACKAGE)} → {address}")

    assert (upward, unknown) == ([], [])


def test_every_template_is_used():
    texts = {path: path.read_text() for path in [*files(".py"), *files(".html")]}
    components = {name for text in texts.values() for name in _components(text)}
    unused = []
    for name, path in _templates().items():
        if name.startswith("components/"):
            used = name.removeprefix("components/").removesuffix(".html") in components
        else:
            used = (
                name in _LOADED_BY_DJANGO
                or _is_a_librarys(name)
                or _is_named(name, [text for at, text in texts.items() if at != path])
            )
        if not used:
            unused.append(name)

    assert unused == []


def _is_named(name: str, texts: list[str]) -> bool:
    """By its name, by its file's name, or as one of a folder: ``f"portal/{page}.html"`` and somewhere ``"privacy"``."""
    at = Path(name)
    one_of_a_folder = any(f'f"{at.parent}/{{' in text for text in texts) and any(f'"{at.stem}"' in text for text in texts)
    return one_of_a_folder or any(name in text or f'"{at.name}"' in text for text in texts)


# Looked for without being named anywhere.
_LOADED_BY_DJANGO = frozenset({"400.html", "403.html", "403_csrf.html", "404.html", "500.html"})


def _is_a_librarys(name: str) -> bool:
    """Whether a library brings a template of this name: ours then takes its place, and the library loads it."""
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs() if not config.name.startswith("denggao")]
    return any((folder / name).is_file() for folder in [*folders, Path(django.forms.__file__).parent / "templates"])
