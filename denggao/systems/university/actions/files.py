"""A stored file on its way into a unit: it must fit its place, a drawing is cleaned first, subtitles are read through."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePath

from django.utils.translation import gettext as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.queries import open_file
from denggao.foundation.files.rules import CONTENT_TYPES, EXTENSIONS
from denggao.foundation.media.actions import convert, kind_for
from denggao.foundation.media.subtitles import SubtitlesWrong, read_subtitles, written
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.models import FileRole, UnitFile
from denggao.systems.university.packages.drawings import LIMIT, DrawingRefused, clean_svg
from denggao.systems.university.packages.files import types_from_author
from denggao.systems.university.policies import UNIT_FILE

SUBTITLES_LIMIT = 2 * 1024 * 1024
_TYPES = {content_type: code for code, content_type in CONTENT_TYPES.items()}


def fitting(stored: StoredFile, *, role: str, kind: str, actor: Actor, now: dt.datetime) -> StoredFile:
    """The file to put into a unit of a kind: itself, a drawing cleaned, or subtitles as WebVTT. Raises CourseRefused,
    DrawingRefused."""
    taken, found = types_from_author(role, kind), _TYPES.get(stored.content_type, "")
    if found not in taken:
        kinds = ", ".join(f".{EXTENSIONS[one][0]}" for one in taken)
        raise CourseRefused(_("File: this place takes %(kinds)s.") % {"kinds": kinds or "–"})
    if role == FileRole.SUBTITLE:
        return _subtitles(stored, actor=actor, now=now)
    if found != "svg":
        return stored
    if stored.size > LIMIT:
        raise DrawingRefused(_("The drawing is larger than 2 MB. Draw it simpler, or save it as PNG."))
    with open_file(stored) as stream:
        drawn = clean_svg(stream.read())
    return store_file(stored.name, drawn, kind=UNIT_FILE, taken=("svg",), actor=actor, now=now)


def _subtitles(stored: StoredFile, *, actor: Actor, now: dt.datetime) -> StoredFile:
    """Browsers read WebVTT alone, which stays as it is; SRT is written anew. Raises CourseRefused where they can't be read."""
    if stored.size > SUBTITLES_LIMIT:
        raise CourseRefused(_("The subtitles are larger than 2 MB. Divide the film, or check that this is the right file."))
    with open_file(stored) as stream:
        data = stream.read()
    try:
        cues = read_subtitles(data)
    except SubtitlesWrong as wrong:
        raise CourseRefused(str(wrong)) from None
    if stored.content_type == CONTENT_TYPES["vtt"]:
        return stored
    name = f"{PurePath(stored.name).stem}.vtt"
    return store_file(name, written(cues).encode(), kind=UNIT_FILE, taken=("vtt",), actor=actor, now=now)


def make_ready(unit_file: UnitFile, *, actor: Actor, now: dt.datetime) -> None:
    """Have a unit's main file made ready to be played, in the background. A file made ready before stays so."""
    kind = kind_for(unit_file.file) if unit_file.role == FileRole.MAIN else ""
    if kind:
        convert(unit_file.file, kind=kind, actor=actor, now=now)
