"""``python -m tools.courses [name …]``: makes all, or the named, films, sounds and papers anew."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.courses import benchwork, machining, papers, rooms, sounds
from tools.courses.stage import shoot

FILES = Path(__file__).resolve().parents[2] / "denggao" / "demo" / "university" / "files"


def main(wanted: list[str]) -> None:
    FILES.mkdir(parents=True, exist_ok=True)
    for film in (*machining.FILMS, *benchwork.FILMS, *rooms.FILMS):
        if not wanted or film.name in wanted:
            shoot(film, FILES)
    if not wanted or "safety-five" in wanted:
        rooms.five().picture().save(FILES / "safety-five.webp", quality=80)
    for name in sounds.TRACKS:
        if not wanted or name in wanted:
            sounds.record(name, FILES)
    for name in papers.PAPERS:
        if not wanted or name in wanted:
            papers.set_paper(name, FILES)


if __name__ == "__main__":
    main(sys.argv[1:])
