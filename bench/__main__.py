"""``python -m bench``: measure on SQLite and on PostgreSQL, each part in a process of its own, and print one table.

python -m bench [--only sqlite|postgresql] [--part imports|reading|audit|assigning|cases|hours|learning|craftsmen] [--entries N]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.limits import LEDGER_ENTRIES, Measure
from tests.databases import NoServer, private_postgresql

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("imports", "reading", "audit", "assigning", "cases", "hours", "learning", "craftsmen")


@contextmanager
def _address_of(name: str, folder: str) -> Iterator[str]:
    if name == "sqlite":
        yield ""
    else:
        with private_postgresql() as address:
            yield address


def measure(part: str, address: str, folder: str, entries: int) -> list[Measure]:
    """Run one part in a fresh process over a fresh database."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DENGGAO_")}
    environment |= {"DENGGAO_DATA_DIR": folder, "DATABASE_URL": address, "DENGGAO_DEMO": "1"}
    command = [sys.executable, "-m", f"bench.{part}", "--entries", str(entries)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench.{part} ended with {done.returncode}")
    return [Measure(**line) for line in json.loads(done.stdout.splitlines()[-1])]


def table(found: dict[str, list[Measure]]) -> str:
    names = list(dict.fromkeys(item.name for measures in found.values() for item in measures))
    by_name = {database: {item.name: item for item in measures} for database, measures in found.items()}
    width = max(map(len, names), default=10)
    lines = ["  ".join([" " * width, *(f"{database:>31}" for database in found), f"{'limit':>10}"])]
    for name in names:
        items = [by_name[database].get(name) for database in found]
        cells = [f"{item.value:>9.1f} {item.unit:<3} {item.note:>9} {item.mark:>4}" if item else "" for item in items]
        limit = next((f"{item.limit:g} {item.unit}" for item in items if item and item.limit is not None), "")
        lines.append("  ".join([name.ljust(width), *(f"{cell:>31}" for cell in cells), f"{limit:>10}"]))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--entries", type=int, default=LEDGER_ENTRIES)
    asked = parser.parse_args()
    found: dict[str, list[Measure]] = {}
    for name in [asked.only] if asked.only else ["sqlite", "postgresql"]:
        found[name] = []
        for part in [asked.part] if asked.part else PARTS:
            print(f"{name}: {part} …", file=sys.stderr, flush=True)
            try:
                with tempfile.TemporaryDirectory(prefix="denggao-bench-") as folder, _address_of(name, folder) as address:
                    found[name] += measure(part, address, folder, asked.entries)
            except NoServer as reason:
                print(f"PostgreSQL is left out: {reason}", file=sys.stderr)
                del found[name]
                break
    print(table(found))
    over = [item for measures in found.values() for item in measures if item.mark == "OVER"]
    print(f"\n{len(over)} over their limit." if over else "\nEverything is within its limit.")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
