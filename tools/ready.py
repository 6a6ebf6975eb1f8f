"""``make setup``: makes this checkout ready to run, or to test, with nothing but Python on the machine.

Each step names what it reads and what it leaves behind. It runs when what it reads has changed since its last run
(by content, not by date) or when what it leaves is gone; otherwise it costs a hash. No step opens a database or touches
a data folder. Run by the machine's own Python, so it knows the standard library alone.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
ASSETS = ROOT / "denggao/foundation/ui/assets"
DIST = ROOT / "denggao/foundation/ui/static/ui/dist"
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
OLDEST = (3, 11)
NOT_OURS = {"node_modules", "dist", "__pycache__"}


class NotReady(Exception):
    """A step failed; the message is one sentence."""


@dataclass(frozen=True)
class Step:
    """One step. ``says`` is printed when it runs; ``also`` are facts besides files that it depends on."""

    name: str
    says: str
    run: Callable[[], None]
    reads: Iterable[Path] = ()
    leaves: Iterable[Path] = ()
    also: str = ""
    in_venv: bool = False

    @property
    def stamp(self) -> Path:
        return (VENV / ".ready" if self.in_venv else ROOT / "build/ready") / self.name

    @property
    def digest(self) -> str:
        whole = hashlib.sha256(self.also.encode())
        for path in self.reads:
            whole.update(f"\0{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        return whole.hexdigest()

    def is_done(self) -> bool:
        return self.stamp.is_file() and all(path.exists() for path in self.leaves) and self.stamp.read_text() == self.digest

    def mark(self) -> None:
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(self.digest)


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a program of the environment; its words are shown only when it fails."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DENGGAO_", "DATABASE_URL", "REDIS_URL"))
    }
    environment["PATH"] = f"{BIN}{os.pathsep}{environment.get('PATH', os.defpath)}"
    environment.pop("PYTHONHOME", None)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-6000:])
        raise NotReady(f"“{Path(command[0]).name} {' '.join(str(part) for part in command[1:4])} …” failed; its words stand above.")


def files_under(*folders: Path) -> list[Path]:
    """Every file below, in a fixed order, without what is built or installed there."""
    found: list[Path] = []
    for folder in folders:
        for at, names, files in os.walk(folder):
            names[:] = sorted(name for name in names if name not in NOT_OURS)
            found.extend(Path(at, name) for name in sorted(files))
    return found


def make_venv() -> None:
    try:
        import ensurepip  # noqa: F401 -- Debian leaves it out
    except ImportError:
        raise NotReady(
            "This Python can't make a virtual environment: install its venv package (on Debian: apt install python3-venv)."
        ) from None
    if VENV.exists():
        shutil.rmtree(VENV)
    run(sys.executable, "-m", "venv", VENV)


def install(*locks: str) -> Callable[[], None]:
    def install_locked() -> None:
        wanted = [part for lock in locks for part in ("-r", str(ROOT / "requirements" / lock))]
        run(BIN / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes", *wanted)

    return install_locked


def install_project() -> None:
    run(BIN / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "-e", ROOT)


def install_browser_libraries() -> None:
    run(BIN / "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", cwd=ASSETS)


def bundle() -> None:
    run(BIN / "npm", "run", "build", cwd=ASSETS)


def compile_translations() -> None:
    for catalogue in CATALOGUES:
        locale = catalogue.parent.parent.name
        run(BIN / "pybabel", "compile", "-i", catalogue, "-o", catalogue.with_suffix(".mo"), "-l", locale)


def collect_static() -> None:
    run(BIN / "python", "-m", "denggao", "collectstatic", "--no-input", "-v0")


def steps(*, for_tests: bool) -> list[Step]:
    here = f"{ROOT}\0{sys.version_info[:2]}"
    locks = [ROOT / "requirements" / name for name in ("base.lock", "build.lock", "dev.lock")]
    run_packages = Step(
        "packages",
        "installing the Python packages (once; a minute or so)",
        install("base.lock", "build.lock"),
        reads=locks[:2],
        leaves=[BIN / "granian", BIN / "npm"],
        in_venv=True,
    )

    def install_all() -> None:
        install("dev.lock")()
        run_packages.mark()

    test_packages = Step(
        "packages-for-tests",
        "installing the Python packages, with those for tests (once; a few minutes)",
        install_all,
        reads=locks[2:],
        leaves=[BIN / "granian", BIN / "npm", BIN / "pytest"],
        in_venv=True,
    )
    return [
        Step("venv", "making .venv", make_venv, leaves=[BIN / "python", BIN / "pip"], also=here, in_venv=True),
        test_packages if for_tests else run_packages,
        Step(
            "project",
            "installing Denggao itself",
            install_project,
            reads=[ROOT / "pyproject.toml"],
            leaves=[BIN / "denggao"],
            also=here,
            in_venv=True,
        ),
        *(front_end() if (ASSETS / "package.json").is_file() else []),
        Step(
            "translations",
            "compiling the translations",
            compile_translations,
            reads=CATALOGUES,
            leaves=[path.with_suffix(".mo") for path in CATALOGUES],
        ),
    ]


def front_end() -> list[Step]:
    return [
        Step(
            "browser-libraries",
            "installing the browser libraries",
            install_browser_libraries,
            reads=[ASSETS / "package.json", ASSETS / "package-lock.json"],
            leaves=[ASSETS / "node_modules"],
        ),
        Step("bundle", "bundling scripts and styles", bundle, reads=files_under(ASSETS), leaves=[DIST]),
    ]


def static_step() -> Step:
    """Made after the bundle, for it reads what the bundle left."""
    folders = sorted(path for path in (ROOT / "denggao").glob("*/*/static") if path.is_dir())
    return Step(
        "static",
        "collecting the static files",
        collect_static,
        reads=[*files_under(*folders), *files_under(DIST), ROOT / "requirements/base.lock"],
        leaves=[ROOT / "static/staticfiles.json"],
    )


def make_ready(*, for_tests: bool) -> None:
    for step in steps(for_tests=for_tests):
        # A .venv that is a link belongs to another checkout, which keeps it.
        if not (step.in_venv and VENV.is_symlink()):
            take(step)
    take(static_step())


def take(step: Step) -> None:
    if step.is_done():
        return
    print(f"setup: {step.says} …", flush=True)
    began = time.monotonic()
    step.run()
    step.mark()
    print(f"setup: done in {time.monotonic() - began:.0f} s", flush=True)


def main() -> int:
    options = argparse.ArgumentParser(description="Make this checkout ready.")
    options.add_argument("--for-tests", action="store_true", help="with what tests and linters need")
    chosen = options.parse_args()
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.stderr.write(f"Denggao needs Python 3.11 or newer; this is {found}. Name another with: make PYTHON=python3.12 …\n")
        return 2
    # Two makes at once: the second waits here, then finds everything done.
    with open(ROOT / "Makefile") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            make_ready(for_tests=chosen.for_tests)
        except NotReady as fault:
            sys.stderr.write(f"setup: {fault}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
