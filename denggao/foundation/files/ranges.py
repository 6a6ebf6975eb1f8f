"""Which part of a file a request asks for (RFC 9110, 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=\s*(?:(\d{1,18})\s*-\s*(\d{0,18})|-\s*(\d{1,18}))\s*")


@dataclass(frozen=True)
class Part:
    """From ``first`` to ``last`` byte, both inclusive."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class NotSatisfiable(Exception):
    """The part lies outside of the file."""


def part_asked(header: str, size: int, *, most: int = 0) -> Part | None:
    """The part a Range header asks for, None where the whole file is to be sent: without the header, for several parts at
    once, and for what can't be read. ``most`` cuts a part that names no end, so that a slow reader holds no thread for the
    length of a film. Raises NotSatisfiable."""
    found = _ONE.fullmatch(header.strip())
    if found is None:
        return None
    begin, end, tail = found.groups()
    if tail is not None:
        first, last = max(size - int(tail), 0), size - 1
        if int(tail) == 0:
            raise NotSatisfiable
    else:
        first, last = int(begin), min(int(end), size - 1) if end else size - 1
        if end and int(end) < first:
            return None
        if not end and most:
            last = min(last, first + most - 1)
    if first >= size:
        raise NotSatisfiable
    return Part(first, last)
