"""``make lint``: every check that needs no test, one after the other; all are run, the faulty ones named at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
    "types": ["mypy", "denggao", "tools"],
    "import contracts": ["lint-imports", "--no-cache"],
    "templates": ["djlint", "--lint", "--quiet", "denggao"],
    "system check": ["python", "-m", "denggao", "check", "--fail-level", "WARNING"],
    "migrations": ["python", "-m", "denggao", "makemigrations", "--check", "--dry-run"],
    "translations": ["python", "-m", "pytest", "-q", "tests/house/test_translations.py"],
    "the repository": ["python", "-m", "pytest", "-q", "tests/house/test_repository.py"],
}


def main() -> int:
    faulty = []
    with tempfile.TemporaryDirectory(prefix="denggao-lint-") as folder:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("DENGGAO_", "DATABASE_URL", "REDIS_URL"))
        }
        environment |= {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "DENGGAO_DATA_DIR": folder}
        for name, (program, *arguments) in CHECKS.items():
            print(f"=== {name}", flush=True)
            if subprocess.call([str(BIN / program), *arguments], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL):
                faulty.append(name)
    print(f"Faulty: {', '.join(faulty)}." if faulty else "All checks pass.")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
