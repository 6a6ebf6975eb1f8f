"""A picture on its way onto a page: turned upright, made smaller, and without what the camera wrote into it."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import PurePath

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.actions import erase_file, store_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.queries import open_file
from denggao.systems.craftsmen.hall.policies import PICTURE

TAKEN = ("jpeg", "png", "webp")
LARGEST = 1600
MOST_PIXELS = 60_000_000


class PictureRefused(Refused):
    """It can't be read as a picture."""


def made_fit(stored: StoredFile, *, actor: Actor, now: dt.datetime) -> StoredFile:
    """The picture as the page keeps it; what was handed in is erased. PRIVACY: place, time and device of the camera go. Raises
    PictureRefused."""
    with open_file(stored) as stream:
        data = smaller(stream.read(), LARGEST)
    name = f"{PurePath(stored.name).stem or 'picture'}.jpg"
    kept = store_file(name, data, kind=PICTURE, taken=("jpeg",), actor=actor, now=now)
    erase_file(stored, actor=actor, now=now)
    return kept


def smaller(data: bytes, largest: int, *, quality: int = 86) -> bytes:
    """As JPEG, at most so many pixels wide and high. Raises PictureRefused."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PictureRefused(_("Picture: it has more than 60 million pixels. Save it smaller."))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((largest, largest))
            flat = Image.new("RGB", upright.size, "white")
            pixels = upright.convert("RGBA")
            flat.paste(pixels, mask=pixels.getchannel("A"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise PictureRefused(_("Picture: it can’t be read. Save it as JPEG or PNG and hand it in again.")) from None
    made = io.BytesIO()
    flat.save(made, "JPEG", quality=quality, optimize=True)
    return made.getvalue()
