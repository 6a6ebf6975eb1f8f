"""The Merkle tree of RFC 6962 (and RFC 9162): leaves are hashed with 0x00 before them, nodes with 0x01, and a tree of
n leaves is split at the largest power of two below n. Pure functions over hashes of 32 bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree's root over leaf hashes; the hash of nothing for no leaves."""
    if not leaves:
        return EMPTY_ROOT
    # Pairing level by level and carrying an odd last node upwards gives the RFC's tree without recursion.
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The inclusion proof of one leaf: the siblings from the leaf up to the root. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    siblings: list[bytes] = []
    level, at = list(leaves), index
    while len(level) > 1:
        if at ^ 1 < len(level):
            siblings.append(level[at ^ 1])
        paired = [node_hash(level[one], level[one + 1]) for one in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
        at //= 2
    return siblings


def root_by_path(leaf: bytes, index: int, size: int, siblings: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to (RFC 9162, 2.1.3.2), or None where the proof does not fit such a tree."""
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, leaf
    for sibling in siblings:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            found = node_hash(found, sibling)
        at >>= 1
        last >>= 1
    return found if last == 0 else None
