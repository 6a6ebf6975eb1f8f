"""Static files: hashed by content, compressed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the library has no types
    """Compresses the hashed files alone, and each once: its name is its content, so what was compressed stays right.

    Compressing everything at every change costs a developer a quarter of a minute.
    """

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        hashed = set(self.hashed_files.values())
        fresh = [path for path in paths if path in hashed and not Path(f"{self.path(path)}.gz").exists()]
        yield from super().compress_files(fresh)
