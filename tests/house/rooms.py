"""The house as the import contracts draw it: which room stands above which."""

from __future__ import annotations

import configparser
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "denggao"
_NOT_OURS = {"node_modules", "dist", "__pycache__"}


@cache
def _stacks() -> dict[str, list[str]]:
    """Lists from top to bottom, by what they divide: the floors by ``denggao``, the rooms of a floor by the floor."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    stacks = {}
    for name in contracts.sections():
        if contracts[name].get("type") == "layers":
            layers = contracts[name]["layers"].split()
            stacks[layers[0].rpartition(".")[0]] = layers
    return stacks


def room_of(module: str) -> str:
    """``denggao.foundation.people`` of ``denggao.foundation.people.models``; ``denggao`` for the roof; else its top package."""
    parts = module.split(".")
    if parts[0] != "denggao":
        return parts[0]
    floor = ".".join(parts[:2])
    if floor not in _stacks()["denggao"] or floor == "denggao.wiring":
        return "denggao"
    return floor if _is_one_room(floor) else ".".join(parts[:3])


def _is_one_room(floor: str) -> bool:
    return (ROOT.joinpath(*floor.split(".")) / "apps.py").is_file()


def _floor_of(room: str) -> str:
    return ".".join(room.split(".")[:2])


def may_use(user: str, used: str) -> bool:
    """Whether a line of room ``user`` may lead to room ``used``."""
    if user in {used, "denggao"} or not used.startswith("denggao"):
        return True
    if used == "denggao":
        return False
    stacks = _stacks()
    mine, other = _floor_of(user), _floor_of(used)
    if mine != other:
        return stacks["denggao"].index(mine) < stacks["denggao"].index(other)
    rooms = stacks.get(mine, [])
    return user in rooms and used in rooms and rooms.index(user) < rooms.index(used)


def files(ending: str, *, below: Path = PACKAGE) -> list[Path]:
    """The product's own files, without what is installed or built among them."""
    return sorted(path for path in below.rglob(f"*{ending}") if not _NOT_OURS & set(path.parts))


def room_of_file(path: Path) -> str:
    return room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
