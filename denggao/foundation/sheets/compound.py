"""Compound files (the container of .xls and of encrypted workbooks): which streams there are, and the bytes of one.

After [MS-CFB]. Every chain is walked with a bound, so a file that points in circles ends.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_END, _FREE_FROM = 0xFFFFFFFE, 0xFFFFFFFA
_ENTRY = 128


class NotCompound(Exception):
    """The bytes do not hang together."""


@dataclass(frozen=True)
class _Stream:
    name: str
    kind: int
    start: int
    size: int


class Compound:
    def __init__(self, data: bytes) -> None:
        if len(data) < 512:
            raise NotCompound("short")
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in {9, 12} or mini_shift != 6:
            raise NotCompound("sector size")
        self._data = data
        self._sector = 1 << shift
        fat_count, directory, _transaction, self._cutoff, mini_fat, mini_count, difat, difat_count = struct.unpack_from(
            "<I I I I I I I I", data, 44
        )
        self._limit = len(data) // self._sector + 2
        self._fat = self._read_fat(fat_count, difat, difat_count)
        self._streams = self._read_directory(directory)
        if not self._streams:
            raise NotCompound("no root")
        self._mini_fat = self._numbers(self._chain(mini_fat)) if mini_count and mini_fat < _FREE_FROM else []
        self._mini = self._chain(self._streams[0].start) if self._streams[0].start < _FREE_FROM else b""

    @property
    def names(self) -> list[str]:
        return [stream.name for stream in self._streams]

    def stream(self, *names: str) -> bytes:
        """The bytes of the first stream of one of these names (no matter the case). Raises KeyError, NotCompound."""
        wanted = [name.lower() for name in names]
        for stream in self._streams:
            if stream.kind == 2 and stream.name.lower() in wanted:
                return self._bytes(stream)
        raise KeyError(names[0])

    def _bytes(self, stream: _Stream) -> bytes:
        if stream.size >= self._cutoff:
            return self._chain(stream.start)[: stream.size]
        found, sector, steps = [], stream.start, 0
        while sector < _FREE_FROM:
            steps += 1
            if sector >= len(self._mini_fat) or steps > len(self._mini_fat):
                raise NotCompound("mini chain")
            found.append(self._mini[sector * 64 : sector * 64 + 64])
            sector = self._mini_fat[sector]
        return b"".join(found)[: stream.size]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        if start >= len(self._data):
            raise NotCompound("sector")
        return self._data[start : start + self._sector]

    def _read_fat(self, count: int, difat: int, difat_count: int) -> list[int]:
        sectors = [number for number in struct.unpack_from("<109I", self._data, 76) if number < _FREE_FROM]
        for _step in range(min(difat_count, self._limit)):
            if difat >= _FREE_FROM:
                break
            numbers = self._numbers(self._at(difat))
            sectors.extend(number for number in numbers[:-1] if number < _FREE_FROM)
            difat = numbers[-1]
        if count > self._limit or len(sectors) > self._limit:
            raise NotCompound("table")
        return [number for sector in sectors[:count] for number in self._numbers(self._at(sector))]

    def _chain(self, sector: int) -> bytes:
        found, steps = [], 0
        while sector < _FREE_FROM:
            steps += 1
            if sector >= len(self._fat) or steps > self._limit:
                raise NotCompound("chain")
            found.append(self._at(sector))
            sector = self._fat[sector]
        return b"".join(found)

    def _read_directory(self, sector: int) -> list[_Stream]:
        content, streams = self._chain(sector), []
        for offset in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", content, offset + 64)
            if kind not in {1, 2, 5}:
                continue
            start, size = struct.unpack_from("<II", content, offset + 116)
            name = content[offset : offset + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            streams.append(_Stream(name, kind, start, size))
        return sorted(streams, key=lambda stream: stream.kind != 5)

    @staticmethod
    def _numbers(content: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))


def read_compound(data: bytes) -> Compound:
    """Raises NotCompound."""
    try:
        return Compound(data)
    except struct.error as error:
        raise NotCompound(str(error)) from error
