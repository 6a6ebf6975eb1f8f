"""An upload of the employer's HR that waits for its pieces, and a film of its with a rendition."""

from __future__ import annotations

import datetime as dt

from denggao.foundation.audit.actors import operator
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.models import Upload
from denggao.foundation.files.pieces import KEPT_FOR, PIECE
from denggao.foundation.media.models import Conversion, Output
from denggao.foundation.media.policies import OUTPUT
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
    film = store_file("片.mp4", b"\0\0\0\x18ftypmp42", kind="test.film", actor=cast.hr, now=today)
    conversion = Conversion.objects.create(source=film, kind="video", asked_by=cast.hr.id, asked_at=today)
    rendition = store_file("360p.mp4", b"\0\0\0\x18ftypmp42", kind=OUTPUT, actor=operator("test"), now=today)
    facts = {"width": 640, "height": 360, "seconds": 6.0, "head": 8, "fragments": [[8, 4, 0.0]]}
    Output.objects.create(conversion=conversion, file=rendition, role="rendition", position=0, facts=facts)
    world.values |= {
        "media/": {"public_id": conversion.public_id, "position": 0, "token": "worthless"},
        "media/files/": {"public_id": film.public_id},
        "media/pieces/": {"public_id": rendition.public_id},
    }
