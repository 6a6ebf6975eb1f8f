"""Vectors of the certificate-transparency reference implementation (the trees RFC 6962 and RFC 9162 define)."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.foundation.audit.merkle import leaf_hash, node_hash, path, root, root_by_path

DATA = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
LEAVES = [leaf_hash(data) for data in DATA]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_references(size):
    assert root(LEAVES[:size]).hex() == ROOTS[size]


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


def path_by_definition(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*path_by_definition(index, leaves[:split]), by_definition(leaves[split:])]
    return [*path_by_definition(index - split, leaves[split:]), by_definition(leaves[:split])]


@given(st.data())
def test_every_leaf_is_proven_in_a_tree_of_any_size(data):
    leaves = [leaf_hash(bytes([number % 256, number // 256])) for number in range(data.draw(st.integers(1, 300)))]
    index = data.draw(st.integers(0, len(leaves) - 1))

    siblings = path(index, leaves)

    assert root(leaves) == by_definition(leaves)
    assert siblings == path_by_definition(index, leaves)
    assert root_by_path(leaves[index], index, len(leaves), siblings) == root(leaves)


@given(st.data())
def test_nothing_else_is_proven(data):
    size = data.draw(st.integers(2, 100))
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    siblings = path(index, leaves)

    assert root_by_path(leaves[other], index, size, siblings) != root(leaves)
    assert root_by_path(leaves[index], other, size, siblings) != root(leaves)
    assert root_by_path(leaves[index], index, size, siblings[:-1]) != root(leaves)
    assert root_by_path(leaves[index], index, size, [*siblings, siblings[0]]) != root(leaves)
    assert root_by_path(leaves[index], size, size, siblings) is None


def test_a_leaf_is_never_taken_for_a_node():
    left, right = LEAVES[:2]

    assert leaf_hash(left + right) != node_hash(left, right)
