"""An upload of the employer's HR that waits for its pieces."""

from __future__ import annotations

import datetime as dt

from denggao.foundation.files.models import Upload
from denggao.foundation.files.pieces import KEPT_FOR, PIECE
from tests.cast import Cast
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    today = dt.datetime.now(tz=now.tzinfo)
    upload = Upload.objects.create(
        owner=cast.user("hr"),
        kind="test.film",
        name="不可泄露的片名.mp4",
        size=10,
        piece_size=PIECE,
        salt=b"0" * 32,
        begun_at=today,
        last_at=today,
        expires_at=today + KEPT_FOR,
    )
    world.values |= {"files/uploads/": {"public_id": upload.public_id, "number": 0}}
