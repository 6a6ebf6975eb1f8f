import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.foundation.files.cipher import CHUNK, DecryptingReader, FileUnreadable, encrypted

FIRST, SECOND = slice(37, 37 + CHUNK + 16), slice(37 + CHUNK + 16, 37 + 2 * (CHUNK + 16))


def stored(data: bytes, place: bytes = b"one", piece: int = 5000) -> bytes:
    return b"".join(encrypted((data[at : at + piece] for at in range(0, len(data), piece)), place=place))


def reader(sealed: bytes, place: bytes = b"one") -> io.BufferedReader:
    return io.BufferedReader(DecryptingReader(io.BytesIO(sealed), place=place, stored_size=len(sealed)))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_a_file_comes_back_whole(size):
    data = bytes(index % 251 for index in range(size))

    assert reader(stored(data)).read() == data


@given(st.integers(0, 3 * CHUNK), st.integers(0, 70_000))
def test_any_part_can_be_read_alone(at, length):
    data = bytes(index % 251 for index in range(2 * CHUNK + 100))
    opened = reader(stored(data))

    opened.seek(at)

    assert opened.read(length) == data[at : at + length]


def test_nothing_of_the_content_shows():
    assert b"110105" not in stored(b"110105194912310021" * 100)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
        lambda sealed: sealed[: 37 + CHUNK + 16],
        lambda sealed: sealed[:-1],
        lambda sealed: sealed + b"\0",
        lambda sealed: sealed[:37] + sealed[SECOND] + sealed[FIRST] + sealed[SECOND.stop :],
        lambda sealed: sealed[:37] + sealed[FIRST.stop :],
        lambda sealed: b"X" + sealed[1:],
        lambda sealed: sealed[:20],
        lambda sealed: b"",
    ],
    ids=["bit", "chunks cut off", "byte cut off", "byte added", "chunks swapped", "chunk taken out", "magic", "short", "empty"],
)  # fmt: skip
def test_a_changed_file_does_not_open(tamper):
    sealed = stored(b"x" * (2 * CHUNK + 10))

    with pytest.raises(FileUnreadable):
        reader(tamper(sealed)).read()


def test_a_file_opens_in_its_place_only():
    with pytest.raises(FileUnreadable):
        reader(stored(b"x", place=b"one"), place=b"two").read()
