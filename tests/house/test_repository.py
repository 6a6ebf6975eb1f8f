"""What must never be committed: addresses of package registries, paths of one machine, unfinished business."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.house.rooms import ROOT

pytestmark = pytest.mark.once

_HERE = Path(__file__).name
# Written in parts, so that this file does not hold them either.
_REGISTRIES = [
    "py" + r"pi\.(?:org|python\.org)",
    "files\\." + "pythonhosted",
    "registry\\." + "npm(?:js|mirror)",
    "registry\\." + "yarnpkg",
    "npm" + r"mirror\.com",
    "tuna\\." + "tsinghua",
    "mirrors\\." + r"(?:aliyun|ustc|cloud\.tencent|huaweicloud)",
    r"(?:--|-)(?:extra-)?index" + r"-url[ =]\S*:",
]
_FORBIDDEN = {
    "a package registry": re.compile("|".join(_REGISTRIES)),
    "a path outside of the repository": re.compile(r"(?:\.\./|(?<![\w.])/(?:\w+/)+)" + r"shared\b"),
    "unfinished business": re.compile(r"\b(?:TO" + "DO|FIX" + "ME|raise NotImplemented" + r"\w*)\b"),
}


@cache
def committed() -> dict[str, str]:
    """Text by path, of every file git knows or would take in."""
    texts = {}
    for name in _names():
        path = ROOT / name
        if path.is_file() and not path.is_symlink() and Path(name).name != _HERE:
            raw = path.read_bytes()
            if b"\0" not in raw:
                texts[name] = raw.decode(errors="replace")
    return texts


def _names() -> list[str]:
    if not (ROOT / ".git").exists():  # a copy without its history
        folders = [ROOT / name for name in ("denggao", "docs", "tests", "tools", ".ci")]
        return [str(path.relative_to(ROOT)) for folder in folders for path in folder.rglob("*")]
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return [*filter(None, listed.stdout.decode().split("\0"))]


@pytest.mark.parametrize("what", _FORBIDDEN)
def test_no_committed_file_names(what):
    pattern = _FORBIDDEN[what]

    found = [f"{name}: {match[0]}" for name, text in committed().items() if (match := pattern.search(text))]

    assert found == []


def test_locks_pin_every_package_with_a_hash():
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        blocks = re.split(r"\n(?=\S)", lock.read_text())
        packages = [block for block in blocks if block and not block.startswith("#")]

        assert packages
        assert [block.splitlines()[0] for block in packages if "==" not in block or "--hash=sha256:" not in block] == []


def test_every_wish_is_locked():
    for name in ("base", "build", "dev"):
        wished = re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / f"requirements/{name}.in").read_text(), re.MULTILINE)
        locked = {
            _plain(found) for found in re.findall(r"^([A-Za-z][\w.-]*)==", (ROOT / f"requirements/{name}.lock").read_text(), re.M)
        }

        assert [wish for wish in wished if _plain(wish) not in locked] == []


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
