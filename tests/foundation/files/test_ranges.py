import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from denggao.foundation.files import policies
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.ranges import NotSatisfiable, Part, part_asked


@pytest.mark.once
@given(st.integers(1, 10_000), st.integers(0, 12_000), st.integers(0, 12_000), st.integers(0, 500))
def test_a_part_lies_within_the_file(size, first, last, most):
    for header in (f"bytes={first}-{last}", f"bytes={first}-", f"bytes=-{last}"):
        try:
            part = part_asked(header, size, most=most)
        except NotSatisfiable:
            assert first >= size or last == 0
            continue
        if part is not None:
            assert 0 <= part.first <= part.last < size
            assert part.size == part.last - part.first + 1


@pytest.mark.once
def test_what_is_asked_is_read():
    assert part_asked("bytes=0-", 10) == Part(0, 9)
    assert part_asked("bytes=0-", 10, most=4) == Part(0, 3)
    assert part_asked("bytes=2-3", 10, most=1) == Part(2, 3)
    assert part_asked("bytes=-3", 10) == Part(7, 9)
    assert part_asked("bytes=-30", 10) == Part(0, 9)
    for unread in ("", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "pieces=0-1", "bytes=a-b", "bytes=٣-"):
        assert part_asked(unread, 10) in (None, Part(3, 9)), unread
    for outside in ("bytes=10-", "bytes=10-12", "bytes=-0"):
        with pytest.raises(NotSatisfiable):
            part_asked(outside, 10)


@pytest.mark.django_db
def test_a_file_is_handed_out_in_parts(cast, now, monkeypatch):
    monkeypatch.setattr(policies, "_POLICIES", {})
    data = bytes(range(256)) * 1000
    stored = store_file("a.bin", data, kind="test", actor=cast.hr, now=now)
    client, page = cast.client_of("hr"), reverse("files:file", args=[stored.public_id])

    def asked(**headers):
        answer = client.get(page, headers=headers)
        return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content

    part, body = asked(range="bytes=65530-65545")
    assert (part.status_code, body) == (206, data[65530:65546])
    assert (part["Content-Range"], part["Content-Length"]) == (f"bytes 65530-65545/{len(data)}", "16")
    assert asked(range="bytes=-5")[1] == data[-5:]
    assert asked(range="bytes=0-1", **{"if-range": part["ETag"]})[0].status_code == 206
    assert asked(range="bytes=0-1", **{"if-range": '"older"'})[1] == data
    assert asked(range="bytes=0-1,3-4")[1] == data
    outside, _body = asked(range=f"bytes={len(data)}-")
    assert (outside.status_code, outside["Content-Range"]) == (416, f"bytes */{len(data)}")
    head = client.head(page, headers={"range": "bytes=0-9"})
    assert (head.status_code, head["Content-Length"], head["Accept-Ranges"], head.content) == (206, "10", "bytes", b"")
    assert cast.client_of("worker").get(page, headers={"range": "bytes=0-9"}).status_code == 404
